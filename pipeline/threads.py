"""Evidence that one paragraph follows another in an article, and that a headline belongs to an article."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipeline.ngrams import Codes, codes, keys
from pipeline.records import Piece
from pipeline.seams import FAR, PageText, by_place, member, stretches

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FOLLOW_FEATURES = (
    "next", "next_over_one_short", "next_over_more", "from_mark_before", "to_mark_after", "forward", "backward",
    "topic", "context", "context_far", "kin", "kin_context", "kin_far", "tail_open", "head_open", "both_open", "opening", "final", "brief_to_brief",
    "from_short", "to_short", "headness", "short_length", "short_before_opening", "short_quoted", "same_column", "other_column",
    "next_gap0", "head_taken_break", "tail_taken_break", "from_one_short_to_short", "next_context",
    "long_short", "next_byline_between", "topic_not_next", "short_alone_next", "next_wide_gap", "opening_next",
    "starts", "starts_after_end", "far_seams", "sequence", "short_to_torn", "ended_to_torn", "open_to_torn",
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


def _mark(piece: Piece) -> str:
    return piece.rule.partition(":")[0] if piece.label == "jump_line" else ""


def follow_features(page: PageText, place: Place, units: Sequence[Unit], i: Ints, j: Ints) -> Floats:
    """One row of `FOLLOW_FEATURES` for each pair of units: does paragraph `j` follow paragraph `i`?"""
    first = np.array([u.pieces[0] for u in units])
    last = np.array([u.pieces[-1] for u in units])
    short = np.array([u.short for u in units])
    n_pieces = len(page.pieces)
    unit_of = np.zeros(n_pieces, dtype=int)
    own = np.zeros((len(units), n_pieces))
    for k, u in enumerate(units):
        unit_of[u.pieces] = k
        own[k, u.pieces] = 1
    piece_short = short[unit_of]
    shorts = np.concatenate([[0], np.cumsum(piece_short)])
    li, fj = last[i], first[j]
    step = fj - li
    between = np.where(step > 0, shorts[np.maximum(fj, 0)] - shorts[np.minimum(li + 1, n_pieces)], 0)
    all_short = (step > 1) & (between == step - 1)
    tail_open = ~(page.ended | page.quoted | page.final)[last] & ~short
    head_open = (page.kinsoku | page.flush | page.unopened)[first] & ~short
    torn_head = (page.starts[first] < -0.6) & ~short
    taken_tail = np.array([_next_in(units[unit_of[f - 1]], f - 1) not in (None, f) if f else False for f in first])
    taken_head = np.array([at + 1 < n_pieces and _prev_in(units[unit_of[at + 1]], at + 1) is not None for at in last])
    length = np.minimum(page.length[first], 40)
    next_opening = np.array([f + 1 < n_pieces and bool(page.opening[f + 1]) for f in first])
    quoted = np.array([page.texts[f][0] in "“「『" for f in first])
    brief = np.array([page.texts[f][0] in "●■◆★▲○◎•" for f in first])
    from_mark = np.array([place.before[f] == "from" for f in first])
    to_mark = np.array([place.after[at] == "to" for at in last])
    byline = np.array([place.byline[f] for f in first])
    gap = np.array([page.pieces[f].gap for f in first])
    column = page.column
    known = (column[li] > 0) & (column[fj] > 0)
    nxt = step == 1
    steps = [abs(b - a) > 1 for u in units for a, b in pairwise(u.pieces)]
    far = sum(steps) / (len(steps) + 2)
    topic = page.alike(own, own)[i, j]
    around = [(stretches(last - w, last + 1, n_pieces), stretches(first, first + w + 1, n_pieces)) for w in (3, 7)]
    context, far_context = (page.alike(back, ahead)[i, j] for back, ahead in around)
    kin = [page.kin(back, ahead)[i, j] for back, ahead in [(own, own), *around]]
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
    ]  # fmt: skip
    near = nxt | (all_short & (between == 1))
    return by_place(np.stack([np.asarray(c, dtype=float) for c in columns], axis=1), near)


def _next_in(unit: Unit, piece: int) -> int | None:
    at = unit.pieces.index(piece)
    return unit.pieces[at + 1] if at + 1 < len(unit.pieces) else None


def _prev_in(unit: Unit, piece: int) -> int | None:
    at = unit.pieces.index(piece)
    return unit.pieces[at - 1] if at else None


HEADLINE_FEATURES = (
    "right_before", "right_after", "inside", "before", "after", "at_end", "cover", "cover_lead", "cover_first",
    "from_mark", "opening", "before_opening", "headless_distance", "before_cover", "after_cover", "starts_fresh", "to_first",
    "before_other", "length", "late_before", "late_after", "headless_start",
    "whole", "two_lines", "more_lines", "opens_dash", "leads_dash", "dash_beyond", "one_block", "block_beyond", "last_of_run",
    "headness_low", "first_of_run", "whole_before",
)  # fmt: skip


class Run:
    """A run of headline lines: indexes into the page's members; `whole` where none of its neighbours is left out."""

    __slots__ = ("members", "text", "whole")

    def __init__(self, members: list[int], text: str, whole: bool = True) -> None:
        self.members = members
        self.text = text
        self.whole = whole


