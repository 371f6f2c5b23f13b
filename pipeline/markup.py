"""HTML to lines: what a reader sees, one line for each block, and what the markup says of it.

The text made here is what spans of an HTML document count in. Nothing is judged: menus and footers come out as lines
too, and go the same way as those of a page that was saved as text. Only what no reader sees (scripts, styles,
comments, the values of forms) is left out. The markup of a line is evidence for its label, never the label: sites
set menus in <p> and paragraphs in <h3>.

Parsed by lxml (libxml2), which mends broken markup and reads in time proportional to the length.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from lxml import etree

from pipeline.encodings import DecodeError, decode_bytes
from pipeline.html_signs import HEAD
from pipeline.records import is_wide
from pipeline.titles import page_title, squeeze

# fmt: off
# Not text, or text that a reader does not see.
HIDDEN = frozenset((
    "applet", "audio", "base", "canvas", "embed", "frameset", "iframe", "link", "meta", "noframes", "noscript",
    "object", "script", "select", "style", "svg", "template", "textarea", "video",
))
# What stands within a line; everything else begins a line and ends it.
INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr",
))
# fmt: on
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# What a line is marked as, of the innermost of these elements that hold it.
MARKED = {**{h: h for h in HEADINGS}, "title": "title", "figcaption": "caption", "caption": "caption", "p": "p"}
LINKED = 0.8  # the share of a line's characters in links from which it is marked as a link
CELL = 40  # characters of a table's cell; a table with longer ones is a page's layout

_TAG = re.compile("<(?:[a-zA-Z!/][^<>]{0,400})>")
_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)[ ]{0,3}=[ ]{0,3}["']?[ ]{0,3}([A-Za-z0-9_:-]{2,30})""", re.I
)
_BLANKS = re.compile("[ \t\r\n\f\v\x1c-\x1f\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]{1,}")
_CONTROLS = dict.fromkeys([*range(9), 11, *range(14, 32)], " ")
# Sites declare a part of an encoding and use the whole.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "euc_cn": "gb18030", "big5": "big5hkscs"}
_NAMES = {"big5hkscs": "big5", "utf-8": "utf-8", "gb18030": "gb18030"}


class Page(NamedTuple):
    """The lines of an HTML document."""

    text: str  # lines, with a blank one between blocks
    marks: list[str]  # one for each line of the text, blank ones too: h1 … h6, title, caption, link, p or nothing


def decode_html(data: bytes) -> tuple[str, str]:
    """The characters of an HTML document and their encoding.

    UTF-8 that is valid is UTF-8, whatever the page says. Then what the page declares, unless much of it cannot be read
    so; then what reads best. Raises DecodeError where nothing does.
    """
    declared = _CHARSET.search(data[:HEAD])
    if declared is not None and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            text = _as_declared(data, declared.group(1).decode("ascii"))
            if text is not None:
                return text
    return decode_bytes(data)


def _as_declared(data: bytes, name: str) -> tuple[str, str] | None:
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        return None
    codec = _WIDER.get(codec, codec)
    if codec not in _NAMES or codec == "utf-8":
        return None
    text = data.decode(codec, "replace")
    return (text, _NAMES[codec]) if text.count("\ufffd") * 200 <= len(data) else None


def read_html(markup: str) -> Page:
    """The lines of a page.

    >>> read_html("<title>渔港</title><h1>渔港<b>迎春</b></h1><p>船<br>回来了。<p><a href=x>更多</a>")
    Page(text='渔港\\n\\n渔港迎春\\n\\n船\\n回来了。\\n\\n更多', marks=['title', '', 'h1', '', 'p', 'p', '', 'link'])
    """
    if _TAG.search(markup) is None:
        return Page(markup, [""] * (markup.count("\n") + 1))
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, recover=True)
    root = etree.fromstring(markup.translate(_CONTROLS).encode("utf-8", "replace"), parser)
    for error in parser.error_log.filter_from_fatals():
        if error.type_name == "ERR_RESOURCE_LIMIT":
            raise DecodeError(f"HTML that cannot be read: line {error.line}: {error.message.split(',')[0]}")
    if root is None:
        return Page("", [""])
    lines = _Lines()
    walk = etree.iterwalk(root, events=("start", "end"))
    hidden = None
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else "?"
        if event == "start":
            if hidden is None:
                if tag in HIDDEN or tag == "?":
                    hidden = element
                    walk.skip_subtree()
                else:
                    lines.start(tag, element)
        elif hidden is not None:
            if element is hidden:
                hidden = None
                lines.add(element.tail)
        else:
            lines.end(tag)
            lines.add(element.tail)
    lines.flush()
    lines.part_title()
    return Page("\n".join(lines.texts), lines.marks or [""])


