"""Counts of character sequences, and what they say of two pieces of text: how likely the one goes on in the other.

The table holds counts of one to four characters learned from news (`pipeline.train` makes it again); it is loaded once,
when the first page with a seam comes.
"""

from __future__ import annotations

import lzma
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

MODEL = Path(__file__).parent / "model"
ORDER = 4
_CLASS = np.arange(1 << 16, dtype=np.uint64)
_CLASS[[ord(c) for c in "0123456789"]] = ord("0")
_CLASS[[ord(c) for c in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"]] = ord("a")

# Around a headline, where it begins and where it ends.
START, STOP = chr(2), chr(3)

Codes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]


def codes(text: str) -> Codes:
    """A text as numbers, all digits as one character and all Latin letters as another."""
    return _CLASS[np.frombuffer(text.encode("utf-16-le", "replace"), dtype="<u2")]


def keys(text: Codes, order: int) -> Codes:
    """One number for each run of `order` characters (at most four of 16 bits)."""
    out = text[: len(text) - order + 1].copy()
    for k in range(1, order):
        out = (out << np.uint64(16)) | text[k : len(text) - order + 1 + k]
    return out


class NGrams:
    """Counts of character runs in running text, in headlines and at the beginnings of paragraphs, by sorted keys."""

    def __init__(self, tables: list[tuple[Codes, Floats]]) -> None:
        self.tables, self.headlines, self.openings = tables[:ORDER], tables[ORDER], tables[ORDER + 1]
        self.total = float(tables[0][1].sum())
        # how much of each run's count the runs one longer account for; the rest, rare runs left out of the table, backs off
        self.covered = [_covered(table) for table in self.tables[1:]]
        self.headline_total = float(self.headlines[1].sum())
        starts = (self.headlines[0] >> np.uint64(16)) == ord(START)
        self.headlines_count = float(self.headlines[1][starts].sum())
        self.openings_count = float(self.openings[1][self.openings[0] < (1 << 32)].sum())

    def count(self, order: int, key: Codes) -> Floats:
        """How often runs of `order` characters stood in the training text; 0 for the unseen and the rare."""
        return self._look_up(self.tables[order - 1], key)

    @staticmethod
    def _look_up(counted: tuple[Codes, Floats], key: Codes) -> Floats:
        table, counts = counted
        at = np.minimum(np.searchsorted(table, key), len(table) - 1)
        return np.where(table[at] == key, counts[at], 0.0)

    def log_probability(self, context: Codes, char: Codes) -> Floats:
        """log P(char | context), each row of `context` a row of 0 to 3 characters, backing off by what longer runs leave."""
        p = (self.count(1, char) + 0.1) / self.total
        width = context.shape[1]
        for n in range(1, width + 1):
            history = context[:, width - n]
            for k in range(width - n + 1, width):
                history = (history << np.uint64(16)) | context[:, k]
            seen = self.count(n, history)
            rest = np.maximum(seen - self._look_up(self.covered[n - 1], history), 0.0)
            both = self.count(n + 1, (history << np.uint64(16)) | char)
            p = (both + (rest + 1.0) * p) / (seen + 1.0)
        return np.log(p)

    def gain(self, tails: Codes, heads: Codes) -> Floats:
        """How much likelier each head (row of 3 characters) is after its tail (row of 3) than after nothing, in nats."""
        total = np.zeros(len(tails))
        both = np.concatenate([tails, heads], axis=1)
        for k in range(3):
            total += self.log_probability(both[:, k : k + 3], heads[:, k])
            total -= self.log_probability(heads[:, :k], heads[:, k])
        return total

    def gain_pair(self, left: Codes, right: Codes) -> Floats:
        """How much likelier two characters stand side by side than apart (pointwise mutual information), in nats."""
        both = self.count(2, (left << np.uint64(16)) | right) + 0.5
        return np.log(both * self.total / ((self.count(1, left) + 5.0) * (self.count(1, right) + 5.0)))

    def headline_odds(self, text: str) -> tuple[float, float, float]:
        """How much likelier a text is as a headline than as a stretch of running text, in nats a pair of characters.

        Three figures: the mean over its inside, the beginning, the end. A torn column begins and ends anywhere, a
        headline does not.
        """
        line = codes(START + text + STOP)
        pair = keys(line, 2)
        seen = self._look_up(self.headlines, pair)
        running = self.count(2, pair)
        running[[0, -1]] = self.count(1, line[[1, -2]])  # a column may be torn at any character
        odds = np.log((seen + 0.3) / (0.3 * len(self.headlines[0]) + self.headline_total))
        odds -= np.log((running + 2.0) / self.total)
        odds[[0, -1]] += np.log(self.headline_total / self.headlines_count)
        inside = float(odds[1:-1].mean()) if len(odds) > 2 else 0.0
        return inside, float(odds[0]), float(odds[-1])

    def opening_odds(self, heads: Codes) -> Floats:
        """How much likelier each head (row of 2 characters or more) begins a paragraph than stands inside one, in nats."""
        first = (np.uint64(ord(START)) << np.uint64(16)) | heads[:, 0]
        one = self._look_up(self.openings, first)
        two = self._look_up(self.openings, (first << np.uint64(16)) | heads[:, 1])
        share = (one + 0.5) / self.openings_count
        running = self.log_probability(heads[:, :1], heads[:, 1])
        opening = (two + 5.0 * np.exp(running)) / (one + 5.0)
        return np.log(share) - np.log((self.count(1, heads[:, 0]) + 5.0) / self.total) + np.log(opening) - running

    def association(self, left: Codes, right: Codes) -> Floats:
        """How much likelier runs left and right of a cut stand together than apart, in nats.

        Rows of one or two characters; an unseen pair of runs that are frequent speaks against, one of rare runs says
        little.
        """
        a, b = left.shape[1], right.shape[1]
        both = self.count(a + b, packed(np.concatenate([left, right], axis=1))) + 0.3
        apart = (self.count(a, packed(left)) + 1.0) * (self.count(b, packed(right)) + 1.0) / self.total
        return np.log(both / (apart + 0.3))

    def surprise(self, key: Codes) -> Floats:
        """Weight of a pair of characters for telling topics apart: rare pairs weigh more."""
        return np.log(self.total / (self.count(2, key) + 3.0))


def packed(rows: Codes) -> Codes:
    """The key of each row of characters."""
    out = rows[:, 0].copy()
    for k in range(1, rows.shape[1]):
        out = (out << np.uint64(16)) | rows[:, k]
    return out


def _covered(counted: tuple[Codes, Floats]) -> tuple[Codes, Floats]:
    """Counts summed over the last character: runs without it, and how often one of the counted runs went on from them."""
    history = counted[0] >> np.uint64(16)
    first = np.nonzero(np.diff(history, prepend=~history[:1]))[0]
    return history[first], np.add.reduceat(counted[1], first)


def write_tables(path: Path, tables: list[tuple[Codes, Codes]]) -> None:
    """Write counts: keys as differences, counts in eighths of a power of two, each column compressed by itself."""
    chunks = []
    for key, count in tables:
        steps = np.diff(key, prepend=np.uint64(0))
        level = np.minimum(np.round(np.log2(count) * 8), 255).astype(np.uint8)
        chunks += [
            np.array([len(key)], "<u8").tobytes(),
            steps.astype("<u8").view(np.uint8).reshape(-1, 8).T.tobytes(),
            level.tobytes(),
        ]
    path.write_bytes(lzma.compress(b"".join(chunks), format=lzma.FORMAT_XZ, preset=6))


@lru_cache(maxsize=2)
def load_ngrams(path: Path = MODEL / "ngrams.xz") -> NGrams:
    """The counts that ship with the package, or those of a model trained on another dump."""
    data = lzma.decompress(path.read_bytes())
    tables, at = [], 0
    for _ in range(ORDER + 2):
        n = int(np.frombuffer(data, "<u8", 1, at)[0])
        steps = np.frombuffer(data, np.uint8, 8 * n, at + 8).reshape(8, n).T.copy().view("<u8").reshape(n)
        level = np.frombuffer(data, np.uint8, n, at + 8 + 8 * n)
        tables.append((np.cumsum(steps, dtype=np.uint64), 2.0 ** (level.astype(np.float64) / 8)))
        at += 8 + 9 * n
    return NGrams(tables)
