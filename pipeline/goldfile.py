"""A gold file of line spans (YAML): its form, and whether it fits the document that it marks up.

Every error names the gold file and the line in it. The form is checked by msgspec, which stops at its first error; what
the spans point to is checked here, and all of it is told at once.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from pipeline.blank import BLANK
from pipeline.records import REASONS
from pipeline.stages import decode

SPAN = re.compile(r"(?P<first>\d{1,9})(?:-(?P<last>\d{1,9})|:(?P<start>\d{1,9})-(?P<end>\d{1,9}))?")
HEAD = ("kicker", "title", "subtitle", "byline")
SPANS_ARE = 'write "21" (a line), "21-29" (lines) or "21:5-30" (characters of a line)'
SHOWN = 30  # characters of a text in a message

Span = Annotated[str, msgspec.Meta(pattern=f"^(?:{re.sub(r'[?]P<[a-z]+>', '?:', SPAN.pattern)})$")]
Some = Annotated[list[Span], msgspec.Meta(min_length=1)]
Item = Annotated[dict[Literal["p", "h", "caption"], Some], msgspec.Meta(min_length=1, max_length=1)]


class MarkedArticle(msgspec.Struct, forbid_unknown_fields=True):
    """An article as a gold file marks it."""

    key: str | int
    body: list[Item]
    kicker: list[Span] | None = None
    title: list[Span] | None = None
    subtitle: list[Span] | None = None
    byline: list[Span] | None = None
    continued_from: str | int | None = None
    continued_to: str | int | None = None


class MarkedDrop(msgspec.Struct, forbid_unknown_fields=True):
    """What must be in no article."""

    lines: Some
    why: Literal[REASONS]  # type: ignore[valid-type]


class MarkedDoubt(msgspec.Struct, forbid_unknown_fields=True):
    """What a careful reader cannot settle."""

    lines: Some
    why: str = ""


class GoldFile(msgspec.Struct, forbid_unknown_fields=True):
    """A whole gold file."""

    document: str
    articles: list[MarkedArticle]
    publication: str | None = None
    date: datetime.date | None = None
    drop: list[MarkedDrop] | None = None
    doubt: list[MarkedDoubt] | None = None


class Problem(NamedTuple):
    """Something wrong with a gold file, and the line of the file that says it."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class GoldError(ValueError):
    """A gold file that does not fit its document, or gold that cannot be read."""


class Place(NamedTuple):
    """A stretch of one line of the document, counted from 0."""

    line: int
    start: int
    end: int


def lines_of(document: Path) -> list[str]:
    """The lines of the decoded document, as spans count them."""
    return decode.decode(document.read_bytes(), document.name).text.split("\n")


def places(span: str, lines: Sequence[str]) -> list[Place]:
    """What a span names, blank lines left out. Raises GoldError where the document has no such place."""
    found = SPAN.fullmatch(span)
    if found is None:
        raise GoldError(f"{span!r} is no span: {SPANS_ARE}")
    first = int(found["first"])
    last = int(found["last"] or first)
    if not 1 <= first <= last:
        raise GoldError(f'"{span}": lines count from 1, and the second is not before the first')
    if last > len(lines):
        raise GoldError(f'"{span}": the document has {len(lines)} lines')
    if found["start"] is None:
        whole = [Place(n, 0, len(lines[n])) for n in range(first - 1, last) if lines[n].strip(BLANK)]
        if not whole:
            raise GoldError(f'"{span}": nothing stands there')
        return whole
    start, end = int(found["start"]), int(found["end"])
    if not start < end <= len(lines[first - 1]):
        raise GoldError(f'"{span}": line {first} has {len(lines[first - 1])} characters, counted from 0')
    if not lines[first - 1][start:end].strip(BLANK):
        raise GoldError(f'"{span}": nothing stands there')
    return [Place(first - 1, start, end)]


def read(file: Path) -> GoldFile:
    """A gold file by its form. Raises GoldError that names the line."""
    return _parsed(file)[0]


def check(file: Path, raw: Path) -> list[Problem]:
    """All that is wrong with a gold file whose document lies in the folder `raw`; nothing where it is in order."""
    try:
        gold, root = _parsed(file)
    except _FormError as error:
        return [error.problem]
    problems = [Problem(file, line, f"a second article named {key!r}") for key, line in _named_twice(root)]
    document = raw / gold.document
    try:
        lines = lines_of(document)
    except OSError as error:
        why = f"the document {document} cannot be read: {error.strerror or error}"
        return [*problems, Problem(file, _line(_under(root, "document")), why)]
    except ValueError as error:
        return [*problems, Problem(file, _line(_under(root, "document")), f"{document}: {error}")]
    owner: list[list[str | None]] = [[None] * len(line) for line in lines]
    for where, node in _spans(root):
        try:
            found = places(node.value, lines)
        except GoldError as error:
            problems.append(Problem(file, _line(node), f"{where}: {error}"))
            continue
        before = _take(found, where, owner, lines)
        if before:
            problems.append(Problem(file, _line(node), f'{where}: "{node.value}" is in {before} already'))
    missing = (_missing(n, line, owner[n]) for n, line in enumerate(lines))
    told = [Problem(file, _line(_under(root, "document")), message) for message in missing if message]
    return sorted(problems, key=lambda problem: problem.line) + told


