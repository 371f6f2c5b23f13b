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
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.flow import Flow, as_learned
from pipeline.ngrams import MODEL, START, STOP, Codes, distinct

HEADINGS = "headings.npz"
BITS = 14  # characters and pairs are hashed to two to the power of this many places
STEPS = 32  # of one, that a stored number counts

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


def heading_places(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """The places of each text's characters and pairs, each once, and the text that each is of."""
    flow = Flow([START + as_learned(text) + STOP for text in texts])
    key, owner = (np.concatenate(both) for both in zip(flow.runs(1), flow.runs(2), strict=True))
    at = distinct((owner << BITS) | _hashed(key))
    return at & ((1 << BITS) - 1), at >> BITS


def _hashed(key: Codes) -> Ints:
    return ((key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - BITS)).astype(np.int64)


class Headings:
    """A weight for each place, and what all of them start from."""

    def __init__(self, weights: Floats, start: float) -> None:
        self.weights = weights
        self.start = start

    def odds(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """How much likelier each text is a headline than a crosshead, as log odds."""
        place, owner = heading_places(texts)
        return np.asarray(self.start + np.bincount(owner, self.weights[place], len(texts)), dtype=float)


def save(path: Path, weights: npt.NDArray[Any], start: float) -> None:
    """Write the weights in bytes."""
    table = np.clip(np.round(np.append(weights, start) * STEPS), -127, 127).astype(np.int8)
    np.savez(path, weights=table)


@lru_cache(maxsize=2)
def load_headings(path: Path = MODEL / HEADINGS) -> Headings:
    """The weights that ship with the package, or those of a model trained on another dump."""
    with np.load(path) as stored:
        table = stored["weights"].astype(np.float32) / STEPS
        return Headings(table[:-1], float(table[-1]))
