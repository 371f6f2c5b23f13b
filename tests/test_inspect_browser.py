"""The inspection page in a real browser: it opens without an error, lights the right pieces, obeys its keys."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from made import article, paragraph
from test_inspect import EVIL, torn_page

from pipeline.chain import Settings
from pipeline.inspection import decisions
from pipeline.inspection.bits import bits_of
from pipeline.inspection.page import page_of

pytestmark = pytest.mark.long

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    driver = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright")
    with driver.sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield found
        found.close()


@pytest.fixture
def shown(browser, tmp_path):
    """Opens the page of a text; afterwards nothing may have gone wrong and nothing been asked of a network."""
    wrong, contexts = [], []

    def show(text, anchor="", **options):
        data = text if isinstance(text, bytes) else text.encode()
        html = page_of(decisions.decide(data, "page.txt", Settings()))
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8")
        given = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "color_scheme": "light"} | options
        context = browser.new_context(**given)
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: wrong.append(message.text))
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("request", lambda request: wrong.append(request.url) if not request.url.startswith("file:") else None)
        tab.goto(f"{file.as_uri()}{anchor}")
        return tab

    yield show
    for context in contexts:
        context.close()
    assert wrong == []


def lit(tab, cls="lit"):
    """The line numbers that are lit in the document."""
    return tab.eval_on_selector_all(f"#raw .{cls}", "x => [...new Set(x.map(n => +n.closest('.row').dataset.line))]")


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_the_samples_open(shown, path):
    tab = shown(path.read_bytes())
    said = tab.inner_text("#raw")
    lines = [line.strip() for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    assert all(" ".join(line.split()) in " ".join(said.split()) for line in lines)
    assert tab.locator(".story").count() >= 1


def test_a_page_of_400_blocks_opens_at_once(shown):
    tab = shown("\n\n".join(f"{article(n, 7)}\n\n{paragraph(n)}" for n in range(50)))
    assert tab.locator("#raw .row[data-line] .bit").count() >= 400
    spent = tab.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert spent < 3000


def test_a_paragraph_lights_its_pieces_and_no_others(shown):
    tab = shown(torn_page())
    for k in range(tab.locator(".story p .bit").count()):
        piece = tab.locator(".story p .bit").nth(k)
        piece.scroll_into_view_if_needed()
        piece.hover()
        (line,) = lit(tab)
        raw = tab.inner_text(f".row[data-line='{line}'] .say")
        assert raw.strip() == piece.inner_text().strip()
    mend = tab.locator(".mend")
    assert mend.count() == 1
    mend.scroll_into_view_if_needed()
    mend.click()
    first, then = lit(tab)
    assert then == first + 2
    assert "most pairs of pieces" in tab.inner_text("#detail")


def test_an_arc_runs_from_piece_to_piece(shown):
    tab = shown(torn_page())
    box = tab.locator("#arcs g.seam path.line").bounding_box()
    mend = tab.locator(".mend")
    mend.click()
    first, then = (tab.locator(f".row[data-line='{n}']").bounding_box() for n in lit(tab))
    assert first["y"] <= box["y"] <= first["y"] + first["height"] + 4
    assert then["y"] - 4 <= box["y"] + box["height"] <= then["y"] + 24


def test_its_keys(shown):
    tab = shown(SEEDS[0].read_bytes())
    stories = tab.locator(".story")
    for press, on in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        tab.keyboard.press(press)
        assert stories.nth(on).evaluate("x => x.classList.contains('on')")
        assert stories.nth(on).locator("header").is_visible()
    tab.keyboard.press("n")
    first = lit(tab)
    tab.keyboard.press("n")
    assert len(first) >= 2
    assert lit(tab) != first
    tab.keyboard.press("N")
    assert lit(tab) == first
    tab.keyboard.press("Escape")
    assert lit(tab) == []
    tab.keyboard.press("?")
    assert tab.locator("#keys").is_visible()


def test_labels_filter_and_words_are_found(shown):
    tab = shown(torn_page())
    rows = tab.locator("#raw .row:visible").count()
    tab.locator("#labels button.k-title").click()
    assert tab.locator("#raw .row:visible").count() == 2
    tab.locator("#labels button.k-title").click()
    assert tab.locator("#raw .row:visible").count() == rows
    tab.keyboard.press("/")
    tab.keyboard.type("第12号")
    hits = int(tab.inner_text("#hits").split()[0])
    assert hits == sum("第12号" in text for text in tab.locator(".say, .story p, .story > div").all_inner_texts()) > 0
    tab.keyboard.press("Enter")
    assert tab.inner_text("#hits").startswith("1 /")


def test_dropped_lines_say_why(shown):
    tab = shown(torn_page())
    tab.locator("#raw .dropped.bit").first.hover()
    assert "masthead" in tab.inner_text("#detail")
    assert "paper-name" in tab.inner_text("#detail")


def test_light_and_dark_english_and_chinese(shown):
    paper = "getComputedStyle(document.body).backgroundColor"
    light, dark = shown(torn_page()), shown(torn_page(), color_scheme="dark", locale="zh-CN")
    assert light.evaluate(paper) != dark.evaluate(paper)
    assert "As it came" in light.inner_text("#raw h2")
    assert "原始文档" in dark.inner_text("#raw h2")
    before = light.evaluate(paper)
    light.locator("#theme").click()
    light.locator("#language").click()
    assert light.evaluate(paper) != before
    assert "原始文档" in light.inner_text("#raw h2")


@pytest.mark.parametrize("text", ["", " \n\n", "\N{ZERO WIDTH SPACE}\n"])
def test_a_document_of_no_text_opens(shown, text):
    tab = shown(text)
    for key in "jkn?":
        tab.keyboard.press(key)
    assert "no text" in tab.inner_text("#out")


def test_records_of_other_rules_open_without_evidence(shown, monkeypatch):
    monkeypatch.setattr("pipeline.inspection.view.bits_of", lambda found: (bits_of(found)[0], False))
    tab = shown(torn_page())
    assert "made by other rules" in tab.inner_text("#detail")
    tab.locator(".mend").click()
    assert len(lit(tab)) == 2


def test_a_link_leads_to_a_line(shown):
    assert lit(shown(torn_page(), "#line=9")) == [9]


@pytest.mark.parametrize("width", [1000, 700])
def test_it_fits_a_narrow_window(shown, width):
    tab = shown(torn_page(), viewport={"width": width, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_a_script_in_a_document_is_shown_and_never_run(shown):
    tab = shown("\n\n".join([article(1), *EVIL, article(2), EVIL[0]]))
    tab.wait_for_timeout(200)
    assert tab.title() != "run"
    assert "<script>document.title='run'</script>" in tab.inner_text("#raw")
    assert tab.locator("#raw script, #raw img, #out script, #out img").count() == 0
    for piece in tab.locator("#raw .bit").all():
        piece.hover()
    assert tab.title() != "run"
