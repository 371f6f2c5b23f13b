"""Is a short line a headline or a crosshead: by its words alone.

Headlines name who, where and what (上海推出新平台为投资者服务); crossheads name a thought of the article that they stand in
(源头治理，多措并举). Where a page sets both alike, this is what tells them apart. One weight for each place that characters and
pairs of characters are hashed to, learned by logistic regression from a corpus's headlines and from the short lines between
its paragraphs (`pipeline.training.headings` makes them again). On articles not learned on: AUC 0.91; 0.75 on lines of up to
twelve characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline import hashed
from pipeline.flow import Flow, as_learned
from pipeline.hashed import BITS, Ints
from pipeline.ngrams import MODEL, START, STOP, distinct

HEADINGS = "headings.npz"


def heading_places(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """The places of each text's characters and pairs, each once, and the text that each is of."""
    flow = Flow([START + as_learned(text) + STOP for text in texts])
    key, owner = (np.concatenate(both) for both in zip(flow.runs(1), flow.runs(2), strict=True))
    at = distinct((owner << BITS) | hashed.places(key))
    return at & ((1 << BITS) - 1), at >> BITS


class Headings:
    """Headlines' words and crossheads'."""

    def __init__(self, weights: hashed.Weights) -> None:
        self.weights = weights

    def odds(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """How much likelier each text is a headline than a crosshead, as log odds."""
        place, owner = heading_places(texts)
        told = np.bincount(owner, self.weights.places[place], len(texts))
        return np.asarray(self.weights.start + told, dtype=float)


@lru_cache(maxsize=2)
def load_headings(path: Path = MODEL / HEADINGS) -> Headings:
    """What ships with the package, or was learned from another dump."""
    return Headings(hashed.load(path))
