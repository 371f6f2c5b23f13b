"""What no single assignment sees: closing lines, crossheads taken for headlines, headlines left over.

Each rule mends one sort of contradiction between articles and headlines. `attach_closings`, `part_at_closings` and
`close_in_brackets` run when paragraphs are in articles and no headline is given out; `name_by_place`, then `mend`, each in the
order in which its rules stand there, when headlines are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.heads import OF_NO_TEXT, OF_THE_TEXT, names_itself
from pipeline.labels import NOTES
from pipeline.ngrams import Codes, distinct
from pipeline.seams import PageText
from pipeline.threads import Run, Unit, coverage
from pipeline.topics import nearness

# Most characters of a closing line, （新华社北京11月16日电）.
CLOSING_LINE = 60
# Most characters of a name, or a name and a place, in brackets.
SIGNATURE = 16
# Fewest paragraphs of a section that its crosshead parts off, and how near it is to what it stands in, by topics.
SECTION, SAME = 3, 0.5
# A headline speaks of a text that holds this share of its character pairs, by rarity.
SPEAKS_OF = 0.3
# Most lines of a head whose place alone says what it names: kicker, headline of two lines, subtitle, logo of a series.
MAIN_HEAD = 5
# Fewest characters of a headline that is left over and may name an article of its own.
HEADLINE = 8


class Draft:
    """Articles as runs of units, each with the headline lines that it was given; `free` lines belong to none."""

    def __init__(self, page: PageText, units: Sequence[Unit], articles: list[list[int]]) -> None:
        self.page = page
        self.units = units
        self.articles = articles
        self.heads: dict[int, Run] = {}
        self.free: list[int] = []  # members
        self.signed: set[int] = set()  # members right below a byline
        self.apart: set[int] = set()  # members with which a text begins that a headline told

    def members(self, article: int) -> list[int]:
        """The pieces of an article in reading order."""
        return [m for k in self.articles[article] for m in self.units[k].pieces]

    def owner(self) -> list[int]:
        """The article of each piece of the page; -1 for headline lines and what is nobody's."""
        out = [-1] * len(self.page.pieces)
        for a in range(len(self.articles)):
            for m in self.members(a):
                out[m] = a
        return out

    def free_above(self, article: int) -> list[int]:
        """The lines that belong to none and stand right above an article, top first."""
        top = self.members(article)[0]
        first = top
        while first - 1 in self.free:
            first -= 1
        return list(range(first, top))

    def head(self, lines: list[int]) -> Run:
        """Some lines as one head."""
        return Run(lines, " ".join(self.page.pieces[m].text for m in lines))

    def name(self, article: int, head: Run) -> None:
        """Give an article a head, whose lines are free no more."""
        self.heads[article] = head
        self.free = [m for m in self.free if m not in head.members]

    def pairs(self, members: Sequence[int]) -> Codes:
        """The character pairs of some pieces."""
        return distinct(np.concatenate([self.page.pairs[m] for m in members]))

    def drop_empty(self) -> None:
        """Close up the gaps that merged articles leave."""
        kept = [a for a, run in enumerate(self.articles) if run]
        self.heads = {new: self.heads[old] for new, old in enumerate(kept) if old in self.heads}
        self.articles = [self.articles[a] for a in kept]


def close_in_brackets(draft: Draft, strays: Sequence[int]) -> list[int]:
    """A short line that is all in brackets, （张三）, below a text that has ended is its end; returns the other stray lines."""
    last = {draft.members(a)[-1]: a for a in range(len(draft.articles))}
    kept = []
    for k in strays:
        m = draft.units[k].pieces[0]
        text = draft.page.texts[m]
        bracketed = len(text) <= SIGNATURE and text[0] in "（(" and text[-1] in "）)"
        if bracketed and m - 1 in last and draft.page.ended[m - 1]:
            draft.articles[last[m - 1]].append(k)
            draft.units[k].short = False
        else:
            kept.append(k)
    return kept


def attach_closings(draft: Draft) -> None:
    """A closing line alone, （完）, is the end of the article that stands right before it."""
    owner = draft.owner()
    for a, run in enumerate(draft.articles):
        first = draft.units[run[0]].pieces[0]
        text = draft.page.texts[first]
        if len(run) == 1 and draft.page.final[first] and len(text) <= CLOSING_LINE and first and owner[first - 1] >= 0:
            before = owner[first - 1]
            if before != a and draft.units[draft.articles[before][-1]].pieces[-1] == first - 1:
                draft.articles[before] += run
                draft.articles[a] = []
                owner = draft.owner()
    draft.drop_empty()


