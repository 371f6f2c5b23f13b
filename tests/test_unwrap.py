"""Hard-wrapped lines become the paragraphs that were printed, and nothing else runs into them."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made import unwrapped

from pipeline.records import LABELS
from pipeline.stages.decode import read_text
from pipeline.stages.emit import check_spans
from pipeline.stages.unwrap import unwrap_lines

NO_LINE_START = frozenset("，。、；：？！）》」』”’…—·％%,.;:?!)]")

# Paragraphs of our own: quotes, numbers and Latin words at every place that a wrap may fall on.
TEXTS = (
    "本报讯（记者林小满）昨天清晨，城南渔港迎来了今年的第一批客人。二十六条渔船排成一列，从灯塔下慢慢驶进港池，"
    "码头上等候的人群挥着草帽，喊着船老大的名字。渔港管理处主任周宁说，今年的休渔期比去年早结束三天。",
    "“去年这个时候，我们还在修船。”船老大何川一边收缆一边说，“今年的网眼都换成了45毫米，小鱼小虾放它们回去，明年才有得捞。”",
    "据渔港管理处统计，2031年前两个月，全港共登记渔船1386条，比上年同期增加了12.5%；冷库的库容从8000吨扩大到1.2万吨，"
    "装上了由本地学堂的师生设计的HarborMate系统，船还没有靠岸，船上的货就已经有了去处。",
    "新的交易大厅设在旧车间里。屋顶换成了透光的瓦，墙上留着当年的标语，中间立着一块电子屏，上面滚动着各个码头的价格：黄鱼、"
    "带鱼、鲳鱼、墨鱼……买家不用起早，在家里打开手机就能看到当天的行情。",
    "茶山那边也传来了消息。山上的采茶人原来要走两个钟头的路，才能把鲜叶送到山下的车间；现在有了索道，一筐茶叶从山顶到山脚"
    "只要九分钟，路上还不会焐坏。老茶农高云算了一笔账，一季下来，每户能多收三千多元。",
    "“路修到哪里，人就回到哪里。”驿站的管理员说。去年冬天，有十一户人家从城里搬了回来，有的开了书店，有的翻新了祖屋，"
    "还有一户办起了剧团，每逢初一、十五在晒谷场上唱戏。",
)
WIDTHS = (10, 14, 18, 20, 24, 26, 28, 32, 36, 40, 44, 50, 60, 68, 76)

WIDE = "a paragraph whose lines all end before a long word or figure does not keep to the column of those around it"
NARROW = "a Latin word as wide as the column is taken for a beginning"


def missed(values, reason, *broken):
    """Values as cases, some of which fail today."""
    return [
        pytest.param(v, marks=[pytest.mark.xfail(strict=False, reason=reason)] if v in broken else []) for v in values
    ]


def width(ch):
    return 1 if ord(ch) < 0x2000 and ch not in "“”‘’—…·" else 2


def width_of(line):
    return sum(map(width, line))


def wrap(text, cells, indent=0):
    """Lines as a compositor sets them: full, no closing mark at a line's beginning, Latin words and numbers whole."""
    tokens, word = [], ""
    for ch in text:
        if word and not (ch.isascii() and (ch.isalnum() or ch in ".%")):
            tokens.append(word)
            word = ""
        if ch.isascii() and (ch.isalnum() or (word and ch in ".%")):
            word += ch
        elif tokens and (ch in NO_LINE_START or tokens[-1][-1] in "“（《"):
            tokens[-1] += ch
        else:
            tokens.append(ch)
    tokens += [word] if word else []
    lines, line, used = [], "", indent
    for token in tokens:
        size = sum(map(width, token))
        if line and used + size > cells:
            lines.append(line)
            line, used = "", 0
        line += token
        used += size
    return [*lines, line]


def printed(paragraphs, cells, indent="", between="", lost=False):
    """The paragraphs in one column. `lost`: the text layer keeps the room of an indent but not the indent."""
    out = []
    for text in paragraphs:
        room = 4 if lost else sum(map(width, indent))
        lines = wrap(text, cells, room)
        lines[0] = ("" if lost else indent) + lines[0]
        out.append("\n".join(lines))
    return f"\n{between}".join(out) + "\n"


