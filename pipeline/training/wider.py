"""Simulated pages closer to real ones, for training: the evaluation's simulator with what it leaves out.

Real pages hold articles of fifty paragraphs, crossheads between them and closing lines that the simulator's do not; headlines are missing; a
model trained without them takes every short line for a headline.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline.labels import DATELINE

CLAUSE = re.compile(r"[^，。；：、！？“”‘’（）《》()\s]{4,14}")
CLOSING = ("（完）", "（记者 {}）", "（新华社{}电）", "（本报{}电）", "(完)")
WRITERS = ("本报记者", "新华社记者", "本报评论员", "□ 记者", "通讯员")
PLACES = ("北京4月2日", "上海11月15日", "广州3月9日", "南京12月18日")
LATE = 0.12  # share of pages with headlines below
LOST = 0.04  # share of columns that lost their first or their last character
NAMES = ("李明", "王小华", "赵静 陈卫", "周建国")


def load_simulator(path: Path) -> ModuleType:
    """The simulator's module, from its file."""
    spec = importlib.util.spec_from_file_location("newsreflow_simulator", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def wider(base: Any) -> Any:  # noqa: ANN401 (a class of a module that is loaded by its path)
    """The simulator's class with longer articles, crossheads and closing lines."""

    class Wider(base):
        def columns_of(self, n: int, article: Any, columns: int, *rest: Any) -> Any:  # noqa: ANN401
            """Articles of one page are set in columns of different widths."""
            if not hasattr(article, "columns"):
                article.columns = columns + (self.rng.choice([-4, 0, 0, 4, 8]) if article.key != "a0" else 0)
            segments = super().columns_of(n, article, article.columns, *rest)
            for above, below in pairwise(segments):  # OCR loses characters at the edge of a column more than elsewhere
                if self.rng.random() < LOST:
                    edge = above.lines[-1]
                    edge.text = edge.text[:-1] if len(edge.text) > 4 else edge.text
                if self.rng.random() < LOST:
                    edge = below.lines[0]
                    edge.text = edge.text[1:] if len(edge.text) > 4 else edge.text
            return segments

        def fit(self, raw: dict[str, Any], key: str, capacity: int, columns: int) -> Any:  # noqa: ANN401
            r = self.rng
            article = super().fit(raw, key, int(capacity * r.choice([1, 1, 2, 4])), columns)
            paragraphs = list(article.paragraphs)
            if len(paragraphs) >= 4 and r.random() < 0.6:
                every = r.randint(2, 6)
                quoted = r.random() < 0.3
                out: list[tuple[str, str]] = []
                for k, (kind, text) in enumerate(paragraphs):
                    clauses = CLAUSE.findall(text)
                    if k and k % every == 0 and kind == "p" and clauses and out[-1][0] == "p":
                        clause = r.choice(clauses)
                        out.append(("h", f"“{clause}”" if quoted else clause))
                        if r.random() < 0.1:
                            out.append(("h", f"“{r.choice(clauses)}，{r.choice(clauses)}”"))
                    out.append((kind, text))
                paragraphs = out
            opens = DATELINE.match(paragraphs[0][1]) if paragraphs else None
            if (
                not article.byline and not opens and r.random() < 0.75
            ):  # as papers do, where the first line does not say it
                article.byline = f"{r.choice(WRITERS)} {r.choice(NAMES)}"
            if r.random() < 0.25:
                closing = r.choice(CLOSING)
                paragraphs.append(("p", closing.format(r.choice(NAMES if "记者" in closing else PLACES))))
            article.paragraphs = paragraphs
            if r.random() < 0.15:  # its headline is a picture, or on a page that the dump does not hold
                article.title, article.subtitle = "", None
            return article

        def page_text(self, *given: Any) -> str:  # noqa: ANN401 (as the simulator has it: … articles, items)
            """Some pages were read with each headline after its article."""
            *page, articles, items = given
            if self.rng.random() < LATE:
                kinds = sys.modules["newsreflow_simulator"]
                after = []
                for no, segments, titled, came_from, goes_to in items:
                    if titled and articles[no].title and came_from is None and goes_to is None:
                        head = kinds.Segment([kinds.Line(articles[no].title, no, -1)], "title")
                        segments, titled = [*segments, head], False
                    after.append((no, segments, titled, came_from, goes_to))
                items = after
            return str(super().page_text(*page, articles, items))

        def issue(self, number: int) -> tuple[dict[str, str], dict[str, Any]]:
            """Some articles get a kicker on the line above their headline."""
            files, gold = super().issue(number)
            r = self.rng
            for article in gold["articles"]:
                words = CLAUSE.findall("".join(p["text"] for p in article["paragraphs"]))
                title = article["title"]
                if not title or not words or article["subtitle"] or r.random() > 0.25:
                    continue
                kicker = r.choice(words) + r.choice(words)
                for name, text in files.items():
                    if text.count(f"\n{title}\n") == 1:
                        gap = "\n\n" if f"\n\n{title}\n" in text else "\n"
                        files[name] = text.replace(f"\n{title}\n", f"\n{kicker}{gap}{title}\n")
                        article["kicker"] = kicker
            return files, gold

    return Wider
