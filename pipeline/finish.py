"""The tasks after emit: find duplicates where that is asked for, and write the files of the release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import luigi
import msgspec
from luigi.parameter import ParameterVisibility

from pipeline import duplicates, outputs, progress
from pipeline.articles import Article, to_line
from pipeline.plan import short_digest, stage_folder, work_of
from pipeline.reuse import earlier_results
from pipeline.store import link_or_copy, whole_folder
from pipeline.tally import Tally
from pipeline.work import Folder, ShardTask, Work

ARTICLES, DROPPED = "articles.jsonl", "dropped.jsonl"  # what emit writes
SIGNATURES = "signatures"
NO_MARKS = "none"


class AfterEmit(ShardTask):
    """What is done to the emitted records of a shard."""

    linked = luigi.Parameter(
        description="digest of the links that concern the shard", visibility=ParameterVisibility.HIDDEN
    )

    @property
    def emitted(self) -> Path:
        """The folder of the emitted records."""
        version = msgspec.json.decode(self.versions)["emit"]
        return stage_folder(self.out, "emit", version, f"{self.part}-{self.listing}-{self.linked}")

    def output(self) -> Folder:
        """The folder of the result."""
        return Folder(stage_folder(self.out, self.stage, self.version, self.emitted.name))


class SignArticles(AfterEmit):
    """Signatures of a shard's articles."""

    stage = "sign_articles"

    def work(self) -> None:
        """Sign each article; a text that an earlier run signed is not signed again."""
        final = self.output().path
        known = {
            one.digest: one.sketch for folder in earlier_results(final, SIGNATURES) for one in read_signatures(folder)
        }
        done = progress.Reporter(work_of(self.out), self.stage, self.part)
        with whole_folder(final) as folder:
            signed = []
            for one in duplicates.sign(read_lines(self.emitted / ARTICLES), known):
                signed.append(one)
                done(0)
            (folder / SIGNATURES).write_bytes(msgspec.msgpack.encode(signed))
            Tally(documents=len(signed)).save(folder)
        done.end(reused=sum(one.digest in known for one in signed))


def read_lines(path: Path) -> Iterator[Article]:
    """The articles that emit wrote."""
    decoder = msgspec.json.Decoder(Article)
    with path.open("rb") as lines:
        yield from map(decoder.decode, lines)


def read_signatures(folder: Path) -> list[duplicates.Signed]:
    """The signatures of a shard's articles."""
    return msgspec.msgpack.decode((folder / SIGNATURES).read_bytes(), type=list[duplicates.Signed])


class FindDuplicates(Work):
    """Which articles of the whole dump are duplicates of others."""

    stage = "find_duplicates"
    inputs = luigi.Parameter(description="digest of all emitted records", visibility=ParameterVisibility.HIDDEN)
    shards = luigi.Parameter(
        description="parts, listings and links of all shards as JSON", visibility=ParameterVisibility.HIDDEN
    )

    def requires(self) -> list[SignArticles]:
        """The signatures of every shard."""
        return [
            self.clone(SignArticles, part=part, listing=listing, linked=linked)
            for part, listing, linked in msgspec.json.decode(self.shards)
        ]

    def output(self) -> Folder:
        """The folder of the result."""
        return Folder(stage_folder(self.out, self.stage, self.version, f"all-{self.inputs}"))

    def run(self) -> None:
        """Find them, and tell each shard its own."""
        signed = {task.part: read_signatures(task.output().path) for task in self.requires()}
        found = duplicates.find(one for each in signed.values() for one in each)
        tally = Tally()
        tally.count("duplicates", "compared", sum(map(len, signed.values())))
        tally.count("duplicates", "marked", len(found))
        with whole_folder(self.output().path) as folder:
            for part, each in signed.items():
                marks = {one.id: found[one.id] for one in each if one.id in found}
                (folder / part).write_bytes(msgspec.json.encode(marks, order="sorted"))
            tally.save(folder)


def marks_digest(folder: Path, part: str) -> str:
    """Changes when other articles of a shard are duplicates, or of others."""
    return short_digest([(folder / part).read_text(encoding="utf-8")])


class Pack(AfterEmit):
    """The files of the release that hold a shard's articles and dropped records."""

    stage = "pack"
    marks = luigi.Parameter(
        default=NO_MARKS, description="digest of the shard's duplicates", visibility=ParameterVisibility.HIDDEN
    )
    found = luigi.Parameter(
        default="", significant=False, visibility=ParameterVisibility.HIDDEN, description="folder of the duplicates"
    )

    def output(self) -> Folder:
        """The folder of the result."""
        return Folder(stage_folder(self.out, self.stage, self.version, f"{self.emitted.name}-{self.marks}"))

    def work(self) -> None:
        """Write both; what goes out as emit wrote it is linked, not copied."""
        packing = outputs.packing_of(self.choices)
        done = progress.Reporter(work_of(self.out), self.stage, self.part)
        with whole_folder(self.output().path) as folder:
            for kind, schema in (
                (ARTICLES, lambda: outputs.article_schema(self.choices.duplicates)),
                (DROPPED, outputs.dropped_schema),
            ):
                source, target = self.emitted / kind, folder / kind.removesuffix(".jsonl")
                target.mkdir()
                size = source.stat().st_size
                done(size, documents=0)
                marked = kind == ARTICLES and self.choices.duplicates
                if packing.plain(size) and not marked:
                    if size:
                        link_or_copy(source, target / f"{self.part}{packing.suffix}")
                    continue
                with source.open("rb") as lines:
                    outputs.pack(self._marked(source) if marked else lines, target, self.part, packing, schema)
            Tally().save(folder)
        done.end()

    def _marked(self, source: Path) -> Iterator[bytes]:
        marks = msgspec.json.decode((Path(self.found) / self.part).read_bytes(), type=dict[str, str])
        for article in read_lines(source):
            article.duplicate_of = marks.get(article.id)
            yield to_line(article)
