"""What a line looks like, computed once: length, end mark, punctuation, share of Chinese, how often it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from pipeline.records import Line
from pipeline.rules import ChromeRules, Rule

# A paragraph ends in one of these; a closing quote or bracket may stand behind.
STOPS = "。！？!?…；;"
CLOSERS = "”’」』）)】"
INSIDE = 9  # lines of a list of other articles inside a body that nothing closes, at most
FEW = 5  # the same where only one sentence follows
TAGS = ("hash-tags", "keywords-line")
NOTES = ("copyright", "licence", "disclaimer", "editor-line", "comment-box")
BESIDE_COMMENTS = (
    "age-and-counter",
    "post-tools",
    "short-time",
    "time-stamp",
    "dated-line",
    "field-row",
    "share-bar",
    "comment-box",
)
COPIED = 30  # characters of a paragraph that is told again where it stands twice
SET_IN = 2  # cells of a paragraph's indent
NAME = 12  # characters of an account's name, at most
REPLY = 25.0  # what a reply's name and date part it by
CREDIT = 48  # characters, at most, of who took a picture and when
WORDS = 7  # blanks of a sentence in another language, at least
SUMMARY = 8  # lines of a summary that a machine made, at most
CLOSED = 16  # lines of a list of other articles inside a body, at most
_QUOTES = "\"'\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
_BEFORE_REMARK = "。！？”）)"
_HALF_STOP = re.compile("[!?;](?![A-Za-z0-9/])")
_COMMA = re.compile("[，、：,:](?![0-9])")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]{1,}")
# What a line that says who took a picture holds near its end.
_CREDITED = re.compile("[摄攝供发發图圖社觉覺取截翻资資档檔]")
_CAPTION = re.compile(
    "[▲△↑↓←→▼■]?[ ]?(?:(?:资料|資料|配)[图圖](?:[片]?[：:/]|为|為|，|。|$)"
    "|(?:图|圖|上图|上圖|下图|下圖|左图|左圖|右图|右圖|题图|題圖|本版图片)(?:为|為|①|②|③|[：:]|\\d{1,2}[：:])"
    "|(?:图|圖)[片像]?(?:说明|說明|加注文字|加註文字)|[▲△]"
    "|[视視][频頻][：:丨|｜][^。]{2,80}[（(]\\d{1,2}:\\d{2}[)）]$)"
)
_CAPTION_END = re.compile(
    "(?:(?:[\u4e00-\u9fff]{2,4}|记者|記者)[ ]{0,2}/?[ ]{0,2}[摄攝]|供[图圖]|[摄攝]影?|提供|翻[攝摄]"
    "|(?:新华社|視覺中國|视觉中国|法新社|路透社?)(?:发|图|供图)?)[)）。]?"
    "(?:[ ]{0,2}\\d{2,4}年\\d{1,2}月\\d{1,2}日)?$"
    "|[ \u3000](?:[资資]料|[档檔]案)[图圖照]片?$"
    "|(?:[图圖]片?|照片)均?[为為由][^。，]{2,24}(?:[图圖摄攝]|提供|供[图圖])$|[（(](?:摄影|攝影|[图圖]片?)[／/：:][^）)]{2,24}[)）]$"
    "|[（(](?:取自|翻[摄攝]自|截自|[图圖][/／:：源]|(?:示意|[资資]料|[档檔]案)[图圖照片]{0,2}[/／:：，,])[^）)]{1,30}[)）]$"
    "|(?:[图圖]片?|[图圖]像)(?:[来來]源|源)[：:／/][ ]{0,2}[^。，：:]{2,36}$"
)
_BYLINE = re.compile(
    "[●■□◎○〔【\\[]?[ ]{0,2}"
    "(?:(?:本[报刊网台]|新华社|新華社|中新[社网]|央视|[\u4e00-\u9fff]{1,6}(?:[报報社网網刊]|新闻|新聞|在线)"
    "|[A-Z]{2,8}(?:中文)?)?[ ]{0,2}"
    "(?:特约|首席|见习|实习|驻[^。，]{1,8})?"
    "(?:记者|記者|通讯员|通訊員|评论员|評論員|特派员|特約撰稿人?)(?:[^。，！？；：“”《》]{0,30}|[：:][^。，！？；：“”《》]{2,20})"
    "|[\u4e00-\u9fff]{2,8}[网網报報社][ ]{1,2}[\u4e00-\u9fff]{1,3}[^网網报報社刊版 ]"
    "|(?:(?:作者|文|撰文|撰稿|采写|採寫|采访|採訪|摄影|攝影|報道|报道|報導|编译|編譯)[ ]{0,2}[：:/／｜|]|作者[,，][ ])[^。，！？；：“”《》]{2,24}"
    "|[\u4e00-\u9fff]{2,4}(?:[ 、][\u4e00-\u9fff]{2,4}){0,3}[ ](?:報導|报导|報道|报道)(?:[ ]?[/／][ ]?[\u4e00-\u9fff]{2,6})?"
    "|(?:文|撰文|文字|摄影|攝影)[ ][\u4e00-\u9fff·]{2,4}(?:[ 、][\u4e00-\u9fff·]{2,4}){0,3}"
    "|[^。，！？；：“”《》／/]{2,24}[／/][^。，！？；：“”《》／/]{0,10}(?:報導|报导|報道|报道)"
    "|[\u4e00-\u9fff·]{2,5}[ ][^。，！？；：“”《》]{0,8}"
    "(?:记者|記者|评论员|評論員|评论委员|論說委員|论说委员|通讯员|特派员|主笔|教授|研究员|研究員)"
    "|[\u4e00-\u9fff·]{2,5}，[^。，]{0,10}(?:咨询师|諮商師|教授|研究员|研究員|评论员|評論員|博士|医师|醫師|律师|律師|专栏作家|專欄作家|学者|學者))"
)


# A line that holds nothing but the name of a site or a paper.
SITE_NAME = Rule("site-name", "navigation")
# A menu in one row.
MENU = Rule("menu-row", "navigation")
# The head of a post in a forum's thread, and what only forums print.
_POST = re.compile(
    "[^。，]{1,24}?[ ]{0,2}(?:[发發][表布][于於]|回[复覆帖贴][于於]|(?:[发發][表布]|回[复覆帖贴])(?:日期|[时時][间間])[：:])[：: ]{0,3}"
    "(?:19|20)\\d\\d[-./年]\\d{1,2}[-./月]\\d{1,2}日?[^。，]{0,30}"
)
_FORUM = re.compile(
    "'s Archiver|Discuz|DISCUZ|[Pp][Hh][Pp][Ww]ind|phpBB|vBulletin|查看完整版本|只看[该該]作者|[楼樓]主|[\\[【][转轉][帖贴載载]"
    "|(?:[论論][坛壇]|社[区區]|BBS|bbs)[ ]{0,2}[»›＞>]|[发發]新[话話][题題]|^[0-9]{1,4}[楼樓#]"
)
# How accounts number the sections of a post.
_PART = re.compile("(?i:part|chapter)|[0-9]{1,2}$")
_PART_MARK = re.compile("(?i:part|chapter)[ .·/|]{0,3}[0-9一二三四五六七八九十]{1,3}|[0-9]{1,2}[ ](?i:part|chapter)")
PART_MARK = Rule("part-mark", "page_furniture")
FORUM = 80  # characters of a line that says so, at most
POST = Rule("post-head", "interaction", role="end")
REPLY_TEXT = Rule("reply", "interaction")
# What a machine made of the article, which some sites print above it.
MACHINE_SUMMARY = Rule("machine-summary", "duplicate")


# An article printed once more on its own page.
COPY = Rule("second-copy", "duplicate")


class Look(msgspec.Struct, gc=False):
    """One line, as the body region sees it."""

    text: str
    size: int
    han: int
    stops: int
    commas: int
    ended: bool  # in a mark that ends a sentence
    times: int  # how often the same line stands in the document
    score: float  # above zero: a sentence of a text; below: chrome, or what stands between paragraphs
    rule: Rule | None
    markup: str = ""  # what HTML says of it (records.Line)
    set_in: bool = False  # as the first line of a paragraph is

    @property
    def prose(self) -> bool:
        """Whether it reads as sentences."""
        return self.score > 0


def end_marked(text: str) -> bool:
    """Whether the line ends as a sentence does; a short remark in brackets may stand behind.

    >>> end_marked("他说：“好。”"), end_marked("小城的春天"), end_marked("天亮了。（完）")
    (True, False, True)
    """
    if text[-1:] in "）)】]":
        at = max(text.rfind(opening, -24) for opening in "（(【[")
        if at > 0 and text[at - 1] in _BEFORE_REMARK:
            return True
    bare = text.rstrip(CLOSERS)
    return bare[-1:] in STOPS if bare else False


def is_caption(text: str) -> bool:
    """Whether a line says what a picture shows or who took it."""
    if len(text) > 160:
        return False
    if _CAPTION.match(text):
        return True
    tail = text[-CREDIT:]
    return len(text) <= 120 and _CREDITED.search(tail) is not None and _CAPTION_END.search(tail) is not None


def is_byline(text: str) -> bool:
    """Whether a line only names who wrote."""
    return len(text) <= 40 and _BYLINE.fullmatch(text) is not None


def look_at(lines: Sequence[Line], rules: ChromeRules) -> list[Look]:
    """Compute the look of every line of a web page."""
    times = Counter(line.text for line in lines)
    looks = []
    for line in lines:
        text = line.text
        size = len(text)
        rule = rules.find(text, "web") or (SITE_NAME if rules.names_site(text) else None)
        if rule is None and rules.names_menu(text):
            rule = MENU
        han = sum(map(len, _HAN.findall(text)))
        plain = text.isalnum()
        stops = 0 if plain else _count_stops(text)
        commas = 0 if plain else len(_COMMA.findall(text))
        ended = end_marked(text) or (text[-1:] in "）)" and "）" in text[-20:] and size > 40)
        look = Look(text, size, han, stops, commas, ended, times[text], 0.0, rule, line.markup, line.indent >= SET_IN)
        look.score = _score(look)
        looks.append(look)
    _count_latin(looks)
    _mute_summaries(looks)
    _mute_closed(looks)
    _mute_inside(looks)
    _mute_comments(looks)
    _part_replies(looks)
    _mute_part_marks(looks)
    _mute_posts(looks)
    _mute_copies(looks)
    return looks


def _count_stops(text: str) -> int:
    stops = sum(map(text.count, ("。", "！", "？", "；", "……")))
    half = "?" in text or "!" in text or ";" in text
    return stops + (len(_HALF_STOP.findall(text)) if half else 0)


def _count_latin(looks: Sequence[Look]) -> None:
    """A sentence in another language right below one of the text is the text's, as on a page in two languages."""
    for above, look in pairwise(looks):
        words = above.prose and look.rule is None and not look.han and look.text.count(" ") >= WORDS
        if words and look.text.rstrip(_QUOTES).endswith((".", "!", "?")):
            look.score, look.ended = 1.0, True


