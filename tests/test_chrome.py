"""What strip_chrome keeps and drops.

`cases/portals` holds made-up pages in the form of well-known sites. A line is marked with what it is: T headline,
K kicker, S subtitle, B byline, P paragraph, H crosshead, C caption; `T?` a page title that repeats the headline, `X` a
line of chrome that is known to slip through; all others are chrome.
"""

import time
from pathlib import Path

import made
import pytest

from pipeline.records import LABELS, REASONS, Document, Line
from pipeline.stages.chrome import strip_chrome
from pipeline.stages.decode import read_text

CASES = Path(__file__).parent / "cases" / "portals"
KINDS = {
    "T": "headline",
    "K": "kicker",
    "S": "subtitle",
    "B": "byline",
    "P": "body",
    "H": "crosshead",
    "C": "caption",
}
PARAGRAPH = "秋收时节，村里的晒场上铺满了金黄的稻谷，老人们坐在树下，说起今年的收成，脸上都是笑意。"


def document(text: str) -> Document:
    lines, gap, at = [], 0, 0
    for number, raw in enumerate(text.split("\n"), 1):
        bare = raw.strip()
        if bare:
            start = at + raw.index(bare)
            lines.append(Line(number, start, start + len(bare), bare, len(raw) - len(raw.lstrip()), gap))
            gap = 0
        else:
            gap += 1
        at += len(raw) + 1
    return Document("case.txt", "", "utf-8", text, lines)


def stripped(text: str) -> Document:
    made = document(text)
    strip_chrome(made)
    return made


def marked(path: Path) -> tuple[str, list[str | None]]:
    """The page's text and what each of its lines should be; "?" where nothing is asked."""
    texts, wanted = [], []
    for line in path.read_text(encoding="utf-8").split("\n"):
        mark, bar, rest = line.partition("|")
        want: str | None = None
        if line.startswith("T?"):
            line = line[2:]
        elif bar and mark == "X":
            line, want = rest, "?"
        elif bar and mark in KINDS:
            line, want = rest, KINDS[mark]
        texts.append(line)
        if line.strip():
            wanted.append(want)
    return "\n".join(texts), wanted


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda p: p.stem)
def test_portal_pages(path):
    """Every line of a page of a known form gets its label."""
    text, wanted = marked(path)
    made = stripped(text)
    assert made.kind == "web"
    wants = dict(zip((x.number for x in document(text).lines), wanted, strict=True))
    wrong = [
        f"{line.number}: {line.text[:40]!r} is {line.label} ({line.rule}), not {wants[line.number] or 'chrome'}"
        for line in made.lines
        if wants[line.number] not in ("?", line.label if line.label in LABELS else None)
    ]
    assert not wrong


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda p: p.stem)
def test_labels_are_known(path):
    for line in stripped(marked(path)[0]).lines:
        assert line.label in (*LABELS, *REASONS)
        assert line.rule


def test_one_headline():
    """A page has one headline, however often its title is printed, at most on two lines."""
    for path in CASES.glob("*.txt"):
        rules = [line.rule for line in stripped(marked(path)[0]).lines if line.label == "headline"]
        assert [rule for rule in rules if rule not in ("title-begins", "title-goes-on")] == ["title"], path


def test_page_without_article():
    """A section front holds headlines only: everything is dropped."""
    titles = "\n".join(f"第{n}届乡村运动会今天开幕" for n in "一二三四五六七八九")
    made = stripped(
        f"某某网首页 > 体育\n登录\n注册\n热点新闻\n{titles}\n更多>>\n关于我们 | 联系我们 | 网站地图\n版权所有 某某网"
    )
    assert made.kind == "web"
    assert all(line.label in REASONS for line in made.lines)


@pytest.mark.parametrize(
    "stamp", ["2018-04-12 09:00", "2018-04-12 09:00 来源：某某网 作者：马青", "2018年4月12日 来源：某某网"]
)
def test_article_without_chrome(stamp):
    """A headline, a stamp and paragraphs are an article as sites store it: the stamp is read and goes."""
    made = stripped(f"沙漠边上的苗圃\n{stamp}\n{PARAGRAPH}\n{PARAGRAPH[5:]}\n")
    assert made.kind == "web"
    assert [line.label for line in made.lines] == ["headline", "origin_note", "body", "body"]
    assert made.meta.date == "2018-04-12"


