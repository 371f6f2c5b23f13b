"""What a run gives out: the article record, the record of what was dropped, and how to read them back.

The fields, their order and their meaning are the project's contract; `article.schema.json` says the same to machines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path

import msgspec

SourceSpan = tuple[int, int, int]  # index in `sources`, start, end


class Source(msgspec.Struct):
    """A document that holds a part of the article."""

    path: str
    sha256: str
    page: str | None
    metadata: str | None = None  # the other fields of its line or row, as JSON


class Block(msgspec.Struct):
    """A paragraph (p), a crosshead (h) or a caption, and where its text stands."""

    type: str
    text: str
    spans: list[SourceSpan]


class Origin(msgspec.Struct):
    """What a web page says of an article beside its text, as printed."""

    channel: str | None = None
    time: str | None = None  # ISO 8601, of the day that `date` names
    source: str | None = None  # 来源
    author: str | None = None
    editor: str | None = None  # 责任编辑
    original_title: str | None = None  # 原标题


class Article(msgspec.Struct):
    """One article, as it goes out."""

    id: str
    publication: str | None
    date: str | None
    page: str | None
    kicker: str | None
    title: str | None
    subtitle: str | None
    byline: str | None
    head_spans: dict[str, list[SourceSpan]]
    authors: list[str]
    agency: str | None
    paragraphs: list[Block]
    text: str
    continued_from: str | None
    continued_to: str | None
    sources: list[Source]
    script: str
    flags: list[str]
    confidence: float
    supersedes: list[str] = []
    origin: Origin | None = None  # of web pages
    duplicate_of: str | msgspec.UnsetType | None = msgspec.UNSET  # set by runs that look for duplicates


class Dropped(msgspec.Struct):
    """A span that stands in no article, and why."""

    source: str
    sha256: str
    start: int
    end: int
    text: str
    reason: str
    rule: str


class Quarantined(msgspec.Struct):
    """A document that gave nothing, and the error that stopped it."""

    source: str
    sha256: str | None
    stage: str
    error: str
    message: str


_encoder = msgspec.json.Encoder()


def to_lines(records: Iterable[msgspec.Struct]) -> bytes:
    """Records as JSONL."""
    return _encoder.encode_lines(records)


def to_line(record: msgspec.Struct) -> bytes:
    """A record as one line of JSONL."""
    return to_lines([record])


def read_articles(path: str | PathLike[str]) -> Iterator[Article]:
    """The articles of a run, file by file in the order of their names.

    `path` is the folder that the run wrote to, its `articles` folder, or one of its files.
    """
    from pipeline import outputs

    here = Path(path)
    if here.is_dir():
        folder = here / "articles" if (here / "articles").is_dir() else here
        files = outputs.release_files(folder)
    else:
        files = [here]
    for file in files:
        yield from outputs.read_articles(file)
