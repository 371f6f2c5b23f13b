"""The words of the inspection page and of explanations, in English and Chinese; read once from TOML files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

HERE = Path(__file__).parent


def _read(name: str) -> dict[str, Any]:
    return msgspec.toml.decode((HERE / name).read_bytes())


SIGNS: dict[str, Any] = _read("signs.toml")
WORDS: dict[str, Any] = _read("words.toml")
# model -> feature -> name of the sign that it is told under
FAMILIES: dict[str, dict[str, str]] = {
    model: {feature: name for name, sign in signs.items() for feature in sign["features"]}
    for model, signs in SIGNS["sign"].items()
}


def say(table: str, key: str, language: str, default: str | None = None) -> str:
    """A word by its table and key; the key itself where there is none."""
    entry = WORDS[table].get(key)
    if entry is None:
        return key if default is None else default
    return str(entry[language])


def sign_text(model: str, name: str, effect: float, language: str) -> str:
    """What a sign says, by the side that it spoke for."""
    sign = SIGNS["common"][name] if name in SIGNS["common"] else SIGNS["sign"][model][name]
    return str(sign["for" if effect >= 0 else "against"][language])


def fact_text(feature: str, language: str) -> str:
    """What a feature that is plainly so says; empty where it needs no words of its own."""
    fact = SIGNS["fact"].get(feature)
    return str(fact[language]) if fact else ""
