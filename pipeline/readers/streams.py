"""Bytes out of compressed files, with limits: nothing hostile fills the memory or the disk."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import IO, Any, cast

CHUNK = 1 << 20

# What a container may unpack to: text of news comes out some ten times as large, the most repetitive logs some hundred
# times. DEFLATE alone can reach a thousand, and archives in which members overlap any number.
LEAST_ALLOWED = 32 << 20
MOST_RATIO = 200


class TooLargeError(ValueError):
    """A document beyond `--max-document-mb`."""


class ExplodesError(ValueError):
    """An archive or compressed file that unpacks to many times its size."""


class Budget:
    """How much one container may still unpack to."""

    def __init__(self, packed: int) -> None:
        self.packed = packed
        self.left = self.allowed = max(LEAST_ALLOWED, MOST_RATIO * packed)

    def spend(self, n: int) -> None:
        """Raise ExplodesError where more comes out than any text would give."""
        self.left -= n
        if self.left < 0:
            raise ExplodesError(
                f"unpacks to more than {self.allowed >> 20} MB out of {self.packed} bytes: nothing of it is taken"
            )


class _Metered(io.RawIOBase):
    """A stream whose bytes are counted as they come."""

    def __init__(self, source: IO[bytes], budget: Budget) -> None:
        self.source = source
        self.budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401
        n = cast(Any, self.source).readinto(buffer)
        self.budget.spend(n)
        return int(n)


def _gz(stream: IO[bytes]) -> Any:  # noqa: ANN401
    import gzip

    return gzip.GzipFile(fileobj=stream, mode="rb")


def _bz2(stream: IO[bytes]) -> Any:  # noqa: ANN401
    import bz2

    return bz2.BZ2File(stream)


def _xz(stream: IO[bytes]) -> Any:  # noqa: ANN401
    import lzma

    return lzma.LZMAFile(stream)


def _zst(stream: IO[bytes]) -> Any:  # noqa: ANN401
    from backports import zstd

    return zstd.ZstdFile(stream)


_OPENERS: dict[str, Callable[[IO[bytes]], Any]] = {"gz": _gz, "bz2": _bz2, "xz": _xz, "zst": _zst}


def unpacked(stream: IO[bytes], how: str | None, budget: Budget) -> IO[bytes]:
    """What a compressed stream holds; the stream itself where it is not compressed."""
    return metered(_OPENERS[how](stream), budget) if how else stream


def metered(stream: IO[bytes], budget: Budget) -> IO[bytes]:
    """The same stream, paid from a budget."""
    return io.BufferedReader(_Metered(stream, budget), CHUNK)


def read_up_to(stream: IO[bytes], most: int) -> bytes:
    """All that a stream holds; raises TooLargeError where that is more than `most` bytes."""
    chunks, size = [], 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise too_large(most)
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def too_large(most: int) -> TooLargeError:
    """The error, which names the option that allows more."""
    return TooLargeError(f"larger than {most >> 20} MB, the most that a document may be (--max-document-mb)")
