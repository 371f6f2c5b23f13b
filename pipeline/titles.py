"""Which line of a web page is the headline of the body below.

By all the evidence there is: the page's title, the original title, a line that is printed elsewhere too, the words that
it shares with the body, a time stamp below, a breadcrumb above.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.lines import Look, is_byline, is_caption

FAR = 14.0  # what parts a line from a body so much that no evidence makes it the title
STAMPS = (
    "time-stamp",
    "short-time",
    "source-line",
    "dated-line",
    "field-row",
    "database-row",
)  # what sites print right below a title
MARKS = 1.0  # what a clause's mark is worth beside another line above the same text
ACCOUNT = 10  # characters of an account's name, at most
NAMED = 6  # lines among which a site prints its own name
EARLY = 16  # lines among which the page's title may be printed
# What sites and channels call themselves, alone in the first lines.
_SITE = re.compile(
    "(?:[新资資][闻聞讯訊][网網]?|[在][线線]|[财財][经經][网網]?|社[区區]|[论論][坛壇]|[频頻]道|博客|客[户戶]端|[电電]子[报報]|[数數]字[报報]|阅读|中文[网網]|晚[报報]|日[报報]|快[报報])$"
)
# What governments, papers and stations call their own sites, on a line of its own above all else.
_PORTAL = re.compile(
    "(?:[^。，：:！？“”「」《》]{2,22}(?:[门門][户戶][网網]站?|官方[网網]站?|政[务務府][网網]站?|[信资資][息訊讯][网網港]|[局厅廳办辦署院会會部][网網]站|人民政府)"
    "|[^。，：:！？“”「」《》]{2,7}(?:[电電][视視][台臺]|[广廣]播[电電]台|日[报報]社?|晚[报報]社?|新[闻聞][网網]|[数數]字[报報]|[电電]子[报報]))"
    "(?:[ ]{0,3}[·|｜—-]{0,2}[ ]{0,3}(?:首[页頁]|[欢歡]迎[您你]))?"
)
# Marks of a clause, which names of accounts and channels lack.
_MARKED = re.compile("[^“「].{0,80}[，？“「].|[\u4e00-\u9fff]{2,12}[：:][^：:0-9]{6,60}$")
# A counter with its name.
_COUNTED = re.compile("[：:(（][ ]{0,2}[0-9,.]{1,9}[万萬]?[^0-9，。]{0,4}[)）]?$")
# A call to read on in an app, beside the site's name.
_APP = re.compile("(?:打[开開]|下[载載]|安[装裝])[^。，]{0,8}(?:APP|App|app|客[户戶]端)[ ]{0,2}$")
_SUFFIX = re.compile("(?:[ ]{0,3}(?:[_|｜\N{EM DASH}–]|--|-(?=[^-]))[ ]{0,3}|[ ]-[ ])")
# What a forum's reader who posts an article sets before its headline.
REPOSTED = re.compile(
    "[\\[【(（〔](?:(?:新[闻聞]|[资資][讯訊]|文章)?[转轉](?:[帖贴貼载載发發])?|ZT|zt|原创|原創|分享|推荐|推薦|[讨討][论論])[\\]】)）〕][ ]{0,2}(?=.{4})"
)
_NAMED = re.compile("[（(【]?(?:原标题|原標題|正在阅读|正在閱讀)[ ]?[：:][ ]?(.{4,100}?)[)）】]?$")
# The head of a field of the page, whose value stands on the next line (发布机构： / 县政府办公室).
_FIELD = re.compile(
    "[^。，：:]{0,6}(?:机构|機構|单位|單位|机关|部门|部門|来源|來源|作者|编辑|編輯|分类|分類|主题词|名\u3000?称)"
    "[ ]?[：:]"
)
# An agency's line above the first paragraph (新华社北京4月3日电题：).
_DATELINE = re.compile("[（(]?(?:新华社|新華社|中新[社网網]|中央社)[^。，]{2,16}[日报報]电")
# A remark in brackets, alone on its line: a dateline, a credit.
_BRACKETED = re.compile("[（(][^（(）)]{1,88}[)）]")
_ITEM = re.compile("[（(][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}[、.．]|第[一二三四五六七八九十]{1,3}条")


# A field of the page with a number for its value (索引号：0140/2031-27).
_VALUED = re.compile("[^。，：:]{2,8}[：:][^。，：:]{4,}$")
# The number of an official document, which stands below its headline.
_NUMBERED = re.compile("[\u4e00-\u9fff]{2,12}[〔\\[（(【](?:19|20)\\d\\d[〕\\]）)】][ ]?第?[ ]?\\d{1,5}[ ]?号")
# Who speaks, at the head of what is said.
_SPEAKER = re.compile("【[^】]{1,24}(?:记者|記者|主持人|发言人|發言人|部长|局长|司长|主任|先生|女士)】")


def is_stamp(look: Look) -> bool:
    """Whether a line is what sites print right below a title: when, from where."""
    return look.rule is not None and look.rule.name in STAMPS


def page_title(texts: Sequence[str]) -> tuple[str, ...]:
    """What may be the title in the page's first lines: each with its site's suffix cut off step by step."""
    found = []
    for text in texts[:3]:
        for match in _SUFFIX.finditer(text[:160]):
            if match.start() >= 5:
                found.append(text[: match.start()].strip())
    return tuple(found)


def bigrams(text: str) -> set[str]:
    """Pairs of neighbouring characters that are letters or Chinese."""
    return {a + b for a, b in pairwise(text) if a.isalnum() and b.isalnum()}


def text_of(looks: Sequence[Look]) -> str:
    """A body's beginning, to look up the words of a line in."""
    return "\n".join(look.text for look in looks[:60])[:3000]


