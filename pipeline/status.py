"""What is known of an output folder's runs: the last one's inputs, settings and times, and how far one is that goes on."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from pipeline import progress
from pipeline.chain import Settings
from pipeline.inputs import InputError
from pipeline.plan import Plan, work_of
from pipeline.publish import digests, is_busy
from pipeline.store import write_whole

LAST, TIMING = "last.json", "timing.json"


class Last(msgspec.Struct):
    """What the last run was asked to do."""

    inputs: list[str]
    folder: str  # that relative inputs are relative to
    settings: Settings


class Stage(msgspec.Struct):
    """What a stage took, over all shards."""

    shards: int = 0
    documents: int = 0
    reused: int = 0
    set_aside: int = 0
    megabytes: float = 0.0
    seconds: float = 0.0  # of all workers

    def add(self, note: progress.Note) -> None:
        """One shard more."""
        self.shards += 1
        self.documents += note.documents
        self.reused += note.reused
        self.set_aside += note.set_aside
        self.megabytes = round(self.megabytes + note.bytes / 1e6, 3)
        self.seconds = round(self.seconds + note.seconds, 3)


class Timing(msgspec.Struct):
    """When a run worked and how long; it stands apart from the manifest, which is the same for every run over a dump."""

    begun: str
    seconds: float
    workers: int
    ran: bool
    checked: str  # when a run found nothing new, or ended
    stages: dict[str, Stage] = {}


class Changes(msgspec.Struct):
    """How the dump differs from what was published last."""

    new: int = 0
    changed: int = 0
    removed: int = 0


class Status(msgspec.Struct):
    """What `newsreflow status` tells."""

    out: str
    state: str  # "running", "finished", "unfinished" or "empty"
    seconds: float | None = None  # since the run began that goes on
    share: float | None = None
    documents_per_second: float | None = None
    seconds_left: float | None = None
    stages: dict[str, Stage] = {}
    last: Last | None = None
    timing: Timing | None = None
    counts: dict[str, Any] = {}
    failures: str = ""


def note_run(plan: Plan, inputs: list[str], settings: Settings) -> None:
    """Keep what a run was asked to do, for the next one."""
    told = Last(inputs, os.getcwd(), settings)
    write_whole(plan.work / LAST, msgspec.json.encode(told) + b"\n")


def last_run(out: str) -> Last:
    """What the last run was asked to do. Raises InputError where there was none."""
    try:
        return msgspec.json.decode((work_of(out) / LAST).read_bytes(), type=Last)
    except OSError:
        raise InputError(f"{out}: no run wrote to this folder; name the inputs") from None
    except msgspec.MsgspecError:
        raise InputError(f"{out}: the last run was another version's; name the inputs once more") from None


def changes(plan: Plan) -> Changes | None:
    """What is new, changed and gone since the last release; None where there is none."""
    before = _manifest(plan.out).get("digests")
    if before is None:
        return None
    now = digests(plan)
    return Changes(
        new=sum(path not in before for path in now),
        changed=sum(path in before and before[path] != sha for path, sha in now.items()),
        removed=sum(path not in now for path in before),
    )


def note_timing(plan: Plan, begun: float, workers: int, ran: bool) -> None:
    """Keep when a run worked; one that found nothing new leaves the times of the one before."""
    path, now = plan.work / TIMING, time.time()
    told = None if ran else _read(path, Timing)
    if told is None:
        stages = of_stages(progress.read_state(plan.work)) if ran else {}
        told = Timing(_clock(begun), round(now - begun, 3), workers, ran, "", stages)
    told.checked = _clock(now)
    with suppress(OSError):
        write_whole(path, msgspec.json.encode(told) + b"\n")


def of_stages(state: progress.State) -> dict[str, Stage]:
    """What each stage took so far."""
    found: dict[str, Stage] = {}
    for note in state.ended:
        found.setdefault(note.stage, Stage()).add(note)
    return found


def status(out: str) -> Status:
    """All that is known. Raises InputError for a folder that no run wrote to."""
    work = work_of(out)
    if not work.is_dir():
        raise InputError(f"{out}: not the output folder of a run")
    manifest, timing, last = _manifest(out), _read(work / TIMING, Timing), _read(work / LAST, Last)
    told = Status(out, "empty", last=last, timing=timing, counts=manifest.get("counts", {}))
    state = progress.read_state(work)
    told.failures = progress.failures(work)
    if is_busy(out):
        told.state = "running"
    elif state.plan is not None and (timing is None or _clock(state.plan.begun) > timing.begun):
        told.state = "unfinished"
    elif manifest:
        told.state = "finished"
    if told.state in ("running", "unfinished") and state.plan is not None:
        told.seconds = round((time.time() if told.state == "running" else state.last) - state.plan.begun, 1)
        told.share, told.stages = round(state.share, 4), of_stages(state)
        told.documents_per_second = round(state.rate(told.seconds), 2)
        left = state.left(told.seconds)
        told.seconds_left = None if left is None else round(left, 1)
    elif timing is not None:
        told.stages = timing.stages
    return told


def _clock(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _manifest(out: str) -> dict[str, Any]:
    return _read(Path(out) / "manifest.json", dict[str, Any]) or {}


def _read(path: Path, kind: Any) -> Any:  # noqa: ANN401
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None
