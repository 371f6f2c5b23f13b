"""Rejoin columns: which pieces go on where, which paragraphs are one article, which headline is whose, in what order.

Three assignments, each for the whole page at once: pieces to the pieces that they go on in, paragraphs to the paragraphs
that follow them, headlines to articles. A greedy walk would spend a good successor on the first piece that can use it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.assign import Floats, Ints, Model, assign, best_pairs, chains, load_weights, probability
from pipeline.continuation import WEIGHTS, load_continuation
from pipeline.heads import DASHES
from pipeline.mend import Draft, attach_closings, mend
from pipeline.ngrams import COUNTS, MODEL, load_ngrams
from pipeline.parts import Builder, caption_heads
from pipeline.records import Document, Part, Piece
from pipeline.seams import PageText, line_features, seam_features
from pipeline.several import web_parts
from pipeline.threads import Bodies, Place, Run, Unit, follow_features, headline_features
from pipeline.topics import TOPICS, load_topics

# A piece is tried against the pieces at most this far away: beyond, a page has no reading order worth the name.
REACH = 160
# Below these log odds a short line without an end is taken for torn text.
TORN = -2.0
# Free torn ends are joined where the odds are at least e to the minus this (18 more seams right for 11 more wrong of 583,
# tuning pages).
SECOND_ROUND = 2.0
PLAINLY_TORN = 0.6
FULL_STOP = 0.5  # taken off where the first piece ends in a full stop: a false join is the worse error
# Paragraphs hardly ever begin so: 1 of 75 on tuning pages, and 6 of 10 torn ones.
NO_BEGINNING = -1.3
UNLIKELY = -4.0  # characters that so hardly stand together are not joined for want of others, in nats
# Added to the odds of a headline that a masthead line parts from the article below: some layers print the paper, its date
# and page under every headline. The simulator's pages have none, so it is set, not learned.
OVER_MASTHEAD = 4.0
# Taken off the odds of a headline that is one line of a few characters between two texts, with neither byline nor dateline
# below it: papers set crossheads so, headlines hardly ever. All of it where the page has so many heads over a byline or a
# dateline that one without is not its custom.
CROSSHEAD = 4.0
SIGNED = 4
SHORT_LINE = 16
# Taken off the odds of lines below the byline of another head: highlights, an editor's words.
UNDER_BYLINE = 4.0
# Added to the odds that a short line is no torn text, where a byline stands right below it.
OVER_BYLINE = 3.0

# What the second round for columns that begin no article adds to the odds: a share of the likeness of the two articles.
ORPHAN_TOPIC = 2.0
ORPHAN = 1.0
ORPHAN_TORN = 2.0
HEADED = 2.0

Logit = Callable[[Floats], Floats]


class Page(NamedTuple):
    """A document's pieces, those of them that paragraphs are made of, and what is known of both."""

    pieces: list[Piece]
    members: list[int]
    text: PageText
    place: Place


def rejoin(document: Document, model: Path = MODEL) -> None:
    """Make the parts of articles that a document holds out of its pieces."""
    if document.kind == "web":
        document.parts = web_parts(document)
        return
    document.parts = build_parts(document, model, load_weights(model / "weights.json"))


def build_parts(document: Document, model: Path, weights: dict[str, Model]) -> list[Part]:
    """The three assignments, one on the other; what is nobody's is added to the document's drops."""
    page = read_page(document.pieces, model)
    if not page.members:
        return _without_text(document)
    mastheads = [line.number for line in document.lines if line.label == "masthead"]
    page.text.after_masthead |= _after(mastheads, page)
    tell_headlines(page, weights["line"].logit)
    seams = join_pieces(page, weights["seam"].logit)
    units = units_of(page, seams)
    follows = order_units(page, units, weights["follow"].logit)
    articles, strays = articles_of(units, follows)
    draft = Draft(page.text, units, articles)
    draft.signed = {m for m, signed in enumerate(page.place.byline) if signed}
    attach_closings(draft)
    reserved = caption_heads(draft, page.pieces, page.members)
    runs = headline_runs(page, units, [k for k in strays if units[k].pieces[0] not in reserved])
    body = [draft.members(a) for a in range(len(draft.articles))]
    owners = assign_headlines(page, runs, body, weights["headline"].logit) if runs and body else {}
    draft.heads = {article: head for head, article in owners.items()}
    named = {m for head in owners for m in head.members}
    draft.free = sorted(units[k].pieces[0] for k in strays if units[k].pieces[0] not in named)
    adopt_orphans(page, draft, weights["follow"].logit)
    mend(draft)
    builder = Builder(document, page.members, draft)
    builder.articles(
        {m: round(probability(w), 4) for m, w in seams.logit.items()},
        {k: probability(w) for k, w in follows.logit.items()},
    )
    builder.captions()
    builder.leftovers()
    builder.bylines()
    builder.jumps()
    return builder.parts


