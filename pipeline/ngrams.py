"""Counts of character sequences, and what they say of two pieces of text: how likely the one goes on in the other.

The table holds counts of one to four characters learned from news (`pipeline.training` makes it again); it is loaded once,
when the first page with a seam comes.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

MODEL = Path(__file__).parent / "model"
COUNTS = "ngrams.zlib"
ORDER = 4
_CLASS = np.arange(1 << 16, dtype=np.uint64)
_CLASS[[ord(c) for c in "0123456789"]] = ord("0")
_CLASS[[ord(c) for c in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"]] = ord("a")

# Around a headline, where it begins and where it ends.
START, STOP = chr(2), chr(3)

# Counts are kept in eighths of a power of two: what level 0, never, and each level from 1 on stand for.
POWERS = np.concatenate([[0.0], 2.0 ** (np.arange(255) / 8)])

Codes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def codes(text: str) -> Codes:
    """A text as numbers, all digits as one character and all Latin letters as another."""
    return coded(as_codes(text))


def as_codes(text: str) -> bytes:
    """The characters of a text in 16 bits each, to put texts together before they become numbers."""
    return text.encode("utf-16-le", "replace")


def coded(data: bytes) -> Codes:
    """Characters in 16 bits each as numbers."""
    return _CLASS[np.frombuffer(data, dtype="<u2")]


def keys(text: Codes, order: int) -> Codes:
    """One number for each run of `order` characters (at most four of 16 bits)."""
    out = text[: len(text) - order + 1].copy()
    for k in range(1, order):
        out = (out << np.uint64(16)) | text[k : len(text) - order + 1 + k]
    return out


def distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The values in order, each once: half of what `numpy.unique` takes."""
    values = np.sort(values)
    new = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return values[new]


class Sides(NamedTuple):
    """What is known of tails (rows of 3 characters) and of heads (rows of 3), each by itself."""

    tails: Codes
    heads: Codes
    seen: Floats  # counts of a tail's last one, two, three characters, a row each
    rest: Floats  # what of these the runs one longer do not account for
    own: Floats  # probability of a head's first, second, third character after those before it in the head
    log_first: Floats
    first: Floats  # counts of a head's first character
    two: Floats  # and of its first two


class Cuts(NamedTuple):
    """Pairs of tail and head: the gain, and counts of runs over the cut, by how many characters stand left and right."""

    gain: Floats
    one_one: Floats
    two_one: Floats
    one_two: Floats
    two_two: Floats


