"""Kemeny against published examples, brute force, dynamic programming and HiGHS's MIP solver."""

from functools import cache
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import Bounds, LinearConstraint, milp

from evaluator.agreement import (
    borda,
    disagreements_by_agency,
    kemeny,
    majority_margins,
    pairwise_preferences,
)
from evaluator.agreement.branch_and_cut import is_whole, relax
from evaluator.agreement.linear_ordering import least_regret

quick = settings(max_examples=60, deadline=None)


def tables(packages=5):
    return arrays(
        np.float64,
        st.tuples(st.integers(1, 5), st.integers(1, packages)),
        elements=st.integers(0, 4),
    )


@cache
def orders(size):
    return np.array(list(permutations(range(size))))


def costs(scores, weights):
    """[i, j]: what it costs to place i before j, straight from the definition."""
    size = scores.shape[1]
    table = np.zeros((size, size))
    for row, weight in zip(scores, weights, strict=True):
        for i, j in permutations(range(size), 2):
            table[i, j] += weight * (1.0 if row[i] < row[j] else 0.5 if row[i] == row[j] else 0.0)
    return table


def by_brute_force(scores, weights):
    """The least cost and every order that has it, the first in index order first."""
    table, every = costs(scores, weights), orders(scores.shape[1])
    total = np.zeros(len(every))
    for first, second in combinations(range(scores.shape[1]), 2):
        total += table[every[:, first], every[:, second]]
    best = total.min()
    return best, every[total <= best + 1e-9]


def by_dynamic_programming(table):
    """(least cost, first best order, number of best orders) by subsets, independent of a solver.

    After Held & Karp: the best order of a set starts with some member and goes on with the best
    order of the others.
    """
    size = len(table)
    least, count = np.zeros(1 << size), np.ones(1 << size, dtype=int)
    first = np.zeros(1 << size, dtype=int)
    for chosen in range(1, 1 << size):
        members = [i for i in range(size) if chosen >> i & 1]
        rest = [chosen ^ 1 << i for i in members]
        ways = least[rest] + table[np.ix_(members, members)].sum(axis=1)
        best = ways <= ways.min() + 1e-9
        least[chosen], count[chosen] = ways.min(), count[rest][best].sum()
        first[chosen] = members[int(np.argmax(best))]
    order, left = [], (1 << size) - 1
    while left:
        order.append(int(first[left]))
        left ^= 1 << order[-1]
    return least[-1], order, int(count[-1])


