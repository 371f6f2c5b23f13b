"""Strip chrome: which lines of a document are no part of any article, and what they say of the document.

A web page gets a label for every line: the one article that it holds, and the reason why each other line is none of it.
A newspaper page gets labels only where they are sure: its masthead, credits, page numbers. Precision comes first there:
a body line called chrome is lost to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from pipeline.between import OPENS_TEXT, between, ends_title, is_deck, is_lone_name, next_below
from pipeline.broken import whole_lines
from pipeline.crossheads import is_crosshead, is_section
from pipeline.databases import find_items, find_rows
from pipeline.exports import Record, find_records, name_again, part_records
from pipeline.genre import is_broken, is_web
from pipeline.gutters import part_gutters
from pipeline.labels import is_name
from pipeline.lines import Look, is_byline, is_caption, look_at
from pipeline.mastheads import find_pages, is_page_head, mark_inner, mark_line, mark_page_heads
from pipeline.metadata import read_masthead, read_web
from pipeline.posts import part_marks
from pipeline.records import LABELS, Document, Line, Meta, Story
from pipeline.rules import ChromeRules, load_rules
from pipeline.saved import find_saved, goes_on, join_pages
from pipeline.several import find_apart, find_starts, flags_of, is_list
from pipeline.titles import STAMPS, squeeze
from pipeline.webpage import WEAK, Region, find_region

_DATED = re.compile("(?:19|20)\\d\\d年\\d{1,2}月\\d{1,2}日")
TEXT = ("body", "crosshead", "caption")
BARE = 8  # characters of a heading of links that stands alone (【延伸阅读】)


def strip_chrome(document: Document, rules: ChromeRules | None = None) -> None:
    """Set the document's kind and metadata, and the labels of its lines."""
    rules = rules or load_rules()
    document.meta = Meta()
    document.stories = []
    lines = document.lines
    for line in lines:
        line.label = line.rule = None
    if not lines:
        return
    if records := find_records(lines, rules):
        whole = whole_lines(lines, rules)
        if len(whole) < len(lines) and (found := find_records(whole, rules)):
            document.lines, records = whole, found
        mark_export(document, records, rules)
        return
    if mark_prints(document, rules):
        document.kind = "web"
        return
    document.kind = "web" if is_web(lines, rules) else "page"
    if document.kind == "web":
        printed = lines
        document.lines = lines = whole_lines(lines, rules)
        mark_web(document, rules)
        if not document.stories and len(lines) < len(printed) and is_broken(printed):
            lines = printed
        document.lines = lines = list(part_marks(lines))
    if document.kind != "web" or (not document.stories and is_broken(lines)):
        for line in lines:
            if line.rule in ("no-article", "list"):
                line.label = line.rule = None
        document.kind = "page"
        mark_page(document, rules)


def mark_page(document: Document, rules: ChromeRules) -> None:
    """Label what is surely no article's on a newspaper page."""
    document.lines = lines = part_gutters(document.lines, document.text, partial(is_page_head, rules=rules))
    below = mark_page_heads(document, rules)
    for i in sorted(rules.worth_asking([line.text for line in lines])):
        if i >= below and lines[i].label is None:
            mark_line(lines[i], rules, head=False)
            mark_inner(lines, i, rules)
    for line in page_numbers([line for line in lines if line.label is None]):
        line.label, line.rule = "page_furniture", "running-number"
    read_masthead(document.meta, [x for x in lines if x.label == "masthead"], rules)
    document.stories = find_pages(document, rules)
    if document.stories and (first := document.stories[0].meta):
        document.meta.page = first.page


def page_numbers(lines: Sequence[Line]) -> list[Line]:
    """Numbers alone on their lines that rise page by page through a document of several pages; none where one does not."""
    found = [line for line in lines if len(line.text) <= 3 and line.text.isdecimal()]
    numbers = [int(line.text) for line in found]
    rising = all(0 < b - a <= 2 for a, b in pairwise(numbers))
    return found if len(found) >= 2 and rising else []


def mark_export(document: Document, records: Sequence[Record], rules: ChromeRules) -> None:
    """Label every line of an export of records: its fields by what they name, its texts as those of web pages."""
    document.kind = "web"
    document.lines = lines = part_records(document.lines, records, rules)
    for record in records:
        if not record.whole:
            continue
        own = lines[record.start : record.end]
        looks = look_at(own, rules)
        region = Region(record.text - record.start, len(own), record.title - record.start, 0.0)
        frame = [x for x in own if x.rule == "export-frame"]
        _label_inside(own, looks, region)
        for line in frame:
            line.label, line.rule = "page_furniture", "export-frame"
        name_again(lines, record)
        _part_bylines(own)
        if not any(x.label in TEXT for x in own):  # all that stands below its fields is chrome
            for line in own:
                if line.label in LABELS:
                    line.label, line.rule = "page_furniture", "export-frame"
            continue
        labels = [(x.label, x.rule) for x in own]
        document.stories.append(Story(lines[record.start].number, flags_of(labels, looks), record.meta))


