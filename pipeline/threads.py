"""Evidence that one paragraph follows another in an article, and that a headline belongs to an article."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipeline.ngrams import Codes, codes, keys
from pipeline.records import Piece
from pipeline.seams import FAR, PageText, by_place, likeness, normalised

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FOLLOW_FEATURES = (
    "next", "next_over_one_short", "next_over_more", "from_mark_before", "to_mark_after", "forward", "backward",
    "topic", "context", "context_far", "tail_open", "head_open", "both_open", "opening", "final", "brief_to_brief",
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
    vectors = normalised(np.stack([page.vectors[u.pieces].sum(axis=0) for u in units]))
    n_pieces = len(page.pieces)
    unit_of = np.zeros(n_pieces, dtype=int)
    for k, u in enumerate(units):
        unit_of[u.pieces] = k
    piece_short = short[unit_of]
    shorts = np.concatenate([[0], np.cumsum(piece_short)])
    back = normalised(_window(page.vectors, -3, 0))[last]
    ahead = normalised(_window(page.vectors, 0, 3))[first]
    far_back = normalised(_window(page.vectors, -7, 0))[last]
    far_ahead = normalised(_window(page.vectors, 0, 7))[first]
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
    context = likeness(back, ahead)[i, j]
    topic = likeness(vectors, vectors)[i, j]
    far_context = likeness(far_back, far_ahead)[i, j]
    columns = [
        nxt, all_short & (between == 1), all_short & (between > 1), from_mark[j], to_mark[i],
        np.log1p(np.clip(step - 1, 0, FAR)), np.log1p(np.clip(-step, 0, FAR)), topic, context,
        far_context, tail_open[i], head_open[j], tail_open[i] & head_open[j],
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


def _window(rows: Floats, a: int, b: int) -> Floats:
    """Sums of rows k+a … k+b around each row k."""
    total = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0)])
    n = len(rows)
    k = np.arange(n)
    return np.asarray(total[np.clip(k + b + 1, 0, n)] - total[np.clip(k + a, 0, n)])


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
    c = codes(text.replace(" ", ""))
    if len(c) < 2:
        return np.zeros(len(texts))
    pair = np.unique(keys(c, 2))
    weight = np.maximum(page.ngrams.surprise(pair) - 4.0, 0.1)
    return np.array([weight[np.isin(pair, known)].sum() for known in texts]) / weight.sum()


def headline_features(
    page: PageText, place: Place, runs: Sequence[Run], articles: Sequence[Sequence[int]]
) -> tuple[Ints, Ints, Floats]:
    """Pairs of headline run and article, with one row of `HEADLINE_FEATURES` each. `articles`: members in order."""
    bodies = [np.unique(np.concatenate([page.pairs[m] for m in a])) for a in articles]
    leads = [np.unique(np.concatenate([page.pairs[m] for m in a[:2]])) for a in articles]
    heads = np.array([a[0] for a in articles])
    feet = np.array([a[-1] for a in articles])
    owner = np.full(len(page.pieces), -1)
    for k, own in enumerate(articles):
        owner[list(own)] = k
    last_owned = int(np.max(np.nonzero(owner >= 0)[0], initial=-1))
    n, m = len(runs), len(articles)
    rows = []
    covers = [coverage(page, run.text, bodies) for run in runs]
    around = [_around(run, owner) for run in runs]
    # whether this page sets its headlines after their articles: most are of what stands before them
    late = sum(c[b] - c[a] for c, (b, a) in zip(covers, around, strict=True) if b >= 0 and a >= 0 and a != b) * 3
    for run, cover, (before, after) in zip(runs, covers, around, strict=True):
        lead = coverage(page, run.text, leads)
        order = np.sort(cover)
        best_other = np.where(cover == order[-1], order[-2] if len(order) > 1 else 0.0, order[-1])
        start, stop = run.members[0], run.members[-1]
        shape = _shape(page, run)
        for a in range(m):
            is_before = bool(heads[a] > stop)
            right_before = after == a and is_before and bool(np.all(owner[stop + 1 : heads[a]] < 0))
            right_after = before == a and bool(feet[a] < start) and bool(np.all(owner[feet[a] + 1 : start] < 0))
            inside = before == a and after == a and not right_before
            distance = heads[a] - stop if is_before else start - heads[a]
            other = before >= 0 and before != a
            rows.append([
                right_before, right_after, inside, is_before, not is_before, start > last_owned, cover[a] * 3,
                (cover[a] - best_other[a]) * 3, lead[a] * 3, place.before[heads[a]] == "from", page.opening[heads[a]],
                right_before and page.opening[heads[a]], np.log1p(distance), right_before * cover[a] * 3,
                right_after * cover[a] * 3, right_before and heads[a] == stop + 1, lead[a] * 3 * right_before,
                right_before and other, min(len(run.text), 40) / 16, right_before * late, right_after * late,
                right_before and not other and before < 0, *shape, run.whole and right_before,
            ])  # fmt: skip
    i, j = np.divmod(np.arange(n * m), m)
    return i, j, np.array(rows, dtype=float).reshape(n * m, len(HEADLINE_FEATURES))


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
