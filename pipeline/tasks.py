"""The Luigi chain: decode, strip chrome, unwrap lines, rejoin columns, link pages, emit, and the run that publishes.

A task only reads, maps a stage over its shard's documents, and writes a folder that appears whole or not at all.
Documents flow as streams; no shard is ever in memory. What a stage raises over one document sets that document aside
and nothing else. Nothing here relies on Luigi's events, which reach only the process that a task ran in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import luigi
import msgspec
from luigi.parameter import ParameterVisibility

from pipeline import guard, progress
from pipeline.articles import Quarantined, to_lines
from pipeline.chain import STEPS, Settings, one_thread
from pipeline.finish import ARTICLES, DROPPED, FindDuplicates, Pack, marks_digest
from pipeline.groups import Ends, Issues, emit_group, emit_safely, group_by_part, group_digest, groups_of
from pipeline.inputs import Found, read
from pipeline.outputs import COMPRESSIONS, FORMATS
from pipeline.plan import STAGES, Plan, make_plan, read_listing, short_digest, stage_folder, work_of
from pipeline.publish import is_published, publish, read_again, recover, take_lock
from pipeline.readers import Entry, Raw, Unread
from pipeline.records import Document
from pipeline.reuse import Results, read_outcomes
from pipeline.stages import chrome, columns, decode, emit, link, unwrap  # noqa: F401  (loaded once, before forks)
from pipeline.store import DOCUMENTS, encode_document, read_document, read_piece, whole_folder
from pipeline.tally import (
    Tally,
    count_article,
    count_decoded,
    count_dropped,
    count_rejoined,
    count_stripped,
    count_unwrapped,
)
from pipeline.unpack import entries_of
from pipeline.work import Folder, ShardTask, Work, shard_task

ENDS = "ends"

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
    versions = luigi.Parameter(description="versions of the stages as JSON", visibility=ParameterVisibility.HIDDEN)

    def requires(self) -> luigi.Task:
        """The same shard, one stage earlier."""
        return shard_task(self.before, self.out, self.versions, self.settings, self.part, self.listing)

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


def read_ends(folder: Path) -> list[Ends]:
    """The jump ends of a shard's documents."""
    found = []
    with (folder / ENDS).open("rb") as file:
        for one in read_outcomes(folder):
            if one.record[1] and one.pieces[1][1]:
                ends = msgspec.msgpack.decode(read_piece(file, one.pieces[1]), type=list[link.JumpEnd])
                found.append(Ends(one.path, one.digest, one.record, ends))
    return found


class LinkPages(Work):
    """Which 下转 goes with which 上接, over all shards; reads nothing but jump ends."""

    stage = "link_pages"
    inputs = luigi.Parameter(description="digest of all shards", visibility=ParameterVisibility.HIDDEN)
    shards = luigi.Parameter(description="names of all shards as JSON", visibility=ParameterVisibility.HIDDEN)
    versions = luigi.Parameter(description="versions of the stages as JSON", visibility=ParameterVisibility.HIDDEN)

    def requires(self) -> list[ShardTask]:
        """All shards, rejoined."""
        return [
            shard_task(RejoinColumns, self.out, self.versions, self.settings, part, listing)
            for part, listing in msgspec.json.decode(self.shards)
        ]

    def output(self) -> Folder:
        """The folder of the links."""
        return Folder(stage_folder(self.out, self.stage, self.version, f"all-{self.inputs}"))

    def run(self) -> None:
        """Link, and tell each shard what concerns it."""
        tally = Tally()
        shards = {task.part: task.output().path for task in self.requires()}
        ends = {part: read_ends(folder) for part, folder in shards.items()}
        final = self.output().path
        issues = Issues(sorted(final.parent.glob("all-*")))
        links, told = group_by_part(ends, shards, issues)
        tally.count("links", "jump_ends", sum(len(one.ends) for found in ends.values() for one in found))
        tally.count("links", "links", len(links))
        with whole_folder(final) as folder:
            issues.save(folder)
            for part, groups in told.items():
                (folder / part).write_bytes(msgspec.msgpack.encode(groups))
            tally.save(folder)


