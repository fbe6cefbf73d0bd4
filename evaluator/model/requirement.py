"""Pass/fail conditions: a small fixed vocabulary of checks."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from evaluator.model.base import Citation, Day, Frozen, Id, Lasting, Number, OneOf, Text, Word
from evaluator.model.frozen import FrozenMapping
from evaluator.model.package import RoleName

Party = Literal["members"] | RoleName
"""Who is looked at: those who take part, or who builds, owns or operates."""
Flags = FrozenMapping[str, Word | bool | float]
"""Country columns and the values that bar, such as `{outbound_country_of_concern: 1}`."""


Counted = Literal["targets", "requests", "assistance", "members", "layers"]


class CountCheck(Frozen):
    """So many rows of a table are there."""

    of: Counted | Annotated[tuple[Counted, ...], Field(min_length=1)]
    """A table, or several that are counted together."""
    at_least: Annotated[int, Field(ge=1)] = 1

    @property
    def tables(self) -> tuple[Counted, ...]:
        """The tables that are counted."""
        return (self.of,) if isinstance(self.of, str) else self.of


class DateCheck(Frozen):
    """A date is not after another."""

    attribute: Id
    not_after: Literal["call.closes"] | Day
    """`call.closes` of the scenario, or a date."""


class MemberCheck(Frozen):
    """Nobody among some parties is of a flagged country, controlled from one, or held from one."""

    headquarters_not: Flags
    """Country columns and the values that bar, such as `{outbound_country_of_concern: 1}`."""
    among: Annotated[tuple[Party, ...], Field(min_length=1)] = ("members",)
    """Who is looked at."""
    government: bool = False
    """Only governments of such a country bar, and what they control or hold."""
    control: bool = True
    """Whoever controls a party, through chains, is looked at as well."""
    owned_below: Annotated[float, Field(gt=0, le=1)] | None = None
    """Owners of such countries together hold less than this of a party, through chains."""


class ModelCheck(Frozen):
    """No model of some layers is of a flagged country."""

    layers: Annotated[tuple[Id, ...], Field(min_length=1)]
    origin_not: Flags
    """Country columns and the values that bar."""
    open_weights: bool = False
    """Only models whose weights anybody can have are barred."""


class Holding(Frozen):
    """The greatest part of a party that owners of flagged countries hold, through chains."""

    headquarters: Flags
    among: Annotated[tuple[Party, ...], Field(min_length=1)] = ("members",)
    government: bool = False
    in_full_from: Annotated[float, Field(gt=0, le=1)] | None = None
    """From this part on an owner is taken for one of the country, with all that it holds; none:
    shares are multiplied along each chain."""


class Derivation(OneOf):
    """How a fact of a package follows from its tables."""

    us_made: Annotated[tuple[Id, ...], Field(min_length=1)] | None = None
    """Share: of the value of these layers, the part that is made in the United States."""
    held: Holding | None = None
    """Share: the greatest part of a party that owners of flagged countries hold."""
    barred: MemberCheck | None = None
    """Flag: whether the parties fail this check."""


class AttributeCheck(Frozen):
    """A column of packages.csv keeps a bound or one of some values."""

    id: Id
    at_least: Number | None = None
    at_most: Number | None = None
    one_of: tuple[Word, ...] | None = None
    otherwise: Text | None = None
    """Within the bound it is presumed; beyond it a reviewer's finding in evidence.csv decides. Says
    what is to be shown then."""

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
    models: ModelCheck | None = None
    roles: Annotated[tuple[RoleName, ...], Field(min_length=1)] | None = None
    """Somebody is named in roles.csv for each of these; where nobody is, a reviewer decides."""
    attribute: AttributeCheck | None = None
    evidence: Text | None = None
    """Only a reviewer's finding in evidence.csv decides; says what the reviewer looks for."""

    @property
    def fact(self) -> str | None:
        """The column of packages.csv that it reads; None where it reads tables."""
        if self.date is not None:
            return self.date.attribute
        return None if self.attribute is None else self.attribute.id


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