def pieces_of(text):
    return unwrapped(text).pieces


def texts_of(text):
    return [piece.text for piece in pieces_of(text)]


IDEOGRAPHIC = "\N{IDEOGRAPHIC SPACE}" * 2


@pytest.mark.parametrize("cells", missed(WIDTHS, NARROW, 10))
@pytest.mark.parametrize("indent", [IDEOGRAPHIC, "    "], ids=["ideographic", "half-width"])
def test_paragraphs_parted_by_blank_lines(cells, indent):
    assert texts_of(printed(TEXTS, cells, indent, between="\n")) == list(TEXTS)


@pytest.mark.parametrize("cells", missed(WIDTHS, NARROW, 10))
@pytest.mark.parametrize("indent", ["  ", ""], ids=["narrow", "none"])
def test_paragraphs_parted_by_blank_lines_alone(cells, indent, request):
    if (cells, indent) == (76, ""):
        request.applymarker(pytest.mark.xfail(strict=True, reason=WIDE))
    assert texts_of(printed(TEXTS, cells, indent, between="\n")) == list(TEXTS)


@pytest.mark.parametrize("cells", missed(WIDTHS, NARROW, 10))
@pytest.mark.parametrize("indent", [IDEOGRAPHIC, "    "], ids=["ideographic", "half-width"])
def test_paragraphs_parted_by_indents_alone(cells, indent):
    assert texts_of(printed(TEXTS, cells, indent)) == list(TEXTS)


@pytest.mark.parametrize(
    "cells", missed(WIDTHS, "a sentence that ends with a full line is taken for its paragraph's end", 36)
)
def test_paragraphs_whose_last_line_is_short_need_neither(cells):
    """Where a paragraph's last line shows that it ended, no indent and no blank line is needed."""
    texts = [text for text in TEXTS if sum(map(width, wrap(text, cells)[-1])) <= cells - 8]
    if len(texts) < 2:
        pytest.skip("all last lines are full at this width")
    assert texts_of(printed(texts, cells)) == texts


@pytest.mark.parametrize(
    "cells",
    missed(WIDTHS, "a first line that ends a sentence is taken for a paragraph, though the next line is full", 50),
)
def test_indents_that_the_text_layer_lost(cells):
    """The room of the indent stays: the paragraph's first line is short by it, and the one before has room left."""
    texts = [text for text in TEXTS if sum(map(width, wrap(text, cells, 4)[-1])) <= cells - 8]
    if len(texts) < 2:
        pytest.skip("all last lines are full at this width")
    assert texts_of(printed(texts, cells, lost=True)) == texts


@pytest.mark.parametrize("cells", [18, 28, 40])
def test_columns_of_different_widths_on_one_page(cells):
    text = printed(TEXTS[:3], cells, IDEOGRAPHIC) + "\n\n" + printed(TEXTS[3:], cells + 12, IDEOGRAPHIC)
    assert texts_of(text) == list(TEXTS)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_do_not_matter(newline):
    assert texts_of(printed(TEXTS, 28, IDEOGRAPHIC).replace("\n", newline)) == list(TEXTS)


SENTENCE = (
    "渔港的灯塔建在城南的石堤上每天傍晚由守塔人点亮船工们远远望见就知道快要到家了码头边的小店也在这时候升起炊烟"
    "等着第一批客人上岸歇脚喝茶谈天说地直到夜深"
)


def filled(n, last, widths=(14,)):
    """Lines of one sentence, full but for the last one, which has `last` characters with its full stop."""
    lines, at = [], n * 5
    for size in (*(widths[i % len(widths)] for i in range(n)), last - 1):
        lines.append("".join(SENTENCE[(at + k) % len(SENTENCE)] for k in range(size)))
        at += size
    return [*lines[:-1], lines[-1] + "。"]


def column_of(paragraphs):
    return "\n".join(line for lines in paragraphs for line in lines) + "\n"


