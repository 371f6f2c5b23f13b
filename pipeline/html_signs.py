"""Whether a document is HTML; apart from what reads it, so that plain text does not load a parser."""

from __future__ import annotations

import re

from pipeline.kinds import HTML, uncompressed

HEAD = 4096  # bytes at the beginning in which a document says what it is

_STARTS = re.compile(
    rb"(?:\xef\xbb\xbf)?[ \t\r\n]{0,200}(?:<\?xml[^>]{0,200}>[ \t\r\n]{0,200})?<(?:!doctype html|html[ >])",
    re.IGNORECASE,
)


def is_html(data: bytes, path: str) -> bool:
    """Whether a document is HTML: it says so in its first bytes, or its name does and there are tags."""
    if _STARTS.match(data[:HEAD]):
        return True
    return uncompressed(path).lower().endswith(HTML)
