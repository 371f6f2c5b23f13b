"""Publish: a run's results become what readers see, at once or not at all.

The whole release is built beside, in `.work/release.new`, and becomes `.work/release.ready` by one rename. From then on
it only moves forward: each name is taken from the ready release and trades places with the old one, and a run that was
killed in between is finished by the next start. Work files are linked, not copied, so an article file that did not
change is the same file as before.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec

import pipeline
from pipeline.articles import Quarantined, to_lines
from pipeline.outputs import card, release_files
from pipeline.plan import FINISHING, STAGES, Plan, work_of
from pipeline.store import TEMPORARY, link_or_copy
from pipeline.tally import Tally, read_tally
from pipeline.unpack import SLICES

try:
    import fcntl
except ImportError:  # no advisory locks on this system
    fcntl = None  # type: ignore[assignment]

NEW, READY, OLD, STATE, AGAIN = "release.new", "release.ready", "release.old", "state.json", "again"
VISIBLE = ("articles", "dropped", "quarantine.jsonl", "README.md", "manifest.json")

FOLDERS = "folders.json"  # inodes of a ready release's folders: one that differs was put in place already

_PATIENCE = 1.0  # seconds
_locks: dict[str, int] = {}


class OutputError(OSError):
    """The output folder cannot be written, or is somebody else's."""


class BusyError(OutputError):
    """Another run works on the output folder."""


class State(msgspec.Struct):
    """What was published last: the plan's digest and the sizes of the files."""

    run: str
    files: dict[str, int]


