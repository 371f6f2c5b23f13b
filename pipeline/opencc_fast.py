"""The output of opencc-python-reimplemented at ten times its speed and more.

Its convert() cuts a text at separators and converts each piece alone. Within a piece each dictionary of a group claims
its longest key anywhere first (the leftmost of equals), then shorter ones in what is left. The same comes of:

1. A key is neutral where its value is what its characters give one by one. A piece that holds no other key is a
   `str.translate`, since neutral claims change nothing else, whichever of them win.
2. A text without a piece of that kind is translated whole, separators and all, if no table holds a separator.
3. The keys that do occur are listed once and claimed longest first.

Dictionaries are read by the package itself. tests/test_script.py compares the two on random strings.
"""

from __future__ import annotations

from functools import cache
from operator import add

Piece = tuple[str, bool]  # characters, and whether a key has claimed them


class Dictionary:
    """One dictionary of a group."""

    def __init__(self, entries: dict[str, str]) -> None:
        self.values = {key: value.split(" ")[0] for key, value in entries.items()}
        self.singles = {key: value for key, value in self.values.items() if len(key) == 1}
        lengths: dict[str, set[int]] = {}
        for key in self.values:
            if len(key) > 1:
                lengths.setdefault(key[:2], set()).add(len(key))
        self.lengths = {pair: tuple(sorted(found, reverse=True)) for pair, found in lengths.items()}

    def claim(self, text: str) -> list[Piece]:
        """The text in pieces after this dictionary's claims."""
        found = []
        for i, pair in enumerate(map(add, text, text[1:])):
            for length in self.lengths.get(pair, ()):
                if i + length <= len(text) and text[i : i + length] in self.values:
                    found.append((-length, i))
        taken = bytearray(len(text))
        spans = []
        for negative, i in sorted(found):
            end = i - negative
            if not any(taken[i:end]):
                taken[i:end] = b"\1" * (end - i)
                spans.append((i, end))
        out: list[Piece] = []
        at = 0
        for i, end in sorted(spans):
            out += self._single(text[at:i])
            out.append((self.values[text[i:end]], True))
            at = end
        return out + self._single(text[at:])

    def _single(self, text: str) -> list[Piece]:
        if not self.singles:
            return [(text, False)] if text else []
        return [(self.singles.get(ch, ch), ch in self.singles) for ch in text]


class Converter:
    """One configuration of OpenCC, such as "t2s"."""

    def __init__(self, config: str) -> None:
        from opencc import OpenCC

        package = OpenCC(config)
        self.split = package.split_chars_re.split
        self.groups: list[tuple[list[Dictionary], dict[int, str], frozenset[str]]] = []
        self.whole = True
        for group in package._dict_chain_data:
            dictionaries = [Dictionary(entries) for _, _, entries in group]
            table: dict[int, str] = {}
            for dictionary in dictionaries:  # the first that has a key wins
                for key, value in dictionary.singles.items():
                    table.setdefault(ord(key), value)
            # the beginnings of the keys that a translation by characters would get wrong
            telling = frozenset(
                key[:2]
                for dictionary in dictionaries
                for key, value in dictionary.values.items()
                if len(key) > 1 and key.translate(table) != value
            )
            table = {point: value for point, value in table.items() if chr(point) != value}
            self.whole = self.whole and not any(package.split_chars_re.fullmatch(chr(point)) for point in table)
            self.groups.append((dictionaries, table, telling))

    def convert(self, text: str) -> str:
        """What the package's convert() gives."""
        if self.whole:
            out = self._translated(text)
            if out is not None:
                return out
        return "".join([part if i & 1 else self._piece(part) for i, part in enumerate(self.split(text))])

    def _translated(self, text: str) -> str | None:
        for _, table, telling in self.groups:
            if telling and not telling.isdisjoint(map(add, text, text[1:])):
                return None
            text = text.translate(table)
        return text

    def _piece(self, text: str) -> str:
        for dictionaries, table, telling in self.groups:
            if telling.isdisjoint(map(add, text, text[1:])):
                text = text.translate(table)
                continue
            parts: list[Piece] = [(text, False)]
            for dictionary in dictionaries:
                parts = [
                    piece for part, done in parts for piece in ([(part, True)] if done else dictionary.claim(part))
                ]
            text = "".join([part for part, _ in parts])
        return text


@cache
def converter(config: str) -> Converter:
    """The converter of a configuration, its dictionaries read once."""
    return Converter(config)
