"""What the joins of a page say of each other.

Columns that are read across a page interleave: where one article goes on three columns further, so does the one beside it.
Where pages are read article by article, joins follow upon each other or lie within one another, and seldom cross. A first
round tells how likely each join is, a second weighs it with what the others make of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

CROSSING_FEATURES = ("beside_above", "beside_below", "inverted", "interleaved", "within", "around", "same_step")


def crossing_features(joins: Floats, ends: Flags, starts: Flags, i: Ints, j: Ints) -> Floats:
    """One row of `CROSSING_FEATURES` for each pair of pieces.

    `joins`: the share of each join, (from, to), square; `ends`, `starts`: which pieces may be torn at their end, at their start.
    """
    n = len(joins)
    padded, sums = np.zeros((n + 2, n + 2)), np.zeros((n + 1, n + 1))
    padded[1:-1, 1:-1] = joins
    sums[1:, 1:] = joins.cumsum(axis=0).cumsum(axis=1)
    upto = sums.ravel()  # looked up in one dimension, which is faster
    above = padded[_last(ends)[i] + 1, _last(starts)[j] + 1]
    below = padded[_next(ends)[i] + 1, _next(starts)[j] + 1]

    def mass(top: Ints, bottom: Ints, left: Ints, right: Ints) -> Floats:
        """Of all joins from the pieces `top` … `bottom`-1 to the pieces `left` … `right`-1."""
        top, bottom = top * (n + 1), bottom * (n + 1)
        return np.asarray(upto[bottom + right] - upto[top + right] - upto[bottom + left] + upto[top + left])

    zero, all_, forward = np.zeros_like(i), np.full_like(i, n), j > i
    after, last = np.minimum(i + 1, n), np.maximum(j, np.minimum(i + 1, n))
    beyond = np.minimum(j + 1, n)
    around = mass(zero, i, beyond, all_)
    inverted = around + mass(after, all_, zero, j)
    interleaved = (mass(after, last, beyond, all_) + mass(zero, i, after, last)) * forward
    within = mass(after, last, after, last) * forward
    return np.array([
        above, below, np.log1p(inverted), np.log1p(interleaved), np.log1p(within), np.log1p(around * forward),
        _alike(joins, np.cumsum(starts)[None, :] - np.cumsum(ends)[:, None], i, j),
    ]).T  # fmt: skip


def _last(flags: Flags) -> Ints:
    """The nearest flagged place above each, -1 where there is none."""
    last = np.maximum.accumulate(np.where(flags, np.arange(len(flags)), -1))
    return np.concatenate([[-1], last[:-1]])


def _next(flags: Flags) -> Ints:
    """The nearest flagged place below each, one beyond the last where there is none."""
    n = len(flags)
    after = np.minimum.accumulate(np.where(flags, np.arange(n), n)[::-1])[::-1]
    return np.concatenate([after[1:], [n]])


def _alike(joins: Floats, steps: Ints, i: Ints, j: Ints) -> Floats:
    """The share of all other joins that go as many open starts further as each pair does."""
    lowest = int(steps.min())
    of_step = np.bincount((steps - lowest).ravel(), joins.ravel())
    return np.asarray((of_step[steps[i, j] - lowest] - joins[i, j]) / (joins.sum() + 1))
