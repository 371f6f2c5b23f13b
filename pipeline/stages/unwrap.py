"""Unwrap: put printed lines together to the pieces that were printed in one column, and say what each piece is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.breaks import load_breaks
from pipeline.jumps import find_jump
from pipeline.labels import (
    BOLD,
    CLOSERS,
    DASHES,
    DATELINE,
    EDGES,
    HEADING,
    LEADING_SPECKS,
    PICTURE,
    SPECKS,
    TRAILING_SPECKS,
    brackets,
    ends_sentence,
    is_name,
    label_piece,
    no_text,
)
from pipeline.neighbours import CLAUSE, VERSE, VERSE_LINE, label_by_neighbours
from pipeline.pullquotes import pull_quotes
from pipeline.records import REASONS, Document, Drop, Line, Piece, cells, join_texts
from pipeline.setting import (
    AGREED,
    HEADS,
    INDENT,
    SLACK,
    Fragment,
    Setting,
    column_width,
    full_ends,
    is_text,
    measure_as_printed,
    part_by_width,
    settings_of,
)
from pipeline.splices import part_columns
from pipeline.turns import take_no_turns

# What stands inside of sentences and in few headlines.
MARKS = frozenset("，。；")
# Cells of the longest byline on a line of its own.
SIGNATURE = 40
# Lines wider than their column by more cells are set in another type.
WIDER = 4
# The share of lines that break off early above which none was broken because it was full.
RAGGED = 0.35
# A headline printed twice, for its shadow, of no more characters than this is the logo of a column.
LOGO = 5
# The name of a column before a headline: ·今日谈·美景，就在身边.
COLUMN_NAME = re.compile("[·•][\u4e00-\u9fff]{2,6}[·•](?=[^。]{4,30}[^。，；]$)")
# A line of more characters than the first without an end, one space between two parts longer than the second: kicker and
# headline set on one line.
TWO_DECKS = 40
DECK = 12


def unwrap(document: Document) -> None:
    """Turn the content lines of a document into pieces, and part those that run over a column's end."""
    if document.kind != "page":
        unwrap_lines(document)
        return
    document.lines = take_no_turns(document.lines)
    unwrap_lines(document)
    _drop_pull_quotes(document)
    document.pieces = part_columns(document)


def unwrap_lines(document: Document) -> None:
    """Turn the content lines of a document into pieces; a line that another stage dropped becomes a drop record.

    A hard wrap is told from a paragraph's end by the room that the line had: where the next line's first word would
    have fitted, the line was ended on purpose. That holds at any column width and needs no indents; where the document
    has indents, they decide.
    """
    document.drops = [
        Drop(line.start, line.end, line.label, line.rule or line.label)
        for line in document.lines
        if line.label in REASONS
    ]
    blank = 1 if _blank_after_each(document.lines) else 0
    blocks: list[list[Fragment]] = [[]]
    closed = True
    for line in document.lines:
        if line.label in REASONS:
            closed = True
            continue
        if line.label is None and (why := no_text(line.text)):
            document.drops.append(Drop(line.start, line.end, *why))
            continue
        line.gap = max(line.gap - blank, 0)
        if closed or line.gap or line.label:
            blocks.append([])
        closed = line.label is not None
        for fragment in _cut(line, document.drops):
            if fragment.rule:
                blocks += [[fragment], []]
            else:
                blocks[-1].append(fragment)
    blocks = [b for b in blocks if b]
    measure_as_printed(blocks)
    blocks = [part for b in blocks for part in part_by_width(b)]
    settings = settings_of(blocks)
    ends = None if _uses_indents(blocks) else full_ends(blocks, settings)
    document.pieces = []
    for block, setting in zip(blocks, settings, strict=True):
        first, column = block[0], setting.column
        if first.rule == "deck":
            document.pieces.append(_piece([first], "short", "deck", 0))
        elif first.rule:
            document.pieces.append(_piece([first], "jump_line", first.rule, column))
        elif first.line.label is not None:
            document.pieces.append(_piece(block, first.line.label, first.line.rule or "chrome", column))
        else:
            for run in _runs(block, setting, ends):
                piece = _piece(run, "", "", column)
                piece.label, piece.rule = label_piece(piece.text)
                if piece.label == "short" and len(run) == 1 and run[0].a and HEADING.match(run[0].line.text):
                    piece.rule = "heading"
                if len(run) > 1 and piece.text[-1] in "？！" and run[0].indent >= run[1].indent + 2:
                    piece.label, piece.rule = "body", "set_in"
                document.pieces.append(piece)
    document.pieces = label_by_neighbours(document.pieces)