def part_at_closings(draft: Draft) -> list[int]:
    """A closing line, （作者为某某）, with its footnotes, or a writer's signature ends an article: a crosshead that follows is a
    headline.

    Returns the units that became headlines of none.
    """
    strays = []
    for a, run in enumerate(draft.articles):  # what is parted off is asked in its turn
        for at, k in enumerate(run[:-1]):
            last = draft.units[k].pieces[-1]
            if not draft.page.final[last]:
                continue
            while at + 1 < len(run) and draft.page.texts[draft.units[run[at + 1]].pieces[0]][0] in NOTES:
                at += 1
            rest = run[at + 1 :]
            heads = next((n for n, unit in enumerate(rest) if not draft.units[unit].short), len(rest))
            if heads:
                draft.articles[a] = run[: at + 1]
                draft.articles.append(rest[heads:])
                strays += rest[:heads]
                break
    draft.drop_empty()
    return strays


def name_with_column(draft: Draft) -> None:
    """Free lines right above a text without a headline name it, if one of them says that it heads a column, a box, a notice."""
    for a in range(len(draft.articles)):
        lines = draft.free_above(a)[-MAIN_HEAD:]
        if a not in draft.heads and any(names_itself(draft.page.texts[m]) for m in lines):
            draft.name(a, draft.head(lines))


def part_at_boxes(draft: Draft) -> None:
    """Text right below the head of a box or a notice is no part of the article that stands above it."""
    for m in [m for m in draft.free if names_itself(draft.page.texts[m])]:
        below = next((n for n in range(m + 1, len(draft.page.pieces)) if n not in draft.free), None)
        for a, run in enumerate(draft.articles):
            at = next((n for n, k in enumerate(run) if draft.units[k].pieces[0] == below), 0)
            if at and all(piece < m for k in run[:at] for piece in draft.units[k].pieces):
                draft.articles[a] = run[:at]
                draft.articles.append(run[at:])
                break


def name_by_place(draft: Draft) -> None:
    """Free lines whose place alone says what they name."""
    part_at_boxes(draft)
    name_with_column(draft)
    name_interrupted(draft)
    name_signed(draft)


def mend(draft: Draft) -> None:
    """Apply the rules that need headlines to be given out."""
    join_inside(draft)
    name_over_logo(draft)
    open_under_byline(draft)
    part_at_dateline(draft)
    join_over_crosshead(draft)


def name_interrupted(draft: Draft) -> None:
    """A headline that cuts a paragraph in two names the article that it stands in: no crosshead does that."""
    owner = draft.owner()
    for m in list(draft.free):
        if not 0 < m < len(owner) - 1 or owner[m - 1] < 0 or owner[m - 1] != owner[m + 1]:
            continue
        a = owner[m - 1]
        torn = any(m - 1 in u.pieces and m + 1 in u.pieces for u in (draft.units[k] for k in draft.articles[a]))
        if torn and a not in draft.heads:
            draft.name(a, draft.head([m]))


def name_signed(draft: Draft) -> None:
    """Free lines above a byline name the text below it: they are as many lines as the head of a page's main story has."""
    for a in range(len(draft.articles)):
        lines = draft.free_above(a)[-MAIN_HEAD:]
        if a not in draft.heads and draft.members(a)[0] in draft.signed and lines:
            sizes = [len(draft.page.texts[m]) for m in lines]
            if len(lines) > 2 and sizes[-1] == min(sizes) and not draft.page.texts[lines[-1]].startswith("——"):
                lines.pop()  # shorter than kicker and headline, right above the byline: the logo of a series
            draft.name(a, draft.head(lines))


def name_over_logo(draft: Draft) -> None:
    """A head of which the text says nothing, and right above it a free line that the text is about: both are the head."""
    for a, head in list(draft.heads.items()):
        above = head.members[0] - 1
        if above not in draft.free:
            continue
        words = [draft.pairs(draft.members(a))]
        texts = [draft.page.pieces[above].text, head.text]
        line, own = (coverage(draft.page, text, words)[0] for text in texts)
        if line >= OF_THE_TEXT and own <= OF_NO_TEXT:
            draft.name(a, draft.head([above, *head.members]))


def open_under_byline(draft: Draft) -> None:
    """Free lines between a byline and the text: no headline, they open the text."""
    for a in range(len(draft.articles)):
        lines = draft.free_above(a)
        if a in draft.heads and lines and lines[0] in draft.signed:
            shorts = [k for k, u in enumerate(draft.units) if u.short and u.pieces[0] in lines]
            draft.articles[a] = [*shorts, *draft.articles[a]]
            draft.free = [m for m in draft.free if m not in lines]


