"""Columns that stand side by side on one line, as `pdftotext -layout` and the like write a page: parting them at the gutter.

A gutter is a strip of blanks that runs down many lines with text on both sides. A table has those too; its cells are too
narrow for a column of text. Lines are cut into one line a column and put in the order in which columns are read.

From the whole to its parts: a document is parted at page heads and form feeds (`_leaves`), these at blank lines (`_zones`), each
zone is asked for its gutters (`find_gutters`), and zones with the same gutters are read together, column by column (`_by_column`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from pipeline.records import Line, cells, on_new_leaf

# Blanks inside a line that may be a gutter's.
WIDE = re.compile(r"[ \u3000]{2,}")
# So many lines with such blanks, and such a share of a zone's lines with text on both sides of a strip, make it a gutter: few,
# as the columns of an article are of unlike height, and pictures stand in them.
FEWEST = 4
SHARE = 0.15
# No printed page has more lines, nor wider ones, in cells: what has is no page and would take memory without bound.
LONGEST, WIDEST = 1000, 400
# So many zones, headline and writer, may stand over columns.
HEADS = 3
# Of 50 lines one may run over the gutter; a gutter is so many cells wide where marks hang into it, and usually so many; zones
# whose gutters lie so near, in cells, are one.
CROSSING, NARROWEST, USUAL, NEAR = 50, 2, 3, 3
# Cells that a column's text takes up in most of its lines: six characters; what is narrower is a table's.
COLUMN = 12


class Run(NamedTuple):
    """Text of a line between wide blanks: from which character to which, and from which cell of the page to which."""

    start: int
    stop: int
    left: int
    right: int


class Row(NamedTuple):
    """A line and its text between wide blanks."""

    line: Line
    runs: list[Run]


def part_gutters(lines: list[Line], text: str, is_head: Callable[[str], bool]) -> list[Line]:
    """The lines of a page with columns that stand side by side put one below the other.

    `text`: the decoded document, where blanks are as wide as they were. `is_head` tells the line at the head of a page, which
    runs over all columns. No column goes on over it, nor over a form feed.
    """
    if sum(WIDE.search(line.text) is not None for line in lines) < FEWEST:
        return lines
    leaves = _leaves([Row(line, _runs(line, text)) for line in lines], text, is_head)
    return [line for leaf in leaves for line in _part(leaf)]


def _leaves(rows: Sequence[Row], text: str, is_head: Callable[[str], bool]) -> Iterator[list[Row]]:
    """Lines that may be of one page; the line at a page's head alone."""
    leaf: list[Row] = []
    for row in rows:
        head = is_head(row.line.text)
        if leaf and (head or on_new_leaf(text, leaf[-1].line, row.line)):
            yield leaf
            leaf = []
        leaf.append(row)
        if head:
            yield leaf
            leaf = []
    if leaf:
        yield leaf


def _part(rows: Sequence[Row]) -> list[Line]:
    """The lines of one page, column by column wherever gutters part it."""
    zones = list(_zones(rows))
    found = [find_gutters([row.runs for row in zone]) for zone in zones]
    out: list[Line] = []
    held: list[Row] = []
    gutters: list[int] = []
    for k, zone in enumerate(zones):
        below = next((g for g in found[k + 1 : k + 1 + HEADS] if g), [])
        own = found[k] or (below if _heads_columns(zone, below, bool(held) and gutters == below) else [])
        if len(own) != len(gutters) or any(abs(a - b) > NEAR for a, b in zip(own, gutters, strict=True)):
            out += _by_column(held, gutters)
            held, gutters = [], own
        held += zone
    return out + _by_column(held, gutters)


