"""Emit: build article records from all that was decided, and check that nothing was lost.

Text is built here and nowhere before. A chain of links is one article that lies in several documents; it has the head
of its first part. What a later part prints of the head again is dropped as a duplicate, so that every character still
has exactly one place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from pipeline.articles import Article, Block, Dropped, Origin, Source, SourceSpan
from pipeline.blank import has_marks
from pipeline.bylines import credit
from pipeline.punctuation import full_width
from pipeline.records import Document, Link, Meta, Part, Piece, Span, join_texts
from pipeline.script import holds_traditional, script_of, to_script

HEAD = ("kicker", "title", "subtitle", "byline")
SCRIPTS = ("simplified", "traditional", "keep")
PUNCTUATION = ("full", "keep")


class ConservationError(ValueError):
    """A character of a document stands in no article and no dropped record, or in two of them."""


class Wording(NamedTuple):
    """In what script and with what punctuation texts go out."""

    script: str = "simplified"
    punctuation: str = "full"

    def __call__(self, text: str) -> str:
        """The text as it goes out."""
        if self.punctuation == "full":
            text = full_width(text)
        return text if self.script == "keep" else to_script(text, self.script)

    def within(self, text: str) -> Wording:
        """The wording of what stands in a text: one that is simplified already stays as it is."""
        simplified = self.script == "simplified" and not holds_traditional(text)
        return self._replace(script="keep") if simplified else self


class Emitted(NamedTuple):
    """What came of some documents."""

    articles: list[Article]
    dropped: list[Dropped]


class Holding(NamedTuple):
    """A part and the document that holds it."""

    document: Document
    part: Part


class Chain(NamedTuple):
    """The parts of one article in reading order; `links` has one fewer than `holdings`."""

    holdings: list[Holding]
    links: list[Link]


def emit(documents: Sequence[Document], links: Collection[Link] = (), wording: Wording | None = None) -> Emitted:
    """Articles and dropped records of documents that links bind together, or of one document alone.

    Articles come in the order of their first parts. Raises ConservationError where a document's characters are not each
    in exactly one place.
    """
    articles, dropped = [], []
    for document in documents:
        dropped += [_dropped(document, drop.start, drop.end, drop.reason, drop.rule) for drop in document.drops]
    for chain in chains(documents, links):
        article, again = _article(chain, wording or Wording())
        articles.append(article)
        dropped += again
    dropped.sort(key=lambda drop: (drop.source, drop.start))
    for document in documents:
        conserve(document, articles, dropped)
    return Emitted(articles, dropped)


def chains(documents: Sequence[Document], links: Iterable[Link]) -> Iterator[Chain]:
    """Parts in the order of documents, each followed by what it goes on in.

    A part goes on in one part and comes from one. Where links say otherwise the best score holds, and a ring of links
    is cut before the part that stands first.
    """
    held = {
        (document.path, i): Holding(document, part)
        for document in documents
        for i, part in enumerate(document.parts)
        if part.head or part.paragraphs
    }
    onward: dict[tuple[str, int], Link] = {}
    taken: set[tuple[str, int]] = set()
    for link in sorted(links, key=lambda link: (-link.score, link.first, link.then)):
        known = link.first in held and link.then in held and link.first != link.then
        if known and link.first not in onward and link.then not in taken:
            onward[link.first] = link
            taken.add(link.then)
    used: set[tuple[str, int]] = set()
    for starts in ([key for key in held if key not in taken], held):
        for key in starts:
            if key in used:
                continue
            chain = Chain([held[key]], [])
            used.add(key)
            while key in onward and onward[key].then not in used:
                link = onward[key]
                key = link.then
                used.add(key)
                chain.holdings.append(held[key])
                chain.links.append(link)
            yield chain


def conserve(document: Document, articles: Iterable[Article], dropped: Iterable[Dropped]) -> None:
    """Check that every character that is not white space has exactly one place."""
    spans = [(drop.start, drop.end) for drop in dropped if drop.source == document.path]
    for article in articles:
        here = [i for i, source in enumerate(article.sources) if source.path == document.path]
        if not here:
            continue
        mine = here[0]
        spans += [(a, b) for found in article.head_spans.values() for source, a, b in found if source == mine]
        spans += [(a, b) for block in article.paragraphs for source, a, b in block.spans if source == mine]
    check_spans(document, spans)


def conserve_parts(document: Document) -> None:
    """The same check before parts are linked, over pieces and drops."""
    spans = [(drop.start, drop.end) for drop in document.drops]
    for part in document.parts:
        for pieces in part.head.values():
            spans += [span for piece in pieces for span in piece.spans]
        for paragraph in part.paragraphs:
            spans += [span for piece in paragraph.pieces for span in piece.spans]
    check_spans(document, spans)


def check_spans(document: Document, spans: list[Span]) -> None:
    """Sorted spans must follow each other with nothing but white space between them."""
    text = document.text
    at = 0
    for start, end in sorted(spans):
        if not 0 <= start <= end <= len(text):
            raise ConservationError(f"{document.path}: span {start}-{end} is none of a text of {len(text)} characters")
        if start > at and has_marks(text[at:start]):
            raise ConservationError(_misplaced(document, at, start, "in no article and in no dropped record"))
        if start < at and has_marks(text[start : min(at, end)]):
            raise ConservationError(_misplaced(document, start, min(at, end), "in two places"))
        at = max(at, end)
    if has_marks(text[at:]):
        raise ConservationError(_misplaced(document, at, len(text), "in no article and in no dropped record"))


def _misplaced(document: Document, start: int, end: int, where: str) -> str:
    held = document.text[start:end]
    start += len(held) - len(held.lstrip())
    line = document.text.count("\n", 0, start) + 1
    shown = document.text[start : min(end, start + 30)]
    return f"{document.path}, line {line}, characters {start}-{end}: {shown!r} stands {where}"


def _dropped(document: Document, start: int, end: int, reason: str, rule: str) -> Dropped:
    return Dropped(document.path, document.sha256, start, end, document.text[start:end], reason, rule)


def _part_id(holding: Holding) -> str:
    """Of path, document and first offset only, so that other rules give the same article the same name."""
    document, part = holding
    pieces = [piece for found in part.head.values() for piece in found]
    pieces += [piece for paragraph in part.paragraphs for piece in paragraph.pieces]
    first = min((span[0] for piece in pieces for span in piece.spans), default=0)
    return sha256(f"{document.path}\0{document.sha256}\0{first}".encode()).hexdigest()[:16]


def _article(chain: Chain, wording: Wording) -> tuple[Article, list[Dropped]]:
    first, last = chain.holdings[0], chain.holdings[-1]
    sources, index = _sources(chain)
    head, head_spans, again = _head(chain, index)
    blocks = _blocks(chain, index)
    printed = "\n".join(block.text for block in blocks if block.type != "caption")
    whole = "\n".join([*head.values(), *(block.text for block in blocks)])
    byline = credit(head.get("byline"), [block.text for block in blocks if block.type == "p"])
    inside = wording.within(whole)
    for block in blocks:
        block.text = inside(block.text)
    worded = {field: inside(text) for field, text in head.items()}
    meta = first.document.meta
    own = first.part.meta or meta
    article = Article(
        id=_part_id(first),
        publication=own.publication or meta.publication,
        date=own.date or meta.date,
        page=own.page or meta.page,
        kicker=worded.get("kicker"),
        title=worded.get("title"),
        subtitle=worded.get("subtitle"),
        byline=worded.get("byline"),
        head_spans=head_spans,
        authors=[wording(name) for name in byline.authors],
        agency=byline.agency and wording(byline.agency),
        paragraphs=blocks,
        text="\n".join(block.text for block in blocks if block.type != "caption"),
        continued_from=first.part.continued_from,
        continued_to=last.part.continued_to,
        sources=sources,
        script=script_of(printed or whole),
        flags=_flags(chain, worded),
        confidence=_confidence(chain),
        supersedes=[_part_id(holding) for holding in chain.holdings[1:]],
        origin=_origin(own),
    )
    return article, again


def _origin(meta: Meta) -> Origin | None:
    said = Origin(
        meta.channel or None,
        meta.time,
        meta.source or None,
        meta.author or None,
        meta.editor or None,
        meta.original_title,
    )
    return None if said == Origin() else said


def _sources(chain: Chain) -> tuple[list[Source], dict[str, int]]:
    """Each document once, in the order in which the article comes to it."""
    index: dict[str, int] = {}
    sources: list[Source] = []
    for document, part in chain.holdings:
        if document.path not in index:
            index[document.path] = len(sources)
            page = (part.meta or document.meta).page
            sources.append(Source(document.path, document.sha256, page, document.metadata))
    return sources, index


def _head(chain: Chain, index: dict[str, int]) -> tuple[dict[str, str], dict[str, list[SourceSpan]], list[Dropped]]:
    """The head of the first part that has one; what later parts print of it again is dropped."""
    texts: dict[str, str] = {}
    spans: dict[str, list[SourceSpan]] = {}
    again = []
    for document, part in chain.holdings:
        for field in HEAD:
            pieces = part.head.get(field, [])
            if field in spans:
                again += [
                    _dropped(document, start, end, "duplicate", f"jump_{field}")
                    for start, end in _merged(document, pieces)
                ]
            elif pieces:
                texts[field] = _head_text(field, pieces)
                spans[field] = [(index[document.path], *span) for span in _merged(document, pieces)]
    return {f: texts[f] for f in HEAD if f in texts}, {f: spans[f] for f in HEAD if f in spans}, again


def _head_text(field: str, pieces: list[Piece]) -> str:
    """A byline's pieces are names, and names stay apart."""
    texts = (piece.text for piece in pieces)
    return " ".join(texts) if field == "byline" else join_texts(texts)


