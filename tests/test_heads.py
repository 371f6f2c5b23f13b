"""The lines above an article are its kicker, headline and subtitle, as papers set them."""

from __future__ import annotations

import pytest
from made import HARBOUR, HOSPITAL, column

import pipeline
from pipeline.heads import broken, lay_out_head, names_itself
from pipeline.records import Piece

TITLE = HARBOUR.title

# name, lines, the parts that they are
HEADS = [
    ("one line", [TITLE], {"title": TITLE}),
    ("broken between words", ["城南渔港昨日迎来今年首", "批渔船"], {"title": "城南渔港昨日迎来今年首批渔船"}),
    ("broken in the middle", ["城南渔港昨日迎来", "今年首批远海渔船"], {"title": "城南渔港昨日迎来今年首批远海渔船"}),
    ("an open bracket", ["“海上", "驿站”开门迎来第一批客人"], {"title": "“海上驿站”开门迎来第一批客人"}),
    ("kicker and headline", ["休渔期昨结束", "城南渔港迎来今年首批远海渔船"], {"kicker": "休渔期昨结束", "title": "城南渔港迎来今年首批远海渔船"}),
    ("kicker with a dash", ["休渔期结束——", TITLE], {"kicker": "休渔期结束——", "title": TITLE}),
    ("two kickers, the second with a dash", ["休渔期结束", "渔民喜上眉梢——", TITLE], {"kicker": "休渔期结束渔民喜上眉梢——", "title": TITLE}),
    ("deck", [TITLE, "——渔船满载归来"], {"title": TITLE, "subtitle": "——渔船满载归来"}),
    ("deck of two lines", [TITLE, "——二十六条渔船", "满载归来"], {"title": TITLE, "subtitle": "——二十六条渔船满载归来"}),
    (
        "all of them",
        ["休渔期结束——", "城南渔港昨日迎来", "今年首批远海渔船", "——二十六条渔船", "满载归来"],
        {"kicker": "休渔期结束——", "title": "城南渔港昨日迎来今年首批远海渔船", "subtitle": "——二十六条渔船满载归来"},
    ),
]  # fmt: skip


def laid_out(lines, gap=0, spoken=()):
    pieces = [Piece(text, [(k, k + 1)], "short", "", k, k, gap=gap) for k, text in enumerate(lines)]
    head = lay_out_head(pieces, broken(lines).tolist(), spoken)
    return {part: "".join(p.text for p in own) for part, own in head.items()}


@pytest.mark.parametrize(("lines", "expected"), [c[1:] for c in HEADS], ids=[c[0] for c in HEADS])
def test_the_parts_of_a_head(lines, expected):
    assert laid_out(lines) == expected


@pytest.mark.parametrize(("lines", "expected"), [c[1:] for c in HEADS], ids=[c[0] for c in HEADS])
def test_no_line_is_lost(lines, expected):
    """Whatever the blank lines between them and whatever the text speaks of, each line is in one part."""
    for gap in (0, 1):
        for spoken in ((), [0.6] * len(lines), [0.6] * (len(lines) - 1) + [0.0]):
            assert sorted("".join(laid_out(lines, gap, spoken).values())) == sorted("".join(lines))


def test_a_blank_line_parts_headlines():
    assert len(laid_out(["城南渔港昨日迎来首批渔船", "山城剧团重回老戏台"], gap=1)) == 2


def test_a_blank_line_parts_no_word():
    assert laid_out(["城南渔港昨日迎来今年首", "批渔船"], gap=1) == {"title": "城南渔港昨日迎来今年首批渔船"}


def test_a_deck_is_no_logo():
    """Lines below a dash are the subtitle, though the text does not say their words."""
    assert laid_out([TITLE, "——二十六条渔船", "满载归来"], spoken=[0.6, 0.5, 0.0]) == {
        "title": TITLE,
        "subtitle": "——二十六条渔船满载归来",
    }


BREAKS = [
    ("inside a word", "城南渔港昨日迎来今年首", "批渔船"),
    ("before a particle", "二十六条渔船满载归来", "的清晨"),
]
APART = [
    ("two headlines", "城南渔港迎来首批渔船", "县医院开设夜间儿科门诊"),
    ("kicker and headline", "休渔期昨结束", "城南渔港迎来今年首批远海渔船"),
]


@pytest.mark.parametrize(("above", "below"), [c[1:] for c in BREAKS], ids=[c[0] for c in BREAKS])
@pytest.mark.parametrize(("one", "other"), [c[1:] for c in APART], ids=[c[0] for c in APART])
def test_a_break_inside_a_headline_is_likelier_one_than_two_headlines(above, below, one, other):
    assert broken([above, below])[0] > broken([one, other])[0]


def test_one_line_breaks_nowhere():
    assert broken([TITLE]).shape == broken([]).shape == (0,)


def test_six_lines_may_be_one_head():
    lines = ["休渔期结束——", "城南渔港昨日迎来", "今年首批远海渔船", "——二十六条渔船", "满载归来"]
    text = "\n\n".join(["\n".join(lines), *HARBOUR.paragraphs, HOSPITAL.title, *HOSPITAL.paragraphs]) + "\n"
    first, second = pipeline.clean(text)
    assert (first.kicker, first.title, first.subtitle) == (
        "休渔期结束——",
        "城南渔港昨日迎来今年首批远海渔船",
        "——二十六条渔船满载归来",
    )
    assert (second.kicker, second.title) == (None, HOSPITAL.title)


class TestHeadsOfBoxes:
    """The head of a notice or a box stands over text of its own, however like the article above it is."""

    NOTICE = "码头检修期间，东门至鱼市一段停水，请附近住户提前储水备用，特此通知。"

    @pytest.mark.parametrize("head", ["城南自来水公司停水通知", "寻人启事", "相关链接"])
    def test_it_parts_its_text(self, head):
        text = "\n\n".join([HARBOUR.title, *HARBOUR.paragraphs, head, self.NOTICE]) + "\n"
        first, second = pipeline.clean(text)
        assert (first.title, second.title) == (HARBOUR.title, head)
        assert [p.text for p in second.paragraphs] == [self.NOTICE]

    @pytest.mark.parametrize("head", ["公告栏前的一天", "链接你我的渔港"])
    def test_words_inside_a_line_say_nothing(self, head):
        assert not names_itself(head)


class TestWhatTopsABlock:
    """Where paragraphs follow each other without a blank line, a line below one is the headline of what is right below it."""

    def test_it_is_no_crosshead(self):
        first, second = [column(a.paragraphs, 15) for a in (HARBOUR, HOSPITAL)]
        text = "\n".join([HARBOUR.title, *first, *first[2:], "", HOSPITAL.title, *second, *second[2:]]) + "\n"
        assert [a.title for a in pipeline.clean(text)] == [HARBOUR.title, HOSPITAL.title]
