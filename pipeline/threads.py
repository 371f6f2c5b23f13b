"""Evidence that one paragraph follows another in an article, and that a headline belongs to an article."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.crossings import CROSSING_FEATURES, crossing_features
from pipeline.flow import Flow, as_learned, of_han
from pipeline.ngrams import Codes, distinct
from pipeline.records import Piece
from pipeline.seams import FAR, PageText, by_place, member, stretches
from pipeline.topics import nearness

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FOLLOW_FEATURES = (
    "next", "next_over_one_short", "next_over_more", "from_mark_before", "to_mark_after", "forward", "backward",
    "topic", "context", "context_far", "kin", "kin_context", "kin_far", "tail_open", "head_open", "both_open", "opening", "final", "brief_to_brief",
    "from_short", "to_short", "headness", "short_length", "short_before_opening", "short_quoted", "same_column", "other_column",
    "next_gap0", "head_taken_break", "tail_taken_break", "from_one_short_to_short", "next_context",
    "long_short", "next_byline_between", "topic_not_next", "short_alone_next", "next_wide_gap", "opening_next",
    "starts", "starts_after_end", "far_seams", "sequence", "short_to_torn", "ended_to_torn", "open_to_torn",
    "short_to_starts", "unsigned", "unsigned_page", "signed", "from_titled", "to_titled", *CROSSING_FEATURES,
)  # fmt: skip


class Unit:
    """A paragraph or a lone short line: indexes of its pieces in reading order."""

    __slots__ = ("pieces", "short")

    def __init__(self, pieces: list[int], short: bool) -> None:
        self.pieces = pieces
        self.short = short


class Place:
    """Where the units stand: what comes right before and after each piece of the page."""

    def __init__(self, pieces: Sequence[Piece], members: Sequence[int]) -> None:
        """`pieces`: all of the page; `members`: indexes of those that paragraphs are made of, in order."""
        self.before: list[str] = []
        self.after: list[str] = []
        self.byline: list[bool] = []
        for k in members:
            self.before.append(_mark(pieces[k - 1]) if k else "")
            self.after.append(_mark(pieces[k + 1]) if k + 1 < len(pieces) else "")
            self.byline.append(k > 0 and pieces[k - 1].label == "byline")

    def signed(self, page: PageText) -> npt.NDArray[np.bool_]:
        """Which short lines stand, alone or with others, over a byline, a dateline or the head of a page.

        A page that marks its articles so marks nearly all of them: a line without is a crosshead.
        """
        out = np.zeros(len(page.pieces), dtype=bool)
        marked = np.array(self.byline, dtype=bool) | page.opening | page.after_masthead
        for m in range(len(out) - 2, -1, -1):
            out[m] = page.short[m] and (marked[m + 1] or out[m + 1])
        return out


def _mark(piece: Piece) -> str:
    return piece.rule.partition(":")[0] if piece.label == "jump_line" else ""


class Likeness(NamedTuple):
    """How alike units are: tables (from, to) of the units alone, with what stands around them, and with what stands farther."""

    topic: Floats  # by shared words
    kin: Floats  # by learned topics


def likeness_of(page: PageText, units: Sequence[Unit]) -> Likeness:
    """The likeness of each unit and each other one; of context: what stands before the one and after the other."""
    n = len(page.pieces)
    own = np.zeros((len(units), n))
    for k, u in enumerate(units):
        own[k, u.pieces] = 1
    first, last = np.array([u.pieces[0] for u in units]), np.array([u.pieces[-1] for u in units])
    back = np.stack([own, *(stretches(last - w, last + 1, n) for w in (3, 7))])
    ahead = np.stack([own, *(stretches(first, first + w + 1, n) for w in (3, 7))])
    return Likeness(page.alike(back, ahead), page.kin(back, ahead))


def follow_features(
    page: PageText, place: Place, units: Sequence[Unit], i: Ints, j: Ints, likeness: Likeness | None = None
) -> Floats:
    """One row of `FOLLOW_FEATURES` for each pair of units: does paragraph `j` follow paragraph `i`?

    `likeness`, where it is known already, is not told again.
    """
    first = np.array([u.pieces[0] for u in units])
    last = np.array([u.pieces[-1] for u in units])
    short = np.array([u.short for u in units])
    n_pieces = len(page.pieces)
    unit_of = np.zeros(n_pieces, dtype=int)
    for k, u in enumerate(units):
        unit_of[u.pieces] = k
    inside = [two for u in units for two in pairwise(u.pieces)]
    above, below = np.array(inside, dtype=int).reshape(-1, 2).T
    joins = np.zeros((n_pieces, n_pieces))
    joins[above, below] = 1
    # the piece that each goes on in, and that each comes from; -1 where there is none, as beyond both ends of the page
    onward, back = np.full(n_pieces + 1, -1), np.full(n_pieces + 1, -1)
    onward[above], back[below] = below, above
    piece_short = short[unit_of]
    shorts = np.concatenate([[0], np.cumsum(piece_short)])
    li, fj = last[i], first[j]
    step = fj - li
    between = np.where(step > 0, shorts[np.maximum(fj, 0)] - shorts[np.minimum(li + 1, n_pieces)], 0)
    all_short = (step > 1) & (between == step - 1)
    tail_open = ~(page.ended | page.quoted | page.final)[last] & ~short
    head_open = (page.kinsoku | page.flush | page.unopened)[first] & ~short
    torn_head = (page.starts[first] < -0.6) & ~short
    taken_tail = (onward[first - 1] >= 0) & (onward[first - 1] != first)
    taken_head = back[last + 1] >= 0
    length = np.minimum(page.length[first], 40)
    next_opening = np.append(page.opening, False)[first + 1]
    quoted = np.array([page.texts[f][0] in "“「『" for f in first])
    brief = np.array([page.texts[f][0] in "●■◆★▲○◎•" for f in first])
    from_mark = np.array([place.before[f] == "from" for f in first])
    to_mark = np.array([place.after[at] == "to" for at in last])
    byline = np.array([place.byline[f] for f in first])
    gap = np.array([page.pieces[f].gap for f in first])
    column = page.column
    known = (column[li] > 0) & (column[fj] > 0)
    nxt = step == 1
    far = (abs(below - above) > 1).sum() / (len(inside) + 2)
    likeness = likeness or likeness_of(page, units)
    (topic, context, far_context), kin = likeness.topic[:, i, j], likeness.kin[:, i, j]
    signed = place.signed(page)
    custom = np.log1p(signed.sum())
    unsigned = short[j] & ~signed[fj]
    columns = [
        nxt, all_short & (between == 1), all_short & (between > 1), from_mark[j], to_mark[i],
        np.log1p(np.clip(step - 1, 0, FAR)), np.log1p(np.clip(-step, 0, FAR)), topic, context,
        far_context, *kin, tail_open[i], head_open[j], tail_open[i] & head_open[j],
        page.opening[fj], page.final[li], brief[i] & brief[j], short[i], short[j], page.headness[fj], short[j] * length[j] / 16,
        short[j] & next_opening[j], short[j] & quoted[j], known & (abs(column[li] - column[fj]) <= 2),
        known & (abs(column[li] - column[fj]) > 2), nxt & (gap[j] == 0), taken_tail[j] & ~nxt, taken_head[i] & ~nxt,
        short[i] & short[j], nxt * context, short[j] & (length[j] > 20), nxt & byline[j], ~nxt * topic,
        nxt & short[j] & ~next_opening[j], nxt & (gap[j] >= 3), nxt & page.opening[fj],
        page.starts[fj], page.starts[fj] * page.ended[li],
        np.full(len(i), far), np.full(len(i), page.sequence()),
        short[i] & torn_head[j], page.ended[li] & torn_head[j], tail_open[i] & torn_head[j],
        short[i] * np.minimum(page.starts[fj], 0), unsigned, unsigned * custom, short[j] & signed[fj], short[i] * page.titled[li], short[j] * page.titled[fj],
        *crossing_features(joins, joins.sum(axis=1) > 0, joins.sum(axis=0) > 0, li, fj).T,
    ]  # fmt: skip
    near = nxt | (all_short & (between == 1))
    return by_place(columns, near)


HEADLINE_FEATURES = (
    "right_before", "right_after", "inside", "before", "after", "at_end", "cover", "cover_lead", "cover_first",
    "from_mark", "opening", "before_opening", "headless_distance", "before_cover", "after_cover", "starts_fresh", "to_first",
    "before_other", "length", "late_before", "late_after", "headless_start",
    "whole", "two_lines", "more_lines", "opens_dash", "leads_dash", "dash_beyond", "one_block", "block_beyond", "last_of_run",
    "headness_low", "first_of_run", "whole_before",
    "kin", "kin_best", "signed", "unsigned_page", "unsigned_before", "titled", "titled_before",
)  # fmt: skip


class Run:
    """Headline lines that stand together: indexes into the page's members, and the lines of a longer run left out."""

    __slots__ = ("above", "beyond", "members", "text")

    def __init__(self, members: list[int], text: str, above: Sequence[int] = (), beyond: Sequence[int] = ()) -> None:
        self.members = members
        self.text = text
        self.above = above
        self.beyond = beyond

    @property
    def whole(self) -> bool:
        """Whether none of its neighbours is left out."""
        return not self.above and not self.beyond


