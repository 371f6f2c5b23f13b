"""What a run put into its output folder, read back whatever its format: articles told by their ids, dropped records."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from pipeline.articles import Article, Dropped
from pipeline.outputs import read_articles, read_lines, read_rows, release_files

T = TypeVar("T")


class ReleaseError(ValueError):
    """A folder that is no output of a run, or that cannot be read."""


class Digests(NamedTuple):
    """Of an article's record but its id: of all of it, and of all but its confidence."""

    whole: bytes
    sure: bytes


class Release:
    """The output folder of a run; only ids and digests are kept in memory."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.digests = {name: _digests(article) for name, article in ((one.id, one) for one in articles_of(out))}

    def articles(self, names: Container[str]) -> Iterator[Article]:
        """The articles with these ids, in the order of the files."""
        return (article for article in articles_of(self.out) if article.id in names)


def _digests(article: Article) -> Digests:
    article.id = ""
    whole = digest(article)
    article.confidence = 0.0
    return Digests(whole, digest(article))


def digest(article: Article) -> bytes:
    """Eight bytes for an article's record."""
    return hashlib.blake2b(msgspec.json.encode(article), digest_size=8).digest()


def articles_of(out: Path) -> Iterator[Article]:
    """The articles of a run. Raises ReleaseError that names the file and the record."""
    for file in _files(out, "articles"):
        yield from _named(file, read_articles(file))


def dropped_of(out: Path) -> Iterator[Dropped]:
    """The dropped records of a run. Raises ReleaseError that names the file and the record."""
    for file in _files(out, "dropped"):
        yield from _named(file, _dropped(file))


def _dropped(file: Path) -> Iterator[Dropped]:
    if file.suffix == ".parquet":
        yield from (msgspec.convert(row, Dropped) for row in read_rows(file))
    else:
        yield from map(msgspec.json.Decoder(Dropped).decode, read_lines(file))


def _files(out: Path, kind: str) -> list[Path]:
    if not (out / kind).is_dir():
        raise ReleaseError(f"{out}: not the output folder of a run: it has no folder {kind!r}")
    return release_files(out / kind)


def _named(file: Path, records: Iterator[T]) -> Iterator[T]:
    """The records; an error says where it is."""
    number = 1
    try:
        for record in records:
            yield record
            number += 1
    except msgspec.MsgspecError as error:
        raise ReleaseError(f"{file}: record {number}: {error}") from None
