import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from evaluator.agreement import dominance, objections, spread
from evaluator.agreement.findings import DominatedBy, ObjectsBelow

quick = settings(max_examples=60, deadline=None)
tables = arrays(
    np.float64, st.tuples(st.integers(1, 4), st.integers(1, 7)), elements=st.integers(0, 4)
)

SCORES = [
    [80.0, 60.0, 40.0, 20.0],
    [50.0, 60.0, 70.0, 10.0],
    [20.0, 60.0, 30.0, 10.0],
]


def test_spread_by_hand():
    found = spread(SCORES)
    assert found.lowest.tolist() == [20, 60, 30, 10]
    assert found.highest.tolist() == [80, 60, 70, 20]
    assert found.spread.tolist() == [60, 0, 40, 10]
    # ranks: 1 2 3 4 | 3 2 1 4 | 3 1 2 4
    assert found.rank_spread.tolist() == [2, 1, 2, 0]
    assert found.is_lowest.T.tolist() == [
        [False, False, True],
        [True, True, True],
        [False, False, True],
        [False, True, True],
    ]
    assert found.is_highest[:, 0].tolist() == [True, False, False]


def test_objections_by_one_floor():
    found = objections(SCORES, "below_floor", floor=50)
    assert [found.agencies(p) for p in range(4)] == [(2,), (), (0, 2), (0, 1, 2)]
    assert found.variant == ObjectsBelow((50.0,) * len(found.objects))


def test_objections_by_each_agencys_floor():
    found = objections(SCORES, "below_floor", floor=[0, 55, 30])
    assert [found.agencies(p) for p in range(4)] == [(1, 2), (), (), (1, 2)]


def test_a_score_at_the_floor_is_not_below_it():
    assert not objections([[0.1 + 0.2]], "below_floor", floor=0.3).objects.any()
    assert not objections([[0.3]], "below_floor", floor=0.1 + 0.2).objects.any()


def test_objections_by_the_agencys_median():
    # medians 50, 55, 25
    found = objections(SCORES, "below_own_median")
    assert [found.agencies(p) for p in range(4)] == [(1, 2), (), (0,), (0, 1, 2)]


def test_objections_by_rank():
    found = objections(SCORES, "outside_top", top=2)
    assert [found.agencies(p) for p in range(4)] == [(1, 2), (), (0,), (0, 1, 2)]
    # packages tied at the cut are inside: competition ranks 1, 2, 2
    assert not objections([[9, 5, 5]], "outside_top", top=2).objects.any()


@pytest.mark.parametrize(
    "rule, parameters, message",
    [
        ("below_floor", {}, "give floor with 'below_floor'"),
        ("below_floor", {"floor": 3, "top": 2}, "top with 'outside_top' only"),
        ("below_own_median", {"floor": 3}, "give floor with 'below_floor'"),
        ("outside_top", {}, "top with 'outside_top' only"),
        ("outside_top", {"top": 0}, "at least 1"),
        ("below_mean", {}, "unknown rule 'below_mean'"),
        ("below_floor", {"floor": [1, 2]}, r"floor has shape \(2,\)"),
        ("below_floor", {"floor": np.nan}, "is nan"),
    ],
)
def test_a_rule_has_its_own_parameter(rule, parameters, message):
    with pytest.raises(ValueError, match=message):
        objections(SCORES, rule, **parameters)


def test_dominance_by_hand():
    # 3 is below 0, 1 and 2 with every agency; of those, none is above another with all three
    found = dominance(SCORES)
    assert found.dominated.tolist() == [False, False, False, True]
    assert found.beaten_by == ((), (), (), (0, 1, 2))
    assert found.variant == DominatedBy(weak=False)


def test_weak_dominance_allows_ties_but_not_everywhere():
    scores = [[5, 5, 5], [7, 6, 7]]
    assert not dominance(scores).dominated.any()
    assert dominance(scores, "weak").beaten_by == ((), (0, 2), ())


@quick
@given(scores=tables)
def test_dominance_is_its_definition(scores):
    higher = scores[:, :, None] > scores[:, None, :]
    level = scores[:, :, None] >= scores[:, None, :]
    assert (dominance(scores).beats == higher.all(axis=0)).all()
    assert (dominance(scores, "weak").beats == (level.all(axis=0) & higher.any(axis=0))).all()


@quick
@given(scores=tables, data=st.data())
def test_no_influence_puts_a_package_above_one_that_beats_it(scores, data):
    parts = data.draw(
        st.lists(st.integers(0, 5), min_size=len(scores), max_size=len(scores)).filter(any)
    )
    overall = np.array(parts) @ scores
    for winner, loser in np.argwhere(dominance(scores).beats):
        assert overall[winner] > overall[loser]
    for winner, loser in np.argwhere(dominance(scores, "weak").beats):
        assert overall[winner] >= overall[loser]


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="use 'strict' or 'weak'"):
        dominance(SCORES, "pareto")
