"""Commands that look into one document: inspect, explain. Nothing is decided here."""

from __future__ import annotations

import argparse
import re
import sys
from typing import TYPE_CHECKING, Any

from pipeline.cli_options import FAILED, OK, add_settings, settings_of

if TYPE_CHECKING:
    from pipeline.inspection.decisions import Decisions


def add(commands: Any) -> None:  # noqa: ANN401
    """Add the commands to the command line."""
    inspect = commands.add_parser(
        "inspect",
        help="write a page that shows a document, its articles, and why",
        description="Writes one HTML page that needs no network: the document with every line's label, the articles, "
        "and the evidence for each join. With --run it shows what that run decided; else the document is cleaned alone.",
    )
    inspect.add_argument(
        "-o",
        "--out",
        metavar="FILE",
        help="the page; - is standard output (default: DOCUMENT's name with .inspect.html)",
    )
    inspect.set_defaults(do=_inspect)
    explain = commands.add_parser(
        "explain",
        help="say in plain words why a line is where it is",
        description="Says why a line is where it is: its label and rule, the joins it has a part in, what spoke for and "
        "against them in log odds, and the runners-up. With --run it tells what that run decided.",
    )
    explain.add_argument("--line", required=True, metavar="N", help="line number from 1, or two: 59-63")
    explain.add_argument("--lang", choices=("en", "zh"), default="en", help="language (default: %(default)s)")
    explain.set_defaults(do=_explain)
    for parser in (inspect, explain):
        parser.add_argument(
            "document",
            metavar="DOCUMENT",
            help="the raw document; in a container by the name that records give it: dump.jsonl#id",
        )
        parser.add_argument("--run", metavar="OUT", help="output folder of a run that this document went into")
        add_settings(parser)


def _decisions(args: argparse.Namespace) -> Decisions:
    from pipeline.inspection import decisions

    if args.run is not None:
        one = decisions.raw(args.document, decisions.settings_of(args.run))
        return decisions.of_run(args.run, one.data, args.document, one.form)
    chosen = settings_of(args)
    one = decisions.raw(args.document, chosen)
    return decisions.decide(one.data, one.path, chosen, one.form)


def _inspect(args: argparse.Namespace) -> int:
    from pathlib import Path

    from pipeline.inspection.page import page_of
    from pipeline.pages import PageError
    from pipeline.publish import OutputError

    try:
        page = page_of(_decisions(args)).encode("utf-8")
    except (ValueError, PageError) as error:
        return _failed(args, error)
    if args.out == "-":
        sys.stdout.buffer.write(page)
        return OK
    name = re.sub(r"[^\w.-]", "_", Path(args.document).name)
    out = Path(args.out or f"{name.removesuffix('.txt')}.inspect.html")
    try:
        out.write_bytes(page)
    except OSError as error:
        raise OutputError(f"{out}: {error.strerror}") from None
    print(out)
    return OK


def _explain(args: argparse.Namespace) -> int:
    from pipeline.inspection.explain import Teller, lines_of

    lines = lines_of(args.line)
    try:
        teller = Teller(_decisions(args), args.lang)
    except ValueError as error:
        return _failed(args, error)
    for k, line in enumerate(lines):
        if k:
            print()
        print("\n".join(teller.of_line(line)))
    return OK


def _failed(args: argparse.Namespace, error: Exception) -> int:
    from pipeline.inputs import InputError
    from pipeline.rules import RuleError

    if isinstance(error, (InputError, RuleError)):
        raise error
    print(f"newsreflow: {args.document}: {error}", file=sys.stderr)
    return FAILED