def coverage(page: PageText, text: str, texts: Sequence[Codes]) -> list[float]:
    """Which share of a headline's character pairs, by rarity, stands in each text (given by its pairs)."""
    return [share for (share,) in coverages(page, [[text]] * len(texts), texts)]


def coverages(page: PageText, heads: Sequence[Sequence[str]], texts: Sequence[Codes]) -> list[list[float]]:
    """The same of the lines of many heads, each head in its own text."""
    pair, owner, weight = _weighed(page, [line for head in heads for line in head])
    bounds = iter(pairwise(np.searchsorted(owner, np.arange(sum(map(len, heads)) + 1)).tolist()))
    return [
        [
            float(weight[a:b] @ member(pair[a:b], known)) / max(float(weight[a:b].sum()), 1e-9)
            for a, b in islice(bounds, len(head))
        ]
        for head, known in zip(heads, texts, strict=True)
    ]


def _weighed(page: PageText, heads: Sequence[str]) -> tuple[Codes, Ints, Floats]:
    """The character pairs of headlines, the headline that each is of, and how rare it is."""
    pair, owner = Flow([as_learned(text) for text in heads]).pairs()
    return pair, owner, np.maximum(page.ngrams.surprise(pair) - 4.0, 0.1)


class Bodies:
    """The articles of a page as headlines are held against them: members in order, and which words each speaks."""

    def __init__(self, page: PageText, articles: Sequence[Sequence[int]]) -> None:
        self.page = page
        self.articles = articles
        self.heads = np.array([a[0] for a in articles])
        self.feet = np.array([a[-1] for a in articles])
        self.owner = np.full(len(page.pieces), -1)
        self.topics = np.array([page.topics[list(own)].sum(axis=0) for own in articles])
        leading = np.zeros(len(page.pieces), dtype=bool)
        for k, own in enumerate(articles):
            self.owner[list(own)] = k
            leading[list(own[:2])] = True
        # which pairs stand in each article, and below that which stand in its first two pieces
        self.words = distinct(page.pair)
        at = np.searchsorted(self.words, page.pair)
        self.held = np.zeros((2, len(articles), len(self.words) + 1), dtype=bool)
        whose = self.owner[page.pair_owner]
        for which, taken in enumerate((whose >= 0, (whose >= 0) & leading[page.pair_owner])):
            self.held[which, whose[taken], at[taken]] = True

    def speech(self, heads: Sequence[str]) -> tuple[Floats, Floats, Floats]:
        """How much headlines and articles speak of the same, a row a headline: one look-up for all.

        `coverage` by each article, by each article's first two pieces, and nearness of topics.
        """
        pair, owner, weight = _weighed(self.page, heads)
        of_head = np.zeros((len(heads), len(pair)))
        of_head[owner, np.arange(len(pair))] = weight
        at = np.searchsorted(self.words, pair)
        known = np.append(self.words, 0)[at] == pair
        held = self.held[:, :, np.where(known, at, len(self.words))]
        cover, lead = of_head @ held.transpose(0, 2, 1) / np.maximum(of_head.sum(axis=1)[:, None], 1e-9)
        topics = self.page.language.topics.vectors(*of_han(pair, owner), len(heads))
        return cover, lead, nearness(topics, self.topics)