class TestHowStrictlyAColumnWasFilled:
    """The room of one character at a line's end says that a paragraph ended only where no other line leaves any."""

    def test_strictly(self):
        paragraphs = [filled(n, 13) for n in (5, 6, 7, 8)]
        assert texts_of(column_of(paragraphs)) == ["".join(lines) for lines in paragraphs]

    def test_loosely(self):
        paragraphs = [filled(n, 13, widths=(14, 13)) for n in (5, 6, 7, 8)]
        assert len(texts_of(column_of(paragraphs))) == 1

    def test_too_few_lines_to_say(self):
        paragraphs = [filled(n, 13) for n in (3, 4, 5)]
        assert len(texts_of(column_of(paragraphs))) == 1


class TestRoomOfLostIndents:
    """Where every first line is short by an indent, a full line after a full stop begins no paragraph."""

    @staticmethod
    def paragraphs(first):
        """Each begins with a line of `first` characters and ends with a short one; one has a full stop at a line's end."""
        out = [[line[:first] if k == 0 else line for k, line in enumerate(filled(n, 8))] for n in (5, 6, 7, 8, 9)]
        out[2][0] = out[2][0][:-1] + "。"
        return out

    def test_lost(self):
        paragraphs = self.paragraphs(12)
        assert texts_of(column_of(paragraphs)) == ["".join(lines) for lines in paragraphs]

    def test_not_lost(self):
        """Columns without indents: the line that leaves room after a full stop ended its paragraph."""
        paragraphs = self.paragraphs(14)
        paragraphs[2][0] = paragraphs[2][0][:11] + "。"
        first, rest = paragraphs[2][:1], paragraphs[2][1:]
        expected = [*paragraphs[:2], first, rest, *paragraphs[3:]]
        assert texts_of(column_of(paragraphs)) == ["".join(lines) for lines in expected]


class TestHeadlinesOfTwoLines:
    BODY = printed(TEXTS[:1], 28, IDEOGRAPHIC)
    REST = printed(TEXTS[1:], 28, IDEOGRAPHIC)

    def pieces(self, *lines):
        return texts_of("\n".join(lines) + "\n" + self.BODY + "\n" + self.REST)

    def test_an_open_bracket_runs_on(self):
        assert self.pieces("“海上驿站", "开门”迎来客人") == ["“海上驿站开门”迎来客人", *TEXTS]

    def test_two_headlines_do_not(self):
        assert self.pieces("海上驿站", "开门迎来客人") == ["海上驿站", "开门迎来客人", *TEXTS]


LATIN = (
    "港务部门今年与两家船级社签订协议，把船舶检验的记录搬到线上。新的系统叫做Harbor Ledger Open Platform，"
    "船东凭一个号码就能查到历次检验的结果，不必再跑窗口。工程师说，系统在半年里处理了3000 多份申请，没有一份退回。"
    "明年春天，北岸的三个码头也会接进来，那时候全港的船都在一本账上。"
)


@pytest.mark.parametrize("cells", [20, 24, 28, 30, 34])
def test_a_space_stays_between_two_latin_words(cells):
    """A wrap eats the space between two words; it comes back, and none comes between Chinese characters."""
    text = LATIN.replace("3000 多", "3000多")
    lines, line, used = [], "", 0
    for token in " ".join(text.split()).replace("Harbor Ledger Open Platform", "\0").partition("\0"):
        words = ["Harbor", "Ledger", "Open", "Platform"] if token == "\0" else list(token)
        for k, word in enumerate(words):
            if word in NO_LINE_START:
                line += word
                used += width(word)
                continue
            space = " " if k and token == "\0" and line else ""
            size = len(word) + len(space) if word.isascii() else 2
            if used + size > cells:
                lines.append(line)
                line, used, space = "", 0, ""
            line += space + word
            used += size
    assert texts_of("\n".join([*lines, line]) + "\n") == [text]


