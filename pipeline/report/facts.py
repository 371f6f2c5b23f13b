"""What a report tells, gathered in one pass over a run's output; memory does not grow with the dump."""

from __future__ import annotations

import hashlib
import heapq
from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from pipeline.articles import Article, Quarantined
from pipeline.records import Document
from pipeline.releases import ReleaseError, articles_of, dropped_of
from pipeline.reuse import read_outcomes
from pipeline.status import TIMING, Timing
from pipeline.store import DOCUMENTS, TEMPORARY, read_document

MOST = 50  # rows of a list
SHOWN = 24  # characters on either side of a join
PARAGRAPH_EDGES = (20, 50, 100, 150, 200, 300, 400, 600, 1000)  # characters
ARTICLE_EDGES = (100, 200, 400, 700, 1000, 1500, 2000, 3000, 5000)
TENTHS = [n / 10 for n in range(1, 10)]
UNSURE = 0.9  # joins below are listed
DATES = 60  # bars: where there are more days, months are counted, then years

T = TypeVar("T", bound=Hashable)


class Frequent(Generic[T]):
    """Counts of what is frequent, in bounded memory: what was seen once is forgotten when there is too much.

    Counts may be too low by what was forgotten; what stands often keeps its place. (Lossy counting, Manku and Motwani.)
    """

    def __init__(self, room: int = 200_000) -> None:
        self.room = room
        self.counts: dict[T, int] = {}
        self.floor = 0

    def add(self, thing: T) -> None:
        """Count one more."""
        self.counts[thing] = self.counts.get(thing, self.floor) + 1
        while len(self.counts) > self.room:
            self.floor += 1
            self.counts = {key: n for key, n in self.counts.items() if n > self.floor}

    def most(self, rows: int) -> list[tuple[T, int]]:
        """The most frequent; of equals the first by their own order."""
        return sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))[:rows]


class Histogram:
    """Counts between edges."""

    def __init__(self, edges: Sequence[float]) -> None:
        self.edges = edges
        self.counts = [0] * (len(edges) + 1)

    def add(self, value: float) -> None:
        """Count a value."""
        self.counts[bisect_right(self.edges, value)] += 1

    def rows(self) -> list[tuple[str, int]]:
        """Counts with the edge that they begin at."""
        return list(zip(("0", *(f"{edge:g}" for edge in self.edges)), self.counts, strict=True))


class DoubtfulJoin(NamedTuple):
    """A join with a low score, and the text on both sides."""

    score: float
    path: str
    line: int
    then: int  # line of the piece that goes on
    rule: str
    before: str
    after: str


class Jump(NamedTuple):
    """A jump line that leads to a page that the dump does not hold, or to none of its articles."""

    path: str
    page: str
    title: str
    way: str  # 下转 | 上接
    to: str