class NGrams:
    """Counts of character runs in running text, in headlines and at the beginnings of paragraphs, by sorted keys."""

    def __init__(self, tables: list[tuple[Codes, Floats]]) -> None:
        self.tables, self.headlines, self.openings = tables[:ORDER], tables[ORDER], tables[ORDER + 1]
        self.total = float(tables[0][1].sum())
        # Nearly all look-ups are of characters and pairs. These stand where their codes say, a byte for each pair that
        # could be, 28 MB in all: a twentieth of the time of a binary search.
        (char, count), (pair, pair_count) = self.tables[:2]
        self.single, self.rank = np.zeros(1 << 16), np.zeros(1 << 16, dtype=np.int32)
        self.single[char], self.rank[char] = count, np.arange(1, len(char) + 1)
        self.pairs = np.zeros((len(char) + 1, len(char) + 1), dtype=np.uint8)
        level = np.round(np.log2(pair_count) * 8) + 1
        self.pairs[self.rank[pair >> np.uint64(16)], self.rank[pair & np.uint64(0xFFFF)]] = level
        # how much of each run's count the runs one longer account for; the rest, rare runs left out of the table, backs off
        self.covered = [_covered(table) for table in self.tables[1:]]
        self.headline_total = float(self.headlines[1].sum())
        starts = (self.headlines[0] >> np.uint64(16)) == ord(START)
        self.headlines_count = float(self.headlines[1][starts].sum())
        left = (self.headlines[0] >> np.uint64(16)).astype(np.int64)
        self.in_headlines = np.bincount(left, self.headlines[1], 1 << 16)
        self.openings_count = float(self.openings[1][self.openings[0] < (1 << 32)].sum())

    def count(self, order: int, key: Codes) -> Floats:
        """How often runs of `order` characters stood in the training text; 0 for the unseen and the rare."""
        if order == 1:
            return np.asarray(self.single[key])
        if order == 2:
            return np.asarray(POWERS[self.pairs[self.rank[key >> np.uint64(16)], self.rank[key & np.uint64(0xFFFF)]]])
        return self._look_up(self.tables[order - 1], key)

    @staticmethod
    def _look_up(counted: tuple[Codes, Floats], key: Codes) -> Floats:
        table, counts = counted
        at = table.searchsorted(key)
        return np.asarray(counts.take(at, mode="clip") * (table.take(at, mode="clip") == key))

    def log_probability(self, text: Codes) -> Floats:
        """log P of each character of rows of up to four, given those before it, backing off by what longer runs leave."""
        p = (self.count(1, text) + 0.1) / self.total
        run = text
        for n in range(1, text.shape[1]):
            history = run[:, :-1]
            run = (history << np.uint64(16)) | text[:, n:]
            seen = self.count(n, history)
            rest = np.maximum(seen - self._look_up(self.covered[n - 1], history), 0.0)
            p[:, n:] = (self.count(n + 1, run) + (rest + 1.0) * p[:, n:]) / (seen + 1.0)
        return np.log(p)

    def sides(self, tails: Codes, heads: Codes) -> Sides:
        """What is looked up once for each tail and each head (rows of 3 characters), however many pairs they make."""
        seen, rest = [], []
        for n in (1, 2, 3):
            history = packed(tails[:, 3 - n :])
            seen.append(self.count(n, history))
            rest.append(np.maximum(seen[-1] - self._look_up(self.covered[n - 1], history), 0.0))
        own = self.log_probability(heads)
        first, two = self.count(1, heads[:, 0]), self.count(2, packed(heads[:, :2]))
        return Sides(tails, heads, np.stack(seen), np.stack(rest), np.exp(own).T, own[:, 0], first, two)

    def cuts(self, sides: Sides, i: Ints, j: Ints) -> Cuts:
        """What stands across the cut for each pair of a tail `i` and a head `j`.

        A run of characters that was not counted is in no longer run, so that of the nine counts of a pair all but the
        first are looked up only where they can be more than 0: a pair of strangers costs one look-up.
        """
        tails, heads = sides.tails, sides.heads
        run2 = (tails[i, 2] << np.uint64(16)) | heads[j, 0]
        one_one = self.count(2, run2)
        two_one, one_two, three_one, two_two, one_three = (np.zeros(len(i)) for _ in range(5))
        left2, left3, left12 = (np.zeros(len(i)) for _ in range(3))
        k = one_one.nonzero()[0]
        left2[k] = self._look_up(self.covered[1], run2[k])
        two_one[k] = self.count(3, (tails[i[k], 1] << np.uint64(32)) | run2[k])
        one_two[k] = self.count(3, (run2[k] << np.uint64(16)) | heads[j[k], 1])
        k = two_one.nonzero()[0]
        run3 = (tails[i[k], 1] << np.uint64(32)) | run2[k]
        left3[k] = self._look_up(self.covered[2], run3)
        three_one[k] = self.count(4, (tails[i[k], 0] << np.uint64(48)) | run3)
        two_two[k] = self.count(4, (run3 << np.uint64(16)) | heads[j[k], 1])
        k = one_two.nonzero()[0]
        run3 = (run2[k] << np.uint64(16)) | heads[j[k], 1]
        left12[k] = self._look_up(self.covered[2], run3)
        one_three[k] = self.count(4, (run3 << np.uint64(16)) | heads[j[k], 2])
        # log_probability, character by character
        seen, rest = sides.seen[:, i], sides.rest[:, i]
        first, second, third = sides.own[:, j]
        for n, both in enumerate((one_one, two_one, three_one)):
            first = (both + (rest[n] + 1.0) * first) / (seen[n] + 1.0)
        for both, before, left in ((one_two, one_one, left2), (two_two, two_one, left3)):
            second = (both + (np.maximum(before - left, 0.0) + 1.0) * second) / (before + 1.0)
        third = (one_three + (np.maximum(one_two - left12, 0.0) + 1.0) * third) / (one_two + 1.0)
        gain = np.log(first) - sides.log_first[j]
        k = one_one.nonzero()[0]
        gain[k] += np.log(second[k] / sides.own[1, j[k]]) + np.log(third[k] / sides.own[2, j[k]])
        return Cuts(gain, one_one, two_one, one_two, two_two)

    def gain(self, tails: Codes, heads: Codes) -> Floats:
        """How much likelier each head (row of 3 characters) is after its tail (row of 3) than after nothing, in nats."""
        pairs = np.arange(len(tails))
        return self.cuts(self.sides(tails, heads), pairs, pairs).gain

    def together(self, sides: Sides, cuts: Cuts, i: Ints, j: Ints) -> tuple[Floats, Floats, Floats, Floats]:
        """How much likelier one and one, one and two, two and one, two and two characters stand together than apart."""
        one_left, two_left = sides.seen[0, i], sides.seen[1, i]
        one_right, two_right = sides.first[j], sides.two[j]
        pair = np.log((cuts.one_one + 0.5) * self.total / ((one_left + 5.0) * (one_right + 5.0)))
        return (
            pair,
            self._associated(cuts.one_two, one_left, two_right),
            self._associated(cuts.two_one, two_left, one_right),
            self._associated(cuts.two_two, two_left, two_right),
        )

    def _associated(self, both: Floats, left: Floats, right: Floats) -> Floats:
        return np.asarray(np.log((both + 0.3) / ((left + 1.0) * (right + 1.0) / self.total + 0.3)))

    def headline_odds(self, texts: Sequence[str]) -> Floats:
        """How much likelier each text is as a headline than as a stretch of running text, in nats a pair of characters.

        Rows of three figures: the mean over its inside, the beginning, the end. A torn column begins and ends
        anywhere, a headline does not.
        """
        data = [as_codes(START + text + STOP) for text in texts]
        line, size = coded(b"".join(data)), np.array([len(d) // 2 - 1 for d in data])
        stop, k = np.cumsum(size), np.arange(len(texts))
        start = stop - size
        pair = np.delete(keys(line, 2), (stop + k)[:-1])
        seen = self._look_up(self.headlines, pair)
        running = self.count(2, pair)
        # a column may be torn at any character
        running[start] = self.count(1, line[start + k + 1])
        running[stop - 1] = self.count(1, line[stop + k - 1])
        odds = np.log((seen + 0.3) / (0.3 * len(self.headlines[0]) + self.headline_total))
        odds -= np.log((running + 2.0) / self.total)
        ends = np.log(self.headline_total / self.headlines_count)
        bounds = zip((start + 1).tolist(), (stop - 1).tolist(), strict=True)
        inside = [float(odds[a:b].sum()) / (b - a) if b > a else 0.0 for a, b in bounds]
        return np.stack([inside, odds[start] + ends, odds[stop - 1] + ends], axis=1)

    def edge_odds(self, last: Codes, first: Codes) -> Floats:
        """How much likelier a headline ends with each `last` character, and the next one begins with each `first`, than that
        both stand inside of headlines, in nats."""
        edge = np.uint64(16)
        ends = self._look_up(self.headlines, (last << edge) | np.uint64(ord(STOP)))
        begins = self._look_up(self.headlines, (np.uint64(ord(START)) << edge) | first)
        of_last, of_first = self.in_headlines[last], self.in_headlines[first]
        share = self.headlines_count / self.headline_total
        end = np.log((ends + 5.0 * share) / (of_last + 5.0) / share)
        begin = (begins + 2.5 * of_first / self.headline_total + 0.05) / self.headlines_count
        return np.asarray(end + np.log(begin / ((of_first + 1.0) / self.headline_total)))

    def opening_odds(self, heads: Codes) -> Floats:
        """How much likelier each head (row of 2 characters or more) begins a paragraph than stands inside one, in nats."""
        first = (np.uint64(ord(START)) << np.uint64(16)) | heads[:, 0]
        one = self._look_up(self.openings, first)
        two = self._look_up(self.openings, (first << np.uint64(16)) | heads[:, 1])
        share = (one + 0.5) / self.openings_count
        running = self.log_probability(heads[:, :2])[:, 1]
        opening = (two + 5.0 * np.exp(running)) / (one + 5.0)
        return np.log(share) - np.log((self.count(1, heads[:, 0]) + 5.0) / self.total) + np.log(opening) - running

    def association(self, left: Codes, right: Codes) -> Floats:
        """How much likelier runs left and right of a cut stand together than apart, in nats.

        Rows of one or two characters; an unseen pair of runs that are frequent speaks against, one of rare runs says
        little.
        """
        a, b = left.shape[1], right.shape[1]
        both = self.count(a + b, packed(np.concatenate([left, right], axis=1)))
        return self._associated(both, self.count(a, packed(left)), self.count(b, packed(right)))

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
    """Write counts: keys as differences, counts in eighths of a power of two, each column compressed by itself.

    With zlib the file is 8 % larger than with LZMA and is read in .07 s instead of .4.
    """
    chunks = []
    for key, count in tables:
        steps = np.diff(key, prepend=np.uint64(0))
        level = np.minimum(np.round(np.log2(count) * 8), 254).astype(np.uint8)
        chunks += [
            np.array([len(key)], "<u8").tobytes(),
            steps.astype("<u8").view(np.uint8).reshape(-1, 8).T.tobytes(),
            level.tobytes(),
        ]
    path.write_bytes(zlib.compress(b"".join(chunks), 9))


@lru_cache(maxsize=2)
def load_ngrams(path: Path = MODEL / COUNTS) -> NGrams:
    """The counts that ship with the package, or those of a model trained on another dump."""
    data = zlib.decompress(path.read_bytes())
    tables, at = [], 0
    for _ in range(ORDER + 2):
        n = int(np.frombuffer(data, "<u8", 1, at)[0])
        steps = np.frombuffer(data, np.uint8, 8 * n, at + 8).reshape(8, n).T.copy().view("<u8").reshape(n)
        level = np.frombuffer(data, np.uint8, n, at + 8 + 8 * n)
        tables.append((np.cumsum(steps, dtype=np.uint64), POWERS[1:][level]))
        at += 8 + 9 * n
    return NGrams(tables)
