"""The command line, run as its users run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest
from made import dump, page, records

from pipeline.cli import main

PAGE = page(3)


def newsreflow(*args, cwd=None, data=None, **more):
    command = [sys.executable, "-m", "pipeline.cli", *map(str, args)]
    return subprocess.run(command, cwd=cwd, input=data, capture_output=True, check=False, **more)


def test_help_has_examples():
    for args in (["--help"], ["run", "--help"]):
        done = newsreflow(*args)
        assert done.returncode == 0
        assert "newsreflow run seeds -o output" in done.stdout.decode()


def test_version():
    assert newsreflow("--version").stdout.decode().startswith("newsreflow 0.")


def test_help_loads_nothing_heavy():
    """Start-up of --help: what takes its time is not imported."""
    code = (
        "import sys; from pipeline.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\nprint(sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1]
    for name in ("numpy", "scipy", "luigi", "rich", "msgspec", "regex", "opencc", "ftfy"):
        assert f"'{name}'" not in loaded


def test_run_ends_with_a_summary(tmp_path):
    done = newsreflow("run", dump(tmp_path / "dump"), "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    table = done.stdout.decode()
    for row in (
        "documents",
        "articles",
        "paragraphs",
        "joins",
        "jump lines linked",
        "dropped",
        "masthead",
        "quarantined",
    ):
        assert row in table
    assert "\x1b" not in table
    assert done.stderr == b""


def test_quiet_says_nothing(tmp_path):
    done = newsreflow("run", dump(tmp_path / "dump"), "-o", tmp_path / "out", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_run_again_says_that_nothing_is_new(tmp_path):
    for _ in range(2):
        done = newsreflow("run", dump(tmp_path / "dump"), "-o", tmp_path / "out")
    assert "nothing new" in done.stdout.decode()


@pytest.mark.parametrize("source", ["file", "stdin"])
def test_clean_writes_articles(tmp_path, source):
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    if source == "file":
        done = newsreflow("clean", tmp_path / "page.txt")
    else:
        done = newsreflow("clean", "-", data=PAGE.encode())
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert found
    assert found[0]["sources"][0]["path"] == ("page.txt" if source == "file" else "-")


def test_clean_takes_the_runs_settings():
    done = newsreflow("clean", "-", "--script", "traditional", data=PAGE.encode())
    assert "漁港" in done.stdout.decode() or "負責人" in done.stdout.decode()


def test_clean_into_a_closed_pipe_is_no_error():
    command = f"{sys.executable} -m pipeline.cli clean - | head -c 10 > /dev/null; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], input=(PAGE * 40).encode(), capture_output=True, check=False)
    assert b"Traceback" not in done.stderr


def test_script_and_punctuation(tmp_path):
    (tmp_path / "a.txt").write_text(
        "漁港開放\n\n漁港昨天開放,來了許多客人,大家都說明年還要再來看一看。\n", encoding="utf-8"
    )
    for script, punctuation, wanted in (
        ("simplified", "full", "渔港昨天开放，来了许多客人"),
        ("keep", "keep", "漁港昨天開放,來了許多客人"),
    ):
        out = tmp_path / script
        args = ("run", tmp_path / "a.txt", "-o", out, "--script", script, "--punctuation", punctuation, "--quiet")
        assert newsreflow(*args).returncode == 0
        assert wanted in records(out / "articles")[0]["text"]


def test_strict_ends_with_1_and_still_publishes(tmp_path):
    folder = dump(tmp_path / "dump")
    (folder / "noise.txt").write_bytes(bytes(range(256)) * 20)
    relaxed = newsreflow("run", folder, "-o", tmp_path / "out")
    strict = newsreflow("run", folder, "-o", tmp_path / "out", "--strict")
    assert (relaxed.returncode, strict.returncode) == (0, 1)
    assert b"1 document" in strict.stderr
    assert records(tmp_path / "out" / "articles")


def test_a_path_pattern_that_cannot_be_used_is_a_usage_error(tmp_path):
    done = newsreflow("run", dump(tmp_path / "dump"), "-o", tmp_path / "out", "--path-pattern", "{weather}.txt")
    assert done.returncode == 2
    assert b"weather" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("text", ["rule = [", '[[rule]]\nname = "x"\nreason = "boredom"\n', None])
def test_rules_that_cannot_be_used_are_a_usage_error(tmp_path, text):
    rules = tmp_path / "rules.toml"
    if text is not None:
        rules.write_text(text, encoding="utf-8")
    done = newsreflow("run", dump(tmp_path / "dump"), "-o", tmp_path / "out", "--rules", rules)
    assert done.returncode == 2
    assert b"rules.toml" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["clean"], ["annotate"], ["inspect", "-o", "-"], ["explain", "--line", "1"]])
def test_settings_that_cannot_be_used_are_a_usage_error_of_each_command(tmp_path, capsys, command):
    """They are no fault of the document, so the message does not name it."""
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    for option, value in (("--rules", str(tmp_path / "none.toml")), ("--path-pattern", "{weather}.txt")):
        assert main([*command, str(tmp_path / "page.txt"), option, value]) == 2
        said = capsys.readouterr().err
        assert value in said
        assert "page.txt:" not in said


def test_usage_errors_end_with_2(tmp_path):
    for args in ([], ["run"], ["run", "x"], ["run", "x", "-o", "y", "--workers", "0"], ["dance"]):
        assert newsreflow(*args, cwd=tmp_path).returncode == 2


def test_a_log_gets_plain_lines(tmp_path):
    """Not a terminal: no bar, no colours, no carriage returns."""
    done = newsreflow("run", dump(tmp_path / "dump"), "-o", tmp_path / "out", "--workers", "2")
    assert b"\r" not in done.stdout + done.stderr


def test_a_terminal_gets_a_bar(tmp_path):
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pipeline.cli", "run", str(dump(tmp_path / "dump")), "-o", str(tmp_path / "out")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        seen = b""
        try:
            while chunk := os.read(ours, 4096):
                seen += chunk
        except OSError:
            pass
    os.close(ours)
    assert process.returncode == 0
    assert b"\x1b[" in seen
    assert b"Traceback" not in seen


def test_interrupted_ends_with_130(tmp_path):
    import signal

    folder = dump(tmp_path / "dump", 15)
    command = [sys.executable, "-m", "pipeline.cli", "run", str(folder), "-o", str(tmp_path / "out"), "--quiet"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        end = time.monotonic() + 20
        while not (tmp_path / "out" / ".work" / "decode").exists() and time.monotonic() < end:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode in (0, 130)
    assert b"Traceback" not in said


def test_eval_shows_figures_and_misses(tmp_path):
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "a.txt").write_text(PAGE, encoding="utf-8")
    newsreflow("run", tmp_path / "dump", "-o", tmp_path / "out", "--quiet")
    gold = {
        "document": "a.txt",
        "articles": [{"key": "k", "paragraphs": [{"type": "p", "text": "谁也没有写过的一段。"}]}],
    }
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold), encoding="utf-8")
    done = newsreflow("eval", tmp_path / "gold.jsonl", tmp_path / "out", "--misses", "3", "--each")
    assert done.returncode == 0, done.stderr
    assert "paragraph: a.txt k\n  gold  谁也没有写过的一段。" in done.stdout.decode()
    assert newsreflow("eval", tmp_path / "none.jsonl", tmp_path / "out").returncode == 2


def test_eval_with_floors(tmp_path):
    (tmp_path / "gold.jsonl").write_text(json.dumps({"document": "a.txt", "articles": []}), encoding="utf-8")
    (tmp_path / "out.jsonl").write_text("", encoding="utf-8")
    (tmp_path / "floors.json").write_text('{"title": 0.5}', encoding="utf-8")
    done = newsreflow("eval", tmp_path / "gold.jsonl", tmp_path / "out.jsonl", "--floors", tmp_path / "floors.json")
    assert done.returncode == 1
    assert b"title" in done.stderr


def test_floors_that_cannot_be_read_are_a_usage_error(tmp_path, monkeypatch, capsys):
    """A gate whose file is misspelt must not stand open."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gold.jsonl").write_text(json.dumps({"document": "a.txt", "articles": []}), encoding="utf-8")
    (tmp_path / "out.jsonl").write_text("", encoding="utf-8")
    (tmp_path / "odd.json").write_text("[1]", encoding="utf-8")
    for options in (["--floors", "none.json"], ["--floors", "odd.json"], ["--raise-floors"]):
        assert main(["eval", "gold.jsonl", "out.jsonl", *options]) == 2
        assert options[-1] in capsys.readouterr().err
    assert main(["eval", "gold.jsonl", "out.jsonl", "--floors", "new.json", "--raise-floors"]) == 0
    assert (tmp_path / "new.json").exists()
