"""One assignment for a whole page: each piece has at most one successor and one predecessor, and no piece goes in a circle."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
import numpy.typing as npt

from pipeline.ngrams import MODEL, distinct

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


SWEEPS, SETTLED = 50, 1e-3


class Model(msgspec.Struct):
    """A logistic model: named features, a weight each, learned by `pipeline.training`."""

    features: list[str]
    weights: list[float]
    bias: float

    def logit(self, rows: Floats) -> Floats:
        """Log odds, one a row."""
        return np.asarray(rows @ np.array(self.weights) + self.bias)


@lru_cache(maxsize=4)
def load_weights(path: Path = MODEL / "weights.json") -> dict[str, Model]:
    """The models by name: seam, follow, headline."""
    return {name: msgspec.convert(m, Model) for name, m in json.loads(path.read_text(encoding="utf-8")).items()}


def probability(logit: Floats | float) -> Any:  # noqa: ANN401 (an array of an array, else a number)
    """Share that a log odds stands for."""
    share = 1.0 / (1.0 + np.exp(-np.clip(logit, -40, 40)))
    return share if isinstance(logit, np.ndarray) else float(share)


def match_odds(i: Ints, j: Ints, worth: Floats, start: Floats | None = None) -> tuple[Floats, Floats]:
    """The log odds that each pair is of the true matching, and the messages to start the next call from.

    Worth says how much likelier a matching with the pair is than without it, all else free; but an end that has a good
    partner elsewhere is not free, and one whose rivals all have partners is. Summed over all matchings by passing messages
    between the ends (Vontobel, "The Bethe permanent of a nonnegative matrix", 2013): nearly exact where few are in doubt.
    """
    back = np.zeros(len(worth)) if start is None else start
    for _ in range(SWEEPS):
        on = _without(worth + back, i)
        was, back = back, _without(worth + on, j)
        if np.abs(back - was).max(initial=0.0) < SETTLED:
            break
    return worth + on + back, back


def _without(odds: Floats, side: Ints) -> Floats:
    """For each pair, how much its end loses by being taken: minus the log of all else that the end might do."""
    share = np.exp(np.minimum(np.maximum(odds, -30), 20))
    return np.asarray(-np.log(np.maximum(1 + np.bincount(side, share)[side] - share, 1e-9)))


def assign(i: Ints, j: Ints, worth: Floats, n: int) -> dict[int, int]:
    """Successors that are worth most together; a pair of no worth is left, "goes on nowhere" is worth nothing.

    `i`, `j`: the pairs; `worth`: of each; `n`: number of pieces. A circle, which the assignment itself does not
    exclude, is opened at its weakest pair.
    """
    good = worth > 0
    i, j, worth = i[good], j[good], worth[good]
    if not len(i):
        return {}
    rows, cols = distinct(i), distinct(j)
    row, col = np.searchsorted(rows, i), np.searchsorted(cols, j)
    table = np.zeros((len(rows), len(cols)))
    table[row, col] = worth
    if len(i) == len(rows) == len(cols):
        chosen = list(zip(row.tolist(), col.tolist(), strict=True))
    else:
        chosen = best_pairs(table)
    follows = {int(rows[x]): int(cols[y]) for x, y in chosen}
    value = {int(rows[x]): float(table[x, y]) for x, y in chosen}
    return open_circles(follows, value)


def best_pairs(table: Floats) -> list[tuple[int, int]]:
    """Rows with columns, each at most once, worth most together; pairs of no worth are left out."""
    rows, cols = assignment_solver()(table, maximize=True)
    return [(int(a), int(b)) for a, b in zip(rows, cols, strict=True) if table[a, b] > 0]


@lru_cache(maxsize=1)
def assignment_solver() -> Callable[..., tuple[Ints, Ints]]:
    """SciPy's `linear_sum_assignment`, its compiled module alone where it can be found.

    The package around it takes .6 s to import, half of what a run over one page takes; the module alone .002 s.
    """
    package = importlib.util.find_spec("scipy")
    if package is not None and package.origin is not None:
        folder = str(Path(package.origin).parent / "optimize")
        found = importlib.machinery.PathFinder.find_spec("_lsap", [folder])
        if found is not None and isinstance(found.loader, importlib.machinery.ExtensionFileLoader):
            module = importlib.util.module_from_spec(found)
            found.loader.exec_module(module)
            if hasattr(module, "linear_sum_assignment"):
                return cast(Callable[..., tuple[Ints, Ints]], module.linear_sum_assignment)
    from scipy.optimize import linear_sum_assignment

    return cast(Callable[..., tuple[Ints, Ints]], linear_sum_assignment)


def open_circles(follows: dict[int, int], value: dict[int, float]) -> dict[int, int]:
    """The same successors without the weakest pair of each circle."""
    state: dict[int, int] = {}
    for start in sorted(follows):
        path, at = [], start
        while at in follows and at not in state:
            state[at] = start
            path.append(at)
            at = follows[at]
        if at in follows and state.get(at) == start and at in path:
            weakest = min(path[path.index(at) :], key=lambda k: (value[k], k))
            del follows[weakest]
    return follows


def chains(follows: dict[int, int], n: int) -> list[list[int]]:
    """The runs that successors make of 0 … n-1, each in order, by their first member."""
    heads = sorted(set(range(n)) - set(follows.values()))
    out = []
    for at in heads:
        run = [at]
        while run[-1] in follows:
            run.append(follows[run[-1]])
        out.append(run)
    return out
