"""Dumps of text browsers: their link numbers go, their broken lines become one, and each character keeps its place."""

import re

import made
import pytest

import pipeline
from pipeline.records import cells
from pipeline.stages.decode import read_text

TITLE = "渔港昨天开放迎来第一批客人"
MENU = ["首页", "新闻", "时政", "国际", "社会", "财经", "体育", "娱乐", "视频", "图片", "论坛", "博客"]
TEXTS = [made.paragraph(i) for i in range(3)]
FOOTNOTED = TEXTS[1].replace("。", "[1]。", 1)


class Browser:
    """Writes a page as lynx, w3m or elinks do."""

    def __init__(self, margin=3, width=78, numbers=True, measure=cells):
        self.margin, self.width, self.numbers, self.measure = " " * margin, width, numbers, measure
        self.links = 0
        self.lines = []

    def link(self, word):
        self.links += 1
        return f"[{self.links}]{word}" if self.numbers else word

    def put(self, text, first=""):
        line = self.margin + first
        for word in re.findall(r"\[\d+\]|[0-9A-Za-z]+|.", text):
            if self.measure(line + word) > self.width:
                self.lines.append(line.rstrip(" "))
                line = self.margin
            line += word
        self.lines += [line, ""]

    def page(self, texts, links="References\n\n   Visible links\n"):
        self.put(" ".join(map(self.link, MENU)))
        self.put("当前位置：" + self.link("首页") + " > " + self.link("新闻中心") + " > 正文")
        self.lines += [" " * 26 + TITLE, ""]
        self.put("2031年03月02日 10:20 来源：" + self.link("海湾日报"))
        for text in texts:
            self.put(re.sub("<(.+?)>", lambda m: self.link(m[1]), text), "\u3000\u3000")
        self.put("责任编辑：林某")
        self.put(self.link("关于我们") + " | " + self.link("联系我们") + " | " + self.link("网站地图"))
        if not self.numbers or not links:
            return "\n".join(self.lines)
        form = "{}[{}] {}" if links.startswith("References:") else "{}{}. {}"
        listed = [form.format(self.margin, i + 1, f"http://www.example.com/{i}.html") for i in range(self.links)]
        return "\n".join([*self.lines, links, *listed, ""])


BROWSERS = {
    "lynx": lambda: Browser(measure=len),
    "elinks": Browser,
    "narrow": lambda: Browser(width=70),
    "w3m": lambda: Browser(margin=0),
    "no numbers": lambda: Browser(numbers=False),
}


@pytest.mark.parametrize("name", BROWSERS)
def test_an_article_comes_out_whole(name):
    (article,) = pipeline.clean(BROWSERS[name]().page(TEXTS), "a.txt", punctuation="keep")
    assert (article.title, article.date) == (TITLE, "2031-03-02")
    assert [p.text for p in article.paragraphs] == TEXTS


def test_without_the_list_of_addresses_numbers_that_rise_are_enough():
    (article,) = pipeline.clean(Browser().page(TEXTS, links=""), "a.txt", punctuation="keep")
    assert [p.text for p in article.paragraphs] == TEXTS


def test_links_inside_of_the_text():
    text = Browser().page([TEXTS[0].replace("书店", "<书店>"), TEXTS[1]])
    assert "[16]书店" in text
    (article,) = pipeline.clean(text, "a.txt", punctuation="keep")
    assert [p.text for p in article.paragraphs] == TEXTS[:2]


def test_a_footnotes_mark_stays():
    (article,) = pipeline.clean(Browser().page([TEXTS[0], FOOTNOTED]), "a.txt", punctuation="keep")
    assert [p.text for p in article.paragraphs] == [TEXTS[0], FOOTNOTED]


def test_a_stop_that_stands_alone():
    browser = Browser()
    browser.width = len(browser.margin) + cells("\u3000\u3000" + TEXTS[0]) // 2
    while cells("\u3000\u3000" + TEXTS[0]) % (browser.width - 3) != 2:
        browser.width += 1
    text = browser.page([TEXTS[0], *TEXTS])
    assert "\n   。\n" in text
    (article,) = pipeline.clean(text, "a.txt", punctuation="keep")
    assert article.paragraphs[0].text == TEXTS[0]


@pytest.mark.parametrize("name", BROWSERS)
def test_each_character_keeps_its_place(name):
    """A line's parts have spans that follow each other, and each holds the character that it gave."""
    text = BROWSERS[name]().page([TEXTS[0].replace("书", "书\u200b", 1), TEXTS[1]])
    document = read_text(text, "a.txt")
    assert document.repairs.get("link_numbers", 0) == (0 if name == "no numbers" else 18)
    assert document.repairs["wrapped_lines"] > 0
    for line in document.lines:
        at = line.start
        for i, ch in enumerate(line.text):
            a, b = line.span(i, i + 1)
            assert a == at
            assert b > a
            assert ch in text[a:b] or ch == " "
            at = b
        assert at == line.end
    ends = [(line.start, line.end) for line in document.lines]
    made.check_spans(document, ends)


NO_DUMPS = {
    "footnotes and their list": f"{TITLE}\n\n{TEXTS[0].replace('。', '[1]。', 1)}\n\n{TEXTS[1].replace('。', '[2]。')}\n\n"
    "[1] https://www.example.com/1\n[2] https://www.example.com/2\n[3] https://www.example.com/3\n",
    "a list of books": "\n".join(f"[{i}]林小满. 渔港的春天[J]. 海湾文学, 20{i + 10}" for i in range(1, 20)),
    "tortoise shells": " ".join(f"〔{i}〕{word}" for i, word in enumerate(MENU, 1)),
    "few numbers": f"[1]{TITLE} [2]书店的灯\n{TEXTS[0]}\n",
    "a page": made.page(1),
    "a page that is set in": "".join("   " + x + "\n" for x in made.page(1).split("\n") if x) + "A2 要闻\n",
}


@pytest.mark.parametrize("name", NO_DUMPS)
def test_other_texts_stay_as_they_are(name):
    text = NO_DUMPS[name]
    document = read_text(text, "a.txt")
    assert [x.text for x in document.lines] == [x.strip() for x in text.split("\n") if x.strip()]
    assert not document.repairs.keys() & {"link_numbers", "wrapped_lines"}


QUOTED = "\n".join(["> > 渔市的灯亮到很晚。", ">", "> " + TEXTS[0], ">     " + TEXTS[1]])


def test_marks_of_quoted_mail_go():
    """What mail programs set before each line that they quote is no part of it, and each character keeps its place."""
    made_ = read_text(QUOTED, "a.txt")
    assert [line.text for line in made_.lines] == ["渔市的灯亮到很晚。", ">", TEXTS[0], TEXTS[1]]
    assert [line.indent for line in made_.lines][2:] == [0, 4]
    assert made_.lines[2].gap == 1
    last = made_.lines[-1]
    assert QUOTED[last.offset(3) : last.offset(9)] == TEXTS[1][3:9]


@pytest.mark.parametrize("text", ["某某网 > 本地 > 正文", ">", ">>", "长江>30条支流"])
def test_other_signs_of_that_form_stay(text):
    assert [line.text for line in read_text(text, "a.txt").lines] == [text]
