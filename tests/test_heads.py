"""The lines above an article are its kicker, headline and subtitle, as papers set them."""

from __future__ import annotations

import pytest
from made import HARBOUR, HOSPITAL, column, unwrapped

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
    ("deck below a line that breaks off", ["城南渔港昨日迎来今年首", "——记老站长何川"], {"title": "城南渔港昨日迎来今年首", "subtitle": "——记老站长何川"}),
    ("deck with two hyphens", [TITLE, "--记老站长何川"], {"title": TITLE, "subtitle": "--记老站长何川"}),
    ("long lines of like length", ["休渔期昨天正式宣告结束", "城南渔港迎来首批远海渔船"], {"kicker": "休渔期昨天正式宣告结束", "title": "城南渔港迎来首批远海渔船"}),
    ("long lines of two matters", ["城南渔港迎来首批远海渔船", "山城剧团重回石桥老戏台上"], {"kicker": "城南渔港迎来首批远海渔船", "title": "山城剧团重回石桥老戏台上"}),
    ("short lines of like length", ["年轻人回到渔港", "老船工守着灯塔"], {"title": "年轻人回到渔港老船工守着灯塔"}),
    ("shorter ones", ["渔港迎春", "灯塔开放"], {"title": "渔港迎春灯塔开放"}),
    ("figures below", ["渔船全都满载归来", "首日卸下鲜鱼300多吨"], {"title": "渔船全都满载归来", "subtitle": "首日卸下鲜鱼300多吨"}),
    ("figures below, wide", ["渔船全都满载归来", "首日卸下鲜鱼３００万元"], {"title": "渔船全都满载归来", "subtitle": "首日卸下鲜鱼３００万元"}),
    ("figures in both", ["城南渔港增收20%", "首日卸下鲜鱼300多吨"], {"kicker": "城南渔港增收20%", "title": "首日卸下鲜鱼300多吨"}),
    ("figures below few characters", ["渔船满载归来", "首日卸下鲜鱼300多吨"], {"kicker": "渔船满载归来", "title": "首日卸下鲜鱼300多吨"}),
    ("a year that says not how much", ["渔船全都满载归来", "写在2031渔港开放之际的话"], {"kicker": "渔船全都满载归来", "title": "写在2031渔港开放之际的话"}),
    ("name of a column above", ["·今日谈·", "让渔港留住年轻人"], {"kicker": "·今日谈·", "title": "让渔港留住年轻人"}),
    ("name of a column in brackets", ["〔群众来信〕", "渔港何时修灯塔"], {"kicker": "〔群众来信〕", "title": "渔港何时修灯塔"}),
    ("whose words it gives", ["渔港管委会主任：", "今年渔获有望增收"], {"kicker": "渔港管委会主任：", "title": "今年渔获有望增收"}),
    ("what an office says", ["灯塔为何夜里熄了灯", "港务部门：线路老化，正在更换"], {"title": "灯塔为何夜里熄了灯", "subtitle": "港务部门：线路老化，正在更换"}),
    ("much longer below", ["城南渔港首批渔船归来", "整合两个码头 下设四个专门部门 今年起统一收购渔获"], {"title": "城南渔港首批渔船归来", "subtitle": "整合两个码头 下设四个专门部门 今年起统一收购渔获"}),
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


def test_the_line_that_is_marked_as_a_heading_is_the_headline():
    text = f"休渔期昨结束\n\n# {TITLE}\n\n首日鱼市上挤满了人\n\n" + "\n\n".join(HARBOUR.paragraphs)
    (article,) = pipeline.clean(text + "\n", "p1.md")
    assert (article.kicker, article.title, article.subtitle) == ("休渔期昨结束", TITLE, "首日鱼市上挤满了人")


def test_a_blank_line_parts_headlines():
    assert len(laid_out(["城南渔港昨日迎来首批渔船", "山城剧团重回老戏台"], gap=1)) == 2


@pytest.mark.parametrize(("above", "below"), [("城南渔港昨日迎来今年首", "批渔船"), ("石桥小学新添天文", "望远镜")])
def test_a_blank_line_parts_no_word(above, below):
    assert laid_out([above, below], gap=1) == {"title": above + below}


def test_a_colon_above_a_blank_line_ends_its_line():
    assert len(laid_out(["石桥小学新添天文：", "望远镜"], gap=1)) == 2


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


@pytest.mark.parametrize("above", ["守住渔港的灯火", "守住渔港的灯火，", "守住渔港的灯火、"])
def test_a_dash_opens_no_second_line(above):
    lines = [above, "——记老站长何川"]
    assert [p.text for p in unwrapped("\n".join([*lines, "", *HARBOUR.paragraphs]) + "\n").pieces][:2] == lines


@pytest.mark.xfail(strict=False, reason="two lines that words may run on in are one headline, whatever the second says")
@pytest.mark.parametrize("below", ["渔获总量增长12%", "首日卸下鲜鱼300多吨"])
def test_figures_below_a_headline_that_might_go_on(below):
    assert laid_out([TITLE, below]) == {"title": TITLE, "subtitle": below}


