"""newsreflow: raw dumps of Chinese news to clean articles.

>>> import pipeline
>>> articles = pipeline.clean("本报讯（记者张三）昨天，城东新桥通车，两岸居民过河的时间缩短了一半。")
>>> articles[0].authors
['张三']
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.articles import Article
    from pipeline.running import Summary

__all__ = ["__version__", "clean", "read_articles", "run"]
__version__ = "0.1.0"


def clean(text: str | bytes, path: str = "-", **settings: Any) -> list[Article]:  # noqa: ANN401
    """The articles of one document.

    Bytes are decoded as a run would decode a file. Settings are those of a run: `script`, `punctuation`,
    `path_pattern`, `rules`. Raises DecodeError (a ValueError) for bytes that are no text.
    """
    from pipeline.chain import Settings, clean_bytes

    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    return clean_bytes(data, path, Settings(**settings))


def run(
    inputs: Sequence[str | PathLike[str]] | str | PathLike[str],
    out: str | PathLike[str],
    *,
    workers: int = 1,
    strict: bool = False,
    report: bool = True,
    **settings: Any,  # noqa: ANN401
) -> Summary:
    """Clean a dump: files, folders or globs into the folder `out`. Returns the counts of the run."""
    from pipeline.chain import Settings
    from pipeline.running import run as run_dump

    given = [inputs] if isinstance(inputs, (str, PathLike)) else list(inputs)
    paths = [str(path) for path in given]
    return run_dump(paths, str(out), Settings(**settings), workers=workers, strict=strict, report=report)


def read_articles(path: str | PathLike[str]) -> Iterator[Article]:
    """The articles of a finished run; `path` is its output folder, the `articles` folder in it, or one file."""
    from pipeline.articles import read_articles as read

    return read(path)
