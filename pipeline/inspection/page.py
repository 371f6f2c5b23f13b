"""The inspection page: one HTML file that needs no network and runs nothing of what documents hold.

What a document says reaches the page as JSON in a script element that is data, escaped so that it cannot end that element,
and is put into the page as text only. A content security policy allows the page's own style and script and nothing else.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from typing import Any

import msgspec

from pipeline import __version__
from pipeline.inspection.decisions import Decisions
from pipeline.inspection.evidence import SLIGHT, Evidence, Rival
from pipeline.inspection.view import DOUBTFUL, View, view_of
from pipeline.inspection.words import HERE, SIGNS, WORDS
from pipeline.pages import PageError


def page_of(found: Decisions) -> str:
    """The inspection page of a document."""
    return render(view_of(found))


def render(view: View) -> str:
    """The page as HTML."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise PageError("inspection pages need Jinja: pip install 'newsreflow[report]'") from None

    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    style, script = _asset("page.css"), _asset("page.js")
    return environment.get_template("page.html.j2").render(
        title=view.path,
        version=__version__,
        style=style,
        script=script,
        style_digest=_digest(style),
        script_digest=_digest(script),
        data=_data(view),
    )


@cache
def _asset(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _data(view: View) -> dict[str, Any]:
    """What the page's script draws."""
    data: dict[str, Any] = msgspec.to_builtins(view)
    for link, made in zip(view.links, data["links"], strict=True):
        made["doubtful"] = link.doubtful
        made["evidence"] = _evidence(link.evidence)
        made["caveat"] = link.evidence.caveat(link.sort) if link.evidence is not None else ""
    for end, made in zip([*view.ends, *view.strays], [*data["ends"], *data["strays"]], strict=True):
        made["evidence"] = _evidence(end.evidence)
    told = {name: words for name, words in WORDS.items() if name != "explain"}
    data["words"] = {**told, "common": SIGNS["common"], "fact": SIGNS["fact"]}
    data["words"]["sign"] = {
        model: {name: {side: sign[side] for side in ("for", "against")} for name, sign in signs.items()}
        for model, signs in SIGNS["sign"].items()
    }
    data["doubtful"] = DOUBTFUL
    return data


def _evidence(found: Evidence | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "score": round(found.score, 4),
        "signs": [
            [s.name, s.effect, [f for f in s.facts if f[0] in SIGNS["fact"]]]
            for s in found.signs
            if abs(s.effect) >= SLIGHT or s.facts
        ],
        "onward": _rival(found.onward),
        "before": _rival(found.before),
    }


def _rival(rival: Rival | None) -> dict[str, Any] | None:
    return None if rival is None else {"bit": rival.piece, "score": round(rival.score, 4), "taken": rival.taken}
