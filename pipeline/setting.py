"""How a column was set: its width, and what a line must hold to be full.

Plain text shows neither: both are read off the lines, most of which keep to their column's width.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import groupby, pairwise
from math import log
from typing import NamedTuple

import msgspec

from pipeline.labels import CLOSERS, CLOSING, ends_sentence, is_name
from pipeline.records import Line, cells

# A justified line comes out up to three cells short of its column: squeezed digits, punctuation that may not begin a line.
SLACK = 3
# Fewer lines than this say nothing of a column's width.
ENOUGH = 4
# So many lines of one width settle a document's column, so many that must go on how strictly it was filled.
AGREED, STRICT_LINES = 8, 20
# Marks inside a sentence at which a line may be ended on purpose: it says nothing of how full lines are.
PAUSED = "：；:;—…”’"
# Marks with which paragraphs end.
PARAGRAPH_STOPS = "。！？!?…"
# The narrowest column that papers set, five characters, in cells.
NARROW = 10
# The narrowest that short paragraphs show together: in narrower lines, poems are set.
POOLED = 24
# The widest, in cells: longer lines are paragraphs, one each.
WIDEST = 100
# Cells that the first line of a paragraph is set in by.
INDENT = 4
# Cells that a closing mark may stand out by.
HANGING = 2
# Lines that may stand above a text: kicker, headline, subtitle, writer.
HEADS = 5
# What OCR makes of wide marks, and what it puts between characters.
HALF = frozenset(",.;:!?()")
HALF_MARK = re.compile("(?<=[\u4e00-\u9fff”’》])[,.;:!?()]|[()](?=[\u4e00-\u9fff“‘《])")
BLANK = re.compile("(?<=[\u4e00-\u9fff，。、；：]) +(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) +(?=[，。、；：])")
# So many more lines of one width must come of measuring them as the paper had them.
EVENER = 1.2
# So many lines in a row, none of them as wide as the column, were set in a narrower one.
STRETCH = 6


class Fragment(msgspec.Struct, gc=False):
    """A line, or the part of it that is left when a jump line or a doubled headline is cut off.

    What its neighbours are compared by is computed once.
    """

    line: Line
    a: int
    b: int
    text: str
    rule: str = ""
    cells: int = 0
    indent: int = 0  # cells that it is set in, as printed
    word: int = 0  # cells of its first word
    ended: bool = False  # whether it ends a sentence
    stopped: bool = False  # whether a paragraph may end with it
    paused: bool = False  # whether it ends in a mark inside a sentence

    def __post_init__(self) -> None:
        self.cells = cells(self.text)
        self.indent = 0 if self.a else self.line.indent
        self.word = _first_word(self.text)
        self.ended = ends_sentence(self.text)
        self.stopped = self.ended and self.text.rstrip(CLOSING)[-1:] in PARAGRAPH_STOPS
        self.paused = self.text[-1] in PAUSED

    @property
    def width(self) -> int:
        """Cells that it takes of its column, the indent among them."""
        return self.cells + self.indent

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the decoded document."""
        return self.line.span(self.a, self.b if self.b < len(self.line.text) else None)


def _first_word(text: str) -> int:
    """Cells of what cannot be parted from the line's first character."""
    end = 1
    if text[0].isascii() and text[0].isalnum():
        while end < len(text) and text[end].isascii() and (text[end].isalnum() or text[end] in ".%-+/"):
            end += 1
    elif text[0] in "“‘（《〈「『【(":
        end = 2
    while end < len(text) and text[end] in CLOSERS:
        end += 1
    return 2 if end == 1 and "\u4e00" <= text[0] <= "\u9fa5" else cells(text[:end])


class Setting(NamedTuple):
    """How a column was set."""

    column: int  # its width in cells, 0 where it has none
    limit: int  # cells that a line and the next one's first word must exceed for the line to be full
    lost_indent: bool  # whether first lines have the room of an indent that the text layer lost


