"""Records of labelled fields: each is an article with what its fields say, and a page that only holds such words is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import FISHING, FOOTBALL, HARBOUR, HOSPITAL, LESSONS, article, page

import pipeline
from pipeline.chain import Settings, emit_alone
from pipeline.exports import find_records
from pipeline.fields import field_of, kinds
from pipeline.rules import load_rules
from pipeline.stages.decode import decode, read_text

RULES = load_rules()
STORIES = (HARBOUR, HOSPITAL, FOOTBALL)
INDENT = "\N{IDEOGRAPHIC SPACE}" * 2


def found(text, name="a.txt"):
    """Headline and paragraphs of each article; every character has one place, or this raises."""
    emitted = emit_alone(decode(text.encode(), name), Settings())
    return [(a.title, [p.text for p in a.paragraphs]) for a in emitted.articles]


def told(*stories):
    return [(s.title, list(s.paragraphs)) for s in stories]


def record(story, form="{}：{}", names=("标题", "作者", "来源", "日期", "版面", "正文"), number=1):
    """One record with its fields in the usual order."""
    values = (story.title, "林小满", "海湾日报", f"2031-03-{number:02}", f"第{number}版", "")
    fields = [form.format(name, value) for name, value in zip(names, values, strict=True) if name]
    return "\n".join([*fields, *story.paragraphs])


def export(form="{}：{}", between="\n\n", **names):
    return between.join(record(s, form, number=n, **names) for n, s in enumerate(STORIES, 1)) + "\n"


@pytest.mark.parametrize("kind", {k.name: k for k in kinds().values()}.values(), ids=lambda k: k.name)
def test_labels(kind):
    """Each kind of label is found at the head of a line, however it is set, and nowhere else."""
    for text in kind.takes:
        field = field_of(text, RULES.simple)
        assert field is not None, text
        assert field.kind.name == kind.name, text
    for text in kind.leaves:
        assert field_of(text, RULES.simple) is None, text


FORMS = {
    "wide colon": "{}：{}",
    "colon": "{}: {}",
    "blank before": "{} ：{}",
    "brackets": "【{}】{}",
    "brackets and colon": "[{}]：{}",
    "tags": "<{}>={}",
    "starred": "**{}**：{}",
    "dotted": "· {}：{}",
    "value below": "{}：\n{}",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
@pytest.mark.parametrize("between", ["\n", "\n\n", "\n----------\n", "\n=====\n记录 7/9\n", "\n<REC>\n"])
def test_each_record_is_an_article(form, between):
    assert found(export(form, between)) == told(*STORIES)


@pytest.mark.parametrize(
    "names",
    [
        ("標題", "作者", "來源", "日期", "版面", "內文"),
        ("题　名", "作　者", "出　处", "日　期", "版　次", "全　文"),
        ("Title", "Author", "Source", "Date", "Page", "Content"),
        ("Title-题名", "Author-作者", "Source-文献来源", "PubTime-发表时间", "Page-页码", "正文"),
        ("标题", "作者", "来源", "发布时间", "版面", ""),
    ],
    ids=["traditional", "spaced", "English", "both", "no label over the text"],
)
def test_other_labels(names):
    assert found(export(names=names)) == told(*STORIES)


def test_labels_alone_on_their_lines():
    text = "\n".join(f"标题\n{s.title}\n来源\n海湾日报\n正文\n" + "\n".join(s.paragraphs) for s in STORIES)
    assert found(text) == told(*STORIES)


@pytest.mark.parametrize("text", ["正文：{}", "正文：" + INDENT + "{}", "【正文】{}"])
def test_a_text_beside_its_label(text):
    records = (f"标题：{s.title}\n日期：2031-03-02\n" + text.format("\n".join(s.paragraphs)) for s in STORIES)
    assert found("\n\n".join(records)) == told(*STORIES)


@pytest.mark.parametrize("inner", ["{}", "{}</p>"], ids=["fields", "paragraphs"])
def test_fields_that_tags_close(inner):
    """What closes a field or a paragraph is no part of it; a tag's name amid a sentence is."""
    form = "<doc>\n<url>http://www.example.org/{}</url>\n<title>{}</title>\n<content>{}</content>\n</doc>\n"
    text = "".join(form.format(n, s.title, "\n".join(map(inner.format, s.paragraphs))) for n, s in enumerate(STORIES))
    assert found(text) == told(*STORIES)


def test_fields_on_one_line():
    line = "标题：{}\n作者：林小满" + INDENT + "来源：海湾日报 | 日期：2031-03-02\n正文：\n{}\n"
    articles = pipeline.clean("\n".join(line.format(s.title, "\n".join(s.paragraphs)) for s in STORIES), "a.txt")
    assert [(a.title, a.byline, a.publication, a.date) for a in articles] == [
        (s.title, "林小满", "海湾日报", "2031-03-02") for s in STORIES
    ]


def test_fields_below_a_text():
    """What stands below a text names it too; a sentence below it is the text's, label or not."""
    record = "标题：{}\n日期：2031-03-02\n正文：\n{}\n记者：谢谢您。\n关键词：渔港；书店\n链接：http://www.example.org/{}.html\n"
    text = "\n".join(record.format(s.title, "\n".join(s.paragraphs), n) for n, s in enumerate(STORIES))
    assert found(text) == [(title, [*paragraphs, "记者：谢谢您。"]) for title, paragraphs in told(*STORIES)]


def test_fields_above_a_headline():
    """A record begins at the first of its fields, where those stand above its headline."""
    record = "序号：{}\n链接：http://www.example.org/{}.html\n标题：{}\n正文：\n{}"
    text = "\n".join(record.format(n, n, s.title, "\n".join(s.paragraphs)) for n, s in enumerate(STORIES))
    assert found(text) == told(*STORIES)


