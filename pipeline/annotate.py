"""A draft of a gold file: what the pipeline takes a document for, in the form in which a person corrects it.

A draft is as good as the pipeline is, and a person who corrects one sees first what it proposes: what looks right at
first sight must be read all the same. Comments carry the texts, so that the page need not be searched for each line;
joins and articles that the pipeline is not sure of say so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import NamedTuple

import msgspec

from pipeline.articles import Article, Dropped, SourceSpan
from pipeline.blank import BLANK, has_marks
from pipeline.chain import Settings, emit_alone
from pipeline.goldfile import HEAD
from pipeline.records import Document
from pipeline.stages import decode

UNSURE = 0.9  # joins below are marked
UNSURE_ARTICLE = 0.6  # and articles
_OPENING, _CLOSING = 20, 10  # characters of a text in a comment
_COMMENT_AT = 40  # column

HEADER = """\
# A draft by newsreflow {version}: read every line of it against the document, correct it, then run
#   newsreflow check-gold {name}.yaml --raw FOLDER
# A span is "21" (a line), "21-29" (lines, blank ones skipped) or "21:5-30" (characters of a line, from 0).
# body: p paragraph, h crosshead, caption. A paragraph that the page broke in two is p: ["21", "40"].
# What must be in no article goes to drop with its reason, what cannot be settled to doubt.
"""


class Joint(NamedTuple):
    """Where a piece begins that another goes on in, and how sure that is."""

    start: int
    score: float


def draft(data: bytes, path: str, settings: Settings | None = None) -> str:
    """A gold file for a document, which it names by the last part of its path; texts stay as they are printed.

    Raises DecodeError (a ValueError) for bytes that are no text.
    """
    document = decode.decode(data, path)
    emitted = emit_alone(document, msgspec.structs.replace(settings or Settings(), script="keep", punctuation="keep"))
    return "".join(_file(document, emitted.articles, emitted.dropped))


def _file(document: Document, articles: Sequence[Article], dropped: Sequence[Dropped]) -> Iterator[str]:
    from pipeline import __version__

    spans = Spans(document)
    name = PurePath(document.path)
    yield HEADER.format(version=__version__, name=_plain(name.stem))
    yield f"document: {_quoted(name.name)}\n"
    yield f"publication: {_quoted(document.meta.publication)}\n"
    yield f"date: {document.meta.date or 'null'}\n"
    yield "articles:\n" if articles else "articles: []\n"
    for number, article in enumerate(articles, 1):
        yield from _article(number, article, spans)
    yield "drop:\n" if dropped else "drop: []\n"
    for start, end, why in _together(dropped, document.text):
        held = _quoted(spans.of(start, end))
        yield _commented(f"  - {{lines: {held}, why: {why}}}", _opening(document.text[start:end]))
    yield "doubt: []\n"


def _article(number: int, article: Article, spans: Spans) -> Iterator[str]:
    unsure = f"not sure of this article ({article.confidence:.2f})" if article.confidence < UNSURE_ARTICLE else ""
    yield _commented(f"  - key: a{number}", unsure)
    for field in HEAD:
        found = article.head_spans.get(field, [])
        held = [span for _, start, end in found for span in spans.of(start, end)]
        yield _commented(f"    {field}: {_quoted(held)}", _opening(getattr(article, field) or ""))
    for field in ("continued_from", "continued_to"):
        yield f"    {field}: {_quoted(getattr(article, field))}\n"
    yield "    body:\n" if article.paragraphs else "    body: []\n"
    for block in article.paragraphs:
        held, comment = spans.of_block(block.spans)
        yield _commented(f"      - {block.type}: {_quoted(held)}", comment)


class Spans:
    """Offsets of a document as a gold file counts: in lines, and in characters of a line."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        self.starts = [0]
        for line in document.text.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        pieces = [
            (piece, paragraph.joins[i - 1].score if i and i <= len(paragraph.joins) else 1.0)
            for part in document.parts
            for paragraph in part.paragraphs
            for i, piece in enumerate(paragraph.pieces)
        ]
        self.joints = sorted(Joint(piece.spans[0][0], score) for piece, score in pieces if piece.spans)

    def of(self, start: int, end: int) -> list[str]:
        """The spans of what stands from one offset to another."""
        start += len(self.text[start:end]) - len(self.text[start:end].lstrip(BLANK))
        end -= len(self.text[start:end]) - len(self.text[start:end].rstrip(BLANK))
        first, last = self._line(start), self._line(end - 1)
        open_before = has_marks(self.text[self.starts[first] : start])
        open_after = has_marks(self.text[end : self.starts[last + 1] - 1])
        if first == last:
            return [self._part(first, start, end) if open_before or open_after else f"{first + 1}"]
        found = []
        if open_before:
            found.append(self._part(first, start, self.starts[first + 1] - 1))
            first = self._next(first + 1)
        before = last - 1 if open_after else last
        while before > first and not has_marks(self.text[self.starts[before] : self.starts[before + 1]]):
            before -= 1
        if first <= before:
            found.append(f"{first + 1}-{before + 1}" if first < before else f"{first + 1}")
        if open_after:
            found.append(self._part(last, self.starts[last], end))
        return found

    def of_block(self, held: Iterable[SourceSpan]) -> tuple[list[str], str]:
        """The spans of a paragraph, one for each piece that was printed together, and a comment that shows the text."""
        cut: list[Joint] = []
        ends: list[int] = []
        for _, start, end in held:
            inner = [joint for joint in self.joints if start < joint.start < end]
            cut += [Joint(start, 1.0), *inner]
            ends += [*(joint.start for joint in inner), end]
        scores = {joint.start: joint.score for joint in self.joints}
        texts = [" ".join(self.text[a.start : b].split()) for a, b in zip(cut, ends, strict=True)]
        comment = texts[0] if len(texts) == 1 else ""
        for k in range(1, len(texts)):
            comment += f"{texts[k - 1][-_CLOSING:]}‖{texts[k][:_CLOSING]} "
        unsure = [scores.get(a.start, 1.0) for a in cut[1:]]
        if unsure and min(unsure) < UNSURE:
            comment += f"(not sure of a join: {min(unsure):.2f})"
        spans = [span for a, b in zip(cut, ends, strict=True) for span in self.of(a.start, b)]
        return spans, comment.strip() if len(texts) > 1 else _opening(comment)

    def _line(self, offset: int) -> int:
        return bisect_right(self.starts, offset) - 1

    def _next(self, line: int) -> int:
        while not has_marks(self.text[self.starts[line] : self.starts[line + 1]]):
            line += 1
        return line

    def _part(self, line: int, start: int, end: int) -> str:
        return f"{line + 1}:{start - self.starts[line]}-{end - self.starts[line]}"


def _together(dropped: Sequence[Dropped], text: str) -> Iterator[tuple[int, int, str]]:
    """Neighbours of one reason as one."""
    held: tuple[int, int, str] | None = None
    for drop in dropped:
        if held and held[2] == drop.reason and not has_marks(text[held[1] : drop.start]):
            held = (held[0], drop.end, held[2])
        else:
            if held:
                yield held
            held = (drop.start, drop.end, drop.reason)
    if held:
        yield held


def _quoted(value: object) -> str:
    """A value of YAML, which JSON is."""
    return msgspec.json.encode(_plain(value) if isinstance(value, str) else value).decode().replace('","', '", "')


def _plain(text: str) -> str:
    """Text that YAML takes in a comment or a string: nothing in it that could end a line."""
    return "".join(ch if ch.isprintable() else " " for ch in text)


def _opening(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _OPENING + _CLOSING else f"{text[:_OPENING]} … {text[-_CLOSING:]}"


def _commented(line: str, comment: str) -> str:
    return f"{line:<{_COMMENT_AT - 1}} # {_plain(comment)}\n" if comment else f"{line}\n"
