"""What people look at after a run: misses, what differs between two runs, drafts of gold and their check."""

from __future__ import annotations

import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from made import LINES, article, page

import pipeline
from pipeline.annotate import draft
from pipeline.articles import read_articles
from pipeline.cli import main
from pipeline.compare import compare
from pipeline.differ import difference, distance
from pipeline.evaluate import score
from pipeline.gold import Gold, GoldError, GoldParagraph, ScoredArticle, read_gold, read_output
from pipeline.goldfile import check
from pipeline.misses import worst

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds"
SHARED = HERE.parent.parent / "shared"
EVIL = "<script>alert(1)</script>"

A, B, C = LINES


class Tags(HTMLParser):
    """The tags that a browser makes of a page, and the text that it shows."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.shown = set(), ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data):
        self.shown += data


def scored(*texts, **fields):
    fields.setdefault("sources", [{"path": "d/a.txt"}])
    return ScoredArticle([GoldParagraph(text) for text in texts], **fields)


def missed(gold, out, most=9):
    return worst(score([Gold("a.txt", gold)], out).total.misses, most)


# ------------------------------------------------------------------ differences


def test_a_difference_gives_back_both_texts():
    old, new = A + B, A.replace("长椅", "遮阳伞") + B[:-3]
    changes = difference(old, new)
    assert "".join(change.old for change in changes) == old
    assert "".join(change.new for change in changes) == new
    assert ("长椅", "遮阳伞") in [tuple(change) for change in changes]


def test_numbers_and_latin_words_change_whole():
    assert ("2025", "2026") in [tuple(change) for change in difference("到2025年GDP增长", "到2026年GDP增长")]


def test_the_same_has_no_distance():
    assert distance(difference(A, A)) == 0
    assert difference("", "") == []


# ------------------------------------------------------------------ misses


def test_a_miss_shows_what_came_out_instead():
    (miss,) = missed([scored(A, B)], [scored(A, B[:-4])])["paragraph"]
    assert (miss.document, miss.text, miss.got) == ("a.txt", B.replace("，", ","), B[:-4].replace("，", ","))


def test_the_worst_comes_first():
    gold, out = [scored(A, B, C)], [scored(A[:-2], B[:10], C)]
    assert [miss.text[:2] for miss in missed(gold, out)["paragraph"]] == ["书店", "城南"]
    assert len(missed(gold, out, 1)["paragraph"]) == 1


def test_what_gold_does_not_hold_is_a_miss():
    (miss,) = missed([scored(A)], [scored(A, C)])["extra"]
    assert (miss.text, miss.got) == ("", C.replace("，", ","))


def test_an_article_in_two_is_a_miss():
    (miss,) = missed([scored(A, B, title="渔港迎春")], [scored(A, title="渔港迎春"), scored(B)])["article"]
    assert miss.got.splitlines()[0] == "渔港迎春"
    assert len(miss.got.splitlines()) == 2


def test_nothing_is_missed_where_all_is_right():
    both = [scored(A, B, title="渔港迎春", continued_to="3")]
    assert missed(both, both) == {}


# ------------------------------------------------------------------ runs side by side


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A dump cleaned twice, the second time with a rule that drops a line, and once without a document."""
    here = tmp_path_factory.mktemp("runs")
    dump = here / "dump"
    dump.mkdir()
    for n in range(3):
        (dump / f"doc{'abc'[n]}.txt").write_text(page(n) + f"\n{EVIL}{A}\n", encoding="utf-8")
    rules = here / "rules.toml"
    rules.write_text(
        '[[rule]]\nname = "first"\nreason = "notice"\non = "both"\nmatch = "anywhere"\nlongest = 400\nprose = true\n'
        'phrases = ["城南的渔港昨天"]\ntakes = ["城南的渔港昨天"]\nleaves = ["渔港"]\n',
        encoding="utf-8",
    )
    pipeline.run(dump, here / "one")
    pipeline.run(dump, here / "two", rules=str(rules))
    (dump / "docc.txt").unlink()
    pipeline.run(dump, here / "less")
    return here


def test_a_run_does_not_differ_from_itself(runs):
    found = compare(runs / "one", runs / "one", 9)
    assert found.same
    assert found.counts["same"] == len(list(read_articles(runs / "one")))


def test_a_rule_shows_where_it_changed_something(runs):
    found = compare(runs / "one", runs / "two", 9)
    assert found.counts["changed"] == 3
    assert not found.gone
    assert not found.added
    assert ("notice", 0, 3) in found.reasons
    assert {drop.rule for drop in found.now_dropped} == {"first"}
    old = "".join(change.old for one in found.changed for s in one.stretches for change in s.changes)
    assert old.count(A) == 3


