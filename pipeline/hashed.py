"""Signs of a text that are hashed to places, and a weight for each place: how counts too many to name are kept small.

Where two signs share a place, neither is known apart from the other; with a few dozen signs a text that costs little.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

BITS = 14  # signs are hashed to two to the power of this many places
STEPS = 32  # of one, that a stored number counts

Ints = npt.NDArray[np.int64]


class Weights(NamedTuple):
    """A logistic model of signs: what each place adds to the log odds, and what they start from."""

    places: npt.NDArray[np.float32]
    start: float


def places(keys: npt.NDArray[np.uint64], bits: int = BITS) -> Ints:
    """The places of runs of characters, given as numbers."""
    return ((keys * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - bits)).astype(np.int64)


def in_bytes(table: npt.NDArray[Any]) -> npt.NDArray[np.int8]:
    """Numbers as they are stored: what rounding loses evens out in a sum of many."""
    return np.clip(np.round(table * STEPS), -127, 127).astype(np.int8)


def save(path: Path, weights: npt.NDArray[Any], start: float) -> None:
    """Write the weights of a model."""
    np.savez(path, weights=in_bytes(np.append(weights, start)))


def load(path: Path) -> Weights:
    """Read them."""
    with np.load(path) as stored:
        table = stored["weights"].astype(np.float32) / STEPS
    return Weights(table[:-1], float(table[-1]))
