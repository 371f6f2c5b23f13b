"""Bytes of any encoding become lines whose spans hold all that the file holds."""

from __future__ import annotations

import codecs
import hashlib
import random
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.blank import BLANK, has_marks
from pipeline.repair import edits
from pipeline.stages.decode import DecodeError, decode, read_text

SIMPLIFIED = (
    "南江晚报\n\n新桥昨日通车\n\n本报讯（记者王小明）昨日上午，横跨南江的新桥正式通车。桥长一千二百米，"
    "双向六车道，\n两岸居民过江的时间由四十分钟缩短到十分钟。\n“盼了八年。”家住西岸的陈师傅说。\n"
)
TRADITIONAL = (
    "南江晚報\n\n新橋昨日通車\n\n本報訊（記者王小明）昨日上午，橫跨南江的新橋正式通車。橋長一千二百米，"
    "雙向六車道，\n兩岸居民過江的時間由四十分鐘縮短到十分鐘。\n「盼了八年。」家住西岸的陳師傅說。\n"
)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_simplified_text_is_read_in_every_encoding(codec, ends):
    text = SIMPLIFIED.replace("\n", ends)
    document = decode(text.encode(codec), "a.txt")
    assert document.text == text
    assert document.encoding == {"gbk": "gb18030"}.get(codec, codec)
    assert [line.text for line in document.lines] == [line for line in SIMPLIFIED.split("\n") if line]
    assert document.repairs == {}


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "big5", "gb18030"])
def test_traditional_text_is_read_in_every_encoding(codec):
    document = decode(TRADITIONAL.encode(codec), "a.txt")
    assert (document.text, document.encoding) == (TRADITIONAL, codec)


@pytest.mark.parametrize(
    ("mark", "codec", "name"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
        (b"\x84\x31\x95\x33", "gb18030", "gb18030"),
    ],
)
def test_a_byte_order_mark_is_no_part_of_the_text(mark, codec, name):
    document = decode(mark + SIMPLIFIED.encode(codec), "a.txt")
    assert (document.text, document.encoding) == (SIMPLIFIED, name)


@pytest.mark.parametrize("text", ["Arrangement by someone ordinary", "编曲Arrangement:someone\n"])
def test_latin_lines_in_utf16_are_read_right(text):
    assert decode(text.encode("utf-16-be"), "a").text == text


def test_short_files_are_read_right():
    assert decode("新闻".encode("gb18030"), "a").text == "新闻"
    assert decode("要聞版".encode("big5"), "a").text == "要聞版"
    assert decode(b"plain ASCII 1Z2Z3Z", "a").text == "plain ASCII 1Z2Z3Z"
    assert decode(b"1Z2Z3Z4Z5Z6Z", "a").text == "1Z2Z3Z4Z5Z6Z"


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", "\u3000\n".encode(), "\u3000\r\n\n".encode("gbk")]
)
def test_a_file_of_white_space_has_no_lines(data):
    assert decode(data, "a.txt").lines == []


@pytest.mark.parametrize("cut", [1, 2])
def test_utf8_that_is_cut_off_loses_its_last_character_only(cut):
    document = decode(SIMPLIFIED.rstrip().encode()[:-cut], "a.txt")
    assert document.encoding == "utf-8"
    assert document.text == SIMPLIFIED.rstrip()[:-1] + "\ufffd"
    assert document.repairs["undecodable"] == 1


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "big5"])
def test_a_damaged_byte_costs_its_own_line_only(codec):
    text = TRADITIONAL if codec == "big5" else SIMPLIFIED
    data = bytearray(text.encode(codec))
    data[len(text[:7].encode(codec))] = 0xFF
    document = decode(bytes(data), "a.txt")
    assert document.encoding == codec
    assert document.text.split("\n")[3:] == text.split("\n")[3:]
    assert document.text.split("\n")[0] == text.split("\n")[0]


def test_gb_lines_inside_utf8_cost_no_other_line():
    lines = [line for line in SIMPLIFIED.split("\n") if line]
    data = b"\n".join(line.encode("gb18030" if i % 2 else "utf-8") for i, line in enumerate(lines))
    document = decode(data, "a.txt")
    assert document.text.split("\n") == lines
    assert document.encoding == "utf-8+gb18030"
    assert "undecodable" not in document.repairs


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (bytes(range(256)) * 20, "control characters"),
        (random.Random(5).randbytes(5000), "control characters"),
        (b"\0" * 400, "NUL"),
        (b"ab\0\0" * 100, "NUL"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
        (b"PK\x03\x04" + b"abc" * 50, "ZIP"),
        (bytes(random.Random(6).choices(range(0x80, 0x100), k=4000)), "not text"),
    ],
)
def test_binary_noise_is_refused_with_what_was_seen_and_where(data, seen):
    with pytest.raises(DecodeError, match=seen) as error:
        decode(data, "a.bin")
    assert "byte" in str(error.value)
    assert isinstance(error.value, ValueError)


def test_a_stray_control_character_is_no_reason_to_refuse():
    document = decode(SIMPLIFIED.replace("双向", "双\0向").encode(), "a.txt")
    assert "双向六车道，" in document.lines[2].text
    assert document.repairs == {"control_characters": 1}


def test_what_a_document_records_of_its_file():
    document = decode(b"abc", "paper/1.txt")
    assert (document.path, document.sha256) == ("paper/1.txt", hashlib.sha256(b"abc").hexdigest())


def test_lines_keep_number_indent_and_gap():
    lines = read_text("　　一\n\n \n\t二\r\n三\f四\n\n\f五\u2028六\n七", "a").lines
    assert [(x.number, x.text, x.indent, x.gap) for x in lines] == [
        (1, "一", 4, 0),
        (4, "二", 4, 2),
        (5, "三", 0, 0),
        (5, "四", 0, 1),
        (7, "五", 0, 2),
        (7, "六", 0, 0),
        (8, "七", 0, 0),
    ]


