"""Columns whose lines take turns: OCR that orders lines by height gives the first line of each column, then the second of each.

Read so, hardly a line goes on in the next one, and most go on in the one as many lines further as there are columns. Where both
holds over many lines, each is put below the line of its own column, and the columns one below the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.flow import Flow, as_learned
from pipeline.labels import ends_sentence
from pipeline.ngrams import COUNTS, MODEL, load_ngrams
from pipeline.records import Line, cells
from pipeline.splices import Reading

# Odds below which a line does not go on in another: 8 of 100 lines that do, 91 of 100 pairs of strangers (tuning articles).
STRANGERS = -3.0
# So many strangers among neighbours, and such a share of them, before columns are looked for; at most such a share in the columns found.
FEWEST, ACROSS, DOWN = 8, 0.4, 0.2
LONGEST = 1000  # lines of a page, at most
# Lines of a block that are asked first, by counts alone: how many, the nats below which one is a stranger, and the share of these
# from which all lines are asked, by the networks too. Of blocks read in order 3 of 100 have so many, of lines that take turns 97.
SAMPLE, STRANGE, SOME = 12, -2.0, 0.4
MOST = 5  # columns side by side
# Log odds that each column costs that is passed over, as one that has ended is: with less, pages of two columns are read as three.
TURN = 3.0
BEAM = 16  # readings that are followed at once
WIDER = 1.25  # a line so many times as wide as those of the columns stands over them
SHORTEST = 6  # characters of a line that says where it goes on

Odds = npt.NDArray[np.float32]


def take_no_turns(lines: list[Line], model: Path = MODEL) -> list[Line]:
    """The lines of a page, those of columns that take turns put one column below the other."""
    zones = [Zone(zone) for zone in _zones(lines)]
    doubtful = _doubtful([zone for zone in zones if 2 * FEWEST < len(zone.lines) <= LONGEST], model)
    return [line for zone in zones for line in (_part(zone, model) if zone in doubtful else zone.lines)]


def _zones(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that nothing is known of, with no blank one between them; all others in zones of their own."""
    zone: list[Line] = []
    for line in lines:
        if zone and (line.gap or line.label or zone[-1].label):
            yield zone
            zone = []
        zone.append(line)
    if zone:
        yield zone


class Zone:
    """Lines between blank ones."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines

    @cached_property
    def texts(self) -> list[str]:
        """What the lines say."""
        return [as_learned(line.text) or " " for line in self.lines]

    @cached_property
    def open(self) -> npt.NDArray[np.bool_]:
        """Which of them go on somewhere, and say where."""
        return np.array([len(t) >= SHORTEST and not ends_sentence(t) for t in self.texts])


def _part(block: Zone, model: Path) -> list[Line]:
    zone, open_ = block.lines, block.open
    odds = _odds(block.texts, model)
    start, stop = _strangest(odds[0], open_)
    if stop - start < 2 * FEWEST:
        return zone
    widest = WIDER * float(np.median([cells(line.text) for line in zone[start:stop]]))
    while start and cells(zone[start - 1].text) <= widest:
        start -= 1
    while stop < len(zone) and cells(zone[stop].text) <= widest:
        stop += 1
    odds, open_ = odds[:, start:stop], open_[start:stop]
    _, columns = max(_columns(odds, open_, count) for count in range(2, MOST + 1))
    if _share(columns, odds, open_) > DOWN:
        return zone
    out = zone[:start]
    for column in columns:
        own = [zone[start + k] for k in column]
        own[0].gap = max(own[0].gap, 1)
        out += own
    if stop < len(zone):
        zone[stop].gap = max(zone[stop].gap, 1)
    return out + zone[stop:]


def _doubtful(zones: Sequence[Zone], model: Path) -> set[Zone]:
    """Those of which some of a few lines do not go on in the next one; in columns read one by one nearly all do."""
    found = [(zone, np.flatnonzero(zone.open[:-1])) for zone in zones]
    found = [(zone, some[:: max(len(some) // SAMPLE, 1)]) for zone, some in found if len(some) >= FEWEST]
    if not found:
        return set()
    ends = [zone.texts[k] for zone, some in found for k in some.tolist()]
    starts = [zone.texts[k + 1] for zone, some in found for k in some.tolist()]
    strange = load_ngrams(model / COUNTS).gain(Flow(ends).tails(3), Flow(starts).heads(3)) < STRANGE
    shares = [own.mean() for own in np.split(strange, np.cumsum([len(some) for _, some in found])[:-1])]
    return {zone for (zone, _), share in zip(found, shares, strict=True) if share > SOME}


def _odds(texts: Sequence[str], model: Path) -> Odds:
    """How likely each line goes on in each of the next ones: a row for each distance, from 1."""
    reading = Reading(texts, texts, model)
    out = np.full((2 * MOST, len(texts)), -9.0, np.float32)
    for step in range(1, min(2 * MOST, len(texts) - 1) + 1):
        k = np.arange(len(texts) - step)
        out[step - 1, : len(k)] = reading.odds(k, k + step)
    return out


def _strangest(odds: Odds, open_: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """The stretch of lines, from start to stop, with most strangers among neighbours."""
    worth = np.where(open_, np.where(odds < STRANGERS, 1 - ACROSS, -ACROSS), 0.0)
    sums = np.concatenate([[0.0], np.cumsum(worth)])
    lowest = np.minimum.accumulate(sums)
    stop = int(np.argmax(sums - lowest))
    start = int(np.argmax(sums[: stop + 1] == lowest[stop]))
    strangers = int(np.sum(open_[start:stop] & (odds[start:stop] < STRANGERS)))
    return (start, min(stop + 1, len(odds))) if strangers >= FEWEST else (0, 0)


def _columns(odds: Odds, open_: npt.NDArray[np.bool_], count: int) -> tuple[float, list[list[int]]]:
    """The lines of each of so many columns, each line below one that it goes on, in turn (a beam of sixteen)."""
    beam: list[tuple[float, tuple[tuple[int, ...], ...], int]] = [(0.0, tuple((k,) for k in range(count)), count - 1)]
    for k in range(count, odds.shape[1]):
        ahead = []
        for worth, columns, last in beam:
            for c, own in enumerate(columns):
                step = k - own[-1]
                goes_on = float(odds[step - 1, own[-1]]) if open_[own[-1]] and step <= len(odds) else STRANGERS
                away = (c - last - 1) % count
                ahead.append((worth + goes_on - TURN * away, c, columns))
        ahead.sort(key=lambda found: -found[0])
        beam = [(worth, (*columns[:c], (*columns[c], k), *columns[c + 1 :]), c) for worth, c, columns in ahead[:BEAM]]
    worth, columns, _ = beam[0]
    return worth, [list(own) for own in columns]


def _share(columns: Sequence[Sequence[int]], odds: Odds, open_: npt.NDArray[np.bool_]) -> float:
    """The share of strangers among the lines that stand below each other in columns."""
    pairs = [(a, b) for own in columns for a, b in pairwise(own) if open_[a]]
    strange = [b - a > len(odds) or odds[b - a - 1, a] < STRANGERS for a, b in pairs]
    return sum(strange) / max(len(strange), 1)
