"""What a piece of a newspaper page is, by its own form: byline, caption, brief, short line, body.

Only what the piece shows by itself is decided here. Whether a short line is a headline, a crosshead or the torn end of a
paragraph is decided where its neighbours are known, when columns are rejoined.
"""

from __future__ import annotations

import re

# Characters that compositors never set at a line's beginning.
CLOSERS = frozenset("，。、；：？！）》」』】〉〕”’…—·％%,.;:?!)]")
DASHES = ("——", "—", "──", "--")
STOPS = frozenset("。．！？!?…；;")
PAIRS = {"“": "”", "‘": "’", "（": "）", "《": "》", "「": "」", "『": "』", "(": ")"}
_CLOSED = {close: open_ for open_, close in PAIRS.items()}
_BRACKETS = re.compile("[" + re.escape("".join([*PAIRS, *_CLOSED])) + "]")
# a headline may end in ！ or ？, and in what was quoted
STOPPED = ("。", "；", ";", "。”", "；”", "！”", "？”", "。）", "。）”", "。」", "！」", "？」")
# marks that close what was opened and may stand after a stop
CLOSING = "”’）)》」』】〉〕"
# marks of footnotes, which stand after those
NOTES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

_WHO = (
    r"(?:本报|本報|本社|本刊|新华社|新華社|人民日报|中新社|央视|人民网|新华网|[\u4e00-\u9fff·—-]{1,12}(?:[报報网網社台]|在线|融媒|客户端))?"
    r"(?:全媒体|融媒体|特约|特派|首席|见习|实习|学生|驻[\u4e00-\u9fff]{1,6}|高级)?"
    r"(?:记者|通讯员|评论员|特派员|撰稿人|編輯|編译|编译|采访|采写|撰文|作者|記者|通訊員|評論員|文)"
)
_NAMES = r"[\u4e00-\u9fff·•\s\u3000、，,／/&（）()：:A-Za-z．.]{0,48}"
BYLINE = re.compile(
    rf"[□■◎○●▲※/（(]?\s?{_WHO}(?:[\s\u3000：:／/]|(?=[\u4e00-\u9fff]{{2,4}}[\s、，）)／/]|[\u4e00-\u9fff]{{2,4}}$)){_NAMES}[）)]?"
    # 文/某某, 图/视频截图; 某某 报道
    r"|(?:文|图|圖|图文|圖文|文图|摄影|攝影|撰文|整理|翻译|編譯|编译)[ ]?[/／|｜：:][ ]?"
    + _NAMES
    + r"|[\u4e00-\u9fff·]{2,12}[ ](?:报道|報道|報導|报导|摄影报道|攝影報導|文[/／]?图|文[/／]?圖|撰文|特派员|特派員)"
)
# the name of a column, 记者手记, not of a writer
_COLUMN = re.compile(
    r"(?:本报|本報)?(?:记者|記者|评论员)(?:手记|札记|观察|调查|来信|述评|连线|视线|见闻|走笔|手記|觀察|調查)"
)
BARE_BYLINE = re.compile(
    r"(?:本报|本報|新华社|新華社|本社|中新社|本刊)?(?:全媒体|融媒体)?(?:记者|評論員|评论员|記者|特约评论员)"
)
_BULLET_BYLINE = re.compile(
    r"[□■◎]\s?(?:[\u4e00-\u9fff·]{2,5}(?:[\s\u3000、]{1,2}[\u4e00-\u9fff·]{2,5}){0,4}|[\u4e00-\u9fff][ \u3000]{1,3}[\u4e00-\u9fff])(?:[（(][^（）()，。]{1,12}[）)])?"
)


# A turn of an interview, whatever its length: 问：为什么？
_SPEAKER = re.compile(r"(?:问|答|問|主持人)[：:]\s?\S|(?:记者|記者|提问|提問)[：:][^，、]{0,60}[？?]$")

