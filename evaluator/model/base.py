"""The common base of all types: frozen, closed to unknown keys, described by their docstrings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from evaluator.letters import blank, tidy

FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2999, 12, 31)
Day = Annotated[dt.date, Field(ge=FIRST_DAY, le=LAST_DAY)]
"""A day of a study: far enough from the ends of the calendar for any clock."""
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)]
"""An identifier: letters, digits, `.`, `_`, `-`; begins with a letter or digit."""


def _seen(text: str) -> str:
    if blank(text):
        raise PydanticCustomError("string_too_short", "nothing of it is seen")
    return text


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000),
    AfterValidator(_seen),
]
"""A text that says something: spaces around it are taken off, and something to see is left."""

Word = Annotated[Text, AfterValidator(tidy)]
"""A text that is compared: a unit, a word of a list, a label. Kept in one form; see `tidy`."""

Number = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Points = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
MONEY = "money"
"""The unit of amounts in the study's currency."""
Money = Annotated[int, Field(ge=0, le=10**15)]
"""Whole units of the study's currency."""

Confidence = Literal["seen", "seen-old", "press", "derived", "unverified", "illustrative"]
"""How far a number can be trusted.

`seen`: read in a stored source. `seen-old`: read, but the text predates a known amendment.
`press`: press or law-firm text only, or another's transcription. `derived`: worked out by a rule
from facts, both cited. `unverified`: from memory. `illustrative`: made up here.
"""


IF_ENACTED = "if enacted"
"""What a number counts as that a bill would make law: as nothing else."""


class Frozen(BaseModel):
    """A value that never changes, its mappings included; `model_copy(update=...)` gives another."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        validate_default=True,
    )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some fields replaced, checked like any other value.

        Nothing cached is copied. Raises pydantic.ValidationError for a value that is not allowed.
        """
        kept = {name: getattr(self, name) for name in self.model_fields_set}
        fields = type(self).model_fields
        parts = {**kept, **(update or {})}
        return type(self)(
            **{
                (fields[name].alias or name) if name in fields else name: value
                for name, value in parts.items()
            }
        )


class Lasting(Frozen):
    """What holds from one day to another."""

    from_: Annotated[Day | None, Field(alias="from")] = None
    """The first day on which it holds; none: it has held all along."""
    until: Day | None = None
    """The last day on which it holds; none: no end is known."""

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.from_ and self.until and self.from_ > self.until:
            raise ValueError(f"from {self.from_} is after until {self.until}")
        return self

    def holds_on(self, day: dt.date) -> bool:
        """Return whether a day is within its first and its last."""
        begun = self.from_ is None or self.from_ <= day
        return begun and (self.until is None or day <= self.until)


class OneOf(Frozen):
    """A choice written as a mapping with exactly one key."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.chosen()) != 1:
            names = ", ".join(
                field.alias or name for name, field in type(self).model_fields.items()
            )
            raise ValueError(f"exactly one of these keys is needed: {names}")
        return self

    def chosen(self) -> list[str]:
        """Return the names of the fields that are set."""
        return [name for name in type(self).model_fields if getattr(self, name) is not None]


class Citation(Frozen):
    """Where a number or a rule comes from, and how far it can be trusted."""

    title: Text
    """Title and section, such as `12 U.S.C. 635e(a)(2)`."""
    confidence: Confidence
    checked_on: Day | None = None
    """The day on which the source was read."""
    bill: Word | None = None
    """The bill that would make it so, where it is no law; the scenario has to suppose it."""
    note: Text | None = None

    @property
    def counted(self) -> str:
        """What it counts as: its confidence, and what a bill says as that alone."""
        return IF_ENACTED if self.bill else self.confidence


class Override(Frozen):
    """A decision by a named person that departs from the rule."""

    because: Text
    by: Text
    date: Day


class Known(Frozen):
    """A fact that is there."""

    state: Literal["known"] = "known"
    value: int | float | bool | str
    """A date is kept in its ISO form."""
    unit: str = ""
    origin: str = ""
    """Who says so: applicant, verified, derived, panel, ..."""
    low: Number | None = None
    """The least plausible value, where a range is stated."""
    high: Number | None = None
    source: str = ""


class Missing(Frozen):
    """A fact that is not there, and why."""

    state: Literal["missing"] = "missing"
    reason: str = "empty cell"
    applicable: bool = True
    """False: there is nothing to know, by what the data say."""


Datum = Annotated[Known | Missing, Field(discriminator="state")]


def duplicates(names: Iterable[str]) -> list[str]:
    """Return the names that occur more than once, in order of their second occurrence.

    >>> duplicates(["a", "b", "a", "a"])
    ['a']
    """
    seen: set[str] = set()
    again: dict[str, None] = {}
    for name in names:
        if name in seen:
            again[name] = None
        seen.add(name)
    return list(again)