def _drop_pull_quotes(document: Document) -> None:
    quotes = set(pull_quotes(document.pieces))
    spans = [span for k in quotes for span in document.pieces[k].spans]
    document.drops += [Drop(a, b, "duplicate", "pull_quote") for a, b in spans]
    document.pieces = [piece for k, piece in enumerate(document.pieces) if k not in quotes]


def _blank_after_each(lines: Sequence[Line]) -> bool:
    """Whether a blank line stands between all printed lines, and so says nothing.

    Between paragraphs, one a line, blanks do say something: these end sentences and are of all lengths, printed lines are of
    one width and break off.
    """
    text = [line for line in lines if line.label not in REASONS]
    if len(text) < 2 * AGREED or sum(line.gap == 1 for line in text[1:]) < 0.9 * len(text):
        return False
    widths = [cells(line.text) + line.indent for line in text]
    column = column_width(widths)
    torn = sum(not ends_sentence(line.text) for line in text)
    return column is not None and max(widths) <= 3 * column and torn > len(text) / 2


def _cut(line: Line, drops: list[Drop]) -> list[Fragment]:
    """Cut a line where it holds more than one thing: text and a jump line, a headline printed twice, kicker and headline."""
    text = line.text
    jump = find_jump(text) if line.label is None else None
    if jump is not None:
        parts = [(0, jump.start, ""), (jump.start, jump.end, f"{jump.towards}:{jump.page}"), (jump.end, len(text), "")]
        return [Fragment(line, a, b, text[a:b].strip(), rule) for a, b, rule in parts if text[a:b].strip()]
    half = len(text) // 2
    twice = half >= 3 and text.endswith(text[:half]) and not text[half : len(text) - half].strip()
    if twice and len(set(text[:half])) >= 3 and text[-1] != "。":
        drops.append(Drop(*line.span(half), "duplicate", "drop_shadow"))
        if half <= LOGO:
            drops.append(Drop(*line.span(0, half), "page_furniture", "column_logo"))
            return []
        return [Fragment(line, 0, half, text[:half])]
    column = COLUMN_NAME.match(text) if len(text) <= TWO_DECKS and line.label is None else None
    if column is not None:
        at = column.end()
        return [Fragment(line, 0, at, text[:at], "deck"), Fragment(line, at, len(text), text[at:], "deck")]
    deck = text.find(" ") if len(text) > TWO_DECKS and line.label is None else -1
    two = deck > DECK and len(text) - deck > DECK and text.count(" ") == 1
    if two and not any(c in text for c in "。；") and text[-1] not in CLOSERS:
        return [
            Fragment(line, 0, deck, text[:deck], "deck"),
            Fragment(line, deck + 1, len(text), text[deck + 1 :], "deck"),
        ]
    return [_without_specks(line, drops)]


def _without_specks(line: Line, drops: list[Drop]) -> Fragment:
    """A line without what OCR made of the rules at its edges, and without Markdown's marks of a heading or of bold type."""
    text = line.text
    heading = HEADING.match(text) if text[0] == "#" else None
    edged = line.label is None and (text[0] in EDGES or text[-1] in EDGES)
    if heading is None and not edged and text[0] not in "*_":
        return Fragment(line, 0, len(text), text)
    leading = heading or LEADING_SPECKS.match(text)
    trailing = TRAILING_SPECKS.search(text, max(len(text) - SPECKS, 0)) if edged else None
    drops += [Drop(*line.span(*found.span()), "noise", "edge_specks") for found in (leading, trailing) if found]
    a, b = leading.end() if leading else 0, trailing.start() if trailing else len(text)
    if BOLD.fullmatch(text, a, b):
        drops += [Drop(*line.span(a, a + 2), "noise", "bold"), Drop(*line.span(b - 2, b), "noise", "bold")]
        a, b = a + 2, b - 2
    return Fragment(line, a, b, text[a:b])


def _uses_indents(blocks: list[list[Fragment]]) -> bool:
    """Whether the document sets the first line of a paragraph in."""
    deeper = same = 0
    for block in blocks:
        for before, after in pairwise(block):
            step = after.line.indent - before.line.indent
            deeper += step >= 2
            same += step < 2
    return deeper >= 2 and deeper * 30 >= same


