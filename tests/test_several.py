"""Web pages with several articles, with none, and with parts of some.

`cases/several` holds made-up pages, marked as those of `cases/portals`: each `T` begins an article.
"""

import json
from pathlib import Path

import pytest
from made import FOOTBALL, HARBOUR, HOSPITAL
from test_chrome import KINDS

import pipeline

CASES = Path(__file__).parent / "cases" / "several"
FLAGS = {"cut_article": ["cut_off"], "live_titled": ["live_report"]}


def parted(path):
    """The text of a page, and the headline and paragraphs of each of its articles."""
    texts, articles = [], []
    for line in path.read_text(encoding="utf-8").split("\n"):
        mark, bar, rest = line.partition("|")
        if bar and mark in KINDS:
            line = rest
            if mark == "T":
                articles.append((rest, []))
            else:
                articles[-1][1].append(rest)
        texts.append(line)
    return "\n".join(texts), articles


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda p: p.stem)
def test_pages(path):
    """Every whole article of a page comes out apart, with its own paragraphs and nothing else."""
    text, wanted = parted(path)
    articles = pipeline.clean(text, path.name, script="keep", punctuation="keep")
    assert [(a.title, [p.text for p in a.paragraphs]) for a in articles] == wanted
    assert all(a.flags == FLAGS.get(path.stem, []) for a in articles)


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda p: p.stem)
def test_as_html(path):
    """The same where each line is an element of HTML that says nothing of it."""
    text, wanted = parted(path)
    html = "<html><body>" + "".join(f"<div>{line}</div>" for line in text.replace("<", "&lt;").split("\n"))
    articles = pipeline.clean(html, path.stem + ".html", script="keep", punctuation="keep")
    assert [(a.title, [p.text for p in a.paragraphs]) for a in articles] == wanted


def test_each_article_has_its_own_date():
    text, _ = parted(CASES / "blog_front.txt")
    assert [a.date for a in pipeline.clean(text, "a.txt")] == ["2011-04-02", "2010-12-19", "2010-11-03"]


@pytest.mark.parametrize("width", [18, 30, 38])
@pytest.mark.parametrize("indent", ["", "\u3000\u3000"], ids=["flush", "indented"])
def test_broken_lines(width, indent):
    """A page that was saved with its lines broken to a width gives whole paragraphs."""
    _, ((_, first), (_, second), _) = parted(CASES / "scroll.txt")
    paragraphs = [*first, *second]
    lines = [(indent + p)[i : i + width] for p in paragraphs for i in range(0, len(indent + p), width)]
    text = "\n".join(
        [
            "某某新闻网 > 本地 > 正文",
            "新桥与胶鞋的两段往事",
            "2022-08-11 07:30:00 来源：某某日报",
            *lines,
            "责任编辑：方某",
            "版权所有 某某新闻网",
        ]
    )
    (article,) = pipeline.clean(text, "a.txt", punctuation="keep")
    assert "".join(p.text for p in article.paragraphs) == "".join(paragraphs)
    if indent:
        assert [p.text for p in article.paragraphs] == paragraphs


@pytest.mark.parametrize("name", ["front", "cut_list"])
def test_what_is_no_article_is_dropped_in_full(name, tmp_path):
    """A page without an article says what became of every line."""
    text, _ = parted(CASES / f"{name}.txt")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(text, encoding="utf-8")
    summary = pipeline.run([tmp_path / "in"], tmp_path / "out")
    assert summary.articles == 0
    dropped = [
        line for file in (tmp_path / "out" / "dropped").glob("*.jsonl") for line in file.read_text("utf-8").splitlines()
    ]
    assert "".join(json.loads(x)["text"] for x in dropped).split() == "".join(text.splitlines()).split()


class TestExportsOfElectronicPapers:
    """Articles one below the other, each below the paper's tools and a date."""

    STORIES = (HARBOUR, HOSPITAL, FOOTBALL)

    def exported(self, bar, date, stories=STORIES):
        return "".join("\n".join([bar, story.title, date, *story.paragraphs, "", ""]) for story in stories)

    @pytest.mark.parametrize(
        "bar", ["第07版：文化 上一篇 下一篇", "第A03版：民生 上一版 下一版", "07版 要闻 上一篇 下一篇"]
    )
    @pytest.mark.parametrize(
        "date", ["2031年03月02日 星期日 放大 缩小", "2031年03月02日 放大 缩小", "2031-03-02 放大 缩小 默认"]
    )
    @pytest.mark.parametrize("name", ["", "海湾日报数字报\n"], ids=["no name", "name"])
    def test_each_article(self, bar, date, name):
        articles = pipeline.clean(name + self.exported(bar, date), "a.txt")
        assert [(a.title, [p.text for p in a.paragraphs], a.date) for a in articles] == [
            (story.title, list(story.paragraphs), "2031-03-02") for story in self.STORIES
        ]
        assert {a.publication for a in articles} == {"海湾日报" if name else None}

    def test_one_article(self):
        text = self.exported("第07版：文化 上一篇 下一篇", "2031年03月02日 星期日 放大 缩小", (HARBOUR,))
        (article,) = pipeline.clean(text, "a.txt")
        assert (article.title, [p.text for p in article.paragraphs]) == (HARBOUR.title, list(HARBOUR.paragraphs))

    @pytest.mark.xfail(
        strict=True, raises=AssertionError, reason="the tools above an article are not asked for the page"
    )
    def test_each_articles_page(self):
        text = self.exported("第07版：文化 上一篇 下一篇", "2031年03月02日 星期日 放大 缩小")
        assert [a.page for a in pipeline.clean(text, "a.txt")] == ["7"] * 3
