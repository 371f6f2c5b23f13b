"""What a run reads: folders, globs and single files become a sorted list of documents.

A record's path is relative to the input as given, its folder's name included: `run dumps/2025-12-19` gives
`2025-12-19/page1.txt`. So the same dump gives the same records wherever it lies. Only where two inputs would give one
path do those inputs' paths go up as many folders as tell them apart.

A file that holds many documents (`kinds.CONTAINERS`) is found here as one; `unpack` makes slices of it.
"""

from __future__ import annotations

import glob
import hashlib
import os
import stat
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from pipeline import kinds
from pipeline.kinds import InputError
from pipeline.readers import Reading, Unread, unread
from pipeline.readers.streams import CHUNK, Budget, read_up_to, too_large, unpacked
from pipeline.store import write_whole

__all__ = ["Changed", "Digests", "Found", "InputError", "Listing", "Problem", "discover", "read"]


class Found(msgspec.Struct, frozen=True, order=True):
    """A file of the dump, or a slice of one. `file` is where it lies, as bytes since a name need not be text."""

    path: str  # of a slice: its first document's
    file: bytes
    size: int = 0  # bytes of its documents
    sha256: str = ""
    documents: int = 1
    inside: str = ""  # path of the file that a slice is of
    whole: str = ""  # digest of that file

    @property
    def origin(self) -> tuple[str, str]:
        """Path and digest of the file in the dump."""
        return (self.inside, self.whole) if self.inside else (self.path, self.sha256)


Problem = Unread  # something in the dump that could not be read


class Listing(NamedTuple):
    """All that the inputs hold, sorted by path."""

    roots: list[str]
    documents: list[Found]
    problems: list[Problem]
    ignored: int  # files with a suffix that nothing reads


CHANGED = "the file changed while it was read; the next run takes it as it is then"


class Changed(OSError):
    """A file changed between the moment it was listed and the moment it was read."""


def read_one(file: bytes, reading: Reading) -> bytes:
    """The bytes of a document that is a file of its own, unpacked where it is compressed.

    Raises TooLargeError, OSError, or what a decompressor says of bytes that it cannot read.
    """
    with open(file, "rb") as packed:
        how = kinds.compression(os.fsdecode(file))
        return read_up_to(unpacked(packed, how, Budget(os.fstat(packed.fileno()).st_size)), reading.most)


def read(found: Found) -> bytes:
    """The bytes of a document. A file given by its own name is read as text whatever its suffix.

    Raises OSError where the file is gone, cannot be read or is not what was listed.
    """
    try:
        data = read_one(found.file, Reading(most=found.size))
    except OSError:
        raise
    except Exception:
        raise Changed(CHANGED) from None
    if hashlib.sha256(data).hexdigest() != found.sha256:
        raise Changed(CHANGED)
    return data


OUTPUTS = ("articles", "dropped", "quarantine.jsonl", "report.html")  # what a run wrote is no dump


class _Root(msgspec.Struct):
    """An input: the folder that paths are relative to, and how many of its own names they begin with."""

    parts: list[str]
    keep: int

    def path(self, names: list[str]) -> str:
        kept = self.parts[len(self.parts) - self.keep :] if self.keep else []
        return "/".join(_as_text(name) for name in [*kept, *names])


