"""What a piece of a newspaper page is by what stands above and below it: names, captions, verse, headlines set upright.

`pipeline.labels` has told what each piece is by its own form; these rules mend what that could not see.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

import msgspec

from pipeline.labels import BARE_BYLINE, ends_sentence, is_name, is_names, label_piece, names_one
from pipeline.records import Piece, cells
from pipeline.setting import HANGING

# A line of more characters below a name is text, even where it is torn and has no end.
TEXT = 24
# Characters of a line that may be a name or several, with the blanks that papers set into it.
NAME = 16
# Characters of one of a headline's two clauses, the first with its comma.
CLAUSE = 16
# So many lines of verse, none longer than the second figure, in characters.
VERSE, VERSE_LINE = 4, 20
# Lines of the head of the article that follows.
NEXT_HEAD = 3

# Most characters of a credit alone, 张三 摄, and of the picture's text above it.
CREDIT, PICTURE_TEXT = 20, 60
OWN_WORDS = re.compile("[，。；：！？]|[图圖][为為]")
# A name of two characters, set as wide as one of three.
WIDE_NAME = re.compile("[\u4e00-\u9fff][ \u3000]{1,3}[\u4e00-\u9fff]")
# What of whom, 一等奖：某某, 报名地点：…; so many lines of it are a list.
ENTRY = re.compile("[\u4e00-\u9fff、]{2,10}[：:][ ]?[^ ：:]")
LIST = 3
# Where a reader lives, and a name: 云南某县 董某, 北京 李某某; in brackets too.
PLACE_AND_NAME = re.compile(
    "[（(]?(?:[\u4e00-\u9fff]{2,10}[省市县縣区區州盟旗镇鎮乡鄉村]|[\u4e00-\u9fff]{2})[ \u3000]{1,3}"
    "([\u4e00-\u9fff](?:[\u4e00-\u9fff]{1,2}|[ \u3000][\u4e00-\u9fff]))[）)]?"
)
# Cells that a name is set in by which stands at the right of its column.
RIGHT = 10
# The same in brackets, （云南 董某）, below a poem.
SIGNED_BELOW = re.compile(
    "[（(](?:[\u4e00-\u9fff]{2,8}[ \u3000])?([\u4e00-\u9fff](?:[ \u3000]?[\u4e00-\u9fff]){1,2})[）)]"
)
# So many single characters, each on a line, are a headline set upright; fewer are a name.
UPRIGHT = 4


def label_by_neighbours(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of a page, in order, some of them put together; each rule reads what those before it have told."""
    pieces = _join_upright(pieces)
    _name_bylines(pieces)
    _mark_lists(pieces)
    _mark_signatures(pieces)
    pieces = _captions_above_credits(pieces)
    _mark_verse(pieces)
    _mark_openings(pieces)
    return _join_datelines(pieces)


def joined(above: Piece, below: Piece, text: str, label: str, rule: str) -> Piece:
    """Two pieces as one, set as the lower one was."""
    spans = above.spans + below.spans
    return msgspec.structs.replace(
        below, text=text, spans=spans, line=above.line, gap=above.gap, label=label, rule=rule
    )


def _join_upright(pieces: Sequence[Piece]) -> list[Piece]:
    """Single characters, each on its line, are a headline set upright; a few, or below 本报记者, are a name."""
    out: list[Piece] = []
    for single, run in groupby(pieces, key=_is_character):
        own = list(run)
        if single and len(own) >= UPRIGHT and not (out and BARE_BYLINE.fullmatch(out[-1].text)):
            text, spans = "".join(p.text for p in own), [span for p in own for span in p.spans]
            label, rule = label_piece(text)
            own = [msgspec.structs.replace(own[0], text=text, spans=spans, last=own[-1].last, label=label, rule=rule)]
        out += own
    return out


def _is_character(piece: Piece) -> bool:
    return len(piece.text) == 1 and "\u4e00" <= piece.text <= "\u9fff"


def _name_bylines(pieces: list[Piece]) -> None:
    """Names alone on their lines: after 本报记者, after another such name, or between a headline and its text.

    Some text layers part a name's characters as the paper spaces them; single characters in a row are such a name.
    """
    for k, piece in enumerate(pieces):
        if piece.label != "short" or len(piece.text) > NAME:
            continue
        before = pieces[k - 1] if k else None
        after = pieces[k + 1] if k + 1 < len(pieces) else None
        if before is None or after is None:
            continue
        single = _is_character(piece) and (before.rule == "name_alone" or len(after.text) == 1)
        named = is_name(piece.text)
        if not (single or named or is_names(piece.text) or WIDE_NAME.fullmatch(piece.text)):
            continue
        writer = before.label == "byline" and (BARE_BYLINE.fullmatch(before.text) or before.rule == "name_alone")
        wide = named and len(piece.text.split()) == 3  # a name set wide, which no verse is
        over_text = after.label == "body" or len(after.text) > TEXT
        if writer or (before.label == "short" and (over_text or single or wide)):
            piece.label, piece.rule = "byline", "name_alone"


def _mark_lists(pieces: Sequence[Piece]) -> None:
    """Three lines or more that each say what of whom, 一等奖：…, are a list and no headlines."""
    for listed, run in groupby(pieces, key=lambda piece: piece.label == "short" and bool(ENTRY.match(piece.text))):
        own = list(run)
        if listed and len(own) >= LIST:
            for piece in own:
                piece.label, piece.rule = "body", "entries"