def _zones(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Lines with no blank one between them."""
    zone: list[Row] = []
    for row in rows:
        if zone and row.line.gap:
            yield zone
            zone = []
        zone.append(row)
    if zone:
        yield zone


def _runs(line: Line, text: str) -> list[Run]:
    printed = text[line.start : line.end]
    if len(printed) != len(line.text):
        printed = line.text  # a repair changed its length: an indent may come out narrower
    found, at, left = [], 0, line.indent
    for start, stop in [m.span() for m in WIDE.finditer(printed)] + [(len(printed), len(printed))]:
        right = left + cells(printed[at:start])
        found.append(Run(at, start, left, right))
        at, left = stop, right + cells(printed[start:stop])
    return found


def _heads_columns(zone: Sequence[Row], gutters: Sequence[int], goes_on: bool) -> bool:
    """Whether a zone heads the columns below it: few lines, none over a gutter, in more than one column or below such lines."""
    columns = [sum(run.left >= edge - NEAR for edge in gutters) for row in zone for run in row.runs]
    crossing = any(run.left < edge - NEAR < run.right for row in zone for run in row.runs for edge in gutters)
    return bool(gutters) and len(zone) < FEWEST and not crossing and (goes_on or len(set(columns)) > 1)


def find_gutters(lines: Sequence[Sequence[Run]]) -> list[int]:
    """The cells at which gutters end and the columns to their right begin; nothing where there is but one column."""
    width = max(own[-1].right for own in lines)
    if not FEWEST <= len(lines) <= LONGEST or width > WIDEST:
        return []
    covered = np.zeros((len(lines), width + 1), dtype=bool)
    for row, own in zip(covered, lines, strict=True):
        for run in own:
            row[run.left : run.right] = True
    left = np.maximum.accumulate(covered, axis=1)
    right = np.maximum.accumulate(covered[:, ::-1], axis=1)[:, ::-1]
    blank = covered.sum(axis=0) * CROSSING <= len(lines)
    between = (left & right & ~covered).sum(axis=0) >= max(FEWEST, SHARE * len(lines))
    strip = np.flatnonzero(np.diff(np.concatenate([[0], (blank & between).astype(int), [0]])))
    found = [int(b) for a, b in zip(strip[::2], strip[1::2], strict=True) if b - a >= NARROWEST]
    edges = [0, *found, width]
    wide = [np.median([n for n in covered[:, a:b].sum(axis=1) if n] or [0]) >= COLUMN for a, b in pairwise(edges)]
    return found if all(wide) and all(_room(lines, edge) >= USUAL for edge in found) else []


def _room(lines: Sequence[Sequence[Run]], edge: int) -> float:
    """The cells that most lines leave blank before the column that begins at an edge."""
    left = [max((run.right for run in own if run.left < edge), default=None) for own in lines]
    return float(np.median([edge - right for right in left if right is not None] or [0]))


def _by_column(rows: Sequence[Row], gutters: Sequence[int]) -> list[Line]:
    """Lines cut at their gutters, column by column."""
    if not gutters:
        return [row.line for row in rows]
    columns: list[list[Line]] = [[] for _ in range(len(gutters) + 1)]
    for line, runs in rows:
        parts: list[list[Run]] = [[] for _ in columns]
        for run in runs:
            parts[sum(run.left >= edge - NEAR for edge in gutters)].append(run)
        for column, own in zip(columns, parts, strict=True):
            if own:
                column.append(_cut(line, own[0], own[-1].stop))
    out: list[Line] = []
    for column, edge in zip(columns, (0, *gutters), strict=True):
        margin = min(max(line.indent - edge, 0) for line in column) + edge if column else 0
        above: int | None = None
        for line in column:
            line.indent = max(line.indent - margin, 0)
            line.gap = 1 if above is None else line.number - above - 1
            above = line.number
        out += column
    return out


def _cut(line: Line, first: Run, stop: int) -> Line:
    """The part of a line from one of its runs to the end of another, without blanks at its ends."""
    part = line.part(first.start, stop)
    lead = line.text[first.start : stop].index(part.text)
    part.indent = first.left + cells(line.text[first.start : first.start + lead])
    return part
