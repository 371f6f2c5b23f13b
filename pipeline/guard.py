"""A process of its own for each task: a document that takes too long, or takes its process along, costs only itself.

The process that Luigi runs a task in forks, and the fork does the work. Over each document a timer runs that counts
computing, not waiting, so that a busy machine sets nothing aside that a quiet one would not. Where a fork dies (for
memory, or of a fault in a library) the task begins anew; where it dies twice over one document, that document is set
aside. What computes without ever coming back to Python is ended from outside, once it has taken several times as long.
"""

from __future__ import annotations

import math
import mmap
import multiprocessing
import os
import pickle
import signal
import struct
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any

DEATHS = 2  # of one document's process before it is set aside: the first may have been another's doing
PATIENCE = 4  # times the timeout, and GRACE seconds, before a process is ended from outside
GRACE = 10
MEMORY = 2 << 30  # bytes that one process may take beyond what it began with

_STATE = struct.Struct("qd")  # the number of the document that is worked on, or -1, and since when


class DocumentTimeoutError(Exception):
    """A document took longer than `--document-timeout`."""


class WorkerKilledError(Exception):
    """A document's process died over it."""


class _Trace(Exception):
    """What a task's process said of an error, as its cause here."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


class _Watch:
    """The fork's side: says which document is worked on, and stops one that takes too long."""

    def __init__(self, state: mmap.mmap, skip: dict[int, Exception], timeout: float) -> None:
        self.state = state
        self.skip = skip
        self.timeout = timeout
        self.parent = os.getpid()
        self.count = 0
        self.active = False

    def start(self) -> None:
        """Once in the fork."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGPROF, self._too_long)
        _bound_memory()

    def _too_long(self, number: int, frame: object) -> None:
        if self.active:
            raise DocumentTimeoutError(f"took more than {self.timeout:g} s of computing (--document-timeout)")

    @contextmanager
    def document(self, timed: bool) -> Iterator[None]:
        if os.getppid() != self.parent:
            os._exit(1)  # the run was killed: nobody waits for this
        number, self.count = self.count, self.count + 1
        if number in self.skip:
            raise self.skip[number]
        _STATE.pack_into(self.state, 0, number, time.monotonic() if timed else math.inf)
        signal.setitimer(signal.ITIMER_PROF, self.timeout if timed else 0, 1.0)
        self.active = timed
        try:
            yield
        finally:
            self.active = False
            signal.setitimer(signal.ITIMER_PROF, 0)
            _STATE.pack_into(self.state, 0, -1, 0.0)


_watch: _Watch | None = None


@contextmanager
def document(timed: bool = True) -> Iterator[None]:
    """Work on one document; raises DocumentTimeoutError or WorkerKilledError.

    A timeout may come between any two steps of Python, so nothing is written meanwhile.
    """
    if _watch is None:
        yield
        return
    with _watch.document(timed):
        yield


def _bound_memory() -> None:
    """What needs more gets a MemoryError, which sets its document aside, before the system's killer looks around."""
    import resource

    with suppress(OSError, ValueError):
        with open("/proc/self/statm", encoding="ascii") as facts:
            held = int(facts.read().split()[0]) * mmap.PAGESIZE
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = held + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def guarded(work: Callable[[], None], timeout: float = math.inf) -> None:
    """Do a task's work in a fork, and again where that dies; raises what the work raises."""
    if "fork" not in multiprocessing.get_all_start_methods():
        work()
        return
    state = mmap.mmap(-1, _STATE.size)
    skip: dict[int, Exception] = {}
    deaths: dict[int, int] = {}
    while True:
        _STATE.pack_into(state, 0, -1, 0.0)
        how = _run(work, _Watch(state, skip, timeout))
        if how is None:
            return
        number = _STATE.unpack_from(state)[0]
        if number < 0:
            raise WorkerKilledError(f"the task's process ended by {how}")
        deaths[number] = deaths.get(number, 0) + 1
        if how == "time":
            skip[number] = DocumentTimeoutError(f"took more than {PATIENCE * timeout + GRACE:g} s and was ended")
        elif deaths[number] >= DEATHS:
            skip[number] = WorkerKilledError(f"its process was ended {DEATHS} times, by {how}: most likely for memory")


def _run(work: Callable[[], None], watch: _Watch) -> str | None:
    """Fork once and wait: None where all was done, else what ended the fork."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    fork = context.Process(target=_in_fork, args=(work, watch, theirs))
    parent = os.getppid()
    fork.start()
    theirs.close()
    late = False
    try:
        while not wait([ours], 0.5):
            number, since = _STATE.unpack_from(watch.state)
            begun = number >= 0 and since > 0  # a time of 0: the fork is amid writing both
            late = begun and time.monotonic() - since > PATIENCE * watch.timeout + GRACE
            if late or os.getppid() != parent:
                fork.kill()
                break
        with suppress(EOFError):
            error, trace = ours.recv()
            fork.join()
            if error is None:
                return None
            raise error from _Trace(trace)
    finally:
        ours.close()
        if fork.is_alive():
            fork.kill()
        fork.join()
    if os.getppid() != parent:
        os._exit(1)
    return "time" if late else _named(fork.exitcode)


def _named(code: int | None) -> str:
    if code is not None and code < 0:
        with suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


def _in_fork(work: Callable[[], None], watch: _Watch, pipe: Connection) -> None:
    global _watch
    watch.start()
    _watch = watch
    told: tuple[Any, str] = (None, "")
    try:
        work()
    except Exception as error:
        told = (_portable(error), traceback.format_exc())
    pipe.send(told)
    pipe.close()


def _portable(error: Exception) -> Exception:
    """The error, or one like it where it cannot go from one process to another."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
