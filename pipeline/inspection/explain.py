"""Why a line is where it is, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.inputs import InputError
from pipeline.inspection.bits import Bit
from pipeline.inspection.decisions import Decisions
from pipeline.inspection.evidence import SLIGHT, Evidence
from pipeline.inspection.view import Link, View, view_of
from pipeline.inspection.words import fact_text, say, sign_text
from pipeline.records import cells

SHOWN = 40  # characters of a line
FULL = 4  # cells that a full line may leave empty: no line begins with a comma, and none ends with an opening quote
MODELS = {"seam": "seam", "step": "follow", "head": "headline"}


class Teller:
    """Sentences about the lines of one document in one language."""

    def __init__(self, found: Decisions, language: str) -> None:
        self.found = found
        self.view: View = view_of(found)
        self.language = language

    def says(self, key: str, **values: Any) -> str:  # noqa: ANN401
        """A sentence."""
        return say("explain", key, self.language).format(**values)

    def of_line(self, number: int) -> Iterator[str]:
        """All that there is to say of a line. Raises InputError where the document has none of that number."""
        rows = [row for row in self.view.rows if row.number == number]
        if not rows:
            raise InputError(self.says("no_line", n=number, most=self.view.rows[-1].number))
        text = " ".join(row.text.strip() for row in rows).strip()
        if not text:
            yield self.says("blank", n=number)
            return
        yield self.says("line", n=number, text=_short(text))
        start, end = rows[0].start, rows[-1].start + len(rows[-1].text)
        here = [k for k, bit in enumerate(self.view.bits) if any(a < end and b > start for a, b in bit.spans)]
        if not here:
            yield self.says("nothing")
        for k in here:
            bit = self.view.bits[k]
            if len(here) > 1:
                own = "".join(
                    self.found.document.text[max(a, start) : min(b, end)] for a, b in bit.spans if a < end and b > start
                )
                yield self.says("part", text=_short(own))
            yield from self.of_bit(k, number)

    def of_bit(self, k: int, number: int) -> Iterator[str]:
        """What became of a bit, and why; `number` is the line that was asked for."""
        bit = self.view.bits[k]
        kind = say("kind", bit.kind, self.language)
        example = self.view.examples.get(bit.rule)
        wording = self.says("wording", example=example) if example else self.says("named")
        why = say("rule", bit.rule, self.language, wording)
        if bit.dropped:
            yield self.says("dropped", kind=kind, why=why, rule=bit.rule)
            yield from self._jump(k)
            for stray in self.view.strays:
                if stray.bit == k:
                    yield self.says("stray", n=self.view.bits[stray.best].first, score=_percent(stray.evidence.score))
                    yield from self._signs(stray.evidence, "head", joined=False)
            return
        title = self._title(bit.article)
        if bit.paragraph < 0:
            yield self.says("head", kind=kind, a=bit.article + 1, title=title)
        else:
            yield self.says("paragraph", kind=kind, p=bit.paragraph + 1, a=bit.article + 1, title=title)
            own = [t.bit for t in self.view.stories[bit.article].blocks[bit.paragraph].texts]
            if len(own) > 1:
                yield self.says("pieces", lines=", ".join(self._lines(b) for b in own if b >= 0))
        if bit.rule:
            yield self.says("label", why=why, rule=bit.rule)
        if bit.piece >= 0 and self.view.kind == "page":
            yield from self._printed(bit, number)
        for link in self.view.links:
            yield from self._link(link, k)
        for end in self.view.ends:
            if end.bit == k:
                taken = self._taken(end.evidence.before.piece if end.evidence.before else None, "comes_from", "free")
                yield self.says(
                    "open_end", n=self.view.bits[end.best].first, score=_percent(end.evidence.score), taken=taken
                )
                yield from self._signs(end.evidence, "seam", joined=False)

    def _title(self, article: int) -> str:
        for block in self.view.stories[article].head:
            if block.type == "title":
                return "".join(t.text for t in block.texts)
        return self.says("untitled")

    def _lines(self, k: int) -> str:
        bit = self.view.bits[k]
        return str(bit.first) if bit.first == bit.last else f"{bit.first}–{bit.last}"

    def _printed(self, bit: Bit, number: int) -> Iterator[str]:
        """Why the line was read on from the one above it, or as a beginning."""
        piece = self.found.document.pieces[bit.piece]
        lines = self.found.lines
        at = next((k for k, line in enumerate(lines) if line.number == number), 0)
        if not at:
            return
        above = lines[at - 1]
        room = piece.column - cells(above.text) - above.indent
        if number > bit.first:
            if piece.column and room <= FULL:
                yield self.says("wrapped", n=above.number, room=max(room, 0), column=piece.column)
            else:
                yield self.says("wrapped_plain", n=above.number)
        elif lines[at].gap:
            yield self.says("begins_gap", gap=lines[at].gap)
        elif piece.column and room > 0:
            yield self.says("begins_room", n=above.number, room=room, column=piece.column)
        else:
            yield self.says("begins_other", n=above.number)

    def _link(self, link: Link, k: int) -> Iterator[str]:
        """A join that the bit has a part in, told where it concerns the bit."""
        why, bits = link.evidence, self.view.bits
        if why is None or k not in (link.first, link.then) or (link.sort == "step" and k == link.first):
            return
        if link.sort == "head":
            if bits[k].paragraph >= 0:
                return
            key = "headed"
        elif link.sort == "step":
            key = "step_from"
        else:
            key = "seam_on" if k == link.first else "seam_from"
        yield self.says(key, a=bits[link.first].last, b=bits[link.then].first, score=_percent(why.score))
        yield from self._signs(why, link.sort)

    def _signs(self, why: Evidence, sort: str, joined: bool = True) -> Iterator[str]:
        """What spoke for and against, and the runners-up, indented."""
        for sign in sorted(why.signs, key=lambda sign: sign.name == "prior"):
            if abs(sign.effect) < SLIGHT and not sign.facts:
                continue
            words = sign_text(MODELS[sort], sign.name, sign.effect, self.language)
            told = (fact_text(name, self.language) for name, effect in sign.facts if effect * sign.effect > 0)
            facts = self.says("comma").join(text for text in told if text)
            yield f"    {sign.effect:+5.1f}  {words}" + (self.says("facts", facts=facts) if facts else "")
        caveat = why.caveat(sort) if joined and sort != "head" else ""
        if caveat:
            yield "          " + self.says(caveat)
        if joined and why.onward is not None:
            line = self.view.bits[why.onward.piece].first
            taken = self._taken(why.onward.taken, "comes_from", "free")
            yield "          " + self.says(f"{sort}_onward", n=line, score=_percent(why.onward.score), taken=taken)
        if joined and why.before is not None:
            line = self.view.bits[why.before.piece].last
            taken = self._taken(why.before.taken, "goes_to", "free_end")
            yield "          " + self.says(f"{sort}_before", n=line, score=_percent(why.before.score), taken=taken)

    def _taken(self, bit: int | None, key: str, free: str) -> str:
        if bit is None:
            return self.says(free)
        other = self.view.bits[bit]
        return self.says(key, n=other.last if key == "comes_from" else other.first)

    def _jump(self, k: int) -> Iterator[str]:
        for jump in self.view.jumps:
            if jump.bit != k:
                continue
            outcome = f"{say('outcome', jump.outcome, self.language)} {jump.path}".strip()
            yield self.says(f"jump_{jump.towards}", page=jump.page, outcome=outcome[0].upper() + outcome[1:])
            if jump.article >= 0:
                yield self.says("jump_article", a=jump.article + 1, title=self._title(jump.article))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 15]}…{text[-14:]}"


def _percent(score: float) -> str:
    """A share as a reader takes it; what is all but sure is not called sure.

    >>> _percent(0.997), _percent(0.72)
    ('over 99 %', '72 %')
    """
    return "over 99 %" if score > 0.995 else f"{score:.0%}".replace("%", " %")


def lines_of(text: str) -> Sequence[int]:
    """Line numbers as given: 59, or 59-63.

    >>> list(lines_of("59-61"))
    [59, 60, 61]
    """
    first, _, last = text.partition("-")
    if not first.isdigit() or (last and not last.isdigit()):
        raise InputError(f"--line {text}: not a line number, nor two with a hyphen between")
    return range(int(first), int(last or first) + 1)
