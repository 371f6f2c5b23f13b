"""Columns whose lines take turns, as OCR that orders lines by their height gives them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from made import HARBOUR, HOSPITAL, column, read_text

import pipeline
from pipeline.turns import take_no_turns

THEATRE = [
    "山城剧团昨晚重回石桥老戏台，台下坐了三百多位街坊。开锣以前，老团长高云把当年用过的旧鼓搬到台口，讲了讲它的来历。",
    "剧团今年排了三出新戏，唱的都是身边的事。演员里有六个年轻人，最小的只有十九岁，白天在茶厂上班，晚上来练功。",
    "散场以后，许多观众留在台下不肯走。有人说，石桥的夜里好多年没有这样热闹过了。",
]
SCHOOL = [
    "石桥学堂的操场上新添了一架星空望远镜，天一黑，孩子们就在它前面排起队来。望远镜是一位退休的船长捐的，他在海上看了四十年星星。",
    "学堂为此开了一门夜里的课，家长也可以来听。校长说，报名的人比座位多了一倍，只好分成两拨。",
    "下个月有一场流星雨，老船长答应来讲课。他说，看星星要有耐心，等云走了，天就给你看。",
]
TEXTS = (list(HARBOUR.paragraphs), list(HOSPITAL.paragraphs), THEATRE, SCHOOL)


def columns(count):
    """The printed lines of so many columns, of unlike height."""
    return [column(text, 14) for text in TEXTS[:count]]


def in_turn(lines):
    """The first line of each column, then the second of each, as long as there are any."""
    return [own[k] for k in range(max(map(len, lines))) for own in lines if k < len(own)]


@pytest.mark.parametrize("count", [2, 3, 4])
def test_columns_are_put_one_below_the_other(count):
    own = columns(count)
    document = read_text("\n".join(in_turn(own)) + "\n", "made.txt")
    found = take_no_turns(document.lines)
    follows = {(a.text, b.text) for a, b in pairwise(found)}
    pairs = [(a.strip(), b.strip()) for lines in own for a, b in pairwise(lines)]
    assert sum(pair in follows for pair in pairs) >= 0.85 * len(pairs)
    assert sorted(line.text for line in found) == sorted(x.strip() for lines in own for x in lines)


def test_their_articles_are_whole():
    text = "\n".join(in_turn(columns(2))) + "\n"
    found = [[b.text for b in a.paragraphs] for a in pipeline.clean(text)]
    assert sorted(found) == sorted([list(HARBOUR.paragraphs), list(HOSPITAL.paragraphs)])


def test_one_block_of_many():
    """An engine that parts a page into blocks orders lines by height inside each."""
    above = [line for own in columns(4)[2:] for line in [*own, ""]]
    document = read_text("\n".join([*above, *in_turn(columns(2))]) + "\n", "made.txt")
    found = [line.text for line in take_no_turns(document.lines)]
    assert found == [line.strip() for line in [*above, *columns(2)[0], *columns(2)[1]] if line]


@pytest.mark.parametrize("count", [1, 2, 4])
def test_columns_read_one_by_one_stay(count):
    lines = [line for own in columns(count) for line in own]
    document = read_text("\n".join(lines) + "\n", "made.txt")
    assert [line.number for line in take_no_turns(list(document.lines))] == [line.number for line in document.lines]
