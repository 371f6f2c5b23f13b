"""The characters that Chinese text is mostly made of, taken from the first levels of the old national sets.

GB2312 level 1 (3,755 characters, by sound) and Big5 level 1 (5,401, by strokes) were chosen by how often characters are
printed, and Python's codecs hold both, so no table of frequencies has to be shipped.
"""

from __future__ import annotations

from functools import cache

PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』—…·％～\u3000○〇●■◆▲△")


@cache
def simplified() -> frozenset[str]:
    """GB2312 level 1 and Chinese punctuation."""
    pairs = bytes(b for a in range(0xB0, 0xD8) for c in range(0xA1, 0xFF) if (a, c) < (0xD7, 0xFA) for b in (a, c))
    return frozenset(pairs.decode("gb2312")) | PUNCTUATION


@cache
def traditional() -> frozenset[str]:
    """Big5 level 1 and Chinese punctuation."""
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    pairs = bytes(b for a in range(0xA4, 0xC7) for c in trails for b in (a, c))
    return frozenset(pairs.decode("big5", "ignore")) | PUNCTUATION


@cache
def either() -> frozenset[str]:
    """Common in simplified or in traditional text."""
    return simplified() | traditional()


def wide(text: str) -> int:
    """How many characters are outside ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))


def share(text: str, common: frozenset[str]) -> float:
    """The share of common characters among those outside ASCII; a character lost in decoding counts against it."""
    count = wide(text)
    if not count:
        return 1.0
    return (sum(map(common.__contains__, text)) - 3 * text.count("\ufffd")) / count
