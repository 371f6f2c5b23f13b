"""Learn what ships in `pipeline/model`: counts of characters and the weights of logistic models.

    python -m pipeline.train CORPUS.jsonl... --simulator simulate.py [--out DIR]

A corpus holds one article a line: {"title": str, "paragraphs": [str], …}. Its articles are parted by a digest of their
headline: six tenths to count characters in, two tenths to learn weights on (set on simulated pages), one tenth to tune
on, one tenth that only reports; no article is in two parts. The same corpus gives the same model, byte for byte.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from pipeline.assign import Model
from pipeline.ngrams import COUNTS, MODEL, ORDER, START, STOP, codes, keys, load_ngrams, write_tables
from pipeline.records import Document
from pipeline.seams import LINE_FEATURES, SEAM_FEATURES, line_features, place_names, seam_features
from pipeline.stages.columns import (
    Page,
    articles_of,
    build_parts,
    follow_pairs,
    headline_runs,
    join_pieces,
    order_units,
    read_page,
    seam_pairs,
    sub_runs,
    tell_headlines,
    units_of,
)
from pipeline.stages.link import LINK_FEATURES, JumpEnd, identify, jump_ends, link_candidates, link_features
from pipeline.threads import FOLLOW_FEATURES, HEADLINE_FEATURES, Bodies, Run, follow_features, headline_features
from pipeline.wider import load_simulator, wider

PARTS = {"count": range(6), "learn": range(6, 8), "tune": range(8, 9), "report": range(9, 10)}
# Runs rarer than this say more of one article than of the language, and make the table large.
RARE = {1: 1, 2: 2, 3: 3, 4: 3}
ISSUES = 50
SEED = 11

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def part_of(article: dict[str, Any]) -> str:
    """The part of the corpus that an article belongs to, by its headline alone."""
    tenth = int(hashlib.sha256((article.get("title") or "").encode()).hexdigest(), 16) % 10
    return next(name for name, tenths in PARTS.items() if tenth in tenths)


def split_corpus(paths: Iterable[Path], out: Path) -> dict[str, list[Path]]:
    """Write each part of each corpus to a file of its own."""
    files: dict[str, list[Path]] = {name: [] for name in PARTS}
    for path in paths:
        lines: dict[str, list[str]] = {name: [] for name in PARTS}
        with open(path, encoding="utf-8") as f:
            for line in f:
                lines[part_of(json.loads(line))].append(line)
        for name, own in lines.items():
            files[name].append(out / f"{path.stem}.{name}.jsonl")
            files[name][-1].write_text("".join(own), encoding="utf-8")
    return files


def count_characters(paths: Iterable[Path], out: Path) -> None:
    """Count runs of one to four characters inside paragraphs and write the table."""
    texts, headlines, openings = [], [], []
    for path in paths:
        with open(path, encoding="utf-8") as f:
            for line in f:
                article = json.loads(line)
                texts.append("\n".join(article["paragraphs"]))
                openings += [START + p[:2] for p in article["paragraphs"] if len(p) > 30]
                headlines.append(START + "".join((article["title"] or "").split()) + STOP)
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


class Truth(NamedTuple):
    """Where a piece stands in the gold: article, paragraph, from, to; -1 as paragraph for a headline."""

    article: int
    paragraph: int
    start: int
    end: int


def squeeze(text: str) -> str:
    """A text without white space, as pieces are compared."""
    return "".join(text.split())


def locate(texts: list[str], gold: dict[str, Any]) -> list[Truth | None]:
    """The place of each piece in the gold, None where it has none or holds more than one paragraph."""
    paragraphs = [
        (a, p, squeeze(x["text"])) for a, art in enumerate(gold["articles"]) for p, x in enumerate(art["paragraphs"])
    ]
    titles = [
        (a, squeeze(art.get(f) or ""))
        for a, art in enumerate(gold["articles"])
        for f in ("title", "subtitle", "kicker")
    ]
    exact = {text: Truth(a, p, 0, len(text)) for a, p, text in reversed(paragraphs)}
    exact |= {text: Truth(a, -1, 0, len(text)) for a, text in reversed(titles) if text}
    everything = "\n".join(text for _, _, text in paragraphs)
    ends = np.cumsum([len(text) + 1 for _, _, text in paragraphs])
    out: list[Truth | None] = []
    for text in map(squeeze, texts):
        if text in exact:
            out.append(exact[text])
            continue
        owner = next((a for a, t in titles if len(text) >= 4 and text in t), None)
        at = everything.find(text)
        if owner is not None and (at < 0 or len(text) < 30):
            out.append(Truth(owner, -1, 0, 0))
        elif at >= 0:
            k = int(np.searchsorted(ends, at, side="right"))
            start = at - int(ends[k - 1] if k else 0)
            out.append(Truth(paragraphs[k][0], paragraphs[k][1], start, start + len(text)))
        else:
            out.append(None)
    return out


def simulate(simulator: Path, corpora: Iterable[Path], out: Path, issues: int = ISSUES, seed: int = SEED) -> list[Path]:
    """Set the articles of each corpus on pages, half as the simulator does, half closer to real ones; the folders."""
    module = load_simulator(simulator)
    folders: list[Path] = []
    for corpus in corpora:
        articles = module.read_corpus(corpus)
        for kind in (module.Simulator, wider(module.Simulator)):
            folders.append(out / f"{corpus.stem}.{seed + len(folders)}")
            maker = kind(articles, seed + len(folders))
            module.write(folders[-1], [maker.issue(k) for k in range(issues)])
    return folders


def prepare(path: Path) -> Document:
    """A document with its pieces, as `rejoin` is given it."""
    from pipeline.stages.chrome import strip_chrome
    from pipeline.stages.decode import decode
    from pipeline.stages.unwrap import unwrap

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


class Samples:
    """Rows and answers of one model that says yes or no."""

    def __init__(self) -> None:
        self.rows: list[Floats] = []
        self.answers: list[Floats] = []

    def add(self, rows: Floats, answers: Iterable[bool], known: Iterable[bool]) -> None:
        """Take the rows whose answer is known."""
        keep = np.array(list(known), dtype=bool)
        self.rows.append(rows[keep])
        self.answers.append(np.array(list(answers), dtype=float)[keep])

    def fit(self, features: tuple[str, ...]) -> Model:
        """Weights by logistic regression with a little shrinkage, rounded so that machines agree."""
        from sklearn.linear_model import LogisticRegression

        x, y = np.concatenate(self.rows), np.concatenate(self.answers)
        model = LogisticRegression(C=1.0, max_iter=2000, tol=1e-6).fit(x, y)
        weights = [round(float(w), 3) for w in model.coef_[0]]
        return Model(list(features), weights, round(float(model.intercept_[0]), 3))


class Matching:
    """Pairs of one assignment model: each left end has one right end or none, and the other way about.

    The weights maximise the pseudo-likelihood of the true assignment: of each left end's choice among its candidates
    and "none" (worth 0), and of each right end's. So a piece that is plainly torn learns that it goes on somewhere,
    which yes-or-no answers to single pairs do not teach.
    """

    def __init__(self) -> None:
        self.rows: list[Floats] = []
        self.answers: list[Floats] = []
        self.sides: tuple[list[Ints], list[Ints]] = ([], [])
        self.offset = 0

    def add(self, i: Ints, j: Ints, rows: Floats, answers: Sequence[bool], known: Sequence[bool]) -> None:
        """Take one page's candidates; a pair of which one end has no known place is left out."""
        keep = np.array(known, dtype=bool)
        if not keep.any():
            return
        self.rows.append(rows[keep].astype(np.float32))
        self.answers.append(np.array(answers, dtype=float)[keep])
        for side, ends in zip(self.sides, (i, j), strict=True):
            side.append(ends[keep] + self.offset)
        self.offset += int(max(i.max(), j.max())) + 1

    def fit(self, features: tuple[str, ...], shrink: float = 2.0) -> Model:
        """Weights by L-BFGS, rounded so that machines agree."""
        from scipy.optimize import minimize

        x, y = np.concatenate(self.rows), np.concatenate(self.answers)
        sides = [np.unique(np.concatenate(side), return_inverse=True)[1] for side in self.sides]

        def loss(w: Floats) -> tuple[float, Floats]:
            worth = (x @ w[1:].astype(np.float32)).astype(float) + w[0]
            total, slope = shrink * float(w[1:] @ w[1:]) / 2, np.zeros(len(y))
            for side in sides:
                top = np.zeros(side.max() + 1)
                np.maximum.at(top, side, worth)
                share = np.exp(worth - top[side])
                mass = np.bincount(side, share) + np.exp(-top)
                total += float(np.sum(np.log(mass) + top) - worth @ y)
                slope += share / mass[side] - y
            back = (x.T @ slope.astype(np.float32)).astype(float) + shrink * w[1:]
            return total, np.concatenate([[slope.sum()], back])

        w = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
        return Model(list(features), [round(float(v), 3) for v in w[1:]], round(float(w[0]), 3))


