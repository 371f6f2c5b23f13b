"""A reader can see what became of every character of a document, and why; and nothing of what it says is run."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from pathlib import Path

import pytest
from made import article, column, page, paragraph

import pipeline
from pipeline import cli
from pipeline.blank import has_marks
from pipeline.chain import Settings
from pipeline.crossings import CROSSING_FEATURES
from pipeline.headlines import UNDER_BYLINE
from pipeline.inputs import InputError
from pipeline.inspection import decisions, explain, words
from pipeline.inspection.bits import bits_of
from pipeline.inspection.evidence import PageEvidence
from pipeline.inspection.page import page_of
from pipeline.inspection.view import view_of
from pipeline.records import Document
from pipeline.rules import load_rules
from pipeline.seams import SEAM_FEATURES
from pipeline.stages import columns
from pipeline.stages.chrome import strip_chrome
from pipeline.stages.decode import read_text
from pipeline.stages.unwrap import unwrap
from pipeline.threads import FOLLOW_FEATURES, HEADLINE_FEATURES

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
NEWSPAPER = [path for path in SEEDS if not path.name.startswith("002")]
EVIL = (
    "<script>document.title='run'</script></script><img src=x onerror=\"document.title='run'\">",
    "{{ 7 * 7 }} ${7 * 7} <!-- <script> ]]> \N{LINE SEPARATOR}&lt;b&gt; '\"` \\u003c/script\\u003e</ScRiPt >",
)


def decided(text, path="page.txt"):
    return decisions.decide(text.encode(), path, Settings())


def explained(found, line, language="en"):
    return "\n".join(explain.Teller(found, language).of_line(line))


def torn_page():
    """A page of two articles; the first one's second paragraph is cut in two by a column's end."""
    whole = paragraph(3, 4)
    at = len(whole) // 2 + 3
    lines = [article(1, 2), whole[:at], "", whole[at:], "", article(2)]
    return "\n".join(["海湾日报", "", "2031年3月05日 星期三", "", *lines])


def told(page):
    """What the page's script is given."""
    return json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)[1])


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    assert cli.main(["run", str(SEEDS[0].parent), "-o", str(folder / "out"), "--quiet"]) == 0
    return folder / "out"


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_every_character_is_shown_in_one_place(path):
    found = decided(path.read_text(encoding="utf-8"))
    bits, borne_out = bits_of(found)
    assert borne_out
    text, at = found.document.text, 0
    for start, end in sorted(span for bit in bits for span in bit.spans):
        assert start >= at
        assert not has_marks(text[at:start])
        at = end
    assert not has_marks(text[at:])


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_the_articles_stand_on_the_page_as_they_went_out(path):
    found = decided(path.read_text(encoding="utf-8"))
    view = view_of(found)
    assert [["".join(t.text for t in b.texts) for b in story.blocks] for story in view.stories] == [
        [b.text for b in one.paragraphs] for one in found.articles
    ]
    assert all(t.bit >= 0 for story in view.stories for b in [*story.head, *story.blocks] for t in b.texts)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_a_run_is_shown_as_it_was_decided(path, out):
    data = path.read_bytes()
    from_run = view_of(decisions.of_run(str(out), data, str(path)))
    anew = view_of(decisions.decide(data, from_run.path, Settings()))
    for view in (from_run, anew):
        view.run, view.jumps = None, []
    assert from_run == anew


def many_pages():
    """More than are weighed at once, some paragraphs of them cut in two."""
    pages = [torn_page(), *(article(n) for n in range(10, 220)), torn_page()]
    return "\n\n".join(pages)


@pytest.mark.parametrize(
    "text",
    [*(path.read_text(encoding="utf-8") for path in NEWSPAPER), many_pages()],
    ids=[*(path.stem[:3] for path in NEWSPAPER), "many pages"],
)
def test_the_evidence_adds_up_to_the_score_that_the_run_gave(text):
    found = decided(text)
    document = found.document
    again = Document(document.path, "", "", document.text, lines=document.lines, pieces=document.pieces)
    columns.rejoin(again)
    given = {
        (a.spans[0][0], b.spans[0][0]): join.score
        for part in again.parts
        for p in part.paragraphs
        for a, b, join in zip(p.pieces, p.pieces[1:], p.joins, strict=False)
        if join.rule == "seam"
    }
    view = view_of(found)
    seams = [link for link in view.links if link.sort == "seam"]
    scores = {
        (view.bits[s.first].spans[0][0], view.bits[s.then].spans[0][0]): s.evidence.score for s in seams if s.evidence
    }
    assert scores == pytest.approx(given, abs=1e-4)
    for why in (link.evidence for link in view.links):
        if why is not None:
            assert sum(sign.effect for sign in why.signs) == pytest.approx(why.logit, abs=0.1)


