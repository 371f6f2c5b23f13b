"""Figures mean what they say, agree with the reference scorer, and on the sample dump only get better."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from made import LINES

import pipeline
from pipeline import floors
from pipeline.evaluate import score
from pipeline.gold import Gold, GoldError, GoldParagraph, ScoredArticle, from_lines, read_gold, read_output
from pipeline.goldfile import GoldFile

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds"
SHARED = HERE.parent.parent / "shared"

A, B, C = LINES


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    out = tmp_path_factory.mktemp("seeds") / "out"
    pipeline.run(SEEDS, out)
    return out


def article(*texts, **fields):
    fields.setdefault("sources", [{"path": "d/a.txt"}])
    return ScoredArticle([GoldParagraph(text) for text in texts], **fields)


def figures(gold, out, doubt=()):
    return score([Gold("a.txt", gold, list(doubt))], out).total.figures()


def test_the_same_is_perfect():
    both = [article(A, B, title="渔港迎春"), article(C, title="茶山")]
    found = figures(both, both)
    perfect = ("content_f", "paragraph_f", "article_f", "order", "title", "title_p", "role")
    assert {name: found[name] for name in perfect} == dict.fromkeys(perfect, 1.0)
    assert found["join_false"] == 0.0
    assert math.isnan(found["link"])


def test_a_lost_paragraph_costs_recall():
    found = figures([article(A, B)], [article(A)])
    assert found["paragraph_r"] == 0.5
    assert found["paragraph_p"] == 1.0
    assert found["content_r"] < 1.0 == found["content_p"]


def test_two_paragraphs_run_together_are_a_false_join():
    found = figures([article(A, B, C)], [article(A + B, C)])
    assert found["join_false"] == 0.5


def test_two_articles_in_one_cost_grouping():
    assert figures([article(A), article(B)], [article(A, B)])["article_f"] < 0.8


def test_order_counts_neighbours():
    assert figures([article(A, B, C)], [article(A, C, B)])["order"] == 0.0


def test_doubtful_text_costs_nothing():
    assert figures([article(A)], [article(A, B)], doubt=[B])["content_p"] == 1.0


def test_a_join_counts_when_it_is_exact():
    gold = ScoredArticle([GoldParagraph(A + B, "p", 2), GoldParagraph(C)])
    assert figures([gold], [article(A + B, C)])["join_r"] == 1.0
    assert figures([gold], [article(A, B, C)])["join_r"] == 0.0


def test_strays_are_counted():
    assert score([Gold("a.txt", [])], [article(A, sources=[{"path": "d/b.txt"}])]).stray == 1


def test_gold_points_into_its_document():
    gold = {
        "document": "a.txt",
        "publication": "海湾日报",
        "date": "2031-03-04",
        "articles": [{"key": "k", "title": ["1"], "body": [{"p": ["3-5", "7:2-6"]}, {"h": ["6"]}]}],
        "doubt": [{"lines": ["8"]}],
    }
    lines = ["标题", "", "一二三", "", "四 AI", "小标题", "xx2031年", "存疑"]
    found = from_lines(msgspec.convert(gold, GoldFile), lines)
    (one,) = found.articles
    assert (one.title, one.date) == ("标题", "2031-03-04")
    assert [(p.type, p.text, p.pieces) for p in one.paragraphs] == [("p", "一二三四 AI 2031", 2), ("h", "小标题", 1)]
    assert found.doubt == ["存疑"]


def test_gold_that_cannot_be_read_says_so(tmp_path):
    with pytest.raises(GoldError, match="neither a JSONL file nor a folder of YAML files"):
        read_gold(tmp_path)


def test_our_gold_is_that_of_the_sample_dump(seeds):
    found = score(read_gold(HERE / "gold", SEEDS), read_output(seeds))
    assert found.stray == 0
    assert len(found.each) == 5


@pytest.mark.skipif(not (SHARED / "eval" / "score.py").exists(), reason="the reference scorer is not at hand")
@pytest.mark.parametrize("what", ["seeds", "webmixed", "broken"])
def test_the_reference_scorer_agrees_to_the_last_digit(seeds, tmp_path, what):
    out = seeds
    if what == "webmixed":
        gold, out = SHARED / "eval" / "real" / "webmixed" / "gold.jsonl", tmp_path / "out"
        pipeline.run(SHARED / "eval" / "real" / "webmixed" / "raw", out)
    else:
        gold = tmp_path / "gold.jsonl"
        command = [sys.executable, SHARED / "eval" / "gold_to_jsonl.py", SHARED / "gold", SEEDS]
        gold.write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
    files = sorted((out / "articles").glob("*.jsonl"))
    if what == "broken":  # two articles in one, every other title gone, text told twice
        articles = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
        for one, other in zip(articles[::2], articles[1::2], strict=False):
            one["paragraphs"] += other["paragraphs"][::2]
            one["title"] = other["title"]
            other["continued_to"] = "9"
        files = [tmp_path / "broken.jsonl"]
        files[0].write_text("".join(json.dumps(a) + "\n" for a in articles), encoding="utf-8")
    command = [sys.executable, SHARED / "eval" / "score.py", gold, *files, "--each", "--json"]
    theirs = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    source = files[0] if what == "broken" else out
    command = [sys.executable, "-m", "pipeline.cli", "eval", gold, source, "--each", "--json"]
    ours = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert json.dumps(ours) == json.dumps(theirs)


def test_the_sample_dumps_figures_keep_their_floors(seeds):
    """The gate. `make floors` raises floors; nothing lowers them."""
    found = score(read_gold(HERE / "gold", SEEDS), read_output(seeds)).total.figures()
    kept = floors.read(HERE / "gold" / "floors.json")
    assert kept
    assert floors.below(kept, found) == []


def test_floors_only_rise(tmp_path):
    path = tmp_path / "floors.json"
    some = figures([article(A, B, C, title="茶山")], [article(A, B, C, title="茶山")])
    floors.raise_floors(path, some)
    high = floors.read(path)
    assert high["title"] == 1.0
    assert "link" not in high
    floors.raise_floors(path, figures([article(A, B, C, title="茶山")], [article(A, B + C, title="山")]))
    assert floors.read(path) == high


def test_a_figure_below_its_floor_is_named():
    found = floors.below({"order": 0.9, "join_false": 0.01}, {"order": 0.8, "join_false": 0.02})
    assert found == [
        "order is 0.8000 and must not fall below 0.9000",
        "join_false is 0.0200 and must not rise above 0.0100",
    ]
    assert floors.below({"order": 0.9}, {"order": math.nan}) != []
