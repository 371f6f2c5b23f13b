"""Rejoin columns: which pieces go on where, which paragraphs are one article, which headline is whose, in what order.

Three assignments, each for the whole page at once: pieces to the pieces that they go on in, paragraphs to the paragraphs
that follow them, headlines to articles. A greedy walk would spend a good successor on the first piece that can use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from pipeline.assign import Floats, Ints, Model, assign, chains, load_weights, match_odds, probability
from pipeline.confidence import weigh_articles
from pipeline.crossings import crossing_features
from pipeline.headlines import assign_headlines, close_set, headline_runs, tops_block
from pipeline.heads import names_itself
from pipeline.leftheads import part_by_heads
from pipeline.mastheads import tell_pages
from pipeline.mend import Draft, attach_closings, close_in_brackets, mend, name_by_place, part_at_closings
from pipeline.ngrams import MODEL
from pipeline.orphans import adopt_orphans, name_headless
from pipeline.page import NO_BEGINNING, PLAINLY_TORN, TORN_START, Logit, Page, mark_mastheads, read_page, tell_headlines
from pipeline.parts import Builder, caption_heads
from pipeline.records import Document, Part
from pipeline.seams import PageText, seam_features
from pipeline.several import web_parts
from pipeline.threads import Likeness, Unit, follow_features, likeness_of

# A piece is tried against the pieces at most this far away: beyond, a page has no reading order worth the name.
REACH = 160
# Pieces of a document that are weighed together; the fullest newspaper page seen has 400.
SHEET = 800
# Column ends that end a sentence, for each that tears one: a page with more sets each paragraph apart and fills last lines.
MOST_ENDED = 2
# What is added to odds before partners are assigned: in general DARING, as an end that is joined to nothing costs a paragraph as
# a false join does; but the false join is the worse error where a sentence ends (ENDED), or where the second paragraph has a
# dateline, as articles have (OPENING).
DARING, ENDED, OPENING = 0.5, -0.5, -0.5
# A plainly torn end asks for more: before what is likelier half a paragraph than a whole one, and before what stands next, as
# real pages are in order more often than simulated ones.
HALF, NEXT = 1.0, 1.0
# Lines that were parted as strangers are one paragraph more often than not.
CUT = 2.0
# Taken off the odds of a step from or to a short line that tops a block, on a page that sets no blank lines between paragraphs:
# such a line is a headline there, no crosshead.
BOXED = 2.0
# Above these odds a short line is a headline; so much is taken off a seam into it, for each further nat.
LIKELY_HEAD, SURE = 3.0, 1.5
# Odds of a beginning: below the first it is likelier half a paragraph, below the second even after a closing quote.
NO_TOP, NEVER_TOP = 0.1, -1.7


def rejoin(document: Document, model: Path = MODEL) -> None:
    """Make the parts of articles that a document holds out of its pieces."""
    if document.kind == "web":
        document.parts = web_parts(document)
        return
    weights = load_weights(model / "weights.json")
    document.parts = []
    for sheet in sheets(document):
        page = read_page(sheet.pieces, model)
        sheet.parts = build_parts(sheet, page, weights)
        weigh_articles(sheet, weights["article"], model, page)
        document.parts += sheet.parts
    tell_pages(document)


def sheets(document: Document) -> list[Document]:
    """A document of more pieces than a page can have, in turns: evidence is weighed for pairs, and memory is bounded.

    It is cut at a masthead where one is near.
    """
    heads = {line.number for line in document.lines if line.label == "masthead"}
    pieces, out = document.pieces, []
    while len(pieces) > SHEET:
        starts = (k for k in range(SHEET, SHEET // 2, -1) if heads & set(range(pieces[k - 1].last + 1, pieces[k].line)))
        at = next(starts, SHEET)
        out.append(msgspec.structs.replace(document, pieces=pieces[:at]))
        pieces = pieces[at:]
    return [*out, msgspec.structs.replace(document, pieces=pieces)]


def build_parts(document: Document, page: Page, weights: dict[str, Model]) -> list[Part]:
    """The three assignments, one on the other; what is nobody's is added to the document's drops."""
    if not page.members:
        return _without_text(document)
    mark_mastheads(page, document)
    tell_headlines(page, weights["line"].logit)
    seams = join_pieces(page, weights)
    units = units_of(page, seams)
    likeness = likeness_of(page.text, units)
    follows = order_units(page, units, weights["follow"].logit, likeness)
    articles, strays = articles_of(units, follows)
    draft = Draft(page.text, units, articles)
    draft.signed = {m for m, signed in enumerate(page.place.byline) if signed}
    attach_closings(draft)
    strays = close_in_brackets(draft, sorted(strays + part_at_closings(draft)))
    reserved = caption_heads(draft, page.pieces, page.members)
    runs = headline_runs(page, units, [k for k in strays if units[k].pieces[0] not in reserved])
    body = [draft.members(a) for a in range(len(draft.articles))]
    owners = assign_headlines(page, runs, body, weights["headline"].logit) if runs and body else {}
    owners = part_by_heads(page, draft, runs, owners, follows.logit, weights["headline"].logit)
    draft.heads = {article: head for head, article in owners.items()}
    named = {m for head in owners for m in head.members}
    draft.free = sorted(units[k].pieces[0] for k in strays if units[k].pieces[0] not in named)
    adopt_orphans(page, draft, weights["follow"].logit, likeness)
    name_by_place(draft)
    name_headless(page, draft, weights["headline"].logit)
    mend(draft)
    builder = Builder(document, page.members, draft)
    builder.articles(
        {m: round(share, 4) for m, share in seams.share.items()},
        follows.share,
    )
    builder.captions()
    builder.leftovers()
    builder.bylines()
    builder.jumps()
    return builder.parts


def _without_text(document: Document) -> list[Part]:
    """A page with no running text: its captions are articles, the rest is nobody's."""
    draft = Draft(read_page([]).text, [], [])
    builder = Builder(document, [], draft)
    builder.captions()
    builder.bylines()
    builder.jumps()
    return builder.parts


