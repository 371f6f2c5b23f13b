"""Web pages against what users would take: content_f, paragraph_f and title for each set and each tool, in one table.

    make bench                     prints it below the costs
    python tests/bench_web.py      the table alone

Sets: the made-up portal pages of tests/cases; where ../shared/eval is at hand, its real portal pages and portal pages of
its simulator. Real pages are there as text only; as HTML stand the other sets, in the plain markup that sites have had
since they left tables: menus and lists as links, the headline as h1, paragraphs as p.

Tools: naive.py of ../shared/eval; paragraph rules as jusText has them (length, share of function words, neighbours) with
limits for Chinese; for HTML trafilatura and GNE, from the extra `bench`. What is absent is left out, and said.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import pipeline
from pipeline.evaluate import score
from pipeline.gold import Gold, GoldParagraph, ScoredArticle, read_gold

HERE = Path(__file__).resolve().parent
EVAL = HERE.parent.parent / "shared" / "eval"
FIGURES = ("content_f", "paragraph_f", "title")
SEED, PAGES = "5", "60"
MARKS = {"P": "p", "H": "h", "C": "caption"}
Found = list[tuple[str | None, list[str]]]  # title and paragraphs of each article


class Page(NamedTuple):
    """A page as text and as HTML, and what it holds."""

    name: str
    text: str
    html: str
    gold: Gold


def made_pages(kind: str) -> list[Page]:
    """The pages of tests/cases, of one kind of them."""
    pages = []
    for path in sorted((HERE / "cases" / kind).glob("*.txt")):
        lines: list[tuple[str, str]] = []
        for line in path.read_text(encoding="utf-8").split("\n"):
            mark, bar, rest = line.partition("|")
            if line.startswith("T?"):
                lines.append(("", line[2:]))
            else:
                lines.append((mark, rest) if bar and mark in tuple("TKSBPHCX") else ("", line))
        pages.append(as_page(path.name, lines))
    return pages


def as_page(name: str, lines: list[tuple[str, str]]) -> Page:
    """A page of marked lines."""
    articles: list[ScoredArticle] = []
    broken = name.startswith("wrapped")  # its lines are set in where a paragraph begins
    fields = {"K": "kicker", "S": "subtitle", "B": "byline"}
    for mark, text in lines:
        named = bool(articles and articles[-1].title and not articles[-1].paragraphs)
        if (mark == "T" and not named) or (mark and mark != "X" and not articles):
            articles.append(ScoredArticle([], key=len(articles)))
        if mark == "T":  # on two lines at times
            articles[-1].title = (articles[-1].title or "") + text.strip()
        elif mark == "P" and broken and articles[-1].paragraphs and not text.startswith(" "):
            articles[-1].paragraphs[-1].text += text.strip()
        elif mark in MARKS:
            articles[-1].paragraphs.append(GoldParagraph(text.strip(), MARKS[mark]))
        elif mark in fields:
            setattr(articles[-1], fields[mark], text.strip())
    return Page(name, "\n".join(text for _, text in lines), as_html(lines), Gold(name, articles))


def as_html(lines: list[tuple[str, str]]) -> str:
    """The lines in plain markup."""
    kept = [i for i, (mark, _) in enumerate(lines) if mark and mark != "X"]
    first, last = (kept[0], kept[-1]) if kept else (len(lines), len(lines))
    title = next((text for mark, text in lines if mark == "T"), "")
    out = [f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{escape(title)}_某某网</title></head><body>"]
    out.append("<div class=nav><ul>")
    for i, (mark, text) in enumerate(lines):
        if i == first:
            out.append("</ul></div><div class=main>")
        tag = {"T": "h1", "P": "p", "H": "h3", "C": "figcaption", "S": "h2", "B": "div", "K": "h4"}.get(mark)
        bare = escape(text.strip())
        if not bare:
            continue
        if tag:
            out.append(f"<{tag}>{bare}</{tag}>")
        elif first < i < last:
            out.append(f"<div class=tool>{bare}</div>")
        else:
            out.append(f'<li><a href="/{i}.html">{bare}</a></li>' if len(text) < 60 else f"<div>{bare}</div>")
        if i == last:
            out.append("</div><div class=list><ul>")
    return "\n".join([*out, "</ul></div></body></html>"])


def stored_pages(folder: Path) -> list[Page]:
    """The pages of a folder with raw/ and gold.jsonl."""
    pages = []
    for gold in read_gold(folder / "gold.jsonl"):
        text = (folder / "raw" / gold.names[0]).read_text(encoding="utf-8")
        marks = {a.title: "T" for a in gold.articles} | {a.subtitle: "S" for a in gold.articles}
        marks |= {p.text: {"h": "H", "caption": "C"}.get(p.type, "P") for a in gold.articles for p in a.paragraphs}
        lines = []
        for line in text.split("\n"):
            lines.append((marks.pop(line.strip(), "") if line.strip() else "", line))
        pages.append(Page(gold.names[0], text, as_html(lines), gold))
    return pages


def with_newsreflow(pages: list[Page], html: bool) -> Iterable[Found]:
    """What this project makes of pages."""
    for page in pages:
        name = page.name.replace(".txt", ".html") if html else page.name
        found = pipeline.clean(page.html if html else page.text, name)
        yield [(a.title, [p.text for p in a.paragraphs]) for a in found]


def with_naive(pages: list[Page], html: bool) -> Iterable[Found]:
    """What the short script makes of them."""
    with tempfile.TemporaryDirectory() as name:
        for page in pages:
            (Path(name) / page.name).write_text(page.text, encoding="utf-8")
        run = subprocess.run([sys.executable, EVAL / "naive.py", name], check=True, capture_output=True, text=True)
    by_name = {row["source"]["path"]: row for row in map(json.loads, run.stdout.splitlines())}
    for page in pages:
        row = by_name[page.name]
        yield [(row["title"], [p["text"] for p in row["paragraphs"]])]


FUNCTION = frozenset(
    "的一是了在和有不这为中上个到说以对也就要与及其将于时会从而地出来我们他她它之但还等把被后年月日這為個說對與將於時會從來們還後"
)
SHORT, LONG, FEW, MANY = 16, 40, 0.06, 0.10


def with_paragraph_rules(pages: list[Page], html: bool) -> Iterable[Found]:
    """Good, near good, short and bad lines by length and function words; the two in doubt follow their neighbours."""
    for page in pages:
        lines = [line.strip() for line in page.text.split("\n") if line.strip()]
        kinds = []
        for line in lines:
            share = sum(ch in FUNCTION for ch in line) / len(line)
            if len(line) < SHORT:
                kinds.append("short")
            elif share >= MANY:
                kinds.append("good" if len(line) > LONG else "near")
            else:
                kinds.append("near" if share >= FEW and line[-1] in "。！？”" else "bad")
        sure = [i for i, kind in enumerate(kinds) if kind == "good"]
        kept = []
        for i, kind in enumerate(kinds):
            above, below = any(i - 3 <= k < i for k in sure), any(i < k <= i + 3 for k in sure)
            if kind == "good" or (kind == "near" and (above or below)) or (kind == "short" and above and below):
                kept.append(i)
        title = next((lines[i] for i in range(kept[0] - 1, -1, -1) if 8 <= len(lines[i]) <= 60), None) if kept else None
        yield [(title, [lines[i] for i in kept])] if kept else []


def with_trafilatura(pages: list[Page], html: bool) -> Iterable[Found]:
    """What trafilatura makes of HTML."""
    from trafilatura import bare_extraction

    for page in pages:
        found: Any = bare_extraction(page.html, favor_recall=True, include_comments=False, with_metadata=True)
        yield [] if found is None else [(found.title, (found.text or "").split("\n"))]


def with_gne(pages: list[Page], html: bool) -> Iterable[Found]:
    """What GNE makes of HTML."""
    from gne import GeneralNewsExtractor

    extractor = GeneralNewsExtractor()
    for page in pages:
        found = extractor.extract(page.html)
        yield [(found["title"], found["content"].split("\n"))]


Tool = Callable[[list[Page], bool], Iterable[Found]]
TEXT: dict[str, Tool] = {
    "newsreflow": with_newsreflow, "naive.py": with_naive, "paragraph rules": with_paragraph_rules,
}  # fmt: skip
HTML: dict[str, Tool] = {"newsreflow": with_newsreflow, "trafilatura": with_trafilatura, "gne": with_gne}


def figures(pages: list[Page], found: Iterable[Found]) -> list[float]:
    """The figures of a tool on a set."""
    out = []
    for page, articles in zip(pages, found, strict=True):
        for title, texts in articles:
            paragraphs = [GoldParagraph(text) for text in texts if text.strip()]
            out.append(ScoredArticle(paragraphs, title=title, sources=[{"path": page.name}]))
    scored = score([page.gold for page in pages], out).total.figures()
    return [scored[name] for name in FIGURES]


def sets() -> Iterable[tuple[str, bool, list[Page]]]:
    """Name, whether it is read as HTML, and pages."""
    made = {"portal forms": made_pages("portals"), "several on a page": made_pages("several")}
    if EVAL.is_dir():
        for name in ("web163", "webmixed"):
            yield f"real/{name}", False, stored_pages(EVAL / "real" / name)
        with tempfile.TemporaryDirectory() as name:
            size = ["--seed", SEED, "--issues", "0", "--wraps", "0", "--webs", PAGES]
            corpus = EVAL / "corpus" / "dev_rmrb.jsonl"
            subprocess.run([sys.executable, EVAL / "simulate.py", corpus, name, *size], check=True, capture_output=True)
            made["simulated"] = stored_pages(Path(name))
    for html in (False, True):
        for name, pages in made.items():
            yield name, html, pages


def main() -> None:
    """Print the table, and where another tool is ahead."""
    absent: dict[str, str] = {} if EVAL.is_dir() else {"naive.py": "../shared/eval is not here"}
    behind = []
    print(f"{'web pages':<34}{'tool':<18}" + "".join(f"{name:>13}" for name in FIGURES))
    for name, html, pages in sets():
        label = f"{name}, {'HTML' if html else 'text'} ({len(pages)})"
        ours: list[float] = []
        for tool, run in (HTML if html else TEXT).items():
            if tool in absent:
                continue
            try:
                found = list(run(pages, html))
            except ImportError as error:
                absent[tool] = f"{error.name or error} is not installed; it comes with the extra bench"
                continue
            got = figures(pages, found)
            ours = ours or got
            behind += [f"{label}: {tool} in {f}" for f, a, b in zip(FIGURES, ours, got, strict=True) if b > a + 1e-9]
            print(f"{label:<34}{tool:<18}" + "".join(f"{value:>13.3f}" for value in got))
            label = ""
    for tool, why in absent.items():
        print(f"left out: {tool}: {why}")
    print("\n".join(["ahead of newsreflow:", *behind]) if behind else "newsreflow is ahead of or level with all in all")


if __name__ == "__main__":
    main()
