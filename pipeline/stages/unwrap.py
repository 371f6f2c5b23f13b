"""Unwrap: put printed lines together to the pieces that were printed in one column, and say what each piece is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from pipeline.jumps import find_jump
from pipeline.labels import BARE_BYLINE, CLOSERS, DATELINE, brackets, ends_sentence, is_name, label_piece
from pipeline.records import REASONS, Document, Drop, Line, Piece, cells, join_texts
from pipeline.setting import AGREED, INDENT, SLACK, Fragment, Setting, column_width, settings_of
from pipeline.splices import part_columns

# A line this long is text, even where it is torn and has no end.
PROSE = 40
# A credit alone, 张三 摄, and the text of the picture above it.
CREDIT, PICTURE_TEXT = 20, 60
# No longer, in cells, is a byline on its line.
SIGNATURE = 40
# The widest column that papers set, in cells.
WIDEST = 100
# A line in large type with a shadow, this short: the logo of a column.
LOGO = 5
# A line this long without an end, with one space between parts of this length: kicker and headline set on one line.
TWO_DECKS = 40
DECK = 12


def unwrap(document: Document) -> None:
    """Turn the content lines of a document into pieces, and part those that run over a column's end."""
    unwrap_lines(document)
    if document.kind == "page":
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
    settings = settings_of(blocks)
    large = _large_type(blocks)
    indented = _uses_indents(blocks)
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
            for run in _runs(block, setting, indented, large):
                piece = _piece(run, "", "", column)
                piece.label, piece.rule = label_piece(piece.text)
                document.pieces.append(piece)
    _name_bylines(document.pieces)
    _captions_above_credits(document.pieces)
    document.pieces = _join_datelines(document.pieces)


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
    return column is not None and column <= WIDEST and max(widths) <= 3 * column and torn > len(text) / 2


def _captions_above_credits(pieces: list[Piece]) -> None:
    """A short text right above a credit alone is the picture's text."""
    for above, credit in pairwise(pieces):
        alone = credit.rule == "picture_credit" and len(credit.text) <= CREDIT
        if alone and above.label == "body" and len(above.text) <= PICTURE_TEXT and above.rule == "running_text":
            above.label, above.rule = "caption", "above_credit"


def _join_datelines(pieces: list[Piece]) -> list[Piece]:
    """A dateline alone, 新华社北京10月19日电, is the beginning of the paragraph below it."""
    out: list[Piece] = []
    for piece in pieces:
        last = out[-1] if out else None
        if last is not None and last.rule == "dateline_alone" and piece.label in ("body", "short"):
            out[-1] = msgspec.structs.replace(
                piece, text=f"{last.text} {piece.text}", spans=last.spans + piece.spans, line=last.line, gap=last.gap
            )
        else:
            out.append(piece)
    return out


def _name_bylines(pieces: list[Piece]) -> None:
    """Names alone on their lines: after 本报记者, after another such name, or between a headline and its text.

    Some text layers part a name's characters as the paper spaces them; single characters in a row are such a name.
    """
    for k, piece in enumerate(pieces):
        if piece.label != "short" or len(piece.text) > 12:
            continue
        before = pieces[k - 1] if k else None
        after = pieces[k + 1] if k + 1 < len(pieces) else None
        single = len(piece.text) == 1 and (
            (before is not None and before.rule == "name_alone") or (after is not None and len(after.text) == 1)
        )
        named = is_name(piece.text) or (single and "\u4e00" <= piece.text <= "\u9fff")
        if before is None or after is None or not named:
            continue
        writer = before.label == "byline" and (BARE_BYLINE.fullmatch(before.text) or before.rule == "name_alone")
        if writer or (before.label == "short" and (after.label == "body" or len(after.text) > PROSE or single)):
            piece.label, piece.rule = "byline", "name_alone"


def _cut(line: Line, drops: list[Drop]) -> list[Fragment]:
    """Cut a jump line off the text that it runs on in, and the second set of a headline printed twice."""
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
    deck = text.find(" ") if len(text) > TWO_DECKS and line.label is None else -1
    two = deck > DECK and len(text) - deck > DECK and text.count(" ") == 1
    if two and not any(c in text for c in "。；") and text[-1] not in CLOSERS:
        return [
            Fragment(line, 0, deck, text[:deck], "deck"),
            Fragment(line, deck + 1, len(text), text[deck + 1 :], "deck"),
        ]
    return [Fragment(line, 0, len(text), text)]


