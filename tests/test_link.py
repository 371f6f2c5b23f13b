"""Pages of one issue are known as such, and what goes on from one to another is linked or left open, never guessed."""

from __future__ import annotations

import random

import pytest

import pipeline
from pipeline.records import Document, Meta
from pipeline.stages.link import JumpEnd, PatternError, identify, link_pages

PATTERN = "{publication}/{date}/{page}.txt"


def meta_of(path, pattern=None, kind="page", **known):
    document = Document(path, "", "utf-8", "", kind=kind, meta=Meta(**known))
    identify(document, pattern)
    return document.meta.publication, document.meta.date, document.meta.page


# label, path, pattern, (publication, date, page)
PATHS = [
    ("pattern", "海湾日报/2031-03-02/04.txt", PATTERN, ("海湾日报", "2031-03-02", "4")),
    ("pattern under a folder", "dump/new/海湾日报/2031-03-02/A04.txt", PATTERN, ("海湾日报", "2031-03-02", "A4")),
    ("pattern, date without marks", "海湾日报/20310302/4.txt", PATTERN, ("海湾日报", "2031-03-02", "4")),
    ("pattern in one name", "dump/bay_20310302_12.txt", "{publication}_{date}_{page}.txt", ("bay", "2031-03-02", "12")),
    ("pattern that does not match", "dump/notes.txt", PATTERN, (None, None, None)),
    ("date in a folder", "2031-03-02/page03.txt", None, (None, "2031-03-02", "3")),
    ("date in the name", "bay_20310302_05.txt", None, (None, "2031-03-02", "5")),
    ("Chinese date", "2031年3月2日/第4版.txt", None, (None, "2031-03-02", "4")),
    ("last number", "scan/p12.txt", None, (None, None, "12")),
    ("section letter", "scan/20310302-B03.txt", None, (None, "2031-03-02", "B3")),
    ("nothing to see", "scan/notes.txt", None, (None, None, None)),
    ("no date: a month too many", "scan/20311402.txt", None, (None, None, None)),
    ("a digest is no date", "scan/000_4c20310302ff.txt", None, (None, None, None)),
]


@pytest.mark.parametrize(("path", "pattern", "expected"), [c[1:] for c in PATHS], ids=[c[0] for c in PATHS])
def test_what_a_path_says(path, pattern, expected):
    assert meta_of(path, pattern) == expected


def test_what_the_page_says_comes_first():
    own = {"publication": "山城晚报", "date": "2031-03-09", "page": "7"}
    assert meta_of("海湾日报/2031-03-02/04.txt", PATTERN, **own) == ("山城晚报", "2031-03-09", "7")


def test_a_web_page_has_no_page_number():
    assert meta_of("site/20310302/article_12.txt", kind="web") == (None, "2031-03-02", None)


@pytest.mark.parametrize("pattern", ["{paper}/{date}.txt", "{publication}/{seite}.txt", "{}/{page}.txt{x}"])
def test_a_wrong_pattern_is_told(pattern):
    with pytest.raises(PatternError, match="no field"):
        meta_of("a/b.txt", pattern)


# Two halves of stories that have nothing to do with each other.
STORIES = {
    "harbour": (
        "城南渔港迎来首批渔船",
        "昨天清晨，城南渔港迎来了今年的第一批渔船。渔民们把渔船检修了一遍，渔网也换成了新网，码头上的收购商早早等在",
        "灯塔下面，渔船还没有靠岸，鱼就被订走了。渔港管理处说，渔民今年出海的日子比去年多三天，码头的冰库也扩大了一倍。",
    ),
    "hospital": (
        "县医院开设夜间儿科门诊",
        "从本周起，县医院开设夜间儿科门诊，每晚都有两名医生值班。入冬以来患病的孩子增多，急诊的走廊里排满了抱着孩子的",
        "家长。医院把药房的下班时间推迟到十点半，患儿看完门诊、取完药就可以回家，儿科医生第二天会打电话回访。",
    ),
    "football": (
        "山城队客场逆转晋级决赛",
        "足球联赛半决赛昨晚结束，山城队客场逆转海湾队晋级决赛。上半场海湾队连入两球，中场休息时山城队主教练换上两名年轻",
        "前锋，球队的进攻速度明显加快。比赛最后时刻，替补前锋起脚远射，足球击中门柱弹入球网，山城队的球迷唱起了队歌。",
    ),
}


def end(story, towards, page, own, path=None, **fields):
    """One end of a jump: the part of a story that goes on, or the part that it goes on in."""
    title, first, then = STORIES[story]
    text = first if towards == "to" else then
    known = {
        "path": path or f"d/{own}.txt", "part": 0, "group": "d/#.txt", "publication": "海湾日报", "date": "2031-03-02",
        "title": title, "seam": text, "text": text,
    }  # fmt: skip
    return JumpEnd(towards=towards, page=page, own=own, **(known | fields))


def linked(*ends):
    return [(link.first, link.then) for link in link_pages(ends)]


def both(story, first="1", then="3", **fields):
    return [end(story, "to", then, first, **fields), end(story, "from", first, then, **fields)]


def test_two_ends_that_name_each_other():
    (link,) = link_pages(both("harbour"))
    assert (link.first, link.then, link.joined) == (("d/1.txt", 0), ("d/3.txt", 0), True)
    assert 0.5 < link.score <= 1.0


def test_a_sentence_that_ended_is_not_joined():
    ends = both("harbour")
    ends[0].seam = ends[0].text = "昨天清晨，城南渔港迎来了今年的第一批渔船。"
    assert [link.joined for link in link_pages(ends)] == [False]


def test_the_other_parts_headline_may_be_missing():
    ends = both("harbour")
    ends[1].title = ""
    assert linked(*ends) == [(("d/1.txt", 0), ("d/3.txt", 0))]


