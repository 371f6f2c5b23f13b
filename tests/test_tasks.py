"""The chain as it really runs: same bytes however it is run, one bad document costs only itself, work is done once."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from made import article, dump, page, paragraph, records, release

import pipeline
from pipeline import publish
from pipeline.inputs import Found
from pipeline.plan import STAGES, shards
from pipeline.publish import BusyError, OutputError, free_lock, take_lock
from pipeline.running import RunError

RULE = """
[[rule]]
name = "our_own_notice"
reason = "notice"
on = "both"
phrases = ["%s"]
takes = ["%s"]
leaves = ["渔港昨天开放"]
"""


def run(inputs, out, **more):
    return pipeline.run(inputs, out, **more)


def work_folders(out: Path) -> dict[str, float]:
    return {str(p.relative_to(out)): p.stat().st_mtime for p in out.glob(".work/*/*/*") if p.is_dir()}


@pytest.fixture
def small_shards(monkeypatch):
    """Shards of a few kilobytes, so that a small dump has several."""
    monkeypatch.setattr("pipeline.plan.shards", lambda documents: shards(documents, 3000))


def test_two_workers_and_shuffled_inputs_give_the_same_bytes(tmp_path, small_shards):
    folder = dump(tmp_path / "dump", 8)
    files = [str(path) for path in sorted(folder.glob("*.txt"))] + [str(folder / "extra")]
    run(files, tmp_path / "one")
    shuffled = random.Random(7).sample(files, len(files))
    run(shuffled, tmp_path / "two", workers=2)
    assert len(list((tmp_path / "one" / "articles").iterdir())) > 1
    assert release(tmp_path / "one") == release(tmp_path / "two")


def test_the_dumps_place_does_not_matter(tmp_path):
    dump(tmp_path / "here" / "dump")
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    for place in ("here", "there"):
        run(tmp_path / place / "dump", tmp_path / f"out_{place}")
    assert release(tmp_path / "out_here") == release(tmp_path / "out_there")


def test_one_bad_document_costs_only_itself(tmp_path):
    """Articles of the others are byte for byte what they are without it."""
    folder = dump(tmp_path / "dump")
    run(folder, tmp_path / "good")
    (folder / "noise.txt").write_bytes(random.Random(1).randbytes(5000))
    found = run(folder, tmp_path / "both")
    assert found.quarantined == 1
    (record,) = records(tmp_path / "both" / "quarantine.jsonl")
    assert record["source"] == "dump/noise.txt"
    assert record["stage"] == "decode"
    assert record["message"]
    good, both = release(tmp_path / "good"), release(tmp_path / "both")
    for name in (name for name in good if name.startswith(("articles", "dropped"))):
        assert good[name] == both[name]


def test_a_document_that_loses_text_is_set_aside(tmp_path, monkeypatch):
    """Conservation is checked in every run: a stage that loses a line costs that document, not the run."""
    from pipeline.stages import columns

    whole = columns.rejoin

    def losing(document):
        whole(document)
        if document.path.endswith("doca.txt"):
            document.parts.pop()

    monkeypatch.setattr(columns, "rejoin", losing)
    found = run(dump(tmp_path / "dump"), tmp_path / "out")
    assert found.quarantined == 1
    (record,) = records(tmp_path / "out" / "quarantine.jsonl")
    assert (record["source"], record["error"]) == ("dump/doca.txt", "ConservationError")
    assert "doca.txt, line" in record["message"]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["conservation"] == {"broken": 1, "checked": 5}


def test_a_second_run_does_nothing(tmp_path):
    folder = dump(tmp_path / "dump")
    first = run(folder, tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.jsonl")}
    second = run(folder, tmp_path / "out")
    assert (first.fresh, second.fresh) == (True, False)
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.jsonl")}
    assert second.articles == first.articles


def test_only_shards_that_changed_are_worked_on(tmp_path, small_shards):
    folder, out = dump(tmp_path / "dump", 8), tmp_path / "out"
    run(folder, out)
    before, files = work_folders(out), {p.name: p.stat() for p in (out / "articles").iterdir()}
    document = folder / "docb.txt"
    document.write_text(page(50), encoding="utf-8")
    run(folder, out)
    after = work_folders(out)
    fresh = {name for name in after if name not in before and "link_pages" not in name}
    assert sorted(name.split("/")[1] for name in fresh) == sorted({*STAGES, "pack"} - {"link_pages"})
    unchanged = [p.name for p in (out / "articles").iterdir() if p.stat().st_ino == files[p.name].st_ino]
    assert len(unchanged) == len(files) - 1


def test_removed_documents_leave_no_articles(tmp_path):
    folder, out = dump(tmp_path / "dump"), tmp_path / "out"
    run(folder, out)
    (folder / "doca.txt").unlink()
    run(folder, out)
    assert "doca.txt" not in "".join(source["path"] for a in records(out / "articles") for source in a["sources"])


def test_other_rules_run_again_from_the_stage_that_uses_them(tmp_path):
    folder, out, rules = dump(tmp_path / "dump"), tmp_path / "out", tmp_path / "rules.toml"
    rules.write_text(RULE % ("本店谢绝推销", "本店谢绝推销"), encoding="utf-8")
    run(folder, out, rules=str(rules))
    before = work_folders(out)
    rules.write_text(RULE % ("本店谢绝还价", "本店谢绝还价"), encoding="utf-8")
    assert run(folder, out, rules=str(rules)).fresh
    kept = {name.split("/")[1] for name in work_folders(out) if name in before}
    assert kept == {"decode"}


def test_new_code_of_a_task_does_its_work_again(tmp_path):
    """As new rules do; what comes before it stands."""
    package = Path(pipeline.__file__).parent
    shutil.copytree(package, tmp_path / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    code = "import json, pipeline.plan as p; print(json.dumps(p.versions(p.Settings())))"

    def versions():
        done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True)
        return json.loads(done.stdout)

    before = versions()
    for module, first in (("finish", "sign_articles"), ("stages/emit", "emit"), ("steps", "decode")):
        with (tmp_path / "pipeline" / f"{module}.py").open("a") as file:
            file.write("# new\n")
        now = versions()
        stages = list(now)
        assert {stage for stage in now if now[stage] != before[stage]} == {*stages[stages.index(first) :]}
        before = now


def test_another_script_runs_only_the_last_stage(tmp_path):
    folder, out = dump(tmp_path / "dump"), tmp_path / "out"
    run(folder, out)
    before = work_folders(out)
    run(folder, out, script="traditional")
    fresh = {name.split("/")[1] for name in work_folders(out) if name not in before}
    assert fresh == {"emit", "pack"}
    assert "漁港" in "".join(article["text"] for article in records(out / "articles"))


def test_a_damaged_release_is_made_whole(tmp_path):
    folder, out = dump(tmp_path / "dump"), tmp_path / "out"
    run(folder, out)
    before = release(out)
    shutil.rmtree(out / "articles")
    assert run(folder, out).fresh
    assert release(out) == before


def test_a_second_run_at_the_same_time_leaves(tmp_path):
    folder, out = dump(tmp_path / "dump"), tmp_path / "out"
    code = (
        "from pipeline.publish import take_lock; import sys; "
        f"take_lock({str(out)!r}); print('held', flush=True); sys.stdin.read()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(BusyError, match="another run"):
            run(folder, out)
        other.stdin.close()
    assert run(folder, out).fresh


def test_somebody_elses_folder_is_left_alone(tmp_path):
    (tmp_path / "out" / "articles").mkdir(parents=True)
    (tmp_path / "out" / "articles" / "mine.jsonl").write_text("{}\n")
    with pytest.raises(OutputError, match="no run of newsreflow wrote"):
        run(dump(tmp_path / "dump"), tmp_path / "out")
    assert (tmp_path / "out" / "articles" / "mine.jsonl").read_text() == "{}\n"


def test_the_lock_is_free_after_a_run(tmp_path):
    run(dump(tmp_path / "dump"), tmp_path / "out")
    take_lock(str(tmp_path / "out"))
    free_lock(str(tmp_path / "out"))


def start(folder: Path, out: Path, workers: int = 1) -> subprocess.Popen:
    command = [sys.executable, "-m", "pipeline.cli", "run", str(folder), "-o", str(out), "--quiet"]
    command += ["--workers", str(workers)]
    return subprocess.Popen(command, start_new_session=True)


def kill_after(seconds: float, folder: Path, out: Path, workers: int = 1) -> None:
    with start(folder, out, workers) as process:
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)


def whole(out: Path) -> None:
    """What a reader sees at any time: files of whole lines, or none yet."""
    for file in (out / "articles").glob("*.jsonl"):
        assert file.read_bytes().endswith(b"\n")
        records(file)


def test_a_killed_run_goes_on(tmp_path):
    folder = dump(tmp_path / "dump", 12)
    run(folder, tmp_path / "undisturbed")
    out = tmp_path / "out"
    for seconds in (0.6, 1.1):
        kill_after(seconds, folder, out)
        whole(out)
    run(folder, out)
    assert release(out) == release(tmp_path / "undisturbed")


@pytest.mark.parametrize("exchange", [True, False], ids=["exchange", "rename"])
@pytest.mark.parametrize("cut", [0, 1, 2, 3, 6, 11])
def test_a_publication_that_was_cut_off_is_finished(tmp_path, cut, exchange, monkeypatch):
    """Whatever was put in place last before the kill, the next start ends with one run's files."""
    if not exchange:
        monkeypatch.setattr(publish, "_exchange", lambda one, other: False)
    folder, out = dump(tmp_path / "dump"), tmp_path / "out"
    run(folder, out)
    (folder / "doca.txt").write_text(page(77), encoding="utf-8")
    run(folder, tmp_path / "undisturbed")
    done = 0
    swap = publish.swap

    class Killed(BaseException):
        pass

    def dying(*names):
        nonlocal done
        for step in (lambda: None, lambda: swap(*names)):
            step()
            if done == cut:
                raise Killed
            done += 1

    with monkeypatch.context() as patch:
        patch.setattr(publish, "swap", dying)
        with contextlib.suppress(Killed, RunError):
            run(folder, out)
    assert done == cut
    whole(out)
    assert (out / "articles").is_dir() or not exchange or sys.platform != "linux"
    run(folder, out)
    assert release(out) == release(tmp_path / "undisturbed")


