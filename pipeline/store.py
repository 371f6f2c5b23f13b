"""Work files: folders that appear whole or not at all, and streams of records in them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar

import msgspec

from pipeline.records import Document

TEMPORARY = ".tmp-"
DOCUMENTS = "documents"  # the file in a stage's folder that holds them

T = TypeVar("T")


@contextmanager
def whole_folder(final: Path) -> Iterator[Path]:
    """A folder to write to, which takes its name when all is written; on an error nothing stays.

    Where another process was faster its result stands: both are the same, as a name carries all that content depends
    on.
    """
    beside = final.with_name(f"{final.name}{TEMPORARY}{os.getpid()}")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        yield beside
        try:
            beside.rename(final)
        except OSError:
            if not final.exists():
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


class RecordWriter:
    """Appends records, each after its length in four bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.at = 0
        self.encoder = msgspec.msgpack.Encoder()

    def write(self, record: object) -> int:
        """Write a record; returns where it stands."""
        data = self.encoder.encode(record)
        here = self.at
        self.file.write(len(data).to_bytes(4, "big"))
        self.file.write(data)
        self.at += 4 + len(data)
        return here


def write_document(out: RecordWriter, document: Document) -> int:
    """Write a document, whose lines leave out the text that they share with it; returns where it stands.

    The document is not to be used afterwards.
    """
    text = document.text
    for line in document.lines:
        if line.text == text[line.start : line.end]:
            line.text = ""
    return out.write(document)


def read_documents(path: Path) -> Iterator[Document]:
    """The documents of a work file, in order, their lines with their texts."""
    for document in RecordReader(path, Document):
        text = document.text
        for line in document.lines:
            line.text = line.text or text[line.start : line.end]
        yield document


class RecordReader(Generic[T]):
    """Reads records one at a time, in order or by their place."""

    def __init__(self, path: Path, kind: type[T]) -> None:
        self.path = path
        self.decoder = msgspec.msgpack.Decoder(kind)

    def __iter__(self) -> Iterator[T]:
        with self.path.open("rb", buffering=1 << 20) as file:
            while head := file.read(4):
                yield self.decoder.decode(file.read(int.from_bytes(head, "big")))

    def at(self, place: int) -> T:
        """The record at a place."""
        with self.path.open("rb") as file:
            file.seek(place)
            return self.decoder.decode(file.read(int.from_bytes(file.read(4), "big")))


def link_or_copy(source: Path, target: Path) -> None:
    """The same file under a second name; a copy where the file system has no hard links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
