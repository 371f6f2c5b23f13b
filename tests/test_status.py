"""Runs on a schedule: what the next run takes from the last one, what is told of a run, and a disk that fills up."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys

import pytest
from made import dump, page, records, release

import pipeline
from pipeline.inputs import InputError
from pipeline.progress import COST, Note, Plan, State, note
from pipeline.publish import free_lock, take_lock
from pipeline.reuse import INDEX, earlier_results
from pipeline.running import RunError
from pipeline.status import status


def newsreflow(*args, cwd=None, **more):
    command = [sys.executable, "-m", "pipeline.cli", *map(str, args)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, **more)


class TestSinceLast:
    """`run --since-last` needs no inputs: it takes the last run's."""

    def test_from_another_folder(self, tmp_path):
        """Relative inputs are those of the folder that the last run was started from; paths in records stay."""
        dump(tmp_path / "dump")
        first = newsreflow("run", "dump", "-o", "out", "--script", "traditional", "--no-report", cwd=tmp_path)
        assert first.returncode == 0, first.stderr
        (tmp_path / "dump" / "docz.txt").write_text(page(60), encoding="utf-8")
        (tmp_path / "dump" / "doca.txt").unlink()
        (tmp_path / "dump" / "docb.txt").write_text(page(61), encoding="utf-8")
        (tmp_path / "elsewhere").mkdir()
        again = newsreflow("run", "--since-last", "-o", "../out", "--no-report", cwd=tmp_path / "elsewhere")
        assert again.returncode == 0, again.stderr
        assert "since the last run: 1 files new, 1 changed, 1 removed" in again.stdout
        pipeline.run(tmp_path / "dump", tmp_path / "fresh", script="traditional", report=False)
        assert release(tmp_path / "fresh") == release(tmp_path / "out")

    def test_inputs_and_options_are_added(self, tmp_path):
        """A folder a day joins those before it, so that pages of one issue find each other."""
        for day in ("2031-03-04", "2031-03-05"):
            dump(tmp_path / "dumps" / day, 2)
        newsreflow("run", "dumps/2031-03-04", "-o", "out", "--no-report", cwd=tmp_path)
        args = ("dumps/2031-03-05", "--since-last", "--script", "keep", "--no-report", "--quiet")
        assert newsreflow("run", *args, "-o", "out", cwd=tmp_path).returncode == 0
        paths = {one["sources"][0]["path"].split("/")[0] for one in records(tmp_path / "out" / "articles")}
        assert paths == {"2031-03-04", "2031-03-05"}
        manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
        assert manifest["settings"]["script"] == "keep"
        third = newsreflow("run", "--since-last", "-o", "out", cwd=tmp_path)
        assert "nothing new" in third.stdout

    def test_a_folder_without_a_run_is_a_usage_error(self, tmp_path):
        done = newsreflow("run", "--since-last", "-o", "out", cwd=tmp_path)
        assert done.returncode == 2
        assert "name the inputs" in done.stderr

    def test_an_input_that_is_gone_is_an_error_and_nothing_is_lost(self, tmp_path):
        """A disk that is not mounted must not empty the release."""
        folder = dump(tmp_path / "dump")
        newsreflow("run", "dump", "-o", "out", "--no-report", cwd=tmp_path)
        before = release(tmp_path / "out")
        folder.rename(tmp_path / "away")
        done = newsreflow("run", "--since-last", "-o", "out", cwd=tmp_path)
        assert done.returncode == 2
        assert "no such file or folder" in done.stderr
        assert release(tmp_path / "out") == before


class TestStatus:
    """`newsreflow status OUT` says what is known."""

    def test_after_a_run(self, tmp_path):
        pipeline.run(dump(tmp_path / "dump"), tmp_path / "out", report=False)
        found = status(str(tmp_path / "out"))
        assert (found.state, found.failures) == ("finished", "")
        assert found.counts["emitted"]["articles"] == len(records(tmp_path / "out" / "articles"))
        assert found.stages["rejoin_columns"].documents == 6
        assert found.stages["rejoin_columns"].seconds > 0
        assert "rejoin columns" in newsreflow("status", tmp_path / "out").stdout

    def test_times_stay_when_nothing_is_new(self, tmp_path):
        for _ in range(2):
            pipeline.run(dump(tmp_path / "dump"), tmp_path / "out", report=False)
        assert status(str(tmp_path / "out")).stages["decode"].documents == 6

    def test_documents_taken_over_are_counted(self, tmp_path):
        folder = dump(tmp_path / "dump")
        pipeline.run(folder, tmp_path / "out", report=False)
        (folder / "docz.txt").write_text(page(60), encoding="utf-8")
        pipeline.run(folder, tmp_path / "out", report=False)
        assert status(str(tmp_path / "out")).stages["rejoin_columns"].reused == 6

    def test_while_a_run_works(self, tmp_path):
        out = str(tmp_path / "out")
        take_lock(out)
        try:
            work = tmp_path / "out" / ".work"
            total = 10 * sum(COST.values())
            note(work, Plan(begun=0.0, documents=10, shards=1, work=total, workers=1))
            note(work, Note("rejoin_columns", "part-0000-of-0001", 5, 1000))
            found = json.loads(newsreflow("status", out, "--json").stdout)
        finally:
            free_lock(out)
        assert found["state"] == "running"
        assert found["share"] == pytest.approx(5 * COST["rejoin_columns"] / total, abs=1e-4)
        assert found["seconds_left"] > 0

    def test_no_output_folder_is_a_usage_error(self, tmp_path):
        assert newsreflow("status", tmp_path).returncode == 2
        with pytest.raises(InputError):
            status(str(tmp_path))


