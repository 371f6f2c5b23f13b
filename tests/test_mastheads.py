"""Heads of newspaper pages: told wherever pages print them, and a file of several pages is read as several pages."""

from __future__ import annotations

import subprocess
import sys

import pytest
from made import FOOTBALL, HARBOUR, HOSPITAL, SCHOOL, records
from test_link import FILLER, STORIES, first_and_then

import pipeline
from pipeline.mastheads import mark_head
from pipeline.rules import load_rules
from pipeline.stages.chrome import strip_chrome
from pipeline.stages.decode import read_text

RULES = load_rules()
HEAD = "海湾日报\n2031年3月2日 星期日\n第{}版 要闻\n"


def body(story):
    return "\n\n".join([story.title, *story.paragraphs]) + "\n"


def stripped(text):
    document = read_text(text, "made.txt")
    strip_chrome(document)
    return document


def dropped(text):
    """The lines that are dropped, with their reasons."""
    return {line.text: line.label for line in stripped(text).lines if line.label}


def told(text):
    """What a page says of itself."""
    meta = stripped(text).meta
    return meta.publication, meta.date, meta.page


# name, head, (publication, date, page)
HEADS = [
    ("three lines", HEAD.format(3), ("海湾日报", "2031-03-02", "3")),
    ("one line", "海湾日报 2031年3月2日 星期日 第3版\n", ("海湾日报", "2031-03-02", "3")),
    ("far apart", "3" + " " * 20 + "要闻" + " " * 20 + "2031年3月2日 星期日" + " " * 20 + "海湾日报\n", ("海湾日报", "2031-03-02", "3")),
    ("name set wide", "海 湾 日 报\n2031年3月2日（星期日）\n3\n", ("海湾日报", "2031-03-02", "3")),
    ("section first", "要闻\n海湾日报\n2031年3月2日\n3\n", ("海湾日报", "2031-03-02", "3")),
    ("section and number", "海湾日报\n2031年3月2日 星期日\n要闻 3\n", ("海湾日报", "2031-03-02", "3")),
    ("day alone", "海湾日报\nHAIWAN DAILY\n2031年3月\n2\n星期日\n辛亥年二月初九\n", ("海湾日报", "2031-03-02", None)),
    ("day alone above", "海湾日报\n02\n2031年3月 星期日\n第3版\n", ("海湾日报", "2031-03-02", "3")),
    ("other dots", "海灣時報\n2031年3月2日 星期日\nA3 社會‧生活\n", ("海灣時報", "2031-03-02", "A3")),
    ("supplement", "海湾\n副刊\n2031年3月2日 星期日\n第7版\n", (None, "2031-03-02", "7")),
    ("no form tells the name", "2031年3月2日 星期日\n海湾消息报\n第3版\n", ("海湾消息报", "2031-03-02", "3")),
    ("English and lunar dates", "海湾周报\nSUNDAY, MARCH 2, 2031\n辛亥年二月初九\nA3 社会\n", ("海湾周报", "2031-03-02", "A3")),
    ("year of the Republic", "海灣時報\n中華民國一二○年三月二日 星期日\nA3 社會\n", ("海灣時報", "2031-03-02", "A3")),
    ("lunar date in brackets", "海湾日报\n（农历辛亥年二月初九）\n2031年3月2日 星期日\n", ("海湾日报", "2031-03-02", None)),
    ("weekday and lunar date", "海湾日报\n2031年3月2日\n星期日 辛亥年二月初九\n第3版\n", ("海湾日报", "2031-03-02", "3")),
    ("school", "石桥大学报\n2031年3月2日 星期日 第3版\n第22期（总第1137期）\n", ("石桥大学报", "2031-03-02", "3")),
    ("school, set wide", "海 湾 学 院 报\n2031年3月2日 星期日\n", ("海湾学院报", "2031-03-02", None)),
    ("number of a supplement", "海湾日报\n副刊 第612期\n2031年3月2日 星期日\n", ("海湾日报", "2031-03-02", None)),
    ("section set wide", "海\N{IDEOGRAPHIC SPACE}潮\n2031年3月2日 星期日\n都市新闻\n", (None, "2031-03-02", None)),
    ("licence", "海湾日报\n准印证号：（海）字第0001号\n2031年3月2日 星期日\n", ("海湾日报", "2031-03-02", None)),
]  # fmt: skip


