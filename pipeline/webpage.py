"""Where on a web page the article stands: its title, its body, and what lies before, between and after.

The body is the run of lines that holds most sentences, told by length, end marks and punctuation (lines.py), not by a
site's wording. The title is the line above it that other evidence names: the page's title, the original title, a line
that is printed elsewhere too, the words that it shares with the body, a time stamp below, a breadcrumb above.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from pipeline.lines import Look, is_byline, is_caption

ENOUGH = 3.0  # the score of the shortest body: one sentence of some 20 characters
LEAD = 40  # lines without an end mark that may stand before the first sentence (verse) or behind the last (a list)
FAR = 14.0  # what parts a line from a body so much that no evidence makes it the title
BRIDGE = 12  # lines without an end mark that may stand between two sentences of one body: a table
RUNS = 12  # dense runs that are weighed against each other
TITLE_WORTH = 5.0  # a run's score for each point of its title: a short article with a sure title beats long comments
STAMPS = ("time-stamp", "short-time", "source-line")  # what sites print right below a title
_SUFFIX = re.compile("(?:[ ]{0,3}(?:[_|｜\N{EM DASH}–]|--|-(?=[^-]))[ ]{0,3}|[ ]-[ ])")
_NAMED = re.compile("[（(【]?(?:原标题|原標題|正在阅读|正在閱讀)[ ]?[：:][ ]?(.{4,100}?)[)）】]?$")
_SIGNED = re.compile(
    "(?:[（(]?(?:完|本报综合|本文完|未完待续)[)）]?|[^。，]{4,24}(?:委员会|政府|办公室|全体[^。，]{1,4}|公司|协会|公会|编辑部|党委|中心|局|部|学会)"
    "|(?:19|20)\\d\\d年\\d{1,2}月\\d{1,2}日)"
)

_CONTACT = re.compile("[^。，：:]{2,30}(?:电话|電話|热线|熱線|邮箱|郵箱|传真|傳真)[^。，：:]{0,14}[：:]")

_PERIOD = re.compile("(?:19|20)\\d\\d[.年/-]?\\d{0,2}月?[ ]?(?:[-~至]|\N{EM DASH}|\N{EN DASH}){1,2}")


class Region(msgspec.Struct):
    """Indexes of an article's lines: [start, stop) is the body, title its headline's."""

    start: int
    stop: int
    title: int | None
    score: float


def find_region(looks: Sequence[Look]) -> Region | None:
    """The body region and its title, or None for a page that holds no article."""
    found: tuple[float, int, int, int | None] | None = None
    for first, last, score in _dense_runs(looks):
        title, worth = find_title(looks, first, last)
        total = score + TITLE_WORTH * worth
        if found is None or total > found[0]:
            found = total, first, last, title
    if found is None:
        return None
    score, first, last, title = found
    while title is not None and first <= title:
        first += 1
    while first < last and not looks[first].prose:
        first += 1
    if title is not None:
        first = _pull_up(looks, title, first)
    last = _pull_down(looks, last)
    start = first
    low = title + 1 if title is not None else max(0, first - 3)
    while start > low and first - start < LEAD and _leads(looks[start - 1]):
        start -= 1
    if title is None or (first - start > 4 and not any(_is_stamp(x) for x in looks[title:start])):
        start = first
    stop = last + 1
    while stop < len(looks) and stop - last <= LEAD and (_signs(looks[stop]) or _heads_list(looks, stop)):
        stop += 1
    return Region(start, stop, title, score)


def _dense_runs(looks: Sequence[Look]) -> list[tuple[int, int, float]]:
    """First line, last line and score of the runs of lines with the greatest sums, at most RUNS of them.

    The best run is found by Kadane's scan, the next ones left and right of it.
    """
    runs: list[tuple[int, int, float]] = []
    spans = [(0, len(looks))]
    while spans and len(runs) < RUNS:
        spans, todo = [], spans
        for low, high in todo:
            run = _densest(looks, low, high)
            if run is not None:
                runs.append(run)
                spans += [(low, run[0]), (run[1] + 1, high)]
    return runs


def _densest(looks: Sequence[Look], low: int, high: int) -> tuple[int, int, float] | None:
    """First line, last line and score of the best run in looks[low:high]."""
    best: tuple[int, int, float] | None = None
    begin, total = low, 0.0
    for i in range(low, high):
        if total <= 0:
            begin, total = i, 0.0
        total += looks[i].score
        if looks[i].prose and total >= ENOUGH and (best is None or total > best[2]):
            best = begin, i, total
    if best is None:
        return None
    first, last, score = best
    while not looks[first].prose:
        first += 1
    return first, last, score


def _leads(look: Look) -> bool:
    """Whether a line right above the first paragraph may be the article's: a subtitle, a byline, a crosshead."""
    return look.rule is None and (look.score > -2 or is_caption(look.text)) and look.han >= 2


