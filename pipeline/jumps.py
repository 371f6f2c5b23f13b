"""Jump lines: 下转第3版 at the foot of a column, 上接第1版 at the head of the one that it goes on in."""

from __future__ import annotations

import re
from typing import NamedTuple

_FROM = "上接|上承|緊接|紧接|承接|續接|续接|接"
_TO = "下转|下轉|下接|续转|續轉|转至|轉至|转|轉"
# OCR reads 第 as 笫 or 弟, 1 as a letter or a line; 头版 is page one, and of 第2、3版 the first is named. Letters are the sections of metropolitan papers
_NUMBER = r"[A-Ha-h]?\s?\d{1,2}|[一二三四五六七八九十]{1,3}|[头頭lI|]"
_PAGE = rf"[第笫弟]?\s?(?P<page>{_NUMBER})(?:\s?[、，,和至-]\s?第?(?:{_NUMBER}))?\s?[版頁页叠]"
_TAIL = r"[^\n（）()\[\]【】，。；]{0,16}"
_MARK = rf"(?:(?P<source>{_FROM})|(?P<target>{_TO}))\s?{_PAGE}{_TAIL}"
# in brackets of its own, 下转 needs no 版 behind the page
_BARE = r"(?:(?P<source>上接|紧接|緊接)|(?P<target>下转|下轉|下接))\s?[第笫弟]?\s?(?P<page>[A-Ha-h]?\s?\d{1,2})"
_OPEN, _CLOSE = r"[（(\[【〔［]", r"[。.]?[）)\]】〕］]"
# full-width letters and digits, one for one
_HALF = {c: c - 0xFEE0 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
# what papers set around a jump line: triangles, arrows, bullets, dashes
_ORNAMENT = r"[\s《》▲△▶►▷◀◁◄▼▽●■◆★☆→←↓↑>＞<＜=＝*＊·—\-]{0,8}"

_HINT = re.compile("[版页頁]|[上下紧緊]接|下[转轉]")
_WHOLE = re.compile(rf"{_ORNAMENT}{_OPEN}?\s?{_MARK}{_CLOSE}?{_ORNAMENT}")
# and OCR may have read 版 as another character
_DAMAGED = rf"{_OPEN}\s?(?:未完，\s?)?(?:{_BARE})\s?[版頁页饭飯板叛贩扳阪坂反]?{_CLOSE}"
_ALONE = re.compile(rf"{_ORNAMENT}{_DAMAGED}")
_INSIDE = re.compile(rf"{_DAMAGED}\s?$")
_HEAD = re.compile(rf"{_OPEN}\s?{_MARK}{_CLOSE}\s?")
_FOOT = re.compile(rf"{_OPEN}\s?{_MARK}{_CLOSE}\s?$")

ONE = frozenset("头頭lI|")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}


class Jump(NamedTuple):
    """A jump line found in a line: `text[start:end]` is the mark itself."""

    start: int
    end: int
    towards: str  # "from" (上接) or "to" (下转)
    page: str


def page_number(text: str) -> str:
    """The page in one form: no leading zeros, section letters in upper case, Chinese numerals as digits.

    >>> [page_number(t) for t in ("03", "十二", "a 04", "二十")]
    ['3', '12', 'A4', '20']
    """
    if text in ONE:
        return "1"
    text = text.replace(" ", "").upper()
    if text[:1].isascii():
        letter = text[0] if text[0].isalpha() else ""
        return letter + (text[len(letter) :].lstrip("0") or "0")
    tens, ten, units = text.rpartition("十")
    value = (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(units, 0)
    return str(value)


def find_jump(text: str) -> Jump | None:
    """The jump line that `text` is, begins with or ends in.

    Alone on its line it needs no brackets, and OCR may have damaged them; run on inside a line it stands in brackets
    at the line's head or foot. 接 and 转 alone are words of every text, so they count with a page number only.

    >>> find_jump("（下转第三版）").page, find_jump("[上接笫1版)").towards, find_jump("（下转A2）").page
    ('3', 'from', 'A2')
    >>> find_jump("（上接第一版）他强调").end
    7
    >>> find_jump("感言（下转第4饭）").page
    '4'
    >>> find_jump("他转到第3版继续读，没有读完") is None
    True
    """
    if _HINT.search(text) is None:
        return None
    text = text.translate(_HALF)
    whole = False
    match = None
    if len(text) <= 40:
        match = _WHOLE.fullmatch(text) or _ALONE.fullmatch(text)
        whole = match is not None
    foot = max(0, len(text) - 40)
    match = match or _HEAD.match(text) or _FOOT.search(text, foot) or _INSIDE.search(text, foot)
    if match is None:
        return None
    start, end = (0, len(text)) if whole else match.span()
    return Jump(start, end, "from" if match["source"] else "to", page_number(match["page"]))