def test_next_line_is_no_line_end():
    """U+0085 is a byte of many characters where GBK was read as Latin-1."""
    assert len(read_text("一\x85二", "a").lines) == 1


@pytest.mark.parametrize(
    ("raw", "text", "counted"),
    [
        ("记者　王小明", "记者 王小明", {"odd_spaces": 1}),
        ("记者\xa0王小明\u2003摄", "记者 王小明 摄", {"odd_spaces": 2}),
        ("南\u200b江\ufeff新\xad桥", "南江新桥", {"zero_width": 3}),
        ("\ue612 首页\ue613", "首页", {"private_use": 2}),
        ("南江&nbsp;新桥&amp;公园", "南江 新桥&公园", {"html_entities": 1, "odd_spaces": 1}),
        ("“一带一路”，：（）", "“一带一路”，：（）", {}),
        ("南江新桥通车".encode("gbk").decode("latin-1"), "南江新桥通车", {"gb_read_as_latin1": 1}),
        ("南江新桥中心".encode().decode("latin-1"), "南江新桥中心", {"utf8_read_as_latin1": 1}),
        ("高楼无".encode().decode("latin-1"), "高楼无", {"utf8_read_as_latin1": 1}),
    ],
)
def test_lines_are_repaired_and_repairs_counted(raw, text, counted):
    document = read_text(f"上一行\n  {raw}  \n下一行", "a")
    assert document.lines[1].text == text
    assert document.repairs == counted
    assert document.text[document.lines[2].start : document.lines[2].end] == "下一行"


def test_a_line_of_which_nothing_would_stay_is_noise_that_keeps_its_place():
    (line,) = read_text("\ue000\ue001", "a").lines
    assert (line.text, line.label, line.rule) == ("\ue000\ue001", "noise", "decode.unreadable")


def check(document):
    """Spans are in order and apart, hold every mark, and each line's offsets part its span."""
    text = document.text
    at = 0
    for line in document.lines:
        assert at <= line.start < line.end <= len(text)
        assert not has_marks(text[at : line.start])
        at = line.end
        assert line.text == line.text.strip(BLANK) != ""
        offsets = [line.offset(i) for i in range(len(line.text) + 1)]
        assert offsets == sorted(offsets)
        assert (offsets[0], offsets[-1]) == (line.start, line.end)
        half = len(line.text) // 2
        assert line.span(0, half)[1] == line.span(half)[0]
        if not line.edits and line.label is None:
            assert len(line.text) == line.end - line.start
    assert not has_marks(text[at:])


TEXT = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(
            "南江新桥通车，。“”\u3000\xa0\u200b\xad\ufeff\r\n\f\v\u2028\x85\ue000&;amplt锛銆ÖÐÎÄâ€œé\ufffdアイ\x00"
        ),
    ),
    max_size=60,
)


@settings(deadline=None, max_examples=300)
@given(TEXT)
@example("\xe4\xb8\xad\xe6\x97\xa0\xa0")
@example("a\xa0\n\u200b\x85\u200b\n&nbsp;\n&#10;&#10;x")
def test_every_mark_of_any_text_is_in_one_line(text):
    check(read_text(text, "a"))


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.binary(max_size=200), TEXT.map(lambda t: t.encode("gb18030", "replace")), TEXT.map(str.encode)))
def test_any_bytes_are_a_document_or_a_decode_error(data):
    try:
        document = decode(data, "a")
    except DecodeError:
        return
    check(document)
    assert decode(data, "a") == document


@settings(deadline=None, max_examples=300)
@given(TEXT, TEXT)
def test_edits_are_in_order_and_fill_both_sides(raw, text):
    at = to = 0
    for a, b, c, d in edits(raw, text):
        assert a - at == c - to >= 0
        assert b >= a
        assert d >= c
        at, to = b, d
    assert len(text) - at == len(raw) - to >= 0


@pytest.mark.parametrize(
    "unit", ["é", "\xa0", "\u200b", "&amp;", "ÖÐ", "锛", "\ue000一", "Ã", "\r", "\f", "　", "â€", "\0一二三四五六"]
)
def test_a_line_of_a_hundred_thousand_characters_takes_seconds_at_most(unit):
    start = time.process_time()
    check_length = read_text("一" + unit * (100_000 // len(unit)) + "二", "a")
    assert check_length.lines
    assert time.process_time() - start < 5


def test_marks_and_blanks_are_each_others_complement():
    assert not any(has_marks(ch) for ch in BLANK)
    assert all(ch in BLANK or ch == "\x85" for ch in map(chr, range(0x3001)) if ch.isspace())


def test_an_ocr_engine_that_parts_all_characters():
    """Some engines set a blank behind every character; each closed-up character still knows where it stood."""
    text = "渔 港 昨 天 开 放\n记 者 林 小 满 4 月 1 2 日 报 道 ， 渔 船 靠 岸 。\n"
    document = read_text(text, "made.txt")
    first, second = document.lines
    assert (first.text, second.text) == ("渔港昨天开放", "记者林小满4月12日报道，渔船靠岸。")
    for line in document.lines:
        for k, ch in enumerate(line.text):
            a, b = line.span(k, k + 1)
            assert ch in text[a:b]
    assert document.repairs["spaced_out"] > 0


def test_blanks_of_other_texts_stay():
    text = "记者 林 小 满 周 宁\n渔港开放，市民清早来到码头，等着渔船靠岸 A 区 B 区\n"
    assert [line.text for line in read_text(text, "made.txt").lines] == text.splitlines()