def test_articles_of_one_run_only(runs):
    found = compare(runs / "one", runs / "less", 9)
    assert {article.sources[0].path for article in found.gone} == {"dump/docc.txt"}
    assert found.counts["changed"] == 0


def test_an_article_that_begins_elsewhere_is_matched_by_its_text(runs, tmp_path):
    shutil.copytree(runs / "one", tmp_path / "moved")
    for file in (tmp_path / "moved" / "articles").glob("*.jsonl"):
        articles = [msgspec.structs.replace(one, id=f"x{one.id[1:]}") for one in read_articles(file)]
        file.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in articles))
    found = compare(runs / "one", tmp_path / "moved", 9)
    assert (found.gone, found.added, found.changed) == ([], [], [])


def test_compare_on_the_command_line(runs, tmp_path, capsys):
    assert main(["compare", str(runs / "one"), str(runs / "two")]) == 0
    told = capsys.readouterr().out
    assert "dropped as notice: 0 -> 3" in told
    assert f"[-{EVIL}{A}-]" in told
    assert main(["compare", str(runs / "one"), str(tmp_path)]) == 2
    assert "not the output folder of a run" in capsys.readouterr().err


def test_pages_show_a_script_and_do_not_run_it(runs, tmp_path, capsys):
    made = tmp_path / "page.html"
    assert main(["compare", str(runs / "one"), str(runs / "two"), "--html", str(made)]) == 0
    html = Tags(made.read_text(encoding="utf-8"))
    assert "script" not in html.tags
    assert EVIL in html.shown
    gold = tmp_path / "gold.jsonl"
    one = Gold("doca.txt", [scored(B, title=EVIL)])
    gold.write_bytes(msgspec.json.encode(one) + b"\n")
    assert main(["eval", str(gold), str(runs / "one"), "--html", str(made)]) == 0
    html = Tags(made.read_text(encoding="utf-8"))
    assert "script" not in html.tags
    assert EVIL in html.shown


def test_eval_prints_the_worst_misses(runs, tmp_path, capsys):
    gold = tmp_path / "gold.jsonl"
    gold.write_bytes(msgspec.json.encode(Gold("doca.txt", [scored(B)])) + b"\n")
    assert main(["eval", str(gold), str(runs / "one")]) == 0
    assert "paragraph: doca.txt\n  gold  书店门口" in capsys.readouterr().out
    assert main(["eval", str(gold), str(runs / "one"), "--misses", "0"]) == 0
    assert "书店门口" not in capsys.readouterr().out


# ------------------------------------------------------------------ drafts of gold


def marked(folder, name, data):
    """A document and a draft of its gold."""
    (folder / name).write_bytes(data)
    file = folder / f"{name}.yaml"
    file.write_text(draft(data, name), encoding="utf-8")
    return file


@pytest.mark.parametrize("seed", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem[:3])
def test_a_draft_is_in_order_and_says_what_the_pipeline_says(seed, tmp_path):
    file = marked(tmp_path, seed.name, seed.read_bytes())
    assert check(file, tmp_path) == []
    gold = read_gold(tmp_path, tmp_path)
    pipeline.run(seed, tmp_path / "out")
    found = score(gold, read_output(tmp_path / "out")).total.figures()
    assert (found["content_f"], found["paragraph_f"], found["article_f"], found["title"]) == (1.0, 1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\u3000\n",
        article(1).replace("\n", "\r\n"),
        "\ufeff" + article(2),
        f'{EVIL}\n\n{article(3)}\n# 井号: "引号" {{}}\x0b竖排\u2028分隔\n',
        page(4) + "（下转第3版）\n\n（上接第1版）" + A + "\n",
    ],
    ids=["empty", "blank", "crlf", "bom", "yaml", "jumps"],
)
def test_any_document_has_a_draft_in_order(text, tmp_path):
    assert check(marked(tmp_path, "a.txt", text.encode()), tmp_path) == []


def test_other_encodings_and_html_are_marked_by_their_decoded_text(tmp_path):
    assert check(marked(tmp_path, "a.txt", article(1).encode("gb18030")), tmp_path) == []
    html = f"<html><body><h1>渔村的早晨</h1><p>{A}</p><p>{B}</p></body></html>"
    assert check(marked(tmp_path, "b.html", html.encode()), tmp_path) == []


def test_annotate_does_not_write_over_what_a_person_corrected(tmp_path, capsys):
    (tmp_path / "a.txt").write_text(article(1), encoding="utf-8")
    out = tmp_path / "a.yaml"
    command = ["annotate", str(tmp_path / "a.txt"), "-o", str(out)]
    assert main(command) == 0
    out.write_text("corrected", encoding="utf-8")
    assert main(command) == 2
    assert "--force" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "corrected"
    assert main([*command, "--force"]) == 0
    assert main(["annotate", str(tmp_path / "none.txt")]) == 2


