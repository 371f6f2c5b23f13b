"""What the README says is true: its commands run, its options exist, its record is one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from made import article, commands, page

from pipeline.articles import Article
from pipeline.outputs import release_files

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def place(tmp_path):
    """A folder as a reader has it: the sample dump, a page, a day of a dump; and the commands on the path."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    (tmp_path / "page.txt").write_text(page(1), encoding="utf-8")
    day = tmp_path / "dumps" / "2025-12-19"
    day.mkdir(parents=True)
    (day / "p1.txt").write_text(article(1), encoding="utf-8")
    commands(tmp_path)
    return tmp_path


def run(command, place):
    paths = {
        "PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    done = subprocess.run(command, cwd=place, env=os.environ | paths, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("text", blocks("bash"))
def test_its_commands_run(place, text):
    run(["bash", "-euc", text], place)
    assert release_files(place / "output" / "articles")


def test_its_python_runs(place):
    (text,) = blocks("python")
    assert "本报讯" in run([sys.executable, "-c", text], place)


def test_its_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
    assert {"run", "test"} <= named
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in named)


def test_its_options_are_those_of_the_command_line(place):
    commands = ("run", "clean", "eval", "inspect", "explain", "report", "compare", "check-gold")
    told = "".join(run(["newsreflow", command, "--help"], place) for command in commands)
    known = set(re.findall(r"--[a-z-]+", told)) - {"--help"}
    (text,) = blocks("text")
    assert set(re.findall(r"--[a-z-]+", text)) <= known
    of_run = set(re.findall(r"--[a-z-]+", run(["newsreflow", "run", "--help"], place))) - {"--help", "--out"}
    assert of_run <= set(re.findall(r"--[a-z-]+", text))


def test_its_record_is_one():
    (text,) = blocks("json")
    assert msgspec.json.decode(text, type=Article).authors == ["林小满"]
