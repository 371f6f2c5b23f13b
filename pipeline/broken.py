"""Web pages whose paragraphs were broken to lines: at a width by an editor, or at each tag by a program that took out the text.

Lines are put together before anything else is decided, so that all that follows sees paragraphs. A page is touched only
where its own lines tell that it was broken; what stands on lines of its own stays so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec
import numpy as np

from pipeline.dumps import STOPS, closed
from pipeline.lines import end_marked
from pipeline.records import Line, cells
from pipeline.rules import ChromeRules
from pipeline.splices import going_on

TORN = 3  # lines of a sentence without its end, from which a page may have been broken
NARROWEST = 30  # cells of the width that lines were broken to
SLACK = 4  # cells that a full line may fall short of it
LONGER = 0.1  # the share of lines of text that may be longer: addresses, a table
FEWEST = 6  # lines of text that do not end, from which tags may have parted them
PARTED = 0.3  # the share of all lines of text that they must be
STRANGER = -4.0  # odds below which a line goes on in something else
STRANGE = 0.2  # the share of lines that may, where tags parted them
UNSURE = -2.0  # odds that half of the lines broken at a width have: the places of wraps nobody chose
LEADS = -3.6  # odds from which words above the first joined ones are of the same sentence
BEGUN = 2.0  # odds from which a short line is the beginning of the text below it
OPEN = 12  # lines after which a sentence has its end

_MARKS = frozenset("，。、；")
_WORD = re.compile(r"[^ \u2e80-\uffff]+")
_LATIN = re.compile(r"(?:[^ \u2e80-\uffff]+[ ]+){6}")  # text in Latin letters
_LATIN_ENDS = tuple(".!?:;\"'”’)")


def whole_lines(lines: Sequence[Line], rules: ChromeRules) -> list[Line]:
    """The lines of a page, those that were one put together; a page that was not broken as it is."""
    if any(line.markup for line in lines):
        return list(lines)
    together = _latin_wraps(lines)
    width = _width(lines)
    wraps = _wraps(lines, width, rules) if width else set()
    if wraps and _go_on(lines, wraps):
        together |= wraps
    else:
        together |= _parted_at_tags(lines, rules)
    if not together:
        return list(lines)
    return [closed([msgspec.structs.replace(group[0]), *group[1:]]) for group in _groups(lines, together)]


def _groups(lines: Sequence[Line], together: set[int]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for i, line in enumerate(lines):
        if group and i - 1 not in together:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _is_text(line: Line) -> bool:
    return not _MARKS.isdisjoint(line.text)


def _adjoins(above: Line, below: Line) -> bool:
    """Whether a line stands right below another and is not set in as the first of a paragraph."""
    return not below.gap and below.indent < max(above.indent, 1) + 1


def _reach(above: Line, below: Line) -> int:
    """The cells that a line takes, and those of a Latin word that did not fit on it."""
    word = _WORD.match(below.text)
    return cells(above.text) + above.indent + (max(cells(word.group()) - 1, 0) if word else 0)


def _width(lines: Sequence[Line]) -> int:
    """The cells that a page's text was broken to, 0 where it was not."""
    text = [line for line in lines if _is_text(line)]
    torn = [
        _reach(above, below)
        for above, below in pairwise(lines)
        if _is_text(above) and not end_marked(above.text) and _adjoins(above, below)
    ]
    if len(torn) < TORN or 5 * len(torn) < len(text):
        return 0
    width = max(set(torn), key=lambda w: (sum(w - SLACK <= x <= w for x in torn), w))
    full = sum(width - SLACK <= x <= width for x in torn)
    longer = sum(cells(line.text) + line.indent > width + SLACK for line in text)
    return width if width >= NARROWEST and 4 * full >= 3 * len(torn) and longer <= LONGER * len(text) else 0


def _wraps(lines: Sequence[Line], width: int, rules: ChromeRules) -> set[int]:
    """The lines that go on in the next one, as they fill the width; of one that ends a sentence more is asked."""
    room = SLACK if _parts_paragraphs(lines, width) else 1  # of a line that ends a sentence
    out: set[int] = set()
    for i, (above, below) in enumerate(pairwise(lines)):
        if not _adjoins(above, below):
            continue
        if _reach(above, below) < width - (room if end_marked(above.text) else SLACK):
            continue
        if cells(above.text) + above.indent > width + SLACK:
            continue
        if not (i - 1 in out or _is_text(above) or _is_text(below)):
            continue
        if not any(rules.find(line.text, "web") for line in (above, below) if not _is_text(line)):
            out.add(i)
    return out


def _go_on(lines: Sequence[Line], wraps: set[int]) -> bool:
    """Whether lines go on in the next ones by what they say: headlines of a list may be of one width as well."""
    torn = [i for i in sorted(wraps) if not end_marked(lines[i].text)]
    if not torn:
        return False
    odds = going_on([lines[i + k].text for i in torn for k in (0, 1)])[::2]
    return float(np.median(odds)) > UNSURE


def _parts_paragraphs(lines: Sequence[Line], width: int) -> bool:
    """Whether blank lines or indents part all paragraphs, as none ends short of the width right above the next."""
    short = [
        _adjoins(above, below)
        for above, below in pairwise(lines)
        if _is_text(above) and end_marked(above.text) and cells(above.text) + above.indent < width - 2 * SLACK
    ]
    return len(short) >= TORN and not any(short)


def _latin_wraps(lines: Sequence[Line]) -> set[int]:
    """The lines of another language that go on in the next one: that begins with a small letter."""
    return {
        i
        for i, (above, below) in enumerate(pairwise(lines))
        if not below.gap
        and (below.text[0].islower() or above.text[-1] == ",")
        and below.text[0].isascii()
        and not above.text.endswith(_LATIN_ENDS)
        and _LATIN.match(above.text)
    }


def _parted_at_tags(lines: Sequence[Line], rules: ChromeRules) -> set[int]:
    """The lines that go on in the next one on a page where linked or bold words stand on lines of their own."""
    text = [i for i, line in enumerate(lines) if _is_text(line)]
    torn = [i for i in text if i + 1 < len(lines) and not end_marked(lines[i].text) and not lines[i + 1].gap]
    if len(torn) < FEWEST or len(torn) < PARTED * len(text):
        return set()
    odds = going_on([line.text for line in lines])
    if sum(odds[i] < STRANGER for i in torn) > STRANGE * len(torn):
        return set()
    out: set[int] = set()
    for i in torn:
        stop = next((k for k in range(i, min(i + OPEN, len(lines))) if end_marked(lines[k].text)), i)
        chrome = (k for k in range(i, stop) if odds[k] < STRANGER and rules.find(lines[k + 1].text, "web"))
        out.update(range(i, next(chrome, stop)))
    for i in text:  # what stands above, where a paragraph begins with a link
        while i and i - 1 not in out and not (_is_text(lines[i - 1]) or lines[i].gap):
            forced = lines[i].text[0] in STOPS
            if not forced and (odds[i - 1] < (LEADS if i in out else BEGUN) or rules.find(lines[i - 1].text, "web")):
                break
            out.add(i - 1)
            i -= 1
    return out
