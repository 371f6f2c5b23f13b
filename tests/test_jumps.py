"""Jump lines are found in all their wordings, and in nothing else."""

from __future__ import annotations

import pytest

from pipeline.jumps import find_jump, page_number

# label, text of the whole line, direction, page
ALONE = [
    ("to, round brackets", "（下转第3版）", "to", "3"),
    ("without 版, in brackets", "（下转A2）", "to", "A2"),
    ("not finished", "（未完，下转第5版）", "to", "5"),
    ("from, round brackets", "（上接第1版）", "from", "1"),
    ("half-width brackets", "(上接第一版)", "from", "1"),
    ("without brackets, Chinese numeral", "上接第二版", "from", "2"),
    ("right from", "紧接第一版", "from", "1"),
    ("right from, brackets", "（紧接第1版）", "from", "1"),
    ("section letter", "下转A4版", "to", "A4"),
    ("section letter, spaces", "（上接 A1 版）", "from", "A1"),
    ("section letter, lower case", "（下转b03版）", "to", "B3"),
    ("turn alone", "转第4版", "to", "4"),
    ("turn alone, brackets", "（转第4版）", "to", "4"),
    ("join alone", "接1版", "from", "1"),
    ("join alone, brackets", "（接第1版）", "from", "1"),
    ("turn to", "（转至第8版）", "to", "8"),
    ("without 第", "（下转5版）", "to", "5"),
    ("leading zero", "（下转第05版）", "to", "5"),
    ("two digits", "（下转第12版）", "to", "12"),
    ("twelve in characters", "（下转第十二版）", "to", "12"),
    ("twenty in characters", "（上接第二十版）", "from", "20"),
    ("ten in characters", "（下转第十版）", "to", "10"),
    ("square brackets", "[下转第3版]", "to", "3"),
    ("lenticular brackets", "【上接第2版】", "from", "2"),
    ("tortoise-shell brackets", "〔下转第6版〕", "to", "6"),
    ("triangle before", "▲下转第3版", "to", "3"),
    ("triangles around", "▶▶下转第7版◀◀", "to", "7"),
    ("arrow behind", "下转第3版→", "to", "3"),
    ("bullet before brackets", "●（上接第1版）", "from", "1"),
    ("page in another word", "（下转第3页）", "to", "3"),
    ("traditional, to", "（下轉第3版）", "to", "3"),
    ("traditional, from", "（上接第一版）", "from", "1"),
    ("traditional, right from", "緊接第一版", "from", "1"),
    ("traditional, turn to", "（轉至第8版）", "to", "8"),
    ("traditional, page", "（上接第2頁）", "from", "2"),
    ("OCR: brackets differ", "[上接第一版）", "from", "1"),
    ("OCR: 笫 for 第", "上接笫1版)", "from", "1"),
    ("OCR: 笫 in brackets", "（下转笫4版）", "to", "4"),
    ("OCR: 弟 for 第", "（下转弟4版）", "to", "4"),
    ("OCR: opening bracket lost", "上接第1版）", "from", "1"),
    ("OCR: closing bracket lost", "（下转第3版", "to", "3"),
    ("OCR: space inside", "（下转 第3版）", "to", "3"),
    ("OCR: space before 版", "（下转第3 版）", "to", "3"),
    ("OCR: 饭 for 版", "（下转第4饭）", "to", "4"),
    ("OCR: 板 for 版", "(上接第1板)", "from", "1"),
]

# found in other wordings that real pages have, with what is missed today
ALONE += [
    ("words behind", "（下转第2版·要闻）", "to", "2"),
    ("headline behind", "（上接1版《渔港开航》）", "from", "1"),
    ("twenty-three in characters", "（下转第二十三版）", "to", "23"),
    ("angle brackets", "<下转第4版>", "to", "4"),
    ("full-width digit", "（下转第３版）", "to", "3"),
    ("full-width digit, bare", "上接第１版", "from", "1"),
    ("full-width section letter", "（下转Ａ４版）", "to", "A4"),
    ("a section beyond D", "（下转第E2版）", "to", "E2"),
    ("two pages", "（下转第2、3版）", "to", "2"),
    ("a stop inside", "（下转第4版。）", "to", "4"),
    ("join to, for turn to", "（下接第3版）", "to", "3"),
    ("front page", "（上接头版）", "from", "1"),
    ("front page, traditional", "（上接頭版）", "from", "1"),
    ("OCR: a letter for one", "（上接第l版）", "from", "1"),
    ("pages of a span", "（下转第2-3版）", "to", "2"),
]
MISSED = {
    "foot, ornament behind": "ornaments are known around a whole line only",
}


def cases(named):
    """Cases by name; those that are missed today with the reason."""
    return [
        pytest.param(
            *rest, id=name, marks=[pytest.mark.xfail(strict=False, reason=MISSED[name])] if name in MISSED else []
        )
        for name, *rest in named
    ]