def mark_web(document: Document, rules: ChromeRules) -> None:
    """Label every line of a web page, or of several in one file, and say where each of its articles begins."""
    lines = document.lines
    pages = find_saved(lines, rules)
    for at, stop in zip(pages or [0], [*pages[1:], len(lines)], strict=True):
        meta = Meta() if pages else document.meta
        document.stories += _mark_saved(meta, lines[at:stop], rules)
    document.stories = _join_pages(lines, document.stories)


def _mark_saved(meta: Meta, lines: Sequence[Line], rules: ChromeRules) -> list[Story]:
    """Label every line of one web page; `meta` is to hold what its first article says."""
    looks = look_at(lines, rules)
    starts = find_starts(looks)
    for at, stop in zip([0, *starts[1:]], [*starts[1:], len(lines)], strict=True):
        starts = sorted({*starts, *(at + i for i in find_apart(looks[at:stop]))})
    stories: list[Story] = []
    for at, stop in zip([0, *starts[1:]], [*starts[1:], len(lines)], strict=True):
        stories += _mark_article(Meta() if at else meta, lines[at:stop], looks[at:stop], rules)
    return stories


def _join_pages(lines: Sequence[Line], stories: Sequence[Story]) -> list[Story]:
    """The articles of a file, one that a pager parted put together again."""
    joined: list[Story] = []
    above: Sequence[Line] = ()
    for story, stop in zip(stories, [*(x.line for x in stories[1:]), None], strict=False):
        own = [x for x in lines if x.number >= story.line and (stop is None or x.number < stop)]
        if joined and goes_on(above, own):
            join_pages(above, own)
            above = [*above, *own]
            _part_bylines(above)
            joined[-1].flags = [x for x in joined[-1].flags if x != "cut_off" and x not in story.flags] + story.flags
        else:
            above = own
            joined.append(story)
    return joined


def mark_prints(document: Document, rules: ChromeRules) -> bool:
    """Label the lines of a print from a database of newspapers, each article alone; False where a document is none."""
    lines = document.lines
    rows = find_rows(lines, rules)
    looks = look_at(lines, rules) if rows else []
    items = find_items(rows, looks, rules)
    starts = [*(x.start for x in items), len(lines)]
    for item, start, stop in zip(items, starts, starts[1:], strict=False):
        document.stories += _mark_article(item.meta, lines[start:stop], looks[start:stop], rules)
    return bool(items)


def _mark_article(meta: Meta, lines: Sequence[Line], looks: Sequence[Look], rules: ChromeRules) -> list[Story]:
    """Label the lines around one article; returns it where there is one."""
    region = find_region(looks)
    if region is not None and not is_list(looks, region.start, region.stop):
        _label_around(lines, looks, region)
        _label_inside(lines, looks, region)
        _label_times(lines, looks, region)
        _part_bylines(lines)
        read_web(meta, looks, region, rules)
        if any(line.label in TEXT for line in lines):
            return [Story(lines[0].number, flags_of([(x.label, x.rule) for x in lines], looks), meta)]
    for line, look in zip(lines, looks, strict=True):
        line.label, line.rule = _outside(look, "no-article")
    return []


def _outside(look: Look, place: str, listed: bool = False) -> tuple[str, str]:
    """Reason and rule of a line that is in no article; in a list of others what is not surely else is its."""
    if listed and (look.rule is None or look.rule.name in STAMPS):
        return "recommendation", "list"
    if look.rule is not None:
        return look.rule.reason, look.rule.name
    if look.han >= 8 and (look.times > 1 or place == "after-body"):
        return "recommendation", place
    return "navigation", place


def _label_around(lines: Sequence[Line], looks: Sequence[Look], region: Region) -> None:
    """Label what stands before, between title and body, and after."""
    title = region.title
    name = squeeze(looks[title].text) if title is not None else ""
    top = title if title is not None else region.start
    body = looks[region.start : region.stop]
    listed = False
    for i, (line, look) in enumerate(zip(lines, looks, strict=True)):
        if i == title:
            line.label, line.rule = "headline", "title"
            continue
        if region.start <= i < region.stop:
            listed = False
            continue
        if look.rule is not None and look.rule.role != "none":
            listed = look.rule.role == "list"
        bare = squeeze(look.text) if name and name[0] in look.text[:40] else ""
        if bare and bare.startswith(name) and len(bare) < len(name) + 24:
            line.label, line.rule = "duplicate", "title-again"
        elif i == top + 1 < region.start and title is not None and ends_title(looks[title], look):
            line.label, line.rule = "headline", "title-goes-on"
        elif title is not None and i == title - 1 and ends_title(look, looks[title]):
            line.label, line.rule = "headline", "title-begins"
        elif i == top + 1 < region.start and is_deck(look):
            line.label, line.rule = "subtitle", "deck"
        elif top < i < region.start:
            below = next_below(looks, i, region.start)
            found = between(look, below, looks[i - 1], body)
            line.label, line.rule = found or _outside(look, "below-title")
        else:
            line.label, line.rule = _outside(
                look, "before-title" if i < top else "after-body", listed or i >= region.stop
            )


