"""How far a run is: tasks append notes to one file, whatever process they run in, and whoever wants to know reads it.

The notes stay after the run: they are its log, a line of JSON for each shard and stage with what was done and how long it
took, and `newsreflow status` reads them while it goes on.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import msgspec

LOG, FAILURES = "progress.jsonl", "failures.log"
_EVERY = 0.5  # seconds between two notes of one task

# What a document costs in each stage, in per cent (10,000 simulated newspaper pages and portal pages, one worker).
COST = {"decode": 5, "strip_chrome": 22, "unwrap_lines": 9, "rejoin_columns": 56, "emit": 8}


class Plan(msgspec.Struct, tag=True):
    """The first note of a run."""

    begun: float  # seconds since 1970
    documents: int
    shards: int
    work: int  # documents times their cost, less what is there already
    workers: int


class Note(msgspec.Struct, tag=True, omit_defaults=True):
    """What a task did since its last note; the last one of a task tells of the whole of it."""

    stage: str
    part: str
    documents: int
    bytes: int
    seconds: float = 0.0
    ended: bool = False
    reused: int = 0
    set_aside: int = 0


class State(msgspec.Struct):
    """How far a run is."""

    plan: Plan | None = None
    stage: str = ""
    done: int = 0
    bytes: int = 0  # decoded or emitted, of all stages
    ended: list[Note] = []
    last: float = 0.0

    def add(self, note: Plan | Note) -> None:
        """Read a note."""
        if isinstance(note, Plan):
            self.plan = note
        elif note.ended:
            self.ended.append(note)
        else:
            self.stage = note.stage
            self.done += note.documents * COST.get(note.stage, 0)
            self.bytes += note.bytes

    @property
    def share(self) -> float:
        """How much of the work is done."""
        return min(1.0, self.done / self.plan.work) if self.plan and self.plan.work else 0.0

    def rate(self, seconds: float) -> float:
        """Documents through all stages in a second."""
        return self.done / sum(COST.values()) / max(seconds, 0.001)

    def left(self, seconds: float) -> float | None:
        """Seconds left, if it goes on as it went."""
        return seconds * (1 - self.share) / self.share if self.share else None


class Display(Protocol):
    """Shows progress."""

    def update(self, state: State, seconds: float) -> None:
        """Something was done."""

    def ended(self, note: Note) -> None:
        """A stage is through with a shard."""


_decoder = msgspec.json.Decoder(Plan | Note)


def _append(path: Path, data: bytes) -> None:
    """One write to a file opened for appending: lines of several processes do not mix."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(file, data)
    finally:
        os.close(file)


def note(work: Path, what: Plan | Note) -> None:
    """Write a note; a full disk is found by those who write results."""
    with suppress(OSError):
        _append(work / LOG, msgspec.json.encode(what) + b"\n")


class Reporter:
    """What a task tells of itself: called after each document."""

    def __init__(self, work: Path, stage: str, part: str) -> None:
        self._work = work
        self._whole = Note(stage, part, 0, 0, ended=True)
        self._part = Note(stage, part, 0, 0)
        self._begun = self._last = time.monotonic()

    def __call__(self, weight: int, documents: int = 1) -> None:
        """A document is done, or so many, of so many bytes."""
        for one in (self._whole, self._part):
            one.documents += documents
            one.bytes += weight
        now = time.monotonic()
        if now - self._last >= _EVERY:
            self._last = now
            self._flush()

    def _flush(self) -> None:
        if self._part.documents:
            note(self._work, self._part)
        self._part.documents = self._part.bytes = 0

    def end(self, reused: int = 0, set_aside: int = 0) -> None:
        """The task is through."""
        self._flush()
        self._whole.seconds = round(time.monotonic() - self._begun, 3)
        self._whole.reused, self._whole.set_aside = reused, set_aside
        note(self._work, self._whole)


def note_failure(work: Path, task: str, error: BaseException) -> None:
    """Keep a failed task's error for the parent; on a full disk say it at once."""
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    try:
        told = f"{task}: {type(error).__name__}: {error}\n{text}\n"
        _append(work / FAILURES, told.encode("utf-8", "backslashreplace"))
    except OSError:
        print(f"newsreflow: {task}: {type(error).__name__}: {error}", file=sys.stderr)


def failures(work: Path) -> str:
    """What failed tasks said."""
    try:
        return (work / FAILURES).read_text(encoding="utf-8")
    except OSError:
        return ""


def clear(work: Path) -> None:
    """Forget the last run's notes."""
    for name in (LOG, FAILURES):
        (work / name).unlink(missing_ok=True)


class Notes:
    """Reads notes as they come."""

    def __init__(self, work: Path) -> None:
        self.path = work / LOG
        self.at = 0

    def fresh(self) -> list[Plan | Note]:
        """What was written since the last call; a line that is not whole yet waits."""
        try:
            with self.path.open("rb") as log:
                log.seek(self.at)
                data = log.read()
        except OSError:
            return []
        data = data[: data.rfind(b"\n") + 1]
        self.at += len(data)
        return [_decoder.decode(line) for line in data.splitlines()]


def read_state(work: Path) -> State:
    """How far the run is that goes on, or how far the last one came."""
    state = State()
    for one in Notes(work).fresh():
        state.add(one)
    with suppress(OSError):
        state.last = (work / LOG).stat().st_mtime
    return state


class Watcher(threading.Thread):
    """Reads the tasks' notes beside the run and hands them to a display."""

    def __init__(self, work: Path, display: Display) -> None:
        super().__init__(daemon=True)
        self.notes = Notes(work)
        self.state = State()
        self.display = display
        self.begun = time.monotonic()
        self.over = threading.Event()

    def run(self) -> None:
        """Look three times a second until told to stop."""
        while not self.over.wait(0.3):
            self.look()

    def look(self) -> None:
        """Read what is new."""
        fresh = self.notes.fresh()
        for one in fresh:
            self.state.add(one)
            if isinstance(one, Note) and one.ended:
                self.display.ended(one)
        if fresh:
            self.display.update(self.state, time.monotonic() - self.begun)

    def stop(self) -> None:
        """Read the last notes and end."""
        self.over.set()
        self.join()
        self.look()
