"""Lines that stand on many documents of a dump, written as rules to read, edit and pass with `--rules`.

A run never lets one document's lines decide another's: what many pages of a site share is learned here, beforehand,
into a file that a person reads. Two passes keep memory bounded however large the dump is: the first counts hashes of
short lines in a table of fixed size (which can only count too high), the second looks at the lines that may be frequent
enough and counts those exactly. A document that is a copy of another (the same first sentence) counts once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from pipeline.inputs import Listing
from pipeline.lines import is_byline, is_caption
from pipeline.readers import Entry, Reading, Unread, read_file
from pipeline.readers.streams import ExplodesError
from pipeline.records import Document, Line
from pipeline.rules import ChromeRules, load_rules
from pipeline.rules.wording import LONGEST, is_sentence
from pipeline.stages.chrome import strip_chrome
from pipeline.stages.decode import decode
from pipeline.store import write_whole

LEAST = 5  # documents that a line stands on before it is learned
SLOTS = 1 << 22  # of each of the two tables: 16 MB
CANDIDATES = 50_000  # lines that the second pass counts
# Chinese characters of a line that is learned though it stands among paragraphs: no crosshead is alike so often.
LONG = 8
BODY = ("body", "crosshead", "subtitle", "kicker", "headline", "caption", "byline")


class Seen(msgspec.Struct):
    """A line that stands on several documents."""

    text: str  # as it was printed first
    path: str  # where
    guess: int  # documents, by the first pass
    copies: set[int] = set()  # digests of the articles beside it, LEAST and some more at most
    documents: int = 0
    outside: int = 0  # those of them where it stands in no article


class Learned(NamedTuple):
    """What a dump taught."""

    lines: dict[str, list[Seen]]  # by kind of document
    documents: int
    unread: int


class _Sketch:
    """Counts of hashes in a table of fixed size, never too low."""

    def __init__(self) -> None:
        self.tables = np.zeros((2, SLOTS), dtype=np.uint16)

    def add(self, hashes: Iterable[int]) -> None:
        at = np.fromiter(hashes, dtype=np.uint64)
        for table, shift in zip(self.tables, (0, 32), strict=True):
            slots = np.unique((at >> np.uint64(shift)) % np.uint64(SLOTS))
            table[slots] += table[slots] < 65535

    def count(self, digest: int) -> int:
        return int(min(self.tables[0][digest % SLOTS], self.tables[1][(digest >> 32) % SLOTS]))


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _short(lines: Iterable[Line], rules: ChromeRules) -> dict[str, Line]:
    """Lines that a phrase can take, by what of them is compared; what is too short or names a day says nothing."""
    found: dict[str, Line] = {}
    for line in lines:
        if len(line.text) <= LONGEST and rules.day.search(line.text) is None:
            key = rules.key(line.text)
            if len(key) >= 2 and not key.isascii():
                found.setdefault(key, line)
    return found


def _documents(listing: Listing, reading: Reading) -> Iterator[Document | None]:
    for found in listing.documents:
        try:
            for entry in read_file(found.file, found.path, reading):
                yield _document(entry)
        except ExplodesError:
            yield None


def _document(entry: Entry) -> Document | None:
    try:
        return None if isinstance(entry, Unread) else decode(entry.data, entry.path, entry.form)
    except ValueError:
        return None


def learn(listing: Listing, least: int = LEAST, reading: Reading | None = None) -> Learned:
    """The lines that stand on at least `least` documents and are none of an article, the most frequent first."""
    rules, reading = load_rules(), reading or Reading()
    sketch = _Sketch()
    documents = unread = 0
    for document in _documents(listing, reading):
        if document is None:
            unread += 1
            continue
        documents += 1
        sketch.add(map(_digest, _short(document.lines, rules)))
    seen: dict[str, dict[str, Seen]] = {"web": {}, "page": {}}
    for document in _documents(listing, reading):
        if document is not None:
            _count(document, sketch, seen, least, rules)
    lines = {kind: _chosen(of_kind.values(), least, kind) for kind, of_kind in seen.items()}
    return Learned(lines, documents, unread)


def _count(
    document: Document, sketch: _Sketch, seen: dict[str, dict[str, Seen]], least: int, rules: ChromeRules
) -> None:
    often = {key: n for key in _short(document.lines, rules) if (n := sketch.count(_digest(key))) >= least}
    if not often:
        return
    strip_chrome(document, rules)
    prose = (x.text for x in document.lines if x.label in (None, "body") and len(x.text) >= 24 and "，" in x.text)
    copy = _digest(next(prose, document.path)[:24])
    of_kind = seen[document.kind]
    for key, line in _short(document.lines, rules).items():
        if key not in often or rules.find(line.text, document.kind) is not None or rules.masthead(line.text, True):
            continue
        entry = of_kind.get(key)
        if entry is None:
            entry = of_kind[key] = Seen(line.text, document.path, often[key])
        if len(entry.copies) < max(least, 64):
            if copy in entry.copies:
                continue
            entry.copies.add(copy)
        entry.documents += 1
        entry.outside += line.label not in BODY and line.label is not None
    if len(of_kind) > CANDIDATES:
        rarest = sorted(of_kind, key=lambda key: (of_kind[key].guess, key))[: CANDIDATES // 10]
        for key in rarest:
            del of_kind[key]


def _chosen(seen: Iterable[Seen], least: int, kind: str) -> list[Seen]:
    """Those that are no article's: elsewhere they stand outside of it, or they are too long to be alike by chance."""
    chosen = [x for x in seen if x.documents >= least and _is_chrome(x, kind)]
    return sorted(chosen, key=lambda x: (-x.documents, x.text))


def _is_chrome(line: Seen, kind: str) -> bool:
    if is_byline(line.text) or is_caption(line.text):
        return False
    han = sum("\u4e00" <= ch <= "\u9fff" for ch in line.text)
    return (kind == "web" and line.outside * 2 > line.documents) or (han >= LONG and not is_sentence(line.text))


REASON = {"web": "navigation", "page": "page_furniture"}


def as_rules(learned: Learned, dump: str) -> str:
    """The learned lines as a rule file."""
    out = [
        f"# Lines that stand on many documents of {_quoted(dump)[1:-1]}: {learned.documents} were read.",
        "# Read them, delete what is text of articles, and pass this file with --rules.",
    ]
    for kind, lines in learned.lines.items():
        if not lines:
            continue
        out += ["", "[[rule]]", f'name = "learned-{kind}"', f'reason = "{REASON[kind]}"', f'on = "{kind}"']
        out += ['match = "line"', "longest = 60", "weight = 0.5", "phrases = ["]
        out += [f"    {_quoted(x.text)},  # {x.documents} documents, as {_quoted(x.path)[1:-1]}" for x in lines]
        first = lines[0].text
        leaves = f"有人说起“{first}”几个字。"
        out += ["]", f"takes = [{_quoted(first)}]", f"leaves = [{_quoted(leaves)}]"]
    return "\n".join(out) + "\n"


def _quoted(text: str) -> str:
    """A string of TOML, which is that of JSON but for characters that nobody types."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def learn_to_file(listing: Listing, out: Path, dump: str, least: int, reading: Reading) -> Learned:
    """Learn, and write the rule file; it is whole or not there."""
    learned = learn(listing, least, reading)
    write_whole(out, as_rules(learned, dump).encode())
    return learned
