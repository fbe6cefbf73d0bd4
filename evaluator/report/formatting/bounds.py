"""The bound of a limit as people read it, such as `25 % of Total capital cost`."""

from __future__ import annotations

from collections.abc import Callable

from evaluator.model.financing import (
    Bound,
    Condition,
    Filter,
    LeastOf,
    ShareOf,
    Span,
    SumOf,
    TotalOf,
)
from evaluator.model.study import Study
from evaluator.report.formatting.money import Money
from evaluator.report.formatting.numbers import general

Label = Callable[[str], str]
"""Of a parameter or an attribute, by id."""


def bound_in_words(bound: Bound, study: Study, label: Label, tool: Label, money: Money) -> str:
    """Return what bounds a limit; numbers that parameters stand for are said by their label."""
    if isinstance(bound, LeastOf):
        parts = [bound_in_words(one, study, label, tool, money) for one in bound.min]
        return f"the least of {', '.join(parts)}"
    if isinstance(bound, TotalOf):
        return " plus ".join(bound_in_words(one, study, label, tool, money) for one in bound.sum)
    if isinstance(bound, ShareOf):
        share = _share(bound.share, study, label)
        of = bound.of
        return f"{share} of {_sum(of, label, tool, money) if isinstance(of, SumOf) else label(of)}"
    return label(bound) if isinstance(bound, str) else money.amount(bound)


def percent(share: float) -> str:
    """Return a share in percent, as it was stated.

    >>> percent(0.125)
    '12.5 %'
    """
    return f"{general(share * 100, 6)} %"


def _share(share: str | float, study: Study, label: Label) -> str:
    if not isinstance(share, str):
        return percent(share)
    value = study.parameter(share).value if share in study.parameters else None
    return label(share) if value is None else percent(value)


def _sum(base: SumOf, label: Label, tool: Label, money: Money) -> str:
    """Return a sum of amounts; patterns of tools stand as they are written."""
    text = f"all {', '.join(tool(one) for one in base.tools)}"
    if base.packages:
        text += f" for {_filter(base.packages, label)}"
    if base.plus:
        plus = label(base.plus) if isinstance(base.plus, str) else money.amount(base.plus)
        text += f" plus {plus}"
    return text


def _filter(conditions: Filter, label: Label) -> str:
    return " and ".join(f"{label(name)} {_condition(one)}" for name, one in conditions.items())


def _condition(condition: Condition) -> str:
    if isinstance(condition, Span):
        bounds = condition.numbers.items()
        return " and ".join(f"{name.replace('_', ' ')} {general(n, 6)}" for name, n in bounds)
    if isinstance(condition, tuple):
        return " or ".join(map(value_in_words, condition))
    return value_in_words(condition)


def value_in_words(value: object) -> str:
    """Return a value of an attribute.

    >>> value_in_words(True), value_in_words("high_income"), value_in_words(12500.0)
    ('yes', 'high_income', '12,500')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    return general(value, 10) if isinstance(value, int | float) else str(value)
