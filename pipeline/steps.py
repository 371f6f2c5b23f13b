"""The tasks that work on one document at a time: decode, strip chrome, unwrap lines, rejoin columns.

What a stage raises over one document sets that document aside and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import luigi
import msgspec

from pipeline import guard
from pipeline.articles import Quarantined
from pipeline.chain import STEPS, one_thread
from pipeline.groups import ENDS
from pipeline.inputs import Found, read
from pipeline.plan import read_listing, work_of
from pipeline.publish import read_again
from pipeline.readers import Entry, Raw, Unread
from pipeline.records import Document
from pipeline.reuse import Results, read_outcomes
from pipeline.stages import decode, link
from pipeline.store import DOCUMENTS, encode_document, read_document
from pipeline.tally import Tally, count_decoded, count_rejoined, count_stripped, count_unwrapped
from pipeline.unpack import entries_of
from pipeline.work import ShardTask

COUNTERS: dict[str, Callable[[Tally, Document], None]] = {
    "strip_chrome": count_stripped,
    "unwrap_lines": count_unwrapped,
    "rejoin_columns": count_rejoined,
}


class Decode(ShardTask):
    """Bytes to characters."""

    stage = "decode"

    def work(self) -> None:
        """Decode each document of the listing."""
        with self.writing() as (results, done):
            for found in read_listing(work_of(self.out), self.listing):
                if found.inside:
                    self._slice(found, results, done)
                    continue
                if not results.again(found.path, found.sha256):
                    results.add(found.path, found.sha256, *self._read(found))
                done(found.size)

    def _slice(self, found: Found, results: Results, done: Callable[[int], None]) -> None:
        try:
            entries = entries_of(found)
        except OSError as error:
            results.add(found.path, found.sha256, *self._unread(found, error))
            return
        for entry, digest in entries:
            if not results.again(entry.path, digest):
                results.add(entry.path, digest, *self._decoded(entry))
            done(found.size // found.documents)

    def _read(self, found: Found) -> tuple[list[bytes], Tally]:
        try:
            data = read(found)
        except OSError as error:
            return self._unread(found, error)
        return self._decoded(Raw(found.path, data))

    def _unread(self, found: Found, error: OSError) -> tuple[list[bytes], Tally]:
        read_again(self.out, f"{self.part}-{self.listing}")
        return set_aside(found.path, found.sha256, "read", error)

    def _decoded(self, entry: Entry) -> tuple[list[bytes], Tally]:
        tally = Tally()
        if isinstance(entry, Unread):
            tally.quarantined.append(Quarantined(entry.path, None, "read", entry.error, entry.message))
            return [], tally
        try:
            with guard.document():
                document = decode.decode(entry.data, entry.path, entry.form)
            document.metadata = entry.metadata
            count_decoded(tally, document)
            tally.documents = 1
            return [encode_document(document)], tally
        except Exception as error:
            return set_aside(entry.path, hashlib.sha256(entry.data).hexdigest(), self.stage, error)


def set_aside(path: str, sha256: str, stage: str, error: Exception) -> tuple[list[bytes], Tally]:
    """What comes of a document that a stage could not work on."""
    tally = Tally()
    tally.quarantine(path, sha256, stage, error)
    return [], tally


class StepTask(ShardTask):
    """A stage that changes one document at a time."""

    before: type[ShardTask]

    def requires(self) -> luigi.Task:
        """The same shard, one stage earlier."""
        return self.clone(self.before)

    def work(self) -> None:
        """Map the stage over the documents."""
        before = self.input().path
        with one_thread(), self.writing() as (results, done), (before / DOCUMENTS).open("rb") as file:
            for known in read_outcomes(before):
                place, size = known.record
                if not size:
                    continue
                if not results.again(known.path, known.digest):
                    document = read_document(file, (place, size))
                    results.add(known.path, known.digest, *self._stepped(document))
                done(size)

    def _stepped(self, document: Document) -> tuple[list[bytes], Tally]:
        tally = Tally(documents=1)
        try:
            with guard.document():
                STEPS[self.stage](document, self.choices)
            COUNTERS[self.stage](tally, document)
            return self.encoded(document), tally
        except Exception as error:
            return set_aside(document.path, document.sha256, self.stage, error)

    def encoded(self, document: Document) -> list[bytes]:
        """What to write of a document, one for each of `files`."""
        return [encode_document(document)]


class StripChrome(StepTask):
    """Which lines are not the paper's text."""

    stage = "strip_chrome"
    before = Decode


class UnwrapLines(StepTask):
    """Lines to pieces."""

    stage = "unwrap_lines"
    before = StripChrome


class RejoinColumns(StepTask):
    """Pieces to parts of articles, and which of them go on in other pages."""

    stage = "rejoin_columns"
    before = UnwrapLines
    files = (DOCUMENTS, ENDS)

    def encoded(self, document: Document) -> list[bytes]:
        """The document and its jump ends, where it has any."""
        ends = link.jump_ends(document)
        return [encode_document(document), msgspec.msgpack.encode(ends) if ends else b""]
