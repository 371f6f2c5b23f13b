"""The guide says what is so: its commands run, the modules, rules and signs that it names are there, its links lead somewhere."""

from __future__ import annotations

import re

import pytest
from test_readme import ROOT, place, run

from pipeline.inspection.words import SIGNS, WORDS

__all__ = ["place"]

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
GUIDE = sorted((DOCS / "how-it-decides").glob("*.md"))


def commands(path):
    return re.findall(r"^```bash\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.long
@pytest.mark.parametrize("path", GUIDE, ids=lambda path: path.stem)
def test_its_commands_run(place, path):
    said = run(["bash", "-euc", "\n".join(commands(path))], place)
    assert said


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_its_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (path.parent / target).exists(), target


@pytest.mark.parametrize("path", GUIDE, ids=lambda path: path.stem)
def test_the_modules_that_it_names_are_there(path):
    for name in re.findall(r"`([\w./-]+\.(?:py|toml))`", path.read_text(encoding="utf-8")):
        found = [ROOT / name, ROOT / "pipeline" / name, ROOT / "pipeline" / "rules" / name]
        assert any(place.is_file() for place in found), name


def test_the_rules_and_signs_that_it_names_are_there():
    chrome = (DOCS / "how-it-decides" / "2-chrome.md").read_text(encoding="utf-8")
    table = [
        name for row in re.findall(r"^\| (`.*?) \|", chrome, re.MULTILINE) for name in re.findall(r"`([\w-]+)`", row)
    ]
    assert len(table) > 5
    assert all(name in WORDS["rule"] for name in table)
    columns = (DOCS / "how-it-decides" / "4-columns.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z, ]+) \|", columns.split("| sign |")[1], re.MULTILINE)
    assert {name for row in rows for name in row.split(", ")} == set(SIGNS["sign"]["seam"]) - {"numbers"} | {"rivals"}
