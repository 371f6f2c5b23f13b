"""Prints from databases of newspapers (WiseNews and its like): articles of many papers, one below the other.

Above each headline, or right below it, stands a row that names paper, date, page and section. A newspaper's own page
has such rows in its head, so that a document counts only if it says in other lines what it is, or names several papers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from pipeline.lines import Look
from pipeline.metadata import iso_date
from pipeline.records import Line, Meta
from pipeline.rules import ChromeRules

LONGEST = 80  # characters of a row
ENTRY = 14  # characters of what it names
SIGNS = 2  # lines that only databases print
PAPERS = 3  # papers that rows name where no such line stands
TOOLS = "database-tools"  # the rule that takes them

_PARTS = re.compile("[ ]{0,8}[|｜][ ]{0,8}|[ ]{1,8}/[ ]{1,8}|[ ]{2,8}")
_DAY = re.compile(
    "(?:19|20)\\d\\d[ ]?[-./年][ ]?\\d{1,2}[ ]?[-./月][ ]?\\d{1,2}[ ]?日?(?:[ （(]{0,2}(?:星期|周|週)[一二三四五六日])?[）)]?"
)
_PAGE = re.compile("(?:第|[頁页]|[Pp][.])?[ ]?([A-Z]{0,2}\\d{1,3})[ ]?[版頁页]?")
_MEDIA = re.compile("[报報][章纸紙刊]|[杂雜][志誌]|期刊|[网網]站|通[讯訊]社")
_SENTENCE = re.compile("[。，！？；：:“”]")


class Item(msgspec.Struct):
    """An article of a print: the first line that is its own, and what its row says."""

    start: int
    meta: Meta


def find_rows(lines: Sequence[Line], rules: ChromeRules) -> list[Item]:
    """The rows of a document that name paper and date; what stands on two lines is one."""
    found: list[Item] = []
    last = -2
    for i, line in enumerate(lines):
        meta = _read(line.text, rules, i - 1 == last) if _PARTS.search(line.text, 0, LONGEST) else None
        if meta is None:
            continue
        if i - 1 == last:
            _fill(found[-1].meta, meta)
        else:
            found.append(Item(i, meta))
        last = i
    return found


def find_items(rows: Sequence[Item], looks: Sequence[Look], rules: ChromeRules) -> list[Item]:
    """The articles of a print by their rows, none where the document is no print."""
    signs = sum(look.rule is not None and look.rule.name == TOOLS for look in looks)
    papers = {name for x in rows if (name := x.meta.publication) and rules.paper_name.search(name)}
    if not rows or (signs < SIGNS and len(papers) < PAPERS):
        return []
    return [Item(_first(looks, x.start) if k else 0, x.meta) for k, x in enumerate(rows)]


def _read(text: str, rules: ChromeRules, below: bool) -> Meta | None:
    """What a row says; `below` where it stands right below another, so that it needs name no paper or date."""
    if len(text) > LONGEST or _SENTENCE.search(text):
        return None
    parts = [part for part in _PARTS.split(text) if part]
    if len(parts) < 2 or any(len(part) > ENTRY and not _DAY.fullmatch(part) for part in parts):
        return None
    meta = Meta()
    medium = False
    for part in parts:
        if _DAY.fullmatch(part):
            meta.date = iso_date(part)
        elif hit := _PAGE.fullmatch(part):
            meta.page = hit.group(1)
        elif _MEDIA.fullmatch(part):
            medium = True
        elif meta.publication is None and rules.paper_name.search(part):
            meta.publication = part
        elif meta.channel is None:
            meta.channel = part
    if meta.date and meta.publication is None and len(parts) == 2 and meta.channel == parts[0]:
        meta.publication, meta.channel = meta.channel, None
    if meta.date and meta.publication:
        return meta
    return meta if below and meta.page and (medium or meta.date or meta.publication) else None


def _fill(meta: Meta, more: Meta) -> None:
    for name in ("publication", "date", "page", "channel"):
        if getattr(meta, name) is None:
            setattr(meta, name, getattr(more, name))


def _first(looks: Sequence[Look], i: int) -> int:
    """Where the article of a row begins: at its headline, where that stands above, else at its number or the row."""
    below = next((x for x in looks[i + 1 : i + 4] if x.rule is None), None)
    above = looks[i - 1] if i else None
    if above is None:
        return i
    if above.rule is not None:
        return i - 1 if above.rule.name == TOOLS else i
    headed = below is not None and below.prose and not above.ended and not above.prose and above.han >= 4
    return i - 1 if headed else i
