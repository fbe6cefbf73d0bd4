"""What the questions on money find, beside their tables: how it was found, what is left out."""

from __future__ import annotations

from evaluator.results.findings import Finding


class BoundsNoRequest(Finding):
    """A tool or limit is left out, since no request is bounded by it."""

    subject: str


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