def test_a_torn_paragraph_is_joined_with_reasons_and_a_runner_up():
    view = view_of(decided(torn_page()))
    (seam,) = [link for link in view.links if link.sort == "seam"]
    assert view.bits[seam.then].first == view.bits[seam.first].last + 2
    assert seam.evidence.score > 0.5
    assert {sign.name for sign in seam.evidence.signs} >= {"ending", "place", "prior"}
    assert next(s for s in seam.evidence.signs if s.name == "place").effect > 0


def test_what_the_rules_say_of_a_headline_is_told():
    """A line below the byline of another headline, and one over half a sentence, are held back whatever the model says."""
    torn = "的名字，码头上的人群直到天黑也没有散去。"
    text = "\n\n".join(["渔港里的春天", "本报记者 林小满", "二十六条渔船满载归来", paragraph(1), "船歌", torn])
    document = decided(text).document
    body, half = (next(k for k, p in enumerate(document.pieces) if p.text == t) for t in (paragraph(1), torn))
    weigh = PageEvidence(document, [[[body]], [[half]]])
    found = {(k, a): weigh.head([k], a) for k, a in ((0, 0), (2, 0), (4, 1))}
    ruled = {pair: [s.effect for s in why.signs if s.name == "rules"] for pair, why in found.items()}
    assert ruled[0, 0] == []
    assert ruled[2, 0] == [-UNDER_BYLINE]
    assert found[4, 1].score < 0.001


def test_every_feature_of_the_models_has_words():
    seam = SEAM_FEATURES + CROSSING_FEATURES
    for model, features in (("seam", seam), ("follow", FOLLOW_FEATURES), ("headline", HEADLINE_FEATURES)):
        assert set(features) == set(words.FAMILIES[model]), "pipeline/inspection/signs.toml says what features mean"


def test_every_word_is_there_in_both_languages():
    def leaves(table):
        for name, value in table.items():
            if isinstance(value, dict) and not set(value) & {"en", "zh"}:
                yield from leaves(value)
            elif isinstance(value, dict):
                yield name, value

    told_ = [*leaves(words.WORDS), *leaves(words.SIGNS)]
    assert len(told_) > 200
    assert all(value.get("en") and value.get("zh") for _, value in told_)


FORMS = """海湾
2031年3月2日 星期日
海湾消息报
第3版

灯塔之歌

□ 林小满

灯塔把光放在水上
水把光交给归来的船
船上的人睡了
梦见远处的岸
岸上的人醒着

海湾某县：
渔船归来满仓鱼

|渔港管理处说，休渔期比去年长了三天，出海的渔船多了二十条，码头上的冰库也扩大了一倍。

~ 一 二

②

渔民在码头分拣渔获。

林小满 摄

{}
\f海湾日报
2031年3月2日 星期日

县医院开设夜间儿科门诊

本报讯 从本周起，县医院开设夜间儿科门诊，每晚都有两名医生值班，家长不用再在急诊排队了。
"""


def test_every_rule_of_form_has_words():
    """What a rule of form or place means is said in words; what a rule of wording means is in the rule files."""
    asked = column(["渔港里的路灯为什么要装到石堤的尽头去夜里又没有人走？", paragraph(3)], 20)
    document = read_text(FORMS.format("\n".join(asked)), "made.txt")
    strip_chrome(document)
    found = {line.rule for line in document.lines}
    unwrap(document)
    found |= {x.rule for x in (*document.pieces, *document.drops)}
    rules = load_rules()
    of_form = found - {rule.name for rule in (*rules.rules, *rules.lines)} - {None}
    assert of_form >= {
        "verse", "colon", "edge_specks", "specks", "picture_number", "above_credit", "set_in", "running-head", "section-name",
        "head-paper",
    }  # fmt: skip
    assert of_form <= set(words.WORDS["rule"])


def test_text_of_a_document_cannot_end_the_data():
    text = "\n\n".join([article(1), *EVIL, article(2)])
    html = page_of(decided(text))
    data = told(html)
    assert [row[2] for row in data["rows"] if "document.title" in row[2]] == [EVIL[0]]
    assert html.lower().count("<script") == 2
    assert html.lower().count("</script") == 2
    assert "onerror" not in html.replace("onerror=\\", "")
    assert "default-src 'none'" in html


def test_the_page_needs_nothing_from_elsewhere():
    html = page_of(decided(page(1)))
    assert not re.search(r"""(?:src|href)\s*=|@import|url\(""", html)


def test_the_same_document_gives_the_same_page():
    assert page_of(decided(page(1))) == page_of(decided(page(1)))