def _pull_up(looks: Sequence[Look], title: int, first: int) -> int:
    """The first sentence below the title: a short lead that a table parts from the rest is the article's."""
    at = first
    for i in range(first - 1, title, -1):
        rule = looks[i].rule
        if rule is not None and rule.role != "none":
            break
        if looks[i].prose:
            at = i
    return at


def _pull_down(looks: Sequence[Look], last: int) -> int:
    """The last sentence that no chrome parts from the body: a table or verse between does not end it."""
    at = i = last
    while i + 1 < len(looks) and i - at < BRIDGE:
        i += 1
        if looks[i].rule is not None or looks[i].times > 1:
            break
        if looks[i].prose:
            at = i
    return at


def _is_stamp(look: Look) -> bool:
    return look.rule is not None and look.rule.name in STAMPS


def _signs(look: Look) -> bool:
    """Whether a line right below the last paragraph may be the article's: a signature, a date, a caption."""
    if look.rule is not None and look.rule.name not in ("time-stamp",):
        return False
    if look.text[0] in "（(" and look.text[-1] in "）)" and look.han >= 2:
        return True
    if look.size >= 60 and look.han >= 40 and look.times == 1:
        return True
    if _CONTACT.match(look.text) or _PERIOD.match(look.text):
        return True
    return is_caption(look.text) or is_byline(look.text) or _SIGNED.fullmatch(look.text) is not None


def _heads_list(looks: Sequence[Look], i: int) -> bool:
    """Whether a line leads to a list that is the article's: a career, telephone numbers."""
    look = looks[i]
    return look.rule is None and look.text[-1] in "：:" and i + 1 < len(looks) and _signs(looks[i + 1])


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


def squeeze(text: str) -> str:
    """A title as it is compared: no blanks, no marks."""
    return re.sub(r"\W", "", text)


def find_title(looks: Sequence[Look], first: int, last: int) -> tuple[int | None, float]:
    """The line above the body that is its headline, by all the evidence there is, and how much that is."""
    pages = {squeeze(t) for t in page_title([x.text for x in looks[:3]])}
    named = {squeeze(m.group(1)) for look in looks if (m := _NAMED.match(look.text))}
    body = bigrams("".join(look.text for look in looks[first : last + 1])[:6000])
    best, best_score = None, -1.5
    away = 0.0
    for i in range(first, -1, -1):
        look = looks[i]
        if i < first:
            away += _distance(look)
            if away > FAR:
                break
        elif look.prose and not _stamped(looks, i):
            continue
        if not _titled(look) and not (2 <= look.size < 4 <= 2 * look.han and look.rule is None and _stamped(looks, i)):
            continue
        score = _title_score(looks, i, pages, named, body) - away
        if score > best_score:
            best, best_score = i, score
    return best, max(best_score, 0.0)


def _distance(look: Look) -> float:
    """How much a line between a title and its body parts them: a list of other articles most."""
    if look.rule is not None and look.rule.role == "list":
        return 5.0
    return 0.08 if look.rule is not None or look.size < 6 else 0.3


def _stamped(looks: Sequence[Look], i: int) -> bool:
    """Whether a line that reads as a sentence has a stamp right below, as only a headline has."""
    return looks[i].size <= 60 and any(_is_stamp(x) for x in looks[i + 1 : i + 4])


def _titled(look: Look) -> bool:
    if look.rule is not None or not 4 <= look.size <= 90 or look.han < 3 or is_caption(look.text):
        return False
    return not is_byline(look.text) and not look.text.endswith(("。", "，", "；", "：", ":"))


def _title_score(looks: Sequence[Look], i: int, pages: set[str], named: set[str], body: set[str]) -> float:
    look = looks[i]
    bare = squeeze(look.text)
    score = 1.0 if look.size >= 8 else 0.0 if look.size >= 4 else -3.0
    if bare in pages:
        score += 6.0
    if bare in named:
        score += 6.0
    elif any(bare in n or n in bare for n in named if len(bare) >= 6):
        score += 3.0
    if look.times > 1:
        score += 1.0
    pairs = bigrams(look.text)
    score += 5.0 * len(pairs & body) / len(pairs) if pairs else 0.0
    after = [x.rule.name for x in looks[i + 1 : i + 5] if x.rule is not None]
    before = [x.rule.name for x in looks[max(0, i - 4) : i] if x.rule is not None]
    if any(n in STAMPS for n in after):
        score += 2.5
    elif any(n in STAMPS for n in before):
        score -= 2.5
    elif after:
        score += 1.0
    elif "share-bar" in before:
        score -= 2.0
    if "breadcrumb" in before:
        score += 2.0
    if (
        i < 3
        and _SUFFIX.search(look.text)
        and any(bare.startswith(squeeze(x.text)) for x in looks[i + 1 :] if x.size >= 5 and x.rule is None)
    ):
        score -= 12.0
    return score
