"""What is asked: the settings of a scenario and the changes that led to them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from evaluator.model.base import (
    Citation,
    Day,
    Frozen,
    Id,
    Money,
    Override,
    Points,
    Share,
    Text,
    Word,
)
from evaluator.model.frozen import FrozenMapping, Plain
from evaluator.model.method import Method
from evaluator.model.vocabulary import Currency, Vocabulary


class Change(Frozen):
    """One change of one key."""

    set: Text
    """A path of keys such as `influence` or `institutions.dfc.tools.equity.envelope.amount`."""
    to: Plain
    because: Text
    by: Text | None = None
    date: Day | None = None
    rebalance: Literal["proportional"] | None = None
    """Siblings of a changed share shrink or grow in proportion, so that the sum stays."""


class Bill(Frozen):
    """A bill that is not law, and that a scenario supposes to be enacted."""

    bill: Word
    """As it is cited, such as `S. 3772`."""
    title: Text
    """What it would do."""
    citation: Citation


class ScenarioChanges(Frozen):
    """A scenario file that extends another."""

    scenario: Id
    title: Text
    extends: Text
    """The other scenario's file, `.yaml` understood, relative to this one."""
    if_enacted: tuple[Bill, ...] = ()
    """Bills that it supposes to be law. What it changes of institutions and agencies names one of
    them in its citation."""
    changes: tuple[Change, ...] = ()


class Applied(Frozen):
    """A change as it was applied."""

    scenario: Text
    set: Text
    old: Plain
    new: Plain
    because: Text
    by: Text | None = None
    date: Day | None = None

    @property
    def by_whom(self) -> str:
        """Who made it, and when, as far as that is stated."""
        return ", ".join(str(one) for one in (self.by, self.date) if one)


class Call(Frozen):
    """The public call for proposals."""

    opens: Day
    closes: Day
    citation: Citation


class Seat(Frozen):
    """A member of a body that coordinates."""

    name: Text
    role: Text = "member"
    """In the words of its source: chair, vice-chair, member."""
    agency: Id | None = None
    """The agency of the study that it is."""
    institution: Id | None = None
    """The institution of the study that it is, or acts by."""
    citation: Citation | None = None
    """Where it is not that of the body."""


class Coordination(Frozen):
    """The body that coordinates what institutions do with the tools."""

    body: Text
    short: Annotated[Text, Field(max_length=30)] | None = None
    task: Text
    """What it is asked to do, in the words of its source."""
    members: Annotated[tuple[Seat, ...], Field(min_length=1)]
    citation: Citation


class Influence(Frozen):
    """How much each agency counts in the overall score; sums to 1."""

    shares: FrozenMapping[str, Share]
    citation: Citation


class Designation(Frozen):
    """The rule that turns a ranking into priority packages; stating nothing, there is none."""

    min_overall: Points = 0
    min_agency: FrozenMapping[str, Points] = {}
    max_packages: Annotated[int, Field(ge=1)] | None = None
    tie_break: str | None = None
    """Full id of a criterion: of packages tied at the cut those with the higher values enter. None:
    none of them does."""
    include: FrozenMapping[str, Override] = {}
    exclude: FrozenMapping[str, Override] = {}
    citation: Citation | None = None

    @model_validator(mode="after")
    def _apart(self) -> Self:
        both = sorted(self.include.keys() & self.exclude.keys())
        if both:
            raise ValueError(f"both included and excluded: {', '.join(both)}")
        return self

    @property
    def states_something(self) -> bool:
        """Whether a floor, a cut or a named decision is stated."""
        floors = (self.min_overall, *self.min_agency.values())
        return any(floors) or bool(self.max_packages or self.include or self.exclude)


class Must(Override):
    """A package that must be supported, by a tool and amount where they are named."""

    tool: str | None = None
    at_least: Money | None = None


class MustNot(Override):
    """A package that must not be supported, or not by one tool."""

    tool: str | None = None


class AllocationSettings(Frozen):
    """How the limited tools are spread over the designated packages."""

    objective: Literal["coverage", "amount"] = "coverage"
    """coverage: score times the share of what a package asks for that is met: its requests, of
    alternatives the largest (favours small packages).
    amount: score times what is given (favours large ones)."""
    scores: Literal["as_is", "ranks", "above_floor"] = "as_is"
    """How overall scores enter the objective. as_is: as points. ranks: only their order, the best
    of n designated packages 100, the next 100 (n - 1) / n, ties alike. above_floor: points above
    `designation.min_overall`, which widens differences; a package at the floor counts 0."""
    tool_weights: FrozenMapping[str, Annotated[float, Field(gt=0, le=1000)]] = {}
    """How much a unit of money of each tool counts; 1 where nothing is said."""
    minimum_support: Share = 0
    """A supported package gets at least this share of what of its ask is eligible: its requests,
    of alternatives the largest."""
    reserve: Share | FrozenMapping[str, Share] = 0
    """Kept back for late packages: a share of every envelope and of every subsidy budget over the
    whole program, or shares of single envelopes by tool. `evaluator admit` judges late packages on
    the whole money."""
    must: FrozenMapping[str, Must] = {}
    must_not: FrozenMapping[str, MustNot] = {}
    ignore: FrozenMapping[str, Override] = {}
    """Limits to leave out: a full limit id, `kind:goal`, or `kind:law`."""
    solver: Literal["highs", "cbc"] = "highs"
    time_limit_s: Annotated[float, Field(gt=0, le=86_400)] = 60
    """For the whole allocation: search, ties, prices, conflicts. What it cut is told."""
    gap: Annotated[float, Field(ge=0, lt=1)] = 1e-6
    """Gap at which a solve may stop, relative to the points gained."""
    tie_tolerance: Annotated[float, Field(ge=0, lt=1)] = 1e-6
    """Loss of objective, relative to the points gained, within which the least subsidy cost is
    sought; not sought where `gap` is wider, since no tie is known then."""


