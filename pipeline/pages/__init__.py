"""Pages of HTML: one file each, which needs no network and runs no script.

Texts come from dumps, and a dump can hold anything. Templates escape whatever they are given, and a page's content
policy forbids scripts, so that a tag in a document is shown and never run.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


class PageError(RuntimeError):
    """A page cannot be made: what it is made with is not installed."""


@cache
def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError:
        raise PageError("pages need Jinja: pip install 'newsreflow[report]'") from None
    environment = Environment(
        loader=PackageLoader("pipeline", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["number"] = lambda value: f"{value:,}"
    environment.filters["figure"] = lambda value: "\N{EN DASH}" if value != value else f"{value:.3f}"  # not a number
    return environment


def render(template: str, **values: object) -> str:
    """A page from its template. Raises PageError where the extra is missing."""
    return _environment().get_template(template).render(**values)
