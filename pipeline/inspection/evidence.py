"""Why one piece goes on in another: the features that a model weighed, their effects, and the runner-up.

A logistic model adds up weight times value, so the part that each feature had in a decision is known exactly. Features of
one meaning are told together as a sign (`signs.toml`): single weights of features that vary together say little to a reader.
The assignment is not made again. Scores are computed for the joins that were chosen and for those that might have been.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import msgspec
import numpy as np

from pipeline.assign import Floats, Ints, Model, load_weights, match_odds, probability
from pipeline.headlines import headline_runs, headline_worth
from pipeline.inspection.words import FAMILIES
from pipeline.ngrams import MODEL
from pipeline.page import PLAINLY_TORN, mark_mastheads, read_page, tell_headlines
from pipeline.records import Document
from pipeline.stages import columns
from pipeline.threads import Bodies, Run, Unit, follow_features, headline_features

# Effects below this, in log odds, are not worth a reader's time.
SLIGHT = 0.15
# Above all log odds that a model gives; and what is shown for a pair that the rules exclude.
HIGH, NEVER = 1000.0, -9.0


class Sign(msgspec.Struct):
    """What features of one meaning did together, in log odds: above 0 they spoke for the join, below against it."""

    name: str
    effect: float
    facts: list[tuple[str, float]] = []  # features that are plainly so, with their own effects


class Rival(msgspec.Struct):
    """What might have been chosen instead; `taken` is the piece that the rival was joined to, if any."""

    piece: int
    score: float
    taken: int | None = None


class Evidence(msgspec.Struct):
    """What spoke for and against a join, the heaviest first; pieces are indexes into the document's."""

    score: float
    logit: float
    signs: list[Sign]
    onward: Rival | None = None  # what else the first piece might have gone on in
    before: Rival | None = None  # what else might have gone on in the second piece

    def caveat(self, sort: str) -> str:
        """Which word of warning a join needs that was made: of little odds, or by a rule after the models."""
        if self.logit > 0:
            return ""
        return "slight" if sort == "seam" or (sort == "step" and self.logit > -columns.DARING) else "by_rule"


class Table(msgspec.Struct, dict=True):
    """All pairs that may be joined, with their features and log odds.

    `ruled` is what the stage's rules add to the model's log odds, told with the sign `by`.
    """

    kind: str
    i: Ints
    j: Ints
    rows: Floats
    model: Model
    ruled: Floats
    by: str = "rules"

    @cached_property
    def worth(self) -> Floats:
        """What each pair is worth to the stage, in log odds."""
        return self.model.logit(self.rows) + self.ruled

    @cached_property
    def place(self) -> dict[tuple[int, int], int]:
        """The row of a pair."""
        return {pair: k for k, pair in enumerate(zip(self.i.tolist(), self.j.tolist(), strict=True))}

    def signs(self, row: int) -> list[Sign]:
        """What the features of a row did, told by meaning."""
        found: dict[str, Sign] = {}
        effects: dict[str, float] = {}
        values: dict[str, float] = {}
        for name, weight, value in zip(self.model.features, self.model.weights, self.rows[row].tolist(), strict=True):
            base = name.partition("|")[0]
            effects[base] = effects.get(base, 0.0) + weight * value
            values.setdefault(base, value)
        for base, effect in effects.items():
            family = FAMILIES[self.kind].get(base, "other")
            sign = found.setdefault(family, Sign(family, 0.0))
            sign.effect += effect
            if values[base] == 1.0 and abs(effect) >= SLIGHT:
                sign.facts.append((base, round(effect, 2)))
        if self.ruled[row]:
            found.setdefault(self.by, Sign(self.by, 0.0)).effect += float(self.ruled[row])
        found["prior"] = Sign("prior", self.model.bias)
        signs = [Sign(s.name, round(s.effect, 2), sorted(s.facts, key=lambda f: -abs(f[1]))) for s in found.values()]
        return sorted(signs, key=lambda s: (-abs(s.effect), s.name))

    def best(self, *, first: int | None = None, then: int | None = None, but: int | None = None) -> int | None:
        """The row worth most of those with this first or second member, one left out."""
        mask = (self.i == first) & (self.j != but) if first is not None else (self.j == then) & (self.i != but)
        rows = np.nonzero(mask)[0]
        return int(rows[np.argmax(self.worth[rows])]) if len(rows) else None


def among_rivals(kind: str, i: Ints, j: Ints, rows: Floats, model: Model, ruled: Floats | float = 0.0) -> Table:
    """Pairs of which each end has one partner: what rules and a pair's rivals take from its odds is a sign of its own."""
    worth = model.logit(rows)
    return Table(kind, i, j, rows, model, match_odds(i, j, worth + ruled)[0] - worth, by="rivals")


