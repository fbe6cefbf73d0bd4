"""Columns with a meaning, and the countries described by them."""

from __future__ import annotations

from typing import Literal

from evaluator.model.base import Citation, Datum, Frozen, Id, Number, Text
from evaluator.model.frozen import FrozenMapping


class Attribute(Frozen):
    """What a column of packages.csv or countries.csv means."""

    id: Id
    label: Text
    type: Literal["number", "money", "share", "date", "text", "flag"]
    """money: whole US dollars. share: 0 to 1. flag: 1/0 or yes/no."""
    unit: Text | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    one_of: tuple[Text, ...] | None = None
    citation: Citation | None = None
    """Source of the whole column, where it has one."""


class Country(Frozen):
    """A country and what is known of it."""

    id: Id
    """ISO 3166-1 alpha-3 code."""
    name: Text
    bloc: Text
    attributes: FrozenMapping[str, Datum]
