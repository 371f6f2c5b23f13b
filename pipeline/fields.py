"""Labels of fields at the heads of lines (标题：…, 【作者】…, Date: …), as exports of articles set them.

Which words are labels, and of what, is data (`rules/exports.toml`). How they are set is not: colons, brackets and tags of
all kinds, blanks inside of a label, both scripts, a label alone on its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

from pipeline.rules import ChromeRules, load_rules, widen

HINT = 40  # characters of a line within which the label of a headline ends
LONGEST = 200  # characters of a line that is a headline's, or holds several fields

_LABEL = "[\u4e00-\u9fff](?:[ \u3000]{0,4}[\u4e00-\u9fff]){0,6}|[A-Za-z][A-Za-z_-]{1,24}(?: [A-Za-z]{2,8})?"
_FIELD = re.compile(
    "[-*•●■◆▪·#>\"' \u3000]{0,6}(?:[（(\\[【]?\\d{1,5}[)）\\]】.、．]{1,2}[ ]{0,3})?(?P<open>[【\\[<〈〔{《])?[ ]{0,2}"
    f"(?:[A-Za-z]{{1,14}}-(?=[\u4e00-\u9fff]))?(?P<label>{_LABEL})[ \u3000]{{0,4}}"
    '(?:(?P<close>[】\\]>〉〕}》])[ ]{0,3}[：:=＝]?|[*"]{0,2}[ ]{0,2}[：:=＝\t]|(?P<alone>$))[*]{0,2}[ \u3000\t]{0,8}'
)
_INNER = re.compile(f"[ \u3000\t|｜；;]{{1,8}}(?P<label>{_LABEL})[ ]{{0,2}}[：:][ ]{{0,4}}")
_OPENS = {"】": "【", "]": "[", ">": "<", "〉": "〈", "〕": "〔", "}": "{", "》": "《"}


class Kind(msgspec.Struct):
    """What a field is, by its labels (rules/exports.toml)."""

    name: str
    reason: str
    labels: list[str]
    takes: list[str]
    leaves: list[str]


class Field(NamedTuple):
    """A label at the head of a line: what it names, how it is set, and where its value begins."""

    kind: Kind
    form: str  # a bracket, "：" or "" for a label alone on its line
    label: str
    value: int


@cache
def kinds() -> dict[str, Kind]:
    """What each label names."""
    data = msgspec.toml.decode(resources.files("pipeline").joinpath("rules/exports.toml").read_bytes())
    return {label: kind for kind in msgspec.convert(data["field"], list[Kind]) for label in kind.labels}


def field_of(text: str, simple: dict[int, str]) -> Field | None:
    """The label at the head of a line; `simple` maps traditional forms of characters to simplified ones."""
    hit = _FIELD.match(text)
    if hit is None or (hit["close"] and _OPENS[hit["close"]] != hit["open"]) or (hit["open"] and not hit["close"]):
        return None
    kind = _named(hit["label"], simple)
    if kind is None or (hit["alone"] is not None and hit["label"].isascii()):
        return None
    form = hit["open"] or ("：" if hit["alone"] is None else "")
    return Field(kind, form, hit["label"].replace(" ", ""), hit.end())


def _named(label: str, simple: dict[int, str]) -> Kind | None:
    return kinds().get(re.sub("[ \u3000]", "", label).casefold().translate(simple))


@cache
def _hint() -> re.Pattern[str]:
    """What all labels of a headline end in; few lines hold it near their beginning, so others need not be asked."""
    labels = [label for label, kind in kinds().items() if kind.name == "title"]
    ends = {label[-1] for label in labels if not label.isascii()}
    latin = "|".join(label for label in labels if label.isascii())
    return re.compile(widen(f"[{''.join(sorted(ends))}]|(?i:{latin})", load_rules().variants))


def titles_in(texts: Sequence[str], simple: dict[int, str]) -> dict[int, Field]:
    """The labels of headlines at the heads of lines, by the lines' numbers; all are searched at once, as few hold any."""
    heads = "\n".join([text[:HINT] for text in texts])
    found: dict[int, Field] = {}
    line = at = 0
    for hint in _hint().finditer(heads):
        line, at = line + heads.count("\n", at, hint.start()), hint.start()
        field = field_of(texts[line], simple) if len(texts[line]) <= LONGEST else None
        if field is not None and field.kind.name == "title":
            found[line] = field
    return found


def fields_of(text: str, rules: ChromeRules) -> Iterator[tuple[int, int, Field]]:
    """Where labels stand in a line and where their values begin; more than one only where the first does."""
    first = field_of(text, rules.simple)
    if first is None:
        return
    yield 0, first.value, first
    for hit in _INNER.finditer(text, first.value) if len(text) <= LONGEST else ():
        kind = _named(hit["label"], rules.simple)
        if kind is not None:
            yield hit.start(), hit.end(), Field(kind, "：", hit["label"], hit.end())
