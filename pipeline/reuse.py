"""Results kept from run to run, document by document: a shard that changed costs what changed in it.

Beside the files of a stage's result lies an index that says of each document where its part of them stands and what was
counted. A later run over another set of documents copies the parts of those that are as they were. That is sound since
a stage is a pure function of one document (or of documents that links bind together) and since results of other code,
rules or settings lie in other folders.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import msgspec

from pipeline.store import TEMPORARY, Piece, read_piece
from pipeline.tally import Tally

INDEX = "index"

_PART = re.compile(r"part-(\d{4,9})-of-(\d{4,9})-")


class Outcome(msgspec.Struct, array_like=True):
    """What came of one document: where it stands in each file, and what was counted."""

    path: str
    digest: str  # of all that its result depends on, beside the stage's version
    pieces: list[Piece]
    tally: Tally

    @property
    def record(self) -> Piece:
        """Where it stands in the first file; of size 0 where it was set aside."""
        return self.pieces[0]


def read_outcomes(folder: Path) -> list[Outcome]:
    """The index of a result, in the order of its files."""
    return msgspec.msgpack.decode((folder / INDEX).read_bytes(), type=list[Outcome])


def earlier_results(final: Path, holding: str = INDEX) -> list[Path]:
    """Results by the same version that may hold documents of this one's shard.

    Shards are numbered by a digest modulo a power of two, so where their number doubled or halved, a shard's documents
    come from those with the same number modulo the smaller count.
    """
    mine = _PART.match(final.name)
    if mine is None or not final.parent.is_dir():
        return []
    number, count = map(int, mine.groups())
    found = []
    for folder in final.parent.iterdir():
        other = _PART.match(folder.name)
        if other is None or TEMPORARY in folder.name or folder == final:
            continue
        fewer = min(count, int(other[2]))
        if int(other[1]) % fewer == number % fewer and (folder / holding).exists():
            found.append(folder)
    return sorted(found)


class Results:
    """The files of a result as they are written, one document after the other."""

    def __init__(self, folder: Path, final: Path, names: Sequence[str]) -> None:
        self.folder = folder
        self.names = names
        self.outcomes: list[Outcome] = []
        self.tally = Tally()
        self.reused = 0
        self._places = [0] * len(names)
        self._files: list[BinaryIO] = []
        self._open = ExitStack()
        self._kept: dict[tuple[str, str], tuple[Path, Outcome]] = {}
        self._sources: dict[Path, list[BinaryIO]] = {}
        for earlier in earlier_results(final):
            for outcome in read_outcomes(earlier):
                self._kept[outcome.path, outcome.digest] = earlier, outcome

    def __enter__(self) -> Results:
        self._files = [self._open.enter_context((self.folder / name).open("wb")) for name in self.names]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def again(self, path: str, digest: str) -> Outcome | None:
        """Copy what an earlier run made of just this; None where there is no such result."""
        found = self._kept.get((path, digest))
        if found is None:
            return None
        folder, outcome = found
        if folder not in self._sources:
            self._sources[folder] = [self._open.enter_context((folder / name).open("rb")) for name in self.names]
        data = [read_piece(*one) for one in zip(self._sources[folder], outcome.pieces, strict=True)]
        self.reused += 1
        return self.add(path, digest, data, outcome.tally)

    def add(self, path: str, digest: str, data: Sequence[bytes], tally: Tally) -> Outcome:
        """Append what came of a document, nothing where it was set aside.

        An OSError here (a full disk) is the task's and not the document's, which is why this stands apart from the
        stage.
        """
        pieces = []
        for i, (file, some) in enumerate(zip(self._files, data or [b""] * len(self._files), strict=True)):
            file.write(some)
            pieces.append((self._places[i], len(some)))
            self._places[i] += len(some)
        outcome = Outcome(path, digest, pieces, tally)
        self.outcomes.append(outcome)
        self.tally.add(tally)
        return outcome

    def save(self) -> None:
        """Write the index and the counts."""
        (self.folder / INDEX).write_bytes(msgspec.msgpack.encode(self.outcomes))
        self.tally.save(self.folder)
