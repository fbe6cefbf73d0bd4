"""Interchangeable packages: swapping them leaves the program, and every allocation, as good."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.allocation import allocate
from evaluator.allocation.model.build import Compiled, compile_study
from evaluator.allocation.model.interchange import interchangeable
from evaluator.allocation.model.program import Floats
from tests.allocation.enumeration import every
from tests.allocation.small import M, ask, limit, package, random_study, study, tool
from tests.allocation.small import scores_of as random_scores


def _groups(case, scores):
    return interchangeable(compile_study(case, scores, list(scores)))


def _twins(**fields):
    return [package(name, ask("bank.loan", 80 * M, **fields)) for name in ("P1", "P2")]


def test_twins_are_interchangeable_however_they_are_served():
    scores = {"P1": 70.0, "P2": 70.0}
    loan = tool("loan", 100 * M, 0.01)
    assert _groups(study(_twins(), [loan]), scores) == (("P1", "P2"),)
    whole = study(_twins(all_or_nothing=True), [loan], minimum_support=0.5)
    assert _groups(whole, scores) == (("P1", "P2"),)


def test_what_parts_two_packages():
    loan, alike = tool("loan", 100 * M, {"1": 0.01, "2": 0.02}), {"P1": 70.0, "P2": 70.0}

    def pair(first: dict, second: dict, *limits, **rules):
        requests = [one.pop("asks", [ask("bank.loan", 80 * M)]) for one in (first, second)]
        packages = [
            package(name, *asked, **{"facts": {"grade": 1}, **fields})
            for name, asked, fields in zip(("P1", "P2"), requests, (first, second), strict=True)
        ]
        return study(packages, [loan], limits, **rules)

    assert _groups(pair({}, {}), alike) == (("P1", "P2"),)
    assert not _groups(pair({}, {}), {"P1": 70.0, "P2": 70.1})
    # 1e-12 of a point is a tie
    assert _groups(pair({}, {}), {"P1": 70.0, "P2": 70.0 + 1e-12})
    assert not _groups(pair({}, {"facts": {"grade": 2}}), alike)
    assert not _groups(pair({}, {"asks": [ask("bank.loan", 81 * M)]}), alike)
    assert not _groups(pair({}, {"asks": [ask("bank.loan", 80 * M, minimum_usd=M)]}), alike)
    assert not _groups(pair({}, {"requires": ("P1",)}), alike)
    assert _groups(pair({"requires": ("P2",)}, {"requires": ("P1",)}), alike)
    assert not _groups(pair({}, {}, must={"P1": {"at_least": M}}), alike)
    abroad = {"hosts": {"AAA": 1.0}}, {"hosts": {"CCC": 1.0}}
    # two countries are bounded alike; the goal is about one of them alone
    assert _groups(pair(*map(dict, abroad), limit("c", per="country", at_most=50 * M)), alike)
    one = {"packages": {"host.class": "low"}} | {"at_most": 10 * M, "cost_per_million": 1.0}
    assert _groups(pair(*map(dict, abroad), limit("g", kind="goal", **one)), alike)
    high = one | {"packages": {"host.bloc": "East"}}
    assert not _groups(pair(*map(dict, abroad), limit("g", kind="goal", **high)), alike)


def test_goals_missed_by_group_are_swapped_with_their_groups():
    hosts = {"P1": {"AAA": 1.0}, "P2": {"CCC": 1.0}, "P3": {"BBB": 0.5, "DDD": 0.5}}
    packages = [package(n, ask("bank.loan", 80 * M), hosts=h) for n, h in hosts.items()]
    goal = limit("g", kind="goal", per="country", at_most=30 * M, cost_per_million=0.1)
    case = study(packages, [tool("loan", 100 * M)], [goal])
    assert _groups(case, dict.fromkeys(hosts, 60.0)) == (("P1", "P2"),)


def test_a_share_that_is_asked_and_refused_parts_packages_of_equal_gains():
    # each gains 60 / 80 million a dollar, P2 of an ask of which 40 million has lapsed tools
    packages = [
        package("P1", ask("bank.loan", 80 * M)),
        package("P2", ask("bank.loan", 80 * M), ask("bank.grant", 40 * M, tenor_years=9)),
    ]
    tools = [tool("loan", 100 * M), tool("grant", 9 * M, tenor_at_most=5)]
    assert not _groups(study(packages, tools), {"P1": 60.0, "P2": 90.0})


def _swapped(compiled: Compiled, one: str, other: str) -> Floats:
    """Return the order of columns in which two packages have changed places."""
    order = np.arange(len(compiled.program.cost))
    place = {(c.kind, c.subject, c.detail): n for n, c in enumerate(compiled.program.columns)}
    for (kind, subject, detail), at in place.items():
        if kind != "missed" and subject in (one, other):
            order[at] = place[kind, other if subject == one else one, detail]
    return order


@pytest.mark.parametrize("seed", range(30))
def test_the_groups_are_those_of_exhaustive_comparison(seed):
    """Every whole allocation of few requests stays one, and as good, with the two swapped."""
    rng = np.random.default_rng(seed)
    kinds = [(40, 7), (40, 7), (55, 0)]
    packages = []
    for number, kind in enumerate(rng.integers(0, 3, 5)):
        loan, grant = kinds[kind]
        asks = [ask("bank.loan", loan * M, all_or_nothing=True)]
        asks += [ask("bank.grant", grant * M, all_or_nothing=True)] if grant else []
        packages.append(package(f"P{number}", *asks))
    tools = [tool("loan", 100 * M, 0.02), tool("grant", 15 * M, 1.0)]
    case = study(packages, tools, [limit("s", measure="subsidy", at_most=12 * M)])
    scores = {p.id: float(rng.choice([50.0, 60.0])) for p in case.packages}
    lumps = every(case, scores)
    allowed = {tuple(row) for row in lumps.chosen.tolist()}
    value = dict(zip(map(tuple, lumps.chosen.tolist()), lumps.objective().tolist(), strict=True))
    place = {(name, kind): n for n, (name, kind, _) in enumerate(lumps.requests)}

    def swaps(one: str, other: str) -> bool:
        mine = {kind: usd for name, kind, usd in lumps.requests if name == one}
        if mine != {kind: usd for name, kind, usd in lumps.requests if name == other}:
            return False
        for row in allowed:
            moved = list(row)
            for kind in mine:
                a, b = place[one, kind], place[other, kind]
                moved[a], moved[b] = row[b], row[a]
            if tuple(moved) not in allowed or abs(value[tuple(moved)] - value[row]) > 1e-9:
                return False
        return True

    together = {pair for group in _groups(case, scores) for pair in combinations(group, 2)}
    names = sorted(scores)
    assert together == {pair for pair in combinations(names, 2) if swaps(*pair)}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_copies_of_packages_are_found_in_studies_with_limits_of_every_form(seed):
    """A package and its copy under another name: all rows treat them alike."""
    case = random_study(seed, size=4)
    first = case.packages[0]
    if first.requires or any(first.id in p.requires for p in case.packages):
        return
    copy = first.model_copy(update={"id": "P99"})
    twice = case.model_copy(update={"packages": (*case.packages, copy)})
    scores = random_scores(case) | {"P99": random_scores(case)[first.id]}
    compiled = compile_study(twice, scores, list(scores))
    groups = interchangeable(compiled)
    served = {pair.package for pair in compiled.layout.pairs}
    assert not served & {"P99"} or any({first.id, "P99"} <= set(group) for group in groups)
    for group in groups:
        for one, other in permutations(group, 2):
            order = _swapped(compiled, one, other)
            assert np.array_equal(compiled.program.subsidy[order], compiled.program.subsidy)
            assert np.allclose(compiled.program.cost[order], compiled.program.cost, rtol=1e-12)


def _given(case, scores):
    found = allocate(case, scores, list(scores))
    assert found.certificate == ()
    return {p: int(usd) // M for p, usd in found.amounts.sum(axis=1).items() if usd}


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_equal_shares_are_given_where_they_are_as_good(solver):
    scores = dict.fromkeys(("P1", "P2", "P3"), 70.0)

    def three(envelope: int, **fields):
        packages = [package(name, ask("bank.loan", 80 * M, **fields)) for name in scores]
        return study(packages, [tool("loan", envelope * M, 0.01)], solver=solver)

    assert _given(three(120), scores) == {"P1": 40, "P2": 40, "P3": 40}
    # 33.3 each is under the minimum: two share alike, the first by id
    assert _given(three(100, minimum_usd=40 * M), scores) == {"P1": 50, "P2": 50}
    assert _given(three(100, all_or_nothing=True), scores) == {"P1": 80}
    assert _given(three(170, all_or_nothing=True), scores) == {"P1": 80, "P2": 80}
    # a better one comes first; the two that are left share
    best = scores | {"P3": 71.0}
    assert _given(three(120), best) == {"P1": 20, "P2": 20, "P3": 80}


def test_dollars_that_do_not_divide_go_to_the_first():
    packages = [package(name, ask("bank.loan", 80 * M)) for name in ("P1", "P2", "P3")]
    case = study(packages, [tool("loan", 100 * M)])
    found = allocate(case, dict.fromkeys(("P1", "P2", "P3"), 70.0), ["P1", "P2", "P3"])
    assert found.amounts["bank.loan"].tolist() == [33_333_334, 33_333_333, 33_333_333]


def test_nothing_is_shared_where_a_goal_would_be_missed_by_more():
    """At most 40 of one country are free of cost: P1 and P2 of one share 40, P3 has the other."""
    hosts = {"P1": {"AAA": 1.0}, "P2": {"AAA": 1.0}, "P3": {"CCC": 1.0}}
    packages = [package(n, ask("bank.loan", 80 * M), hosts=h) for n, h in hosts.items()]
    goal = limit("g", kind="goal", per="country", at_most=40 * M, cost_per_million=10.0)
    case = study(packages, [tool("loan", 80 * M)], [goal])
    assert _given(case, dict.fromkeys(hosts, 60.0)) == {"P1": 20, "P2": 20, "P3": 40}