@pytest.mark.parametrize("text", ["", "\n \n", "第一行\r第二行\r", "\ufeff\u200b\n"])
def test_a_document_of_little_text_has_a_page(text):
    assert told(page_of(decided(text)))["rows"]


def test_a_dropped_line_names_reason_and_rule():
    said = explained(decided(page(1)), 1)
    assert "left out as masthead" in said
    assert "paper-name" in said


def test_a_join_is_explained_from_both_ends():
    found = decided(torn_page())
    view = view_of(found)
    (seam,) = [link for link in view.links if link.sort == "seam"]
    first, then = view.bits[seam.first].last, view.bits[seam.then].first
    assert f"breaks off at line {first} and goes on in line {then}" in explained(found, first)
    assert f"goes on from line {first}" in explained(found, then)
    assert f"第{first}行断开" in explained(found, first, "zh")


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_every_line_can_be_explained(path):
    found = decided(path.read_text(encoding="utf-8"))
    for language in ("en", "zh"):
        teller = explain.Teller(found, language)
        for row in teller.view.rows:
            said = "\n".join(teller.of_line(row.number))
            assert said
            assert "{" not in said.replace(row.text, "")


def test_a_jump_line_says_that_the_document_was_read_alone():
    found = decided(f"{page(1)}\n（下转第3版）\n")
    number = found.document.text.count("\n", 0, found.document.text.index("（下转")) + 1
    assert "page 3" in explained(found, number)
    assert "read alone" in explained(found, number)


def test_a_jump_that_a_run_followed_is_named_on_both_pages(tmp_path):
    day = tmp_path / "2031-03-05"
    day.mkdir()
    head = "海湾日报\n\n2031年3月05日 星期三\n\n渔港迎春\n\n"
    (day / "p1.txt").write_text(
        f"{head}{paragraph(1)}码头上的人们一早就来了，他们等的是第一艘\n\n（下转第3版）\n", "utf-8"
    )
    (day / "p3.txt").write_text(f"{head}（上接第1版）\n\n从远海回来的渔船。{paragraph(2)}\n\n{paragraph(3)}\n", "utf-8")
    assert cli.main(["run", str(day), "-o", str(tmp_path / "out"), "--quiet"]) == 0
    for page_, other, number in (("p1", "p3", "3"), ("p3", "p1", "1")):
        path = day / f"{page_}.txt"
        view = view_of(decisions.of_run(str(tmp_path / "out"), path.read_bytes(), str(path)))
        (jump,) = view.jumps
        assert (jump.outcome, jump.path) == ("linked", f"2031-03-05/{other}.txt")
        (story,) = view.stories
        assert {t.page for block in story.blocks for t in block.texts if t.bit < 0} == {number}
        assert all(bit.first for bit in view.bits)


def test_a_line_that_is_not_there_is_an_error():
    with pytest.raises(InputError, match="no line 900"):
        explained(decided(page(1)), 900)


def test_records_of_other_rules_are_shown_without_evidence(out):
    path = NEWSPAPER[0]
    found = decisions.of_run(str(out), path.read_bytes(), str(path))
    block = found.articles[0].paragraphs[1]
    source, start, end = block.spans[0]
    block.spans = [(source, start, start + 9), (source, start + 9, end)]
    found.articles[0].paragraphs[0].spans += [block.spans.pop()]
    view = view_of(found)
    assert not view.borne_out
    assert not any(link.evidence for link in view.links)
    assert "".join(t.text for t in view.stories[0].blocks[1].texts) == block.text