@pytest.mark.long
def test_thirty_kills(tmp_path):
    """Killed at random moments of a run that changes a release: one run's files are seen or the other's, never both."""
    chance = random.Random(11)
    folder = dump(tmp_path / "dump", 20)
    out = tmp_path / "out"
    run(folder, out)
    seen = {json.dumps({k: v.hex() for k, v in release(out).items() if k.startswith("articles")})}
    for n in range(30):
        (folder / "doca.txt").write_text(page(100 + n), encoding="utf-8")
        shutil.rmtree(tmp_path / "fresh", ignore_errors=True)
        run(folder, tmp_path / "fresh")
        wanted = release(tmp_path / "fresh")
        seen.add(json.dumps({k: v.hex() for k, v in wanted.items() if k.startswith("articles")}))
        kill_after(chance.uniform(0.2, 2.5), folder, out, workers=1 + n % 2)
        whole(out)
        now = {k: v.hex() for k, v in release(out).items() if k.startswith("articles")}
        assert not now or json.dumps(now) in seen
        run(folder, out)
        assert release(out) == wanted


def test_luigi_runs_the_chain(tmp_path):
    dump(tmp_path / "dump")
    run(tmp_path / "dump", tmp_path / "ours")
    command = [sys.executable, "-m", "luigi", "--module", "pipeline.tasks", "Run", "--inputs", '["dump"]']
    command += ["--out", "out", "--local-scheduler"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "This progress looks :)" in done.stderr
    assert release(tmp_path / "out") == release(tmp_path / "ours")


def test_a_luigi_cfg_in_the_working_directory_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "luigi.cfg").write_text("[Run]\nscript=traditional\n[core]\nworkers=0\nlog_level=DEBUG\n")
    command = [sys.executable, "-m", "pipeline.cli", "run", str(dump(tmp_path / "dump")), "-o", "out", "--quiet"]
    subprocess.run(command, check=True)
    assert "渔港" in "".join(article["text"] for article in records(tmp_path / "out" / "articles"))


