"""Words that a page prints once more amid a torn paragraph stand in no article; what else may stand there is left."""

from __future__ import annotations

import pytest
from made import HARBOUR, HOSPITAL, Story

import pipeline
from pipeline.chain import Settings, emit_alone
from pipeline.stages.decode import decode

LAST = "“明年还要添两条船。”船老大说。"
STORY = Story(HARBOUR.title, (HARBOUR.paragraphs[0], "".join(HARBOUR.paragraphs[1:]), LAST))
ABOVE, BELOW = STORY.paragraphs[1][:78], STORY.paragraphs[1][78:]
UNDATED = "从本周起，县人民医院开设夜间儿科门诊，每晚六点到十点都有两名医生值班，患儿看病不用再挤急诊。"


def torn(*between):
    """A page with lines between the two halves of a paragraph."""
    return "\n\n".join([STORY.title, STORY.paragraphs[0], ABOVE, *between, BELOW, LAST]) + "\n"


def told(text):
    """Headlines and paragraphs of a page's articles, and its dropped records; no character is in two places or in none."""
    found = emit_alone(decode(text.encode(), "made.txt"), Settings())
    articles = [(a.title, [b.text for b in a.paragraphs]) for a in found.articles]
    return articles, [(drop.text, drop.reason, drop.rule) for drop in found.dropped]


QUOTES = {
    "from comma to comma": ["码头上等候的人群挥着草帽"],
    "from stop to comma": ["二十六条渔船排成一列"],
    "two lines": ["码头上等候的人群\n挥着草帽"],
    "two lines, blank line between": ["码头上等候的人群", "挥着草帽"],
    "quotation marks around it": ["“码头上等候的人群挥着草帽”"],
    "of the paragraph that it tears": ["渔网也换成了大网眼的新网"],
}


@pytest.mark.parametrize("lines", QUOTES.values(), ids=QUOTES)
def test_a_pull_quote_is_dropped_and_the_paragraph_is_whole(lines):
    articles, dropped = told(torn(*lines))
    assert articles == [(STORY.title, list(STORY.paragraphs))]
    assert dropped == [(x, "duplicate", "pull_quote") for line in lines for x in line.split("\n")]


LEFT = {
    "words that stand nowhere else": "渔民们都说这样的日子好",
    "words that the page says otherwise": "灯塔下慢慢驶进港池的渔船",
    "not up to a mark": "等候的人群挥着草帽",
    "few characters": "渔船还没有靠岸",
    "more than a pull quote has": HARBOUR.paragraphs[0].partition("。")[2][:-1] + "。" + HARBOUR.paragraphs[1][:30],
    "its writer": "本报记者 林小满",
    "its picture": "图为渔船驶进港池。 林小满 摄",
}


@pytest.mark.parametrize("line", LEFT.values(), ids=LEFT)
def test_other_lines_are_left(line):
    _, dropped = told(torn(line))
    assert "pull_quote" not in [rule for _, _, rule in dropped]


@pytest.mark.parametrize("line", ["船老大何川一边收缆一边告诉记者", "渔民们趁着这段时间把渔船全部检修了一遍"])
def test_between_whole_paragraphs_it_is_a_crosshead(line):
    """Crossheads say words of the text below them, or above."""
    (article,) = pipeline.clean(
        "\n\n".join([HARBOUR.title, *HARBOUR.paragraphs[:2], line, HARBOUR.paragraphs[2]]) + "\n"
    )
    assert [b.text for b in article.paragraphs if b.type == "h"] == [line]


@pytest.mark.parametrize(
    ("line", "below"),
    [
        pytest.param("今年的鱼市比往年热闹", "今年的鱼市比往年热闹，船老大何川一边收缆一边说。", id="crosshead"),
        pytest.param("今年的鱼市比往年热闹", "“今年的鱼市比往年热闹。”船老大何川一边收缆一边说。", id="quoted"),
    ],
)
def test_a_crosshead_that_says_how_the_text_below_begins(line, below):
    text = "\n\n".join([STORY.title, STORY.paragraphs[0], ABOVE, line, below, BELOW, LAST]) + "\n"
    assert told(text)[1] == []


@pytest.mark.parametrize(
    ("title", "first"),
    [
        pytest.param(HOSPITAL.title, HOSPITAL.paragraphs[0], id="other words"),
        pytest.param(
            "每晚六点到十点都有两名医生值班", HOSPITAL.paragraphs[0], id="words of its text, a dateline below"
        ),
        pytest.param("每晚六点到十点都有两名医生值班", UNDATED, id="words of its text"),
    ],
)
def test_the_headline_of_the_article_below_is_left(title, first):
    """At a column's foot a paragraph is torn, and the next article begins."""
    articles, dropped = told(torn(title, first, *HOSPITAL.paragraphs[1:]))
    assert title in [own for own, _ in articles]
    assert dropped == []
