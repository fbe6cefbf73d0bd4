"""Decision problems in XMCDA 2 and 3, in one file or a folder of them -> a study, or a matrix."""

from evaluator.importing.xmcda.elements import is_xmcda
from evaluator.importing.xmcda.study import READER, matrix

__all__ = ["READER", "is_xmcda", "matrix"]