class Emit(ShardTask):
    """Article records and dropped records of the documents of a shard."""

    stage = "emit"
    linked = luigi.Parameter(
        description="digest of the links that concern the shard", visibility=ParameterVisibility.HIDDEN
    )
    files = (ARTICLES, DROPPED)
    rejoined = luigi.Parameter(
        significant=False, visibility=ParameterVisibility.HIDDEN, description="folder of the shard's rejoined documents"
    )
    links = luigi.Parameter(significant=False, visibility=ParameterVisibility.HIDDEN, description="folder of the links")

    def output(self) -> Folder:
        """The folder of the result."""
        name = f"{self.part}-{self.listing}-{self.linked}"
        return Folder(stage_folder(self.out, self.stage, self.version, name))

    def work(self) -> None:
        """Emit each document alone, or with those that links bind to it."""
        before = Path(self.rejoined)
        outcomes = read_outcomes(before)
        here = {known.path for known in outcomes}
        groups = groups_of(Path(self.links), self.part).groups
        group_of = {member.path: group for group in groups for member in group.members}
        wording = emit.Wording(self.choices.script, self.choices.punctuation)
        written: set[int] = set()
        with self.writing() as (results, done), (before / DOCUMENTS).open("rb") as file:
            for known in outcomes:
                if not known.record[1]:
                    continue
                done(known.record[1])
                group = group_of.get(known.path)
                if group is None:
                    if not results.again(known.path, known.digest):
                        tally = Tally()
                        emitted = emit_safely([read_document(file, known.record)], [], wording, tally)
                        results.add(known.path, known.digest, *records_here(emitted, tally, here))
                elif id(group) not in written:
                    written.add(id(group))
                    digest = group_digest(group, here)
                    if not results.again(known.path, digest):
                        tally = Tally()
                        emitted = emit_group(group, wording, tally)
                        results.add(known.path, digest, *records_here(emitted, tally, here))


def records_here(emitted: emit.Emitted, tally: Tally, here: Container[str]) -> tuple[list[bytes], Tally]:
    """The lines of what belongs to the shard's own documents: others that links bind to them are emitted elsewhere."""
    articles = [one for one in emitted.articles if one.sources[0].path in here]
    dropped = [one for one in emitted.dropped if one.source in here]
    for article in articles:
        count_article(tally, article)
    for drop in dropped:
        count_dropped(tally, drop)
    lines = [to_lines(articles), to_lines(dropped)]
    tally.quarantined = [one for one in tally.quarantined if one.source in here]
    tally.count("bytes", "articles", len(lines[0]))
    tally.count("bytes", "dropped", len(lines[1]))
    return lines, tally


