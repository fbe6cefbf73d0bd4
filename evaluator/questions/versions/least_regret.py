"""The allocation with the least maximum regret over several scenarios of the scores."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from evaluator.allocation.model.columns import Column
from evaluator.allocation.model.program import Floats, Program, with_integers_fixed
from evaluator.allocation.model.reserve import committed_now
from evaluator.allocation.solve.rounding import whole_dollars
from evaluator.allocation.variations import (
    Answer,
    Case,
    answer_of,
    answered,
    broken,
    listed,
    objective_of,
    prepare,
    silent,
)
from evaluator.allocation.verify.certificate import certify
from evaluator.errors import UsageError
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.versions.findings import OneFeasibleSet
from evaluator.questions.versions.shared_limits import common
from evaluator.results.evaluation import Status
from evaluator.results.findings import Findings

LEAST = "least regret"
_WORST_FIRST: tuple[Status, ...] = ("infeasible", "no_solution", "nothing", "feasible", "optimal")


@dataclass(frozen=True)
class LeastRegret:
    """What each portfolio loses in each scenario against the best of that scenario."""

    status: Status
    matrix: pd.DataFrame
    """Portfolios x scenarios: objective points lost. A portfolio is the best of a scenario on the
    common set, named after it, or `least regret`."""
    best: pd.Series
    """By scenario: the objective that a portfolio is measured against."""
    portfolios: pd.DataFrame
    """By portfolio, the least maximum first: max_regret, worst (the scenario of it), mean_regret,
    given_usd, subsidy_usd, supported, entered, left (against the least-regret portfolio)."""
    bound: float
    """No allocation has a smaller maximum regret."""
    allocations: Mapping[str, pd.DataFrame]
    """By portfolio: whole dollars, packages x tools."""
    certificate: Findings
    """Limits of any scenario that any of the allocations breaks; empty when all hold."""
    assumption: OneFeasibleSet


def least_regret(
    studies: Mapping[str, Study],
    scores: Mapping[str, Mapping[str, float]],
    designated: Collection[str],
    best: Mapping[str, float] | None = None,
    progress: Progress = silent,
) -> LeastRegret:
    """Return the allocation whose greatest regret over scenarios is the least (Savage 1951).

    studies, scores: by scenario, the first being the reference. All portfolios come from one
    feasible set: the designated packages given, and amounts that keep the limits and rules of
    every study. LeastRegret is the objective lost under a scenario's scores against `best`, by
    scenario, or against the best of that set if None; goals, objective and tool weights are the
    reference's. The least maximum is found exactly by a program with one row a scenario (Kouvelis
    & Yu 1997); among ties, the least mean regret.

    Raises ValueError for no scenario, for names that differ, and for scores that are missing;
    UsageError for studies with other packages or tools.
    """
    for what, given in (("scores", scores), ("best", studies if best is None else best)):
        if not studies or set(studies) != set(given):
            raise ValueError(
                f"studies are of {', '.join(studies) or 'no scenario'}, {what} of "
                f"{', '.join(given) or 'none'}: the same scenarios are needed in both."
            )
    names = list(studies)
    held = {id(one): committed_now(one) for one in studies.values()}
    studies = {name: held[id(one)] for name, one in studies.items()}
    reference = studies[names[0]]
    cases = {name: prepare(reference, scores[name], designated) for name in names}
    shared = _common_case(studies, cases[names[0]], scores, designated)
    costs = {name: _cost(cases[name], shared.compiled.program) for name in names}
    by_name = {name: _scored(shared, cases[name], costs[name]) for name in names}
    answers: dict[str, Answer] = {}
    for name in names:
        progress(f"best of {name}")
        answers[name] = answered(by_name[name])
    bound = 0.0
    against = best or {name: answer.objective for name, answer in answers.items()}
    if all(answer.solved for answer in answers.values()):
        progress(LEAST)
        targets = np.array([against[name] for name in names])
        found, bound = _minimax(shared, np.array([costs[name] for name in names]), targets)
        answers = {LEAST: found, **answers}
    return _regret(studies, by_name, answers, bound, best)


def _common_case(
    studies: Mapping[str, Study],
    case: Case,
    scores: Mapping[str, Mapping[str, float]],
    designated: Collection[str],
) -> Case:
    reference = case.study
    compiled = case.compiled
    for name, study in studies.items():
        if set(study.package_by_id) != set(reference.package_by_id):
            raise UsageError(f"{name} has other packages than {reference.scenario.scenario}.")
        if list(study.tools) != list(reference.tools):
            raise UsageError(f"{name} has other tools than {reference.scenario.scenario}.")
        if study is not reference:
            compiled = common(compiled, prepare(study, scores[name], designated).compiled)
    return replace(case, compiled=compiled)


def _scored(shared: Case, case: Case, cost: Floats) -> Case:
    """Return the common case with the scores of one scenario."""
    program = replace(shared.compiled.program, cost=cost)
    gains = case.compiled.gains
    return replace(shared, compiled=replace(shared.compiled, gains=gains, program=program))


def _cost(case: Case, shared: Program) -> Floats:
    """Return a scenario's costs of the columns of the common program."""
    more = len(shared.cost) - len(case.compiled.program.cost)
    return np.append(case.compiled.program.cost, np.zeros(more))