def seam_samples(page: Page, truth: list[Truth | None], gold: dict[str, Any], samples: Matching) -> None:
    """Add the candidate seams of one page; a torn end whose other side was not found teaches nothing."""
    i, j = seam_pairs(page.text)
    if not len(i):
        return
    begins = {(t.article, t.paragraph, t.start) for t in truth if t}
    ends = {(t.article, t.paragraph, t.end) for t in truth if t}
    lost_tail = [t is None or (not _whole(t, gold) and not _near(t, t.end, begins)) for t in truth]
    lost_head = [t is None or (t.start > 1 and t.paragraph >= 0 and not _near(t, t.start, ends)) for t in truth]
    rows = seam_features(page.text, i, j, np.arange(len(page.members)))
    answers = [is_seam(truth[a], truth[b]) for a, b in zip(i, j, strict=True)]
    samples.add(i, j, rows, answers, [not lost_tail[a] and not lost_head[b] for a, b in zip(i, j, strict=True)])


def _whole(t: Truth, gold: dict[str, Any]) -> bool:
    """Whether a piece ends where its paragraph ends."""
    return t.paragraph < 0 or t.end >= len(squeeze(gold["articles"][t.article]["paragraphs"][t.paragraph]["text"])) - 1


def _near(t: Truth, at: int, known: set[tuple[int, int, int]]) -> bool:
    return any((t.article, t.paragraph, at + k) in known for k in (-1, 0, 1))


