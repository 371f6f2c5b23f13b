"""Whether scores keep their word: of the joins and articles with one score, how many are right on pages not learned on.

    python -m pipeline.training.calibration CORPUS.jsonl... --simulator simulate.py [--model DIR] [--part report]

Articles of one part of the corpus are set on simulated pages, the chain reads them back, and each join's score and each
article's confidence is held against the truth. Prints tables in Markdown, and the temperature (Guo and others, "On
Calibration of Modern Neural Networks", 2017) that log odds would have to be divided by for scores to be shares; fit it on
`--part tune`, and report on what it was not fitted on.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from pipeline.articles import Article
from pipeline.ngrams import MODEL
from pipeline.records import Document
from pipeline.stages.columns import rejoin
from pipeline.stages.emit import Wording, emit
from pipeline.stages.link import identify, jump_ends, link_pages
from pipeline.training.corpus import CorpusError, split_corpus
from pipeline.training.pages import pages_of, simulate
from pipeline.training.truth import Truth, is_seam, locate, squeeze

EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
ISSUES = 40  # of each corpus and each simulator
SEED = 901  # other than training's
WHOLE = 0.95  # F of an article's characters from which it counts as right
SURE = 1e-4  # scores have four digits

Floats = npt.NDArray[np.float64]


class Case(NamedTuple):
    """One score and whether what it was given for is right."""

    score: float
    right: bool


class Cases(NamedTuple):
    """What one part of a corpus gave."""

    joins: list[Case]
    articles: list[Case]  # right: nearly all of one article's text and hardly any other
    exact: list[Case]  # the same articles; right: every paragraph as in gold


def measure(pages: Iterable[tuple[Document, dict[str, Any]]], model: Path = MODEL) -> Cases:
    """Run the chain on documents with their gold, those of an issue one after the other."""
    found = Cases([], [], [])
    for _, group in groupby(pages, key=lambda page: id(page[1])):
        held = list(group)
        gold = held[0][1]
        documents = [document for document, _ in held]
        for document in documents:
            identify(document)
            rejoin(document, model)
            found.joins.extend(join_cases(document, gold))
        links = link_pages((end for document in documents for end in jump_ends(document)), model)
        for article in emit(documents, links, Wording("keep", "keep")).articles:
            if any(block.type == "p" for block in article.paragraphs):
                found.articles.append(Case(article.confidence, share_right(article, gold) >= WHOLE))
                found.exact.append(Case(article.confidence, is_exact(article, gold)))
    return found


def join_cases(document: Document, gold: dict[str, Any]) -> Iterator[Case]:
    """Each seam of a document of which both sides have a known place; a headline's place is known, and no seam's."""
    for part in document.parts:
        for paragraph in part.paragraphs:
            truth = locate([piece.text for piece in paragraph.pieces], gold)
            for join, (before, after) in zip(paragraph.joins, pairwise(truth), strict=True):
                if join.rule == "seam" and before and after:
                    yield Case(join.score, is_seam(before, after) or _lost_both(before, after))


def _lost_both(a: Truth, b: Truth) -> bool:
    """Whether a character was lost on either side of the cut."""
    return a[:2] == b[:2] and a.paragraph >= 0 and 0 < a.end == b.start - 2


def share_right(article: Article, gold: dict[str, Any]) -> float:
    """F of an article's characters against those of the gold article that it holds most of."""
    texts = [block.text for block in article.paragraphs if block.type != "caption"]
    held: Counter[int] = Counter()
    for truth, text in zip(locate(texts, gold), texts, strict=True):
        if truth is not None and truth.paragraph >= 0:
            held[truth.article] += len(squeeze(text))
    if not held:
        return 0.0
    number, common = held.most_common(1)[0]
    whole = sum(len(squeeze(p["text"])) for p in gold["articles"][number]["paragraphs"])
    return 2 * common / (whole + sum(len(squeeze(text)) for text in texts))


def is_exact(article: Article, gold: dict[str, Any]) -> bool:
    """Whether some gold article has just these paragraphs, in this order."""
    own = [squeeze(block.text) for block in article.paragraphs if block.type != "caption"]
    return any(own == [squeeze(p["text"]) for p in one["paragraphs"]] for one in gold["articles"])


def table(cases: Sequence[Case]) -> list[tuple[str, int, float, float]]:
    """For each bin of scores: its name, how many cases, their mean score, the share of them that is right."""
    rows = []
    for low, high in pairwise(EDGES):
        last = high == EDGES[-1]
        own = [case for case in cases if low <= case.score < high or (last and case.score == high)]
        said, right = (float(np.mean([case[k] for case in own])) if own else float("nan") for k in (0, 1))
        rows.append((f"[{low:g}, {high:g}{']' if last else ')'}", len(own), said, right))
    return rows


def expected_error(cases: Sequence[Case]) -> float:
    """How far, over all bins and weighed by their cases, the mean score is from the share that is right."""
    return sum(n * abs(said - right) for _, n, said, right in table(cases) if n) / max(len(cases), 1)


def temperature(cases: Sequence[Case]) -> float:
    """What log odds are to be divided by: above 1 scores promise too much, below 1 too little."""
    from scipy.optimize import minimize_scalar

    score = np.clip([case.score for case in cases], SURE, 1 - SURE)
    odds, right = np.log(score / (1 - score)), np.array([case.right for case in cases])

    def loss(power: float) -> float:
        return float(np.logaddexp(0, np.where(right, -odds, odds) / np.exp(power)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))


def shown(title: str, cases: Sequence[Case]) -> str:
    """A table in Markdown."""
    lines = [f"| {title} | number | mean score | right |", "| --- | --- | --- | --- |"]
    lines += [f"| {name} | {n} | {said:.3f} | {right:.3f} |" for name, n, said, right in table(cases) if n]
    lines += ["", f"{len(cases)} in all, expected calibration error {expected_error(cases):.3f}"]
    return "\n".join(lines)


def main() -> None:
    """Measure the model on simulated pages of one part of the corpus."""
    parser = argparse.ArgumentParser(
        "python -m pipeline.training.calibration",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--simulator", type=Path, required=True, help="program that sets articles on pages")
    parser.add_argument("--model", type=Path, default=MODEL, help="folder of the model")
    parser.add_argument("--part", choices=("tune", "report"), default="report", help="part of the corpus to set")
    parser.add_argument("--issues", type=int, default=ISSUES, help="issues of each corpus and each simulator")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", type=Path, help="file for the scores and their answers")
    args = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as folder, threadpool_limits(limits=1):
            parts = split_corpus(args.corpus, Path(folder))[args.part]
            found = measure(pages_of(simulate(args.simulator, parts, Path(folder), args.issues, args.seed)), args.model)
    except (CorpusError, OSError) as error:
        parser.exit(2, f"{error}\n")
    print(shown("score of a join", found.joins), end="\n\n")
    print(shown(f"confidence of an article, right at F {WHOLE:g}", found.articles), end="\n\n")
    print(shown("confidence of an article, right when exact", found.exact), end="\n\n")
    if found.joins:
        print(f"temperature of joins: {temperature(found.joins):.2f}")
    if args.json:
        args.json.write_text(json.dumps(found._asdict()), encoding="utf-8")


if __name__ == "__main__":
    main()
