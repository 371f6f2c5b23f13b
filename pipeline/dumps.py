"""Dumps of text browsers (lynx, w3m, elinks): link numbers before linked words, and lines broken to a screen's width.

Both are no part of what the page says, and both are undone before anything else is decided: numbers go from the lines,
lines that were broken become one. What went is an edit of the line, so that each character keeps its place.

A mark in brackets may be a footnote of the text. So a document is asked for sure signs first: a list of numbered addresses
at its end, or menus whose numbers rise one by one through the document.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from pipeline.records import Document, Line, is_wide

Measure = Callable[[str], int]

MARKS = 3  # numbers that rise, from which a list of addresses at the end speaks of them
ADDRESSES = 2  # lines of that list
INSET = 8  # lines, from which a left margin speaks of a dump
MARGIN = 3  # blanks of it; second headings have one less
ALONE = 12  # numbers that rise, from which they speak for themselves
MENUS = 2  # lines of a menu that they ask for then
ENTRIES = 3  # numbers on one line that make it a menu's
SKIPPED = 40  # numbers of links that a dump does not print, at most: those of pictures
BEFORE = 0.6  # the share of numbers that stand before a word, not behind one as a footnote's mark does
FULL = 2  # lines of one width that show how wide the screen was
NARROWEST = 50  # cells of a full line
SLACK = 6  # cells or characters that a full line may fall short of it

QUOTED = re.compile(r"((?:>[ ]?){1,4})[ \u3000]*(?=[^ \u3000>])")
LINKED = re.compile(r"\[(\d{1,4})\](?! )")
_FRONT = re.compile(r"(?:^|[ \u3000|｜*+：:→>»\[(（【])$")
ADDRESS = re.compile(
    r"(?:(\d{1,4})\.|\[(\d{1,4})\])[ ]{1,3}(?:https?|ftp|file|mailto|javascript|LYNX[A-Z]{2,12}|about|data|tel):[^ ]"
)
_ITEM = re.compile(r"(?:[*+o#@•◦-]|\d{1,2}\.)[ ]+(?=[^ ])")
STOPS = "。，、；：！？”’」』）》】"  # a line that begins with one goes on, however short the line above is
_ENDED = re.compile("[。！？!?…；;][”’」』）)】]{0,3}$")
_WORD = re.compile(r"[^ \u2e80-\uffff]+")


def undump(document: Document) -> None:
    """Take link numbers out of a text browser's dump, and put lines together that it broke."""
    text, lines = document.text, document.lines
    numbers = _link_numbers(lines) if text.count("[") >= MARKS else {}
    if numbers:
        document.repairs["link_numbers"] = sum(map(len, numbers.values()))
    elif not _is_set_in(text, lines):
        return
    follows = [False, *(_follows(text, above, line) for above, line in pairwise(lines))]
    measure, width = _screen(text, [above for above, one in zip(lines, follows[1:], strict=False) if one])
    whole: list[list[Line]] = []
    for line, one in zip(lines, follows, strict=True):
        if one and _goes_on(text, whole[-1][-1], line, measure, width):
            whole[-1].append(line)
            document.repairs["wrapped_lines"] = document.repairs.get("wrapped_lines", 0) + 1
        else:
            whole.append([line])
    document.lines = [closed(group, numbers) for group in whole]


def unquote(document: Document) -> None:
    """Take the marks (> ) off that mail programs and Markdown set before lines that are quoted."""
    for i, line in enumerate(document.lines):
        mark = QUOTED.match(line.text) if line.text[0] == ">" else None
        if mark is None:
            continue
        line.indent = _cells(line.text[mark.end(1) : mark.end()])
        if i and set(document.lines[i - 1].text) <= set("> "):  # a blank line of the mail
            line.gap = max(line.gap, 1)
        document.lines[i] = closed([line], {line.number: [mark.span()]})
        document.repairs["quote_marks"] = document.repairs.get("quote_marks", 0) + 1


