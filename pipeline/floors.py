"""Floors for figures, kept in a file: figures may only get better, and floors may only be raised."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

import msgspec

from pipeline.figures import COLUMNS

# Where less is better the floor is a ceiling.
LESS_IS_BETTER = ("join_false",)
_STEP = 10_000  # floors have four digits, rounded to the side that the figure meets


def read(path: Path) -> dict[str, float]:
    """The floors of a file. Raises OSError where there is none, ValueError where it holds something else."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, float])
    except msgspec.DecodeError as error:
        raise ValueError(f"{path}: {error}") from None


def below(floors: Mapping[str, float], figures: Mapping[str, float]) -> list[str]:
    """A line for each figure that is worse than its floor.

    >>> below({"title": 0.9, "join_false": 0.01}, {"title": 0.8, "join_false": 0.005})
    ['title is 0.8000 and must not fall below 0.9000']
    """
    found = []
    for name, floor in floors.items():
        figure = figures.get(name, math.nan)
        if name in LESS_IS_BETTER:
            if not figure <= floor:
                found.append(f"{name} is {figure:.4f} and must not rise above {floor:.4f}")
        elif not figure >= floor:
            found.append(f"{name} is {figure:.4f} and must not fall below {floor:.4f}")
    return found


def raise_floors(path: Path, figures: Mapping[str, float]) -> None:
    """Write what is better than before, to a new file where there is none; what is worse leaves its floor where it is.

    A figure that the gold has nothing for has no floor.
    """
    floors = read(path) if path.exists() else {}
    for name in COLUMNS:
        figure = figures[name]
        if math.isnan(figure):
            continue
        if name in LESS_IS_BETTER:
            floors[name] = min(floors.get(name, math.inf), math.ceil(figure * _STEP) / _STEP)
        else:
            floors[name] = max(floors.get(name, 0.0), math.floor(figure * _STEP) / _STEP)
    path.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