# The family names of nineteen writers in twenty, for a byline that is a name and nothing else.
FAMILY_NAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤俞祁洪章鲁葛季成柳宁庄邢齐申殷梅路盛"
    "朴谷荆宫尚温庞纪耿关兰甘焦左柴阮苗闵欧童詹安喻管蓝盘殷骆凌霍辛娄牛岳丛冉柏裴卓尤单符卞桂房饶桑佟项查柳冷戚倪晏褚瞿阎米麻"
    "張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭蔣葉蘇呂盧鍾譚陸範賈鄒閻龍賀顧龔錢嚴湯魯莊齊"
)
_NAME = re.compile(
    r"[\u4e00-\u9fff](?:[\s\u3000]?[\u4e00-\u9fff]){1,3}|[\u4e00-\u9fff]{1,6}[·•][\u4e00-\u9fff·•]{1,10}"
)


def is_name(text: str) -> bool:
    """Whether a line may be a writer's name and nothing else.

    >>> [is_name(t) for t in ("洪 勇", "任仲平", "马 长 风", "玛丽娜·拉古什", "数智赋能", "亮点")]
    [True, True, True, True, False, False]
    """
    return bool(_NAME.fullmatch(text)) and (
        (text[0] in FAMILY_NAMES and (len(text.split()) <= 2 or max(map(len, text.split())) == 1))
        or "·" in text
        or "•" in text
    )


# Of a school: 某学院2018级 某某, 某某大学 某 某.
_SCHOOL = re.compile(
    "(?:[\u4e00-\u9fff]{1,6}(?:院|系|专业|班)(?:20)?\\d\\d级[\u4e00-\u9fff]{0,6}[ \u3000]"
    "|[\u4e00-\u9fff]{2,12}(?:学院|大学|研究院|研究所|中学|小学)[ \u3000]{1,3})"
    "([\u4e00-\u9fff](?:[ \u3000]{0,3}[\u4e00-\u9fff]){1,2})"
)


def is_names(text: str) -> bool:
    """Whether a line is several writers' names and nothing else; all but one begin with a family name that is known.

    >>> [is_names(t) for t in ("张海明 胥小洁", "李晨 王小满 周宁", "渔港 灯塔", "高山 流水")]
    [True, True, False, False]
    """
    names = text.split()
    known = sum(name[0] in FAMILY_NAMES for name in names)
    full = 2 <= len(names) <= 5 and all(2 <= len(name) <= 3 and _NAME.fullmatch(name) for name in names)
    return full and max(map(len, names)) == 3 and known >= len(names) - 1 > 0


def _names_behind_bullet(text: str) -> bool:
    """Whether a line is names behind a bullet, □ 张三, and no name of a column, ■延伸阅读.

    >>> [_names_behind_bullet(t) for t in ("□ 张三", "■郭 萌", "■延伸阅读", "■快评")]
    [True, True, False, False]
    """
    if _BULLET_BYLINE.fullmatch(text) is None:
        return False
    name = text[1:].strip().partition("（")[0]
    wide = len(name.split()) == 2 and max(map(len, name.split())) == 1
    # a filled square stands before columns as often as before names
    short = len(name) <= (3 if text[0] == "■" else 4) or len(name.split()) > 1 or "、" in name
    return wide or (short and name[0] in FAMILY_NAMES) or "·" in text


def names_one(form: re.Pattern[str], text: str) -> bool:
    """Whether a line is of a form, and what stands in its group is a name: no headline, 某某中学 新楼落成."""
    found = form.fullmatch(text)
    return found is not None and is_name(found[1])


# a photograph's text: who took it, or where to look
_CREDIT = re.compile(
    r"(?:[\s\u3000/／（(。，]|^)[\u4e00-\u9fff·]{0,12}(?:[\s\u3000]?(?:摄|攝|摄影报道|攝影報導|供图|供圖|制图|绘|資料圖片|资料图片|资料照片|发|發))[）)]?(?:[（(][^（）()]{0,12}(?:发|發|图片|圖片|视觉|视觉中国|影像中国|供图|资料)[）)])?$"
)
_CREDIT_ENDS = frozenset("摄攝道導图圖绘片发發）)")  # every match of it ends in one of these
_PICTURE = re.compile(
    r"^[▲△▼◀▶◤◥←→↑↓][^。]{4,80}。?[（(][^（）()]{2,12}[）)]$|^[▲△▼◀▶←→↑↓（(]{0,2}(?:图为|圖為|图①|图②|图③|图1|上图|下图|左图|右图|题图|资料图|資料圖|图片说明|圖片說明)"
)

