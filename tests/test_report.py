"""The report of a run: it says what happened, shows whatever documents hold, and never stands in a run's way."""

from __future__ import annotations

import re
import shutil
import sys
from collections import Counter

import msgspec
import pytest
from made import article, dump, page, records
from test_review import EVIL, Tags

import pipeline
from pipeline.cli import main
from pipeline.compare import compare
from pipeline.gold import read_output
from pipeline.releases import ReleaseError
from pipeline.report import make_report, write_report
from pipeline.report.facts import Frequent, by_date, gather
from pipeline.report.history import DATABASE, MOST, difference

TIMES = re.compile(r"<h2>Time</h2>.*?<h2>", re.DOTALL)
HISTORY = re.compile(r"<h2>Difference to the run before</h2>.*?<h2>", re.DOTALL)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run over a dump in which one document cannot be read and one holds a tag."""
    here = tmp_path_factory.mktemp("report")
    folder = dump(here / "dump", 3)
    (folder / "evil.txt").write_text(
        f"海湾日报{EVIL}\n\n{EVIL}\n\n{article(7)}\n（下转第3版）\n{EVIL}\n", encoding="utf-8"
    )
    (folder / "bad.txt").write_bytes(bytes(range(256)) * 40)
    pipeline.run(folder, here / "out")
    return here


@pytest.fixture
def out(made, tmp_path):
    """A copy of it, to work on."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "out"


def shown(out):
    return Tags((out / "report.html").read_text(encoding="utf-8"))


def test_a_run_leaves_a_report_that_says_what_it_did(out):
    text = shown(out).shown
    manifest = msgspec.json.decode((out / "manifest.json").read_bytes())
    assert re.search(rf"{len(records(out / 'articles'))}\s*articles", text)
    assert manifest["rule_set"] in text
    assert "海湾日报" in text
    assert "bad.txt" in text
    assert "This is the first run." in text
    assert '<td>rejoin_columns</td><td class="n">4</td>' in (out / "report.html").read_text(encoding="utf-8")


def test_the_report_counts_what_the_run_emitted(out):
    articles = records(out / "articles")
    facts = gather(out)
    assert facts.articles == sum(n for _, n in facts.confidence) == len(articles)
    assert dict(facts.publications) == Counter(one["publication"] or "" for one in articles)
    assert dict(facts.dates) == Counter(one["date"] or "" for one in articles)
    paragraphs = [block for one in articles for block in one["paragraphs"] if block["type"] == "p"]
    assert sum(n for _, n in facts.paragraph_lengths) == len(paragraphs)
    assert [jump.to for jump in facts.jumps] == [one["continued_to"] for one in articles if one["continued_to"]]
    joins = sum(facts.group("joins").values())
    assert sum(n for _, n in facts.joins) == joins


def test_what_documents_hold_is_shown_and_not_run(out):
    page = shown(out)
    assert "script" not in page.tags
    assert EVIL in page.shown
    assert "svg" in page.tags


