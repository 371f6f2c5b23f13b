"""The articles to learn from: which part each belongs to, and what networks see of them.

A corpus holds one article a line: {"title": str, "paragraphs": [str], …}. Its articles are parted by a digest of their
headline: six tenths to count characters and train networks on, two tenths to learn weights on (set on simulated pages),
one tenth to tune on, one tenth that only reports; no article is in two parts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from pipeline.continuation import GAP, REACH, Places, vocabulary
from pipeline.ngrams import Codes, codes

PARTS = {"count": range(6), "learn": range(6, 8), "tune": range(8, 9), "report": range(9, 10)}
# A character that stands fewer times is not known: too little to learn a vector from.
RARE = 4
EDGE = 4  # characters of a paragraph that stay on either side of a cut
SHORT = 16  # paragraphs of fewer characters are not cut


class CorpusError(ValueError):
    """A corpus that cannot be learned from."""


class Article(msgspec.Struct):
    """What is asked of each line."""

    paragraphs: list[str]
    title: str | None = None


def part_of(title: str | None) -> str:
    """The part of the corpus that an article belongs to, by its headline alone."""
    tenth = int(hashlib.sha256((title or "").encode()).hexdigest(), 16) % 10
    return next(name for name, tenths in PARTS.items() if tenth in tenths)


def split_corpus(paths: Iterable[Path], out: Path) -> dict[str, list[Path]]:
    """Write each part of each corpus to a file of its own.

    Raises CorpusError for a line that is no article.
    """
    files: dict[str, list[Path]] = {name: [] for name in PARTS}
    for path in paths:
        lines: dict[str, list[str]] = {name: [] for name in PARTS}
        with open(path, encoding="utf-8") as f:
            for number, line in enumerate(f, 1):
                try:
                    article = msgspec.json.decode(line, type=Article)
                except msgspec.MsgspecError as error:
                    raise CorpusError(f"{path}, line {number}: {error}") from None
                lines[part_of(article.title)].append(line)
        stem = path.stem
        while out / f"{stem}.count.jsonl" in files["count"]:
            stem += "_"
        for name, own in lines.items():
            files[name].append(out / f"{stem}.{name}.jsonl")
            files[name][-1].write_text("".join(own), encoding="utf-8")
    return files


def articles_in(paths: Iterable[Path]) -> Iterator[Article]:
    """The articles of corpus files, which are known to hold nothing else."""
    for path in paths:
        with open(path, encoding="utf-8") as f:
            for line in f:
                yield msgspec.json.decode(line, type=Article)


class Text(NamedTuple):
    """One article: its headline and its paragraphs."""

    title: Codes
    paragraphs: list[Codes]


def read_texts(paths: Iterable[Path]) -> list[Text]:
    """The articles of corpus files, one JSON object a line, without spaces."""
    return [
        Text(codes("".join((a.title or "").split())), [codes(p.replace(" ", "")) for p in a.paragraphs])
        for a in articles_in(paths)
    ]


def frequent_characters(texts: Iterable[Text]) -> Codes:
    """The characters that a vocabulary holds, sorted."""
    character, count = np.unique(np.concatenate([p for t in texts for p in t.paragraphs]), return_counts=True)
    return np.asarray(character[count >= RARE])


class Cuts(NamedTuple):
    """All paragraphs in one row, gaps between them, and the places of each article where a column could end."""

    row: Places
    of_article: list[npt.NDArray[np.int64]]
    starts: npt.NDArray[np.int64]  # of paragraphs


def cut_places(texts: Iterable[Text], characters: Codes) -> Cuts:
    """Lay the paragraphs of articles out for cutting; an article without a long paragraph is left out."""
    look_up = vocabulary(characters)
    gap = np.full(REACH, GAP, np.int32)
    row, of_article, starts, at = [], [], [], 0
    for text in texts:
        own = []
        for paragraph in text.paragraphs:
            if len(paragraph) < SHORT:
                continue
            row += [gap, look_up[paragraph]]
            at += REACH
            starts.append(at)
            own.append(at + np.arange(EDGE, len(paragraph) - EDGE))
            at += len(paragraph)
        if own:
            of_article.append(np.concatenate(own))
    if not of_article:
        raise CorpusError(f"no paragraph of {SHORT} characters to learn continuation from")
    return Cuts(np.concatenate([*row, gap]), of_article, np.array(starts))
