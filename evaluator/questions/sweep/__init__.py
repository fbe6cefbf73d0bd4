"""Many scenarios of one study: who is designated and funded as keys take many values."""

from evaluator.questions.sweep.engines import Made, Workers, blocks_of, made, versions
from evaluator.questions.sweep.grid import Grid, Varied, parse_vary, varied
from evaluator.questions.sweep.judging import Row
from evaluator.questions.sweep.rows import Only, Plan, check

__all__ = [
    "Grid",
    "Made",
    "Only",
    "Plan",
    "Row",
    "Varied",
    "Workers",
    "blocks_of",
    "check",
    "made",
    "parse_vary",
    "varied",
    "versions",
]
