"""What a piece of a page is by its own form."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import labels
from pipeline.labels import (
    BRIEF,
    DATELINE,
    LAST_WORDS,
    brackets,
    ends_article,
    ends_sentence,
    is_name,
    label_piece,
    no_text,
)


def label(text):
    return label_piece(text)[0]


def cases(named):
    """Cases by name."""
    return [pytest.param(*rest, id=name) for name, *rest in named]


BYLINES = [
    ("paper's reporter", "本报记者 林小满"),
    ("two reporters", "本报记者 林小满 周宁"),
    ("spaced name", "本报记者 周 宁"),
    ("agency", "新华社记者 高云 何川"),
    ("ideographic space", "本报记者\N{IDEOGRAPHIC SPACE}林小满"),
    ("colon", "记者：林小满"),
    ("written by", "撰文 林小满"),
    ("of a site", "海湾新闻网记者 林小满"),
    ("reporter and correspondent", "本报记者 林小满 通讯员 何川"),
    ("correspondent", "通讯员 何川"),
    ("stationed", "本报驻青岛记者 何川"),
    ("in brackets", "（本报记者 林小满）"),
    ("bullet", "□ 本报记者 林小满"),
    ("bullet and name", "□ 林小满"),
    ("bullet and two names", "■ 林小满 周宁"),
    ("commentator", "本报评论员"),
    ("trainee", "本报见习记者 周宁"),
    ("all media", "本报全媒体记者 周宁"),
    ("another paper", "海湾日报记者 周宁"),
    ("no space", "本报记者林小满"),
    ("traditional", "本報記者 林小滿"),
    ("ideographic comma", "本报记者 林小满、周宁"),
    ("text by", "文/林小满"),
    ("text by, full-width stroke", "文／林小满"),
    ("text and pictures by", "图文｜林小满 周宁"),
    ("pictures of", "图/视频截图"),
    ("a role and a stroke", "本报记者林小满/文"),
    ("name and report", "林小满 报道"),
    ("name and report, traditional", "林小滿 報導"),
    ("name, text and pictures", "林小满 文/图"),
    ("a station's reporter", "海湾电视台记者 林小满"),
    ("an agency's reporter", "海湾通讯社记者 林小满"),
    ("of a class", "石桥学院2028级 林小满"),
    ("of a class, named", "文学院2030级中文班 林小满"),
    ("of a class, short", "渔业系30级 周宁"),
    ("of a course", "海洋专业2029级 高云"),
    ("of a university", "石桥大学 林小满"),
    ("of a university, spaced name", "石桥大学 周 宁"),
    ("of a school", "石桥小学\N{IDEOGRAPHIC SPACE}方圆"),
    ("student reporter", "学生记者 林小满"),
    ("a school paper's student reporter", "石桥大学报学生记者 林小满"),
    ("bullet and spaced name", "■ 周 宁"),
    ("bullet and spaced name, no space", "■周 宁"),
    ("bullet, name and school", "◎ 林小满（海湾大学）"),
    ("bullet and foreign name", "□ 安娜·科瓦"),
]


@pytest.mark.parametrize("text", cases(BYLINES))
def test_bylines(text):
    assert label(text) == "byline"


NO_BYLINES = [
    ("a reporter sees", "记者在码头看到，渔船已经陆续回港。"),
    ("a reporter's day", "记者节里的码头故事"),
    ("dateline", "本报讯（记者林小满）昨天，城南渔港迎来了今年的第一批客人。"),
    ("torn", "本报记者从渔港管理处了解到，"),
    ("headline", "本报记者站迁入新址"),
    ("a text is a text", "文化站里的渔歌"),
    ("a report", "渔港报道获奖"),
    ("a report on", "渔港开航 本报连续三天报道"),
    ("a school's headline", "石桥小学 新天文台开放"),
    ("a school", "石桥大学"),
    ("a class", "文学院2030级"),
    ("bullet and column", "■延伸阅读"),
    ("bullet and short column", "■快评"),
    ("bullet and column, spaced", "□ 渔港开航"),
    ("bullet and afterword", "◎编后"),
    ("bullet and headline", "■渔港速递"),
]


@pytest.mark.parametrize("text", cases(NO_BYLINES))
def test_reporters_in_the_text_are_no_byline(text):
    assert label(text) != "byline"


@pytest.mark.parametrize("text", ["石桥小学 添望远镜", "海湾研究院 发布报告", "海湾中学 新楼落成"])
def test_short_headlines_of_schools_are_no_byline(text):
    assert label(text) != "byline"


NAMES = [
    ("林小满", True),
    ("周宁", True),
    ("周 宁", True),
    ("周\N{IDEOGRAPHIC SPACE}宁", True),
    ("玛丽娜·科瓦奇", True),
    ("渔港新貌", False),
    ("亮点", False),
    ("数智赋能", False),
    ("林小满走进渔港看望船工", False),
    ("周宁。", False),
    ("2031", False),
]


@pytest.mark.parametrize(("text", "expected"), NAMES)
def test_names(text, expected):
    assert is_name(text) is expected


CAPTIONS = [
    ("photographer", "图为渔民在码头分拣渔获。 林小满 摄"),
    ("photographer, brackets", "渔民在码头分拣渔获。（林小满 摄）"),
    ("no space", "渔民在码头分拣渔获。林小满摄"),
    ("given", "茶农在山坡上采摘春茶。何川 供图"),
    ("this picture", "图为渔民在码头分拣渔获"),
    ("picture above", "上图：渔民在码头分拣渔获。"),
    ("picture left", "左图为翻新后的灯塔，右图为旧灯塔。"),
    ("triangle", "▲图为翻新后的灯塔。"),
    ("credit alone", "本报记者 林小满 摄"),
    ("agency credit", "新华社记者 高云 摄"),
    ("sent out", "茶农在山坡上采摘春茶。何川摄（新华社发）"),
    ("file photograph", "翻新前的灯塔。资料图片"),
    ("traditional", "圖為漁民在碼頭分揀漁獲。"),
    ("traditional credit", "漁民在碼頭分揀漁獲。林小滿 攝"),
    ("agency's picture", "茶农在山坡上采摘春茶。何川 摄（影像中国）"),
    ("half-width brackets", "茶农在山坡上采摘春茶。何川 摄(资料图片)"),
    ("arrow and source", "◤渔民在码头分拣渔获（海湾新闻社）"),
    ("arrow, stop and source", "→翻新后的灯塔亮了。（何川供图）"),
]


@pytest.mark.parametrize("text", cases(CAPTIONS))
def test_captions_and_credits(text):
    assert label(text) == "caption"


NO_CAPTIONS = [
    ("a photographer works", "林小满在码头拍摄了三天，把渔民的一天拍成了短片。"),
    ("the camera", "他花了三年时间，在山里拍摄。"),
    ("sentence", "渔港管理处昨天向船工们发放了新的救生衣，每人一件，当场试穿。"),
]


@pytest.mark.parametrize("text", cases(NO_CAPTIONS))
def test_running_text_is_no_caption(text):
    assert label(text) == "body"


DATELINES = [
    ("paper", "本报讯（记者林小满）昨天，渔港开航。"),
    ("paper, spaced", "本报讯 昨天，渔港开航。"),
    ("agency", "新华社青岛3月2日电 昨天，渔港开航。"),
    ("agency, reporters", "新华社青岛3月2日电（记者高云、何川）昨天，渔港开航。"),
    ("according to", "据新华社电 昨天，渔港开航。"),
    ("paper's wire", "本报青岛3月2日电 昨天，渔港开航。"),
    ("other agency", "中新社青岛3月2日电 昨天，渔港开航。"),
    ("another paper", "海湾日报讯 昨天，渔港开航。"),
    ("traditional", "新華社青島3月2日電 昨天，漁港開航。"),
    ("in brackets", "（海湾通讯社青岛3月2日电）昨天，渔港开航。"),
    ("in brackets, paper", "（海湾报讯）昨天，渔港开航。"),
    ("tortoise-shell brackets", "〔本报讯〕昨天，渔港开航。"),
    ("square brackets", "［本报讯］昨天，渔港开航。"),
    ("any paper", "城南报讯（记者林小满）昨天，渔港开航。"),
    ("any weekly, spaced", "渔港周报讯 昨天，渔港开航。"),
    ("any site", "海湾网讯（通讯员何川）昨天，渔港开航。"),
    ("any station", "海湾电视台讯 昨天，渔港开航。"),
    ("any paper, traditional", "海灣報訊（記者林小滿）昨天，漁港開航。"),
    ("a desk", "【港聞組】漁港昨天開航，首日有二十六條漁船出海。"),
    ("reporter and place", "〔記者林小滿／台北報導〕漁港昨天開航。"),
    ("reporter and report", "（海灣日報報道）漁港昨天開航，首日有二十六條漁船出海。"),
]


@pytest.mark.parametrize("text", cases(DATELINES))
def test_datelines(text):
    assert DATELINE.match(text)
    assert label(text) == "body"


@pytest.mark.parametrize(
    "text",
    [
        "渔港昨天开航，本报讯息中心派出记者。",
        "他说，新华社青岛分社的同志也在场。",
        "昨天，据了解，渔港开航。",
        "（渔港昨天停电，傍晚恢复供电）",
        "渔业公报讯息更新",
        "海湾网讯息栏前站满了人。",
        "他在海湾报讯问处工作。",
        "【记者手记】渔港开航那天，我在码头上站了一夜。",
        "〔記者林小滿翻攝〕",
        "（记者林小满）渔港昨天开航。",
    ],
)
def test_no_datelines(text):
    assert not DATELINE.match(text)


CLOSING_LINES = [
    "（完）",
    "(完)",
    "（新华社青岛3月2日电）",
    "（本报青岛3月2日电）",
    "（作者为渔港管理处主任）",
    "（据新华社电）",
    "（何川 供稿）",
]


@pytest.mark.parametrize("text", CLOSING_LINES)
def test_closing_lines(text):
    assert LAST_WORDS.search(text)
    assert label(text) == "body"


SIGNED = [
    "渔港昨天开航。（林小满）",
    "渔港昨天开航。（林 阳）",
    "他说：“开航了！”（张海明 胥小洁）",
    "渔港开航。（通讯员 何川）",
]


@pytest.mark.parametrize("text", SIGNED)
def test_writers_names_close_an_article(text):
    assert ends_article(text)
    assert label(text) == "body"


@pytest.mark.parametrize(
    "text",
    ["他说。（掌声）", "渔港昨天开航。（组图）", "“海湾蓝”（总编辑的话·后续）", "渔港开航（林小满）", "渔港昨天开航。"],
)
def test_other_remarks_close_none(text):
    assert not ends_article(text)


@pytest.mark.parametrize("text", ["（上半年）", "（一）", "渔港开航（组图）", "他说（笑）"])
def test_no_closing_lines(text):
    assert not LAST_WORDS.search(text)


@pytest.mark.parametrize("mark", "●■◆★▲▶○◎•·")
def test_briefs_are_running_text(mark):
    text = f"{mark}渔港管理处从下月起把夜间停泊费降低一成，新老船只都一样，不用另外申请"
    assert BRIEF.match(text)
    assert label(text) == "body"


@pytest.mark.parametrize("text", ["（一）", "(二)", "三、", "4.", "十二", "（3）", "5、"])
def test_numbering_lines_are_no_headline(text):
    assert label(text) == "body"


@pytest.mark.parametrize("text", ["* * *", "———", "……", "◆◆◆"])
def test_marks_alone_are_no_headline(text):
    assert label(text) == "body"


SHORT = [
    "渔港里的第一个春天",
    "灯塔亮了！",
    "谁来守护茶山？",
    "——城南渔港见闻",
    "“海上驿站”开门迎客",
    "渔港的早晨 码头的夜晚",
]


@pytest.mark.parametrize("text", SHORT)
def test_what_may_be_a_headline_is_left_to_its_neighbours(text):
    assert label(text) == "short"


RUNNING = ["渔港昨天开航。", "“船都回来了。”", "他说：", "渔民、船工、", "老站长把灯擦了一遍又一遍，"]


@pytest.mark.parametrize("text", RUNNING)
def test_running_text(text):
    assert label(text) == "body"


ENDS = [
    ("full stop", "船都回来了。", True),
    ("footnote", "船都回来了。①", True),
    ("quote and footnotes", "他说：“船都回来了。”②③", True),
    ("a footnote amid a sentence", "船都回来①", False),
    ("exclamation", "灯塔亮了！", True),
    ("question", "谁来守护茶山？", True),
    ("half-width", "船都回来了!", True),
    ("quoted sentence", "他说：“船都回来了。”", True),
    ("bracketed sentence", "（船都回来了。）", True),
    ("quote in a quote", "“他说‘船都回来了。’”", True),
    ("traditional quote", "「船都回來了。」", True),
    ("dots", "船都回来了……", True),
    ("semicolon", "一是修船；", True),
    ("quoted term", "“海上驿站”", False),
    ("bracketed term", "（新华社青岛电）", False),
    ("comma", "船都回来了，", False),
    ("colon", "他说：", False),
    ("none", "船都回来了", False),
    ("empty", "", False),
    ("closing marks only", "”）", False),
]


@pytest.mark.parametrize(("text", "expected"), cases(ENDS))
def test_ends_sentence(text, expected):
    assert ends_sentence(text) is expected


BRACKETS = [
    ("balanced", "“渔港”（城南）《船歌》", "", ""),
    ("left open", "他说：“船都回", "", "“"),
    ("not opened", "来了。”他走了", "”", ""),
    ("both", "一》和《二", "》", "《"),
    ("nested left open", "“他在《船歌", "", "“《"),
    ("nested, inner closed", "“他在《船歌》里", "", "“"),
    ("traditional", "「他在『船歌", "", "「『"),
    ("half-width", "(城南", "", "("),
    ("none", "船都回来了", "", ""),
]


@pytest.mark.parametrize(("text", "closers", "openers"), cases(BRACKETS))
def test_brackets(text, closers, openers):
    assert brackets(text) == (closers, openers)


@pytest.mark.parametrize("text", ["记者手记", "本报记者观察", "記者調查"])
def test_the_name_of_a_column_is_no_byline(text):
    assert label(text) == "short"


@pytest.mark.parametrize(
    ("pattern", "ends"), [(labels._CREDIT, labels._CREDIT_ENDS), (labels.LAST_WORDS, labels._LAST_ENDS)]
)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_what_is_asked_before_a_pattern_loses_no_match(pattern, ends, data):
    """A piece whose last character rules a form out is not asked for it: no text of that form is passed over."""
    text = data.draw(st.from_regex(pattern)).rstrip("\n")
    assert not pattern.search(text) or text[-1] in ends


@pytest.mark.parametrize(("text", "expected"), [
    ("问：渔港为什么要装路灯？", "body"), ("答：为了渔民", "body"), ("记者：今年的收成怎么样？", "body"),
    ("问：渔港为什么要装路灯", "body"), ("渔港为什么要装路灯？", "short"), ("记者：林小满", "byline"),
])  # fmt: skip
def test_turns_of_an_interview_are_text(text, expected):
    assert label(text) == expected


SPECKS = [
    ("stroke", "|", ("noise", "specks")),
    ("strokes and blanks", "| ~ 一", ("noise", "specks")),
    ("picture's number", "②", ("page_furniture", "picture_number")),
    ("section's number", "一", None),
    ("dots", "……", None),
    ("rule", "--------", ("noise", "rule")),
    ("double rule", "════════", ("noise", "rule")),
    ("rule with blanks", "_ _ _ _ _ _", ("noise", "rule")),
    ("dash", "——", None),
    ("stars", "* * *", None),
    ("hyphens before a name", "--林小满", None),
    ("a character between strokes", "|灯|", None),
    ("a number", "3", None),
    ("a footnote's text", "①渔港志", None),
    ("longer than specks are", "| | | | | |", None),
]


@pytest.mark.parametrize(("text", "expected"), cases(SPECKS))
def test_lines_that_are_no_text(text, expected):
    assert no_text(text) == expected


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("《渔港志》，海湾出版社2031年版，第87—88页", "citation"),
        ("据新华社电海湾统计局18日发布的数据", "dateline"),
        ("本报讯3月2日清早，城南渔港", "dateline"),
    ],
)
def test_what_looks_like_a_headline_and_is_text(text, rule):
    assert label_piece(text) == ("body", rule)


@pytest.mark.parametrize("text", ["第3页上的渔港", "新华社青岛3月2日电题：渔港里的第一个春天"])
def test_what_is_left_to_its_neighbours(text):
    assert label(text) == "short"