@pytest.mark.parametrize(("head", "meta"), [c[1:] for c in HEADS], ids=[c[0] for c in HEADS])
def test_a_head_at_the_top_says_what_page_it_is(head, meta):
    """All of it is dropped, and all of the article below stays."""
    document = stripped(head + "\n" + body(HARBOUR))
    assert (document.meta.publication, document.meta.date, document.meta.page) == meta
    kept = [line.text for line in document.lines if line.label is None]
    assert kept == [HARBOUR.title, *HARBOUR.paragraphs]


@pytest.mark.parametrize("number", [9, 1])
def test_a_head_at_the_foot(number):
    """Some text layers have a page's head below all its articles."""
    text = body(HARBOUR) + "\n" + body(HOSPITAL) + "\n" + HEAD.format(number)
    assert told(text) == ("海湾日报", "2031-03-02", str(number))
    assert list(dropped(text)) == HEAD.format(number).split("\n")[:-1]


# name, lines at a page's foot, (publication, date, page)
FEET = [
    ("section, number, name", "文化 A07 海湾晚报\n", ("海湾晚报", None, "A07")),
    ("number, section, name", "07 社会 海湾日报\n", ("海湾日报", None, "7")),
    ("name, section, number", "海湾日报 要闻 3\n", ("海湾日报", None, "3")),
    ("the same and a date", "文化 A07 海湾晚报\n2031年3月2日 星期日\n", ("海湾晚报", "2031-03-02", "A07")),
]


@pytest.mark.parametrize(
    ("foot", "meta"),
    [
        *(pytest.param(*case, id=name) for name, *case in FEET),
        pytest.param(
            "社会 07 海湾日报\n", ("海湾日报", None, "7"), id="section, plain number, name",
            marks=pytest.mark.xfail(strict=True, raises=AssertionError, reason="a plain number amid such a line is not read"),
        ),
    ],
)  # fmt: skip
def test_a_foot_says_what_page_it_is(foot, meta):
    text = body(HARBOUR) + "\n" + body(HOSPITAL) + "\n" + foot
    assert told(text) == meta
    assert list(dropped(text)) == foot.split("\n")[:-1]


TEXT = [
    ("a lunar date in brackets amid the page", body(HARBOUR) + "\n（农历辛亥年二月初九）\n\n" + body(HOSPITAL)),
    ("a supplement's number amid the page", body(HARBOUR) + "\n副刊 第612期\n\n" + body(HOSPITAL)),
    ("who signs a letter, and when", body(HARBOUR) + "\n渔港管理处\n2031年3月2日\n"),
    ("a date amid the page", body(HARBOUR) + "\n2031年3月2日\n\n" + body(HOSPITAL)),
    ("a weekday amid the page", body(HARBOUR) + "\n星期日\n\n" + body(HOSPITAL)),
    ("a section's name amid the page", body(HARBOUR) + "\n要闻\n\n" + body(HOSPITAL)),
    ("a paper's name amid the page", body(HARBOUR) + "\n海湾日报\n\n" + body(HOSPITAL)),
    ("a date in brackets", body(HARBOUR) + "\n（2031年3月2日于渔港）\n"),
    ("good news for the harbour", "渔港传来喜报\n\n" + "\n\n".join(HARBOUR.paragraphs) + "\n"),
    ("a short headline without a head", "渔港迎春\n\n" + "\n\n".join(HARBOUR.paragraphs) + "\n"),
]


@pytest.mark.parametrize("text", [c[1] for c in TEXT], ids=[c[0] for c in TEXT])
def test_lines_of_text_are_no_head(text):
    assert dropped(text) == {}


