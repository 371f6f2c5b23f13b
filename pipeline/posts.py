"""What a forum's reader who posts an article sets before its headline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.records import Line
from pipeline.titles import REPOSTED

_BUTTON = re.compile("(?<=....)[ ]{0,2}[\\[【][复複][制製][链鏈]接[\\]】]$")


def part_marks(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines of a page; a mark that says whose the text is ([转帖]) stands apart from the headline behind it."""
    for line in lines:
        if line.label != "headline":
            yield line
            continue
        mark, button = REPOSTED.match(line.text), _BUTTON.search(line.text)
        first = mark.end() if mark else 0
        stop = button.start() if button else len(line.text)
        if not line.text[first:stop].strip():
            yield line
            continue
        if first:
            yield _cut(line, 0, first, ("origin_note", "repost-mark"))
        yield _cut(line, first, stop, (line.label, line.rule)) if mark or button else line
        if button:
            yield _cut(line, stop, len(line.text), ("interaction", "copy-link"))


def _cut(line: Line, first: int, stop: int, label: tuple[str, str | None]) -> Line:
    """Part of a line, with its label."""
    part = line.part(first, stop)
    part.label, part.rule = label
    return part
