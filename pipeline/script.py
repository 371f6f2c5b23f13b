"""Simplified and traditional: which one a text is in, and the text in the other."""

from __future__ import annotations

import re
from functools import cache

from pipeline.script_chars import EITHER, SIMPLIFIED, TELLING, TRADITIONAL

CONFIGS = {"simplified": "t2s", "traditional": "s2t"}

# A name or a quotation in the other script does not make a text mixed: it takes a tenth of what tells.
FEW = 0.1


def to_script(text: str, script: str) -> str:
    """The text in "simplified" or "traditional" characters, or as it is ("keep").

    By OpenCC's "t2s" and "s2t", character for character what opencc-python-reimplemented gives. Taiwanese wording
    stays: "tw2sp" would turn 文件 into 文档 and 核心 into 内核 in mainland text. Simplified text is told by a class of
    characters; the dictionaries are read when the first text needs them.

    >>> to_script("國務院總理強調", "simplified"), to_script("国务院总理强调", "traditional")
    ('国务院总理强调', '國務院總理強調')
    """
    if script == "keep" or text.isascii():
        return text
    if script not in CONFIGS:
        raise ValueError(f"unknown script {script!r}: keep, simplified or traditional")
    if script == "simplified" and not may_be_traditional(text):
        return text
    from pipeline.opencc_fast import converter

    return converter(CONFIGS[script]).convert(text)


def may_be_traditional(text: str) -> bool:
    """Whether "t2s" could change anything; False is certain.

    >>> may_be_traditional("覆盖全国"), may_be_traditional("回覆")
    (False, True)
    """
    if _class(TRADITIONAL, "\U00010000-\U0010ffff").search(text):
        return True
    return ("覆" in text or "藉" in text) and any(key in text for key in TELLING.split())


def holds_traditional(text: str) -> bool:
    """Whether a character of the text stands in traditional texts alone.

    Where none does, a text is simplified as it is, and "t2s" could only do harm: it makes 沉默 of the name 沈默, and 了望 of 瞭望.

    >>> holds_traditional("沈默在瞭望台上"), holds_traditional("國際")
    (False, True)
    """
    return not text.isascii() and _class(_only_traditional(), "\U00010000-\U0010ffff").search(text) is not None


def script_of(text: str) -> str:
    """ "Hans", "Hant", "mixed", or "none" where no character tells.

    Counted are characters that stand in one script only; most Chinese characters stand in both.

    >>> script_of("新华社北京电"), script_of("中國時報"), script_of("中国與中國"), script_of("人民")
    ('Hans', 'Hant', 'mixed', 'none')
    """
    if text.isascii():
        return "none"
    traditional = len(_class(_only_traditional()).findall(text))
    if not traditional:  # the usual case, which needs no count of the others
        return "Hans" if _class(SIMPLIFIED).search(text) else "none"
    simplified = len(_class(SIMPLIFIED).findall(text))
    share = traditional / (simplified + traditional)
    return "Hans" if share < FEW else "Hant" if share > 1 - FEW else "mixed"


@cache
def _class(chars: str, ranges: str = "") -> re.Pattern[str]:
    """A class of characters, compiled when it is first asked for (a few milliseconds each)."""
    return re.compile(f"[{re.escape(chars)}{ranges}]")


@cache
def _only_traditional() -> str:
    return "".join(ch for ch in TRADITIONAL if ch not in EITHER)
