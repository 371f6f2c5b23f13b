"""Commands that look at what a run did: report, compare, eval, annotate, check-gold. Nothing is decided here."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from pipeline.cli_options import FAILED, OK, USAGE, at_least, settings_of


def add(commands: Any) -> None:  # noqa: ANN401
    """Add the commands to the command line."""
    _add_report(commands)
    _add_compare(commands)
    _add_eval(commands)
    _add_annotate(commands)
    _add_check_gold(commands)


def _add_report(commands: Any) -> None:  # noqa: ANN401
    report = commands.add_parser("report", help="make the report of a run again")
    report.add_argument("out", metavar="OUT", help="output folder of a run")
    report.add_argument(
        "--pages",
        type=at_least(0),
        default=0,
        metavar="N",
        help="inspection pages of the N documents with the worst joins",
    )
    report.add_argument(
        "--documents",
        metavar="DIR",
        default=".",
        help="for --pages: the folder that the paths of the run start from (default: the present one)",
    )
    report.set_defaults(do=_report)


def _add_compare(commands: Any) -> None:  # noqa: ANN401
    compare = commands.add_parser("compare", help="what differs between two runs")
    compare.add_argument("first", metavar="OUT1", help="output folder of a run")
    compare.add_argument("second", metavar="OUT2", help="output folder of another run")
    compare.add_argument("--html", metavar="FILE", help="write a page, side by side, instead of lines")
    compare.add_argument(
        "--most", type=at_least(0), default=200, metavar="N", help="of each sort (default: %(default)s)"
    )
    compare.set_defaults(do=_compare)


def _add_eval(commands: Any) -> None:  # noqa: ANN401
    evaluate = commands.add_parser("eval", help="score a run against gold annotations, and show the worst misses")
    evaluate.add_argument("gold", metavar="GOLD", help="JSONL file, or folder of YAML files of line numbers")
    evaluate.add_argument("out", metavar="OUT", help="output folder of a run, or a JSONL file of articles")
    evaluate.add_argument("--raw", metavar="DIR", default="seeds", help="raw documents of YAML gold (default: seeds)")
    evaluate.add_argument("--each", action="store_true", help="a row for each document")
    evaluate.add_argument(
        "--misses", type=at_least(0), metavar="N", help="worst misses of each sort (default: 3, on a page 50)"
    )
    evaluate.add_argument("--html", metavar="FILE", help="write a page that shows each miss word by word")
    evaluate.add_argument("--json", action="store_true", help="figures as JSON, without misses")
    evaluate.add_argument("--floors", metavar="FILE", help="fail where a figure is worse than this file allows")
    evaluate.add_argument("--raise-floors", action="store_true", help="write better figures to the file of --floors")
    evaluate.set_defaults(do=_eval)


def _add_annotate(commands: Any) -> None:  # noqa: ANN401
    annotate = commands.add_parser("annotate", help="write a draft of a gold file, for a person to correct")
    annotate.add_argument("document", metavar="DOCUMENT", help="a raw document")
    annotate.add_argument("-o", "--out", metavar="FILE", help="where to (default: standard output)")
    annotate.add_argument("--rules", metavar="FILE", help="TOML file of further rules, as for run")
    annotate.add_argument(
        "--path-pattern", metavar="PATTERN", help="how publication and date stand in paths, as for run"
    )
    annotate.add_argument("--force", action="store_true", help="write over a file that is there")
    annotate.set_defaults(do=_annotate)


def _add_check_gold(commands: Any) -> None:  # noqa: ANN401
    check = commands.add_parser("check-gold", help="check gold files: their form, and that all of the document is told")
    check.add_argument("files", nargs="+", metavar="FILE", help="gold file (YAML)")
    check.add_argument("--raw", metavar="DIR", default="seeds", help="folder of the raw documents (default: seeds)")
    check.set_defaults(do=_check_gold)


def _say(error: object, code: int) -> int:
    if isinstance(error, OSError) and error.filename is not None:
        error = f"{error.filename}: {error.strerror}"
    print(f"newsreflow: {error}", file=sys.stderr)
    return code


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _report(args: argparse.Namespace) -> int:
    from pathlib import Path

    from pipeline.pages import PageError
    from pipeline.releases import ReleaseError
    from pipeline.report import write_report

    try:
        print(write_report(Path(args.out), Path(args.documents), args.pages))
    except (ReleaseError, PageError, OSError) as error:
        return _say(error, USAGE)
    return OK


def _compare(args: argparse.Namespace) -> int:
    from pathlib import Path

    from pipeline.compare import as_text, compare, page
    from pipeline.pages import PageError
    from pipeline.releases import ReleaseError

    try:
        found = compare(Path(args.first), Path(args.second), args.most)
        if args.html is None:
            print("\n".join(as_text(found, args.first, args.second)))
        else:
            _write(args.html, page(found, args.first, args.second))
    except (ReleaseError, PageError, OSError) as error:
        return _say(error, USAGE)
    return OK


def _eval(args: argparse.Namespace) -> int:
    from pathlib import Path

    from pipeline import floors, show
    from pipeline.evaluate import score
    from pipeline.gold import GoldError, read_gold, read_output
    from pipeline.pages import PageError

    if args.raise_floors and args.floors is None:
        return _say("--raise-floors: which file? name it with --floors", USAGE)
    try:
        gold = read_gold(Path(args.gold), Path(args.raw))
        scores = score(gold, read_output(Path(args.out)))
        if args.html is not None:
            from pipeline.misses import page

            _write(args.html, page(scores, 50 if args.misses is None else args.misses, args.gold, args.out))
    except (GoldError, PageError, OSError) as error:
        return _say(error, USAGE)
    asked = args.misses if args.misses is not None else 3
    show.scores(scores, each=args.each, as_json=args.json, misses=0 if args.html else asked)
    if args.floors is None:
        return OK
    path, figures = Path(args.floors), scores.total.figures()
    try:
        if args.raise_floors:
            floors.raise_floors(path, figures)
        found = floors.below(floors.read(path), figures)
    except (OSError, ValueError) as error:
        return _say(error, USAGE)
    for line in found:
        _say(line, FAILED)
    return FAILED if found else OK


def _annotate(args: argparse.Namespace) -> int:
    from pathlib import Path

    from pipeline.annotate import draft

    document, settings = Path(args.document), settings_of(args)
    try:
        if args.out is not None and Path(args.out).exists() and not args.force:
            return _say(f"{args.out}: is there already, perhaps corrected by someone: --force writes over it", USAGE)
        text = draft(document.read_bytes(), args.document, settings)
        if args.out is None:
            sys.stdout.buffer.write(text.encode())
        else:
            _write(args.out, text)
    except OSError as error:
        return _say(error, USAGE)
    except ValueError as error:
        return _say(f"{document}: {error}", FAILED)
    return OK


def _check_gold(args: argparse.Namespace) -> int:
    from pathlib import Path

    from pipeline.goldfile import GoldError, check

    found = 0
    for name in args.files:
        try:
            problems = check(Path(name), Path(args.raw))
        except (GoldError, OSError) as error:
            return _say(error, USAGE)
        found += len(problems)
        for problem in problems:
            print(problem)
    if found:
        return _say(f"{found} error{'s' * (found > 1)}", FAILED)
    print(f"{len(args.files)} gold file{'s' * (len(args.files) > 1)} in order", file=sys.stderr)
    return OK
