"""What a file holds, told by its name: one document, a table of documents, an archive, a web crawl.

Apart from what reads them, so that listing a folder loads no reader.
"""

from __future__ import annotations

HTML = (".html", ".htm", ".xhtml", ".shtml")
COMPRESSED = {".gz": "gz", ".bz2": "bz2", ".xz": "xz", ".zst": "zst"}
_SHORT = {".tgz": ".tar.gz", ".tbz2": ".tar.bz2", ".txz": ".tar.xz", ".tzst": ".tar.zst"}

TEXT, JSONL, PARQUET, ZIP, TAR, WARC = "text", "jsonl", "parquet", "zip", "tar", "warc"
_KINDS = {
    **dict.fromkeys((".txt", ".md", *HTML), TEXT),
    **dict.fromkeys((".jsonl", ".ndjson"), JSONL),
    **dict.fromkeys((".parquet", ".pq"), PARQUET),
    ".zip": ZIP,
    ".tar": TAR,
    **dict.fromkeys((".warc", ".wet"), WARC),
}
ABOUT = "readme.md"  # speaks of a dump and is none of it
ARCHIVES = (ZIP, TAR)
CONTAINERS = (JSONL, PARQUET, ZIP, TAR, WARC)

NAMES = ".txt, .md, .html, .jsonl, .parquet, .zip, .tar, .warc and .wet, also compressed"


class InputError(ValueError):
    """An input that does not exist or needs what is not installed: nothing is run."""


def uncompressed(name: str) -> str:
    """A name without the suffix that says how the file was compressed.

    >>> uncompressed("2031/p3.TXT.gz"), uncompressed("day.tgz"), uncompressed("p3.txt")
    ('2031/p3.TXT', 'day.tar', 'p3.txt')
    """
    base, dot, suffix = name.rpartition(".")
    ending = f"{dot}{suffix}".lower()
    if ending in _SHORT:
        return f"{base}.tar"
    return base if ending in COMPRESSED and base else name


def compression(name: str) -> str | None:
    """How a file was compressed: gz, bz2, xz, zst, or None.

    >>> compression("p3.txt.GZ"), compression("day.tzst"), compression("p3.txt")
    ('gz', 'zst', None)
    """
    ending = "." + name.rpartition(".")[2].lower()
    ending = "." + _SHORT.get(ending, ending).rpartition(".")[2]
    return COMPRESSED.get(ending) if uncompressed(name) != name else None


def kind_of(name: str) -> str | None:
    """What a file holds; None for what nothing reads.

    >>> [kind_of(name) for name in ("a.txt", "a.html.zst", "a.jsonl.gz", "a.tgz", "a.warc.wet.gz", "a.csv", "README.md")]
    ['text', 'text', 'jsonl', 'tar', 'warc', None, None]
    """
    base = uncompressed(name)
    if base.lower() == ABOUT:
        return None
    return _KINDS.get("." + base.rpartition(".")[2].lower()) if "." in base else None
