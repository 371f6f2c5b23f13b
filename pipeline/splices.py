"""Columns that stand one right below the other: parting lines that were put together over a column's end.

A text layer without blank lines shows no column's end: the last line of one fills its column as the first of the next does.
What can be read there is that the second line is not what the first goes on in. A cut that is one too many costs little,
since pieces are rejoined by all that is known of the page; one too few leaves two halves that nothing parts again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np

from pipeline.continuation import REACH, WEIGHTS, Floats, load_continuation
from pipeline.flow import Flow, as_learned
from pipeline.labels import ends_sentence, label_piece
from pipeline.ngrams import COUNTS, MODEL, load_ngrams
from pipeline.records import Document, Piece, cells, join_texts
from pipeline.seams import FLUSH, Ints

GAIN = 8  # nats that counts say of one pair, at most
# Lines are parted where network and counts together find that one so little goes on in the next: 7 of 100 wraps, and seven in
# ten of the column ends that unwrapping ran over (tuning pages).
FOREIGN = -3.0
# The same for a last line that leaves room and has no end: a paragraph ends with a mark, a headline does not.
NO_END = 1.5
# A page sets its columns without blank lines if more short lines than this share, heads mostly, stand right below others, or if
# it has so many lines, and fewer blank ones than one for EACH of them.
CROWDED = 0.7
LINES, EACH = 40, 30


def part_columns(document: Document, model: Path = MODEL) -> list[Piece]:
    """The pieces of a document with its lines, those parted in which a line does not go on in the next."""
    pieces = document.pieces
    if not runs_together(pieces):
        return pieces
    repaired = {(line.start, line.end): line.text for line in document.lines}
    spans = [span for piece in pieces if _is_wrapped(piece) for span in piece.spans]
    lines = [repaired.get(span, document.text[slice(*span)].strip()) for span in spans]
    odds = going_on(lines, model)
    out: list[Piece] = []
    at = 0  # the piece's first line among all lines
    for piece in pieces:
        if _is_wrapped(piece):
            end = at + len(piece.spans)
            out += _parts(piece, lines[at:end], odds[at : end - 1])
            at = end
        else:
            out.append(piece)
    return out


def runs_together(pieces: Sequence[Piece]) -> bool:
    """Whether a page sets its columns without blank lines between them."""
    gaps = [piece.gap for piece in pieces[1:] if piece.label == "short"]
    if len(gaps) >= 2 and sum(gap == 0 for gap in gaps) > CROWDED * len(gaps):
        return True
    lines = sum(len(piece.spans) for piece in pieces)
    return lines >= LINES and EACH * sum(piece.gap > 0 for piece in pieces) < lines


def _is_wrapped(piece: Piece) -> bool:
    fewest = 2 if piece.label == "body" else 3  # two lines are a headline's
    return (
        piece.label in ("body", "short")
        and piece.column > 0
        and fewest <= len(piece.spans) == piece.last - piece.line + 1
    )


class Reading:
    """How likely ends of texts go on in starts of texts, by network and counts: what is read of each once."""

    def __init__(self, ends: Sequence[str], starts: Sequence[str], model: Path = MODEL) -> None:
        tails, heads = Flow(ends).tails(REACH), Flow(starts).heads(REACH)
        network, self.ngrams = load_continuation(model / WEIGHTS), load_ngrams(model / COUNTS)
        self.sides = self.ngrams.sides(tails[:, -3:], heads[:, :3])
        self.left, self.right = network.before(network.look_up[tails]), network.after(network.look_up[heads])

    def odds(self, i: Ints, j: Ints) -> Floats:
        """The log odds of each pair of an end and a start; counts are worth half, as they are surer than they are right."""
        read = np.einsum("ij,ij->i", self.left[i], self.right[j]) / np.float32(np.sqrt(self.left.shape[1]))
        return np.asarray(read + np.clip(self.ngrams.cuts(self.sides, i, j).gain, -GAIN, GAIN) / 2)


def going_on(lines: Sequence[str], model: Path = MODEL) -> Floats:
    """The log odds that each line but the last goes on in the one after it."""
    if len(lines) < 2:
        return np.zeros(0, np.float32)
    texts = [as_learned(line) or " " for line in lines]
    k = np.arange(len(texts) - 1)
    return Reading(texts, texts, model).odds(k, k + 1)


def _parts(piece: Piece, lines: Sequence[str], odds: Floats) -> list[Piece]:
    """A piece cut where a line does not go on in the next."""
    foreign = odds < FOREIGN
    if piece.tail_room > FLUSH and not ends_sentence(piece.text):
        foreign[-1] = odds[-1] < NO_END
    cuts = [0, *(np.flatnonzero(foreign) + 1).tolist(), len(lines)]
    return [_part(piece, lines, a, b) for a, b in pairwise(cuts)] if len(cuts) > 2 else [piece]


def _part(piece: Piece, lines: Sequence[str], first: int, stop: int) -> Piece:
    """The lines `first` … `stop`-1 of a piece as a piece of their own."""
    text = join_texts(list(lines[first:stop]))
    label, rule = label_piece(text)
    part = msgspec.structs.replace(piece, text=text, spans=piece.spans[first:stop], label=label, rule=rule)
    part.line, part.last = piece.line + first, piece.line + stop - 1
    if first:
        part.gap, part.indent, part.cut = 0, 0, True
        part.head_room = piece.column - cells(lines[first])
    if stop < len(lines):
        part.tail_room = piece.column - cells(lines[stop - 1]) - (piece.indent if stop == 1 else 0)
    return part
