"""All that the inspection page and explanations tell of a document, put together once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from pipeline.articles import Article
from pipeline.chain import chrome_rules
from pipeline.inspection.bits import Bit, Row, bits_of, in_order, parts_of_text, rows_of
from pipeline.inspection.decisions import Decisions
from pipeline.inspection.evidence import DocumentEvidence, Evidence
from pipeline.jumps import find_jump

HEAD = ("kicker", "title", "subtitle", "byline")
# Joins below this share are shown as doubtful.
DOUBTFUL = 0.75


class Text(msgspec.Struct, array_like=True):
    """A part of an emitted text and the bit that it came from; -1 where that stands in another document."""

    bit: int
    text: str
    page: str = ""  # of the other document: its page, or its path


class Block(msgspec.Struct):
    """A paragraph or a headline part as it went out."""

    type: str  # p | h | caption | kicker | title | subtitle | byline
    texts: list[Text]


class Story(msgspec.Struct):
    """An article as it went out."""

    id: str
    head: list[Block]
    blocks: list[Block]
    confidence: float
    flags: list[str]
    authors: list[str]
    continued_from: str | None
    continued_to: str | None
    elsewhere: list[str]  # documents that hold the article's other parts


class Link(msgspec.Struct):
    """A join from bit to bit, with its evidence."""

    first: int
    then: int
    sort: str  # seam | step | head | credit
    article: int
    evidence: Evidence | None = None

    @property
    def doubtful(self) -> bool:
        """Whether a reader should look at it."""
        return self.evidence is not None and self.evidence.score < DOUBTFUL


class OpenEnd(msgspec.Struct):
    """A torn bit that goes on nowhere, and the best that it might have gone on in."""

    bit: int
    best: int
    evidence: Evidence


class JumpLine(msgspec.Struct):
    """A jump line, the article that it speaks of, and what it was linked to or why not."""

    bit: int
    towards: str  # from | to
    page: str
    article: int
    outcome: str  # linked | alone | no_partner | even | no_article
    path: str = ""


class View(msgspec.Struct):
    """A document and what was decided about it."""

    path: str
    sha256: str
    encoding: str
    kind: str
    publication: str | None
    date: str | None
    page: str | None
    repairs: dict[str, int]
    rows: list[Row]
    bits: list[Bit]
    stories: list[Story]
    links: list[Link]
    ends: list[OpenEnd]
    strays: list[OpenEnd]  # headlines that no article was found for, and the one that each would fit best
    jumps: list[JumpLine]
    examples: dict[str, str]  # of the rules of wording that took a line: a line that each takes
    borne_out: bool  # False where the records are of other rules, so that no evidence can be weighed
    run: str | None


def view_of(found: Decisions) -> View:
    """The view of a document."""
    document = found.document
    bits, borne_out = bits_of(found)
    paragraphs = [
        [in_order(bits, article, document.path, n) for n in range(len(article.paragraphs))]
        for article in found.articles
    ]
    heads = [{slot: in_order(bits, article, document.path, slot) for slot in HEAD} for article in found.articles]
    links, ends, strays = _links(found, bits, paragraphs, heads, borne_out)
    meta = document.meta
    return View(
        document.path, document.sha256, document.encoding, document.kind, meta.publication, meta.date, meta.page,
        document.repairs, rows_of(document.text), bits,
        [_story(found, bits, a, paragraphs[a], heads[a]) for a in range(len(found.articles))],
        links, ends, strays, _jumps(found, bits), _examples(found, bits), borne_out, found.out,
    )  # fmt: skip


def _story(
    found: Decisions, bits: Sequence[Bit], a: int, paragraphs: list[list[int]], heads: dict[str, list[int]]
) -> Story:
    article, path = found.articles[a], found.document.path
    head = []
    for slot in HEAD:
        text = getattr(article, slot)
        if text:
            head.append(Block(slot, _texts(found, bits, article, slot, text, heads[slot])))
    blocks = [
        Block(block.type, _texts(found, bits, article, n, block.text, paragraphs[n]))
        for n, block in enumerate(article.paragraphs)
    ]
    return Story(
        article.id, head, blocks, article.confidence, article.flags, article.authors, article.continued_from,
        article.continued_to, sorted({s.path for s in article.sources if s.path != path}),
    )  # fmt: skip


def _texts(
    found: Decisions, bits: Sequence[Bit], article: Article, where: int | str, text: str, own: Sequence[int]
) -> list[Text]:
    """An emitted text, parted where one bit ends and the next begins."""
    path, raw = found.document.path, found.document.text
    spans = article.head_spans[where] if isinstance(where, str) else article.paragraphs[where].spans
    parts: list[tuple[int, int, str]] = []
    left = list(own)
    for source, start, end in spans:
        other = article.sources[source]
        if other.path != path:
            parts.append((-1, end - start, other.page or other.path))
            continue
        while left and start <= bits[left[0]].spans[0][0] < end:
            size = sum(_marks(raw[a:b]) for a, b in bits[left[0]].spans)
            parts.append((left.pop(0), size, ""))
    if not parts:
        return [Text(-1, text)]
    shown = parts_of_text(text, [size for _, size, _ in parts])
    return [Text(bit, piece, page) for (bit, _, page), piece in zip(parts, shown, strict=True)]


def _marks(text: str) -> int:
    return sum(not ch.isspace() for ch in text)


def _links(
    found: Decisions,
    bits: Sequence[Bit],
    paragraphs: list[list[list[int]]],
    heads: list[dict[str, list[int]]],
    borne_out: bool,
) -> tuple[list[Link], list[OpenEnd], list[OpenEnd]]:
    """Joins of pieces, steps from paragraph to paragraph, heads; torn ends that go on nowhere; headlines of nothing."""
    weigh = None
    if borne_out and found.document.kind == "page" and found.document.pieces:
        runs = [
            [
                [bits[b].piece for b in run]
                for run, block in zip(own, article.paragraphs, strict=True)
                if block.type != "caption"
            ]
            for own, article in zip(paragraphs, found.articles, strict=True)
        ]
        weigh = DocumentEvidence(found.document, runs)
    at = {bit.piece: k for k, bit in enumerate(bits) if bit.piece >= 0}
    links = []
    for a, article in enumerate(found.articles):
        running = []
        for own, block in zip(paragraphs[a], article.paragraphs, strict=True):
            sort = "credit" if block.type == "caption" else "seam"
            for one, two in pairwise(own):
                why = weigh.seam(bits[one].piece, bits[two].piece) if weigh and sort == "seam" else None
                links.append(Link(one, two, sort, a, _in_bits(why, at) if why else None))
            if own and block.type != "caption":
                running.append(own)
        for before, after in pairwise(running):
            why = weigh.step(bits[before[-1]].piece, bits[after[0]].piece) if weigh else None
            links.append(Link(before[-1], after[0], "step", a, _in_bits(why, at) if why else None))
        lines = [b for slot in HEAD[:3] for b in heads[a][slot]]
        if lines and running:
            why = weigh.head([bits[b].piece for b in lines], a) if weigh else None
            links.append(Link(max(lines), running[0][0], "head", a, _in_bits(why, at) if why else None))
    ends = []
    for k, bit in enumerate(bits):
        torn = weigh.open_end(bit.piece) if weigh and bit.kind == "body" else None
        if torn is not None:
            best, why = torn
            ends.append(OpenEnd(k, at[best], _in_bits(why, at)))
    strays = []
    for k, bit in enumerate(bits):
        why = weigh.head([bit.piece], None) if weigh and bit.rule == "headline_without_article" else None
        if why is not None and why.onward is not None:
            best = at[why.onward.piece]
            strays.append(OpenEnd(k, best, _in_bits(why, at)))
    return links, ends, strays


def _in_bits(found: Evidence, at: dict[int, int]) -> Evidence:
    """The same evidence with bits for pieces."""
    for rival in (found.onward, found.before):
        if rival is not None:
            rival.piece = at[rival.piece]
            rival.taken = at[rival.taken] if rival.taken is not None else None
    return found


def _jumps(found: Decisions, bits: Sequence[Bit]) -> list[JumpLine]:
    """What became of each jump line."""
    jumps = []
    for k, bit in enumerate(bits):
        if bit.kind != "jump_line":
            continue
        start, end = bit.spans[0][0], bit.spans[-1][1]
        mark = find_jump(found.document.text[start:end])
        if mark is None:
            continue
        places = range(k + 1, len(bits)) if mark.towards == "from" else range(k - 1, -1, -1)
        near = next((bits[n].article for n in places if not bits[n].dropped and bits[n].kind != "byline"), -1)
        jumps.append(JumpLine(k, mark.towards, mark.page, near, *_outcome(found, near, mark.towards, mark.page)))
    return jumps


def _examples(found: Decisions, bits: Sequence[Bit]) -> dict[str, str]:
    rules = chrome_rules(found.settings)
    takes = {rule.name: rule.takes[0] for rule in rules.rules if rule.takes}
    takes |= {form.name: form.takes[0] for form in rules.lines if form.takes}
    return {rule: takes[rule] for rule in sorted({bit.rule for bit in bits}) if rule in takes}


def _outcome(found: Decisions, near: int, towards: str, page: str) -> tuple[str, str]:
    if near < 0:
        return "no_article", ""
    article = found.articles[near]
    own = next((k for k, s in enumerate(article.sources) if s.path == found.document.path), 0)
    beside = article.sources[own + 1 :] if towards == "to" else article.sources[:own]
    still = article.continued_to if towards == "to" else article.continued_from
    if beside and still is None:
        return "linked", (beside[0] if towards == "to" else beside[-1]).path
    if article.supersedes and still is None:  # another page of the same document
        return "linked", found.document.path
    if found.out is None:
        return "alone", ""
    meta = found.document.meta
    for other in found.unresolved:
        back = other.continued_from if towards == "to" else other.continued_to
        same = (other.publication, other.date) == (meta.publication, meta.date) and other.id != article.id
        if same and back is not None and other.page in (page, None):
            return "even", other.sources[0].path
    return "no_partner", ""