def test_a_short_headline_right_below_a_head_stays():
    text = HEAD.format(3) + "渔港迎春\n\n" + "\n\n".join(HARBOUR.paragraphs) + "\n"
    assert "渔港迎春" not in dropped(text)
    assert [a.title for a in pipeline.clean(text)] == ["渔港迎春"]


@pytest.mark.xfail(
    strict=True, reason="a headline of up to six characters right above a head is taken for a section's name"
)
def test_a_short_headline_right_above_a_head_stays():
    assert "渔港迎春" not in dropped("渔港迎春\n" + HEAD.format(3) + "\n" + "\n\n".join(HARBOUR.paragraphs) + "\n")


def test_nothing_is_asked_below_the_first_sentence():
    """`mark_head` says how far the head reaches: below that only what can be nothing else is dropped."""
    document = read_text(HEAD.format(3) + HARBOUR.title + "\n" + HARBOUR.paragraphs[0] + "\n要闻\n", "made.txt")
    assert mark_head(document.lines, RULES) == 5
    assert document.lines[-1].label is None


def two_pages(between, first=HARBOUR, then=HOSPITAL, head=HEAD):
    return head.format(1) + "\n" + body(first) + between + head.format(2) + "\n" + body(then)


@pytest.mark.parametrize("between", ["\n", "\f", "\n\f\n"], ids=["blank line", "form feed", "both"])
@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        "海湾日报 2031年3月2日 星期日 第{}版\n",
        "第{}版 要闻\n2031年3月2日 星期日\n",
        "2031年3月2日 星期日\n要闻\n0{}\n",
        "A0{} 社会   2031.3.2 星期日   责编 王某\n",
    ],
    ids=["three lines", "one line", "page first", "number alone", "parts"],
)
def test_each_article_stands_on_its_page(between, head):
    articles = pipeline.clean(two_pages(between, head=head))
    assert [(a.title, a.page[-1], a.date) for a in articles] == [
        (HARBOUR.title, "1", "2031-03-02"),
        (HOSPITAL.title, "2", "2031-03-02"),
    ]
    assert [[b.text for b in a.paragraphs] for a in articles] == [list(s.paragraphs) for s in (HARBOUR, HOSPITAL)]
    assert [[s.page[-1] for s in a.sources] for a in articles] == [["1"], ["2"]]


def test_pages_of_two_days():
    """Each article has the date of its own page."""
    text = two_pages("\n").replace("2031年3月2日 星期日\n第2版", "2031年3月3日 星期一\n第2版")
    assert [(a.date, a.page) for a in pipeline.clean(text)] == [("2031-03-02", "1"), ("2031-03-03", "2")]


@pytest.mark.parametrize("head", ["", "海湾日报 2031年3月2日 星期日\n", "海湾日报\n2031年3月2日 星期日\n"])
def test_a_further_leaf_is_no_further_page(head):
    """A running head without a number, or none, stands over the same page's next leaf."""
    text = HEAD.format(1) + "\n" + body(HARBOUR) + "\f" + head + "\n" + body(HOSPITAL)
    document = stripped(text)
    assert document.stories == []
    assert {line.rule for line in document.lines[5:] if line.label} == ({"running-head"} if head else set())
    assert [(a.title, a.page) for a in pipeline.clean(text)] == [(HARBOUR.title, "1"), (HOSPITAL.title, "1")]


def test_the_same_page_twice_is_one():
    text = two_pages("\f").replace("第2版", "第1版")
    assert stripped(text).stories == []
    assert {a.page for a in pipeline.clean(text)} == {"1"}


def test_heads_below_their_pages_name_no_article_wrongly():
    """Which page an article stands on is not said where the heads do not stand above."""
    text = body(HARBOUR) + "\n" + HEAD.format(1) + "\n" + body(HOSPITAL) + "\n" + HEAD.format(2)
    assert stripped(text).stories == []
    assert not any("海湾日报" in a.text or "版 要闻" in a.text for a in pipeline.clean(text))


def test_pages_without_numbers_are_one_document():
    text = two_pages("\f", head="海湾日报\n2031年3月{}日 星期日\n")
    assert stripped(text).stories == []


