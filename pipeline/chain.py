"""The stages of one document, in order: what a run does to each, and what `clean` does to one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from pipeline.articles import Article
from pipeline.kinds import InputError
from pipeline.records import Document

if TYPE_CHECKING:
    from pipeline.readers import Reading
    from pipeline.rules import ChromeRules
    from pipeline.stages.emit import Emitted


class Settings(msgspec.Struct, frozen=True):
    """What a user may choose about the output; all of it is part of the manifest."""

    script: str = "simplified"  # simplified | traditional | keep
    punctuation: str = "full"  # full | keep
    path_pattern: str | None = None  # how publication, date and page stand in a path
    rules: str | None = None  # a file of further chrome rules
    text_field: str = "text"  # of JSONL and Parquet
    id_field: str = "id"
    max_document_mb: int = 64
    format: str = "jsonl"  # jsonl | parquet
    compress: str = "none"  # none | zst | gz
    max_file_mb: int = 256  # of JSON in one file of the release
    duplicates: bool = False  # whether articles that the dump holds more than once are marked
    document_timeout: int = 60  # seconds of computing that a stage may take over one document

    @property
    def reading(self) -> Reading:
        """What readers need to know."""
        from pipeline.readers import Reading

        return Reading(self.text_field, self.id_field, self.max_document_mb << 20)


@cache
def warm(settings: Settings) -> None:
    """Load rules, weights and tables once, before the processes that use them are forked."""
    with suppress(ValueError):
        clean_bytes(_WARMING.encode(), "-", settings)
        chrome_rules(settings).compile()


_WARMING = """昨天渔港开放

本报讯（记者林小满）昨天上午，城东渔港第一次对市民开放，负责人说码头上还要添置
长椅，方便老人歇脚。下转第3版

茶山的早晨

本报讯 清早，茶农们上山，雾还没有散。"""


def chrome_rules(settings: Settings) -> ChromeRules:
    """The rules with the user's own added; read once."""
    from pathlib import Path

    from pipeline.rules import load_rules

    return load_rules(Path(settings.rules)) if settings.rules else load_rules()


def check(settings: Settings) -> None:
    """Raise RuleError or InputError for rules or a path pattern that cannot be used: once, not for each document."""
    if settings.rules:
        chrome_rules(settings)
    if settings.path_pattern:
        from pipeline.stages.link import PatternError, identify

        try:
            identify(Document("", "", "", ""), settings.path_pattern)
        except PatternError as error:
            raise InputError(str(error)) from None


def strip_chrome(document: Document, settings: Settings) -> None:
    """Strip chrome, then fill what the document does not say of itself from its path."""
    from pipeline.stages import chrome, link

    chrome.strip_chrome(document, chrome_rules(settings))
    link.identify(document, settings.path_pattern)


def unwrap_lines(document: Document, settings: Settings) -> None:
    """Lines to pieces; a document that holds nothing asks nothing of a stage.

    Of the lines only those that are labelled go on, mastheads among them: the others' text is in the pieces.
    """
    from pipeline.stages import unwrap

    if document.lines:
        unwrap.unwrap(document)
    document.lines = [line for line in document.lines if line.label is not None]


def rejoin_columns(document: Document, settings: Settings) -> None:
    """Pieces to parts of articles; from here on each character has its place, which is checked at once."""
    from pipeline.stages import columns, emit

    if document.pieces:
        columns.rejoin(document)
    document.lines, document.pieces = [], []
    emit.conserve_parts(document)


STEPS: dict[str, Callable[[Document, Settings], None]] = {
    "strip_chrome": strip_chrome,
    "unwrap_lines": unwrap_lines,
    "rejoin_columns": rejoin_columns,
}


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra in one thread: matrices of a page are so small that threads only wait for each other.

    On two busy cores a run took five times as long with two threads. Workers are what makes a run faster.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield


def clean_bytes(data: bytes, path: str, settings: Settings) -> list[Article]:
    """The articles of one document alone."""
    from pipeline.stages import decode

    return emit_alone(decode.decode(data, path), settings).articles


def emit_alone(document: Document, settings: Settings) -> Emitted:
    """Take a decoded document through all stages."""
    with one_thread():
        for step in STEPS.values():
            step(document, settings)
        return emit_one(document, settings)


def emit_one(document: Document, settings: Settings) -> Emitted:
    """The articles of one document whose parts are made; links lead from one of its pages to another, if it has several."""
    from pipeline.stages import emit, link

    links = link.link_pages(link.jump_ends(document)) if document.stories else []
    return emit.emit([document], links, emit.Wording(settings.script, settings.punctuation))
