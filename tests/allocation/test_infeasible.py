"""Infeasible studies name a minimal set that cannot hold together, and what would mend it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from evaluator.allocation import allocate
from evaluator.allocation.build import compile_study
from evaluator.allocation.diagnosis import only, plainly_broken
from evaluator.allocation.point import Settings
from evaluator.allocation.solve import solver_for
from evaluator.model.results import Allocation
from evaluator.model.study import Study
from tests.allocation.small import (
    M,
    ask,
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


A = package("A", ask("bank.loan", 60 * M), facts={"cost_usd": 100 * M})
B = package("B", ask("bank.loan", 60 * M))


def test_a_must_against_an_envelope() -> None:
    case = study([A, B], [tool("loan", 40 * M)], must={"A": {"at_least": 50 * M}})
    (conflict,) = infeasible(case).conflicts
    assert set(conflict.members) == {"must A", "bank.loan.envelope"}
    assert conflict.sentence == (
        "These cannot hold together: bank.loan.envelope (at most 40,000,000 USD) and must A (at"
        " least 50,000,000 USD). Leaving out any one of them resolves it. So would raising"
        " bank.loan.envelope by 10,000,000 USD, or lowering must A by 10,000,000 USD."
    )


def test_a_limit_is_named_with_its_group() -> None:
    own = limit("cost", per="package", at_most={"share": 0.4, "of": "cost_usd"})
    case = study([A, B], [tool("loan", 90 * M)], [own], must={"A": {"at_least": 50 * M}})
    (conflict,) = infeasible(case, "A").conflicts
    assert set(conflict.members) == {"must A", "bank.cost (A)"}


def test_a_lower_limit_that_nothing_can_meet_stands_alone() -> None:
    case = study([A], [tool("loan", 90 * M)], [limit("floor", at_least=70 * M)])
    (conflict,) = infeasible(case).conflicts
    assert conflict.members == ("bank.floor",)
    assert "lowering bank.floor by 10,000,000 USD" in conflict.sentence


def test_a_lower_limit_without_any_request() -> None:
    green = limit("green", packages={"green": True}, at_least=M)
    (conflict,) = infeasible(study([A], [tool("loan", 90 * M)], [green])).conflicts
    assert conflict.members == ("bank.green",)


def test_whole_numbers_alone_can_be_the_cause() -> None:
    # each all-or-nothing; 60 + 60 over 100, yet half of each would fit: the relaxation is feasible
    whole = [package(n, ask("bank.loan", 60 * M, all_or_nothing=True)) for n in "AB"]
    case = study(whole, [tool("loan", 100 * M)], must={"A": {}, "B": {}})
    (conflict,) = infeasible(case).conflicts
    assert {"must A", "must B", "bank.loan.envelope"} <= set(conflict.members)
    assert "raising bank.loan.envelope by 20,000,000 USD" in conflict.sentence


def test_musts_of_one_exclusive_group() -> None:
    packages = [p.model_copy(update={"exclusive_group": "site"}) for p in (A, B)]
    case = study(packages, [tool("loan", 900 * M)], must={"A": {}, "B": {}})
    (conflict,) = infeasible(case).conflicts
    assert set(conflict.members) == {"must A", "must B", "exclusive group site"}


def test_a_must_against_a_must_not_it_requires() -> None:
    packages = [A.model_copy(update={"requires": ("B",)}), B]
    case = study(packages, [tool("loan", 900 * M)], must={"A": {}}, must_not={"B": {}})
    (conflict,) = infeasible(case).conflicts
    assert set(conflict.members) == {"must A", "must not B", "A requires B"}


@pytest.mark.parametrize(
    ("must", "designated", "why"),
    [
        ({"B": {}}, ("A",), "B must be supported, but .*: it is not designated"),
        ({"A": {"tool": "bank.grant"}}, ("A", "B"), "by bank.grant, but .* asks for nothing"),
    ],
)
def test_a_must_that_cannot_be(
    must: dict[str, dict[str, str]], designated: tuple[str, ...], why: str
) -> None:
    case = study([A, B], [tool("loan", 900 * M), tool("grant", 9 * M)], must=must)
    found = infeasible(case, *designated)
    assert [c.members for c in found.conflicts] == [(f"must {next(iter(must))}",)]
    assert re.search(why, found.conflicts[0].sentence)
    assert any(fault.startswith("must ") for fault in found.certificate)


def test_two_conflicts_apart_are_both_named() -> None:
    grants = [package(n, ask("bank.grant", 9 * M)) for n in "CD"]
    case = study(
        [A, *grants],
        [tool("loan", 40 * M), tool("grant", 5 * M)],
        must={"A": {"at_least": 50 * M}, "C": {"at_least": 6 * M}},
    )
    found = infeasible(case)
    assert {frozenset(c.members) for c in found.conflicts} == {
        frozenset({"must A", "bank.loan.envelope"}),
        frozenset({"must C", "bank.grant.envelope"}),
    }


def holds(case: Study) -> Callable[[set[str]], bool]:
    """Whether a set of names can hold together, asked of the program directly."""
    names = [p.id for p in case.packages]
    program = compile_study(case, dict.fromkeys(names, 50.0), names).program

    def ask_solver(members: set[str]) -> bool:
        kept = [n for n, row in enumerate(program.rows) if row.label in members]
        part = only(program, kept)
        if plainly_broken(part):
            return False
        return solver_for("highs")(part, Settings()).status != "infeasible"

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
            members = set(conflict.members)
            assert not together(members), conflict
            assert all(together(members - {one}) for one in members), conflict
    assert checked >= 4
