"""The files that a release consists of: JSONL, plain or compressed, or Parquet, each of bounded size.

Names and order are stable: `part-0003-of-0008`, then `part-0003-of-0008_002` where one file would grow beyond the bound.
The same lines give the same bytes, so compressed files carry neither a name nor a time.
"""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import msgspec

from pipeline.articles import Article
from pipeline.chain import Settings
from pipeline.inputs import InputError

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = ("jsonl", "parquet")
COMPRESSIONS = ("none", "zst", "gz")
SUFFIXES = (".jsonl", ".jsonl.zst", ".jsonl.gz", ".parquet")

_ROWS = 8 << 20  # bytes of JSON in a row group of Parquet
_LEVELS = {"zst": 3, "gz": 6}  # what both tools take unless told otherwise


class Packing(NamedTuple):
    """How files are written."""

    format: str = "jsonl"
    compress: str = "none"
    most: int = 256_000_000  # bytes of JSON in a file

    @property
    def suffix(self) -> str:
        """What file names end in."""
        if self.format == "parquet":
            return ".parquet"
        return ".jsonl" if self.compress == "none" else f".jsonl.{self.compress}"

    def plain(self, size: int) -> bool:
        """Whether JSONL of so many bytes goes out as it is, in one file."""
        return self.suffix == ".jsonl" and size <= self.most


def check(settings: Settings) -> None:
    """Raises InputError where a library is not there for what a run was asked to give out."""
    wanted = [("pyarrow", "parquet")] if settings.format == "parquet" else []
    wanted += [("rensa", "duplicates")] if settings.duplicates else []
    for library, extra in wanted:
        if find_spec(library) is None:
            raise InputError(f"{extra} needs {library}: pip install 'newsreflow[{extra}]'")


def packing_of(settings: Settings) -> Packing:
    """The packing that a run was asked for."""
    return Packing(settings.format, settings.compress, settings.max_file_mb * 1_000_000)


def pack(lines: Iterable[bytes], folder: Path, stem: str, packing: Packing, schema: Callable[[], pa.Schema]) -> int:
    """Write lines of JSON to as many files as they need, none for no lines; returns how many."""
    files = 0
    for files, some in enumerate(_bounded(lines, packing.most), 1):
        name = stem if files == 1 else f"{stem}_{files:03}"
        with (folder / f"{name}{packing.suffix}").open("wb") as file:
            if packing.format == "parquet":
                _write_parquet(some, file, packing.compress, schema())
            else:
                with _compressed(file, packing.compress) as out:
                    out.writelines(some)
    return files


def _bounded(lines: Iterable[bytes], most: int) -> Iterator[Iterator[bytes]]:
    """Runs of lines of at most so many bytes; a line that is larger is a run of its own."""
    each = iter(lines)
    waiting = next(each, None)

    def run() -> Iterator[bytes]:
        nonlocal waiting
        size = 0
        while waiting is not None and (not size or size + len(waiting) <= most):
            size += len(waiting)
            yield waiting
            waiting = next(each, None)

    while waiting is not None:
        yield run()


@contextmanager
def _compressed(file: BinaryIO, compress: str) -> Iterator[Any]:
    if compress == "none":
        yield file
    elif compress == "gz":
        with gzip.GzipFile("", "wb", _LEVELS["gz"], file, mtime=0) as out:
            yield out
    else:
        with _zstd().ZstdFile(file, "wb", level=_LEVELS["zst"]) as out:
            yield out


def _zstd() -> Any:  # noqa: ANN401
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of a JSONL file, compressed or not."""
    with _opened(path) as lines:
        yield from lines


def _opened(path: Path) -> Any:  # noqa: ANN401
    if path.suffix == ".gz":
        return gzip.open(path, "rb")
    return _zstd().open(path, "rb") if path.suffix == ".zst" else path.open("rb")


def release_files(folder: Path) -> list[Path]:
    """The files of a folder of a release, in order."""
    return sorted(path for path in folder.iterdir() if path.name.endswith(SUFFIXES))


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a Parquet file."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(256):
            yield from batch.to_pylist()


def read_articles(path: Path) -> Iterator[Article]:
    """The articles of a file of a release."""
    if path.suffix == ".parquet":
        for row in read_rows(path):
            row["head_spans"] = {name: spans for name, spans in row["head_spans"].items() if spans}
            yield msgspec.convert(row, Article)
        return
    decoder = msgspec.json.Decoder(Article)
    for line in read_lines(path):
        if line.strip():
            yield decoder.decode(line)


def _write_parquet(lines: Iterable[bytes], file: BinaryIO, compress: str, schema: pa.Schema) -> None:
    """Rows by pyarrow's own reader of JSON, with a fixed schema: a column that is null throughout keeps its type."""
    import pyarrow.json as pj
    import pyarrow.parquet as pq

    parse = pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")
    codec = "gzip" if compress == "gz" else "zstd"
    with pq.ParquetWriter(file, schema, compression=codec) as writer:
        for rows in _bounded(lines, _ROWS):
            data = b"".join(rows)
            read = pj.ReadOptions(use_threads=False, block_size=len(data) + 1)
            writer.write_table(pj.read_json(io.BytesIO(data), read_options=read, parse_options=parse))


def article_schema(duplicates: bool) -> pa.Schema:
    """The article record as Parquet holds it: the same names, the same nesting."""
    import pyarrow as pa

    text, texts = pa.string(), pa.list_(pa.string())
    spans = pa.list_(pa.list_(pa.int64()))
    block = pa.struct([("type", text), ("text", text), ("spans", spans)])
    source = pa.struct([("path", text), ("sha256", text), ("page", text), ("metadata", text)])
    head = ("kicker", "title", "subtitle", "byline")
    origin = ("channel", "time", "source", "author", "editor", "original_title")
    fields = [(name, text) for name in ("id", "publication", "date", "page", *head)]
    fields += [
        ("head_spans", pa.struct([(name, spans) for name in head])),
        ("authors", texts),
        ("agency", text),
        ("paragraphs", pa.list_(block)),
        ("text", text),
        ("continued_from", text),
        ("continued_to", text),
        ("sources", pa.list_(source)),
        ("script", text),
        ("flags", texts),
        ("confidence", pa.float64()),
        ("supersedes", texts),
        ("origin", pa.struct([(name, text) for name in origin])),
    ]
    if duplicates:
        fields.append(("duplicate_of", text))
    return pa.schema(fields)


def card(duplicates: bool) -> str:
    """The release's README, whose front matter tells Hugging Face datasets the types of the articles' columns.

    Without it a column that is null throughout the first ten megabytes of JSONL has no type there, and the first text in it is an
    error.
    """
    text = (Path(__file__).parent / "card.md").read_text(encoding="utf-8")
    return text if duplicates else text.replace("  - name: duplicate_of\n    dtype: string\n", "")


def dropped_schema() -> pa.Schema:
    """The dropped record as Parquet holds it."""
    import pyarrow as pa

    text, number = pa.string(), pa.int64()
    return pa.schema([
        ("source", text), ("sha256", text), ("start", number), ("end", number), ("text", text), ("reason", text),
        ("rule", text),
    ])  # fmt: skip
