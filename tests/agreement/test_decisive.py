import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from evaluator.agreement import decisive_agencies
from evaluator.agreement.findings import ViewMoved

quick = settings(max_examples=60, deadline=None)


def best_one(influence, scores, counted):
    overall = influence @ scores
    return overall == overall.max()


def at_least_60(influence, scores, counted):
    return influence @ scores >= 60


def at_least_30_with_each(influence, scores, counted):
    return (scores >= 30).all(axis=0)


SCORES = [[90.0, 10.0], [40.0, 60.0], [40.0, 60.0]]
INFLUENCE = [0.5, 0.25, 0.25]


def test_one_agency_carries_the_winner():
    # overall 65 and 35. Without agency 0: 40 and 60, so both change. Without 1 (or 2): influence
    # 2/3 and 1/3, 73.3 and 26.7, nothing changes.
    found = decisive_agencies(SCORES, INFLUENCE, best_one)
    assert found.baseline.tolist() == [True, False]
    assert found.flips.tolist() == [[True, True], [False, False], [False, False]]
    assert found.decisive == (0, 0)
    assert found.agencies(0) == (0,)
    assert found.sole is None


def test_an_agencys_floor_leaves_with_the_agency():
    # agency 1 alone holds package 0 out (20 < 30); package 1 is held out by two
    scores = [[80.0, 20.0, 50.0], [20.0, 10.0, 50.0], [50.0, 50.0, 50.0]]
    found = decisive_agencies(scores, [0.4, 0.3, 0.3], at_least_30_with_each)
    assert found.baseline.tolist() == [False, False, True]
    assert found.decisive == (1, None, None)


def test_a_rule_is_told_whom_it_counts():
    # each agency has a floor of its own: 30 with agency 0, 60 with agency 1, none with agency 2
    floors = np.array([30.0, 60.0, 0.0])

    def meets_floors(influence, scores, counted):
        return (scores >= floors[counted][:, None]).all(axis=0)

    found = decisive_agencies([[50.0], [50.0], [50.0]], [0.4, 0.3, 0.3], meets_floors)
    assert found.baseline.tolist() == [False]
    assert found.decisive == (1,)


def test_several_agencies_that_can_are_not_one():
    # overall 60: in. Without agency 0: 40, without agency 1: 40, without 2: 100
    found = decisive_agencies([[100.0], [100.0], [0.0]], [0.3, 0.3, 0.4], at_least_60)
    assert found.flips[:, 0].tolist() == [True, True, False]
    assert found.decisive == (None,)
    assert found.agencies(0) == (0, 1)


def test_a_view_on_one_package():
    # package 0: 0.5 * 70 + 0.5 * 60 = 65. At 0 agency 0 puts it at 30, agency 1 at 35: both can.
    # package 1: 0.9 * 90 + 0.1 * 50 = 86 (other influence below): only the large one can.
    both = decisive_agencies([[70.0], [60.0]], [0.5, 0.5], at_least_60, "view")
    assert both.agencies(0) == (0, 1)
    large = decisive_agencies([[90.0], [50.0]], [0.9, 0.1], at_least_60, "view")
    assert large.decisive == (0,)
    assert large.variant == ViewMoved()


def test_a_view_moves_that_package_only():
    # 80 and 70, one place. Put to 100 by either agency the second wins, put to 0 the first loses.
    found = decisive_agencies([[80.0, 70.0], [80.0, 70.0]], [0.5, 0.5], best_one, "view")
    assert found.flips.all()
    narrow = decisive_agencies(
        [[80.0, 70.0], [80.0, 70.0]], [0.5, 0.5], best_one, "view", scale=(79.0, 81.0)
    )
    assert not narrow.flips.any()


def test_who_holds_all_the_influence_decides_everything():
    found = decisive_agencies(SCORES, [0, 1, 0], best_one)
    assert found.baseline.tolist() == [False, True]
    assert found.sole == 1
    assert found.decisive == (1, 1)


def test_a_single_agency_is_sole():
    assert decisive_agencies([[50.0, 70.0]], [1], best_one).sole == 0


@quick
@given(
    scores=arrays(
        np.float64, st.tuples(st.integers(2, 5), st.integers(1, 5)), elements=st.integers(0, 100)
    ),
    data=st.data(),
)
def test_removal_is_a_run_without_the_agency(scores, data):
    parts = data.draw(st.lists(st.integers(1, 9), min_size=len(scores), max_size=len(scores)))
    influence = np.array(parts) / sum(parts)
    found = decisive_agencies(scores, influence, at_least_60)
    for a in range(len(scores)):
        others = [i for i in range(len(scores)) if i != a]
        left = sum(parts[i] for i in others)
        overall = sum(parts[i] / left * scores[i] for i in others)
        far = np.abs(overall - 60) > 1e-9
        expected = (overall >= 60) != found.baseline
        assert (found.flips[a][far] == expected[far]).all()
    for package, agency in enumerate(found.decisive):
        assert (agency is not None) == (found.flips[:, package].sum() == 1)


@pytest.mark.parametrize(
    "influence, members, change, message",
    [
        ([0.5, 0.25, 0.2], best_one, "removal", r"influence sums to 0\.95; it must sum to 1"),
        ([0.5, 0.5], best_one, "removal", r"influence has shape \(2,\)"),
        (
            INFLUENCE,
            lambda influence, scores, counted: influence @ scores,
            "removal",
            "must return 2 booleans",
        ),
        (
            INFLUENCE,
            lambda influence, scores, counted: influence[:1] > 0,
            "removal",
            "must return 2 booleans",
        ),
        (INFLUENCE, best_one, "veto", "use 'removal' or 'view'"),
    ],
)
def test_wrong_input_is_refused(influence, members, change, message):
    with pytest.raises(ValueError, match=message):
        decisive_agencies(SCORES, influence, members, change)
