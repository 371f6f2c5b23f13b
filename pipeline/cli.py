"""The command line. Nothing is decided here, and nothing heavy is imported before it is known to be needed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline import __version__, cli_inspect, cli_review
from pipeline.cli_options import BUSY, FAILED, INTERRUPTED, OK, USAGE, add_settings, at_least, named, settings_of

if TYPE_CHECKING:
    from pipeline.chain import Settings

EXAMPLES = """\
examples:
  newsreflow run seeds -o output              clean a folder; articles are in output/articles
  newsreflow run dumps/2025-12-* -o output    several folders; * may also be quoted
  newsreflow run pages -o output --workers 4 --script traditional
  newsreflow clean page.txt                   one document, its articles to standard output
  cat page.txt | newsreflow clean -           the same from standard input
  newsreflow inspect seeds/001_7e005dd44ec40fe9.txt -o page.html
  newsreflow explain seeds/001_7e005dd44ec40fe9.txt --line 61
  newsreflow eval gold.jsonl output --misses 5

exit codes: 0 done; 1 nothing could be read, a task failed, or --strict and a document was set aside;
2 a slip of the command line: an input that does not exist, an output folder that cannot be written, rules that
cannot be used; 3 another run is working on OUT; 130 interrupted: run again to go on.
"""

RUN_HELP = """\
Cleans every document of the inputs into OUT: .txt, .md and .html files, lines of .jsonl, rows of .parquet, pages of .warc and
.wet, each also as .gz, .bz2, .xz or .zst and in .zip or .tar.
  OUT/articles/*.jsonl     one article a line
  OUT/dropped/*.jsonl      every span that stands in no article, with reason and rule
  OUT/quarantine.jsonl     documents that could not be read or cleaned, with the error
  OUT/manifest.json        digests of the inputs, versions, settings, counts
  OUT/README.md            what the folder holds, and the types of its fields
  OUT/report.html          the same for people, with plots (extra `report`)
Run again with more files, and only what changed is worked on.
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="newsreflow",
        description="Turns raw dumps of Chinese news into clean articles, one JSON object each.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"newsreflow {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_run(commands)
    _add_status(commands)
    _add_clean(commands)
    _add_learn(commands)
    cli_inspect.add(commands)
    cli_review.add(commands)
    return parser


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--text-field", metavar="NAME", help="field of JSONL and Parquet with the text (default: text)")
    parser.add_argument(
        "--id-field",
        metavar="NAME",
        help="field that names the document; where it is missing the number of the line does (default: id)",
    )
    parser.add_argument(
        "--max-document-mb",
        type=at_least(1),
        metavar="N",
        help="set a document aside that is larger (default: 64)",
    )


def _add_run(commands: Any) -> None:  # noqa: ANN401
    run = commands.add_parser(
        "run",
        help="clean a dump into a folder",
        description=RUN_HELP,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    run.add_argument("inputs", nargs="*", metavar="INPUT", help="folder, file or glob")
    run.add_argument("-o", "--out", required=True, metavar="OUT", help="output folder")
    add_settings(run)
    _add_reading(run)
    run.add_argument(
        "--document-timeout",
        type=at_least(1),
        metavar="SECONDS",
        help="set a document aside that takes a stage longer than this (default: 60)",
    )
    _add_outputs(run)
    run.add_argument("--workers", type=at_least(1), default=1, metavar="N", help="processes (default: 1)")
    run.add_argument(
        "--since-last",
        action="store_true",
        help="inputs and settings of OUT's last run; INPUTs and options given are added to them",
    )
    run.add_argument("--no-report", action="store_true", help="write no report.html")
    run.add_argument("--verbose", action="store_true", help="a line for each stage of each shard")
    run.add_argument("--strict", action="store_true", help="exit with 1 where a document was set aside")
    run.add_argument("--quiet", action="store_true", help="say nothing but errors")
    run.set_defaults(do=_run)


def _add_outputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("jsonl", "parquet"), help="of articles and dropped (default: jsonl)")
    parser.add_argument("--compress", choices=("none", "zst", "gz"), help="compress them (default: none)")
    parser.add_argument(
        "--max-file-mb", type=at_least(1), metavar="N", help="megabytes of JSON in a file (default: 256)"
    )
    parser.add_argument(
        "--duplicates",
        action=argparse.BooleanOptionalAction,
        help="mark articles that the dump holds more than once with the id of the one kept (duplicate_of)",
    )


def _add_status(commands: Any) -> None:  # noqa: ANN401
    status = commands.add_parser("status", help="how far a run is, what the last one did and how long it took")
    status.add_argument("out", metavar="OUT", help="output folder")
    status.add_argument("--json", action="store_true", help="as JSON")
    status.set_defaults(do=_status)


def _add_clean(commands: Any) -> None:  # noqa: ANN401
    clean = commands.add_parser("clean", help="clean one document to standard output")
    clean.add_argument("file", metavar="FILE", help="the document; - reads standard input")
    add_settings(clean)
    clean.set_defaults(do=_clean)


def _add_learn(commands: Any) -> None:  # noqa: ANN401
    learn = commands.add_parser(
        "learn-chrome",
        help="write the lines that many pages of a dump share as a rule file, to read and pass with --rules",
    )
    learn.add_argument("inputs", nargs="+", metavar="INPUT", help="folder, file or glob")
    learn.add_argument("-o", "--out", required=True, metavar="FILE", help="the rule file (TOML)")
    learn.add_argument(
        "--least", type=at_least(1), default=5, metavar="N", help="documents that a line stands on (default: 5)"
    )
    _add_reading(learn)
    learn.set_defaults(do=_learn)


def _run(args: argparse.Namespace) -> int:
    from pipeline import show
    from pipeline.running import run

    settings = _after_last(args) if args.since_last else settings_of(args)
    display = None if args.quiet else show.display(args.verbose)
    try:
        summary = run(
            args.inputs,
            args.out,
            settings,
            workers=args.workers,
            strict=args.strict,
            report=not args.no_report,
            display=display,
        )
    finally:
        if display is not None:
            display.close()
    if not args.quiet:
        show.summary(summary)
    return OK


def _after_last(args: argparse.Namespace) -> Settings:
    """The last run's settings with the options given; its inputs join those given, as seen from where it was started."""
    import msgspec

    from pipeline.status import last_run

    last = last_run(args.out)
    args.out = os.path.abspath(args.out)
    given = [os.path.abspath(path) for path in args.inputs]
    if args.rules is not None:
        args.rules = os.path.abspath(args.rules)
    os.chdir(last.folder)
    known = {os.path.abspath(path) for path in last.inputs}
    args.inputs = [*last.inputs, *(path for path in given if path not in known)]
    return msgspec.structs.replace(last.settings, **named(args, last.settings.__struct_fields__))


def _status(args: argparse.Namespace) -> int:
    from pipeline import show
    from pipeline.status import status

    show.status(status(args.out), as_json=args.json)
    return OK


def _clean(args: argparse.Namespace) -> int:
    from pathlib import Path

    from pipeline.articles import to_line
    from pipeline.chain import clean_bytes
    from pipeline.inputs import InputError, read_one
    from pipeline.kinds import CONTAINERS, kind_of

    settings = settings_of(args)
    if args.file == "-":
        data, path = sys.stdin.buffer.read(), "-"
    else:
        path = Path(args.file).name
        if kind_of(path) in CONTAINERS:
            raise InputError(f"{args.file}: may hold many documents; newsreflow run reads it")
        try:
            data = read_one(os.fsencode(args.file), settings.reading)
        except OSError as error:
            raise InputError(f"{args.file}: {error.strerror or error}") from None
        except Exception as error:
            raise InputError(f"{args.file}: {error}") from None
    try:
        articles = clean_bytes(data, path, settings)
    except ValueError as error:
        print(f"newsreflow: {args.file}: {error}", file=sys.stderr)
        return FAILED
    for article in articles:
        sys.stdout.buffer.write(to_line(article))
    sys.stdout.buffer.flush()
    return OK


def _learn(args: argparse.Namespace) -> int:
    from pathlib import Path

    from pipeline.inputs import discover
    from pipeline.learn import learn_to_file
    from pipeline.publish import OutputError

    listing = discover(args.inputs)
    reading = settings_of(args).reading
    try:
        learned = learn_to_file(listing, Path(args.out), ", ".join(listing.roots), args.least, reading)
    except OSError as error:
        raise OutputError(f"{args.out}: {error.strerror}") from None
    lines = sum(map(len, learned.lines.values()))
    unread = f" ({learned.unread} could not be read)" if learned.unread else ""
    print(f"{args.out}: {lines} lines of {learned.documents} documents{unread}", file=sys.stderr)
    return OK if learned.documents else FAILED


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    args = _parser().parse_args(argv)
    try:
        return int(args.do(args))
    except KeyboardInterrupt:
        print("newsreflow: interrupted; run again to go on from here", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:
        code = _code_of(error)
        if code is None:
            raise
        print(f"newsreflow: {error}", file=sys.stderr)
        return code


def _code_of(error: Exception) -> int | None:
    """The exit code of an error that is the user's to mend; None for one that is ours."""
    from pipeline.inputs import InputError
    from pipeline.publish import BusyError, OutputError
    from pipeline.rules import RuleError
    from pipeline.running import RunError

    if isinstance(error, BusyError):
        return BUSY
    if isinstance(error, (InputError, OutputError, RuleError)):
        return USAGE
    return FAILED if isinstance(error, RunError) else None


if __name__ == "__main__":
    sys.exit(main())
