"""What differs from the run before: articles that are new, changed or gone.

A small database beside the work files keeps of each article its id, a digest and how it is called, for the release that
is in place and for the one before. A release is told by its manifest, so a report that is made again compares with the
same run, and a run that was killed between publishing and reporting loses nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import msgspec

from pipeline.articles import Article, Block
from pipeline.releases import articles_of, digest

DATABASE = "articles.sqlite"
MOST = 20  # articles named of each sort
SORTS = ("added", "changed", "gone")
_COLUMNS = "(id TEXT PRIMARY KEY, digest BLOB, title TEXT, path TEXT) WITHOUT ROWID"

# An id holds the digest of its document: where that changed an article is known by its path and headline.
_COMPARE = """
CREATE TEMP TABLE added AS SELECT * FROM now WHERE id NOT IN (SELECT id FROM before);
CREATE TEMP TABLE gone AS SELECT * FROM before WHERE id NOT IN (SELECT id FROM now);
CREATE INDEX temp.gone_by_name ON gone (path, title, digest);
CREATE TEMP TABLE known AS SELECT path, title FROM added INTERSECT SELECT path, title FROM gone;
CREATE TEMP TABLE changed AS SELECT now.* FROM now JOIN before USING (id) WHERE now.digest != before.digest;
INSERT INTO changed SELECT added.* FROM added JOIN known USING (path, title) WHERE NOT EXISTS (
    SELECT 1 FROM gone WHERE (gone.path, gone.title, gone.digest) = (added.path, added.title, added.digest));
DELETE FROM added WHERE (path, title) IN (SELECT path, title FROM known);
DELETE FROM gone WHERE (path, title) IN (SELECT path, title FROM known);
"""


class Named(NamedTuple):
    """An article, as a person tells it."""

    id: str
    title: str
    path: str


class Difference(NamedTuple):
    """How a release differs from the one before; at most `MOST` articles of each sort are named."""

    first: bool  # there is none before
    counts: dict[str, int]
    added: list[Named]
    changed: list[Named]
    gone: list[Named]


def difference(out: Path, release: str) -> Difference | None:
    """The difference to the release before; None where nothing can be kept (the folder cannot be written)."""
    work = out / ".work"
    if not work.is_dir():
        return None
    try:
        with closing(sqlite3.connect(work / DATABASE)) as base, base:
            base.execute("BEGIN IMMEDIATE")
            _take_over(base, out, release)
            base.commit()
            return _read(base)
    except sqlite3.OperationalError:
        return None
    except sqlite3.DatabaseError:  # damaged: the next report begins anew
        (work / DATABASE).unlink(missing_ok=True)
        return None


def _take_over(base: sqlite3.Connection, out: Path, release: str) -> None:
    """Make the release the present one, and the present one the one before, unless it is already."""
    base.execute("CREATE TABLE IF NOT EXISTS present (release TEXT)")
    known = base.execute("SELECT release FROM present").fetchone()
    if known and known[0] == release:
        return
    base.execute("DROP TABLE IF EXISTS before")
    if known:
        base.execute("ALTER TABLE now RENAME TO before")
    base.execute(f"CREATE TABLE now {_COLUMNS}")
    base.executemany("INSERT OR REPLACE INTO now VALUES (?, ?, ?, ?)", _rows(out))
    base.execute("DELETE FROM present")
    base.execute("INSERT INTO present VALUES (?)", (release,))


def _rows(out: Path) -> Iterator[tuple[str, bytes, str, str]]:
    for article in articles_of(out):
        yield article.id, _said(article), article.title or article.text[:24], article.sources[0].path


def _said(article: Article) -> bytes:
    """A digest of what an article says, wherever in the document it stands and however sure it is."""
    kept = msgspec.structs.replace(article, id="", head_spans={}, sources=[], confidence=0.0, supersedes=[])
    kept.paragraphs = [Block(block.type, block.text, []) for block in article.paragraphs]
    return digest(kept)


def _read(base: sqlite3.Connection) -> Difference:
    first = base.execute("SELECT 1 FROM sqlite_master WHERE name = 'before'").fetchone() is None
    if first:
        return Difference(True, {}, [], [], [])
    base.executescript(_COMPARE)
    counts = {name: base.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in SORTS}
    counts["same"] = base.execute("SELECT count(*) FROM now").fetchone()[0] - counts["added"] - counts["changed"]
    named = [
        [Named(*row) for row in base.execute(f"SELECT id, title, path FROM {name} ORDER BY path, id LIMIT {MOST}")]
        for name in SORTS
    ]
    return Difference(False, counts, *named)
