"""In a real browser: pages open without an error, ask nothing of a network, run nothing of what documents hold, and fit."""

from __future__ import annotations

import shutil

import msgspec
import pytest
from test_inspect_browser import browser  # noqa: F401  (a fixture)
from test_report import made  # noqa: F401  (a fixture)

from pipeline.cli import main
from pipeline.gold import Gold, ScoredArticle

WIDTHS = (1250, 400)


@pytest.fixture(scope="module")
def pages(made, tmp_path_factory):  # noqa: F811
    """The report of a run, what differs from a run without a document, and misses."""
    here = tmp_path_factory.mktemp("pages")
    dump = shutil.copytree(made / "dump", here / "dump")
    (dump / "evil.txt").unlink()
    assert main(["run", str(dump), "-o", str(here / "out"), "--quiet", "--no-report"]) == 0
    assert main(["compare", str(made / "out"), str(here / "out"), "--html", str(here / "compare.html")]) == 0
    gold = Gold("evil.txt", [ScoredArticle([], title="<script>alert(1)</script>")])
    (here / "gold.jsonl").write_bytes(msgspec.json.encode(gold))
    assert main(["eval", str(here / "gold.jsonl"), str(made / "out"), "--html", str(here / "misses.html")]) == 0
    return {
        "report": made / "out" / "report.html",
        "compare": here / "compare.html",
        "misses": here / "misses.html",
    }


@pytest.mark.parametrize("name", ["report", "compare", "misses"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_open_and_fit(browser, pages, name, scheme):  # noqa: F811
    wrong = []
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: request.url.startswith("file:") or wrong.append(request.url))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(pages[name].as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert "<script>alert(1)</script>" in page.inner_text("body")
    context.close()
    assert wrong == []


def test_a_bar_says_what_it_counts(browser, pages):  # noqa: F811
    page = browser.new_page()
    page.goto(pages["report"].as_uri())
    told = page.eval_on_selector_all("figure .bar title", "nodes => nodes.map(node => node.textContent)")
    assert any(text.startswith("海湾日报: ") for text in told)
    page.close()
