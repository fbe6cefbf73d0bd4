"""From priority packages to a referral envelope: designation, the program, its checks.

`allocate` answers a run. What it would take, what else could be done and how sure it is are asked
of the same study, scores and designated packages by the other functions named here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evaluator.allocation.answering.certificate import certify
    from evaluator.allocation.asking.arrivals import simulate_arrivals
    from evaluator.allocation.asking.buys import next_dollars
    from evaluator.allocation.asking.concentration import concentration_frontier
    from evaluator.allocation.asking.frontier import subsidy_frontier
    from evaluator.allocation.asking.overrides import override_costs
    from evaluator.allocation.asking.portfolios import best_portfolios
    from evaluator.allocation.asking.reaches import what_it_takes
    from evaluator.allocation.asking.regret import least_regret
    from evaluator.allocation.asking.reserve_trial import try_reserves
    from evaluator.allocation.asking.robust import core_indices
    from evaluator.allocation.asking.rolling import admit
    from evaluator.allocation.asking.sweep import budget_sweep
    from evaluator.allocation.building.build import build_program
    from evaluator.allocation.building.program import Program
    from evaluator.allocation.building.reserve import keep_reserve
    from evaluator.allocation.designation import designate
    from evaluator.allocation.solving.model_file import export_program
    from evaluator.model.results import Allocation
    from evaluator.model.study import Study

_HOMES = {
    "Program": "building.program",
    "admit": "asking.rolling",
    "best_portfolios": "asking.portfolios",
    "budget_sweep": "asking.sweep",
    "build_program": "building.build",
    "certify": "answering.certificate",
    "concentration_frontier": "asking.concentration",
    "core_indices": "asking.robust",
    "designate": "designation",
    "export_program": "solving.model_file",
    "keep_reserve": "building.reserve",
    "least_regret": "asking.regret",
    "next_dollars": "asking.buys",
    "override_costs": "asking.overrides",
    "simulate_arrivals": "asking.arrivals",
    "subsidy_frontier": "asking.frontier",
    "try_reserves": "asking.reserve_trial",
    "what_it_takes": "asking.reaches",
}
__all__ = [
    "Program",
    "admit",
    "allocate",
    "best_portfolios",
    "budget_sweep",
    "build_program",
    "certify",
    "concentration_frontier",
    "core_indices",
    "designate",
    "export_program",
    "keep_reserve",
    "least_regret",
    "next_dollars",
    "override_costs",
    "simulate_arrivals",
    "subsidy_frontier",
    "try_reserves",
    "what_it_takes",
]


def allocate(study: Study, scores: Mapping[str, float], designated: Collection[str]) -> Allocation:
    """Spread the tools of a study over its designated packages.

    scores: 0..100 by package id; of designated packages at least. The program maximises score
    times coverage (or dollars) less the cost of missed goals; then, among ties, takes the least
    subsidy. Amounts are whole dollars that keep every limit exactly, checked by `certify`. A
    reserve that the scenario keeps for late packages is not given.

    An infeasible program, and one that was stopped before any allocation was found, give amounts
    of 0 and say so in `status`. Raises ValueError for an unknown package or a score that is
    missing, and SolverError for a point that breaks the program.
    """
    # where another process allocates, this one needs none of it
    from evaluator.allocation.answering.allocating import allocated

    return allocated(study, scores, designated)


def __getattr__(name: str) -> Any:
    # Imported on first use: a run loads none of what it does not ask.
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")


def __dir__() -> list[str]:
    return __all__
