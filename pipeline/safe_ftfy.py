"""ftfy with the options that leave Chinese alone, asked only where it can change something.

By default ftfy turns “ ” into straight quotes and ， ： （ ） into half-width ones: damage here, so `uncurl_quotes`
and `fix_character_width` are off. NFC changes compatibility ideographs only. Entities are undone by `unescape` first,
with a bound: ftfy's own loop takes time with the square of a line of nested `&amp;amp;amp;`.

ftfy is slow (some 4 MB/s) and most lines need nothing of it, so a class of characters goes first that is proved to be
left alone: `SAFE` holds the characters of which every string, in any order, is a fixed point of ftfy under these
options (its way with entities, which `unescape` has replaced, needs an & and so does not count).
tests/test_safe_ftfy.py proves it again from the tables of the ftfy that is installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

# Made by tests/test_safe_ftfy.py (`safe_ranges`) for ftfy 6.3. Hexadecimal code points, both ends included.
SAFE = """
9-A C 20-25 27-7E A0 B0 B7 2013-2015 2018-2019 201C-201D 2022 2026-2027 2103 2460-24FF 25A0-25C9 25CB-26FF
2E80-3029 3030-3098 309B-A66E A670-A673 A67E-A69D A6A0-A6EF A6F2-A805 A807-A82B A82D-A8C3 A8C5-A8DF A8F2-A92A
A92E-A952 A954-A9B2 A9B4-A9BF A9C1-AAAF AAB1 AAB5-AAB6 AAB9-AABD AAC0 AAC2-AAF5 AAF7-ABEC ABEE-D7FF FA0E-FA0F
FA11 FA13-FA14 FA1F FA21 FA23-FA24 FA27-FA29 FA6E-FA6F FADA-FAFF FE30-FEFE FF00-FFEF 20000-2F7FF 2FA1E-31FFF
"""

# What `TextFixerConfig` is given. `explain=False` makes ftfy ignore the finer switches, so none is used.
OPTIONS: dict[str, Any] = {
    "uncurl_quotes": False,
    "fix_character_width": False,
    "unescape_html": False,
    "remove_control_chars": False,  # counted by name in pipeline.repair
    "explain": False,
}

ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,24};")
NESTED = re.compile(r"&(?:amp;|#0?38;|#x26;){2,}", re.IGNORECASE)
# Letters that Chinese news does not hold and that wrong guesses end in: 3×“A” is read as a broken Hebrew letter.
STRANGE = re.compile("[\u0590-\u08ff\u0900-\u109f]")


def ranges(text: str = SAFE) -> Iterator[tuple[int, int]]:
    """The ranges of a table like `SAFE`."""
    for item in text.split():
        first, _, last = item.partition("-")
        yield int(first, 16), int(last or first, 16)


def class_but(excluded: Iterable[str]) -> str:
    """A class that takes what is outside `SAFE`, and `excluded` as well.

    Written as a negation of the safe ranges: `re` then answers for a safe character by one look into a table, where
    the same class written the other way tests the planes above U+FFFF one after another.
    """
    out = []
    drop = sorted({ord(ch) for ch in excluded})
    for first, last in ranges():
        for point in drop:
            if first <= point <= last:
                if first < point:
                    out.append((first, point - 1))
                first = point + 1
        if first <= last:
            out.append((first, last))
    return "[^" + "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in out) + "]"


UNSAFE = re.compile(class_but(""))


def unescape(text: str) -> str:
    """Undo HTML entities, three levels deep at most (`&amp;amp;nbsp;` is met where a page was escaped twice).

    >>> unescape("A&amp;B AT&T &amp;amp;lt;")
    'A&B AT&T <'
    """
    if ENTITY.search(text) is None:
        return text
    from ftfy.fixes import unescape_html

    text = NESTED.sub("&amp;", text)
    for _ in range(3):
        before, text = text, unescape_html(text)
        if text == before or ENTITY.search(text) is None:
            break
    return text


def fix(text: str) -> str:
    """What ftfy makes of one line, itself where no safe-looking line can change.

    Its guess at an encoding is refused where it brings letters of a script that the line had none of.

    >>> fix("3×“A”，ＡＢ“引号”"), fix("cafÃ©")
    ('3×“A”，ＡＢ“引号”', 'café')
    """
    if UNSAFE.search(text) is None:
        return text
    from ftfy import TextFixerConfig, fix_text

    config = TextFixerConfig(**OPTIONS)
    fixed: str = fix_text(text, config)
    if STRANGE.search(fixed) and not STRANGE.search(text):
        fixed = fix_text(text, config._replace(fix_encoding=False))
    return fixed
