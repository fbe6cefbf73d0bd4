"""Decision problems in XMCDA 2 and 3, in one file or a folder of them -> a study, or a matrix."""

from evaluator.importing.xmcda.study import READER

__all__ = ["READER"]
