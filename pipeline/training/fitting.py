"""Fit the weights of logistic models: yes or no, and who goes with whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from pipeline.assign import Model, match_odds, probability
from pipeline.hashed import BITS, Ints
from pipeline.training.corpus import CorpusError

Floats = npt.NDArray[np.float64]
SHRINK = 10.0  # of the weights of hashed signs


class Samples:
    """Rows and answers of one model that says yes or no."""

    def __init__(self) -> None:
        self.rows: list[Floats] = []
        self.answers: list[Floats] = []

    def add(self, rows: Floats, answers: Iterable[bool], known: Iterable[bool]) -> None:
        """Take the rows whose answer is known."""
        keep = np.array(list(known), dtype=bool)
        self.rows.append(rows[keep])
        self.answers.append(np.array(list(answers), dtype=float)[keep])

    def fit(self, features: tuple[str, ...]) -> Model:
        """Weights by logistic regression with a little shrinkage, rounded so that machines agree."""
        from sklearn.linear_model import LogisticRegression

        x, y = _together(self.rows), _together(self.answers)
        model = LogisticRegression(C=1.0, max_iter=2000, tol=1e-6).fit(x, y)
        weights = [round(float(w), 3) for w in model.coef_[0]]
        return Model(list(features), weights, round(float(model.intercept_[0]), 3))


def fit_places(owner: Ints, place: Ints, answers: Sequence[bool], balanced: bool = False) -> tuple[Floats, float]:
    """Weights of hashed signs (`pipeline.hashed`), and what they start from, by logistic regression.

    `owner`, `place`: the case and the place of each sign; `balanced`: both answers count as much as each other in all.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    rows = csr_matrix((np.ones(len(place)), (owner, place)), shape=(len(answers), 1 << BITS))
    model = LogisticRegression(C=1 / SHRINK, class_weight="balanced" if balanced else None, max_iter=1000)
    model.fit(rows, answers)
    return model.coef_[0], float(model.intercept_[0])


# How badly a worth of each pair, given in the order of the answers, fits these; and the slope of that by each worth.
Loss = Callable[[Floats], tuple[float, Floats]]


class Pairs:
    """Pairs of one assignment model: each left end has one right end or none, and the other way about."""

    def __init__(self) -> None:
        self.rows: list[Floats] = []
        self.answers: list[Floats] = []
        self.sides: tuple[list[Ints], list[Ints]] = ([], [])
        self.offset = 0

    def add(self, i: Ints, j: Ints, rows: Floats, answers: Sequence[bool], known: Sequence[bool]) -> None:
        """Take one page's candidates; a pair of which one end has no known place is left out."""
        keep = np.array(known, dtype=bool)
        if not keep.any():
            return
        self.rows.append(rows[keep].astype(np.float32))
        self.answers.append(np.array(answers, dtype=float)[keep])
        for side, ends in zip(self.sides, (i, j), strict=True):
            side.append(ends[keep] + self.offset)
        self.offset += int(max(i.max(), j.max())) + 1

    def fit(self, features: tuple[str, ...], loss: Callable[[Ints, Ints, Floats], Loss], shrink: float = 2.0) -> Model:
        """Weights by L-BFGS, rounded so that machines agree."""
        from scipy.optimize import minimize

        x, y = _together(self.rows), _together(self.answers)
        i, j = (np.unique(np.concatenate(side), return_inverse=True)[1] for side in self.sides)
        fits = loss(i, j, y)

        def total(w: Floats) -> tuple[float, Floats]:
            value, slope = fits((x @ w[1:].astype(np.float32)).astype(float) + w[0])
            back = (x.T @ slope.astype(np.float32)).astype(float) + shrink * w[1:]
            return value + shrink * float(w[1:] @ w[1:]) / 2, np.concatenate([[slope.sum()], back])

        w = minimize(total, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
        return Model(list(features), [round(float(v), 3) for v in w[1:]], round(float(w[0]), 3))


def matchings(i: Ints, j: Ints, answers: Floats) -> Loss:
    """The true matching among all matchings of a page.

    So a piece that is plainly torn learns that it goes on somewhere, and two that want the same partner that only one gets
    it: yes-or-no answers to single pairs teach neither.
    """
    messages: Floats | None = None

    def loss(worth: Floats) -> tuple[float, Floats]:
        nonlocal messages
        odds, messages = match_odds(i, j, worth, messages)
        share = probability(odds)
        # the log of the sum over all matchings, as Bethe nears it: mean worth, and entropy of the shares
        alone = sum(_entropy(np.clip(1 - np.bincount(side, share), 0, 1)) for side in (i, j))
        every = float(worth @ share) + _entropy(share) - _entropy(1 - share) + alone
        return every - float(worth @ answers), share - answers

    return loss


def choices(i: Ints, j: Ints, answers: Floats) -> Loss:
    """Each left end's choice among its candidates and "none", and each right end's: where candidates overlap.

    Two heads of which one is the half of the other cannot both be an article's, whatever else a matching allows.
    """

    def loss(worth: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros(len(worth))
        for side in (i, j):
            top = np.zeros(side.max() + 1)
            np.maximum.at(top, side, worth)
            share = np.exp(worth - top[side])
            mass = np.bincount(side, share) + np.exp(-top)
            total += float(np.sum(np.log(mass) + top) - worth @ answers)
            slope += share / mass[side] - answers
        return total, slope

    return loss


def _entropy(share: Floats) -> float:
    return float(-(share * np.log(np.maximum(share, 1e-12))).sum())


def _together(arrays: Sequence[Floats]) -> Floats:
    """One array of all; a model of which no page holds an example cannot be learned."""
    if not arrays:
        raise CorpusError("a model had no example to learn from: more issues are needed, or more articles")
    return np.concatenate(arrays)
