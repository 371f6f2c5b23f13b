"""Readers: the documents that a file holds, one at a time, whatever it is packed in.

A reader is a generator over an open stream. It gives a `Raw` for each document and an `Unread` for what it cannot read,
and goes on; what it raises ends its container, whose documents so far stand. A document's name goes on where its
container's ends: `day.zip!/p1.txt` in an archive, `dump.jsonl#id` in a table, `#L17` for a line without an id.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO

import msgspec

from pipeline import kinds
from pipeline.readers.streams import Budget, ExplodesError, read_up_to, unpacked


class Reading(msgspec.Struct, frozen=True):
    """What the user chose about reading."""

    text_field: str = "text"
    id_field: str = "id"
    most: int = 64 << 20  # bytes of one document


class Raw(msgspec.Struct, tag="raw", array_like=True):
    """One document before it is decoded."""

    path: str
    data: bytes
    form: str = ""  # "text" where the bytes are UTF-8 for sure, "html" where the container says so
    metadata: str | None = None  # what else the container says of it: a JSON object


class Unread(msgspec.Struct, tag="unread", array_like=True, frozen=True, order=True):
    """What could not be read, and why."""

    path: str
    error: str
    message: str


Entry = Raw | Unread

# What libraries raise over bytes that their authors did not think of; zlib and struct have an "error" each.
_STUMBLES = (AttributeError, IndexError, KeyError, TypeError, AssertionError, NameError)


class Skipped:
    """Counts members of kinds that nothing reads."""

    def __init__(self) -> None:
        self.count = 0


def unread(path: str, error: BaseException) -> Unread:
    """What an error says of a document."""
    message = str(getattr(error, "strerror", None) or error) or type(error).__name__
    if isinstance(error, _STUMBLES) or type(error).__name__ == "error":
        return Unread(path, "DamagedError", f"damaged: {type(error).__name__}: {message}")
    return Unread(path, type(error).__name__, message)


def read_file(file: bytes, path: str, reading: Reading, skipped: Skipped | None = None) -> Iterator[Entry]:
    """All documents of a file.

    Raises ExplodesError where it unpacks to many times its size, and InputError where a reader needs a library that is
    not installed. What else goes wrong is its last entry, and the documents before it stand.
    """
    seen = 0
    try:
        with open(file, "rb") as stream:
            budget = Budget(os.fstat(stream.fileno()).st_size)
            for entry in read_stream(stream, path, reading, budget, skipped or Skipped()):
                seen += 1
                yield entry
    except (ExplodesError, kinds.InputError):
        raise
    except (Exception, RecursionError) as error:
        after = f" (after {seen} documents, which are kept)" if seen else ""
        broken = unread(path, error)
        yield Unread(path, broken.error, broken.message + after)


def read_stream(
    stream: IO[bytes], path: str, reading: Reading, budget: Budget, skipped: Skipped, inside: bool = False
) -> Iterator[Entry]:
    """The documents of a stream, by the kind that its name tells."""
    kind = kinds.kind_of(path)
    if inside and kind in kinds.ARCHIVES:
        yield Unread(path, "NestedArchive", "an archive within an archive is not read; unpack the outer one first")
        return
    if kind == kinds.ZIP:
        from pipeline.readers.archives import read_zip

        yield from read_zip(stream, path, reading, budget, skipped)
        return
    plain = unpacked(stream, kinds.compression(path), budget)
    if kind == kinds.JSONL:
        from pipeline.readers.tables import read_jsonl

        yield from read_jsonl(plain, path, reading)
    elif kind == kinds.PARQUET:
        from pipeline.readers.tables import read_parquet

        yield from read_parquet(plain, path, reading)
    elif kind == kinds.TAR:
        from pipeline.readers.archives import read_tar

        yield from read_tar(plain, path, reading, budget, skipped)
    elif kind == kinds.WARC:
        from pipeline.readers.crawls import read_warc

        yield from read_warc(plain, path, reading, skipped)
    else:
        yield Raw(path, read_up_to(plain, reading.most))
