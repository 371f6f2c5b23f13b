"""The repairs of one line, in the one order that works, and where its characters stood before.

Each repair is counted by its name: lines for mojibake, entities and ftfy, characters for the rest.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from pipeline import blank, mojibake, safe_ftfy

Edit = tuple[int, int, int, int]

# Dropped, by name.
CONTROL = "\x00-\x08\x0e-\x1b\x7f-\x9f\ufffe\uffff"
# Beside the zero-width characters: the soft hyphen, annotation marks, the object replacement character (a picture that
# was copied as text), language tags.
INVISIBLE = blank.ZERO_WIDTH + "\N{SOFT HYPHEN}\ufff9-\ufffc\U000e0000-\U000e007f"
# Icon fonts and characters that a font of its own held.
PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"

DROPPED = {
    "control_characters": re.compile(f"[{CONTROL}]+"),
    "zero_width": re.compile(f"[{INVISIBLE}]+"),
    "private_use": re.compile(f"[{PRIVATE}]+"),
}
DROP = re.compile(f"[{CONTROL}{INVISIBLE}{PRIVATE}]+")

SPACES = dict.fromkeys(map(ord, blank.BLANK.translate(dict.fromkeys(map(ord, blank.ZERO_WIDTH + " ")))), " ")
SPACE = re.compile("[" + re.escape("".join(map(chr, SPACES))) + "]")

# A line without any of these is its own repair. One look into a table for each character.
NEEDS_REPAIR = re.compile(safe_ftfy.class_but(mojibake.HINTS + "".join(map(chr, SPACES))))

_WIDE = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\u2014\u2018-\u201d\u2026"
SPACED, TOGETHER = re.compile("[\u4e00-\u9fff] (?=[\u4e00-\u9fff])"), re.compile("[\u4e00-\u9fff](?=[\u4e00-\u9fff])")
# One blank beside a Chinese character or mark, or between two digits.
NEEDLESS = re.compile(f"(?<=[{_WIDE}]) (?=[^ ])|(?<=[^ ]) (?=[{_WIDE}])|(?<=[0-9]) (?=[0-9])")
BLANKS = re.compile(" {2,}")

# Above this product of lengths a difference is not looked for character by character.
MAX_DIFF = 250_000


def repair(text: str, counts: dict[str, int]) -> str:
    """A line of the decoded document as it was meant; counts what was done.

    >>> counts = {}
    >>> repair("新华社\\u200b北京\\u300012月3日电&nbsp;题：“新”", counts), sorted(counts)
    ('新华社北京 12月3日电 题：“新”', ['html_entities', 'odd_spaces', 'zero_width'])
    """
    fixed, name = mojibake.undo(text)
    if name:
        counts[name] = counts.get(name, 0) + 1
    for name, function in (("html_entities", safe_ftfy.unescape), ("ftfy", safe_ftfy.fix)):
        before, fixed = fixed, function(fixed)
        if fixed != before:
            counts[name] = counts.get(name, 0) + 1
    if DROP.search(fixed):
        for name, pattern in DROPPED.items():
            before, fixed = fixed, pattern.sub("", fixed)
            if len(fixed) != len(before):
                counts[name] = counts.get(name, 0) + len(before) - len(fixed)
    if SPACE.search(fixed):
        counts["odd_spaces"] = counts.get("odd_spaces", 0) + len(SPACE.findall(fixed))
        fixed = fixed.translate(SPACES)
    return fixed


def is_spaced_out(text: str) -> bool:
    """Whether most Chinese characters of a document have a blank behind them, as some OCR engines part them.

    >>> is_spaced_out("渔 港 开 放 ， 记 者 到 场 。"), is_spaced_out("渔港开放 记者 林 小 满")
    (True, False)
    """
    return len(SPACED.findall(text)) > len(TOGETHER.findall(text))


def close_up(text: str) -> str:
    """A line of such a document without these blanks; of two or more that stand together one is left.

    >>> close_up("渔 港  A 区 1 2 日 ， 开 放 the port")
    '渔港 A区12日，开放the port'
    """
    return BLANKS.sub(" ", NEEDLESS.sub("", text))


def edits(raw: str, text: str) -> list[Edit]:
    """(a, b, c, d) wherever the length changed: text[a:b] was raw[c:d]. In order, and none overlaps another.

    Where a run was read anew (two Latin letters to each Chinese character) its characters share the run evenly, so that
    a piece of the line has a span of its own.

    >>> edits("a\\u200b人民", "a人民"), edits("ÈËÃñ", "人民")
    ([(1, 1, 1, 2)], [(0, 1, 0, 2), (1, 2, 2, 4)])
    """
    if len(raw) == len(text):
        return []
    raw = raw.translate(SPACES)
    short = min(len(raw), len(text))
    head = 0
    while head < short and raw[head] == text[head]:
        head += 1
    tail = 0
    while tail < short - head and raw[-1 - tail] == text[-1 - tail]:
        tail += 1
    old, new = raw[head : len(raw) - tail], text[head : len(text) - tail]
    if DROP.sub("", old) == new:
        out, lost = [], 0
        for match in DROP.finditer(old):
            c, d = match.span()
            out.append((head + c - lost, head + c - lost, head + c, head + d))
            lost += d - c
        return out
    if len(old) * len(new) > MAX_DIFF:
        return _shared(head, head + len(new), head, head + len(old))
    out = []
    for _, c, d, a, b in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if d - c != b - a:
            out += _shared(head + a, head + b, head + c, head + d)
    return out


def _shared(a: int, b: int, c: int, d: int) -> list[Edit]:
    """One edit for each character of text[a:b], each with its share of raw[c:d]."""
    if b - a < 2:
        return [(a, b, c, d)]
    n, m = b - a, d - c
    return [(a + i, a + i + 1, c + i * m // n, c + (i + 1) * m // n) for i in range(n)]
