"""Rounds with many evaluators and many agencies, against the baseline's round, in one run.

300 packages that 60 evaluators rate on each criterion, and 36 packages that 200 agencies score.
Processor seconds of evaluating each, one thread, with the baseline's draws; the least of three.
"""

from __future__ import annotations

import os
import random
from time import process_time

from benchmarks._baseline_rounds import BASELINE, like_the_baseline
from benchmarks._rounds import CITED, synthetic
from evaluator import load_study
from evaluator.model.base import Known
from evaluator.model.package import Package, Rating
from evaluator.model.scenario import Influence
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.uncertainty.analysis import THREADS

EVALUATORS, AGENCIES, ROUNDS = 60, 200, 3


def rated(packages: int, evaluators: int, *, seed: int = 0) -> Study:
    """Return a round of the baseline's kind in which each criterion is rated by so many."""
    study, models = like_the_baseline(packages).study, load_study(BASELINE).packages
    draw = random.Random(seed)

    def judged(package: Package, model: Package) -> Package:
        criteria = dict.fromkeys(one.criterion for one in model.ratings)
        ratings = tuple(
            Rating(criterion=name, evaluator=f"e{number:02d}", rating=draw.choice(levels))
            for name in criteria
            for levels in [_levels(study, name)]
            for number in range(evaluators)
        )
        return package.model_copy(update={"measures": model.measures, "ratings": ratings})

    found = (
        judged(package, models[number % len(models)])
        for number, package in enumerate(study.packages)
    )
    uncertainty = study.scenario.uncertainty.model_copy(update={"ratings": "panel"})
    scenario = study.scenario.model_copy(update={"uncertainty": uncertainty})
    return _with(study, scenario=scenario, packages=tuple(found))


def scored(packages: int, agencies: int, *, seed: int = 0) -> Study:
    """Return a round in which so many agencies have a criterion each."""
    study, draw = synthetic(packages).study, random.Random(seed)
    (one,) = study.agencies
    names = [f"a{number:03d}" for number in range(agencies)]

    def judged(package: Package) -> Package:
        measures = {f"{name}.x": Known(value=round(draw.random(), 4)) for name in names}
        return package.model_copy(update={"measures": measures})

    influence = Influence(shares=dict.fromkeys(names, 1 / agencies), citation=CITED)
    return _with(
        study,
        scenario=study.scenario.model_copy(update={"influence": influence}),
        agencies=tuple(one.model_copy(update={"agency": name, "name": name}) for name in names),
        packages=tuple(map(judged, study.packages)),
    )


def _levels(study: Study, criterion: str) -> list[str]:
    return [level.id for level in study.scale_by_id[str(study.criteria[criterion].scale)].levels]


def _with(study: Study, **changed: object) -> Study:
    """Return a study with other parts, checked as a new one is."""
    parts = {name: getattr(study, name) for name in type(study).model_fields}
    return Study(**{**parts, **changed})


def seconds(study: Study) -> float:
    """Return the least processor seconds of some evaluations."""
    times = []
    for _ in range(ROUNDS):
        began = process_time()
        evaluate(study)
        times.append(process_time() - began)
    return min(times)


def main() -> None:
    """Print the table."""
    os.environ[THREADS] = "1"
    base = seconds(load_study(BASELINE))
    print(f"{'round':<34}{'s':>8}{'of the baseline':>18}")
    for name, study in (
        (f"300 packages, {EVALUATORS} evaluators", rated(300, EVALUATORS)),
        (f"36 packages, {AGENCIES} agencies", scored(36, AGENCIES)),
    ):
        used = seconds(study)
        print(f"{name:<34}{used:>8.2f}{used / base:>18.1f}", flush=True)
    print(f"{'the baseline':<34}{base:>8.2f}{1:>18.1f}")


if __name__ == "__main__":
    main()
