"""What a terminal or a log sees: progress, the summary of a run, figures of an evaluation."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.progress import Display, Note, State

if TYPE_CHECKING:
    from pipeline.evaluate import Scores
    from pipeline.running import Summary
    from pipeline.status import Status

STAGE_NAMES = {
    "decode": "decode",
    "strip_chrome": "strip chrome",
    "unwrap_lines": "unwrap lines",
    "rejoin_columns": "rejoin columns",
    "link_pages": "link pages",
    "emit": "emit",
    "sign_articles": "sign articles",
    "find_duplicates": "find duplicates",
    "pack": "pack",
}
_STATES = {
    "running": "a run is working",
    "finished": "finished",
    "unfinished": "the last run did not come to its end; run again to go on from there",
    "empty": "nothing published yet",
}
_LOG_EVERY = 10.0  # seconds between two lines in a log


class RunDisplay(Display, Protocol):
    """A display that has to be put away."""

    def close(self) -> None:
        """The run is over."""


def _say(text: str) -> None:
    print(f"newsreflow: {text}", file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """Seconds, minutes or hours.

    >>> duration(8), duration(200), duration(9000)
    ('8 s', '3 min 20 s', '2 h 30 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"


def _shard_line(note: Note) -> str:
    more = [f"{n:,} {what}" for n, what in ((note.reused, "as before"), (note.set_aside, "set aside")) if n]
    told = [f"{note.documents:,} documents", *more, f"{note.bytes / 1e6:.1f} MB", f"{note.seconds:.1f} s"]
    return f"{STAGE_NAMES.get(note.stage, note.stage)} {note.part}: {', '.join(told)}"


class _Lines:
    """Plain lines, for logs: none for a run of a few seconds, unless each shard's is asked for."""

    def __init__(self, verbose: bool) -> None:
        self.verbose = verbose
        self.last = 0.0

    def update(self, state: State, seconds: float) -> None:
        left = state.left(seconds)
        if seconds - self.last < _LOG_EVERY or left is None:
            return
        self.last = seconds
        rate = f"{state.rate(seconds):.1f} documents a second"
        _say(f"{STAGE_NAMES.get(state.stage, state.stage)}: {state.share:.0%}, {rate}, about {duration(left)} left")

    def ended(self, note: Note) -> None:
        if self.verbose:
            _say(_shard_line(note))

    def close(self) -> None:
        """Nothing to put away."""


class _Bar:
    """A bar on a terminal."""

    def __init__(self, verbose: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

        self.verbose = verbose
        self.bar = Progress(
            TextColumn("{task.description:<14}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[told]}"),
            console=Console(stderr=True, soft_wrap=True),
            transient=True,
        )
        self.task = self.bar.add_task("read", total=None, told="")
        self.bar.start()

    def update(self, state: State, seconds: float) -> None:
        left = state.left(seconds)
        told = "" if left is None else f"{state.rate(seconds):.1f} documents/s, {duration(left)} left"
        name = STAGE_NAMES.get(state.stage, state.stage)
        self.bar.update(self.task, description=name, completed=state.share, total=1, told=told)

    def ended(self, note: Note) -> None:
        if self.verbose:
            self.bar.console.print(_shard_line(note), markup=False, highlight=False)

    def close(self) -> None:
        self.bar.stop()


def display(verbose: bool) -> RunDisplay:
    """A bar on a terminal, else plain lines; with `verbose` a line for each stage of each shard."""
    return _Bar(verbose) if sys.stderr.isatty() else _Lines(verbose)


def status(found: Status, *, as_json: bool) -> None:
    """How far a run is, and what the last one did."""
    if as_json:
        import msgspec

        print(msgspec.json.format(msgspec.json.encode(found), indent=1).decode())
        return
    print(f"{found.out}: {_STATES[found.state]}")
    if found.share is not None and found.seconds is not None:
        left = "" if found.seconds_left is None else f", about {duration(found.seconds_left)} left"
        rate = f"{found.documents_per_second:.1f} documents a second"
        print(f"{found.share:.0%} in {duration(found.seconds)}, {rate}{left if found.state == 'running' else ''}")
    elif found.timing is not None:
        workers = f"{found.timing.workers} worker{'s' * (found.timing.workers > 1)}"
        print(f"last run {found.timing.begun}, {duration(found.timing.seconds)}, {workers}")
        print(f"nothing newer at {found.timing.checked}")
    if found.last is not None:
        print(f"inputs: {' '.join(found.last.inputs)}")
    emitted = found.counts.get("emitted", {})
    if emitted:
        print(f"articles published: {emitted.get('articles', 0):,}")
    if found.stages:
        print(f"\n{'stage':<16}{'shards':>7}{'documents':>11}{'as before':>11}{'set aside':>11}{'MB':>9}{'seconds':>9}")
    for name, stage in found.stages.items():
        numbers = f"{stage.shards:>7,}{stage.documents:>11,}{stage.reused:>11,}{stage.set_aside:>11,}"
        print(f"{STAGE_NAMES.get(name, name):<16}{numbers}{stage.megabytes:>9.1f}{stage.seconds:>9.1f}")
    if found.failures:
        print(f"\nfailed: {found.failures.splitlines()[0]}")


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
    if found.changes is not None and found.fresh:
        new, changed, removed = found.changes.new, found.changes.changed, found.changes.removed
        print(f"\nsince the last run: {new:,} files new, {changed:,} changed, {removed:,} removed")
    done = f"in {found.seconds:.1f} s" if found.fresh else "nothing new"
    print(f"\n{found.out}/articles ({done})")
    print(found.no_report or f"{found.out}/report.html")


def scores(found: Scores, *, each: bool, as_json: bool, misses: int) -> None:
    """Figures as a table or as JSON, and what was missed."""
    from pipeline.figures import COLUMNS

    rows: list[tuple[str, dict[str, Any]]] = []
    if each:
        rows += [(name, counts.figures()) for name, counts in found.each.items()]
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
