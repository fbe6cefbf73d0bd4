"""Infeasible studies name a minimal set that cannot hold together, and what would mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import highspy
import numpy as np
import pytest

from evaluator.allocation import allocate
from evaluator.allocation.explain.conflicts import only, plainly_broken
from evaluator.allocation.model.build import compile_study
from evaluator.allocation.model.findings import (
    ExclusiveRule,
    LimitRule,
    MustNotRule,
    MustRule,
    NotPassed,
    RequiresRule,
    SupportRule,
)
from evaluator.allocation.model.program import Program, relaxed
from evaluator.allocation.solve import highs
from evaluator.allocation.solve.point import Settings
from evaluator.allocation.solve.solve import solver_for
from evaluator.allocation.verify.findings import MustUnmet
from evaluator.model.study import Study
from evaluator.results.evaluation import Allocation, Conflict, Ease
from tests.allocation.small import (
    M,
    ask,
    label_of,
    limit,
    package,
    random_study,
    scores_of,
    study,
    tool,
)


def infeasible(case: Study, *names: str) -> Allocation:
    chosen = names or tuple(p.id for p in case.packages)
    found = allocate(case, dict.fromkeys(chosen, 50.0), chosen)
    assert found.status == "infeasible"
    assert not found.amounts.to_numpy().any()
    assert found.supported == ()
    return found


def labels(conflict: Conflict) -> set[str]:
    return {label_of(member) for member in conflict.members}


A = package("A", ask("bank.loan", 60 * M), facts={"cost_usd": 100 * M})
B = package("B", ask("bank.loan", 60 * M))


def test_a_must_against_an_envelope() -> None:
    case = study([A, B], [tool("loan", 40 * M)], must={"A": {"at_least": 50 * M}})
    (conflict,) = infeasible(case).conflicts
    assert labels(conflict) == {"must A", "bank.loan.envelope"}
    must = MustRule("A", "", 50 * M)
    envelope = LimitRule("bank.loan.envelope", "", "at_most", 40 * M)
    assert set(conflict.members) == {must, envelope}
    assert set(conflict.eases) == {Ease(must, 10 * M), Ease(envelope, 10 * M)}


def test_a_limit_is_named_with_its_group() -> None:
    own = limit("cost", per="package", at_most={"share": 0.4, "of": "cost_usd"})
    case = study([A, B], [tool("loan", 90 * M)], [own], must={"A": {"at_least": 50 * M}})
    (conflict,) = infeasible(case, "A").conflicts
    assert labels(conflict) == {"must A", "bank.cost (A)"}


def test_a_lower_limit_that_nothing_can_meet_stands_alone() -> None:
    case = study([A], [tool("loan", 90 * M)], [limit("floor", at_least=70 * M)])
    (conflict,) = infeasible(case).conflicts
    assert labels(conflict) == {"bank.floor"}
    assert [ease.by for ease in conflict.eases] == [10 * M]


def test_a_lower_limit_without_any_request() -> None:
    green = limit("green", packages={"green": True}, at_least=M)
    (conflict,) = infeasible(study([A], [tool("loan", 90 * M)], [green])).conflicts
    assert labels(conflict) == {"bank.green"}


def test_whole_numbers_alone_can_be_the_cause() -> None:
    # each all-or-nothing; 60 + 60 over 100, yet half of each would fit: the relaxation is feasible
    whole = [package(n, ask("bank.loan", 60 * M, all_or_nothing=True)) for n in "AB"]
    case = study(whole, [tool("loan", 100 * M)], must={"A": {}, "B": {}})
    (conflict,) = infeasible(case).conflicts
    assert {"must A", "must B", "bank.loan.envelope"} <= labels(conflict)
    envelope = LimitRule("bank.loan.envelope", "", "at_most", 100 * M)
    assert Ease(envelope, 20 * M) in conflict.eases


def test_musts_of_one_exclusive_group() -> None:
    packages = [p.model_copy(update={"exclusive_group": "site"}) for p in (A, B)]
    case = study(packages, [tool("loan", 900 * M)], must={"A": {}, "B": {}})
    (conflict,) = infeasible(case).conflicts
    assert labels(conflict) == {"must A", "must B", "exclusive group site"}


def test_a_must_against_a_must_not_it_requires() -> None:
    packages = [A.model_copy(update={"requires": ("B",)}), B]
    case = study(packages, [tool("loan", 900 * M)], must={"A": {}}, must_not={"B": {}})
    (conflict,) = infeasible(case).conflicts
    assert labels(conflict) == {"must A", "must not B", "A requires B"}


@pytest.mark.parametrize(
    ("must", "designated", "why"),
    [
        ({"B": {}}, ("A",), (("bank.loan", (NotPassed(),)),)),
        # it asks for no grant
        ({"A": {"tool": "bank.grant"}}, ("A", "B"), ()),
    ],
)
def test_a_must_that_cannot_be(
    must: dict[str, dict[str, str]], designated: tuple[str, ...], why: tuple[object, ...]
) -> None:
    case = study([A, B], [tool("loan", 900 * M), tool("grant", 9 * M)], must=must)
    found = infeasible(case, *designated)
    ((name, one),) = must.items()
    assert [c.members for c in found.conflicts] == [(MustRule(name, one.get("tool", ""), 0),)]
    assert (found.conflicts[0].unserved, found.conflicts[0].refused) == (True, why)
    assert any(isinstance(fault, MustUnmet) for fault in found.certificate)


def test_overrides_and_envelopes_are_named_before_limits_on_single_packages() -> None:
    # 27 + 27 + 27 of an envelope of 80; the shares of 28 that each package may have allow that
    packages = [package(n, ask("bank.loan", 60 * M), facts={"cost_usd": 70 * M}) for n in "ABC"]
    own = limit("cost", per="package", at_most={"share": 0.4, "of": "cost_usd"})
    case = study(
        packages, [tool("loan", 80 * M)], [own], must={n: {"at_least": 27 * M} for n in "ABC"}
    )
    (conflict,) = infeasible(case).conflicts
    assert labels(conflict) == {"must A", "must B", "must C", "bank.loan.envelope"}
    (told,) = conflict.relaxation
    assert told.by == M


def test_two_conflicts_apart_are_both_named() -> None:
    grants = [package(n, ask("bank.grant", 9 * M)) for n in "CD"]
    case = study(
        [A, *grants],
        [tool("loan", 40 * M), tool("grant", 5 * M)],
        must={"A": {"at_least": 50 * M}, "C": {"at_least": 6 * M}},
    )
    found = infeasible(case)
    assert {frozenset(labels(c)) for c in found.conflicts} == {
        frozenset({"must A", "bank.loan.envelope"}),
        frozenset({"must C", "bank.grant.envelope"}),
    }


def test_a_must_against_its_own_must_not_whatever_the_minimum_support() -> None:
    # lowering the minimum support mends neither: support of nothing is none
    case = study(
        [A, B],
        [tool("loan", 900 * M)],
        must={"A": {}},
        must_not={"A": {}},
        minimum_support=0.25,
    )
    (conflict,) = infeasible(case).conflicts
    assert labels(conflict) == {"must A", "must not A"}
    (told,) = conflict.relaxation
    assert told in (Ease(MustRule("A", "", 0)), Ease(MustNotRule("A", "")))


def test_what_is_required_and_barred_is_not_mended_by_less_support() -> None:
    packages = [A.model_copy(update={"requires": ("B",)}), B]
    case = study(
        packages,
        [tool("loan", 900 * M)],
        must={"A": {}},
        must_not={"B": {}},
        minimum_support=0.5,
    )
    (conflict,) = infeasible(case).conflicts
    assert labels(conflict) == {"must A", "must not B", "A requires B"}
    assert conflict.relaxation[0].by is None


def holds(case: Study) -> Callable[[set[str]], bool]:
    """Whether a set of names can hold together, asked of the program directly."""
    names = [p.id for p in case.packages]
    compiled = compile_study(case, dict.fromkeys(names, 50.0), names)
    program, layout = compiled.program, compiled.layout

    def ask_solver(members: set[str]) -> bool:
        kept = [n for n, row in enumerate(program.rows) if row.label in members]
        part = only(program, kept)
        if plainly_broken(part):
            return False
        point = solver_for("highs")(part, Settings())
        if point.status == "infeasible":
            return False
        # whatever is left out, who counts as supported is given something
        for name, column in layout.supported.items():
            given = sum(point.values[place] for place in layout.by_package[name])
            assert point.values[column] < 0.5 or given * program.unit >= 1
        return True

    return ask_solver


def test_sets_are_minimal_in_random_studies() -> None:
    checked = 0
    for seed in range(24):
        case = random_study(seed, size=4)
        names = [p.id for p in case.packages]
        found = allocate(case, scores_of(case, seed), names)
        if found.status != "infeasible":
            continue
        checked += 1
        together = holds(case)
        for conflict in found.conflicts:
            members = labels(conflict)
            assert not together(members), conflict
            assert all(together(members - {one}) for one in members), conflict
    assert checked >= 4


def relaxed_by(case: Study, told: Iterable[Ease]) -> Program:
    """Return the program of a study with the changes made that a relaxation names."""
    names = [p.id for p in case.packages]
    program = compile_study(case, dict.fromkeys(names, 50.0), names).program
    low, high = program.row_lower.copy(), program.row_upper.copy()
    for ease in told:
        rows = [n for n, row in enumerate(program.rows) if row.label == label_of(ease.what)]
        assert rows, ease
        for row in rows:
            amount = np.inf if ease.by is None else ease.by / program.unit
            low[row] -= amount
            high[row] += amount
    return replace(program, row_lower=low, row_upper=high)


def feasible(program: Program) -> bool:
    # what lacks a must's request is no row of the program
    return not plainly_broken(program) and solver_for("highs")(program, Settings()).found


def changes(case: Study, *names: str) -> tuple[Ease, ...]:
    found = infeasible(case, *names)
    return tuple(ease for conflict in found.conflicts for ease in conflict.relaxation)


def test_the_smallest_relaxation_of_two_bounds() -> None:
    # 50 asked of 40: 10 in all, whichever moves
    case = study([A, B], [tool("loan", 40 * M)], must={"A": {"at_least": 50 * M}})
    (told,) = changes(case)
    assert told in (
        Ease(LimitRule("bank.loan.envelope", "", "at_most", 40 * M), 10 * M),
        Ease(MustRule("A", "", 50 * M), 10 * M),
    )
    assert feasible(relaxed_by(case, [told]))


def test_one_change_serves_several_limits_where_that_is_least() -> None:
    # a must of 50 under an envelope of 40 and an anchor's cap of 35: lowering the must costs 15,
    # raising both bounds 10 + 15
    case = study(
        [A],
        [tool("loan", 40 * M)],
        [limit("own", per="anchor", at_most=35 * M)],
        must={"A": {"at_least": 50 * M}},
    )
    told = changes(case)
    assert feasible(relaxed_by(case, told))
    assert sum(ease.by or 0 for ease in told) == 15 * M


def test_whole_numbers_alone_have_a_relaxation_too() -> None:
    whole = [package(n, ask("bank.loan", 60 * M, all_or_nothing=True)) for n in "AB"]
    case = study(whole, [tool("loan", 100 * M)], must={"A": {}, "B": {}})
    names = ["A", "B"]
    program = compile_study(case, dict.fromkeys(names, 50.0), names).program
    assert solver_for("highs")(relaxed(program), Settings()).status == "optimal"
    envelope = LimitRule("bank.loan.envelope", "", "at_most", 100 * M)
    assert changes(case) == (Ease(envelope, 20 * M),)


def test_minimums_move_where_limits_cannot() -> None:
    # half of 60 + 10 is needed at once, and only the grant of 10 may be given: 25 are lacking
    case = study(
        [package("A", ask("bank.loan", 60 * M), ask("bank.grant", 10 * M))],
        [tool("loan", 90 * M), tool("grant", 90 * M)],
        must={"A": {}},
        must_not={"A": {"tool": "bank.loan"}},
        minimum_support=0.5,
    )
    told = changes(case)
    assert told == (Ease(SupportRule("A", 35 * M), 25 * M),)
    assert feasible(relaxed_by(case, told))


@pytest.mark.parametrize("field", ["exclusive_group", "requires"])
def test_rules_without_an_amount_are_left_out(field: str) -> None:
    if field == "requires":
        packages = [A.model_copy(update={"requires": ("C",)}), package("C", ask("bank.loan", M))]
        case = study(packages, [tool("loan", 900 * M)], must={"A": {}}, must_not={"C": {}})
        (told,) = changes(case)
        rules = (MustNotRule("C", ""), MustRule("A", "", 0), RequiresRule("A", "C"))
        assert told in [Ease(rule) for rule in rules]
        assert feasible(relaxed_by(case, [told]))
        return
    packages = [p.model_copy(update={"exclusive_group": "site"}) for p in (A, B)]
    case = study(packages, [tool("loan", 900 * M)], must={"A": {}, "B": {}})
    (told,) = changes(case)
    rules = (ExclusiveRule("site"), MustRule("A", "", 0), MustRule("B", "", 0))
    assert told in [Ease(rule) for rule in rules]
    assert feasible(relaxed_by(case, [told]))


def test_a_must_that_cannot_be_is_to_be_left_out() -> None:
    assert changes(study([A, B], [tool("loan", 900 * M)], must={"B": {}}), "A") == (
        Ease(MustRule("B", "", 0)),
    )


def test_conflicts_apart_are_relaxed_together() -> None:
    grants = [package(n, ask("bank.grant", 9 * M)) for n in "CD"]
    case = study(
        [A, *grants],
        [tool("loan", 40 * M), tool("grant", 5 * M)],
        must={"A": {"at_least": 50 * M}, "C": {"at_least": 6 * M}},
    )
    found = infeasible(case)
    assert all(len(conflict.relaxation) == 1 for conflict in found.conflicts)
    assert feasible(relaxed_by(case, changes(case)))


def by_highs(program: Program, movable: list[int]) -> float:
    """The least sum of exceedances by HiGHS's own feasibility relaxation, bounds kept hard."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    highs._load(solver, program)
    penalty = np.full(len(program.row_lower), -1.0)
    penalty[movable] = 1.0
    solver.feasibilityRelaxation(-1, -1, -1, None, None, penalty)
    return float(solver.getInfo().objective_function_value)