class TestShards:
    """Shards are stable: more documents leave the others where they are."""

    def found(self, names):
        return [Found(name, name.encode(), 1000, name) for name in names]

    def test_pages_of_an_issue_lie_together(self):
        paths = [f"d/2031-03-{day:02}/p{page}.txt" for day in range(1, 28) for page in range(4)]
        parts = shards(self.found(paths), 30_000)
        assert len(parts) > 1
        of = {found.path: shard.part for shard in parts for found in shard.documents}
        assert all(len({of[p] for p in paths if f"-{day:02}/" in p}) == 1 for day in range(1, 28))

    def test_a_folder_of_everything_is_spread(self):
        parts = shards(self.found(f"d/{n}.txt" for n in range(500)), 30_000)
        assert len(parts) == 32
        assert max(len(shard.documents) for shard in parts) < 40

    def test_another_document_changes_one_shard(self):
        paths = [f"d/{n}.txt" for n in range(500)]
        before = {shard.folder for shard in shards(self.found(paths), 32_000)}
        after = {shard.folder for shard in shards(self.found([*paths, "d/new.txt"]), 32_000)}
        assert len(before - after) == 1

    def test_the_number_of_shards_has_a_bound(self):
        parts = shards([Found(f"{n}/a.txt", b"", 10**9, "") for n in range(1000)])
        assert len(parts) <= 128


