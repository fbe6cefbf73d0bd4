"""How sure the ranking is: sampling, rank acceptability, stability, sensitivity, reversal."""

from evaluator.uncertainty.analysis import analyse
from evaluator.uncertainty.smaa import Acceptability, acceptability

__all__ = ["Acceptability", "acceptability", "analyse"]
