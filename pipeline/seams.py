"""Evidence that one piece of a page goes on in another, as numbers that a logistic model weighs.

No single sign decides (measured on real pages, single scores separate true from false seams with AUC 0.7 to 0.93, all
together 0.96 to 0.98): what stands at the cut, how likely the characters on both sides stand together, words of the same
page that the cut runs through, shared terms, how the column was set, and where the two pieces stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.continuation import REACH
from pipeline.flow import Flow, as_learned
from pipeline.hashed import places
from pipeline.labels import BRIEF, CLOSERS, CLOSING, DATELINE, PAIRS, brackets, ends_article, ends_sentence
from pipeline.language import Language
from pipeline.ngrams import Codes, Sides, packed
from pipeline.records import Piece
from pipeline.topics import nearness

Floats = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]

# Topic vectors are hashed to two to the power of this many places: collisions cost little at the few hundred pieces of a page.
BITS = 13
# Beyond this many pieces farther is no worse.
FAR = 15
# Rules that found a piece to be a whole paragraph, whatever mark it ends in.
WHOLE = ("verse", "leads_on", "entries")
FLUSH = 3  # cells of room up to which a line fills its column


def _flags(values: Sequence[object]) -> npt.NDArray[np.bool_]:
    return np.array([bool(v) for v in values], dtype=bool)


class PageText:
    """What is computed once for all pieces of a page: ends, brackets, topics, the page's own words.

    What takes long is computed when it is first asked for: links between pages need the half of it.
    """

    def __init__(self, pieces: Sequence[Piece], language: Language) -> None:
        n = len(pieces)
        self.pieces = pieces
        self.language, self.ngrams = language, language.ngrams
        texts = [as_learned(p.text) or " " for p in pieces]
        self.texts = texts
        self.flow = Flow(texts)
        self.ends, self.begins = self.flow.tails(REACH), self.flow.heads(REACH)
        self.tails, self.heads = self.ends[:, -3:], self.begins[:, :3]
        first, last = [t[0] for t in texts], [t[-1] for t in texts]
        closed = [brackets(t) for t in texts]
        self.unopened = _flags([c for c, _ in closed])
        self.unclosed = _flags([o for _, o in closed])
        needed = np.array([PAIRS[o[-1]] if o else "" for _, o in closed], dtype="U1")
        closer = np.array([c[:1] for c, _ in closed], dtype="U1")
        # what one piece leaves open the other one closes
        self.meet = (needed[:, None] == closer) & (needed != "")[:, None]
        self.ended = _flags([ends_sentence(t) or p.rule in WHOLE for t, p in zip(texts, pieces, strict=True)])
        self.quoted = _flags([c in CLOSING for c in last]) & ~self.ended
        self.paused = _flags([c in "，、,—" for c in last])
        self.colon = _flags([c in "：；:;" for c in last])
        self.kinsoku = _flags([c in CLOSERS for c in first])
        self.opening = _flags([DATELINE.match(t) or BRIEF.match(t) for t in texts])
        self.final = _flags([ends_article(t) for t in texts])
        self.tail_digit = _flags([c.isascii() and c.isdigit() for c in last])
        self.head_digit = _flags([c.isascii() and (c.isdigit() or c in "%.") for c in first])
        self.tail_latin = _flags([c.isascii() and c.isalpha() for c in last])
        self.head_latin = _flags([c.isascii() and c.isalpha() for c in first])
        self.short = _flags([p.label == "short" for p in pieces])
        self.headness = np.zeros(n)
        self.to_mark = np.zeros(n, dtype=bool)  # a 下转 line stands right after it
        self.after_masthead = np.zeros(n, dtype=bool)  # the head of a page or of an article stands right before it
        self.from_mark = np.zeros(n, dtype=bool)  # a 上接 line stands right before it
        self.over_photo = np.zeros(n, dtype=bool)  # a photograph's text stands right after it
        self.cut = _flags([p.cut for p in pieces])
        self.length = np.array([len(t) for t in texts], dtype=float)
        self.column = np.array([p.column for p in pieces], dtype=int)
        known = self.column > 0
        tail_room = np.array([p.tail_room for p in pieces], dtype=int)
        head_room = np.array([p.head_room for p in pieces], dtype=int)
        indent = np.array([p.indent for p in pieces], dtype=int)
        one_line = _flags([p.line == p.last for p in pieces])
        self.tail_full = known & (tail_room <= FLUSH)
        self.tail_short = known & (tail_room > FLUSH + 3)
        self.set_in = (indent >= 2) | (known & ~one_line & (head_room >= 3) & (head_room <= 6))
        self.flush = known & (indent < 2) & (head_room < 3)
        self.starts = np.zeros(n)
        if n:
            begins = language.continuation.opening_odds(self.begins) + self.ngrams.opening_odds(self.heads) / 2
            self.starts = np.clip(begins, -6, 6) / 3
            self.starts[self.opening] = np.maximum(self.starts[self.opening], 0)  # a dateline begins, of whatever paper
        self.torn = 1.0 * ~(self.ended | self.final | self.quoted | self.colon)
        self.pair, self.pair_owner = self.flow.han_pairs()
        bounds = np.searchsorted(self.pair_owner, np.arange(n + 1)).tolist()
        self.pairs = [self.pair[a:b] for a, b in pairwise(bounds)]

    @cached_property
    def onward(self) -> Floats:
        """How likely each piece goes on in each, by what is read on either side of the cut: in fives of nats."""
        return np.clip(self.language.continuation.scores(self.ends, self.begins).astype(float), -15, 15) / 5

    @cached_property
    def sides(self) -> Sides:
        """What is known of the characters at each piece's ends."""
        return self.ngrams.sides(self.tails, self.heads)

    @cached_property
    def topics(self) -> Floats:
        """What each piece speaks of, as a vector; the sum of two pieces' vectors is what both speak of."""
        return self.language.topics.vectors(self.pair, self.pair_owner, len(self.pieces))

    @cached_property
    def titled(self) -> Floats:
        """How much likelier each short line is a headline than a crosshead, by its words: log odds, halved; 0 for others."""
        out = np.zeros(len(self.pieces))
        lines = np.nonzero(self.short)[0]
        out[lines] = self.titles([self.texts[k] for k in lines])
        return out

    def titles(self, texts: Sequence[str]) -> Floats:
        """The same of any texts."""
        return np.clip(self.language.headings.odds(texts), -4, 4) / 2 if texts else np.zeros(0)

    @cached_property
    def gain_next(self) -> Floats:
        """How likely each piece goes on in the one right after it."""
        place = np.arange(max(len(self.pieces) - 1, 0))
        return self.ngrams.cuts(self.sides, place, place + 1).gain

    @cached_property
    def topic(self) -> Floats:
        """How alike each two pieces are."""
        return stretched(self.gram)

    @cached_property
    def echo3(self) -> Codes:
        """The runs of three characters of the page, sorted."""
        return np.sort(self.flow.runs(3)[0])

    @cached_property
    def echo4(self) -> Codes:
        """The runs of four characters of the page, sorted."""
        return np.sort(self.flow.runs(4)[0])

    def weigh_lines(self, headness: Floats, torn_below: float) -> None:
        """Take in how likely each short line is a headline: what is not one is torn."""
        lines = self.short
        self.headness[lines] = headness
        self.torn[lines] *= 1 / (1 + np.exp(headness))
        self.short = lines & (self.headness > torn_below)

    def segments(self) -> tuple[Floats, Floats, Ints]:
        """How alike are what stands in its column up to each piece and what stands in its column from each piece on;
        and the number of each piece's column.

        A column ends where a piece is torn, at a headline and at a jump line. One piece says little of its article's
        topic, its column much more.
        """
        n = len(self.pieces)
        breaks = np.zeros(n + 1, dtype=bool)  # before piece k
        breaks[0] = breaks[n] = True
        breaks[1:n] |= (
            (self.torn[:-1] > 0.5) | self.short[:-1] | self.short[1:] | self.to_mark[:-1] | self.from_mark[1:]
        )
        breaks[1:n] |= self.opening[1:] | self.final[:-1]
        place = np.arange(n + 1)
        start = np.maximum.accumulate(np.where(breaks, place, 0))[:n]
        stop = np.minimum.accumulate(np.where(breaks, place, n)[::-1])[::-1][1:]
        start, stop = np.maximum(start, place[:n] - 7), np.minimum(stop, place[:n] + 8)
        back, ahead = stretches(start, place[:n] + 1, n), stretches(place[:n], stop, n)
        return self.alike(back, ahead), self.kin(back, ahead), np.cumsum(breaks[:n])

    def alike(self, left: Floats, right: Floats) -> Floats:
        """The likeness of each group of pieces on the left to each on the right.

        A group is a row of weights, one a piece; several tables of groups may stand one upon the other. All is told from
        how alike single pieces are: a group's vector is the sum of its pieces' vectors, and these have thousands of places.
        """
        a, b = left @ self.gram, right @ self.gram
        sizes = [np.sqrt(np.maximum(np.einsum("...ij,...ij->...i", x, y), 0)) for x, y in ((a, left), (b, right))]
        both = sizes[0][..., :, None] * sizes[1][..., None, :]
        return stretched((a @ right.swapaxes(-1, -2)) / np.maximum(both, 1e-9))

    def kin(self, left: Floats, right: Floats) -> Floats:
        """The same by learned topics, which also near what shares no words."""
        return 4 * nearness(left @ self.topics, right @ self.topics)

    def sequence(self) -> float:
        """Whether torn pieces of this page go on in the next one: near 1 where they do, below 0 where they do not.

        A page that was read article by article and one that was read across its columns ask for different trust in
        what stands next.
        """
        n = len(self.pieces)
        i = np.nonzero((self.torn[:-1] > 0.7) & ~self.to_mark[:-1] & ~self.short[1:])[0] if n > 1 else np.zeros(0, int)
        if not len(i):
            return 0.0
        gain = np.clip(self.gain_next[i] + 3, -4, 4) / 4
        fit = gain - np.clip(self.starts[i + 1], -1, 1)
        return float(fit.sum() / (len(i) + 2))

    @cached_property
    def gram(self) -> Floats:
        """How alike each two pieces are: cosines of topic vectors, character pairs weighed by rarity and hashed.

        What a place of one piece only holds is in no product, so that only the places of more pieces are multiplied:
        one in five on newspaper pages.
        """
        n = len(self.pieces)
        weight = np.maximum(self.ngrams.surprise(self.pair) - 6.0, 0.0)
        known = weight > 0
        row, place, weight = self.pair_owner[known], places(self.pair[known], BITS), weight[known]
        times = np.bincount(place, minlength=1 << BITS)
        column = np.cumsum(times > 1) - 1
        width = int(column[-1]) + 1
        many = times[place] > 1
        cell = row[many] * width + column[place[many]]
        shared = np.bincount(cell, weight[many], minlength=n * width).astype(float).reshape(n, width)
        held = np.count_nonzero(shared, axis=0)
        shared *= np.log((n + 1) / (held + 0.5))  # what all pieces speak of tells none apart
        alone = np.bincount(row[~many], (weight[~many] * np.log((n + 1) / 1.5)) ** 2, minlength=n)
        size = np.sqrt(np.einsum("ij,ij->i", shared, shared) + alone)
        gram = (shared @ shared.T) / np.maximum(size[:, None] * size[None, :], 1e-9)
        np.fill_diagonal(gram, size > 0)
        return np.asarray(gram)

    def echoes(self, i: Ints, j: Ints) -> tuple[Floats, Floats]:
        """How many of the 3- and 4-character runs over the seam stand elsewhere on the page.

        Four characters can only stand where three of them do, which few pairs have.
        """
        three, four = np.zeros(len(i)), np.zeros(len(i))
        left, right = packed(self.tails[:, 1:])[i], packed(self.heads[:, :2])[j]
        two_one = (left << np.uint64(16)) | self.heads[j, 0]
        one_two = (self.tails[i, 2] << np.uint64(32)) | right
        k = np.flatnonzero(member(two_one, self.echo3))
        three[k] += 1.0
        four[k] += member((self.tails[i[k], 0] << np.uint64(48)) | two_one[k], self.echo4)
        four[k] += member((left[k] << np.uint64(32)) | right[k], self.echo4)
        k = np.flatnonzero(member(one_two, self.echo3))
        three[k] += 1.0
        four[k] += member((one_two[k] << np.uint64(16)) | self.heads[j[k], 2], self.echo4)
        return three, four