class Scored(NamedTuple):
    """Successors, and the log odds of each."""

    after: dict[int, int]
    logit: dict[int, float]

    @property
    def share(self) -> dict[int, float]:
        """The probability of each."""
        return dict(zip(self.logit, probability(np.array(list(self.logit.values()))).tolist(), strict=True))


def scored(after: dict[int, int], i: Ints, j: Ints, worth: Floats) -> Scored:
    """Successors with what each is worth, out of all pairs that were weighed."""
    chosen = np.array([after.get(k, -1) for k in range(int(i.max()) + 1)])[i] == j
    return Scored(after, dict(zip(i[chosen].tolist(), worth[chosen].tolist(), strict=True)))


def seam_pairs(page: PageText) -> tuple[Ints, Ints]:
    """The pairs of pieces that may be a torn paragraph: an open end and an open beginning, within reach."""
    n = len(page.pieces)
    open_end = ~page.ended & ~page.final
    full_end = page.ended & page.tail_full
    torn_end = (page.torn > PLAINLY_TORN) & ~page.short & ~page.to_mark
    full_end &= full_end.sum() <= MOST_ENDED * torn_end.sum()
    open_start = ~page.opening
    step = abs(np.arange(n)[:, None] - np.arange(n))
    fits = open_end[:, None] | (full_end[:, None] & (page.flush | page.unopened)[None, :])
    fits &= open_start[None, :] & ~page.after_masthead[None, :] & (step <= REACH) & (step > 0)
    i, j = np.nonzero(fits)
    return i, j


def join_pieces(page: Page, weights: dict[str, Model]) -> Scored:
    """Where each piece goes on."""
    i, j, rows = seam_table(page, weights["first_seam"])
    if not len(i):
        return Scored({}, {})
    odds, _ = match_odds(i, j, weights["seam"].logit(rows) + into_heads(page.text, j))
    return scored(assign(i, j, odds + seam_daring(page.text, i, j), len(page.members)), i, j, odds)


def into_heads(page: PageText, j: Ints) -> Floats:
    """What a seam into a line that is surely a headline is worth less."""
    return np.asarray(-SURE * np.maximum(page.headness[j] - LIKELY_HEAD, 0) * page.short[j])


