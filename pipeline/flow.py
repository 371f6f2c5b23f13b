"""Texts as the models read them: characters as numbers, all texts of a page in one run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.ngrams import Codes, as_codes, coded, distinct, keys
from pipeline.script import may_be_traditional, to_script

Ints = npt.NDArray[np.int64]

# Traditional pages quote in corners.
QUOTES = str.maketrans(
    "「」『』",
    "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}",
)


def as_learned(text: str) -> str:
    """A text as those that the models were learned on: without spaces, in simplified characters and their quotation marks."""
    text = text.replace(" ", "")
    return to_script(text, "simplified").translate(QUOTES) if may_be_traditional(text) else text


class Flow:
    """The texts of a page as one run of numbers: what is told of each text's characters is told of all at once."""

    def __init__(self, texts: Sequence[str]) -> None:
        data = [as_codes(t) for t in texts]
        length = np.array([len(d) // 2 for d in data], dtype=int)
        self.codes = coded(b"".join(data))
        self.stop = np.cumsum(length)
        self.start = self.stop - length
        self.owner = np.repeat(np.arange(len(texts)), length)

    def heads(self, width: int) -> Codes:
        """The first characters of each text, 0 where it is shorter."""
        at = self.start[:, None] + np.arange(width)
        return self._rows(at, at < self.stop[:, None])

    def tails(self, width: int) -> Codes:
        """The last characters of each text, 0 where it is shorter."""
        at = self.stop[:, None] - np.arange(width, 0, -1)
        return self._rows(at, at >= self.start[:, None])

    def _rows(self, at: Ints, known: npt.NDArray[np.bool_]) -> Codes:
        if not len(self.codes):
            return np.zeros(at.shape, np.uint64)
        return np.where(known, self.codes.take(at, mode="clip"), np.uint64(0))

    def runs(self, order: int) -> tuple[Codes, Ints]:
        """The key of each run of `order` characters of one text, and the text that it is of."""
        if len(self.codes) < order:
            return np.zeros(0, np.uint64), np.zeros(0, int)
        whole = self.owner[: len(self.owner) - order + 1] == self.owner[order - 1 :]
        return keys(self.codes, order)[whole], self.owner[: len(whole)][whole]

    def pairs(self) -> tuple[Codes, Ints]:
        """The pairs of characters of each text, each once, in order, and the text that each is of."""
        pair, owner = self.runs(2)
        both = distinct((owner.astype(np.uint64) << np.uint64(32)) | pair)
        return both & np.uint64(0xFFFFFFFF), (both >> np.uint64(32)).astype(np.int64)

    def han_pairs(self) -> tuple[Codes, Ints]:
        """The same, of Chinese characters alone."""
        return of_han(*self.pairs())


def of_han(pair: Codes, owner: Ints) -> tuple[Codes, Ints]:
    """Those pairs that are of two Chinese characters, with their owners."""
    han = ((pair >> np.uint64(16)) >= 0x4E00) & ((pair & np.uint64(0xFFFF)) >= 0x4E00)
    return pair[han], owner[han]
