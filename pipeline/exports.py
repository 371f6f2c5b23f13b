"""Articles as databases, feeds and mailboxes give them out: records of labelled fields (标题：…, 作者：…, 正文：…).

Such a document says itself where each article begins and what its headline is. It is told by its records: several with a
headline and further fields, or one with a headline and a text. A page that merely holds such a field, as those of
governments do above a document, is none; nor are an interview's 问：and 答：, which name no headline.

Labels are told by fields.py. A line that holds a label and a value is parted into two, so that either has a place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from pipeline.fields import Field, Kind, field_of, fields_of, titles_in
from pipeline.lines import end_marked
from pipeline.metadata import iso_date, iso_time, page_of
from pipeline.records import LABELS, Line, Meta
from pipeline.rules import ChromeRules, load_rules
from pipeline.titles import bigrams, spoken, squeeze

MAIL = ("subject", "主题", "主題")  # what mailboxes call a headline
EDGE = 12  # lines above the headline of a record that stands alone
DEEP = 40  # lines between the headline of a record and its text
TEXT = 20  # Chinese characters of the shortest text
PROSE = 30  # characters of a line with an end mark that is a text's
FRAME = 120  # characters of sentences that an export's own words hold, at most
ABOVE = 3  # lines that stand between two records, at most
VALUE = 160  # characters of a field's value below a text
SAME = 0.3  # of a subject's pairs of characters, which a headline below it holds
AGAIN = 0.8  # of a summary's pairs of characters, which a text holds that says the same again
LISTED = 3  # records without a text that are a list of headlines
PLAIN_FIELDS = 2  # of a record that has no label over its text, and no other record beside it

_HAN = re.compile("[\u4e00-\u9fff]")
_SEPARATOR = re.compile("[\\W_]{3,400}|</?[A-Za-z]{2,8}>")
_CLOSED = re.compile("(?:[ ]{0,2}</[\\w-]{1,20}>){1,4}$")
_COUNTER = re.compile("[0-9]{1,6}")
_REPLY = re.compile("(?:回复|回覆|答复|Re|RE|re)[ ]?[：:]")
_LIST = re.compile("(?:(?:Fwd?|FW)[：:][ ]?|[\\[【][^\\]】]{1,24}[\\]】][ ]?){1,3}(?=.{4})")
_DAY = re.compile("(?<![0-9])((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})(?![0-9])")
# What stands where no one is named.
_NOBODY = re.compile("佚名|未知|不详|不詳|无|無|匿名|[nN]/?[aA]|admin|[-/\N{EM DASH}]{1,4}")


class Record(msgspec.Struct):
    """Indexes of an article's lines: [start, stop) is all of it, [text, end) its text, title its headline."""

    start: int
    title: int
    text: int
    end: int
    stop: int
    labelled: bool = False  # a label stands over its text
    fields: int = 0  # other fields above its text
    meta: Meta = msgspec.field(default_factory=Meta)
    whole: bool = True  # it is an article


def find_records(lines: Sequence[Line], rules: ChromeRules | None = None) -> list[Record]:
    """The records of an export, none where a document is no export."""
    simple = (rules or load_rules()).simple
    labels = titles_in([line.text for line in lines], simple)
    titles = [i for i, label in labels.items() if _has_value(lines, i, label, simple)]
    if not titles:
        return []
    fields = [field_of(line.text, simple) for line in lines]
    forms = Counter(f.form for i in titles if (f := fields[i]))
    form = max(forms, key=lambda x: (forms[x], x))
    fields = [f if f and (f.form == form or f.kind.name == "text") else None for f in fields]
    titles = [i for i in titles if fields[i] is not None]
    starts = _starts(fields, titles)
    found = [
        _record(lines, fields, start, title, stop)
        for start, title, stop in zip(starts, titles, [*starts[1:], len(lines)], strict=True)
    ]
    _trim(lines, fields, found)
    return found if _are_sure(lines, found) else []