class PageEvidence:
    """The evidence on one newspaper page, weighed when it is asked for.

    `paragraphs` are the pieces of each paragraph in order, all articles of the page one after another as lists of
    paragraphs; what stands in none is taken as units of their own, as the stage takes them.
    """

    def __init__(self, document: Document, articles: Sequence[Sequence[Sequence[int]]]) -> None:
        self.weights = load_weights(MODEL / "weights.json")
        self.page = read_page(document.pieces, MODEL)
        member = {piece: m for m, piece in enumerate(self.page.members)}
        self.member = member
        if self.page.members:
            mark_mastheads(self.page, document)
            tell_headlines(self.page, self.weights["line"].logit)
        self.articles = [[[member[p] for p in run if p in member] for run in runs] for runs in articles]
        self.articles = [[run for run in runs if run] for runs in self.articles]
        self.next_piece = {a: b for runs in self.articles for run in runs for a, b in pairwise(run)}
        self.before_piece = {b: a for a, b in self.next_piece.items()}

    @cached_property
    def units(self) -> list[Unit]:
        """Paragraphs and lone lines of the page, by where they begin."""
        runs = [run for runs in self.articles for run in runs]
        held = {m for run in runs for m in run}
        runs += [[m] for m in range(len(self.page.members)) if m not in held]
        shorts = self.page.text.short
        return [Unit(run, len(run) == 1 and bool(shorts[run[0]])) for run in sorted(runs)]

    @cached_property
    def _edges(self) -> tuple[dict[int, int], dict[int, int]]:
        """The unit that ends, and the one that begins, with each piece."""
        numbered = list(enumerate(self.units))
        return {u.pieces[-1]: k for k, u in numbered}, {u.pieces[0]: k for k, u in numbered}

    @cached_property
    def seams(self) -> Table:
        """Pieces that may be halves of one paragraph."""
        i, j, rows = columns.seam_table(self.page, self.weights["first_seam"])
        return among_rivals("seam", i, j, rows, self.weights["seam"], columns.into_heads(self.page.text, j))

    @cached_property
    def steps(self) -> Table:
        """Paragraphs that may follow each other, by their units."""
        i, j = columns.follow_pairs(self.page.text, self.units)
        rows = follow_features(self.page.text, self.page.place, self.units, i, j)
        return among_rivals("follow", i, j, rows, self.weights["follow"])

    def seam(self, first: int, then: int) -> Evidence | None:
        """Why piece `first` goes on in piece `then`; None where the models were not asked (a caption's credit)."""
        a, b = self.member.get(first), self.member.get(then)
        if a is None or b is None or (a, b) not in self.seams.place:
            return None
        row = self.seams.place[a, b]
        onward, before = self.seams.best(first=a, but=b), self.seams.best(then=b, but=a)
        return Evidence(
            probability(self.seams.worth[row]),
            round(float(self.seams.worth[row]), 3),
            self.seams.signs(row),
            self._rival(self.seams, onward, self.seams.j, self.before_piece),
            self._rival(self.seams, before, self.seams.i, self.next_piece),
        )

    def open_end(self, piece: int) -> tuple[int, Evidence] | None:
        """The best that a torn piece might have gone on in, where it goes on in nothing; None where it is not torn."""
        m = self.member.get(piece)
        if m is None or m in self.next_piece or self.page.text.torn[m] <= PLAINLY_TORN:
            return None
        if self.page.text.short[m]:
            return None
        row = self.seams.best(first=m)
        if row is None:
            return None
        target = int(self.seams.j[row])
        found = Evidence(
            probability(self.seams.worth[row]), round(float(self.seams.worth[row]), 3), self.seams.signs(row)
        )
        taken = self.before_piece.get(target)
        if taken is not None:
            found.before = Rival(self.page.members[taken], self._score(taken, target), self.page.members[target])
        return self.page.members[target], found

    def _score(self, a: int, b: int) -> float:
        row = self.seams.place.get((a, b))
        return probability(self.seams.worth[row]) if row is not None else 1.0

    def _rival(self, table: Table, row: int | None, side: Ints, taken: dict[int, int]) -> Rival | None:
        if row is None:
            return None
        m = int(side[row])
        partner = taken.get(m)
        members = self.page.members
        return Rival(members[m], probability(table.worth[row]), members[partner] if partner is not None else None)

    def step(self, first: int, then: int) -> Evidence | None:
        """Why the paragraph that ends with piece `first` is followed by the one that begins with piece `then`."""
        ends, begins = self._edges
        a, b = ends.get(self.member.get(first, -1)), begins.get(self.member.get(then, -1))
        if a is None or b is None or (a, b) not in self.steps.place:
            return None
        row = self.steps.place[a, b]
        found = Evidence(
            probability(self.steps.worth[row]), round(float(self.steps.worth[row]), 3), self.steps.signs(row)
        )
        other = self.steps.best(first=a, but=b)
        if other is not None:
            unit = self.units[int(self.steps.j[other])]
            found.onward = Rival(self.page.members[unit.pieces[0]], probability(self.steps.worth[other]))
        other = self.steps.best(then=b, but=a)
        if other is not None:
            unit = self.units[int(self.steps.i[other])]
            found.before = Rival(self.page.members[unit.pieces[-1]], probability(self.steps.worth[other]))
        return found

    def head(self, lines: Sequence[int], article: int | None) -> Evidence | None:
        """Why headline lines are an article's head: that article against the next best; the best where it is None.

        Weighed on the finished page; when heads were given out a few paragraphs may not yet have been where they are.
        """
        own = sorted(self.member[p] for p in lines if p in self.member)
        known, bodies = self._bodies
        if not own or not known or (article is not None and article not in known):
            return None
        run = self._run(own)
        i, j, rows = headline_features(self.page.text, self.page.place, [run], bodies)
        model = self.weights["headline"]
        # the stage has no use for what is worth less than nothing, a reader has
        lifted = headline_worth(self.page, [run], bodies, lambda rows: model.logit(rows) + HIGH)[0] - HIGH
        odds = model.logit(rows)
        ruled = np.where(lifted < NEVER - HIGH / 2, np.minimum(NEVER - odds, 0), lifted - odds)
        table = Table("headline", i, j, rows, model, np.asarray(np.round(ruled, 9), dtype=np.float64))
        here = known.index(article) if article is not None else int(np.argmax(table.worth))
        found = Evidence(probability(table.worth[here]), round(float(table.worth[here]), 3), table.signs(here))
        if article is None:
            found.onward = Rival(self.page.members[bodies.articles[here][0]], found.score)
            return found
        other = table.best(first=0, but=here)
        if other is not None:
            rival = bodies.articles[int(table.j[other])][0]
            found.onward = Rival(self.page.members[rival], probability(table.worth[other]))
        return found

    def _run(self, own: list[int]) -> Run:
        """Headline lines, with those that stand beside them and are left out."""
        held = {m for runs in self.articles for run in runs for m in run}
        strays = [k for k, unit in enumerate(self.units) if unit.short and unit.pieces[0] not in held]
        for run in headline_runs(self.page, self.units, strays):
            if set(own) <= set(run.members):
                at, end = run.members.index(own[0]), run.members.index(own[-1]) + 1
                above, beyond = run.members[:at][::-1], run.members[end:]
                return Run(own, self._text(own), above, beyond)
        return Run(own, self._text(own))

    def _text(self, members: Sequence[int]) -> str:
        return " ".join(self.page.pieces[self.page.members[m]].text for m in members)

    @cached_property
    def _bodies(self) -> tuple[list[int], Bodies]:
        """Which articles have text on this page, and what headlines are held against."""
        flat = [[m for run in runs for m in run] for runs in self.articles]
        return [k for k, own in enumerate(flat) if own], Bodies(self.page.text, [own for own in flat if own])


