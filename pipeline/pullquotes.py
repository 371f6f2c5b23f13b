"""Pull quotes: words of an article printed once more, in large type, amid a column.

They stand between the two halves of a torn paragraph, where neither a headline nor a crosshead can, and say what the page says
elsewhere, from mark to mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.labels import DATELINE, ends_sentence
from pipeline.records import Piece

# Characters of a pull quote, and how many lines it fills at most.
FEWEST, MOST, LINES = 8, 60, 5
_MARKS = "，。、；：？！“”‘’「」『』…—,.;:?!\"'"
_BLANK = re.compile("\\s+")


def pull_quotes(pieces: Sequence[Piece]) -> list[int]:
    """Which pieces of a page are pull quotes: what somebody says below, or what stands above.

    Headlines and crossheads too say words of their text, mostly of the beginning of what stands below them: words of the half of the
    paragraph right below tell nothing.
    """
    out: list[int] = []
    texts: list[str] = []
    for run in _between_halves(pieces):
        text = _closed("".join(pieces[k].text for k in run)).strip(_MARKS)
        if not FEWEST <= len(text) <= MOST:
            continue
        texts = texts or [_closed(p.text) if p.label == "body" else "" for p in pieces]
        above, below = "".join(texts[: run.start]), "".join(texts[run.stop + 1 :])
        at = _place(below, text)
        if _place(above, text) >= 0 or (at >= 0 and _is_quoted(below, at)):
            out += run
    return out


def _place(body: str, text: str) -> int:
    """Where words stand in a text, from mark to mark; -1 where they do not."""
    at = body.find(text)
    between = at > 0 and body[at - 1] in _MARKS and body[at + len(text) : at + len(text) + 1] in tuple(_MARKS)
    return at if between else -1


def _is_quoted(body: str, at: int) -> bool:
    return max(body.rfind(c, 0, at) for c in "“「") > max(body.rfind(c, 0, at) for c in "”」")


def _between_halves(pieces: Sequence[Piece]) -> Iterator[range]:
    """Short lines, apart from what is above and below, between text that breaks off and text."""
    k = 1
    while k < len(pieces):
        stop = k
        while stop < len(pieces) and pieces[stop].label == "short":
            stop += 1
        if k < stop < len(pieces) and stop - k <= LINES and pieces[k].gap and pieces[stop].gap:
            above, below = pieces[k - 1], pieces[stop]
            torn = above.label == "body" and not ends_sentence(above.text)
            if torn and below.label == "body" and not DATELINE.match(below.text):
                yield range(k, stop)
        k = stop + 1


def _closed(text: str) -> str:
    return _BLANK.sub("", text)