def read_page(pieces: list[Piece], model: Path = MODEL) -> Page:
    """The page as the models see it."""
    members = [k for k, p in enumerate(pieces) if p.label in ("body", "short")]
    language = load_ngrams(model / COUNTS), load_continuation(model / WEIGHTS), load_topics(model / TOPICS)
    text = PageText([pieces[k] for k in members], *language)
    place = Place(pieces, members)
    text.to_mark |= np.array([mark == "to" for mark in place.after], dtype=bool)
    text.from_mark |= np.array([mark == "from" for mark in place.before], dtype=bool)
    return Page(pieces, members, text, place)


def _without_text(document: Document) -> list[Part]:
    """A page with no running text: its captions are articles, the rest is nobody's."""
    draft = Draft(PageText([], load_ngrams(), load_continuation(), load_topics()), [], [])
    builder = Builder(document, [], draft)
    builder.captions()
    builder.bylines()
    builder.jumps()
    return builder.parts


def _after(numbers: list[int], page: Page) -> npt.NDArray[np.bool_]:
    """Which members have one of these lines between them and the member before: a page or an article begins there."""
    out = np.zeros(len(page.members), dtype=bool)
    lines = [page.pieces[k].line for k in page.members]
    for k in range(1, len(lines)):
        out[k] = any(lines[k - 1] < n < lines[k] for n in numbers)
    return out


def tell_headlines(page: Page, logit: Logit) -> None:
    """Keep as short lines only those that may be headlines; the others are torn running text."""
    text = page.text
    lines = np.nonzero(text.short)[0]
    if len(lines):
        signed = np.append(np.array(page.place.byline[1:], dtype=bool), False)[lines]
        text.weigh_lines(np.clip(logit(line_features(text, lines)) + OVER_BYLINE * signed, -6, 6), TORN)


class Scored(NamedTuple):
    """Successors, and the log odds of each."""

    after: dict[int, int]
    logit: dict[int, float]


def scored(after: dict[int, int], i: Ints, j: Ints, worth: Floats) -> Scored:
    """Successors with what each is worth, out of all pairs that were weighed."""
    chosen = np.array([after.get(k, -1) for k in range(int(i.max()) + 1)])[i] == j
    return Scored(after, dict(zip(i[chosen].tolist(), worth[chosen].tolist(), strict=True)))


def seam_pairs(page: PageText) -> tuple[Ints, Ints]:
    """The pairs of pieces that may be a torn paragraph: an open end and an open beginning, within reach."""
    n = len(page.pieces)
    open_end = ~page.ended & ~page.final
    full_end = page.ended & page.tail_full
    open_start = ~page.opening
    i, j = np.meshgrid(np.arange(n), np.arange(n), indexing="ij")
    fits = open_end[:, None] | (full_end[:, None] & (page.flush | page.unopened)[None, :])
    fits &= open_start[None, :] & ~page.after_masthead[None, :] & (abs(i - j) <= REACH) & (i != j)
    return i[fits], j[fits]


def join_pieces(page: Page, logit: Logit) -> Scored:
    """Where each piece goes on."""
    i, j = seam_pairs(page.text)
    if not len(i):
        return Scored({}, {})
    worth: Floats = logit(seam_features(page.text, i, j, np.arange(len(page.members)))) - FULL_STOP * page.text.ended[i]
    after = assign(i, j, worth, len(page.members))
    # what is plainly torn on both sides and still free must go on somewhere: a second round, asked for less
    text, taken = page.text, set(after.values())
    free = ~np.isin(i, list(after)) & ~np.isin(j, list(taken))
    torn = (text.torn[i] > PLAINLY_TORN) & (text.starts[j] < 0.1)
    torn |= text.quoted[i] & (text.starts[j] < NO_BEGINNING)
    free &= torn & ~text.to_mark[i] & ~text.from_mark[j]
    free[free] = text.ngrams.cuts(text.sides, i[free], j[free]).gain > UNLIKELY
    for a, b in sorted(assign(i[free], j[free], worth[free] + SECOND_ROUND, len(page.members)).items()):
        if not _leads_to(after, b, a):
            after[a] = b
    return scored(after, i, j, worth)


