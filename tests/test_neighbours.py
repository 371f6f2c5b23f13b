"""What a line of a page is by what stands above and below it."""

from __future__ import annotations

import pytest
from made import HARBOUR, HOSPITAL, column, unwrapped

import pipeline

TEXT = HARBOUR.paragraphs[1]
WIDE = "\N{IDEOGRAPHIC SPACE}"
VERSE = ["灯塔把光放在水上", "水把光交给归来的船", "船上的人睡了", "梦见远处的岸", "岸上的人醒着", "数着归来的帆影"]


def pieces_of(*lines):
    return unwrapped("\n".join(lines) + "\n").pieces


def labelled(*lines):
    return [(piece.label, piece.text) for piece in pieces_of(*lines)]


def labels(*lines):
    return [piece.label for piece in pieces_of(*lines)]


def article(*head):
    """The article of a page with this head."""
    (found,) = pipeline.clean("\n".join([*head, "", *HARBOUR.paragraphs[1:]]) + "\n")
    return found


class TestUprightHeadlines:
    """A headline that is set upright comes out as single characters, each on its line."""

    @pytest.mark.parametrize("headline", ["渔港迎春", "城南渔港迎来首批渔船"])
    @pytest.mark.parametrize("between", [[], [""]], ids=["no blank lines", "blank lines"])
    def test_they_are_one_line(self, headline, between):
        lines = [part for ch in headline for part in (ch, *between)]
        pieces = pieces_of(*lines, "", TEXT)
        assert [(p.label, p.text) for p in pieces] == [("short", headline), ("body", TEXT)]
        assert len(pieces[0].spans) == len(headline)
        assert article(*lines).title == headline

    @pytest.mark.parametrize("text", ["渔港春", "春"])
    def test_fewer_are_left(self, text):
        assert [p.text for p in pieces_of(*text, "", TEXT)] == [*text, TEXT]

    def test_longer_lines_between_are_no_part_of_it(self):
        assert "渔港迎春" not in [p.text for p in pieces_of("渔", "港", "灯塔", "迎", "春", "", TEXT)]

    def test_a_name_below_a_role_is_no_headline(self):
        pieces = pieces_of("渔港迎春", "", "本报记者", *"欧阳小满", "", TEXT)
        assert {p.label for p in pieces[1:-1]} == {"byline"}


NAMES = [
    ("below 本报记者", ["本报记者", "林小满", "", TEXT], ["byline", "byline", "body"]),
    ("two below 本报记者", ["本报记者", "林小满", "周宁", "", TEXT], ["byline", "byline", "byline", "body"]),
    ("headline, name, text", ["渔港里的第一个春天", "林小满", "", TEXT], ["short", "byline", "body"]),
    ("name set wide", ["渔港里的第一个春天", f"周{WIDE}宁", "", TEXT], ["short", "byline", "body"]),
    ("name set wider", ["渔港里的第一个春天", f"周{WIDE * 3}宁", "", TEXT], ["short", "byline", "body"]),
    ("its characters on lines of their own", ["渔港春天", "本报记者", *"林小满", "", TEXT], ["short"] + ["byline"] * 4 + ["body"]),
    ("below a text", [TEXT, "", "林小满"], ["body", "short"]),
    ("above all", ["林小满", "", TEXT], ["short", "body"]),
    ("several on a line", ["渔港里的第一个春天", "林小满 周宁 何平", "", TEXT], ["short", "byline", "body"]),
    ("several, blank line", ["渔港里的第一个春天", "", "林小满 周宁", "", TEXT], ["short", "byline", "body"]),
    ("characters set apart", ["渔港里的第一个春天", "周 长 风", "", TEXT], ["short", "byline", "body"]),
    ("several parts, no names", ["渔港里的第一个春天", "灯塔 渔火 归船", "", TEXT], ["short", "short", "body"]),
    ("several below a text", [TEXT, "", "林小满 周宁", "", TEXT], ["body", "short", "body"]),
    ("no name", ["渔港里的第一个春天", "灯塔亮了", "", TEXT], ["short", "short", "body"]),
    ("two words that are no name", ["渔港里的第一个春天", "渔港 灯塔", "", TEXT], ["short", "short", "body"]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), [c[1:] for c in NAMES], ids=[c[0] for c in NAMES])