class TestCommands:
    def test_inspect_writes_a_page(self, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "p1.txt").write_text(page(1), encoding="utf-8")
        assert cli.main(["inspect", "p1.txt"]) == 0
        assert capsys.readouterr().out == "p1.inspect.html\n"
        assert told((tmp_path / "p1.inspect.html").read_text(encoding="utf-8"))["path"] == "p1.txt"

    def test_explain_tells_some_lines(self, tmp_path, capsys):
        (tmp_path / "p1.txt").write_text(page(1), encoding="utf-8")
        assert cli.main(["explain", str(tmp_path / "p1.txt"), "--line", "1-3", "--lang", "zh"]) == 0
        assert capsys.readouterr().out.count("第") >= 3

    def test_of_a_run(self, out, tmp_path):
        target = tmp_path / "a.html"
        assert cli.main(["inspect", str(SEEDS[1]), "--run", str(out), "-o", str(target)]) == 0
        assert told(target.read_text(encoding="utf-8"))["path"] == f"seeds/{SEEDS[1].name}"

    @pytest.mark.parametrize("options", [["--compress", "gz"], ["--format", "parquet"]], ids=["gz", "parquet"])
    def test_of_a_run_in_another_format(self, tmp_path, options):
        if "parquet" in options:
            pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'newsreflow[parquet]'")
        document, out = tmp_path / "p1.txt", tmp_path / "out"
        document.write_text(torn_page(), encoding="utf-8")
        assert cli.main(["run", str(document), "-o", str(out), "--quiet", *options]) == 0
        found = view_of(decisions.of_run(str(out), document.read_bytes(), "p1.txt"))
        anew = view_of(decided(torn_page(), found.path))
        assert (found.bits, found.stories, found.links) == (anew.bits, anew.stories, anew.links)

    @pytest.mark.parametrize("form", ["jsonl", "zip", "gz"])
    def test_of_a_run_over_what_is_packed(self, tmp_path, monkeypatch, form):
        monkeypatch.chdir(tmp_path)
        name = {"jsonl": "dump.jsonl#b", "zip": "dump.zip!/b.txt", "gz": "b.txt.gz"}[form]
        if form == "jsonl":
            rows = [{"id": "a", "text": page(1)}, {"id": "b", "text": torn_page()}]
            (tmp_path / "dump.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        elif form == "zip":
            with zipfile.ZipFile(tmp_path / "dump.zip", "w") as packed:
                packed.writestr("a.txt", page(1))
                packed.writestr("b.txt", torn_page())
        else:
            (tmp_path / "b.txt.gz").write_bytes(gzip.compress(torn_page().encode()))
        assert cli.main(["run", name.split("#")[0].split("!")[0], "-o", "out", "--quiet"]) == 0
        for more in ([], ["--run", "out"]):
            assert cli.main(["inspect", name, "-o", "page.html", *more]) == 0
            assert sum(x["sort"] == "seam" for x in told(Path("page.html").read_text(encoding="utf-8"))["links"]) == 1

    @pytest.mark.parametrize(
        ("arguments", "code", "message"),
        [
            (["inspect", "missing.txt"], 2, "missing.txt"),
            (["inspect", "p1.txt", "--run", "nowhere"], 2, "not the output folder of a finished run"),
            (["explain", "p1.txt", "--line", "x"], 2, "not a line number"),
            (["explain", "p1.txt", "--line", "9999"], 2, "no line 9999"),
            (["inspect", "p1.txt", "-o", "no/such/folder.html"], 2, "folder.html"),
            (["inspect", "data.txt"], 1, "data.txt"),
        ],
    )
    def test_what_is_wrong_is_told(self, tmp_path, monkeypatch, capsys, arguments, code, message):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "p1.txt").write_text(page(1), encoding="utf-8")
        (tmp_path / "data.txt").write_bytes(b"\x00\x01\x02\xff\xfe\x00\x89PNG" * 50)
        assert cli.main(arguments) == code
        assert message in capsys.readouterr().err

    def test_a_document_that_the_run_does_not_hold(self, out, tmp_path, capsys):
        (tmp_path / "p1.txt").write_text(page(1), encoding="utf-8")
        assert cli.main(["inspect", str(tmp_path / "p1.txt"), "--run", str(out)]) == 2
        assert "holds no document with this content" in capsys.readouterr().err


def test_a_jump_inside_a_file_is_shown_as_clean_links_it(tmp_path):
    """A file of two pages: its article goes on from the first to the second, and both jump lines say so."""
    text = """海湾日报  2031年3月4日  星期二  第1版

渔港迎春

本报讯（记者林小满）昨天上午，城东渔港第一次对市民开放，码头上的人们一早就
来了，他们等的是第一艘从远海回来的渔船。负责人说，码头上还要添置长椅，方便老
人歇脚。（下转第2版）

海湾日报  2031年3月4日  星期二  第2版

（上接第1版）渔船靠岸时，岸上响起了掌声。船长说，这一趟走了四十天，带回来三十吨
鱼。市场管理处的人说，明天一早就能在城里买到。

果园里的课

本报讯 孩子们在果园里上了一堂课，老师教他们认识嫁接。
"""
    path = tmp_path / "two.txt"
    path.write_text(text, encoding="utf-8")
    found = decided(text, "two.txt")
    assert [a.text for a in found.articles] == [a.text for a in pipeline.clean(text)]
    assert [(j.towards, j.outcome, j.path) for j in view_of(found).jumps] == [
        ("to", "linked", "two.txt"),
        ("from", "linked", "two.txt"),
    ]
    cli.main(["run", str(path), "-o", str(tmp_path / "out"), "--quiet", "--no-report"])
    again = decisions.of_run(str(tmp_path / "out"), text.encode(), "two.txt")
    assert {j.outcome for j in view_of(again).jumps} == {"linked"}
