"""The portfolio that is the safest over several scenarios: least maximum regret."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from evaluator.allocation.model.limits.limits import ignored
from evaluator.allocation.variations import Answer, Case, answered, objective_of, prepare
from evaluator.errors import UsageError
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.versions.findings import DesignatedByAll, DesignationStands
from evaluator.questions.versions.labels import labels
from evaluator.questions.versions.least_regret import LEAST, LeastRegret, least_regret
from evaluator.results.evaluation import Allocated
from evaluator.results.findings import Finding, Findings

Designated = Literal["first", "all"]
_SHOWN = 5


@dataclass(frozen=True)
class Regret:
    """The least-regret portfolio, beside the best portfolio of each scenario."""

    least: LeastRegret
    """Of portfolios that every scenario allows, against the best of each scenario."""
    own: pd.DataFrame
    """The best portfolio of each scenario x scenarios: points lost; missing where its amounts are
    not allowed."""
    faults: Mapping[tuple[str, str], Findings]
    """What the best portfolio of a scenario breaks in another, by the names of both."""
    scenarios: pd.DataFrame
    """By scenario: status and best (under its own limits), allowed (the best of what all of them
    allow), hedged (what the least-regret portfolio reaches), lost, lost_share (of best)."""
    rule: Finding
    """Which packages may get anything."""
    doubted: Mapping[str, tuple[str, ...]]
    """Packages that may get something, though some scenarios do not designate them: which."""
    barred: Mapping[str, tuple[str, ...]]
    """Packages that may get nothing, since they failed a requirement of some scenarios: which."""

    @property
    def found(self) -> bool:
        """Whether there is a least-regret portfolio."""
        return LEAST in self.least.portfolios.index

    @property
    def proven(self) -> bool:
        """Whether no solve was stopped early."""
        return self.least.status == "optimal" and "feasible" not in set(self.scenarios["status"])

    @property
    def gap(self) -> float:
        """Points by which a smaller maximum regret is not excluded."""
        most = float(self.least.portfolios["max_regret"].to_dict()[LEAST])
        return max(0.0, most - self.least.bound)


def regret(
    evaluations: Sequence[Allocated],
    designated: Designated = "first",
    progress: Progress = lambda step: None,
    *,
    runs: Sequence[str] = (),
) -> Regret:
    """Return the portfolio of least maximum regret over evaluated scenarios (Savage 1951).

    designated: the designation of the first scenario stands in all of them, or only packages that
    all of them designate count. Regret in a scenario is what a portfolio loses there against the
    best for those packages, under that scenario's scores and limits. The portfolio keeps the
    limits of all. See `least_regret`, whose reference is the first. runs: what the run of each is
    called, empty where it is none.

    Raises UsageError for fewer than two evaluations, and, all at once, for scenarios that are not
    of the same packages, tools, objective and goals.
    """
    if len(evaluations) < 2:
        raise UsageError("a regret needs two or more scenarios.")
    if all("allocation" not in one.study.parts for one in evaluations):
        raise UsageError(
            "a regret is of portfolios, and in these scenarios nothing can be allocated. "
            "`evaluator compare` tells how their rankings differ."
        )
    by_name = dict(zip(_names(evaluations, runs), evaluations, strict=True))
    faults = list(_unlike(by_name))
    if faults:
        told = "\n".join(f"- {fault}" for fault in faults)
        raise UsageError(f"these scenarios cannot be set against each other:\n{told}")
    chosen, barred = _chosen(by_name, designated)
    scores = {name: one.scores for name, one in by_name.items()}
    cases, best = {}, {}
    for name, one in by_name.items():
        progress(f"best of {name}")
        cases[name] = prepare(one.study, scores[name], chosen)
        best[name] = answered(cases[name])
    found = least_regret(
        {name: one.study for name, one in by_name.items()},
        scores,
        chosen,
        {name: answer.objective for name, answer in best.items()},
        progress,
    )
    own, broken = _own(cases, best)
    inside = {name: set(one.designated) for name, one in by_name.items()}
    doubted = {p: tuple(n for n in by_name if p not in inside[n]) for p in chosen}
    return Regret(
        found,
        own,
        broken,
        _scenarios(best, found),
        DesignationStands(next(iter(by_name)), len(chosen))
        if designated == "first"
        else DesignatedByAll(len(chosen)),
        {package: names for package, names in doubted.items() if names},
        barred,
    )


def _names(evaluations: Sequence[Allocated], runs: Sequence[str]) -> list[str]:
    """Return what each scenario is called; one of them may not be there twice."""
    studies = [evaluation.study for evaluation in evaluations]
    twice = [name for name, n in Counter(s.fingerprint for s in studies).items() if n > 1]
    if twice:
        same = next(s.scenario.scenario for s in studies if s.fingerprint == twice[0])
        raise UsageError(f"'{same}' is given twice: a study has no regret against itself.")
    return labels(studies, runs)


def _chosen(
    evaluations: Mapping[str, Allocated], designated: Designated
) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    """Return the packages that may get something, and those barred by a requirement."""
    sets = [set(one.designated) for one in evaluations.values()]
    wanted = sets[0] if designated == "first" else set.intersection(*sets)
    failed = {
        package: tuple(
            name
            for name, one in evaluations.items()
            if one.ranking["outcome"].to_dict()[package] == "failed"
        )
        for package in sorted(wanted)
    }
    barred = {package: names for package, names in failed.items() if names}
    return [package for package in failed if package not in barred], barred


def _unlike(evaluations: Mapping[str, Allocated]) -> Iterator[str]:
    """Yield why scenarios cannot be set against the first, each in a sentence."""
    first, *others = evaluations
    reference = evaluations[first].study
    for name in others:
        study = evaluations[name].study
        for what, old, new in (
            ("packages", reference.package_by_id, study.package_by_id),
            ("tools", reference.tools, study.tools),
            ("goals", _goals(reference), _goals(study)),
        ):
            yield from _only(what, (first, list(old)), (name, list(new)))
        asked = [
            package.id
            for package in reference.packages
            if package.id in study.package_by_id
            and package.requests != study.package_by_id[package.id].requests
        ]
        if asked:
            yield f"{first} and {name} hold other requests of {_listed(asked)}."
        for key, mine, its in _scales(evaluations[first], evaluations[name]):
            yield f"{key} is {mine} in {first}, {its} in {name}: their points do not compare."


def _only(what: str, *sides: tuple[str, Sequence[str]]) -> Iterator[str]:
    for (name, here), (_, there) in (sides, sides[::-1]):
        odd = [item for item in here if item not in there]
        if odd:
            yield f"only {name} has the {what} {_listed(odd)}."


_COUNTED = {"packages": "package"}


def _goals(study: Study) -> list[str]:
    """Return the goals that count, with what a miss costs."""
    return [
        f"{name} at {limit.cost(1_000_000):g} a {_COUNTED.get(limit.measure, 'million')}"
        for name, limit in study.limits.items()
        if limit.kind == "goal" and not ignored(study, name, limit)
    ]


def _scales(first: Allocated, other: Allocated) -> Iterator[tuple[str, object, object]]:
    """Yield settings on which the scale of the objective depends, where they differ."""
    mine, its = first.study.scenario, other.study.scenario
    for key in ("objective", "scores", "tool_weights"):
        one, two = getattr(mine.allocation, key), getattr(its.allocation, key)
        if one != two:
            yield f"allocation.{key}", one or "not set", two or "not set"
    rule = mine.allocation.scores
    if rule != its.allocation.scores:
        return
    floors = mine.designation.min_overall, its.designation.min_overall
    if rule == "above_floor" and floors[0] != floors[1]:
        yield (
            "designation.min_overall, from which scores count,",
            f"{floors[0]:g}",
            f"{floors[1]:g}",
        )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"


def _own(
    cases: Mapping[str, Case], best: Mapping[str, Answer]
) -> tuple[pd.DataFrame, dict[tuple[str, str], Findings]]:
    """Judge the best portfolio of each scenario in every scenario."""
    lost: dict[str, dict[str, float | None]] = {}
    faults: dict[tuple[str, str], Findings] = {}
    for name, answer in best.items():
        if not answer.found:
            continue
        lost[name] = dict.fromkeys(cases)
        given = answer.table.to_dict("index")
        for other, case in cases.items():
            broken = case.certify(answer.table)
            if broken:
                faults[name, other] = broken
            elif best[other].found:
                amounts = [int(given[p.package][p.tool]) for p in case.compiled.layout.pairs]
                lost[name][other] = best[other].objective - objective_of(case.compiled, amounts)
    table = pd.DataFrame.from_dict(lost, orient="index", columns=list(cases))
    return table.astype("Float64").rename_axis("portfolio"), faults


def _scenarios(best: Mapping[str, Answer], found: LeastRegret) -> pd.DataFrame:
    losses = found.matrix.to_dict("index")
    rows: list[dict[str, Any]] = []
    for name, answer in best.items():
        most, lost = answer.objective, losses.get(LEAST, {}).get(name)
        rows.append(
            {
                "status": answer.status,
                "best": most if answer.found else None,
                "allowed": most - losses[name][name] if lost is not None else None,
                "hedged": most - lost if lost is not None else None,
                "lost": lost,
                "lost_share": lost / most if lost is not None and most > 0 else None,
            }
        )
    names = pd.Index(list(best), name="scenario")
    figures = ("best", "allowed", "hedged", "lost", "lost_share")
    return pd.DataFrame(rows, index=names).astype(dict.fromkeys(figures, "Float64"))
