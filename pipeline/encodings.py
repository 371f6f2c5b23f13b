"""From bytes to characters: which encoding a file of Chinese text is in.

A ladder, decided by the bytes alone and the same on every run: byte order mark, strict UTF-8, the byte pattern of
UTF-16, UTF-8 cut off at its end, and last the reading that gives most common characters. General detectors do worse on
news: one damaged byte sends them to code pages for Greek or Cyrillic, where here a damaged byte costs itself only.
"""

from __future__ import annotations

import re

from pipeline import common_chars

# Enough text to choose between two encodings; a choice over more is the same and takes longer.
SAMPLE = 6_000

# No reading in the wrong encoding has such a share of common characters: the others need not be tried.
CERTAIN = 0.9

# Three characters of UTF-8 Chinese in a row: GB and Big5 text hold such bytes about once in a hundred thousand.
UTF8_RUN = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf][\x80-\xbf]){3}")

WIDE = re.compile(rb"[\x80-\xff]")

# Files that are not text, by their first bytes.
MAGIC = {
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a ZIP archive or office document",
    b"\x1f\x8b": "gzip data",
    b"BZh": "bzip2 data",
    b"\xfd7zXZ": "xz data",
    b"\x28\xb5\x2f\xfd": "Zstandard data",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"{\\rtf": "an RTF document",
    b"\x7fELF": "a program",
}

# No text holds these; ESC (terminal colours), BEL and BS are met in logs.
CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\r\f\v\x1a\x1b\x1c\x1d\x1e\x1f") + b"\x7f"

UNREADABLE = re.compile("[\x00-\x08\x0e-\x1a\x7f\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")


# The high bytes of Chinese characters, their punctuation and ASCII in UTF-16.
HIGH = bytes([*range(0x4E, 0xA0), 0x00, 0x20, 0x30, 0xFF])

CODECS = {"utf-8": "utf-8", "gb18030": "gb18030", "big5": "big5hkscs"}
COMMON = {"utf-8": common_chars.either, "gb18030": common_chars.simplified, "big5": common_chars.traditional}


class DecodeError(ValueError):
    """The bytes are not text. The message names what was seen and where, not the file."""


