"""Web pages whose lines were broken, at a width or at tags, give whole paragraphs; what stands on lines of its own stays so."""

from __future__ import annotations

import made
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.broken import whole_lines
from pipeline.rules import load_rules
from pipeline.stages.decode import read_text

TITLE = "渔港昨天开放迎来第一批客人"
HEAD = ["某某新闻网 > 本地 > 正文", TITLE, "2031-03-02 09:12:00 来源：某某日报"]
FOOT = ["责任编辑：方某", "相关新闻", "老街的茶馆又开门了", "关于我们 | 联系我们", "版权所有 某某新闻网"]
TEXTS = [made.paragraph(i) for i in range(4)]


def texts_of(lines: list[str]) -> list[str]:
    (article,) = pipeline.clean("\n".join([*HEAD, *lines, *FOOT]), "a.txt")
    assert article.title == TITLE
    return [p.text for p in article.paragraphs]


def wrapped(text: str, width: int, indent: str = "\u3000\u3000") -> list[str]:
    text, lines = indent + text, []
    while text:
        at = width
        while at < len(text) and text[at - 1].isdigit() and text[at].isdigit():
            at -= 1
        lines.append(text[:at])
        text = text[at:]
    return lines


@pytest.mark.parametrize("width", [17, 26, 34, 40])
@pytest.mark.parametrize("indent", ["", "\u3000\u3000"], ids=["blank lines", "indents"])
def test_lines_broken_at_a_width(width, indent):
    lines = [line for text in TEXTS for line in [*wrapped(text, width, indent), *([] if indent else [""])]]
    assert texts_of(lines) == TEXTS


def test_crossheads_and_short_remarks_stay_alone():
    lines = [*wrapped(TEXTS[0], 38), "", "一、从码头到渔市", "", *wrapped(TEXTS[1], 38), *wrapped(TEXTS[2], 38)]
    assert texts_of(lines) == [TEXTS[0], "一、从码头到渔市", TEXTS[1], TEXTS[2]]


def test_a_long_word_that_did_not_fit():
    """A line is full where the next one's first word is longer than the room that was left."""
    text = "他在会上引用了一句名言，并请大家把它记在心里，那就是（“I have always imagined that Paradise will be a kind of library.”），全场为之动容。"
    at = text.index("always")
    lines = [*wrapped(TEXTS[0], 38), *wrapped(TEXTS[1], 38), "\u3000\u3000" + text[:at].rstrip(), text[at:]]
    assert texts_of(lines) == [TEXTS[0], TEXTS[1], text]


@pytest.mark.parametrize("linked", [["渔港", "客人"], ["今年", "负责人"], ["长椅"]])
def test_lines_parted_at_tags(linked):
    """A program that sets each linked or bold word on a line of its own tears sentences; they are whole again."""

    def torn(text):
        for word in linked:
            text = text.replace(word, f"\n{word}\n")
        return [line for line in text.split("\n") if line]

    assert texts_of([line for text in TEXTS for line in torn(text)]) == TEXTS


def test_text_in_two_languages():
    english = "The harbour has three hundred berths but only twenty keepers, which is less than a third of what is usual there."
    broken = [english[:61], english[62:]]
    assert texts_of([TEXTS[0], *broken, TEXTS[1]]) == [TEXTS[0], english, TEXTS[1]]


@given(st.lists(st.sampled_from([*TEXTS, "渔市", "他说，明年再来", "茶山上的雾散得慢", "2031-03-02"]), max_size=12))
def test_whole_paragraphs_are_left(texts):
    """Lines that end sentences, and lines that stand alone, are put together with nothing."""
    lines = read_text("\n\n".join(texts), "a.txt").lines
    assert [x.text for x in whole_lines(lines, load_rules())] == texts


def test_headlines_of_one_width_are_left():
    """Some hold commas, and none goes on in the next one."""
    headlines = [
        "新桥合龙，两岸居民从此少绕十里",
        "旧书摊搬进地铁站，夜里也亮着灯",
        "两家面粉厂下调出厂价，粮店观望",
        "小学操场铺上新砖，下雨不再积水",
        "护林员巡山三十年，走坏百双胶鞋",
        "豆腐坊凌晨开火，街坊排起了长队",
    ]
    lines = read_text("\n".join(headlines), "a.txt").lines
    assert len(whole_lines(lines, load_rules())) == len(headlines)
