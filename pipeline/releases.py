"""Articles of a run's output, told by their ids: which are there, and each by its place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from pipeline.articles import Article, Dropped

T = TypeVar("T", bound=msgspec.Struct)


class ReleaseError(ValueError):
    """A folder that is no output of a run, or that cannot be read."""


class Entry(NamedTuple):
    """Where an article's record stands, and a digest of it."""

    digest: bytes
    file: int
    at: int
    size: int


class Release:
    """The output folder of a run, read record by record; only ids, digests and places are kept in memory."""

    def __init__(self, out: Path) -> None:
        self.out = out
        if not (out / "articles").is_dir():
            raise ReleaseError(f"{out}: not the output folder of a run: it has no folder 'articles'")
        self.files = sorted((out / "articles").glob("*.jsonl"))
        self.entries: dict[str, Entry] = {}
        decoder = msgspec.json.Decoder(_Id)
        for number, file in enumerate(self.files):
            at = 0
            with file.open("rb") as lines:
                for k, line in enumerate(lines, 1):
                    try:
                        name = decoder.decode(line).id
                    except msgspec.MsgspecError as error:
                        raise ReleaseError(f"{file}:{k}: {error}") from None
                    digest = hashlib.blake2b(line, digest_size=8).digest()
                    self.entries[name] = Entry(digest, number, at, len(line))
                    at += len(line)

    def article(self, name: str) -> Article:
        """An article by its id."""
        entry = self.entries[name]
        with self.files[entry.file].open("rb") as file:
            file.seek(entry.at)
            return msgspec.json.decode(file.read(entry.size), type=Article)

    def dropped(self) -> Iterator[Dropped]:
        """The dropped records, file by file."""
        return dropped_of(self.out)


class _Id(msgspec.Struct):
    id: str


def articles_of(out: Path) -> Iterator[Article]:
    """The articles of a run. Raises ReleaseError that names the file and the line."""
    yield from _records(out / "articles", Article)


def dropped_of(out: Path) -> Iterator[Dropped]:
    """The dropped records of a run. Raises ReleaseError that names the file and the line."""
    yield from _records(out / "dropped", Dropped)


def _records(folder: Path, kind: type[T]) -> Iterator[T]:
    decoder = msgspec.json.Decoder(kind)
    for file in sorted(folder.glob("*.jsonl")):
        with file.open("rb") as lines:
            for k, line in enumerate(lines, 1):
                try:
                    yield decoder.decode(line)
                except msgspec.MsgspecError as error:
                    raise ReleaseError(f"{file}:{k}: {error}") from None
