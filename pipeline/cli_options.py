"""What commands have in common: exit codes, numbers, and the options that are settings."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.chain import Settings

OK, FAILED, USAGE, BUSY, INTERRUPTED = 0, 1, 2, 3, 130


def at_least(least: int) -> Callable[[str], int]:
    """The type of an option that is a whole number."""

    def number(text: str) -> int:
        n = int(text)
        if n < least:
            raise argparse.ArgumentTypeError(f"must be {least} or more")
        return n

    return number


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how documents are cleaned."""
    parser.add_argument(
        "--script",
        choices=("simplified", "traditional", "keep"),
        help="script of the articles (default: simplified)",
    )
    parser.add_argument(
        "--punctuation",
        choices=("full", "keep"),
        help="full: half-width punctuation between Chinese characters becomes full-width (default: full)",
    )
    parser.add_argument(
        "--path-pattern",
        metavar="PATTERN",
        help="how publication, date and page stand in paths, where the documents do not say",
    )
    parser.add_argument("--rules", metavar="FILE", help="TOML file of further rules for menus, mastheads and the like")


def settings_of(args: argparse.Namespace) -> Settings:
    """The settings that the command line names. Raises RuleError or InputError where they cannot be used."""
    from pipeline.chain import Settings, check

    found = Settings(**named(args, Settings.__struct_fields__))
    check(found)
    return found


def named(args: argparse.Namespace, names: Sequence[str]) -> dict[str, Any]:
    """The options that the command line names; what it leaves out has its default where the settings are."""
    return {name: value for name, value in vars(args).items() if name in names and value is not None}
