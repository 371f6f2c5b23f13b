"""What counts as white space, said once: line ends, spans and the check that nothing was lost must agree on it."""

from __future__ import annotations

# Zero cells wide, never seen: joiners, direction marks, the byte order mark inside a text. The soft hyphen and U+0085
# are not here: both are bytes of Chinese characters where GBK or UTF-8 was read as Latin-1, and no span must lose them.
ZERO_WIDTH = (
    "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}"
    "\N{WORD JOINER}\u2061\u2062\u2063\u2064\N{ZERO WIDTH NO-BREAK SPACE}\N{MONGOLIAN VOWEL SEPARATOR}"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)

# Spaces other than the ordinary one that stand inside lines.
ODD_SPACES = (
    "\N{IDEOGRAPHIC SPACE}\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{MEDIUM MATHEMATICAL SPACE}\N{OGHAM SPACE MARK}"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
)

# All of it, to strip lines by. The separators U+001C to U+001F are what `str.isspace` takes as well.
BLANK = " \t\n\r\f\v\x1c\x1d\x1e\x1f\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}" + ODD_SPACES + ZERO_WIDTH


def has_marks(text: str) -> bool:
    """Whether a text holds anything but white space.

    >>> has_marks("\\u3000\\ufeff \\n"), has_marks("\\u3000。")
    (False, True)
    """
    return bool(text.strip(BLANK))
