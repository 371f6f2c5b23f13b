"""How far a run is: tasks append short lines to one file, whatever process they run in, and the parent reads it."""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

LOG, FAILURES = "progress.log", "failures.log"
_EVERY = 0.5  # seconds between two lines of one task


class Display(Protocol):
    """Shows progress."""

    def update(self, stage: str, done: int, total: int) -> None:
        """Something was done."""


def _append(path: Path, text: str) -> None:
    """One write to a file opened for appending: lines of several processes do not mix."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(file, text.encode("utf-8", "backslashreplace"))
    finally:
        os.close(file)


@contextmanager
def reporting(work: Path, stage: str, part: str) -> Iterator[Callable[[int], None]]:
    """Gives a function to call for each document; writes a line now and then and at the end."""
    log = work / LOG
    count = size = 0
    last = time.monotonic()

    def flush() -> None:
        nonlocal count, size
        if count:
            _append(log, f"{stage}\t{part}\t{count}\t{size}\n")
        count = size = 0

    def done(weight: int) -> None:
        nonlocal count, size, last
        count += 1
        size += weight
        now = time.monotonic()
        if now - last >= _EVERY:
            last = now
            flush()

    yield done
    flush()


def note_failure(work: Path, task: str, error: BaseException) -> None:
    """Keep a failed task's error for the parent; on a full disk say it at once."""
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    try:
        _append(work / FAILURES, f"{task}: {type(error).__name__}: {error}\n{text}\n")
    except OSError:
        print(f"newsreflow: {task}: {type(error).__name__}: {error}", file=sys.stderr)


def failures(work: Path) -> str:
    """What failed tasks said."""
    try:
        return (work / FAILURES).read_text(encoding="utf-8")
    except OSError:
        return ""


def clear(work: Path) -> None:
    """Forget the last run's lines."""
    for name in (LOG, FAILURES):
        (work / name).unlink(missing_ok=True)


class Watcher(threading.Thread):
    """Reads the tasks' lines beside the run and hands them to a display."""

    def __init__(self, work: Path, total: int, display: Display) -> None:
        super().__init__(daemon=True)
        self.path = work / LOG
        self.total = total
        self.display = display
        self.done = 0
        self.at = 0
        self.ended = threading.Event()

    def run(self) -> None:
        """Look twice a second until told to stop."""
        while not self.ended.wait(0.3):
            self.look()

    def look(self) -> None:
        """Read what is new."""
        try:
            with self.path.open("rb") as log:
                log.seek(self.at)
                fresh = log.read()
        except OSError:
            return
        fresh = fresh[: fresh.rfind(b"\n") + 1]
        self.at += len(fresh)
        stage = ""
        for line in fresh.decode("utf-8").splitlines():
            stage, _, count, _ = line.split("\t")
            self.done += int(count)
        if stage:
            self.display.update(stage, self.done, self.total)

    def stop(self) -> None:
        """Read the last lines and end."""
        self.ended.set()
        self.join()
        self.look()