def member(values: Codes, known: Codes) -> npt.NDArray[np.bool_]:
    """Which values are among known ones, which are sorted: a third of what `numpy.isin` takes, which sorts both."""
    if not len(known):
        return np.zeros(len(values), dtype=bool)
    return np.asarray(known.take(known.searchsorted(values), mode="clip") == values)


def stretches(start: Ints, stop: Ints, n: int) -> Floats:
    """Groups of the pieces start … stop-1, as rows of weights."""
    k = np.arange(n)
    return 1.0 * ((k >= start[:, None]) & (k < stop[:, None]))


def stretched(cosines: Floats) -> Floats:
    """Likeness of topics: cosines, stretched where they are small."""
    return np.asarray(np.log1p(np.maximum(cosines, 0) * 20))


LINE_FEATURES = (
    "inside", "start", "end", "length", "long", "commas", "colon", "space", "quoted", "dash", "stop_inside", "exclaims",
    "wide", "full", "narrow", "one_line", "blank_before", "set_in", "unbalanced", "digits", "kinsoku", "column_known",
    "starts", "after_torn", "after_end", "before_opening", "before_torn_head", "last_words",
    "gain_next", "gain_before", "echo_next", "onward_next", "onward_before",
)  # fmt: skip


def line_features(page: PageText, i: Ints) -> Floats:
    """One row of `LINE_FEATURES` for each piece: is it a line of a headline, or the torn end of running text?"""
    rows = []
    n = len(page.pieces)
    after, before = np.minimum(i + 1, n - 1), np.maximum(i - 1, 0)
    gains = np.clip(np.concatenate([[0.0], page.gain_next, [0.0]]), -8, 8) / 4
    gain_next, gain_before = gains[i + 1], gains[i] * ~page.ended[before]
    echo_next = np.minimum(sum(page.echoes(i, after)), 2) * (i + 1 < n)
    onward_next = page.onward[i, after] * (i + 1 < n)
    onward_before = page.onward[before, i] * (i > 0) * ~page.ended[before]
    odds = page.ngrams.headline_odds([page.texts[k] for k in i])
    odds[:, 1:] = np.clip(odds[:, 1:], -4.0, 4.0)
    for at, k in enumerate(i.tolist()):
        text, piece = page.pieces[k].text.strip(), page.pieces[k]
        inside, start, end = odds[at].tolist()
        one = piece.line == piece.last
        column = piece.column > 0
        rows.append([
            inside, start, end, len(text) / 16, len(text) > 30,
            sum(map(text.count, "，、；")), "：" in text, " " in text, text[0] in "“「『" and text[-1] in "”」』",
            text.startswith("——"), "。" in text[:-1] or "；" in text[:-1], text[-1] in "！？!?",
            column and one and piece.tail_room < -2, column and bool(page.tail_full[k]), column and piece.tail_room > 12, one,
            piece.gap > 0, piece.indent >= 2, bool(page.unopened[k] | page.unclosed[k]), sum(map(str.isdigit, text)) / 4,
            bool(page.kinsoku[k]), column, page.starts[k], k > 0 and bool(~page.ended[k - 1] & ~page.short[k - 1]),
            k == 0 or bool(page.ended[k - 1]), k + 1 < len(page.pieces) and bool(page.opening[k + 1]),
            k + 1 < len(page.pieces) and page.starts[k + 1] < -0.7, bool(page.final[k]),
            gain_next[at], gain_before[at], echo_next[at], onward_next[at], onward_before[at],
        ])  # fmt: skip
    return np.array(rows, dtype=float).reshape(len(i), len(LINE_FEATURES))