@pytest.mark.parametrize(
    ("text", "towards", "page"),
    cases(ALONE),
)
def test_a_line_of_its_own(text, towards, page):
    jump = find_jump(text)
    assert jump is not None
    assert (jump.towards, jump.page) == (towards, page)
    assert text[: jump.start].strip() == text[jump.end :].strip() == ""


# label, line, the mark in it, direction, page
INLINE = [
    ("foot", "船工们说起这条河都有许多感言（下转第5版）", "（下转第5版）", "to", "5"),
    ("foot, amid a word", "今年以来，全县的茶农陆续搬进了新（下转第三版）", "（下转第三版）", "to", "3"),
    ("foot, half-width", "今年以来，全县的茶农陆续搬进了新(下转第3版)", "(下转第3版)", "to", "3"),
    ("foot, section letter", "老站长把信号灯擦了一遍又一遍。（下转A4版）", "（下转A4版）", "to", "A4"),
    ("foot, OCR", "老站长把信号灯擦了一遍又一遍。（下转笫4版）", "（下转笫4版）", "to", "4"),
    ("foot, square brackets", "老站长把信号灯擦了一遍又一遍。[下转第4版]", "[下转第4版]", "to", "4"),
    ("head", "（上接第一版）周庆云强调，堤坝要赶在汛期之前合龙。", "（上接第一版）", "from", "1"),
    ("head, half-width", "(上接第1版)周庆云强调，堤坝要赶在汛期之前合龙。", "(上接第1版)", "from", "1"),
    ("head, spaces inside", "（上接 A1 版）周庆云强调，堤坝要赶在汛期之前合龙。", "（上接 A1 版）", "from", "A1"),
    ("head, brackets differ", "[上接第一版）周庆云强调，堤坝要赶在汛期之前合龙。", "[上接第一版）", "from", "1"),
    ("head, right from", "（紧接第一版）周庆云强调，堤坝要赶在汛期之前合龙。", "（紧接第一版）", "from", "1"),
    ("head, traditional", "（上接第1版）周慶雲強調，堤壩要趕在汛期之前合龍。", "（上接第1版）", "from", "1"),
    ("foot, ornament behind", "歌声在港池上空久久不散。（下转第4版）▼", "（下转第4版）▼", "to", "4"),
    ("foot, traditional", "老站長把信號燈擦了一遍又一遍。（下轉第4版）", "（下轉第4版）", "to", "4"),
]


@pytest.mark.parametrize(("text", "mark", "towards", "page"), cases(INLINE))
def test_inside_a_line_at_its_head_or_foot(text, mark, towards, page):
    """The mark alone is cut; what stands beside it is text."""
    jump = find_jump(text)
    assert jump is not None
    assert (jump.towards, jump.page) == (towards, page)
    assert text[jump.start : jump.end].strip() == mark


FRIENDS = [
    ("a reader turns pages", "他转到第3版继续读，没有读完"),
    ("a book's edition", "这本词典的第3版下月开印，编辑部接到了许多来信。"),
    ("a reprint in brackets amid a sentence", "他把（第3版）放在桌上，又拿起了第4版"),
    ("a reference", "（见第3版）"),
    ("a reference with words", "（相关报道见第3版）"),
    ("call to a page amid a line", "读者打来电话说第3版的地图印错了"),
    ("a headline that ends in edition", "老词典今起推出第三版"),
    ("page of a calendar", "他翻到日历的第三页，圈出了节气"),
    ("receive", "消防站接3版求助信号后出动"),
    ("turn without a number", "（下转下一版）"),
    ("another unit", "（下转第3站）"),
    ("year", "（上接2031年版）"),
    ("masthead", "第3版 要闻"),
    ("masthead with a section", "A3版 · 城事"),
    ("contents of the day", "今日八版"),
    ("amid a sentence", "记者（上接第1版）在码头看到，渔船已经回港。"),
    ("front page amid a sentence", "他把上次没有读完的头版又读了一遍。"),
    ("a headline of the front page", "老照片登上头版"),
    ("no text at all", ""),
]


@pytest.mark.parametrize("text", [c[1] for c in FRIENDS], ids=[c[0] for c in FRIENDS])
def test_false_friends(text):
    assert find_jump(text) is None


PAGES = [
    ("03", "3"),
    ("十二", "12"),
    ("a 04", "A4"),
    ("A4", "A4"),
    ("二十", "20"),
    ("一", "1"),
    ("十", "10"),
    ("16", "16"),
]


@pytest.mark.parametrize(("text", "expected"), PAGES)
def test_pages_have_one_form(text, expected):
    assert page_number(text) == expected


def test_nothing_takes_long():
    """What looks like the beginning of a jump line all along the line must not cost more than its length."""
    for unit in ("（下转第", "▲ ", "接", "（上接第1版", "("):
        assert find_jump(unit * 20000 + "版") is None
