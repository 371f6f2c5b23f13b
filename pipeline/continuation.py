"""What may be read next: small networks that turn the characters before a cut, and those after one, into vectors.

Counts of characters see three or four of them and nothing that was not counted. Two networks read twelve on either side
and have learned which beginnings go on from which ends: the product of the two vectors is how much likelier the one stands
after the other than after nothing, in nats. Learned as in van den Oord and others, "Representation Learning with
Contrastive Predictive Coding" (2018): of many true beginnings, half of them of the same few articles, each end has to name
its own. A third tells beginnings of paragraphs from what stands after a cut (AUC 0.92 on articles not learned on; counts of the
first two characters: 0.87). `pipeline.training` makes the weights again.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.ngrams import MODEL, Codes

REACH = 12  # characters on either side of a cut
WEIGHTS = "continuation.npz"
GAP, UNKNOWN = 0, 1

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]


class Tower(NamedTuple):
    """One side: a vector a character, then a hidden layer, then what comes out."""

    characters: Floats  # (vocabulary, size)
    hidden: Floats  # (REACH * size, width)
    hidden_bias: Floats
    out: Floats  # (width, dimensions)
    out_bias: Floats

    def __call__(self, places: Places) -> Floats:
        """The vectors of texts, each a row of `REACH` places in the vocabulary."""
        seen = self.characters[places].reshape(len(places), len(self.hidden))
        return np.asarray(np.maximum(seen @ self.hidden + self.hidden_bias, 0) @ self.out + self.out_bias)


class Continuation(NamedTuple):
    """Both sides and the characters that they know."""

    look_up: Places  # place in the vocabulary of each of the first 65,536 characters
    before: Tower
    after: Tower
    opening: Tower

    def opening_odds(self, heads: Codes) -> Floats:
        """How much likelier each text begins a paragraph than goes on in one, in nats; `heads`: its first `REACH` characters."""
        return self.opening(self.look_up[heads])[:, 0]

    def scores(self, tails: Codes, heads: Codes) -> Floats:
        """How likely each text goes on in each text: (from, to), in nats against a text at random.

        `tails`, `heads`: the last and the first `REACH` characters of the texts, 0 where they are shorter.
        """
        left, right = self.before(self.look_up[tails]), self.after(self.look_up[heads])
        return np.asarray(left @ right.T / np.float32(np.sqrt(left.shape[1])))


def vocabulary(characters: npt.NDArray[Any]) -> Places:
    """The look-up of a sorted list of characters: 0 stands for none, 1 for one that is not known."""
    out = np.full(1 << 16, UNKNOWN, np.int32)
    out[characters.astype(int)] = np.arange(2, len(characters) + 2)
    out[0] = GAP
    return out


def save(path: Path, characters: npt.NDArray[Any], towers: Sequence[Tower]) -> None:
    """Write the networks in half precision; a file of the same weights has the same bytes."""
    arrays = {f"{side}_{name}": a for side, t in zip("bao", towers, strict=True) for name, a in t._asdict().items()}
    np.savez(path, characters=characters.astype(np.uint16), **{k: a.astype(np.float16) for k, a in arrays.items()})


@lru_cache(maxsize=2)
def load_continuation(path: Path = MODEL / WEIGHTS) -> Continuation:
    """The networks that ship with the package, or those of a model trained on another dump."""
    with np.load(path) as stored:
        sides = [Tower(*(stored[f"{side}_{name}"].astype(np.float32) for name in Tower._fields)) for side in "bao"]
        return Continuation(vocabulary(stored["characters"]), *sides)