def by_place(columns: Sequence[Floats], near: npt.NDArray[np.bool_]) -> Floats:
    """Columns put together, every one once more for neighbours alone: what counts there differs.

    Columns stand one after the other in memory, which is three times as fast to fill as rows.
    """
    n = len(columns)
    out = np.empty((2 * n, len(near)))
    for k, column in enumerate(columns):
        out[k] = column
    np.multiply(out[:n], near, out=out[n:])
    return out.T


def place_names(features: tuple[str, ...]) -> tuple[str, ...]:
    """Names for what `by_place` makes."""
    return (*features, *(f"{name}|next" for name in features))


SEAM_FEATURES = (
    "gain_good", "gain_poor", "gain_bad", "gain_unpunctuated", "onward", "onward_poor", "onward_bad", "onward_unpunctuated", "pair_gain", "one_two", "two_one", "two_two", "echo3", "echo4", "brackets_meet", "bracket_left_open", "bracket_unopened",
    "ended", "quoted", "paused", "colon", "kinsoku", "opening", "final", "digits_meet", "latin_meets", "latin_breaks",
    "tail_full", "tail_short", "flush", "set_in", "full_to_flush", "short_to_any", "same_column", "other_column",
    "next", "next_gap0", "next_full", "second", "forward", "backward", "topic", "column_topic", "kin", "column_kin", "upwards", "tail_is_short", "head_is_short",
    "tail_headness", "head_headness", "headline_between", "next_short",
    "head_starts", "after_torn", "after_short", "torn", "torn_to_starts",
    "to_mark", "from_mark", "quoted_to_torn", "sequence", "torn_in_sequence", "both_torn",
)  # fmt: skip


