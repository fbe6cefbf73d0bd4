"""Tornado bars by hand and by reweighting; variance shares by hand and against Monte Carlo."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evaluator.uncertainty.sensitivity import Moments, tornado, variance_shares
from evaluator.uncertainty.stability import in_proportion

# Two agencies, influence (0.6, 0.4). The first weighs (0.5, 0.5), the second the second alone.
# Package (80, 40): agency scores 60 and 40, overall 36 + 16 = 52; effective weights (0.3, 0.7).
VALUES = np.array([[80.0, 40], [10, 90]])
WEIGHTS = np.array([[0.5, 0.5], [0.0, 1.0]])
INFLUENCE = np.array([0.6, 0.4])


def test_bars_by_hand():
    (found,) = tornado(
        VALUES,
        WEIGHTS,
        INFLUENCE,
        packages=[0],
        value_range=(VALUES - [[5.0, 10], [0, 0]], np.array([[90.0, 40], [10, 90]])),
        weight_range=(np.array([[0.3, 0.5], [0, 1]]), np.array([[0.7, 0.5], [0, 1]])),
        influence_range=(np.array([0.5, 0.4]), np.array([0.8, 0.4])),
    )
    assert found.package == 0
    assert found.score == pytest.approx(52)
    told = [(b.kind, b.agency, b.criterion, b.score_at_low, b.score_at_high) for b in found.bars]
    assert told == [
        # 0.6 * (0.3 * 80 + 0.7 * 40) + 16 = 47.2; 0.6 * (0.7 * 80 + 0.3 * 40) + 16 = 56.8
        ("weight", 0, 0, pytest.approx(47.2), pytest.approx(56.8)),
        # 52 - 0.7 * 10 = 45, and up to today's 52
        ("value", None, 1, pytest.approx(45), pytest.approx(52)),
        # 0.5 * 60 + 0.5 * 40 = 50; 0.8 * 60 + 0.2 * 40 = 56
        ("influence", 0, None, pytest.approx(50), pytest.approx(56)),
        # 52 - 0.3 * 5 = 50.5; 52 + 0.3 * 10 = 55
        ("value", None, 0, pytest.approx(50.5), pytest.approx(55)),
    ]
    assert [b.swing for b in found.bars] == pytest.approx([9.6, 7, 6, 4.5])


def test_more_of_an_input_may_do_harm():
    # The second package scores 10 on the first criterion: more weight there lowers its score.
    ends = (np.array([[0.2, 0.5], [0, 1]]), np.array([[0.8, 0.5], [0, 1]]))
    (found,) = tornado(VALUES, WEIGHTS, INFLUENCE, packages=[1], weight_range=ends)
    (bar,) = found.bars
    # 0.6 * (0.2 * 10 + 0.8 * 90) + 36 = 80.4; 0.6 * (0.8 * 10 + 0.2 * 90) + 36 = 51.6
    assert (bar.low, bar.high) == (0.2, 0.8)
    assert (bar.score_at_low, bar.score_at_high) == (pytest.approx(80.4), pytest.approx(51.6))


def test_a_share_without_siblings_has_no_bar():
    ends = (np.array([[0.5, 0.5], [0, 0.8]]), np.array([[0.5, 0.5], [0, 1]]))
    (alone,) = tornado(VALUES, WEIGHTS, INFLUENCE, packages=[0], weight_range=ends)
    assert alone.bars == ()
    own = np.ones((2, 2), dtype=bool)
    (found,) = tornado(VALUES, WEIGHTS, INFLUENCE, packages=[0], weight_range=ends, own=own)
    # The second agency at (0.2, 0.8): 36 + 0.4 * (0.2 * 80 + 0.8 * 40) = 55.2, 52 today.
    assert [(b.score_at_low, b.score_at_high) for b in found.bars] == [
        (pytest.approx(55.2), pytest.approx(52))
    ]
    (single,) = tornado(
        VALUES, WEIGHTS[:1], np.ones(1), packages=[0], influence_range=(np.zeros(1), np.ones(1))
    )
    assert single.bars == ()


def test_what_moves_nothing_but_the_last_digits_has_no_bar():
    # Both criteria at 75: whatever the second agency weighs, it scores 75, and so does the first.
    values = np.full((1, 3), 75.0)
    weights = np.array([[0.3, 0.6, 0.1], [0.7, 0.1, 0.2]])
    ends = (weights / 3, (1 + weights) / 2)
    shares = (np.array([0.1, 0.2]), np.array([0.8, 0.9]))
    (found,) = tornado(
        values,
        weights,
        np.array([0.3, 0.7]),
        packages=[0],
        weight_range=ends,
        influence_range=shares,
    )
    assert found.bars == ()


def test_without_ranges_there_are_no_bars():
    found = tornado(VALUES, WEIGHTS, INFLUENCE, packages=[1, 0])
    assert [f.package for f in found] == [1, 0]
    assert all(f.bars == () for f in found)


def test_bars_equal_evaluating_again():
    rng = np.random.default_rng(9)
    for _ in range(30):
        n, m, k = (int(x) for x in rng.integers(2, 6, 3))
        values, weights = rng.uniform(0, 100, (n, m)), rng.dirichlet(np.ones(m), k)
        influence = rng.dirichlet(np.ones(k))
        (found,) = tornado(
            values,
            weights,
            influence,
            packages=[1],
            value_range=(values * rng.random((n, m)), values + 1),
            weight_range=(weights * rng.random((k, m)), weights + (1 - weights) / 2),
            influence_range=(influence * rng.random(k), influence + (1 - influence) / 2),
        )
        assert len(found.bars) == m + k * m + k
        swings = [bar.swing for bar in found.bars]
        assert swings == sorted(swings, reverse=True)
        for bar in found.bars:
            for to, score in ((bar.low, bar.score_at_low), (bar.high, bar.score_at_high)):
                v, w, g = values[1].copy(), weights.copy(), influence
                if bar.kind == "value":
                    v[bar.criterion] = to
                elif bar.kind == "weight":
                    w[bar.agency] = in_proportion(w[bar.agency], bar.criterion, to)
                else:
                    g = in_proportion(g, bar.agency, to)
                assert score == pytest.approx(g @ w @ v)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"packages": [2]}, r"package 2 is not among 0\.\.1"),
        ({"value_range": (VALUES + 1, VALUES + 2)}, r"value_range at \(0, 0\) is 81.0..82.0"),
        ({"influence_range": (np.zeros(1), np.ones(1))}, "influence_range has shapes"),
        ({"influence": np.array([0.6, 0.6])}, "influence sums to 1.2"),
    ],
)
def test_wrong_ranges_say_what_is_wrong(change, message):
    call = {"values": VALUES, "weights": WEIGHTS, "influence": INFLUENCE, "packages": [0]} | change
    with pytest.raises(ValueError, match=message):
        tornado(**call)


# --- variance ---------------------------------------------------------------------------------

# One agency, two criteria, mean weights (0.6, 0.4), mean values (80, 20), variances (100, 25).
FIXED = Moments(
    influence_mean=np.array([1.0]),
    influence_cov=np.zeros((1, 1)),
    weights_mean=np.array([[0.6, 0.4]]),
    weights_cov=np.zeros((1, 2, 2)),
    values_mean=np.array([[80.0, 20]]),
    values_var=np.array([[100.0, 25]]),
)
# The first weight varies with variance 0.01, the second is what is left of 1.
SWINGING = np.array([[[0.01, -0.01], [-0.01, 0.01]]])


def test_known_weights_leave_the_values_alone():
    # 0.36 * 100 + 0.16 * 25 = 36 + 4 = 40.
    found = variance_shares(FIXED)
    assert found.variance == pytest.approx([40])
    assert found.groups == ("influence", "weights", "values")
    assert found.first == pytest.approx(np.array([[0, 0, 1]]))
    assert found.total == pytest.approx(np.array([[0, 0, 1]]))
    assert found.interaction == pytest.approx([0], abs=1e-12)
    assert found.value_first == pytest.approx(np.array([[0.9, 0.1]]))
    assert found.value_total == pytest.approx(np.array([[0.9, 0.1]]))


def test_known_values_leave_the_weights_alone():
    # The score is 20 + 60 t, t of variance 0.01: 3600 * 0.01 = 36.
    found = variance_shares(replace(FIXED, weights_cov=SWINGING, values_var=np.zeros((1, 2))))
    assert found.variance == pytest.approx([36])
    assert found.first == pytest.approx(np.array([[0, 1, 0]]))


def test_both_at_once_interact():
    # Weights alone 36, values alone 40, product 0.01 * (100 + 25) = 1.25: together 77.25.
    found = variance_shares(replace(FIXED, weights_cov=SWINGING))
    assert found.variance == pytest.approx([77.25])
    assert found.first == pytest.approx(np.array([[0, 36, 40]]) / 77.25)
    assert found.total == pytest.approx(np.array([[0, 37.25, 41.25]]) / 77.25)
    assert found.interaction == pytest.approx([1.25 / 77.25])
    # (0.36 + 0.01) * 100 = 37 and (0.16 + 0.01) * 25 = 4.25 in total.
    assert found.value_first == pytest.approx(np.array([[36, 4]]) / 77.25)
    assert found.value_total == pytest.approx(np.array([[37, 4.25]]) / 77.25)


def test_influence_counts_by_how_far_agencies_are_apart():
    # Agency scores 80 and 20, influence of variance 0.01 as above: the same 36.
    moments = Moments(
        influence_mean=np.array([0.6, 0.4]),
        influence_cov=SWINGING[0],
        weights_mean=np.eye(2),
        weights_cov=np.zeros((2, 2, 2)),
        values_mean=np.array([[80.0, 20]]),
        values_var=np.zeros((1, 2)),
    )
    found = variance_shares(moments)
    assert found.variance == pytest.approx([36])
    assert found.first == pytest.approx(np.array([[1, 0, 0]]))


def test_a_score_that_does_not_vary_has_no_shares():
    found = variance_shares(replace(FIXED, values_var=np.zeros((1, 2))))
    for shares in (found.variance, found.first, found.total, found.interaction, found.value_first):
        assert (shares == 0).all()


def dirichlet_moments(alpha):
    mean = alpha / alpha.sum()
    return mean, (np.diag(mean) - np.outer(mean, mean)) / (alpha.sum() + 1)


def pick_and_freeze(sample, score, group, draws, rng):
    """First order (Saltelli et al. 2010) and total (Jansen 1999) of a group, with their errors."""
    a, b = sample(rng, draws), sample(rng, draws)
    mixed = {**a, **{name: b[name] for name in group}}
    fa, fb, fm = score(a), score(b), score(mixed)
    centre = fa.mean(axis=0)
    first, total = (fb - centre) * (fm - fa), (fa - fm) ** 2 / 2
    root = np.sqrt(draws)
    return (
        (first.mean(axis=0), first.std(axis=0) / root),
        (total.mean(axis=0), total.std(axis=0) / root),
    )


def test_shares_equal_a_monte_carlo_estimate():
    rng = np.random.default_rng(17)
    k, m, n, draws = 3, 4, 2, 100_000
    alpha_g, alpha_w = np.array([3.0, 2, 1]), rng.uniform(0.5, 4, (k, m))
    low = rng.uniform(0, 60, (n, m))
    high = low + rng.uniform(0, 40, (n, m))

    def sample(rng, draws):
        drawn = {"influence": rng.dirichlet(alpha_g, draws)}
        drawn["weights"] = np.stack([rng.dirichlet(row, draws) for row in alpha_w], axis=1)
        for c in range(m):
            drawn[f"value {c}"] = rng.uniform(low[:, c], high[:, c], (draws, n))
        return drawn

    def score(drawn):
        values = np.stack([drawn[f"value {c}"] for c in range(m)], axis=2)
        effective = (drawn["influence"][:, :, None] * drawn["weights"]).sum(axis=1)
        return (values * effective[:, None, :]).sum(axis=2)

    by_agency = [dirichlet_moments(row) for row in alpha_w]
    influence_mean, influence_cov = dirichlet_moments(alpha_g)
    found = variance_shares(
        Moments(
            influence_mean,
            influence_cov,
            np.stack([mean for mean, _ in by_agency]),
            np.stack([cov for _, cov in by_agency]),
            (low + high) / 2,
            (high - low) ** 2 / 12,
        )
    )
    scores = score(sample(rng, draws))
    spread = ((scores - scores.mean(axis=0)) ** 2).std(axis=0) / np.sqrt(draws)
    assert (np.abs(scores.var(axis=0) - found.variance) < 4 * spread).all()

    all_values = [f"value {c}" for c in range(m)]
    expected = [
        (["influence"], found.first[:, 0], found.total[:, 0]),
        (["weights"], found.first[:, 1], found.total[:, 1]),
        (all_values, found.first[:, 2], found.total[:, 2]),
        *(([f"value {c}"], found.value_first[:, c], found.value_total[:, c]) for c in range(m)),
    ]
    for group, first, total in expected:
        estimates = pick_and_freeze(sample, score, group, draws, rng)
        for share, (estimate, error) in zip((first, total), estimates, strict=True):
            assert (np.abs(share * found.variance - estimate) < 4 * error).all(), group


def test_shares_are_shares():
    rng = np.random.default_rng(23)
    for _ in range(50):
        k, m, n = (int(x) for x in rng.integers(1, 6, 3))
        by_agency = [dirichlet_moments(rng.uniform(0.2, 5, m)) for _ in range(k)]
        found = variance_shares(
            Moments(
                *dirichlet_moments(rng.uniform(0.2, 5, k)),
                np.stack([mean for mean, _ in by_agency]),
                np.stack([cov for _, cov in by_agency]),
                rng.uniform(0, 100, (n, m)),
                rng.uniform(0, 300, (n, m)),
            )
        )
        assert (found.first <= found.total + 1e-12).all()
        assert found.first.sum(axis=1) + found.interaction == pytest.approx(np.ones(n))
        assert (found.total.sum(axis=1) >= 1 - 1e-12).all()
        assert found.value_first.sum(axis=1) == pytest.approx(found.first[:, 2])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"values_var": np.array([[100.0, -25]])}, "values_var holds the negative variance -25"),
        ({"weights_cov": -SWINGING}, "weights_cov holds the negative variance"),
        ({"influence_mean": np.ones(2)}, "influence_mean has shape"),
        ({"values_mean": np.array([[np.nan, 1]])}, "values_mean holds an entry"),
    ],
)
def test_wrong_moments_say_what_is_wrong(change, message):
    with pytest.raises(ValueError, match=message):
        variance_shares(replace(FIXED, **change))
