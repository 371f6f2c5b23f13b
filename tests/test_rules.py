"""Rules are data: each takes its example and leaves the other, and a wrong file says what is wrong."""

import re

import made
import pytest

from pipeline.rules import HERE, RuleError, load_rules, widen
from pipeline.stages.chrome import strip_chrome
from pipeline.stages.decode import read_text

RULES = load_rules()


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda r: r.name)
def test_rule_examples(rule):
    """A rule takes its examples, asked alone, and no rule of its kind takes what it leaves."""
    takes = RULES.asked_alone(rule)
    for kind in ("web", "page") if rule.on == "both" else (rule.on,):
        for text in rule.takes:
            assert takes(text), text
            assert RULES.find(text, kind) is not None
        for text in rule.leaves:
            assert RULES.find(text, kind) is None, text


@pytest.mark.parametrize("line", RULES.lines, ids=lambda r: r.name)
def test_masthead_examples(line):
    takes = RULES.asked_alone(line)
    for text in line.takes:
        assert takes(text), text
        assert RULES.masthead(text, head=True) is not None
    for text in line.leaves:
        assert RULES.masthead(text, head=True) is None, text


@pytest.mark.parametrize("name", ["chrome.toml", "papers.toml", "sites.toml"])
def test_our_own_rules_pass_the_checks_of_a_users(name):
    load_rules(HERE / name)


def test_page_scan_misses_no_rule():
    """The scan of a whole page finds every line that a rule takes, wherever it stands."""
    filler = "田野上的风吹过来，稻浪一层一层地翻滚着"
    texts = [x for r in RULES.rules if r.on != "web" for x in r.takes]
    texts += [x for r in RULES.lines if not r.head for x in r.takes]
    lines = [y for x in texts for y in (filler, x)]
    assert {2 * i + 1 for i in range(len(texts))} <= RULES.worth_asking(lines)


def test_traditional_forms():
    """A rule written in simplified script takes the traditional form too."""
    assert RULES.find("責任編輯：林某", "page").name == "editor-line"
    assert RULES.find("返回頂部", "web").reason == "navigation"
    assert RULES.find("相關新聞", "web").role == "list"


@pytest.mark.parametrize(
    ("text", "is_menu"),
    [
        ("首页 新闻 体育 娱乐 财经 登录", True),
        ("网站首页时政国际财经台湾军事观点领导人事理论法治", True),
        ("即時 | 熱門 | 政治 | 社會 | 地方星火", True),
        ("教育科技文化卫生事业全面发展", False),
        ("文化 体育 旅游", False),
        ("教育、科技、文化、体育、旅游", False),
        ("村里的稻子熟了 老人们坐在树下", False),
    ],
)
def test_menu_in_one_row(text, is_menu):
    """Entries of a menu are told with marks or nothing between them; a headline that names a few fields is none."""
    assert RULES.names_menu(text) is is_menu


LISTINGS = [
    ("19:30 新闻联播", "programme"),
    ("双色球第2031067期", "draw"),
    ("100美元 639.86", "rate"),
    ("多云转晴 3℃到12℃ 偏北风3到4级", "weather"),
    ("招租：临街旺铺85平方米，电话13000000000", "small-advert"),
    ("林某遗失渔船证，号码0000，声明作废。", "small-advert"),
    ("今日导读", "guide"),
    ("■渔港扩建方案公布 详见A3版", "guide"),
    ("版权声明：本版稿件未经书面许可，不得转载、摘编", "page-notice"),
    ("新闻热线：87130000", "contact"),
    ("扫一扫 关注本报微信", "contact"),
    ("明日天气：晴 微风 最高气温15℃", "forecast"),
    ("夜间 小雨转阴 北风二三级", "forecast"),
    ("社址：海湾县渔港路1号 电话：500000 定价：每份0.25元", "imprint"),
    ("■渔港冷库下月开建 B2", "guide"),
    ("渔港旧厂房变身文创园 （6版）", "guide"),
    ("本版文章仅代表作者个人观点", "page-notice"),
    ("海湾新闻网 http://www.example.cn", "contact"),
]
SENTENCES = [
    "19:30，渔港的灯塔准时亮了。",
    "10:00 前后，第一批渔船靠岸了。",
    "双色球开出三注大奖",
    "100美元起步的渔网生意",
    "今天多云，气温12℃到18℃，渔船照常出海。",
    "招聘会昨天在渔港举行，来了三百人。",
    "他的渔船证去年遗失了。",
    "导读活动走进校园",
    "版权保护今年有了新办法。",
    "渔民可以拨打热线12345反映情况。",
    "扫码支付走进鱼市",
    "天气预报准不准",
    "最低气温零下２℃的清晨",
    "定价：三十元一斤",
    "■渔港开市 林某",
    "他念完了诗集（第2版）的序。",
    "旅客可登录网站www.example.cn购票。",
]


