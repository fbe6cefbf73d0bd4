"""Pareto frontiers: the objective against subsidy cost."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from evaluator.allocation.answer import (
    Answer,
    Case,
    Progress,
    answered,
    broken,
    listed,
    prepare,
    silent,
)
from evaluator.allocation.variation import rows_of, with_limit, with_most
from evaluator.errors import UsageError
from evaluator.model.base import Citation
from evaluator.model.financing import Limit
from evaluator.model.results import Status
from evaluator.model.study import Study

CAP = Citation(title="Cap of a frontier", confidence="illustrative")
_MOST = 10**15
"""USD: more than any subsidy."""
DESCRIBED = {
    "subsidy_usd": "int64",
    "supported": "int64",
    "entered": "str",
    "left": "str",
    "status": "str",
    "gap": "float64",
}
"""Columns that describe an answer, and their types."""


@dataclass(frozen=True)
class Frontier:
    """Allocations none of which is better on one count without being worse on the other."""

    against: str
    """What the objective is weighed against."""
    status: Status
    """Of the allocation without a cap."""
    points: pd.DataFrame
    """One row a point, the best objective first: cap, objective, share (of the best objective),
    subsidy_usd or largest_share and largest_group, given_usd, supported, entered, left (since the
    row before), status, gap."""
    allocations: tuple[pd.DataFrame, ...]
    """By row of points: whole dollars, packages x tools."""
    certificate: tuple[str, ...]
    """Limits and caps that any of the allocations breaks; empty when all hold."""
    rule: str
    """How the points were found."""


def subsidy_frontier(
    study: Study,
    scores: Mapping[str, float],
    designated: Collection[str],
    points: int = 12,
    step_usd: int | None = None,
    progress: Progress = silent,
) -> Frontier:
    """Return the Pareto frontier of objective against subsidy cost.

    The epsilon-constraint method (Haimes, Lasdon & Wismer 1971): the best objective under a
    falling cap on subsidy. Each point is also of the least subsidy at its objective, within the
    scenario's tie tolerance, and the next cap lies a step below the subsidy found, so that no
    point is dominated or found twice; Mavrotas (2009) reaches the same by an augmented objective.
    step_usd: least difference between neighbours, in place of a number of points; with 1 the
    frontier is complete where all amounts are all-or-nothing.

    Raises ValueError for fewer than 2 points or a step below 1, UsageError where the scenario
    ignores all limits of law.
    """
    enough(points, step_usd is None or step_usd >= 1)
    limit = Limit(
        id="subsidy",
        label="Cap on subsidy",
        kind="law",
        tools=("*",),
        measure="subsidy",
        at_most=_MOST,
        citation=_MADE,
    )
    varied, name = with_limit(study, limit)
    case = prepare(varied, scores, designated)
    row = row_of_cap(case, name)

    def under(cap: int) -> Answer:
        bounded, _ = with_limit(study, limit.model_copy(update={"at_most": cap}))
        return answered(replace(case, study=bounded), with_most(case.compiled.program, row, cap))

    top = answered(case)
    found, caps = [top], [_MOST]
    least = _least_subsidy(case) if top.status in ("optimal", "feasible") else top.subsidy_usd
    width = step_usd or max(1, math.ceil((top.subsidy_usd - least) / (points - 1)))
    while found[-1].subsidy_usd > least:
        caps.append(max(found[-1].subsidy_usd - width, least))
        progress(f"subsidy of at most {caps[-1]:,} USD")
        answer = under(caps[-1])
        if not answer.found:
            break
        found.append(answer)
    costs = [{"subsidy_usd": answer.subsidy_usd} for answer in found]
    rule = f"best objective under caps on subsidy, {width:,} USD apart or more; then least subsidy"
    return frontier_of("subsidy", case, found, caps, costs, rule)


def enough(points: int, step_right: bool) -> None:
    if points < 2:
        raise ValueError(f"points is {points}: a frontier has at least 2.")
    if not step_right:
        raise ValueError("the step between neighbours has to be above 0 (1 USD at least).")


def row_of_cap(case: Case, name: str) -> int:
    rows = rows_of(case.compiled, name)
    if not rows:
        raise UsageError("the scenario ignores all limits of law, the cap of a frontier with them.")
    return rows[0]


def _least_subsidy(case: Case) -> int:
    program = case.compiled.program
    point = case.solver(replace(program, cost=program.subsidy), case.settings)
    cost = float(program.subsidy @ point.values) * program.unit if point.found else 0.0
    # a dollar of room, so that whole dollars fit under the cap
    return 0 if cost < 0.5 else math.ceil(cost) + 1


def frontier_of(
    against: str,
    case: Case,
    found: Sequence[Answer],
    caps: Sequence[float],
    costs: Sequence[Mapping[str, object]],
    rule: str,
) -> Frontier:
    """Drop what is dominated, within the tolerances of the solves, and describe the rest."""
    name = next(iter(costs[0]))
    top = found[0]
    tolerance = max(case.tie, case.settings.gap) * max(1.0, abs(top.objective))
    spent = [float(str(cost[name])) for cost in costs]
    kept = [
        place
        for place, answer in enumerate(found)
        if answer.found
        and not any(
            spent[other] < spent[place] and found[other].objective >= answer.objective - tolerance
            for other in range(len(found))
        )
    ]
    rows: list[dict[str, object]] = []
    for number, place in enumerate(kept):
        answer = found[place]
        rows.append(
            {
                "cap": float(caps[place]),
                "objective": answer.objective,
                "share": answer.objective / top.objective if top.objective > 0 else 1.0,
                **costs[place],
                "given_usd": int(answer.table.to_numpy().sum()),
                **described(answer, found[kept[number - 1]] if number else None),
            }
        )
    columns = ["cap", "objective", "share", *costs[0], "given_usd", *DESCRIBED]
    chosen = [found[place] for place in kept]
    return Frontier(
        against,
        top.status,
        pd.DataFrame(rows, columns=list(dict.fromkeys(columns))),
        tuple(answer.table for answer in chosen),
        broken(chosen),
        rule,
    )


def described(answer: Answer, before: Answer | None) -> dict[str, object]:
    now, then = set(answer.supported), set(before.supported if before else ())
    return {
        "subsidy_usd": answer.subsidy_usd,
        "supported": len(now),
        "entered": listed(now - then) if before else "",
        "left": listed(then - now),
        "status": answer.status,
        "gap": answer.gap if answer.found else math.nan,
    }