def _take(found: Sequence[Place], where: str, owner: list[list[str | None]], lines: Sequence[str]) -> str | None:
    """Note who holds the characters; returns who held one of them before."""
    before = None
    for n, start, end in found:
        for i in range(start, end):
            if lines[n][i] in BLANK:
                continue
            before = before or owner[n][i]
            owner[n][i] = where
    return before


def _missing(n: int, line: str, owner: Sequence[str | None]) -> str | None:
    free = [i for i, ch in enumerate(line) if ch not in BLANK and owner[i] is None]
    if not free:
        return None
    shown = line[free[0] : free[0] + SHOWN]
    return f"line {n + 1} of the document stands nowhere, from character {free[0]}: {shown!r}"


class _FormError(GoldError):
    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def _parsed(file: Path) -> tuple[GoldFile, Any]:
    """The file, and its nodes, which know their lines."""
    try:
        import yaml
    except ImportError:
        raise GoldError("gold of line numbers needs PyYAML: pip install 'newsreflow[gold]'") from None
    try:
        text = file.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        twice = next(_keys_twice(root), None)
        if twice is not None:
            raise _FormError(Problem(file, _line(twice), f"{twice.value!r} is said twice"))
        return msgspec.convert(yaml.safe_load(text), GoldFile), root
    except UnicodeDecodeError as error:
        raise _FormError(Problem(file, 1, f"not UTF-8: {error.reason} at byte {error.start}")) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _FormError(Problem(file, mark.line + 1 if mark else 1, f"not YAML: {error.problem}")) from None
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, GoldError):
            raise
        message, _, path = str(error).partition(" - at `")
        if "matching regex" in message:
            message = f"no span: {SPANS_ARE}"
        raise _FormError(Problem(file, _line(_at(root, path) if path else root), message)) from None


def _line(node: Any) -> int:  # noqa: ANN401
    return int(node.start_mark.line) + 1 if node is not None else 1


def _under(node: Any, key: str) -> Any:  # noqa: ANN401
    """The value of a mapping's key, None where there is none."""
    pairs = node.value if node is not None and node.id == "mapping" else ()
    return next((value for name, value in pairs if name.value == key), None)


def _at(node: Any, path: str) -> Any:  # noqa: ANN401
    """The node that a path of msgspec names, or the last one on the way to it."""
    for key, index in re.findall(r"\.(\w+)|\[(\d+|\.\.\.)\]", path):
        below = None
        if key:
            below = _under(node, key)
        elif node.id == "sequence" and index.isdigit() and int(index) < len(node.value):
            below = node.value[int(index)]
        elif node.id == "mapping" and node.value:
            below = node.value[0][1]
        if below is None:
            return node
        node = below
    return node


def _keys_twice(node: Any) -> Iterator[Any]:  # noqa: ANN401
    if node is None or node.id == "scalar":
        return
    seen: set[str] = set()
    for child in node.value:
        if node.id == "mapping":
            name, child = child
            if name.id == "scalar" and name.value in seen:
                yield name
            seen.add(str(name.value))
        yield from _keys_twice(child)


def _named_twice(root: Any) -> Iterator[tuple[str, int]]:  # noqa: ANN401
    seen: set[str] = set()
    for article in _under(root, "articles").value:
        key = _under(article, "key")
        if key.value in seen:
            yield key.value, _line(key)
        seen.add(key.value)


def _spans(root: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Each span with the name of who holds it."""
    for article in _under(root, "articles").value:
        key = _under(article, "key").value
        for field in HEAD:
            for span in _items(_under(article, field)):
                yield f"{key}.{field}", span
        for item in _items(_under(article, "body")):
            for kind, spans in item.value:
                for span in spans.value:
                    yield f"{key}.{kind.value}", span
    for part in ("drop", "doubt"):
        for item in _items(_under(root, part)):
            why = _under(item, "why")
            for span in _under(item, "lines").value:
                yield f"{part}.{why.value if why is not None else ''}".rstrip("."), span


def _items(node: Any) -> list[Any]:  # noqa: ANN401
    """A sequence's nodes; none where it is null or missing."""
    return list(node.value) if node is not None and node.id == "sequence" else []