HEADLINE = "渔港里的第一个春天"
APART = [
    ("headline above, blank line", [HEADLINE, "", None], [HEADLINE, TEXTS[0]]),
    ("headline above, no blank line", [HEADLINE, None], [HEADLINE, TEXTS[0]]),
    ("headline below", [None, "", HEADLINE], [TEXTS[0], HEADLINE]),
    ("headline and byline", [HEADLINE, "", "本报记者 林小满", "", None], [HEADLINE, "本报记者 林小满", TEXTS[0]]),
    ("signature", [None, "", "周 宁"], [TEXTS[0], "周 宁"]),
    ("closing line", [None, "", "（完）"], [TEXTS[0], "（完）"]),
]


@pytest.mark.parametrize("cells", [20, 28, 40])
@pytest.mark.parametrize(("lines", "expected"), [c[1:] for c in APART], ids=[c[0] for c in APART])
def test_what_stands_beside_a_paragraph_is_not_run_into_it(cells, lines, expected):
    column = printed(TEXTS[:1], cells, IDEOGRAPHIC).rstrip("\n")
    rest = printed(TEXTS[2:], cells, IDEOGRAPHIC)
    text = "\n".join(column if line is None else line for line in lines) + "\n\n" + rest
    assert texts_of(text) == [*expected, *TEXTS[2:]]


@pytest.mark.parametrize("cells", [24, 36])
@pytest.mark.parametrize("mark", "●■◆")
def test_briefs_are_one_piece_each(cells, mark):
    briefs = [mark + text for text in TEXTS[2:]]
    assert texts_of(printed(briefs, cells)) == briefs


def test_a_list_of_short_lines_stays_a_list():
    items = ["●新修渔船一百二十条", "●翻新码头九座", "●登记船工三千余名", "●开放灯塔两座", "●整修驿站五处"]
    assert texts_of("\n".join(items) + "\n\n" + printed(TEXTS, 28, IDEOGRAPHIC)) == items + list(TEXTS)


def test_verse_stays_in_lines():
    verse = ["灯塔把光放在水上", "水把光交给船", "船上的人睡了", "梦见岸", "岸上的人醒着", "数着归来的帆"]
    column = printed(TEXTS, 40, IDEOGRAPHIC)
    assert texts_of(column + "\n" + "\n".join(verse) + "\n") == list(TEXTS) + verse


def test_a_table_stays_in_lines():
    table = ["黄鱼 45元 310斤", "带鱼 18元 920斤", "鲳鱼 36元 150斤", "墨鱼 22元 480斤", "青蟹 60元 75斤"]
    column = printed(TEXTS, 40, IDEOGRAPHIC)
    assert texts_of(column + "\n" + "\n".join(table) + "\n") == list(TEXTS) + table


def test_prose_in_single_lines_is_left_as_it_is():
    assert texts_of("\n".join(TEXTS) + "\n") == list(TEXTS)
    assert texts_of("\n\n".join(TEXTS) + "\n") == list(TEXTS)


@pytest.mark.parametrize("headline", [HEADLINE, "“海上驿站”开门迎客", "谁来守护茶山？"])
def test_a_headline_doubled_by_its_shadow_is_cut(headline):
    document = read_text(f"{headline}{headline}\n\n{printed(TEXTS, 28, IDEOGRAPHIC)}", "made.txt")
    unwrap_lines(document)
    assert [piece.text for piece in document.pieces] == [headline, *TEXTS]
    assert [(document.text[d.start : d.end], d.reason) for d in document.drops] == [(headline, "duplicate")]


@pytest.mark.parametrize("text", ["一天一天", "试试看试试看。", "哈哈哈哈哈哈"])
def test_repeated_words_are_no_shadow(text):
    document = read_text(f"{text}\n\n{TEXTS[0]}\n", "made.txt")
    unwrap_lines(document)
    assert [piece.text for piece in document.pieces] == [text, TEXTS[0]]


JUMPS = [
    ("foot of a line", f"{TEXTS[0][:-30]}（下转第3版）", [TEXTS[0][:-30], "（下转第3版）"]),
    ("head of a line", f"（上接第1版）{TEXTS[0][30:]}", ["（上接第1版）", TEXTS[0][30:]]),
    ("line of its own", f"{TEXTS[0][:-30]}\n\n下转第3版", [TEXTS[0][:-30], "下转第3版"]),
    ("line of its own, no blank line", f"{TEXTS[0][:-30]}\n（下转第3版）", [TEXTS[0][:-30], "（下转第3版）"]),
]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in JUMPS], ids=[c[0] for c in JUMPS])
def test_jump_lines_are_cut(text, expected):
    pieces = pieces_of(text + "\n")
    assert [piece.text for piece in pieces] == expected
    assert [piece.text for piece in pieces if piece.label == "jump_line"] == [t for t in expected if "版" in t]


