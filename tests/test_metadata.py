"""What web pages say of themselves, in both scripts: read from the lines before they are dropped."""

import pytest
from test_chrome import PARAGRAPH, stripped

FOOT = "分享到：\n版权所有 不得转载"


def meta(above, below=""):
    """What is read of a page with these lines above and below its text."""
    return stripped(f"{above}\n{PARAGRAPH}\n{PARAGRAPH[6:]}\n{below}\n{FOOT}").meta


@pytest.mark.parametrize(
    ("crumb", "publication", "channel"),
    [
        ("某岛网首页 > 民生 > 正文", "某岛网", "民生"),
        ("您当前的位置 ：某岛在线>>新闻频道>>社会", "某岛在线", "新闻频道"),
        ("您的位置： 某岛网主页 - 本地新闻", "某岛网", "本地新闻"),
        ("首页 > 海洋 > 正文", None, "海洋"),
        ("首頁 / 社會", None, "社會"),
    ],
)
def test_breadcrumbs(crumb, publication, channel):
    """A breadcrumb names the site and the channel."""
    found = meta(f"{crumb}\n晒场上的笑声\n2024-10-01 08:00 来源：海湾晚报")
    assert (found.publication, found.channel) == (publication, channel)


@pytest.mark.parametrize(
    ("stamp", "date", "time", "source", "author"),
    [
        ("2024-10-01 08:00 来源：海湾晚报", "2024-10-01", "08:00", "海湾晚报", None),
        ("2024年10月1日08:00:05　来源：海湾晚报　参与互动(3)", "2024-10-01", "08:00:05", "海湾晚报", None),
        ("来源：海湾晚报 作者：田小满 2024/10/01 08:00", "2024-10-01", "08:00", "海湾晚报", "田小满"),
        ("2024-10-01 08:00 海灣日報／ 記者田小滿／某市即時報導", "2024-10-01", "08:00", "海灣日報", "田小滿"),
        ("發布時間：2024/10/01 08:00\n撰文：田小滿", "2024-10-01", "08:00", None, "田小滿"),
        ("作者：田小满    发布时间：2024-10-01 08:00:00 打印", "2024-10-01", "08:00:00", None, "田小满"),
        ("2024年10月01日 08:00 来源于 海湾晚报", "2024-10-01", "08:00", "海湾晚报", None),
        ("社会新闻[微博]海湾晚报[微博]2024-10-01 08:00", "2024-10-01", "08:00", None, None),
    ],
)
def test_stamps(stamp, date, time, source, author):
    """A stamp says when, from where and by whom, in any order."""
    found = meta(f"某岛网首页 > 民生 > 正文\n晒场上的笑声\n{stamp}")
    assert (found.date, found.time, found.source, found.author) == (date, time, source, author)


@pytest.mark.parametrize(
    ("line", "editor"),
    [
        ("责任编辑：林某", "林某"),
        ("(责编：林某、方某)", "林某、方某"),
        ("責任編輯：林某", "林某"),
        ("责任编辑：林某 SF012", "林某"),
        ("编辑：林某 责任编辑：", "林某"),
        ("【责任编辑:林某】", "林某"),
    ],
)
def test_editors(line, editor):
    """The editor is named right below the text."""
    assert meta("某岛网首页 > 民生 > 正文\n晒场上的笑声\n2024-10-01 08:00", line).editor == editor


def test_original_title():
    """A title that was changed is kept."""
    found = meta("某岛网首页 > 民生 > 正文\n晒场上的笑声\n2024-10-01 08:00\n（原标题：金黄的晒场）")
    assert found.original_title == "金黄的晒场"
