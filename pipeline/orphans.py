"""What the first rounds leave: columns that begin no article, and headlines that name none."""

from __future__ import annotations

import numpy as np

from pipeline.assign import assign, chains
from pipeline.headlines import assign_headlines
from pipeline.mend import Draft, free_runs
from pipeline.page import NO_BEGINNING, PLAINLY_TORN, TORN_START, Logit, Page
from pipeline.threads import Likeness, follow_features

# What the second round for columns that begin no article adds to the odds: a share of the likeness of the two articles.
ORPHAN_TOPIC = 2.0
ORPHAN = 1.0
ORPHAN_TORN = 2.0
HEADED = 2.0
# What the second round adds to the odds of a headline: both it and the article have none yet.
NAMELESS = 1.1


def adopt_orphans(page: Page, draft: Draft, logit: Logit, likeness: Likeness | None = None) -> None:
    """A column that begins no article goes on from the end of one: a second round for whole articles, by their topic.

    An orphan has no headline above it, no dateline and no 上接 line before it, and does not stand first on the page. What
    is known now and was not in the first round is what each article speaks of. A headline from elsewhere on the page,
    which the orphan loses, asks for more.
    """
    text = page.text
    if not draft.articles:
        return
    starts = [draft.members(a)[0] for a in range(len(draft.articles))]
    ends = [draft.members(a)[-1] for a in range(len(draft.articles))]
    orphans = [
        a
        for a, m in enumerate(starts)
        if m
        and m not in draft.apart
        and not _headed(draft, a, m)
        and not (text.opening[m] or text.from_mark[m] or text.after_masthead[m])
    ]
    open_ends = [a for a, m in enumerate(ends) if not (text.final[m] or text.to_mark[m])]
    pairs = [(a, b) for a in open_ends for b in orphans if a != b]
    if not pairs:
        return
    i, j = (np.array(x) for x in zip(*pairs, strict=True))
    own = np.zeros((len(draft.articles), len(text.pieces)))
    for a in range(len(own)):
        own[a, draft.members(a)] = 1
    last = np.array([run[-1] for run in draft.articles])[i]
    first = np.array([run[0] for run in draft.articles])[j]
    worth = logit(follow_features(text, page.place, draft.units, last, first, likeness))
    worth += ORPHAN_TOPIC * text.alike(own, own)[i, j] + ORPHAN
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


def name_headless(page: Page, draft: Draft, logit: Logit) -> None:
    """Headlines left over and articles without one: a second round among these alone, asked for less.

    A line amid an article is a crosshead of it, and one above the byline of an article that has a head the logo of a series.
    """
    body = [draft.members(a) for a in range(len(draft.articles))]
    owner = [-1, *draft.owner(), -1]
    left = []
    for run in free_runs(draft):
        above, below = owner[run.members[0]], owner[run.members[-1] + 2]
        signed = run.members[-1] + 1 in draft.signed and below in draft.heads
        if not signed and (above != below or above < 0):
            left.append(run)
    if left and len(draft.heads) < len(body):
        torn = {
            a for a, own in enumerate(body) if page.text.starts[own[0]] < TORN_START and not page.text.from_mark[own[0]]
        }
        owners = assign_headlines(page, left, body, lambda rows: logit(rows) + NAMELESS, torn | set(draft.heads))
        for head, article in owners.items():
            draft.name(article, head)


def _headed(draft: Draft, article: int, top: int) -> bool:
    """Whether an article's headline stands right above it."""
    return article in draft.heads and draft.heads[article].members[-1] + 1 == top