def test_time_left_is_what_remains_at_the_same_rate():
    state = State()
    state.add(Plan(begun=0.0, documents=4, shards=1, work=400, workers=1))
    assert state.left(10) is None
    state.add(Note("rejoin_columns", "part", 2, 0))
    done = 2 * COST["rejoin_columns"] / 400
    assert state.left(10) == pytest.approx(10 * (1 - done) / done)


def test_a_line_for_each_stage_of_each_shard(tmp_path):
    done = newsreflow("run", dump(tmp_path / "dump"), "-o", tmp_path / "out", "--verbose", "--no-report")
    assert [line.split(" part-")[0] for line in done.stderr.splitlines()] == [
        f"newsreflow: {stage}" for stage in ("decode", "strip chrome", "unwrap lines", "rejoin columns", "emit", "pack")
    ]
    assert "6 documents" in done.stderr


def test_a_second_run_at_the_same_time_has_its_own_exit_code(tmp_path):
    out = str(tmp_path / "out")
    take_lock(out)
    try:
        done = newsreflow("run", dump(tmp_path / "dump"), "-o", out)
    finally:
        free_lock(out)
    assert done.returncode == 3
    assert "another run is working on this output folder" in done.stderr


@pytest.mark.parametrize("kilobytes", [2, 14])
def test_a_disk_that_fills_up_costs_no_document(tmp_path, kilobytes):
    """Files cannot grow beyond a bound, as on a full disk: the run fails, sets nothing aside, and the next one mends it."""
    folder, out = dump(tmp_path / "dump", 12), tmp_path / "out"

    def bound():
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes << 10, resource.RLIM_INFINITY))

    failed = newsreflow("run", folder, "-o", out, "--no-report", preexec_fn=bound)
    assert failed.returncode == 1
    assert "File too large" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert not (out / "articles").exists()
    pipeline.run(folder, out, report=False)
    assert records(out / "quarantine.jsonl") == []
    pipeline.run(folder, tmp_path / "undisturbed", report=False)
    assert release(out) == release(tmp_path / "undisturbed")


def test_a_file_that_is_removed_during_the_run_is_told(tmp_path, monkeypatch):
    """It is set aside, the others are not; the next run, which does not find it, is as if it had never been."""
    from pipeline import steps

    folder, out = dump(tmp_path / "dump"), tmp_path / "out"
    listing = steps.read_listing

    def after_removal(work, digest):
        (folder / "docb.txt").unlink(missing_ok=True)
        return listing(work, digest)

    with monkeypatch.context() as patch:
        patch.setattr(steps, "read_listing", after_removal)
        found = pipeline.run(folder, out, report=False)
    assert found.quarantined == 1
    pipeline.run(folder, out, report=False)
    pipeline.run(folder, tmp_path / "fresh", report=False)
    assert release(out) == release(tmp_path / "fresh")


def test_a_failed_task_says_what_failed(tmp_path, monkeypatch):
    from pipeline import publish

    def full(*_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(publish, "link_or_copy", full)
    with pytest.raises(RunError, match="No space left on device"):
        pipeline.run(dump(tmp_path / "dump"), tmp_path / "out", report=False)
    assert status(str(tmp_path / "out")).state == "unfinished"


def changed_at_random(folder, chance, round_):
    """Documents added, changed, removed and moved."""
    files = sorted(folder.rglob("*.txt"))
    chance.choice(files).unlink()
    chance.choice([f for f in files if f.exists()]).write_text(page(chance.randrange(500)), encoding="utf-8")
    (folder / f"new{round_}.txt").write_text(page(500 + round_), encoding="utf-8")
    moved = chance.choice([f for f in files if f.exists()])
    moved.rename(moved.with_name(f"moved{round_}.txt"))


@pytest.mark.parametrize("rounds", [2, pytest.param(15, marks=pytest.mark.long)])
def test_what_is_taken_over_is_what_a_fresh_run_makes(tmp_path, monkeypatch, rounds):
    """However often a dump changes, and its shards with it, the release is that of a run that knows of nothing before."""
    from pipeline import plan

    cut, chance = plan.shards, random.Random(rounds)
    folder, out = dump(tmp_path / "dump", 8), tmp_path / "out"
    for n in range(rounds):
        size = chance.choice([3000, 6000, 1 << 20])
        with monkeypatch.context() as patch:
            patch.setattr(plan, "shards", lambda documents, size=size: cut(documents, size))
            pipeline.run(folder, out, report=False, duplicates=bool(n % 2))
            pipeline.run(folder, tmp_path / f"fresh{n}", report=False, duplicates=bool(n % 2))
        assert release(out) == release(tmp_path / f"fresh{n}")
        changed_at_random(folder, chance, n)


class TestEarlierResults:
    """Results that may hold a shard's documents, by the numbers of shards."""

    @pytest.mark.parametrize(
        ("mine", "found"),
        [
            ("part-0001-of-0002-x", {"part-0001-of-0002-a", "part-0003-of-0004-c", "part-0000-of-0001-d"}),
            ("part-0002-of-0004-x", {"part-0000-of-0002-b", "part-0000-of-0001-d"}),
            ("all-x", set()),
        ],
    )
    def test_of_the_same_numbers(self, tmp_path, mine, found):
        names = ("part-0001-of-0002-a", "part-0000-of-0002-b", "part-0003-of-0004-c", "part-0000-of-0001-d")
        for name in (*names, "part-0001-of-0002-e.tmp-7"):
            (tmp_path / name).mkdir()
            (tmp_path / name / INDEX).touch()
        (tmp_path / "part-0001-of-0002-f").mkdir()
        assert {folder.name for folder in earlier_results(tmp_path / mine)} == found
