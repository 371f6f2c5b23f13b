"""What no single assignment sees is mended: logos, highlights, crossheads and columns that lost their article."""

from __future__ import annotations

import pytest
from made import FOOTBALL, HARBOUR, HOSPITAL

import pipeline
from pipeline.assign import load_weights
from pipeline.heads import broken, lay_out_head
from pipeline.mend import (
    Draft,
    join_over_crosshead,
    name_over_logo,
    name_with_column,
    open_under_byline,
    part_at_closings,
)
from pipeline.orphans import adopt_orphans
from pipeline.page import read_page
from pipeline.records import Piece
from pipeline.stages.decode import read_text
from pipeline.stages.unwrap import unwrap
from pipeline.threads import Run, Unit

LOGO = "新春走基层"
BYLINE = "本报记者 林小满"
UNDATED = HARBOUR.paragraphs[0].partition("）")[2]
HIGHLIGHTS = ("二十六条渔船满载归来", "黄鱼还没上岸就被订走")


def page(*blocks):
    return "\n\n".join(blocks) + "\n"


def drafted(blocks, articles, heads=()):
    """A page as it is when headlines are given out: blocks by number in articles and heads, short ones in none are free."""
    document = read_text(page(*blocks), "made.txt")
    unwrap(document)
    known = read_page(document.pieces)
    units = [Unit([m], bool(known.text.short[m])) for m in range(len(known.members))]
    draft = Draft(known.text, units, [list(own) for own in articles])
    draft.signed = {m for m, signed in enumerate(known.place.byline) if signed}
    texts = known.text.texts
    draft.heads = {a: Run(list(own), " ".join(texts[m] for m in own)) for a, own in dict(heads).items()}
    taken = {m for own in articles for m in own} | {m for head in draft.heads.values() for m in head.members}
    draft.free = [m for m in range(len(texts)) if m not in taken]
    return known, draft


class TestSeriesLogos:
    def test_the_line_above_a_logo_is_the_headline(self):
        _, draft = drafted([HARBOUR.title, LOGO, *HARBOUR.paragraphs], [[2, 3, 4]], {0: [1]})
        name_over_logo(draft)
        assert draft.heads[0].members == [0, 1]
        assert draft.free == []

    @pytest.mark.parametrize(
        ("above", "head"),
        [(FOOTBALL.title, LOGO), (HARBOUR.title, "渔船驶进港池")],
        ids=["the line above is of another matter", "the head is of the text"],
    )
    def test_a_head_stays_what_it_is(self, above, head):
        _, draft = drafted([above, head, *HARBOUR.paragraphs], [[2, 3, 4]], {0: [1]})
        name_over_logo(draft)
        assert draft.heads[0].members == [1]
        assert draft.free == [0]

    @pytest.mark.parametrize(
        ("lines", "spoken", "expected"),
        [
            ([HARBOUR.title, LOGO], [0.6, 0.0], {"kicker": [LOGO], "title": [HARBOUR.title]}),
            ([LOGO, HARBOUR.title], [0.0, 0.6], {"kicker": [LOGO], "title": [HARBOUR.title]}),
            ([HARBOUR.title, "——渔船满载归来"], [0.6, 0.0], {"title": [HARBOUR.title], "subtitle": ["——渔船满载归来"]}),
            ([FOOTBALL.title, LOGO], [0.2, 0.0], {"kicker": [FOOTBALL.title], "title": [LOGO]}),
            ([HARBOUR.title, "归航"], [0.6, 0.0], {"kicker": [HARBOUR.title], "title": ["归航"]}),
        ],
        ids=["below", "above", "a subtitle", "no line is of the text", "too short for a name"],
    )
    def test_a_logo_is_no_headline(self, lines, spoken, expected):
        pieces = [Piece(text, [(k, k + 1)], "short", "", k, k, gap=1) for k, text in enumerate(lines)]
        head = lay_out_head(pieces, broken(lines).tolist(), spoken)
        assert {part: [p.text for p in own] for part, own in head.items()} == expected

    def test_from_the_page_to_the_record(self):
        first, second = pipeline.clean(
            page(HARBOUR.title, LOGO, BYLINE, UNDATED, *HARBOUR.paragraphs[1:], HOSPITAL.title, *HOSPITAL.paragraphs)
        )
        assert (first.kicker, first.title, first.byline) == (LOGO, HARBOUR.title, BYLINE)
        assert second.title == HOSPITAL.title


