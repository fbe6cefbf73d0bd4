"""Local weights multiplied down a tree."""

import numpy as np
import pytest

from evaluator.scoring.weighting import ahp, hierarchy

TREE = {
    "commerce": (0.5, {"stack": (0.6, {"chips": 0.25, "cloud": 0.75}), "jobs": 0.4}),
    "state": (0.3, {"allies": 1.0}),
    "defense": 0.2,
}


def test_weights_multiply_down_the_tree():
    result = hierarchy(TREE)
    assert result.leaves == (
        ("commerce", "stack", "chips"),
        ("commerce", "stack", "cloud"),
        ("commerce", "jobs"),
        ("state", "allies"),
        ("defense",),
    )
    # 0.5 x 0.6 x 0.25, 0.5 x 0.6 x 0.75, 0.5 x 0.4, 0.3 x 1, 0.2
    assert result.weights == pytest.approx([0.075, 0.225, 0.2, 0.3, 0.2], abs=1e-15)
    nodes = dict(result.nodes)
    assert nodes["commerce",] == 0.5
    assert nodes["commerce", "stack"] == pytest.approx(0.3)
    assert len(nodes) == 8


def test_a_flat_tree_is_itself():
    assert hierarchy({"a": 0.7, "b": 0.3}).weights == pytest.approx([0.7, 0.3], abs=1e-15)


def test_every_level_that_misses_1_shows_its_path_and_sum():
    tree = {"a": (0.5, {"x": (0.7, {"p": 0.5, "q": 0.6}), "y": 0.3}), "b": 0.4}
    with pytest.raises(ValueError, match="weights sum to") as caught:
        hierarchy(tree)
    assert "top level: weights sum to 0.9, not to 1" in str(caught.value)
    assert "a > x: weights sum to 1.1, not to 1" in str(caught.value)
    assert "a: " not in str(caught.value)


def test_negative_weights_and_empty_levels_are_refused():
    with pytest.raises(ValueError, match=r"top level: b weighs -0\.5, not 0 or more"):
        hierarchy({"a": 1.5, "b": -0.5})
    with pytest.raises(ValueError, match="b weighs nan"):
        hierarchy({"a": 1.0, "b": float("nan")})
    with pytest.raises(ValueError, match="a has no members"):
        hierarchy({"a": (1.0, {})})


def test_saaty_1990_buys_a_house():
    # Saaty 1990, How to make a decision, EJOR 48, 9-26, tables 2-4: eight criteria, three houses
    # A, B, C compared on each; composed priorities 0.396, 0.341, 0.263.
    criteria = [
        [1, 5, 3, 7, 6, 6, 1 / 3, 1 / 4],
        [1 / 5, 1, 1 / 3, 5, 3, 3, 1 / 5, 1 / 7],
        [1 / 3, 3, 1, 6, 3, 4, 6, 1 / 5],
        [1 / 7, 1 / 5, 1 / 6, 1, 1 / 3, 1 / 4, 1 / 7, 1 / 8],
        [1 / 6, 1 / 3, 1 / 3, 3, 1, 1 / 2, 1 / 5, 1 / 6],
        [1 / 6, 1 / 3, 1 / 4, 4, 2, 1, 1 / 5, 1 / 6],
        [3, 5, 1 / 6, 7, 5, 5, 1, 1 / 2],
        [4, 7, 5, 8, 6, 6, 2, 1],
    ]
    houses = {
        "size": (6, 8, 4),
        "transport": (7, 1 / 5, 1 / 8),
        "neighborhood": (8, 6, 1 / 4),
        "age": (1, 1, 1),
        "yard": (5, 4, 1 / 3),
        "facilities": (8, 6, 1 / 5),
        "condition": (1 / 2, 1 / 2, 1),
        "financing": (1 / 7, 1 / 5, 3),
    }
    local = {
        name: ahp([[1, ab, ac], [1 / ab, 1, bc], [1 / ac, 1 / bc, 1]]).weights
        for name, (ab, ac, bc) in houses.items()
    }
    tree = {
        name: (weight, dict(zip("ABC", local[name], strict=True)))
        for name, weight in zip(houses, ahp(criteria).weights, strict=True)
    }
    composed = hierarchy(tree)
    by_house = composed.weights.reshape(8, 3).sum(axis=0)
    assert by_house == pytest.approx([0.396, 0.341, 0.263], abs=1e-3)
    assert np.argsort(-by_house).tolist() == [0, 1, 2]
