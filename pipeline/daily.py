"""Dated folders, each cleaned into an output folder of its own: the task that Luigi's RangeDaily repeats.

    luigi --module pipeline.daily RangeDaily --of Day --start 2031-03-01 --days-back 30
        --of-params '{"inputs": ["dumps/%Y-%m-%d"], "out": "output/%Y-%m-%d"}'

A day is done when its dump is published as it is now, so a page that arrives late is cleaned by the next round. A day
without a dump is a missing dependency, which Luigi reports as such and which stops no other day.
"""

from __future__ import annotations

import glob
import os
from pathlib import Path

import luigi
from luigi.task import MixinNaiveBulkComplete

from pipeline.tasks import Run
from pipeline.work import Folder


class Dump(luigi.ExternalTask):
    """A folder, file or glob that somebody else has to put there."""

    path = luigi.Parameter(description="the folder, file or glob")

    def output(self) -> Folder:
        """The dump."""
        return Folder(Path(self.path))

    def complete(self) -> bool:
        """Whether it is there."""
        return os.path.lexists(self.path) or bool(glob.glob(self.path, recursive=True))


class Day(MixinNaiveBulkComplete, luigi.WrapperTask):
    """The run over the dump of one day; its other parameters are those of Run, from the section [Run]."""

    date = luigi.DateParameter(description="the day")
    inputs = luigi.ListParameter(description='files, folders or globs with fields of strftime: ["dumps/%Y-%m-%d"]')
    out = luigi.Parameter(default="output/%Y-%m-%d", description="output folder, with fields of strftime")

    def requires(self) -> list[Dump] | Run:
        """The run, or what of its dump is missing."""
        inputs = [self.date.strftime(path) for path in self.inputs]
        missing = [dump for dump in map(Dump, inputs) if not dump.complete()]
        return missing or Run(inputs=inputs, out=self.date.strftime(self.out))
