"""Where two texts differ, word by word, for people to read.

The comparing is difflib's. A Chinese character is a word of its own, as no dictionary of words is loaded for this, and
so is a run of Latin letters or of digits. What two texts share by chance inside a longer change (a lone 的) is told as
part of the change, since crumbs cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+|\d+|\s+|.", re.DOTALL)
_CRUMB = 3  # words: a shorter run between two changes belongs to them


class Change(NamedTuple):
    """A stretch of the texts: `old` and `new` are the same where nothing differs."""

    old: str
    new: str

    @property
    def same(self) -> bool:
        """Whether nothing differs here."""
        return self.old == self.new


def words(text: str) -> list[str]:
    """The text as words.

    >>> words("气温25度，GDP增长")
    ['气', '温', '25', '度', '，', 'GDP', '增', '长']
    """
    return _WORD.findall(text)


def difference(old: str, new: str) -> list[Change]:
    """The texts as stretches that are shared and stretches that differ, in order.

    >>> [tuple(change) for change in difference("三人到场，一人未到", "三人到场，无人发言")]
    [('三人到场，', '三人到场，'), ('一人未到', '无人发言')]
    """
    if old == new:
        return [Change(old, new)] if old else []
    return list(_without_crumbs(list(_raw(words(old), words(new)))))


def _raw(old: list[str], new: list[str]) -> Iterator[Change]:
    for _, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield Change("".join(old[a:b]), "".join(new[c:d]))


def _without_crumbs(changes: list[Change]) -> Iterator[Change]:
    pending: Change | None = None
    for k, change in enumerate(changes):
        inside = 0 < k < len(changes) - 1
        if change.same and not (inside and len(words(change.old)) < _CRUMB):
            if pending:
                yield pending
            pending = None
            yield change
        elif pending is None:
            pending = change
        else:
            pending = Change(pending.old + change.old, pending.new + change.new)
    if pending:
        yield pending


def distance(changes: list[Change]) -> int:
    """How many characters of either text differ."""
    return sum(len(change.old) + len(change.new) for change in changes if not change.same)
