"""Train `pipeline.breaks`: which sentences end a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from pipeline.breaks import signs
from pipeline.training.corpus import CorpusError, articles_in
from pipeline.training.fitting import Floats, fit_places

SHORT = 16  # characters of a line that is no paragraph

_SENTENCE = re.compile("[^。！？]*[。！？][”’）』」]?")


def train_breaks(paths: Iterable[Path]) -> tuple[Floats, float]:
    """One weight a place, and what all start from: log odds that a paragraph ends with a sentence."""
    found = list(cuts_of(paths))
    if len({ended for _, ended in found}) < 2:
        raise CorpusError("no paragraphs of several sentences to learn their ends from")
    place = np.concatenate([sorted(told) for told, _ in found])
    owner = np.repeat(np.arange(len(found)), [len(told) for told, _ in found])
    return fit_places(owner, place, [ended for _, ended in found])


def cuts_of(paths: Iterable[Path]) -> Iterator[tuple[set[int], bool]]:
    """The signs of each sentence's end in corpus files that another sentence follows, and whether a paragraph ends there."""
    for article in articles_in(paths):
        paragraphs = [text for p in article.paragraphs if len(text := "".join(p.split())) >= SHORT]
        for paragraph, below in pairwise(paragraphs):
            stops = [m.end() for m in _SENTENCE.finditer(paragraph)]
            if not stops or stops[-1] != len(paragraph):
                continue
            for stop in stops:
                ended = stop == len(paragraph)
                yield signs(paragraph[:stop], below if ended else paragraph[stop:]), ended
