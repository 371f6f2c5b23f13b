"""Prints from databases of newspapers: each article comes out alone, with the paper, the date and the page of its row."""

import pytest
from made import FOOTBALL, HARBOUR, HOSPITAL

import pipeline

STORIES = (HARBOUR, HOSPITAL, FOOTBALL)
PAPERS = ("海湾日报", "渔港晚报", "海湾财经时报")
WANTED = [
    (story.title, list(story.paragraphs), paper, f"2031-03-0{i}", page)
    for i, (story, paper, page) in enumerate(zip(STORIES, PAPERS, ("A08", "A12", "P06"), strict=True), 2)
]
# How databases set the row: over the headline in two lines or in one, or below it.
FORMS = {
    "two rows": "{paper} | {date}\n报章 | {page} | 港闻\n\n{title}\n\n{text}",
    "one row": "{paper} | {date} | {page} | 港闻\n{title}\n{text}",
    "page first": "{paper} ｜ {page} ｜ 港闻 ｜ {date}\n\n{title}\n\n{text}",
    "below the headline": "{title}\n{paper} | {page} | 港闻 | {date}\n\n{text}",
}
FOOT = "\n\n文章编号: 20310302391{}\n\n本内容之版权由原刊物拥有，未经授权，不得以任何形式复制或转载。\n\n"


def printed(
    form, head="慧讯搜索\n列印日期: 2031-06-02\n搜寻字句: 渔港\n共 3 篇文章\n\n", foot=FOOT, number="文章 {} / 3\n\n"
):
    return head + "".join(
        number.format(i)
        + form.format(paper=paper, date=date, page=page, title=title, text="\n".join(texts))
        + foot.format(i)
        for i, (title, texts, paper, date, page) in enumerate(WANTED, 1)
    )


def read(text):
    articles = pipeline.clean(text, "a.txt", punctuation="keep")
    return [(a.title, [p.text for p in a.paragraphs], a.publication, a.date, a.page) for a in articles]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("number", ["文章 {} / 3\n\n", ""], ids=["numbered", "bare"])
def test_each_article(form, number):
    assert read(printed(FORMS[form], number=number)) == WANTED


def test_three_papers_are_enough():
    assert read(printed(FORMS["two rows"], "", "\n\n", "")) == WANTED


def test_pages_of_one_paper_are_none():
    """A paper's own page has such a row in its head, and many articles below."""
    texts = "\n\n".join("\n\n".join([story.title, *story.paragraphs]) for story in STORIES)
    articles = read(f"海湾日报 | 2031-03-02 | A08\n\n{texts}\n")
    assert [(title, date) for title, _, _, date, _ in articles] == [(story.title, "2031-03-02") for story in STORIES]