def coverage(page: PageText, text: str, texts: Sequence[Codes]) -> Floats:
    """Which share of a headline's character pairs, by rarity, stands in each text (given by its pairs)."""
    return covered(page, [text], [np.sort(known) for known in texts])[0]


def covered(page: PageText, heads: Sequence[str], texts: Sequence[Codes]) -> Floats:
    """`coverage` of many headlines at once, a row each: one look-up for all pairs of all of them. Texts sorted."""
    coded = [codes(text.replace(" ", "")) for text in heads]
    pairs = [np.unique(keys(c, 2)) if len(c) > 1 else np.zeros(0, np.uint64) for c in coded]
    every = np.concatenate([*pairs, np.zeros(0, np.uint64)])
    weight = np.maximum(page.ngrams.surprise(every) - 4.0, 0.1)
    of_head = np.zeros((len(heads), len(every)))
    of_head[np.repeat(np.arange(len(heads)), [len(p) for p in pairs]), np.arange(len(every))] = weight
    held = np.array([member(every, known) for known in texts], dtype=float).reshape(len(texts), len(every))
    return np.asarray(of_head @ held.T / np.maximum(of_head.sum(axis=1, keepdims=True), 1e-9))


class Bodies:
    """The articles of a page as headlines are held against them: members in order, and which words each speaks."""

    def __init__(self, page: PageText, articles: Sequence[Sequence[int]]) -> None:
        self.articles = articles
        self.words = [np.sort(np.concatenate([page.pairs[m] for m in a])) for a in articles]
        self.leads = [np.sort(np.concatenate([page.pairs[m] for m in a[:2]])) for a in articles]
        self.heads = np.array([a[0] for a in articles])
        self.feet = np.array([a[-1] for a in articles])
        self.owner = np.full(len(page.pieces), -1)
        for k, own in enumerate(articles):
            self.owner[list(own)] = k


def headline_features(
    page: PageText, place: Place, runs: Sequence[Run], bodies: Bodies, groups: Ints | None = None
) -> tuple[Ints, Ints, Floats]:
    """Pairs of headline run and article, with one row of `HEADLINE_FEATURES` each.

    Runs of one group (all, where none are named) tell together whether this page sets headlines after their articles.
    """
    heads, feet, owner = bodies.heads, bodies.feet, bodies.owner
    n, m = len(runs), len(bodies.articles)
    i, j = np.divmod(np.arange(n * m), m)
    if not n:
        return i, j, np.zeros((0, len(HEADLINE_FEATURES)))
    taken = np.concatenate([[0], np.cumsum(owner >= 0)])
    last_owned = int(np.max(np.nonzero(owner >= 0)[0], initial=-1))
    texts = [run.text for run in runs]
    cover, lead = covered(page, texts, bodies.words), covered(page, texts, bodies.leads)
    order = np.sort(cover, axis=1)
    best_other = np.where(cover == order[:, -1:], order[:, -2:-1] if m > 1 else 0.0, order[:, -1:])
    around = [_around(run, owner) for run in runs]
    groups = np.zeros(n, dtype=int) if groups is None else groups
    # most headlines are of what stands before them
    leaning = [c[b] - c[a] if b >= 0 and a >= 0 and a != b else 0.0 for c, (b, a) in zip(cover, around, strict=True)]
    late = np.bincount(groups, leaning)[groups][:, None] * 3
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
    columns = [
        right_before, right_after, inside, is_before, ~is_before, start > last_owned, cover * 3,
        (cover - best_other) * 3, lead * 3, from_mark, opening,
        right_before & opening, np.log1p(distance), right_before * cover * 3,
        right_after * cover * 3, right_before & (heads == stop + 1), lead * 3 * right_before,
        right_before & other, length / 16, right_before * late, right_after * late,
        right_before & ~other & (before < 0), *np.array([_shape(page, run) for run in runs]).T[:, :, None],
        whole & right_before,
    ]  # fmt: skip
    rows = np.empty((n, m, len(columns)))
    for k, column in enumerate(columns):
        rows[:, :, k] = column
    return i, j, rows.reshape(n * m, len(columns))


def _around(run: Run, owner: Ints) -> tuple[int, int]:
    """The articles that stand right before and right after a run; -1 where there is none."""
    before = next((int(owner[k]) for k in range(run.members[0] - 1, -1, -1) if owner[k] >= 0), -1)
    after = next((int(owner[k]) for k in range(run.members[-1] + 1, len(owner)) if owner[k] >= 0), -1)
    return before, after


def _shape(page: PageText, run: Run) -> list[float]:
    """What the lines of a head show of belonging together, and to what stands before and after them."""
    own = [page.pieces[m] for m in run.members]
    beyond = [page.pieces[m] for m in (run.members[-1] + 1,) if m < len(page.pieces) and page.short[m]]
    above = [page.pieces[m] for m in (run.members[0] - 1,) if m >= 0 and page.short[m]]
    return [
        run.whole, len(own) == 2, len(own) > 2, own[0].text.startswith("——"), any(p.text.startswith("——") for p in own[1:]),
        any(p.text.startswith("——") for p in beyond), any(p.gap == 0 for p in own[1:]),
        any(p.gap == 0 for p in beyond) or (bool(above) and own[0].gap == 0), not beyond,
        float(min(page.headness[m] for m in run.members) < 0), not above,
    ]  # fmt: skip