def headline_features(
    page: PageText, place: Place, runs: Sequence[Run], bodies: Bodies, groups: Ints | None = None
) -> tuple[Ints, Ints, Floats]:
    """Pairs of headline run and article, with one row of `HEADLINE_FEATURES` each; `groups` as `HeadTable.rows` takes them."""
    i, j = np.divmod(np.arange(len(runs) * len(bodies.articles)), len(bodies.articles))
    return i, j, head_table(page, place, runs, bodies).rows(groups)


class HeadTable(NamedTuple):
    """Headline runs held against the articles of a page."""

    columns: Floats  # (feature, run, article)
    leaning: Floats  # how much more each run speaks of what stands before it than of what stands after

    def of(self, runs: Sequence[int]) -> HeadTable:
        """The same of some of the runs."""
        return HeadTable(self.columns[:, runs], self.leaning[runs])

    def rows(self, groups: Ints | None = None) -> Floats:
        """One row of `HEADLINE_FEATURES` for each pair of run and article.

        Runs of one group (all, where none are named) tell together whether this page sets headlines after their articles.
        """
        groups = np.zeros(len(self.leaning), dtype=int) if groups is None else groups
        late = np.tanh(np.bincount(groups, self.leaning))[groups][:, None] * 3
        before, after = (HEADLINE_FEATURES.index(name) for name in ("right_before", "right_after"))
        late_before, late_after = (HEADLINE_FEATURES.index(name) for name in ("late_before", "late_after"))
        columns = self.columns.copy()
        columns[late_before] = columns[before] * late
        columns[late_after] = columns[after] * late
        return np.asarray(columns.reshape(len(columns), -1).T)