def _mute_summaries(looks: Sequence[Look]) -> None:
    """A summary between its label and the note that a machine wrote it is none of the article's text.

    One without a note is left: editors write summaries too, and a label may head a section of the article.
    """
    for i, look in enumerate(looks):
        if look.rule is None or look.rule.name != "summary-label":
            continue
        for k in range(i + 1, min(i + SUMMARY + 2, len(looks))):
            rule = looks[k].rule
            if rule is not None and rule.name == "machine-note":
                for x in looks[i + 1 : k]:
                    x.rule, x.score = MACHINE_SUMMARY, -1.5
                break


def _mute_closed(looks: Sequence[Look]) -> None:
    """A list of other articles that says where it ends stands inside the body: it does not speak against it."""
    opened = None
    for i, look in enumerate(looks):
        role = look.rule.role if look.rule is not None else "none"
        if role == "list":
            above = looks[i - 1].rule if i else None
            if opened is None or above is None or above.role != "list":
                opened = i
        elif role == "close" and opened is not None and i - opened <= CLOSED:
            for x in looks[opened : i + 1]:
                x.score = -0.2
            opened = None


def _mute_inside(looks: Sequence[Look]) -> None:
    """A short list of other articles below which the text goes on stands inside the body too.

    Text goes on where two sentences follow that are not cut off, or one of which the headline above it does not speak: a
    summary of another article stands alone under its headline, and what a stamp heads is an article of its own.
    """
    told = False
    for i, look in enumerate(looks):
        if look.rule is None or (look.rule.role != "list" and look.rule.name not in TAGS) or not told:
            told = told or look.prose
            continue
        tagged = look.rule.name in TAGS
        for k in range(i + 1, min(i + INSIDE + 2, len(looks))):
            rule = looks[k].rule
            if rule is not None and rule.name not in TAGS and (rule.role != "none" or rule.name in NOTES):
                break
            if looks[k].prose:
                more = any(map(_goes_on, looks[k + 1 : k + 3]))
                apart = k - i <= FEW and not tagged and _is_apart(looks[k - 1].text, looks[k].text)
                if _goes_on(looks[k]) and (more or apart):
                    for x in looks[i:k]:
                        x.score = max(x.score, -0.2)
                break


