"""HTML documents: the lines that a reader sees, and what becomes of them."""

import hashlib

import pytest
from test_chrome import CASES, KINDS, PARAGRAPH, marked

import pipeline
from pipeline.encodings import DecodeError
from pipeline.markup import read_html
from pipeline.records import LABELS
from pipeline.stages.chrome import strip_chrome
from pipeline.stages.decode import decode

BODY = [
    PARAGRAPH,
    "“今年的雨水正好。”七十岁的老周说，他家的三亩稻子比去年多打了四百斤，够一家人吃到明年秋天。",
    "傍晚，收割机开到了最后一块田，孩子们跟在后面捡稻穗，一路捡，一路笑。",
]
MENU = "".join(f'<li><a href="/{n}">{name}</a></li>' for n, name in enumerate(("首页", "时政", "财经", "体育")))
OTHERS = "".join(
    f'<li><a href="/n/{n}.html">{name}</a></li>'
    for n, name in enumerate(("一座老桥的新生", "山里的小学开了夜校！", "渔港今年第一批海鲜上岸"))
)


def page(paragraphs, encoding="utf-8", declare=""):
    html = (
        f"<!DOCTYPE html><html><head>{declare}<title>晒场上的笑声_民生_某某网</title>"
        f"<script>var a='<p>不是正文</p>';</script>"
        f"<style>p {{ color: red }}</style></head><body><ul class=nav>{MENU}</ul>"
        f"<div><h1>晒场上的笑声</h1><div class=info>2024-10-01 08:00 来源：某某网</div><div id=text>{paragraphs}</div>"
        f"<p>责任编辑：王某</p></div><div class=side><h3>热点新闻</h3><ul>{OTHERS}</ul></div>"
        "<div class=foot><a href=/a>关于我们</a> <a href=/b>联系我们</a><p>版权所有 某某网</p></div></body></html>"
    )
    return html.encode(encoding)


