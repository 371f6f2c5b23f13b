"""The Luigi chain: what `steps.py` does to each document, then link pages, emit, and the run that publishes.

A task only reads, maps a stage over its shard's documents, and writes a folder that appears whole or not at all.
Documents flow as streams; no shard is ever in memory. Nothing here relies on Luigi's events, which reach only the
process that a task ran in.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import luigi
import msgspec
from luigi.parameter import ParameterVisibility

from pipeline import progress
from pipeline.articles import to_lines
from pipeline.chain import Settings
from pipeline.finish import ARTICLES, DROPPED, FindDuplicates, Pack, marks_digest
from pipeline.groups import Issues, emit_group, emit_safely, group_by_part, group_digest, groups_of, read_ends
from pipeline.outputs import COMPRESSIONS, FORMATS
from pipeline.plan import STAGES, Plan, make_plan, short_digest, stage_folder, work_of
from pipeline.publish import is_published, publish, recover, take_lock
from pipeline.reuse import read_outcomes
from pipeline.stages import chrome, columns, decode, emit, link, unwrap  # noqa: F401  (loaded once, before forks)
from pipeline.steps import RejoinColumns
from pipeline.store import DOCUMENTS, read_document, whole_folder
from pipeline.tally import Tally, count_article, count_dropped
from pipeline.work import Folder, ShardTask, Work


class LinkPages(Work):
    """Which 下转 goes with which 上接, over all shards; reads nothing but jump ends."""

    stage = "link_pages"
    inputs = luigi.Parameter(description="digest of all shards", visibility=ParameterVisibility.HIDDEN)
    shards = luigi.Parameter(description="names of all shards as JSON", visibility=ParameterVisibility.HIDDEN)

    def requires(self) -> list[ShardTask]:
        """All shards, rejoined."""
        return [
            self.clone(RejoinColumns, part=part, listing=listing) for part, listing in msgspec.json.decode(self.shards)
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
            versions=self._versions,
            settings=self._settings,
            inputs=short_digest(shard.folder for shard in plan.shards),
            shards=msgspec.json.encode(names).decode(),
        )

    @property
    def _settings(self) -> str:
        return msgspec.json.encode(self.plan.settings).decode()

    @property
    def _versions(self) -> str:
        return msgspec.json.encode(self.plan.versions).decode()

    def emits(self) -> list[Emit]:
        """One task a shard, named by the links that concern it: known only when all is linked."""
        plan = self.plan
        links = self.input().path
        return [
            Emit(
                out=self.out,
                versions=self._versions,
                settings=self._settings,
                part=shard.part,
                listing=shard.digest,
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
            versions=self._versions,
            settings=self._settings,
            inputs=short_digest(task.output().path.name for task in emits),
            shards=msgspec.json.encode([[task.part, task.listing, task.linked] for task in emits]).decode(),
        )

    def _pack(self, task: Emit, find: FindDuplicates | None) -> Pack:
        more = {}
        if find:
            found = find.output().path
            more = {"marks": marks_digest(found, task.part), "found": str(found)}
        return task.clone(Pack, **more)

    def on_failure(self, exception: BaseException) -> Any:  # noqa: ANN401
        """Say what went wrong where the parent process finds it."""
        progress.note_failure(work_of(self.out), "Run", exception)
        return super().on_failure(exception)

    def __str__(self) -> str:
        return f"Run {' '.join(self.inputs)} -> {self.out}"
