"""The lines above an article: which of them is headline, kicker (引题) and subtitle (副题)."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records import Piece

DASHES = ("——", "—", "──", "--")


def lay_out_head(lines: Sequence[Piece]) -> dict[str, list[Piece]]:
    """Give each line of a head its part.

    A line that opens with a dash is the subtitle, one that ends with a dash the kicker; lines of one block are one
    headline in large type that needed two lines. Without such signs the longest line that a paper would set largest
    cannot be seen in plain text: the first line is the headline of two.
    """
    lines = list(lines)
    head: dict[str, list[Piece]] = {}
    subtitle = [p for k, p in enumerate(lines) if k and p.text.startswith(DASHES)]
    rest = [p for p in lines if p not in subtitle]
    if len(rest) > 1 and rest[0].text.endswith(DASHES):
        head["kicker"] = [rest.pop(0)]
    title = [rest.pop(0)]
    while rest and rest[0].gap == 0 and rest[0].line == title[-1].last + 1:
        title.append(rest.pop(0))
    head["title"] = title
    subtitle = rest + subtitle
    if subtitle:
        head["subtitle"] = subtitle
    return head