def by_mip(margins):
    """Least regret by HiGHS's MIP solver, all transitivity constraints at once."""
    size = len(margins)
    first, second = np.triu_indices(size, 1)
    place = np.zeros((size, size), dtype=int)
    place[first, second] = np.arange(len(first))
    rows = np.zeros((size * (size - 1) * (size - 2) // 6, len(first)))
    for row, (i, j, k) in zip(rows, combinations(range(size), 3), strict=True):
        row[[place[i, j], place[j, k], place[i, k]]] = 1, 1, -1
    cost = -margins[first, second]
    found = milp(
        cost,
        constraints=LinearConstraint(rows, 0, 1),
        bounds=Bounds(0, 1),
        integrality=np.ones(len(cost)),
        options={"mip_rel_gap": 0},
    )
    assert found.status == 0
    return found.fun - np.minimum(cost, 0).sum()


def paley(size):
    """The tournament in which i beats j where j - i is a square modulo the prime `size`."""
    squares = {i * i % size for i in range(1, size)}
    return [(i, j) for i, j in permutations(range(size), 2) if (j - i) % size in squares]


def agencies_of(arcs, size):
    """Scores whose majorities are `arcs`, each by two votes (McGarvey, Econometrica 21, 1953).

    For an arc i -> j one agency ranks i, j first and the others after, in order; another ranks
    the others first, in reverse, then i, j.
    """
    rows = []
    for i, j in arcs:
        others = [p for p in range(size) if p not in (i, j)]
        for order in ([i, j, *others], [*others[::-1], i, j]):
            row = np.zeros(size)
            row[order] = np.arange(size, 0, -1)
            rows.append(row)
    return np.array(rows)


def test_the_capital_of_tennessee():
    # electowiki, 'Kemeny-Young method': Nashville, Chattanooga, Knoxville, Memphis with a
    # distance of 32 + 32 + 42 + 17 + 42 + 42 = 207. Packages here: Memphis, Nashville, Chattanooga,
    # Knoxville.
    scores = [[3, 2, 1, 0], [0, 3, 2, 1], [0, 1, 3, 2], [0, 1, 2, 3]]
    found = kemeny(scores, [42, 26, 15, 17])
    assert found.order.tolist() == [1, 2, 3, 0]
    assert found.ranks.tolist() == [4, 1, 2, 3]
    assert found.disagreements == found.lower_bound == 207
    assert found.proven
    assert found.unique
    assert found.alternative is None
    assert found.tiers == ((1,), (2,), (3,), (0,))
    # against each group: Memphis's 3 + 0 pairs, Nashville's none, Chattanooga's 2, Knoxville's 3
    assert found.by_agency.tolist() == [3, 0, 2, 3]


def test_a_cycle():
    # electowiki, 'Kemeny-Young method', example with a Condorcet cycle: 25 A>B>C, 40 B>C>A,
    # 35 C>A>B; the six orders cost 150, 180, 170, 120, 130, 150; B>C>A wins with 120.
    found = kemeny([[3, 2, 1], [1, 3, 2], [2, 1, 3]], [25, 40, 35])
    assert found.order.tolist() == [1, 2, 0]
    assert found.disagreements == 120
    assert found.unique
    assert found.tiers == ((0, 1, 2),)


def test_an_even_cycle_has_three_best_orders():
    # 0>1>2, 1>2>0, 2>0>1: each majority is 2 to 1; a best order goes against one of them:
    # 1 + 1 + 2 = 4, and 0>1>2 comes first in index order
    found = kemeny([[3, 2, 1], [1, 3, 2], [2, 1, 3]])
    assert found.order.tolist() == [0, 1, 2]
    assert found.disagreements == 4
    assert found.unique is False
    assert found.alternative.tolist() in ([1, 2, 0], [2, 0, 1])
    assert found.by_agency.tolist() == [0, 2, 2]


def test_a_tie_costs_one_half_either_way():
    found = kemeny([[5, 5]])
    assert found.disagreements == 0.5
    assert found.unique is False
    assert (found.order.tolist(), found.alternative.tolist()) == ([0, 1], [1, 0])


@pytest.mark.parametrize("size, reversals", [(7, 7), (11, 20)])
def test_paley_tournaments(size, reversals):
    # OEIS A003141: some tournament on 7 (11) points needs 7 (20) reversed arcs to be transitive,
    # none needs more. Paley's is one: the dynamic programme proves it here. Each of the n(n-1)/2
    # arcs is a majority of two in n(n-1) votes: it leaves n(n-1)/2 - 1 disagreements, 2 more
    # where it is reversed.
    arcs = paley(size)
    pairs = len(arcs)
    table = np.zeros((size, size))
    for i, j in arcs:
        table[j, i] = 1.0
    least, first, _ = by_dynamic_programming(table)
    assert least == reversals
    found = kemeny(agencies_of(arcs, size))
    assert found.proven
    assert found.disagreements == pairs * (pairs - 1) + 2 * reversals
    assert found.order.tolist() == first
    assert found.unique is False


def test_time_runs_out():
    # the relaxation of Paley's tournament on 11 points is fractional: nothing is proven at once
    found = kemeny(agencies_of(paley(11), 11), time_limit=0.0)
    assert not found.proven
    assert found.unique is None
    assert not found.canonical
    assert found.lower_bound < 55 * 54 + 40 <= found.disagreements
    assert sorted(found.order.tolist()) == list(range(11))


@quick
@given(scores=tables(), data=st.data())
def test_against_brute_force(scores, data):
    weights = data.draw(
        st.none() | st.lists(st.integers(1, 4), min_size=len(scores), max_size=len(scores))
    )
    best, every = by_brute_force(scores, weights or [1] * len(scores))
    found = kemeny(scores, weights)
    assert found.proven
    assert found.disagreements == pytest.approx(best, abs=1e-9)
    assert found.lower_bound == pytest.approx(best, abs=1e-9)
    assert found.canonical
    assert found.order.tolist() == every[0].tolist()
    assert found.unique is (len(every) == 1)
    if len(every) > 1:
        assert found.alternative.tolist() in every[1:].tolist()


@pytest.mark.parametrize("seed", range(12))
def test_against_brute_force_with_seven_packages(seed):
    rng = np.random.default_rng(seed)
    ties = seed % 2
    scores = rng.integers(0, 4, (5, 7)).astype(float) if ties else rng.random((5, 7))
    weights = [1, 1, 1, 1, 1] if seed % 3 else [0.31, 0.27, 0.18, 0.14, 0.1]
    best, every = by_brute_force(scores, weights)
    found = kemeny(scores, weights)
    assert found.proven
    assert found.disagreements == pytest.approx(best, abs=1e-9)
    assert found.order.tolist() == every[0].tolist()
    assert found.unique is (len(every) == 1)


@pytest.mark.parametrize("seed", range(6))
def test_against_dynamic_programming(seed):
    scores = np.random.default_rng(seed).random((4 + seed % 2, 11))
    weights = np.ones(len(scores)) if seed < 2 else np.random.default_rng(seed).random(len(scores))
    least, first, count = by_dynamic_programming(costs(scores, weights))
    found = kemeny(scores, weights)
    assert found.proven
    assert found.disagreements == pytest.approx(least, abs=1e-9)
    assert found.order.tolist() == first
    assert found.unique is (count == 1)


def cyclic_shifts(agencies, packages):
    """Every agency starts the same circle of packages at another point."""
    step = packages // agencies
    return np.array([-((np.arange(packages) - a * step) % packages) for a in range(agencies)])


LARGE = {
    "unrelated rankings": np.random.default_rng(0).random((5, 36)),
    "unrelated rankings, ties": np.random.default_rng(1).integers(0, 8, (5, 36)),
    "circles": cyclic_shifts(5, 36),
    "circles, blurred": cyclic_shifts(5, 36) + np.random.default_rng(2).normal(0, 4, (5, 36)),
}


@pytest.mark.slow
@pytest.mark.parametrize("scores", LARGE.values(), ids=LARGE.keys())
def test_thirty_six_packages_and_five_agencies(scores):
    preferences = pairwise_preferences(scores)
    unavoidable = np.triu(np.minimum(preferences, preferences.T)).sum()
    found = kemeny(scores)
    assert found.proven
    assert found.canonical
    expected = unavoidable + by_mip(majority_margins(preferences))
    assert found.disagreements == pytest.approx(expected, abs=1e-6)
    assert found.disagreements == costs_of(found.order, scores)
    if found.unique is False:
        assert found.disagreements == costs_of(found.alternative, scores)


def costs_of(order, scores):
    return disagreements_by_agency(scores, order).sum()


@pytest.mark.parametrize("scores", [LARGE["unrelated rankings"], agencies_of(paley(11), 11)])
def test_some_of_these_cases_need_branching(scores):
    margins = majority_margins(pairwise_preferences(scores))
    assert not is_whole(relax(margins).before)


@pytest.mark.parametrize("below", [2.0, 1.0, 0.5, 0.0, -3.0])
def test_a_search_below_a_cutoff_proves_no_more_than_is_true(below):
    # margins of an odd number of agencies without ties are odd: regrets are whole numbers
    margins = majority_margins(pairwise_preferences(LARGE["unrelated rankings"]))
    least = least_regret(margins).regret
    found = least_regret(margins, cutoff=least - below)
    assert found.bound <= least + 1e-4
    if below > 0:
        assert found.bound > least - below
    else:
        assert found.regret == least
        assert found.bound == pytest.approx(least, abs=1e-4)


@quick
@given(scores=tables(6))
def test_what_remains_is_what_the_agencies_see(scores):
    found = kemeny(scores)
    assert found.disagreements == pytest.approx(found.by_agency.sum())
    for row, against in zip(scores, found.by_agency, strict=True):
        placed = row[found.order]
        expected = sum(
            1.0 if placed[i] < placed[j] else 0.5 if placed[i] == placed[j] else 0.0
            for i, j in combinations(range(len(placed)), 2)
        )
        assert against == expected


@quick
@given(scores=tables(6), data=st.data())
def test_it_is_no_worse_than_any_other_order(scores, data):
    other = data.draw(st.permutations(range(scores.shape[1])))
    found = kemeny(scores)
    assert found.disagreements <= costs_of(other, scores)
    assert found.disagreements <= costs_of(np.argsort(borda(scores).ranks), scores)
    for row in scores:
        assert found.disagreements <= costs_of(np.argsort(-row), scores)


@quick
@given(scores=tables(6), data=st.data())
def test_names_of_packages_do_not_matter(scores, data):
    shuffled = data.draw(st.permutations(range(scores.shape[1])))
    found, again = kemeny(scores), kemeny(scores[:, shuffled])
    assert again.disagreements == found.disagreements
    assert again.unique is found.unique
    if found.unique:
        assert np.array(shuffled)[again.order].tolist() == found.order.tolist()


@quick
@given(scores=tables(6))
def test_reversed_rankings_have_the_reversed_consensus(scores):
    found, upside_down = kemeny(scores), kemeny(-scores)
    assert upside_down.disagreements == found.disagreements
    if found.unique:
        assert upside_down.order[::-1].tolist() == found.order.tolist()


@quick
@given(scores=tables(6))
def test_a_larger_unit_of_weight_changes_nothing(scores):
    found, scaled = kemeny(scores), kemeny(scores, np.full(len(scores), 0.2))
    assert scaled.order.tolist() == found.order.tolist()
    assert scaled.disagreements == pytest.approx(found.disagreements / 5)
    assert scaled.unique is found.unique


@quick
@given(row=st.permutations(range(6)), agencies=st.integers(1, 4))
def test_unanimous_agencies_get_their_ranking(row, agencies):
    found = kemeny([row] * agencies)
    assert found.disagreements == 0
    assert found.unique
    assert found.order.tolist() == np.argsort(row)[::-1].tolist()


@quick
@given(scores=tables(6))
def test_a_package_that_beats_everything_is_first(scores):
    margins = majority_margins(pairwise_preferences(scores))
    winners = [i for i, row in enumerate(margins) if (np.delete(row, i) > 0).all()]
    if winners:
        assert kemeny(scores).order[0] == winners[0]


@quick
@given(scores=tables(6))
def test_tiers_keep_their_order_in_every_best_ranking(scores):
    _, every = by_brute_force(scores, [1] * len(scores))
    tiers = kemeny(scores).tiers
    assert sorted(i for tier in tiers for i in tier) == list(range(scores.shape[1]))
    for order in every:
        places = [np.flatnonzero(np.isin(order, tier)) for tier in tiers]
        assert np.concatenate(places).tolist() == list(range(scores.shape[1]))


def test_only_ties_in_any_number():
    found = kemeny([np.arange(200), -np.arange(200)])
    assert found.order.tolist() == list(range(200))
    assert found.unique is False
    assert found.disagreements == 200 * 199 / 2


def test_too_large_a_cycle_is_refused():
    with pytest.raises(ValueError, match="160 packages beat one another in cycles"):
        kemeny(cyclic_shifts(5, 160))


@pytest.mark.parametrize("order", [[0, 1], [0, 1, 1], [0, 1, 2, 3], [1, 2, 3]])
def test_an_order_must_name_each_package_once(order):
    with pytest.raises(ValueError, match="each of the 3 packages once"):
        disagreements_by_agency([[1, 2, 3]], order)


def test_missing_scores_are_refused():
    with pytest.raises(ValueError, match=r"scores\[1, 0\] is nan"):
        kemeny([[1, 2], [np.nan, 2]])


@pytest.mark.slow
def test_a_hundred_packages_of_related_rankings_are_proven() -> None:
    # Five rankings by repeated insertion (Mallows, dispersion 0.95) around 0, 1, 2, ...
    rng = np.random.default_rng(0)
    scores = np.empty((5, 100))
    for row in scores:
        order: list[int] = []
        for package in range(100):
            chances = 0.95 ** np.arange(package, -1, -1.0)
            order.insert(rng.choice(package + 1, p=chances / chances.sum()), package)
        row[order] = np.arange(100, 0, -1)
    found = kemeny(scores, time_limit=600)
    assert found.proven
    assert found.lower_bound == found.disagreements == found.by_agency.sum()
    own = [disagreements_by_agency(scores, np.argsort(-row)).sum() for row in scores]
    assert found.disagreements < min(own)  # better than any agency's own