def _blocks(chain: Chain, index: dict[str, int]) -> list[Block]:
    blocks: list[Block] = []
    for i, (document, part) in enumerate(chain.holdings):
        for j, paragraph in enumerate(part.paragraphs):
            text = join_texts(piece.text for piece in paragraph.pieces)
            spans = [(index[document.path], *span) for span in _merged(document, paragraph.pieces)]
            if i and not j and chain.links[i - 1].joined and blocks and blocks[-1].type == paragraph.type:
                blocks[-1].text = join_texts([blocks[-1].text, text])
                blocks[-1].spans += spans
            else:
                blocks.append(Block(paragraph.type, text, spans))
    return blocks


def _merged(document: Document, pieces: Iterable[Piece]) -> Iterator[Span]:
    """Spans in reading order; those with nothing between them but white space are one span."""
    open_span: Span | None = None
    for start, end in (span for piece in pieces for span in piece.spans):
        if open_span is None:
            open_span = (start, end)
        elif start >= open_span[1] and not has_marks(document.text[open_span[1] : start]):
            open_span = (open_span[0], end)
        else:
            yield open_span
            open_span = (start, end)
    if open_span is not None:
        yield open_span


def _flags(chain: Chain, head: dict[str, str]) -> list[str]:
    flags = {flag for holding in chain.holdings for flag in holding.part.flags}
    if not head.get("title"):
        flags.add("no_headline")
    if chain.holdings[0].part.continued_from or chain.holdings[-1].part.continued_to:
        flags.add("jump_unresolved")
    return sorted(flags)


def _confidence(chain: Chain) -> float:
    """As sure as its least sure part, less what the links may be wrong by."""
    sure = min(holding.part.confidence for holding in chain.holdings)
    for link in chain.links:
        sure *= link.score
    return round(sure, 4)


def linked_groups(links: Iterable[Link]) -> list[list[str]]:
    """Documents that links bind together, directly or by way of others; sorted, each in one group."""
    parent: dict[str, str] = {}

    def root(path: str) -> str:
        parent.setdefault(path, path)
        while parent[path] != path:
            parent[path] = path = parent[parent[path]]
        return path

    for link in links:
        a, b = root(link.first[0]), root(link.then[0])
        parent[max(a, b)] = min(a, b)
    groups: dict[str, list[str]] = {}
    for path in sorted(parent):
        groups.setdefault(root(path), []).append(path)
    return list(groups.values())