def _mark_signatures(pieces: Sequence[Piece]) -> None:
    """Below the end of a text sign it a place and a name, as letters are signed, or a name that is set to the right."""
    for k in range(1, len(pieces)):
        piece = pieces[k]
        lone = piece.label == "short" and piece.line == piece.last
        right = piece.indent >= RIGHT and is_name(piece.text)
        if lone and (right or names_one(PLACE_AND_NAME, piece.text) or names_one(SIGNED_BELOW, piece.text)):
            below = pieces[k + 1] if k + 1 < len(pieces) else None
            if ends_sentence(pieces[k - 1].text) and (below is None or below.label != "body"):
                piece.label, piece.rule = "byline", "signature"


def _captions_above_credits(pieces: Sequence[Piece]) -> list[Piece]:
    """A short text right above a credit alone, without words of its own, is the picture's text.

    So is a line of text that breaks off right above the words that a credit closes.
    """
    out: list[Piece] = []
    for piece in pieces:
        above = out[-1] if out else None
        if piece.rule == "picture_credit" and above is not None:
            alone = len(piece.text) <= CREDIT and not OWN_WORDS.search(piece.text)
            if alone and above.label == "body" and len(above.text) <= PICTURE_TEXT and above.rule == "running_text":
                above.label, above.rule = "caption", "above_credit"
            elif not alone and not piece.gap and _breaks_off(above) and _as_wide(above, piece):
                out[-1] = joined(above, piece, above.text + piece.text, piece.label, piece.rule)
                continue
        out.append(piece)
    return out


def _as_wide(above: Piece, below: Piece) -> bool:
    """Whether a line is as wide as the one below it, as the first lines of a paragraph are."""
    return cells(above.text) + HANGING >= cells(below.text)


def _breaks_off(piece: Piece) -> bool:
    """Whether one line of text, no headline, ends amid a sentence."""
    text = piece.text
    lone = (
        piece.line == piece.last and piece.label in ("short", "body") and piece.rule in ("no_end_mark", "running_text")
    )
    return lone and len(text) > CLAUSE and any(mark in text for mark in "，。、") and not ends_sentence(text)


def _mark_verse(pieces: Sequence[Piece]) -> None:
    """Short lines below headline and writer are verse, each a paragraph; what stands last over other text heads that.

    A blank line tells where the verse ends: above the next head, which has few lines, or else above the text.
    """
    _mark_signed_verse(pieces)
    for k in range(1, len(pieces) - VERSE):
        if pieces[k].label != "byline" or pieces[k - 1].label != "short":
            continue
        stop = k + 1
        while stop < len(pieces) and _may_be_verse(pieces[stop]):
            stop += 1
        if stop < len(pieces):
            above = stop if pieces[stop].gap else stop - 1
            stop = next((n for n in range(stop - 1, max(k + 1, stop - 1 - NEXT_HEAD), -1) if pieces[n].gap), above)
        if stop - k > VERSE:
            for piece in pieces[k + 1 : stop]:
                piece.label, piece.rule = "body", "verse"


def _mark_signed_verse(pieces: Sequence[Piece]) -> None:
    """Short lines, four or more, above place and name of a writer in brackets, which close no news, are verse too."""
    for k, piece in enumerate(pieces):
        if piece.label != "short" or not names_one(SIGNED_BELOW, piece.text):
            continue
        top = k
        while top and _may_be_verse(pieces[top - 1]):
            top -= 1
        head = next((n for n in range(top, min(top + NEXT_HEAD, k)) if pieces[n + 1].gap), None)
        top = top if head is None else head + 1  # a blank line below the headline
        if k - top >= VERSE:
            for line in pieces[top:k]:
                line.label, line.rule = "body", "verse"
            piece.label, piece.rule = "byline", "signature"


def _may_be_verse(piece: Piece) -> bool:
    return piece.line == piece.last and len(piece.text) <= VERSE_LINE and piece.rule in ("no_end_mark", "running_text")


def _mark_openings(pieces: Sequence[Piece]) -> None:
    """What leads on: over a short line it begins a headline, 浙江某县：, over text it is text, 这是新的起点——."""
    for piece, below in pairwise(pieces):
        if piece.line != piece.last:
            continue
        over_short = below.rule == "no_end_mark" and below.line == below.last
        if piece.rule == "running_text" and len(piece.text) <= CLAUSE and piece.text[-1] in "：:" and over_short:
            piece.label, piece.rule = "short", "colon"
        elif piece.rule == "no_end_mark" and piece.text.endswith("——") and below.label == "body":
            piece.label, piece.rule = "body", "leads_on"


def _join_datelines(pieces: list[Piece]) -> list[Piece]:
    """A dateline alone, 新华社北京10月19日电, is the beginning of the paragraph below it."""
    out: list[Piece] = []
    for piece in pieces:
        last = out[-1] if out else None
        if last is not None and last.rule == "dateline_alone" and piece.label in ("body", "short"):
            out[-1] = joined(last, piece, f"{last.text} {piece.text}", piece.label, piece.rule)
        else:
            out.append(piece)
    return out