def test_what_the_fields_say():
    articles = pipeline.clean(export(), "a.txt")
    assert [(a.byline, a.authors, a.publication, a.date, a.page) for a in articles] == [
        ("林小满", ["林小满"], "海湾日报", f"2031-03-0{n}", str(n)) for n in (1, 2, 3)
    ]


@pytest.mark.parametrize("name", ["人民网", "佚名", "-"])
def test_an_author_who_is_no_one(name):
    """A site's name in the author's field, or a word for no one, is no byline."""
    assert {a.byline for a in pipeline.clean(export().replace("林小满", name), "a.txt")} == {None}


def test_what_stands_around_records_is_dropped():
    head = "某某全文库  检索结果\n检索式：全文=渔港\n命中：3\n=====\n"
    foot = "\n=====\n— 导出完毕 —\n版权声明：仅供研究使用。\n"
    assert found(head + export(between="\n=====\n") + foot) == told(*STORIES)


def test_a_record_alone():
    """One record tells an export by its headline and its text; with nothing above, fields alone do."""
    assert found(record(HARBOUR)) == told(HARBOUR)
    assert found("某某全文库\n\n" + record(HARBOUR)) == told(HARBOUR)
    assert found(record(HARBOUR, names=("标题", "作者", "来源", "日期", "版面", ""))) == told(HARBOUR)


def test_a_headline_printed_twice():
    text = export().replace("正文：\n", "正文：\n{}\n")
    assert found(text.format(*(s.title for s in STORIES))) == told(*STORIES)


@pytest.mark.parametrize(
    "fields", ["正文：正文：\n", "作者：  来源：海湾日报\n正文：\n"], ids=["a label twice", "a label without value"]
)
def test_labels_without_a_value(fields):
    texts = [f"标题：{s.title}\n日期：2031-03-04\n{fields}" + "\n".join(s.paragraphs) for s in STORIES]
    assert found("\n\n".join(texts) + "\n") == told(*STORIES)


def test_a_record_above_the_sites_own_lines():
    """A record that was saved without its text is no article, and its fields are dropped like all else."""
    cut = "标题：石桥夜市今晚开张\n作者：林小满\n日期：2031-03-04\n\n友情链接： 海湾新闻网 | 山城在线 | 石桥日报\n关于我们 | 广告服务 | 联系我们"
    assert found(f"{export()}\n\n{cut}\n") == told(*STORIES)


def test_records_without_a_text():
    """A list of headlines with their links holds no article."""
    text = "\n".join(f"标题：{s.title}\n链接：http://www.example.org/{n}.html" for n, s in enumerate(STORIES))
    assert found(text) == []


def test_summaries():
    """Where a feed gives out no more than a summary, that is the text; one that the text holds again is not printed twice."""
    feed = "\n".join(f"标题：{s.title}\n发布时间：2031-03-02\n摘要：{s.paragraphs[0]}" for s in STORIES)
    assert found(feed) == [(s.title, [s.paragraphs[0]]) for s in STORIES]
    both = "\n".join(f"标题：{s.title}\n摘要：{s.paragraphs[0]}\n正文：\n" + "\n".join(s.paragraphs) for s in STORIES)
    assert found(both) == told(*STORIES)
    own = both.replace(f"摘要：{HARBOUR.paragraphs[0]}", "摘要：一座小城怎样过秋天，四位居民各有各的说法和打算。")
    assert "一座小城怎样过秋天，四位居民各有各的说法和打算。" in found(own)[0][1]


MAIL = """From: wen@example.org
Date: Sun, 2 Mar 2031 08:00:00 +0800
Subject: [news] {subject}
Message-ID: <{n}@example.org>

{text}
"""


def test_mail():
    """A subject is the headline, or the shorter form of the one that stands over the text."""
    plain = "\n".join(MAIL.format(subject=s.title, n=n, text="\n\n".join(s.paragraphs)) for n, s in enumerate(STORIES))
    assert found(plain) == told(*STORIES)
    chinese = "\n".join(f"主题: {s.title}\n发件人: a@example.org\n\n" + "\n".join(s.paragraphs) for s in STORIES)
    assert found(chinese) == told(*STORIES)
    titled = (
        MAIL.format(subject=s.title[:-3], n=n, text="\n\n".join([s.title, *s.paragraphs]))
        for n, s in enumerate(STORIES)
    )
    assert found("------\n".join(titled)) == told(*STORIES)
    assert {a.date for a in pipeline.clean(plain, "a.txt")} == {"2031-03-02"}


NO_EXPORTS = {
    "newspaper": page(3),
    "article": article(2),
    "interview": "渔港里的一天\n问：您几点出海？\n答：四点。\n标题：这是谁起的？\n答：是我女儿。\n"
    + "\n".join(FISHING),
    "record of a government": "首页 | 政务\n信息公开\n标题：关于渔港检修的通知\n发文机关：市渔港处\n日期：2031-03-02\n"
    + "\n".join(FISHING)
    + "\n打印 关闭\n",
    "word in a sentence": "\n".join([*FISHING, "标题：渔港", *LESSONS, "标题：学校", *FISHING[::-1]]),
    "form for comments": "渔港迎来新船\n2031-03-02 08:00 来源：海湾日报\n"
    + "\n".join(FISHING)
    + "\n标题：\n内容：\n提交\n",
}


@pytest.mark.parametrize("name", NO_EXPORTS)
def test_what_is_no_export(name):
    assert find_records(read_text(NO_EXPORTS[name], "a.txt").lines) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from([*export().split("\n"), "正文", "标题", "【标题】", "作者：a 来源：", "---", "Re：渔港"]),
        max_size=30,
    )
)
def test_nothing_is_lost(lines):
    """Records in any disorder: each character has its place."""
    found("\n".join(lines))