@pytest.mark.parametrize("cells", [20, 28, 40])
def test_a_jump_line_ends_a_wrapped_column(cells):
    """It is cut wherever the wrap puts it."""
    torn = TEXTS[0][:-30]
    pieces = pieces_of(printed([*TEXTS[1:3], torn], cells, IDEOGRAPHIC) + "（下转第3版）\n")
    assert [piece.text for piece in pieces] == [*TEXTS[1:3], torn, "（下转第3版）"]


def test_pieces_say_where_they_stood():
    pieces = pieces_of(f"{HEADLINE}\n\n" + printed(TEXTS[:2], 28, IDEOGRAPHIC))
    lines = len(wrap(TEXTS[0], 28, 4))
    assert [(p.line, p.last) for p in pieces[:2]] == [(1, 1), (3, 2 + lines)]
    assert all(p.label in (*LABELS, "short", "jump_line") for p in pieces)


def test_what_another_stage_dropped_stays_dropped():
    document = read_text(f"海湾日报\n{TEXTS[0]}\n", "made.txt")
    document.lines[0].label, document.lines[0].rule = "masthead", "papers_name"
    unwrap_lines(document)
    assert [piece.text for piece in document.pieces] == [TEXTS[0]]
    assert [(d.start, d.end, d.reason, d.rule) for d in document.drops] == [(0, 4, "masthead", "papers_name")]


WORDS = (
    "渔港|昨天|。|，|“|”|（|）|（下转第3版）|（上接第1版）|●|——|2031|Harbor| "
    "|新华社青岛3月2日电|图为|林小满 摄|本报记者|周宁|：|1.5%|\t|！"
    "|# |## |·今日谈·|图①：|（海湾 林小满）|□|--------|,|渔港里的灯塔"
)
SPECKS = ("|", "~", "丨", "①", "一", "｜", "^")
FRAGMENTS = st.sampled_from([*WORDS.split("|"), *SPECKS, "\N{IDEOGRAPHIC SPACE}"])
LINES = st.lists(st.lists(FRAGMENTS, max_size=12).map("".join), max_size=25).map("\n".join)


@settings(deadline=None, max_examples=200)
@given(LINES)
@example("渔港开航渔港开航")
@example("（下转第3版）\n（上接第1版）")
def test_every_character_is_in_one_piece_or_one_drop(text):
    document = read_text(text, "made.txt")
    unwrap_lines(document)
    spans = sorted([s for p in document.pieces for s in p.spans] + [(d.start, d.end) for d in document.drops])
    held = [k for a, b in spans for k in range(a, b)]
    assert len(held) == len(set(held))
    assert not "".join(ch for k, ch in enumerate(text) if k not in set(held)).strip()


@settings(deadline=None, max_examples=100)
@given(LINES)
def test_a_piece_holds_its_spans_in_order(text):
    document = read_text(text, "made.txt")
    unwrap_lines(document)
    for piece in document.pieces:
        assert piece.spans == sorted(piece.spans)
        own = "".join(document.text[a:b] for a, b in piece.spans)
        assert "".join(piece.text.split()) == "".join(own.split())
        assert piece.text.strip()


@settings(deadline=None, max_examples=30)
@given(st.permutations(TEXTS), st.integers(16, 44))
def test_any_order_at_any_width(texts, cells):
    assert texts_of(printed(texts, cells, IDEOGRAPHIC, between="\n")) == list(texts)


def test_the_same_twice():
    rng = random.Random(5)
    text = "\n".join(rng.choice(TEXTS)[: rng.randint(4, 60)] for _ in range(60))
    assert pieces_of(text) == pieces_of(text)