@pytest.mark.parametrize("foot", [True, False], ids=["foot of the page", "amid the page"])
@pytest.mark.parametrize(("line", "name"), LISTINGS)
def test_what_papers_print_between_articles(line, name, foot):
    """Listings, notices and small adverts of a page are dropped wherever they stand; the texts around them stay."""
    first, second = made.page(1, articles=1), made.article(7)
    document = read_text(f"{first}\n{second}\n{line}\n" if foot else f"{first}\n{line}\n\n{second}", "made.txt")
    strip_chrome(document)
    assert document.kind == "page"
    assert [(x.text, x.rule) for x in document.lines if x.label not in (None, "masthead")] == [(line, name)]


@pytest.mark.parametrize("line", SENTENCES)
def test_what_speaks_of_them_stays(line):
    document = read_text(f"{made.article(0)}\n{line}\n\n{made.article(1)}", "made.txt")
    strip_chrome(document)
    assert not any(x.label for x in document.lines)


def test_variants_are_complete():
    """Every character of our rules that has a traditional form is in variants.toml."""
    opencc = pytest.importorskip("opencc")
    convert = opencc.OpenCC("s2t").convert
    used = set()
    for rule in (*RULES.rules, *RULES.lines):
        used |= set(re.findall("[\u4e00-\u9fff]", rule.pattern + "".join(getattr(rule, "phrases", ()))))
    used |= {ch for site in RULES.sites for word in site.words for ch in word}
    assert {ch for ch in used if convert(ch) != ch and convert(ch) not in RULES.variants.get(ch, "")} == set()


def test_sites_in_both_scripts():
    assert RULES.site_of("網易首頁 > 新聞中心 > 正文") == "网易"
    assert RULES.site_of("平鎮惡火 | 社會 | 中央社 CNA") == "中央社"
    assert RULES.names_site("明報新聞網")
    assert not RULES.names_site("网易的故事才刚刚开始讲起来")


def test_widen():
    assert widen("[^责]任", {"责": "責"}) == "[^责責]任"
    assert widen(r"\[责", {"责": "責"}) == r"\[[责責]"


GOOD = """
[[rule]]
name = "fan-club"
reason = "advert"
on = "web"
match = "start"
phrases = ["加入 读者俱乐部"]
takes = ["加入读者俱乐部有礼"]
leaves = ["读者来信"]
"""


def test_rules_of_ones_own(tmp_path):
    path = tmp_path / "my.toml"
    path.write_text(GOOD, encoding="utf-8")
    rules = load_rules(path)
    assert rules.find("加入读者俱乐部有礼", "web").name == "fan-club"
    assert rules.find("加入 读者俱乐部", "web").name == "fan-club"
    assert RULES.find("加入读者俱乐部有礼", "web") is None


def test_a_file_that_changed_is_read_again(tmp_path):
    path = tmp_path / "my.toml"
    path.write_text(GOOD, encoding="utf-8")
    load_rules(path)
    path.write_text(GOOD.replace("fan-club", "readers-club"), encoding="utf-8")
    assert load_rules(path).find("加入读者俱乐部有礼", "web").name == "readers-club"


def test_own_rule_replaces_ours(tmp_path):
    path = tmp_path / "my.toml"
    path.write_text(GOOD.replace("fan-club", "leaf-number"), encoding="utf-8")
    rules = load_rules(path)
    assert rules.find("第 15 页", "page") is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('reason = "advert"', 'reason = "rubbish"'), "reason 'rubbish'"),
        (('match = "start"', 'match = "end"'), "match 'end'"),
        (('phrases = ["加入 读者俱乐部"]', "pattern = '(?:.*a)'"), "without a bound"),
        (('phrases = ["加入 读者俱乐部"]', "pattern = '(a)'"), "captures"),
        (('phrases = ["加入 读者俱乐部"]', "pattern = '(?:a'"), "pattern"),
        (('phrases = ["加入 读者俱乐部"]', ""), "phrases or a pattern"),
        (('phrases = ["加入 读者俱乐部"]', "phrases = [7]"), "int"),
        (('name = "fan-club"', 'name = "fan-club"\ncolour = "red"'), "colour"),
        (('leaves = ["读者来信"]', ""), "one that it leaves"),
        (("[[rule]]", "[[rules]]"), "unknown table"),
        (('name = "fan-club"', "name = "), "not TOML"),
        (('on = "web"', 'on = "web"\nlongest = 9000'), "longest"),
        (('"加入读者俱乐部有礼"', '"读者俱乐部"'), "does not take '读者俱乐部'"),
        (('"读者来信"', '"加入 读者俱乐部"'), "takes '加入 读者俱乐部', which is among what it leaves"),
    ],
)
def test_wrong_files_say_so(tmp_path, change, message):
    """An error names the file, the rule where there is one, and what is wrong."""
    path = tmp_path / "my.toml"
    path.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(RuleError, match=re.escape(message)) as caught:
        load_rules(path)
    assert str(path) in str(caught.value)


def test_missing_file(tmp_path):
    with pytest.raises(RuleError, match="cannot be read"):
        load_rules(tmp_path / "none.toml")


def test_twice_the_same_name(tmp_path):
    path = tmp_path / "my.toml"
    path.write_text(GOOD + GOOD, encoding="utf-8")
    with pytest.raises(RuleError, match="two rules are named"):
        load_rules(path)


def test_files_are_all_read():
    assert {p.name for p in HERE.glob("*.toml")} >= {"chrome.toml", "papers.toml", "sites.toml", "variants.toml"}