def spoken(pairs: set[str], text: str) -> int:
    """How many pairs of characters stand in a text; quicker than a set of all of the text's pairs."""
    return sum(pair in text for pair in pairs)


def squeeze(text: str) -> str:
    """A title as it is compared: no blanks, no marks."""
    return re.sub(r"\W", "", text)


def find_title(looks: Sequence[Look], first: int, last: int) -> tuple[int | None, float]:
    """The line above the body that is its headline, by all the evidence there is, and how much that is."""
    pages = {squeeze(t) for t in page_title([x.text for x in looks[:3]])}
    pages |= {squeeze(x.text) for x in looks[:3] if x.markup == "title"}
    for i in range(3, min(first, EARLY)):
        if looks[i].rule is None and _SUFFIX.search(looks[i].text):
            names = {squeeze(name) for name in page_title([looks[i].text])}
            pages |= names & {squeeze(x.text) for x in looks[i + 1 : first + 1]}
    named = {squeeze(m.group(1)) for look in looks if (m := _NAMED.match(look.text))}
    body = text_of(looks[first : last + 1])
    best, best_score, best_rank = None, -1.5, -1.5
    away = 0.0
    for i in range(first, -1, -1):
        look = looks[i]
        if i < first:
            away += _distance(look)
            if away > FAR:
                break
        elif look.prose and not _stamped(looks, i):
            continue
        brief = 2 <= look.size < 4 <= 2 * look.han and look.rule is None and _stamped(looks, i)
        if not (brief or _titled(looks, i)):
            continue
        score = _title_score(looks, i, pages, named, body) - away
        rank = score + (MARKS if not look.ended and _MARKED.match(look.text) else 0.0)
        if rank > best_rank:
            best, best_score, best_rank = i, score, rank
    if best is None:  # a page of HTML whose only headline is its title
        best = next(
            (i for i, x in enumerate(looks[:first]) if x.markup == "title" and not _SUFFIX.search(x.text)), None
        )
    return best, max(best_score, 0.0)


def _distance(look: Look) -> float:
    """How much a line between a title and its body parts them: a list of other articles most."""
    if look.rule is not None and look.rule.role == "list":
        return 5.0
    return 0.08 if look.rule is not None or look.size < 6 else 0.3