class TestJumpsInsideAFile:
    """What goes on from one page of a file to another is one article, as between files."""

    @staticmethod
    def pages(story, between="\f", numbers=(1, 2)):
        one, two = first_and_then(story, *numbers)
        a, b = (HEAD.format(n) + "\n" for n in numbers)
        return a + one + between + b + body(SCHOOL if story == "football" else FOOTBALL) + "\n" + two

    @pytest.mark.parametrize("between", ["\n", "\f"], ids=["blank line", "form feed"])
    @pytest.mark.parametrize("story", STORIES)
    def test_clean(self, story, between):
        title, first, then = STORIES[story]
        articles = pipeline.clean(self.pages(story, between))
        (article,) = [a for a in articles if a.title == title]
        assert len(articles) == 3
        assert first + then in article.text
        assert (article.page, article.continued_from, article.continued_to) == ("1", None, None)
        assert "jump_unresolved" not in article.flags
        assert [a.page for a in articles] == ["1", "1", "2"]

    def test_the_command(self, tmp_path):
        """`newsreflow run` and `newsreflow clean` give the same articles, and every character has its place."""
        page = tmp_path / "bay" / "issue.txt"
        page.parent.mkdir()
        page.write_text(self.pages("harbour"), encoding="utf-8")
        out = tmp_path / "out"
        command = [sys.executable, "-m", "pipeline.cli", "run", page.parent, "-o", out, "--quiet", "--no-report"]
        subprocess.run(command, check=True, capture_output=True)
        articles = records(out / "articles")
        alone = pipeline.clean(page.read_bytes())
        assert [(a["title"], a["page"], a["text"]) for a in articles] == [(a.title, a.page, a.text) for a in alone]
        article = next(a for a in articles if a["title"] == STORIES["harbour"][0])
        assert STORIES["harbour"][1] + STORIES["harbour"][2] in article["text"]
        assert [(s["path"], s["page"]) for s in article["sources"]] == [("bay/issue.txt", "1")]
        lost = [d["text"] for d in records(out / "dropped") if d["reason"] == "jump_line"]
        assert lost == ["（下转第2版）", "（上接第1版）"]

    def test_into_another_file(self, tmp_path):
        """The first file holds pages 1 and 2, the second page 3; page 2 goes on there."""
        one, three = first_and_then("hospital", 2, 3)
        dump = tmp_path / "bay"
        dump.mkdir()
        (dump / "a.txt").write_text(HEAD.format(1) + "\n" + body(FOOTBALL) + "\f" + HEAD.format(2) + "\n" + one)
        (dump / "b.txt").write_text(HEAD.format(3) + "\n" + three)
        pipeline.run(dump, tmp_path / "out")
        articles = {a.title: a for a in pipeline.read_articles(tmp_path / "out")}
        article = articles[STORIES["hospital"][0]]
        assert [(s.path, s.page) for s in article.sources] == [("bay/a.txt", "2"), ("bay/b.txt", "3")]
        assert STORIES["hospital"][1] + STORIES["hospital"][2] in article.text
        assert articles[FOOTBALL.title].page == "1"

    def unresolved(self):
        text = self.pages("harbour").replace("下转第2版", "下转第7版").replace("上接第1版", "上接第6版")
        return [a for a in pipeline.clean(text) if "jump_unresolved" in a.flags]

    def test_a_page_that_the_file_does_not_hold(self):
        assert [(a.continued_from, a.continued_to, a.page) for a in self.unresolved()] == [
            (None, "7", "1"),
            ("6", None, "2"),
        ]

    def test_a_headline_that_stands_on_two_pages(self):
        assert {a.title for a in self.unresolved()} == {STORIES["harbour"][0]}


def test_an_article_right_above_the_next_pages_head():
    """It is still of the page that it stands on."""
    text = HEAD.format(1) + "\n" + body(HARBOUR) + "\n" + FILLER + HEAD.format(2) + "\n" + body(HOSPITAL)
    assert [a.page for a in pipeline.clean(text)] == ["1", "1", "2"]