def _is_apart(headline: str, text: str) -> bool:
    """Whether a text is not the summary of the article that the line above it names."""
    pairs = {a + b for a, b in pairwise(headline) if a.isalpha() and b.isalpha()}
    return len(text) >= 30 and sum(pair in text for pair in pairs) * 5 < len(pairs)


def _goes_on(look: Look) -> bool:
    return look.prose and look.ended and not look.text.endswith(("...", "…"))


def _mute_comments(looks: Sequence[Look]) -> None:
    """Below the head of the comments, a sentence beside a time, a counter or a button is a reader's."""
    told = opened = False
    for i, look in enumerate(looks):
        if look.prose and not opened:
            told = True
        elif look.rule is not None and look.rule.name == "comment-box":
            opened = told
        elif opened and look.prose:
            beside = (looks[i - 1].rule, looks[i + 1].rule if i + 1 < len(looks) else None)
            if any(rule is not None and rule.name in BESIDE_COMMENTS for rule in beside):
                look.score = 0.2


def _part_replies(looks: Sequence[Look]) -> None:
    """A name and a date below the text of another begin a reply: they part it from what stands above.

    The date at the head of an article has no text above it, those of a live report have no names.
    """
    opened = told = False
    for above, look in pairwise(looks):
        if look.rule is None or look.rule.name not in ("time-stamp", "dated-line"):
            told = told or (opened and look.prose)
        elif told and not above.prose and above.rule is None and above.size <= NAME and above.times == 1:
            look.score = -REPLY
        else:
            opened = True