def _runs(block: list[Fragment], setting: Setting, ends: float | None) -> list[list[Fragment]]:
    """Part a block, lines without a blank one between them, into paragraphs.

    `ends`: the log odds that a full line which ends a sentence ends a paragraph, None where indents tell.
    """
    column, indented = setting.column, ends is None
    if len(block) == 2 and _two_lines(block):
        return [block]
    if len(block) > 2 and _two_line_head(block, column):
        return [block[:2], *_runs(block[2:], setting, ends)]
    head = _above_indent(block) if indented else 0
    if head:
        return [[f] for f in block[:head]] + _runs(block[head:], setting, ends)
    runs = [[block[0]]]
    if not column or not is_text(block) or _is_ragged(block, column):
        return runs + [[f] for f in block[1:]]
    base = min(f.line.indent for f in block)
    for i, after in enumerate(block[1:], 1):
        first = len(runs[-1]) == 1
        goes_on = _by_marks(block[i - 1], after, _by_room(block, i, setting, base if indented else None, first))
        if goes_on and ends is not None and _ends_full(runs[-1], after, setting, ends):
            goes_on = False
        if goes_on and not (first and (_heads(block[i - 1], after) or _signed(block[i - 1 : i + 2]))):
            runs[-1].append(after)
            continue
        if DATELINE.match(after.text):
            runs[-1:] = _head_apart(runs[-1])
        runs.append([after])
    return runs


def _above_indent(block: Sequence[Fragment]) -> int:
    """How many lines stand above the first line that is set in and hold no mark: a head, each line for itself."""
    base = min(f.line.indent for f in block)
    first = next((i for i, f in enumerate(block) if f.line.indent >= base + 2), 0)
    marked = any(f.ended or not MARKS.isdisjoint(f.text) for f in block[:first])
    return 0 if marked or first > HEADS else first


