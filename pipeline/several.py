"""Web pages that hold several articles, or the beginnings of several: where each one begins, and which are whole.

A blog's front page, a page of a newspaper's own site, a feed read in one go: what repeats is a headline, a stamp (or an
agency's dateline) and sentences of which the headline speaks. Only where two such articles are whole is a page parted;
one headline with a stamp above a text is what every page has. Beginnings that a list page shows under each headline are
no articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from pipeline.lines import Look, is_byline
from pipeline.records import Document, Paragraph, Part, Piece, Story
from pipeline.titles import bigrams, find_title, is_stamp, spoken, squeeze, text_of
from pipeline.webpage import Region, find_region

NEAR = 6  # lines between a headline and its first sentence
WHOLE = 110  # characters of a text of one paragraph that is an article
SHORT = 50  # characters of a text of two
# Of a headline's pairs of characters, which its text holds; twice as many of a short one's: names are short.
SPEAKS = 0.25
LISTED = 4  # headlines with a stamp and a sentence each, from which a page is a list
# What stands at the foot of a page, and what over the article of the next: so many lines of its menus at least.
FOOT = ("copyright", "licence", "about-site")
SITE = ("breadcrumb", "menu-row", "site-name", "menu-words", "site-tools", "skip-nav", "link-bar", *FOOT)
MENU = 4
LIVE = 3  # times of day over paragraphs, from which an article is a live report

_DATED = re.compile("(?:19|20)\\d\\d")
_DAY = re.compile("(?:19|20)\\d\\d年\\d{1,2}月\\d{1,2}日")
_DATELINE = re.compile(
    "[（(〔【]?(?:本报讯|本報訊|本网讯|本刊讯|央视网消息|(?:新华社|新華社|中新[社网網]|中央社|本报|本報|人民网)[^。，]{2,16}[日报報]?[电電]"
    "|[^。，]{0,6}[记記]者[^。，]{1,20}(?:报道|報道|報導|报导)[)）〕】])"
)
_CUT = ("...", "[详细]", "[詳細]", "【详细】", "[阅读全文]", "[全文]", "阅读全文>>")
_MORE = re.compile("全文|余下|餘下|剩余|剩餘|付费|付費|会员|會員|订阅后|未完")
_POSTED = re.compile("[发發][表布佈][于於]")
_REPLY = re.compile("(?:回复|回覆|Re|RE|re)[ ]?[：:]")


class Found(msgspec.Struct):
    """One article of a page as it is looked for."""

    title: int
    first: int  # its first sentence
    size: int = 0  # characters of its sentences
    count: int = 0
    whole: bool = False
    listed: bool = False  # stands under the heading of a list of other articles


def find_starts(looks: Sequence[Look]) -> list[int]:
    """The lines at which the articles of a page begin where it holds several, none where it holds one."""
    names: set[str] = set()
    found = []
    for x in _measured(looks, _candidates(looks)):
        name = squeeze(looks[x.title].text)
        if name not in names:
            found.append(x)
        names.add(name)
    several = [x for x in found if _is_article(x)]
    if sum(x.whole for x in several) < 2:
        several = _briefs(found)
    return [x.title for x in several]


def _is_article(x: Found) -> bool:
    if x.listed:
        return x.whole and x.count > 1 and x.size >= SHORT
    if x.count == 1:
        return x.whole and x.size >= WHOLE
    return x.size >= SHORT and (x.whole or x.size >= WHOLE)


def _briefs(found: Sequence[Found]) -> list[Found]:
    """The items of a page of news in brief: many, all short, none under the heading of a list of other articles."""
    items = [x for x in found if x.whole and not x.listed and x.size >= SHORT // 2]
    brief = len(items) >= LISTED and all(x.count < 3 for x in found)
    return items if brief and 4 * len(items) >= 3 * len(found) else []


def _candidates(looks: Sequence[Look]) -> list[Found]:
    """Headlines at a stamp or above a dateline, with sentences below that they speak of."""
    found: list[Found] = []
    listed = False
    for i, look in enumerate(looks):
        if look.rule is not None and look.rule.role != "none":
            listed = look.rule.role == "list"
        marked = (_is_dated(look) and not (found and _POSTED.match(look.text))) or (
            look.prose and _DATELINE.match(look.text)
        )
        if marked:
            places = [next((k for k in range(i, min(i + NEAR + 1, len(looks))) if looks[k].prose), None)]
            if not found and i and looks[i - 1].prose:
                places.insert(0, _run_start(looks, i - 1))
            for first in places:
                if first is None or (found and found[-1].first >= first):
                    continue
                after = found[-1].first if found else -1
                below = max((k for k in range(max(after, first - 2 * NEAR), first) if looks[k].prose), default=-1)
                title = _headline(looks, max(below + 1, min(i, first) - NEAR, 0), first)
                if title is not None:
                    found.append(Found(title, first, listed=listed))
                    listed = False
    return found


def _run_start(looks: Sequence[Look], i: int) -> int:
    """The first of the sentences that stand together up to a line."""
    while i and looks[i - 1].prose:
        i -= 1
    return i


def _headline(looks: Sequence[Look], low: int, first: int) -> int | None:
    """The line from `low` on that names the text which begins at `first`."""
    stop = min(first + 12, len(looks))
    at, worth = find_title(looks[low:stop], first - low, stop - low - 1)
    if at is None or worth <= 0:
        return None
    look = looks[low + at]
    if look.size < 5 or _REPLY.match(look.text) or is_byline(look.text):
        return None
    pairs = bigrams(look.text)
    share = SPEAKS if look.size >= 8 else 2 * SPEAKS
    told = spoken(pairs, text_of(looks[first:stop])) >= share * len(pairs)
    return low + at if pairs and (told or look.markup in ("h1", "h2", "h3")) else None


def _measured(looks: Sequence[Look], found: Sequence[Found]) -> Sequence[Found]:
    """How much text stands below each candidate, and whether it is whole."""
    stops = [*(x.title for x in found), len(looks)]
    for x, stop in zip(found, stops[1:], strict=True):
        prose: list[int] = []
        for i in range(x.first, stop):
            rule = looks[i].rule
            if rule is not None and rule.role in ("list", "end") and prose and rule.name != "contact-line":
                break
            if x.listed and prose and (_is_dated(looks[i]) or "。" not in looks[i].text):
                break
            if looks[i].prose:
                prose.append(i)
        if prose:
            x.count = len(prose)
            x.size = sum(looks[i].size for i in prose)
            x.whole = looks[prose[-1]].ended and is_whole(looks, prose[-1])
    return found


def find_apart(looks: Sequence[Look]) -> list[int]:
    """The lines at which texts begin that stand far apart, as those of several sites in one file; none where there is one.

    The best text of a page is its article. Another above or below it is one too where it has all that an article has; whether
    it is whole says nothing here, since what is not taken is lost.
    """
    if sum(map(_is_dated, looks)) < 2:
        return []
    found = sorted(_regions(looks, 0, len(looks)), key=lambda x: x.start)
    own = [x for x, above in zip(found, [None, *found], strict=False) if _is_own(looks, x, above)]
    best = max(found, key=lambda x: x.score, default=None)
    starts = sorted({x.title for x in found if x.title is not None and (x is best or x in own)})
    return starts if len(starts) > 1 else []


def _regions(looks: Sequence[Look], low: int, high: int) -> list[Region]:
    """The best text between two lines, and those above and below it."""
    if sum(look.size for look in looks[low:high] if look.prose) < WHOLE:
        return []
    region = find_region(looks[low:high])
    if region is None:
        return []
    top = region.start if region.title is None else min(region.title, region.start)
    title = None if region.title is None else low + region.title
    here = Region(low + region.start, low + region.stop, title, region.score)
    return [*_regions(looks, low, low + top), here, *_regions(looks, here.stop, high)]


def _is_own(looks: Sequence[Look], region: Region, above: Region | None) -> bool:
    """Whether a text has a headline that it speaks of, a date, and the site's own lines over it; comments and teasers do not."""
    if region.title is None or is_list(looks, region.start, region.stop):
        return False
    prose = [x for x in looks[region.start : region.stop] if x.prose]
    if len(prose) < 2 or sum(x.size for x in prose) < WHOLE:
        return False
    dated = any(map(_is_dated, looks[max(0, region.title - NEAR) : region.start + 1]))
    if above is None or not dated:
        return dated
    pairs = bigrams(looks[region.title].text)
    told = spoken(pairs, text_of(prose)) >= SPEAKS * len(pairs)
    over = [x.rule for x in looks[above.stop : region.title] if x.rule is not None]
    last = max((k for k, rule in enumerate(over) if rule.role == "list" or rule.name == "comment-box"), default=-1)
    crumb = any(rule.name == "breadcrumb" for rule in over[-NEAR:])
    foot = max((k for k, rule in enumerate(over) if rule.name in FOOT), default=len(over))
    menu = sum(rule.reason == "navigation" for rule in over[foot:]) >= MENU
    return (told or crumb) and (menu or any(rule.name in SITE for rule in over[last + 1 :]))