def take_lock(out: str) -> None:
    """Make the output folder, check that it can be written, and keep other runs out until `free_lock`."""
    here = os.path.abspath(out)
    if here in _locks:
        return
    work = work_of(out)
    try:
        work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=work):
            pass
        lock = os.open(work / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise OutputError(f"{out}: cannot write to the output folder: {error.strerror or error}") from None
    if not _locked(lock):
        os.close(lock)
        raise BusyError(f"{out}: another run is working on this output folder")
    _locks[here] = lock
    foreign = not (work / STATE).exists() and not (work / READY).exists()
    if foreign and any((Path(out) / name).exists() for name in VISIBLE):
        free_lock(out)
        raise OutputError(
            f"{out}: holds articles or dropped files that no run of newsreflow wrote; give another folder"
        )


def _locked(lock: int) -> bool:
    """Whether the lock is ours; waits a moment, as the processes of a killed run do not all end at once."""
    if fcntl is None:
        return True
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        else:
            return True


def free_lock(out: str) -> None:
    """Let other runs in."""
    lock = _locks.pop(os.path.abspath(out), None)
    if lock is not None:
        os.close(lock)


def is_busy(out: str) -> bool:
    """Whether a run works on the output folder."""
    if fcntl is None:
        return False
    try:
        lock = os.open(work_of(out) / "lock", os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


def recover(out: str) -> None:
    """Finish a publication that was cut off, and sweep what killed tasks left."""
    work = work_of(out)
    if (work / READY).is_dir():
        _put_in_place(Path(out))
    shutil.rmtree(work / NEW, ignore_errors=True)
    _forget_unread(work)
    for stage in (*STAGES, *FINISHING):
        for left in (work / stage).glob(f"*/*{TEMPORARY}*"):
            shutil.rmtree(left, ignore_errors=True)


def read_again(out: str, shard: str) -> None:
    """Let the next run work on a shard anew: a file of it could not be read, which its digest does not tell."""
    with (work_of(out) / AGAIN).open("a", encoding="ascii") as marks:
        marks.write(f"{shard}\n")


def _forget_unread(work: Path) -> None:
    marks = work / AGAIN
    if not marks.exists():
        return
    for shard in set(marks.read_text(encoding="ascii").split()):
        for stage in (*STAGES, *FINISHING):
            for folder in (work / stage).glob(f"*/{shard}*"):
                shutil.rmtree(folder)
    shutil.rmtree(work / "link_pages", ignore_errors=True)
    if (work / STATE).exists():
        (work / STATE).write_bytes(msgspec.json.encode(State("", {})))
    marks.unlink()


def is_published(plan: Plan) -> bool:
    """Whether what the plan asks for is in place, file for file."""
    try:
        state = msgspec.json.decode((plan.work / STATE).read_bytes(), type=State)
        sizes = {name: (Path(plan.out) / name).stat().st_size for name in state.files}
    except (OSError, msgspec.MsgspecError):
        return False
    folders = all((Path(plan.out) / name).is_dir() for name in ("articles", "dropped"))
    return folders and state.run == plan.digest and sizes == state.files


def publish(plan: Plan, stages: dict[str, list[Path]]) -> None:
    """Put the results of a run in place of the last one's, then remove work files that nothing needs."""
    work = plan.work
    new = work / NEW
    shutil.rmtree(new, ignore_errors=True)
    (new / "articles").mkdir(parents=True)
    (new / "dropped").mkdir()
    for folder in stages["pack"]:
        for kind in ("articles", "dropped"):
            for source in release_files(folder / kind):
                link_or_copy(source, new / kind / source.name)
    tallies = {stage: _total(folders) for stage, folders in stages.items()}
    quarantined = all_quarantined(plan, tallies)
    (new / "quarantine.jsonl").write_bytes(to_lines(quarantined))
    (new / "README.md").write_text(card(plan.settings.duplicates), encoding="utf-8", newline="\n")
    told = manifest(plan, tallies, quarantined, _sizes(new))
    (new / "manifest.json").write_bytes(_pretty(told))
    files = _sizes(new)
    (new / STATE).write_bytes(msgspec.json.encode(State(plan.digest, files)))
    inodes = {name: (new / name).stat().st_ino for name in VISIBLE if (new / name).is_dir()}
    (new / FOLDERS).write_bytes(msgspec.json.encode(inodes))
    new.rename(work / READY)
    _put_in_place(Path(plan.out))
    _clean(plan, {folder for folders in stages.values() for folder in folders})


def _sizes(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size for path in sorted(folder.rglob("*")) if path.is_file()
    }


def _put_in_place(out: Path) -> None:
    work = work_of(str(out))
    ready, old = work / READY, work / OLD
    shutil.rmtree(old, ignore_errors=True)
    old.mkdir()
    fresh_folders = msgspec.json.decode((ready / FOLDERS).read_bytes(), type=dict[str, int])
    for name in (*VISIBLE, STATE):
        fresh = ready / name
        exchanged = fresh.is_dir() and fresh.stat().st_ino != fresh_folders[name]
        if fresh.exists() and not exchanged:
            swap(fresh, work / name if name == STATE else out / name, old / name)
    shutil.rmtree(ready)
    shutil.rmtree(old, ignore_errors=True)


def swap(fresh: Path, place: Path, old: Path) -> None:
    """Put a file or folder in place of the one before; where the system can, no reader ever finds neither."""
    if place.is_dir():
        if _exchange(fresh, place):
            return
        place.rename(old)
    fresh.replace(place)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders trade names in one step (Linux); False where that cannot be done."""
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return renameat2 is not None and renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0


def _total(folders: list[Path]) -> Tally:
    total = Tally()
    for folder in folders:
        total.add(read_tally(folder))
    return total


def all_quarantined(plan: Plan, tallies: dict[str, Tally]) -> list[Quarantined]:
    """What was set aside, by what could not be read and by each stage, sorted."""
    unread = [Quarantined(p.path, None, "read", p.error, p.message) for p in plan.problems]
    staged = [one for tally in tallies.values() for one in tally.quarantined]
    return sorted([*unread, *staged], key=lambda one: (one.source, one.stage))


def manifest(
    plan: Plan, tallies: dict[str, Tally], quarantined: list[Quarantined], files: dict[str, int]
) -> dict[str, Any]:
    """What the run read, by what it decided, and what came out; the same for the same dump, rules and settings."""
    total = Tally()
    for tally in tallies.values():
        total.add(tally)
    choices = msgspec.to_builtins(plan.settings)
    if plan.settings.rules:
        choices["rules"] = Path(plan.settings.rules).stem
    reasons: dict[str, int] = {}
    for one in quarantined:
        reasons[f"{one.stage}/{one.error}"] = reasons.get(f"{one.stage}/{one.error}", 0) + 1
    return {
        "newsreflow": pipeline.__version__,
        "rule_set": plan.versions["emit"],
        "versions": plan.versions,
        "settings": choices,
        "inputs": {
            "given": plan.roots,
            "documents": plan.documents,
            "bytes": sum(found.size for shard in plan.shards for found in shard.documents),
            "ignored": plan.ignored,
        },
        "conservation": {
            "checked": tallies["rejoin_columns"].documents,
            "broken": sum(one.error == "ConservationError" for one in quarantined),
        },
        "stages": {stage: tallies[stage].documents for stage in STAGES if stage not in ("link_pages", "emit")},
        "counts": {group: total.group(group) for group in sorted({key.split(".")[0] for key in total.counts})},
        "quarantined": {"documents": len(quarantined), "reasons": dict(sorted(reasons.items()))},
        "files": files,
        "digests": digests(plan),
    }


def digests(plan: Plan) -> dict[str, str]:
    """The digest of each file that goes in, by its path."""
    return dict(found.origin for found in sorted(found for shard in plan.shards for found in shard.documents))


def _pretty(value: Any) -> bytes:  # noqa: ANN401
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def _clean(plan: Plan, needed: set[Path]) -> None:
    """Remove results of other versions and other inputs."""
    work = plan.work
    for stage in (*STAGES, *FINISHING):
        for folder in (work / stage).glob("*/*"):
            if folder not in needed:
                shutil.rmtree(folder, ignore_errors=True)
        for version in (work / stage).glob("*"):
            if not any(version.iterdir()):
                version.rmdir()
    shutil.rmtree(work / SLICES, ignore_errors=True)
    listed = {f"{shard.digest}.msgpack" for shard in plan.shards}
    for listing in (work / "listings").glob("*"):
        if listing.name not in listed:
            listing.unlink()
    kept = plan.settings.rules and Path(plan.settings.rules).name
    for rules in (work / "rules").glob("*"):
        if rules.name != kept:
            rules.unlink()