def _mute_part_marks(looks: Sequence[Look]) -> None:
    """PART and a number over a crosshead, on one line or two, are an ornament: the crosshead alone is the article's."""
    for i, look in enumerate(looks):
        if not _PART.match(look.text):
            continue
        size = next((n for n in (1, 2) if _PART_MARK.fullmatch(" ".join(x.text for x in looks[i : i + n]))), 0)
        below = looks[i + size] if size and i + size + 1 < len(looks) else None
        if below is not None and below.rule is None and below.han >= 2 and below.size <= 32 and not below.ended:
            for x in looks[i : i + size]:
                x.rule, x.score = PART_MARK, -0.2


def _mute_posts(looks: Sequence[Look]) -> None:
    """What stands below the second head of a post in a forum's thread is its readers'; the first post is the article.

    A blog's entries have such heads too, but no forum's words around them, and a headline above each.
    """
    if not any(x.size <= FORUM and _FORUM.search(x.text) for x in looks):
        return
    told = replied = False
    for i, look in enumerate(looks):
        if _POST.fullmatch(look.text):
            replied = told
            if replied:
                look.rule, look.score = POST, -REPLY
        elif look.rule is not None and look.rule.name in ("breadcrumb", "thread-trail", "copyright"):
            told = replied = False
        elif replied:
            look.rule, look.score = REPLY_TEXT, -1.5
        elif i and _POST.fullmatch(looks[i - 1].text):
            told = True


def _mute_copies(looks: Sequence[Look]) -> None:
    """A text that a page prints a second time, for print or for mobiles, is none of the article's."""
    first: dict[str, int] = {}
    i = 0
    while i < len(looks):
        look = looks[i]
        at = first.setdefault(look.text, i) if look.prose and look.size >= COPIED else i
        size = 0
        while at < i and at + size < i and i + size < len(looks) and looks[at + size].text == looks[i + size].text:
            size += 1
        if sum(x.size >= COPIED for x in looks[i : i + size]) > 1:
            while i and at and looks[i - 1].text == looks[at - 1].text and looks[i - 1].rule is None:
                i, at, size = i - 1, at - 1, size + 1
            for x in looks[i : i + size]:
                x.rule, x.score = COPY, -1.5
            i += size
        else:
            i += 1


def _score(look: Look) -> float:
    """How much a line speaks for a body region.

    A sentence counts by its length, up to a long paragraph's; a line without an end mark counts against, so that a gap
    of a few (crossheads, captions, verse) is bridged by the paragraphs around it and a menu is not. The weights are by
    hand, checked on the portal pages of the simulator and on real ones.
    """
    if look.rule is not None:
        if look.rule.role == "list":
            return -14.0
        if look.rule.role == "end" and look.rule.name != "contact-line":
            return -20.0
        return -1.5
    if look.markup == "title":
        return -2.5
    if look.markup == "link" and look.size < 60:
        return -2.5
    if look.times > 1 and look.size < 45 and not look.stops:
        return -2.5
    if look.han * 3 < look.size and look.han < 40:
        return -1.2
    weight = min(look.size, 240) / 12
    if look.size >= 14 and look.han >= 10 and is_caption(look.text):
        return 1.0 + weight / 2
    if look.ended and look.stops and "。" in look.text[-22:]:
        return 1.5 + weight
    if look.ended and (look.size >= 35 and look.commas):
        return 1.0 + weight
    if look.size >= 45 and look.commas + look.stops >= 2:
        return weight
    if look.size >= 24 and look.stops and look.commas >= 2:
        return weight / 2
    if look.ended and look.size >= 6:
        return 0.0
    return -0.6 if look.markup == "p" else -1.2