def is_whole(looks: Sequence[Look], last: int) -> bool:
    """Whether a text ends with its last line: it is not cut off there, and no link leads to the rest of it."""
    text = looks[last].text
    if text.endswith(_CUT) or (text[-1:] == "…" != text[-2:-1]):
        return False
    below = [x for x in looks[last + 1 : last + 3] if x.rule is not None and x.rule.role == "none"]
    return not any(x.size <= 24 and _MORE.search(x.text) for x in below)


def is_list(looks: Sequence[Look], start: int, stop: int) -> bool:
    """Whether a region is a list of beginnings: a headline, a stamp and one or two sentences, again and again."""
    stamps = [i for i in range(max(start - NEAR, 0), min(stop + NEAR, len(looks))) if _is_dated(looks[i])]
    prose = [i for i in range(start, stop) if looks[i].prose]
    if len(stamps) < LISTED or len(prose) > 2 * len(stamps):
        return False
    at = set(stamps)
    items = 0
    for i in prose:
        above = looks[i - 1] if i else None
        if above is not None and _is_dated(above):
            above = looks[i - 2] if i > 1 else None
        named = above is not None and above.rule is None and not above.prose and above.size >= 6
        items += named and looks[i].size < 2 * WHOLE and bool(at & {i - 1, i + 1, i + 2})
    return items >= LISTED and 10 * items >= 7 * len(prose)


