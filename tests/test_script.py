"""Script conversion gives what OpenCC gives, fast, and reads no dictionary for simplified text."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import HARBOUR
from opencc import OpenCC

import pipeline
from pipeline.opencc_fast import converter
from pipeline.script import may_be_traditional, script_of, to_script
from pipeline.script_chars import EITHER, SIMPLIFIED, TELLING, TRADITIONAL

PACKAGE = {config: OpenCC(config) for config in ("t2s", "s2t")}


def entries(config):
    """Every (key, candidates) of a configuration's dictionaries."""
    return [
        (key, value.split(" "))
        for group in PACKAGE[config]._dict_chain_data
        for _, _, found in group
        for key, value in found.items()
    ]


ALPHABETS = {
    config: sorted({ch for key, _ in entries(config) if len(key) > 1 for ch in key})[:] for config in ("t2s", "s2t")
}


def test_simplified_becomes_traditional_and_back():
    assert to_script("北京市发展改革委员会召开会议", "traditional") == "北京市發展改革委員會召開會議"
    assert to_script("北京市發展改革委員會召開會議", "simplified") == "北京市发展改革委员会召开会议"


@pytest.mark.parametrize("text", ["核心利益", "显著提高", "智慧农业", "文件", "什么", "头发", "皇后", "覆盖", "慰藉"])
def test_simplified_text_stays_as_it_is(text):
    assert to_script(text, "simplified") == text


def test_keep_keeps():
    assert to_script("國务院", "keep") == "國务院"


def test_an_unknown_script_is_refused():
    with pytest.raises(ValueError, match="klingon"):
        to_script("国", "klingon")


def test_characters_that_tell_are_all_that_the_dictionaries_change():
    """Every key that t2s changes holds a trigger, so a text without one passes as it is."""
    telling = TELLING.split()
    for key, values in entries("t2s"):
        if values[0] != key:
            assert any(ch in TRADITIONAL or ch > "\uffff" for ch in key) or any(word in key for word in telling), key
    changed = {key for key, values in entries("t2s") if len(key) == 1 and values[0] != key and key <= "\uffff"}
    assert changed <= set(TRADITIONAL)
    assert set(TRADITIONAL) - changed == set("瞭沈牴衹") - changed


def test_tables_of_one_script_only_are_those_of_the_dictionaries():
    traditional = {key for key, values in entries("t2s") if len(key) == 1 and key not in values}
    simplified = {key for key, values in entries("s2t") if len(key) == 1 and key not in values}
    assert set(SIMPLIFIED) == {ch for ch in simplified - traditional if ch <= "\uffff"}
    assert set(TRADITIONAL) - set(EITHER) == {ch for ch in traditional - simplified if ch <= "\uffff"}


def random_texts(config, count, seed):
    """Strings that hold many keys, parts of keys and separators."""
    rng = random.Random(seed)
    keys = sorted(key for key, _ in entries(config))
    for _ in range(count):
        parts = []
        for _ in range(rng.randint(1, 8)):
            kind = rng.random()
            if kind < 0.5:
                parts.append(rng.choice(keys))
            elif kind < 0.7:
                key = rng.choice(keys)
                parts.append(key[: rng.randint(1, len(key))])
            elif kind < 0.9:
                parts.append(rng.choice(ALPHABETS[config]))
            else:
                parts.append(rng.choice(["，", "。", " ", "\n", "A", "-", "１", "“", "\U00020000"]))
        yield "".join(parts)


@pytest.mark.parametrize("config", ["t2s", "s2t"])
def test_random_texts_convert_as_the_package_does(config):
    fast, package = converter(config).convert, PACKAGE[config].convert
    for text in random_texts(config, 1500, 7):
        assert fast(text) == package(text)


@pytest.mark.long
@pytest.mark.parametrize("config", ["t2s", "s2t"])
def test_many_random_texts_convert_as_the_package_does(config):
    fast, package = converter(config).convert, PACKAGE[config].convert
    for text in random_texts(config, 150_000, 8):
        assert fast(text) == package(text)


@settings(deadline=None)
@given(st.text(alphabet="覆藉回口盖慰反於乾了解瞭國国 ，"))
def test_the_check_for_traditional_text_is_certain(text):
    expected = PACKAGE["t2s"].convert(text)
    assert to_script(text, "simplified") == expected
    if not may_be_traditional(text):
        assert text == expected


def test_simplified_text_reads_no_dictionary():
    code = (
        "import sys; from pipeline.script import to_script; to_script('新华社北京电，覆盖全国', 'simplified');"
        "sys.exit('opencc' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("新华社记者从国务院获悉", "Hans"),
        ("中央社記者從國務院獲悉", "Hant"),
        ("人民大会堂；人民大會堂", "mixed"),
        ("人口、土地、水", "none"),
        ("plain ASCII", "none"),
        ("", "none"),
        ("这里说的是头发和皇后，还有云和面，" * 3 + "署名張", "Hans"),
    ],
)
def test_script_is_told_by_characters_of_one_script_only(text, script):
    assert script_of(text) == script


def cleaned(*paragraphs):
    """The text of the article of a page, which is said to begin with a dateline."""
    (article,) = pipeline.clean("\n\n".join([HARBOUR.title, HARBOUR.paragraphs[0], *paragraphs]) + "\n")
    return article.text.split("\n")[1:], article.script


@pytest.mark.parametrize(
    "text",
    [
        "沈默在瞭望台上等了一夜，渔船还没有回来，码头上的人也没有散去。",
        "瞭望员把灯擦了一遍，又把二十六条渔船的名字念了一遍。",
        "老站长藉着灯光读完了信，又抬头瞭望远处的渔火。",
    ],
)
def test_an_article_that_is_simplified_stays_as_it_is(text):
    """Characters that stand in both scripts are converted in traditional texts only: they make names and words."""
    assert cleaned(text) == ([text], "Hans")


def test_an_article_that_is_traditional_is_converted():
    text = "老站長在瞭望臺上等了一夜，漁船還沒有回來，碼頭上的人也沒有散去。"
    (article,) = pipeline.clean(
        to_script("\n\n".join([HARBOUR.title, *HARBOUR.paragraphs]), "traditional") + f"\n\n{text}\n"
    )
    assert article.text.split("\n") == [*HARBOUR.paragraphs, PACKAGE["t2s"].convert(text)]
    assert (article.title, article.script) == (HARBOUR.title, "Hant")


def test_an_article_with_both_is_converted():
    """A quotation in traditional characters comes out simplified, and what is simplified stays."""
    own, quoted = HARBOUR.paragraphs[1], "“漁船還沒有回來，碼頭上的人也沒有散去。”"
    assert cleaned(own, quoted)[0] == [own, PACKAGE["t2s"].convert(quoted)]


def test_traditional_articles_beside_a_simplified_one():
    """Each article of a page is asked for itself."""
    simplified = "沈默在瞭望台上等了一夜，渔船还没有回来，码头上的人也没有散去。"
    other = "本報訊（記者高雲）從本週起，縣人民醫院開設夜間兒科門診，每晚六點到十點都有兩名醫生值班。"
    text = "\n\n".join([HARBOUR.title, HARBOUR.paragraphs[0], simplified, "縣醫院開設夜間兒科門診", other]) + "\n"
    first, second = pipeline.clean(text)
    assert first.text.split("\n")[1] == simplified
    assert (second.title, second.text) == ("县医院开设夜间儿科门诊", PACKAGE["t2s"].convert(other))