def test_names_alone(lines, expected):
    assert labels(*lines) == expected


@pytest.mark.parametrize(
    ("lines", "authors"),
    [
        (["本报记者", *"林小满"], ["林小满"]),
        (["本报记者", "林小满", f"周{WIDE}宁"], ["林小满", "周宁"]),
        ([f"周{WIDE}宁"], ["周宁"]),
        (["林小满 周宁"], ["林小满", "周宁"]),
    ],
    ids=["single characters", "two", "set wide", "on one line"],
)
def test_names_alone_are_authors(lines, authors):
    assert article("渔港里的第一个春天", "", *lines).authors == authors


CREDITS = [
    ("text, credit", ["渔民在码头分拣渔获。", "林小满 摄"], ["caption", "caption"]),
    ("text, credit of the paper", ["渔民在码头分拣渔获。", "本报记者 林小满 摄"], ["caption", "caption"]),
    ("a paragraph, credit", [TEXT + TEXT, "林小满 摄"], ["body", "caption"]),
    ("a paragraph, a picture's text with its credit", [TEXT, "渔船驶进港池。林小满 摄"], ["body", "caption"]),
    ("a paragraph, this picture", [TEXT, "图为渔船 林小满 摄"], ["body", "caption"]),
    ("a crosshead, credit", ["修船换网", "林小满 摄"], ["short", "caption"]),
    ("text, picture's text with its credit", ["渔民在码头分拣渔获。", "图为渔船驶进港池，码头上的人群挥着草帽。林小满 摄"], ["body", "caption"]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), [c[1:] for c in CREDITS], ids=[c[0] for c in CREDITS])
def test_a_picture_has_its_text_above_its_credit(lines, expected):
    assert labels(*"\n\n".join(lines).split("\n")) == expected


# name, lines of a picture's text, the captions that they are
PICTURES = [
    ("breaks off", ["昨天清晨，渔民在城南渔港的码头上分拣渔", "获，准备运往鱼市。林小满 摄"], ["昨天清晨，渔民在城南渔港的码头上分拣渔获，准备运往鱼市。林小满 摄"]),
    ("ends a sentence", ["昨天清晨，渔民在城南渔港的码头上分拣渔获。", "图为渔船驶进港池。林小满 摄"], ["图为渔船驶进港池。林小满 摄"]),
    ("blank line", ["昨天清晨，渔民在城南渔港的码头上分拣渔", "", "获，准备运往鱼市。林小满 摄"], ["获，准备运往鱼市。林小满 摄"]),
    ("a headline above", ["渔民在城南渔港的码头上分拣今天的渔获", "渔船驶进港池，灯塔亮了。林小满 摄"], ["渔船驶进港池，灯塔亮了。林小满 摄"]),
    ("two pictures", ["图①：渔船排成一列驶进港池，", "图②：码头上的人群挥着草帽，"], ["图①：渔船排成一列驶进港池，", "图②：码头上的人群挥着草帽，"]),
    ("two pictures, credits", ["图一：渔船排成一列驶进港池。林小满 摄", "图二：码头上的人群挥着草帽。周宁 摄"], ["图一：渔船排成一列驶进港池。林小满 摄", "图二：码头上的人群挥着草帽。周宁 摄"]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "captions"), [c[1:] for c in PICTURES], ids=[c[0] for c in PICTURES])
def test_a_pictures_text(lines, captions):
    """A line that breaks off above its credit is of it; each picture's text stands for itself."""
    pieces = pieces_of(TEXT, "", *lines, "", TEXT)
    assert [p.text for p in pieces if p.label == "caption"] == captions


@pytest.mark.parametrize("title", ["渔港、茶山、学堂迎来第一个热闹的春天", "海湾渔港迎春开放，二十六条渔船满载归来"])
def test_the_headline_of_a_picture(title):
    """It is no line that breaks off: what it says is whole, and the text below begins anew."""
    story = "近日，灯塔下的渔船排成一列驶进港池，码头上等候的人群挥着草帽，喊着船老大的名字。 本报记者 林小满 摄"
    articles = pipeline.clean("\n".join([HOSPITAL.title, "", *HOSPITAL.paragraphs, "", title, story]) + "\n")
    assert [a.title for a in articles] == [HOSPITAL.title, title]


