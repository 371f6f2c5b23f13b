"""What a terminal or a log sees: progress, the summary of a run, figures of an evaluation."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pipeline.evaluate import Scores
    from pipeline.running import Summary

STAGE_NAMES = {
    "decode": "decode",
    "strip_chrome": "strip chrome",
    "unwrap_lines": "unwrap lines",
    "rejoin_columns": "rejoin columns",
    "link_pages": "link pages",
    "emit": "emit",
}
_LOG_EVERY = 10.0  # seconds between two lines in a log


class RunDisplay(Protocol):
    """Shows how far a run is."""

    def update(self, stage: str, done: int, total: int) -> None:
        """Something was done."""

    def close(self) -> None:
        """The run is over."""


class _Lines:
    """Plain lines, for logs: none for a run of a few seconds."""

    def __init__(self) -> None:
        self.begun = self.last = time.monotonic()

    def update(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self.last < _LOG_EVERY:
            return
        self.last = now
        left = (now - self.begun) * (total - done) / max(done, 1)
        share = 100 * done // max(total, 1)
        print(f"newsreflow: {STAGE_NAMES[stage]}: {share} %, about {left:.0f} s left", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Nothing to put away."""


class _Bar:
    """A bar on a terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        self.bar = Progress(
            TextColumn("{task.description:<14}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self.task = self.bar.add_task("read", total=None)
        self.bar.start()

    def update(self, stage: str, done: int, total: int) -> None:
        self.bar.update(self.task, description=STAGE_NAMES[stage], completed=done, total=total)

    def close(self) -> None:
        self.bar.stop()


def display() -> RunDisplay:
    """A bar on a terminal, else plain lines."""
    return _Bar() if sys.stderr.isatty() else _Lines()


def _rows(summary: Summary) -> list[tuple[str, str]]:
    rows = [
        ("documents", f"{summary.documents:,}"),
        ("articles", f"{summary.articles:,}"),
        ("paragraphs", f"{summary.paragraphs:,}"),
        ("joins", f"{summary.joins:,}"),
        ("jump lines linked", f"{summary.jumps_linked:,}"),
        ("jump lines unresolved", f"{summary.jumps_unresolved:,}"),
        ("dropped", f"{sum(summary.dropped.values()):,}"),
    ]
    rows += [(f"  {reason}", f"{n:,}") for reason, n in sorted(summary.dropped.items(), key=lambda x: (-x[1], x[0]))]
    rows.append(("quarantined", f"{summary.quarantined:,}"))
    if summary.empty:
        rows.append(("empty", f"{summary.empty:,}"))
    if summary.ignored:
        rows.append(("files of other kinds", f"{summary.ignored:,}"))
    return rows


def summary(found: Summary) -> None:
    """The table at the end of a run."""
    rows = _rows(found)
    wide = max(len(name) for name, _ in rows)
    number = max(len(value) for _, value in rows)
    for name, value in rows:
        print(f"{name:<{wide}}  {value:>{number}}")
    if found.quarantined:
        print(f"\n{found.out}/quarantine.jsonl says why documents were set aside.")
    done = f"in {found.seconds:.1f} s" if found.fresh else "nothing new"
    print(f"\n{found.out}/articles ({done})")
    print(found.no_report or f"{found.out}/report.html")


def scores(found: Scores, *, each: bool, as_json: bool, misses: int) -> None:
    """Figures as a table or as JSON, and what was missed."""
    from pipeline.evaluate import COLUMNS

    rows: list[tuple[str, dict[str, Any]]] = []
    if each:
        rows += [(name, tally.figures()) for name, tally in found.each.items()]
    rows.append(("ALL", found.total.figures()))
    if as_json:
        print(json.dumps(dict(rows), ensure_ascii=False, indent=1))
    else:
        wide = max(len(name) for name, _ in rows) + 2
        print(" " * wide + "".join(f"{name:>12}" for name in COLUMNS) + "   articles (gold/out)")
        for name, figures in rows:
            line = "".join(f"{figures[column]:12.4f}" for column in COLUMNS)
            print(f"{name:<{wide}}{line}   {figures['articles_gold']}/{figures['articles_out']}")
    if found.stray:
        print(f"{found.stray} articles name no document of the gold", file=sys.stderr)
    if misses and not as_json:
        from pipeline.misses import as_lines, worst

        for those in worst(found.total.misses, misses).values():
            for miss in those:
                print("\n".join(as_lines(miss)))
