"""Headlines that name no article: where two texts were taken for one, each gets its own.

Paragraphs are put in order before headlines are known, so that a text may run on into the next one of the same paper and the same
subject. A headline that is left over, and a place where a text might begin, together say what neither says alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.headlines import assign_headlines, close_set, headline_worth
from pipeline.mend import Draft
from pipeline.page import Logit, Page
from pipeline.threads import Bodies, Run

# Articles that get a name at least: a bunch has more than one.
NAMED = 2
# A step from paragraph to paragraph of no greater odds may be a step into another text.
WEAK = 1.5
# Taken off those odds at a blank line of a page that sets none between paragraphs.
RARE = 2.5
# A headline may be worth so much less to the text below a cut than the step over it: it has many rivals in its bunch.
LESS = 1.0
# Lines that stand together and name nothing: some programs put the heads of a page in a bunch, before or behind all texts.
BUNCH = 5


def part_by_heads(
    page: Page, draft: Draft, runs: Sequence[Run], owners: dict[Run, int], steps: Mapping[int, float], logit: Logit
) -> dict[Run, int]:
    """The article of each head, after the articles of a draft were parted where that names a text that had no name.

    `steps`: the odds of the step that each unit takes to the next one.
    """
    named = {m for head in owners for m in head.members}
    if max((sum(m not in named for m in run.members) for run in runs), default=0) < BUNCH:
        return owners
    whole = draft.articles
    doubts = [_doubts(page, draft, units, steps) for units in whole]
    cuts = [list(own) for own in doubts]
    while any(cuts):
        parts = [(a, x, y) for a, own in enumerate(cuts) for x, y in zip([0, *own], [*own, len(whole[a])], strict=True)]
        draft.articles = [whole[a][x:y] for a, x, y in parts]
        body = [draft.members(k) for k in range(len(parts))]
        found = assign_headlines(page, list(runs), body, logit)
        worth = headline_worth(page, list(found), Bodies(page.text, body), logit)
        value = {k: float(worth[h, k]) for h, k in enumerate(found.values())}
        kept: list[list[int]] = [[] for _ in whole]
        for k, (a, x, _) in enumerate(parts):
            if x and value.get(k, 0.0) > doubts[a][x] - LESS:
                kept[a].append(x)
        if kept == cuts and len(found) >= len(owners) + NAMED:
            draft.apart = {body[k][0] for k, (_, x, _) in enumerate(parts) if x}
            return found
        cuts = kept if kept != cuts else []
    draft.articles = whole
    return owners


def _doubts(page: Page, draft: Draft, units: Sequence[int], steps: Mapping[int, float]) -> dict[int, float]:
    """Where a text may begin, and the odds that none does: below a blank line or with a dateline."""
    close = close_set(page)
    out: dict[int, float] = {}
    for x in range(1, len(units)):
        unit = draft.units[units[x]]
        gap = page.pieces[page.members[unit.pieces[0]]].gap > 0
        odds = steps.get(units[x - 1], 0.0) - RARE * (gap and close)
        if (gap or page.text.opening[unit.pieces[0]]) and not unit.short and odds < WEAK:
            out[x] = odds
    return out