def test_two_pictures_in_a_column():
    """Their texts fill the column as the article above them does."""
    first = "图①：渔船排成一列，从灯塔下慢慢驶进港池，码头上等候的人群挥着草帽。"
    second = "图②：船老大何川一边收缆一边说着今年的收成和明年的打算。"
    lines = column([HARBOUR.paragraphs[0]], 19) + column([first, second], 19, indent=0)
    assert labelled(*lines)[1:] == [("caption", first), ("caption", second)]


class TestVerse:
    HEAD = ("灯塔之歌", "", "□ 林小满", "")

    def test_each_line_is_a_paragraph(self):
        assert labelled(*self.HEAD, *VERSE)[2:] == [("body", line) for line in VERSE]

    @pytest.mark.parametrize(
        "below", [("", TEXT), ("", HOSPITAL.title, "", HOSPITAL.paragraphs[0])], ids=["text", "headline"]
    )
    def test_it_ends_above_what_a_blank_line_parts_from_it(self, below):
        pieces = pieces_of(*self.HEAD, *VERSE, *below)
        assert [p.text for p in pieces if p.rule == "verse"] == VERSE

    def test_stanzas(self):
        second = ["渔火一盏一盏", "照着石堤上的人", "母亲把灯挂高", "给夜里的海看"]
        pieces = pieces_of(*self.HEAD, *VERSE, "", *second, "", HOSPITAL.title, "", HOSPITAL.paragraphs[0])
        assert [p.text for p in pieces if p.rule == "verse"] == VERSE + second

    def test_without_blank_lines_the_last_line_heads_the_text_below(self):
        pieces = pieces_of("灯塔之歌", "□ 林小满", *VERSE, HOSPITAL.title, *HOSPITAL.paragraphs)
        assert [p.text for p in pieces if p.rule == "verse"] == VERSE
        assert [p.label for p in pieces if p.text == HOSPITAL.title] == ["short"]

    @pytest.mark.parametrize(
        "lines",
        [VERSE, ["灯塔之歌", "", *VERSE], [*HEAD, *VERSE[:3]], [*HEAD, *(line * 3 for line in VERSE)]],
        ids=["no head", "no writer", "three lines", "long lines"],
    )
    def test_other_short_lines_are_no_verse(self, lines):
        assert not any(p.rule == "verse" for p in pieces_of(*lines, "", TEXT))

    def test_from_the_page_to_the_record(self):
        text = "\n".join([*self.HEAD, *VERSE, "", HOSPITAL.title, "", *HOSPITAL.paragraphs])
        poem, other = pipeline.clean(text)
        assert (poem.title, poem.authors, poem.text.split("\n")) == ("灯塔之歌", ["林小满"], VERSE)
        assert (other.title, [b.text for b in other.paragraphs]) == (HOSPITAL.title, list(HOSPITAL.paragraphs))

    SIGNATURES = ("（海湾 林小满）", "（林小满）", "(城南渔区 周宁)")

    @pytest.mark.parametrize("signature", SIGNATURES)
    @pytest.mark.parametrize("lines", [4, 6])
    def test_signed_below_in_brackets(self, signature, lines):
        pieces = pieces_of(TEXT, "", "灯塔之歌", "", *VERSE[:lines], "", signature, "", HOSPITAL.title, "", TEXT)
        assert [(p.label, p.text) for p in pieces if p.rule == "verse"] == [("body", line) for line in VERSE[:lines]]
        assert [p.text for p in pieces if p.label == "byline"] == [signature]
        assert [p.text for p in pieces if p.label == "short"] == ["灯塔之歌", HOSPITAL.title]

    @pytest.mark.parametrize(
        "lines",
        [4, pytest.param(6, marks=pytest.mark.xfail(strict=True, raises=AssertionError, reason=(
            "with its signature right below it, a poem of more lines than a head has is taken for a column"
        )))],
    )  # fmt: skip
    def test_signed_right_below_its_last_line(self, lines):
        pieces = pieces_of("灯塔之歌", "", *VERSE[:lines], self.SIGNATURES[0], "", HOSPITAL.title, "", TEXT)
        assert [p.text for p in pieces if p.rule == "verse"] == VERSE[:lines]

    @pytest.mark.parametrize("closing", ["（完）", "（新华社青岛3月2日电）", "（渔港的上半年）", "（何川 供稿）"])
    def test_other_words_in_brackets_sign_no_verse(self, closing):
        assert not any(p.rule == "verse" for p in pieces_of("灯塔之歌", "", *VERSE[:5], "", closing, "", TEXT))

    def test_a_signed_poem_from_the_page_to_the_record(self):
        text = "\n".join(["灯塔之歌", "", *VERSE, "", self.SIGNATURES[0], "", HOSPITAL.title, "", *HOSPITAL.paragraphs])
        poem, other = pipeline.clean(text)
        assert (poem.title, poem.byline, poem.text.split("\n")) == ("灯塔之歌", self.SIGNATURES[0], VERSE)
        assert other.title == HOSPITAL.title

    def test_stanzas_with_marks(self):
        stanzas = [["灯塔把光放在水上，", "水把光交给归来的船，"], ["船上的人听浪睡了，", "岸上的人数着归帆，"]]
        stanzas += [["渔火照着石堤台阶，", "母亲把灯挂得更高。"]]
        pieces = pieces_of(
            *self.HEAD, *(line for stanza in stanzas for line in (*stanza, "")), HOSPITAL.title, "", TEXT
        )
        assert [p.text for p in pieces if p.rule == "verse"] == [line for stanza in stanzas for line in stanza]

    @pytest.mark.xfail(strict=True, reason="verse below a name alone, without a blank line, is taken for a column")
    def test_below_a_name_alone(self):
        assert [p.text for p in pieces_of("灯塔之歌", "林小满", *VERSE, "", TEXT)][2:-1] == VERSE


