"""Which short lines inside an article of a web page head what stands below: crossheads, and numbers of sections."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.lines import PART_MARK, Look, end_marked
from pipeline.webpage import FIELDS, PARTED, SECTION, Region

_NUMBERED = re.compile("[一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十]{1,3}[，、：: ]")
# A field of a list, no crosshead: a telephone number behind its name.
_NUMBER = re.compile("[^。，：:]{2,30}[：:][ ]{0,2}[+]?[0-9][0-9 ()（）-]{4,40}")
_DIGIT = re.compile("[0-9]")
VERSE = 4  # short lines together that are no crossheads


def is_section(looks: Sequence[Look], i: int, region: Region) -> bool:
    """A number that stands alone between paragraphs, as sections of a feature are headed."""
    if i + 1 >= region.stop or looks[i].rule is PART_MARK or SECTION.fullmatch(looks[i].text) is None:
        return False
    if looks[i + 1].rule is not None or (i > region.start and looks[i - 1].rule is not None):
        return False
    return all(SECTION.fullmatch(x.text) is None for x in (looks[i - 1], looks[i + 1]))


def is_crosshead(looks: Sequence[Look], i: int, region: Region) -> bool:
    """A short line without an end mark, with the article's text below."""
    look = looks[i]
    if (
        i + 1 >= region.stop
        or look.prose
        or look.size > 32
        or look.han < 2
        or end_marked(look.text)
        or look.text[-1] in "，；、："
        or _NUMBER.fullmatch(look.text)
    ):
        return False
    beside = (looks[i - 1], looks[i + 1])
    if _NUMBERED.match(look.text) and not any(_NUMBERED.match(x.text) for x in beside):
        return True
    if FIELDS.match(look.text) and any(FIELDS.match(x.text) and not x.prose for x in beside):
        return False
    if _DIGIT.search(look.text) and any(
        x.rule is None and x.han and not x.prose and x.size <= 32 and _DIGIT.search(x.text) for x in beside
    ):
        return False  # a table's row
    if _verse_run(looks, i, region) >= VERSE:
        return False
    if not any(x.prose for x in looks[i + 1 : min(region.stop, i + 40)]):
        return False  # behind the last sentence: a list, a signature
    below = next((x for x in looks[i + 1 : region.stop] if x.rule is None), None)
    return below is not None and (below.prose or below.size <= 32)


def _verse_run(looks: Sequence[Look], i: int, region: Region) -> int:
    """How many short lines without an end mark stand together at a line: four are verse or a list of names."""
    first = last = i
    while first > region.start and i - first < VERSE and _versed(looks[first - 1]):
        first -= 1
    while last + 1 < region.stop and last - i < VERSE and _versed(looks[last + 1]):
        last += 1
    return last - first + 1


def _versed(look: Look) -> bool:
    if look.rule is not None or look.prose or look.ended or FIELDS.match(look.text):
        return False
    return look.size <= 20 or (look.size <= 40 and PARTED.search(look.text) is not None)
