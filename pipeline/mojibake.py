"""Mojibake that ftfy does not know: GB18030, Big5 and UTF-8 text that was read as one another or as Latin-1.

This must come before ftfy, which takes GBK read as Latin-1 for broken UTF-8 and leaves something that nothing can undo.
Each round trip that a text may have gone through wrongly is tried backwards, and the reading with the best share of
common characters wins if it gains enough. On news paragraphs that were broken on purpose this gives back GBK read as
Latin-1 to 99.7 %; where bytes were lost on the way (U+FFFD), 90 % of the characters of most lines.

Not undone: UTF-8 read as Big5, and whatever was decoded with errors ignored.
"""

from __future__ import annotations

import codecs
import re

from pipeline import common_chars

# UTF-8 read as GBK: the first two bytes of a Chinese character (E4 to E9, 80 to BF) become one of these, and so do the
# beginnings of 。 “ ，. Left out: those that news does hold (over three in a million characters, in either script).
_COMMON = "鎮鏈錄閱鋼鋪闊鍛鑽鍋纾鑼浏渚娈楠璐娅榛瑜鑰婧璧瀚榄涓璁娴璀璨韬娓鐫"
UTF8_AS_GB = "".join(
    ch
    for ch in bytes(b for a in range(0xE4, 0xEA) for c in range(0x80, 0xC0) for b in (a, c)).decode("gb18030")
    + "鈥銆锛"
    if ch not in _COMMON
)
# GBK read as Big5: what the commonest simplified characters become (是 在 有 不 ...), themselves as good as never met.
GB_AS_BIG5 = "岆汜釬馱奻奀妗跺眕冪庈笭肮扂燴翋珋蚚涴秶酗陑籵狟煦笢婓衄賸峈湮"
# Big5 read as GBK: kana among Chinese characters, and codes that GB18030 has for private use.
BIG5_AS_GB = "".join(map(chr, [*range(0x3041, 0x3097), *range(0x30A1, 0x30FB)]))

# Characters that one of these readings must have left. A line without them needs no look.
HINTS = UTF8_AS_GB + GB_AS_BIG5 + BIG5_AS_GB
# (Signs that clean text may hold, ° and ·, are not among the Latin-1 ones: pipeline.repair relies on that.)
LATIN1 = "\x80-\x9f\xa1-\xaf\xb1-\xb6\xb8-\xff"
HINT = re.compile(f"[{LATIN1}][^\\x00-\\x7f]|[^\\x00-\\x7f][{LATIN1}]|[\ue000-\uf8ff\ufffd" + HINTS + "]")

# (name, read as, was in truth, least number of characters outside ASCII)
ROUND_TRIPS = (
    ("utf8_read_as_gb", "gb18030", "utf-8", 3),
    ("utf8_read_as_big5", "big5hkscs", "utf-8", 3),
    ("gb_read_as_latin1", "latin-1", "gb18030", 4),
    ("gb_read_as_cp1252", "sloppy-windows-1252", "gb18030", 4),
    ("big5_read_as_gb", "gb18030", "big5hkscs", 10),
    ("gb_read_as_big5", "big5hkscs", "gb18030", 10),
    ("big5_read_as_latin1", "latin-1", "big5hkscs", 4),
    ("big5_read_as_cp1252", "sloppy-windows-1252", "big5hkscs", 4),
)
DOUBLE_BYTE = ("gb18030", "big5hkscs")

# A run of an odd number of bytes lost its last one: the likeliest, by the two before it (。 ， ”).
LAST_BYTE = {b"\xe3\x80": b"\x82", b"\xef\xbc": b"\x8c", b"\xe2\x80": b"\x9d"}

# How much the mean weight of a line's characters must gain.
MARGIN = 0.25


class _Weights(dict[str, float]):
    """What a character says about a text: 1 for common ones, less than nothing for what no text holds."""

    def __missing__(self, ch: str) -> float:
        point = ord(ch)
        if ch in common_chars.simplified():
            weight = 1.0
        elif point < 0x80:
            weight = 0.5 if point >= 32 or ch in "\t\n\r" else -1.0
        elif ch in common_chars.traditional():
            weight = 0.6
        elif point == 0xFFFD or 0xE000 <= point < 0xF900 or point < 0xA0:
            weight = -1.0
        elif 0x4E00 <= point < 0xA000:
            weight = 0.0
        else:
            weight = -0.3
        self[ch] = weight
        return weight


