"""What is known of the language before any page is seen: counts, networks, vectors and words, as the model's folder holds them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pipeline.continuation import WEIGHTS, Continuation, load_continuation
from pipeline.headings import HEADINGS, Headings, load_headings
from pipeline.ngrams import COUNTS, MODEL, NGrams, load_ngrams
from pipeline.topics import TOPICS, Topics, load_topics


class Language(NamedTuple):
    """The four, each from a file of its own."""

    ngrams: NGrams  # how often characters stand together
    continuation: Continuation  # what may be read next
    topics: Topics  # what a text speaks of
    headings: Headings  # headlines' words and crossheads'


def load_language(model: Path = MODEL) -> Language:
    """What ships with the package, or what was learned from another dump."""
    return Language(
        load_ngrams(model / COUNTS),
        load_continuation(model / WEIGHTS),
        load_topics(model / TOPICS),
        load_headings(model / HEADINGS),
    )
