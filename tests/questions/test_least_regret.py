"""The least maximum regret against the enumeration of all allocations, and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.allocation import certify
from evaluator.allocation.model.build import compile_study
from evaluator.allocation.model.exact.rows import slack
from evaluator.allocation.model.variation import with_envelopes
from evaluator.errors import UsageError
from evaluator.questions.versions.findings import OneFeasibleSet
from evaluator.questions.versions.least_regret import LEAST, least_regret
from evaluator.questions.versions.shared_limits import common
from tests.allocation.enumeration import Lumps, every, lumps
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


def vectors(found: Lumps, seed: int, count: int = 3) -> dict[str, dict[str, float]]:
    draw = np.random.default_rng(seed)
    names = list(found.scores)
    return {
        f"S{number}": dict(zip(names, draw.uniform(10, 95, len(names)).tolist(), strict=True))
        for number in range(count)
    }


def regrets(found: Lumps, scores: dict[str, dict[str, float]]) -> np.ndarray:
    """Allocations x scenarios."""
    objectives = np.stack([found.objective(one) for one in scores.values()], axis=1)
    return objectives.max(axis=0) - objectives


@pytest.mark.parametrize("seed", range(8))
def test_the_least_of_all_maximum_regrets(seed: int) -> None:
    possible = lumps(seed, size=7)
    scores = vectors(possible, seed)
    studies = dict.fromkeys(scores, possible.case)
    found = least_regret(studies, scores, list(possible.scores))
    each = regrets(possible, scores)
    least = each.max(axis=1).min()
    assert found.status == "optimal"
    assert found.certificate == ()
    assert found.portfolios.loc[LEAST, "max_regret"] == pytest.approx(least, abs=1e-6)
    assert found.bound == pytest.approx(least, abs=1e-6)
    tied = each[each.max(axis=1) <= least + 1e-6]
    mean = found.portfolios.loc[LEAST, "mean_regret"]
    assert mean == pytest.approx(tied.mean(axis=1).min(), abs=1e-5)
    for name, one in scores.items():
        assert found.best[name] == pytest.approx(possible.objective(one).max(), rel=1e-9)
        assert found.matrix.loc[name, name] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_limits_that_differ_are_kept_all(seed: int) -> None:
    # the second study has smaller grants, the third a limit on all dollars
    first = lumps(seed, size=6, envelope=0.6)
    grants = first.case.tools["bank.grant"].envelope.amount
    second = with_envelopes(first.case, {"bank.grant": grants // 2})
    asked = sum(usd for _, _, usd in first.requests)
    tools = [tool.model_copy() for tool in first.case.tools.values()]
    limits = [*first.case.limits.values(), limit("all", at_most=int(asked * 0.45))]
    third = study(first.case.packages, tools, limits, gap=1e-9, tie_tolerance=1e-9)
    scores = vectors(first, seed)
    studies = dict(zip(scores, (first.case, second, third), strict=True))
    found = least_regret(studies, scores, list(first.scores))
    both = every(with_envelopes(third, {"bank.grant": grants // 2}), first.scores)
    each = regrets(both, scores)
    assert found.certificate == ()
    assert found.portfolios.loc[LEAST, "max_regret"] == pytest.approx(
        each.max(axis=1).min(), abs=1e-6
    )
    for name, one in scores.items():
        assert found.best[name] == pytest.approx(both.objective(one).max(), rel=1e-9)
    for case in studies.values():
        for table in found.allocations.values():
            assert certify(case, table, list(first.scores)) == ()
    assert found.assumption == OneFeasibleSet("S0", limits_of_all=True, given=False)


def test_hedging_by_hand() -> None:
    # 100 for two that ask for 100 each; scores (80, 40) and (40, 80). All to A: regrets 0 and 40.
    # Half each: 60 in both, regrets 20 and 20, the least.
    case = study(
        [package("A", ask("bank.loan", 100 * M)), package("B", ask("bank.loan", 100 * M))],
        [tool("loan", 100 * M)],
    )
    scores = {"one": {"A": 80.0, "B": 40.0}, "two": {"A": 40.0, "B": 80.0}}
    found = least_regret({"one": case, "two": case}, scores, ["A", "B"])
    assert found.matrix.loc[LEAST].tolist() == pytest.approx([20, 20])
    assert found.matrix.loc["one"].tolist() == pytest.approx([0, 40])
    assert found.matrix.loc["two"].tolist() == pytest.approx([40, 0])
    # to a dollar: a solver's tolerance
    assert found.allocations[LEAST]["bank.loan"].tolist() == pytest.approx([50 * M, 50 * M], abs=1)
    assert found.portfolios.index[0] == LEAST
    assert found.portfolios.loc["one", "left"] == ("B",)
    assert found.bound == pytest.approx(20)


@pytest.mark.parametrize("seed", range(4))
def test_against_targets_that_are_given(seed: int) -> None:
    # each scenario's target lies as far above its best as one may choose
    possible = lumps(seed, size=6)
    scores = vectors(possible, seed)
    objectives = np.stack([possible.objective(one) for one in scores.values()], axis=1)
    targets = objectives.max(axis=0) + np.array([0.0, 7.0, 19.0])
    found = least_regret(
        dict.fromkeys(scores, possible.case),
        scores,
        list(possible.scores),
        dict(zip(scores, targets.tolist(), strict=True)),
    )
    least = (targets - objectives).max(axis=1).min()
    assert found.portfolios.loc[LEAST, "max_regret"] == pytest.approx(least, abs=1e-6)
    assert found.bound == pytest.approx(least, abs=1e-6)
    assert found.best.tolist() == pytest.approx(targets.tolist())
    assert found.assumption == OneFeasibleSet("S0", limits_of_all=False, given=True)


@pytest.mark.parametrize("seed", range(6))
def test_common_rows_hold_exactly_where_both_studies_do(seed: int) -> None:
    # two random studies of the same requests but other limits, rates and rules
    first = random_study(seed)
    other = random_study(seed + 100)
    second = other.model_copy(update={"packages": first.packages})
    scores = scores_of(first, seed)
    chosen = list(scores)
    found = least_regret({"a": first, "b": second}, {"a": scores, "b": scores}, chosen)
    assert found.certificate == ()
    if found.status in ("optimal", "feasible"):
        for table in found.allocations.values():
            assert certify(first, table, chosen) == ()
            assert certify(second, table, chosen) == ()
    merged = common(
        compile_study(first, scores, chosen), compile_study(second, scores, chosen)
    ).program
    names = {(c.kind, c.subject, c.detail) for c in merged.columns}
    assert len(names) == len(merged.columns)
    assert len(merged.rows) == len(merged.row_lower)
    zero = [0] * len(merged.columns)
    for number, row in enumerate(merged.rows):
        bounds = (merged.row_lower[number] <= 1e-12, merged.row_upper[number] >= -1e-12)
        assert (slack(row, zero) >= 0) == all(bounds)


def test_the_same_study_twice_adds_no_row() -> None:
    case = random_study(2)
    compiled = compile_study(case, scores_of(case), list(case.package_by_id))
    assert len(common(compiled, compiled).program.rows) == len(compiled.program.rows)


def test_what_does_not_fit_together_is_refused() -> None:
    case, other = random_study(1), random_study(1, size=4)
    scores = scores_of(case)
    with pytest.raises(ValueError, match="the same scenarios"):
        least_regret({"a": case}, {"b": scores}, list(scores))
    with pytest.raises(ValueError, match="best of b: the same scenarios"):
        least_regret({"a": case}, {"a": scores}, list(scores), {"b": 1.0})
    with pytest.raises(UsageError, match="b has other packages than case"):
        least_regret({"a": case, "b": other}, {"a": scores, "b": scores}, list(scores))
    fewer = case.institutions[0].model_copy(update={"tools": case.institutions[0].tools[:2]})
    less = case.model_copy(update={"institutions": (fewer,)})
    with pytest.raises(UsageError, match="b has other tools than case"):
        least_regret({"a": case, "b": less}, {"a": scores, "b": scores}, list(scores))


def test_no_common_allocation_is_said() -> None:
    case = study(
        [package("A", ask("bank.loan", 60 * M))],
        [tool("loan", 50 * M)],
        must={"A": {"at_least": 20 * M}},
    )
    poor = with_envelopes(case, {"bank.loan": 10 * M})
    scores = {"A": 80.0}
    found = least_regret({"a": case, "b": poor}, {"a": scores, "b": scores}, ["A"])
    assert found.status == "infeasible"
    assert LEAST not in found.allocations