_WEIGHTS = _Weights()


def weight(text: str) -> float:
    """The mean weight of a text's characters, 1 where all are common."""
    return sum(map(_WEIGHTS.__getitem__, text)) / len(text) if text else 0.0


def undo(text: str) -> tuple[str, str | None]:
    """The line as it was before it was read in the wrong encoding, and the round trip's name; else itself and None.

    A line of which the bytes are UTF-8 is settled by that: it becomes what they say where that is Chinese, and is left
    to ftfy where it is not (ftfy alone passes over short Chinese lines).

    >>> undo("早春的北京，".encode().decode("gb18030", "replace"))
    ('早春的北京，', 'utf8_read_as_gb')
    >>> undo("ÖÐÎÄÐÂÎÅ")
    ('中文新闻', 'gb_read_as_latin1')
    """
    if HINT.search(text) is None:
        return text, None
    floor = weight(text) + MARGIN
    if floor >= 1:  # more than any reading weighs
        return text, None
    plain = _utf8_as_latin(text)
    if plain is not None:
        return (plain, "utf8_read_as_latin1") if weight(plain) > floor else (text, None)
    wide = common_chars.wide(text)
    result, name, top = text, None, floor
    for trip, read_as, truth, least in ROUND_TRIPS:
        if wide < least:
            continue
        try:
            fixed = _bytes_of(text, read_as).decode(truth, "replace")
        except UnicodeError:
            continue
        if not fixed or fixed.count("\ufffd") > 0.12 * len(fixed) + (read_as in DOUBLE_BYTE):
            continue
        gained = weight(fixed)
        if gained > top:
            result, name, top = fixed, trip, gained
    return result, name


def _utf8_as_latin(text: str) -> str | None:
    """The text that a line of UTF-8 bytes stands for, each of them read as Latin-1 or Windows-1252."""
    for codec in ("latin-1", "sloppy-windows-1252"):
        try:
            plain = _bytes_of(text, codec).decode("utf-8")
        except UnicodeError:
            continue
        if len(plain) < len(text):
            return plain
    return None


def _bytes_of(text: str, codec: str) -> bytes:
    """The bytes that a decoder of `codec` was given.

    U+FFFD inside a line is byte 0x80: no other byte that UTF-8 may have is refused as the first of a pair.
    """
    if codec == "sloppy-windows-1252":
        return text.translate(_SLOPPY).encode("latin-1")
    if codec not in DOUBLE_BYTE:
        return text.encode(codec)
    if "\ufffd" not in text:
        return text.encode(codec, "newsreflow-lost")
    out: list[bytes] = []
    parts = text.split("\ufffd")
    for i, part in enumerate(parts):
        if i:
            if part[:1] > "\x7f" or (not part and i + 1 < len(parts)):
                out.append(b"\x80")
            else:
                tail = b"".join(out[-4:])[-2:]
                out.append(LAST_BYTE.get(tail, b"\x80" if tail[-1:] >= b"\xe0" else b""))
        out.append(part.encode(codec, "newsreflow-lost"))
    return b"".join(out)


def _sloppy() -> dict[int, int]:
    """Windows-1252 as browsers read it (ftfy's `sloppy-windows-1252`): bytes left open stand for themselves."""
    table = {}
    for byte in range(0x80, 0xA0):
        ch = bytes([byte]).decode("windows-1252", "ignore")
        if ch:
            table[ord(ch)] = byte
    return table


_SLOPPY = _sloppy()


def _lost(error: UnicodeError) -> tuple[bytes, int]:
    """A character that the codec never gives stands for a byte that none of them takes."""
    assert isinstance(error, UnicodeEncodeError)
    return b"\xff" * (error.end - error.start), error.end


codecs.register_error("newsreflow-lost", _lost)
