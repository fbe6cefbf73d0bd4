"""What is allocated and what bounds it: institutions, dated parameters, tools, limits."""

from __future__ import annotations

import datetime as dt
import math
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from evaluator.letters import tidy
from evaluator.model.base import (
    Citation,
    Day,
    Frozen,
    Id,
    Lasting,
    Money,
    Number,
    Share,
    Text,
    Word,
    duplicates,
)
from evaluator.model.calendar import Clock
from evaluator.model.frozen import FrozenMapping

NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Dated(Frozen):
    """A parameter's value from a day on; `missing` says why it is not known."""

    from_: Annotated[Day, Field(alias="from")]
    value: NotNegative | None = None
    missing: Text | None = None
    citation: Citation

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.value is None) == (self.missing is None):
            raise ValueError("exactly one of value and missing is needed")
        return self


class Parameter(Frozen):
    """A number of law or of the programme, with its history."""

    id: Id
    """Short id; the full id is `institution.id`."""
    label: Text
    unit: Word
    values: Annotated[tuple[Dated, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        days = [dated.from_ for dated in self.values]
        if any(a >= b for a, b in pairwise(days)):
            raise ValueError("values must be in ascending order of their from-dates")
        return self

    def on(self, day: dt.date) -> Dated | None:
        """Return the value in force on a day, or None before the first."""
        return max(
            (dated for dated in self.values if dated.from_ <= day),
            key=lambda dated: dated.from_,
            default=None,
        )


class Span(Frozen):
    """A numeric condition on an attribute: numbers, or parameters that stand for them."""

    at_least: Number | str | None = None
    at_most: Number | str | None = None
    above: Number | str | None = None
    below: Number | str | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("at_least, at_most, above or below is needed")
        known = self.numbers
        low = max(known.get("at_least", -math.inf), known.get("above", -math.inf))
        high = min(known.get("at_most", math.inf), known.get("below", math.inf))
        if low > high or (low == high and low in (self.above, self.below)):
            asked = " and ".join(f"{name} {x:g}" for name, x in known.items())
            raise ValueError(f"no number meets {asked}")
        return self

    @property
    def numbers(self) -> dict[str, float]:
        """The bounds by name, those without parameters."""
        return {name: bound for name, bound in self if isinstance(bound, float | int)}

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters that stand for bounds, by the bound's name."""
        return {name: bound for name, bound in self if isinstance(bound, str)}


Scalar = Annotated[str, AfterValidator(tidy)] | bool | int | float
Condition = Span | tuple[Scalar, ...] | Scalar
Filter = FrozenMapping[str, Condition]
"""Conditions that must all hold, by attribute: a column of packages.csv, or `host.` and a column
of countries.csv. A package in several countries matches a `host.` condition by the share of its
targets that do. An unknown fact never helps: it does not make a package eligible, and it does
not take it out of an upper limit."""


class SumOf(Frozen):
    """A sum of amounts, as the base of a share."""

    tools: Annotated[tuple[str, ...], Field(min_length=1)]
    """Full tool ids; `dfc.*` stands for all of an institution, `*` for all."""
    packages: Filter = {}
    plus: str | Money = 0
    """Existing exposure: an amount or a parameter."""


class ShareOf(Frozen):
    """A share of something: of a sum, a parameter, or a package's attribute."""

    share: str | Share
    """A number, a parameter or an attribute."""
    of: str | SumOf


class LeastOf(Frozen):
    """The least of several bounds."""

    min: Annotated[tuple[Bound, ...], Field(min_length=1)]


class TotalOf(Frozen):
    """The sum of several bounds, none of them a share of a sum of amounts."""

    sum: Annotated[tuple[Bound, ...], Field(min_length=1)]


Bound = Money | str | ShareOf | LeastOf | TotalOf
"""An amount, a parameter, an attribute in USD, a share, the least or the sum of several."""


class Trigger(Frozen):
    """A limit that is in force only when a parameter crosses a threshold."""

    parameter: str
    at_least: NotNegative | str
    """A number, or a parameter that stands for it."""


GROUPS = ("program", "package", "entity", "country", "bloc", "anchor")
"""What a limit may count by, beside the text columns of packages.csv."""


TOLD = ("amounts", "recipient", "members", "targets", "title")
"""What a notice may tell of a package, beside the columns of packages.csv: its amounts of the
notice's tools, its anchor, all members, target countries, its title."""


class Content(Frozen):
    """One thing that a notice has to tell."""

    label: Text
    of: Id
    """One of `TOLD`, or a column of packages.csv."""
    packages: Filter = {}
    """Told of these alone; of others it need not be told."""


class Limit(Lasting):
    """One bound on sums of amounts, in a small fixed vocabulary."""

    id: Id
    """Short id; the full id is `institution.id`."""
    label: Text
    kind: Literal["law", "goal", "notice"]
    """law: never broken. goal: may be missed, at `cost_per_million`. notice: bounds nothing; what
    lies above `at_most`, or reaches `at_least`, is reported."""
    tools: Annotated[tuple[str, ...], Field(min_length=1)]
    packages: Filter = {}
    measure: Literal["face", "subsidy", "packages"] = "face"
    """face: the amounts. subsidy: amounts times their subsidy rates, negative rates as 0.
    packages: how many packages get something of the tools; bounds and sums count so as well."""
    per: Id = "program"
    """One of `GROUPS`, or a text column of packages.csv of another name."""
    at_most: Bound | None = None
    at_least: Bound | None = None
    weigh_by: Id | None = None
    """A share column of packages.csv that multiplies each amount; unknown counts as 1 under
    at_most and as 0 under at_least."""
    plus: str | Money = 0
    """Existing exposure that already uses the bound: an amount or a parameter; per package or by a
    column, an attribute too."""
    outstanding: bool = False
    """Per entity or anchor: whether what the institutions of `tools` have outstanding to each
    group (exposures.csv) uses the bound as well."""
    when: Trigger | None = None
    cost_per_million: Annotated[float, Field(gt=0, le=1e6)] | None = None
    """For a goal: objective points lost for each million dollars missed."""
    cost_per_package: Annotated[float, Field(gt=0, le=1e6)] | None = None
    """For a goal that counts packages: objective points lost for each one missed."""
    clock: Clock | None = None
    """Of a notice: the days that pass before the institution may act."""
    contents: tuple[Content, ...] = ()
    """Of a notice: what it has to tell."""
    citation: Citation

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("exactly one of at_most and at_least is needed")
        counts, goal = self.measure == "packages", self.kind == "goal"
        if goal is counts and self.cost_per_million is not None:
            raise ValueError("cost_per_million is for a goal in dollars")
        costs = self.cost_per_million if not counts else self.cost_per_package
        if goal != (costs is not None) or (self.cost_per_package is not None and not counts):
            key = "cost_per_package" if counts else "cost_per_million"
            raise ValueError(f"a goal needs {key}, a law or a notice has none")
        if counts and (self.kind == "notice" or self.weigh_by is not None or self.outstanding):
            raise ValueError(
                "measure: packages goes with law and goal, without weigh_by, outstanding"
            )
        if self.kind != "notice" and (self.clock is not None or self.contents):
            raise ValueError("clock and contents go with kind: notice")
        if self.outstanding and self.per not in ("entity", "anchor"):
            raise ValueError("outstanding needs per: entity or per: anchor")
        return self

    def cost(self, unit: int) -> float:
        """Return the points that a unit of dollars, or a package, costs a goal that misses it."""
        if self.cost_per_package is not None:
            return self.cost_per_package
        return (self.cost_per_million or 0.0) * unit / 1_000_000

    @property
    def standing(self) -> Literal["law", "rule", "goal", "notice", "bill"]:
        """What it is called: law only where its source is no bill and not made up."""
        if self.citation.bill:
            return "bill"
        made_up = self.kind == "law" and self.citation.confidence == "illustrative"
        return "rule" if made_up else self.kind

    @property
    def bound(self) -> Bound:
        """The right-hand side, whichever the sense."""
        found = self.at_most if self.at_most is not None else self.at_least
        assert found is not None  # noqa: S101  the validator saw to it
        return found


class Envelope(Frozen):
    """What a tool may commit in this round."""

    amount: Money
    beside: str | None = None
    """A parameter in USD that is told beside it, as what was apportioned; it bounds nothing."""
    citation: Citation


class RateTable(Frozen):
    """Subsidy rates by the values of an attribute."""

    by: Id
    rates: FrozenMapping[Word, Number]


class Subsidy(Frozen):
    """The credit-reform cost of a dollar of support: one rate, or a table by an attribute.

    A negative rate earns money for the Treasury and pays for nothing else. In a table, an
    unknown or unlisted value takes the greatest rate.
    """

    rate: Number | RateTable
    citation: Citation


class TermTable(Frozen):
    """Longest terms by the values of an attribute; an unknown or unlisted value takes the least."""

    by: Id
    years: Annotated[FrozenMapping[Word, str | Number], Field(min_length=1)]
    """Years, or a parameter, by value."""


class Tool(Frozen):
    """A financing instrument of an institution."""

    id: Id
    """Short id; the full id is `institution.id`."""
    label: Text
    statute: Citation
    envelope: Envelope
    last_year: Money | str | None = None
    """What it could commit in the fiscal year before, in USD, or a parameter: of that a continuing
    resolution gives a part."""
    subsidy: Subsidy
    minimum_ticket: Money = 0
    eligible: Filter = {}
    tenor_at_most: str | Number | TermTable | None = None
    """Years, a parameter, or a table by an attribute."""


class Authority(Frozen):
    """The day after which an institution can commit nothing new."""

    lapses_on: Day
    citation: Citation


class Appropriation(Frozen):
    """Whether there is money for the tools of an institution, from a day on."""

    from_: Annotated[Day, Field(alias="from")]
    state: Literal["appropriated", "continuing", "none"]
    """appropriated: envelopes bind as they stand. continuing: by a continuing resolution, no more
    than `rate` of what a tool had in the year before. none: the tools give nothing."""
    rate: Share | None = None
    """For `continuing`: a share."""
    citation: Citation

    @model_validator(mode="after")
    def _rated(self) -> Self:
        if (self.state == "continuing") != (self.rate is not None):
            raise ValueError("continuing needs a rate, another state has none")
        return self


class Institution(Frozen):
    """An institution with its parameters, tools and limits; one without tools only limits."""

    institution: Id
    name: Text
    short: Annotated[Text, Field(max_length=30)] | None = None
    """For column heads and sentences, where the name is long."""
    authority: Authority | None = None
    appropriations: tuple[Appropriation, ...] = ()
    """Its states of appropriation, by day; before the first envelopes alone bind."""
    parameters: tuple[Parameter, ...] = ()
    tools: tuple[Tool, ...] = ()
    limits: tuple[Limit, ...] = ()

    @model_validator(mode="after")
    def _unique(self) -> Self:
        names = [p.id for p in self.parameters]
        names += [t.id for t in self.tools] + [x.id for x in self.limits]
        # limits as well
        names += [f"{t.id}.{one}" for t in self.tools for one in ("envelope", "appropriation")]
        again = duplicates(names)
        if again:
            raise ValueError(f"ids used twice in one institution: {', '.join(again)}")
        days = [one.from_ for one in self.appropriations]
        if any(a >= b for a, b in pairwise(days)):
            raise ValueError("appropriations must be in ascending order of their from-dates")
        return self

    def appropriation(self, day: dt.date) -> Appropriation | None:
        """Return the state of appropriation on a day, or None before the first."""
        return next((one for one in reversed(self.appropriations) if one.from_ <= day), None)
