"""The lines above an article: which of them is headline, kicker (引题) and subtitle (副题)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

import numpy as np

from pipeline.flow import Flow, as_learned
from pipeline.labels import DASHES, brackets
from pipeline.ngrams import COUNTS, MODEL, load_ngrams
from pipeline.records import Piece
from pipeline.splices import Floats, going_on

# Two short lines of like length are one headline, which a compositor breaks in the middle; of longer ones, each can be one.
LIKE, SHORT = 2, 8
# Odds that a line goes on in the next from which both are one headline, whatever their length: 8 of 10 headlines that are
# broken between words, 3 of 10 that are two clauses, 1 of 8 pairs of different ones (headlines of the tuning part).
BROKEN, LIKE_BROKEN = -1.0, -1.7
# The same where a blank line stands between them; and where the first is as short as the name of a column.
PARTED, COLUMN, CUT = 1.0, 5, 2.5
FEWEST = 2  # characters of a line that says nothing of how likely words run on in it
# A second line so many times as long as the first, of so many characters at least, is a subtitle.
LONGER, TITLE = 1.5, 9
# Shares of a line's character pairs, by rarity, that the text below has: what it is about, and what it never says.
OF_THE_TEXT, OF_NO_TEXT = 0.4, 0.1
# The end of a headline that names the column that it stands in, as crossheads do not.
COLUMN_NAME = re.compile("[^（）()]{4}[（(][^（）()]{2,16}[）)]$")
# The end of a subtitle that says what sort of text follows, as …乡村建设见闻.
KIND = re.compile("[^，。：“”]{6}(?:见闻|纪实|侧记|综述|述评|纪事|巡礼|采访记|专访|見聞|紀實|側記|綜述|專訪)$")
# What stands over a box or a notice, and over no part of a longer text.
OF_ITS_OWN = re.compile(
    "[·•—][\u4e00-\u9fff]{2,6}[·•—]|[〔【\\[][\u4e00-\u9fff]{2,8}[〕】\\]]"
    "|[^，。]{2,10}(?:连载|連載|选登|選登)[·•（(]?[0-9]{0,3}[）)]?"
    "|(?:(?:记者|采访|编辑|採訪)(?:手记|札记|手記)|(?:新闻|相关|背景|资料|新聞|相關)?(?:链接|鏈接)|(?:新闻|相关)背景|相关新闻|名词解释"
    "|延伸阅读|编后|短评|快评|专家点评|小贴士|小資料|小资料)"
    "|[^，。：]{0,16}(?:声明|启事|公告|通告|公示|讣告|停水通知|停电通知|更正|聲明|啟事)"
)
# Who is quoted, before a colon: the line goes on none above it, and with a longer name it is a subtitle.
SOURCE, OFFICE = re.compile("[\u4e00-\u9fff]{2,6}[：:]"), re.compile("[\u4e00-\u9fff]{4,6}[：:]")
# A line below a headline that says how much, and how long that headline is at least: papers give figures in the subtitle.
FIGURE, HEADLINE = re.compile("[0-9０-９][%％万亿元个家名项次倍多余]"), 7
BULLETS = "■□◆●▲★◎ "  # before the name of a column
SERIES = 4  # characters of the shortest name of a series


def is_deck(line: str) -> bool:
    """Whether a line of a head says by its form that it is the subtitle: it opens with a dash, or names the kind of the text."""
    return line.startswith(DASHES) or KIND.search(line) is not None


def names_itself(line: str) -> bool:
    """Whether a line says that it heads a column, a box or a notice: what stands below it is an article of its own.

    >>> [names_itself(t) for t in ("走好群众路线（来论）", "寻人启事", "■延伸阅读", "公告栏前的一天")]
    [True, True, True, False]
    """
    return bool(COLUMN_NAME.search(line) or OF_ITS_OWN.fullmatch(line.lstrip(BULLETS)))


def broken(lines: Sequence[str], model: Path = MODEL) -> Floats:
    """The odds that each headline line but the last goes on in the next: that the two are one headline, in nats."""
    if len(lines) < 2:
        return np.zeros(0, np.float32)
    flow = Flow([as_learned(line) or " " for line in lines])
    edges = load_ngrams(model / COUNTS).edge_odds(flow.tails(1)[:-1, 0], flow.heads(1)[1:, 0])
    return np.asarray(np.clip(going_on(lines, model), -8, 8) / 2 - edges)


def broken_in(heads: Sequence[Sequence[str]]) -> list[list[float]]:
    """The same of the lines of many heads, which are read at once."""
    odds = broken([line for lines in heads for line in lines]).tolist()
    stops = accumulate(len(lines) for lines in heads)
    return [odds[stop - len(lines) : stop - 1] for lines, stop in zip(heads, stops, strict=True)]


def lay_out_head(lines: Sequence[Piece], odds: Sequence[float], spoken: Sequence[float]) -> dict[str, list[Piece]]:
    """Give each line of a head its part.

    The one line that is marked as a heading, as Markdown does, is the headline. A line that opens with a dash begins the
    subtitle, one that ends with a dash the kicker. Lines of one block are one headline where they are short and of like length
    or the words run on over the break. Plain text does not show which of two other lines was set larger; papers put the kicker
    above, so the second is the headline, unless it says the first one's words again. `odds` says how likely each line but the
    last goes on in the next (`broken`). `spoken` says which share of each line's words the text has, or nothing: a line of
    none, below one that the text is about, is the logo of a series and goes to the kicker.
    """
    lines = list(lines)
    marked = [k for k, piece in enumerate(lines) if piece.rule == "heading"]
    if len(marked) == 1:
        at = marked[0]
        parts = {"kicker": lines[:at], "title": lines[at : at + 1], "subtitle": lines[at + 1 :]}
        return {name: own for name, own in parts.items() if own}
    head: dict[str, list[Piece]] = {}
    logo = _logo(lines, spoken)
    if logo is not None:
        head["kicker"] = [lines.pop(logo)]
    deck = next((k for k, p in enumerate(lines) if k and is_deck(p.text)), len(lines))
    subtitle = lines[deck:]
    rest: list[list[Piece]] = []
    for k, piece in enumerate(lines[:deck]):
        if rest and _one_line(lines[k - 1], piece, odds[k - 1]):
            rest[-1].append(piece)
        else:
            rest.append([piece])
    above = next((k for k in range(len(rest) - 1, 0, -1) if rest[k - 1][-1].text.endswith(DASHES)), 0)
    above = above or int(len(rest) > 1 and _tells_else(rest[0], rest[1]) and not _is_below(rest[0], rest[1]))
    if above:
        head["kicker"] = [p for line in rest[:above] for p in line] + head.get("kicker", [])
        rest = rest[above:]
    head["title"] = rest.pop(0)
    subtitle = [p for line in rest for p in line] + subtitle
    if subtitle:
        head["subtitle"] = subtitle
    return head


def _logo(lines: Sequence[Piece], spoken: Sequence[float]) -> int | None:
    """The line of a head that names a series, not the text."""
    if len(lines) < 2 or not spoken or max(spoken[:-1]) < OF_THE_TEXT:
        return None
    if len(lines[-1].text) < SERIES or any(p.text.startswith(DASHES) for p in lines[1:]):
        return None
    return len(lines) - 1 if spoken[-1] <= OF_NO_TEXT else None


def _one_line(above: Piece, below: Piece, odds: float) -> bool:
    if brackets(above.text)[1] and not below.gap:
        return True
    if above.text.endswith((*DASHES, "：", ":")) or names_itself(above.text) or SOURCE.match(below.text):
        return False
    sizes = len(above.text), len(below.text)
    like = max(sizes) - min(sizes) <= LIKE
    if not like and sizes[0] <= COLUMN and odds < CUT:
        return False
    if below.gap or below.line != above.last + 1:
        return odds > PARTED and sizes[1] > FEWEST
    return (like and (max(sizes) <= SHORT or odds > LIKE_BROKEN)) or odds > BROKEN


def _is_below(first: list[Piece], second: list[Piece]) -> bool:
    """Whether the second of two headlines is the subtitle: it says how much or what an office says, or is much longer."""
    sizes = [sum(len("".join(p.text.split())) for p in line) for line in (first, second)]
    much = sizes[0] >= TITLE and sizes[1] >= LONGER * sizes[0] and first[-1].text[-1] not in "：:"
    return much or OFFICE.match(second[0].text) is not None or _gives_figures(first, second)


def _gives_figures(first: list[Piece], second: list[Piece]) -> bool:
    """Whether the second of two headlines says how much of what the first one tells."""
    long = sum(len(p.text) for p in first) >= HEADLINE
    return long and any(FIGURE.search(p.text) for p in second) and not any(FIGURE.search(p.text) for p in first)


def _tells_else(first: list[Piece], second: list[Piece]) -> bool:
    a, b = ("".join(p.text for p in line) for line in (first, second))
    pairs = {a[k : k + 2] for k in range(len(a) - 1)}
    return sum(p in b for p in pairs) < 0.4 * len(pairs)