def _is_dated(look: Look) -> bool:
    """Whether a line is a stamp with a date; a day alone heads an entry of a diary."""
    return is_stamp(look) and _DATED.search(look.text) is not None and _DAY.fullmatch(look.text) is None


def flags_of(labels: Sequence[tuple[str | None, str | None]], looks: Sequence[Look]) -> list[str]:
    """What to say of an article whose lines have their labels: it is cut off, it is a live report."""
    body = [i for i, (label, _) in enumerate(labels) if label == "body"]
    flags = []
    if body and not is_whole(looks, body[-1]):
        flags.append("cut_off")
    if sum(rule == "time-of-day" for _, rule in labels) >= LIVE:
        flags.append("live_report")
    return flags


def web_parts(document: Document) -> list[Part]:
    """The articles of a web page, a paragraph a piece, as they stand."""
    stories = document.stories or [Story(0)]
    parts: list[Part] = []
    for story, stop in zip(stories, [*(x.line for x in stories[1:]), None], strict=True):
        own = [p for p in document.pieces if p.line >= story.line and (stop is None or p.line < stop)]
        part = _part(own)
        part.flags, part.meta = list(story.flags), story.meta
        if part.paragraphs:
            parts.append(part)
    return parts


def _part(pieces: Sequence[Piece]) -> Part:
    part = Part([])
    for piece in pieces:
        if piece.label in ("headline", "kicker", "subtitle", "byline"):
            name = "title" if piece.label == "headline" else piece.label
            part.head.setdefault(name, []).append(piece)
        else:
            kind = {"crosshead": "h", "caption": "caption"}.get(piece.label, "p")
            part.paragraphs.append(Paragraph(kind, [piece]))
    return part
