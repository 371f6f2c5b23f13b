"""Columns that stand side by side on one line are read one after the other, and nothing else is cut."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made import FOOTBALL, HARBOUR, HOSPITAL, SCHOOL, beside, column

import pipeline
from pipeline.chain import Settings, emit_alone
from pipeline.gutters import part_gutters
from pipeline.stages.chrome import strip_chrome
from pipeline.stages.decode import decode, read_text

SIZE = 18
INDENT = "\N{IDEOGRAPHIC SPACE}" * 2
HEAD = "海湾日报  2031年3月2日 星期日{}第{}版\n"


def parted(text, is_head=lambda line: False):
    document = read_text(text, "made.txt")
    return part_gutters(document.lines, document.text, is_head)


def printed(text):
    return read_text(text, "made.txt").lines


def found(text):
    """Headline and running text of each article."""
    return [(a.title, [b.text for b in a.paragraphs]) for a in pipeline.clean(text)]


def told(*stories):
    return [(s.title, list(s.paragraphs)) for s in stories]


def halves(story, columns=2, size=SIZE):
    """The text of a story in columns of like length."""
    lines = column(story.paragraphs, size)
    high = -(-len(lines) // columns)
    return [lines[k : k + high] for k in range(0, len(lines), high)]


def whole(story, size=SIZE):
    return [story.title, *column(story.paragraphs, size)]


@pytest.mark.parametrize("gutter", [3, 4, 8, 12])
@pytest.mark.parametrize(("columns", "size"), [(2, 18), (3, 11)])
def test_an_article_in_columns_side_by_side(columns, size, gutter):
    """A paragraph goes on from the foot of one column to the head of the next."""
    text = f"{HARBOUR.title}\n\n{beside(*halves(HARBOUR, columns, size), size=size, gutter=gutter)}\n"
    assert found(text) == told(HARBOUR)


@pytest.mark.parametrize("size", [10, 14, 22])
def test_two_articles_side_by_side(size):
    assert found(beside(whole(HARBOUR, size), whole(HOSPITAL, size), size=size)) == told(HARBOUR, HOSPITAL)


def test_headlines_in_a_row_above_their_columns():
    """A blank line between the row of headlines and the texts parts no headline from its column."""
    first, second = ([s.title, "", *column(s.paragraphs, SIZE)] for s in (HARBOUR, HOSPITAL))
    assert found(beside(first, second, size=SIZE)) == told(HARBOUR, HOSPITAL)


@pytest.mark.parametrize("blank", [1, 2, 3])
@pytest.mark.parametrize(
    "writers", [("本报记者 林小满", "本报记者 高云"), ("本报记者 林小满", ""), ("", "本报记者 高云")]
)
def test_headlines_and_writers_in_rows_above_their_columns(writers, blank):
    """Blank lines part headlines from writers and these from the columns; a row may say something of one column alone."""
    columns = [
        [
            story.title,
            *[""] * blank,
            writer,
            *[""] * blank,
            *column(story.paragraphs[1:] if writer else story.paragraphs, SIZE),
        ]
        for story, writer in zip((HARBOUR, HOSPITAL), writers, strict=True)
    ]
    articles = pipeline.clean(beside(*columns, size=SIZE))
    assert [(a.title, a.byline) for a in articles] == [
        (HARBOUR.title, writers[0] or None),
        (HOSPITAL.title, writers[1] or None),
    ]
    assert [[b.text for b in a.paragraphs] for a in articles] == [
        list(s.paragraphs[1:] if writer else s.paragraphs)
        for s, writer in zip((HARBOUR, HOSPITAL), writers, strict=True)
    ]


@pytest.mark.parametrize("blank", [1, 3])
def test_a_headline_over_both_columns_is_not_cut(blank):
    """It runs over the gutter, or stands above the left column alone."""
    for title in (HARBOUR.title, "休渔期结束以后的第一个早晨" + HARBOUR.title):
        text = title + "\n" * (blank + 1) + beside(*halves(HARBOUR), size=SIZE)
        assert found(text) == [(title, list(HARBOUR.paragraphs))]


def test_an_article_over_the_page_below_one_in_columns():
    text = f"{HARBOUR.title}\n\n{beside(*halves(HARBOUR), size=SIZE)}\n" + "\n".join(["", *whole(HOSPITAL, 2 * SIZE)])
    assert found(text + "\n") == told(HARBOUR, HOSPITAL)


@pytest.mark.parametrize("blanks", [4, 12, 30], ids=["left of the gutter", "at the gutter", "right of the gutter"])
@pytest.mark.parametrize("below", ["", "\n"], ids=["right above", "blank line below"])
def test_a_page_head_is_not_cut(below, blanks):
    text = HEAD.format(" " * blanks, 3) + below + beside(whole(HARBOUR), whole(HOSPITAL), size=SIZE)
    articles = pipeline.clean(text)
    assert [(a.title, a.publication, a.date, a.page) for a in articles] == [
        (s.title, "海湾日报", "2031-03-02", "3") for s in (HARBOUR, HOSPITAL)
    ]
    assert found(text) == told(HARBOUR, HOSPITAL)


@pytest.mark.parametrize("between", ["", "\n", "\f", "\n\f"], ids=["nothing", "blank line", "form feed", "both"])
@pytest.mark.parametrize("below", ["", "\n"], ids=["right above", "blank line below"])
def test_columns_of_one_page_do_not_go_on_in_those_of_the_next(between, below):
    pages = [(3, HARBOUR, HOSPITAL), (4, FOOTBALL, SCHOOL)]
    text = between.join(
        HEAD.format(" " * 20, n) + below + beside(*map(whole, stories), size=SIZE) for n, *stories in pages
    )
    articles = pipeline.clean(text)
    assert [(a.title, a.page) for a in articles] == [(s.title, str(n)) for n, *stories in pages for s in stories]
    assert found(text) == told(HARBOUR, HOSPITAL, FOOTBALL, SCHOOL)


def test_a_form_feed_ends_columns_where_no_head_says_so():
    one, two = beside(["一" * 12] * 5, ["二" * 12] * 5, size=SIZE), beside(["三" * 12] * 5, ["四" * 12] * 5, size=SIZE)
    assert [line.text[0] for line in parted(f"{one}\f{two}")] == list("一" * 5 + "二" * 5 + "三" * 5 + "四" * 5)
    assert [line.text[0] for line in parted(one + two)] == list("一" * 5 + "三" * 5 + "二" * 5 + "四" * 5)


CELLS = ("黄鱼", "四十五元", "三百一十斤")
LEFT_ALONE = [
    ("a table", "\n".join("      ".join(CELLS) for _ in range(8))),
    ("a table beside a list", "\n".join("渔港管理处登记的渔船      三百一十斤" for _ in range(8))),
    ("three lines", beside(["一" * 16] * 3, ["二" * 16] * 3, size=SIZE)),
    ("one column", "\n".join(column(HARBOUR.paragraphs, SIZE))),
    ("verse set in", "\n".join(" " * n + "灯塔把光放在水上，水把光交给归来的船" for n in (0, 6, 12, 18, 24, 30))),
    ("headlines with blanks inside", "\n".join(f"{'渔港' * n}    {'春天' * (9 - n)}" for n in range(1, 9))),
    ("blanks of two cells", beside(["一" * SIZE] * 9, ["二" * SIZE] * 9, size=SIZE, gutter=2)),
    ("lines that run over", beside(["一" * SIZE] * 9, ["二" * SIZE] * 9, size=SIZE) + "三" * 40 + "\n" + "四" * 40),
    ("nothing", ""),
]


@pytest.mark.parametrize("text", [c[1] for c in LEFT_ALONE], ids=[c[0] for c in LEFT_ALONE])
def test_what_has_no_gutter_is_left_alone(text):
    assert parted(text) == printed(text)


def test_lines_of_one_column_keep_what_they_say_of_the_page():
    """Indents are measured from the column's own edge, blank lines from the column's own last line."""
    first = [INDENT + "一" * 14, "一" * 16, "", INDENT + "一" * 14, "一" * 16, "一" * 9]
    second = ["二" * 16, "二" * 16, INDENT + "二" * 14, "二" * 16, "", "二" * 16]
    lines = parted(beside(first, second, size=16))
    assert [(line.text[0], line.number, line.indent, line.gap) for line in lines] == [
        ("一", 1, 4, 1), ("一", 2, 0, 0), ("一", 4, 4, 1), ("一", 5, 0, 0), ("一", 6, 0, 0),
        ("二", 1, 0, 1), ("二", 2, 0, 0), ("二", 3, 4, 0), ("二", 4, 0, 0), ("二", 6, 0, 1),
    ]  # fmt: skip


def test_a_column_that_is_set_in_as_a_whole_has_no_indent():
    lines = parted(
        "".join(" " * 8 + row + "\n" for row in beside(["一" * 16] * 6, ["二" * 16] * 6, size=16).split("\n")[:-1])
    )
    assert {line.indent for line in lines} == {0}


PIECES = ("渔港", "灯塔亮了", "，", "2031", "Harbor ", "本报记者", "&amp;", "\N{ZERO WIDTH SPACE}", "ﬁ", "锟斤拷")
TEXT = st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join)
BLANKS = st.sampled_from([" ", "   ", "      ", "\N{IDEOGRAPHIC SPACE}" * 2, "\N{IDEOGRAPHIC SPACE}" * 4, "\t"])
FREE = st.lists(st.lists(st.one_of(TEXT, BLANKS), max_size=6).map("".join), max_size=20).map("\n".join)


@st.composite
def grids(draw):
    """Columns side by side, lines of any length in them, a few cells empty, heads and form feeds between them."""
    size, gutter = draw(st.integers(6, 20)), draw(st.integers(0, 9))
    columns = draw(st.lists(st.lists(st.integers(0, size), min_size=3, max_size=14), min_size=1, max_size=4))
    rows = beside(*([("渔港昨天" * 5)[:n] for n in own] for own in columns), size=size, gutter=gutter).split("\n")
    for at in draw(st.lists(st.integers(0, len(rows)), max_size=2)):
        rows.insert(at, draw(st.sampled_from(["", "\f", "第3版      要闻", "迎来" * 30])))
    return "\n".join(rows)


@settings(deadline=None, max_examples=80)
@given(st.one_of(grids(), FREE))
@example(beside(["一" * 16] * 6, ["二" * 16] * 6, size=16))
def test_no_character_is_lost_or_doubled(text):
    document = read_text(text, "made.txt")
    before = "".join(line.text for line in document.lines)
    lines = part_gutters(document.lines, document.text, lambda line: line.startswith("第3版"))
    assert Counter("".join(line.text for line in lines).replace(" ", "").replace("\u3000", "")) == Counter(
        before.replace(" ", "").replace("\u3000", "")
    )
    held = [k for line in lines for k in range(line.start, line.end)]
    assert len(held) == len(set(held))
    out = "".join(ch for k, ch in enumerate(document.text) if k not in set(held))
    assert not out.strip(" \t\r\n\f\u3000\N{ZERO WIDTH SPACE}").split()


@settings(deadline=None, max_examples=50)
@given(grids())
def test_a_line_holds_what_its_span_holds(text):
    document = read_text(text, "made.txt")
    for line in part_gutters(document.lines, document.text, lambda line: False):
        assert document.text[line.start : line.end] == line.text


@settings(deadline=None, max_examples=50)
@given(FREE)
def test_offsets_lie_in_order(text):
    for line in parted(text):
        at = [line.offset(i) for i in range(len(line.text) + 1)]
        assert at == sorted(at)
        assert (at[0], at[-1]) == (line.start, line.end)


def test_repairs_stay_with_their_column():
    """A repair changes how long a line's text is; the spans of what stands right of it are still the document's."""
    text = beside(["一" * 15 + "ﬁn"] + ["一" * 16] * 5, ["二" * 15 + "ﬁ"] * 6, size=18)
    document = read_text(text, "made.txt")
    lines = part_gutters(document.lines, document.text, lambda line: False)
    assert len(lines) == 12
    for line in lines:
        first = next(k for k, ch in enumerate(line.text) if ch == line.text[0])
        assert document.text[line.offset(first)] == line.text[0]
        assert document.text[line.start : line.end].replace("ﬁ", "fi") == line.text


def test_labels_fall_on_the_column_that_holds_the_line():
    """What is no article's is told in each column by itself."""
    text = beside([*whole(HARBOUR), "责任编辑：王某"], [*whole(HOSPITAL)], size=SIZE)
    document = read_text(text, "made.txt")
    strip_chrome(document)
    assert [line.text for line in document.lines if line.label] == ["责任编辑：王某"]


