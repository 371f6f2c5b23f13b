"""Text that was read in the wrong encoding is given back; text that only looks odd is left alone."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from pipeline.mojibake import ROUND_TRIPS, undo
from pipeline.repair import repair
from pipeline.safe_ftfy import fix

NEWS = [
    "本报讯（记者王小明）昨日，市第三自来水厂的新泵站投入运行，城东三万户居民告别了低水压。",
    "“过去一到傍晚，六楼就没有水。”住在东风小区的李阿姨说，“现在好了，什么时候都能洗澡。”",
    "据市水务局介绍，泵站建设用时十一个月，总投资四千二百万元，日供水能力达到六万吨。",
    "列车从北京出发，经过郑州、武汉、长沙，次日早晨到达终点站广州，全程两千多公里。",
]
TRADITIONAL = [
    "本報訊（記者王小明）昨日，市第三自來水廠的新泵站投入運行，城東三萬戶居民告別了低水壓。",
    "據市水務局介紹，泵站建設用時十一個月，總投資四千二百萬元，日供水能力達到六萬噸。",
]


def likeness(a, b):
    return sum(x == y for x, y in zip(a, b, strict=False)) / max(len(a), len(b))


@pytest.mark.parametrize("text", NEWS)
@pytest.mark.parametrize("codec", ["latin-1", "cp1252"])
def test_gb_read_as_a_western_encoding_comes_back_whole(text, codec):
    broken = "".join(bytes([b]).decode(codec, "replace") for b in text.encode("gb18030"))
    if "\ufffd" in broken:  # cp1252 has no character for some bytes; browsers take Latin-1 there
        broken = "".join(
            bytes([b]).decode("latin-1" if b in b"\x81\x8d\x8f\x90\x9d" else codec) for b in text.encode("gb18030")
        )
    assert undo(broken)[0] == text


@pytest.mark.parametrize("text", [*NEWS, *TRADITIONAL])
def test_utf8_read_as_gb_comes_back(text):
    """Bytes are lost where a pair does not exist in GB, so a few characters may differ."""
    broken = text.encode().decode("gb18030", "replace")
    fixed, name = undo(broken)
    assert name == "utf8_read_as_gb"
    assert sum((Counter(fixed) & Counter(text)).values()) >= 0.9 * len(text)


@pytest.mark.parametrize("text", TRADITIONAL)
@pytest.mark.parametrize("codec", ["gb18030", "latin-1"])
def test_big5_read_as_something_else_comes_back(text, codec):
    broken = text.encode("big5hkscs").decode(codec, "replace")
    assert likeness(undo(broken)[0], text) > 0.9


@pytest.mark.parametrize("text", [*NEWS, *TRADITIONAL, "新闻", "要闻版"])
def test_utf8_read_as_latin1_comes_back_whole(text):
    """ftfy alone would leave the short ones."""
    assert undo(text.encode().decode("latin-1")) == (text, "utf8_read_as_latin1")


def test_utf8_of_other_languages_is_left_to_ftfy():
    broken = "Café Müller".encode().decode("latin-1")
    assert undo(broken) == (broken, None)
    assert fix(broken) == "Café Müller"


@pytest.mark.parametrize("text", NEWS)
def test_repair_must_come_before_ftfy(text):
    broken = text.encode("gb18030").decode("latin-1")
    assert repair(broken, {}) == text
    assert undo(fix(broken))[0] != text


@pytest.mark.parametrize(
    "text",
    [
        *NEWS,
        *TRADITIONAL,
        "",
        "龑龘赟翀喆堃奭姝婧",
        "饕餮、魑魅魍魉",
        "鐨勬槸（乱码示例）",
        "浏览量：娈化",
        "演员鞠婧祎、龚琳娜、窦骁",
        "Café Müller, São Paulo",
        "新潟のニュースです。東京から",
        "漢字かな混じり文を読む",
        "25℃ ±3° №5 §2",
        "αβγ 与 ΔΕΖ",
        "\ue600 首页 \ue601 新闻",
    ],
)
def test_text_that_is_right_is_left_alone(text):
    assert undo(text) == (text, None)


@pytest.mark.parametrize("unit", ["锛", "\ufffd", "é", "ÖÐ", "鐨勬", "\ue000", "ア", "銆\ufffd"])
def test_a_long_line_takes_linear_time(unit):
    line = unit * (200_000 // len(unit))
    start = time.process_time()
    undo(line)
    assert time.process_time() - start < 4


def test_every_round_trip_has_a_name_of_its_own():
    names = [name for name, *_ in ROUND_TRIPS]
    assert len(set(names)) == len(names)