def test_the_page_needs_nothing_from_elsewhere(out):
    html = (out / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", html)
    assert "default-src 'none'" in html
    assert len(html) < 200_000


def test_the_same_release_gives_the_same_bytes(out, tmp_path):
    first = (out / "report.html").read_bytes()
    write_report(out)
    assert (out / "report.html").read_bytes() == first
    pipeline.run(tmp_path / "dump", tmp_path / "again" / "out", workers=2)
    other = (tmp_path / "again" / "out" / "report.html").read_text(encoding="utf-8")
    assert TIMES.sub("", other) == TIMES.sub("", first.decode())


def test_the_next_report_tells_what_is_new_changed_and_gone(out, tmp_path):
    before = {one["id"]: one for one in records(out / "articles")}
    folder = tmp_path / "dump"
    (folder / "doca.txt").unlink()
    (folder / "new.txt").write_text(page(9), encoding="utf-8")
    pipeline.run(folder, out)
    after = {one["id"]: one for one in records(out / "articles")}
    found = difference(out, gather(out).release)
    assert not found.first
    assert found.counts["added"] == len(after.keys() - before.keys()) > 0
    assert found.counts["gone"] == len(before.keys() - after.keys()) > 0
    assert {one.path for one in found.gone} == {"dump/doca.txt"}
    assert {one.id for one in found.added} == set(sorted(after.keys() - before.keys())[:MOST])
    text = (folder / "docb.txt").read_text(encoding="utf-8")
    (folder / "docb.txt").write_text(text.replace("长椅", "遮阳伞", 1), encoding="utf-8")
    pipeline.run(folder, out)
    edited = difference(out, gather(out).release)
    assert edited.counts == {"added": 0, "changed": 1, "gone": 0, "same": len(after) - 1}
    assert [one.path for one in edited.changed] == ["dump/docb.txt"]
    pipeline.run(folder, out, script="traditional")
    changed = difference(out, gather(out).release)
    assert changed.counts["added"] == changed.counts["gone"] == 0
    assert changed.counts["changed"] > 0
    assert difference(out, gather(out).release) == changed
    assert "Changed articles" in shown(out).shown


def test_a_run_with_nothing_new_leaves_the_report_as_it_is(out, tmp_path):
    before = (out / "report.html").stat()
    pipeline.run(tmp_path / "dump", out)
    after = (out / "report.html").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    (out / "report.html").unlink()
    pipeline.run(tmp_path / "dump", out)
    assert (out / "report.html").exists()


def test_without_the_extra_a_run_says_how_to_get_the_report(out, tmp_path, monkeypatch, capsys):
    from pipeline import pages

    pages._environment.cache_clear()
    monkeypatch.setitem(sys.modules, "pygal", None)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    (tmp_path / "dump" / "new.txt").write_text(page(9), encoding="utf-8")
    assert main(["run", str(tmp_path / "dump"), "-o", str(out)]) == 0
    assert "no report.html: plots need pygal: pip install 'newsreflow[report]'" in capsys.readouterr().out
    assert not (out / "report.html").exists()
    assert main(["report", str(out)]) == 2
    assert "newsreflow[report]" in capsys.readouterr().err


def test_a_report_is_made_of_a_copied_output(out, tmp_path):
    shutil.copytree(out, tmp_path / "copy", ignore=shutil.ignore_patterns(".work"))
    html = Tags(make_report(tmp_path / "copy"))
    assert html.shown.count("Not known: the work files") == 2
    whole = (out / "report.html").read_text(encoding="utf-8")
    assert re.search(r">海湾日报<", whole)


def test_a_damaged_memory_of_the_run_before_stops_nothing(out, tmp_path):
    memory = out / ".work" / DATABASE
    memory.write_bytes(b"no database" * 1000)
    assert "Not known: the work files that remember" in Tags(make_report(out)).shown
    assert "This is the first run." in Tags(make_report(out)).shown


def test_a_folder_that_is_no_output_is_named(tmp_path, capsys):
    with pytest.raises(ReleaseError, match="not the output folder of a run"):
        make_report(tmp_path)
    assert main(["report", str(tmp_path)]) == 2
    assert "not the output folder of a run" in capsys.readouterr().err


def test_a_damaged_record_is_named_with_its_line(out, capsys):
    file = sorted((out / "articles").glob("*.jsonl"))[0]
    file.write_bytes(file.read_bytes() + b"{broken\n")
    assert main(["report", str(out)]) == 2
    assert f"{file.name}: record {len(file.read_bytes().splitlines())}: " in capsys.readouterr().err


@pytest.mark.parametrize("packed", [{"compress": "gz"}, {"compress": "zst"}, {"format": "parquet"}], ids=str)
def test_other_formats_are_reported_compared_and_scored(out, tmp_path, packed):
    pipeline.run(tmp_path / "dump", tmp_path / "packed", **packed)
    assert gather(tmp_path / "packed").dropped_lines == gather(out).dropped_lines
    assert gather(tmp_path / "packed").article_lengths == gather(out).article_lengths
    assert compare(out, tmp_path / "packed", 9).same
    assert list(read_output(tmp_path / "packed")) == list(read_output(out))


def test_doubtful_joins_link_to_inspection_pages(tmp_path, capsys):
    from test_evaluate import SEEDS

    shutil.copytree(SEEDS, tmp_path / "seeds")
    pipeline.run(tmp_path / "seeds", tmp_path / "out")
    assert main(["report", str(tmp_path / "out"), "--pages", "2", "--documents", str(tmp_path)]) == 0
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    linked = set(re.findall(r'<a href="(inspect/\w+\.html)">', html))
    assert linked
    assert all((tmp_path / "out" / name).stat().st_size for name in linked)
    assert len(linked) == min(2, len({join.path for join in gather(tmp_path / "out").doubtful}))
    write_report(tmp_path / "out")
    assert not (tmp_path / "out" / "inspect").exists()


def test_what_is_frequent_is_kept_in_little_memory():
    counts: Frequent[str] = Frequent(room=50)
    for n in range(5000):
        counts.add(f"once {n}")
        if n % 5 == 0:
            counts.add("often")
    assert len(counts.counts) <= 50
    assert counts.most(1)[0][0] == "often"


def test_many_days_are_told_by_month():
    days = Counter({f"2031-{m:02}-{d:02}": 1 for m in range(1, 4) for d in range(1, 29)})
    assert by_date(days) == [("2031-01", 28), ("2031-02", 28), ("2031-03", 28)]
