"""Packages that arrive one by one: policies, and reserves, tried out on the same random orders."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.allocation.variations import silent
from evaluator.progress import Progress
from evaluator.questions.rolling_review.policies import Simulation, simulate_policies
from evaluator.questions.rolling_review.reserves import ReserveTrial, try_reserves
from evaluator.results.evaluation import Scored
from evaluator.results.findings import Findings


@dataclass(frozen=True)
class Arrivals:
    """Policies, and reserves where a time to commit is given, on the same orders of arrival."""

    policies: Simulation
    reserves: ReserveTrial | None

    @property
    def rules(self) -> Findings:
        """How both were found."""
        return (*self.policies.rules, *(self.reserves.rules if self.reserves else ()))


def arrivals(
    scored: Scored,
    orders: int = 100,
    chance: float = 1.0,
    seed: int | None = None,
    commit_at: float | None = None,
    progress: Progress = silent,
) -> Arrivals:
    """Let the designated packages of an evaluated study arrive in random orders.

    seed: of the orders; that of the scenario's draws if None. See `simulate_policies` and, for
    commit_at, `try_reserves`.
    """
    study = scored.study
    designation = study, scored.scores, scored.designated
    drawn = study.scenario.uncertainty.seed if seed is None else seed
    policies = simulate_policies(*designation, orders, chance, drawn, progress=progress)
    if commit_at is None:
        return Arrivals(policies, None)
    reserves = try_reserves(
        *designation,
        commit_at=commit_at,
        orders=orders,
        chance=chance,
        seed=drawn,
        progress=progress,
    )
    return Arrivals(policies, reserves)
