"""A page as the models see it: its pieces, which of them paragraphs are made of, and which short lines may be headlines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.assign import Floats
from pipeline.language import load_language
from pipeline.ngrams import MODEL
from pipeline.records import Document, Piece
from pipeline.seams import PageText, line_features
from pipeline.threads import Place

# A photograph's text of this many characters can be an article of its own.
PHOTO_STORY = 40
# Below these log odds a short line without an end is taken for torn text.
TORN = -2.0
# Added to the odds that a short line is no torn text, where a byline stands right below it.
OVER_BYLINE = 3.0
# Taken off them where a 下转 line stands right below: what goes on elsewhere is text.
BEFORE_JUMP = 9.0
# Paragraphs hardly ever begin so: 1 of 75 on tuning pages, and 6 of 10 torn ones.
NO_BEGINNING = -1.3
# What begins so is more often the second half of a paragraph.
TORN_START = -0.5
# Above this probability (`PageText.torn`) a piece is held to be torn at its end.
PLAINLY_TORN = 0.6

Logit = Callable[[Floats], Floats]


class Page(NamedTuple):
    """A document's pieces, those of them that paragraphs are made of, and what is known of both."""

    pieces: list[Piece]
    members: list[int]
    text: PageText
    place: Place


def read_page(pieces: list[Piece], model: Path = MODEL) -> Page:
    """The page as the models see it."""
    members = [k for k, p in enumerate(pieces) if p.label in ("body", "short")]
    text = PageText([pieces[k] for k in members], load_language(model))
    place = Place(pieces, members)
    text.to_mark |= np.array([mark == "to" for mark in place.after], dtype=bool)
    text.from_mark |= np.array([mark == "from" for mark in place.before], dtype=bool)
    text.final |= np.array([k + 1 < len(pieces) and pieces[k + 1].rule == "signature" for k in members], dtype=bool)
    text.over_photo |= np.array([_over_photo(pieces, k) for k in members], dtype=bool)
    return Page(pieces, members, text, place)


def _over_photo(pieces: list[Piece], at: int) -> bool:
    """Whether a short line stands right above a photograph's text that can be an article of its own."""
    below = pieces[at + 1] if at + 1 < len(pieces) else None
    return (
        pieces[at].label == "short"
        and below is not None
        and below.label == "caption"
        and len(below.text) >= PHOTO_STORY
    )


def mark_mastheads(page: Page, document: Document) -> None:
    """Note between which members of the page a masthead line stands: a page or an article begins below it."""
    mastheads = [line.number for line in document.lines if line.label == "masthead"]
    lines = [page.pieces[k].line for k in page.members]
    for k in range(1, len(lines)):
        page.text.after_masthead[k] |= any(lines[k - 1] < n < lines[k] for n in mastheads)


def tell_headlines(page: Page, logit: Logit) -> None:
    """Keep as short lines only those that may be headlines; the others are torn running text."""
    text = page.text
    lines = np.nonzero(text.short)[0]
    if len(lines):
        signed = np.append(np.array(page.place.byline[1:], dtype=bool), False)[lines]
        odds = logit(line_features(text, lines)) + OVER_BYLINE * signed - BEFORE_JUMP * text.to_mark[lines]
        text.weigh_lines(np.clip(odds, -6, 6), TORN)