# Which of several pictures a text is of: 图①：
PICTURE = re.compile("[图圖](?:[①-⑳]|[一二三四五六七八九十0-9]{1,2})[：:]")
# （一）, 3. and the like, alone on their line, part an article
_NUMBERING = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)、.．]?")
# What OCR makes of rules, column edges and specks; a lone 一 may number a section.
_SPECKS = re.compile("(?=.{0,5}[|丨｜~`'^_.·])[|丨｜~`'^_.·一二 ]{1,6}")
_PICTURE_NUMBER = re.compile("[①-⑳]{1,3}")
_RULE = re.compile("[-=_~─━═┄┈－＝＿ ]{3,}")  # drawn with characters
# Where a book is quoted from: …出版社2022年版，第87—88页
_CITATION = re.compile("第[ ]?[0-9]{1,4}(?:[ ]?[-–—、][ ]?[0-9]{1,4})?[ ]?页[）)]?$")
SENTENCE = 45  # characters from which what holds a full stop is no headline
HEADING = re.compile("#{1,6}[ ]+(?=.)")  # as Markdown marks it
LEADING_SPECKS = re.compile("[|丨｜~`^_]{1,3}[ ]?(?=[\u4e00-\u9fff“])|[.,'][ ](?=[\u4e00-\u9fff“])")
TRAILING_SPECKS = re.compile("(?<=[\u4e00-\u9fff，。、；：！？”])(?:[ ]?[|丨｜~`^_]{1,3}|[ ][·.,'-]{1,2})$")
SPECKS = 4  # characters that trailing ones take up at most
BOLD = re.compile(
    r"\*\*[^*\s](?:[^*]{0,400}[^*\s])?\*\*|__[^_\s](?:[^_]{0,400}[^_\s])?__"
)  # a whole line, as Markdown sets it
EDGES = frozenset("|丨｜~`^_·.,'-")  # leading specks begin with one of these, trailing ones end in one
BRIEF = re.compile(r"^[●■◆★▲▶○◎•·]\s?")

# How a piece begins that begins an article: 本报讯（记者…）, 新华社北京12月18日电, 据新华社电, 【娛樂組】, 〔記者…／台北報導〕
DATELINE = re.compile(
    r"^(?:[（(【〔]?(?:据|據)?(?:本报|本報|本社|新华社|新華社|中新社|中新网|中新網|央视网|央视|人民网|法新社|路透社|中央社|新华网|新华每日电讯|[\u4e00-\u9fff]{2,6}(?:日[报報]|晚[报報]|[时時][报報]|社))"
    r"[^。，；！？]{0,24}(?:讯|訊|电|電|消息|专电|報道|报道)|[\u4e00-\u9fff]{2,6}[报報網网台][讯訊](?=[ \u3000（(])|【[^】]{2,20}(?:讯|訊|电|電|报道|記者[^】]{2,8})】|(?:据|據)新华社电|[（(〔［][\u4e00-\u9fff\d ]{2,18}(?:电|電|讯|訊)[）)〕］]"
    r"|【[\u4e00-\u9fff]{2,4}[组組]】|[〔【（(［](?:本[报報])?(?:[记記]者|特派[员員]|[编編][译譯])[^〕】）)］]{2,24}(?:[报報][导導道]|[电電讯訊]|综合|綜合)[〕】）)］])"
)
# How the last piece of an article may end: （新华社北京11月16日电）, （完）, （作者为…）
LAST_WORDS = re.compile(
    r"^[（(](?:新华社|本报)[^（）()]{2,20}电$|[（(](?:完|[^（）()]{0,30}(?:电|電|讯|供稿|执笔|整理|作者[为系单位]?[^（）()]{0,40}))[）)]$|^[（(](?:本报|新华社|据|作者|记者)[^（）()]{2,60}[）)]$"
)
_LAST_ENDS = frozenset("电）)")  # every match of it ends in one of these
# Who wrote it, in brackets behind the last sentence: …恢复通车。（刘 燕）
_SIGNED = re.compile(
    "[。！？][”’」』]?[（(](?:[\u4e00-\u9fff]{2,4}记者[ \u3000]?|[\u4e00-\u9fff]{2,6}[员者][ \u3000]?)?([^（）()]{2,14})[）)]$"
)


