"""What is said of a run on record and decided on it, from freeze to determination."""

from evaluator.record.proceedings.reading import proceedings

__all__ = ["proceedings"]
