"""What the questions on weights find."""

from __future__ import annotations

from evaluator.results.findings import Finding


class SharesMoveInProportion(Finding):
    """Each agency's influence moves, the others in proportion, and everything is solved again."""

    step: float
    tolerance: float
