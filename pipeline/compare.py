"""What differs between two runs: what a change of rules, settings or versions did.

Articles are matched by their ids, which depend on the document and the place alone and on no rule; where an article
begins elsewhere than before, by the text that they share in the documents.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from pipeline.articles import Article, Dropped
from pipeline.differ import Change, difference
from pipeline.releases import Release, dropped_of

FIELDS = (
    *("publication", "date", "page", "kicker", "title", "subtitle", "byline", "authors", "agency"),
    *("continued_from", "continued_to", "flags", "script", "confidence", "supersedes"),
)


class Field(NamedTuple):
    """A field that differs."""

    name: str
    old: str
    new: str


class Stretch(NamedTuple):
    """Paragraphs that differ, and the place of the first of them; a line end stands between two."""

    number: int
    changes: list[Change]


class Changed(NamedTuple):
    """An article of both runs that differs."""

    old: Article
    new: Article
    fields: list[Field]
    stretches: list[Stretch]


class Comparison(NamedTuple):
    """Two runs side by side. Lists are cut to what was asked for; counts are whole."""

    counts: dict[str, int]
    changed: list[Changed]
    gone: list[Article]
    added: list[Article]
    reasons: list[tuple[str, int, int]]  # of dropped records: reason, in the first run, in the second
    now_dropped: list[Dropped]
    now_kept: list[Dropped]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.changed or self.gone or self.added or self.now_dropped or self.now_kept)


def compare(first: Path, second: Path, most: int) -> Comparison:
    """Compare two output folders; at most `most` of each sort are shown.

    Raises ReleaseError for a folder that is no output of a run.
    """
    old, new = Release(first), Release(second)
    both = [(name, name) for name in old.digests if name in new.digests]
    gone = [name for name in old.digests if name not in new.digests]
    added = [name for name in new.digests if name not in old.digests]
    moved = list(_matched(old, gone, new, added))
    gone = _without(gone, {a for a, _ in moved})
    added = _without(added, {b for _, b in moved})
    pairs = []
    same = slight = 0
    for a, b in both + moved:
        if old.digests[a] == new.digests[b]:
            same += 1
        elif old.digests[a].sure == new.digests[b].sure:
            slight += 1
        else:
            pairs.append((a, b))
    counts = {"same": same, "changed": len(pairs), "only confidence": slight, "gone": len(gone), "added": len(added)}
    reasons, now_dropped, now_kept = _dropped(old, new, most)
    shown = pairs[:most]
    before = _by_id(old, [a for a, _ in shown] + gone[:most])
    after = _by_id(new, [b for _, b in shown] + added[:most])
    return Comparison(
        counts,
        [changed(before[a], after[b]) for a, b in shown],
        [before[name] for name in gone[:most]],
        [after[name] for name in added[:most]],
        reasons,
        now_dropped,
        now_kept,
    )


def _by_id(release: Release, names: Iterable[str]) -> dict[str, Article]:
    return {article.id: article for article in release.articles(set(names))}


def _without(names: list[str], taken: set[str]) -> list[str]:
    return [name for name in names if name not in taken]


def changed(old: Article, new: Article) -> Changed:
    """How two forms of an article differ."""
    fields = [
        Field(name, _shown(getattr(old, name)), _shown(getattr(new, name)))
        for name in FIELDS
        if getattr(old, name) != getattr(new, name)
    ]
    before, after = ([(block.type, block.text) for block in article.paragraphs] for article in (old, new))
    stretches = [
        Stretch(a + 1, difference(_marked(before[a:b]), _marked(after[c:d])))
        for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    return Changed(old, new, fields, stretches)


def _marked(blocks: Iterable[tuple[str, str]]) -> str:
    return "\n".join(text if kind == "p" else f"[{kind}] {text}" for kind, text in blocks)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _matched(old: Release, gone: list[str], new: Release, added: list[str]) -> Iterator[tuple[str, str]]:
    """Articles that begin elsewhere than before: those that share most text, each in one pair."""
    if not gone or not added:
        return
    held: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for article in new.articles(set(added)):
        for sha256, start, end in _spans(article):
            held[sha256].append((start, end, article.id))
    shared: Counter[tuple[str, str]] = Counter()
    for article in old.articles(set(gone)):
        for sha256, start, end in _spans(article):
            for a, b, other in held.get(sha256, ()):
                if min(end, b) > max(start, a):
                    shared[article.id, other] += min(end, b) - max(start, a)
    taken: set[str] = set()
    for (name, other), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if f"old {name}" not in taken and f"new {other}" not in taken:
            taken |= {f"old {name}", f"new {other}"}
            yield name, other


def _spans(article: Article) -> Iterator[tuple[str, int, int]]:
    for block in article.paragraphs:
        for source, start, end in block.spans:
            yield article.sources[source].sha256, start, end


def _key(drop: Dropped) -> bytes:
    told = f"{drop.source}\0{drop.sha256}\0{drop.start}\0{drop.end}"
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _dropped(old: Release, new: Release, most: int) -> tuple[list[tuple[str, int, int]], list[Dropped], list[Dropped]]:
    """Counts by reason, and what only one of the runs dropped."""
    counts: list[Counter[str]] = [Counter(), Counter()]
    keys: list[set[bytes]] = [set(), set()]
    for release, count, seen in zip((old, new), counts, keys, strict=True):
        for drop in dropped_of(release.out):
            count[drop.reason] += 1
            seen.add(_key(drop))
    reasons = sorted({*counts[0], *counts[1]})
    only: list[list[Dropped]] = [[], []]
    for release, other, found in ((old, keys[1], only[0]), (new, keys[0], only[1])):
        for drop in dropped_of(release.out):
            if len(found) >= most:
                break
            if _key(drop) not in other:
                found.append(drop)
    return [(reason, counts[0][reason], counts[1][reason]) for reason in reasons], only[1], only[0]


def as_text(found: Comparison, first: str, second: str) -> Iterator[str]:
    """The comparison for a terminal."""
    yield "articles: " + ", ".join(f"{name} {n:,}" for name, n in found.counts.items())
    for reason, before, after in found.reasons:
        if before != after:
            yield f"dropped as {reason}: {before:,} -> {after:,}"
    for one in found.changed:
        yield f"\n{one.new.id} {_name(one.new)} ({one.new.sources[0].path})"
        yield from (f"  {field.name}: {field.old or '-'} -> {field.new or '-'}" for field in one.fields)
        for stretch in one.stretches:
            yield f"  paragraph {stretch.number}: {_inline(stretch.changes)}"
    for title, articles in ((f"only in {first}", found.gone), (f"only in {second}", found.added)):
        if articles:
            yield f"\n{title}:"
        yield from (f"  {article.id} {_name(article)} ({article.sources[0].path})" for article in articles)
    for title, drops in (("dropped now", found.now_dropped), ("dropped no more", found.now_kept)):
        if drops:
            yield f"\n{title}:"
        yield from (f"  {drop.source} {drop.reason}/{drop.rule}: {_short(drop.text)}" for drop in drops)


def _name(article: Article) -> str:
    return article.title or next((block.text[:30] for block in article.paragraphs), "")


def _inline(changes: Iterable[Change]) -> str:
    """Differences in a line: [-old-] and {+new+}, as wdiff writes them."""
    out = ""
    for change in changes:
        if change.same:
            out += _short(change.old)
        else:
            out += f"[-{change.old}-]" * bool(change.old) + f"{{+{change.new}+}}" * bool(change.new)
    return out.replace("\n", " | ")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:25]} … {text[-25:]}"


def page(found: Comparison, first: str, second: str) -> str:
    """The comparison as a page, side by side."""
    from pipeline.pages import render

    return render("compare.html", found=found, first=first, second=second)
