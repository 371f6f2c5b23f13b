"""Emit: records say where each character stands, and nothing is lost or told twice."""

from __future__ import annotations

import pytest

from pipeline.records import Document, Drop, Join, Link, Meta, Paragraph, Part, Piece
from pipeline.stages.emit import (
    ConservationError,
    Wording,
    check_spans,
    conserve_parts,
    emit,
    linked_groups,
)

KEEP = Wording("keep", "keep")


def piece(document_text: str, text: str, label: str = "body") -> Piece:
    start = document_text.index(text)
    return Piece(text, [(start, start + len(text))], label, "test", 1, 1)


def document(path: str, text: str, parts: list[Part], drops: list[Drop] | None = None, page: str = "1") -> Document:
    meta = Meta(publication="海湾日报", date="2031-03-04", page=page)
    sha256 = path.encode().hex().ljust(64, "0")[:64]
    return Document(path, sha256, "utf-8", text, meta=meta, parts=parts, drops=drops or [])


def paragraph(text: str, *pieces: str, kind: str = "p") -> Paragraph:
    return Paragraph(kind, [piece(text, one) for one in pieces], [Join(0.9, "seam")] * (len(pieces) - 1))


FIRST = "渔港迎春\n\n林小满\n\n码头上的人们一早就来了，他们等的是第一艘\n\n（下转第3版）\n"
THEN = "渔港迎春\n（上接第1版）\n从远海回来的渔船。\n\n船到岸时天已经亮了。\n"


def pages() -> tuple[Document, Document]:
    one = document(
        "d/p1.txt",
        FIRST,
        [
            Part(
                [paragraph(FIRST, "码头上的人们一早就来了，他们等的是第一艘")],
                {"title": [piece(FIRST, "渔港迎春", "headline")], "byline": [piece(FIRST, "林小满", "byline")]},
                continued_to="3",
            )
        ],
        [Drop(FIRST.index("（"), FIRST.index("）") + 1, "jump_line", "jump")],
    )
    two = document(
        "d/p3.txt",
        THEN,
        [
            Part(
                [paragraph(THEN, "从远海回来的渔船。"), paragraph(THEN, "船到岸时天已经亮了。")],
                {"title": [piece(THEN, "渔港迎春", "headline")]},
                continued_from="1",
            )
        ],
        [Drop(THEN.index("（"), THEN.index("）") + 1, "jump_line", "jump")],
        page="3",
    )
    return one, two


def test_one_document_gives_one_record_per_part():
    one, _ = pages()
    (article,), (dropped,) = emit([one], [], KEEP)
    assert (article.title, article.byline, article.authors) == ("渔港迎春", "林小满", ["林小满"])
    assert (article.publication, article.date, article.page) == ("海湾日报", "2031-03-04", "1")
    assert article.continued_to == "3"
    assert article.flags == ["jump_unresolved"]
    assert article.head_spans == {"title": [(0, 0, 4)], "byline": [(0, 6, 9)]}
    assert (dropped.reason, dropped.text) == ("jump_line", "（下转第3版）")


def test_every_span_holds_its_text():
    for one in pages():
        (article,), _ = emit([one], [], KEEP)
        for block in article.paragraphs:
            assert block.text == "".join(one.text[a:b] for _, a, b in block.spans)


def test_a_link_makes_one_article_of_two_parts():
    """The paragraph that the page cut in two is one, jump marks are gone, the head comes once."""
    one, two = pages()
    (article,), dropped = emit([one, two], [Link(("d/p1.txt", 0), ("d/p3.txt", 0), 0.9, True)], KEEP)
    assert [block.text for block in article.paragraphs] == [
        "码头上的人们一早就来了，他们等的是第一艘从远海回来的渔船。",
        "船到岸时天已经亮了。",
    ]
    assert [source.path for source in article.sources] == ["d/p1.txt", "d/p3.txt"]
    assert [source.page for source in article.sources] == ["1", "3"]
    assert [span[0] for span in article.paragraphs[0].spans] == [0, 1]
    assert article.continued_from is None
    assert article.continued_to is None
    assert article.flags == []
    assert article.confidence == 0.9
    assert [(drop.source, drop.reason) for drop in dropped] == [
        ("d/p1.txt", "jump_line"),
        ("d/p3.txt", "duplicate"),
        ("d/p3.txt", "jump_line"),
    ]


def test_a_link_that_ends_a_paragraph_joins_no_text():
    one, two = pages()
    (article,), _ = emit([one, two], [Link(("d/p1.txt", 0), ("d/p3.txt", 0), 0.9, False)], KEEP)
    assert len(article.paragraphs) == 3


def test_ids_stay_when_later_parts_arrive():
    """A linked article has the id of its first part, and says which ids it takes the place of."""
    one, two = pages()
    alone = [emit([document], [], KEEP).articles[0].id for document in (one, two)]
    linked = emit([one, two], [Link(("d/p1.txt", 0), ("d/p3.txt", 0), 0.9, True)], KEEP).articles[0]
    assert linked.id == alone[0]
    assert linked.supersedes == [alone[1]]


