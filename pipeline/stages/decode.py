"""Decode: bytes to a document of lines, each with its span and its repaired text."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, count, repeat

from pipeline.blank import BLANK, ZERO_WIDTH
from pipeline.dumps import undump, unquote
from pipeline.encodings import DecodeError, decode_bytes
from pipeline.html_signs import is_html
from pipeline.records import Document, Line
from pipeline.repair import NEEDS_REPAIR, close_up, edits, is_spaced_out, repair

__all__ = ["DecodeError", "decode", "read_text"]

# Line ends beside LF and CR LF. U+0085 is none: it is a byte of many a Chinese character where GBK was read as Latin-1.
ODD_ENDS = "\r\f\v\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"
ODD_END = re.compile("\r(?!\n)|[\f\v\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")
LINE_END = re.compile("\r\n|[\n\r\f\v\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")

# Half-width cells of a character before the line.
CELLS = {"\N{IDEOGRAPHIC SPACE}": 2, "\t": 4, "\r": 0, **dict.fromkeys(ZERO_WIDTH, 0)}

# The last byte of a Chinese character in UTF-8 that was read as Latin-1 may be a no-break space.
OPEN_TAIL = re.compile("[\xe2-\xef][\x80-\xbf]\xa0")


def decode(data: bytes, path: str, form: str = "") -> Document:
    """The document that a file holds: its text, and one record for each line that is more than white space.

    `form` is what a container said of it: "html", or "text" where the bytes are UTF-8 for sure and nothing is guessed.

    Raises DecodeError (a ValueError) where the file is no text; an empty one is a document without lines.

    >>> document = decode("  人民日报\\r\\n\\r\\n社论".encode("gb18030"), "a.txt")
    >>> document.encoding, [(line.number, line.start, line.end, line.indent, line.gap) for line in document.lines]
    ('gb18030', [(1, 2, 6, 2, 0), (3, 10, 12, 0, 1)])
    """
    sha256 = hashlib.sha256(data).hexdigest()
    if form == "html" or is_html(data, path):
        return _read_page(data, path, sha256)
    if form == "text":
        text, encoding = decode_bytes(codecs.BOM_UTF8 + data)[0], "utf-8"
    else:
        text, encoding = decode_bytes(data)
    document = read_text(text, path, encoding=encoding, sha256=sha256)
    lost = text.count("\ufffd")
    if lost and encoding != "utf-8-sig":
        lost -= data.count(b"\xef\xbf\xbd") if encoding.startswith("utf-8") else 0
    if lost > 0:
        document.repairs["undecodable"] = lost
    return document


def _read_page(data: bytes, path: str, sha256: str) -> Document:
    """The lines of an HTML document: its decoded text is what a reader sees, and spans count in that."""
    from pipeline.markup import decode_html, read_html

    text, encoding = decode_html(data)
    page = read_html(text)
    document = read_text(page.text, path, encoding=f"{encoding}+html", sha256=sha256)
    for line in document.lines:
        line.markup = page.marks[line.number - 1]
    return document


def read_text(text: str, path: str, *, encoding: str = "utf-8", sha256: str = "") -> Document:
    """The same for text that is decoded already."""
    document = Document(path, sha256, encoding, text)
    lines, repairs = document.lines, document.repairs
    needs_repair = NEEDS_REPAIR.search
    gap = 0
    for number, at, raw, page_end in _segments(text):
        content = raw.strip(BLANK)
        if not content:
            gap += 1
            continue
        if content is raw:
            start, indent = at, 0
        else:
            start = at + len(raw) - len(raw.lstrip(BLANK))
            indent = 0 if start == at else sum(CELLS.get(ch, 1) for ch in text[at:start])
        line = Line(number, start, start + len(content), content, indent, gap)
        if needs_repair(content):
            _repair(line, raw[start - at :], repairs)
        lines.append(line)
        gap = page_end
    if 3 * text.count(" ") > len(text) and is_spaced_out(text):
        _close_up(document)
    undump(document)
    unquote(document)
    return document


def _close_up(document: Document) -> None:
    """Take the blanks out that an OCR engine sets after every character."""
    for line in document.lines:
        if line.label is None and (closed := close_up(line.text)) != line.text:
            document.repairs["spaced_out"] = document.repairs.get("spaced_out", 0) + len(line.text) - len(closed)
            line.text = closed
            line.edits = edits(document.text[line.start : line.end], closed)


def _segments(text: str) -> Iterable[tuple[int, int, str, int]]:
    """Number, place and characters of each line (with a CR at its end), and 1 where a form feed ends it, else 0.

    The usual text has LF or CR LF only, and is cut without a step of Python for each line.
    """
    if not any(end in text for end in ODD_ENDS) or ODD_END.search(text) is None:
        raws = text.split("\n")
        places = accumulate(map((1).__add__, map(len, raws)), initial=0)
        return zip(count(1), places, raws, repeat(0), strict=False)
    return _odd_segments(text)


def _odd_segments(text: str) -> Iterator[tuple[int, int, str, int]]:
    number, at = 1, 0
    for end in LINE_END.finditer(text):
        mark = end.group()
        yield number, at, text[at : end.start()], int(mark == "\f")
        number += mark[-1] == "\n"
        at = end.end()
    yield number, at, text[at:], 0


def _repair(line: Line, rest: str, repairs: dict[str, int]) -> None:
    """Set the line's repaired text and its edits; `rest` is the line with the white space behind it.

    A line of which a repair would leave nothing keeps what it holds and is labelled noise.
    """
    raw = line.text
    if OPEN_TAIL.match(rest, len(raw) - 2):
        wider = repair(rest[: len(raw) + 1], {})
        if raw[-2] >= "\xe2" and not wider.endswith((raw[-1], " ")):
            raw = rest[: len(raw) + 1]
            line.end += 1
    counts: dict[str, int] = {}
    text = repair(raw, counts).strip(BLANK)
    for name, times in counts.items():
        repairs[name] = repairs.get(name, 0) + times
    if text:
        line.text = text
        line.edits = edits(raw, text)
    else:
        line.label, line.rule = "noise", "decode.unreadable"
