"""Means of large panels by alias tables: the bootstrap, without drawing each opinion."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from evaluator.uncertainty.sampling import BLOCK, Panel, performances, sample_values
from evaluator.uncertainty.sampling.sums import SumTables, draw_means, sum_tables


def chances(tables: SumTables, row: int) -> dict[float, float]:
    """Return what a table draws, by mean: a column stands for itself, or for another."""
    width = tables.keep.shape[1]
    found: dict[float, float] = {}
    for column, (keep, other) in enumerate(
        zip(tables.keep[row].tolist(), tables.other[row].tolist(), strict=True)
    ):
        stays = (keep + 1) / 2**32 if keep == 2**32 - 1 else keep / 2**32
        for number, chance in ((column, stays), (other, 1 - stays)):
            if chance:
                mean = round(float(tables.low[row] + number * tables.step[row]), 9)
                found[mean] = found.get(mean, 0.0) + chance / width
    return found


@pytest.mark.parametrize(
    "opinions",
    [
        (0.0, 25.0, 25.0, 50.0, 100.0),  # steps of 25
        (30.0, 30.0, 60.0, 80.0, 100.0),  # steps of 10 above 30
        (0.0, 100 / 3, 200 / 3, 100.0, 100.0),  # thirds
        (40.0, 40.0, 40.0, 40.0, 100.0),  # two values
    ],
)
def test_a_table_has_the_chances_of_every_ordered_choice(opinions: tuple[float, ...]) -> None:
    tables, fits = sum_tables(np.array([opinions]))
    assert fits.tolist() == [True]
    every = [round(sum(chosen) / 5, 9) for chosen in product(opinions, repeat=5)]
    means, counts = np.unique(every, return_counts=True)
    found = chances(tables, 0)
    # 5^5 = 3,125 choices, each as likely
    for mean, count in zip(means.tolist(), counts.tolist(), strict=True):
        near = [chance for one, chance in found.items() if abs(one - mean) < 1e-6]
        assert sum(near) == pytest.approx(count / 5**5, abs=1e-9)
    assert sum(found.values()) == pytest.approx(1, abs=1e-9)


def test_panels_without_a_common_step_have_no_table() -> None:
    odd = [0.0, 1.0, np.pi, 50.0, 100.0]
    fine = [0.0, 0.01, 20.0, 50.0, 100.0]  # 10,000 steps
    even = [0.0, 20.0, 20.0, 50.0, 100.0]
    tables, fits = sum_tables(np.array([odd, even, fine]))
    assert fits.tolist() == [False, True, False]
    assert len(tables.low) == 1


def test_means_of_a_large_panel_have_its_mean_and_its_variance() -> None:
    draws, size = 20 * BLOCK, 60
    opinions = np.random.default_rng(2).choice([0.0, 30.0, 60.0, 80.0, 100.0], size)
    known = performances([[Panel(tuple(opinions.tolist()))]])
    found = sample_values(known, draws, seed=3)[:, 0, 0]
    variance = opinions.var() / size
    assert abs(found.mean() - opinions.mean()) < 4 * np.sqrt(variance / draws)
    assert abs(found.var() / variance - 1) < 4 * np.sqrt(2 / draws)
    # means of 60 whole steps of 10 are sixths of a point apart
    assert np.allclose(found * 6, np.rint(found * 6))
    np.testing.assert_array_equal(sample_values(known, 1_500, seed=3)[:, 0, 0], found[:1_500])


def test_each_row_is_drawn_from_its_own_table() -> None:
    low, high = np.tile([0.0, 10.0, 10.0, 20.0, 20.0], 14), np.tile([80.0, 90.0, 100.0], 35)[:70]
    tables, fits = sum_tables(np.stack([low, high] * 50))  # more rows than are drawn together
    assert fits.all()
    means = draw_means(np.random.default_rng(0), tables, 500)
    assert means.shape == (100, 500)
    assert means[::2].max() < 20 < 80 < means[1::2].min()
    assert means[::2].mean() == pytest.approx(low.mean(), abs=0.1)
    assert means[1::2].mean() == pytest.approx(high.mean(), abs=0.1)
