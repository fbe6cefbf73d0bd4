"""What the model finds: why a request cannot be served, what a limit lacks, what a row says.

Ids are those of the study; amounts are US dollars, shares 0..1, terms years.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from evaluator.model.base import Known, Missing
from evaluator.results.findings import Finding

Value = int | float | bool | str | None


class Stated(NamedTuple):
    """What the study knows of a package, of one of its countries, or of a parameter."""

    name: str
    """Of the attribute, column or parameter; `host.` and a column of the country; `host.` alone:
    the package's target countries."""
    of: str = ""
    """The package or country; empty for a parameter."""
    value: Value = None
    """None: it is missing."""
    missing: str = ""
    """Why, as the study has it."""


def stated(name: str, of: str, datum: Known | Missing) -> Stated:
    """Return a datum of a package or country as a fact."""
    if isinstance(datum, Missing):
        return Stated(name, of, None, datum.reason)
    return Stated(name, of, datum.value)


# Why a request cannot be served.


class NotDesignated(Finding):
    """Its package is not designated."""


class NotPassed(Finding):
    """Its package has not passed all its requirements, in a study without designation."""


class AuthorityLapsed(Finding):
    """The institution can commit nothing new after a day that has passed."""

    institution: str
    on: str


class NoAppropriation(Finding):
    """There is no money for the institution's tools since a day."""

    institution: str
    since: str


class NotShown(Finding):
    """A requirement that binds the tool is not passed; what decided it is told after it."""

    requirement: str
    outcome: Literal["failed", "unknown"]


class Ineligible(Finding):
    """The tool is for others."""

    facts: tuple[Stated, ...]


class PartEligible(Finding):
    """A share of the request is eligible; the facts are what the rest lacks."""

    share: float
    facts: tuple[Stated, ...]


class MinimumAboveEligible(Finding):
    """Less than the minimum is of no use, and no more than this is eligible."""

    least: int
    eligible: int


class LongestTermUnknown(Finding):
    """The parameter that bounds the term is missing."""

    parameter: Stated


class TermMissing(Finding):
    """The request names no term, and the tool has a longest one."""

    longest: float


class TermTooLong(Finding):
    """The request's term is above the longest, which depends on a fact where there is one."""

    years: float
    longest: float
    facts: tuple[Stated, ...]


# What is to be known of a limit.


class LimitIgnored(Finding):
    """The scenario leaves it out."""

    limit: str
    because: str
    by: str
    date: str


class ConditionUnknown(Finding):
    """Whether it is in force is not known, so it is not applied."""

    limit: str
    fact: Stated


class NotInForce(Finding):
    """The parameter is below the threshold from which the limit is in force."""

    limit: str
    parameter: str
    value: float
    threshold: float


class OutsideItsDays(Finding):
    """It does not hold on the scenario's day: first and last day, empty where it has none."""

    limit: str
    since: str
    until: str


class NothingUnderIt(Finding):
    """No eligible request comes under it."""

    limit: str


class HeldAtZero(Finding):
    """Its bound lacks a fact, so that nothing may be given under it."""

    limit: str
    fact: Stated


class BoundUnknown(Finding):
    """Its lower bound lacks a fact, so that it asks for nothing."""

    limit: str
    fact: Stated


class Overrun(Finding):
    """Existing exposure is over the bound already: nothing may be added."""

    limit: str


# What a row of the program says.


class LimitRule(Finding):
    """A limit for one group; amount None: its bound moves with what is given."""

    limit: str
    group: str
    sense: Literal["at_most", "at_least"]
    amount: float | None


class MustRule(Finding):
    """A package must be supported, by a tool and amount where they are named."""

    package: str
    tool: str
    at_least: int


class MustNotRule(Finding):
    """A package must not be supported, or not by one tool."""

    package: str
    tool: str


class MinimumRule(Finding):
    """A package gets so much of a tool or none of it."""

    package: str
    tool: str
    least: int


class SupportRule(Finding):
    """A package gets so much in all or nothing."""

    package: str
    least: int


class AlternativesRule(Finding):
    """Of some requests of a package one is served."""

    package: str
    group: str


class ExclusiveRule(Finding):
    """Of the packages of a group one is supported."""

    group: str


class RequiresRule(Finding):
    """A package is supported only with another."""

    package: str
    other: str


# What is told of the whole program.


class ReserveKept(Finding):
    """Shares of envelopes are kept back for late packages, by tool; under an empty name: of every
    envelope and every subsidy budget."""

    shares: tuple[tuple[str, float], ...]
