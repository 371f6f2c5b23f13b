"""Counts that tasks write beside their results, and that add up over shards to the summary and the manifest."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec

from pipeline.articles import Article, Dropped, Quarantined
from pipeline.records import Document


class Tally(msgspec.Struct):
    """What one task did."""

    documents: int = 0  # that came out
    counts: dict[str, int] = {}  # "repairs.zero_width": 3
    quarantined: list[Quarantined] = []

    def count(self, group: str, name: str | int, n: int = 1) -> None:
        """Count something."""
        key = f"{group}.{name}"
        self.counts[key] = self.counts.get(key, 0) + n

    def quarantine(self, path: str, sha256: str | None, stage: str, error: BaseException) -> None:
        """Set a document aside."""
        message = str(error) or type(error).__name__
        self.quarantined.append(Quarantined(path, sha256, stage, type(error).__name__, message))

    def add(self, other: Tally) -> None:
        """Add another task's counts."""
        self.documents += other.documents
        for key, n in other.counts.items():
            self.counts[key] = self.counts.get(key, 0) + n
        self.quarantined += other.quarantined

    def group(self, group: str) -> dict[str, int]:
        """The counts of one group by name."""
        prefix = f"{group}."
        return {key[len(prefix) :]: n for key, n in sorted(self.counts.items()) if key.startswith(prefix)}

    def save(self, folder: Path) -> None:
        """Write to the folder of the task."""
        self.counts = dict(sorted(self.counts.items()))
        (folder / "tally.json").write_bytes(msgspec.json.encode(self))


def read_tally(folder: Path) -> Tally:
    """What the task of this folder counted."""
    return msgspec.json.decode((folder / "tally.json").read_bytes(), type=Tally)


def count_decoded(tally: Tally, document: Document) -> None:
    """Encodings, repairs, and documents that hold nothing."""
    tally.count("encodings", document.encoding)
    if not document.lines:
        tally.count("decoded", "empty")
    for repair, n in document.repairs.items():
        if n:
            tally.count("repairs", repair, n)


def count_stripped(tally: Tally, document: Document) -> None:
    """Kinds of documents, and what lines were taken for."""
    tally.count("kinds", document.kind)
    for label, n in Counter(line.label for line in document.lines if line.label).items():
        tally.count("labels", label, n)


def count_unwrapped(tally: Tally, document: Document) -> None:
    """Pieces by label, before they are rejoined."""
    for label, n in Counter(piece.label for piece in document.pieces).items():
        tally.count("pieces", label, n)


def count_rejoined(tally: Tally, document: Document) -> None:
    """Joins by rule."""
    tally.count("rejoined", "parts", len(document.parts))
    for part in document.parts:
        for paragraph in part.paragraphs:
            for join in paragraph.joins:
                tally.count("joins", join.rule)


def count_article(tally: Tally, article: Article) -> None:
    """Articles, paragraphs by type, jump lines that led nowhere, flags."""
    tally.count("emitted", "articles")
    tally.count("emitted", "jumps_unresolved", bool(article.continued_from) + bool(article.continued_to))
    tally.count("emitted", "documents_joined", len(article.sources) - 1)
    for block in article.paragraphs:
        tally.count("paragraphs", block.type)
    for flag in article.flags:
        tally.count("flags", flag)
    tally.count("scripts", article.script)


def count_dropped(tally: Tally, dropped: Dropped) -> None:
    """Dropped records by reason and by rule."""
    tally.count("dropped", dropped.reason)
    tally.count("rules", f"{dropped.reason}/{dropped.rule}")
