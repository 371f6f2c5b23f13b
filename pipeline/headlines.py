"""Which headline is whose: lines that stand together are parted into heads, and heads and articles assigned at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np

from pipeline.assign import Floats, best_pairs
from pipeline.labels import BRIEF, DASHES
from pipeline.page import NO_BEGINNING, Logit, Page
from pipeline.threads import Bodies, Run, Unit, head_table

# Added to the log odds, as all weights here, of a headline that a masthead line parts from the article below: some layers print the paper, its date
# and page under every headline. The simulator's pages have none, so it is set, not learned.
OVER_MASTHEAD = 4.0
# The same of a headline above the byline of the text right below it, with or without the logo of a series between.
SIGNED_OVER = 1.0
# Taken off the odds of a headline that is one line of a few characters between two texts, with neither byline nor dateline
# below it: papers set crossheads so, headlines hardly ever. All of it where the page has so many heads over a byline or a
# dateline that one without is not its custom.
CROSSHEAD = 4.0
# So many heads over a byline or a dateline, and a line of no more characters.
SIGNED, SHORT_LINE = 4, 40
# Pairs of paragraphs from which a page shows whether it sets a blank line between them.
CLOSE = 5
# Most lines of a head: two kickers, a headline of two lines, two decks.
HEAD_LINES = 6
# Added to the odds of a head of three lines and more, which papers have and simulated pages hardly ever.
LONG_HEAD = 2.0
# Taken off the odds of lines below the byline of another head: highlights, an editor's words.
UNDER_BYLINE = 4.0


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


def sub_runs(page: Page, run: Run) -> list[Run]:
    """The parts of a run of headline lines that one article's head may be: lines that stand together."""
    out = []
    for a in range(len(run.members)):
        for b in range(a + 1, min(a + HEAD_LINES, len(run.members)) + 1):
            own = run.members[a:b]
            text = " ".join(page.pieces[page.members[m]].text for m in own)
            out.append(Run(own, text, above=run.members[:a][::-1], beyond=run.members[b:]))
    return out


def assign_headlines(
    page: Page, runs: list[Run], body: list[list[int]], logit: Logit, named: Collection[int] = ()
) -> dict[Run, int]:
    """The article of each head; a run of headline lines is parted where that is worth more, and lines may be left over.

    Articles that are `named` already take no other head.
    """
    bodies = Bodies(page.text, body)
    own = [sub_runs(page, run) for run in runs]
    parts = [part for of_run in own for part in of_run]
    stops = np.cumsum([len(of_run) for of_run in own]).tolist()
    groups = np.repeat(np.arange(len(runs)), [len(of_run) for of_run in own])
    table = head_table(page.text, page.place, parts, bodies)
    open_ = ~np.isin(np.arange(len(body)), list(named))
    worth = _worth(page, parts, bodies, logit(table.rows(groups))) * open_
    chosen: list[int] = []
    for run, start, stop in zip(runs, [0, *stops], stops, strict=False):
        chosen += [start + k for k in _best_parting(run, parts[start:stop], worth[start:stop])]
    if not chosen:
        return {}
    heads = [parts[k] for k in chosen]
    worth = _worth(page, heads, bodies, logit(table.of(chosen).rows())) * open_
    return {heads[a]: b for a, b in best_pairs(worth)}


def headline_worth(page: Page, runs: list[Run], bodies: Bodies, logit: Logit) -> Floats:
    """What each run is worth as each article's head, none below 0."""
    return _worth(page, runs, bodies, logit(head_table(page.text, page.place, runs, bodies).rows()))


def _worth(page: Page, runs: list[Run], bodies: Bodies, worth: Floats) -> Floats:
    """The same of what the model says of each pair."""
    i, j = np.divmod(np.arange(len(worth)), len(bodies.articles))
    heads = np.array([run.members[-1] + 1 for run in runs])[i]
    tops = bodies.heads[j]
    over = (heads == tops) & page.text.after_masthead[tops]
    torn = [_begins_torn(page, members[0]) for members in bodies.articles]
    worth = np.where(np.array(torn)[j], 0.0, worth)
    # nor does one from elsewhere on the page name an item behind a bullet
    brief = np.array([BRIEF.match(page.text.texts[members[0]]) is not None for members in bodies.articles])
    worth = np.where(brief[j] & (heads != tops), 0.0, worth)
    signed = np.array(page.place.byline)[tops] & (heads <= tops) & (tops <= heads + 1)
    worth = worth + OVER_MASTHEAD * over + SIGNED_OVER * signed
    worth = worth - CROSSHEAD * _like_crosshead(page, runs, bodies.articles)[i, j]
    under = np.array([_under_byline(page, run.members[0]) for run in runs])
    long = np.array([len(run.members) > 2 for run in runs])
    worth = worth - UNDER_BYLINE * under[i] + LONG_HEAD * long[i]
    return np.maximum(worth, 0).reshape(len(runs), len(bodies.articles))


def _under_byline(page: Page, line: int) -> bool:
    """Whether headline lines stand right above the byline that this line stands below."""
    return bool(line and page.text.short[line - 1] and page.place.byline[line])


def _begins_torn(page: Page, top: int) -> bool:
    """Whether an article begins amid a sentence, and no 上接 line says why: a headline stands over no such text."""
    torn = page.text.kinsoku[top] or page.text.starts[top] < NO_BEGINNING
    return bool(torn and not page.text.from_mark[top])


def _like_crosshead(page: Page, runs: list[Run], body: Sequence[Sequence[int]]) -> Floats:
    """Pairs of one short line and the text right below it that nothing marks as an article of its own.

    A page's head right above the line marks it; so do the last words of a text, and a blank line on a page that sets none between
    paragraphs.
    """
    feet = {members[-1] for members in body}
    out = np.zeros((len(runs), len(body)))
    marked = page.text.opening | page.text.after_masthead | page.text.from_mark
    custom = min(1.0, int(page.place.signed(page.text).sum()) / SIGNED)
    close = close_set(page)
    for r, run in enumerate(runs):
        m, last = run.members[0], run.members[-1]
        short = len(run.members) <= 2 and max(len(page.text.texts[k]) for k in run.members) <= SHORT_LINE
        told = page.text.after_masthead[m] or page.text.final[m - 1] or (close and page.pieces[page.members[m]].gap)
        lone = run.whole and short and m - 1 in feet and run.text[-1] not in "）)" and not told
        below = page.pieces[page.members[last] + 1] if page.members[last] + 1 < len(page.pieces) else None
        if not lone or below is None or below.label == "byline":
            continue
        for b, members in enumerate(body):
            top = members[0]
            out[r, b] = top == last + 1 and not marked[top]
    return out * custom


def close_set(page: Page) -> bool:
    """Whether paragraphs of this page follow each other without a blank line between them."""
    pairs = [below for above, below in pairwise(page.pieces) if above.label == below.label == "body"]
    return len(pairs) >= CLOSE and sum(not piece.gap for piece in pairs) >= 0.7 * len(pairs)


def tops_block(page: Page, at: int) -> bool:
    """Whether a piece stands below a blank line and right above another."""
    return page.pieces[at].gap > 0 and at + 1 < len(page.pieces) and not page.pieces[at + 1].gap


def _best_parting(run: Run, parts: list[Run], worth: Floats) -> tuple[int, ...]:
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
    return max(beams[len(run.members)], key=lambda x: (x[0], x[1]))[1]