def decode_bytes(data: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding; the byte order mark is gone, line ends are as they were.

    Bytes that mean nothing become U+FFFD. Raises DecodeError where the file is no text.

    >>> decode_bytes("人民日报".encode("gb18030")), decode_bytes(b"\\xff\\xfe-N\\x87e")
    (('人民日报', 'gb18030'), ('中文', 'utf-16-le'))
    """
    if not data.strip():
        return data.decode("ascii"), "utf-8"
    if data[:3] == b"\xef\xbb\xbf":
        refuse_noise(data)
        return data[3:].decode("utf-8", "replace"), "utf-8-sig"
    if data[:2] == b"\xff\xfe":
        return utf16(data[2:], "utf-16-le"), "utf-16-le"
    if data[:2] == b"\xfe\xff":
        return utf16(data[2:], "utf-16-be"), "utf-16-be"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        pattern = utf16_pattern(data, 0.5)
        if pattern is not None:
            return pattern
        refuse_noise(data)
        if error.start >= len(data) - 3 and error.reason.startswith("unexpected end"):
            return data.decode("utf-8", "replace"), "utf-8"
        return legacy(data)
    if text.isascii() or b"\x00" in data:
        pattern = utf16_pattern(data, 0.5 if b"\x00" in data else 0.8)
        if pattern is not None:
            return pattern
    refuse_noise(data)
    refuse_unreadable(text, "utf-8")
    return text, "utf-8"


def utf16(data: bytes, encoding: str) -> str:
    """UTF-16 text; a byte too many at the end becomes U+FFFD."""
    text = data.decode(encoding, "replace")
    refuse_unreadable(text, encoding)
    return text


def utf16_pattern(data: bytes, least: float) -> tuple[str, str] | None:
    """UTF-16 without a byte order mark, told by where the high bytes of Chinese characters and of ASCII stand.

    In Chinese text every second byte is one of 4E to 9F, 30, FF and 00. `least` is the share of common characters that
    the reading must have, higher where the bytes are plain ASCII as well ("-N" is 中).
    """
    if len(data) < 8:
        return None
    halves = data[0:2048:2], data[1:2048:2]
    counts = [1 - len(half.translate(None, HIGH)) / len(half) for half in halves]
    nuls = [half.count(0) / len(half) for half in halves]
    if max(nuls) > 0.2 and min(nuls) < 0.02:  # Latin letters: their low bytes are 4E to 9F as well
        counts = nuls
    elif max(counts) <= 0.95 or abs(counts[0] - counts[1]) <= 0.25:
        return None
    encoding = "utf-16-be" if counts[0] > counts[1] else "utf-16-le"
    try:
        text = data[: len(data) // 2 * 2].decode(encoding)
    except UnicodeDecodeError:
        return None
    sample = text[:SAMPLE]
    if common_chars.share(sample, common_chars.either()) < least:
        return None
    if sample.count("\0") * 100 > len(sample):
        return None
    return utf16(data, encoding).removeprefix("\ufeff"), encoding


def legacy(data: bytes) -> tuple[str, str]:
    """Text that is not UTF-8 throughout: GB18030, Big5, damaged UTF-8, or lines of several of them in one file."""
    if UTF8_RUN.search(data):
        return line_by_line(data)
    encoding, score = best(sample_of(data))
    text = data.decode(CODECS[encoding], "replace").removeprefix("\ufeff")
    refuse_unreadable(text, encoding)
    if encoding != "utf-8" and score < 0.7:
        refuse_uncommon(text, encoding)
    return text, encoding


def sample_of(data: bytes) -> bytes:
    """The bytes to choose an encoding by, from the first that is not ASCII: a character begins there in all of them."""
    first = WIDE.search(data)
    start = first.start() if first else 0
    return data[start : start + SAMPLE]


def best(data: bytes, among: tuple[str, ...] = ("gb18030", "big5", "utf-8")) -> tuple[str, float]:
    """The encoding in which the bytes give the greatest share of common characters, and that share.

    A sample that was cut inside a character has one character lost, which decides nothing.
    """
    scores = {}
    for encoding in among:
        common = COMMON[encoding]()
        scores[encoding] = common_chars.share(data.decode(CODECS[encoding], "replace"), common)
        if scores[encoding] > CERTAIN:
            break
    encoding = max(scores, key=scores.__getitem__)
    return encoding, scores[encoding]


def line_by_line(data: bytes) -> tuple[str, str]:
    """Each line by itself: UTF-8 where it is valid, else what reads best.

    A file put together from others, or with one damaged byte, must not cost the lines that are whole. LF stands for
    itself in all three encodings. The other lines are judged together first: a short one alone can be read either way.
    """
    lines = data.split(b"\n")
    whole: list[str | None] = []
    for line in lines:
        try:
            whole.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            whole.append(None)
    rest = [line for line, text in zip(lines, whole, strict=True) if text is None]
    other, _ = best(sample_of(b"\n".join(rest)), ("gb18030", "big5"))
    used, out = {"utf-8"}, []
    for line, text in zip(lines, whole, strict=True):
        if text is None:
            encoding, _ = best(line, ("utf-8", other))
            text = line.decode(CODECS[encoding], "replace")
            used.add(encoding)
        out.append(text)
    joined = "\n".join(out)
    refuse_unreadable(joined, "utf-8")
    refuse_uncommon(joined, "utf-8")
    return joined, "+".join(sorted(used, reverse=True))


def refuse_noise(data: bytes) -> None:
    """Raise DecodeError where the bytes hold too many control characters for a text, whatever its encoding."""
    for magic, name in MAGIC.items():
        if data.startswith(magic):
            raise DecodeError(f"not text: the first bytes are those of {name} ({magic[:4].hex(' ')} at byte 0)")
    controls = len(data) - len(data.translate(None, CONTROLS))
    if controls * 20 <= len(data):
        return
    nuls = data.count(0)
    if nuls * 2 > controls:
        raise DecodeError(
            f"not text: {nuls} of {len(data)} bytes are NUL, the first at byte {data.index(0)} (and it is not UTF-16)"
        )
    first = next(i for i, byte in enumerate(data) if byte in CONTROLS)
    raise DecodeError(
        f"not text: {controls} of {len(data)} bytes are control characters, "
        f"the first at byte {first} (0x{data[first]:02x})"
    )


def refuse_unreadable(text: str, encoding: str) -> None:
    """Raise DecodeError where more than two fifths of a text are characters that nobody can read."""
    first = None if text.isprintable() else UNREADABLE.search(text)
    if first is None:
        return
    bad = len(UNREADABLE.findall(text))
    marks = len(text) - sum(map(str.isspace, text))
    if bad * 5 > marks * 2:
        place = len(text[: first.start()].encode(CODECS.get(encoding, encoding), "replace"))
        raise DecodeError(
            f"not text: read as {encoding}, {bad} of {marks} characters mean nothing, the first near byte {place}"
        )


def refuse_uncommon(text: str, encoding: str) -> None:
    """Raise DecodeError where a guessed encoding gives mostly characters that no news is written in."""
    sample = text[:SAMPLE]
    common = common_chars.either()
    if common_chars.share(sample, common) > 0.7:
        return
    uncommon = [i for i, ch in enumerate(sample) if not ch.isascii() and ch not in common]
    if len(uncommon) >= 10 and len(uncommon) * 2 > len(sample):
        place = len(text[: uncommon[0]].encode(CODECS[encoding], "replace"))
        raise DecodeError(
            f"not text: no encoding reads well; the best is {encoding}, where {len(uncommon)} of the first "
            f"{len(sample)} characters are in no news, the first near byte {place}"
        )