def seam_daring(page: PageText, i: Ints, j: Ints) -> Floats:
    """What is added to the odds of each seam."""
    torn = (page.torn[i] > PLAINLY_TORN) | (page.quoted[i] & (page.starts[j] < NEVER_TOP))
    torn &= ~page.to_mark[i] & ~page.from_mark[j] & ~page.short[j]
    more = HALF * (page.starts[j] < NO_TOP) + NEXT * (j == i + 1)
    return np.where(page.ended[i], ENDED, DARING) + torn * more + CUT * (page.cut[j] & (j == i + 1))


def seam_table(page: Page, first: Model) -> tuple[Ints, Ints, Floats]:
    """The pairs of pieces that may be one paragraph, and the evidence: of each pair, and what a first round says of others."""
    text, n = page.text, len(page.members)
    i, j = seam_pairs(text)
    rows = seam_features(text, i, j, np.arange(n))
    joins = np.zeros((n, n))
    joins[i, j] = probability(match_odds(i, j, first.logit(rows))[0])
    ends = (joins.sum(axis=1) > 0.5) | ((text.torn > PLAINLY_TORN) & ~text.short)
    starts = (joins.sum(axis=0) > 0.5) | ((text.starts < TORN_START) & ~text.short)
    return i, j, np.concatenate([rows.T, crossing_features(joins, ends, starts, i, j).T]).T


def units_of(page: Page, seams: Scored) -> list[Unit]:
    """Paragraphs, and the short lines that go on nowhere, by where they begin."""
    shorts = page.text.short
    return [Unit(run, len(run) == 1 and bool(shorts[run[0]])) for run in chains(seams.after, len(page.members))]


def follow_pairs(page: PageText, units: Sequence[Unit]) -> tuple[Ints, Ints]:
    """The pairs of units of which the second may follow the first."""
    n = len(units)
    first = np.array([u.pieces[0] for u in units])
    last = np.array([u.pieces[-1] for u in units])
    near = abs(first[None, :] - last[:, None]) <= REACH
    near &= ~np.eye(n, dtype=bool) & ~page.after_masthead[first][None, :]
    # no headline and no crosshead stands over the second half of a sentence
    short, torn = np.array([u.short for u in units]), page.kinsoku[first] | (page.starts[first] < NO_BEGINNING)
    near &= ~(short[:, None] & torn[None, :])
    # nor does a crosshead name the column that it stands in, （快评）, as headlines do at their end, or a box or a notice
    named = np.array([u.short and names_itself(page.texts[u.pieces[0]]) for u in units], dtype=bool)
    near &= ~named[None, :]
    # nor does one stand right above a photograph's text, which has a headline of its own
    photo = short & page.over_photo[first]
    near &= ~photo[:, None] & ~photo[None, :]
    i, j = np.nonzero(near)
    return i, j


def order_units(page: Page, units: list[Unit], logit: Logit, likeness: Likeness | None = None) -> Scored:
    """Which unit follows which."""
    i, j = follow_pairs(page.text, units)
    if not len(i):
        return Scored({}, {})
    worth = logit(follow_features(page.text, page.place, units, i, j, likeness))
    if close_set(page):
        boxed = np.array([u.short and tops_block(page, page.members[u.pieces[0]]) for u in units])
        worth = worth - BOXED * (boxed[i] | boxed[j])
    odds, _ = match_odds(i, j, worth)
    opening = page.text.opening[[u.pieces[0] for u in units]]
    return scored(assign(i, j, odds + np.where(opening[j], OPENING, DARING), len(units)), i, j, odds)


def articles_of(units: list[Unit], follows: Scored) -> tuple[list[list[int]], list[int]]:
    """Runs of units that are one article, and the short lines at their ends, which are headlines or nobody's."""
    articles, strays = [], []
    for run in chains(follows.after, len(units)):
        while run and units[run[0]].short:
            strays.append(run.pop(0))
        tail: list[int] = []
        while run and units[run[-1]].short:
            tail.append(run.pop())
        strays += tail
        if run:
            articles.append(run)
    return articles, sorted(strays)