class Spread(Frozen):
    """A Dirichlet distribution around the stated shares."""

    relative_deviation: Annotated[float, Field(ge=0.001, lt=1)]
    """The standard deviation of an equal share, 1/n of n, divided by it: 0.3 says 30 %."""


class Intervals(Frozen):
    """Bounds of some shares; those not named may be anything."""

    intervals: FrozenMapping[str, Annotated[tuple[Share, Share], Field(min_length=2, max_length=2)]]


Information = Literal["stated", "uniform", "order"] | Spread | Intervals
"""What is known of shares that sum to 1. stated: they are exact. uniform: nothing (uniform on the
simplex). order: only the order of those stated. relative_deviation: a Dirichlet distribution
around those stated. intervals: uniform within bounds, which hold those stated."""


class PanelRule(Frozen):
    """What the ratings of several evaluators come to."""

    rule: Literal["mean", "median", "trimmed"] = "mean"
    """trimmed: the mean without a share of the lowest and of the highest."""
    share: Annotated[float, Field(gt=0, lt=0.5)] | None = None
    """For trimmed: what is left out at either end, such as 0.2; of a panel so many ratings as are
    whole in it."""
    over: Literal["criteria", "totals"] = "criteria"
    """criteria: of the ratings on each criterion. totals: of the evaluators' own weighted totals
    over the criteria of an agency."""

    @model_validator(mode="after")
    def _stated(self) -> Self:
        if (self.rule == "trimmed") != (self.share is not None):
            raise ValueError("share goes with rule 'trimmed', which needs it")
        return self


class UncertaintySettings(Frozen):
    """What is varied, and how much, in the uncertainty analysis."""

    draws: Annotated[int, Field(ge=0, le=10_000_000)] = 10_000
    """0: no analysis."""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 14320
    weights: Information = Spread(relative_deviation=0.3)
    """What is known of each agency's weights."""
    weights_of: FrozenMapping[str, Information] = {}
    """What is known of one agency's weights, where that differs."""
    influence: Information = Spread(relative_deviation=0.3)
    ratings: Literal["stated", "panel"] = "panel"
    """panel: a resample of the panel's own ratings. stated: what they come to, fixed."""


class Scenario(Frozen):
    """The settings of one scenario, all changes applied."""

    scenario: Id
    title: Text
    programme: Text | None = None
    """The programme's name, as pages head it."""
    vocabulary: Vocabulary = Vocabulary()
    """What pages call the things of this study."""
    currency: Currency | None = None
    """In which amounts are counted; none: they are told as bare numbers."""
    marking: Annotated[Text, Field(max_length=200)] | None = None
    """How the results are to be handled, on every page, sheet and figure."""
    if_enacted: tuple[Bill, ...] = ()
    """Bills that it supposes to be law, those of the scenarios that it extends among them."""
    as_of: Day
    """Every dated value is taken as of this day."""
    submitted_on: Day | None = None
    """The day on which statements, reports and the like are taken to be submitted, from which the
    clocks of notices run; none: `as_of`."""
    call: Call | None = None
    coordination: Coordination | None = None
    """Who coordinates the institutions, for the page of that body."""
    sessions: Text | None = None
    """Folder of calendars of bodies that sit, relative to the scenario file; clocks of notices name
    them."""
    criteria: Text
    """Folder of criteria, relative to the scenario file."""
    financing: Text | None = None
    """Folder of institutions, relative to the scenario file; none: nothing is allocated."""
    countries: Text | None = None
    """Country table, relative to the scenario file, its columns described beside it; none: nothing
    hangs on countries."""
    round: Text
    """Folder or workbook of packages, ratings, requests, relative to the scenario file."""
    hidden: Literal["refuse", "read"] = "refuse"
    """What is done with rows, columns and sheets of a workbook that are hidden. refuse: an error.
    read: they are read like all else."""
    influence: Influence | None = None
    """None: one agency, which decides alone."""
    method: Method = Method()
    """What ranks the packages; agency scores and floors stay weighted sums."""
    missing: Literal["refuse", "worst", "interval", "reweight"] = "interval"
    """What is done with a missing performance. refuse: an error. worst: value 0.
    interval: value 0 in the tables, the whole range in the uncertainty analysis, and marked.
    reweight: it does not count, and the weights of what is known are scaled to sum to 1."""
    panel: Literal["mean", "median"] | PanelRule = "mean"
    """What the ratings of several evaluators come to."""
    extent: Literal["plain", "full"] = "plain"
    """full: also what takes its time: rank reversal, frontiers, robust sets, what it would take."""
    designation: Designation = Designation()
    allocation: AllocationSettings = AllocationSettings()
    uncertainty: UncertaintySettings = UncertaintySettings()

    @property
    def panel_rule(self) -> PanelRule:
        """What the ratings of several evaluators come to, written out."""
        return PanelRule(rule=self.panel) if isinstance(self.panel, str) else self.panel


READING = ("criteria", "financing", "countries", "round", "sessions", "hidden")
"""Fields of a scenario that say where and how something is read, not what."""
