"""A cell of a run's table as people read it: findings said, ids by their names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from evaluator.report.formatting.names import Name, Names, method_name, names_of
from evaluator.report.formatting.numbers import general
from evaluator.report.formatting.phrases import DECISION, ENDED, IGNORED, KIND
from evaluator.report.messages import say_all
from evaluator.results.evaluation import Evaluation
from evaluator.results.schema import Column

Cell = Callable[[Column, Any], Any]
"""Returns a cell of a column in words."""
_MARK = "; "


def in_names(evaluation: Evaluation, kinds: Collection[str]) -> Cell:
    """Return what says a cell in words: ids of the kinds given by name, others as they are.

    An id that has a word of the engine for which the study has another goes by its name as well.
    Flags, numbers and what is missing stay as they are; lists are one text.
    """
    names = names_of(evaluation)
    every = _by_kind(names)
    key = names.words.key
    known = {kind: every[kind] for kind in kinds}

    def cell(column: Column, value: Any) -> Any:
        name = known.get(column.of) or (lambda one: key(one) or every.get(column.of, str)(one))
        if column.type == "findings":
            return say_all(value, names)
        if column.type == "ids":
            return _MARK.join(map(name, value))
        if column.type == "numbers":
            return _MARK.join(general(one, 6) for one in value)
        if column.of == "kind":
            return names.words.fill(KIND.get(value, "")) or value
        if column.type == "id" or column.of == "subject":
            return name(value)
        if column.of == "key":
            return key(value)
        return value

    return cell


def _by_kind(names: Names) -> Mapping[str, Name]:
    """Return what names an id, by what the schema says that it is of."""
    return {
        "agency": names.agency,
        "country": names.country,
        "criterion": names.criterion,
        "group": names.anchor,
        "limit": names.limit,
        "method": method_name,
        "package": names.package,
        "requirement": names.requirement,
        "override": DECISION.__getitem__,
        # none where nothing was solved
        "status": lambda one: ENDED[one] if one else "",
        # a tool, a limit, a kind of limits or a package: an unknown id stands for itself
        "subject": lambda one: IGNORED.get(one) or names.package(names.limit(names.tool(one))),
        "tool": names.tool,
    }
