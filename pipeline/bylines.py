"""Authors and agency, read from a byline and from the dateline inside the text.

The texts themselves stay as printed: 本报讯（记者张三） remains in its paragraph. The words are data
(`rules/bylines.toml`). A name is taken only where a role or the form of a byline vouches for it, since a wrong author
is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

_HEAD = 80  # a dateline ends within so many characters: a longer one was not seen
_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_NAME = re.compile(rf"{_HAN}{{2,4}}|{_HAN}{{1,8}}(?:[·•・]{_HAN}{{1,10}}){{1,3}}")
_BREAK = re.compile(r"[\s、，,;；/／|｜:：]+")


class Credit(NamedTuple):
    """Who wrote it, and which agency sent it."""

    authors: list[str]
    agency: str | None


class _Rules(NamedTuple):
    agencies: dict[str, str]
    not_names: frozenset[str]
    double: frozenset[str]
    role: re.Pattern[str]
    picture: re.Pattern[str]
    dateline: re.Pattern[str]
    sent: re.Pattern[str]


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@cache
def _rules() -> _Rules:
    data = msgspec.toml.decode(resources.files("pipeline").joinpath("rules/bylines.toml").read_bytes())
    agencies = {form: name for name, forms in data["agencies"].items() for form in forms}
    before, roles = _any(data["roles"]["before"]), _any(data["roles"]["words"])
    pictures, senders = _any(data["pictures"]["words"]), _any(agencies)
    return _Rules(
        agencies=agencies,
        not_names=frozenset(data["not_names"]["words"]),
        double=frozenset(data["surnames"]["double"]),
        role=re.compile(rf"(?:(?:{before}|{senders})\s?){{0,3}}(?:{roles})|^(?:{before}|{senders})(?=\s)"),
        picture=re.compile(
            rf"(?:{pictures})[/／:：]\s?[^\s]{{2,12}}|[^\s、，,（(]{{1,12}}\s?(?:{pictures})(?=[\s、，,;；)）]|$)"
        ),
        dateline=re.compile(
            rf"[^（(\n]{{0,40}}?[讯訊电電]\s?[（(](?P<who>[^（）()\n]{{2,60}})[)）]"
            rf"|[（(](?P<alone>(?:{before}|{senders}|{roles})[^（）()\n]{{1,60}})[)）]"
        ),
        sent=re.compile(
            rf"[（(【\[]?\s?[据據]?\s?(?P<agency>{senders})(?:[^，。！？\n]{{0,30}}?[电電讯訊稿]|\s?记者|\s?記者|\s?[)）】\]])"
        ),
    )


def _names(text: str) -> Iterator[str]:
    """Names in a list of names; 张 盼, set wide to fill the line, is one name, and so is 林 小 满."""
    rules = _rules()
    words = [w for w in _BREAK.split(text) if w]
    i = 0
    while i < len(words):
        word = words[i]
        i += 1
        single = next((n for n, w in enumerate(words[i:]) if len(w) > 1), len(words) - i)
        if single and (len(word) == 1 or word in rules.double):
            more = 2 if single == 2 and len(word) == 1 else 1
            word += "".join(words[i : i + more])
            i += more
        if word not in rules.not_names and _NAME.fullmatch(word):
            yield word


def _authors(text: str) -> list[str]:
    """Names after a role, in order, each once; whoever only took the picture is left out."""
    rules = _rules()
    text = rules.picture.sub(" ", text)
    runs = rules.role.split(text)
    return list(dict.fromkeys(name for run in runs[1:] for name in _names(run)))


def _agency(text: str) -> str | None:
    found = _rules().sent.match(text)
    return _rules().agencies[found["agency"]] if found else None


def read_byline(text: str) -> Credit:
    """Authors and agency of a line that only says who wrote it.

    A byline without any role (张三 李四) is names alone.

    >>> read_byline("本报记者 张 盼")
    Credit(authors=['张盼'], agency=None)
    >>> read_byline("新华社记者 俞慧峰 杜静 于荣")
    Credit(authors=['俞慧峰', '杜静', '于荣'], agency='新华社')
    >>> read_byline("本报记者 王五 通讯员 赵小六 孙七摄").authors
    ['王五', '赵小六']
    """
    rules = _rules()
    if rules.role.search(text):
        return Credit(_authors(text), _agency(text))
    return Credit(list(dict.fromkeys(_names(rules.picture.sub(" ", text)))), _agency(text))


def read_dateline(text: str) -> Credit:
    """Authors and agency at the head of a paragraph, or in a paragraph that is only a closing bracket.

    >>> read_dateline("新华社北京12月18日电（记者张晓洁）国务院日前印发")
    Credit(authors=['张晓洁'], agency='新华社')
    >>> read_dateline("本报讯（记者赖志凯 李 明）日前，").authors
    ['赖志凯', '李明']
    >>> read_dateline("（新华社北京11月16日电）").agency
    '新华社'
    >>> read_dateline("他说，记者张三昨天来过。")
    Credit(authors=[], agency=None)
    """
    head = text[:_HEAD]
    found = _rules().dateline.match(head)
    who = (found["who"] or found["alone"]) if found else ""
    return Credit(_authors(who) if who else [], _agency(head))


def credit(byline: str | None, paragraphs: list[str]) -> Credit:
    """What byline, first paragraphs and last paragraph say together; the byline counts first."""
    authors: list[str] = []
    agency = None
    readings = [read_byline(byline)] if byline else []
    readings += [read_dateline(text) for text in paragraphs[:2]]
    if len(paragraphs) > 2 and paragraphs[-1][:1] in "（(":
        readings.append(read_dateline(paragraphs[-1]))
    for reading in readings:
        authors = authors or reading.authors
        agency = agency or reading.agency
    return Credit(authors, agency)
