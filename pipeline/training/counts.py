"""Count how often runs of characters stand in news: what `pipeline.ngrams` reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from pipeline.ngrams import COUNTS, ORDER, START, STOP, codes, keys, write_tables

# Runs rarer than this say more of one article than of the language, and make the table large.
RARE = {1: 1, 2: 2, 3: 3, 4: 3}


def count_characters(paths: Iterable[Path], out: Path) -> None:
    """Count runs of one to four characters inside paragraphs and write the table."""
    texts, headlines, openings = [], [], []
    for path in paths:
        with open(path, encoding="utf-8") as f:
            for line in f:
                article = json.loads(line)
                texts.append("\n".join(article["paragraphs"]))
                openings += [START + p[:2] for p in article["paragraphs"] if len(p) > 30]
                headlines.append(START + "".join((article.get("title") or "").split()) + STOP)
    text = codes("\n".join(texts))
    tables = []
    for order in range(1, ORDER + 1):
        key, count = np.unique(keys(text, order), return_counts=True)
        keep = count >= RARE[order]
        for k in range(order):
            keep &= ((key >> np.uint64(16 * k)) & np.uint64(0xFFFF)) != ord("\n")
        tables.append((key[keep], count[keep].astype(np.uint64)))
    pairs = keys(codes("".join(headlines)), 2)
    pairs = pairs[pairs != (ord(STOP) << 16 | ord(START))]
    key, count = np.unique(pairs, return_counts=True)
    tables.append((key, count.astype(np.uint64)))
    opening = codes("".join(openings))
    key, count = np.unique(np.concatenate([keys(opening, 2)[::3], keys(opening, 3)[::3]]), return_counts=True)
    tables.append((key[count > 1], count[count > 1].astype(np.uint64)))
    write_tables(out / COUNTS, tables)