OPENINGS = [
    ("place and colon", ["海湾某县：", "渔船归来满仓鱼"], ["short", "short"]),
    ("half-width colon", ["海湾某县:", "渔船归来满仓鱼"], ["short", "short"]),
    ("a paragraph below", ["海湾某县：", "", TEXT], ["body", "body"]),
    ("a sentence below", ["船老大说：", "渔船归来满仓鱼。"], ["body", "body"]),
    ("longer than a headline's line", ["船老大何川一边收缆一边告诉早早等在码头上的记者：", "渔船归来满仓鱼"], ["body", "short"]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), [c[1:] for c in OPENINGS], ids=[c[0] for c in OPENINGS])
def test_a_colon_that_opens_a_headline(lines, expected):
    assert labels(*lines, "", TEXT)[:2] == expected


def test_whose_words_a_headline_gives_stands_above_it():
    told = article("海湾某县：", "渔船归来满仓鱼")
    assert (told.kicker, told.title) == ("海湾某县：", "渔船归来满仓鱼")


@pytest.mark.parametrize("between", [[], [""]], ids=["no blank line", "blank line"])
@pytest.mark.parametrize("dateline", ["新华社青岛3月2日电", "本报讯", "据新华社电"])
def test_a_dateline_alone_begins_the_paragraph_below(dateline, between):
    pieces = pieces_of("渔港里的第一个春天", "", dateline, *between, TEXT)
    assert [p.text for p in pieces] == ["渔港里的第一个春天", f"{dateline} {TEXT}"]
    assert [len(p.spans) for p in pieces] == [1, 2]


def test_in_brackets_it_may_end_the_text_above():
    closing = "（新华社青岛3月2日电）"
    assert [p.text for p in pieces_of(TEXT, "", closing, "", TEXT)] == [TEXT, closing, TEXT]


class TestLists:
    """Lines that say what of whom are entries of a list: kept, each a paragraph, and no headlines."""

    ENTRIES = ("一等奖：林小满 方圆", "二等奖：高云 石桥小学舞蹈队", "三等奖：城南渔港合唱团")

    @pytest.mark.parametrize("between", [[], [""]], ids=["no blank lines", "blank lines"])
    def test_they_are_paragraphs(self, between):
        lines = [line for entry in self.ENTRIES for line in (entry, *between)]
        assert labels(TEXT, "", *lines, "", TEXT) == ["body"] * 5
        texts = [p.text for p in article(HARBOUR.title, "", HARBOUR.paragraphs[0], "", *lines).paragraphs]
        assert [t for t in texts if t in self.ENTRIES] == list(self.ENTRIES)

    def test_two_headlines_with_a_colon_are_none(self):
        assert labels("渔港：开放日迎客", "", "县医院：开设夜间门诊", "", TEXT) == ["short", "short", "body"]


