"""What a document says of itself is kept before the line that says it is dropped."""

import pytest
from test_chrome import CASES, PARAGRAPH, marked, stripped

from pipeline.metadata import iso_date


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
        ("中國時報\n中華民國一○九年四月四日 星期六\nA3 社會", "中國時報", "2020-04-04", "A3"),
        ("海灣日報\n民國109年4月4日\n3", "海灣日報", "2020-04-04", "3"),
        ("海湾周报\nSATURDAY, APRIL 4, 2020\n要闻 3", "海湾周报", "2020-04-04", "3"),
        ("海湾周报\n4 April 2020\n要闻 3", "海湾周报", "2020-04-04", "3"),
        ("2020年4月4日 星期六\n渔乡信报\n3", "渔乡信报", "2020-04-04", "3"),
    ],
)
def test_masthead_meta(head, publication, date, page):
    made = stripped(f"{head}\n\n渔村的早晨\n\n{PARAGRAPH}\n{PARAGRAPH}")
    assert made.kind == "page"
    assert (made.meta.publication, made.meta.date, made.meta.page) == (publication, date, page)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("中华民国一百零九年十二月三十一日", "2020-12-31"),
        ("民国九十九年一月一日", "2010-01-01"),
        ("民國一○○年一月一日", "2011-01-01"),
        ("民国一百年一月一日", "2011-01-01"),
        ("Mon. Jan 6, 2031", "2031-01-06"),
        ("6 January 2031", "2031-01-06"),
        ("January 2031", None),
        ("January 40, 2031", None),
        ("民国一百二十年十三月一日", None),
    ],
)
def test_dates_of_other_forms(text, date):
    assert iso_date(text) == date


def test_body_dates_are_not_the_pages():
    made = stripped(f"渔村的早晨\n\n{PARAGRAPH}2019年3月2日，渔船第一次装上了导航。\n{PARAGRAPH}")
    assert made.meta.date is None
