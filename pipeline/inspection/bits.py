"""Every character's place as bits: the pieces of a document, each with the article or the reason that it went to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from pipeline.articles import Article
from pipeline.blank import has_marks
from pipeline.inspection.decisions import Decisions
from pipeline.records import Span
from pipeline.stages.decode import LINE_END

KINDS = {"p": "body", "h": "crosshead"}


class Row(msgspec.Struct, array_like=True):
    """A printed line as it stands in the document."""

    number: int
    start: int
    text: str


class Bit(msgspec.Struct):
    """What was printed together and decided together."""

    spans: list[Span]
    kind: str  # one of REASONS, or title, kicker, subtitle, byline, body, crosshead, caption
    rule: str
    first: int  # line numbers
    last: int
    article: int = -1  # index in the articles, -1 where it is dropped
    paragraph: int = -1  # index in the article's paragraphs, -1 for its head
    piece: int = -1  # index in the document's pieces, -1 where it is none

    @property
    def dropped(self) -> bool:
        """Whether it stands in no article."""
        return self.article < 0


class _Owner(msgspec.Struct, array_like=True, order=True):
    start: int
    end: int
    article: int
    slot: str
    paragraph: int
    rule: str


def rows_of(text: str) -> list[Row]:
    """The lines of a decoded document, numbered as records number them; blank ones too."""
    rows, number, at = [], 1, 0
    for end in LINE_END.finditer(text):
        rows.append(Row(number, at, text[at : end.start()]))
        number += end.group()[-1] == "\n"
        at = end.end()
    rows.append(Row(number, at, text[at:]))
    return rows


def bits_of(found: Decisions) -> tuple[list[Bit], bool]:
    """The bits of a document by where they begin, and whether its pieces bear out what was decided.

    Where a piece lies in two places, another version of the stages made the records: then the spans of the records
    alone are the bits, and no piece is named.
    """
    owners = sorted(_owners(found))
    starts = [owner.start for owner in owners]

    def owner_of(span: Span) -> _Owner | None:
        k = bisect_right(starts, span[0]) - 1
        return owners[k] if k >= 0 and span[1] <= owners[k].end else None

    bits: list[Bit] = []
    covered: list[Span] = []
    for k, piece in enumerate(found.document.pieces):
        own = [owner_of(span) for span in piece.spans]
        one = own[0] if own else None
        if one is None or any(
            o is None or (o.article, o.paragraph, o.slot) != (one.article, one.paragraph, one.slot) for o in own
        ):
            return _of_records(found, owners), False
        rule = one.rule or piece.rule
        bits.append(Bit(list(piece.spans), one.slot, rule, piece.line, piece.last, one.article, one.paragraph, k))
        covered += piece.spans
    covered.sort()
    for owner in owners:
        if owner.article < 0 and not _touched(covered, owner):
            bits.append(_bit(found, owner))
        elif owner.article >= 0 and not _touched(covered, owner):
            return _of_records(found, owners), False
    return sorted(bits, key=lambda bit: bit.spans[0]), True


def _touched(covered: Sequence[Span], owner: _Owner) -> bool:
    k = bisect_right(covered, (owner.start, 1 << 60)) - 1
    return (k >= 0 and covered[k][1] > owner.start) or (k + 1 < len(covered) and covered[k + 1][0] < owner.end)


def _owners(found: Decisions) -> list[_Owner]:
    path = found.document.path
    out = [_Owner(d.start, d.end, -1, d.reason, -1, d.rule) for d in found.dropped]
    for a, article in enumerate(found.articles):
        here = [k for k, source in enumerate(article.sources) if source.path == path]
        for slot, spans in article.head_spans.items():
            out += [_Owner(s, e, a, slot, -1, "") for k, s, e in spans if k in here]
        for n, block in enumerate(article.paragraphs):
            kind = KINDS.get(block.type, block.type)
            out += [_Owner(s, e, a, kind, n, "") for k, s, e in block.spans if k in here]
    return out


def _of_records(found: Decisions, owners: Sequence[_Owner]) -> list[Bit]:
    return [_bit(found, owner) for owner in owners if has_marks(found.document.text[owner.start : owner.end])]


def _bit(found: Decisions, owner: _Owner) -> Bit:
    text = found.document.text
    first = text.count("\n", 0, owner.start) + 1
    last = first + text.count("\n", owner.start, max(owner.start, owner.end - 1))
    return Bit([(owner.start, owner.end)], owner.slot, owner.rule, first, last, owner.article, owner.paragraph)


def in_order(bits: Sequence[Bit], article: Article, path: str, paragraph: int | str) -> list[int]:
    """The bits of a paragraph (by its index) or of a headline part (by its name) in reading order."""
    spans = article.head_spans.get(paragraph, []) if isinstance(paragraph, str) else article.paragraphs[paragraph].spans
    starts = [bit.spans[0][0] for bit in bits]
    out: list[int] = []
    for source, start, end in spans:
        if article.sources[source].path != path:
            continue
        k = bisect_right(starts, start - 1)
        while k < len(bits) and starts[k] < end:
            if not bits[k].dropped and k not in out:
                out.append(k)
            k += 1
    return out


def parts_of_text(text: str, sizes: Sequence[int]) -> list[str]:
    """A text in parts of so many characters that are not white space; what is left over goes to the last.

    Script and punctuation may have changed since the pieces were measured, the number of characters hardly ever does.

    >>> parts_of_text("全面建设社会主义", [5, 3])
    ['全面建设社', '会主义']
    """
    parts, at = [], 0
    for k, size in enumerate(sizes):
        end, left = at, size
        while end < len(text) and left > 0:
            left -= not text[end].isspace()
            end += 1
        if k == len(sizes) - 1:
            end = len(text)
        parts.append(text[at:end])
        at = end
    return parts