FORMS = {
    "paragraphs": "".join(f"<p>{x}</p>" for x in BODY),
    "unclosed": "".join(f"<p>{x}" for x in BODY),
    "breaks": "<br><br>".join("\u3000\u3000" + x for x in BODY),
    "single breaks": "<br/>\n".join(BODY),
    "divisions": "".join(f"<div><span>{x}</span></div>" for x in BODY),
    "wrong nesting": "".join(f"<b><p>{x}</b></p>" for x in BODY),
    "layout table": "<table><tr><td><table><tr><td>"
    + "".join(f"<p>{x}</p>" for x in BODY)
    + "</td></tr></table></table>",
    "one cell each": "<table>" + "".join(f"<tr><td>{x}</td></tr>" for x in BODY) + "</table>",
    "comments and scripts": "<!-- 开始 -->".join(f"<p>{x}<script>ad('广告')</script></p>" for x in BODY),
    "source lines": "".join(f"<p>\n  {x[:14]}\n  {x[14:]}\n</p>" for x in BODY),
    "inline": "".join(f"<p>{x[:5]}<a href=/k>{x[5:9]}</a><em>{x[9:]}</em></p>" for x in BODY),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_paragraphs(form):
    """However a page marks its paragraphs up, they are the article's, and nothing else is."""
    (article,) = pipeline.clean(page(FORMS[form]), "a.html")
    assert article.title == "晒场上的笑声"
    assert [p.text for p in article.paragraphs] == BODY


@pytest.mark.parametrize(
    ("encoding", "declare"),
    [
        ("utf-8", '<meta charset="utf-8">'),
        ("utf-8", ""),
        ("utf-8", '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'),
        ("gb18030", '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'),
        ("gb18030", "<meta charset=GBK>"),
        ("gb18030", ""),
        ("gb18030", '<meta charset="utf-8">'),
        ("gb18030", '<meta charset="no-such-charset">'),
        ("utf-16", '<meta charset="utf-16">'),
    ],
)
def test_encodings(encoding, declare):
    """The encoding that a page declares is used where it fits, and found where it is wrong or not there."""
    data = page(FORMS["paragraphs"], encoding, declare)
    document = decode(data, "a.htm")
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert document.encoding.endswith("+html")
    (article,) = pipeline.clean(data, "a.htm")
    assert [p.text for p in article.paragraphs] == BODY


def test_big5():
    text = "今年的雨水正好，曬場上鋪滿了金黃的稻穀，老人們坐在樹下說起收成，臉上都是笑意。"
    data = f"<html><meta charset=big5><title>曬場</title><h1>曬場上的笑聲</h1><p>{text}</p><p>{text}</p>".encode("big5")
    assert decode(data, "a.html").lines[-1].text == text


def test_spans_count_in_the_lines():
    """The decoded document of HTML is the text of its lines."""
    document = decode(page(FORMS["unclosed"]), "a.html")
    for line in document.lines:
        assert document.text[line.start : line.end] == line.text


def test_html_without_its_name():
    """A document that begins as HTML is read as HTML whatever its name; one that quotes a tag is not."""
    assert decode(page(FORMS["breaks"]), "a.txt").encoding == "utf-8+html"
    assert decode("他在黑板上写下 <html> 几个字母。".encode(), "a.txt").encoding == "utf-8"


def test_text_with_the_name_of_html():
    """A file without a tag is text, and keeps its lines."""
    assert decode("第一行\n第二行".encode(), "a.html").text == "第一行\n第二行"


def test_what_is_read():
    got = read_html(
        "<h2>价格</h2><table><tr><th>品名<th>元</tr><tr><td>白菜<td>0.8</tr></table>"
        "<figure><img alt=图><figcaption>市场里的白菜</figcaption></figure>"
        "<ul><li><a>新闻</a><a>体育</a></ul><pre>红石榴\n绿石榴</pre><noscript>请打开脚本</noscript>"
        "<select><option>甲</select><textarea>乙</textarea><p>A&nbsp;&lt;B&gt;</p>Latin\nwords 与\n中文\n相连"
    )
    lines = [(text, mark) for text, mark in zip(got.text.split("\n"), got.marks, strict=True) if text]
    assert lines == [
        ("价格", "h2"),
        ("品名\t元", ""),
        ("白菜\t0.8", ""),
        ("市场里的白菜", "caption"),
        ("新闻 体育", "link"),
        ("红石榴", ""),
        ("绿石榴", ""),
        ("A\N{NO-BREAK SPACE}<B>", "p"),
        ("Latin words 与中文相连", ""),
    ]


def test_headline_only_in_the_title():
    """Where no line of the page is its headline, its title is, without the name of the site."""
    html = f"<title>晒场上的笑声_民生_某某网</title><ul>{MENU}</ul>" + "".join(f"<p>{x}</p>" for x in BODY)
    (article,) = pipeline.clean(html, "a.html")
    assert article.title == "晒场上的笑声"
    assert [p.text for p in article.paragraphs] == BODY


def test_headings_captions_and_links_inside():
    """Markup tells crossheads, captions and links to other articles where their form does not."""
    html = page(
        f"<p>{BODY[0]}</p><h2>雨水正好，收成就好</h2><figure><figcaption>老周一家和他们的稻子</figcaption></figure>"
        f"<p>{BODY[1]}</p><p><a href=/x>一座老桥如何等来了新生</a></p><p>{BODY[2]}</p>"
    )
    (article,) = pipeline.clean(html, "a.html")
    assert [(p.type, p.text[:4]) for p in article.paragraphs] == [
        ("p", BODY[0][:4]),
        ("h", "雨水正好"),
        ("caption", "老周一家"),
        ("p", BODY[1][:4]),
        ("p", BODY[2][:4]),
    ]


def test_section_front():
    """A page of links is no article."""
    html = f"<title>某某网</title><ul>{MENU}</ul><ul>{OTHERS}</ul><p>版权所有 某某网</p>"
    assert pipeline.clean(html, "a.html") == []


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda p: p.stem)
def test_portal_pages_as_html(path):
    """Pages that are known as text keep the same lines as HTML without any telling markup."""
    text, wanted = marked(path)
    html = "<html><body>" + "".join(f"<div>{line}</div>" for line in text.replace("<", "&lt;").split("\n"))
    document = decode(html.encode(), "a.html")
    strip_chrome(document)
    got = [line.label if line.label in LABELS else None for line in document.lines]
    kept = [line.text.strip() for line, want in zip(document.lines, wanted, strict=True) if want in KINDS.values()]
    assert kept == [
        line.text.strip()
        for line, label, want in zip(document.lines, got, wanted, strict=True)
        if label is not None and want != "?"
    ]


def test_deep_nesting_is_refused_or_read():
    """Nothing is lost silently: what the parser gives up on is an error that says so."""
    assert decode(("<html>" + "<div>" * 1500 + "深处").encode(), "a.html").text == "深处"
    with pytest.raises(DecodeError, match="HTML that cannot be read"):
        decode(("<html>" + "<div>" * 5000 + "深处").encode(), "a.html")


@pytest.mark.parametrize(
    "html", ["<html>", "<html></html>", "<html><script>1</script>", "<!doctype html>", "<html><", "<p"]
)
def test_nothing_inside(html):
    assert decode(html.encode(), "a.html").lines == decode(b"", "a.txt").lines or html in ("<html><", "<p")