def _label_inside(lines: Sequence[Line], looks: Sequence[Look], region: Region) -> None:
    """Label the body's own lines, and what chrome stands among them."""
    listed = False
    started = False
    for i in range(region.start, region.stop):
        if i == region.title:
            continue
        line, look = lines[i], looks[i]
        if (started or i == region.start) and is_section(looks, i, region):
            line.label, line.rule = "crosshead", "section-number"
            continue
        if look.rule is not None and not look.prose:
            if started and look.rule.name in WEAK and (i > region.start or region.title is not None):
                line.label, line.rule = "body", "field"
                continue
            dated = started and _DATED.fullmatch(look.text) is not None and lines[i - 1].label == "body"
            if not dated:
                line.label, line.rule = look.rule.reason, look.rule.name
                headed = look.rule.name == "inline-related" and look.size <= BARE
                listed = headed or look.rule.role == "list" or (listed and look.rule.role != "close")
                continue
        if look.markup == "link" and not look.prose and not look.ended and look.size >= 4:
            line.label, line.rule = "recommendation", "link"
            continue
        if i > region.start and not look.prose and not look.ended and _is_linked(looks[i - 2 : i]):
            line.label, line.rule = "recommendation", "link-below"
            continue
        if listed and not look.prose and look.score < 0 and look.text[-1] not in "：:":
            line.label, line.rule = "recommendation", "inline-list"
            continue
        listed = False
        line.label, line.rule = _inside(lines, looks, i, region, started)
        started = started or line.label in ("body", "crosshead", "caption")
    if any(x.rule is not None and x.rule.name == "epaper-tools" for x in looks):
        _label_kicker(lines, looks, region)


def _is_linked(above: Sequence[Look]) -> bool:
    """Whether a line below these names what they lead to: a topic behind a colon, a film behind its length."""
    names = [x.rule.name if x.rule is not None else "" for x in above]
    if names[-1:] == ["special-topic-link"]:
        return above[-1].text[-1] in "：:"
    return names == ["loading", "short-time"]


def _label_times(lines: Sequence[Line], looks: Sequence[Look], region: Region) -> None:
    """Times of day that stand over the paragraphs of a live report head them."""
    heads = [
        i
        for i in range(max(region.start - 1, 0), region.stop - 1)
        if (rule := looks[i].rule) is not None and rule.name == "short-time" and looks[i + 1].prose
        if ":" in looks[i].text
    ]
    if len(heads) > 1:
        for i in heads:
            lines[i].label, lines[i].rule = "crosshead", "time-of-day"


def _part_bylines(lines: Sequence[Line]) -> None:
    """A byline that another one holds is printed twice, as mobile pages do."""
    bylines = [line for line in lines if line.label == "byline"]
    for i, line in enumerate(bylines):
        if any(line.text in x.text and (line.text != x.text or k < i) for k, x in enumerate(bylines) if k != i):
            line.label, line.rule = "duplicate", "byline-again"


def _label_kicker(lines: Sequence[Line], looks: Sequence[Look], region: Region) -> None:
    """On a newspaper's own site the line right above the headline is what the page prints there: the kicker."""
    if region.title:
        line, look = lines[region.title - 1], looks[region.title - 1]
        if look.rule is None and look.times == 1 and look.han >= 6 and look.size <= 40:
            line.label, line.rule = "kicker", "kicker"


def _inside(lines: Sequence[Line], looks: Sequence[Look], i: int, region: Region, started: bool) -> tuple[str, str]:
    look = looks[i]
    if look.markup == "caption" or is_caption(look.text) or _is_marked_caption(looks, i):
        return "caption", "caption"
    if look.markup in ("h2", "h3", "h4", "h5", "h6") and started and not look.ended and i + 1 < region.stop:
        return "crosshead", "heading"
    if not look.prose and not look.ended and region.title is not None:
        if i - region.start < 4 and (is_byline(look.text) or is_lone_name(look, looks[min(i + 1, len(looks) - 1)])):
            return "byline", "byline"
        if OPENS_TEXT.search(look.text):
            return "body", "opening"
        if not started and look.size >= 6 and 2 * look.han >= look.size and i + 1 < region.stop and looks[i + 1].prose:
            return "subtitle", "subtitle"
    if i + 1 == region.stop and not look.prose and (is_byline(look.text) or (started and is_name(look.text))):
        return "byline", "signature"
    if is_crosshead(looks, i, region):
        return "crosshead", "crosshead"
    return "body", "region"


def _is_marked_caption(looks: Sequence[Look], i: int) -> bool:
    """A line right below the words that say that a caption follows."""
    above = looks[i - 1].rule if i else None
    return above is not None and above.name == "caption-mark" and looks[i].size <= 90
