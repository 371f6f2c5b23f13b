"""Containers become slices: some megabytes of documents each, put aside once and named by what they hold.

A container that was compressed cannot be entered in the middle, so it is read once from front to end. Where a slice ends
is told by digests of documents, as in backup tools: a line more in the middle of a dump makes one slice new, not all
that come after it. Slices lie under the work files only until their documents are decoded; a later run that needs them
again unpacks again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from pipeline.guard import WorkerKilledError, document, guarded
from pipeline.inputs import CHANGED, Changed, Found, Listing, facts_of, is_container, settled
from pipeline.readers import Entry, Raw, Reading, Skipped, Unread, read_file, unread
from pipeline.readers.streams import ExplodesError
from pipeline.store import write_whole

LEAST, MOST = 1 << 20, 4 << 20  # bytes of a slice
CUT = 256  # beyond LEAST, one document in so many ends a slice

SLICES, TOLD, MEMORY = "slices", "told", "unpacked.msgpack"


class _Slice(msgspec.Struct, array_like=True):
    """A slice: its first document's path, its digest (and name), bytes and documents."""

    path: str
    sha256: str
    size: int
    documents: int

    def told(self) -> tuple[int, str, int]:
        """What a listing says of it."""
        return self.size, self.sha256, self.documents


class _Unpacked(msgspec.Struct, tag="unpacked", array_like=True):
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
        """The listing with slices for containers.

        Raises InputError where a reader needs a library that is not installed, OSError where the disk cannot be
        written.
        """
        self._containers = {found.path: found for found in listing.documents if is_container(found)}
        documents = [found for found in listing.documents if not is_container(found)]
        problems, ignored = list(listing.problems), listing.ignored
        known = {path: self._remembered(found) for path, found in self._containers.items()}
        given = self._unpacked([self._containers[path] for path, one in known.items() if one is None])
        for path, found in self._containers.items():
            one = known[path] or given[path]
            if isinstance(one, Unread):
                problems.append(one)
                continue
            if settled(one.facts):
                self.fresh[found.file] = one
            ignored += one.ignored
            documents += (
                Found(cut.path, os.fsencode(self.folder / cut.sha256), *cut.told(), one.path, one.sha256)
                for cut in one.slices
            )
        return Listing(listing.roots, sorted(documents), sorted(set(problems)), ignored)

    def need(self, slices: Iterable[Found]) -> None:
        """Unpack again where a slice is to be read and is not there any more."""
        gone = {found.inside for found in slices if found.inside and not os.path.exists(found.file)}
        self._unpacked([self._containers[path] for path in sorted(gone)])

    def save(self) -> None:
        """Keep what this run saw."""
        if self.fresh != self.known:
            write_whole(self.store, msgspec.msgpack.encode(self.fresh))

    def _remembered(self, found: Found) -> _Unpacked | None:
        one = self.known.get(found.file)
        try:
            facts = facts_of(found.file)
        except OSError:
            return None
        same = one is not None and (one.facts, one.path, one.reading) == (facts, found.path, self.version)
        return one if same else None

    def _unpacked(self, containers: Sequence[Found]) -> dict[str, _Unpacked | Unread]:
        """What each gives by its path. A process of its own does it, as for all that hostile bytes may bring down."""
        if not containers:
            return {}
        self.folder.mkdir(parents=True, exist_ok=True)
        told = self.folder / TOLD
        told.unlink(missing_ok=True)
        guarded(lambda: self._unpack_each(containers, told))
        given = _read_told(told)
        told.unlink()
        return given

    def _unpack_each(self, containers: Sequence[Found], told: Path) -> None:
        done = _read_told(told)  # by a process that died
        with told.open("ab") as out:
            for found in containers:
                one: _Unpacked | Unread
                try:
                    with document(timed=False):
                        if found.path in done:
                            continue
                        one = self._unpack(found)
                except (_SourceError, WorkerKilledError) as error:
                    one = unread(found.path, error.why if isinstance(error, _SourceError) else error)
                write_record(out, msgspec.msgpack.encode(one))
                out.flush()

    def _unpack(self, found: Found) -> _Unpacked:
        try:
            facts = facts_of(found.file)
            sha256 = _digest(found.file)
        except OSError as error:
            raise _SourceError(error) from None
        skipped = Skipped()
        entries = _named_apart(read_file(found.file, found.path, self.reading, skipped))
        try:
            slices = [_write(self.folder, cut) for cut in _cut(entries)]
        except ExplodesError as error:
            slices = [_write(self.folder, cut) for cut in _cut([unread(found.path, error)])]
        try:
            unchanged = facts_of(found.file) == facts
        except OSError:
            unchanged = False
        if not unchanged:
            raise _SourceError(Changed(CHANGED))
        return _Unpacked(facts, found.path, self.version, sha256, skipped.count, slices)


def _read_told(told: Path) -> dict[str, _Unpacked | Unread]:
    if not told.exists():
        return {}
    decode = msgspec.msgpack.Decoder(_Unpacked | Unread).decode
    with told.open("rb") as file:
        return {one.path: one for one in map(decode, records(file))}


def write_record(out: BinaryIO, record: bytes) -> None:
    """Append a record after its length in four bytes."""
    out.write(len(record).to_bytes(4, "big"))
    out.write(record)


def records(file: BinaryIO) -> Iterator[bytes]:
    """The records of a file, but for a last one that was cut off."""
    while head := file.read(4):
        size = int.from_bytes(head, "big")
        record = file.read(size)
        if len(record) < size:
            return
        yield record


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
    return int.from_bytes(hashlib.blake2b(record, digest_size=4).digest(), "big") % CUT == 0


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
                write_record(out, record)
        beside.replace(file)
    return _Slice(cut.path, name, cut.size, len(cut.records))


def entries_of(found: Found) -> Iterator[tuple[Entry, str]]:
    """The documents of a slice, each with a digest of all that it holds; raises OSError where the slice is gone."""
    return _entries(open(found.file, "rb"))


def _entries(opened: BinaryIO) -> Iterator[tuple[Entry, str]]:
    decode = msgspec.msgpack.Decoder(Raw | Unread).decode
    with opened as file:
        for record in records(file):
            yield decode(record), hashlib.sha256(record).hexdigest()
