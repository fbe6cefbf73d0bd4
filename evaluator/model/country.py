"""Columns with a meaning, and the countries described by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from evaluator.model.base import Citation, Datum, Day, Frozen, Id, Missing, Number, Text, Word
from evaluator.model.frozen import FrozenMapping
from evaluator.model.requirement import Derivation


class DatedColumn(Frozen):
    """A column of the table that holds a fact from a day on."""

    from_: Annotated[Day, Field(alias="from")]
    column: Id


class Attribute(Frozen):
    """What a column of packages.csv or countries.csv means."""

    id: Id
    label: Text
    type: Literal["number", "money", "share", "date", "text", "flag"]
    """money: whole US dollars. share: 0 to 1. flag: 1/0 or yes/no."""
    unit: Word | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    one_of: tuple[Word, ...] | None = None
    citation: Citation | None = None
    """Source of the whole column, where it has one."""
    derived: Derivation | None = None
    """Of packages alone: how the fact follows from the other tables. What the column states as well
    must agree with it; where the tables do not tell, the column does."""
    columns: Annotated[tuple[DatedColumn, ...], Field(min_length=1)] | None = None
    """Of countries alone: the columns of the table that hold the fact, each from a day on. Without
    them, the column of its id holds it on any day."""

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        days = [dated.from_ for dated in self.columns or ()]
        if any(a >= b for a, b in pairwise(days)):
            raise ValueError("columns must be in ascending order of their from-dates")
        return self

    @property
    def held_in(self) -> tuple[str, ...]:
        """The columns of the table that hold the fact."""
        return tuple(dated.column for dated in self.columns or ()) or (self.id,)

    def on(self, day: dt.date) -> str | None:
        """Return the column that holds the fact on a day, or None before the first."""
        if self.columns is None:
            return self.id
        held = [dated.column for dated in self.columns if dated.from_ <= day]
        return held[-1] if held else None

    @property
    def is_label(self) -> bool:
        """Whether it holds words of no stated list, by which packages may be grouped."""
        return self.type == "text" and self.one_of is None


class Country(Frozen):
    """A country and what is known of it."""

    id: Id
    """ISO 3166-1 alpha-3 code."""
    name: Text
    bloc: Word
    attributes: FrozenMapping[str, Datum]
    """By column of the table."""

    def on(self, day: dt.date, dated: Iterable[Attribute]) -> Country:
        """Return the country with the facts that change by date as they are on a day."""
        held: dict[str, Datum] = {}
        for one in dated:
            column = one.on(day)
            if column is None:
                held[one.id] = Missing(reason=f"no column holds it on {day}")
            else:
                held[one.id] = self.attributes[column]
        return self.model_copy(update={"attributes": {**self.attributes, **held}}) if held else self