def test_random_relaxations_are_enough_and_the_least() -> None:
    checked = 0
    for seed in range(40):
        case = random_study(seed, size=4)
        names = [p.id for p in case.packages]
        found = allocate(case, scores_of(case, seed), names)
        if found.status != "infeasible" or not found.conflicts[0].relaxation:
            continue
        told = [ease for conflict in found.conflicts for ease in conflict.relaxation]
        program = relaxed_by(case, told)
        assert feasible(program), told
        if any(ease.by is None for ease in told):
            continue
        checked += 1
        compiled = compile_study(case, dict.fromkeys(names, 50.0), names)
        # what a missing fact holds at 0 is not mended by dollars
        held = {f"{x.limit} ({x.group})" for x in compiled.limits if x.held}
        plain = compiled.program
        movable = [
            n
            for n, row in enumerate(plain.rows)
            if row.label not in held and row.unit == "usd" and row.kind in ("law", "override")
        ]
        kept = only(plain, [n for n, row in enumerate(plain.rows) if row.kind != "goal"])
        least = by_highs(kept, movable) * plain.unit
        total = sum(ease.by or 0 for ease in told)
        # each change is brought up to whole dollars
        assert least - 1 <= total <= least + len(told) + 1
    assert checked >= 4


def test_without_an_allocation_no_limit_binds_and_the_log_says_why() -> None:
    # with nothing given the share is a share of 0: a bound of 0 that is used in full
    half = limit("half", per="package", at_most={"share": 0.5, "of": {"tools": ("*",)}})
    case = study([A, B], [tool("loan", 40 * M)], [half], must={"A": {"at_least": 50 * M}})
    solved = infeasible(case)
    table = solved.limits.set_index("limit").loc["bank.half"]
    assert (table["bound"] == 0).all()
    assert (table["slack"] == 0).all()
    assert not solved.limits["binding"].any()
    assert solved.log
    unasked = infeasible(study([A], [tool("loan", M)], must={"A": {"tool": "bank.grant"}}))
    assert unasked.log.startswith("No solver was asked: infeasible.")
    assert "must_rule" in unasked.log
