"""How sure an article is: the share of articles like it that hold all their text and hardly any other's.

That each join was likely says little of the whole: a column that was taken from one article and given to none leaves both
with nothing but good joins. What tells is what stands around: a headline of one's own, the next article right below, the
same subject elsewhere on the page, paragraphs of one's own that speak of something else. A logistic model weighs these; it
is learned on the articles that the other models make of simulated pages (`pipeline.training.weights`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.assign import Model, probability
from pipeline.flow import Flow, as_learned, of_han
from pipeline.labels import DATELINE, LAST_WORDS, ends_sentence
from pipeline.ngrams import MODEL
from pipeline.page import Page
from pipeline.records import Document, Paragraph, Part, Piece
from pipeline.topics import TOPICS, Topics, load_topics, nearness

CONFIDENCE_FEATURES = (
    "doubt", "steps", "single", "length", "byline", "dateline", "last_words", "torn_end", "goes_on", "comes_from",
    "articles", "first", "below_other_head", "after_text", "before_middle", "kin_other", "kin_headless", "halves",
    "leaps_elsewhere", "turns_elsewhere",
)  # fmt: skip
# Characters that a half needs to speak of something, and what two halves are worth that are shorter: as most are.
SPEAKS, USUAL = 80, 0.4

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]


def weigh_articles(document: Document, weigher: Model, model: Path = MODEL, known: Page | None = None) -> None:
    """Give each part of a newspaper page its confidence, in place of the mean over its joins and steps.

    `known`: the page as it was read for the parts, so that its pieces need not be read again.
    """
    parts, rows = confidence_features(document, load_topics(model / TOPICS), known)
    for part, odds in zip(parts, weigher.logit(rows), strict=True):
        part.confidence = round(probability(odds), 4)


def confidence_features(document: Document, topics: Topics, known: Page | None = None) -> tuple[list[Part], Floats]:
    """The parts that hold paragraphs, and one row of `CONFIDENCE_FEATURES` for each; `confidence` is read as the mean."""
    page = _Page(document)
    parts = [part for part in document.parts if any(p.type == "p" for p in part.paragraphs)]
    if not parts:
        return [], np.zeros((0, len(CONFIDENCE_FEATURES)))
    bodies = [[p for p in part.paragraphs if p.type != "caption"] for part in parts]
    sizes, vectors = _spoken(topics, bodies, known)
    kin = _kin(vectors, np.array([size.sum() for size in sizes]))
    headless = np.array(["title" not in part.head for part in parts])
    torn = np.where(headless[:, None] | headless, kin, 0.0)
    broken = np.array([page.broken(part) for part in parts])
    rows = []
    for k, (part, body) in enumerate(zip(parts, bodies, strict=True)):
        first, last = body[0].pieces[0], body[-1].pieces[-1]
        steps = sum(len(p.pieces) for p in body) - 1
        above, below = page.above(first), page.below(last)
        rows.append([
            np.sqrt(steps * (1 - part.confidence)), np.log1p(steps), len(body) == 1, np.log1p(sizes[k].sum()),
            "byline" in part.head, bool(DATELINE.match(first.text)), bool(LAST_WORDS.search(last.text)),
            not ends_sentence(last.text) and not part.continued_to, bool(part.continued_to), bool(part.continued_from),
            np.log1p(len(parts)), above == "edge", above == "head", above == "text", below == "middle",
            kin[k].max(), torn[k].max(), _halves(vectors[k], sizes[k]), *np.log1p(broken.sum(axis=0) - broken[k]),
        ])  # fmt: skip
    return parts, np.array(rows, dtype=float)


def _spoken(
    topics: Topics, bodies: Sequence[Sequence[Paragraph]], known: Page | None
) -> tuple[list[Ints], list[Vectors]]:
    """The length and the topic vector of each paragraph of each article, all those that are not known looked up at once."""
    every = [p.pieces for body in bodies for p in body]
    member = {id(known.pieces[k]): m for m, k in enumerate(known.members)} if known is not None else {}
    at = np.array([member.get(id(pieces[0]), -1) if len(pieces) == 1 else -1 for pieces in every])
    texts = [as_learned("".join(piece.text for piece in every[k])) for k in np.flatnonzero(at < 0)]
    sizes, vectors = np.zeros(len(every), int), np.zeros((len(every), topics.table.shape[1]), np.float32)
    sizes[at < 0] = [len(text) for text in texts]
    vectors[at < 0] = topics.vectors(*of_han(*Flow(texts).runs(2)), len(texts))
    if known is not None:
        sizes[at >= 0], vectors[at >= 0] = known.text.length[at[at >= 0]], known.text.topics[at[at >= 0]]
    stops = np.cumsum([len(body) for body in bodies])[:-1]
    return np.split(sizes, stops), np.split(vectors, stops)


def _kin(vectors: Sequence[Vectors], sizes: Ints) -> Floats:
    """How near the articles of a page are to each other, none below 0; long texts are near more easily."""
    whole = np.array([own.sum(axis=0) for own in vectors])
    shorter = np.log1p(np.minimum(sizes[:, None], sizes))
    return np.maximum(6 * nearness(whole, whole) / shorter, 0) * ~np.eye(len(sizes), dtype=bool)


def _halves(vectors: Vectors, sizes: Ints) -> float:
    """How near the two sides of an article are, where it is cut so that they are farthest apart."""
    upto = sizes.cumsum()[:-1]
    cuts = np.flatnonzero((upto >= SPEAKS) & (sizes.sum() - upto >= SPEAKS))
    if not len(cuts):
        return USUAL
    before = vectors.cumsum(axis=0)[cuts]
    after = vectors.sum(axis=0) - before
    size = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    return float(np.min((before * after).sum(axis=1) / np.maximum(size, 1e-9)))


class _Page:
    """What stands next to what on a page."""

    def __init__(self, document: Document) -> None:
        self.pieces = document.pieces
        self.at = {id(piece): n for n, piece in enumerate(document.pieces)}
        self.part: dict[int, Part] = {}
        self.head: dict[int, Part] = {}
        for part in document.parts:
            self.part.update({id(piece): part for p in part.paragraphs for piece in p.pieces})
            self.head.update({id(piece): part for head in part.head.values() for piece in head})

    def _next(self, piece: Piece, step: int) -> Piece | None:
        """The nearest piece above or below that is neither byline nor caption."""
        n = self.at[id(piece)] + step
        while 0 <= n < len(self.pieces) and self.pieces[n].label in ("byline", "caption"):
            n += step
        return self.pieces[n] if 0 <= n < len(self.pieces) else None

    def above(self, piece: Piece) -> str:
        """What stands above the first piece of an article: the page's edge, another's head or text, or nothing of note."""
        other = self._next(piece, -1)
        if other is None:
            return "edge"
        own = self.part[id(piece)]
        if id(other) in self.head:
            return "own" if self.head[id(other)] is own else "head"
        return "text" if self.part.get(id(other), own) is not own else "other"

    def below(self, piece: Piece) -> str:
        """What stands below the last piece of an article: the middle of another's text, or something else."""
        other = self._next(piece, 1)
        own = self.part[id(piece)]
        if other is None or self.part.get(id(other), own) is own:
            return "other"
        return "other" if self.part[id(other)].paragraphs[0].pieces[0] is other else "middle"

    def broken(self, part: Part) -> tuple[int, int]:
        """How often an article leaps over text of others, and how often it goes back."""
        places = [self.at[id(piece)] for p in part.paragraphs if p.type != "caption" for piece in p.pieces]
        leaps, turns = 0, 0
        for a, b in pairwise(places):
            turns += b < a
            leaps += any(self.part.get(id(piece), part) is not part for piece in self.pieces[a + 1 : b])
        return leaps, turns
