"""What the questions find, beside their tables: how it was found, what is left out, what failed."""

from __future__ import annotations

from evaluator.results.findings import Finding


class QuestionFailed(Finding):
    """A question without an answer; the run stands."""

    question: str
    error: str
    """The kind of error; empty for one that says what to do."""
    reason: str


class BoundsNoRequest(Finding):
    """A tool or limit is left out, since no request is bounded by it."""

    subject: str


class NothingStands(Finding):
    """Nothing is compared, since there is no allocation to compare with."""

    status: str


class NextDollars(Finding):
    """What a further amount of a tool or budget buys, by a re-solve."""

    subject: str
    amount_usd: int
    gained: float
    """Objective points."""
    used_usd: int
    foretold: float | None
    """What its shadow price foretells; None where it has none."""
    price_holds_usd: float | None
    """How much more the price holds for; None without end."""
    entered: tuple[str, ...]
    left: tuple[str, ...]


class NextDollarsUntold(Finding):
    """What a further amount buys is not known: the re-solve ended without an allocation."""

    subject: str
    amount_usd: int
    status: str


class AllIsGiven(Finding):
    """All that is asked of a tool, or under a budget, is given."""


class HeldBack(Finding):
    """Other limits keep the rest of the requests back: each with its group, empty for all."""

    limits: tuple[tuple[str, str], ...]


class HeldBackByOthers(Finding):
    """Minimums, and requests that gain more of what is shared, keep the rest back."""


class SupportedWith(Finding):
    """The least changes each of which, alone, gets a package support; None where there is none."""

    package: str
    score: float
    score_needed: float | None
    request_share: float | None
    request_usd: int | None
    limit: str
    """Empty where no limit alone is enough."""
    group: str
    """That the limit bounds; empty for all."""
    more_usd: int | None


class NoSingleChange(Finding):
    """No better score, smaller request or larger limit alone gets a package support."""

    package: str


class FoundByBisection(Finding):
    """The least change that is enough, by re-solves: one change at a time, all else as it is."""

    score_step: float
    share_step: float
    usd_step: int


class OnlyTheBestAreLookedAt(Finding):
    """Of designated packages without support only those that rank best: the program is large."""

    looked_at: int
    without: int
    binaries: int
    """Above which that is so."""


class FewerDraws(Finding):
    """Fewer draws than are made of a small program."""

    draws: int
    binaries: int
    """Above which that is so."""


class DrawsStopped(Finding):
    """Draws whose solve was stopped by time; what each had found counts."""

    draws: int
    """Those stopped."""
    of: int


class OverridesOneAtATime(Finding):
    """The objective of a re-solve without an override, less that of the allocation."""


class OverridesNotPriced(Finding):
    """What overrides cost is not asked in a plain run, since the program is large."""

    binaries: int
    """Above which that is so."""


class OverrideStands(Finding):
    """A named decision: who decided, when and why; `subject` is a package, or what is ignored."""

    kind: str
    """must, must_not, ignore, include or exclude."""
    subject: str
    tool: str
    at_least: int
    """US dollars; 0 where no amount is named."""
    because: str
    by: str
    date: str


class OverrideCost(OverrideStands):
    """What a named decision costs, against leaving it out."""

    lost: float
    """Points of objective; below 0 what it gains."""
    moved_usd: int
    """Dollars that would change hands without it."""
    entered: tuple[str, ...]
    """Packages supported only without it."""
    left: tuple[str, ...]


class OverrideDecides(OverrideStands):
    """Whether there is an allocation with a named decision, and without it; not both."""

    stands: bool
    without: bool


class OverrideUntold(OverrideStands):
    """What a named decision costs is not known: time stopped a solve with it, or without it."""

    without: bool


class BestUnderSubsidyCaps(Finding):
    """The best objective under falling caps on subsidy, then the least subsidy at it."""

    step_usd: int
    """The least difference between caps."""


class BestUnderShareCaps(Finding):
    """The best objective under falling caps on the share of one group, then the least share."""

    per: str
    step: float
    """The least difference between caps, 0..1."""


class DifferInSupport(Finding):
    """Portfolios are sets of supported packages; sets found before are cut off."""