def part_at_dateline(draft: Draft) -> None:
    """A headline is left over and a dateline stands amid an article: two articles, if the headline speaks of the second."""
    for head in free_runs(draft):
        if len(head.text) < HEADLINE:
            continue
        best: tuple[float, int, int] | None = None
        for a, run in enumerate(draft.articles):
            for at in range(1, len(run)):
                if not draft.page.opening[draft.units[run[at]].pieces[0]]:
                    continue
                before = [m for k in run[:at] for m in draft.units[k].pieces]
                after = [m for k in run[at:] for m in draft.units[k].pieces]
                first, second = coverage(draft.page, head.text, [draft.pairs(before), draft.pairs(after)])
                if second >= SPEAKS_OF and second > first + 0.1 and (best is None or second > best[0]):
                    best = (second, a, at)
        if best is not None:
            _, a, at = best
            draft.articles.append(draft.articles[a][at:])
            draft.articles[a] = draft.articles[a][:at]
            draft.name(len(draft.articles) - 1, head)


def join_inside(draft: Draft) -> None:
    """A text that stands inside of another and speaks of the same is a section of it, and its headline a crosshead.

    What is set in a box there speaks of something else, or says who wrote it or where.
    """
    page = draft.page
    marked = page.opening | page.after_masthead | page.from_mark | page.to_mark | page.final
    for a, head in list(draft.heads.items()):
        own = draft.members(a)
        top, foot = head.members[0] - 1, own[-1] + 1
        between = range(head.members[0], foot)
        if head.members[-1] + 1 != own[0] or len(own) < SECTION or sorted(own) != list(range(own[0], foot)):
            continue
        if marked[list(between)].any() or draft.signed & set(between):
            continue
        owner = draft.owner()
        while foot in draft.free:
            foot += 1
        b = owner[top] if top >= 0 and foot < len(owner) else -1
        if b < 0 or b != owner[foot]:
            continue
        near = nearness(*(page.topics[draft.members(k)].sum(axis=0)[None] for k in (a, b)))[0, 0]
        if near >= SAME and _insert(draft, b, top, foot, [*_shorts(draft, head.members), *draft.articles[a]]):
            draft.articles[a] = []
            del draft.heads[a]
    draft.drop_empty()


def _shorts(draft: Draft, lines: Sequence[int]) -> list[int]:
    """The units that are these lines."""
    return [k for k, u in enumerate(draft.units) if u.short and u.pieces[0] in lines]


def join_over_crosshead(draft: Draft) -> None:
    """A text without headline or dateline that begins right after a free short line: the line is a crosshead in it."""
    page = draft.page
    for m in sorted(draft.free):
        if m not in draft.free:
            continue
        lines = [m]
        while lines[-1] + 1 in draft.free:
            lines.append(lines[-1] + 1)
        owner = draft.owner()
        first, last = lines[0] - 1, lines[-1] + 1
        if len(lines) > 2 or first < 0 or last >= len(owner) or owner[first] < 0 or owner[last] < 0:
            continue
        a, b = owner[first], owner[last]
        shorts = _shorts(draft, lines)
        if a == b and _insert(draft, a, first, last, shorts):
            draft.free = [k for k in draft.free if k not in lines]
            continue
        ends = draft.members(a)[-1] == first and draft.members(b)[0] == last
        marked = page.opening[last] or page.to_mark[first] or page.final[first]
        marked |= any(page.from_mark[k] or page.after_masthead[k] for k in range(lines[0], last + 1))
        if a != b and ends and b not in draft.heads and not marked:
            draft.articles[a] += [*shorts, *draft.articles[b]]
            draft.articles[b] = []
            draft.free = [k for k in draft.free if k not in lines]
    draft.drop_empty()


def _insert(draft: Draft, article: int, first: int, last: int, shorts: list[int]) -> bool:
    """Put crossheads between the paragraph that ends right above them and the next one, which begins right below."""
    run = draft.articles[article]
    for at in range(1, len(run)):
        above, below = (draft.units[k].pieces for k in (run[at - 1], run[at]))
        if above[-1] == first and below[0] == last:
            run[at:at] = shorts
            return True
    return False


def free_runs(draft: Draft) -> list[Run]:
    """Free lines that stand together, as one head each."""
    runs: list[list[int]] = []
    for m in sorted(draft.free):
        if runs and runs[-1][-1] == m - 1:
            runs[-1].append(m)
        else:
            runs.append([m])
    return [draft.head(r) for r in runs]
