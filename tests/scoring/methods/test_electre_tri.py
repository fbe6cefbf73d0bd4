"""ELECTRE TRI-B against a plain reading of its definition, and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.scoring.methods.electre_tri import electre_tri


def credibility(a, b, weights, q, p, v):
    """How credible it is that a outranks b: Mousseau, Slowinski & Zielniewicz 2000."""
    deficits = [y - x for x, y in zip(a, b, strict=True)]
    agreement = 0.0
    for j, d in enumerate(deficits):
        if d <= q[j]:
            agreement += weights[j]
        elif d < p[j]:
            agreement += weights[j] * (p[j] - d) / (p[j] - q[j])
    value = agreement
    for j, d in enumerate(deficits):
        if d <= p[j]:
            opposition = 0.0
        elif d < v[j]:
            opposition = (d - p[j]) / (v[j] - p[j])
        else:
            opposition = 1.0
        if opposition > agreement:
            value *= (1 - opposition) / (1 - agreement)
    return value


def sort_one(a, profiles, weights, q, p, v, cut):
    """Both assignment rules, profile by profile."""
    over = [credibility(a, b, weights, q, p, v) >= cut - 1e-12 for b in profiles]
    under = [credibility(b, a, weights, q, p, v) >= cut - 1e-12 for b in profiles]
    pessimistic = 0
    for h in reversed(range(len(profiles))):
        if over[h]:
            pessimistic = h + 1
            break
    optimistic = len(profiles)
    for h in range(len(profiles)):
        if under[h] and not over[h]:
            optimistic = h
            break
    return pessimistic, optimistic


def random_case(seed):
    generator = np.random.default_rng(seed)
    n, m, k = generator.integers(1, 12), generator.integers(1, 7), generator.integers(1, 5)
    matrix = np.round(generator.uniform(0, 100, (n, m)))
    profiles = np.sort(np.round(generator.uniform(0, 100, (k, m))), axis=0)
    q = np.round(generator.uniform(0, 8, m))
    p = q + np.round(generator.uniform(0, 15, m))
    v = np.where(generator.random(m) < 0.3, np.inf, p + np.round(generator.uniform(0, 40, m)))
    weights = generator.dirichlet(np.ones(m))
    directions = generator.choice([-1, 1], m)
    cut = generator.choice([0.5, 0.6, 0.75, 1.0])
    return matrix, profiles, q, p, v, weights, directions, cut


@pytest.mark.parametrize("seed", range(200))
def test_equals_the_definition(seed):
    matrix, profiles, q, p, v, weights, directions, cut = random_case(seed)
    result = electre_tri(
        matrix * directions,
        weights,
        directions,
        profiles=profiles * directions,
        q=q,
        p=p,
        v=v,
        cut=cut,
    )
    expected = [sort_one(row, profiles, weights, q, p, v, cut) for row in matrix]
    assert list(zip(result.pessimistic, result.optimistic, strict=True)) == expected


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_pessimistic_is_never_above_optimistic(seed):
    matrix, profiles, q, p, v, weights, _, cut = random_case(seed)
    result = electre_tri(
        matrix, weights, np.ones(len(weights)), profiles=profiles, q=q, p=p, v=v, cut=cut
    )
    assert (result.pessimistic <= result.optimistic).all()


def test_veto_by_hand():
    # Profile (50, 50), weights .8 and .2, cut .75, p = 10, v = 30 on both, q = 0.
    # a = (80, 30): agreement .8; second criterion 20 short: opposition (20 - 10)/(30 - 10) = .5,
    # under .8, no effect: .8 >= .75, class 1. b = (80, 25): opposition .75 < .8: class 1.
    # c = (80, 22): opposition .9 > .8: credibility .8 * (1 - .9)/(1 - .8) = .4: class 0.
    case = {"profiles": [[50, 50]], "p": 10, "cut": 0.75}
    matrix = [[80, 30], [80, 25], [80, 22]]
    with_veto = electre_tri(matrix, [0.8, 0.2], [1, 1], v=30, **case)
    assert with_veto.pessimistic.tolist() == [1, 1, 0]
    without = electre_tri(matrix, [0.8, 0.2], [1, 1], **case)
    assert without.pessimistic.tolist() == [1, 1, 1]
    only_first = electre_tri(matrix, [0.8, 0.2], [1, 1], v=[30, np.inf], **case)
    assert only_first.pessimistic.tolist() == [1, 1, 1]


def test_a_full_veto_holds_where_all_that_weighs_agrees():
    # The first criterion has no weight and is 20 short, v = 20: opposition 1 against agreement 1.
    weights = np.array([0, 1, 2, 2, 2]) / 7
    case = {"p": 3, "v": 20, "cut": 0.6}
    for order in ([0, 1, 2, 3, 4], [1, 0, 2, 3, 4], [4, 3, 2, 1, 0]):
        row = np.array([41, 1, 1, 1, 1])[order]
        profile = np.array([21, 1, 1, 1, 1])[order]
        found = electre_tri([row], weights[order], [-1] * 5, profiles=[profile], **case)
        assert found.pessimistic.tolist() == [0]


def test_weights_that_meet_the_cut_exactly():
    # .1 + .2 + .4 is .7000000000000001 and .4 + .2 + .1 .7; a cut of .7 is met by both.
    weights, profile = [0.1, 0.2, 0.3, 0.4], [[50, 50, 50, 50]]
    result = electre_tri([[60, 60, 0, 60]], weights, [1] * 4, profiles=profile, cut=0.7)
    assert result.pessimistic.tolist() == [1]
    turned = electre_tri([[60, 0, 60, 60]], weights[::-1], [1] * 4, profiles=profile, cut=0.7)
    assert turned.pessimistic.tolist() == [1]


def test_a_deficit_that_meets_the_threshold_exactly():
    # In floating point .8 - .6 is .20000000000000007, which q = .2 must still cover.
    result = electre_tri([[0.6]], [1], [1], profiles=[[0.8]], q=0.2, p=0.2)
    assert result.pessimistic.tolist() == [1]


def test_the_variant_states_everything():
    result = electre_tri([[1, 2]], [0.5, 0.5], [1, -1], profiles=[[1, 3], [2, 2]], p=[1, 2])
    assert dict(result.variant.parameters) == {
        "profiles": ((1, 3), (2, 2)),
        "q": 0,
        "p": (1, 2),
        "v": np.inf,
        "cut": 0.75,
    }


@pytest.mark.parametrize(
    "arguments, message",
    [
        (
            {"profiles": [[50, 50], [60, 40]]},
            r"profile 2 \(40\) is worse than profile 1 \(50\) on criterion 1;",
        ),
        ({"profiles": [50, 50]}, r"profiles has shape \(2,\)"),
        ({"profiles": [[50, 50, 50]]}, "profiles have 3 criteria, the matrix has 2"),
        ({"profiles": [[50, np.nan]]}, r"profiles\[0, 1\] is nan"),
        (
            {"profiles": [[50, 50]], "q": 3, "p": 2},
            "q = 3, p = 2; give finite numbers, 0",
        ),
        ({"profiles": [[50, 50]], "p": 9, "v": [9, 8]}, "q = 0, p = 9, v = 8 on criterion 1;"),
        ({"profiles": [[50, 50]], "q": -1}, "q = -1, p = 0; give"),
        ({"profiles": [[50, 50]], "p": np.inf}, "q = 0, p = inf; give finite"),
        ({"profiles": [[50, 50]], "cut": 0.4}, "cut is 0.4"),
    ],
)
def test_faulty_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        electre_tri([[1, 2], [3, 4]], [0.5, 0.5], [1, 1], **arguments)


@pytest.mark.parametrize("cut", [0.49, 1.01])
def test_a_cut_is_a_share_from_a_half(cut):
    with pytest.raises(ValueError, match=r"give a number from 0\.5 to 1"):
        electre_tri([[70, 40]], [0.5, 0.5], [1, 1], profiles=[[50, 50]], cut=cut)
