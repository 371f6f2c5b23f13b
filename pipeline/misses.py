"""The worst of what an evaluation missed, in words and as a page of word-level differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from pipeline.differ import difference
from pipeline.evaluate import Scores, grams
from pipeline.figures import COLUMNS, Miss

# What a sort of miss means, in the order in which they are shown.
SORTS = {
    "paragraph": "a paragraph of gold that did not come out exactly",
    "join": "a paragraph that gold joins from distant pieces and that did not come out exactly",
    "false join": "a paragraph that runs two of gold's together, or a headline into one",
    "extra": "a paragraph that holds nothing of gold's",
    "article": "an article of gold that lies in several of the output",
    "order": "two neighbours of gold, both whole, with something else between them",
    "title": "a headline",
    "link": "a page that an article goes on to or comes from",
    "meta": "a date, a publication or a byline",
}
ELSEWHERE = "whole, but in another article"
_LONGEST = 130  # characters of a text on one line of a terminal


def cost(miss: Miss) -> int:
    """How much came out wrong: runs of five characters that one of the texts has and the other has not."""
    gold, got = Counter(grams(miss.text)), Counter(grams(miss.got))
    return ((gold - got) + (got - gold)).total()


def worst(misses: Iterable[Miss], most: int) -> dict[str, list[Miss]]:
    """Of each sort the misses that cost most, the worst first; of equal ones the first."""
    found: dict[str, list[Miss]] = {sort: [] for sort in SORTS}
    for miss in misses:
        found[miss.sort].append(miss)
    return {sort: sorted(those, key=lambda miss: -cost(miss))[:most] for sort, those in found.items() if those}


def as_lines(miss: Miss) -> list[str]:
    """A miss for a terminal: where it is, what gold holds, what came out."""
    where = f"{miss.sort}: {miss.document} {'' if miss.key is None else miss.key}".rstrip()
    if miss.text == miss.got:
        return [f"{where} ({ELSEWHERE})", f"  both  {_short(miss.text)}"]
    return [where, f"  gold  {_short(miss.text)}", f"  out   {_short(miss.got)}"]


def _short(text: str) -> str:
    text = text.replace("\n", " | ")
    if not text:
        return "(nothing)"
    return text if len(text) <= _LONGEST else f"{text[:90]} … {text[-40:]}"


def page(scores: Scores, most: int, gold: str, out: str) -> str:
    """A page of the worst misses, each as a difference between gold and output."""
    from pipeline.pages import render

    counts = Counter(miss.sort for miss in scores.total.misses)
    sorts = [
        {"name": sort, "means": SORTS[sort], "count": counts[sort], "misses": [_shown(miss) for miss in those]}
        for sort, those in worst(scores.total.misses, most).items()
    ]
    rows = [(name, one.figures()) for name, one in scores.each.items()]
    return render(
        "misses.html", gold=gold, out=out, columns=COLUMNS, rows=rows, total=scores.total.figures(), sorts=sorts
    )


def _shown(miss: Miss) -> dict[str, Any]:
    note = ""
    if not miss.got:
        note = "nothing came out"
    elif not miss.text:
        note = "not in gold"
    elif miss.text == miss.got:
        note = ELSEWHERE
    return {"document": miss.document, "key": miss.key, "note": note, "changes": difference(miss.text, miss.got)}
