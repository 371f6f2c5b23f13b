"""Articles that the dump holds more than once: the same wire story in ten papers, the same page saved twice.

Texts are compared by their runs of five characters, letters and digits alone, through MinHash (rensa): at 120 hashes the
estimate of the share that two texts have in common is right to about 0.04. Articles are taken in one order whatever the
order of inputs, dated ones first and by date, so that what is kept does not change when later news arrives; each is a
duplicate of the one kept before it that it is most like. So a duplicate always names an article that is kept, and never
one that it resembles only by way of a third.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from pipeline.articles import Article

if TYPE_CHECKING:
    from rensa import RMinHash

# Runs of five characters: a cut last paragraph or a misread character in a hundred leaves 0.8 to 0.9 in common.
RUN = 5
NEAR = 0.75
# 24 bands of 5 find 998 of 1,000 pairs that have 0.75 in common.
HASHES, BANDS, SEED = 120, 24, 1
# Below this a text has so few runs that a weather line and tomorrow's would be one; such texts must be equal.
SHORT = 50

_BATCH = 256


class Signed(msgspec.Struct, array_like=True):
    """What finding duplicates needs to know of an article."""

    id: str
    date: str | None
    path: str
    digest: str  # of the characters that are compared
    sketch: bytes  # empty for a short text

    @property
    def order(self) -> tuple[str, str, str]:
        """Its place among all: what comes first is kept."""
        return self.date or "9999", self.path, self.id


def sign(articles: Iterable[Article], known: dict[str, bytes]) -> Iterator[Signed]:
    """Signatures of articles that hold text; `known` are sketches by digest from an earlier run."""
    each = (article for article in articles if article.text)
    while batch := list(islice(each, _BATCH)):
        texts = ["".join(filter(str.isalnum, article.text)) for article in batch]
        digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32] for text in texts]
        fresh = {d: text for d, text in zip(digests, texts, strict=True) if len(text) >= SHORT and d not in known}
        sketches = known | dict(zip(fresh, _sketches(list(fresh.values())), strict=True))
        for article, digest in zip(batch, digests, strict=True):
            path = article.sources[0].path
            yield Signed(article.id, article.date, path, digest, sketches.get(digest, b""))


def _sketches(texts: Sequence[str]) -> list[bytes]:
    from rensa import RMinHash

    runs = [list({text[i : i + RUN] for i in range(len(text) - RUN + 1)}) for text in texts]
    return [sketch.__getstate__() for sketch in RMinHash.from_token_sets(runs, num_perm=HASHES, seed=SEED)]


def _read(sketch: bytes) -> RMinHash:
    from rensa import RMinHash

    read = RMinHash(HASHES, SEED)
    read.__setstate__(sketch)
    return read


def find(signed: Iterable[Signed]) -> dict[str, str]:
    """For each duplicate the id of the article that is kept; the same whatever the order of what is given.

    Needs about two kilobytes of memory for each article that is kept.
    """
    from rensa import RMinHashLSH

    near = RMinHashLSH(threshold=NEAR, num_perm=HASHES, num_bands=BANDS)
    kept: list[str] = []
    sketches: list[RMinHash] = []
    first_with: dict[str, str] = {}
    found: dict[str, str] = {}
    for one in sorted(signed, key=lambda one: one.order):
        same = first_with.get(one.digest)
        sketch = _read(one.sketch) if one.sketch and same is None else None
        if sketch is not None:
            alike = ((sketch.jaccard(sketches[i]), -i) for i in near.query(sketch))
            share, i = max(alike, default=(0.0, 0))
            same = kept[-i] if share >= NEAR else None
        first_with[one.digest] = same or one.id
        if same is not None:
            found[one.id] = same
        elif sketch is not None:
            near.insert(len(kept), sketch)
            kept.append(one.id)
            sketches.append(sketch)
    return found