def seam_features(page: PageText, i: Ints, j: Ints, order: Ints) -> Floats:
    """One row of `SEAM_FEATURES` for each pair: does piece `i` go on in piece `j`? `order` is each piece's place."""
    cuts = page.ngrams.cuts(page.sides, i, j)
    gain, onward = cuts.gain, page.onward[i, j]
    pair, *together = page.ngrams.together(page.sides, cuts, i, j)
    near = [np.clip(x, -4, 8) / 3 for x in together]
    echo3, echo4 = page.echoes(i, j)
    fits = page.meet[i, j]
    unended = ~(page.ended | page.quoted | page.paused | page.colon)[i]
    column_i, column_j = page.column[i], page.column[j]
    both = (column_i > 0) & (column_j > 0)
    step = order[j] - order[i]
    gap = np.array([p.gap for p in page.pieces])
    latin = page.tail_latin[i] | page.tail_digit[i]
    shorts = np.concatenate([[0], np.cumsum(page.short & ~page.ended)])
    low, high = np.minimum(i, j), np.maximum(i, j)
    between = (shorts[high] - shorts[low + 1]) > 0
    after_torn, after_short = (np.concatenate([[False], x[:-1]]) for x in (page.torn, page.short))
    sequence = page.sequence()
    column_alike, column_kin, column = page.segments()
    upwards = (column[i] == column[j]) & (j < i)
    column_topic = column_alike[i, j] * ~upwards
    columns = [
        np.clip(gain, 0, 12) / 4, np.clip(gain, -4, 0) / 4, np.clip(gain + 4, -8, 0) / 4,
        np.clip(gain, -8, 12) / 4 * unended, onward, np.minimum(onward, 0), np.minimum(onward + 1, 0), onward * unended, np.clip(pair, -6, 6) / 3, *near, echo3, echo4, fits,
        page.unclosed[i] & ~fits, page.unopened[j] & ~fits, page.ended[i], page.quoted[i], page.paused[i], page.colon[i], page.kinsoku[j],
        page.opening[j], page.final[i], page.tail_digit[i] & page.head_digit[j], page.tail_latin[i] & page.head_latin[j],
        latin & (page.head_latin[j] | page.head_digit[j]),
        page.tail_full[i], page.tail_short[i], page.flush[j], page.set_in[j], page.tail_full[i] & page.flush[j],
        page.tail_short[i] & ~page.ended[i], both & (abs(column_i - column_j) <= 2), both & (abs(column_i - column_j) > 2),
        step == 1, (step == 1) & (gap[j] == 0), (step == 1) & (gap[j] == 0) & page.tail_full[i] & page.flush[j], step == 2, np.log1p(np.clip(step - 1, 0, FAR)), np.log1p(np.clip(-step, 0, FAR)),
        page.topic[i, j], column_topic, 4 * nearness(page.topics, page.topics)[i, j], column_kin[i, j] * ~upwards, upwards, page.short[i], page.short[j],
        page.headness[i], page.headness[j], between, (step == 1) & (page.short[i] | page.short[j]),
        page.starts[j], after_torn[j], after_short[j], page.torn[i], page.torn[i] * page.starts[j],
        page.to_mark[i], page.from_mark[j], page.quoted[i] & (page.starts[j] < -0.8),
        np.full(len(i), sequence), sequence * page.torn[i],
        page.torn[i] * (page.starts[j] < -0.2) * ~page.to_mark[i] * ~page.from_mark[j],
    ]  # fmt: skip
    return by_place(columns, step == 1)
