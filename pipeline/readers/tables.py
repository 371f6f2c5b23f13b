"""Tables: one document a line of JSONL, or a row of Parquet; the other fields are carried through as metadata."""

from __future__ import annotations

import json
import math
import shutil
import tempfile
from collections.abc import Iterator
from typing import IO, Any

import msgspec

from pipeline.kinds import InputError
from pipeline.readers import Entry, Raw, Reading, Unread, unread
from pipeline.readers.streams import CHUNK, too_large

BATCH = 4 << 20  # bytes of Parquet rows that are made Python objects at a time
_DEEPEST = 50


class RowError(ValueError):
    """A line or row that is no document."""


def read_jsonl(stream: IO[bytes], path: str, reading: Reading) -> Iterator[Entry]:
    """A document a line. Blank lines are passed over; a bad line costs itself.

    A name without an id counts lines, so that an editor finds it: `dump.jsonl#L17`.
    """
    number = 0
    while line := stream.readline(reading.most + 1):
        number += 1
        here = f"{path}#L{number}"
        if len(line) > reading.most:
            while not line.endswith(b"\n") and (line := stream.readline(CHUNK)):
                pass
            yield unread(here, too_large(reading.most))
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        line = line.strip()
        if not line:
            continue
        try:
            yield _document(_fields(line), path, here, reading)
        except (ValueError, RecursionError) as error:
            yield Unread(here, type(error).__name__, f"line {number}: {error}")


def _fields(line: bytes) -> dict[str, Any]:
    """The object of a line. What the strict parser refuses but Python and JavaScript write (NaN, halves of surrogate
    pairs) is read by the standard library's."""
    try:
        fields = msgspec.json.decode(line)
    except RecursionError:
        raise RowError("no document: JSON nested too deeply") from None
    except ValueError as error:
        try:
            fields = json.loads(line)
        except UnicodeDecodeError as bad:
            raise RowError(f"no JSON: not UTF-8 (byte {bad.start} of the line)") from None
        except (ValueError, RecursionError):
            raise RowError(f"no JSON: {error}") from None
    if not isinstance(fields, dict):
        raise RowError(f"no document: {_kind(fields)} where an object with fields was expected")
    return fields


def _kind(value: object) -> str:
    names = {list: "a list", str: "a string", bool: "true or false", type(None): "null", dict: "an object"}
    return names.get(type(value), "a number")


def _document(fields: dict[str, Any], path: str, here: str, reading: Reading) -> Raw:
    """The document of a row, named by its id where it has one."""
    if reading.text_field not in fields:
        known = ", ".join(sorted(map(str, fields))[:12])
        raise RowError(f"no field {reading.text_field!r} (--text-field); there are: {known or 'none'}")
    text = fields.pop(reading.text_field)
    given = fields.get(reading.id_field)
    name = str(given).strip() if isinstance(given, (str, int)) and not isinstance(given, bool) else ""
    where = f"{path}#{_clean(name)}" if name else here
    if isinstance(text, str):
        data, form = _clean(text).removeprefix("\ufeff").encode(), "text"
    elif isinstance(text, bytes):
        data, form = text, ""
    else:
        raise RowError(f"field {reading.text_field!r} is {_kind(text)}, not text")
    if len(data) > reading.most:
        raise too_large(reading.most)
    return Raw(where, data, form, metadata(fields))


def _clean(text: str) -> str:
    """Text without halves of surrogate pairs, which no encoding knows; whole pairs are put together."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def metadata(fields: dict[str, Any]) -> str:
    """Fields as a JSON object."""
    try:
        return msgspec.json.encode(fields).decode()
    except (ValueError, TypeError, OverflowError, RecursionError):
        return msgspec.json.encode(_plain(fields)).decode()


def _plain(value: Any, depth: int = 0) -> Any:  # noqa: ANN401
    """A value as JSON has it: no NaN, no numbers beyond 64 bits, no halves of surrogate pairs."""
    if isinstance(value, dict) and depth < _DEEPEST:
        return {_clean(str(key)): _plain(one, depth + 1) for key, one in value.items()}
    if isinstance(value, (list, tuple)) and depth < _DEEPEST:
        return [_plain(one, depth + 1) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return str(value)
    if isinstance(value, str):
        return _clean(value)
    try:
        msgspec.json.encode(value)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return _clean(str(value))
    return value


def read_parquet(stream: IO[bytes], path: str, reading: Reading) -> Iterator[Entry]:
    """A document a row, a few rows in memory at a time. A stream that cannot be searched is put on disk first."""
    try:
        from pyarrow import parquet
    except ImportError:
        raise InputError(f"{path}: Parquet is read by pyarrow: pip install 'newsreflow[parquet]'") from None
    if not stream.seekable():
        with tempfile.TemporaryFile() as file:
            shutil.copyfileobj(stream, file, CHUNK)
            file.seek(0)
            yield from read_parquet(file, path, reading)
        return
    table = parquet.ParquetFile(stream, buffer_size=CHUNK, pre_buffer=False)
    number = 0
    for group in range(table.num_row_groups):
        facts = table.metadata.row_group(group)
        size = max(1, min(1000, BATCH * max(1, facts.num_rows) // max(1, facts.total_byte_size)))
        for batch in table.iter_batches(batch_size=size, row_groups=[group], use_threads=False):
            for fields in batch.to_pylist():
                number += 1
                here = f"{path}#L{number}"
                try:
                    yield _document(fields, path, here, reading)
                except (ValueError, RecursionError) as error:
                    yield Unread(here, type(error).__name__, f"row {number}: {error}")
