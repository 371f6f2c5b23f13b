"""What stands between a web page's title and its text: decks, bylines, accounts, and the page's own lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.labels import is_name
from pipeline.lines import Look, is_byline
from pipeline.titles import bigrams, is_stamp, spoken, text_of

_ORGAN = re.compile(
    "(?:中心|频道|頻道|新闻|新聞|[网網报報社部局号號台臺院会會]|官方[^。，]{0,6}|工作室|发布|發布|发佈|官微|编辑部)$"
)
# A salutation, a sentence that leads to a list, an agency's dateline: the text has begun.
OPENS_TEXT = re.compile(
    "(?:们|們|[，、][^：:]{2,40}|^[^：:]{14,80})[：:]$|^[（(]?(?:新华社|新華社|中新[社网網]|中央社|本报|本報|人民网)[^。，]{2,16}[日报報]电"
)
# What official documents call themselves at the end of their titles.
_DOCUMENT = re.compile(
    "(?:公示|公告|通告|通知|通报|意见|决定|批复|方案|办法|报告|规定|细则|的函)(?:[（(][^）)]{1,24}[）)])?$"
)
DECK = 12  # characters of a line right below a title that is no account's name


def between(look: Look, below: Look, above: Look, body: Sequence[Look]) -> tuple[str, str] | None:
    """Label and rule of a line between the title and the body, None for the page's own; `above` is the line over it.

    An account's name and a subtitle look alike. A subtitle shares words with the body.
    """
    if look.rule is None and is_byline(look.text):
        return "byline", "byline"
    if is_lone_name(look, below):
        return "byline", "name"
    if look.rule is None and OPENS_TEXT.search(look.text):
        return "body", "opening"
    if look.rule is None and look.han >= 8 and look.times == 1 and above.rule is None and not _ORGAN.search(look.text):
        pairs = bigrams(look.text)
        if 4 * spoken(pairs, text_of(body)) >= len(pairs):
            return "subtitle", "subtitle"
    if look.rule is None and look.size <= 40 and ((look.han >= 2 and look.size <= 20) or 2 * look.han < look.size):
        return "origin_note", "account"
    return None


def next_below(looks: Sequence[Look], i: int, stop: int) -> Look:
    """The next line down to `stop`, past dots and signs that stand for pictures."""
    lower = (x for x in looks[i + 1 : stop] if x.rule is None or x.rule.name != "image-placeholder")
    return next(lower, looks[i + 1])


def is_deck(look: Look) -> bool:
    """A line right below the title with a clause's comma, as no account's name, time or tool has: the article's deck."""
    return look.rule is None and look.times == 1 and look.han >= DECK and "，" in look.text and not look.prose


def ends_title(title: Look, look: Look) -> bool:
    """Whether a line is the end of an official document's title, which breaks into two lines: 关于…的 / 评选结果的公示."""
    if look.rule is not None or look.ended or look.times > 1 or "关于" not in title.text:
        return False
    return _DOCUMENT.search(look.text) is not None and _DOCUMENT.search(title.text) is None


def is_lone_name(look: Look, below: Look) -> bool:
    """A name that stands alone: over the line that says whose reporter that is, over the time, or a foreign one."""
    named = look.rule is None and look.times == 1 and is_name(look.text) and not _ORGAN.search(look.text)
    if named and (is_stamp(below) or "·" in look.text):
        return look.size <= 3 or look.han < look.size
    if look.rule is not None or below.rule is not None or not 2 <= look.han == look.size <= 4:
        return False
    return is_byline(below.text) and ":" not in below.text and "：" not in below.text
