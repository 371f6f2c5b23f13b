"""Train `pipeline.headings`: which words headlines have, and which the crossheads between the paragraphs of articles."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from pipeline.headings import heading_places
from pipeline.labels import ends_sentence
from pipeline.training.corpus import CorpusError, articles_in
from pipeline.training.fitting import Floats, fit_places

SHORTEST, LONGEST = 3, 40  # characters of a line that is learned from
PARAGRAPH = 30  # a crosshead stands above a paragraph of more characters


def train_headings(paths: Iterable[Path]) -> tuple[Floats, float]:
    """One weight a place, and what all start from: log odds that a line is a headline rather than a crosshead."""
    headlines, crossheads = lines_of(paths)
    if not headlines or not crossheads:
        raise CorpusError("no headlines, or no crossheads between paragraphs, to tell apart")
    place, owner = heading_places(headlines + crossheads)
    answers = [True] * len(headlines) + [False] * len(crossheads)
    return fit_places(owner, place, answers, balanced=True)


def lines_of(paths: Iterable[Path]) -> tuple[list[str], list[str]]:
    """The headlines of corpus files, and the short lines between their paragraphs that end no sentence."""
    headlines, crossheads = [], []
    for article in articles_in(paths):
        title = "".join((article.title or "").split())
        if SHORTEST < len(title) <= LONGEST:
            headlines.append(title)
        paragraphs = ["".join(p.split()) for p in article.paragraphs]
        for line, below in pairwise(paragraphs[1:]):
            open_end = line[-1:] in set("，、；：:…—") or ends_sentence(line)
            if SHORTEST <= len(line) <= LONGEST and not open_end and len(below) > PARAGRAPH:
                crossheads.append(line)
    return headlines, crossheads
