"""Several saved pages one after the other in one file: where each of them begins.

Crawlers write a line with the address over each page; readers save pages into one file, with a rule between them or nothing but
the site's own first lines, which come again. Each page is then judged by itself: a menu that stands on all of them says
nothing of another one's text. A file is parted only where two of the parts hold an article of their own, since a page
may print its menu twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipeline.lines import Look, look_at
from pipeline.records import Line
from pipeline.rules import ChromeRules
from pipeline.titles import is_stamp, squeeze
from pipeline.webpage import find_region

HEAD = 3  # lines of a page that may be the site's own
WITHIN = 16  # the same where only headline and stamp may
PAIR = 8  # characters of the shortest two lines that tell
TOP = 3  # lines of a file among which a crawler's first line stands
STAMP = 5  # lines below a headline among which a stamp stands
LONGEST = 400  # characters of a crawler's line
HEADS = ("kicker", "subtitle", "byline")
SIZE = 30  # characters of the sentences of the shortest page of an article

_ADDRESS = re.compile("https?://[^\\s\u4e00-\u9fff]{4}")
_FETCHED = re.compile("[#=*~_+<>\\[-]{3,80}|<(?:doc|page|url|DOC)[ >]|(?:URL|url|Url|网址|網址|地址)[ ]?[：:=]")
_RULE = re.compile("[#=*~_+-]{6,400}|[#=*~_+-]{3,80}[ ]{0,3}[^#=*~_+。，-]{1,30}?[ ]{0,3}[#=*~_+-]{3,80}")
_NUMBER = re.compile("[0-9]{1,9}")
# The number of a page behind its headline.
_NUMBERED = re.compile(
    "[ ]?(?:[（(【\\[][ ]?(?:第?[ ]?[0-9一二三四五六七八九十]{1,2}[ ]?[页頁]?|[0-9]{1,2}/[0-9]{1,2})[ ]?[)）】\\]]|[_-][0-9]{1,2}|[ _-]第[0-9]{1,2}[页頁])$"
)


def find_saved(lines: Sequence[Line], rules: ChromeRules) -> list[int]:
    """The lines at which the pages of a file begin where it holds several, none where it holds one."""
    texts = [line.text for line in lines]
    if starts := find_fetched(texts):
        return starts
    for starts in (_repeated(texts), _ruled(texts)):
        kept = _with_articles(lines, starts, rules) if len(starts) > 1 else []
        if len(kept) > 1:
            return kept
    return []


def find_fetched(texts: Sequence[str]) -> list[int]:
    """Where a crawler wrote the address of the page below, the first at the top of the file."""
    found = [
        i
        for i, text in enumerate(texts)
        if len(text) <= LONGEST and "://" in text and _FETCHED.match(text) and _ADDRESS.search(text)
    ]
    if len(found) < 2 or found[0] >= TOP:
        return []
    mark = texts[found[0]][:3]
    found = [i for i in found if texts[i][:3] == mark]
    return [0, *found[1:]] if len(found) > 1 and all(b - a > HEAD for a, b in pairwise(found)) else []


def _repeated(texts: Sequence[str]) -> list[int]:
    """Where the file's own first lines come again: the site's, or headline and stamp alone.

    What stands over the first of them is the title of the page, which each page has of its own.
    """
    for k in range(min(WITHIN, len(texts) - 1)):
        pair = texts[k], texts[k + 1]
        if pair[0] == pair[1] or len(pair[0]) + len(pair[1]) < PAIR:
            continue
        again = [i for i in range(k + HEAD, len(texts) - 1) if (texts[i], texts[i + 1]) == pair]
        if again:
            above = k if k < HEAD else 0
            return [0, *(i - above for i in again)]
    return []


def _ruled(texts: Sequence[str]) -> list[int]:
    """Where a rule parts the file, the same one each time but for its number."""
    found = [(i, _NUMBER.sub("0", text)) for i, text in enumerate(texts) if _RULE.fullmatch(text)]
    if not found:
        return []
    often = Counter(shape for _, shape in found).most_common(1)[0][0]
    return sorted({0, *(i for i, shape in found if shape == often)})


def _with_articles(lines: Sequence[Line], starts: Sequence[int], rules: ChromeRules) -> list[int]:
    """The parts that hold an article, each with those around it that hold none."""
    kept: list[int] = []
    for a, b in zip(starts, [*starts[1:], len(lines)], strict=True):
        if _has_article(look_at(lines[a:b], rules)):
            kept.append(a)
    return [0, *kept[1:]]


def _has_article(looks: Sequence[Look]) -> bool:
    """Whether a part holds a headline and a text below a stamp or the site's own lines, not among what readers say."""
    region = find_region(looks) if any(look.prose for look in looks) else None
    if region is None or region.title is None:
        return False
    size = sum(look.size for look in looks[region.start : region.stop] if look.prose)
    if size < SIZE:
        return False
    over = [x.rule for x in looks[: region.title] if x.rule is not None]
    if any(rule.reason == "navigation" for rule in over):
        return True
    told = any(rule.name == "comment-box" for rule in over)
    return not told and any(map(is_stamp, looks[max(0, region.title - 2) : region.title + STAMP]))


def goes_on(above: Sequence[Line], below: Sequence[Line]) -> bool:
    """Whether the labelled lines below are a further page of the article above: its headline again, and another text.

    The same page saved twice is an article of its own each time.
    """
    names = [next((x.text for x in lines if x.label == "headline"), "") for lines in (above, below)]
    first, then = (squeeze(_NUMBERED.sub("", name)) for name in names)
    if not first or first != then:
        return False
    texts = {x.text for x in above if x.label == "body"}
    own = [x.text for x in below if x.label == "body"]
    return 2 * sum(text in texts for text in own) < len(own)


def join_pages(above: Sequence[Line], below: Sequence[Line]) -> None:
    """Label what a further page prints of its article's head again."""
    head = {x.label: squeeze(x.text) for x in above if x.label in HEADS}
    for x in below:
        if x.label == "headline" or (x.label in HEADS and head.get(x.label) == squeeze(x.text)):
            x.label, x.rule = "duplicate", "title-again"
