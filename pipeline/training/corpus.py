"""The articles that networks learn from: their characters as places in a vocabulary, and where they may be cut."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.continuation import GAP, REACH, Places, vocabulary
from pipeline.ngrams import Codes, codes

# A character that stands fewer times is not known: too little to learn a vector from.
RARE = 4
EDGE = 4  # characters of a paragraph that stay on either side of a cut
SHORT = 16  # paragraphs of fewer characters are not cut


class Text(NamedTuple):
    """One article: its headline and its paragraphs."""

    title: Codes
    paragraphs: list[Codes]


def read_texts(paths: Iterable[Path]) -> list[Text]:
    """The articles of corpus files, one JSON object a line, without spaces."""
    out = []
    for path in paths:
        with open(path, encoding="utf-8") as f:
            for line in f:
                article = json.loads(line)
                paragraphs = [codes(p.replace(" ", "")) for p in article["paragraphs"]]
                out.append(Text(codes("".join((article["title"] or "").split())), paragraphs))
    return out


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
    return Cuts(np.concatenate([*row, gap]), of_article, np.array(starts))
