"""What is asked of an evaluation: what more buys, what it would take, how safe the answer is."""

from evaluator.questions.admission import admission, admit
from evaluator.questions.arrivals import arrivals
from evaluator.questions.asking import ask
from evaluator.questions.budget_sweep import budget_sweep
from evaluator.questions.comparison import compare
from evaluator.questions.concentration import concentration_frontier
from evaluator.questions.core_index import core_index
from evaluator.questions.deciding_criteria import deciding_criteria
from evaluator.questions.frontiers import subsidy_frontier
from evaluator.questions.law import law
from evaluator.questions.least_regret import least_regret
from evaluator.questions.marginal_value import marginal_value
from evaluator.questions.overrides import override_costs
from evaluator.questions.own_way import own_way
from evaluator.questions.policies import simulate_policies
from evaluator.questions.portfolios import best_portfolios
from evaluator.questions.regret import regret
from evaluator.questions.reserves import try_reserves
from evaluator.questions.what_it_takes import what_it_takes
from evaluator.questions.what_wins import what_swaps, what_wins

__all__ = [
    "admission",
    "admit",
    "arrivals",
    "ask",
    "best_portfolios",
    "budget_sweep",
    "compare",
    "concentration_frontier",
    "core_index",
    "deciding_criteria",
    "law",
    "least_regret",
    "marginal_value",
    "override_costs",
    "own_way",
    "regret",
    "simulate_policies",
    "subsidy_frontier",
    "try_reserves",
    "what_it_takes",
    "what_swaps",
    "what_wins",
]
