"""Random studies: certificates, optimality against search, and what must not change an answer."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.allocation import allocate, certify
from evaluator.allocation.model.build import compile_study
from evaluator.allocation.solve.point import Settings
from evaluator.allocation.solve.solve import solve, solver_for
from evaluator.model.financing import Limit
from evaluator.model.study import Study
from evaluator.results.evaluation import Allocation
from tests.allocation.small import M, changed, random_study, scores_of, varied

SEEDS = st.integers(0, 10**9)


def solved(case: Study, seed: int) -> Allocation:
    return allocate(case, scores_of(case, seed), [p.id for p in case.packages])


def holds(found: Allocation) -> None:
    if found.status == "infeasible":
        assert found.conflicts
        return
    assert found.status in ("optimal", "nothing")
    assert found.certificate == ()
    assert 0 <= found.gap <= 2e-6
    assert (found.table["allocated"] <= found.table["eligible"]).all()
    assert (found.table["eligible"] <= found.table["requested"]).all()
    assert found.table["allocated"].sum() == found.amounts.to_numpy().sum()


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_every_feasible_study_has_a_certificate(seed: int) -> None:
    holds(solved(varied(random_study(seed), seed), seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(500))
def test_the_certificate_of_500_studies(seed: int) -> None:
    # without lower limits where the seed is odd, so that three in four have an answer
    case = random_study(seed, size=4 + seed % 9, plain=bool(seed % 2))
    holds(solved(varied(case, seed), seed))


@pytest.mark.slow
def test_most_of_the_500_studies_have_an_answer_and_every_setting_occurs() -> None:
    cases = [
        varied(random_study(seed, size=4 + seed % 9, plain=bool(seed % 2)), seed)
        for seed in range(500)
    ]
    found = [case.scenario.allocation for case in cases]
    occurring = {
        "must": sum(bool(one.must) for one in found),
        "must_not": sum(bool(one.must_not) for one in found),
        "ignore": sum(bool(one.ignore) for one in found),
        "reserve": sum(bool(one.reserve) for one in found),
        "ranks": sum(one.scores == "ranks" for one in found),
        "when": sum(any(x.when for x in case.limits.values()) for case in cases),
        "outstanding": sum(any(x.outstanding for x in case.limits.values()) for case in cases),
        "lapsed": sum(case.lapsed("bank.loan") for case in cases),
    }
    assert min(occurring.values()) >= 15, occurring


def whole_requests(seed: int, size: int) -> Study:
    """A random study whose requests are all or nothing: few enough to try every subset.

    Every third has goals and lower limits, under which many have no answer.
    """
    case = random_study(seed, size=size, plain=bool(seed % 3))
    packages = [
        p.model_copy(
            update={
                "requests": tuple(
                    r.model_copy(update={"all_or_nothing": True, "minimum_usd": 0})
                    for r in p.requests
                )
            }
        )
        for p in case.packages
    ]
    return changed(case, packages=tuple(packages))


def best_by_search(case: Study, scores: dict[str, float]) -> float | None:
    """Try every subset; the certificate says which hold, goals are priced from the study."""
    names = [p.id for p in case.packages]
    zero = allocate(case, scores, []).amounts * 0
    eligible = {
        (r["package"], r["tool"]): r["eligible"]
        for _, r in allocate(case, scores, names).table.iterrows()
        if r["eligible"]
    }
    best = None
    for size in range(len(eligible) + 1):
        for chosen in itertools.combinations(eligible, size):
            amounts = zero.copy()
            for cell in chosen:
                amounts.loc[cell] = eligible[cell]
            if not certify(case, amounts, names):
                value = objective(case, scores, {c: int(eligible[c]) for c in chosen})
                best = value if best is None else max(best, value)
    return best


def objective(case: Study, scores: dict[str, float], given: dict[tuple[str, str], int]) -> float:
    chosen = case.scenario.allocation
    weight = {t: chosen.tool_weights.get(t, 1.0) for t in case.tools}
    points = 0.0
    for package in case.packages:
        alone = [r for r in package.requests if r.alternative_group is None]
        either = [r for r in package.requests if r.alternative_group is not None]
        ask = sum(weight[r.tool] * r.amount_usd for r in alone)
        ask += max((weight[r.tool] * r.amount_usd for r in either), default=0)
        got = sum(weight[t] * amount for (p, t), amount in given.items() if p == package.id)
        whole = ask if chosen.objective == "coverage" else M
        points += scores[package.id] * got / whole if got else 0.0
    for limit in case.limits.values():
        if limit.kind == "goal":
            points -= missed(case, limit, given) / M * (limit.cost_per_million or 0)
    return points


def missed(case: Study, limit: Limit, given: dict[tuple[str, str], int]) -> float:
    """The two goals of random studies: an amount of one tool, and a weighed sum of all."""
    if limit.id == "goal_cap":
        used = sum(amount for (_, tool), amount in given.items() if tool == "bank.cover")
        return max(0.0, used - 25_000_000)
    share = {p.id: p.attribute("small_share") for p in case.packages}
    used = sum(getattr(share[p], "value", 0) * amount for (p, _), amount in given.items())
    return max(0.0, 40_000_000 - used)


def agrees_with_search(seed: int, size: int) -> None:
    case = whole_requests(seed, size)
    scores = scores_of(case, seed)
    found = solved(case, seed)
    best = best_by_search(case, scores)
    assert (best is None) == (found.status == "infeasible")
    if best is not None:
        assert found.objective == pytest.approx(best, rel=2e-6, abs=2e-6)


@pytest.mark.parametrize("seed", range(10))
def test_nothing_better_is_found_by_trying_everything(seed: int) -> None:
    agrees_with_search(seed, 3)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1_000, 1_200))
def test_nothing_better_is_found_by_trying_everything_200(seed: int) -> None:
    agrees_with_search(seed, 4 if seed % 20 == 0 else 3)


def paths_agree(seed: int, size: int) -> None:
    """CBC, through PuLP, gives an answer as good as that of HiGHS from the arrays."""
    case = random_study(seed, size=size)
    scores = scores_of(case, seed)
    names = list(scores)
    program = compile_study(case, scores, names).program
    close = Settings(gap=1e-9)
    first, second = (
        solve(program, close, solver_for(path), 1e-6) for path in ("highs", "pulp+cbc")
    )
    assert first.point.status == second.point.status
    if first.point.found:
        cost = [float(program.cost @ s.point.values) for s in (first, second)]
        assert cost[0] == pytest.approx(cost[1], rel=2e-6, abs=2e-6)


@pytest.mark.parametrize("seed", range(12))
def test_all_paths_agree(seed: int) -> None:
    paths_agree(seed, 6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(50))
def test_all_paths_agree_on_medium_studies(seed: int) -> None:
    paths_agree(seed, 25)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_the_order_of_everything_changes_nothing(seed: int) -> None:
    case = random_study(seed)
    draw = random.Random(seed)

    def mixed(items: tuple) -> tuple:  # type: ignore[type-arg]
        return tuple(draw.sample(items, len(items)))

    packages = tuple(
        p.model_copy(update={"requests": mixed(p.requests), "targets": mixed(p.targets)})
        for p in mixed(case.packages)
    )
    bank = case.institutions[0]
    bank = bank.model_copy(update={"tools": mixed(bank.tools), "limits": mixed(bank.limits)})
    other = changed(case, packages=packages, institutions=(bank,))
    left, right = solved(case, seed), solved(other, seed)
    assert left.amounts.equals(right.amounts[left.amounts.columns])
    assert left.objective == right.objective
    assert left.limits.equals(right.limits)
    assert left.conflicts == right.conflicts


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_more_money_never_lowers_the_objective(seed: int) -> None:
    case = random_study(seed, plain=True)
    bank = case.institutions[0]
    tools = [
        t.model_copy(
            update={"envelope": t.envelope.model_copy(update={"amount": 2 * t.envelope.amount})}
        )
        for t in bank.tools
    ]
    limits = [
        x.model_copy(update={"at_most": 2 * x.at_most}) if isinstance(x.at_most, int) else x
        for x in bank.limits
        if x.kind == "law"
    ]
    plain = bank.model_copy(update={"limits": tuple(x for x in bank.limits if x.kind == "law")})
    richer = bank.model_copy(update={"tools": tuple(tools), "limits": tuple(limits)})
    before = solved(changed(case, institutions=(plain,)), seed)
    after = solved(changed(case, institutions=(richer,)), seed)
    assert before.status == after.status == "optimal"
    assert after.objective >= before.objective - 2e-6 * max(1.0, before.objective)


def test_twice_the_same_study_is_twice_the_same_answer() -> None:
    case = random_study(3)
    left, right = solved(case, 3), solved(case, 3)
    assert left.amounts.equals(right.amounts)
    assert left.table.equals(right.table)
    assert left.limits.equals(right.limits)
    assert (left.objective, left.bound, left.solver) == (right.objective, right.bound, right.solver)
