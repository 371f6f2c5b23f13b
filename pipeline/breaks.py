"""Does a paragraph end with a sentence: by the words on both sides and by how long it is.

Where lines are neither set in nor parted by blank ones, the room that a paragraph's last line leaves shows its end. One in ten
leaves none, and a sentence ends as often at the end of a full line inside a paragraph. What is left are words (据悉, 他说, an
opening quote) and length: on articles not learned on, AUC 0.80. One weight for each place that these signs are hashed to, learned by
logistic regression (`pipeline.training.breaks` makes them again).
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from zlib import crc32

from pipeline import hashed
from pipeline.flow import as_learned
from pipeline.hashed import BITS
from pipeline.ngrams import MODEL

BREAKS = "breaks.npz"
# Of the sentences of a corpus that another follows, so many end a paragraph: log odds.
USUAL = -0.5

_STOP = re.compile("[。！？][”’）』」]?")


def signs(before: str, after: str) -> set[int]:
    """The places of what tells a paragraph's end: of its text so far, which ends a sentence, and of what stands behind."""
    ends = [m.end() for m in _STOP.finditer(before, 0, max(len(before) - 2, 0))]
    last = before[ends[-1] :] if ends else before
    told = [f"a{n}{after[:n]}" for n in (1, 2, 3, 4)]
    told += [f"b{n}{before[-n:]}" for n in (3, 4)]
    told += [f"s{last[:2]}", f"q{after[:1] == '“'}{before[-1:] == '”'}", f"first{not ends}"]
    told += [f"n{min(len(before) // 20, 12)}", f"l{min(len(last) // 10, 8)}"]
    return {crc32(sign.encode()) & ((1 << BITS) - 1) for sign in told}


class Breaks:
    """What ends paragraphs."""

    def __init__(self, weights: hashed.Weights) -> None:
        self.weights = weights.places.tolist()
        self.start = weights.start

    def odds(self, before: str, after: str) -> float:
        """How much likelier than usual a paragraph ends between two texts of which the first ends a sentence, as log odds."""
        before, after = as_learned(before), as_learned(after[:8])
        return self.start - USUAL + float(sum(self.weights[place] for place in signs(before, after)))


@lru_cache(maxsize=2)
def load_breaks(path: Path = MODEL / BREAKS) -> Breaks:
    """What ships with the package, or was learned from another dump."""
    return Breaks(hashed.load(path))
