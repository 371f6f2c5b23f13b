"""Containers become slices: some megabytes of documents each, put aside once and named by what they hold.

A container that was compressed cannot be entered in the middle, so it is read once from front to end. Where a slice ends
is told by digests of documents, as in backup tools: a line more in the middle of a dump makes one slice new, not all
that come after it. Slices lie under the work files only until their documents are decoded; a later run that needs them
again unpacks again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from pipeline.inputs import CHANGED, Changed, Found, Listing, facts_of, is_container, settled
from pipeline.readers import Entry, Raw, Reading, Skipped, Unread, read_file, unread

LEAST, MOST = 1 << 20, 4 << 20  # bytes of a slice
_CUT = 256  # beyond LEAST, one document in so many ends a slice

SLICES, MEMORY = "slices", "unpacked.msgpack"


class _Slice(msgspec.Struct, array_like=True):
    """A slice: its first document's path, its digest (and name), bytes and documents."""

    path: str
    sha256: str
    size: int
    documents: int

    def told(self) -> tuple[int, str, int]:
        """What a listing says of it."""
        return self.size, self.sha256, self.documents


class _Unpacked(msgspec.Struct, array_like=True):
    """A container as it was when it was unpacked, and what it gave."""

    facts: tuple[int, int, int]
    path: str
    reading: str  # digest of the reader's code and of what the user chose
    sha256: str
    ignored: int
    slices: list[_Slice]


class _SourceError(Exception):
    """A container that cannot be read, apart from a disk that cannot be written."""

    def __init__(self, why: OSError) -> None:
        super().__init__(str(why))
        self.why = why


class Unpacker:
    """Unpacks what is new, and remembers from run to run what each container gave."""

    def __init__(self, work: Path, reading: Reading, version: str) -> None:
        self.folder = work / SLICES
        self.store = work / MEMORY
        self.reading = reading
        self.version = version
        self.known: dict[bytes, _Unpacked] = {}
        try:
            self.known = msgspec.msgpack.decode(self.store.read_bytes(), type=dict[bytes, _Unpacked])
        except (OSError, msgspec.MsgspecError):
            self.known = {}
        self.fresh: dict[bytes, _Unpacked] = {}
        self._containers: dict[str, Found] = {}

    def unpack_all(self, listing: Listing) -> Listing:
        """The listing with slices for containers."""
        documents: list[Found] = []
        problems = list(listing.problems)
        ignored = listing.ignored
        for found in listing.documents:
            if not is_container(found):
                documents.append(found)
                continue
            try:
                one = self._remembered(found) or self._unpack(found)
            except _SourceError as error:
                problems.append(unread(found.path, error.why))
                continue
            self._containers[found.path] = found
            ignored += one.ignored
            documents += (
                Found(cut.path, os.fsencode(self.folder / cut.sha256), *cut.told(), one.path, one.sha256)
                for cut in one.slices
            )
        return Listing(listing.roots, sorted(documents), sorted(set(problems)), ignored)

    def need(self, slices: Iterable[Found]) -> None:
        """Unpack again where a slice is to be read and is not there any more."""
        for path in sorted({found.inside for found in slices if found.inside and not os.path.exists(found.file)}):
            with suppress(_SourceError):  # what is not there is told when its turn comes
                self._unpack(self._containers[path])

    def save(self) -> None:
        """Keep what this run saw."""
        if self.fresh != self.known:
            beside = self.store.with_suffix(".tmp")
            beside.write_bytes(msgspec.msgpack.encode(self.fresh))
            beside.replace(self.store)

    def _remembered(self, found: Found) -> _Unpacked | None:
        one = self.known.get(found.file)
        try:
            facts = facts_of(found.file)
        except OSError:
            return None
        if one is None or (one.facts, one.path, one.reading) != (facts, found.path, self.version):
            return None
        self.fresh[found.file] = one
        return one

    def _unpack(self, found: Found) -> _Unpacked:
        try:
            facts = facts_of(found.file)
            sha256 = _digest(found.file)
        except OSError as error:
            raise _SourceError(error) from None
        skipped = Skipped()
        entries = _named_apart(read_file(found.file, found.path, self.reading, skipped))
        self.folder.mkdir(parents=True, exist_ok=True)
        slices = [_write(self.folder, cut) for cut in _cut(entries)]
        try:
            unchanged = facts_of(found.file) == facts
        except OSError:
            unchanged = False
        if not unchanged:
            raise _SourceError(Changed(CHANGED))
        one = _Unpacked(facts, found.path, self.version, sha256, skipped.count, slices)
        if settled(facts):
            self.fresh[found.file] = one
        return one


def _digest(file: bytes) -> str:
    with open(file, "rb") as data:
        sha = hashlib.sha256()
        while chunk := data.read(1 << 20):
            sha.update(chunk)
    return sha.hexdigest()


def _named_apart(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries, the second of one path with `~2` after it.

    Eight bytes of a digest stand for a path: should two be alike, a path gets a number that it did not need.
    """
    seen: set[int] = set()
    for entry in entries:
        path, times = entry.path, 1
        while (key := int.from_bytes(hashlib.blake2b(path.encode(), digest_size=8).digest(), "big")) in seen:
            times += 1
            path = f"{entry.path}~{times}"
        seen.add(key)
        yield entry if times == 1 else msgspec.structs.replace(entry, path=path)


class _Cut(msgspec.Struct):
    path: str
    size: int
    records: list[bytes]


def _cut(entries: Iterable[Entry]) -> Iterator[_Cut]:
    """Entries in slices, encoded."""
    encode = msgspec.msgpack.Encoder().encode
    cut: _Cut | None = None
    for entry in entries:
        record = encode(entry)
        if cut is None:
            cut = _Cut(entry.path, 0, [])
        cut.records.append(record)
        cut.size += len(record)
        if cut.size >= MOST or (cut.size >= LEAST and _ends(record)):
            yield cut
            cut = None
    if cut is not None:
        yield cut


def _ends(record: bytes) -> bool:
    return hashlib.blake2b(record, digest_size=4).digest()[0] == 0


def _write(folder: Path, cut: _Cut) -> _Slice:
    sha = hashlib.sha256()
    for record in cut.records:
        sha.update(record)
    name = sha.hexdigest()
    file = folder / name
    if not file.exists():
        beside = folder / f"{name}.tmp"
        with beside.open("wb") as out:
            for record in cut.records:
                out.write(len(record).to_bytes(4, "big"))
                out.write(record)
        beside.replace(file)
    return _Slice(cut.path, name, cut.size, len(cut.records))


def entries_of(found: Found) -> Iterator[tuple[Entry, str]]:
    """The documents of a slice, each with a digest of all that it holds; raises OSError where the slice is gone."""
    return _entries(open(found.file, "rb"))


def _entries(opened: BinaryIO) -> Iterator[tuple[Entry, str]]:
    decode = msgspec.msgpack.Decoder(Raw | Unread).decode
    with opened as file:
        while head := file.read(4):
            record = file.read(int.from_bytes(head, "big"))
            yield decode(record), hashlib.sha256(record).hexdigest()
