"""Pass/fail conditions: a small fixed vocabulary of checks."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from evaluator.model.base import Citation, Frozen, Id, Lasting, Number, OneOf, Text, Word
from evaluator.model.frozen import FrozenMapping


class CountCheck(Frozen):
    """So many rows of a table are there."""

    of: Literal["targets", "requests", "members", "layers"]
    at_least: Annotated[int, Field(ge=1)] = 1


class DateCheck(Frozen):
    """A date is not after another."""

    attribute: Id
    not_after: Literal["call.closes"] | dt.date
    """`call.closes` of the scenario, or a date."""


class MemberCheck(Frozen):
    """No member, and no company that controls one, has its headquarters in a flagged country."""

    headquarters_not: FrozenMapping[str, Word | bool | float]
    """Country columns and the values that bar, such as `{outbound_country_of_concern: 1}`."""
    control: bool = True
    """Follow `parent` upwards as well."""


class AttributeCheck(Frozen):
    """A column of packages.csv keeps a bound or one of some values."""

    id: Id
    at_least: Number | None = None
    at_most: Number | None = None
    one_of: tuple[Word, ...] | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.at_least is None and self.at_most is None and self.one_of is None:
            raise ValueError("at_least, at_most or one_of is needed")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            asked = f"at_least {self.at_least:g} and at_most {self.at_most:g}"
            raise ValueError(f"no number meets {asked}")
        return self


class Check(OneOf):
    """What decides a requirement; each yields passed, failed or unknown, with the fact."""

    layers: Annotated[tuple[Id, ...], Field(min_length=1)] | None = None
    """Every layer named is in layers.csv."""
    count: CountCheck | None = None
    date: DateCheck | None = None
    members: MemberCheck | None = None
    attribute: AttributeCheck | None = None
    evidence: Text | None = None
    """Only a reviewer's finding in evidence.csv decides; says what the reviewer looks for."""


class Requirement(Lasting):
    """A pass/fail condition of the order or of law; outside its days it is not asked."""

    id: Id
    label: Text
    check: Check
    binds: tuple[str, ...] = ()
    """Full ids of the tools that it is a condition of; `dfc.*` stands for all of an institution.
    Whoever asks for none of them is not asked; what is not shown costs these tools alone. None:
    it is a condition of the whole package."""
    citation: Citation