class TestNamesOfColumns:
    """·今日谈· is the kicker of the headline below it or behind it, and parts its text from the one above."""

    OPENS = "年轻人愿意回到渔港，靠的不是一句口号，而是看得见的收成和安稳的日子。"

    @pytest.mark.parametrize("mark", "·•")
    @pytest.mark.parametrize("between", ["", "\n", "\n\n"], ids=["on its line", "above it", "blank line"])
    @pytest.mark.parametrize("title", ["让渔港留住年轻人", "渔港，就在身边"])
    def test_they_are_kickers(self, mark, between, title):
        name = f"{mark}今日谈{mark}"
        blocks = [HOSPITAL.title, *HOSPITAL.paragraphs, f"{name}{between}{title}", self.OPENS, *HARBOUR.paragraphs[1:]]
        first, second = pipeline.clean("\n\n".join(blocks) + "\n")
        assert (first.title, first.kicker) == (HOSPITAL.title, None)
        assert (second.title, second.kicker) == (title, name)
        assert [b.text for b in second.paragraphs] == [self.OPENS, *HARBOUR.paragraphs[1:]]

    @pytest.mark.parametrize(
        "line", ["·今日谈·的读者来到渔港，说起了去年的收成。", "·今日谈的读者来到渔港", "·渔船·灯塔"]
    )
    def test_other_lines_with_such_marks_are_whole(self, line):
        assert next(p.text for p in unwrapped(f"{line}\n\n{HARBOUR.paragraphs[1]}\n").pieces) == line


# name, lines of a head above a column whose paragraphs are set in, the parts that they are
ABOVE = [
    ("headline", ["城南渔港迎来今年首批远海渔船"], (None, "城南渔港迎来今年首批远海渔船", None)),
    ("kicker and headline", ["休渔期昨天结束", "城南渔港迎来今年首批远海渔船"], ("休渔期昨天结束", "城南渔港迎来今年首批远海渔船", None)),
    ("two as wide as the column", ["城南渔港迎来了今年首批归来", "二十六条渔船排成一列驶进港"], ("城南渔港迎来了今年首批归来", "二十六条渔船排成一列驶进港", None)),
    ("with a deck", ["休渔期昨天结束", "城南渔港迎来今年首批远海渔船", "——渔船满载归来"], ("休渔期昨天结束", "城南渔港迎来今年首批远海渔船", "——渔船满载归来")),
]  # fmt: skip


@pytest.mark.parametrize("size", [13, 14, 18])
@pytest.mark.parametrize(("lines", "parts"), [c[1:] for c in ABOVE], ids=[c[0] for c in ABOVE])
def test_lines_right_above_the_first_indent(lines, parts, size):
    """No line of a head runs into the text below it, without a blank line between them, nor into another line of the head."""
    text = "\n".join([*lines, *column(HARBOUR.paragraphs, size)]) + "\n"
    assert [p.text for p in unwrapped(text).pieces] == [*lines, *HARBOUR.paragraphs]
    (article,) = pipeline.clean(text)
    assert (article.kicker, article.title, article.subtitle) == parts
    assert [b.text for b in article.paragraphs] == list(HARBOUR.paragraphs)


def test_torn_text_above_the_first_indent_runs_on():
    """Lines with marks are the end of a paragraph that began in another column."""
    torn = "渔民们趁着这段时间把渔船全部检修了一遍，渔网也换成了大网眼的新网。"
    text = "\n".join(column([torn], 14, indent=0) + column(HARBOUR.paragraphs, 14)) + "\n"
    assert [p.text for p in unwrapped(text).pieces] == [torn, *HARBOUR.paragraphs]


FULL = ["城南渔港迎来首批渔船归来", "二十六条渔船排成一列进港", "码头上的人群挥着草帽迎接", "渔民抬上一筐筐刚捕的鲜鱼"]


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("between", ["\n", ""], ids=["blank line", "no blank line"])
def test_lines_of_a_head_that_fill_the_column_below(count, between):
    """Lines without marks are no text, however like the column they are in width."""
    text = "\n".join(FULL[:count]) + "\n" + between + "\n".join(column(HARBOUR.paragraphs, 12)) + "\n"
    assert [p.text for p in unwrapped(text).pieces] == [*FULL[:count], *HARBOUR.paragraphs]


def test_lines_of_a_text_without_marks_run_on():
    """More lines than a head has are text."""
    text = "渔民们趁着这段时间把二十六条渔船全部检修了一遍又把渔网换成了大网眼的新网然后排成一列从灯塔下慢慢驶进港池码头上等候的人群挥着草帽喊着船老大的名字直到天黑才散去"
    assert [p.text for p in unwrapped("\n".join(column([text], 10, indent=0)) + "\n").pieces] == [text]