class TestSignatures:
    """Letters are signed with the place where their writer lives."""

    @pytest.mark.parametrize("signature", ["云南青山县 董小满", f"城南渔区{WIDE}高{WIDE}云", "北京 李小满"])
    def test_the_writer_of_the_text_above(self, signature):
        lines = [HARBOUR.title, "", TEXT, "", signature, "", HOSPITAL.title, "", *HOSPITAL.paragraphs]
        first, second = pipeline.clean("\n".join(lines) + "\n")
        assert (first.byline, second.byline) == (signature.replace(WIDE, " "), None)

    @pytest.mark.parametrize("signature", ["（云南青山县 董小满）", "（北京 李小满）", "(城南渔区 高云)", "（董小满）"])
    @pytest.mark.parametrize("between", [[], [""]], ids=["right below", "blank line"])
    def test_in_brackets(self, signature, between):
        lines = [HARBOUR.title, "", TEXT, *between, signature, "", HOSPITAL.title, "", *HOSPITAL.paragraphs]
        first, second = pipeline.clean("\n".join(lines) + "\n", punctuation="keep")
        assert (first.title, first.byline) == (HARBOUR.title, signature)
        assert (second.title, second.byline) == (HOSPITAL.title, None)

    @pytest.mark.parametrize("name", ["林小满", f"周{WIDE}宁", "欧阳小满"])
    def test_set_to_the_right(self, name):
        lines = [HARBOUR.title, "", TEXT, WIDE * 8 + name, "", HOSPITAL.title, "", *HOSPITAL.paragraphs]
        first, second = pipeline.clean("\n".join(lines) + "\n")
        assert (first.byline, second.byline) == (name.replace(WIDE, " "), None)

    @pytest.mark.parametrize(
        ("line", "below"),
        [
            (WIDE * 2 + "林小满", HOSPITAL.title),
            (WIDE * 8 + "渔港迎来春天了", HOSPITAL.title),
            (WIDE * 8 + "渔港迎春", TEXT),
            ("（林小满）", TEXT),
        ],
        ids=["set in as a paragraph", "longer than a name", "right above text", "in brackets, right above text"],
    )
    def test_no_signatures(self, line, below):
        assert labels(TEXT, line, "", below, "", TEXT)[1] == "short"

    @pytest.mark.parametrize("below", ["本报记者 林小满", "——城南渔港见闻"], ids=["byline", "deck"])
    def test_a_short_headline_in_the_middle_of_its_column(self, below):
        first, second = column(HOSPITAL.paragraphs, 28), column(HARBOUR.paragraphs[1:], 28)
        lines = [HOSPITAL.title, "", *first, "", WIDE * 12 + "渔港迎春", WIDE * 8 + below, *second]
        assert [a.title for a in pipeline.clean("\n".join(lines) + "\n")] == [HOSPITAL.title, "渔港迎春"]

    @pytest.mark.parametrize("note", ["（待续）", "（有删节）", "（节选）", "（上半年）"])
    def test_notes_in_brackets_sign_nothing(self, note):
        text = "\n\n".join([HARBOUR.title, *HARBOUR.paragraphs, note, HOSPITAL.title, *HOSPITAL.paragraphs]) + "\n"
        assert [a.byline for a in pipeline.clean(text)] == [None, None]

    @pytest.mark.parametrize("line", ["创新 高地建设", "石桥小学 新天文台开放", "北京 再迎降雪天气"])
    def test_other_short_lines(self, line):
        assert labels(TEXT, "", line, "", TEXT) == ["body", "short", "body"]


class TestLinesThatLeadOn:
    def test_a_dash_over_text_is_text(self):
        pieces = pieces_of(TEXT, "", "这是渔港新的起点——", "", TEXT)
        assert [(p.label, p.rule) for p in pieces][1] == ("body", "leads_on")

    def test_a_dash_over_a_headline_is_a_kicker(self):
        assert labels("这是渔港新的起点——", HARBOUR.title, "", TEXT)[:2] == ["short", "short"]
