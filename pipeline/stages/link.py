"""Link pages: which 下转 line goes with which 上接 line, across the documents of one issue."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath

import msgspec
import numpy as np

from pipeline.assign import Floats, Ints, assign, load_weights, probability
from pipeline.jumps import page_number
from pipeline.kinds import uncompressed
from pipeline.labels import ends_sentence
from pipeline.language import load_language
from pipeline.ngrams import MODEL
from pipeline.records import Document, Link, Piece, join_texts
from pipeline.seams import PageText

# What of an article is kept to compare its two parts by.
SAMPLE = 1200
# A link needs this much more than the next best one for either of its ends, in log odds.
MARGIN = 0.7
# Two pages that name each other, have no rival and carry like headlines, or one of them none, are linked whatever the text
# at the cut says.
ALIKE = 0.6
PLAIN = 2.0

_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[-_./年]?(0[1-9]|1[0-2]|[1-9](?=[-_./月]))[-_./月]?(0[1-9]|[12]\d|3[01]|[1-9](?!\d))(?!\d)"
)
_NUMBER = re.compile(r"(?:(?<=[_\-. 第版面])|(?<=[pP])|(?<=page)|^)([A-Da-d]?\d{1,3})(?=版?$)")
_DIGEST = re.compile(r"[0-9a-f]{12,64}")
_FIELDS = {
    "publication": r"(?P<publication>[^/#]+?)",
    "date": r"(?P<date>\d{4}[-_./]?\d{1,2}[-_./]?\d{1,2})",
    "page": r"(?P<page>[A-Za-z]?\d{1,3})",
}


class PatternError(ValueError):
    """A path pattern that names a field that there is not."""


class JumpEnd(msgspec.Struct):
    """A part with a jump line: all that linking needs to know of it."""

    path: str
    part: int
    towards: str  # "from" or "to"
    page: str  # that the jump line names
    own: str | None  # page that the part stands on
    group: str  # what the names of the other pages of its issue have in common
    publication: str | None
    date: str | None
    title: str
    seam: str  # the paragraph at the jump
    text: str


@lru_cache(maxsize=8)
def _compiled(pattern: str) -> re.Pattern[str]:
    out = ""
    for literal, field in re.findall(r"([^{}]*)(?:\{([^{}]*)\})?", pattern):
        out += re.escape(literal)
        if field:
            if field not in _FIELDS:
                raise PatternError(f"path pattern {pattern!r}: no field {field!r}; there are {', '.join(_FIELDS)}")
            out += _FIELDS[field]
    return re.compile(rf"(?:^|[/#]){out}$")


def identify(document: Document, path_pattern: str | None = None) -> None:
    """Take publication, date and page from the path where the document is silent.

    By `path_pattern` ("{publication}/{date}/{page}.txt", matched at the path's end), else by default rules: a date in
    the name or a folder; on a newspaper page that is a file of its own, the number that the name ends in is the page.
    """
    meta = document.meta
    found: dict[str, str] = {}
    if path_pattern:
        match = _compiled(path_pattern).search(document.path)
        found = {k: v for k, v in match.groupdict().items() if v} if match else {}
    if meta.publication is None:
        meta.publication = found.get("publication")
    if meta.date is None:
        date = _DATE.search(found["date"]) if found.get("date") else _date_in(document.path)
        meta.date = f"{date[1]}-{int(date[2]):02d}-{int(date[3]):02d}" if date else None
    if meta.page is None and document.kind == "page":
        number = found.get("page") or (_last_number(document.path) if document.metadata is None else None)
        meta.page = page_number(number) if number else None


def _date_in(path: str) -> re.Match[str] | None:
    """The first date in a path that is not part of a digest."""
    digests = [m.span() for m in _DIGEST.finditer(path) if not m[0].isdigit()]
    return next((d for d in _DATE.finditer(path) if not any(a <= d.start() < b for a, b in digests)), None)


def _last_number(path: str) -> str | None:
    match = _NUMBER.search(PurePosixPath(uncompressed(path)).stem)
    return match[1] if match else None


def _group(path: str) -> str:
    """What pages of one issue have in common by their paths: all but the last number."""
    pure = PurePosixPath(uncompressed(path))
    stem, n = re.subn(r"\d+(?=\D*$)", "#", pure.stem)
    return str(pure.with_name(stem + pure.suffix)) if n else path


def jump_ends(document: Document) -> list[JumpEnd]:
    """The parts of a document that go on, or come from, elsewhere."""
    ends = []
    for n, part in enumerate(document.parts):
        for towards, page in (("from", part.continued_from), ("to", part.continued_to)):
            if page is None or not part.paragraphs:
                continue
            body = [p for p in part.paragraphs if p.type != "caption"] or part.paragraphs
            edge = body[0] if towards == "from" else body[-1]
            text = "\n".join(_text(p.pieces) for p in part.paragraphs)
            group = _group(document.path) if document.metadata is None else document.path
            own = part.meta or document.meta
            stands_on = page_number(own.page) if own.page else None
            ends.append(JumpEnd(
                document.path, n, towards, page, stands_on, group, document.meta.publication, own.date, _text(part.head.get("title", [])), _text(edge.pieces),
                text[:SAMPLE] + text[-SAMPLE:] if len(text) > 2 * SAMPLE else text,
            ))  # fmt: skip
    return ends


def _text(pieces: Sequence[Piece]) -> str:
    return join_texts([p.text for p in pieces])


LINK_FEATURES = (
    "page_right", "page_unknown", "title_alike", "title_other", "title_missing", "topic", "topic_lead", "cover",
    "only_one", "gain", "both_torn", "one_torn", "echo",
)  # fmt: skip


def link_pages(ends: Iterable[JumpEnd], model: Path = MODEL) -> list[Link]:
    """One link for each jump that both pages of the dump bear out; an even choice is left unresolved."""
    return [one for issue in issues(ends) for one in link_issue(issue, model)]


def issues(ends: Iterable[JumpEnd]) -> list[list[JumpEnd]]:
    """The jump ends of each issue; no link leaves its issue."""
    found: dict[str, list[JumpEnd]] = defaultdict(list)
    for issue, end in _by_issue(sorted(ends, key=lambda e: (e.path, e.part, e.towards))):
        found[issue].append(end)
    return [found[issue] for issue in sorted(found)]


def _by_issue(ends: list[JumpEnd]) -> list[tuple[str, JumpEnd]]:
    """Each end with the name of its issue: documents that share a path's form, or paper and date, are one."""
    root: dict[str, str] = {}

    def find(key: str) -> str:
        while root.setdefault(key, key) != key:
            key = root[key]
        return key

    for end in ends:
        if end.publication and end.date:
            a, b = find(f"path {end.group} {end.date}"), find(f"issue {end.publication} {end.date}")
            root[max(a, b)] = min(a, b)
    undated: dict[str, set[str]] = defaultdict(set)
    for end in ends:
        if end.date:
            undated[end.group].add(find(f"path {end.group} {end.date}"))
    named = []
    for end in ends:
        if end.date:
            named.append((find(f"path {end.group} {end.date}"), end))
        else:  # a page without a date is of its neighbours' issue where these are of one
            near = undated[end.group]
            named.append((next(iter(near)) if len(near) == 1 else f"path {end.group}", end))
    return named


def link_candidates(ends: Sequence[JumpEnd]) -> tuple[list[JumpEnd], list[JumpEnd], Ints, Ints]:
    """The ends that go on, those that come from elsewhere, and the pairs whose page numbers do not contradict."""
    to = [e for e in ends if e.towards == "to"]
    back = [e for e in ends if e.towards == "from"]
    by_own: dict[str | None, list[int]] = defaultdict(list)
    for k, e in enumerate(back):
        by_own[e.own].append(k)
    pairs = [
        (a, b)
        for a, e in enumerate(to)
        for b in sorted([*by_own[e.page], *by_own[None]])
        if (e.own is None or e.own == back[b].page) and _may_link(e, back[b])
    ]
    i, j = (np.array(x, dtype=int) for x in zip(*pairs, strict=True)) if pairs else (np.zeros(0, int), np.zeros(0, int))
    return to, back, i, j


def _may_link(a: JumpEnd, b: JumpEnd) -> bool:
    """Whether nothing that the two pages say of paper and date contradicts, and they are two pages."""
    papers, dates = {a.publication, b.publication} - {None}, {a.date, b.date} - {None}
    two = a.path != b.path or a.own != b.own
    return two and len(papers) < 2 and len(dates) < 2


def link_features(to: Sequence[JumpEnd], back: Sequence[JumpEnd], i: Ints, j: Ints, model: Path = MODEL) -> Floats:
    """One row of `LINK_FEATURES` for each pair of ends."""
    language = load_language(model)

    def read(texts: Iterable[str]) -> PageText:
        return PageText([Piece(t or "…", [], "body", "", 0, 0) for t in texts], language)

    bodies = read([e.title + e.text for e in [*to, *back]])
    torn = read([*(e.seam for e in to), *(e.seam for e in back)])
    b = j + len(to)
    topic = bodies.topic[i, b]
    best = np.zeros(len(i))
    for k in range(len(i)):
        other = topic[((i == i[k]) | (j == j[k])) & (np.arange(len(i)) != k)]
        best[k] = other.max(initial=0.0)
    gain = np.clip(language.ngrams.cuts(torn.sides, i, b).gain, -12, 12) / 4
    open_tail = np.array([not ends_sentence(to[k].seam) for k in i])
    echo3, echo4 = torn.echoes(i, b)
    titles = [(to[x].title, back[y].title) for x, y in zip(i, j, strict=True)]
    likeness = np.array([alike(x, y) for x, y in titles])
    both = np.array([bool(x and y) for x, y in titles])
    known = np.array([(to[x].own is not None) + (back[y].own is not None) for x, y in zip(i, j, strict=True)])
    rivals = np.array([np.sum(i == x) + np.sum(j == y) - 2 for x, y in zip(i, j, strict=True)])
    cover = np.array([alike(to[x].title, back[y].text[:400]) for x, y in zip(i, j, strict=True)])
    columns = [
        known == 2, known == 0, likeness * 3, both & (likeness < 0.3), ~both, topic * 3, (topic - best) * 3, cover * 3,
        rivals == 0, gain * open_tail, open_tail & (gain > 0), open_tail & (gain < -1), echo3 + echo4,
    ]  # fmt: skip
    return np.stack([np.asarray(c, dtype=float) for c in columns], axis=1)


def alike(title: str, other: str) -> float:
    """Share of a headline's character pairs that another text holds."""
    pairs = {title[k : k + 2] for k in range(len(title) - 1)}
    return sum(p in other for p in pairs) / len(pairs) if pairs else 0.0


def link_issue(ends: list[JumpEnd], model: Path = MODEL) -> list[Link]:
    """The links of one issue."""
    to, back, i, j = link_candidates(ends)
    if not len(i):
        return []
    rows = link_features(to, back, i, j, model)
    worth = load_weights(model / "weights.json")["link"].logit(rows)
    named = dict(zip(LINK_FEATURES, rows.T, strict=True))
    told = (named["title_alike"] >= 3 * ALIKE) | (named["title_missing"] > 0)
    plain = (named["page_right"] > 0) & (named["only_one"] > 0) & told
    worth = np.where(plain, np.maximum(worth, PLAIN), worth)
    chosen = assign(i, j + len(to), worth, len(ends))
    value = {(int(a), int(b)): float(w) for a, b, w in zip(i, j, worth, strict=True)}
    links = []
    for a, shifted in sorted(chosen.items()):
        b = shifted - len(to)
        rivals = [w for (x, y), w in value.items() if (x == a) != (y == b)]
        if value[a, b] - max(rivals, default=-99.0) < MARGIN and _even(a, b, value, chosen, len(to)):
            continue
        joined = not ends_sentence(to[a].seam) and not _closed(to[a].seam)
        first, then = (to[a].path, to[a].part), (back[b].path, back[b].part)
        links.append(Link(first, then, round(probability(value[a, b]), 4), joined))
    return links


def _even(a: int, b: int, value: dict[tuple[int, int], float], chosen: dict[int, int], shift: int) -> bool:
    """Whether another whole assignment would do as well: the pair swapped with another chosen pair, or with a free end."""
    for (x, y), w in value.items():
        if (x == a) == (y == b):
            continue
        here = value[a, b]
        if x == a:  # this end to another partner
            rival = next((k for k, v in chosen.items() if v - shift == y and k != a), None)
            swapped = w + (value.get((rival, b), -99.0) if rival is not None else 0.0)
            kept = here + (value[rival, y] if rival is not None else 0.0)
        else:  # this partner to another end
            partner = chosen.get(x)
            swapped = w + (value.get((a, partner - shift), -99.0) if partner is not None else 0.0)
            kept = here + (value[x, partner - shift] if partner is not None else 0.0)
        if kept - swapped < MARGIN:
            return True
    return False


def _closed(text: str) -> bool:
    return text[-1:] in "）)”」』"
