"""The program in columns: exact numbers, sparse rows, filters, groups; arrays and rows agree."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.allocation.model.build import Compiled, compile_study
from evaluator.allocation.model.columns import lay_out
from evaluator.allocation.model.exact.numbers import (
    Entries,
    Exact,
    as_written,
    beside,
    each_of,
    joined,
    rows_of,
    spread,
    times,
)
from evaluator.allocation.model.exact.rows import exact
from evaluator.allocation.model.findings import HeldAtZero, Stated
from evaluator.allocation.model.limits.limits import limit_families
from evaluator.allocation.model.requests.eligibility import sort_requests
from evaluator.allocation.model.requests.facts import facts_of
from evaluator.allocation.model.requests.matching import HOST, holds, host_datum, matches, mismatch
from evaluator.allocation.model.requests.requests import asks, read_requests
from evaluator.allocation.verify.eligible import eligible_dollars
from evaluator.errors import InvalidStudyError
from evaluator.model.financing import Filter, Span
from evaluator.model.package import Package
from evaluator.model.study import Study
from tests.allocation.small import (
    M,
    ask,
    changed,
    limit,
    package,
    random_study,
    scores_of,
    study,
    tool,
)

SEEDS = st.integers(0, 10**9)
SHARES = st.sampled_from(
    [
        Fraction(0),
        Fraction(1),
        Fraction(1, 3),
        Fraction(7, 100),
        Fraction(-2, 7),
        Fraction(10**20 + 1, 10**19),
    ]
)


def exact_columns(number: int) -> st.SearchStrategy[Exact]:
    return st.lists(SHARES, min_size=number, max_size=number).map(each_of)


def compiled(case: Study, seed: int) -> Compiled:
    return compile_study(case, scores_of(case, seed), [p.id for p in case.packages])


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_arrays_and_exact_rows_are_the_same_program(seed: int) -> None:
    found = compiled(random_study(seed, size=8), seed)
    program, unit = found.program, found.program.unit
    assert len(program.columns) == len(program.cost)
    assert len(program.rows) == len(program.starts) - 1
    binary = [column.kind in ("served", "supported") for column in program.columns]
    assert program.integer.tolist() == binary
    for number, row in enumerate(program.rows):
        begin, end = program.starts[number : number + 2]
        assert program.index[begin:end].tolist() == list(row.terms)
        scale = unit if row.unit == "usd" else 1
        for column, value in zip(row.terms, program.value[begin:end].tolist(), strict=True):
            assert isinstance(row.terms[column], Fraction | int)
            assert value == float(row.terms[column]) / (scale if binary[column] else 1)
        bounds = program.row_lower[number], program.row_upper[number]
        bound = float(row.bound) / scale
        assert bounds == (
            -np.inf if row.sense == "at_most" else bound,
            np.inf if row.sense == "at_least" else bound,
        )
    for place, number in found.row_of.items():
        limited, row = found.limits[place], program.rows[number]
        assert (limited.limit, limited.group, limited.bound) == (row.name, row.group, row.bound)
        other = {c: v for c, v in row.terms.items() if c not in limited.left}
        assert {c: v for c, v in row.terms.items() if c not in other} == limited.left
        if place in found.miss_of:
            del other[found.miss_of[place]]
        assert {c: program.sums[c] for c in other} == (
            dict.fromkeys(other, limited.sum.terms) if limited.sum else {}
        )
        assert list(other.values()) == ([-limited.share] if limited.sum else [])


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_a_dollar_takes_what_it_uses_less_its_share_of_the_bound(seed: int) -> None:
    found = compiled(random_study(seed, size=8), seed)
    for place, number in found.row_of.items():
        limit, net = found.limits[place], found.program.net(number)
        added = limit.sum.terms if limit.sum else {}
        columns = limit.left.keys() | (added.keys() if limit.sense == "at_least" else set())
        for column in columns:
            use = limit.left.get(column, Fraction(0)) - limit.share * added.get(column, Fraction(0))
            assert net.get(column, Fraction(0)) == use
        if limit.sense == "at_most":  # what is left out only eases the row
            assert all(limit.share * added[column] >= 0 for column in added.keys() - net.keys())
        room = limit.constant - limit.plus
        assert limit.bound == (max(room, Fraction(0)) if limit.sense == "at_most" else room)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_a_sum_stands_once_however_many_bounds_are_shares_of_it(seed: int) -> None:
    found = compiled(random_study(seed, size=8), seed)
    used = {one.sum for one in found.limits if one.active and one.sum is not None}
    assert len(found.program.sums) == len(used)
    contents = [(sum(one.terms.values()), len(one.terms)) for one in used]
    assert sorted((sum(t.values()), len(t)) for t in found.program.sums.values()) == sorted(
        contents
    )
    assert all(np.isneginf(found.program.lower[column]) for column in found.program.sums)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_what_is_eligible_is_what_the_certificate_finds(seed: int) -> None:
    case = random_study(seed, size=8)
    found = sort_requests(case, [p.id for p in case.packages[::2]])
    cap = {(pair.package, pair.tool): pair.cap for pair in found.pairs}
    least = {(pair.package, pair.tool): pair.least for pair in found.pairs}
    eligible = eligible_dollars(case)
    for place, one in enumerate(case.packages):
        for request in one.requests:
            most = eligible(one, request) if place % 2 == 0 else 0
            assert cap.get((one.id, request.tool), 0) == most
            assert ((one.id, request.tool) in found.refused) == (most == 0)
            whole = most if request.all_or_nothing else 0
            wanted = max(case.tools[request.tool].minimum_ticket, request.minimum_usd, whole)
            assert most == 0 or least[one.id, request.tool] == wanted


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_gains_are_the_nearest_floats(seed: int) -> None:
    weights = {"bank.loan": 0.1, "bank.grant": 2.5}
    case = random_study(seed, size=8, tool_weights=weights)
    scores, found = scores_of(case, seed), compiled(case, seed)
    for pair, gain in zip(found.layout.pairs, found.gains, strict=True):
        asked: dict[str, list[Fraction]] = {}
        for request in case.package_by_id[pair.package].requests:
            weighed = exact(weights.get(request.tool, 1.0)) * request.amount_usd
            asked.setdefault(request.alternative_group or request.tool, []).append(weighed)
        coverage = case.scenario.allocation.objective == "coverage"
        whole = sum(max(one) for one in asked.values()) if coverage else Fraction(M)
        weight = exact(weights.get(pair.tool, 1.0))
        assert gain == float(exact(scores[pair.package]) * weight / whole)


FILTERS: list[dict[str, Any]] = [
    {},
    {"sector": "energy"},
    {"sector": ("energy", "health"), "green": True},
    {"cost_usd": Span(at_least=100_000_000)},
    {"grade": Span(above=1, below=3)},
    {"nowhere": "x"},
    {"host.class": "low"},
    {"host.bloc": "East", "green": False},
    {"host.class": ("low", "high"), "host.id": ("AAA", "DDD")},
]


def share_of(conditions: Filter, one: Package, case: Study, *, unknown: bool) -> Fraction:
    """The definition, one package and one target at a time."""

    def met(verdict: bool | None) -> bool:
        return unknown if verdict is None else verdict

    hosts = {n.removeprefix(HOST): c for n, c in conditions.items() if n.startswith(HOST)}
    own = {n: c for n, c in conditions.items() if not n.startswith(HOST)}
    if not all(met(holds(c, one.attribute(n), n)) for n, c in own.items()):
        return Fraction(0)
    if not hosts:
        return Fraction(1)
    matching = [
        target
        for target in one.targets
        if all(
            met(holds(c, host_datum(case.country_by_id[target.country], n), n))
            for n, c in hosts.items()
        )
    ]
    if len(matching) == len(one.targets):
        return Fraction(1) if one.targets or unknown else Fraction(0)
    return sum((exact(target.share) for target in matching), Fraction(0))


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_a_filter_judges_all_packages_as_it_judges_each(seed: int) -> None:
    case = random_study(seed, size=8)
    facts, draw = facts_of(case), random.Random(seed)
    among = np.array([draw.random() < 0.7 for _ in facts.packages])
    for conditions, unknown in itertools.product(FILTERS, (True, False)):
        shares = matches(conditions, facts, among, unknown=unknown).share.numbers
        for one, chosen, share in zip(facts.packages, among.tolist(), shares, strict=True):
            assert share == (share_of(conditions, one, case, unknown=unknown) if chosen else 0)
            if chosen and not unknown:
                assert (share == 1) == (mismatch(conditions, one, case) == ())


def test_a_text_under_a_numeric_condition_names_its_first_package() -> None:
    facts = [{"grade": "bad"}, {"grade": "poor"}, {"grade": "bad"}, {"grade": 2}]
    packages = [package(f"P{n}", facts=one) for n, one in enumerate(facts)]
    known = facts_of(study(packages, [tool("loan", M)]))
    condition: Filter = {"grade": Span(at_least=1)}
    for among, first in (("1111", "P0"), ("0111", "P1"), ("0011", "P2")):
        told = f"{first}, grade: a numeric condition meets the text"
        with pytest.raises(InvalidStudyError, match=told):
            matches(condition, known, np.array([*among]) == "1", unknown=True)
    good = matches(condition, known, np.array([False, False, False, True]), unknown=True)
    assert good.share.numbers == [0, 0, 0, 1]


def test_packages_without_a_fact_are_told_apart() -> None:
    packages = [
        package(f"P{n}", ask("bank.loan", 9 * M), facts={"cost_usd": cost})
        for n, cost in enumerate([None, 30 * M, None, 30 * M])
    ]
    cost = limit("cost", per="package", at_most={"share": 0.1, "of": "cost_usd"}, plus=M)
    case = study(packages, [tool("loan", M)], [cost])
    eligibility = sort_requests(case, [p.id for p in packages])
    (family,) = [
        one
        for one in limit_families(case, eligibility, lay_out(case, eligibility))
        if one.limit == "bank.cost"
    ]
    assert [(row.group, row.bound, row.held) for row in family.rows] == [
        ("P0", 0, HeldAtZero("bank.cost", Stated("cost_usd", "P0", None, "empty cell"))),
        ("P1", 2 * M, None),
        ("P2", 0, HeldAtZero("bank.cost", Stated("cost_usd", "P2", None, "empty cell"))),
        ("P3", 2 * M, None),
    ]


def test_each_form_of_group_by_hand() -> None:
    # P0: half in AAA, 0.2 in BBB (both East), 0.3 in CCC; E1 belongs to E0, so E0 has 0.6 + 0.1.
    # P1: no targets, no members.
    asks_of = (ask("bank.loan", 10 * M), ask("bank.grant", 4 * M))
    packages = [
        package(
            "P0",
            *asks_of,
            hosts={"AAA": 0.5, "BBB": 0.2, "CCC": 0.3},
            members={"E0": 0.6, "E1": 0.1, "E2": 0.3},
            facts={"content_share": 0.7, "sector": "energy"},
        ),
        package("P1", *asks_of, facts={"sector": None, "content_share": None}),
    ]
    cap: dict[str, Any] = {"at_most": 9 * M}
    limits = [
        limit("bloc", "bank.loan", per="bloc", **cap),
        limit("low", "bank.loan", per="country", packages={"host.class": "low"}, **cap),
        limit("entity", per="entity", packages={"host.bloc": "East"}, **cap),
        limit("anchor", "bank.grant", per="anchor", **cap),
        limit("sector", "bank.loan", per="sector", **cap),
        limit("floor", "bank.loan", per="sector", at_least=M),
        limit("weighed", measure="subsidy", weigh_by="content_share", **cap),
        limit("weighed_floor", weigh_by="content_share", at_least=M),
        limit("none", "bank.grant", per="sector", packages={"sector": "health"}, at_least=M),
    ]
    entities = {"E0": None, "E1": "E0", "E2": None}
    case = study(packages, [tool("loan", M, 0.1), tool("grant", M)], limits, entities=entities)
    eligibility = sort_requests(case, ["P0", "P1"])
    # columns, by package and tool: P0 grant, P0 loan, P1 grant, P1 loan
    found = {
        (row.limit.removeprefix("bank."), row.group): row.left
        for family in limit_families(case, eligibility, lay_out(case, eligibility))
        for row in family.rows
        if not row.limit.endswith("envelope")
    }
    assert found == {
        ("bloc", "(unknown)"): {3: 1},
        ("bloc", "East"): {1: Fraction(7, 10)},
        ("bloc", "West"): {1: Fraction(3, 10)},
        ("low", "(unknown)"): {3: 1},
        ("low", "AAA"): {1: Fraction(1, 2)},
        ("low", "CCC"): {1: Fraction(3, 10)},
        # 0.7 of P0 is in the East: 0.7 * 0.7 to E0, 0.7 * 0.3 to E2
        ("entity", "E0"): {0: Fraction(49, 100), 1: Fraction(49, 100)},
        ("entity", "E2"): {0: Fraction(21, 100), 1: Fraction(21, 100)},
        ("entity", "P1"): {2: 1, 3: 1},
        ("anchor", "E0"): {0: 1},
        ("anchor", "P1"): {2: 1},
        ("sector", "(unknown)"): {3: 1},
        ("sector", "energy"): {1: 1},
        ("floor", "energy"): {1: 1},
        # grants cost nothing; 0.7 of P0's loan at a rate of 0.1, all of P1's as nothing is known
        ("weighed", ""): {1: Fraction(7, 100), 3: Fraction(1, 10)},
        ("weighed_floor", ""): {0: Fraction(7, 10), 1: Fraction(7, 10)},
        ("none", ""): {},
    }


def test_the_solver_gets_the_nearest_float_of_a_product() -> None:
    # 0.1 x 0.7 in floats is 0.06999999999999999
    packages = [package("P0", ask("bank.loan", 10 * M), facts={"content_share": 0.7})]
    weighed = limit("weighed", measure="subsidy", weigh_by="content_share", at_most=M)
    case = study(packages, [tool("loan", M, 0.1)], [weighed])
    program = compile_study(case, {"P0": 50.0}, ["P0"]).program
    row = [row.name for row in program.rows].index("bank.weighed")
    assert program.value[program.starts[row]] == 0.07


def test_packages_that_are_not_designated_change_nothing() -> None:
    case = random_study(7, size=9)
    some = [p.id for p in case.packages[:5]]
    fewer = changed(case, packages=case.packages[:5])
    scores = scores_of(case)
    both = [compile_study(one, scores, some) for one in (case, fewer)]
    for name in ("cost", "upper", "starts", "index", "value", "row_lower", "row_upper"):
        one, other = (getattr(found.program, name) for found in both)
        assert one.tobytes() == other.tobytes()
    assert list(both[0].program.rows) == list(both[1].program.rows)


def test_asks_count_the_greatest_alternative() -> None:
    group = {"alternative_group": "either"}
    packages = [
        package("P0", ask("bank.a", 4, **group), ask("bank.b", 3, **group), ask("bank.c", 5)),
        package("P1", ask("bank.b", 7)),
        package("P2"),
    ]
    case = study(packages, [tool(name, M) for name in "abc"])
    requests = read_requests(facts_of(case))
    weights = as_written([0.5, 1.0, 0.3]).take(requests.tool)
    # P0: the greater of 4 x 0.5 and 3 x 1, and 5 x 0.3
    assert asks(requests, requests.amount, weights) == [Fraction(9, 2), 7, 0]


def test_a_tool_asked_for_twice_is_refused() -> None:
    twice = package("P1", ask("bank.loan", 1), ask("bank.grant", 1), ask("bank.loan", 2))
    case = study([package("P0", ask("bank.loan", 1)), twice], [tool("loan", 1), tool("grant", 1)])
    with pytest.raises(InvalidStudyError, match="P1: asks twice for one tool"):
        sort_requests(case, ["P0"])


@given(st.integers(0, 6).flatmap(lambda k: st.tuples(exact_columns(k), exact_columns(k))))
def test_products_and_joins_are_exact(columns: tuple[Exact, Exact]) -> None:
    first, second = columns
    pairs = list(zip(first.numbers, second.numbers, strict=True))
    assert times(first, second).numbers == [a * b for a, b in pairs]
    both = joined([first, second])
    assert both.numbers == [*first.numbers, *second.numbers]
    assert both.floats.tolist() == [float(number) for number in both.numbers]
    assert both.nonzero.tolist() == [number != 0 for number in both.numbers]


def test_rows_are_chosen_repeated_and_put_side_by_side() -> None:
    rows = rows_of([{0: Fraction(1), 2: Fraction(2)}, {}, {1: Fraction(3)}])
    chosen = rows.rows(np.array([2, 0, 2, 1])).terms
    assert list(chosen) == [{1: 3}, {0: 1, 2: 2}, {1: 3}, {}]
    other = Entries(3, np.array([1, 2]), np.array([7, 0]), each_of([Fraction(5), Fraction(6)]))
    together = beside(rows, other).terms
    assert [list(row.items()) for row in together] == [[(0, 1), (2, 2)], [(7, 5)], [(1, 3), (0, 6)]]


def test_lists_are_spread_in_the_order_wanted() -> None:
    # lists of 2, 0 and 1 items stand at 0-1, nowhere and 2
    owner, item = spread(np.array([2, 0, 1]), np.array([2, 1, 0]))
    assert (owner.tolist(), item.tolist()) == ([0, 2, 2], [2, 0, 1])


def test_numbers_are_the_decimals_they_were_written_as() -> None:
    assert as_written([0.35, 2.0, 0.35, 1e-7]).numbers == [
        Fraction(7, 20),
        2,
        Fraction(7, 20),
        Fraction(1, 10**7),
    ]
