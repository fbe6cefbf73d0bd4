"""What is read of an evaluation is read once: nothing in one ever changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from evaluator.results.evaluation import Scored

S = TypeVar("S", bound=Scored)
T = TypeVar("T")


def once(reading: Callable[[S], T]) -> Callable[[S], T]:
    """Return a reading that is kept as long as the evaluation is."""
    kept: WeakKeyDictionary[S, T] = WeakKeyDictionary()

    @wraps(reading)
    def kept_reading(evaluation: S) -> T:
        if evaluation not in kept:
            kept[evaluation] = reading(evaluation)
        return kept[evaluation]

    return kept_reading