def _by_room(block: list[Fragment], i: int, setting: Setting, base: int | None, first: bool) -> bool:
    """Whether a paragraph goes on in line `i` by the room that the line before had, and by indents.

    `base`: the indent of lines inside a paragraph, None where the document shows none. `first`: whether the line before is the
    first of its paragraph.
    """
    before, after, column = block[i - 1], block[i], setting.column
    if before.width > column + WIDER or after.width > column + WIDER:
        return False
    if base is not None and after.line.indent >= base + 2:
        return False
    if before.ended and after.line.indent > before.line.indent:
        return False
    # a text layer keeps the room of an indent and loses the indent: the first line of a paragraph may be short by it
    width = before.width + (INDENT if first and not before.line.indent else 0)
    if width + min(after.word, column // 2) <= setting.limit:
        return False
    if not before.ended:
        return True
    if base is None and setting.lost_indent and after.width > column - INDENT + 1:
        return True  # no room for an indent: not the first line of a paragraph
    begins = _stands_alone(block, i, column) or (base is None and _lost_indent(block, i, column))
    return before.width + after.word > setting.limit and not begins


def _ends_full(run: Sequence[Fragment], after: Fragment, setting: Setting, ends: float) -> bool:
    """Whether a paragraph ends with its line, though that is full: by words, and by how many last lines of the page are."""
    if not run[-1].stopped or setting.lost_indent or after.text[0] in CLOSERS or run[-1].width > setting.column + WIDER:
        return False
    return load_breaks().odds(join_texts([f.text for f in run]), after.text) + ends > 0


def _by_marks(before: Fragment, after: Fragment, goes_on: bool) -> bool:
    """Whether a paragraph goes on in a line, where the mark or the dateline that opens the line says more than the room."""
    dash = after.text.startswith("——")
    if after.text[0] in CLOSERS and not dash:
        goes_on = True
    if before.ended and dash:
        goes_on = False
    return goes_on and after.text[0] not in "●■◆" and not DATELINE.match(after.text) and not PICTURE.match(after.text)


def _head_apart(run: list[Fragment]) -> list[list[Fragment]]:
    """A run over a dateline, parted where full lines without any mark, a headline, stand below the end of a sentence."""
    first = len(run)
    while first and not run[first - 1].ended and not run[first - 1].indent and not set(run[first - 1].text) & MARKS:
        first -= 1
    return [run[:first], run[first:]] if 0 < first < len(run) and run[first - 1].ended else [run]


def _is_ragged(block: Sequence[Fragment], column: int) -> bool:
    """Whether lines break off before their column is full: verse, a list. A byline and what is above it count for nothing."""
    if max(len(f.text) for f in block) > VERSE_LINE:
        return False
    loose = sum(not f.ended and f.width < column - SLACK for f in block[:-1])
    if loose < 2 and any(f.text[-1] not in CLOSERS for f in block[-VERSE:]):
        return False  # as nearly all blocks: no line need be asked for its label
    first = 1 + max((i for i, f in enumerate(block) if label_piece(f.text)[0] == "byline"), default=-1)
    lines = block[first:]
    if (
        first
        and len(lines) >= VERSE
        and len({len(f.text) for f in lines}) == 1
        and all(f.text[-1] in CLOSERS for f in lines)
    ):
        return True  # of one length, each with its mark
    full = [f.width >= column - SLACK for f in block[first:-1]]
    loose = sum(not f.ended and not filled for f, filled in zip(block[first:-1], full, strict=True))
    prose = any(all(three) for three in zip(full, full[1:], full[2:], strict=False))
    return len(full) >= VERSE - 1 and loose > RAGGED * len(full) and not prose


def _heads(first: Fragment, second: Fragment) -> bool:
    """Whether one of two lines, the first of a run, is a byline of its own: below a headline that fills its column, or above text."""
    if first.indent or _closes(first.text, second.text):
        return False
    above_text = first.cells <= SIGNATURE and not any(c in first.text for c in "，。；：“")
    if above_text and label_piece(first.text)[0] == "byline":
        return True
    return not first.ended and second.cells <= SIGNATURE and label_piece(second.text)[0] == "byline"


def _signed(lines: Sequence[Fragment]) -> bool:
    """Whether a name stands alone between a headline, which may fill its column, and the first line of a text."""
    if len(lines) < 3 or lines[0].indent or lines[0].ended or any(c in lines[0].text for c in "，。；："):
        return False
    return is_name(lines[1].text) and lines[2].line.indent >= lines[1].line.indent + 2


def _two_line_head(block: Sequence[Fragment], column: int) -> bool:
    """Whether a block begins with a headline of two lines: an open bracket runs on."""
    first, second = block[:2]
    return not (column and first.cells >= column - 2 * INDENT) and _closes(first.text, second.text)


def _two_lines(block: list[Fragment]) -> bool:
    """Whether a block is one headline on two lines."""
    above, below = block
    clauses = above.text[-1] in "，、" and label_piece(below.text)[0] == "short" and below.text[-1] != above.text[-1]
    clauses = clauses and not below.text.startswith(DASHES)
    short = max(len(above.text), len(below.text)) <= CLAUSE and not above.line.indent
    return _closes(above.text, below.text) or (clauses and short)


def _closes(above: str, below: str) -> bool:
    """Whether a line leaves a bracket open that the next one closes: a headline that needed two lines."""
    opened, closed = brackets(above)[1], brackets(below)[0]
    return bool(opened and closed) and len(above) + len(below) <= 60


def _stands_alone(block: list[Fragment], i: int, column: int) -> bool:
    """Whether line `i`, after a sentence, is a headline or a crosshead: it has room left and no end."""
    if block[i].ended:
        return False
    next_word = block[i + 1].word if i + 1 < len(block) else 2
    return block[i].width + INDENT + next_word <= column - SLACK


def _lost_indent(block: list[Fragment], i: int, column: int) -> bool:
    """Whether line `i` left the room of an indent that the text layer lost: the next line's first word had fitted."""
    if i + 1 >= len(block) or block[i].ended:
        return False
    room = column - block[i].width
    return SLACK <= room <= INDENT + SLACK and block[i + 1].word <= room


def _piece(run: Sequence[Fragment], label: str, rule: str, column: int) -> Piece:
    first, last = run[0], run[-1]
    text = join_texts([f.text for f in run])
    piece = Piece(text, [f.span for f in run], label, rule, first.line.number, last.line.number)
    piece.gap = first.line.gap
    piece.indent = first.indent
    if column:
        piece.column = column
        piece.head_room = column - first.width
        piece.tail_room = column - last.width
    return piece
