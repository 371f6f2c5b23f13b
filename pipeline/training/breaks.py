"""Train `pipeline.breaks`: which sentences end a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from pipeline.breaks import BITS, signs
from pipeline.ngrams import Floats
from pipeline.training.corpus import CorpusError, articles_in

SHORT = 16  # characters of a line that is no paragraph
SHRINK = 10.0

_SENTENCE = re.compile("[^。！？]*[。！？][”’）』」]?")


def train_breaks(paths: Iterable[Path]) -> tuple[Floats, float]:
    """One weight a place, and what all start from: log odds that a paragraph ends with a sentence."""
    from sklearn.linear_model import LogisticRegression

    found = list(cuts_of(paths))
    if len({ended for _, ended in found}) < 2:
        raise CorpusError("no paragraphs of several sentences to learn their ends from")
    place = np.concatenate([sorted(told) for told, _ in found])
    owner = np.repeat(np.arange(len(found)), [len(told) for told, _ in found])
    rows = csr_matrix((np.ones(len(place)), (owner, place)), shape=(len(found), 1 << BITS))
    model = LogisticRegression(C=1 / SHRINK, max_iter=1000).fit(rows, [ended for _, ended in found])
    return model.coef_[0], float(model.intercept_[0])


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
