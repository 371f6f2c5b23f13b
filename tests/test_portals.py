"""Figures that web pages must keep, by the table that `make bench` prints."""

import bench_web
import pytest

FLOORS = {"web163": (0.97, 0.93, 0.95), "webmixed": (0.97, 0.93, 0.95)}


@pytest.mark.parametrize("name", FLOORS)
def test_real_pages(name):
    """Real portal pages keep their text, their paragraphs and their headlines."""
    folder = bench_web.EVAL / "real" / name
    if not folder.is_dir():
        pytest.skip("../shared/eval is not here")
    pages = bench_web.stored_pages(folder)
    got = bench_web.figures(pages, bench_web.with_newsreflow(pages, False))
    assert all(value >= floor for value, floor in zip(got, FLOORS[name], strict=True)), got


@pytest.mark.parametrize("html", [False, True], ids=["text", "html"])
def test_ahead_of_rules_on_paragraphs(html):
    """Made-up pages come out better than by the length and the words of each line."""
    pages = bench_web.made_pages("portals")
    ours = bench_web.figures(pages, bench_web.with_newsreflow(pages, html))
    theirs = bench_web.figures(pages, bench_web.with_paragraph_rules(pages, html))
    assert min(ours) >= 0.98
    assert all(a > b for a, b in zip(ours, theirs, strict=True))
