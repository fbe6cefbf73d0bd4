"""Rolling review: late packages judged against what stands, and policies tried out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evaluator.errors import UsageError, did_you_mean
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.questions.arrivals import Simulation, simulate_arrivals
from evaluator.questions.comparison import plain
from evaluator.questions.reserves import ReserveTrial, try_reserves
from evaluator.questions.rolling import Admission, admit
from evaluator.results.evaluation import Allocation


def judge(study: Study, late: Sequence[str]) -> Admission:
    """Evaluate the study, let its allocation stand, and judge each late package against it.

    Raises UsageError for a package that is unknown, that failed a requirement, or that has an
    amount already, and for a study without an allocation.
    """
    found = evaluate(plain(study))
    ranking = found.ranking
    for package in late:
        if package not in ranking.index:
            known = [str(p) for p in ranking.index]
            raise UsageError(f"the run has no package '{package}'. {did_you_mean(package, known)}")
        if ranking.loc[package, "outcome"] == "failed":
            raise UsageError(f"'{package}' failed a requirement and cannot be admitted.")
    _standing(found.allocation)
    return admit(study, found.scores, found.designated, found.allocation.amounts, late)


def _standing(allocation: Allocation) -> None:
    """Refuse a study that has no allocation which late packages could join."""
    if allocation.status == "no_solution":
        raise UsageError(
            "the run has no allocation that stands: its solve was stopped by the time limit before "
            "any was found. Raise allocation.time_limit_s, run again, and ask of that run."
        )
    if allocation.status == "infeasible":
        why = " ".join(conflict.sentence for conflict in allocation.conflicts)
        ease = "; ".join(step for one in allocation.conflicts for step in one.relaxation)
        raise UsageError(
            f"the run has no allocation that stands: it is infeasible. {why} Mend that"
            f"{f' ({ease})' if ease else ''}, run again, and ask of that run."
        )


@dataclass(frozen=True)
class Arrivals:
    """Policies, and reserves where a time to commit is given, on the same orders of arrival."""

    policies: Simulation
    reserves: ReserveTrial | None


def simulate(
    study: Study,
    orders: int = 100,
    chance: float = 1.0,
    seed: int | None = None,
    commit_at: float | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Arrivals:
    """Evaluate the study, and let its designated packages arrive in random orders.

    seed: of the orders; that of the scenario's draws if None. See `simulate_arrivals` and, for
    commit_at, `try_reserves`.
    """
    progress("evaluating")
    found = evaluate(plain(study))
    scores, designated = found.scores, found.designated
    drawn = study.scenario.uncertainty.seed if seed is None else seed
    policies = simulate_arrivals(
        study, scores, designated, orders, chance, drawn, progress=progress
    )
    if commit_at is None:
        return Arrivals(policies, None)
    reserves = try_reserves(
        study,
        scores,
        designated,
        commit_at=commit_at,
        orders=orders,
        chance=chance,
        seed=drawn,
        progress=progress,
    )
    return Arrivals(policies, reserves)
