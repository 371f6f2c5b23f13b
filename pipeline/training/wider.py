"""Simulated pages closer to real ones, for training: the evaluation's simulator with what it leaves out.

Real pages hold articles of fifty paragraphs, crossheads between them and closing lines that the simulator's do not; headlines are missing; a
model trained without them takes every short line for a headline.
"""

from __future__ import annotations

import importlib.util
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline.labels import DATELINE
from pipeline.training.dressing import CLAUSE, Dressing

CLOSING = ("（完）", "（记者 {}）", "（新华社{}电）", "（本报{}电）", "(完)")
WRITERS = ("本报记者", "新华社记者", "本报评论员", "□ 记者", "通讯员", "文/", "□")
PLACES = ("北京4月2日", "上海11月15日", "广州3月9日", "南京12月18日")
LATE = 0.12  # share of pages with headlines below
AMID = 0.15  # share of pages with heads between the columns of their articles; of these pages, half of the articles
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
            """Some pages were read with each headline after its article, some with heads between the columns of theirs."""
            *page, articles, items = given
            late, amid = self.rng.random() < LATE, self.rng.random() < AMID
            moved = []
            for no, segments, titled, came_from, goes_to in items:
                if titled and articles[no].title and came_from is None and goes_to is None:
                    if late:
                        segments, titled = [*segments, *self.head_of(no, articles[no])[:1]], False
                    elif amid and len(segments) > 1 and self.rng.random() < 0.5:
                        at = self.rng.randint(1, len(segments) - 1)
                        segments, titled = [*segments[:at], *self.head_of(no, articles[no]), *segments[at:]], False
                moved.append((no, segments, titled, came_from, goes_to))
            return str(super().page_text(*page, articles, moved))

        def head_of(self, no: int, article: Any) -> list[Any]:  # noqa: ANN401
            """The headline of an article, its deck and its byline, as the simulator sets them."""
            kinds = sys.modules["newsreflow_simulator"]
            lines = {"title": article.title, "subtitle": article.subtitle, "byline": article.byline}
            return [
                kinds.Segment([kinds.Line(text, no, -1 if kind == "title" else -2)], kind)
                for kind, text in lines.items()
                if text
            ]

        def issue(self, number: int) -> tuple[dict[str, str], dict[str, Any]]:
            """Heads of many shapes, photographs and lines of no article."""
            files, gold = super().issue(number)
            Dressing(self.rng, files, gold).dress()
            return files, gold

    return Wider
