"""Simulated pages to learn on and to measure on: pages whose truth is known because a program set them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.records import Document
from pipeline.stages.chrome import strip_chrome
from pipeline.stages.decode import decode
from pipeline.stages.unwrap import unwrap
from pipeline.training.corpus import CorpusError
from pipeline.training.wider import load_simulator, wider

ISSUES = 300  # of each corpus and each simulator
SEED = 11


def simulate(simulator: Path, corpora: Iterable[Path], out: Path, issues: int = ISSUES, seed: int = SEED) -> list[Path]:
    """Set the articles of each corpus on pages, half as the simulator does, half closer to real ones; the folders.

    Raises CorpusError where no corpus holds an article that the simulator can set.
    """
    module = load_simulator(simulator)
    folders: list[Path] = []
    for corpus in corpora:
        articles = module.read_corpus(corpus)
        if not articles:
            continue
        for kind in (module.Simulator, wider(module.Simulator)):
            folders.append(out / f"{corpus.stem}.{seed + len(folders)}")
            maker = kind(articles, seed + len(folders))
            module.write(folders[-1], [maker.issue(k) for k in range(issues)])
    if not folders:
        raise CorpusError("no article that the simulator can set on pages: too small a corpus")
    return folders


def prepare(path: Path) -> Document:
    """A document with its pieces, as `rejoin` is given it."""
    document = decode(path.read_bytes(), path.name)
    strip_chrome(document)
    unwrap(document)
    return document


def pages_of(folders: Iterable[Path]) -> Iterator[tuple[Document, dict[str, Any]]]:
    """Every newspaper page of the dumps with the gold of its issue."""
    for folder in folders:
        with open(folder / "gold.jsonl", encoding="utf-8") as f:
            for line in f:
                gold = json.loads(line)
                names = gold["document"] if isinstance(gold["document"], list) else [gold["document"]]
                for name in names:
                    yield prepare(folder / "raw" / name), gold
