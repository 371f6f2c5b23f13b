"""Work files: folders that appear whole or not at all, and the documents in them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from pipeline.records import Document

TEMPORARY = ".tmp-"
DOCUMENTS = "documents"  # the file in a stage's folder that holds them

Piece = tuple[int, int]  # place and size in a file


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


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Document)


def encode_document(document: Document) -> bytes:
    """A document for a work file; its lines leave out the text that they share with it.

    The document is not to be used afterwards.
    """
    text = document.text
    for line in document.lines:
        if line.text == text[line.start : line.end]:
            line.text = ""
    return _encoder.encode(document)


def read_document(file: BinaryIO, piece: Piece) -> Document:
    """The document at a place of a work file, its lines with their texts."""
    document = _decoder.decode(read_piece(file, piece))
    text = document.text
    for line in document.lines:
        line.text = line.text or text[line.start : line.end]
    return document


def read_piece(file: BinaryIO, piece: Piece) -> bytes:
    """What stands at a place."""
    place, size = piece
    file.seek(place)
    return file.read(size)


def write_whole(path: Path, data: bytes) -> None:
    """A file that has its new content at once or its old one."""
    beside = path.with_name(f"{path.name}{TEMPORARY}{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def link_or_copy(source: Path, target: Path) -> None:
    """The same file under a second name; a copy where the file system has no hard links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
