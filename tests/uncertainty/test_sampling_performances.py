"""Values drawn from ranges and panels; weights of several agencies drawn together."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.uncertainty.findings import ValuesDrawn
from evaluator.uncertainty.sample import blocks_of, draw_sample
from evaluator.uncertainty.sampling import (
    BLOCK,
    AgencyWeights,
    Fixed,
    OwnWeights,
    Panel,
    Range,
    Unknown,
    Weighting,
    performances,
    sample_values,
    value_block,
    values_drawn,
    weight_block,
    weighting_block,
)

DRAWS = 100_000
TABLE = performances(
    [
        [50.0, Range(20, 40)],
        [Panel((0, 30, 90)), Range(0, 100)],
        [Panel((10, 10)), Panel((0, 100))],
    ]
)


def test_exact_values_never_vary() -> None:
    exact = performances([[1.0, Range(2, 2)], [Panel((3, 3)), Panel((4,))]])

    assert not exact.uncertain
    np.testing.assert_array_equal(sample_values(exact, 5, seed=1), [[1, 2], [3, 4]])
    assert values_drawn(exact) == ValuesDrawn(4, 0, 0, 0, 0.0, 100.0)


def test_values_stay_in_place_and_within_their_bounds() -> None:
    values = sample_values(TABLE, 5_000, seed=1)

    assert values.shape == (5_000, 3, 2)
    assert (values[:, 0, 0] == 50).all()
    assert (values[:, 2, 0] == 10).all()
    assert values[:, 0, 1].min() >= 20
    assert values[:, 0, 1].max() <= 40
    assert (values_drawn(TABLE).values, values_drawn(TABLE).ranges) == (6, 2)


def test_ranges_are_uniform() -> None:
    # Uniform on 20..40: mean 30, variance 400/12; a quarter lies below 25.
    drawn = sample_values(TABLE, DRAWS, seed=1)[:, 0, 1]

    assert abs(drawn.mean() - 30) < 4 * np.sqrt(400 / 12 / DRAWS)
    assert abs((drawn < 25).mean() - 0.25) < 4 * np.sqrt(0.1875 / DRAWS)


def test_panels_are_resampled() -> None:
    # Of (0, 100) two are drawn: means 0, 50, 100 in 1/4, 1/2, 1/4 of the draws.
    # Of (0, 30, 90) three: mean 40; variance (40^2 + 10^2 + 50^2)/3/3 = 1400/3; all three are 0
    # in 1/27 of the draws, and 3 x 30 or 0 + 0 + 90 give a mean of 30 in 1/27 + 3/27.
    values = sample_values(TABLE, DRAWS, seed=1)
    pair, triple = values[:, 2, 1], values[:, 1, 0]

    for mean, share in ((0, 1 / 4), (50, 1 / 2), (100, 1 / 4)):
        assert abs((pair == mean).mean() - share) < 4 * np.sqrt(share * (1 - share) / DRAWS)
    assert abs(triple.mean() - 40) < 4 * np.sqrt(1400 / 3 / DRAWS)
    for mean, share in ((0, 1 / 27), (30, 4 / 27)):
        found = np.isclose(triple, mean, atol=1e-9).mean()
        assert abs(found - share) < 4 * np.sqrt(share * (1 - share) / DRAWS)


def test_a_panel_of_many_is_drawn_several_at_a_time() -> None:
    # Of 0, 9, .., 99 twelve are drawn: mean 49.5, variance 81 (12^2 - 1) / 12 / 12. Of (0, 20, 50,
    # 100) four: all four are 100 in 1/256 of the draws, a mean of 80 needs 20 + 3 x 100 in any of
    # 4 orders.
    known = performances([[Panel(tuple(range(0, 100, 9))), Panel((0, 20, 50, 100))]])
    values = sample_values(known, DRAWS, seed=1)
    many, four = values[:, 0, 0], values[:, 0, 1]

    variance = 81 * (12**2 - 1) / 12 / 12
    assert abs(many.mean() - 49.5) < 4 * np.sqrt(variance / DRAWS)
    assert abs(many.var() / variance - 1) < 4 * np.sqrt(2 / DRAWS)
    for mean, share in ((100, 1 / 256), (80, 4 / 256)):
        found = np.isclose(four, mean, atol=1e-9).mean()
        assert abs(found - share) < 4 * np.sqrt(share * (1 - share) / DRAWS)


def test_a_sample_holds_what_moves_and_gives_all() -> None:
    weights = Weighting(Unknown(1), (AgencyWeights("one", (0, 1), Unknown(2)),), 2)
    for known, cells in ((TABLE, 4), (performances([[1.0, 2.0]]), 0)):
        sample = draw_sample(blocks_of(weights, known, 9), known, 1_100)
        assert len(sample.influence) == len(sample.effective) == 1_100
        assert [len(one.weights) for one in sample.agencies] == [1_100]
        assert sample.drawn.shape[1] == sample.moving.sum() == cells
        every = np.broadcast_to(sample_values(known, 1_100, seed=9), (1_100, *known.exact.shape))
        np.testing.assert_array_equal(sample.values(1_100), every)


def test_panels_of_one_size_keep_their_own_opinions() -> None:
    known = performances([[Panel((0, 10)), Panel((50, 60)), Panel((90, 100))]])
    values = sample_values(known, 1_000, seed=1)

    for column, means in enumerate([(0, 5, 10), (50, 55, 60), (90, 95, 100)]):
        np.testing.assert_array_equal(np.unique(values[:, 0, column]), means)


def test_cells_vary_independently() -> None:
    values = sample_values(TABLE, DRAWS, seed=1)
    columns = [values[:, 0, 1], values[:, 1, 0], values[:, 1, 1], values[:, 2, 1]]

    correlations = np.corrcoef(columns) - np.eye(4)
    assert np.abs(correlations).max() < 4 / np.sqrt(DRAWS)


def test_a_draw_depends_on_the_seed_and_its_number_alone() -> None:
    few = sample_values(TABLE, 1_100, seed=9)
    many = sample_values(TABLE, 4_000, seed=9)

    np.testing.assert_array_equal(few, many[:1_100])
    np.testing.assert_array_equal(value_block(TABLE, seed=9, block=2), many[2 * BLOCK : 3 * BLOCK])
    assert (value_block(TABLE, seed=8, block=2) != many[2 * BLOCK : 3 * BLOCK]).any()


def test_wrong_cells_are_refused_with_their_place() -> None:
    with pytest.raises(ValueError, match="no cells"):
        performances([])
    with pytest.raises(ValueError, match="row 1 has 1 cells, row 0 has 2"):
        performances([[1.0, 2.0], [3.0]])
    with pytest.raises(ValueError, match=r"row 0, column 1: 101 is outside 0\.\.100"):
        performances([[1.0, Range(0, 101)]])
    with pytest.raises(ValueError, match="row 0, column 0: nan is outside"):
        performances([[float("nan")]])
    with pytest.raises(ValueError, match=r"row 0, column 0: the range 40\.\.20 is upside down"):
        performances([[Range(40, 20)]])
    with pytest.raises(ValueError, match="row 0, column 0: an empty panel"):
        performances([[Panel(())]])


def test_agencies_and_influence_are_drawn_together() -> None:
    weighting = Weighting(
        influence=Unknown(2),
        agencies=(
            AgencyWeights("state", (0, 2), Unknown(2)),
            AgencyWeights("energy", (1,), Fixed((1.0,))),
        ),
        criteria=3,
    )
    drawn = weighting_block(weighting, seed=4, block=1)

    state, energy = drawn.agencies
    assert (state.columns.tolist(), energy.columns.tolist()) == ([0, 2], [1])
    assert state.weights.shape == (BLOCK, 2)
    assert (energy.weights == 1).all()
    first, second = drawn.influence.T
    by_hand = np.stack([first * state.weights[:, 0], second, first * state.weights[:, 1]], axis=1)
    np.testing.assert_allclose(drawn.effective, by_hand, atol=1e-15)
    np.testing.assert_allclose(drawn.effective.sum(axis=1), 1, atol=1e-12)


def test_one_agency_does_not_touch_the_draws_of_another() -> None:
    def drawn(*agencies: AgencyWeights) -> np.ndarray:
        weighting = Weighting(Unknown(len(agencies)), agencies, 3)
        return weighting_block(weighting, seed=4, block=0).agencies[0].weights

    state = AgencyWeights("state", (0, 2), Unknown(2))
    alone, beside = drawn(state), drawn(state, AgencyWeights("energy", (1, 2), Unknown(2)))

    np.testing.assert_array_equal(alone, beside)
    own = weight_block(Unknown(2), seed=4, purpose="weights/state", block=0)
    np.testing.assert_array_equal(alone, own)


def test_weightings_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="state weighs 3 criteria, its weights are about 2"):
        AgencyWeights("state", (0, 1, 2), Unknown(2))
    with pytest.raises(ValueError, match="state names a criterion twice"):
        AgencyWeights("state", (1, 1), Unknown(2))
    state = AgencyWeights("state", (0, 3), Unknown(2))
    with pytest.raises(ValueError, match="state weighs criterion 3: there are 3"):
        Weighting(Unknown(1), (state,), 3)
    with pytest.raises(ValueError, match="influence is about 2 agencies"):
        Weighting(Unknown(2), (state,), 4)
    with pytest.raises(ValueError, match="named twice: state, state"):
        Weighting(Unknown(2), (state, state), 4)


def test_own_weights_score_as_weights_over_all_criteria_do() -> None:
    rng = np.random.default_rng(3)
    own = OwnWeights(np.array([4, 1]), rng.dirichlet((1, 1), 7))
    every = np.zeros((7, 5))
    every[:, [4, 1]] = own.weights
    fixed, drawn = rng.uniform(0, 100, (3, 5)), rng.uniform(0, 100, (7, 3, 5))
    assert own.scores(fixed) == pytest.approx(every @ fixed.T)
    assert own.scores(drawn) == pytest.approx(np.einsum("bm,bnm->bn", every, drawn))
    assert own.first(2).scores(fixed) == pytest.approx(own.scores(fixed)[:2])