def _has_value(lines: Sequence[Line], i: int, field: Field, simple: dict[int, str]) -> bool:
    if field.value < len(lines[i].text):
        return True
    return i + 1 < len(lines) and len(lines[i + 1].text) < 120 and field_of(lines[i + 1].text, simple) is None


def _starts(fields: Sequence[Field | None], titles: Sequence[int]) -> list[int]:
    """Where records begin: at the headline, or at fields that stand above each headline."""
    above = []
    for i in titles:
        own = i
        while own and (f := fields[own - 1]) is not None and f.kind.name not in ("title", "text"):
            own -= 1
        above.append(own)
    first = {f.label for f in fields[above[0] : titles[0]] if f}
    starts = []
    for own, i in zip(above, titles, strict=True):
        at = i
        while at > own and (f := fields[at - 1]) is not None and f.label in first:
            at -= 1
        starts.append(at)
    return starts


def _record(lines: Sequence[Line], fields: Sequence[Field | None], start: int, title: int, stop: int) -> Record:
    """A record with its text below its fields, and not below its last field if those below name the text's source."""
    texts = (i for i in range(title + 1, min(stop, title + DEEP)) if (f := fields[i]) and f.kind.name == "text")
    label = next(texts, None)
    if label is not None and not _is_head(lines, fields, title, label):
        label = None
    at = title + 1
    if label is not None:
        at = label
    else:
        while at < stop and (fields[at] is not None or _is_value(lines, fields, at)):
            at += 1
    found = Record(start, title, at, stop, stop, label is not None)
    if label is not None and (f := fields[label]) and f.value >= len(lines[label].text):
        found.text += 1
    while found.end > found.text and (_is_tail(lines[found.end - 1], fields[found.end - 1])):
        found.end -= 1
    if label is None and found.text >= found.end:  # a feed that gives out summaries alone
        summary = (i for i in range(title + 1, at) if (f := fields[i]) and f.kind.name == "summary")
        found.text = next(summary, found.text)
        found.end = max(found.end, found.text + 1) if found.text < at else found.end
    above = [f for i, f in enumerate(fields[start : found.text], start) if f and i not in (title, label)]
    found.fields = len({f.kind.name for f in above} - {"text"})
    return found


def _is_head(lines: Sequence[Line], fields: Sequence[Field | None], title: int, label: int) -> bool:
    """Whether nothing stands between a headline and the label of the text but fields and what they hold."""
    name = ""
    for i in range(title, label):
        field = fields[i]
        name = field.kind.name if field is not None else name
        if field is None and name != "summary" and _is_prose(lines[i].text):
            return False
    return True


def _is_prose(text: str) -> bool:
    return len(text) >= PROSE and end_marked(text)


def _is_value(lines: Sequence[Line], fields: Sequence[Field | None], at: int) -> bool:
    """Whether a line is the value of a label above it that has none."""
    above = fields[at - 1]
    return above is not None and above.value >= len(lines[at - 1].text) and not _is_prose(lines[at].text)


def _is_tail(line: Line, field: Field | None) -> bool:
    """Whether the last line of a record is a field or a separator, not the end of its text."""
    if field is None or field.form == "":
        return _SEPARATOR.fullmatch(line.text) is not None
    return field.kind.name not in ("text", "title") and len(line.text) < VALUE and not end_marked(line.text)


def _trim(lines: Sequence[Line], fields: Sequence[Field | None], records: Sequence[Record]) -> None:
    """Take counters and separators that stand over records, and what stands below the last, from the texts."""
    heads = [lines[max(0, x.start - ABOVE) : x.start] for x in records]
    shapes = Counter(shape for own in heads for shape in {_shape(line.text) for line in own} if shape)
    often = {shape for shape, times in shapes.items() if times > 1 and 2 * times >= len(records)}
    marks = {shape for shape in often if not any(map(str.isalnum, shape))}
    for record in records:
        at = next((i for i in range(record.text, record.end) if _shape(lines[i].text) in often), None)
        if at is not None and sum(len(x.text) for x in lines[at : record.end] if _is_prose(x.text)) < FRAME:
            last = record is records[-1]
            if not last or _shape(lines[at].text) in marks:
                record.end = at
        while record.end > record.text and _is_tail(lines[record.end - 1], fields[record.end - 1]):
            record.end -= 1