class CoreShares(Finding):
    """From which share of the draws a package is core; by the rest of it, it is out."""

    core_share: float


class DesignationOfDraws(Finding):
    """Whether one designated set is held in all draws, or each draw designates its own."""

    held: bool


class SharesMoveInProportion(Finding):
    """Each agency's influence moves, the others in proportion, and everything is solved again."""

    step: float
    tolerance: float


class LateVerdict(Finding):
    """What a late package is worth and gets, beside commitments and without them."""

    worth: float | None
    """Points that it would gain at the prices of its room; None where it would take nothing."""
    price: float
    """Points that its room is worth to the others."""
    worthwhile: bool
    given_usd: int
    """With commitments fixed."""
    gained: float
    free_usd: int
    """With commitments free."""
    displaced: tuple[str, ...]


class ReserveWasKept(Finding):
    """What was kept back for late packages: shares by tool; of all money where it is empty."""

    shares: tuple[tuple[str, float], ...]


class RoomPricedByDuals(Finding):
    """Bid prices are duals of the relaxation over the standing packages, on the whole money."""


class CommitmentsAreLeast(Finding):
    """With commitments fixed every standing amount is a lower bound; the rest is free to all."""


class JudgedAlone(Finding):
    """Each late package is judged without the others."""


class OrdersWithoutGain(Finding):
    """Orders in which nobody came who can be supported: each policy counts as reaching all."""

    orders: int
    of: int


class ArrivalsDrawn(Finding):
    """Each package arrives with one chance, at a uniform time."""

    packages: int
    chance: float


class SharesOfHindsight(Finding):
    """A share is the objective over that of the allocation of one who knew who would come."""


class JudgedAtTheEnd(Finding):
    """Goals, musts and lower limits over several packages are left out of a simulation."""


class CommittedOnce(Finding):
    """Those who arrived share what a reserve leaves, once; at the end all share the rest."""

    at: float
    """Share of the review."""


class DesignationStands(Finding):
    """The designation of one scenario stands in all: so many packages may get something."""

    scenario: str
    packages: int


class DesignatedByAll(Finding):
    """Only packages that every scenario designates may get something: so many."""

    packages: int


class OneFeasibleSet(Finding):
    """All portfolios of a least regret come from one set of allocations."""

    goals_of: str
    """The scenario whose goals count."""
    limits_of_all: bool
    """Whether there are limits of several studies, all of which are kept."""
    given: bool
    """Whether a regret is against an objective given for each scenario, or the best of the set."""


class ClocksFrom(Finding):
    """The day from which clocks of notices run, unless a package states one of its own."""

    day: str


class ToldAmounts(Finding):
    """Of a notice: the dollars of each of its tools."""

    amounts: tuple[tuple[str, int], ...]


class ToldTitle(Finding):
    """Of a notice: the title of a package."""

    package: str


class ToldEntities(Finding):
    """Of a notice: who is behind a package."""

    entities: tuple[str, ...]


class ToldCountries(Finding):
    """Of a notice: where a package goes."""

    countries: tuple[str, ...]


class ToldFact(Finding):
    """Of a notice: a fact of a package, by its column."""

    column: str
    value: bool | float | str


class ToldNothing(Finding):
    """Of a notice: what it has to tell is missing, for a reason."""

    of: str
    because: str


class Standing(Finding):
    """Whether a limit, a requirement or an authority is in force."""

    in_force: bool


class FactsDiffer(Finding):
    """The countries of which a fact changes."""

    column: str
    countries: tuple[str, ...]


class ToldOfLimit(Finding):
    """What is told of a limit."""

    limit: str
    told: Finding


class ValueUntold(Finding):
    """What moves with a value is not known: solving again failed."""

    error: str
    """The kind of error; empty for one that says what to do."""
    reason: str


class StandingOn(Finding):
    """The day on which values are said to be in force, past or ahead."""

    day: str


class NotRead(Finding):
    """Values are told that were not read in their source."""


class StrategyMet(Finding):
    """How many targets a strategy has, and which of them no priority package reaches, by name."""

    targets: int
    uncovered: tuple[str, ...]
