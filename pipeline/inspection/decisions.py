"""What was decided about one document: made anew for a document alone, or read from the records of a run.

Both give the same: articles and dropped records. Lines and pieces, which records do not hold, are read from the document
again; no decision is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from pipeline import outputs
from pipeline.articles import Article, Dropped, Quarantined
from pipeline.chain import STEPS, Settings, emit_one, one_thread
from pipeline.inputs import read_one
from pipeline.kinds import CONTAINERS, InputError, kind_of
from pipeline.readers import Raw, read_file
from pipeline.records import Document, Line

UNRESOLVED = "jump_unresolved"

T = TypeVar("T", bound=msgspec.Struct)


class Decisions(msgspec.Struct):
    """A document as far as it was read (lines with labels, pieces), and what became of it."""

    document: Document
    lines: list[Line]
    articles: list[Article]
    dropped: list[Dropped]
    settings: Settings = Settings()
    out: str | None = None  # the run that they are from
    unresolved: list[Article] = []  # of the same run: articles with a jump that leads nowhere


class NoDecisionsError(ValueError):
    """A document that was set aside, or cannot be read: there is nothing to show."""


def raw(given: str, settings: Settings) -> Raw:
    """A document as it is stored: a file, also compressed, or one that a container holds, by the name that records give it.

    Raises InputError where it is not there: `day.zip!/p1.txt`, `dump.jsonl#id`.
    """
    if Path(given).is_file():
        if kind_of(given) in CONTAINERS:
            raise InputError(f"{given}: may hold many documents; name one, as records do: {given}#… or {given}!/…")
        try:
            return Raw(Path(given).name, read_one(os.fsencode(given), settings.reading))
        except Exception as error:
            raise InputError(f"{given}: {getattr(error, 'strerror', None) or error}") from None
    for mark in re.finditer("#|!/", given):
        outer = given[: mark.start()]
        if Path(outer).is_file() and kind_of(outer) in CONTAINERS:
            for entry in read_file(os.fsencode(outer), outer, settings.reading):
                if entry.path == given and isinstance(entry, Raw):
                    return entry
            raise InputError(f"{outer}: holds no document of the name {given}")
    raise InputError(f"{given}: No such file or directory")


def settings_of(out: str) -> Settings:
    """The settings of the run in a folder. Raises InputError where it is no finished run."""
    try:
        manifest = msgspec.json.decode((Path(out) / "manifest.json").read_bytes())
        settings = msgspec.convert(manifest["settings"], Settings)
    except (OSError, KeyError, msgspec.DecodeError, msgspec.ValidationError):
        raise InputError(f"{out}: not the output folder of a finished run") from None
    if settings.rules:  # the manifest names them by their content, and the work files hold a copy
        kept = Path(out) / ".work" / "rules" / f"{settings.rules}.toml"
        settings = msgspec.structs.replace(settings, rules=str(kept))
    return settings


def read(data: bytes, path: str, settings: Settings, form: str = "") -> tuple[Document, list[Line]]:
    """The document up to its pieces, and all its lines with their labels. Raises ValueError for bytes that are no text."""
    from pipeline.stages import decode

    document = decode.decode(data, path, form)
    STEPS["strip_chrome"](document, settings)
    lines = list(document.lines)
    STEPS["unwrap_lines"](document, settings)
    return document, lines


def decide(data: bytes, path: str, settings: Settings, form: str = "") -> Decisions:
    """Clean one document alone, as `newsreflow clean` does, and keep what it was read as."""
    with one_thread():
        document, lines = read(data, path, settings, form)
        masthead, pieces = list(document.lines), list(document.pieces)
        STEPS["rejoin_columns"](document, settings)
        found = emit_one(document, settings)
    document.lines, document.pieces = masthead, pieces
    articles = sorted(found.articles, key=lambda a: _first(a, path))
    return Decisions(document, lines, articles, found.dropped, settings)


def of_run(out: str, data: bytes, path: str, form: str = "") -> Decisions:
    """What the run in the folder `out` decided about a document, known by its content.

    Raises InputError where `out` is no finished run or holds no such document, NoDecisionsError where it was set aside.
    """
    folder, settings = Path(out), settings_of(out)
    sha = sha256(data).hexdigest()
    articles = list(_records(folder / "articles", Article, sha))
    dropped = [d for d in _records(folder / "dropped", Dropped, sha) if d.sha256 == sha]
    articles = [a for a in articles if any(s.sha256 == sha for s in a.sources)]
    names = {s.path for a in articles for s in a.sources if s.sha256 == sha} | {d.source for d in dropped}
    if not names:
        for one in _records(folder / "quarantine.jsonl", Quarantined, sha):
            raise NoDecisionsError(f"{one.source}: set aside at stage {one.stage}: {one.message}")
        if data.strip():
            raise InputError(f"{path}: {out} holds no document with this content")
    name = min(names, key=lambda n: (not Path(path).as_posix().endswith(n), n), default=path)
    with one_thread():
        document, lines = read(data, name, settings, form)
    return Decisions(
        document,
        lines,
        sorted((a for a in articles if any(s.path == name for s in a.sources)), key=lambda a: _first(a, name)),
        [d for d in dropped if d.source == name],
        settings,
        out,
        [a for a in _records(folder / "articles", Article, UNRESOLVED) if UNRESOLVED in a.flags],
    )


def _records(path: Path, kind: type[T], mark: str) -> Iterator[T]:
    """The records of a file or a folder of a release whose text may hold `mark`; most others are not even decoded."""
    decode, sign = msgspec.json.Decoder(kind).decode, mark.encode()
    for file in outputs.release_files(path) if path.is_dir() else [path] if path.is_file() else []:
        if file.suffix == ".parquet":
            found = outputs.read_articles(file) if kind is Article else outputs.read_rows(file)
            yield from (msgspec.convert(record, kind, from_attributes=True) for record in found)
        else:
            yield from (decode(line) for line in outputs.read_lines(file) if sign in line)


def _first(article: Article, path: str) -> int:
    """Where an article begins in a document."""
    here = [k for k, source in enumerate(article.sources) if source.path == path]
    spans = [s for found in article.head_spans.values() for s in found]
    spans += [s for block in article.paragraphs for s in block.spans]
    return min((start for source, start, _ in spans if source in here), default=0)
