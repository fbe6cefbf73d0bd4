"""What a worker keeps from one wish to the next."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evaluator.loading import load_study
from evaluator.loading.variation import vary
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.results.evaluation import Allocated

Values = Mapping[str, Any]
"""What a session sets, by key; see `Session.values`."""
_REMEMBERED = 4
"""Evaluations: what is asked of one comes soon after it, and each holds some megabytes."""


def key_of(values: Values) -> str:
    """Return what tells settings apart."""
    return json.dumps(values, sort_keys=True)


class Kept:
    """What a worker keeps: the base, and what it evaluated last."""

    def __init__(self, base: Path | Study) -> None:
        """Take the base, or read it. Raises InvalidStudyError."""
        self.base = base if isinstance(base, Study) else load_study(base)
        self.titles = {package.id: package.title for package in self.base.packages}
        self._last: OrderedDict[str, Allocated] = OrderedDict()

    def study(self, values: Values) -> Study:
        """Return the base with settings, checked as those of a file are.

        Raises InvalidStudyError with every fault.
        """
        return vary(self.base, values) if values else self.base

    def allocated(self, values: Values) -> Allocated:
        """Return the allocation under settings, without draws."""
        key = key_of(values)
        if key not in self._last:
            self._last[key] = evaluate(self.study(values), only="allocation")
        self._last.move_to_end(key)
        while len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)
        return self._last[key]
