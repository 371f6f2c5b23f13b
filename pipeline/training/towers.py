"""Train the networks of `pipeline.continuation`: which text goes on in which, and which text begins a paragraph.

Plain numpy: three matrices a side are too few to ask users for a deep-learning package, and one thread of it gives the same
bytes again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from pipeline.continuation import GAP, REACH, Places, Tower
from pipeline.training.corpus import Cuts

Floats = npt.NDArray[np.float32]

SEED = 11
# An epoch and a half of the shipped corpus: by then each cut was seen once or twice.
EPOCHS = 1.5
ARTICLES, CUTS_EACH = 32, 24  # of one batch: cuts of one article are each other's hardest rivals
RATE = 2e-3
WARM_UP = 200
# OCR loses a character at a column's edge about so often.
LOST = 0.04
OPENING_BATCH = 256
OPENING_EPOCHS, OPENING_STEPS = 10, 2500  # beyond either, it learns the training part by heart


def new_tower(characters: int, size: int, width: int, dimensions: int, rng: np.random.Generator) -> Tower:
    """A tower that knows nothing yet."""

    def spread(rows: int, columns: int) -> Floats:
        return (rng.uniform(-1, 1, (rows, columns)) / np.sqrt(rows)).astype(np.float32)

    table = rng.normal(0, 0.3, (characters + 2, size)).astype(np.float32)
    table[GAP] = 0
    hidden, out = spread(REACH * size, width), spread(width, dimensions)
    return Tower(table, hidden, np.zeros(width, np.float32), out, np.zeros(dimensions, np.float32))


class Learner:
    """A tower and its slopes: Adam (Kingma and Ba, 2014) with a rate that rises, then falls."""

    def __init__(self, tower: Tower, steps: int, decay: float = 0.0) -> None:
        self.tower = tower
        self.steps = steps
        self.decay = decay
        self.step = 0
        self.means = [np.zeros_like(w) for w in tower]
        self.squares = [np.zeros_like(w) for w in tower]

    def forward(self, places: Places) -> Floats:
        """The tower's vectors; what `backward` needs is kept."""
        t = self.tower
        self.places = places
        self.seen = t.characters[places].reshape(len(places), -1)
        self.active = np.maximum(self.seen @ t.hidden + t.hidden_bias, 0)
        return np.asarray(self.active @ t.out + t.out_bias)

    def backward(self, slope: Floats) -> None:
        """Take one step against the slope of the loss by the vectors."""
        t, n = self.tower, self.places.size
        inner = (slope @ t.out.T) * (self.active > 0)
        outer = (inner @ t.hidden.T).reshape(n, -1)
        of_row = csr_matrix((np.ones(n, np.float32), (self.places.ravel(), np.arange(n))), shape=(len(t.characters), n))
        table = of_row @ outer
        table[GAP] = 0
        slopes = [table, self.seen.T @ inner, inner.sum(axis=0), self.active.T @ slope, slope.sum(axis=0)]
        self.step += 1
        rate = RATE * min(1, self.step / WARM_UP) * (1 - 0.97 * self.step / self.steps)
        size = np.float32(rate * np.sqrt(1 - 0.999**self.step) / (1 - 0.9**self.step))
        for weight, gradient, mean, square in zip(t, slopes, self.means, self.squares, strict=True):
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient * gradient - square)
            weight -= size * mean / (np.sqrt(square) + np.float32(1e-8)) + np.float32(rate * self.decay) * weight


def train_continuation(cuts: Cuts, characters: int, seed: int = SEED) -> tuple[Tower, Tower]:
    """Learn to tell which beginning goes on from which end: each of a batch has to name its own, both ways about."""
    rng = np.random.default_rng(seed)
    total = sum(len(c) for c in cuts.of_article)
    articles = min(ARTICLES, len(cuts.of_article))
    steps = max(1, int(EPOCHS * total / (articles * CUTS_EACH)))
    share = np.array([len(c) for c in cuts.of_article]) / total
    before, after = (Learner(new_tower(characters, 32, 384, 128, rng), steps) for _ in range(2))
    span = np.arange(REACH)
    for _ in range(steps):
        chosen = rng.choice(len(share), articles, p=share)
        at = np.concatenate([rng.choice(cuts.of_article[n], CUTS_EACH) for n in chosen])
        ends, begins = at - (rng.random(len(at)) < LOST), at + (rng.random(len(at)) < LOST)
        left = before.forward(cuts.row[ends[:, None] - REACH + span])
        right = after.forward(cuts.row[begins[:, None] + span])
        root = np.float32(np.sqrt(left.shape[1]))
        score = left @ right.T / root
        slope = (_shares(score) + _shares(score.T).T - 2 * np.eye(len(at), dtype=np.float32)) / (2 * len(at) * root)
        from_left, from_right = slope @ right, slope.T @ left
        before.backward(from_left.astype(np.float32))
        after.backward(from_right.astype(np.float32))
    return before.tower, after.tower


def train_opening(cuts: Cuts, characters: int, seed: int = SEED) -> Tower:
    """Learn to tell the beginnings of paragraphs from what stands after a cut."""
    rng = np.random.default_rng(seed)
    steps = min(OPENING_STEPS, max(1, OPENING_EPOCHS * len(cuts.starts) // OPENING_BATCH))
    learner = Learner(new_tower(characters, 16, 64, 1, rng), steps, decay=1e-3)
    inside = np.concatenate(cuts.of_article)
    span = np.arange(REACH)
    answer = np.repeat([1.0, 0.0], OPENING_BATCH)
    for _ in range(steps):
        at = np.concatenate([rng.choice(cuts.starts, OPENING_BATCH), rng.choice(inside, OPENING_BATCH)])
        odds = learner.forward(cuts.row[at[:, None] + span])[:, 0]
        slope = (1 / (1 + np.exp(-odds)) - answer) / len(at)
        learner.backward(slope.astype(np.float32)[:, None])
    return learner.tower


def _shares(score: npt.NDArray[Any]) -> Floats:
    """Each row as shares of one."""
    share = np.exp(score - score.max(axis=1, keepdims=True))
    return np.asarray(share / share.sum(axis=1, keepdims=True))