class DocumentEvidence:
    """The evidence on a newspaper page, or on each part of a document that the stage weighs in turns; pieces are the document's."""

    def __init__(self, document: Document, articles: Sequence[Sequence[Sequence[int]]]) -> None:
        self.starts: list[int] = []
        self.sheets: list[PageEvidence] = []
        at = 0
        for sheet in columns.sheets(document):
            end = at + len(sheet.pieces)
            own = [[[p - at for p in run if at <= p < end] for run in runs] for runs in articles]
            self.sheets.append(PageEvidence(sheet, own))
            self.starts.append(at)
            at = end

    def seam(self, first: int, then: int) -> Evidence | None:
        """As of a page; None for pieces that were weighed apart."""
        k, at = self._of(first)
        return _moved(self.sheets[k].seam(first - at, then - at), at)

    def step(self, first: int, then: int) -> Evidence | None:
        """As of a page; None for pieces that were weighed apart."""
        k, at = self._of(first)
        return _moved(self.sheets[k].step(first - at, then - at), at)

    def open_end(self, piece: int) -> tuple[int, Evidence] | None:
        """As of a page."""
        k, at = self._of(piece)
        found = self.sheets[k].open_end(piece - at)
        if found is None:
            return None
        _moved(found[1], at)
        return found[0] + at, found[1]

    def head(self, lines: Sequence[int], article: int | None) -> Evidence | None:
        """As of a page."""
        k, at = self._of(lines[0])
        return _moved(self.sheets[k].head([p - at for p in lines], article), at)

    def _of(self, piece: int) -> tuple[int, int]:
        """The part that a piece stands in, and where that part begins."""
        k = bisect_right(self.starts, piece) - 1
        return k, self.starts[k]


def _moved(found: Evidence | None, by: int) -> Evidence | None:
    """The same evidence, its pieces counted from another beginning."""
    for rival in (found.onward, found.before) if found is not None else ():
        if rival is not None:
            rival.piece += by
            rival.taken = rival.taken + by if rival.taken is not None else None
    return found
