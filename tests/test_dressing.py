"""Simulated pages dressed as real ones: what is added is known to the truth, and no word of an article is changed."""

from __future__ import annotations

import random
import re
from copy import deepcopy
from itertools import pairwise

import pytest
from made import HARBOUR, STORIES

from pipeline.stages.decode import read_text
from pipeline.stages.unwrap import unwrap_lines
from pipeline.threads import Run
from pipeline.training.dressing import NO_BREAK, OPENERS, Dressing, clutter
from pipeline.training.truth import Truth, is_seam, locate, majority, squeeze, whole_head

SEEDS = range(40)


def issue():
    """Two simulated pages of two articles each, and their gold."""
    files = {}
    for n, stories in enumerate((STORIES[:2], STORIES[2:]), 1):
        blocks = [f"海湾日报 2031年3月2日 星期日 第{n}版"]
        blocks += [block for s in stories for block in (s.title, "\n".join(s.paragraphs))]
        files[f"{n}.txt"] = "\n\n".join(blocks) + "\n"
    articles = [
        {
            "key": f"a{n}", "title": s.title, "kicker": None, "subtitle": None, "byline": None,
            "continued_from": None, "continued_to": None,
            "paragraphs": [{"type": "p", "text": text, "pieces": 1} for text in s.paragraphs],
        }
        for n, s in enumerate(STORIES)
    ]  # fmt: skip
    return files, {"articles": articles}


def dressed(seed, change=lambda files, gold: None):
    files, gold = issue()
    change(files, gold)
    Dressing(random.Random(seed), files, gold).dress()
    return files, gold


def lines_of(files):
    return [line for text in files.values() for line in text.split("\n") if line]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_word_of_an_article_is_changed(seed):
    """Its paragraphs stand on the page as they did, in order."""
    files, gold = dressed(seed)
    lines = lines_of(files)
    for story, article in zip(STORIES, gold["articles"], strict=False):
        at = [lines.index(text) for text in story.paragraphs]
        assert at == sorted(at)
        assert (article["title"], [p["text"] for p in article["paragraphs"]]) == (story.title, list(story.paragraphs))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_gold_says_what_stands_on_the_page(seed):
    """Each line of a kicker and of a deck stands on the article's page, and so does the headline, broken or not."""
    files, gold = dressed(seed)
    for n, article in enumerate(gold["articles"][: len(STORIES)]):
        text = files[f"{n // 2 + 1}.txt"]
        lines = set(text.split("\n"))
        assert {*(article["kicker"] or "").split(), *(article["subtitle"] or "").split()} <= lines
        assert article["title"] in text.replace("\n", "")


@pytest.mark.parametrize("seed", SEEDS)
def test_every_line_that_was_added_is_known(seed):
    """A line of a dressed page is of an article, or of its head, or among the clutter, or stood there before."""
    files, gold = dressed(seed)
    before = set(lines_of(issue()[0]))
    known = before | set(gold["clutter"])
    heads = [squeeze(a[part] or "") for a in gold["articles"] for part in ("kicker", "title", "subtitle")]
    captions = [p["text"] for a in gold["articles"] for p in a["paragraphs"] if p["type"] == "caption"]
    rest = [line for line in lines_of(files) if line not in known and line not in captions]
    assert all(any(squeeze(line) in head for head in heads) for line in rest)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_truth_finds_heads_and_clutter(seed):
    """What is no article's is known as such, and never as the text of one."""
    files, gold = dressed(seed)
    for line in gold["clutter"]:
        assert locate([line], gold) == [Truth(-1, -1, 0, len(squeeze(line)))]
    for n, story in enumerate(STORIES):
        assert [t.article for t in locate([story.title, *story.paragraphs], gold)] == [n] * 4
    for text in files.values():
        document = read_text(text, "made.txt")
        unwrap_lines(document)
        assert document.pieces


def test_what_is_added_comes_in_all_shapes():
    """Over some pages there are kickers, decks, broken headlines, photographs, clutter, and pages without blank lines."""
    found = set()
    for seed in SEEDS:
        files, gold = dressed(seed)
        lines = lines_of(files)
        for article in gold["articles"]:
            found |= {part for part in ("kicker", "subtitle") if article[part]}
            found |= {"broken"} if article["title"] not in lines else set()
            found |= {"photo"} if article["key"].startswith("photo") else set()
        found |= {"clutter"} if gold["clutter"] else set()
        found |= {"crowded" for text in files.values() if "\n\n" not in text}
    assert found == {"kicker", "subtitle", "broken", "photo", "clutter", "crowded"}


def test_the_same_seed_gives_the_same_pages():
    assert dressed(7) == dressed(7)
    assert dressed(7) != dressed(8)


UNTOUCHED = [
    ("a headline that stands twice", lambda files, gold: files.update({"1.txt": files["1.txt"] + f"\n{HARBOUR.title}\n"})),
    ("no headline", lambda files, gold: gold["articles"][0].update(title="")),
    ("a headline that is not on the page", lambda files, gold: gold["articles"][0].update(title="茶山上的雾散得慢")),
]  # fmt: skip


@pytest.mark.parametrize("change", [c[1] for c in UNTOUCHED], ids=[c[0] for c in UNTOUCHED])
def test_such_articles_keep_their_heads(change):
    for seed in SEEDS:
        files, gold = issue()
        change(files, gold)
        before = deepcopy(gold["articles"][0]), dict(files)
        Dressing(random.Random(seed), files, gold).head(gold["articles"][0])
        assert (gold["articles"][0], files) == before


@pytest.mark.parametrize(
    "title",
    ["城南渔港迎来首批渔船", "城南渔港：“海上驿站”开门迎来第一批客人", "渔港 2031 年首航 HarborMate 上线", "渔港迎春"],
)
def test_a_headline_breaks_where_compositors_break_it(title):
    """No mark that closes begins a line, none that opens ends one, no number or Latin word is cut."""
    for seed in SEEDS:
        files, gold = issue()
        lines = Dressing(random.Random(seed), files, gold).broken(title)
        assert squeeze("".join(lines)) == squeeze(title)
        for above, below in pairwise(lines):
            assert below[0] not in NO_BREAK
            assert above[-1] not in OPENERS
            assert not (above[-1].isascii() and below[0].isascii()) or " " in title


@pytest.mark.parametrize("seed", SEEDS)
def test_clutter_is_whole_lines(seed):
    for line in clutter(random.Random(seed)):
        assert line == line.strip()
        assert line
        assert not re.search("[\n\r]", line)


class TestTruthOfClutter:
    """Lines of no article vote for none, join nothing and are nobody's headline."""

    NONE, HEAD, TEXT = Truth(-1, -1, 0, 9), Truth(0, -1, 0, 9), Truth(0, 0, 0, 30)

    def test_they_do_not_vote(self):
        assert majority([self.NONE, self.NONE, self.TEXT]) == 0
        assert majority([self.NONE, self.NONE]) is None

    def test_they_are_nobodys_headline(self):
        truth = [self.NONE, self.HEAD, self.TEXT]
        assert whole_head(Run([0], ""), truth) is None
        assert whole_head(Run([0, 1], ""), truth) is None
        assert whole_head(Run([1], ""), truth) == 0

    def test_they_join_nothing(self):
        assert not is_seam(self.NONE, self.NONE)
        assert not is_seam(self.TEXT, self.NONE)
