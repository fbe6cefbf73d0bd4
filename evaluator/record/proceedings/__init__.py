"""What is said of a run on record and decided on it, from freeze to determination."""

from evaluator.record.proceedings.acts import (
    comment,
    concur,
    de_designate,
    determine,
    freeze,
    silent,
)
from evaluator.record.proceedings.reading import proceedings

__all__ = [
    "comment",
    "concur",
    "de_designate",
    "determine",
    "freeze",
    "proceedings",
    "silent",
]