def _leads_to(after: dict[int, int], start: int, goal: int) -> bool:
    while start in after and start != goal:
        start = after[start]
    return start == goal


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
    i, j = np.nonzero(near)
    return i, j


def order_units(page: Page, units: list[Unit], logit: Logit) -> Scored:
    """Which unit follows which."""
    i, j = follow_pairs(page.text, units)
    if not len(i):
        return Scored({}, {})
    worth: Floats = logit(follow_features(page.text, page.place, units, i, j))
    return scored(assign(i, j, worth, len(units)), i, j, worth)


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


def headline_runs(page: Page, units: list[Unit], strays: list[int]) -> list[Run]:
    """Stray short lines that stand together; below a byline or the head of a page another head begins, or a subtitle."""
    members = sorted(units[k].pieces[0] for k in strays)
    runs: list[Run] = []
    for m in members:
        piece = page.pieces[page.members[m]]
        if runs:
            last = runs[-1].members[-1]
            between = page.pieces[page.members[last] + 1 : page.members[m]]
            fresh = (page.place.byline[m] or page.text.after_masthead[m]) and not piece.text.startswith(DASHES)
            if m == last + 1 and all(p.label == "byline" for p in between) and not fresh:
                runs[-1].members.append(m)
                runs[-1].text += " " + piece.text
                continue
        runs.append(Run([m], piece.text))
    return runs


def adopt_orphans(page: Page, draft: Draft, logit: Logit) -> None:
    """A column that begins no article goes on from the end of one: a second round for whole articles, by their topic.

    An orphan has no headline above it, no dateline and no 上接 line before it, and does not stand first on the page. What
    is known now and was not in the first round is what each article speaks of. A headline from elsewhere on the page,
    which the orphan loses, asks for more.
    """
    text = page.text
    if not draft.articles:
        return
    own = np.zeros((len(draft.articles), len(text.pieces)))
    for a in range(len(own)):
        own[a, draft.members(a)] = 1
    topic = text.alike(own, own)
    starts = [draft.members(a)[0] for a in range(len(draft.articles))]
    ends = [draft.members(a)[-1] for a in range(len(draft.articles))]
    orphans = [
        a
        for a, m in enumerate(starts)
        if m and not _headed(draft, a, m) and not (text.opening[m] or text.from_mark[m] or text.after_masthead[m])
    ]
    open_ends = [a for a, m in enumerate(ends) if not (text.final[m] or text.to_mark[m])]
    pairs = [(a, b) for a in open_ends for b in orphans if a != b]
    if not pairs:
        return
    i, j = (np.array(x) for x in zip(*pairs, strict=True))
    last = np.array([run[-1] for run in draft.articles])[i]
    first = np.array([run[0] for run in draft.articles])[j]
    worth = logit(follow_features(text, page.place, draft.units, last, first))
    worth += ORPHAN_TOPIC * topic[i, j] + ORPHAN
    tails, tops = np.array(ends)[i], np.array(starts)[j]
    worth += ORPHAN_TORN * (text.torn[tails] > PLAINLY_TORN) * (text.starts[tops] < NO_BEGINNING)
    worth -= HEADED * np.array([b in draft.heads for b in j.tolist()])
    after = assign(i, j, worth, len(draft.articles))
    for run in chains(after, len(draft.articles)):
        for a in run[1:]:
            head = draft.heads.pop(a, None)
            if head is not None and ends[run[0]] == head.members[0] - 1:  # a crosshead after all
                draft.articles[run[0]] += [k for k, u in enumerate(draft.units) if u.pieces[0] in head.members]
            elif head is not None:
                draft.free = sorted([*draft.free, *head.members])
            draft.articles[run[0]] += draft.articles[a]
            draft.articles[a] = []
    draft.drop_empty()


def _headed(draft: Draft, article: int, top: int) -> bool:
    """Whether an article's headline stands right above it."""
    return article in draft.heads and draft.heads[article].members[-1] + 1 == top


def sub_runs(page: Page, run: Run) -> list[Run]:
    """The parts of a run of headline lines that one article's head may be: up to four lines that stand together."""
    out = []
    for a in range(len(run.members)):
        for b in range(a + 1, min(a + 4, len(run.members)) + 1):
            own = run.members[a:b]
            text = " ".join(page.pieces[page.members[m]].text for m in own)
            out.append(Run(own, text, above=run.members[:a][::-1], beyond=run.members[b:]))
    return out