class _Lines:
    """Lines as they grow while the tree is walked."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.marks: list[str] = []
        self.parts: list[str] = []  # of the line that grows
        self.linked = 0  # its characters in links
        self.apart = False  # whether the next line begins a block
        self.within: list[str] = []  # marked elements that are open
        self.links = 0  # links that are open
        self.kept = 0  # elements that are open whose line ends count
        self.flat: list[bool] = []  # of the rows that are open: whether its cells stand on one line

    def start(self, tag: str, element: etree._Element) -> None:
        if tag == "br":
            self.flush()
        elif tag == "a":
            if self.linked and self.parts and not self.parts[-1][-1:].isspace() and self.linked == _size(self.parts):
                self.parts.append(" ")  # links side by side are a menu
            self.links += 1
        elif tag == "tr":
            self.flush()
            self.flat.append(_is_flat(element))
        elif tag in ("td", "th") and self.flat and self.flat[-1]:
            if self.parts:
                self.parts.append("\t")
        elif tag not in INLINE:
            self.block()
        if tag in MARKED:
            self.within.append(tag)
        self.kept += tag == "pre"
        self.add(element.text)

    def end(self, tag: str) -> None:
        if tag == "a":
            self.links -= 1
        elif tag == "tr":
            self.flush()
            self.flat.pop()
        elif tag not in INLINE and tag != "br" and not (tag in ("td", "th") and self.flat and self.flat[-1]):
            self.block()
        if tag in MARKED:
            self.within.pop()
        self.kept -= tag == "pre"

    def add(self, text: str | None) -> None:
        if not text:
            return
        *whole, rest = text.split("\n") if self.kept else [text]
        for part in whole:
            self.parts.append(part)
            self.linked += _size([part]) if self.links else 0
            self.flush()
        self.parts.append(rest)
        self.linked += _size([rest]) if self.links else 0

    def block(self) -> None:
        self.flush()
        self.apart = True

    def flush(self) -> None:
        raw, linked = "".join(self.parts), self.linked
        self.parts, self.linked = [], 0
        text = _folded(raw)
        if not text:
            return
        if self.apart and self.texts:
            self.texts.append("")
            self.marks.append("")
        self.apart = False
        self.texts.append(text)
        mark = MARKED[self.within[-1]] if self.within else ""
        if linked >= LINKED * _size([text]) and mark in ("", "p"):
            mark = "link"
        self.marks.append(mark)

    def part_title(self) -> None:
        """Cut the site's name off a page title that stands nowhere else: it is the headline then."""
        if "title" not in self.marks:
            return
        at = self.marks.index("title")
        title = self.texts[at]
        names = page_title([title])
        others = [squeeze(text) for text in self.texts[at + 1 :] if len(text) <= 2 * len(title)]
        if names and not any(squeeze(name) in others for name in names):
            head = names[0]
            self.texts[at : at + 1] = [head, title[title.index(head) + len(head) :].strip()]
            self.marks[at : at + 1] = ["title", ""]


def _size(parts: list[str]) -> int:
    return sum(len(part) - sum(map(part.count, " \t\r\n")) for part in parts)


def _folded(text: str) -> str:
    """White space as a browser shows it; a line end of the source between two Chinese characters is none.

    A tab comes from here (between the cells of a row) or stays as it is: both read as a gap.
    """
    cells = [_BLANKS.sub(_gap, cell).strip(" ") for cell in text.split("\t")]
    return "\t".join(cell for cell in cells if cell)


def _gap(blank: re.Match[str]) -> str:
    if "\n" not in blank.group() and "\r" not in blank.group():
        return " "
    text, a, b = blank.string, blank.start(), blank.end()
    wide = a > 0 and b < len(text) and is_wide(text[a - 1]) and is_wide(text[b])
    return "" if wide else " "


def _is_flat(row: etree._Element) -> bool:
    """Whether a row is one of a table of facts, not of a page's layout: two cells or more, short, without blocks."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2:
        return False
    for cell in cells:
        if any(not isinstance(x.tag, str) or x.tag not in INLINE for x in cell.iterdescendants()):
            return False
        if len("".join(cell.itertext()).strip()) > CELL or any(x.tag == "a" for x in cell.iterdescendants()):
            return False
    return True