@pytest.mark.parametrize("cells", [20, 28, 36])
def test_a_blank_line_after_each_printed_line_says_nothing(cells):
    """Some OCR engines part all lines by a blank one; their paragraphs are told by indents as others' are."""
    text = printed(TEXTS * 2, cells, IDEOGRAPHIC)
    assert texts_of(text.replace("\n", "\n\n")) == texts_of(text) == list(TEXTS * 2)


@pytest.mark.parametrize("byline", ["本报记者 林小满", "本报记者 林小满 通讯员 周 宁"])
def test_a_byline_below_a_headline_that_fills_its_column(byline):
    lines = ["渔港码头春天里迎来首批渔", byline, *printed(TEXTS, 24).splitlines()]
    assert texts_of("\n".join(lines))[:2] == [lines[0], byline]


NARROWER = (24, 28)


class TestNarrowerColumnsWithoutBlankLines:
    """Articles that stand right below each other, one set in a narrower column than the other."""

    HEADS = pytest.mark.parametrize("head", [(), (HEADLINE, "本报记者 林小满")], ids=["text alone", "with its head"])
    ROWS = (
        "黄鱼 45元 310斤",
        "带鱼 18元 920斤",
        "鲳鱼 36元 150斤",
        "墨鱼 22元 480斤",
        "青蟹 60元 75斤",
        "海带 3元 600斤",
    )

    @HEADS
    @pytest.mark.parametrize("cells", NARROWER)
    @pytest.mark.parametrize("at", [2, 4], ids=["amid", "below"])
    def test_each_is_unwrapped_by_its_own_width(self, at, cells, head):
        own, rest = TEXTS[at : at + 2], TEXTS[at + 2 :]
        text = printed(TEXTS[:at], 40, IDEOGRAPHIC) + "".join(f"{line}\n" for line in head)
        text += printed(own, cells, IDEOGRAPHIC) + (printed(rest, 40, IDEOGRAPHIC) if rest else "")
        assert texts_of(text) == [*TEXTS[:at], *head, *own, *rest]

    @HEADS
    @pytest.mark.parametrize("cells", NARROWER)
    def test_without_indents(self, cells, head):
        """Paragraphs whose last lines are short: nothing else shows where they end."""
        wide, own = ([t for t in TEXTS if width_of(wrap(t, n)[-1]) <= n - 8] for n in (40, cells))
        text = printed(wide, 40) + "".join(f"{line}\n" for line in head) + printed(own[:2], cells) + printed(wide, 40)
        assert texts_of(text) == [*wide, *head, *own[:2], *wide]

    def test_a_list_is_no_column(self):
        column = printed(TEXTS, 40, IDEOGRAPHIC)
        assert texts_of(column + "\n".join(self.ROWS) + "\n" + column) == [*TEXTS, *self.ROWS, *TEXTS]

    def test_short_sentences_are_no_column(self):
        rows = [
            "渔港的灯塔亮了。",
            "码头的鱼市开了。",
            "船上的人都睡了。",
            "岸上的人都醒着。",
            "远处的船回来了。",
            "今年的鱼卖完了。",
        ]
        column = printed(TEXTS, 40, IDEOGRAPHIC)
        assert texts_of(column + "\n".join(rows) + "\n" + column) == [*TEXTS, *rows, *TEXTS]

    @pytest.mark.xfail(strict=True, reason="the width that most lines have is taken for the wider column's")
    def test_a_wider_column_of_fewer_lines(self):
        text = printed(TEXTS[:2], 40, IDEOGRAPHIC) + printed(TEXTS[2:], 24, IDEOGRAPHIC)
        assert texts_of(text) == list(TEXTS)


