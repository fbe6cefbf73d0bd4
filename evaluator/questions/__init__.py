"""What is asked of an evaluation: what more buys, what it would take, how safe the answer is."""

from evaluator.questions.admission import judge, simulate
from evaluator.questions.arrivals import simulate_arrivals
from evaluator.questions.budget_sweep import budget_sweep
from evaluator.questions.comparison import compare
from evaluator.questions.concentration import concentration_frontier
from evaluator.questions.core_index import core_indices
from evaluator.questions.frontiers import subsidy_frontier
from evaluator.questions.full import ask
from evaluator.questions.least_regret import least_regret
from evaluator.questions.marginal_value import next_dollars
from evaluator.questions.overrides import override_costs
from evaluator.questions.portfolios import best_portfolios
from evaluator.questions.regret import hedge
from evaluator.questions.reserves import try_reserves
from evaluator.questions.rolling import admit
from evaluator.questions.what_it_takes import what_it_takes

__all__ = [
    "admit",
    "ask",
    "best_portfolios",
    "budget_sweep",
    "compare",
    "concentration_frontier",
    "core_indices",
    "hedge",
    "judge",
    "least_regret",
    "next_dollars",
    "override_costs",
    "simulate",
    "simulate_arrivals",
    "subsidy_frontier",
    "try_reserves",
    "what_it_takes",
]
