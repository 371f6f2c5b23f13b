"""Score a run's articles against gold: how much of a page came out as its reader meant it.

Texts are compared in NFKC, simplified, without white space and leading bullets. Text that gold calls doubtful costs
nothing where it is kept. `figures.py` says what is counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import PurePosixPath
from typing import NamedTuple

from pipeline.figures import Counts, Miss
from pipeline.gold import Gold, ScoredArticle
from pipeline.script import to_script

HEADLINES = ("kicker", "title", "subtitle")
JUMPS = ("continued_from", "continued_to")
KNOWN = ("date", "publication", "byline")

_GRAM = 5  # characters compared for content
_WINDOW = 12  # characters that tell where a piece of text stands
_SPACE = re.compile(r"\s+")
_BULLET = re.compile(r"^[●■◆▲▶★○◎•·\-]+")

Place = tuple[int, int]  # article, paragraph


class Body(NamedTuple):
    """A paragraph as it is compared."""

    type: str
    text: str


@lru_cache(maxsize=200_000)
def plain(text: str) -> str:
    """The text as it is compared."""
    text = unicodedata.normalize("NFKC", text)
    text = _BULLET.sub("", _SPACE.sub("", text))
    return text if text.isascii() else to_script(text, "simplified")


def grams(text: str) -> Iterator[str]:
    """All runs of five characters; a shorter text is one."""
    if len(text) <= _GRAM:
        return iter([text] if text else [])
    return (text[i : i + _GRAM] for i in range(len(text) - _GRAM + 1))


def windows(text: str) -> Iterator[str]:
    """All runs of twelve characters; a shorter text is one."""
    return (text[k : k + _WINDOW] for k in range(max(1, len(text) - _WINDOW + 1)))


class _Group:
    """One group of documents, gold and output side by side."""

    def __init__(self, gold: Gold, out: Sequence[ScoredArticle]) -> None:
        self.gold, self.out = gold, out
        self.counts = Counts()
        self.document = gold.document if isinstance(gold.document, str) else gold.document[0]
        self.gold_body = [_body(article) for article in gold.articles]
        self.out_body = [_body(article) for article in out]
        self.where = _where(self.out_body)
        self.cell = self._cells()
        self.home = self._homes()

    def miss(self, sort: str, key: str | int | None, text: str, got: str) -> None:
        self.counts.misses.append(Miss(sort, self.document, key, text, got))

    def nearest(self, text: str) -> str:
        """The paragraph of the output that shares most of its text with this one, empty where none shares any."""
        votes = Counter(place for window in windows(text) for place in self.where.get(window, ()))
        if not votes:
            return ""
        i, j = max(votes, key=lambda place: (votes[place], -place[0], -place[1]))
        return self.out_body[i][j].text

    def _cells(self) -> Counter[tuple[int, int | None]]:
        """Characters of each gold article by the output article that holds them, None where none does.

        Text that stands in several output articles counts for the one that holds most of its paragraph, then most of
        its article.
        """
        cell: Counter[tuple[int, int | None]] = Counter()
        for g, paragraphs in enumerate(self.gold_body):
            held = [[{i for i, _ in self.where.get(w, ())} for w in windows(text)] for _, text in paragraphs]
            whole = Counter(i for starts in held for homes in starts for i in homes)
            for starts in held:
                claim = Counter(i for homes in starts for i in homes)
                rank = {i: claim[i] + whole[i] * 1e-6 for i in claim}
                votes = Counter(max(homes, key=lambda i: (rank[i], -i)) for homes in starts if homes)
                for i, v in votes.items():
                    cell[g, i] += v
                lost = len(starts) - sum(votes.values())
                if lost:
                    cell[g, None] += lost
        return cell

    def _homes(self) -> dict[int, int]:
        """For each gold article the output article that holds most of it."""
        votes: dict[int, Counter[int]] = defaultdict(Counter)
        for (g, i), v in self.cell.items():
            if i is not None:
                votes[g][i] += v
        return {g: max(found, key=lambda i: found[i]) for g, found in votes.items()}

    def score(self) -> Counts:
        """All counts."""
        self.counts.n["art_gold"], self.counts.n["art_out"] = len(self.gold.articles), len(self.out)
        self._content()
        self._grouping()
        self._paragraphs()
        self._false_joins()
        self._order()
        self._fields()
        self._claims()
        return self.counts

    def _content(self) -> None:
        gold = _bag(self.gold.articles, self.gold_body)
        out = _bag(self.out, self.out_body)
        doubt = Counter(g for text in self.gold.doubt for g in grams(plain(text)))
        for gram in doubt:
            out[gram] -= min(doubt[gram], max(0, out[gram] - gold[gram]))
        out = +out
        n = self.counts.n
        n["gram_hit"] = (gold & out).total()
        n["gram_gold"], n["gram_out"] = gold.total(), out.total()

    def _grouping(self) -> None:
        gold_size: Counter[int] = Counter()
        out_size: Counter[int] = Counter()
        for (g, home), v in self.cell.items():
            gold_size[g] += v
            if home is not None:
                out_size[home] += v
        shared = [(g, i, v) for (g, i), v in self.cell.items() if i is not None]
        n = self.counts.n
        n["b3_n"], n["b3_gold"] = out_size.total(), gold_size.total()
        n["b3_p"] = round(1e6 * sum(v * v / out_size[i] for _, i, v in shared))
        n["b3_r"] = round(1e6 * sum(v * v / gold_size[g] for g, _, v in shared))
        for g, home in self.home.items():
            others = sorted(i for h, i, v in shared if h == g and i != home and v >= _WINDOW)
            if others:
                self.miss(
                    "article", self.gold.articles[g].key, _name(self.gold.articles[g]), self._names(home, *others)
                )

    def _names(self, *numbers: int) -> str:
        return "\n".join(_name(self.out[i]) for i in numbers)

    def _paragraphs(self) -> None:
        pool: dict[int, Counter[str]] = defaultdict(Counter)
        kinds: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
        for i, paragraphs in enumerate(self.out_body):
            for kind, text in paragraphs:
                pool[i][text] += 1
                kinds[i, text][kind] += 1
        doubt = {plain(text) for text in self.gold.doubt}
        n = self.counts.n
        n["par_out"] = sum(text not in doubt for paragraphs in self.out_body for _, text in paragraphs)
        for g, paragraphs in enumerate(self.gold_body):
            article = self.gold.articles[g]
            whole = len(article.paragraphs) == len(paragraphs)
            home = self.home.get(g)
            for j, (kind, text) in enumerate(paragraphs):
                far = whole and article.paragraphs[j].pieces > 1
                n["par_gold"] += 1
                n["join_gold"] += far
                if home is not None and pool[home][text] > 0:
                    pool[home][text] -= 1
                    n["par_hit"] += 1
                    n["join_hit"] += far
                    if kinds[home, text][kind] > 0:
                        kinds[home, text][kind] -= 1
                        n["role_hit"] += 1
                else:
                    self.miss("join" if far else "paragraph", article.key, text, self.nearest(text))

    def _false_joins(self) -> None:
        """Paragraphs with enough of two of gold's in them, or with a headline or crosshead and more.

        On the way, those that hold nothing of gold's.
        """
        where = _where(self.gold_body)
        known = {text for body in self.gold_body for _, text in body}
        doubt = {plain(text) for text in self.gold.doubt}
        long_text = "\n".join(text for body in self.gold_body for _, text in body if len(text) >= 16)
        short = {plain(article.field(f)) for article in self.gold.articles for f in (*HEADLINES, "byline")}
        short |= {text for body in self.gold_body for _, text in body if len(text) < 16}
        short = {text for text in short if len(text) >= 4 and text not in long_text}
        for _, text in (paragraph for body in self.out_body for paragraph in body):
            votes: Counter[Place] = Counter()
            for window in windows(text):
                homes = where.get(window, set())
                if len(homes) == 1:
                    votes.update(homes)
            found = [self.gold_body[g][j].text for (g, j), v in votes.items() if v >= 4]
            found += sorted(unit for unit in short if unit in text and len(text) > len(unit))
            if len(found) > 1:
                self.counts.n["join_false"] += 1
                self.miss("false join", None, "\n".join(found), text)
            elif not votes and not found and text not in doubt and text not in known:
                self.miss("extra", None, "", text)

    def _order(self) -> None:
        for g, paragraphs in enumerate(self.gold_body):
            i = self.home.get(g)
            out = self.out_body[i] if i is not None else []
            pairs = Counter((a.text, b.text) for a, b in pairwise(out))
            after = {a.text: b for a, b in zip(out, [*(body.text for body in out[1:]), ""], strict=False)}
            for a, b in pairwise(paragraphs):
                self.counts.n["order_gold"] += 1
                if pairs[a.text, b.text] > 0:
                    pairs[a.text, b.text] -= 1
                    self.counts.n["order_hit"] += 1
                elif a.text in after and any(b.text == body.text for body in out):
                    key = self.gold.articles[g].key
                    self.miss("order", key, f"{a.text}\n{b.text}", f"{a.text}\n{after[a.text]}")

    def _fields(self) -> None:
        n = self.counts.n
        for g, article in enumerate(self.gold.articles):
            i = self.home.get(g)
            out = self.out[i] if i is not None else ScoredArticle([])
            if plain(article.field("title")):
                n["title_gold"] += 1
                if plain(out.field("title")) == plain(article.field("title")):
                    n["title_hit"] += 1
                else:
                    self.miss("title", article.key, article.field("title"), out.field("title"))
            for name in JUMPS:
                if article.field(name):
                    n["link_gold"] += 1
                    if out.field(name) == article.field(name):
                        n["link_hit"] += 1
                    else:
                        self.miss("link", article.key, f"{name} {article.field(name)}", out.field(name))
            for name in KNOWN:
                if article.field(name):
                    n["meta_gold"] += 1
                    if plain(out.field(name)) == plain(article.field(name)):
                        n["meta_hit"] += 1
                    else:
                        self.miss("meta", article.key, f"{name} {article.field(name)}", out.field(name))

    def _claims(self) -> None:
        """Headlines and jump marks of the output, on the gold article that an output article mostly holds."""
        held: dict[int, Counter[int]] = defaultdict(Counter)
        for (g, i), v in self.cell.items():
            if i is not None:
                held[i][g] += v
        n = self.counts.n
        for i, out in enumerate(self.out):
            votes = held.get(i)
            true = self.gold.articles[max(votes, key=lambda g: votes[g])] if votes else ScoredArticle([])
            if plain(out.field("title")):
                n["title_out"] += 1
                n["title_true"] += plain(out.field("title")) == plain(true.field("title"))
            for name in JUMPS:
                if out.field(name):
                    n["link_out"] += 1
                    n["link_true"] += out.field(name) == true.field(name)


def _body(article: ScoredArticle) -> list[Body]:
    bodies = (Body(paragraph.type, plain(paragraph.text)) for paragraph in article.paragraphs)
    return [body for body in bodies if body.text]


def _name(article: ScoredArticle) -> str:
    """A headline, or how the article begins."""
    return article.field("title") or next((paragraph.text[:30] for paragraph in article.paragraphs), "")


def _bag(articles: Sequence[ScoredArticle], bodies: Sequence[list[Body]]) -> Counter[str]:
    bag: Counter[str] = Counter()
    for article, body in zip(articles, bodies, strict=True):
        for name in HEADLINES:
            bag.update(grams(plain(article.field(name))))
        for _, text in body:
            bag.update(grams(text))
    return bag


def _where(bodies: Sequence[list[Body]]) -> dict[str, set[Place]]:
    where: dict[str, set[Place]] = defaultdict(set)
    for i, body in enumerate(bodies):
        for j, (_, text) in enumerate(body):
            for window in windows(text):
                where[window].add((i, j))
    return dict(where)


class Scores(NamedTuple):
    """Figures of each group and of all together; `stray` articles name no document of gold."""

    each: dict[str, Counts]
    total: Counts
    stray: int


def score(gold: Sequence[Gold], articles: Iterable[ScoredArticle]) -> Scores:
    """Score articles against gold. Documents are told by their file names."""
    group_of = {name: k for k, group in enumerate(gold) for name in group.names}
    out: dict[int, list[ScoredArticle]] = defaultdict(list)
    stray = 0
    for article in articles:
        names = (PurePosixPath(source["path"] or "").name for source in article.sources)
        groups = {group_of[name] for name in names if name in group_of}
        stray += not groups
        for k in groups:
            out[k].append(article)
    each: dict[str, Counts] = {}
    total = Counts()
    for k, group in enumerate(gold):
        counts = _Group(group, out[k]).score()
        total.add(counts)
        each[group.document if isinstance(group.document, str) else f"{group.document[0]}+"] = counts
    return Scores(each, total, stray)