def _as_text(name: str) -> str:
    """A file name as text; bytes that are no UTF-8 are shown as \\xNN."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


class _Walk:
    """Collects files under the inputs."""

    def __init__(self, without: Iterable[str]) -> None:
        self.files: dict[str, list[tuple[_Root, list[str]]]] = {}
        self.problems: list[Problem] = []
        self.skipped: set[str] = set()
        self.without = {os.path.realpath(folder) for folder in without}

    def file(self, file: str, root: _Root, names: list[str], named: bool = False) -> None:
        if not named and kinds.kind_of(os.path.basename(file)) is None:
            self.skipped.add(file)
            return
        try:
            mode = os.stat(file).st_mode
        except OSError as error:
            self.problem(root.path(names), error)
            return
        if stat.S_ISREG(mode):
            self.files.setdefault(os.path.abspath(file), []).append((root, names))
        else:
            self.problems.append(Problem(root.path(names), "NotAFile", "a pipe, a socket or a device is not read"))

    def folder(self, folder: str, root: _Root, names: list[str]) -> None:
        """All files below; a folder that links lead to twice is read once, so that loops of links end."""
        seen: set[str] = set()
        links: list[tuple[str, list[str]]] = []
        self._below(folder, root, names, seen, links)
        while links:
            link, at = links.pop(0)
            real = os.path.realpath(link)
            if real in seen:
                self.problems.append(
                    Problem(root.path(at), "SymlinkLoop", f"the link leads to {real}, which is read already")
                )
            else:
                self._below(link, root, at, seen, links)

    def _below(
        self, folder: str, root: _Root, names: list[str], seen: set[str], links: list[tuple[str, list[str]]]
    ) -> None:
        stack = [(folder, names)]
        while stack:
            here, at = stack.pop()
            real = os.path.realpath(here)
            if real in self.without or real in seen:
                continue
            seen.add(real)
            try:
                with os.scandir(here) as entries:
                    inside = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                self.problem(root.path(at) or here, error)
                continue
            ours = OUTPUTS if os.path.exists(os.path.join(here, ".work", "lock")) else ()
            for entry in inside:
                if entry.name.startswith(".") or entry.name in ours:
                    continue
                names_of = [*at, entry.name]
                try:
                    is_folder = entry.is_dir()
                except OSError as error:
                    self.problem(root.path(names_of), error)
                    continue
                if not is_folder:
                    self.file(entry.path, root, names_of)
                elif entry.is_symlink():
                    links.append((entry.path, names_of))
                else:
                    stack.append((entry.path, names_of))

    def problem(self, path: str, error: OSError) -> None:
        self.problems.append(Problem(path, type(error).__name__, error.strerror or str(error)))


def _parts(folder: str) -> list[str]:
    return [part for part in os.path.abspath(folder).split(os.sep) if part]


def _visit(given: str, walk: _Walk) -> None:
    if os.path.lexists(given):
        if os.path.isdir(given):
            walk.folder(given, _Root(_parts(given), 1), [])
        else:
            _visit_file(given, walk)
        return
    if not glob.has_magic(given):
        raise InputError(f"{given}: no such file or folder")
    matches = sorted(glob.glob(given, recursive=True))
    if not matches:
        raise InputError(f"{given}: no file or folder has a name like this")
    base = given
    while glob.has_magic(base):
        base = os.path.dirname(base)
    root = _Root(_parts(base or "."), 1 if base.strip("./") else 0)
    for match in matches:
        names = os.path.relpath(match, base or ".").split(os.sep)
        if os.path.isdir(match):
            walk.folder(match, root, names)
        else:
            walk.file(match, root, names)


def _visit_file(given: str, walk: _Walk) -> None:
    folder = os.path.dirname(given)
    walk.file(
        given, _Root(_parts(folder or "."), 1 if folder.strip("./") else 0), [os.path.basename(given)], named=True
    )


def discover(inputs: Iterable[str], without: Iterable[str] = ()) -> Listing:
    """Every document that the inputs hold, each once, not yet digested; folders in `without` are passed over.

    Raises InputError for an input that does not exist. What cannot be read is a Problem and stops nothing.
    """
    walk = _Walk(without)
    roots = sorted({os.path.normpath(given) for given in inputs})
    for given in roots:
        _visit(given, walk)
    places = {file: min(at, key=lambda place: place[0].path(place[1])) for file, at in walk.files.items()}
    _tell_apart(places)
    found = sorted(Found(root.path(names), os.fsencode(file)) for file, (root, names) in places.items())
    labels = sorted({_as_text(os.path.basename(os.path.abspath(given))) for given in roots})
    return Listing(labels, found, sorted(set(walk.problems)), len(walk.skipped - walk.files.keys()))


def _tell_apart(places: dict[str, tuple[_Root, list[str]]]) -> None:
    """Let paths go up by folders until no two documents have one path."""
    while True:
        by_path: dict[str, list[_Root]] = {}
        for root, names in places.values():
            by_path.setdefault(root.path(names), []).append(root)
        clashing = {id(root): root for roots in by_path.values() if len(roots) > 1 for root in roots}
        growing = [root for root in clashing.values() if root.keep < len(root.parts)]
        if not growing:
            return
        for root in growing:
            root.keep += 1


class _Known(msgspec.Struct, array_like=True):
    """A file as it was when it was read: size, time and inode, then what it held."""

    facts: tuple[int, int, int]
    size: int
    sha256: str


def facts_of(file: bytes) -> tuple[int, int, int]:
    """What tells that a file is as it was; raises OSError where it is gone."""
    facts = os.stat(file)
    return facts.st_size, facts.st_mtime_ns, facts.st_ino


def settled(facts: tuple[int, int, int]) -> bool:
    """Whether a change from now on would show: within the clock's grain a second change goes unseen."""
    return time.time_ns() - facts[1] > 2_000_000_000


class Digests:
    """Sizes and SHA-256 of documents, remembered from run to run by place, size and times, as version control does.

    Of a compressed document it is the digest of what it holds. A file that changed in the two seconds before it was
    read is not remembered.
    """

    def __init__(self, store: Path, reading: Reading) -> None:
        self.store = store
        self.reading = reading
        self.known: dict[bytes, _Known] = {}
        try:
            self.known = msgspec.msgpack.decode(store.read_bytes(), type=dict[bytes, _Known])
        except (OSError, msgspec.MsgspecError):
            self.known = {}
        self.fresh: dict[bytes, _Known] = {}

    def digest(self, found: Found) -> Found:
        """The document with its size and digest; raises what reading it may raise."""
        facts = facts_of(found.file)
        known = self.known.get(found.file)
        if known is None or known.facts != facts:
            known = _Known(facts, *self._read(found.file))
        if settled(facts):
            self.fresh[found.file] = known
        if known.size > self.reading.most:
            raise too_large(self.reading.most)
        return Found(found.path, found.file, known.size, known.sha256)

    def _read(self, file: bytes) -> tuple[int, str]:
        sha, size = hashlib.sha256(), 0
        how = kinds.compression(os.fsdecode(file))
        with open(file, "rb") as packed:
            stream = unpacked(packed, how, Budget(os.fstat(packed.fileno()).st_size))
            while chunk := stream.read(CHUNK):
                sha.update(chunk)
                size += len(chunk)
                if how and size > self.reading.most:
                    raise too_large(self.reading.most)
        return size, sha.hexdigest()

    def save(self) -> None:
        """Keep what this run saw."""
        if self.fresh != self.known:
            write_whole(self.store, msgspec.msgpack.encode(self.fresh))


def digest_all(listing: Listing, digests: Digests) -> Listing:
    """The listing with sizes and digests, containers as they are; files that cannot be read become problems."""
    documents: list[Found] = []
    problems = list(listing.problems)
    for found in listing.documents:
        try:
            documents.append(found if is_container(found) else digests.digest(found))
        except Exception as error:
            problems.append(unread(found.path, error))
    return Listing(listing.roots, documents, sorted(set(problems)), listing.ignored)


def is_container(found: Found) -> bool:
    """Whether a file holds many documents."""
    return kinds.kind_of(os.path.basename(os.fsdecode(found.file))) in kinds.CONTAINERS
