"""From priority packages to a referral envelope: designation, the program, its checks.

`allocate` answers a run. What it would take, what else could be done and how sure it is are asked
of the same study, scores and designated packages by the other functions named here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evaluator.allocation.allocating import allocate
    from evaluator.allocation.arrivals import simulate_arrivals
    from evaluator.allocation.build import build_program
    from evaluator.allocation.buys import next_dollars
    from evaluator.allocation.certificate import certify
    from evaluator.allocation.concentration import concentration_frontier
    from evaluator.allocation.designation import designate
    from evaluator.allocation.frontier import subsidy_frontier
    from evaluator.allocation.model_file import export_program
    from evaluator.allocation.overrides import override_costs
    from evaluator.allocation.portfolios import best_portfolios
    from evaluator.allocation.program import Program
    from evaluator.allocation.reaches import what_it_takes
    from evaluator.allocation.regret import least_regret
    from evaluator.allocation.reserve import keep_reserve
    from evaluator.allocation.reserve_trial import try_reserves
    from evaluator.allocation.robust import core_indices
    from evaluator.allocation.rolling import admit
    from evaluator.allocation.sweep import budget_sweep

_HOMES = {
    "Program": "program",
    "admit": "rolling",
    "allocate": "allocating",
    "best_portfolios": "portfolios",
    "budget_sweep": "sweep",
    "build_program": "build",
    "certify": "certificate",
    "concentration_frontier": "concentration",
    "core_indices": "robust",
    "designate": "designation",
    "export_program": "model_file",
    "keep_reserve": "reserve",
    "least_regret": "regret",
    "next_dollars": "buys",
    "override_costs": "overrides",
    "simulate_arrivals": "arrivals",
    "subsidy_frontier": "frontier",
    "try_reserves": "reserve_trial",
    "what_it_takes": "reaches",
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


def __getattr__(name: str) -> Any:
    # Imported on first use: a run loads none of what it does not ask.
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")


def __dir__() -> list[str]:
    return __all__
