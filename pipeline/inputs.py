"""What a run reads: folders, globs and single files become a sorted list of documents.

A record's path is relative to the input as given, its folder's name included: `run dumps/2025-12-19` gives
`2025-12-19/page1.txt`. So the same dump gives the same records wherever it lies. Only where two inputs would give one
path do those inputs' paths go up as many folders as tell them apart.

A new kind of file is a suffix in READERS; a kind that holds many documents will make `Found` name the member as well.
"""

from __future__ import annotations

import glob
import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from pipeline import html_signs


class InputError(ValueError):
    """An input that does not exist: a slip of the command line, so nothing is run."""


class Found(msgspec.Struct, frozen=True, order=True):
    """A file of the dump. `file` is where it lies, as bytes since a name need not be text."""

    path: str
    file: bytes
    size: int = 0
    sha256: str = ""


class Problem(msgspec.Struct, frozen=True, order=True):
    """Something in the dump that could not be read."""

    path: str
    error: str
    message: str


class Listing(NamedTuple):
    """All that the inputs hold, sorted by path."""

    roots: list[str]
    documents: list[Found]
    problems: list[Problem]
    ignored: int  # files with a suffix that nothing reads


def _read_whole(file: bytes) -> bytes:
    return Path(os.fsdecode(file)).read_bytes()


READERS: dict[str, Callable[[bytes], bytes]] = dict.fromkeys((".txt", *html_signs.SUFFIXES), _read_whole)


class Changed(OSError):
    """A file changed between the moment it was listed and the moment it was read."""


def read(found: Found) -> bytes:
    """The bytes of a document. A file given by its own name is read as text whatever its suffix.

    Raises OSError where the file is gone, cannot be read or is not what was listed.
    """
    suffix = os.path.splitext(os.fsdecode(found.file))[1].lower()
    data = READERS.get(suffix, _read_whole)(found.file)
    if hashlib.sha256(data).hexdigest() != found.sha256:
        raise Changed("the file changed while it was read; the next run takes it as it is then")
    return data


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
        if not named and os.path.splitext(file)[1].lower() not in READERS:
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
            for entry in inside:
                if entry.name.startswith("."):
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


def _digest(file: bytes) -> str:
    sha = hashlib.sha256()
    with open(file, "rb") as data:
        while chunk := data.read(1 << 20):
            sha.update(chunk)
    return sha.hexdigest()


class Digests:
    """SHA-256 of files, remembered from run to run by place, size and times, as version control does.

    A file that changed in the two seconds before it was read is not remembered: a second change within the clock's
    grain would go unseen.
    """

    GRAIN = 2_000_000_000

    def __init__(self, store: Path) -> None:
        self.store = store
        self.known: dict[bytes, tuple[int, int, int, str]] = {}
        try:
            self.known = msgspec.msgpack.decode(store.read_bytes(), type=dict[bytes, tuple[int, int, int, str]])
        except (OSError, msgspec.MsgspecError):
            self.known = {}
        self.fresh: dict[bytes, tuple[int, int, int, str]] = {}

    def digest(self, found: Found) -> Found:
        """The document with its size and digest; raises OSError where it cannot be read."""
        facts = os.stat(found.file)
        key = (facts.st_size, facts.st_mtime_ns, facts.st_ino)
        entry = self.known.get(found.file)
        sha = entry[3] if entry is not None and entry[:3] == key else _digest(found.file)
        if time.time_ns() - facts.st_mtime_ns > self.GRAIN:
            self.fresh[found.file] = (*key, sha)
        return Found(found.path, found.file, facts.st_size, sha)

    def save(self) -> None:
        """Keep what this run saw."""
        if self.fresh != self.known:
            beside = self.store.with_suffix(".tmp")
            beside.write_bytes(msgspec.msgpack.encode(self.fresh))
            beside.replace(self.store)


def digest_all(listing: Listing, digests: Digests) -> Listing:
    """The listing with sizes and digests; files that cannot be read become problems."""
    documents: list[Found] = []
    problems = list(listing.problems)

    def each() -> Iterator[Found]:
        for found in listing.documents:
            try:
                yield digests.digest(found)
            except OSError as error:
                problems.append(Problem(found.path, type(error).__name__, error.strerror or str(error)))

    documents.extend(each())
    return Listing(listing.roots, documents, sorted(set(problems)), listing.ignored)
