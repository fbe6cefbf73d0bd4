"""Scenarios of a sweep -> rows: scored as matrices, allocated one by one, on one thread."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from evaluator.errors import InvalidStudyError, Problem, did_you_mean
from evaluator.loading.changes import parse_path
from evaluator.loading.variation import vary
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.questions.sweep.grid import Grid
from evaluator.questions.sweep.judging import (
    Floats,
    Judged,
    Row,
    Setting,
    judge,
    refused,
    setting_of,
    stated_influence,
)
from evaluator.questions.sweep.lines import Cases, allocate_lines
from evaluator.results.evaluation import Scored, Uncertainty

Only = Literal["scores", "allocation", "all"]

_SHARES = ("influence", "shares")
_AFTER_SCORES = ("designation", "allocation", "uncertainty")
"""Parts of a scenario that move no gate, value or weight."""
_SCORED = 64
"""Scored studies that a worker keeps."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A sweep to be made: a study, its scenarios, and how far each is taken.

    only: "scores" ends with the designation, "allocation" with the allocation, "all" draws as well.
    """

    study: Study
    grid: Grid
    only: Only = "allocation"

    def __post_init__(self) -> None:
        """Stop at the ranking where nothing can be allocated."""
        if self.only == "allocation" and "allocation" not in self.study.parts:
            object.__setattr__(self, "only", "scores")

    @property
    def shared(self) -> dict[str, str]:
        """The agencies whose influence varies, by key; the other influences follow in proportion.

        All in proportion, as a change with `rebalance` does it.
        """
        paths = {key: parse_path(key) or () for key in self.grid.keys}
        return {key: path[2] for key, path in paths.items() if path[:2] == _SHARES and path[2:]}


def check(plan: Plan) -> None:
    """Raise InvalidStudyError with all faults of keys, and of values where each is tried alone."""
    shares, problems = plan.study.influence, []
    for one in plan.grid.varied:
        agency = plan.shared.get(one.key)
        where = f"--vary {one.key}"
        if agency is not None and agency not in shares:
            fact = f"the agency '{agency}' is unknown."
            problems.append(Problem(where, fact, did_you_mean(agency, shares)))
            continue
        for value in one.tried:
            if agency is None:
                problems += _faults(plan.study, {one.key: value}, where)
            elif reason := _refused_share(value):
                problems.append(Problem(where, reason, "Write shares of 1."))
    whole = [key for key in plan.grid.keys if parse_path(key) in (_SHARES, _SHARES[:1])]
    if whole and plan.shared:
        fact = f"overlaps {next(iter(plan.shared))}."
        problems.append(Problem(f"--vary {whole[0]}", fact, "Vary one of the two."))
    if problems:
        raise InvalidStudyError(dict.fromkeys(problems))


def _faults(study: Study, changes: Mapping[str, Any], where: str) -> Iterator[Problem]:
    try:
        vary(study, changes, lambda key: f"--vary {key}")
    except InvalidStudyError as error:
        yield from (Problem(where, one.fact, one.remedy) for one in error.problems)


def _refused_share(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        return f"{value!r} is no share: a number from 0 to 1."
    return ""


def runner(plan: Plan) -> Callable[[range], list[Row]]:
    """Return what makes the rows of some scenarios, by their numbers; it keeps what they share."""
    study, keys, shared = _without_draws(plan.study, plan.only), plan.grid.keys, plan.shared
    others = [place for place, key in enumerate(keys) if key not in shared]
    early = [key for key in keys if key not in shared and _moves_scores(key)]

    cases: Cases = {}

    @lru_cache(maxsize=_SCORED)
    def scored(changes: str) -> Scored:
        return evaluate(vary(study, json.loads(changes)), only="scores")

    @lru_cache(maxsize=_SCORED)
    def setting(changes: str) -> Setting | str:
        """A study with all but the influence as it is to be, scored; or why it cannot be."""
        stated = json.loads(changes)
        try:
            varied = vary(study, stated)
            base = scored(json.dumps({key: stated[key] for key in early}))
        except InvalidStudyError as error:
            return " ".join(f"{problem}" for problem in error.problems)
        return setting_of(varied, base)

    def rows(numbers: range) -> list[Row]:
        values = plan.grid.rows(numbers)
        groups: dict[str, list[int]] = {}
        for place, row in enumerate(values):
            told = json.dumps({keys[other]: row[other] for other in others})
            groups.setdefault(told, []).append(place)
        found: dict[int, Judged] = {}
        for told, places in groups.items():
            one = setting(told)
            if isinstance(one, str):
                found |= {place: Judged(refused(one)) for place in places}
                continue
            given = [dict(zip(keys, values[place], strict=True)) for place in places]
            shares = [{agency: row[key] for key, agency in shared.items()} for row in given]
            found |= dict(zip(places, judge(one, shares), strict=True))
        judged = [found[place] for place in range(len(values))]
        if plan.only == "allocation":
            # a line: scenarios that differ in the last key alone, which is an influence
            on_line = keys[-1] in shared and plan.grid.sample is None
            lines = [row[:-1] if on_line else place for place, row in enumerate(values)]
            allocate_lines(judged, lines, cases)
        elif plan.only == "all":
            for one_row in judged:
                if one_row.setting is not None:
                    one_row.row.update(_evaluated(one_row.setting, one_row.influence))
        pairs = zip(numbers, judged, strict=True)
        return [{"scenario": number, **NOTHING, **one.row} for number, one in pairs]

    return rows


def _moves_scores(key: str) -> bool:
    path = parse_path(key) or ()
    return path[0] not in _AFTER_SCORES


def _without_draws(study: Study, only: Only) -> Study:
    if only == "all":
        return study
    settings = study.scenario.uncertainty.model_copy(update={"draws": 0})
    scenario = study.scenario.model_copy(update={"uncertainty": settings})
    return study.model_copy(update={"scenario": scenario})


def _evaluated(one: Setting, influence: Floats) -> Row:
    shares = dict(zip(stated_influence(one.study), influence.tolist(), strict=True))
    found = evaluate(one.study.with_influence(shares))
    allocation = found.allocation
    row: Row = {"status": allocation.status, "cut_by_time": bool(allocation.cut_by_time)}
    if allocation.exists:
        row |= {
            "supported": allocation.supported,
            "amount_usd": int(allocation.amounts.to_numpy().sum()),
            "subsidy_usd": allocation.subsidy_usd,
            "objective": allocation.objective,
            "gap": allocation.gap,
            "certified": not allocation.certificate,
        }
    return row | _tiers(found.uncertainty)


def _tiers(found: Uncertainty | None) -> Row:
    if found is None:
        return {}
    tiers = found.packages["tier"]
    return {name: tuple(sorted(map(str, tiers.index[tiers == name]))) for name in ("clear", "out")}


NOTHING: Row = {
    "status": "",
    "leader": (),
    "designated": (),
    "contested": (),
    "supported": (),
    "amount_usd": None,
    "subsidy_usd": None,
    "objective": None,
    "gap": None,
    "certified": None,
    "cut_by_time": False,
    "clear": (),
    "out": (),
    "refused": "",
}
