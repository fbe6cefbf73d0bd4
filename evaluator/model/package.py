"""What is judged and financed: packages and the entities behind them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from evaluator.model.base import Datum, Day, Frozen, Id, Missing, Money, Share, Text, Word
from evaluator.model.frozen import FrozenMapping

NOT_APPLICABLE = "not applicable"
"""What a table states where there is nothing to know."""


class Exposure(Frozen):
    """What an institution has outstanding to an entity already."""

    institution: Id
    amount_usd: Money
    source: str = ""


class Stake(Frozen):
    """A part of an entity that another holds."""

    owner: Id | None = None
    """None: all other holders together, whom the source clears."""
    share: Share | None = None
    """Of the capital; None where it is not known."""
    votes: Share | None = None
    """Of the votes; None: as of the capital."""
    control: bool = False
    """Whether the owner controls it by whatever means, however small the stake."""
    source: str = ""

    @property
    def parts(self) -> tuple[float | None, float | None]:
        """The parts of the capital and of the votes."""
        return self.share, self.share if self.votes is None else self.votes


class Entity(Frozen):
    """A firm or public body."""

    id: Id
    name: Text
    headquarters: Datum
    """ISO 3166-1 alpha-3 code."""
    government: bool = False
    """Whether it is a government, or a part of one."""
    small_business: bool = False
    stakes: tuple[Stake, ...] = ()
    """Who holds it; what they do not add up to is held by nobody knows whom."""
    exposures: tuple[Exposure, ...] = ()


class Member(Frozen):
    """An entity's part in a package."""

    entity: Id
    role: Literal["anchor", "member"]
    exposure_share: Share
    """The part of the package's support that counts as exposure to this entity."""


class Target(Frozen):
    """A target country and its share of the package."""

    country: Id
    share: Share
    """Of the package: of the country, or of all members of the bloc."""
    bloc: Id | None = None
    """The bloc that the package names, of which the country is one of `members`."""
    members: Annotated[int, Field(ge=1)] = 1

    @property
    def part(self) -> Fraction:
        """The country's own share: of a bloc's, the same for each member."""
        return Fraction(Decimal(str(self.share))) / self.members


RoleName = Literal["builds", "owns", "operates"]


class Role(Frozen):
    """What an entity does with the infrastructure of a package, a member or not."""

    role: RoleName
    entity: Id
    source: str = ""


class Layer(Frozen):
    """One provider's part of one layer of the stack."""

    layer: Id
    provider: Id | None = None
    description: str = ""
    value_usd: Money | None = None
    us_made_share: Share | None = None
    model_origin: Datum = Missing()
    """Of a model: the country of its developer's headquarters, by ISO 3166-1 alpha-3 code."""
    open_weights: bool | None = None
    """Of a model: whether anybody can have its weights; None where it is not known."""


class Request(Frozen):
    """An amount of one tool that the package asks for."""

    tool: str
    amount_usd: Annotated[int, Field(gt=0, le=10**15)]
    minimum_usd: Money = 0
    """Below this the support is of no use: at least this, or nothing."""
    all_or_nothing: bool = False
    alternative_group: Id | None = None
    """Of requests in one group of a package, at most one is served."""
    tenor_years: Annotated[float, Field(gt=0, le=100)] | None = None


class Assistance(Frozen):
    """What a package asks of somebody beside money."""

    kind: Word
    """Such as advocacy, or the priority of a licence: a word of the study."""
    addressee: Text
    """The institution or agency that is asked."""
    asked: Text
    source: str = ""


class Rating(Frozen):
    """One evaluator's judgement on one criterion."""

    criterion: str
    evaluator: str
    rating: str | None
    """A label or number of the scale, or `NOT_APPLICABLE`; None for a recused evaluator or an empty
    cell."""
    rationale: str = ""
    recused: bool = False
    by: str = ""
    """Who entered it; the evaluator is who judged."""
    date: Day | None = None
    """The day of the judgement."""

    @property
    def counts(self) -> bool:
        """Whether it is one: given, by somebody who takes part, of what it applies to."""
        return not self.recused and self.rating not in (None, NOT_APPLICABLE)

    @property
    def blank(self) -> bool:
        """Whether it is still to be given."""
        return not self.recused and self.rating is None


class Evaluator(Frozen):
    """Somebody who rates."""

    id: Id
    name: Text
    agency: Id | None = None
    """Whose evaluator; None: nobody's in particular."""


class Finding(Frozen):
    """What a reviewer found on a requirement that the data leave open."""

    requirement: Id
    status: Literal["passed", "failed", "unknown"]
    """unknown: looked at, and left open; the note says why."""
    source: str = ""
    note: str = ""


class Package(Frozen):
    """A proposal: an alternative in the literature."""

    id: Id
    title: Text
    attributes: FrozenMapping[str, Datum]
    standing: bool = False
    """Without a fixed deal: a menu from which partners choose. It asks for no money."""
    exclusive_group: Id | None = None
    """Of packages in one group, at most one is supported."""
    requires: tuple[Id, ...] = ()
    """Packages that must be supported if this one is."""
    members: tuple[Member, ...] = ()
    targets: tuple[Target, ...] = ()
    layers: tuple[Layer, ...] = ()
    roles: tuple[Role, ...] = ()
    requests: tuple[Request, ...] = ()
    assistance: tuple[Assistance, ...] = ()
    measures: FrozenMapping[str, Datum] = {}
    """Raw performances by full criterion id."""
    ratings: tuple[Rating, ...] = ()
    findings: tuple[Finding, ...] = ()

    def attribute(self, name: str) -> Datum:
        """Return a column's datum; a column that the table lacks is Missing."""
        found = self.attributes.get(name)
        return Missing(reason=f"no column {name}") if found is None else found

    @property
    def asked_usd(self) -> int:
        """What it asks for in all: its requests, of alternatives the largest alone."""
        largest: dict[str, int] = {}
        for one in self.requests:
            group = one.alternative_group or f"alone {one.tool}"
            largest[group] = max(largest.get(group, 0), one.amount_usd)
        return sum(largest.values())

    @property
    def anchor(self) -> str | None:
        """The entity that leads the consortium."""
        return next((m.entity for m in self.members if m.role == "anchor"), None)