class Facts(msgspec.Struct):
    """All that a report tells of a run."""

    out: str
    release: str  # digest of the manifest
    manifest: dict[str, Any]
    timing: Timing | None
    articles: int
    publications: list[tuple[str, int]]
    dates: list[tuple[str, int]]
    confidence: list[tuple[str, int]]
    paragraph_lengths: list[tuple[str, int]]
    article_lengths: list[tuple[str, int]]
    joins: list[tuple[str, int]] | None  # by score; None where the work files are gone
    doubtful: list[DoubtfulJoin]
    jumps: list[Jump]
    dropped_lines: list[tuple[tuple[str, str], int]]  # reason and text
    quarantined: list[Quarantined]

    def group(self, name: str) -> dict[str, int]:
        """Counts of the manifest, largest first."""
        found = self.manifest["counts"].get(name, {})
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def gather(out: Path) -> Facts:
    """Read a run's output. Raises ReleaseError where it is none."""
    path = out / "manifest.json"
    try:
        data = path.read_bytes()
        manifest = msgspec.json.decode(data)
    except OSError as error:
        raise ReleaseError(f"{out}: not the output folder of a run: {path.name}: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise ReleaseError(f"{path}: {error}") from None
    of_articles = _Articles()
    for article in articles_of(out):
        of_articles.add(article)
    lines: Frequent[tuple[str, str]] = Frequent()
    for drop in dropped_of(out):
        lines.add((drop.reason, " ".join(drop.text.split())[:120]))
    joins, doubtful = _joins(out, manifest)
    return Facts(
        out=out.resolve().name,
        release=hashlib.sha256(data).hexdigest(),
        manifest=manifest,
        timing=_timing(out),
        articles=of_articles.count,
        publications=of_articles.publications.most(20),
        dates=by_date(of_articles.dates),
        confidence=of_articles.confidence.rows(),
        paragraph_lengths=of_articles.paragraphs.rows(),
        article_lengths=of_articles.lengths.rows(),
        joins=joins,
        doubtful=doubtful,
        jumps=of_articles.jumps,
        dropped_lines=[row for row in lines.most(MOST) if row[1] > 1],
        quarantined=list(islice(_quarantined(out), MOST)),
    )


class _Articles:
    """What is counted over articles."""

    def __init__(self) -> None:
        self.count = 0
        self.publications: Frequent[str] = Frequent(10_000)
        self.dates: Counter[str] = Counter()
        self.confidence = Histogram(TENTHS)
        self.paragraphs = Histogram(PARAGRAPH_EDGES)
        self.lengths = Histogram(ARTICLE_EDGES)
        self.jumps: list[Jump] = []

    def add(self, article: Article) -> None:
        self.count += 1
        self.publications.add(article.publication or "")
        self.dates[article.date or ""] += 1
        self.confidence.add(article.confidence)
        self.lengths.add(len(article.text))
        for block in article.paragraphs:
            if block.type == "p":
                self.paragraphs.add(len(block.text))
        if len(self.jumps) < MOST:
            self.jumps += _jumps(article)


def _jumps(article: Article) -> Iterator[Jump]:
    title = article.title or article.text[:SHOWN]
    for way, page, source in (
        ("上接", article.continued_from, article.sources[0]),
        ("下转", article.continued_to, article.sources[-1]),
    ):
        if page:
            yield Jump(source.path, source.page or "", title, way, page)


def by_date(days: Counter[str]) -> list[tuple[str, int]]:
    """Articles a day; a month or a year, where there are too many days for one plot.

    >>> by_date(Counter({"2031-03-04": 2, "": 1}))
    [('2031-03-04', 2), ('', 1)]
    """
    found = days
    for size in (7, 4):
        if len(found) > DATES:
            found = Counter()
            for day, n in days.items():
                found[day[:size]] += n
    known = sorted((day, n) for day, n in found.items() if day)
    return known + [("", n) for day, n in found.items() if not day]


def _joins(out: Path, manifest: dict[str, Any]) -> tuple[list[tuple[str, int]] | None, list[DoubtfulJoin]]:
    """Joins by their scores, and those that are least sure, from the work files."""
    scores = Histogram(TENTHS)
    folders = _rejoined(out, manifest)
    if not folders:
        return None, []
    least: list[tuple[tuple[float, int], DoubtfulJoin]] = []
    for k, join in enumerate(join for folder in folders for document in _documents(folder) for join in _of(document)):
        scores.add(join.score)
        if join.score >= UNSURE:
            continue
        key = (-join.score, -k)
        if len(least) < MOST:
            heapq.heappush(least, (key, join))
        elif key > least[0][0]:
            heapq.heapreplace(least, (key, join))
    return scores.rows(), sorted(join for _, join in least)


def _rejoined(out: Path, manifest: dict[str, Any]) -> list[Path]:
    """The folders of the release's rejoined documents; none where the work files are gone."""
    base = out / ".work" / "rejoin_columns" / str(manifest["versions"]["rejoin_columns"])
    return sorted(folder for folder in base.glob("part-*") if TEMPORARY not in folder.name)


def _documents(folder: Path) -> Iterator[Document]:
    with (folder / DOCUMENTS).open("rb") as file:
        for outcome in read_outcomes(folder):
            if outcome.record[1]:
                yield read_document(file, outcome.record)


def _of(document: Document) -> Iterator[DoubtfulJoin]:
    for part in document.parts:
        for paragraph in part.paragraphs:
            for (first, then), join in zip(pairwise(paragraph.pieces), paragraph.joins, strict=False):
                yield DoubtfulJoin(
                    round(join.score, 4),
                    document.path,
                    first.last,
                    then.line,
                    join.rule,
                    first.text[-SHOWN:],
                    then.text[:SHOWN],
                )


def _quarantined(out: Path) -> Iterable[Quarantined]:
    path = out / "quarantine.jsonl"
    if path.exists():
        with path.open("rb") as lines:
            for line in lines:
                yield msgspec.json.decode(line, type=Quarantined)


def _timing(out: Path) -> Timing | None:
    try:
        return msgspec.json.decode((out / ".work" / TIMING).read_bytes(), type=Timing)
    except (OSError, msgspec.MsgspecError):
        return None