def _stamped(looks: Sequence[Look], i: int) -> bool:
    """Whether a line that reads as a sentence has a stamp right below, as only a headline has."""
    return looks[i].size <= 60 and any(is_stamp(x) for x in looks[i + 1 : i + 4])


def _titled(looks: Sequence[Look], i: int) -> bool:
    look = looks[i]
    if _ITEM.match(look.text) or (i and _FIELD.fullmatch(looks[i - 1].text)):
        return False
    if look.rule is not None or not 4 <= look.size <= 90 or look.han < 3 or is_caption(look.text):
        return False
    if _DATELINE.match(look.text) or (2 * look.han < look.size and _VALUED.match(look.text)):
        return False
    if i and look.text.startswith("——") and _titled(looks, i - 1):
        return False  # the second line of a headline
    if _BRACKETED.fullmatch(look.text) or _NUMBERED.fullmatch(look.text) or _SPEAKER.match(look.text):
        return False
    return not is_byline(look.text) and not look.text.endswith(("。", "，", "；", "：", ":"))


def _heads(looks: Sequence[Look], i: int) -> bool:
    """Whether a line below a stamp stands right above the text, with no line above the stamp that may be the title."""
    below = (x for x in looks[i + 1 : i + 6] if x.rule is None and not is_byline(x.text))
    if not next(below, looks[i]).prose:
        return False
    first = next(k for k in range(max(0, i - 4), i) if is_stamp(looks[k]))
    above = [x for x in looks[max(0, first - 2) : first] if x.rule is None and x.size >= 6]
    return not any(not _SITE.search(x.text) for x in above)


def _title_score(looks: Sequence[Look], i: int, pages: set[str], named: set[str], body: str) -> float:
    look = looks[i]
    bare = squeeze(look.text)
    if i < 3 and look.size <= 10 and _SITE.search(look.text):
        return -FAR
    if i < NAMED and look.size <= 24 and _PORTAL.fullmatch(look.text):
        return -FAR
    if i < EARLY and look.size <= 24 and _APP.search(look.text):
        return -FAR
    score = 1.0 if look.size >= 8 else 0.0 if look.size >= 4 else -3.0
    if bare in pages:
        score += 6.0
    if bare in named:
        score += 6.0
    elif any(bare in n or n in bare for n in named if len(bare) >= 6):
        score += 3.0
    score += {"h1": 4.0, "h2": 2.0, "h3": 1.0, "link": -3.0, "p": -0.5}.get(look.markup, 0.0)
    if _COUNTED.search(look.text):
        score -= 3.0
    if look.times > 1:
        score += 1.0
    pairs = bigrams(look.text)
    told = spoken(pairs, body)
    score += 5.0 * told / len(pairs) if pairs else 0.0
    if not told and look.size <= ACCOUNT and look.text in (looks[i - 1].text if i else "", looks[i + 1].text):
        score -= 5.0  # an account's name beside its picture
    if (mark := REPOSTED.match(look.text)) and any(
        len(name := squeeze(x.text)) >= 4 and x.rule is None and squeeze(look.text[mark.end() :]).startswith(name)
        for x in looks[i + 1 : i + 8]
    ):
        score -= 6.0  # the thread's title; the article's own stands below it
    after = [x.rule.name for x in looks[i + 1 : i + 5] if x.rule is not None]
    before = [x.rule.name for x in looks[max(0, i - 4) : i] if x.rule is not None]
    if any(n in STAMPS for n in after):
        score += 2.5
    elif any(n in STAMPS for n in before):
        score -= 1.0 if _heads(looks, i) else 2.5
    elif after:
        score += 1.0
    elif "share-bar" in before:
        score -= 2.0
    if "breadcrumb" in before or "thread-trail" in before:
        score += 2.0
    if (
        i < EARLY
        and _SUFFIX.search(look.text)
        and any(bare.startswith(squeeze(x.text)) for x in looks[i + 1 :] if 5 <= x.size < look.size and x.rule is None)
    ):
        score -= 12.0
    return score
