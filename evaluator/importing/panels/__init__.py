"""Score sheets of panels, such as those of juries -> a study in which evaluators rate."""

from evaluator.importing.panels.study import READER

__all__ = ["READER"]