def full_ends(blocks: Sequence[Sequence[Fragment]], settings: Sequence[Setting]) -> float:
    """The log odds that a paragraph ends where a sentence ends with a full line, on a page without indents.

    As many paragraphs end in any one place of a line as in any other, so that those whose last lines leave room tell how many
    leave none.
    """
    expected, full = 0.0, 0
    for block, setting in zip(blocks, settings, strict=True):
        column, limit = setting.column, setting.limit
        ended = [(before, after) for before, after in pairwise(block) if before.stopped] if column else []
        short = sum(before.width + min(after.word, column // 2) <= limit for before, after in ended)
        places = column - limit + 2  # where a last line is taken for full, in cells
        expected += short * places / max(column - places, places)
        full += len(ended) - short
    share = min((expected + 0.5) / (full + 1), 0.8)
    return log(share / (1 - share))


def measure_as_printed(blocks: Sequence[Sequence[Fragment]]) -> None:
    """Measure lines as the paper had them, where more of them come out equal so: OCR narrows marks and adds blanks."""
    lines = [f for block in blocks for f in block]
    texts = [_as_printed(f.text) for f in lines]
    if sum(text != f.text for text, f in zip(texts, lines, strict=True)) < AGREED:
        return
    printed = dict(zip(map(id, lines), map(cells, texts), strict=True))
    equal = sum(_most_equal([printed[id(f)] for f in block]) for block in blocks)
    if equal > EVENER * sum(_most_equal([f.cells for f in block]) for block in blocks):
        for f in lines:
            f.cells = printed[id(f)]


def _as_printed(text: str) -> str:
    """A line with wide marks, and without blanks between characters."""
    if not HALF.isdisjoint(text):
        text = HALF_MARK.sub("，", text)
    return BLANK.sub("", text) if " " in text else text


def _most_equal(widths: Sequence[int]) -> int:
    """How many lines of a block are of one width."""
    return max(Counter(widths).values())


def part_by_width(block: list[Fragment]) -> list[list[Fragment]]:
    """Part a block where a narrower column begins or ends: without blank lines articles stand right below each other.

    A column of text is told from verse, lists and last lines by what it is: lines of one width, most of which break off.
    """
    column = column_width([f.width for f in block]) if len(block) >= 2 * STRETCH else None
    if column is None:
        return [block]
    cuts = {0, len(block)}
    start = 0
    for i in range(len(block) + 1):
        if i < len(block) and block[i].width - HANGING * (block[i].text[-1] in CLOSERS) < column - SLACK:
            continue
        if i - start >= STRETCH and (found := _narrower(block, start, i)):
            cuts.update(found)
        start = i + 1
    edges = sorted(cuts)
    return [block[a:b] for a, b in pairwise(edges)]


def _narrower(block: Sequence[Fragment], start: int, stop: int) -> tuple[int, int] | None:
    """The lines among `start` … `stop`-1 that were set in a column of their own, from a beginning to an end."""
    column = column_width([f.width for f in block[start:stop]])
    if column is None:
        return None
    full = [i for i in range(start, stop) if column - SLACK <= block[i].width <= column]
    first, last = full[0], full[-1]
    if not any(f.ended for f in block[max(start - 1, 0) : first]):  # amid a paragraph of the wider column
        while first > start and not block[first - 1].ended and first < last and block[first].indent < 2:
            first += 1
    while last < stop - 1 and not block[last].ended and block[last + 1].indent < 2:
        last += 1
    head = first
    while head >= first - HEADS and head and not block[head - 1].ended and block[head - 1].indent < 2:
        head -= 1
    if first - head <= HEADS and (not head or block[head - 1].ended):
        first = head  # with what stands right above: headline, writer
    elif first > 1 and is_name(block[first - 1].text):
        first -= 2
    own = block[first : last + 1]
    torn = sum(not f.ended for f in own)
    return (first, last + 1) if len(own) >= STRETCH and 2 * torn > len(own) else None


def settings_of(blocks: list[list[Fragment]]) -> list[Setting]:
    """How each block was set: as all of the document's columns of that width, where these were filled strictly."""
    widths = [[f.width for f in block] for block in blocks]
    own = [column_width(w) if is_text(block) else None for block, w in zip(blocks, widths, strict=True)]
    _pool(own, blocks)
    alone = _columns(own, widths)
    together = _columns(_agreed(own, widths), widths)
    read = {column: _setting(blocks, together, column) for column in set(together)}
    return [
        read[b] if b and read[b].limit == b else Setting(a, a - SLACK + 1, False)
        for a, b in zip(alone, together, strict=True)
    ]


def _pool(own: list[int | None], blocks: Sequence[Sequence[Fragment]]) -> None:
    """Give short paragraphs that stand together, each too short to show a width, the one that their lines have."""
    widths = [[f.width for f in block] for block in blocks]
    short = [w is None and _is_short_text(block) for w, block in zip(own, blocks, strict=True)]
    for poor, run in groupby(range(len(own)), key=lambda i: short[i]):
        together = list(run)
        if not poor or len(together) < 2:
            continue
        column = column_width([w for i in together for w in widths[i]])
        for i in together:
            if column and column >= POOLED and column - SLACK <= max(widths[i]) <= column + HANGING:
                own[i] = column


def _is_short_text(block: Sequence[Fragment]) -> bool:
    """Whether lines may be a short paragraph: more than one, and most break off, as those of verse do not."""
    marked = sum(f.text[-1] in CLOSERS for f in block[:-1])
    return len(block) > 1 and is_text(block) and 2 * marked < len(block)


def is_text(block: Sequence[Fragment]) -> bool:
    """Whether some lines may be running text, and not the head of an article, which has no marks."""
    return len(block) > HEADS + 1 or any(mark in f.text for f in block for mark in "，。；")


def _columns(own: Sequence[int | None], widths: Sequence[Sequence[int]]) -> list[int]:
    """The column width of each block, 0 where there is none: its own where it has lines enough, else a neighbour's.

    A neighbour's width is taken over only where the block's widest line keeps to it.
    """
    width = {i: w for i, w in enumerate(own) if w}
    known = sorted(width)
    columns = []
    for i, w in enumerate(own):
        if w is None and known:
            at = bisect_left(known, i)
            near = sorted(known[max(0, at - 3) : at + 3], key=partial(_distance, i))
            widest = max(widths[i])
            w = next((width[k] for k in near if width[k] - SLACK <= widest <= width[k] + 2), None)
            if w is None and len(widths[i]) == 1:
                w = next((width[k] for k in near if width[k] - SLACK <= widest + INDENT <= width[k] + 2), None)
        columns.append(w or 0)
    return columns


def _agreed(own: Sequence[int | None], widths: Sequence[Sequence[int]]) -> list[int | None]:
    """Blocks whose widths hardly differ were set in one column: the width that most of their full lines have."""
    out: list[int | None] = []
    counts = {w: Counter(x for o, line in zip(own, widths, strict=True) if o == w for x in line) for w in set(own) if w}
    for w in own:
        if w is None:
            out.append(None)
            continue
        near: Counter[int] = Counter()
        for other, count in counts.items():
            if abs(other - w) <= SLACK:
                near.update(count)
        full = {x: n for x, n in near.items() if abs(x - w) <= SLACK}
        best = max(full, key=lambda x: (full[x], x))
        out.append(best if full[best] >= AGREED else w)
    return out


def column_width(widths: Sequence[int]) -> int | None:
    """The width that most lines keep to, or None where they keep to none."""
    if len(widths) < ENOUGH:
        return None
    counts = Counter(widths)
    full, best = 0, 0
    for width in sorted(counts):
        near = sum(counts.get(w, 0) for w in range(width - SLACK, width + 1))
        if near > full:
            full, best = near, width
    return best if full >= 0.4 * len(widths) and NARROW <= best <= WIDEST else None


def _setting(blocks: Sequence[list[Fragment]], columns: Sequence[int], column: int) -> Setting:
    """Read off the lines that must go on, as no mark ends them, how strictly the column was filled."""
    slack = column - SLACK + 1
    if not column:
        return Setting(0, 0, False)
    reach: list[int] = []
    first: list[int] = []
    for block, own in zip(blocks, columns, strict=True):
        if own != column:
            continue
        for before, line, after in zip(block, block[1:], block[2:], strict=False):
            if line.paused or line.ended:
                continue
            if not before.ended and not before.paused:
                reach.append(line.width + after.word)
            elif before.ended and before.width + INDENT + line.word <= slack:
                first.append(line.width)  # after a short last line: the first of a paragraph
    mid = [r for r in reach if r > slack]
    limit = slack
    if len(mid) >= STRICT_LINES:
        limit = max(t for t in range(slack, column + 1) if sum(r <= t for r in mid) <= 0.02 * len(mid))
    lost = len(first) >= 3 and sum(w <= column - INDENT + 1 for w in first) >= 0.9 * len(first)
    return Setting(column, limit, lost and limit == column)


def _distance(i: int, k: int) -> int:
    return abs(k - i)