def test_a_ring_of_links_is_cut_and_loses_nothing():
    one, two = pages()
    links = [Link(("d/p1.txt", 0), ("d/p3.txt", 0), 0.9, True), Link(("d/p3.txt", 0), ("d/p1.txt", 0), 0.8, False)]
    (article,), _ = emit([one, two], links, KEEP)
    assert article.sources[0].path == "d/p1.txt"


def test_two_links_to_one_part_leave_the_better_one():
    one, two = pages()
    again = document("d/p2.txt", FIRST, one.parts, one.drops, page="2")
    links = [Link(("d/p2.txt", 0), ("d/p3.txt", 0), 0.5, True), Link(("d/p1.txt", 0), ("d/p3.txt", 0), 0.9, True)]
    articles, _ = emit([one, again, two], links, KEEP)
    assert [[source.path for source in article.sources] for article in articles] == [
        ["d/p1.txt", "d/p3.txt"],
        ["d/p2.txt"],
    ]


def test_links_to_documents_that_are_not_there_are_passed_over():
    one, _ = pages()
    (article,), _ = emit([one], [Link(("d/p1.txt", 0), ("d/gone.txt", 0), 0.9, True)], KEEP)
    assert article.continued_to == "3"


def test_lines_of_one_paragraph_are_one_span():
    text = "码头上的人们一早\n就来了。\n"
    spans = [(0, 8), (9, 13)]
    piece = Piece("码头上的人们一早就来了。", spans, "body", "wrap", 1, 2)
    one = document("a.txt", text, [Part([Paragraph("p", [piece])])])
    (article,), _ = emit([one], [], KEEP)
    assert article.paragraphs[0].spans == [(0, 0, 13)]


def test_no_headline_is_said():
    text = "码头上的人们一早就来了。"
    one = document("a.txt", text, [Part([paragraph(text, text)])])
    (article,), _ = emit([one], [], KEEP)
    assert article.title is None
    assert article.flags == ["no_headline"]


def test_captions_stay_out_of_text():
    text = "码头上的人们。\n图为渔港。\n小标题\n"
    paragraphs = [
        paragraph(text, "码头上的人们。"),
        paragraph(text, "图为渔港。", kind="caption"),
        paragraph(text, "小标题", kind="h"),
    ]
    (article,), _ = emit([document("a.txt", text, [Part(paragraphs)])], [], KEEP)
    assert article.text == "码头上的人们。\n小标题"
    assert [block.type for block in article.paragraphs] == ["p", "caption", "h"]


def test_script_and_punctuation_are_the_users_choice():
    text = "漁港昨天開放,來了許多客人。"
    one = document("a.txt", text, [Part([paragraph(text, text)])])
    texts = {
        wording: emit([one], [], Wording(*wording)).articles[0].text
        for wording in (("keep", "keep"), ("simplified", "full"), ("traditional", "keep"))
    }
    assert texts["keep", "keep"] == text
    assert texts["simplified", "full"] == "渔港昨天开放，来了许多客人。"
    assert texts["traditional", "keep"] == text
    assert emit([one], [], Wording()).articles[0].script == "Hant"


def test_a_lost_character_is_named():
    text = "码头上的人们。\n谁也没有看见的一行\n"
    one = document("a.txt", text, [Part([paragraph(text, "码头上的人们。")])])
    for check in (conserve_parts, lambda d: emit([d])):
        with pytest.raises(ConservationError, match=r"a\.txt, line 2, characters 8-\d+: '谁也没有看.*in no article"):
            check(one)


def test_a_character_in_two_places_is_named():
    text = "码头上的人们。"
    one = document("a.txt", text, [Part([paragraph(text, text)])], [Drop(2, 5, "noise", "test")])
    for check in (conserve_parts, lambda d: emit([d])):
        with pytest.raises(ConservationError, match=r"line 1, characters 2-5: '上的人' stands in two places"):
            check(one)


@pytest.mark.parametrize("spans", [[(0, 99)], [(3, 2)], [(-1, 2)]])
def test_spans_outside_the_text_are_refused(spans):
    with pytest.raises(ConservationError, match="is none of a text"):
        check_spans(document("a.txt", "码头上的人们。", []), spans)


def test_white_space_needs_no_place():
    check_spans(document("a.txt", "  码头\n\u3000\ufeff\n人们 \n", []), [(2, 4), (8, 10)])


def test_groups_hold_all_that_links_reach():
    links = [Link(("c", 0), ("b", 0), 1, True), Link(("a", 0), ("b", 1), 1, True), Link(("y", 0), ("x", 0), 1, True)]
    assert linked_groups(links) == [["a", "b", "c"], ["x", "y"]]


def test_a_document_that_fails_costs_its_group_only_the_links():
    """Emit over linked documents: the bad one is set aside, the good one comes out as if alone."""
    from pipeline.groups import emit_safely
    from pipeline.tally import Tally

    one, two = pages()
    two.drops.clear()
    tally = Tally()
    articles, dropped = emit_safely([one, two], [Link(("d/p1.txt", 0), ("d/p3.txt", 0), 0.9, True)], KEEP, tally)
    assert [bad.source for bad in tally.quarantined] == ["d/p3.txt"]
    assert [article.continued_to for article in articles] == ["3"]
    assert {drop.source for drop in dropped} == {"d/p1.txt"}
