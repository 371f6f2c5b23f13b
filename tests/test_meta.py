"""What a document says of itself is kept before the line that says it is dropped."""

import pytest
from test_chrome import CASES, PARAGRAPH, marked, stripped


@pytest.mark.parametrize(
    ("name", "meta"),
    [
        (
            "people",
            {"publication": "人民网", "date": "2023-04-18", "time": "08:18", "channel": "文化", "editor": "王某、丁某"},
        ),
        ("xinhua", {"publication": "新华网", "date": "2022-11-09", "time": "15:20:31", "source": "新华网"}),
        ("sina", {"publication": "新浪", "date": "2021-07-05", "channel": "综合体育", "editor": "霍某"}),
        ("sohu", {"publication": "搜狐", "date": "2020-10-12", "original_title": "老木匠的最后一件嫁妆箱"}),
        ("chinanews", {"publication": "中国新闻网", "date": "2022-03-11", "source": "中国新闻网"}),
        ("hk01", {"publication": "香港01", "date": "2022-08-30", "author": "陳曉彤"}),
        ("udn", {"publication": "聯合新聞網", "date": "2023-11-04"}),
        ("zaobao", {"date": "2023-08-06", "time": "05:00", "author": "黄秀敏"}),
        ("toutiao", {"date": "2021-05-06", "time": "11:22:33"}),
        ("wechat", {"date": "2023-09-10", "source": "乡土志", "author": "梁小满", "editor": "小满"}),
        ("epaper", {"publication": "某某日报", "date": "2019-11-26"}),
    ],
)
def test_web_meta(name, meta):
    made = stripped(marked(CASES / f"{name}.txt")[0]).meta
    assert {key: getattr(made, key) for key in meta} == meta


def test_no_date_from_other_articles():
    """The times of a list of other articles are theirs."""
    items = "\n".join(f"第{n}批候鸟已经飞抵湖区\n湖边人家\n2026-01-{n:02d} 21:14:11" for n in range(10, 20))
    made = stripped(
        f"网易首页 > 新闻中心 > 正文\n渔村的早晨\n0\n分享至\n{PARAGRAPH}\n相关推荐\n{items}\n专题推荐\n返回顶部"
    )
    assert made.kind == "web"
    assert made.meta.date is None
    assert made.meta.publication == "网易"


@pytest.mark.parametrize(
    ("head", "publication", "date", "page"),
    [
        ("大众日报\n2014年8月4日 星期一\n第3版 要闻", "大众日报", "2014-08-04", "3"),
        ("4 大众日报 2014年8月4日 星期一", "大众日报", "2014-08-04", "4"),
        ("二〇二五年十月二十日 星期一\n某某晚报\n06", "某某晚报", "2025-10-20", "6"),
        ("第十二版 副刊\n2020年1月2日", None, "2020-01-02", "12"),
        ("A05版：社会\n2019年3月2日 星期六", None, "2019-03-02", "A05"),
        ("新民晚报\n2014-08-04", "新民晚报", "2014-08-04", None),
    ],
)
def test_masthead_meta(head, publication, date, page):
    made = stripped(f"{head}\n\n渔村的早晨\n\n{PARAGRAPH}\n{PARAGRAPH}")
    assert made.kind == "page"
    assert (made.meta.publication, made.meta.date, made.meta.page) == (publication, date, page)


def test_body_dates_are_not_the_pages():
    made = stripped(f"渔村的早晨\n\n{PARAGRAPH}2019年3月2日，渔船第一次装上了导航。\n{PARAGRAPH}")
    assert made.meta.date is None
