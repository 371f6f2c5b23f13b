"""The lines above an article: which of them is headline, kicker (引题) and subtitle (副题)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.flow import as_learned
from pipeline.labels import brackets
from pipeline.ngrams import NGrams, codes
from pipeline.records import Piece

DASHES = ("——", "—", "──", "--")
# Lines of one headline are of like length: a compositor breaks it in the middle.
LIKE = 2
# Shares of a line's character pairs, by rarity, that the text below has: what it is about, and what it never says.
OF_THE_TEXT, OF_NO_TEXT = 0.4, 0.1
# The end of a headline that names the column that it stands in, as crossheads do not.
COLUMN_NAME = re.compile("[^（）()]{4}[（(][^（）()]{2,16}[）)]$")
SERIES = 4  # characters of the shortest name of a series


def lay_out_head(lines: Sequence[Piece], ngrams: NGrams, spoken: Sequence[float]) -> dict[str, list[Piece]]:
    """Give each line of a head its part.

    A line that opens with a dash is the subtitle, one that ends with a dash the kicker. Lines of one block are one
    headline where they are of like length or the words run on over the break. Plain text does not show which of two
    other lines was set larger; papers put the kicker above, so the second is the headline, unless it says the first
    one's words again. `spoken` says which share of each line's words the text has, or nothing: a line of none, below one that the
    text is about, is the logo of a series and goes to the kicker.
    """
    lines = list(lines)
    head: dict[str, list[Piece]] = {}
    logo = _logo(lines, spoken)
    if logo is not None:
        head["kicker"] = [lines.pop(logo)]
    subtitle = [p for k, p in enumerate(lines) if k and p.text.startswith(DASHES)]
    rest: list[list[Piece]] = []
    for piece in (p for p in lines if p not in subtitle):
        if rest and _one_line(rest[-1][-1], piece, ngrams):
            rest[-1].append(piece)
        else:
            rest.append([piece])
    if len(rest) > 1 and (rest[0][-1].text.endswith(DASHES) or (not subtitle and _tells_else(rest[0], rest[1]))):
        head["kicker"] = rest.pop(0) + head.get("kicker", [])
    head["title"] = rest.pop(0)
    subtitle = [p for line in rest for p in line] + subtitle
    if subtitle:
        head["subtitle"] = subtitle
    return head


def _logo(lines: Sequence[Piece], spoken: Sequence[float]) -> int | None:
    """The line of a head that names a series, not the text."""
    if len(lines) < 2 or not spoken or max(spoken[:-1]) < OF_THE_TEXT:
        return None
    last = lines[-1].text
    if len(last) < SERIES:
        return None
    return len(lines) - 1 if spoken[-1] <= OF_NO_TEXT and not last.startswith(DASHES) else None


def _one_line(above: Piece, below: Piece, ngrams: NGrams) -> bool:
    if below.gap or below.line != above.last + 1:
        return False
    if abs(len(above.text) - len(below.text)) <= LIKE or brackets(above.text)[1]:
        return True
    left, right = codes(as_learned(above.text))[-1:], codes(as_learned(below.text))[:1]
    return float(ngrams.association(left[None], right[None])[0]) > 1.0


def _tells_else(first: list[Piece], second: list[Piece]) -> bool:
    a, b = ("".join(p.text for p in line) for line in (first, second))
    pairs = {a[k : k + 2] for k in range(len(a) - 1)}
    return sum(p in b for p in pairs) < 0.4 * len(pairs)
