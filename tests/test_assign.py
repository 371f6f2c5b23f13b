"""Partners are told from all ways to pair, and no page pairs in a circle."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.assign import assign, match_odds, probability
from pipeline.crossings import CROSSING_FEATURES, crossing_features
from pipeline.training.fitting import choices, matchings

tables = st.integers(1, 3).flatmap(
    lambda n: st.lists(st.lists(st.floats(-4, 4), min_size=3, max_size=3), min_size=n, max_size=n)
)


def pairs_of(table):
    worth = np.array(table)
    i, j = (x.ravel() for x in np.indices(worth.shape))
    return i, j + len(worth), worth.ravel()


def exact(table):
    """The share of each pair, by listing every matching."""
    worth = np.array(table)
    n, m = worth.shape
    total, share = 0.0, np.zeros_like(worth)
    for partners in product(range(-1, m), repeat=n):
        taken = [p for p in partners if p >= 0]
        if len(taken) == len(set(taken)):
            chosen = [(a, b) for a, b in enumerate(partners) if b >= 0]
            weight = np.exp(sum(worth[pair] for pair in chosen))
            total += weight
            for pair in chosen:
                share[pair] += weight
    return share / total


def shares_of(table):
    return probability(match_odds(*pairs_of(table))[0])


@given(row=st.lists(st.floats(-4, 4), min_size=1, max_size=5))
def test_odds_of_one_end_are_exact(row):
    """Messages are exact where pairs form no circle."""
    assert shares_of([row]) == pytest.approx(exact([row]).ravel(), abs=1e-3)


@settings(deadline=None)
@given(table=tables)
def test_odds_are_near_the_sum_over_all_matchings(table):
    """Everywhere else they are near, and nearer than what each pair would be worth alone."""
    worth = np.array(table).ravel()
    truth = exact(table).ravel()
    off = np.abs(shares_of(table) - truth).max()
    assert off < 0.3
    assert off <= np.abs(probability(worth) - truth).max() + 0.01


def test_a_pair_without_rivals_keeps_its_worth():
    odds, _ = match_odds(np.array([0, 1]), np.array([2, 3]), np.array([1.5, -2.0]))
    assert odds == pytest.approx([1.5, -2.0])


def test_what_its_rival_can_spare_is_worth_more():
    """Two ends want one beginning; the first has another as good, so the second gets it."""
    i, j = np.array([0, 0, 1]), np.array([2, 3, 2])
    odds, _ = match_odds(i, j, np.array([3.0, 3.0, 3.0]))
    assert odds[2] > odds[0]
    assert assign(i, j, odds, 4) == {0: 3, 1: 2}


def test_no_pairs():
    none = np.zeros(0, dtype=int)
    assert len(match_odds(none, none, np.zeros(0))[0]) == 0


@settings(deadline=None)
@given(table=tables, seed=st.integers(0, 99))
@pytest.mark.parametrize("loss", [matchings, choices])
def test_slopes_are_those_of_the_loss(loss, table, seed):
    i, j, worth = pairs_of(table)
    i, j = (np.unique(side, return_inverse=True)[1] for side in (i, j))
    answers = np.zeros(len(worth))
    answers[seed % len(worth)] = 1.0
    _, slope = loss(i, j, answers)(worth)
    for k in range(len(worth)):
        step = np.zeros(len(worth))
        step[k] = 1e-3
        fits = loss(i, j, answers)
        rise = (fits(worth + step)[0] - fits(worth - step)[0]) / 2e-3
        assert slope[k] == pytest.approx(rise, abs=2e-2)


def crossings(joins, pairs, n=6):
    table = np.zeros((n, n))
    for a, b in joins:
        table[a, b] = 1.0
    i, j = np.array(pairs).T
    rows = crossing_features(table, table.sum(axis=1) > 0, table.sum(axis=0) > 0, i, j)
    return [dict(zip(CROSSING_FEATURES, row, strict=True)) for row in rows]


def test_columns_read_across_run_beside_each_other():
    beside, within = crossings([(0, 3), (2, 5)], [(1, 4), (1, 2)])
    assert beside["interleaved"] > within["interleaved"]
    assert beside["beside_above"] == beside["beside_below"] == 1.0


def test_an_article_inside_another_lies_within_its_join():
    inside, across, over = crossings([(1, 4)], [(2, 3), (2, 5), (0, 5)])
    assert inside["around"] > 0
    assert inside["interleaved"] == 0
    assert across["interleaved"] > 0
    assert across["around"] == 0
    assert over["within"] > 0
