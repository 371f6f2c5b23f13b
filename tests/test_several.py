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


class TestThreads:
    """Of a forum's thread the first post is the article, and the posts below are its readers'."""

    TRAIL = "海湾社区 » 百姓杂谈 » {}\n\n页: [1] 2\n\n"

    def thread(self, title, *posts):
        heads = (f"{name} 发表于 2031-3-{i + 2} 21:08\n\n" for i, name in enumerate(["老舵工", "灯塔下", "北岸渔火"]))
        return self.TRAIL.format(title) + "".join(
            head + post + "\n\n" for head, post in zip(heads, posts, strict=False)
        )

    def post(self, title, story=HARBOUR):
        return title + "\n\n" + "\n\n".join(story.paragraphs)

    REPLIES = ("沙发！我家也住在那边，那天去看了，人真多。", "请问停车要钱吗？上回去转了半天也没找到地方。")

    @pytest.mark.parametrize("mark", ["", "[转帖]", "【转载】", "[ZT]", "（转）"])
    def test_the_first_post(self, mark):
        text = self.thread(mark + HARBOUR.title, self.post(mark + HARBOUR.title), *self.REPLIES)
        (article,) = pipeline.clean(text, "a.txt")
        assert (article.title, article.date) == (HARBOUR.title, "2031-03-02")
        assert [p.text for p in article.paragraphs] == list(HARBOUR.paragraphs)

    def test_the_button_behind_the_headline(self):
        title = f"[转帖] {HARBOUR.title} [复制链接]"
        (article,) = pipeline.clean(self.thread(title, self.post(title)), "a.txt")
        assert article.title == HARBOUR.title

    def test_what_the_reader_says_of_it(self):
        text = self.thread(
            "[转帖]" + HARBOUR.title, self.post("转自海湾网，写得真好，贴出来大家看看。\n\n" + HARBOUR.title)
        )
        (article,) = pipeline.clean(text, "a.txt")
        assert article.title == HARBOUR.title
        assert [p.text for p in article.paragraphs] == list(HARBOUR.paragraphs)

    def test_a_blogs_entries_are_articles(self):
        entries = [
            f"{s.title}\n作者 发表于 2031-03-0{i} 21:08\n" + "\n".join(s.paragraphs)
            for i, s in enumerate((HARBOUR, HOSPITAL), 2)
        ]
        text = "海湾博客 首页 相册\n" + "\n\n".join(entries) + "\n版权所有 海湾博客\n"
        assert [a.title for a in pipeline.clean(text, "a.txt")] == [HARBOUR.title, HOSPITAL.title]

    def test_brackets_that_are_the_headlines(self):
        title = "[组图]" + HARBOUR.title
        (article,) = pipeline.clean(self.thread(title, self.post(title)), "a.txt", punctuation="keep")
        assert article.title == title