class TestHeadsWithoutBlankLines:
    """Headlines that fill their column stand right below the text above and right above their own."""

    COLUMN = 28
    OVER = "城南渔港昨天清晨迎来首批远海"

    def column(self, *blocks):
        lines = [line for block in blocks for line in (block if isinstance(block, list) else [block])]
        return "\n".join(lines) + "\n"

    def wrapped(self, text):
        return wrap(text, self.COLUMN)

    @pytest.mark.parametrize("head", [[OVER], [OVER, "渔船满载归来"]], ids=["a line", "two lines"])
    def test_a_headline_over_a_dateline(self, head):
        story = "新华社青岛3月2日电 " + TEXTS[4]
        found = texts_of(self.column(self.wrapped(TEXTS[0]), head, self.wrapped(story), self.wrapped(TEXTS[2])))
        assert found[:3] == [TEXTS[0], "".join(head), story]

    def test_half_a_paragraph_over_a_dateline_is_none(self):
        """Lines with marks are text: what stands above the dateline is whole."""
        found = texts_of(self.column(self.wrapped(TEXTS[0]), self.wrapped("新华社青岛3月2日电 " + TEXTS[4])))
        assert found[0] == TEXTS[0]

    @pytest.mark.parametrize("name", ["周宁", "周 宁", "林小满"])
    def test_a_name_below_a_headline_that_fills_its_column(self, name):
        text = f"{self.OVER[:12]}\n{name}\n" + printed(TEXTS, 24, IDEOGRAPHIC)
        assert [(p.label, p.text) for p in pieces_of(text)][:3] == [
            ("short", self.OVER[:12]),
            ("byline", name),
            ("body", TEXTS[0]),
        ]

    def test_a_name_amid_a_text_is_none(self):
        """A paragraph whose last line is a name goes on to its end."""
        text = "昨天清早第一个把渔船开进新港池的船老大，是在这里住了五十年的周宁"
        found = texts_of(self.column(self.wrapped(text)) + "\n" + printed(TEXTS, self.COLUMN))
        assert found[0] == text


CLAUSES = [
    ("comma", ("渔船归来，", "渔港迎春"), ["渔船归来，渔港迎春"]),
    ("enumeration", ("修渔船、", "换渔网"), ["修渔船、换渔网"]),
    ("both end in a comma", ("渔船归来，", "渔港迎春，"), ["渔船归来，", "渔港迎春，"]),
    ("a sentence", ("渔船归来，", "渔港迎春。"), ["渔船归来，", "渔港迎春。"]),
    ("no mark", ("渔船归来", "渔港迎接春天"), ["渔船归来", "渔港迎接春天"]),
    (
        "longer than headlines are",
        ("渔船一早就回到了城南的渔港码头上，", "渔港迎春"),
        ["渔船一早就回到了城南的渔港码头上，", "渔港迎春"],
    ),
]


@pytest.mark.parametrize(("lines", "expected"), [c[1:] for c in CLAUSES], ids=[c[0] for c in CLAUSES])
def test_two_clauses_on_two_lines_are_one_headline(lines, expected):
    assert texts_of("\n".join(lines) + "\n\n" + printed(TEXTS, 40, IDEOGRAPHIC)) == [*expected, *TEXTS]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("渔港里的路灯为什么要装到石堤的尽头去夜里又没有人走？", ("body", "set_in")),
        ("渔港里的路灯为什么要装到石堤的尽头去夜里又没有人走", ("short", "no_end_mark")),
    ],
    ids=["question", "headline"],
)
def test_a_question_that_is_set_in_is_a_paragraph(text, expected):
    piece = pieces_of(printed([text, *TEXTS], 28, IDEOGRAPHIC))[0]
    assert (piece.label, piece.rule) == expected
    assert piece.text == text


def drops_of(text):
    document = read_text(text, "made.txt")
    unwrap_lines(document)
    return [p.text for p in document.pieces], [(text[d.start : d.end], d.reason, d.rule) for d in document.drops]


