"""The records that stages hand on: what a document holds, and what was decided about it.

A stage never rewrites a document. It adds decisions about spans, so that each can be shown, tested and re-tuned without
reading the dump again. A span is `[start, end)` in Unicode code points of the decoded document.

The many small records stand in work files as arrays: with the names of their fields they would be half as large again.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

Span = tuple[int, int]

# Why a span stands in no article. A jump line is dropped too: its meaning lives in the record's fields.
REASONS = (
    "masthead",
    "navigation",
    "recommendation",
    "jump_line",
    "origin_note",
    "page_furniture",
    "duplicate",
    "interaction",
    "credit",
    "notice",
    "advert",
    "noise",
)

# What a line or a piece is, where it is not dropped. Before a page's headlines are told, a piece may also be "short" (headline,
# crosshead or torn text) or a "jump_line".
LABELS = ("body", "headline", "kicker", "subtitle", "byline", "crosshead", "caption")


class Line(msgspec.Struct, array_like=True, gc=False):
    """One line of the decoded document that holds more than white space."""

    number: int  # from 1, as an editor counts
    start: int  # span of what the line holds, white space at both ends left out
    end: int
    text: str  # the same after repair
    indent: int = 0  # half-width cells of white space before it
    gap: int = 0  # blank lines before it
    edits: list[tuple[int, int, int, int]] = []  # (a, b, c, d): text[a:b] was decoded[start + c : start + d]
    label: str | None = None  # one of REASONS or LABELS, or None where nothing is decided
    rule: str | None = None  # name of the rule that decided
    markup: str = ""  # what HTML says of it: h1 … h6, title, caption, link, p, or nothing

    def offset(self, i: int) -> int:
        """Where character `i` of the repaired text stands in the decoded document.

        Monotone, 0 is `start` and `len(text)` is `end`, so that spans which part the text part the line as well.
        Inside an edit every character maps to the edit's beginning.
        """
        if i >= len(self.text):
            return self.end
        shift = 0
        for a, b, c, d in self.edits:
            if i <= a:
                break
            if i < b:
                return self.start + c
            shift = d - b
        return self.start + i + shift

    def span(self, a: int = 0, b: int | None = None) -> Span:
        """The span of `text[a:b]` in the decoded document."""
        return self.offset(a) if a else self.start, self.end if b is None else self.offset(b)

    def part(self, a: int, b: int) -> Line:
        """What `text[a:b]` is as a line of its own, without blanks at its ends and with nothing decided.

        The line's head stands where the line stood: set in as far, and after as many blank lines.
        """
        indent, gap = (0, 0) if a else (self.indent, self.gap)
        while a < b and self.text[a] in " \u3000\t":
            a += 1
        while b > a and self.text[b - 1] in " \u3000\t":
            b -= 1
        start, end = self.span(a, b if b < len(self.text) else None)
        shift = start - self.start
        edits = [(i - a, j - a, c - shift, d - shift) for i, j, c, d in self.edits if a <= i and j <= b]
        return Line(self.number, start, end, self.text[a:b], indent, gap, edits=edits, markup=self.markup)


class Piece(msgspec.Struct, array_like=True, gc=False):
    """What was printed together: the lines of one paragraph in one column, a headline, a byline."""

    text: str
    spans: list[Span]
    label: str
    rule: str
    line: int  # number of its first line
    last: int  # number of its last line
    gap: int = 0  # blank lines before it
    indent: int = 0  # cells that its first line is set in, as printed
    column: int = 0  # width in cells of the column that its lines were broken to, 0 where it has no broken lines
    head_room: int = 0  # cells that its first line leaves empty, where it has a column
    tail_room: int = 0  # cells that its last line leaves empty, where it has a column
    cut: bool = False  # its first line stands below the last of the piece before it as lines of one paragraph do


class Join(msgspec.Struct, array_like=True, gc=False):
    """Why one piece goes on in the next one of its paragraph."""

    score: float  # the share of joins with this score that are right
    rule: str  # "seam" or "credit" (a photographer's name below the text)


class Paragraph(msgspec.Struct, array_like=True, gc=False):
    """Pieces that are one paragraph, in reading order; `joins` has one fewer than `pieces`."""

    type: str  # p | h | caption
    pieces: list[Piece]
    joins: list[Join] = []


class Meta(msgspec.Struct):
    """What the document says of itself; None where it says nothing."""

    publication: str | None = None
    date: str | None = None  # ISO 8601
    time: str | None = None
    page: str | None = None
    channel: str | None = None
    source: str | None = None
    author: str | None = None
    editor: str | None = None
    original_title: str | None = None


class Part(msgspec.Struct, array_like=True, gc=False):
    """What one document holds of one article."""

    paragraphs: list[Paragraph]
    head: dict[str, list[Piece]] = {}  # kicker, title, subtitle, byline
    continued_from: str | None = None  # page of a 上接 line
    continued_to: str | None = None  # page of a 下转 line
    flags: list[str] = []
    confidence: float = 1.0
    meta: Meta | None = None  # of the article alone, where its document holds several articles or pages


class Drop(msgspec.Struct, array_like=True, gc=False):
    """A span that stands in no article."""

    start: int
    end: int
    reason: str
    rule: str


class Story(msgspec.Struct, array_like=True):
    """One of the articles that a web page holds, or one of the pages of a newspaper in one file."""

    line: int  # number of the first line that is its own
    flags: list[str] = []
    meta: Meta | None = None


class Document(msgspec.Struct):
    """One raw text and all that the stages decided about it so far."""

    path: str  # relative to the input as given, with "/"
    sha256: str
    encoding: str
    text: str  # decoded, before any repair
    lines: list[Line] = []
    repairs: dict[str, int] = {}
    kind: str = "page"  # page (of a newspaper) | web
    meta: Meta = msgspec.field(default_factory=Meta)
    pieces: list[Piece] = []
    parts: list[Part] = []
    drops: list[Drop] = []
    stories: list[Story] = []  # of a web page or of several newspaper pages, in order
    metadata: str | None = None  # what the table or crawl that holds it says of it: a JSON object


class Link(msgspec.Struct):
    """One jump: the part that goes on (下转) and the part that it goes on to (上接)."""

    first: tuple[str, int]  # path of the document, index in its parts
    then: tuple[str, int]
    score: float
    joined: bool  # the last paragraph of the one goes on in the first of the other


def on_new_leaf(text: str, above: Line, below: Line) -> bool:
    """Whether a form feed stands between two lines of a decoded text: the second begins a leaf."""
    return "\f" in text[above.end : below.start]


def is_wide(ch: str) -> bool:
    """Whether a character is set in a full cell, as Chinese and its punctuation are."""
    return ch >= "\u2e80" or ch in "“”‘’…—·"


def cells(text: str) -> int:
    """Width in half-width cells: two for what GBK writes in two bytes."""
    return len(text.encode("gbk", "replace"))


def join_texts(texts: Iterable[str]) -> str:
    """Put pieces of one paragraph together: one space between two Latin words or numbers, else nothing.

    >>> join_texts(["全面建设社", "会主义"])
    '全面建设社会主义'
    >>> join_texts(["the Belt", "and Road"])
    'the Belt and Road'
    """
    out = ""
    for text in texts:
        if out and text and not (is_wide(out[-1]) or is_wide(text[0])):
            out += " "
        out += text
    return out
