"""Web pages with several articles, with none, and with parts of some.

`cases/several` holds made-up pages, marked as those of `cases/portals`: each `T` begins an article.
"""

import json
from pathlib import Path

import pytest
from made import FOOTBALL, HARBOUR, HOSPITAL
from test_chrome import KINDS

import pipeline
from pipeline.chain import Settings, emit_alone
from pipeline.saved import find_fetched
from pipeline.stages.decode import decode

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

    def test_each_articles_page(self):
        text = self.exported("第07版：文化 上一篇 下一篇", "2031年03月02日 星期日 放大 缩小")
        assert [a.page for a in pipeline.clean(text, "a.txt")] == ["7"] * 3


TEXTS = tuple(story.paragraphs for story in (HARBOUR, HOSPITAL, FOOTBALL))
TITLES = tuple(story.title for story in (HARBOUR, HOSPITAL, FOOTBALL))
# What is printed over and under the text: of one site on each of its pages, and of others.
SITES = (
    (
        "海湾新闻网首页 | 新闻 | 体育 | 财经\n海湾新闻网 > 本地 > 正文",
        "责任编辑：方某\n相关新闻\n新桥今天通车\n版权所有 海湾新闻网",
    ),
    ("首页 > 山城在线 > 社会\n收藏 分享 打印", "(责编：高某)\n热门排行\n菜价又跌了\n网站声明 | 关于我们 | 联系我们"),
    (
        "某某晚报网\n登录 注册\n当前位置：首页 > 民生 > 正文",
        "【打印】【关闭】\n推荐阅读\n公园明天开放\nCopyright © 2031 某某晚报网",
    ),
)


def saved(n, site=0, title="", text=None, foot=""):
    """One saved page: the site's lines, headline, stamp, text, and what stands below."""
    above, below = SITES[site]
    stamp = f"2031-03-0{n + 1} 08:3{n} 来源：海湾日报"
    return "\n".join([above, title or TITLES[n], stamp, *(TEXTS[n] if text is None else text), foot, below, ""])


def articles_of(text):
    """Headline and paragraphs of each article; every character has one place, or this raises."""
    emitted = emit_alone(decode(text.encode(), "a.txt"), Settings())
    return [(a.title, [p.text for p in a.paragraphs]) for a in emitted.articles]


WANTED = [(title, list(text)) for title, text in zip(TITLES, TEXTS, strict=True)]


class TestSavedPages:
    """Pages one after the other in one file: each is judged by itself."""

    @pytest.mark.parametrize(
        "rule",
        [
            "##### [{0}/3] http://www.example.org/{0}.html  fetched 2031-04-01 #####\n",
            "URL: http://www.example.org/{0}.html\n",
            '<doc id="{0}" url="http://www.example.org/{0}.html">\n',
            "==========\n",
            "----- 第{0}页 -----\n",
            "",
        ],
        ids=["crawler", "address", "tag", "rule", "numbered rule", "nothing"],
    )
    @pytest.mark.parametrize("sites", [(0, 0, 0), (0, 1, 2)], ids=["one site", "three sites"])
    def test_each_page(self, rule, sites):
        text = "\n".join(rule.format(n + 1) + saved(n, site) for n, site in enumerate(sites))
        assert articles_of(text) == WANTED

    def test_a_page_that_breaks_off(self):
        """The last sentence of a file that was cut is the article's."""
        *whole, last = TEXTS[2]
        text = "\n\n\n".join([saved(0), saved(1), saved(2).partition(last)[0] + last[:40]])
        assert articles_of(text) == [*WANTED[:2], (TITLES[2], [*whole, last[:40]])]

    def test_each_page_has_its_own_site_and_date(self):
        text = "".join(f"URL: http://www.example.org/{n}.html\n" + saved(n, n) for n in range(2))
        first, second = pipeline.clean(text, "a.txt")
        assert (first.date, second.date) == ("2031-03-01", "2031-03-02")
        assert first.publication != second.publication

    def test_texts_alone(self):
        """A crawler's lines part texts that have nothing of a web page; an address inside of a text parts none."""
        plain = ["\n".join([title, *text, ""]) for title, text in WANTED]
        text = "\n".join(f"##### http://www.example.org/{n}.html #####\n{page}" for n, page in enumerate(plain))
        assert articles_of(text) == WANTED
        assert (
            find_fetched(
                ["渔港迎来新船", *TEXTS[0], "网址：http://www.example.org/1", "网址：http://www.example.org/2"]
            )
            == []
        )

    def test_a_menu_printed_twice(self):
        """The site's first lines at the foot of a page begin no other."""
        above, _ = SITES[0]
        assert articles_of(saved(0) + above + "\n返回顶部\n") == WANTED[:1]

    def test_rules_inside_of_an_article(self):
        """A rule between paragraphs parts no article."""
        first, *rest = TEXTS[0]
        text = saved(0, text=[first, "----------", *rest])
        assert articles_of(text) == WANTED[:1]

    def test_comments_and_beginnings_are_no_pages(self):
        """What readers say at length, and the beginnings of other articles, stay dropped."""
        comments = [
            "网友评论",
            "海边人",
            "2031-03-02 10:00",
            "渔船回来那天我就在码头上，看了一个早晨，真是热闹。",
            "回复 赞",
        ]
        beginnings = ["相关新闻", TITLES[1], "2031-03-02 07:00", TEXTS[1][0][:40] + "……[详细]"]
        assert articles_of(saved(0, foot="\n".join([*comments, *beginnings]))) == WANTED[:1]


class TestPagers:
    """An article that a site parts into pages, in one file, is one article."""

    @pytest.mark.parametrize("number", ["（2）", "(2)", "_2", " 第2页", "(2/2)", "【2】", ""])
    def test_the_text_goes_on(self, number):
        first = saved(0, text=TEXTS[0][:2], foot="[1] [2] 下一页")
        second = saved(0, title=TITLES[0] + number, text=TEXTS[0][2:], foot="上一页 [1] [2]")
        assert articles_of(first + "\n\n" + second) == WANTED[:1]

    def test_the_headline_again_is_a_duplicate(self):
        text = saved(0, text=TEXTS[0][:2]) + saved(0, title=TITLES[0] + "（2）", text=TEXTS[0][2:])
        emitted = emit_alone(decode(text.encode(), "a.txt"), Settings())
        assert TITLES[0] + "（2）" in [d.text for d in emitted.dropped if d.reason == "duplicate"]

    @pytest.mark.parametrize("title", [TITLES[0] + "之二", TITLES[0] + "1997"])
    def test_another_headline(self, title):
        text = saved(0) + "\n\n" + saved(0, title=title, text=TEXTS[1])
        assert [name for name, _ in articles_of(text)] == [TITLES[0], title]

    def test_the_same_page_twice(self):
        """A page that was saved twice is an article each time, not one of twice the length."""
        assert articles_of(saved(0) + "\n\n" + saved(0)) == WANTED[:1] * 2


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