class Run(luigi.Task):
    """Clean a dump: all stages over all shards, then publish the release."""

    inputs = luigi.ListParameter(description='files, folders or globs as JSON: ["seeds"]')
    out = luigi.Parameter(default="output", description="output folder")
    script = luigi.ChoiceParameter(
        choices=emit.SCRIPTS, default="simplified", description="script of the texts that go out"
    )
    punctuation = luigi.ChoiceParameter(
        choices=emit.PUNCTUATION, default="full", description="full: set half-width punctuation between Chinese full"
    )
    path_pattern = luigi.OptionalParameter(default=None, description="how publication, date and page stand in paths")
    rules = luigi.OptionalParameter(default=None, description="TOML file of further chrome rules")
    text_field = luigi.Parameter(
        visibility=ParameterVisibility.HIDDEN, default="text", description="field of JSONL and Parquet with the text"
    )
    id_field = luigi.Parameter(
        visibility=ParameterVisibility.HIDDEN,
        default="id",
        description="field of JSONL and Parquet that names the document",
    )
    max_document_mb = luigi.IntParameter(
        visibility=ParameterVisibility.HIDDEN, default=64, description="larger documents are set aside"
    )
    format = luigi.ChoiceParameter(choices=FORMATS, default="jsonl", description="of the files that go out")
    compress = luigi.ChoiceParameter(choices=COMPRESSIONS, default="none", description="of the files that go out")
    max_file_mb = luigi.IntParameter(
        visibility=ParameterVisibility.HIDDEN, default=256, description="megabytes of JSON in one file that goes out"
    )
    duplicates = luigi.BoolParameter(description="mark articles that the dump holds more than once")
    document_timeout = luigi.IntParameter(
        visibility=ParameterVisibility.HIDDEN,
        default=60,
        description="seconds of computing after which a stage sets a document aside",
    )

    @cached_property
    def plan(self) -> Plan:
        """Found once a process: what goes in and by which versions."""
        take_lock(self.out)
        recover(self.out)
        choices = Settings(**{name: getattr(self, name) for name in Settings.__struct_fields__})
        return make_plan(self.inputs, self.out, choices)

    def complete(self) -> bool:
        """Whether just this was published already."""
        return is_published(self.plan)

    def requires(self) -> LinkPages:
        """The links, and so all that comes before them."""
        plan = self.plan
        names = [[shard.part, shard.digest] for shard in plan.shards]
        return LinkPages(
            out=self.out,
            version=plan.versions["link_pages"],
            settings=self._settings,
            inputs=short_digest(shard.folder for shard in plan.shards),
            shards=msgspec.json.encode(names).decode(),
            versions=msgspec.json.encode(plan.versions).decode(),
        )

    @property
    def _settings(self) -> str:
        return msgspec.json.encode(self.plan.settings).decode()

    def emits(self) -> list[Emit]:
        """One task a shard, named by the links that concern it: known only when all is linked."""
        plan = self.plan
        links = self.input().path
        return [
            shard_task(
                Emit,
                self.out,
                msgspec.json.encode(plan.versions).decode(),
                self._settings,
                shard.part,
                shard.digest,
                linked=groups_of(links, shard.part).digest,
                rejoined=str(plan.folder("rejoin_columns", shard)),
                links=str(links),
            )
            for shard in plan.shards
        ]

    def run(self) -> Iterator[list[Emit] | FindDuplicates | list[Pack]]:
        """Emit, look for duplicates, pack, then put the release in place."""
        emits = self.emits()
        yield emits
        find = self._find(emits)
        if find:
            yield find
        packs = [self._pack(task, find) for task in emits]
        yield packs
        stages = {stage: [self.plan.folder(stage, shard) for shard in self.plan.shards] for stage in STAGES[:4]}
        stages["link_pages"] = [self.input().path]
        stages["emit"] = [task.output().path for task in emits]
        if find:
            stages["sign_articles"] = [task.output().path for task in find.requires()]
            stages["find_duplicates"] = [find.output().path]
        stages["pack"] = [task.output().path for task in packs]
        publish(self.plan, stages)

    def _find(self, emits: list[Emit]) -> FindDuplicates | None:
        if not self.duplicates:
            return None
        return FindDuplicates(
            out=self.out,
            version=self.plan.versions["find_duplicates"],
            settings=self._settings,
            inputs=short_digest(task.output().path.name for task in emits),
            shards=msgspec.json.encode([[task.part, task.listing, task.linked] for task in emits]).decode(),
            versions=msgspec.json.encode(self.plan.versions).decode(),
        )

    def _pack(self, task: Emit, find: FindDuplicates | None) -> Pack:
        more = {}
        if find:
            found = find.output().path
            more = {"marks": marks_digest(found, task.part), "found": str(found)}
        versions = msgspec.json.encode(self.plan.versions).decode()
        return shard_task(Pack, self.out, versions, self._settings, task.part, task.listing, linked=task.linked, **more)

    def on_failure(self, exception: BaseException) -> Any:  # noqa: ANN401
        """Say what went wrong where the parent process finds it."""
        progress.note_failure(work_of(self.out), "Run", exception)
        return super().on_failure(exception)

    def __str__(self) -> str:
        return f"Run {' '.join(self.inputs)} -> {self.out}"
