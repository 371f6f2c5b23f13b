"""What all tasks of the chain have in common: where they work, by which versions, and how a result appears."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import luigi
import msgspec
from luigi.parameter import ParameterVisibility

from pipeline import progress
from pipeline.chain import Settings, warm
from pipeline.guard import guarded
from pipeline.plan import stage_folder, work_of
from pipeline.reuse import Results
from pipeline.store import DOCUMENTS, whole_folder


class Folder(luigi.Target):
    """A folder that appears whole."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def exists(self) -> bool:
        """Whether it is there."""
        return self.path.is_dir()

    def __str__(self) -> str:
        return str(self.path)


class Work(luigi.Task):
    """What all tasks have: where to work, by which versions, with which settings."""

    out = luigi.Parameter(description="output folder of the run")
    versions = luigi.Parameter(
        description="for each stage a digest of code, rules, model and settings up to it, as JSON",
        visibility=ParameterVisibility.HIDDEN,
    )
    settings = luigi.Parameter(description="settings of the run as JSON", visibility=ParameterVisibility.HIDDEN)
    stage = ""

    @property
    def version(self) -> str:
        """The digest of this stage."""
        return str(msgspec.json.decode(self.versions)[self.stage])

    @property
    def choices(self) -> Settings:
        """The settings of the run."""
        return msgspec.json.decode(self.settings, type=Settings)

    def on_failure(self, exception: BaseException) -> Any:  # noqa: ANN401
        """Say what went wrong where the parent process finds it."""
        progress.note_failure(work_of(self.out), str(self), exception)
        return super().on_failure(exception)


class ShardTask(Work):
    """A stage over one shard."""

    part = luigi.Parameter(description="name of the shard, part-0003-of-0008")
    listing = luigi.Parameter(description="digest of the shard's documents", visibility=ParameterVisibility.HIDDEN)
    files: ClassVar[tuple[str, ...]] = (DOCUMENTS,)

    def output(self) -> Folder:
        """The folder of the result."""
        return Folder(stage_folder(self.out, self.stage, self.version, f"{self.part}-{self.listing}"))

    def run(self) -> None:
        """Do the work where it can die without harm."""
        warm(self.choices)
        guarded(self.work, self.choices.document_timeout)

    def work(self) -> None:
        """The task's own."""
        raise NotImplementedError

    @contextmanager
    def writing(self) -> Iterator[tuple[Results, Callable[[int], None]]]:
        """The files of the result, and a function to call after each document."""
        final = self.output().path
        done = progress.Reporter(work_of(self.out), self.stage, self.part)
        with whole_folder(final) as folder, Results(folder, final, self.files) as results:
            yield results, done
            results.save()
        done.end(results.reused, len(results.tally.quarantined))

    def __str__(self) -> str:
        return f"{self.task_family} {self.part}"
