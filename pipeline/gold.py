"""What is compared in an evaluation: gold annotations and the articles of a run, each read from its file.

Gold is kept as texts (JSONL) or as line spans of raw documents. A file of line spans (YAML) holds no text of its own:
its pieces are `"21"` (a line, from 1), `"21-29"` (lines, blank ones skipped) and `"21:5-30"` (characters of a line,
from 0).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from pipeline.goldfile import GoldError, GoldFile, lines_of, places, read
from pipeline.outputs import read_lines, read_rows, release_files

__all__ = ["Gold", "GoldError", "GoldParagraph", "ScoredArticle", "from_lines", "read_gold", "read_output"]

_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u3000-\u303f“”‘’…—·]")


class GoldParagraph(msgspec.Struct):
    """A paragraph as gold has it; `pieces` is how many distant pieces it is joined from."""

    text: str
    type: str = "p"
    pieces: int = 1


class ScoredArticle(msgspec.Struct):
    """An article of gold or of a run: what of it is scored."""

    paragraphs: list[GoldParagraph]
    key: str | int | None = None
    kicker: str | None = None
    title: str | None = None
    subtitle: str | None = None
    byline: str | None = None
    date: str | None = None
    publication: str | None = None
    continued_from: str | int | None = None
    continued_to: str | int | None = None
    sources: list[dict[str, str | None]] = []

    def field(self, name: str) -> str:
        """A field by name, empty where it is null."""
        return str(getattr(self, name) or "")


class Gold(msgspec.Struct):
    """What a group of documents holds: its articles, and text that a careful reader cannot settle."""

    document: str | list[str]
    articles: list[ScoredArticle]
    doubt: list[str] = []

    @property
    def names(self) -> list[str]:
        """File names of the documents."""
        return [self.document] if isinstance(self.document, str) else self.document


def read_gold(path: Path, raw: Path | None = None) -> list[Gold]:
    """Gold from a JSONL file, or from a folder of YAML files whose documents lie in the folder `raw`.

    Raises GoldError that names the file and the line.
    """
    if path.is_file():
        return list(_read_jsonl(path))
    files = sorted(path.glob("*.yaml"))
    if not files:
        raise GoldError(f"{path}: neither a JSONL file nor a folder of YAML files")
    if raw is None:
        raise GoldError(f"{path}: gold of line numbers needs the folder of the raw documents (--raw)")
    found = []
    for file in files:
        gold = read(file)
        document = raw / gold.document
        if not document.is_file():
            raise GoldError(f"{document}: the document that {file} marks up is not there")
        try:
            found.append(from_lines(gold, lines_of(document)))
        except GoldError as error:
            raise GoldError(f"{file}: {error} (check-gold says where)") from None
    return found


def _read_jsonl(path: Path) -> Iterator[Gold]:
    decoder = msgspec.json.Decoder(Gold)
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield decoder.decode(line)
                except msgspec.MsgspecError as error:
                    raise GoldError(f"{path}:{number}: {error}") from None


def from_lines(gold: GoldFile, lines: Sequence[str]) -> Gold:
    """The texts that a gold file points to."""
    articles = []
    for article in gold.articles:
        body = [(kind, spans) for item in article.body for kind, spans in item.items()]
        articles.append(
            ScoredArticle(
                paragraphs=[GoldParagraph(_text(spans, lines), kind, len(spans)) for kind, spans in body],
                key=article.key,
                date=str(gold.date) if gold.date else None,
                publication=gold.publication,
                continued_from=article.continued_from,
                continued_to=article.continued_to,
                kicker=_head(article.kicker, lines),
                title=_head(article.title, lines),
                subtitle=_head(article.subtitle, lines),
                byline=_head(article.byline, lines),
            )
        )
    doubt = [_text([span], lines) for item in gold.doubt or [] for span in item.lines]
    return Gold(gold.document, articles, doubt)


def _head(spans: Sequence[str] | None, lines: Sequence[str]) -> str | None:
    return " ".join(_text([span], lines) for span in spans or []) or None


def _text(spans: Sequence[str], lines: Sequence[str]) -> str:
    """Pieces joined as gold joins them: with one space between two that are not Chinese."""
    text = ""
    for line, start, end in (place for span in spans for place in places(span, lines)):
        piece = lines[line][start:end].strip()
        if text and piece and not (_CHINESE.match(text[-1]) or _CHINESE.match(piece[0])):
            text += " "
        text += piece
    return text


def read_output(path: Path) -> Iterator[ScoredArticle]:
    """The articles of a run's output folder or of a file of articles, in any format of a run."""
    folder = path / "articles" if (path / "articles").is_dir() else path
    decoder = msgspec.json.Decoder(ScoredArticle)
    for file in release_files(folder) if folder.is_dir() else [folder]:
        if file.suffix == ".parquet":
            yield from (msgspec.convert(row, ScoredArticle) for row in read_rows(file))
        else:
            yield from (decoder.decode(line) for line in read_lines(file) if line.strip())
