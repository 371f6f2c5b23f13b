"""A document that takes too long, or takes its process along, is set aside; nothing else suffers."""

from __future__ import annotations

import os
import signal
import time

import pytest
from made import dump, records, release

import pipeline
from pipeline import guard
from pipeline.guard import DocumentTimeoutError, WorkerKilledError, document, guarded
from pipeline.stages import columns, decode, emit

whole = {"decode": decode.decode, "rejoin": columns.rejoin, "emit": emit.emit}


def without(folder, name, out):
    """What a run over all documents but one gives."""
    path = folder / name
    kept = path.read_bytes()
    path.unlink()
    pipeline.run(folder, out)
    path.write_bytes(kept)
    return {file: data for file, data in release(out).items() if file.startswith(("articles", "dropped"))}


def articles_and_dropped(out):
    return {file: data for file, data in release(out).items() if file.startswith(("articles", "dropped"))}


def spin(seconds=60.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


@pytest.mark.parametrize("stage", ["decode", "rejoin", "emit"])
def test_a_document_that_takes_too_long_costs_only_itself(tmp_path, monkeypatch, stage):
    def slow(first, *more, **others):
        path = (more and isinstance(more[0], str) and more[0]) or getattr(first, "path", None) or first[0].path
        if path.endswith("docb.txt"):
            spin()
        return whole[stage](first, *more, **others)

    folder = dump(tmp_path / "dump")
    others = without(folder, "docb.txt", tmp_path / "others")
    module = {"decode": decode, "rejoin": columns, "emit": emit}[stage]
    monkeypatch.setattr(module, stage, slow)
    found = pipeline.run(folder, tmp_path / "out", document_timeout=1)
    assert found.quarantined == 1
    (record,) = records(tmp_path / "out" / "quarantine.jsonl")
    assert (record["source"], record["error"]) == ("dump/docb.txt", "DocumentTimeoutError")
    assert "--document-timeout" in record["message"]
    assert articles_and_dropped(tmp_path / "out") == others


@pytest.mark.parametrize("workers", [1, 2])
def test_a_document_whose_process_dies_costs_only_itself(tmp_path, monkeypatch, workers):
    """As the system's killer does where memory runs out."""

    def deadly(document):
        if document.path.endswith("docb.txt"):
            os.kill(os.getpid(), signal.SIGKILL)
        whole["rejoin"](document)

    folder = dump(tmp_path / "dump")
    others = without(folder, "docb.txt", tmp_path / "others")
    monkeypatch.setattr(columns, "rejoin", deadly)
    pipeline.run(folder, tmp_path / "out", workers=workers)
    (record,) = records(tmp_path / "out" / "quarantine.jsonl")
    assert (record["source"], record["error"]) == ("dump/docb.txt", "WorkerKilledError")
    assert "SIGKILL" in record["message"]
    assert articles_and_dropped(tmp_path / "out") == others


def test_a_process_that_dies_once_costs_nothing(tmp_path, monkeypatch):
    """It was somebody else's doing: the result is that of an undisturbed run."""
    mark = tmp_path / "mark"

    def once(document):
        if document.path.endswith("docb.txt") and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        whole["rejoin"](document)

    folder = dump(tmp_path / "dump")
    pipeline.run(folder, tmp_path / "whole")
    monkeypatch.setattr(columns, "rejoin", once)
    pipeline.run(folder, tmp_path / "out")
    assert mark.exists()
    assert release(tmp_path / "out") == release(tmp_path / "whole")


def test_what_needs_too_much_memory_is_set_aside(tmp_path, monkeypatch):
    def hungry(document):
        if document.path.endswith("docb.txt"):
            bytearray(1 << 40)
        whole["rejoin"](document)

    folder = dump(tmp_path / "dump")
    monkeypatch.setattr(columns, "rejoin", hungry)
    pipeline.run(folder, tmp_path / "out")
    (record,) = records(tmp_path / "out" / "quarantine.jsonl")
    assert (record["source"], record["error"]) == ("dump/docb.txt", "MemoryError")


def test_memory_of_a_process_is_bounded():
    """A list that grows ends in a MemoryError long before the machine's memory does."""

    def grow():
        held = []
        with document():
            while True:
                held.append(bytes(64 << 20))

    with pytest.raises(MemoryError):
        guarded(grow, 60)


def test_another_timeout_is_another_result(tmp_path):
    """Else a document that was set aside would stay so however much time it is given later."""
    folder = dump(tmp_path / "dump", 2)
    pipeline.run(folder, tmp_path / "out", document_timeout=5)
    assert pipeline.run(folder, tmp_path / "out", document_timeout=6).fresh


def test_time_counts_for_each_document_alone():
    def work():
        for _ in range(4):
            with document():
                spin(0.3)

    guarded(work, 1)


def test_waiting_is_not_computing():
    """A slow disk or a busy machine sets nothing aside."""

    def work():
        with document():
            time.sleep(0.5)

    guarded(work, 0.2)


def test_what_never_comes_back_to_python_is_ended_from_outside(monkeypatch):
    """A library that computes for ever and looks at no signal."""
    monkeypatch.setattr("pipeline.guard.PATIENCE", 1)
    monkeypatch.setattr("pipeline.guard.GRACE", 0.5)

    def work():
        try:
            with document():
                signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPROF])
                spin()
        except DocumentTimeoutError as error:
            raise KeyError(str(error)) from None

    begun = time.monotonic()
    with pytest.raises(KeyError, match="was ended"):
        guarded(work, 0.5)
    assert time.monotonic() - begun < 20


def test_what_is_being_written_ends_nothing(monkeypatch, tmp_path):
    """The document's number is written before its time: read between the two, it has not begun."""
    monkeypatch.setattr("pipeline.guard.PATIENCE", 1)
    monkeypatch.setattr("pipeline.guard.GRACE", 0.1)
    begun = tmp_path / "begun"

    def work():
        if begun.exists():
            raise RuntimeError("was ended, and began anew")
        begun.touch()
        guard._STATE.pack_into(guard._watch.state, 0, 0, 0.0)
        time.sleep(0.8)  # the process that waits looks twice a second

    guarded(work, 0.1)


def test_a_process_that_dies_over_nothing_is_an_error():
    with pytest.raises(WorkerKilledError, match="SIGKILL"):
        guarded(lambda: os.kill(os.getpid(), signal.SIGKILL), 60)


def test_errors_come_through_with_their_place():
    def fails():
        raise FileNotFoundError(2, "no such thing", "there")

    with pytest.raises(FileNotFoundError, match="no such thing") as caught:
        guarded(fails, 60)
    assert "in fails" in str(caught.value.__cause__)