def head_table(page: PageText, place: Place, runs: Sequence[Run], bodies: Bodies) -> HeadTable:
    """What is told of each pair of a headline run and an article."""
    heads, feet, owner = bodies.heads, bodies.feet, bodies.owner
    n, m = len(runs), len(bodies.articles)
    if not n:
        return HeadTable(np.zeros((len(HEADLINE_FEATURES), 0, m)), np.zeros(0))
    taken = np.concatenate([[0], np.cumsum(owner >= 0)])
    last_owned = int(np.max(np.nonzero(owner >= 0)[0], initial=-1))
    cover, lead, kin = bodies.speech([run.text for run in runs])
    order = np.sort(cover, axis=1)
    best_other = np.where(cover == order[:, -1:], order[:, -2:-1] if m > 1 else 0.0, order[:, -1:])
    around = [_around(run, owner) for run in runs]
    # most headlines are of what stands before them
    speaks = cover + kin
    leaning = [c[b] - c[a] if b >= 0 and a >= 0 and a != b else 0.0 for c, (b, a) in zip(speaks, around, strict=True)]
    before, after = (np.array(side)[:, None] for side in zip(*around, strict=True))
    start = np.array([[run.members[0]] for run in runs])
    stop = np.array([[run.members[-1]] for run in runs])
    this_before, this_after = np.arange(m) == before, np.arange(m) == after
    is_before = heads > stop
    right_before = this_after & is_before & (taken[heads] == taken[stop + 1])
    right_after = this_before & (feet < start) & (taken[start] == taken[np.minimum(feet, start) + 1])
    inside = this_before & this_after & ~right_before
    distance = np.where(is_before, heads - stop, start - heads)
    other = (before >= 0) & ~this_before
    opening = page.opening[heads]
    from_mark = np.array([place.before[k] == "from" for k in heads])
    whole = np.array([[run.whole] for run in runs])
    length = np.array([[min(len(run.text), 40)] for run in runs])
    kinship = np.sort(kin, axis=1)
    best_kin = np.where(kin == kinship[:, -1:], kinship[:, -2:-1] if m > 1 else 0.0, kinship[:, -1:])
    all_signed = place.signed(page)
    signed = np.array([[all_signed[run.members[-1]]] for run in runs])
    custom = np.log1p(all_signed.sum())
    titled = page.titles([run.text for run in runs])[:, None]
    columns = [
        right_before, right_after, inside, is_before, ~is_before, start > last_owned, cover * 3,
        (cover - best_other) * 3, lead * 3, from_mark, opening,
        right_before & opening, np.log1p(distance), right_before * cover * 3,
        right_after * cover * 3, right_before & (heads == stop + 1), lead * 3 * right_before,
        right_before & other, length / 16, 0, 0,
        right_before & ~other & (before < 0), *np.array([_shape(page, run) for run in runs]).T[:, :, None],
        whole & right_before, kin * 4, (kin - best_kin) * 4, signed & right_before, ~signed * custom, ~signed * right_before * custom,
        titled, titled * right_before,
    ]  # fmt: skip
    rows = np.empty((len(columns), n, m))
    for k, column in enumerate(columns):
        rows[k] = column
    return HeadTable(rows, np.array(leaning))


def _around(run: Run, owner: Ints) -> tuple[int, int]:
    """The articles that stand right before and right after a run; -1 where there is none."""
    before = next((int(owner[k]) for k in range(run.members[0] - 1, -1, -1) if owner[k] >= 0), -1)
    after = next((int(owner[k]) for k in range(run.members[-1] + 1, len(owner)) if owner[k] >= 0), -1)
    return before, after


def _shape(page: PageText, run: Run) -> list[float]:
    """What the lines of a head show of belonging together, and to what stands before and after them."""
    own = [page.pieces[m] for m in run.members]
    beyond, above = ([page.pieces[m] for m in side[:1]] for side in (run.beyond, run.above))
    return [
        run.whole, len(own) == 2, len(own) > 2, own[0].text.startswith("——"), any(p.text.startswith("——") for p in own[1:]),
        any(p.text.startswith("——") for p in beyond), any(p.gap == 0 for p in own[1:]),
        any(p.gap == 0 for p in beyond) or (bool(above) and own[0].gap == 0), not beyond,
        float(min(page.headness[m] for m in run.members) < 0), not above,
    ]  # fmt: skip
