"""Half-width punctuation in Chinese text becomes full-width; what belongs to numbers, names and addresses stays."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.punctuation import FULL, full_width

# label, original, expected
CHANGED = [
    ("comma", "明年春天,列车将开往南方", "明年春天，列车将开往南方"),
    ("comma and space", "明年春天, 列车将开往南方", "明年春天， 列车将开往南方"),
    ("colon before speech", "老李说:“再等等”", "老李说：“再等等”"),
    ("colon before straight quotes", '老李说:"再等等"', '老李说："再等等"'),
    ("colon at the end of a line", "编者按:", "编者按："),
    ("colon before a number", "比分:3比1", "比分：3比1"),
    ("first colon of two", "发布时间:12:30", "发布时间：12:30"),
    ("semicolon", "一是修路;二是架桥", "一是修路；二是架桥"),
    ("exclamation", "加油!", "加油！"),
    ("several", "真的吗?!我们不信", "真的吗？！我们不信"),
    ("before a closing quote", "他问“来吗?”", "他问“来吗？”"),
    ("after a closing mark", "《渔歌》,作于前年", "《渔歌》，作于前年"),
    ("after a percentage", "增长30%,高于去年", "增长30%，高于去年"),
    ("after Latin", "加入WTO,中国", "加入WTO，中国"),
    ("stop at the end", "会议昨天结束.", "会议昨天结束。"),
    ("brackets around Chinese", "市气象局(市防汛办)通报", "市气象局（市防汛办）通报"),
    ("brackets around Latin", "世卫组织(WHO)通报", "世卫组织（WHO）通报"),
    ("brackets at the start", "(记者 王小明)昨天", "（记者 王小明）昨天"),
    ("brackets at the end", "他走了。(完)", "他走了。（完）"),
    ("nested brackets", "公司(下称(甲方))同意", "公司（下称（甲方））同意"),
    ("a pair of two kinds", "公司（下称甲方)同意", "公司（下称甲方）同意"),
    ("list number", "(1)修路", "（1）修路"),
    ("after an address", "详见http://a.example.cn/x,谢谢", "详见http://a.example.cn/x，谢谢"),
    ("brackets after an address", "详见www.example.cn(官网)。", "详见www.example.cn（官网）。"),
    ("traditional", "總統府發言人:明天,會議", "總統府發言人：明天，會議"),
]

KEPT = [
    ("thousands", "投资1,234万元"),
    ("decimal", "增长10.2个百分点"),
    ("time", "上午9:30开会"),
    ("score", "北京队105:91获胜"),
    ("ratio in brackets of digits", "第12(3)号"),
    ("Latin sentence", "歌名是Oh, My Love. Yes!"),
    ("Latin name with exclamation mark", "Yahoo!中国"),
    ("address", "见https://a.example.cn/查?a=1,2:3"),
    ("e-mail", "信箱news.desk@example.cn"),
    ("file name", "附件报告.docx"),
    ("file name with brackets", "附件总结(修改稿).docx"),
    ("phone number", "热线(010)65000000"),
    ("one bracket", "1)修路"),
    ("smiley", "我们很好:)"),
    ("function", "函数f(x)递增"),
    ("dots", "他想了想..."),
    ("list number with a dot", "1.修路"),
    ("dot between names", "玛丽.居里"),
    ("entity", "&nbsp;修路"),
    ("ASCII only", "Hello, world (again)!"),
    ("full already", "他说：“好，（真的）！”"),
    ("empty", ""),
]

KNOWN_FAILURES = [
    ("a comma between two decimal numbers of a list", "得分8,9,10环", "得分8，9，10环"),
    ("drive letter", "存在D:文件夹", "存在D:文件夹"),
    ("stop before the next sentence", "会议结束. 大家回家", "会议结束。 大家回家"),
]


@pytest.mark.parametrize(("original", "expected"), [c[1:] for c in CHANGED], ids=[c[0] for c in CHANGED])
def test_changes_what_stands_in_chinese(original, expected):
    assert full_width(original) == expected


@pytest.mark.parametrize("original", [c[1] for c in KEPT], ids=[c[0] for c in KEPT])
def test_keeps_what_is_right(original):
    assert full_width(original) == original


@pytest.mark.xfail(strict=True, reason="known failure")
@pytest.mark.parametrize(("original", "expected"), [c[1:] for c in KNOWN_FAILURES], ids=[c[0] for c in KNOWN_FAILURES])
def test_known_failures(original, expected):
    assert full_width(original) == expected


@given(st.text(alphabet="中说“”（）《》,:;!?.()%1aA @/\n。http", max_size=40))
def test_only_punctuation_changes_and_the_length_holds(text):
    fixed = full_width(text)
    allowed = {**FULL, "(": "（", ")": "）"}
    assert len(fixed) == len(text)
    assert all(a == b or allowed.get(a) == b for a, b in zip(text, fixed, strict=True))


@pytest.mark.parametrize("unit", ["(", "((中", "中,", "a@", "www.", "http://", "中:a", "()", "中!", "！,"])
def test_a_long_line_takes_linear_time(unit):
    text = "中" + unit * (100_000 // len(unit))
    start = time.process_time()
    full_width(text)
    assert time.process_time() - start < 2
