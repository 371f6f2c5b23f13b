"""Rules by their wording: one rule, and the rules of one kind of match, asked together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import product

import msgspec

MATCH = ("line", "start", "anywhere")
LONGEST = 60
_CALL = {"line": "fullmatch", "start": "match", "anywhere": "search"}
Ask = Callable[[str], "re.Match[str] | None"]
_NEAR = {"line": "^(?:{0})$", "start": "^(?:{0})", "anywhere": "{0}"}


class Rule(msgspec.Struct, frozen=True):
    """One way to tell chrome by its wording."""

    name: str
    reason: str
    on: str = "web"
    match: str = "line"
    phrases: tuple[str, ...] = ()
    pattern: str = ""
    longest: int = LONGEST
    role: str = "none"
    needs: tuple[str, ...] = ()
    prose: bool = False
    weight: float = 1.0
    takes: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()


def is_sentence(text: str) -> bool:
    """Whether a line reads as prose, which only rules that say so are asked on."""
    return len(text) >= 24 and "，" in text and ("。" in text or text[-1] in "！？；")


class Group:
    """Rules of one kind of match, compiled when first asked: a page needs none of the web's.

    Two alternations: of the rules that say which words they need, which few lines hold, and of the others.
    """

    def __init__(self, rules: Sequence[Rule], match: str, variants: dict[str, str]) -> None:
        self.rules = rules
        self.match = match
        self.call = _CALL[match]
        self.variants = variants
        self.patterns = [widen(r.pattern, variants) for r in rules]
        self.longest = max((r.longest for r in rules), default=0)
        self.needy = [i for i, r in enumerate(rules) if r.needs]
        self.free = [i for i, r in enumerate(rules) if not r.needs]
        self._single: dict[int, re.Pattern[str]] = {}

    @cached_property
    def gate(self) -> Ask:
        """What a line must hold to be worth asking the rules that need words."""
        return any_of(form for r in self.rules for need in r.needs for form in forms_of(need, self.variants)).search

    @cached_property
    def of_needy(self) -> Ask:
        """The rules that need words as one pattern; the group that matched counts among them."""
        return self._asked(self.needy)

    @cached_property
    def of_free(self) -> Ask:
        """The same of the rules that need none."""
        return self._asked(self.free)

    def _asked(self, which: Sequence[int]) -> Ask:
        ask: Ask = getattr(numbered(self.patterns[i] for i in which), self.call)
        return ask

    def compile(self) -> None:
        """Compile all now that is else compiled when first asked."""
        _ = self.gate, self.of_needy, self.of_free

    @cached_property
    def near(self) -> re.Pattern[str] | None:
        """Where in a text of many lines a rule without needed words may match."""
        free = "|".join(f"(?:{self.patterns[i]})" for i in self.free)
        return re.compile(_NEAR[self.match].format(free), re.MULTILINE) if free else None

    def takes(self, i: int, text: str) -> bool:
        """Whether one rule, asked by itself, takes a text."""
        pattern = self._single.get(i)
        if pattern is None:
            pattern = self._single[i] = re.compile(self.patterns[i])
        return getattr(pattern, self.call)(text) is not None

    def find(self, text: str) -> Rule | None:
        """The first rule that takes a line."""
        if len(text) > self.longest:
            return None
        first = self._first(text)
        if first is None:
            return None
        sentence = is_sentence(text)
        for i in range(first, len(self.rules)):
            rule = self.rules[i]
            asked = len(text) <= rule.longest and (rule.prose or not sentence)
            if asked and (i == first or self.takes(i, text)):
                return rule
        return None

    def _first(self, text: str) -> int | None:
        """The first rule of which the pattern matches, however long the line."""
        found = []
        if self.free and (hit := self.of_free(text)) is not None:
            found.append(self.free[(hit.lastindex or 1) - 1])
        if self.needy and self.gate(text) is not None and (hit := self.of_needy(text)) is not None:
            found.append(self.needy[(hit.lastindex or 1) - 1])
        return min(found, default=None)


def numbered(patterns: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all; the last group of a match is the number of the one that matched.

    The group stands empty behind its pattern: `re` passes over a branch by its first character unless a group opens it.
    """
    return re.compile("|".join(f"(?:{p})()" for p in patterns) or "(?!)")


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of many words; those that begin with one character are tried where it stands."""
    rests: dict[str, set[str]] = {}
    for word in words:
        rests.setdefault(word[0], set()).add(re.escape(word[1:]))
    return re.compile(
        "|".join(f"{re.escape(first)}(?:{'|'.join(sorted(own))})" for first, own in sorted(rests.items())) or "(?!)"
    )


def forms_of(text: str, variants: dict[str, str]) -> list[str]:
    """A phrase in simplified script and all its traditional forms."""
    return ["".join(forms) for forms in product(*(ch + variants.get(ch, "") for ch in text))]


def with_pattern(rule: Rule) -> Rule:
    """Phrases that may stand at the start or anywhere become a pattern."""
    if not rule.phrases or rule.match == "line":
        return rule
    words = [r"[ ]{0,6}".join(map(re.escape, p.split())) for p in sorted(rule.phrases, key=len, reverse=True)]
    return msgspec.structs.replace(rule, pattern="|".join([*words, *([rule.pattern] if rule.pattern else [])]))


def widen(pattern: str, variants: dict[str, str]) -> str:
    """A pattern in simplified script, made to take the traditional forms of its characters too.

    >>> widen("来源[头尾]", {"来": "來", "头": "頭"})
    '[来來]源[头頭尾]'
    """
    out, inside, escaped = [], False, False
    for ch in pattern:
        if escaped:
            escaped = False
        elif ch == "\\":
            escaped = True
        elif ch == "[" and not inside:
            inside = True
        elif ch == "]" and inside:
            inside = False
        elif ch in variants:
            ch = ch + variants[ch] if inside else f"[{ch}{variants[ch]}]"
        out.append(ch)
    return "".join(out)