class TestLinesUnderABylineOpenTheText:
    BLOCKS = (HARBOUR.title, BYLINE, *HIGHLIGHTS, *HARBOUR.paragraphs[1:])

    def test_they_are_crossheads(self):
        _, draft = drafted(self.BLOCKS, [[3, 4]], {0: [0]})
        open_under_byline(draft)
        assert draft.articles == [[1, 2, 3, 4]]
        assert draft.free == []

    def test_without_a_byline_they_stay_free(self):
        _, draft = drafted([b for b in self.BLOCKS if b != BYLINE], [[3, 4]], {0: [0]})
        open_under_byline(draft)
        assert draft.articles == [[3, 4]]
        assert draft.free == [1, 2]

    def test_without_a_headline_above_they_stay_free(self):
        _, draft = drafted(self.BLOCKS, [[3, 4]])
        open_under_byline(draft)
        assert draft.articles == [[3, 4]]
        assert draft.free == [0, 1, 2]

    def test_from_the_page_to_the_record(self):
        first, second = pipeline.clean(page(*self.BLOCKS, HOSPITAL.title, *HOSPITAL.paragraphs))
        assert (first.title, first.byline) == (HARBOUR.title, BYLINE)
        assert [(b.type, b.text) for b in first.paragraphs] == [
            *(("h", text) for text in HIGHLIGHTS),
            *(("p", text) for text in HARBOUR.paragraphs[1:]),
        ]
        assert (second.title, [b.text for b in second.paragraphs]) == (HOSPITAL.title, list(HOSPITAL.paragraphs))


class TestCrossheadsLeftOver:
    def test_they_go_back_between_their_paragraphs(self):
        one, two, three = HARBOUR.paragraphs
        _, draft = drafted([HARBOUR.title, one, "修船换网", "鱼不愁卖", two, three], [[1, 4, 5]], {0: [0]})
        join_over_crosshead(draft)
        assert draft.articles == [[1, 2, 3, 4, 5]]
        assert draft.free == []

    def test_three_lines_are_no_crosshead(self):
        one, two, three = HARBOUR.paragraphs
        lines = ["修船换网", "鱼不愁卖", "灯塔亮了"]
        _, draft = drafted([HARBOUR.title, one, *lines, two, three], [[1, 5, 6]], {0: [0]})
        join_over_crosshead(draft)
        assert draft.articles == [[1, 5, 6]]
        assert draft.free == [2, 3, 4]

    def test_a_line_between_what_does_not_follow_each_other_stays_out(self):
        """The article goes on elsewhere: what stands below the line is read later."""
        one, two, three = HARBOUR.paragraphs
        _, draft = drafted([HARBOUR.title, one, "修船换网", three, two], [[1, 4, 3]], {0: [0]})
        join_over_crosshead(draft)
        assert draft.articles == [[1, 4, 3]]
        assert draft.free == [2]

    @pytest.mark.parametrize(
        ("second", "expected"),
        [(HOSPITAL.paragraphs[1:], [[1, 2, 3, 4, 5]]), (HOSPITAL.paragraphs[:2], [[1, 2], [4, 5]])],
        ids=["no dateline: one article", "a dateline: two"],
    )
    def test_a_text_without_a_beginning_goes_on_over_its_crosshead(self, second, expected):
        blocks = [HARBOUR.title, *HARBOUR.paragraphs[:2], "修船换网", *second]
        _, draft = drafted(blocks, [[1, 2], [4, 5]], {0: [0]})
        join_over_crosshead(draft)
        assert draft.articles == expected


class TestColumnsThatBeginNoArticle:
    ONE, TWO = "".join(HARBOUR.paragraphs)[:88], "".join(HARBOUR.paragraphs)[88:]

    def adopted(self, blocks, articles, heads):
        known, draft = drafted(blocks, articles, heads)
        adopt_orphans(known, draft, load_weights()["follow"].logit)
        return draft

    def test_one_goes_on_from_the_article_of_its_matter(self):
        blocks = [HARBOUR.title, self.ONE, HOSPITAL.title, *HOSPITAL.paragraphs, "（完）", self.TWO]
        draft = self.adopted(blocks, [[1], [3, 4, 5, 6], [7]], {0: [0], 1: [2]})
        assert draft.articles == [[1, 7], [3, 4, 5, 6]]

    def test_a_headline_that_it_was_given_from_elsewhere_is_free_again(self):
        blocks = [FOOTBALL.title, HARBOUR.title, self.ONE, HOSPITAL.title, *HOSPITAL.paragraphs, "（完）", self.TWO]
        draft = self.adopted(blocks, [[2], [4, 5, 6, 7], [8]], {0: [1], 1: [3], 2: [0]})
        assert draft.articles == [[2, 8], [4, 5, 6, 7]]
        assert draft.free == [0]

    def test_a_headline_at_the_cut_was_a_crosshead(self):
        blocks = [HARBOUR.title, self.ONE, "修船换网", HOSPITAL.title, *HOSPITAL.paragraphs, "（完）", self.TWO]
        draft = self.adopted(blocks, [[1], [4, 5, 6, 7], [8]], {0: [0], 1: [3], 2: [2]})
        assert draft.articles == [[1, 2, 8], [4, 5, 6, 7]]
        assert draft.free == []

    @pytest.mark.parametrize(
        ("title", "paragraphs"),
        [(HARBOUR.title, HARBOUR.paragraphs[1:]), (None, FOOTBALL.paragraphs)],
        ids=["headline right above", "dateline"],
    )
    def test_what_begins_an_article_is_left(self, title, paragraphs):
        blocks = [HOSPITAL.title, *HOSPITAL.paragraphs, *([title] if title else []), *paragraphs]
        first = 5 if title else 4
        own = list(range(first, first + len(paragraphs)))
        heads = {0: [0], 1: [4]} if title else {0: [0]}
        draft = self.adopted(blocks, [[1, 2, 3], own], heads)
        assert draft.articles == [[1, 2, 3], own]
        assert set(draft.heads) == set(heads)


