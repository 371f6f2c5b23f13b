"""Rules as data: what chrome says, how papers and sites name themselves.

The files beside this module are read once and checked as they are read: a rule that is wrong stops the run with the
name of its file and its own, not a wrong page later. A user adds rules with a file of the same form
(`load_rules(extra)`).

Patterns are held to a bound: no `*`, no `+`, every repeat has a highest count, and a rule says how long the lines are
that it is asked on. So no line, however made, makes matching slow.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from pipeline.records import REASONS
from pipeline.rules.match import ChromeRules, PaperLine, Site
from pipeline.rules.wording import MATCH, Rule, widen

__all__ = ["ChromeRules", "PaperLine", "Rule", "RuleError", "Site", "load_rules", "widen"]

HERE = Path(__file__).parent
ON = ("web", "page", "both")
ROLES = ("none", "list", "close", "end")


class RuleError(ValueError):
    """A rule file that cannot be used; says which file and which rule."""


def _unbounded(pattern: str) -> bool:
    """Whether a pattern repeats something without a highest count."""
    bare = re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", "", pattern)
    return re.search(r"[*+]|\{\d*,\}", bare) is not None


def _read(path: Path) -> dict[str, Any]:
    try:
        return msgspec.toml.decode(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RuleError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: not TOML: {error}") from error


def _records(path: Path, table: dict[str, Any], name: str, kind: type[Any], compiled: bool) -> Iterator[Any]:
    rows = table.get(name, [])
    if not isinstance(rows, list):
        raise RuleError(f"{path}: {name} is no list of tables: write [[{name}]]")
    fields = {f.name for f in msgspec.structs.fields(kind)}
    for i, row in enumerate(rows, 1):
        which = f"{path}: {name} {row.get('name', f'no. {i}')!r}"
        unknown = set(row) - fields
        if unknown:
            raise RuleError(f"{which}: unknown key {', '.join(sorted(unknown))}; known are {', '.join(sorted(fields))}")
        try:
            record = msgspec.convert(row, kind)
        except msgspec.ValidationError as error:
            raise RuleError(f"{which}: {error}") from error
        if isinstance(record, Rule):
            _check_rule(record, which)
        if compiled and not isinstance(record, Site):
            _check_pattern(record.pattern, which)
        yield record


def _check_rule(rule: Rule, which: str) -> None:
    for value, allowed, name in (
        (rule.reason, REASONS, "reason"),
        (rule.on, ON, "on"),
        (rule.match, MATCH, "match"),
        (rule.role, ROLES, "role"),
    ):
        if value not in allowed:
            raise RuleError(f"{which}: {name} {value!r} is none of {', '.join(allowed)}")
    if bool(rule.phrases) == bool(rule.pattern):
        raise RuleError(f"{which}: give phrases or a pattern, one of them")
    if any(not phrase.strip() for phrase in rule.phrases):
        raise RuleError(f"{which}: a phrase is empty")
    if not 1 <= rule.longest <= 400:
        raise RuleError(f"{which}: longest is {rule.longest}, not between 1 and 400")
    if not (rule.takes and rule.leaves):
        raise RuleError(f"{which}: give a line that it takes and one that it leaves")


def _check_pattern(pattern: str, which: str) -> None:
    if not pattern:
        return
    try:
        groups = re.compile(pattern.replace("{paper}", "x").replace("{page}", "x")).groups
    except re.error as error:
        raise RuleError(f"{which}: pattern: {error}") from error
    if groups:
        raise RuleError(f"{which}: pattern: a group that captures: write (?:…)")
    if _unbounded(pattern):
        raise RuleError(f"{which}: pattern: a repeat without a bound: write {{0,40}} for * and {{1,40}} for +")


def _check_names(path: Path, rules: Iterable[Rule | PaperLine]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.name in seen:
            raise RuleError(f"{path}: two rules are named {rule.name!r}")
        seen.add(rule.name)


def _check_examples(path: Path, rules: ChromeRules, own: Iterable[Rule | PaperLine]) -> None:
    """Ask each rule, by itself, for the lines that it says it takes and leaves."""
    for rule in own:
        takes = rules.asked_alone(rule)
        for text in rule.takes:
            if not takes(text):
                raise RuleError(f"{path}: rule {rule.name!r}: does not take {text!r}, which is among what it takes")
        for text in rule.leaves:
            if takes(text):
                raise RuleError(f"{path}: rule {rule.name!r}: takes {text!r}, which is among what it leaves")


def _variants(path: Path) -> dict[str, str]:
    return {group[0]: group[1:] for group in _read(path).get("groups", "").split()}


def load_rules(extra: Path | None = None) -> ChromeRules:
    """The rules that come with the package and, where given, a file of the user's, read again where that changed.

    A rule of the user's stands before ours, and takes the place of ours where it has the same name. To compile all
    patterns takes half a second, so only the user's are compiled and asked for their examples; ours
    are by a test.
    """
    if extra is None:
        return _load(None, ())
    try:
        facts = os.stat(extra)
    except OSError as error:
        raise RuleError(f"{extra}: cannot be read: {error.strerror or error}") from error
    return _load(extra, (facts.st_size, facts.st_mtime_ns, facts.st_ino))


@lru_cache(maxsize=4)
def _load(extra: Path | None, facts: tuple[int, ...]) -> ChromeRules:
    rules: list[Rule] = []
    lines: list[PaperLine] = []
    sites: list[Site] = []
    names: list[str] = []
    forms: list[str] = []
    menu: list[str] = []
    own: list[Rule | PaperLine] = []
    variants = _variants(HERE / "variants.toml")
    paths = [HERE / "chrome.toml", HERE / "papers.toml", HERE / "sites.toml"]
    for path in [*([extra] if extra else []), *paths]:
        table = _read(path)
        unknown = set(table) - {"rule", "line", "site", "names", "forms", "groups", "menu"}
        if unknown:
            raise RuleError(f"{path}: unknown table {', '.join(sorted(unknown))}")
        new_rules = list(_records(path, table, "rule", Rule, path == extra))
        new_lines = list(_records(path, table, "line", PaperLine, path == extra))
        _check_names(path, [*new_rules, *new_lines])
        if path == extra:
            own = [*new_rules, *new_lines]
        known = {r.name for r in rules} | {r.name for r in lines}
        rules += [r for r in new_rules if r.name not in known]
        lines += [r for r in new_lines if r.name not in known]
        sites += _records(path, table, "site", Site, path == extra)
        names += table.get("names", [])
        forms += table.get("forms", [])
        menu += table.get("menu", [])
    found = ChromeRules(rules, lines, names, forms, sites, variants, menu)
    if extra:
        _check_examples(extra, found, own)
    return found