# ------------------------------------------------------------------ gold files

GOLD = """\
document: a.txt
publication: null
date: 2031-03-04
articles:
  - key: one
    title: ["1"]
    body:
      - p: ["3"]
      - p: ["5"]
drop:
  - {lines: ["7"], why: jump_line}
"""
TEXT = f"渔港迎春\n\n{A}\n\n{B}\n\n（下转第3版）\n"


def problems(folder, gold, text=TEXT):
    (folder / "a.txt").write_text(text, encoding="utf-8")
    file = folder / "a.yaml"
    file.write_text(gold, encoding="utf-8")
    return [(found.line, found.message) for found in check(file, folder)]


def test_gold_in_order(tmp_path):
    assert problems(tmp_path, GOLD) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('p: ["3"]', 'p: ["3x"]', 8, "no span"),
        ('p: ["3"]', "p: [3]", 8, "Expected `str`, got `int`"),
        ('p: ["3"]', 'q: ["3"]', 8, "Invalid enum value 'q'"),
        ("why: jump_line", "why: jumpline", 11, "Invalid enum value 'jumpline'"),
        ("date: 2031-03-04", "date: spring", 3, "Invalid RFC3339"),
        ("publication: null", "paper: null", 1, "unknown field `paper`"),
        ("document: a.txt", "document: b.txt", 1, "cannot be read"),
        ('p: ["3"]', 'p: ["3', 9, "not YAML"),
        ('p: ["3"]', 'p: ["99"]', 8, "the document has 8 lines"),
        ('p: ["3"]', 'p: ["3:5-99"]', 8, "line 3 has 32 characters"),
        ('p: ["3"]', 'p: ["4"]', 8, "nothing stands there"),
        ('p: ["3"]', 'p: ["3-1"]', 8, "the second is not before the first"),
        ('p: ["5"]', 'p: ["3:10-20", "5"]', 9, 'one.p: "3:10-20" is in one.p already'),
        ('p: ["3"]', 'p: ["3:0-10"]', 1, "line 3 of the document stands nowhere, from character 10"),
        ('title: ["1"]', 'title: ["1"]\n    title: ["1"]', 7, "'title' is said twice"),
        ("drop:", '  - {key: one, body: [{p: ["7"]}]}\ndrop:', 10, "a second article named 'one'"),
    ],
)
def test_an_error_names_its_line(tmp_path, old, new, line, says):
    found = problems(tmp_path, GOLD.replace(old, new, 1))
    assert any(at == line and says in message for at, message in found), found


def test_all_that_is_wrong_with_spans_is_told_at_once(tmp_path):
    found = problems(tmp_path, GOLD.replace('p: ["3"]', 'p: ["99"]').replace('"7"', '"6"'))
    assert [line for line, _ in found] == [8, 11, 1, 1]


def test_check_gold_on_the_command_line(tmp_path, capsys):
    problems(tmp_path, GOLD)
    file = tmp_path / "a.yaml"
    assert main(["check-gold", str(file), "--raw", str(tmp_path)]) == 0
    file.write_text(GOLD.replace('"5"', '"55"'), encoding="utf-8")
    assert main(["check-gold", str(file), "--raw", str(tmp_path)]) == 1
    assert f"{file}:9: one.p:" in capsys.readouterr().out


def test_eval_names_gold_that_cannot_be_read(tmp_path, capsys):
    problems(tmp_path, GOLD.replace('["3"]', "3"))
    with pytest.raises(GoldError, match=r"a\.yaml:8: "):
        read_gold(tmp_path, tmp_path)
    broken = tmp_path / "gold.jsonl"
    broken.write_text('{"document": "a.txt", "articles": []}\n{"document": 3}\n', encoding="utf-8")
    assert main(["eval", str(broken), str(tmp_path)]) == 2
    assert "gold.jsonl:2: " in capsys.readouterr().err


@pytest.mark.parametrize("folder", [HERE / "gold", SHARED / "gold"], ids=["ours", "shared"])
def test_the_gold_of_the_sample_dump_is_in_order(folder):
    files = sorted(folder.glob("*.yaml"))
    if not files:
        pytest.skip("the shared gold is not at hand")
    assert [problem for file in files for problem in check(file, SEEDS)] == []


def test_the_reference_check_takes_our_drafts(tmp_path):
    tool = SHARED / "gold" / "check_gold.py"
    if not tool.exists():
        pytest.skip("the reference check is not at hand")
    seed = sorted(SEEDS.glob("*.txt"))[3]
    file = marked(tmp_path, seed.name, seed.read_bytes())
    subprocess.run([sys.executable, tool, file, tmp_path / seed.name], check=True)
