"""Where the pieces of a simulated page stand in its truth, and what follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np

from pipeline.records import Part, Piece
from pipeline.threads import Run

WHOLE = 0.95  # F of an article's characters from which it counts as right


class Truth(NamedTuple):
    """Where a piece stands in the gold: article, paragraph, from, to; -1 as paragraph for a headline.

    What is known to be no article's has -1 for both.
    """

    article: int
    paragraph: int
    start: int
    end: int


def squeeze(text: str) -> str:
    """A text without white space, as pieces are compared."""
    return "".join(text.split())


def locate(texts: list[str], gold: dict[str, Any]) -> list[Truth | None]:
    """The place of each piece in the gold, None where it has none or holds more than one paragraph."""
    paragraphs = [
        (a, p, squeeze(x["text"])) for a, art in enumerate(gold["articles"]) for p, x in enumerate(art["paragraphs"])
    ]
    titles = [
        (a, squeeze(art.get(f) or ""))
        for a, art in enumerate(gold["articles"])
        for f in ("title", "subtitle", "kicker")
    ]
    exact = {text: Truth(a, p, 0, len(text)) for a, p, text in reversed(paragraphs)}
    exact |= {text: Truth(a, -1, 0, len(text)) for a, text in reversed(titles) if text}
    exact |= {text: Truth(-1, -1, 0, len(text)) for text in map(squeeze, gold.get("clutter", ()))}
    everything = "\n".join(text for _, _, text in paragraphs)
    ends = np.cumsum([len(text) + 1 for _, _, text in paragraphs])
    out: list[Truth | None] = []
    for text in map(squeeze, texts):
        if text in exact:
            out.append(exact[text])
            continue
        owner = next((a for a, t in titles if len(text) >= 4 and text in t), None)
        at = everything.find(text)
        if owner is not None and (at < 0 or len(text) < 30):
            out.append(Truth(owner, -1, 0, 0))
        elif at >= 0:
            k = int(np.searchsorted(ends, at, side="right"))
            start = at - int(ends[k - 1] if k else 0)
            out.append(Truth(paragraphs[k][0], paragraphs[k][1], start, start + len(text)))
        else:
            out.append(None)
    return out


def is_headline(t: Truth | None, gold: dict[str, Any]) -> bool:
    """Whether a piece is a whole headline, a part of its head, a crosshead, or a line of no article: no torn text."""
    return t is not None and (t.paragraph < 0 or gold["articles"][t.article]["paragraphs"][t.paragraph]["type"] == "h")


def is_seam(a: Truth | None, b: Truth | None) -> bool:
    """Whether piece `b` is the same paragraph's next piece."""
    return bool(a and b and a[:2] == b[:2] and a.paragraph >= 0 and a.end > 0 and abs(a.end - b.start) <= 1)


def is_next(a: Truth | None, b: Truth | None, gold: dict[str, Any]) -> bool:
    """Whether what begins with `b` is read right after what ends with `a`."""
    if not a or not b or a.article != b.article or a.paragraph < 0 or b.paragraph < 0:
        return False
    size = len(squeeze(gold["articles"][a.article]["paragraphs"][a.paragraph]["text"]))
    follows = b.paragraph == a.paragraph + 1 and abs(a.end - size) <= 1 and b.start <= 1
    return follows or is_seam(a, b)


def whole_head(run: Run, truth: list[Truth | None]) -> int | None:
    """The article whose head lines, all that stand together, the run is; None for less, more or other."""
    own = [truth[m] for m in run.members]
    articles = {t.article if t is not None and t.paragraph < 0 else None for t in own}
    beyond = [run.members[0] - 1, run.members[-1] + 1]
    around = [truth[m] for m in beyond if 0 <= m < len(truth)]
    article = articles.pop() if len(articles) == 1 else None
    if (
        article is None
        or article < 0
        or any(t is not None and t.paragraph < 0 and t.article == article for t in around)
    ):
        return None
    return article


def majority(truths: list[Truth | None]) -> int | None:
    """The gold article that most pieces are of."""
    votes: dict[int, int] = {}
    for t in truths:
        if t is not None and t.article >= 0:
            votes[t.article] = votes.get(t.article, 0) + 1
    return max(votes, key=lambda k: (votes[k], -k)) if votes else None


def is_whole(t: Truth, gold: dict[str, Any]) -> bool:
    """Whether a piece ends where its paragraph ends."""
    return t.paragraph < 0 or t.end >= len(squeeze(gold["articles"][t.article]["paragraphs"][t.paragraph]["text"])) - 1


def meets(t: Truth, at: int, known: Collection[tuple[int, int, int]]) -> bool:
    """Whether a place in a piece's paragraph is among those known, give or take a character that OCR lost."""
    return any((t.article, t.paragraph, at + k) in known for k in (-1, 0, 1))


def held_by(truth: Sequence[Truth | None], pieces: Sequence[Piece]) -> Counter[int]:
    """How many characters of each gold article's text some pieces hold."""
    found: Counter[int] = Counter()
    for t, piece in zip(truth, pieces, strict=True):
        if t is not None and t.paragraph >= 0:
            found[t.article] += len(squeeze(piece.text))
    return found


def is_right(part: Part, gold: dict[str, Any], here: Counter[int]) -> bool:
    """Whether a part holds nearly all that a page holds (`here`) of one gold article, and hardly anything else."""
    pieces = [piece for p in part.paragraphs if p.type != "caption" for piece in p.pieces]
    own = held_by(locate([piece.text for piece in pieces], gold), pieces)
    if not own:
        return False
    article, common = own.most_common(1)[0]
    return 2 * common >= WHOLE * (here[article] + sum(len(squeeze(piece.text)) for piece in pieces))
