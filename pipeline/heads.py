"""The lines above an article: which of them is headline, kicker (引题) and subtitle (副题)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.flow import Flow, as_learned
from pipeline.labels import brackets
from pipeline.ngrams import COUNTS, MODEL, load_ngrams
from pipeline.records import Piece
from pipeline.splices import Floats, going_on

DASHES = ("——", "—", "──", "--")
# Lines of one headline are of like length: a compositor breaks it in the middle.
LIKE = 2
# Odds that a line goes on in the next from which both are one headline, whatever their length: 7 of 10 headlines that are
# broken between words, 2 of 10 that are two clauses, 1 of 15 pairs of different ones (headlines of the tuning part).
BROKEN = -0.1
# Shares of a line's character pairs, by rarity, that the text below has: what it is about, and what it never says.
OF_THE_TEXT, OF_NO_TEXT = 0.4, 0.1
# The end of a headline that names the column that it stands in, as crossheads do not.
COLUMN_NAME = re.compile("[^（）()]{4}[（(][^（）()]{2,16}[）)]$")
SERIES = 4  # characters of the shortest name of a series


def broken(lines: Sequence[str], model: Path = MODEL) -> Floats:
    """The odds that each headline line but the last goes on in the next: that the two are one headline, in nats."""
    if len(lines) < 2:
        return np.zeros(0, np.float32)
    flow = Flow([as_learned(line) or " " for line in lines])
    edges = load_ngrams(model / COUNTS).edge_odds(flow.tails(1)[:-1, 0], flow.heads(1)[1:, 0])
    return np.asarray(np.clip(going_on(lines, model), -8, 8) / 2 - edges)


def lay_out_head(lines: Sequence[Piece], odds: Sequence[float], spoken: Sequence[float]) -> dict[str, list[Piece]]:
    """Give each line of a head its part.

    A line that opens with a dash begins the subtitle, one that ends with a dash the kicker. Lines of one block are one
    headline where they are of like length or the words run on over the break. Plain text does not show which of two
    other lines was set larger; papers put the kicker above, so the second is the headline, unless it says the first
    one's words again. `odds` says how likely each line but the last goes on in the next (`broken`). `spoken` says which share of
    each line's words the text has, or nothing: a line of none, below one that the text is about, is the logo of a series and
    goes to the kicker.
    """
    lines = list(lines)
    head: dict[str, list[Piece]] = {}
    logo = _logo(lines, spoken)
    if logo is not None:
        head["kicker"] = [lines.pop(logo)]
    deck = next((k for k, p in enumerate(lines) if k and p.text.startswith(DASHES)), len(lines))
    subtitle = lines[deck:]
    rest: list[list[Piece]] = []
    for k, piece in enumerate(lines[:deck]):
        if rest and rest[-1][-1] is lines[k - 1] and _one_line(lines[k - 1], piece, odds[k - 1]):
            rest[-1].append(piece)
        else:
            rest.append([piece])
    above = next((k for k in range(len(rest) - 1, 0, -1) if rest[k - 1][-1].text.endswith(DASHES)), 0)
    above = above or int(len(rest) > 1 and _tells_else(rest[0], rest[1]))
    if above:
        head["kicker"] = [p for line in rest[:above] for p in line] + head.get("kicker", [])
        rest = rest[above:]
    head["title"] = rest.pop(0)
    subtitle = [p for line in rest for p in line] + subtitle
    if subtitle:
        head["subtitle"] = subtitle
    return head


def _logo(lines: Sequence[Piece], spoken: Sequence[float]) -> int | None:
    """The line of a head that names a series, not the text."""
    if len(lines) < 2 or not spoken or max(spoken[:-1]) < OF_THE_TEXT:
        return None
    if len(lines[-1].text) < SERIES or any(p.text.startswith(DASHES) for p in lines[1:]):
        return None
    return len(lines) - 1 if spoken[-1] <= OF_NO_TEXT else None


def _one_line(above: Piece, below: Piece, odds: float) -> bool:
    if below.gap or below.line != above.last + 1 or above.text.endswith(DASHES):
        return False
    return abs(len(above.text) - len(below.text)) <= LIKE or bool(brackets(above.text)[1]) or odds > BROKEN


def _tells_else(first: list[Piece], second: list[Piece]) -> bool:
    a, b = ("".join(p.text for p in line) for line in (first, second))
    pairs = {a[k : k + 2] for k in range(len(a) - 1)}
    return sum(p in b for p in pairs) < 0.4 * len(pairs)
