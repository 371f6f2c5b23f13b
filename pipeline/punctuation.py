"""Half-width punctuation between Chinese characters becomes full-width, as it is printed.

Portals write `,` `:` `(` `)` in Chinese text. To change what is right is worse than to miss something: numbers (1,234),
times (12:30), scores (105:91), Latin names, addresses and file names hold the same marks. So a mark is changed by what
stands at its sides, a bracket only with its partner. One character becomes one: spans hold.
"""

from __future__ import annotations

import re

FULL = {
    ",": "\N{FULLWIDTH COMMA}",
    ":": "\N{FULLWIDTH COLON}",
    ";": "\N{FULLWIDTH SEMICOLON}",
    "!": "\N{FULLWIDTH EXCLAMATION MARK}",
    "?": "\N{FULLWIDTH QUESTION MARK}",
    ".": "\N{IDEOGRAPHIC FULL STOP}",
}
OPEN, CLOSE = "\N{FULLWIDTH LEFT PARENTHESIS}", "\N{FULLWIDTH RIGHT PARENTHESIS}"

HALF = re.compile("[,:;!?.]")
BRACKET = re.compile(f"[(){OPEN}{CLOSE}]")

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
CLOSING = "\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}》〉」』】〕％…\N{EM DASH}" + CLOSE
OPENING = "\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}《〈「『【〔" + OPEN
STOPS = "，。、；：？！"
# What a Chinese clause ends in, and what the next one begins with.
BEFORE = f"[{HAN}{CLOSING}]"
AFTER = f"[{HAN}{OPENING}]"

# Matched at a mark. A file name's dot (报告.docx), dots in a row and the dot of 1. are in no branch.
MARK = re.compile(
    rf"""
    (?<={BEFORE}) [,:;!?]+ (?= [ ]? {AFTER} )            # 他说:我们
  | (?<={BEFORE}) [,:;!?]+ (?= [ ]? \Z | [{CLOSING}] )   # 起来!”
  | (?<={BEFORE}) [,:;] (?= [ ]? [0-9A-Za-z] )           # 比分:3比1
  | (?<={BEFORE}) [,:] (?= ["'] )                        # 他说:"我们
  | (?<=[0-9A-Za-z%]) [,:] (?= [ ]? {AFTER} )            # 达30%,同比; WTO:中国; not Yahoo!中国, &nbsp;中国
  | (?<=[0-9%]) [;?] (?= [ ]? {AFTER} )
  | (?<={BEFORE}) \. (?= [ ]? \Z | [{CLOSING}] )         # 一句话的结尾.
    """,
    re.VERBOSE,
)

# Addresses: nothing in them is changed, but the marks at their end are the sentence's own.
ADDRESS = re.compile(
    r"""
    (?:https?|ftp)://[\x21-\x7e]{1,2000}
  | (?<![\w.])www\.[\x21-\x7e]{1,2000}
  | (?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}
    """,
    re.VERBOSE | re.ASCII,
)
ADDRESS_SIGN = re.compile("://|@|www[.]")

# Two brackets further apart are no pair: one of them belongs to something else.
REACH = 200
CHINESE = re.compile(f"[{HAN}]")
CHINESE_SIDE = frozenset(CLOSING + OPENING + STOPS)
EXTENSION = re.compile(r"\.[A-Za-z]{2,4}\d?(?![A-Za-z0-9])", re.ASCII)


def full_width(text: str) -> str:
    """The text with full-width punctuation where Chinese stands at its sides; as long as before.

    >>> full_width("他说:明年,我们(北京队)以105:91获胜!")
    '他说：明年，我们（北京队）以105:91获胜！'
    """
    if text.isascii():
        return text
    brackets = "(" in text or ")" in text
    if not brackets and HALF.search(text) is None:
        return text
    kept = _addresses(text) if ADDRESS_SIGN.search(text) else []
    if brackets:
        text = _pair_brackets(text, kept)
    out = None
    for mark in HALF.finditer(text):
        found = MARK.match(text, mark.start())
        if found is None:
            continue
        a, b = found.span()
        if kept and any(start < b and a < end for start, end in kept):
            continue
        out = out or list(text)
        out[a:b] = [FULL[ch] for ch in found.group()]
    return "".join(out) if out else text


def _addresses(text: str) -> list[tuple[int, int]]:
    spans = []
    for match in ADDRESS.finditer(text):
        spans.append((match.start(), match.start() + len(match.group().rstrip(",.;:!?()"))))
    return spans


def _pair_brackets(text: str, kept: list[tuple[int, int]]) -> str:
    """Make pairs of brackets full-width that hold Chinese or stand in it; a pair of two kinds becomes one of a kind."""
    out = None
    waiting: list[int] = []
    for match in BRACKET.finditer(text):
        b = match.start()
        if text[b] in ("(", OPEN):
            waiting.append(b)
            continue
        if not waiting:
            continue
        a = waiting.pop()
        half = text[a] == "(" or text[b] == ")"
        if not half or b - a > REACH or any(start <= a < end or start <= b < end for start, end in kept):
            continue
        if _is_chinese_pair(text, a, b):
            out = out or list(text)
            out[a], out[b] = OPEN, CLOSE
    return "".join(out) if out else text


def _is_chinese_pair(text: str, a: int, b: int) -> bool:
    """Whether the brackets at `a` and `b` are set in Chinese text: 汇率(下称), 世卫组织(WHO), not f(x), (010)6500."""
    inside, before, after = text[a + 1 : b], text[a - 1 : a], text[b + 1 : b + 2]
    if EXTENSION.match(text, b + 1):
        return False
    if text[a] == OPEN or text[b] == CLOSE or CHINESE.search(inside):
        return True
    if not any(map(str.isalnum, inside)) or (inside.isdigit() and after.isdigit()):
        return False
    if before and (before in CHINESE_SIDE or CHINESE.match(before)):
        return True
    return bool(CHINESE.match(after)) and not (before.isascii() and before.isalnum())
