"""The report of a run: what came in and went out, what to look at, and what differs from the run before.

It is made from what lies in the output folder and nothing else, so it can be made again at any time. The same release
gives the same bytes, but for the times and for the difference to the run before, which belong to the run and not to the
dump.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from pipeline.pages import PageError, render

__all__ = ["REPORT", "PageError", "make_report", "report_of_run", "write_report"]

REPORT, INSPECT = "report.html", "inspect"


def make_report(out: Path, pages: Mapping[str, str] | None = None) -> str:
    """The report of a run's output folder as HTML.

    Raises ReleaseError for a folder that is no output of a run, and PageError where the extra `report` is not installed.
    """
    from pipeline.report.facts import gather
    from pipeline.report.history import difference
    from pipeline.report.plots import plots

    if find_spec("pygal") is None:  # known before a large release is read
        raise PageError("plots need pygal: pip install 'newsreflow[report]'")
    facts = gather(out)
    return render(
        "report.html", facts=facts, plots=plots(facts), history=difference(out, facts.release), pages=dict(pages or {})
    )


def write_report(out: Path, documents: Path | None = None, pages: int = 0) -> Path:
    """Write the report into the output folder, whole or not at all.

    With `pages`, the documents with the most doubtful joins get an inspection page each, to which the report links; their
    bytes are read from the folder `documents`, which the paths of the run are relative to.
    """
    path = out / REPORT
    beside = out / ".work" / f"{REPORT}.tmp"
    shutil.rmtree(out / INSPECT, ignore_errors=True)  # pages of an older release would tell of other decisions
    text = make_report(out, inspect_doubtful(out, documents or Path(), pages) if pages else None)
    beside.parent.mkdir(exist_ok=True)
    with beside.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    os.replace(beside, path)
    return path


def inspect_doubtful(out: Path, documents: Path, pages: int) -> dict[str, str]:
    """Inspection pages of the documents with the most doubtful joins: path of the document to address of the page.

    A document that is not there, or is not what the run read, gets none.
    """
    from pipeline.inspection.decisions import of_run, raw, settings_of
    from pipeline.inspection.page import page_of
    from pipeline.report.facts import gather

    folder, settings = out / INSPECT, settings_of(str(out))
    made: dict[str, str] = {}
    for path in dict.fromkeys(join.path for join in gather(out).doubtful):
        if len(made) == pages:
            break
        try:
            document = raw((documents / path).as_posix(), settings)
            html = page_of(of_run(str(out), document.data, path, document.form))
        except (OSError, ValueError):  # InputError and what stages say of a document are ValueErrors
            continue
        name = f"{sha256(path.encode()).hexdigest()[:16]}.html"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(html, encoding="utf-8")
        made[path] = f"{INSPECT}/{name}"
    return made


def report_of_run(out: Path, fresh: bool) -> str | None:
    """The report at the end of a run; returns why there is none.

    Articles are what a run is for: whatever goes wrong here is said and stops nothing. No report of an older release is
    left to be taken for this one's.
    """
    if not fresh and (out / REPORT).exists():
        return None
    try:
        write_report(out)
    except Exception as error:
        with suppress(OSError):
            (out / REPORT).unlink(missing_ok=True)
        named = "" if isinstance(error, PageError) else f"{type(error).__name__}: "
        return f"no {REPORT}: {named}{error}"
    return None