class TestSpecks:
    """What OCR makes of rules, column edges and dirt is noise, and in no text."""

    @pytest.mark.parametrize("speck", ["|", "丨", "~ 一 二", "``", "^ _", "｜｜", "· ·"])
    def test_on_lines_of_their_own(self, speck):
        pieces, drops = drops_of(f"{TEXTS[0]}\n\n{speck}\n\n{TEXTS[1]}\n")
        assert (pieces, drops) == ([TEXTS[0], TEXTS[1]], [(speck, "noise", "specks")])

    @pytest.mark.parametrize("number", ["①", "②", "①②③"])
    def test_numbers_of_pictures(self, number):
        assert drops_of(f"{TEXTS[0]}\n\n{number}\n")[1] == [(number, "page_furniture", "picture_number")]

    @pytest.mark.parametrize("line", ["一", "二", "（一）", "……", "3", "***", "灯", "——", "①渔港志"])
    def test_what_may_mean_something_stays(self, line):
        assert drops_of(f"{TEXTS[0]}\n\n{line}\n\n{TEXTS[1]}\n") == ([TEXTS[0], line, TEXTS[1]], [])

    @pytest.mark.parametrize(
        ("line", "specks"),
        [
            (f"|{TEXTS[0]}", ["|"]),
            (f"{TEXTS[0]}｜", ["｜"]),
            (f"~ {TEXTS[0]} |", ["~ ", " |"]),
            (f"||{TEXTS[0]}", ["||"]),
        ],
    )
    def test_at_a_lines_edges(self, line, specks):
        assert drops_of(line + "\n") == ([TEXTS[0]], [(speck, "noise", "edge_specks") for speck in specks])

    @pytest.mark.parametrize("line", ["价格|品种|产地", "A|B", "|2031|", "~5公里外的渔港"])
    def test_strokes_inside_a_line_stay(self, line):
        assert drops_of(line + "\n")[0] == [line]


@pytest.mark.parametrize(
    ("line", "text", "marks"),
    [
        ("**码头上的老人**", "码头上的老人", ["**", "**"]),
        ("## **码头上的老人**", "码头上的老人", ["## ", "**", "**"]),
        ("**码头** 上的 **老人**", "**码头** 上的 **老人**", []),
        ("** 码头上的老人 **", "** 码头上的老人 **", []),
    ],
)
def test_bold_type_of_markdown(line, text, marks):
    """Marks around a whole line go; those of a word inside are the text's."""
    document = read_text(f"{TEXTS[0]}\n\n{line}\n\n{TEXTS[1]}\n", "made.txt")
    unwrap_lines(document)
    assert text in [piece.text for piece in document.pieces]
    assert [document.text[x.start : x.end] for x in document.drops] == marks
    check_spans(document, [*((x.start, x.end) for x in document.drops), *(s for p in document.pieces for s in p.spans)])


class TestFullLastLines:
    """Without indents the room that a last line leaves shows a paragraph's end; where it leaves none, words do."""

    FLOW = (
        "昨天清晨渔港迎来了今年的第一批渔船，码头上等候的人群挥着草帽，渔民们把一筐筐鲜鱼抬上岸，孩子们跟在后面数着船号，"
        "老船长站在灯塔下面看了很久，他说今年的风比往年小，出海的日子也比往年多，来年还要再添置几条新船"
    )

    def page(self, *last):
        """Three paragraphs with room in their last lines, then others; all in lines of fourteen."""
        first = [self.FLOW[: 14 * 3 + n] + "。" for n in (4, 7, 9)]
        return "\n".join(line for text in [*first, *last] for line in wrap(text, 28)) + "\n"

    def texts(self, *last):
        return texts_of(self.page(*last))[3:]

    def test_a_new_beginning(self):
        full, below = self.FLOW[: 14 * 5 - 1] + "。", "据悉，渔港管理处今年还要在码头上添置长椅，方便老人歇脚。"
        assert self.texts(full, below) == [full, below]

    def test_a_sentence_that_speaks_on(self):
        text = self.FLOW[:13] + "。这是渔民们盼了一个冬天的日子，也是老船长最后一次出海。"
        assert self.texts(text) == [text]

    def test_indents_tell_more(self):
        """A page that sets paragraphs in has none that begins flush."""
        text = self.FLOW[: 14 * 5 - 3] + "。据悉，渔港管理处今年还要在码头上添置长椅，方便老人歇脚。"
        paragraphs = [self.FLOW[: 14 * 3 + n] + "。" for n in (4, 7, 9)]
        assert texts_of(printed([*paragraphs, text], 28, IDEOGRAPHIC * 2)) == [*paragraphs, text]