@settings(deadline=None, max_examples=25)
@given(
    st.lists(grids(), min_size=1, max_size=3).map(
        lambda own: "\f".join(HEAD.format("      ", n) + t for n, t in enumerate(own, 1))
    )
)
def test_every_character_has_its_place(text):
    """In an article or in what was dropped, and in one of both only, whatever stands side by side."""
    made = emit_alone(decode(text.encode(), "made.txt"), Settings())
    spans = [s[1:] for a in made.articles for b in a.paragraphs for s in b.spans]
    spans += [s[1:] for a in made.articles for own in a.head_spans.values() for s in own]
    held = [k for a, b in [*spans, *((d.start, d.end) for d in made.dropped)] for k in range(a, b)]
    assert len(held) == len(set(held))
    assert not "".join(ch for k, ch in enumerate(text) if k not in set(held)).strip()


@pytest.mark.parametrize(
    "rows", [["茶山" * 400 + "   " + "渔港" * 400] * 8, ["茶山茶山茶山   渔港渔港渔港"] * 1200], ids=["wide", "long"]
)
def test_what_is_no_printed_page_is_left(rows):
    """A table of a megabyte must not take a gigabyte."""
    document = read_text("\n".join(rows) + "\n", "made.txt")
    before = [line.text for line in document.lines]
    assert [line.text for line in part_gutters(document.lines, document.text, lambda _: False)] == before


def test_a_gutter_that_hanging_marks_narrow():
    """A comma that stands out of its column leaves two blanks of the gutter: the columns are told all the same."""
    left, right = halves(HARBOUR)
    left, right = left[: len(right)], right[: len(left)]
    left = [line + "，" if k % 3 == 1 else line for k, line in enumerate(left)]
    text = "\n".join(f"{a}{' ' * (2 * SIZE + 4 - 2 * len(a))}{b}" for a, b in zip(left, right, strict=False)) + "\n"
    assert max(map(len, left)) == SIZE + 1
    assert [line.text for line in parted(text)] == [line.strip() for line in [*left, *right]]
