"""What an evaluation counts, and the figures that come of it.

Figures, all between 0 and 1, over all documents together:

    content_p/r/f    character 5-grams of the kept text against gold's (chrome left in costs p, text lost costs r)
    paragraph_p/r/f  paragraphs that are exactly gold's, in the right article
    join_r           paragraphs that gold joins from distant pieces and that came out exactly
    join_false       share of paragraphs that run two of gold's together, or a headline into one
    article_f        B-cubed F1 of the grouping of text into articles, by characters
    order            share of neighbouring paragraphs of gold that are neighbours, in order
    title, title_p   share of gold's headlines that came out exactly; share of ours that are right
    link, link_p     the same for continued_from and continued_to
    role             share of exact paragraphs whose type is right
    meta             share of gold's dates, publications and bylines that the right article carries

Where a figure counts nothing it is not a number.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

COLUMNS = (
    *("content_p", "content_r", "paragraph_p", "paragraph_r", "paragraph_f", "join_r", "join_false", "article_f"),
    *("order", "title", "title_p", "link", "link_p", "role", "meta"),
)


class Miss(NamedTuple):
    """Something that came out wrong: what gold holds, and the nearest to it that came out."""

    sort: str
    document: str
    key: str | int | None
    text: str  # empty where gold holds nothing of the kind
    got: str  # empty where nothing of the kind came out


def harmonic(p: float, r: float) -> float:
    """F1."""
    return 2 * p * r / (p + r) if p + r else 0.0


def ratio(a: float, b: float) -> float:
    """A share, or not a number where there is nothing to share."""
    return a / b if b else float("nan")


class Counts:
    """Counts of one group of documents; they add up."""

    def __init__(self) -> None:
        self.n: Counter[str] = Counter()
        self.misses: list[Miss] = []

    def add(self, other: Counts) -> None:
        """Add another group's counts."""
        self.n += other.n
        self.misses += other.misses

    def figures(self) -> dict[str, float]:
        """All figures, and the counts that say how much they rest on."""
        n = self.n
        content_p, content_r = ratio(n["gram_hit"], n["gram_out"]), ratio(n["gram_hit"], n["gram_gold"])
        paragraph_p, paragraph_r = ratio(n["par_hit"], n["par_out"]), ratio(n["par_hit"], n["par_gold"])
        cubed_p, cubed_r = ratio(n["b3_p"], n["b3_n"] * 1e6), ratio(n["b3_r"], n["b3_gold"] * 1e6)
        return {
            "content_p": content_p,
            "content_r": content_r,
            "content_f": harmonic(content_p, content_r),
            "paragraph_p": paragraph_p,
            "paragraph_r": paragraph_r,
            "paragraph_f": harmonic(paragraph_p, paragraph_r),
            "join_r": ratio(n["join_hit"], n["join_gold"]),
            "join_false": ratio(n["join_false"], n["par_out"]),
            "article_f": harmonic(cubed_p, cubed_r),
            "order": ratio(n["order_hit"], n["order_gold"]),
            "title": ratio(n["title_hit"], n["title_gold"]),
            "title_p": ratio(n["title_true"], n["title_out"]),
            "link": ratio(n["link_hit"], n["link_gold"]),
            "link_p": ratio(n["link_true"], n["link_out"]),
            "role": ratio(n["role_hit"], n["par_hit"]),
            "meta": ratio(n["meta_hit"], n["meta_gold"]),
            "articles_gold": n["art_gold"],
            "articles_out": n["art_out"],
            "paragraphs_gold": n["par_gold"],
            "joins_gold": n["join_gold"],
            "links_gold": n["link_gold"],
        }
