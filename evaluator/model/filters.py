"""What one condition of a filter means: whether a fact meets it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from operator import ge, gt, le, lt

from evaluator.errors import InvalidStudyError, Problem
from evaluator.model.base import Datum, Known, Missing
from evaluator.model.country import Country
from evaluator.model.financing import Condition, Span

HOST = "host."
_KEPT = {"at_least": ge, "at_most": le, "above": gt, "below": lt}


def label(value: object) -> str:
    """Return the text by which values are compared: flags, numbers and texts alike.

    >>> label(True), label(1.0), label("yes"), label(0.5), label("high_income")
    ('1', '1', '1', '0.5', 'high_income')
    """
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    return {"yes": "1", "true": "1", "no": "0", "false": "0"}.get(text.lower(), text)


def holds(condition: Condition, datum: Known | Missing, name: str) -> bool | None:
    """Return whether a datum meets a condition; None where it is not known.

    Raises InvalidStudyError where a numeric condition meets a text.
    """
    if isinstance(datum, Missing):
        return None
    if isinstance(condition, Span):
        return _within(condition, datum, name)
    wanted = condition if isinstance(condition, tuple) else (condition,)
    return label(datum.value) in {label(one) for one in wanted}


def host_datum(country: Country, column: str) -> Datum:
    """Return a fact of a country, its id and bloc among them."""
    if column in ("id", "bloc", "name"):
        return Known(value=str(getattr(country, column)))
    return country.attributes.get(column, Missing(reason=f"no column {column}"))


def _within(span: Span, datum: Known, name: str) -> bool:
    if isinstance(datum.value, str):
        fact = f"a numeric condition meets the text '{datum.value}'."
        raise InvalidStudyError([Problem(name, fact, "Name the values instead.")])
    value = _exact(datum.value)
    return all(_KEPT[side](value, _exact(bound)) for side, bound in span.numbers.items())


def _exact(number: float) -> Fraction:
    return Fraction(Decimal(str(number))) if isinstance(number, float) else Fraction(number)