def ends_article(text: str) -> bool:
    """Whether a text ends as articles do: with an agency's words, or with its writers' names in brackets.

    >>> [ends_article(t) for t in ("恢复通车。（刘 燕）", "恢复通车。（胡小敏 周全）", "恢复通车。（完）", "他说。（掌声）", "他说。")]
    [True, True, True, False, False]
    """
    if text[-1:] not in _LAST_ENDS:
        return False
    tail = text[-80:]
    if LAST_WORDS.search(tail):
        return True
    signed = _SIGNED.search(tail)
    return signed is not None and (is_name(signed[1]) or is_names(signed[1]))


def ends_sentence(text: str) -> bool:
    """Whether a text ends a sentence: a stop, with or without closing marks after it.

    >>> [ends_sentence(t) for t in ("他说。", "他说。”", "他说。①", "“用餐难、用餐贵”", "（新华社北京电）", "工会")]
    [True, True, True, False, False, False]
    """
    bare = text.rstrip(CLOSING + NOTES)
    return bare[-1:] in STOPS


def brackets(text: str) -> tuple[str, str]:
    """Closers that nothing opened, and openers that nothing closed, in order.

    >>> brackets("一》和《二")
    ('》', '《')
    """
    closers, openers = "", ""
    for ch in _BRACKETS.findall(text):
        if ch in PAIRS:
            openers += ch
        elif openers.endswith(_CLOSED[ch]):
            openers = openers[:-1]
        elif not openers:
            closers += ch
    return closers, openers


def no_text(line: str) -> tuple[str, str] | None:
    """Why a whole line is no text, and by which rule: specks, the number of a picture; None for what may be text.

    >>> [no_text(t) for t in ("~ 一 二", "②", "--------", "一", "……")]
    [('noise', 'specks'), ('page_furniture', 'picture_number'), ('noise', 'rule'), None, None]
    """
    if _RULE.fullmatch(line):
        return "noise", "rule"
    if len(line) > 6:
        return None
    if _PICTURE_NUMBER.fullmatch(line):
        return "page_furniture", "picture_number"
    return ("noise", "specks") if _SPECKS.fullmatch(line) else None


def label_piece(text: str) -> tuple[str, str]:
    """The label of a piece and the rule that gave it; ("short", …) for what its neighbours must tell."""
    if len(text) <= 60 and not text.rstrip("）)").endswith(("摄", "攝", "供图", "供圖")):
        if (
            text[-1] not in "，、"
            and (
                BARE_BYLINE.fullmatch(text)
                or BYLINE.fullmatch(text)
                or _names_behind_bullet(text)
                or names_one(_SCHOOL, text)
            )
            and not _COLUMN.fullmatch(text)
        ):
            return "byline", "byline_form"
        if _PICTURE.match(text):
            return "caption", "picture_words"
    if len(text) <= 200:
        credited = text[-1] in _CREDIT_ENDS and _CREDIT.search(text[-24:])
        if credited and not ends_sentence(text):
            return "caption", "picture_credit"
        if len(text) > 60 and _PICTURE.match(text):
            return "caption", "picture_words"
    if BRIEF.match(text) and len(text) > 24:
        return "body", "brief"
    dateline = DATELINE.match(text)
    if dateline is not None and dateline.end() == len(text):
        return "body", "dateline_alone"
    if dateline is not None and dateline.group()[-1] in "电電讯訊" and text[dateline.end()] not in "题題":
        return "body", "dateline"
    if _CITATION.search(text):
        return "body", "citation"
    if _NUMBERING.fullmatch(text):
        return "body", "numbering"
    if not any(map(str.isalnum, text)):
        return "body", "marks_only"
    if _SPEAKER.match(text):
        return "body", "speaker"
    if ends_article(text):
        return "body", "last_words"
    if len(text) > SENTENCE and "。" in text:
        return "body", "running_text"
    if len(text) <= 80 and not text.endswith(STOPPED) and text[-1] not in "，、；：,;":
        return "short", "no_end_mark"
    return "body", "running_text"
