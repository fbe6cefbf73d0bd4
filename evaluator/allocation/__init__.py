"""From priority packages to a referral envelope: the program, its solution, checks and reasons.

`allocate` answers a run; what else is asked of the same program is in `evaluator.questions`.
"""

from evaluator.allocation.allocate import allocate
from evaluator.allocation.model.build import build_program
from evaluator.allocation.model.program import Program
from evaluator.allocation.model.reserve import keep_reserve
from evaluator.allocation.solve.model_file import export_program
from evaluator.allocation.verify.certificate import certify

__all__ = [
    "Program",
    "allocate",
    "build_program",
    "certify",
    "export_program",
    "keep_reserve",
]
