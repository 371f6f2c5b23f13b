"""Train the topic vectors of `pipeline.topics`: which two stretches of text are of one article."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from pipeline.hashed import BITS, Ints, places
from pipeline.ngrams import Codes
from pipeline.topics import han_pairs
from pipeline.training.corpus import CorpusError, Text

Floats = npt.NDArray[np.float32]

SEED = 3
DIMENSIONS = 128
EPOCHS, STEPS = 160, 4500  # as many as the fewer of both are
BATCH = 256  # articles; each stretch has to name the other of its article among so many
SHORTEST, LONGEST = 40, 500  # characters of a stretch
LONG = 3000  # longer articles are not drawn more often
AS_TITLE = 0.2  # share of stretches that are headlines
FORGOTTEN = 0.4  # share of pairs left out, so that none is relied on: with less, articles are learned by heart
RATE = 3e-3
SHARPNESS = 20.0  # of cosines, as odds


def train_topics(texts: Sequence[Text], seed: int = SEED) -> Floats:
    """A table of one vector a place of character pairs, each with its weight in it."""
    rng = np.random.default_rng(seed)
    held = [(t.title, np.concatenate(t.paragraphs)) for t in texts if sum(map(len, t.paragraphs)) >= 4 * SHORTEST]
    if not held:
        raise CorpusError(f"no article of {4 * SHORTEST} characters to learn topics from")
    weight = _rarity([body for _, body in held])
    batch = min(BATCH, len(held))
    steps = min(STEPS, EPOCHS * len(held) // batch)
    share = np.array([min(len(body), LONG) for _, body in held], float)
    share /= share.sum()
    table = rng.normal(0, 1 / 8, (len(weight), DIMENSIONS)).astype(np.float32)
    mean, square = np.zeros_like(table), np.zeros_like(table)
    same = np.eye(batch)
    for step in range(1, steps + 1):
        found = [
            _two_stretches(held[n][0], held[n][1], rng) for n in rng.choice(len(held), batch, p=share, replace=False)
        ]
        column = [p[rng.random(len(p)) >= FORGOTTEN] for side in zip(*found, strict=True) for p in side]
        row = np.repeat(np.arange(2 * batch), [len(p) for p in column])
        place = np.concatenate(column)
        bags = csr_matrix((weight[place], (row, place)), shape=(2 * batch, len(weight)))
        vector = bags @ table
        size = np.linalg.norm(vector, axis=1, keepdims=True) + 1e-6
        unit = vector / size
        score = SHARPNESS * unit[:batch] @ unit[batch:].T
        slope = SHARPNESS * (_shares(score) + _shares(score.T).T - 2 * same) / (2 * batch)
        back = np.concatenate([slope @ unit[batch:], slope.T @ unit[:batch]])
        back = (back - unit * (back * unit).sum(axis=1, keepdims=True)) / size
        gradient = bags.T @ back.astype(np.float32)
        rate = RATE * min(1, step / 100) * (1 - 0.95 * step / steps)
        mean += 0.1 * (gradient - mean)
        square += 0.01 * (gradient * gradient - square)
        table -= np.float32(rate) * mean / (np.sqrt(square) + np.float32(1e-6))
    return table * weight[:, None]


def _rarity(bodies: Sequence[Codes]) -> Floats:
    """The weight of each place: how few articles hold its pairs."""
    holding = np.zeros(1 << BITS)
    for body in bodies:
        holding[np.unique(places(han_pairs(body)))] += 1
    return np.log((len(bodies) + 1) / (holding + 1)).astype(np.float32)


def _two_stretches(title: Codes, body: Codes, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """The places of two stretches of one article that share no character: neighbours, or farther apart."""
    first, second = np.exp(rng.uniform(np.log(SHORTEST), np.log(LONGEST), 2)).astype(int)
    cut = int(rng.integers(SHORTEST, len(body) - SHORTEST + 1))
    left = body[max(0, cut - first) : cut]
    if rng.random() < AS_TITLE and len(title) > 3:
        left = title
    start = int(rng.integers(cut, max(cut, len(body) - second) + 1)) if rng.random() < 0.5 else cut
    return np.unique(places(han_pairs(left))), np.unique(places(han_pairs(body[start : start + second])))


def _shares(score: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    share = np.exp(score - score.max(axis=1, keepdims=True))
    return np.asarray(share / share.sum(axis=1, keepdims=True))
