"""A run from beginning to end: plan, Luigi chain, summary."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import msgspec

from pipeline import progress, status
from pipeline.chain import Settings, warm
from pipeline.kinds import NAMES
from pipeline.plan import STAGES, Plan, make_plan, work_of
from pipeline.publish import free_lock, is_published, recover, take_lock
from pipeline.report import report_of_run


class RunError(RuntimeError):
    """The chain did not come to its end; what it had done is kept for the next run."""


class NothingReadError(RunError):
    """The inputs hold nothing that can be read."""


class Summary(msgspec.Struct):
    """What a run did, in the words that the command line shows."""

    out: str
    documents: int
    articles: int
    paragraphs: int
    joins: int
    jumps_linked: int
    jumps_unresolved: int
    dropped: dict[str, int]
    quarantined: int
    empty: int
    ignored: int
    fresh: bool  # False where all was published already
    seconds: float
    changes: status.Changes | None = None  # since the last release, None where there was none
    no_report: str | None = None  # why there is no report.html


def run(
    inputs: Sequence[str],
    out: str,
    settings: Settings,
    *,
    workers: int = 1,
    strict: bool = False,
    report: bool = True,
    display: progress.Display | None = None,
) -> Summary:
    """Run the chain over the inputs. Results do not depend on `workers` or on the order of inputs.

    Raises InputError, OutputError or RuleError before anything is run, NothingReadError where there is nothing to read,
    and RunError where a task failed, or, if `strict`, where a document was set aside.
    """
    begun = time.time()
    if not inputs:
        raise NothingReadError("no input given")
    take_lock(out)
    try:
        recover(out)
        plan = _planned(inputs, out, settings)
        if not plan.shards:
            raise NothingReadError(_nothing(inputs, plan))
        fresh = not is_published(plan)
        changes = status.changes(plan)
        if fresh:
            progress.clear(plan.work)
            documents = plan.documents
            progress.note(plan.work, progress.Plan(begun, documents, len(plan.shards), _work_to_do(plan), workers))
            _run_chain(plan, inputs, out, settings, workers, display)
        manifest = msgspec.json.decode((Path(out) / "manifest.json").read_bytes())
        summary = _summary(manifest, out, fresh, time.time() - begun)
        summary.changes = changes
        status.note_timing(plan, begun, workers, fresh)
        if report:
            summary.no_report = report_of_run(Path(out), fresh)
        else:
            summary.no_report = "no report.html was asked for"
    finally:
        free_lock(out)
    if not manifest["stages"]["rejoin_columns"]:
        raise NothingReadError(f"none of {plan.documents} documents could be cleaned: {out}/quarantine.jsonl says why")
    if strict and summary.quarantined:
        raise RunError(f"{summary.quarantined} documents were set aside: {out}/quarantine.jsonl says why")
    return summary


def _planned(inputs: Sequence[str], out: str, settings: Settings) -> Plan:
    try:
        plan = make_plan(inputs, out, settings)
        status.note_run(plan, list(inputs), settings)
    except OSError as error:
        raise RunError(f"{out}: {error.strerror or error}; run again to go on from here") from None
    return plan


def _nothing(inputs: Sequence[str], plan: Plan) -> str:
    text = f"nothing to read in {', '.join(inputs)}"
    if plan.ignored:
        text += f" ({plan.ignored} files of other kinds than {NAMES})"
    return "; ".join([text, *(f"{problem.path}: {problem.message}" for problem in plan.problems[:5])])


def _run_chain(
    plan: Plan, inputs: Sequence[str], out: str, settings: Settings, workers: int, display: progress.Display | None
) -> None:
    warm(plan.settings)
    with _own_luigi():
        import luigi

        from pipeline import tasks

        luigi.task_register.Register.clear_instance_cache()
        task = tasks.Run(inputs=tuple(inputs), out=out, **msgspec.structs.asdict(settings))
        task.plan = plan
        watcher = progress.Watcher(plan.work, display) if display else None
        with _watching(watcher) if watcher else nullcontext():
            result = luigi.build(
                [task],
                worker_scheduler_factory=_Factory(),
                local_scheduler=True,
                workers=max(1, workers),
                detailed_summary=True,
                log_level="WARNING",
            )
        luigi.task_register.Register.clear_instance_cache()
        status = luigi.execution_summary.LuigiStatusCode
        if result.status not in (status.SUCCESS, status.SUCCESS_WITH_RETRY):
            said = progress.failures(work_of(out))
            first = said.splitlines()[0] if said else result.summary_text.strip()
            raise RunError(f"{first}\n(more in {work_of(out) / progress.FAILURES}; run again to go on from here)")


def _work_to_do(plan: Plan) -> int:
    """Documents times their cost, less what is there already; emits are known later and counted as all."""
    todo = plan.documents * progress.COST["emit"]
    for stage in STAGES[:4]:
        todo += progress.COST[stage] * sum(s.count for s in plan.shards if not plan.folder(stage, s).exists())
    return todo


@contextmanager
def _watching(watcher: progress.Watcher) -> Iterator[None]:
    watcher.start()
    try:
        yield
    finally:
        watcher.stop()


class _Factory:
    """What luigi.build asks for a scheduler and a worker, with the settings that this chain needs."""

    def create_local_scheduler(self) -> Any:  # noqa: ANN401
        from luigi.scheduler import Scheduler

        return Scheduler(prune_on_get_work=True, record_task_history=False)

    def create_remote_scheduler(self, url: str) -> Any:  # noqa: ANN401
        from luigi.rpc import RemoteScheduler

        return RemoteScheduler(url)

    def create_worker(self, scheduler: Any, worker_processes: int, assistant: bool = False) -> Any:  # noqa: ANN401
        """A worker that takes a task for done only when its output is there."""
        from luigi.worker import Worker

        return Worker(
            scheduler=scheduler, worker_processes=worker_processes, assistant=assistant, check_complete_on_run=True
        )


@contextmanager
def _own_luigi() -> Iterator[None]:
    """Luigi without the luigi.cfg that happens to lie in the working directory, and without its log handlers.

    A configuration file is read only where LUIGI_CONFIG_PATH names it. Luigi's own state is put back, since the caller
    may use Luigi as well.
    """
    from luigi.configuration import LuigiConfigParser, LuigiTomlParser
    from luigi.setup_logging import InterfaceLogging

    given = os.environ.get("LUIGI_CONFIG_PATH")
    kept = [(parser, parser._config_paths, parser._instance) for parser in (LuigiConfigParser, LuigiTomlParser)]
    logged = InterfaceLogging._configured
    logger = logging.getLogger("luigi-interface")
    level, propagate, handler = logger.level, logger.propagate, logging.NullHandler()
    for parser, _, _ in kept:
        parser._config_paths, parser._instance = [given] if given else [], None
    InterfaceLogging._configured = True
    logger.addHandler(handler)
    logger.setLevel(logging.ERROR)
    logger.propagate = False
    try:
        yield
    finally:
        for parser, paths, instance in kept:
            parser._config_paths, parser._instance = paths, instance
        InterfaceLogging._configured = logged
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


def _summary(manifest: dict[str, Any], out: str, fresh: bool, seconds: float) -> Summary:
    counts = manifest["counts"]
    emitted = counts.get("emitted", {})
    unresolved = emitted.get("jumps_unresolved", 0)
    return Summary(
        out=out,
        documents=manifest["inputs"]["documents"],
        articles=emitted.get("articles", 0),
        paragraphs=sum(counts.get("paragraphs", {}).values()),
        joins=sum(counts.get("joins", {}).values()),
        jumps_linked=counts.get("links", {}).get("jump_ends", 0) - unresolved,
        jumps_unresolved=unresolved,
        dropped=counts.get("dropped", {}),
        quarantined=manifest["quarantined"]["documents"],
        empty=counts.get("decoded", {}).get("empty", 0),
        ignored=manifest["inputs"]["ignored"],
        fresh=fresh,
        seconds=round(seconds, 3),
    )