def _uses_indents(blocks: list[list[Fragment]]) -> bool:
    """Whether the document sets the first line of a paragraph in."""
    deeper = same = 0
    for block in blocks:
        for before, after in pairwise(block):
            step = after.line.indent - before.line.indent
            deeper += step >= 2
            same += step < 2
    return deeper >= 2 and deeper * 30 >= same


def _runs(block: list[Fragment], setting: Setting, indented: bool, large: int) -> list[list[Fragment]]:
    """Part a block, lines without a blank one between them, into paragraphs."""
    column, limit = setting.column, setting.limit
    if len(block) == 2 and (_closes(block[0].text, block[1].text) or _breaks_at(block, large)):
        return [block]
    if len(block) > 2 and _two_line_head(block, column, large):
        return [block[:2], *_runs(block[2:], setting, indented, large)]
    runs = [[block[0]]]
    if not column:
        return runs + [[f] for f in block[1:]]
    base = min(f.line.indent for f in block)
    for i in range(1, len(block)):
        before, after = block[i - 1], block[i]
        # a text layer keeps the room of an indent and loses the indent: the first line of a paragraph may be short by it
        width = before.width + (INDENT if len(runs[-1]) == 1 and not before.line.indent else 0)
        goes_on = width + min(after.word, column // 2) > limit
        if before.width > column + 4 or after.width > column + 4:
            goes_on = False  # wider than the column: set in another type
        if indented and after.line.indent >= base + 2:
            goes_on = False
        elif goes_on and before.ended:
            full = before.width + after.word > limit
            begins = _stands_alone(block, i, column) or (not indented and _lost_indent(block, i, column))
            if setting.lost_indent and not indented and after.width > column - INDENT + 1:
                full, begins = True, False  # no room for an indent: not the first line of a paragraph
            goes_on = full and not begins
        if before.ended and after.line.indent > before.line.indent:
            goes_on = False
        if after.text[0] in CLOSERS and not after.text.startswith("——"):
            goes_on = True
        if before.ended and after.text.startswith("——"):
            goes_on = False
        if goes_on and (after.text[0] in "●■◆" or DATELINE.match(after.text)):
            goes_on = False
        if goes_on and len(runs[-1]) == 1 and _heads(before, after):
            goes_on = False
        if goes_on:
            runs[-1].append(after)
        else:
            runs.append([after])
    return runs


def _heads(first: Fragment, second: Fragment) -> bool:
    """Whether one of two lines, the first of a run, is a byline of its own: below a headline that fills its column, or above text."""
    if first.indent or any(c in first.text for c in "，。；：“"):
        return False
    return any(f.cells <= SIGNATURE and label_piece(f.text)[0] == "byline" for f in (first, second))


def _two_line_head(block: Sequence[Fragment], column: int, large: int) -> bool:
    """Whether a block begins with a headline of two lines: an open bracket runs on, or above a byline a broken line."""
    first, second = block[:2]
    if column and first.cells >= column - 2 * INDENT:
        return False
    signed = label_piece(block[2].text)[0] == "byline"
    return _closes(first.text, second.text) or (signed and bool(large) and _breaks_at([first, second], large))


def _large_type(blocks: list[list[Fragment]]) -> int:
    """The width at which headlines of two lines break, 0 where there are too few to say."""
    firsts = [b[0].cells for b in blocks if len(b) == 2 and _breaks_at(b, b[0].cells)]
    for width in sorted(set(firsts), reverse=True):
        if sum(width - 2 <= w <= width for w in firsts) >= max(2, len(firsts) / 2):
            return width
    return 0


def _breaks_at(block: list[Fragment], width: int) -> bool:
    """Whether the first of two lines without an end fills a width and the second is what was left."""
    first, second = block[0].cells, block[1].cells
    if not width - 2 <= first <= width or second > first or ends_sentence(block[0].text + block[1].text):
        return False
    return not is_name(block[1].text) and all(label_piece(f.text)[0] == "short" for f in block)


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