def _shape(text: str) -> str:
    """A separator, or a line that counts records, without its numbers; nothing of any other line."""
    if _SEPARATOR.fullmatch(text):
        return text
    counted = len(text) <= 30 and not end_marked(text) and _COUNTER.search(text) is not None
    return _COUNTER.sub("0", text) if counted else ""


def _are_sure(lines: Sequence[Line], records: Sequence[Record]) -> bool:
    """Whether records tell an export: two with fields and a text, or one that is all there is."""
    for x in records:
        x.whole = len(_HAN.findall("".join(line.text for line in lines[x.text : x.end]))) >= TEXT
    good = [x for x in records if x.whole and (x.fields or x.labelled)]
    if len(records) > 1:
        listed = len(records) >= LISTED and all(x.fields and x.text >= x.end for x in records)
        return listed or (len(good) > 1 and 2 * len(good) >= len(records))
    (one,) = records
    above = [line for line in lines[: one.start] if not _SEPARATOR.fullmatch(line.text)]
    if not good or len(above) > EDGE or any(_is_prose(x.text) for x in above):
        return False
    return one.labelled or (not above and one.fields >= PLAIN_FIELDS)


def part_records(lines: Sequence[Line], records: Sequence[Record], rules: ChromeRules) -> list[Line]:
    """The lines of an export with each label parted from its value, and all but the texts labelled.

    The records are told where their lines are now, what their fields say, and which of them hold no article.
    """
    out: list[Line] = []
    at = 0
    names: set[str] = set()
    for record in records:
        out += _framed(lines[at : record.start])
        at = record.stop
        head = _parted(lines[record.start : record.text], rules)
        body = list(lines[record.text : record.end])
        if body and (field := field_of(body[0].text, rules.simple)) and field.kind.name in ("text", "summary"):
            label, value = body[0].part(0, field.value), body[0].part(field.value, len(body[0].text))
            label.label, label.rule = "page_furniture", "export-label"
            head.append(label)
            body[:1] = [value] if value.text else []
        tail = _parted(lines[record.end : record.stop], rules)
        said = "\n".join(x.text for x in body)
        for x in head:
            pairs = bigrams(x.text) if x.rule == "export-summary" else set()
            if pairs and spoken(pairs, said) >= AGAIN * len(pairs):
                x.label = "duplicate"
        title = next((i for i, x in enumerate(head) if x.label == "headline"), 0)
        record.meta = _meta([*head, *tail], rules)
        reply = _REPLY.match(head[title].text) is not None and bool(names)
        names.add(squeeze(head[title].text))
        record.whole = record.whole and not reply
        if not record.whole:
            for x in (*head, *body, *tail):
                if x.label is None or x.label in LABELS:
                    x.label, x.rule = ("interaction", "export-reply") if reply else ("recommendation", "export-no-text")
        record.start, record.title, record.text = len(out), len(out) + title, len(out) + len(head)
        out += [*head, *body, *tail]
        record.end, record.stop = record.text + len(body), len(out)
        if any(x.text.endswith(">") for x in out[record.start : record.stop]):
            _part_tags(out, record)
    return out + _framed(lines[at:])


def _part_tags(lines: list[Line], record: Record) -> None:
    """Part the tags that close fields from what they close."""
    for i in reversed(range(record.start, record.stop)):
        hit = _CLOSED.search(lines[i].text)
        if hit is None or not hit.start():
            continue
        whole = lines[i]
        value = whole.part(0, hit.start())
        value.label, value.rule = whole.label, whole.rule
        lines[i : i + 1] = [value, *_framed([whole.part(hit.start(), len(whole.text))])]
        record.stop += 1
        record.text += i < record.text
        record.end += i < record.end - 1