def _minimax(case: Case, costs: Floats, best: Floats) -> tuple[Answer, float]:
    """Return the answer of least maximum regret, and the bound; costs (scenarios, n)."""
    program = _with_regret(case.compiled.program, costs, best)
    first = case.solver(program, case.settings)
    if not first.found:
        return answer_of(case, [0] * len(case.compiled.layout.pairs), "no_solution"), 0.0
    gained = -(np.minimum(costs, 0.0) @ first.values[:-1])
    scale = max(1.0, float(gained.max()))
    mean = np.append(costs.mean(axis=0), 0.0)
    within = _with_most(program, float(first.values[-1]) + max(case.tie, 1e-9) * scale)
    second = case.solver(replace(within, cost=mean), case.settings)
    # at the packages so chosen, no regret is traded for the mean
    linear = with_integers_fixed(program, (second if second.found else first).values)
    least = case.solver(linear, case.settings)
    last = least
    if least.found:
        within = _with_most(linear, float(least.values[-1]) + 1e-9 * scale)
        last = case.solver(replace(within, cost=mean), case.settings)
    values = next(one.values[:-1] for one in (last, least, second, first) if one.found)
    plain = replace(case.compiled.program, cost=mean[:-1])
    amounts = whole_dollars(plain, case.compiled.layout, values, case.settings, case.solver)
    status: Status = "optimal" if first.status == "optimal" else "feasible"
    return answer_of(case, amounts, status), max(0.0, first.bound)


def _with_most(program: Program, regret: float) -> Program:
    return replace(program, upper=np.append(program.upper[:-1], regret))


def _with_regret(program: Program, costs: Floats, best: Floats) -> Program:
    """Return the program that seeks the least R with cost_s x - R <= -best_s for each s."""
    scenarios, count = costs.shape
    matrix = np.hstack([costs, -np.ones((scenarios, 1))])
    rows, index = np.nonzero(matrix)
    ends = program.starts[-1] + np.cumsum(np.bincount(rows, minlength=scenarios))
    return replace(
        program,
        columns=(*program.columns, Column("missed", "regret")),
        cost=np.append(np.zeros(count), 1.0),
        subsidy=np.append(program.subsidy, 0.0),
        lower=np.append(program.lower, 0.0),
        upper=np.append(program.upper, np.inf),
        integer=np.append(program.integer, False),
        starts=np.append(program.starts, ends).astype(np.int32),
        index=np.append(program.index, index).astype(np.int32),
        value=np.append(program.value, matrix[rows, index]),
        row_lower=np.append(program.row_lower, np.full(scenarios, -np.inf)),
        row_upper=np.append(program.row_upper, -best),
    )


def _regret(
    studies: Mapping[str, Study],
    cases: Mapping[str, Case],
    answers: Mapping[str, Answer],
    bound: float,
    given: Mapping[str, float] | None,
) -> LeastRegret:
    objectives = pd.DataFrame(
        {
            name: [objective_of(case.compiled, answer.amounts) for answer in answers.values()]
            for name, case in cases.items()
        },
        index=pd.Index(list(answers), name="portfolio"),
    )
    best = (objectives.max() if given is None else pd.Series(given)).rename("best")
    matrix = best - objectives
    chosen = answers[next(iter(answers))]
    table = pd.DataFrame([_row(answer, chosen) for answer in answers.values()], index=matrix.index)
    table.insert(0, "max_regret", matrix.max(axis=1))
    table.insert(1, "worst", matrix.idxmax(axis=1))
    table.insert(2, "mean_regret", matrix.mean(axis=1))
    most = {str(name): float(value) for name, value in matrix.max(axis=1).items()}
    order = sorted(answers, key=lambda name: (most[name], name != LEAST))
    statuses = {answer.status for answer in answers.values()}
    status = next((one for one in _WORST_FIRST if one in statuses), chosen.status)
    return LeastRegret(
        status,
        matrix.loc[order],
        best,
        table.loc[order],
        bound,
        {name: answers[name].table for name in order},
        _certificates(studies, answers, cases),
        OneFeasibleSet(
            next(iter(studies)),
            limits_of_all=len({id(study) for study in studies.values()}) > 1,
            given=given is not None,
        ),
    )


def _row(answer: Answer, chosen: Answer) -> dict[str, object]:
    now, then = set(answer.supported), set(chosen.supported)
    return {
        "given_usd": int(answer.table.to_numpy().sum()),
        "subsidy_usd": answer.subsidy_usd,
        "supported": len(now),
        "entered": listed(now - then),
        "left": listed(then - now),
    }


def _certificates(
    studies: Mapping[str, Study], answers: Mapping[str, Answer], cases: Mapping[str, Case]
) -> Findings:
    found = [answer for answer in answers.values() if answer.found]
    designated = next(iter(cases.values())).designated
    distinct = {id(study): study for study in studies.values()}
    others = [
        fault
        for study in list(distinct.values())[1:]
        for answer in found
        for fault in certify(study, answer.table, designated)
    ]
    return (*broken(found), *dict.fromkeys(others))
