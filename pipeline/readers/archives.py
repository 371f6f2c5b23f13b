"""Archives: every member is a stream of its own, read where it lies; nothing is written to the disk by its name."""

from __future__ import annotations

import stat
import tarfile
import zipfile
from collections.abc import Iterator
from typing import IO

from pipeline.kinds import TEXT, InputError, compression, kind_of
from pipeline.readers import Entry, Reading, Skipped, Unread, read_stream, unread
from pipeline.readers.streams import Budget, ExplodesError, metered, too_large

_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


def _text(name: bytes) -> str:
    """The name of a member: UTF-8, or GB18030 as Chinese Windows writes it, else with its odd bytes shown."""
    for codec in ("utf-8", "gb18030"):
        try:
            return name.decode(codec)
        except UnicodeDecodeError:
            continue
    return name.decode("utf-8", "backslashreplace")


def _place(path: str, name: str, skipped: Skipped) -> tuple[str, Unread | None] | None:
    """The path of a member, and what is wrong with its name; None for what is hidden or of a kind that nothing reads.

    Nothing is written to where a name points, yet a record must not carry a path that leads out of its archive.
    """
    name = name.replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    where = f"{path}!/{'/'.join(parts)}"
    if any(part.startswith(".") and part != ".." for part in parts):
        return None
    if kind_of(where) is None:
        skipped.count += 1
        return None
    if name.startswith("/") or ".." in parts or (parts and len(parts[0]) == 2 and parts[0][1] == ":"):
        return where, Unread(where, "UnsafePath", f"the name {name!r} leads out of the archive")
    return where, None


def _member(stream: IO[bytes], where: str, reading: Reading, budget: Budget, skipped: Skipped) -> Iterator[Entry]:
    """The documents of a member. One that cannot be read costs itself; an archive that explodes is left at once."""
    try:
        yield from read_stream(stream, where, reading, budget, skipped, inside=True)
    except (InputError, ExplodesError, tarfile.TarError):
        raise
    except (Exception, RecursionError) as error:
        yield unread(where, error)


def read_zip(stream: IO[bytes], path: str, reading: Reading, budget: Budget, skipped: Skipped) -> Iterator[Entry]:
    """The documents of a ZIP archive in the order of its directory."""
    with zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            named = member.flag_bits & _UTF8_NAME
            place = _place(path, member.filename if named else _text(_as_stored(member.filename)), skipped)
            if place is None:
                continue
            where, wrong = place
            if wrong is not None:
                yield wrong
            elif member.flag_bits & _ENCRYPTED:
                yield Unread(where, "Encrypted", "encrypted; there is no way to give a password")
            elif stat.S_ISLNK(member.external_attr >> 16):
                yield Unread(where, "NotAFile", "a link in an archive is not followed")
            elif kind_of(where) == TEXT and member.file_size > reading.most and compression(where) is None:
                yield unread(where, too_large(reading.most))
            else:
                yield from _opened(archive, member, where, reading, budget, skipped)


def _as_stored(name: str) -> bytes:
    try:
        return name.encode("cp437")
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape")


def _opened(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str, reading: Reading, budget: Budget, skipped: Skipped
) -> Iterator[Entry]:
    try:
        opened = archive.open(member)
    except (OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
        yield unread(where, error)
        return
    with opened:
        yield from _member(metered(opened, budget), where, reading, budget, skipped)


def read_tar(stream: IO[bytes], path: str, reading: Reading, budget: Budget, skipped: Skipped) -> Iterator[Entry]:
    """The documents of a tar archive in its order, read once from front to end."""
    with tarfile.open(fileobj=stream, mode="r|", errors="surrogateescape") as archive:
        for member in archive:
            archive.members = []  # type: ignore[attr-defined]  # kept by the library for a second reading, which would fill the memory
            if member.isdir():
                continue
            place = _place(path, _text(member.name.encode("utf-8", "surrogateescape")), skipped)
            if place is None:
                continue
            where, wrong = place
            if wrong is not None:
                yield wrong
            elif not member.isfile():
                yield Unread(where, "NotAFile", "a link, pipe or device in an archive is not read")
            else:
                opened = archive.extractfile(member)
                assert opened is not None
                yield from _member(opened, where, reading, budget, skipped)