@pytest.mark.parametrize(
    "name", ["林口县人民政府门户网站", "林口县人民政府", "林口晚报", "林口县水务局网站", "欢迎访问林口信息网"]
)
@pytest.mark.parametrize("head", ["", "网站首页 | 县情概况 | 政务公开 | 办事服务\n2024年4月3日 星期三 多云 8℃\n"])
@pytest.mark.parametrize(
    "row", ["信息来源：县水务局    发布时间：2024-04-02 17:36    浏览次数：217次    字体：[ 大 中 小 ]"]
)
def test_a_sites_own_name_is_no_headline(name, head, row):
    """A site's name may stand above a page whose headline comes below the row of fields."""
    made = stripped(
        f"{name}\n{head}当前位置：首页 > 政务动态\n{row}\n\n晒场上的老人迎来丰收\n\n{PARAGRAPH}\n{PARAGRAPH[4:]}\n"
    )
    assert [x.text for x in made.lines if x.label == "headline"] == ["晒场上的老人迎来丰收"]
    assert [x.label for x in made.lines[-2:]] == ["body", "body"]
    assert (made.meta.date, made.meta.source) == ("2024-04-02", "县水务局")


@pytest.mark.parametrize(
    "title", ["晒场上的老人自办一份社区晚报", "林口县人民政府关于秋收时节的通知", "老人们说起收成，都夸晚报办得好"]
)
def test_a_headline_may_speak_of_a_site(title):
    made = stripped(f"首页 > 民生 > 正文\n{title}\n2024-04-02 17:36 来源：某某网\n{PARAGRAPH}\n{PARAGRAPH[4:]}\n")
    assert [x.text for x in made.lines if x.label == "headline"] == [title]


@pytest.mark.parametrize("mark", ["PART\n\n01", "PART 01", "Part.1", "01\n\nPART"])
def test_numbers_that_are_ornaments(mark):
    """An account's PART and number go where a crosshead stands below; a number over the text heads a section."""
    made = stripped(
        f"晒场上的笑声\n2024-10-01 08:00 来源：某某网\n{PARAGRAPH}\n\n{mark}\n\n丰收的账本\n\n{PARAGRAPH[10:]}\n{PARAGRAPH[4:]}\n责任编辑：王某\n返回顶部\n分享到：\n"
    )
    kept = [line.text for line in made.lines if line.label in LABELS]
    assert kept == ["晒场上的笑声", PARAGRAPH, "丰收的账本", PARAGRAPH[10:], PARAGRAPH[4:]]
    assert [line.text for line in made.lines if line.label == "crosshead"] == ["丰收的账本"]


@pytest.mark.parametrize("mark", ["PART 01", "02"])
def test_numbers_that_head_a_section(mark):
    made = stripped(
        f"晒场上的笑声\n2024-10-01 08:00 来源：某某网\n{PARAGRAPH}\n\n{mark}\n\n{PARAGRAPH[10:]}\n{PARAGRAPH[4:]}\n责任编辑：王某\n返回顶部\n分享到：\n"
    )
    assert [line.text for line in made.lines if line.label == "crosshead"] == [mark]


def test_list_with_summaries_is_no_article():
    """A list page shows beginnings of articles, each cut off."""
    items = "\n".join(f"{PARAGRAPH[n : n + 9]}\n{PARAGRAPH[n:28]}...\n2024-10-0{n} 08:00 评论(3)" for n in range(1, 6))
    made = stripped(f"某某网首页 > 乡村\n登录\n注册\n{items}\n上一页 1 2 3 下一页\n版权所有 某某网")
    assert made.kind == "web"
    assert all(line.label in REASONS for line in made.lines)


def test_long_comments_do_not_win():
    """A short article with a title and a time stamp beats the comments below, however many there are."""
    comments = "\n".join(
        f"网友{n}号 {n}小时前\n说得真好，我们这里也是这样，去年修了路，今年通了水，日子一天比一天有奔头。\n回复 0"
        for n in range(2, 9)
    )
    made = stripped(
        f"桥修好了_民生_某某网\n首页 > 民生 > 正文\n桥修好了\n2024-05-01 08:00:00 来源：某某网\n{PARAGRAPH}\n"
        f"责任编辑：王某\n最新评论\n{comments}\n版权所有 某某网"
    )
    assert [line.text for line in made.lines if line.label == "body"] == [PARAGRAPH]
    assert [line.text for line in made.lines if line.label == "headline"] == ["桥修好了"]


def test_inside_the_body():
    """What portals put between paragraphs goes, what the writer put there stays."""
    made = stripped(
        f"首页 > 民生 > 正文\n晒场上的笑声\n2024-10-01 08:00 来源：某某网\n分享到：\n{PARAGRAPH}\n点击进入专题\n"
        f"{PARAGRAPH[:30]}。\n相关阅读：稻田里的无人机\n图为晒场一角。某某 摄\n丰收的账本\n{PARAGRAPH[10:]}\n"
        f"广告\n视频加载中...\n{PARAGRAPH[4:]}\n上一页 1 2 3 下一页\n版权所有 某某网"
    )
    kept = [(line.label, line.text[:4]) for line in made.lines if line.label in LABELS]
    assert [label for label, _ in kept] == ["headline", "body", "body", "caption", "crosshead", "body", "body"]


