"""An article's confidence: lower where half of it stands elsewhere on the page, and where half of it is another's."""

from __future__ import annotations

import pytest
from made import FISHING, LESSONS

from pipeline.assign import load_weights
from pipeline.confidence import CONFIDENCE_FEATURES, confidence_features, weigh_articles
from pipeline.records import Document, Paragraph, Part, Piece
from pipeline.topics import load_topics


def page(*articles):
    """A page of articles, each a headline or None and its paragraphs."""
    pieces, parts = [], []
    for title, paragraphs in articles:
        head = {}
        if title:
            pieces.append(Piece(title, [], "short", "", len(pieces) + 1, len(pieces) + 1))
            head["title"] = [pieces[-1]]
        own = [Piece(text, [], "body", "", len(pieces) + n, len(pieces) + n) for n, text in enumerate(paragraphs, 1)]
        pieces += own
        parts.append(Part([Paragraph("p", [piece]) for piece in own], head, confidence=0.98))
    document = Document("p1.txt", "", "utf-8", "", pieces=pieces, parts=parts)
    weigh_articles(document, load_weights()["article"])
    return [part.confidence for part in document.parts]


WHOLE = page(("城南渔港迎来首批渔船", FISHING), ("全市小学每天一节体育课", LESSONS))


def test_whole_articles_are_trusted():
    assert all(0.7 < confidence <= 1 for confidence in WHOLE)


def test_an_article_whose_half_stands_elsewhere_is_trusted_less():
    first, second, rest = page(
        ("城南渔港迎来首批渔船", FISHING[:2]), ("全市小学每天一节体育课", LESSONS), (None, FISHING[2:])
    )
    assert first < WHOLE[0] - 0.1
    assert rest < 0.5
    assert second == pytest.approx(WHOLE[1], abs=0.15)


def test_an_article_that_ends_in_anothers_text_is_trusted_less():
    mixed = page(("城南渔港迎来首批渔船", FISHING[:2] + LESSONS[2:]), ("全市小学每天一节体育课", LESSONS[:2]))
    assert all(confidence < whole - 0.1 for confidence, whole in zip(mixed, WHOLE, strict=True))


def test_a_page_of_captions_has_no_articles_to_weigh():
    piece = Piece("图为渔港。", [], "caption", "", 1, 1)
    document = Document("p1.txt", "", "utf-8", "", pieces=[piece], parts=[Part([Paragraph("caption", [piece])])])
    parts, rows = confidence_features(document, load_topics())
    assert (parts, rows.shape) == ([], (0, len(CONFIDENCE_FEATURES)))