def is_headline(t: Truth | None, gold: dict[str, Any]) -> bool:
    """Whether a piece is a whole headline, a part of its head, or a crosshead."""
    return t is not None and (t.paragraph < 0 or gold["articles"][t.article]["paragraphs"][t.paragraph]["type"] == "h")


def is_seam(a: Truth | None, b: Truth | None) -> bool:
    """Whether piece `b` is the same paragraph's next piece."""
    return bool(a and b and a[:2] == b[:2] and a.paragraph >= 0 and a.end > 0 and abs(a.end - b.start) <= 1)


def is_next(a: Truth | None, b: Truth | None, gold: dict[str, Any]) -> bool:
    """Whether what begins with `b` is read right after what ends with `a`."""
    if not a or not b or a.article != b.article or a.paragraph < 0 or b.paragraph < 0:
        return False
    size = len(squeeze(gold["articles"][a.article]["paragraphs"][a.paragraph]["text"]))
    follows = b.paragraph == a.paragraph + 1 and abs(a.end - size) <= 1 and b.start <= 1
    return follows or is_seam(a, b)


def learn(folders: list[Path], out: Path) -> None:
    """Fit the models, each on what the one before it makes of the pages."""
    weights: dict[str, Model] = {}
    load_ngrams.cache_clear()
    pages = []
    documents = list(pages_of(folders))
    for document, gold in documents:
        page = read_page(document.pieces, out)
        pages.append((page, gold, locate([document.pieces[k].text for k in page.members], gold)))
    answers = Samples()
    for page, gold, truth in pages:
        lines = np.nonzero(page.text.short)[0]
        own = [truth[k] for k in lines]
        if len(lines):
            answers.add(
                line_features(page.text, lines), [is_headline(t, gold) for t in own], [t is not None for t in own]
            )
    weights["line"] = answers.fit(LINE_FEATURES)
    for page, _, _ in pages:
        tell_headlines(page, weights["line"].logit)

    samples = Matching()
    for page, gold, truth in pages:
        seam_samples(page, truth, gold, samples)
    weights["seam"] = samples.fit(place_names(SEAM_FEATURES))

    samples = Matching()
    for page, gold, truth in pages:
        units = units_of(page, join_pieces(page, weights["seam"].logit))
        i, j = follow_pairs(page.text, units)
        if len(i):
            pairs = [(truth[units[a].pieces[-1]], truth[units[b].pieces[0]]) for a, b in zip(i, j, strict=True)]
            rows = follow_features(page.text, page.place, units, i, j)
            samples.add(i, j, rows, [is_next(a, b, gold) for a, b in pairs], [bool(a and b) for a, b in pairs])
    weights["follow"] = samples.fit(place_names(FOLLOW_FEATURES))

    samples = Matching()
    for page, _, truth in pages:
        units = units_of(page, join_pieces(page, weights["seam"].logit))
        articles, strays = articles_of(units, order_units(page, units, weights["follow"].logit))
        runs = [s for run in headline_runs(page, units, strays) for s in sub_runs(page, run)]
        body = [[m for k in run for m in units[k].pieces] for run in articles]
        if not runs or not body:
            continue
        i, j, rows = headline_features(page.text, page.place, runs, Bodies(page.text, body))
        owners = [majority([truth[m] for m in run]) for run in body]
        claims = [whole_head(run, truth) for run in runs]
        right = [claims[a] is not None and owners[b] == claims[a] for a, b in zip(i, j, strict=True)]
        samples.add(i, j, rows, right, [owners[b] is not None for b in j])
    weights["headline"] = samples.fit(HEADLINE_FEATURES)
    samples = Matching()
    issues: dict[int, list[tuple[JumpEnd, int | None]]] = {}
    for document, gold in documents:
        identify(document)
        document.parts = build_parts(document, out, weights)
        for end in jump_ends(document):
            pieces = [p.text for q in document.parts[end.part].paragraphs for p in q.pieces]
            issues.setdefault(id(gold), []).append((end, majority(locate(pieces, gold))))
    for ends in issues.values():
        owner = {(e.path, e.part): a for e, a in ends}
        to, back, i, j = link_candidates([e for e, _ in ends])
        if len(i):
            pairs = [
                (owner[to[a].path, to[a].part], owner[back[b].path, back[b].part]) for a, b in zip(i, j, strict=True)
            ]
            samples.add(
                i, j, link_features(to, back, i, j, out), [a == b for a, b in pairs], [None not in p for p in pairs]
            )
    weights["link"] = samples.fit(LINK_FEATURES, shrink=0.3)
    text = json.dumps({k: msgspec.to_builtins(m) for k, m in weights.items()}, separators=(",", ":"))
    (out / "weights.json").write_text(text + "\n", encoding="utf-8")


def whole_head(run: Run, truth: list[Truth | None]) -> int | None:
    """The article whose head lines, all that stand together, the run is; None for less, more or other."""
    own = [truth[m] for m in run.members]
    articles = {t.article if t is not None and t.paragraph < 0 else None for t in own}
    beyond = [run.members[0] - 1, run.members[-1] + 1]
    around = [truth[m] for m in beyond if 0 <= m < len(truth)]
    article = articles.pop() if len(articles) == 1 else None
    if article is None or any(t is not None and t.paragraph < 0 and t.article == article for t in around):
        return None
    return article


def majority(truths: list[Truth | None]) -> int | None:
    """The gold article that most pieces are of."""
    votes: dict[int, int] = {}
    for t in truths:
        if t is not None:
            votes[t.article] = votes.get(t.article, 0) + 1
    return max(votes, key=lambda k: (votes[k], -k)) if votes else None


def main() -> None:
    """Make the model again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--simulator", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--keep-counts", action="store_true", help="learn the weights only")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        files = split_corpus(args.corpus, Path(folder))
        if not args.keep_counts:
            count_characters(files["count"], args.out)
        learn(simulate(args.simulator, files["learn"], Path(folder)), args.out)


if __name__ == "__main__":
    main()
