"""What is asked of an evaluation: what more buys, what it would take, how safe the answer is."""

from evaluator.questions.asking import ask
from evaluator.questions.dated.law import law
from evaluator.questions.funding.budget_sweep import budget_sweep
from evaluator.questions.funding.concentration import concentration_frontier
from evaluator.questions.funding.core_index import core_index
from evaluator.questions.funding.frontiers import subsidy_frontier
from evaluator.questions.funding.marginal_value import marginal_value
from evaluator.questions.funding.overrides import override_costs
from evaluator.questions.funding.portfolios import best_portfolios
from evaluator.questions.funding.what_it_takes import what_it_takes
from evaluator.questions.rolling_review.admission import admission, admit
from evaluator.questions.rolling_review.arrivals import arrivals
from evaluator.questions.rolling_review.policies import simulate_policies
from evaluator.questions.rolling_review.reserves import try_reserves
from evaluator.questions.versions.comparison import compare
from evaluator.questions.versions.least_regret import least_regret
from evaluator.questions.versions.regret import regret
from evaluator.questions.weighing.deciding_criteria import deciding_criteria
from evaluator.questions.weighing.own_way import own_way
from evaluator.questions.weighing.what_wins import what_swaps, what_wins

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
