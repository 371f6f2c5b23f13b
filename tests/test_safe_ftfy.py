"""Lines that skip ftfy are lines that ftfy leaves alone: a random test, and the proof from ftfy's own tables."""

from __future__ import annotations

import random
import re
import sys
import time
import unicodedata

import pytest
from ftfy import TextFixerConfig, chardata, fix_text, fixes
from ftfy.badness import BADNESS_RE, MOJIBAKE_CATEGORIES

from pipeline.repair import NEEDS_REPAIR, repair
from pipeline.safe_ftfy import OPTIONS, SAFE, UNSAFE, fix, ranges, unescape

if sys.version_info >= (3, 11):
    from re import _constants as sre
    from re import _parser as parser
else:
    import sre_constants as sre
    import sre_parse as parser

CONFIG = TextFixerConfig(**{**OPTIONS, "unescape_html": True, "remove_control_chars": True})
POINTS = [point for first, last in ranges() for point in range(first, last + 1)]


def changed_by_nfc():
    """Characters that NFC may change or join to the one before."""
    second, changed = set(), set()
    for point in range(sys.maxunicode + 1):
        ch = chr(point)
        parts = unicodedata.decomposition(ch).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            second.add(int(parts[1], 16))
        if unicodedata.combining(ch) or (not 0xD800 <= point < 0xE000 and unicodedata.normalize("NFC", ch) != ch):
            changed.add(point)
    return second | changed | set(range(0x1161, 0x1176)) | set(range(0x11A8, 0x11C3))


def in_class(items, point):
    negated = hit = False
    ch = chr(point)
    for op, value in items:
        if op is sre.NEGATE:
            negated = True
        elif op is sre.LITERAL:
            hit |= point == value
        elif op is sre.RANGE:
            hit |= value[0] <= point <= value[1]
        elif op is sre.CATEGORY:
            hit |= {
                sre.CATEGORY_SPACE: ch.isspace(),
                sre.CATEGORY_WORD: ch.isalnum() or ch == "_",
                sre.CATEGORY_DIGIT: ch.isdecimal(),
            }[value]
        else:
            raise NotImplementedError(op)
    return hit != negated


def can_match(parsed, points):
    """Whether a parsed expression could match over these characters; False is a proof."""
    for op, value in parsed:
        if op is sre.LITERAL:
            possible = value in points
        elif op is sre.IN:
            possible = any(in_class(value, point) for point in points)
        elif op is sre.BRANCH:
            possible = any(can_match(branch, points) for branch in value[1])
        elif op is sre.SUBPATTERN:
            possible = can_match(value[-1], points)
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            possible = value[0] == 0 or can_match(value[2], points)
        elif op in (sre.NOT_LITERAL, sre.ANY, sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            possible = True
        else:
            raise NotImplementedError(op)
        if not possible:
            return False
    return True


def safe_points():
    """The characters that the installed ftfy is proved to leave alone, in any order."""
    bad = changed_by_nfc() | set(range(0xD800, 0xE000)) | set(fixes.CONTROL_CHARS) | set(range(0x7F, 0xA0))
    bad |= {0x26, 0x1B, 0x0D, 0x2028, 0x2029} | set(chardata.LIGATURES)
    own = "\xa0\xb7\xb0—–‘’“”…•‧℃―"
    safe = {*range(0x20, 0x7F), 9, 10, 12, *map(ord, own), *range(0x2460, 0x2500), *range(0x25A0, 0x2700)}
    safe |= set(range(0x2E80, 0x10000)) - {*range(0xE000, 0xF900), *range(0xFB00, 0xFE30), *range(0xFFF0, 0x10000)}
    safe |= set(range(0x20000, 0x32000))
    safe -= bad
    kinds = ("bad", "c1", "law", "currency", "numeric", "upper_accented", "lower_accented", "box")
    acting = re.compile("[" + "".join(MOJIBAKE_CATEGORIES[kind] for kind in kinds) + "]")
    safe = {point for point in safe if point > 0x2FFF or not acting.match(chr(point))}
    assert not can_match(parser.parse(BADNESS_RE.pattern, BADNESS_RE.flags), safe)
    return safe


@pytest.mark.long
def test_the_safe_characters_are_proved_from_the_tables_of_ftfy():
    """When a new ftfy fails here, print the ranges of `safe_points()` into `SAFE`."""
    assert set(POINTS) <= safe_points()


def random_lines(count, seed):
    rng = random.Random(seed)
    below = [point for point in POINTS if point < 0x3100]
    for _ in range(count):
        yield "".join(chr(rng.choice(below if rng.random() < 0.6 else POINTS)) for _ in range(rng.randint(1, 12)))


def test_ftfy_leaves_lines_of_safe_characters_alone():
    for line in random_lines(3000, 1):
        assert UNSAFE.search(line) is None
        assert fix_text(line, CONFIG) == line


@pytest.mark.long
def test_ftfy_leaves_many_lines_of_safe_characters_alone():
    for line in random_lines(400_000, 2):
        assert fix_text(line, CONFIG) == line


def test_the_class_is_the_complement_of_the_ranges():
    for point in {0x20, 0x26, 0x7F, 0xA0, 0xD7, 0x3000, 0x4E00, 0xE000, 0xFF0C, 0xFFFD, 0x1F600, 0x20000, 0x10FFFF}:
        assert (UNSAFE.search(chr(point)) is None) == any(a <= point <= b for a, b in ranges(SAFE))


def test_a_line_that_needs_no_repair_is_its_own_repair():
    rng = random.Random(3)
    alphabet = [chr(p) for p in POINTS if NEEDS_REPAIR.search(chr(p)) is None]
    for _ in range(3000):
        line = "".join(rng.choices(alphabet, k=rng.randint(1, 12)))
        counts: dict[str, int] = {}
        assert repair(line, counts) == line
        assert not counts


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ("“引号”，：（）！？；～％", "“引号”，：（）！？；～％"),
        ("ＡＢＣ１２３ ①②㎡℃", "ＡＢＣ１２３ ①②㎡℃"),
        ("他长3×“A”型", "他长3×“A”型"),
        ("naÃ¯ve", "naïve"),
        ("CafÃ© MÃ¼ller", "Café Müller"),
        ("e\N{COMBINING ACUTE ACCENT}", "é"),
    ],
)
def test_ftfy_mends_what_is_broken_and_no_more(original, expected):
    assert fix(original) == expected


def test_nested_entities_take_no_square_time():
    start = time.process_time()
    assert unescape("&" + "amp;" * 200_000) == "&"
    unescape("&#38;" * 200_000)
    assert time.process_time() - start < 3
