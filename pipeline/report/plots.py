"""The plots of a report, drawn by pygal.

Why pygal: its SVG stands in the page as it is, a few kilobytes each, without a script, without fonts and in the page's own
colours, light or dark; matplotlib takes eight times as long to load and plotly or Vega bring megabytes of JavaScript. What
pygal adds for pages of its own (style, script, the day it ran) is taken out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lxml import etree

from pipeline.pages import PageError

if TYPE_CHECKING:
    from markupsafe import Markup

    from pipeline.report.facts import Facts

Rows = Sequence[tuple[str, int]]

_SVG = "{http://www.w3.org/2000/svg}"
_UNWANTED = ("style", "script", "defs", "title")
_LONGEST = 16  # characters of a label


def plots(facts: Facts) -> dict[str, Markup]:
    """The plots of a report by name; one that has nothing to show is left out."""
    wanted: dict[str, tuple[Rows, bool]] = {
        "publications": ([(name or "unknown", n) for name, n in facts.publications], True),
        "dates": ([(day or "unknown", n) for day, n in facts.dates], False),
        "reasons": (list(facts.group("dropped").items()), True),
        "confidence": (facts.confidence, False),
        "joins": (facts.joins or [], False),
        "paragraphs": (facts.paragraph_lengths, False),
        "articles": (facts.article_lengths, False),
    }
    return {name: bars(rows, lying) for name, (rows, lying) in wanted.items() if any(n for _, n in rows)}


def bars(rows: Rows, lying: bool) -> Markup:
    """Bars with their counts; lying ones, for names, have the first on top."""
    try:
        import pygal
        from markupsafe import Markup
    except ImportError:
        raise PageError("plots need pygal: pip install 'newsreflow[report]'") from None
    if lying:
        rows = rows[::-1]
    labels = [label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…" for label, _ in rows]
    wide = max(sum(ch >= "\u2e80" for ch in label) for label in labels)
    kind = pygal.HorizontalBar if lying else pygal.Bar
    chart = kind(
        show_legend=False,
        js=[],
        print_values=True,
        print_values_position="top",
        truncate_label=-1,
        value_formatter=lambda n: f"{n:,.0f}" if n else "",
        width=560,
        height=60 + 24 * len(rows) if lying else 240,
        margin=4,
        margin_right=45 if lying or len(rows) > 10 else 4,
        margin_left=4 + 5 * wide if lying else 4,
        x_label_rotation=0 if lying or len(rows) <= 10 else 40,
        show_y_guides=False,
        order_min=0,
        min_scale=1,
    )
    chart.x_labels = labels
    chart.add("", [n for _, n in rows])
    root = etree.fromstring(chart.render())
    _keep_drawing(root, dict(zip(labels, [label for label, _ in rows], strict=True)))
    return Markup(etree.tostring(root, encoding="unicode"))


def _keep_drawing(root: Any, names: dict[str, str]) -> None:  # noqa: ANN401
    """Leave the drawing, and say on each bar what it counts."""
    for node in list(root.iter()):
        if not isinstance(node.tag, str) or node.tag.removeprefix(_SVG) in _UNWANTED:
            node.getparent().remove(node)
    for bar in root.iter(f"{_SVG}g"):
        told = {node.get("class"): node.text or "" for node in bar if node.tag == f"{_SVG}desc"}
        for node in [node for node in bar if node.tag == f"{_SVG}desc"]:
            bar.remove(node)
        if "value" in told:
            label = told.get("x_label", "")
            etree.SubElement(bar, f"{_SVG}title").text = f"{names.get(label, label)}: {told['value']}"
        if "tooltip" in (bar.get("class") or "").split():
            bar.getparent().remove(bar)
    root.set("role", "img")
    root.attrib.pop("id", None)
    etree.cleanup_namespaces(root)
