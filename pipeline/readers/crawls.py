"""Web crawls: WARC files with the pages as they were sent, and WET files with the text that was taken from them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import IO, Any

from pipeline.kinds import InputError
from pipeline.readers import Entry, Raw, Reading, Skipped, Unread, unread
from pipeline.readers.streams import TooLargeError, read_up_to
from pipeline.readers.tables import metadata

_HTML = ("text/html", "application/xhtml+xml")
_TEXT = ("text/plain",)


def read_warc(stream: IO[bytes], path: str, reading: Reading, skipped: Skipped) -> Iterator[Entry]:
    """The pages of a crawl, each named by its address.

    Of a WARC file those that were answered with 200 and are HTML or text; of a WET file all. Everything else in it
    (requests, pictures, redirects) is counted as ignored. What the library prints of damage is set aside.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError:
        raise InputError(f"{path}: web crawls are read by warcio: pip install 'newsreflow[warc]'") from None
    here, records, said = path, iter(ArchiveIterator(stream)), io.StringIO()
    while True:
        with redirect_stderr(said):
            record = next(records, None)
        if said.tell():
            yield Unread(path, "DamagedError", f"near {here}: {' '.join(said.getvalue().split())}")
            said.seek(0)
            said.truncate()
        if record is None:
            return
        form = _form(record)
        if form is None:
            skipped.count += record.rec_type != "warcinfo"
            continue
        told = {
            name: record.rec_headers.get_header(header)
            for name, header in (("url", "WARC-Target-URI"), ("date", "WARC-Date"), ("record", "WARC-Record-ID"))
        }
        here = f"{path}#{told['url'] or told['record']}"
        try:
            data = read_up_to(record.content_stream(), reading.most)
        except TooLargeError as error:
            yield unread(here, error)
        else:
            yield Raw(here, data, form, metadata({k: v for k, v in told.items() if v}))


def _form(record: Any) -> str | None:  # noqa: ANN401
    """What a record holds: "html", "text", or None where it is no page."""
    if record.rec_type == "conversion":
        return "text"
    if record.rec_type == "response":
        headers = record.http_headers
        if headers is None or headers.get_statuscode() != "200":
            return None
        kind = headers.get_header("Content-Type") or ""
    elif record.rec_type == "resource":
        kind = record.content_type or ""
    else:
        return None
    kind = kind.partition(";")[0].strip().lower()
    return "html" if kind in _HTML else "" if kind in _TEXT else None