def test_several_on_one_page():
    """Three stories go from page 1 to page 3: headlines and texts tell which is which."""
    ends = []
    for n, story in enumerate(STORIES):
        to, back = both(story)
        to.part, back.part = n, 2 - n
        ends += [to, back]
    assert linked(*ends) == [(("d/1.txt", n), ("d/3.txt", 2 - n)) for n in range(3)]


def test_several_pages():
    ends = [*both("harbour", "1", "3"), *both("hospital", "1", "4"), *both("football", "2", "4")]
    for n, one in enumerate(ends):
        one.part = n
    expected = [(("d/1.txt", 0), ("d/3.txt", 1)), (("d/1.txt", 2), ("d/4.txt", 3)), (("d/2.txt", 4), ("d/4.txt", 5))]
    assert sorted(linked(*ends)) == expected


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_input_does_not_matter(seed):
    ends = [*both("harbour", "1", "3"), *both("hospital", "1", "3"), *both("football", "2", "3")]
    for n, one in enumerate(ends):
        one.part = n
    shuffled = ends[:]
    random.Random(seed).shuffle(shuffled)
    assert link_pages(shuffled) == link_pages(ends)


OTHERS = [
    ("another day", {"date": "2031-03-03", "path": "e/3.txt", "group": "e/#.txt"}),
    ("another paper", {"publication": "山城晚报", "path": "e/3.txt", "group": "e/#.txt"}),
    ("another folder, nothing known", {"publication": None, "date": None, "path": "e/3.txt", "group": "e/#.txt"}),
    ("the same folder, another day", {"date": "2031-03-03"}),
]


@pytest.mark.parametrize("fields", [c[1] for c in OTHERS], ids=[c[0] for c in OTHERS])
def test_different_issues_are_never_linked(fields):
    to, back = both("harbour")
    for name, value in fields.items():
        setattr(back, name, value)
    assert linked(to, back) == []


def test_two_papers_in_one_folder_on_one_day():
    to, back = both("harbour")
    back.publication, back.path = "山城晚报", "d/13.txt"
    assert linked(to, back) == []


def test_pages_without_date_and_paper_link_by_their_names():
    ends = both("harbour", publication=None, date=None)
    assert linked(*ends) == [(("d/1.txt", 0), ("d/3.txt", 0))]


def test_page_numbers_that_contradict_are_not_linked():
    assert linked(end("harbour", "to", "4", "1"), end("harbour", "from", "1", "3")) == []
    assert linked(end("harbour", "to", "3", "1"), end("harbour", "from", "2", "3")) == []


def test_a_page_does_not_link_to_itself():
    ends = both("harbour", path="d/1.txt")
    ends[1].part, ends[1].own, ends[0].own = 1, None, None
    assert linked(*ends) == []


def test_pages_of_one_document_link():
    ends = both("harbour", path="d/1.txt")
    ends[1].part = 1
    assert len(linked(*ends)) == 1


def test_even_evidence_is_left_unresolved():
    """Two parts on one page that are the same to the letter: either could be it."""
    to, back = both("harbour")
    twin = end("harbour", "from", "1", "3", part=1)
    assert linked(to, back, twin) == []


def test_no_ends_no_links():
    assert link_pages([]) == []
    assert linked(end("harbour", "to", "3", "1")) == []


HEADS = {n: f"海湾日报\n\n2031年3月2日 星期日\n\n第{n}版 要闻\n\n" for n in (1, 3)}
FILLER = (
    "乡村小学有了自己的天文台\n\n本报讯（记者方圆）石桥小学的操场上还亮着灯，四十多名学生排着队，等着观测土星光环。\n"
)


def issue(folder, pages):
    for n, text in pages.items():
        path = folder / "bay" / f"2031-03-02_{n:02}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADS.get(n, "") + text, encoding="utf-8")


def first_and_then(story, page_first=1, page_then=3):
    """A story's two halves as its pages print them; long, so that no half is as short as a headline."""
    title, first, then = STORIES[story]
    more = "这是今年以来当地办成的又一件实事，街坊们从早到晚都在谈论，连邻县的人也赶来看个究竟。"
    return (
        f"{title}\n\n本报讯（记者林小满）{more}{first}（下转第{page_then}版）\n\n{FILLER}",
        f"{title}\n\n（上接第{page_first}版）{then}\n",
    )


def run(folder, out):
    pipeline.run(folder, out)
    return list(pipeline.read_articles(out))


@pytest.mark.parametrize("story", STORIES)
def test_an_article_on_two_pages_is_one(tmp_path, story):
    one, three = first_and_then(story)
    issue(tmp_path / "in", {1: one, 3: three})
    articles = [a for a in run(tmp_path / "in", tmp_path / "out") if a.title == STORIES[story][0]]
    assert len(articles) == 1
    assert [source.page for source in articles[0].sources] == ["1", "3"]
    assert (articles[0].continued_from, articles[0].continued_to) == (None, None)
    assert STORIES[story][1][-12:] + STORIES[story][2][:12] in articles[0].text
    assert "版）" not in articles[0].text


@pytest.mark.parametrize(("held", "expected"), [(1, (None, "3")), (3, ("1", None))])
def test_a_page_that_the_dump_does_not_hold(tmp_path, held, expected):
    """The part that is there says where the rest is, and is flagged."""
    issue(tmp_path / "in", {held: dict(zip((1, 3), first_and_then("harbour"), strict=True))[held]})
    (article,) = (a for a in run(tmp_path / "in", tmp_path / "out") if a.title == STORIES["harbour"][0])
    assert (article.continued_from, article.continued_to) == expected
    assert "jump_unresolved" in article.flags