class TestLinkedPages:
    """An article that jumps to another page is one article, whichever shards the pages lie in."""

    def issue(self, folder: Path) -> Path:
        folder = folder / "海湾日报" / "2031-03-04"
        folder.mkdir(parents=True)
        head = "海湾日报\n\n2031年3月4日 星期二 第{}版\n\n"
        first = (
            article(31, 2).rstrip()
            + "\n\n"
            + "渔港的老船长何守仁修了四十年木船，他把每一条船的名字都记在本子上，翻开本子，"
        )
        then = "第一页写的是他父亲的船。何守仁说，木船修得好，出海的人心里才踏实。\n\n" + paragraph(777) + "\n"
        (folder / "01.txt").write_text(head.format(1) + first + "\n\n（下转第3版）\n\n" + article(32), encoding="utf-8")
        (folder / "02.txt").write_text(head.format(2) + article(33) + "\n" + article(34), encoding="utf-8")
        (folder / "03.txt").write_text(head.format(3) + article(35) + "\n\n（上接第1版）\n\n" + then, encoding="utf-8")
        return folder.parent

    def linked(self, out: Path) -> list[dict]:
        return [a for a in records(out / "articles") if len(a["sources"]) > 1]

    def test_two_pages_one_article(self, tmp_path, monkeypatch):
        folder = self.issue(tmp_path)
        run(folder, tmp_path / "whole")
        (one,) = self.linked(tmp_path / "whole")
        assert 0 < one["text"].index("翻开本子，") < one["text"].index("第一页写的是他父亲的船。")
        assert [source["page"] for source in one["sources"]] == ["1", "3"]
        assert one["continued_to"] is None
        monkeypatch.setattr("pipeline.plan.shards", lambda documents: shards(documents, 1000))
        run(folder, tmp_path / "parted", workers=2)
        assert len(list((tmp_path / "parted" / "dropped").iterdir())) > 1
        assert self.linked(tmp_path / "parted") == [one]

    def test_a_page_that_arrives_later_is_joined(self, tmp_path):
        """The article keeps the id of its first page's part; what the later page was alone is superseded."""
        folder, out = self.issue(tmp_path), tmp_path / "out"
        late = folder / "2031-03-04" / "03.txt"
        text = late.read_text(encoding="utf-8")
        late.unlink()
        run(folder, out)
        alone = [a for a in records(out / "articles") if a["continued_to"] == "3"]
        late.write_text(text, encoding="utf-8")
        run(folder, out)
        (one,) = self.linked(out)
        assert [a["id"] for a in alone] == [one["id"]]
        assert len(one["supersedes"]) == 1


def test_dated_folders_are_cleaned_day_by_day(tmp_path):
    """A day without a dump is a missing dependency and stops no other day; a page that comes late is cleaned then."""
    (tmp_path / "luigi.cfg").write_text("[retcode]\nmissing_data=20\n[Run]\nscript=traditional\n")
    for day in ("2031-03-04", "2031-03-06"):
        dump(tmp_path / "dumps" / day, 2)
    command = [sys.executable, "-m", "luigi", "--module", "pipeline.daily", "RangeDaily", "--of", "Day"]
    command += ["--start", "2031-03-04", "--stop", "2031-03-07", "--now", "1930608000", "--local-scheduler"]
    command += ["--of-params", json.dumps({"inputs": ["dumps/%Y-%m-%d"], "out": "out/%Y-%m-%d"})]
    config = os.environ | {"LUIGI_CONFIG_PATH": "luigi.cfg"}

    def go():
        return subprocess.run(command, cwd=tmp_path, env=config, capture_output=True, text=True, check=False)

    first = go()
    assert first.returncode == 20, first.stderr
    assert "Dump(path=dumps/2031-03-05)" in first.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["2031-03-04", "2031-03-06"]
    before = release(tmp_path / "out" / "2031-03-06")
    (tmp_path / "dumps" / "2031-03-04" / "late.txt").write_text(page(60), encoding="utf-8")
    dump(tmp_path / "dumps" / "2031-03-05", 1)
    assert go().returncode == 0
    assert any(a["sources"][0]["path"] == "2031-03-04/late.txt" for a in records(tmp_path / "out/2031-03-04/articles"))
    assert release(tmp_path / "out" / "2031-03-06") == before
    manifest = json.loads((tmp_path / "out" / "2031-03-05" / "manifest.json").read_bytes())
    assert manifest["settings"]["script"] == "traditional"
