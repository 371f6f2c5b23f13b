"""What the guides say is true: their commands run in order, their files load, their links lead somewhere."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from made import FISHING, LESSONS, SUBJECTS, article, commands, paragraph, records
from test_readme import run

from pipeline.cli import _parser, main

ROOT = Path(__file__).resolve().parent.parent
GUIDES = sorted((ROOT / "docs").glob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
TEASER = "听老船长说海 潮汐知识每周一讲"


def blocks(guide):
    return BLOCK.findall((ROOT / "docs" / f"{guide}.md").read_text(encoding="utf-8"))


def web_page(n):
    return "\n".join([
        *("渔讯网 > 码头 > 正文", f"{SUBJECTS[n]}里的第{n}个春天", f"2031-03-0{n + 1} 08:1{n} 来源：渔讯网"),
        *(paragraph(n * 10), paragraph(n * 10 + 1), TEASER, paragraph(n * 10 + 2), "扫一扫看更多渔家视频故事"),
        *("相关阅读", "第九批候鸟飞抵湖区", "老船长的最后一次出海", "关于我们 | 联系我们 | 网站声明", ""),
    ])  # fmt: skip


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A folder as the guides have it: pages of a site, issues of a paper, a dump of both, the sample dump."""
    place = tmp_path_factory.mktemp("guides")
    shutil.copytree(ROOT / "seeds", place / "seeds")
    (place / "site").mkdir()
    for n in range(6):
        (place / "site" / f"page{n + 1}.txt").write_text(web_page(n), encoding="utf-8")
    issue = place / "paper" / "2031-03-04"
    issue.mkdir(parents=True)
    for n in range(1, 4):
        head = f"滨海潮音\n\n0{n}\n\n潮音社编印 今日四版\n\n"
        (issue / f"p{n}.txt").write_text(head + article(n * 10) + "\n\n" + article(n * 10 + 1), encoding="utf-8")
    shutil.copytree(issue, place / "dumps" / "2031-03-04")
    commands(place)
    return place


@pytest.fixture
def place(before, tmp_path, monkeypatch):
    shutil.copytree(before, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def follow(guide, place):
    """Do what a guide says, from top to bottom.

    Blocks of nothing but plain commands of ours run in this process, which saves them the start; all others in a shell.
    """
    for language, text in blocks(guide):
        if language in ("toml", "ini"):
            (place / text.split("\n", 1)[0].removeprefix("# ")).write_text(text, encoding="utf-8")
        elif language == "python":
            exec(compile(text, guide, "exec"), {})
        elif language == "bash" and re.fullmatch(r"(?:(?:newsreflow|mkdir) [^|&;<>\n]*\n)+", text):
            for program, *arguments in map(shlex.split, text.splitlines()):
                if program == "mkdir":
                    Path(arguments[-1]).mkdir(exist_ok=True)
                else:
                    assert main(arguments) == 0, arguments
        elif language == "bash":
            run(["bash", "-euc", text], place)


def test_adding_a_site(place):
    follow("add-a-site", place)
    kept = [one["text"] for one in records(place / "before" / "articles")]
    assert all(TEASER in text for text in kept)
    dropped = [one for one in records(place / "after" / "dropped") if one["text"] == TEASER]
    assert [one["rule"] for one in dropped] == ["yuxun-lesson"] * 6
    assert TEASER in (place / "what-changed.html").read_text(encoding="utf-8")
    assert "Nothing was missed." in (place / "misses.html").read_text(encoding="utf-8")


def test_adding_a_paper(place):
    follow("add-a-paper", place)
    before, after = (records(place / name / "articles") for name in ("before", "after"))
    assert {one["publication"] for one in before} == {None}
    crowded_out = {f"渔港里的第{n * 10}个春天" for n in range(1, 4)}
    assert not crowded_out & {one["title"] for one in before}
    assert crowded_out <= {one["title"] for one in after}
    assert {(one["publication"], one["date"]) for one in after} == {("滨海潮音", "2031-03-04")}
    assert all(one["title"] for one in after)
    assert sorted(one["page"] for one in after) == ["1", "1", "2", "2", "3", "3"]


def test_training_on_a_dump(place):
    own = ["城南渔港迎来首批渔船", *FISHING, "全市小学每天一节体育课", *LESSONS]
    (place / "paper" / "2031-03-04" / "p4.txt").write_text("\n\n".join(own) + "\n", encoding="utf-8")
    follow("train-on-your-dump", place)
    assert (place / "corpus.jsonl").stat().st_size
    assert any((place / "model").iterdir())


def test_running_every_night(place):
    follow("run-it-every-night", place)
    for name in ("clean", "clean-luigi", "trial"):
        assert records(place / name / "articles") == records(place / "clean" / "articles")
        assert (place / name / "report.html").exists()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_commands_that_are_only_shown_are_commands(guide):
    """Those in crontabs, units and of make, which no test can run."""
    text = guide.read_text(encoding="utf-8")
    shown = [block for language, block in BLOCK.findall(text) if language in ("text", "ini")]
    for command in re.findall(r"newsreflow ((?:run|eval|compare|report) [^\n]*)", "\n".join(shown)):
        _parser().parse_args(command.split())
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in named)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_links_and_paths_lead_somewhere(guide):
    text = guide.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (guide.parent / link).exists(), link
    for path in re.findall(r"`((?:pipeline|tests)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path


def test_units_are_what_systemd_reads(place):
    texts = [text for language, text in blocks("run-it-every-night") if language == "ini"]
    for text in texts:
        unit = configparser.ConfigParser(interpolation=None)
        unit.optionxform = str
        unit.read_string(text)
        assert "Unit" in unit
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not at hand")
    for text in texts:
        (place / text.split("\n", 1)[0].removeprefix("# ")).write_text(
            text.replace("/srv/news/venv/bin/newsreflow", shutil.which("true")), encoding="utf-8"
        )
    timer = place / "newsreflow.timer"
    done = subprocess.run([tool, "verify", "--man=no", timer], capture_output=True, text=True, check=False)
    assert "newsreflow" not in done.stderr, done.stderr


def test_the_api_reference_is_made_of_the_docstrings(tmp_path):
    pytest.importorskip("pdoc")
    command = [sys.executable, "-m", "pdoc", "-o", tmp_path, "pipeline", "pipeline.articles", "pipeline.goldfile"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "The articles of one document." in (tmp_path / "pipeline.html").read_text(encoding="utf-8")
    assert "GoldFile" in (tmp_path / "pipeline" / "goldfile.html").read_text(encoding="utf-8")