NEWSPAPER = f"""某某日报

2024年5月6日 星期一

第12345期 今日八版

新渠通水润良田

本报讯（记者 周某）{PARAGRAPH}

{PARAGRAPH}首页新闻和分享到朋友圈的照片一样，都登在了村里的公告栏上。

评论

他登录网站首页，点击进入专题，看到了评论和推荐阅读。

责任编辑：王某

更多精彩内容
请扫描二维码
"""


def test_newspaper_page():
    """A newspaper page keeps every line that is not surely its furniture, and is never taken for a web page."""
    made = stripped(NEWSPAPER)
    assert made.kind == "page"
    dropped = {line.text: line.label for line in made.lines if line.label}
    assert dropped == {
        "某某日报": "masthead",
        "2024年5月6日 星期一": "masthead",
        "第12345期 今日八版": "masthead",
        "责任编辑：王某": "credit",
        "更多精彩内容": "page_furniture",
        "请扫描二维码": "page_furniture",
    }


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("4 大众日报 2014年8月4日 星期一", "masthead"),
        ("《人民日报》（2025年10月20日 第 01 版）", "masthead"),
        ("第 15 页", "page_furniture"),
        ("- 3 -", "page_furniture"),
        ("责编 李某某 美编 张某", "credit"),
        ("2025年12月19日是个好日子", None),
        ("第三版教材受到欢迎", None),
        ("3", None),
        ("人民日报", None),
        ("责编说，稿子改了三遍。", None),
        ("编辑部里的灯光", None),
    ],
)
def test_in_the_middle_of_a_page(text, label):
    """Far from the head only what can be nothing else is dropped."""
    made = stripped(f"{PARAGRAPH}\n{PARAGRAPH}\n{text}\n{PARAGRAPH}\n")
    assert made.kind == "page"
    assert made.lines[2].label == label


def test_wrapped_page_is_no_web_page():
    """Short lines without end marks are the columns of a page, not a menu."""
    text = PARAGRAPH * 12
    made = stripped("\n".join(text[i : i + 17] for i in range(0, len(text), 17)))
    assert made.kind == "page"
    assert not any(line.label for line in made.lines)


SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))


@pytest.mark.skipif(not SEEDS, reason="the sample dump is not here")
def test_sample_dump():
    """Of the sample documents one is a portal page: its menu and its list of other articles go, its headline is one."""
    kinds = {}
    for path in SEEDS:
        made = stripped(path.read_text(encoding="utf-8"))
        kinds[path.name[:3]] = made.kind
        if made.kind == "web":
            assert [x.number for x in made.lines if x.label == "headline"] == [3]
            assert [x.text for x in made.lines if x.label == "byline"] == ["新华社记者"]
            assert [x.number for x in made.lines if x.label == "body"] == [10, *range(14, 45, 2)]
            assert made.meta.publication == "网易"
            assert made.meta.date is None
    assert kinds == {"000": "page", "001": "page", "002": "web", "003": "page", "004": "page"}


def test_long_pages_take_time_in_proportion():
    """No step looks at every line for every other."""
    items = "\n".join(
        f"第{n}条新闻的标题写在这里\n第{n}条新闻说，今天天气晴好，适合出门走走看看。" for n in range(8_000)
    )
    started = time.process_time()
    made = stripped(f"某某网首页 > 新闻 > 列表\n登录\n注册\n分享到：\n{items}\n关于我们\n版权所有 某某网")
    assert made.kind == "web"
    assert time.process_time() - started < 8


def test_empty():
    made = stripped("\n\n")
    assert made.lines == []


def test_again_is_the_same():
    """Labels of a run before do not matter."""
    text = marked(CASES / "people.txt")[0]
    made = stripped(text)
    first = [(line.label, line.rule) for line in made.lines]
    strip_chrome(made)
    assert [(line.label, line.rule) for line in made.lines] == first


def test_made_lines_do_not_stall():
    """No line, however made, makes matching slow."""
    for piece in (
        "首页 > ",
        "编辑：",
        "2020-01-01 ",
        "（",
        "1 ",
        "相关推荐",
        "来源：",
        "[[",
        "> " * 3,
        "记者 ",
        "第1版 ",
        "日报",
    ):
        made = stripped("\n".join([piece * 3000, piece * 60, piece * 12] * 5))
        assert made.lines


@pytest.mark.parametrize(
    ("numbers", "dropped"), [((15, 16, 17), 3), ((1, 3), 2), ((16,), 0), ((12, 3, 7), 0), ((5, 5), 0)]
)
def test_numbers_that_rise_page_by_page(numbers, dropped):
    """Page numbers stand between the pages of a text layer; a number of the text does not rise with others."""
    lines = [line for n in numbers for line in (*made.article(n).split("\n\n"), str(n))]
    document = read_text("\n\n".join([*lines, made.paragraph(9)]), "made.txt")
    strip_chrome(document)
    assert sum(line.rule == "running-number" for line in document.lines) == dropped
