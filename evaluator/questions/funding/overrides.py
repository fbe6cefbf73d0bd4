"""What each override costs: the objective without it, by a re-solve, less the objective with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from evaluator.allocation.variations import (
    Answer,
    answered,
    broken,
    described,
    listed,
    moved,
    prepare,
    silent,
)
from evaluator.decision.designation import designate
from evaluator.model.base import Override
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.findings import NothingStands
from evaluator.questions.funding.findings import (
    OverrideCost,
    OverrideDecides,
    OverridesNotPriced,
    OverridesOneAtATime,
    OverrideStands,
    OverrideUntold,
)
from evaluator.questions.funding.tables import OVERRIDE_COSTS
from evaluator.questions.question import LARGE, Question, is_large, of_full_extent
from evaluator.results.evaluation import Allocation, Evaluation, ExtendedTable, scores_of
from evaluator.results.findings import Findings

Kind = Literal["must", "must_not", "ignore", "include", "exclude"]


@dataclass(frozen=True)
class OverrideCosts:
    """What each override of a scenario costs, one left out at a time."""

    table: pd.DataFrame
    """One row an override: kind, subject (a package, or the limit or kind ignored), tool, because,
    by, date, objective_without, lost (objective lost by the override; below 0 what it gains),
    moved_usd (dollars that change hands without it), given_more_usd and subsidy_more_usd (without
    it), subsidy_usd, supported, entered, left (without it), status, gap, sentence. Figures are
    missing where there is no allocation with it, or without it."""
    allocations: tuple[pd.DataFrame, ...]
    """By row of table: whole dollars without the override, packages x tools."""
    certificate: Findings
    """Limits that any of the allocations breaks; empty when all hold."""


@dataclass(frozen=True)
class _Left:
    """An override, and the study without it."""

    kind: Kind
    subject: str
    override: Override
    study: Study


def overrides(study: Study) -> tuple[OverrideStands, ...]:
    """Return every must, must-not, ignored limit, include and exclude of a study."""
    return tuple(_stands(left) for left in _without_each(study))


def override_costs(
    study: Study, ranking: pd.DataFrame, standing: Allocation, progress: Progress = silent
) -> OverrideCosts:
    """Return what each must, must-not, ignored limit, include and exclude costs.

    ranking: that of the evaluation, whose `overall` is the scores. standing: the allocation of the
    study. An include or exclude is left out of the designation, which is then worked out again, so
    that another package may take its place. Two overrides may cost together more or less than the
    sum of what each costs alone.
    """
    scores = scores_of(ranking)
    rows: list[dict[str, object]] = []
    answers: list[Answer] = []
    for left in _without_each(study):
        progress(f"without {left.kind} {left.subject}")
        chosen = designate(left.study, ranking)["designated"]
        designated = [str(package) for package in chosen.index[chosen]]
        answer = answered(prepare(left.study, scores, designated))
        rows.append(_row(left, answer, standing))
        answers.append(answer)
    return OverrideCosts(
        OVERRIDE_COSTS.frame(rows),
        tuple(answer.table for answer in answers),
        broken(answers),
    )


def _without_each(study: Study) -> Iterator[_Left]:
    scenario = study.scenario
    kept: tuple[tuple[Kind, str, Mapping[str, Override]], ...] = (
        ("must", "allocation", scenario.allocation.must),
        ("must_not", "allocation", scenario.allocation.must_not),
        ("ignore", "allocation", scenario.allocation.ignore),
        ("include", "designation", scenario.designation.include),
        ("exclude", "designation", scenario.designation.exclude),
    )
    for kind, section, entries in kept:
        for subject, override in sorted(entries.items()):
            rest = {name: one for name, one in entries.items() if name != subject}
            part = getattr(scenario, section).model_copy(update={kind: rest})
            changed = scenario.model_copy(update={section: part})
            yield _Left(kind, subject, override, study.model_copy(update={"scenario": changed}))


def _row(left: _Left, answer: Answer, standing: Allocation) -> dict[str, object]:
    both = standing.exists and answer.found
    now, then = set(standing.supported), set(answer.supported)
    given = int(answer.table.to_numpy().sum()) - int(standing.amounts.to_numpy().sum())
    found: dict[str, Any] = {
        "objective_without": answer.objective if answer.found else None,
        "lost": answer.objective - standing.objective if both else None,
        "moved_usd": moved(standing.amounts, answer.table) if both else None,
        "given_more_usd": given if both else None,
        "subsidy_more_usd": answer.subsidy_usd - standing.subsidy_usd if both else None,
        **described(answer, None),
        "entered": listed(then - now) if both else (),
        "left": listed(now - then) if both else (),
    }
    if both:
        told = {name: found[name] for name in ("lost", "moved_usd", "entered", "left")}
        cost = OverrideCost(**_stands(left).arguments, **told)
        return {**_of(left), **found, "sentence": (cost,)}
    decided = _stands(left).arguments
    if answer.status == "no_solution":
        return {**_of(left), **found, "sentence": (OverrideUntold(**decided, without=True),)}
    without = OverrideDecides(**decided, stands=standing.exists, without=answer.found)
    return {**_of(left), **found, "sentence": (without,)}


def _unpriced(left: _Left, why: OverrideStands) -> dict[str, object]:
    """Return the row of an override whose cost is not asked, or cannot be told."""
    return {
        **_of(left),
        **dict.fromkeys(("objective_without", "lost", "moved_usd", "given_more_usd")),
        **dict.fromkeys(("subsidy_more_usd", "subsidy_usd", "supported", "gap")),
        "entered": (),
        "left": (),
        "status": "",
        "sentence": (why,),
    }


def _of(left: _Left) -> dict[str, object]:
    override = left.override
    return {
        "kind": left.kind,
        "subject": left.subject,
        "tool": getattr(override, "tool", None) or "",
        "because": override.because,
        "by": override.by,
        "date": override.date.isoformat(),
    }


def _stands(left: _Left) -> OverrideStands:
    one = left.override
    return OverrideStands(
        left.kind,
        left.subject,
        getattr(one, "tool", None) or "",
        getattr(one, "at_least", None) or 0,
        one.because,
        one.by,
        one.date.isoformat(),
    )


def _asked(evaluation: Evaluation) -> bool:
    """Ask in a full run that allocates, and wherever there are overrides."""
    solved = evaluation.allocation.status in ("optimal", "feasible")
    return (of_full_extent(evaluation) and solved) or bool(overrides(evaluation.study))


def _answer(evaluation: Evaluation, progress: Progress) -> Mapping[str, ExtendedTable]:
    """Tell what each costs; of a large program in a plain run, that it is not asked.

    Where time stopped the solver before it found anything, there is nothing to compare with.
    """
    status = evaluation.allocation.status
    if status == "no_solution":
        rows = [
            _unpriced(left, OverrideUntold(**_stands(left).arguments, without=False))
            for left in _without_each(evaluation.study)
        ]
        return {
            "override_costs": ExtendedTable((NothingStands(status),), OVERRIDE_COSTS.frame(rows))
        }
    if is_large(evaluation) and not of_full_extent(evaluation):
        rows = [_unpriced(left, _stands(left)) for left in _without_each(evaluation.study)]
        return {
            "override_costs": ExtendedTable(
                (OverridesNotPriced(LARGE),), OVERRIDE_COSTS.frame(rows)
            )
        }
    costs = override_costs(
        evaluation.study, evaluation.ranking, evaluation.allocation, progress=progress
    )
    rule = OverridesOneAtATime() if evaluation.allocation.exists else NothingStands(status)
    return {"override_costs": ExtendedTable((rule,), costs.table)}


QUESTION = Question("override_costs", _answer, _asked, without_allocation=True, part="allocation")
