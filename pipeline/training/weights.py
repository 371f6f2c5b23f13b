"""Learn the weights of the logistic models on simulated pages, each on what the one before it makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from pipeline.assign import Model, load_weights
from pipeline.confidence import CONFIDENCE_FEATURES, confidence_features
from pipeline.continuation import load_continuation
from pipeline.crossings import CROSSING_FEATURES
from pipeline.headings import load_headings
from pipeline.headlines import headline_runs, sub_runs
from pipeline.ngrams import load_ngrams
from pipeline.page import Page, read_page, tell_headlines
from pipeline.records import Document
from pipeline.seams import LINE_FEATURES, SEAM_FEATURES, line_features, place_names, seam_features
from pipeline.stages.columns import (
    articles_of,
    build_parts,
    follow_pairs,
    join_pieces,
    order_units,
    seam_pairs,
    seam_table,
    units_of,
)
from pipeline.stages.link import LINK_FEATURES, JumpEnd, identify, jump_ends, link_candidates, link_features
from pipeline.threads import FOLLOW_FEATURES, HEADLINE_FEATURES, Bodies, follow_features, headline_features
from pipeline.topics import TOPICS, load_topics
from pipeline.training.fitting import Pairs, Samples, choices, matchings
from pipeline.training.truth import (
    Truth,
    held_by,
    is_headline,
    is_next,
    is_right,
    is_seam,
    is_whole,
    locate,
    majority,
    meets,
    whole_head,
)


class Known(NamedTuple):
    """A page as the models see it, the gold of its issue, and where each of the page's pieces stands in that."""

    page: Page
    gold: dict[str, Any]
    truth: list[Truth | None]


def learn(documents: Iterable[tuple[Document, dict[str, Any]]], out: Path) -> None:
    """Fit the models on documents with their gold; counts and networks are read from `out`, weights are written there."""
    forget_models()
    held = list(documents)
    pages = []
    for document, gold in held:
        page = read_page(document.pieces, out)
        pages.append(Known(page, gold, locate([document.pieces[k].text for k in page.members], gold)))
    weights = {"line": learn_line(pages)}
    for known in pages:
        tell_headlines(known.page, weights["line"].logit)
    weights["first_seam"] = learn_seam(pages)
    weights["seam"] = learn_seam(pages, weights["first_seam"])
    weights["follow"] = learn_follow(pages, weights)
    weights["headline"] = learn_headline(pages, weights)
    weights["link"] = learn_link(held, out, weights)
    weights["article"] = learn_article(held, out)
    text = json.dumps({k: msgspec.to_builtins(m) for k, m in weights.items()}, separators=(",", ":"))
    (out / "weights.json").write_text(text + "\n", encoding="utf-8")
    forget_models()


def forget_models() -> None:
    """Read the files of a model again where they are asked for next: training writes them anew."""
    for load in (load_ngrams, load_continuation, load_topics, load_headings, load_weights):
        load.cache_clear()


def learn_line(pages: Iterable[Known]) -> Model:
    """Whether a short line is a headline."""
    samples = Samples()
    for page, gold, truth in pages:
        lines = np.nonzero(page.text.short)[0]
        if len(lines):
            own = [truth[k] for k in lines]
            rows = line_features(page.text, lines)
            samples.add(rows, [is_headline(t, gold) for t in own], [t is not None for t in own])
    return samples.fit(LINE_FEATURES)


def learn_seam(pages: Iterable[Known], first: Model | None = None) -> Model:
    """In which piece a piece goes on; a torn end whose other side was not found teaches nothing.

    The first round's model comes of no other, the second's also weighs what the first makes of the page.
    """
    samples = Pairs()
    for page, gold, truth in pages:
        if first is None:
            i, j = seam_pairs(page.text)
            rows = seam_features(page.text, i, j, np.arange(len(page.members)))
        else:
            i, j, rows = seam_table(page, first)
        if not len(i):
            continue
        begins = {(t.article, t.paragraph, t.start) for t in truth if t}
        ends = {(t.article, t.paragraph, t.end) for t in truth if t}
        lost_tail = [t is None or (not is_whole(t, gold) and not meets(t, t.end, begins)) for t in truth]
        lost_head = [t is None or (t.start > 1 and t.paragraph >= 0 and not meets(t, t.start, ends)) for t in truth]
        pairs = list(zip(i.tolist(), j.tolist(), strict=True))
        answers = [is_seam(truth[a], truth[b]) for a, b in pairs]
        samples.add(i, j, rows, answers, [not lost_tail[a] and not lost_head[b] for a, b in pairs])
    return samples.fit(place_names(SEAM_FEATURES) + (CROSSING_FEATURES if first else ()), matchings)


def learn_follow(pages: Iterable[Known], weights: dict[str, Model]) -> Model:
    """Which paragraph follows which."""
    samples = Pairs()
    for page, gold, truth in pages:
        units = units_of(page, join_pieces(page, weights))
        i, j = follow_pairs(page.text, units)
        if len(i):
            pairs = [(truth[units[a].pieces[-1]], truth[units[b].pieces[0]]) for a, b in zip(i, j, strict=True)]
            rows = follow_features(page.text, page.place, units, i, j)
            samples.add(i, j, rows, [is_next(a, b, gold) for a, b in pairs], [bool(a and b) for a, b in pairs])
    return samples.fit(place_names(FOLLOW_FEATURES), matchings)


def learn_headline(pages: Iterable[Known], weights: dict[str, Model]) -> Model:
    """Whose headline a run of headline lines is."""
    samples = Pairs()
    for page, _, truth in pages:
        units = units_of(page, join_pieces(page, weights))
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
    return samples.fit(HEADLINE_FEATURES, choices)


def learn_link(held: Iterable[tuple[Document, dict[str, Any]]], out: Path, weights: dict[str, Model]) -> Model:
    """Which two jump lines belong together, of the articles that the other models make."""
    samples = Pairs()
    issues: dict[int, list[tuple[JumpEnd, int | None]]] = {}
    for document, gold in held:
        identify(document)
        document.parts = build_parts(document, read_page(document.pieces, out), weights)
        for end in jump_ends(document):
            pieces = [p.text for q in document.parts[end.part].paragraphs for p in q.pieces]
            issues.setdefault(id(gold), []).append((end, majority(locate(pieces, gold))))
    for ends in issues.values():
        owner = {(e.path, e.part): a for e, a in ends}
        to, back, i, j = link_candidates([e for e, _ in ends])
        if len(i):
            whose = [
                (owner[to[a].path, to[a].part], owner[back[b].path, back[b].part]) for a, b in zip(i, j, strict=True)
            ]
            rows = link_features(to, back, i, j, out)
            samples.add(i, j, rows, [a == b for a, b in whose], [None not in pair for pair in whose])
    return samples.fit(LINK_FEATURES, choices, shrink=0.3)


def learn_article(held: Iterable[tuple[Document, dict[str, Any]]], out: Path) -> Model:
    """Whether an article is whole and nobody else's, of the parts that `learn_link` left in the documents."""
    topics = load_topics(out / TOPICS)
    samples = Samples()
    for document, gold in held:
        parts, rows = confidence_features(document, topics)
        if parts:
            here = held_by(locate([piece.text for piece in document.pieces], gold), document.pieces)
            answers = [is_right(part, gold, here) for part in parts]
            samples.add(rows, answers, [True] * len(parts))
    return samples.fit(CONFIDENCE_FEATURES)