def _link_numbers(lines: Sequence[Line]) -> dict[int, list[tuple[int, int]]]:
    """Where on each line, by its number, link numbers stand; nothing where the document is not surely a dump.

    Only numbers that rise are a link's: a footnote's mark is lower than that of the link before it.
    """
    addresses = {int(m.group(1) or m.group(2)) for x in lines if (m := ADDRESS.match(x.text))}
    found: dict[int, list[tuple[int, int]]] = {}
    last = first = fronts = 0
    for line in lines:
        if ADDRESS.match(line.text) or not LINKED.sub("", line.text):
            continue
        for match in LINKED.finditer(line.text):
            number = int(match.group(1))
            if last < number <= last + SKIPPED:
                found.setdefault(line.number, []).append(match.span())
                first, last = first or number, number
                fronts += _FRONT.search(line.text[: match.start()]) is not None
    count = sum(map(len, found.values()))
    listed = len(addresses) >= ADDRESSES and count >= MARKS
    risen = count >= ALONE and first <= ENTRIES and sum(len(x) >= ENTRIES for x in found.values()) >= MENUS
    return found if (listed or risen) and fronts >= BEFORE * count else {}


def _is_set_in(text: str, lines: Sequence[Line]) -> bool:
    """Whether a text has the left margin of a dump without link numbers: three blanks before every line but headings."""
    if len(lines) < INSET or lines[0].indent < MARGIN - 1:
        return False
    sides = []
    for line in lines:
        side = text[text.rfind("\n", 0, line.start) + 1 : line.start].rstrip("\N{IDEOGRAPHIC SPACE}")
        if side.strip(" ") or len(side) < MARGIN - 1:
            return False
        sides.append(len(side))
    return 2 * sides.count(MARGIN) >= len(lines)


def _follows(text: str, above: Line, line: Line) -> bool:
    """Whether a line stands right below another, and where the browser would go on with it."""
    if line.gap or ADDRESS.match(line.text) or ADDRESS.match(above.text) or _ITEM.match(line.text):
        return False
    begin = text.rfind("\n", 0, above.start) + 1
    margin = above.indent - 2 * text.count("\N{IDEOGRAPHIC SPACE}", begin, above.start)
    item = _ITEM.match(above.text)
    return line.indent == margin + (item.end() if item else 0)


def _screen(text: str, lines: Sequence[Line]) -> tuple[Measure, int]:
    """How the browser counted, and the width that it broke lines to; 0 where no lines show it.

    In cells; but lynx counts characters in UTF-8, Chinese ones as one each. The measure that is right is the one by which
    the lines are of one width.
    """
    best: tuple[float, Measure, int] = 1.0, _cells, 0
    for measure in (_cells, len):
        widths = sorted(_width(text, x, measure) for x in lines if _width(text, x, _cells) >= NARROWEST)
        full = [w for i, w in enumerate(widths) if i + 1 - bisect_left(widths, w - SLACK) >= FULL]
        if full:
            middle = widths[len(widths) // 2]
            spread = sum(abs(w - middle) for w in widths) / (middle * len(widths))
            if spread < best[0]:
                best = spread, measure, max(full)
    return best[1:]


def _width(text: str, line: Line, measure: Measure) -> int:
    """What a line took on the screen, its margin and its numbers counted."""
    begin = text.rfind("\n", 0, line.start) + 1
    return measure(text[begin : line.end])


def _cells(text: str) -> int:
    return sum(2 if is_wide(ch) else 1 for ch in text)


def _goes_on(text: str, above: Line, line: Line, measure: Measure, width: int) -> bool:
    """Whether a line that follows another is what did not fit on it."""
    if line.text[0] in STOPS:
        return True
    if not width:
        return False
    room = width - _width(text, above, measure)
    word = _WORD.match(line.text)
    if room < measure(word.group() if word else line.text[0]):
        return True
    return room <= SLACK and not _ENDED.search(above.text) and len(LINKED.findall(above.text)) < ENTRIES


def closed(lines: Sequence[Line], numbers: Mapping[int, list[tuple[int, int]]] = MappingProxyType({})) -> Line:
    """Lines as one, without their link numbers; what went belongs to the character behind it."""
    whole = lines[0]
    if len(lines) == 1 and whole.number not in numbers:
        return whole
    chars: list[str] = []
    places: list[int] = []  # where the share of each character in the decoded document begins
    at = whole.start
    for line in lines:
        if chars and not (is_wide(chars[-1]) or is_wide(line.text[0])):
            chars.append(" ")
            places.append(at)
            at = line.start
        kept = 0
        for a, b in [*numbers.get(line.number, []), (len(line.text), len(line.text))]:
            if a > kept:
                chars += line.text[kept:a]
                places += [at, *map(line.offset, range(kept + 1, a))]
                at = line.offset(a)
            kept = b
    whole.text, whole.end = "".join(chars), lines[-1].end
    whole.edits = [
        (i, i + 1, c - whole.start, d - whole.start)
        for i, (c, d) in enumerate(pairwise([*places, whole.end]))
        if d - c != 1
    ]
    return whole
