"""The heads of newspaper pages: the paper's name, the date, the page; at the top, at the foot, and of each page in a file.

Precision comes first: a line of text that is called a masthead is lost to the reader. So most forms are asked only where
nothing but masthead stands above, and amid a document only beside a line that holds a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from pipeline.metadata import read_masthead
from pipeline.records import Document, Line, Meta, Story, on_new_leaf
from pipeline.rules import ChromeRules

HEAD = 14  # lines of a newspaper page that a masthead may fill
FOOT = 6  # lines of it that may stand below all articles
BESIDE = 3  # lines above and below a date that are of the same head of a page
LONGEST = 22  # characters of a line of a head that no form tells; a longer one is text, and the head is over
# Forms of papers.toml: those that may sign a letter or stand in a notice, and so tell no head at a page's foot; those that hold
# a date; those that are of several parts, and with a digit tell a head wherever they stand.
AT_HEAD_ONLY = ("plain-date", "lunar-date", "web-address", "publisher")
DATED = ("folio", "date-line", "paper-and-page", "parts", "plain-date")
OF_PARTS = ("folio", "date-line", "paper-and-page", "parts", "page-head")
# The name of a paper or a section in its head, with or without the page's number; or set wide.
_NAME = re.compile(
    "(?:[A-Z]?[0-9]{1,2}[ ]{1,4})?[\u4e00-\u9fff·]{2,6}(?:[ ]{1,4}[A-Z]?[0-9]{1,2})?"
    "|[\u4e00-\u9fff](?:[ \u3000]{1,6}[\u4e00-\u9fff]){1,4}"
)
# 某某日报, but none of the words that end so: 喜报, 捷报, 海报, 预报, 情报, 汇报, 通报, 公报, 战报, 回报, 举报.
_PAPER_NAME = re.compile("[\u4e00-\u9fff]{2,7}(?<![喜捷海预預情汇匯通公战戰回举舉])[报報]")


def mark_page_heads(document: Document, rules: ChromeRules) -> int:
    """Label the lines of page heads; returns how many lines nothing but the document's own head stands above."""
    lines = document.lines
    below = mark_head(lines, rules)
    for i in range(1, len(lines)):
        if on_new_leaf(document.text, lines[i - 1], lines[i]):
            own = lines[i : i + mark_head(lines[i : i + HEAD], rules)]
            named = Meta()
            read_masthead(named, [line for line in own if line.label == "masthead"], rules)
            for line in own:
                if line.label == "masthead" and named.page is None:  # of a further leaf, not of another page
                    line.label, line.rule = "page_furniture", "running-head"
    _mark_foot(lines[max(len(lines) - FOOT, below) :], rules)
    return below


def mark_head(lines: Sequence[Line], rules: ChromeRules) -> int:
    """Label the head of a page; returns how many lines nothing but that stands above."""
    below = 0
    for line in lines[:HEAD]:
        below += 1
        mark_line(line, rules, head=True)
        if line.label is None and (len(line.text) > LONGEST or line.text[-1] in "。，；！？"):
            break
    _mark_between(lines[:below])
    return below


def mark_line(line: Line, rules: ChromeRules, head: bool) -> None:
    """Label a line that is chrome by itself; `head` where nothing but masthead stands above it."""
    form = rules.masthead(line.text, head)
    if form is not None:
        line.label, line.rule = "masthead", form.name
    elif (rule := rules.find(line.text, "page")) is not None:
        line.label, line.rule = rule.reason, rule.name


def is_page_head(text: str, rules: ChromeRules) -> bool:
    """Whether a line tells a page's head wherever it stands: paper, section or weekday beside a date or a page's number."""
    form = rules.masthead(text, True)
    return form is not None and form.name in OF_PARTS and any(map(str.isnumeric, text))


def mark_inner(lines: Sequence[Line], at: int, rules: ChromeRules) -> None:
    """Label the head of a further page in a file: a date at `at`, and right beside it what else only heads hold."""
    form = rules.masthead(lines[at].text, True)
    if form is None or form.name not in DATED:
        return
    own = [lines[at]]
    for step in (-1, 1):
        for i in range(at + step, at + step * (BESIDE + 1), step):
            if not 0 <= i < len(lines) or rules.masthead(lines[i].text, True) is None:
                break
            own.append(lines[i])
    if len(own) > 1 or form.name == "parts":
        for line in own:
            mark_line(line, rules, head=True)


def _mark_between(head: Sequence[Line]) -> None:
    """Label the short names that stand right beside masthead lines: the paper's, and that of a section or a supplement."""
    known = [line.label is not None for line in head]
    if sum(known) < 2 and not any(line.rule == "date-line" for line in head):
        return
    for i in reversed(range(len(head))):
        line = head[i]
        if line.label is not None or _NAME.fullmatch(line.text) is None:
            continue
        below = i + 1 < len(head) and known[i + 1]
        paper = _PAPER_NAME.fullmatch(line.text) is not None
        numbered = any(c.isdigit() for c in line.text)
        if below or ((paper or numbered) and i and known[i - 1]):
            line.label, line.rule = "masthead", "head-paper" if paper else "section-name"
            known[i] = True


def _mark_foot(lines: Sequence[Line], rules: ChromeRules) -> None:
    """Label the head of a page where the text layer has it below all articles; a date alone there may sign a letter."""
    for line in reversed(lines):
        if line.label is None:
            mark_line(line, rules, head=True)
        if line.rule in AT_HEAD_ONLY:
            line.label = line.rule = None
        if line.label is None:
            break


def find_pages(document: Document, rules: ChromeRules) -> list[Story]:
    """Where each page of a document that holds several begins, and what its head says; nothing of a single page.

    Heads that stand below their pages would name the wrong ones: a document counts only if it begins with a head, and does not
    end with one.
    """
    found: list[Story] = []
    for zone in _zones(document.lines):
        meta = Meta()
        read_masthead(meta, zone, rules)
        if meta.page is not None or not found:
            date = meta.date or document.meta.date
            own = msgspec.structs.replace(document.meta, page=meta.page, date=date)
            found.append(Story(zone[0].number, meta=own))
    lines = document.lines
    at_top = bool(found) and found[0].line <= lines[min(HEAD, len(lines)) - 1].number
    at_top = at_top and any(line.label is None and line.number > found[-1].line for line in lines)
    return found if at_top and len({story.meta.page for story in found if story.meta}) > 1 else []


def _zones(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Masthead lines that stand together, dropped lines between them aside."""
    zone: list[Line] = []
    for line in lines:
        if line.label == "masthead":
            zone.append(line)
        elif line.label is None and zone:
            yield zone
            zone = []
    if zone:
        yield zone


def tell_pages(document: Document) -> None:
    """Say of each part which of its document's pages it stands on: that of the last head above its text."""
    for part in document.parts if document.kind == "page" and document.stories else ():
        first = min((piece.line for paragraph in part.paragraphs[:1] for piece in paragraph.pieces[:1]), default=0)
        part.meta = next((s.meta for s in reversed(document.stories) if s.line <= first), document.stories[0].meta)
