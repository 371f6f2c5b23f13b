"""Columns that a text layer sets right below each other are parted where the one ends."""

from __future__ import annotations

import pytest
from made import FOOTBALL, HARBOUR, HOSPITAL, SCHOOL

from pipeline.splices import going_on, part_columns, runs_together
from pipeline.stages.chrome import strip_chrome
from pipeline.stages.decode import decode
from pipeline.stages.unwrap import unwrap

WIDTH = 14


def column(story):
    """A headline, and its text in full lines only: a column that breaks off."""
    text = "".join(story.paragraphs)
    lines = [text[k : k + WIDTH] for k in range(0, len(text), WIDTH)]
    return [story.title, *lines[:-1]]


def layer(*blocks):
    return "\n".join(line for block in blocks for line in block)


def pieces_of(text):
    document = decode(text.encode(), "made.txt")
    strip_chrome(document)
    document.kind = "page"
    unwrap(document)
    return document


def test_a_column_begins_below_another_ones_end():
    """The second column goes on with the first article's text; nothing but the reading says so."""
    first, second = column(HARBOUR), column(FOOTBALL)
    text = layer(first[:4], second, column(HOSPITAL), first[4:], column(SCHOOL))
    joined = [piece.text for piece in pieces_of(text).pieces]
    assert not any(first[3] + second[0] in piece for piece in joined)


@pytest.mark.parametrize("apart", ["\n", "\n\n"])
def test_a_page_that_parts_its_columns_is_left_alone(apart):
    text = "\n\n".join(layer([s.title]) + apart + layer(column(s)[1:]) for s in (HARBOUR, FOOTBALL, HOSPITAL))
    document = pieces_of(text)
    assert not runs_together(document.pieces)
    assert part_columns(document) is document.pieces


def test_no_line_is_lost():
    text = layer(*(column(s) for s in (HARBOUR, FOOTBALL, HOSPITAL, SCHOOL)))
    document = pieces_of(text)
    spans = [span for piece in document.pieces for span in piece.spans] + [(d.start, d.end) for d in document.drops]
    assert sorted(document.text[a:b].strip() for a, b in spans) == sorted(text.split("\n"))
    for piece in document.pieces:
        assert piece.last - piece.line + 1 == len(piece.spans)


def test_what_goes_on_is_likelier_than_what_does_not():
    line, on, off = "市民们清早就来到码头，等着渔", "船靠岸，买回最新鲜的海鱼。", "二十二分钟主队再入一球锁定胜局"
    assert going_on([line, on])[0] > 0 > going_on([line, off])[0]


def test_one_line_goes_on_in_nothing():
    assert len(going_on(["市民们清早就来到码头"])) == 0