def assign_headlines(page: Page, runs: list[Run], body: list[list[int]], logit: Logit) -> dict[Run, int]:
    """The article of each head; a run of headline lines is parted where that is worth more, and lines may be left over."""
    chosen: list[Run] = []
    bodies = Bodies(page.text, body)
    parts = [sub_runs(page, run) for run in runs]
    groups = np.repeat(np.arange(len(runs)), [len(own) for own in parts])
    worth = headline_worth(page, [part for own in parts for part in own], bodies, logit, groups)
    for k, run in enumerate(runs):
        chosen += _best_parting(run, parts[k], worth[groups == k])
    if not chosen:
        return {}
    return {chosen[a]: b for a, b in best_pairs(headline_worth(page, chosen, bodies, logit))}


def headline_worth(page: Page, runs: list[Run], bodies: Bodies, logit: Logit, groups: Ints | None = None) -> Floats:
    """What each run is worth as each article's head, none below 0."""
    i, j, rows = headline_features(page.text, page.place, runs, bodies, groups)
    worth = logit(rows)
    heads = np.array([run.members[-1] + 1 for run in runs])[i]
    tops = bodies.heads[j]
    over = (heads == tops) & page.text.after_masthead[tops]
    torn = [_begins_torn(page, members[0]) for members in bodies.articles]
    worth = np.where(np.array(torn)[j], 0.0, worth)
    worth = worth + OVER_MASTHEAD * over - CROSSHEAD * _like_crosshead(page, runs, bodies.articles)[i, j]
    under = np.array([_under_byline(page, run.members[0]) for run in runs])
    worth = worth - UNDER_BYLINE * under[i]
    return np.maximum(worth, 0).reshape(len(runs), len(bodies.articles))


def _under_byline(page: Page, line: int) -> bool:
    """Whether headline lines stand right above the byline, or the head of a page, that this line stands below."""
    return bool(line and page.text.short[line - 1] and (page.place.byline[line] or page.text.after_masthead[line]))


def _begins_torn(page: Page, top: int) -> bool:
    """Whether an article begins amid a sentence, and no 上接 line says why: a headline stands over no such text."""
    torn = page.text.kinsoku[top] or page.text.starts[top] < NO_BEGINNING
    return bool(torn and not page.text.from_mark[top])


def _like_crosshead(page: Page, runs: list[Run], body: Sequence[Sequence[int]]) -> Floats:
    """Pairs of one short line and the text right below it that nothing marks as an article of its own."""
    feet = {members[-1] for members in body}
    out = np.zeros((len(runs), len(body)))
    custom = min(1.0, int(page.place.signed(page.text).sum()) / SIGNED)
    for r, run in enumerate(runs):
        m = run.members[0]
        lone = (
            run.whole
            and len(run.members) == 1
            and len(run.text) <= SHORT_LINE
            and m - 1 in feet
            and run.text[-1] not in "）)"
        )
        below = page.pieces[page.members[m] + 1] if page.members[m] + 1 < len(page.pieces) else None
        if not lone or below is None or below.label == "byline":
            continue
        for b, members in enumerate(body):
            top = members[0]
            out[r, b] = top == m + 1 and not (page.text.opening[top] or page.text.after_masthead[top])
    return out * custom


def _best_parting(run: Run, parts: list[Run], worth: Floats) -> list[Run]:
    """Parts of a run that do not overlap, each with an article of its own, worth most together (a beam of eight)."""
    by_start: dict[int, list[int]] = {}
    for k, part in enumerate(parts):
        by_start.setdefault(part.members[0], []).append(k)
    beams: dict[int, list[tuple[float, tuple[int, ...], frozenset[int]]]] = {0: [(0.0, (), frozenset())]}
    for at, member in enumerate(run.members):
        for value, picked, taken in sorted(beams.get(at, []), key=lambda x: (-x[0], x[1]))[:8]:
            beams.setdefault(at + 1, []).append((value, picked, taken))
            for k in by_start[member]:
                for a in np.argsort(-worth[k], kind="stable")[:3].tolist():
                    if worth[k, a] > 0 and a not in taken:
                        step = (value + float(worth[k, a]), (*picked, k), taken | {a})
                        beams.setdefault(at + len(parts[k].members), []).append(step)
    best = max(beams[len(run.members)], key=lambda x: (x[0], x[1]))
    return [parts[k] for k in best[1]]