@pytest.mark.parametrize(
    ("line", "named"), [("让渔港留住年轻人（快评）", True), ("让渔港留住年轻人", False), ("（快评）", False)]
)
def test_a_line_that_names_its_column_names_the_text_below(line, named):
    _, draft = drafted([*HOSPITAL.paragraphs[:2], line, UNDATED, *HARBOUR.paragraphs[1:]], [[0, 1], [3, 4, 5]])
    name_with_column(draft)
    assert (draft.heads.get(1) is not None) == named
    assert (2 in draft.free) != named


class TestClosingLines:
    """A closing line in brackets ends its article; a short line behind it is the next one's headline."""

    CLOSING, NOTE, HEAD = "（作者为渔港管理处主任）", "①见《渔港志》第三卷。", "夜间门诊开到家门口"
    REST = HOSPITAL.paragraphs[1:]

    def parted(self, *blocks):
        _, draft = drafted(blocks, [range(len(blocks))])
        strays = part_at_closings(draft)
        return draft.articles, strays

    def test_what_follows_is_another_article(self):
        assert self.parted(*HARBOUR.paragraphs, self.CLOSING, self.HEAD, *self.REST) == ([[0, 1, 2, 3], [5, 6]], [4])

    def test_footnotes_stay_with_it(self):
        blocks = [*HARBOUR.paragraphs, self.CLOSING, self.NOTE, self.HEAD, *self.REST]
        assert self.parted(*blocks) == ([[0, 1, 2, 3, 4], [6, 7]], [5])

    @pytest.mark.parametrize(
        "blocks",
        [
            [*HARBOUR.paragraphs[:1], HEAD, *HARBOUR.paragraphs[1:]],
            [*HARBOUR.paragraphs, CLOSING],
            [*HARBOUR.paragraphs, CLOSING, *REST],
            [*HARBOUR.paragraphs[:2], "船老大（右一）何川边收缆边告诉记者，船都回来了（笑）", HEAD, *REST],
        ],
        ids=["no closing line", "nothing behind it", "no headline behind it", "brackets inside a sentence"],
    )
    def test_otherwise_it_is_one(self, blocks):
        assert self.parted(*blocks) == ([list(range(len(blocks)))], [])

    def test_from_the_page_to_the_record(self):
        opens = HOSPITAL.paragraphs[0].partition("）")[2]
        text = page(HARBOUR.title, *HARBOUR.paragraphs, self.CLOSING, self.NOTE, self.HEAD, opens, *self.REST)
        assert [(a.title, a.text.split("\n")) for a in pipeline.clean(text)] == [
            (HARBOUR.title, [*HARBOUR.paragraphs, self.CLOSING, self.NOTE]),
            (self.HEAD, [opens, *self.REST]),
        ]


class TestLetters:
    """Letters stand one below the other; a signature ends each, so that the next short line is a headline."""

    LETTERS = (
        ("到鱼市请排好队", "渔船归来的清早，鱼市门前总是挤满了人，队伍常常乱成一团。", "海湾青山县 林小满"),
        ("渔港该添几盏路灯", "我家住在渔港边，夜里回家的路很黑，老人孩子都不敢出门。", "城南渔区 方圆"),
        ("请给图书馆留扇门", "乡镇图书馆周末关门，孩子们只好坐在台阶上看书。", "石桥镇 高云"),
    )

    def test_each_is_an_article(self):
        letters = pipeline.clean(page(*(line for letter in self.LETTERS for line in letter)))
        assert [(a.title, [p.text for p in a.paragraphs], a.byline) for a in letters] == [
            (title, [text], writer) for title, text, writer in self.LETTERS
        ]