def name_again(lines: Sequence[Line], record: Record) -> None:
    """Tell a headline that a text begins with from that of its record's field: one is the other again.

    A mail's subject is often the shorter of the two, so there the text's own is the headline.
    """
    named, first = lines[record.title], lines[record.text]
    bare = squeeze(first.text)
    if squeeze(named.text) == bare:
        first.label, first.rule = "duplicate", "title-again"
        return
    pairs = bigrams(named.text)
    told = spoken(pairs, first.text) >= SAME * len(pairs)
    apart = record.end - record.text > 1 and lines[record.text + 1].gap > 0
    if named.rule == "export-subject" and told and apart and len(first.text) <= 60 and not end_marked(first.text):
        named.label, named.rule = "duplicate", "export-subject"
        first.label, first.rule = "headline", "title"


def _framed(lines: Sequence[Line]) -> list[Line]:
    for line in lines:
        line.label, line.rule = "page_furniture", "export-frame"
    return list(lines)


def _parted(lines: Sequence[Line], rules: ChromeRules) -> list[Line]:
    """Lines of fields, each parted into labels and values with their labels; a line without one belongs to the field above."""
    out: list[Line] = []
    kind: Kind | None = None
    label = ""
    for line in lines:
        if _SEPARATOR.fullmatch(line.text):
            out += _framed([line])
            continue
        marks = list(fields_of(line.text, rules))
        stops = [*(a for a, _, _ in marks[1:]), len(line.text)]
        if not marks or marks[0][0]:
            out.append(_valued(line, kind, label, rules))
        for (a, value, field), stop in zip(marks, stops, strict=False):
            kind, label = field.kind, field.label.casefold()
            if label in MAIL and (listed := _LIST.match(line.text, value)):
                value = listed.end()
            name = line.part(a, value)
            name.label, name.rule = kind.reason, "export-label"
            out.append(name)
            if line.text[value:stop].strip():
                out.append(_valued(line.part(value, stop), kind, label, rules))
    return out


def _valued(line: Line, kind: Kind | None, label: str, rules: ChromeRules) -> Line:
    """A field's value with what it is in the article."""
    if kind is None:
        line.label, line.rule = "page_furniture", "export-frame"
        return line
    line.label, line.rule = kind.reason, f"export-{kind.name}"
    if kind.name == "title":
        line.label, line.rule = "headline", "export-subject" if label in MAIL else "export-title"
    elif kind.name in ("kicker", "subtitle"):
        line.label = kind.name
    elif kind.name == "byline":
        named = rules.names_site(line.text) or rules.site_of(line.text) or _NOBODY.fullmatch(line.text)
        line.label = "origin_note" if named else "byline"
    elif kind.name == "summary":
        line.label = "body"
    return line


def _meta(lines: Sequence[Line], rules: ChromeRules) -> Meta:
    """What a record's fields say of it."""
    said: dict[str, str] = {}
    for line in lines:
        name = (line.rule or "").removeprefix("export-")
        if line.rule != "export-label" and name not in said and not _NOBODY.fullmatch(line.text):
            said[name] = line.text
    meta = Meta(channel=said.get("channel"), source=said.get("source"), editor=said.get("editor"))
    author = next((x for x in lines if x.rule == "export-byline"), None)
    if author is not None and author.label == "byline":
        meta.author = author.text
    elif author is not None and meta.source is None and not _NOBODY.fullmatch(author.text):
        meta.source = author.text
    if meta.source and rules.paper_name.fullmatch(meta.source):
        meta.publication = meta.source
    when = said.get("date", "")
    meta.date, meta.time = iso_date(_DAY.sub(r"\1-\2-\3", when)), iso_time(when)
    meta.page = page_of(said.get("page", ""))
    return meta
