"""Findings of the allocation in words."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.allocation.explain import findings as explain
from evaluator.allocation.model import findings as model
from evaluator.allocation.model.findings import Stated
from evaluator.model.filters import HOST
from evaluator.report.formatting.bounds import percent
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import general
from evaluator.report.formatting.phrases import days
from evaluator.report.messages import message, say, say_all
from evaluator.report.messages.eligibility import fact_in_words
from evaluator.results.evaluation import Conflict, Ease
from evaluator.results.findings import Finding

_SHOWN = 3
"""Packages named in a tie."""

# What they name.


def limit_in_words(limit: str, group: str, names: Names) -> str:
    """Return the name of a limit, and of what it bounds."""
    return f"{names.limit(limit)}{f', {names.group(limit, group)}' if group else ''}"


def _signed(finding: explain.HeldByOverride | model.LimitIgnored) -> str:
    """Return why, by whom and when."""
    return f"{finding.because.rstrip('.')} ({finding.by}, {finding.date})"


# What capped a request.


@message(explain.InFull)
def _in_full(_: explain.InFull, names: Names) -> str:
    return "in full"


@message(explain.NoAllocation)
def _no_allocation(_: explain.NoAllocation, names: Names) -> str:
    return "no allocation exists"


@message(explain.StoppedEarly)
def _stopped(_: explain.StoppedEarly, names: Names) -> str:
    return "stopped before any allocation was found"


@message(explain.HeldByOverride)
def _by_override(finding: explain.HeldByOverride, names: Names) -> str:
    if finding.kind == "must_not":
        return f"must not be supported: {_signed(finding)}"
    decided = {"must": "must be supported", "include": "is included"}[finding.kind]
    return f"{names.package(finding.package)} {decided}: {_signed(finding)}"


@message(explain.RequiredUnserved)
def _required(finding: explain.RequiredUnserved, names: Names) -> str:
    return f"requires {names.package(finding.package)}, which is not supported"


@message(explain.SupportedInstead)
def _instead(finding: explain.SupportedInstead, names: Names) -> str:
    return f"{names.package(finding.rival)} is supported in its place: one of their group may be"


@message(explain.AlternativeServed)
def _alternative(finding: explain.AlternativeServed, names: Names) -> str:
    return f"its alternative {names.tool(finding.tool)} is served"


@message(explain.Tied)
def _tied(finding: explain.Tied, names: Names) -> str:
    shown = list(map(names.package, finding.packages[:_SHOWN]))
    if len(finding.packages) > _SHOWN:
        shown.append(f"one of {len(finding.packages) - _SHOWN:,} more")
    return f"tied: as good with {' or '.join(shown)} in its place"


@message(explain.LimitBinds)
def _binds(finding: explain.LimitBinds, names: Names) -> str:
    if finding.own:
        return f"{names.limit(finding.limit)} binds ({names.bound(finding.limit)})"
    return f"{limit_in_words(finding.limit, finding.group, names)} binds"


@message(explain.GainsMoreElsewhere)
def _elsewhere(finding: explain.GainsMoreElsewhere, names: Names) -> str:
    return f"gains more elsewhere: {limit_in_words(finding.limit, finding.group, names)} binds"


@message(explain.LimitHoldsAtZero)
def _holds_at_zero(finding: explain.LimitHoldsAtZero, names: Names) -> str:
    limit = limit_in_words(finding.limit, finding.group, names)
    return f"{limit} holds it at 0: {fact_in_words(finding.fact, names)}"


@message(explain.LimitShutsOut)
def _shuts_out(finding: explain.LimitShutsOut, names: Names) -> str:
    limit = limit_in_words(finding.limit, finding.group, names)
    return f"{limit} leaves less than the {names.amount(finding.least)} that it needs at least"


@message(explain.AllowsNothing)
def _allows_nothing(_: explain.AllowsNothing, names: Names) -> str:
    return "it allows nothing at all"


@message(explain.EnoughWithout)
def _enough_without(_: explain.EnoughWithout, names: Names) -> str:
    w = names.words
    return f"without it the {w.package} would be supported"


@message(explain.NotEnough)
def _not_enough(_: explain.NotEnough, names: Names) -> str:
    return "no amount of it alone is enough"


@message(explain.CountsZero)
def _counts_zero(_: explain.CountsZero, names: Names) -> str:
    return "its score counts 0: support would add nothing"


@message(explain.MinimumSupport)
def _minimum_support(finding: explain.MinimumSupport, names: Names) -> str:
    part = f"{percent(finding.share)} of what of its ask is eligible"
    return f"{names.amount(finding.least)} would be needed at once, {part}"


@message(explain.HeldBackForGoals)
def _for_goals(finding: explain.HeldBackForGoals, names: Names) -> str:
    goals = [limit_in_words(*goal, names) for goal in finding.goals]
    return f"held back for {'; '.join(goals)}"


@message(explain.WithinGap)
def _within_gap(_: explain.WithinGap, names: Names) -> str:
    return "left out within the gap of the solve"


# What is to be known of a limit; the limit stands beside it.


@message(model.LimitIgnored)
def _ignored(finding: model.LimitIgnored, names: Names) -> str:
    return f"ignored: {_signed(finding)}"


@message(model.ConditionUnknown)
def _condition_unknown(finding: model.ConditionUnknown, names: Names) -> str:
    why = fact_in_words(finding.fact, names)
    return f"not applied, for its condition is not known: {why}"


@message(model.NotInForce)
def _not_in_force(finding: model.NotInForce, names: Names) -> str:
    name, value = names.parameter(finding.parameter), general(finding.value, 6)
    return f"not in force: {name} is {value}, below {general(finding.threshold, 6)}"


@message(model.OutsideItsDays)
def _outside(finding: model.OutsideItsDays, _: Names) -> str:
    return f"not in force: it holds {days(finding.since, finding.until)}"


@message(model.NothingUnderIt)
def _nothing_under(_: model.NothingUnderIt, names: Names) -> str:
    return "no eligible request comes under it"


@message(model.HeldAtZero)
def _held(finding: model.HeldAtZero, names: Names) -> str:
    return f"held at 0: {fact_in_words(finding.fact, names)}{_of_package(finding.fact, names)}"


@message(model.BoundUnknown)
def _bound_unknown(finding: model.BoundUnknown, names: Names) -> str:
    return f"bound unknown: {fact_in_words(finding.fact, names)}{_of_package(finding.fact, names)}"


def _of_package(fact: Stated, names: Names) -> str:
    own = fact.of and not fact.name.startswith(HOST)
    return f", {names.package(fact.of)}" if own else ""


@message(model.Overrun)
def _overrun(_: model.Overrun, names: Names) -> str:
    return "existing exposure is over the bound already: nothing may be added"


# What the rows of a program say, as members of a conflict.


@message(model.LimitRule)
def _limit_rule(finding: model.LimitRule, names: Names) -> str:
    least = "at most" if finding.sense == "at_most" else "at least"
    amount = names.bound(finding.limit) if finding.amount is None else names.amount(finding.amount)
    return f"{limit_in_words(finding.limit, finding.group, names)} ({least} {amount})"


@message(model.MustRule)
def _must_rule(finding: model.MustRule, names: Names) -> str:
    amount = f" with at least {names.amount(finding.at_least)}" if finding.at_least else ""
    by = f" by {names.tool(finding.tool)}" if finding.tool else ""
    return f"that {names.package(finding.package)} must be supported{by}{amount}"


@message(model.MustNotRule)
def _must_not_rule(finding: model.MustNotRule, names: Names) -> str:
    by = f" by {names.tool(finding.tool)}" if finding.tool else ""
    return f"that {names.package(finding.package)} must not be supported{by}"


@message(model.MinimumRule)
def _minimum_rule(finding: model.MinimumRule, names: Names) -> str:
    name, tool = names.package(finding.package), names.tool(finding.tool)
    return f"the minimum of {name} from {tool} ({names.amount(finding.least)})"


@message(model.SupportRule)
def _support_rule(finding: model.SupportRule, names: Names) -> str:
    return f"the least support of {names.package(finding.package)} ({names.amount(finding.least)})"


@message(model.AlternativesRule)
def _alternatives_rule(finding: model.AlternativesRule, names: Names) -> str:
    return f"that {names.package(finding.package)} gets one of its alternatives {finding.group}"


@message(model.ExclusiveRule)
def _exclusive_rule(finding: model.ExclusiveRule, names: Names) -> str:
    w = names.words
    return f"that only one {w.package} of group {finding.group} is supported"


@message(model.RequiresRule)
def _requires_rule(finding: model.RequiresRule, names: Names) -> str:
    return f"that {names.package(finding.package)} requires {names.package(finding.other)}"


def conflict_in_words(conflict: Conflict, names: Names) -> str:
    """Return in sentences what cannot hold together, and what would do instead."""
    told = [say(one, names) for one in conflict.members]
    if conflict.unserved:
        return f"{_sentence(told[0])} cannot hold: {_unserved(conflict, names)}."
    if not told:
        return "The limits leave no room, but no few of them alone."
    eases = ", or ".join(_eased(one, names, "raising", "lowering") for one in conflict.eases)
    if len(told) == 1:
        text = f"{_sentence(told[0])} cannot hold, whatever is given to whom."
        return text + (f" {_sentence(eases)} would do." if eases else "")
    text = f"These cannot hold together: {', '.join(told[:-1])} and {told[-1]}."
    text += " Leaving out any one of them resolves it."
    return text + (f" So would {eases}." if eases else "")


def _unserved(conflict: Conflict, names: Names) -> str:
    refused = conflict.refused
    if not refused:
        return "it asks for nothing of the kind"
    if all(isinstance(one, model.NotDesignated) for _, why in refused for one in why):
        return "it is not designated"
    if all(isinstance(one, model.NotPassed) for _, why in refused for one in why):
        return "not all its requirements are passed"
    why = "; ".join(f"{names.tool(tool)}: {say_all(found, names)}" for tool, found in refused)
    return f"no request of it can be served: {why}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def ease_in_words(ease: Ease, names: Names) -> str:
    """Return what to leave out, or by how much to move it."""
    return _eased(ease, names, "raise", "lower")


def _eased(ease: Ease, names: Names, more: str, less: str) -> str:
    what = ease.what
    if ease.by is None:
        return f"leave out {say(what, names)}"
    if isinstance(what, model.LimitRule):
        limit = limit_in_words(what.limit, what.group, names)
        return f"{more if what.sense == 'at_most' else less} {limit} by {names.amount(ease.by)}"
    if isinstance(what, model.MustRule):
        return f"{less} what {names.package(what.package)} must get by {names.amount(ease.by)}"
    return f"{less} {say(what, names)} by {names.amount(ease.by)}"


# What is told of the whole program.


@message(model.ReserveKept)
def _reserve(finding: model.ReserveKept, names: Names) -> str:
    w = names.words
    every = f"every {w.envelope} and subsidy budget"
    of = [
        f"{percent(share)} of {names.tool(tool) if tool else every}"
        for tool, share in finding.shares
    ]
    return f"{', '.join(of)} is kept for late {w.packages}: bounds are of what is left"


@message(explain.GapLeft)
def _gap_left(finding: explain.GapLeft, names: Names) -> str:
    return (
        f"whole {names.words.money.units} and ties leave a gap of "
        f"{general(finding.gap, 2)} to the bound"
    )


_OF_LIMITS = (
    model.LimitIgnored,
    model.ConditionUnknown,
    model.NotInForce,
    model.OutsideItsDays,
    model.HeldAtZero,
    model.BoundUnknown,
    model.Overrun,
)


def noted(finding: Finding, names: Names) -> str:
    """Return a note of a run; what is to be known of a limit with the limit's name."""
    if isinstance(finding, _OF_LIMITS):
        return f"{names.limit(finding.limit)}: {say(finding, names)}"
    return say(finding, names)


def all_noted(findings: Sequence[Finding], names: Names) -> list[str]:
    """Return notes of a run, each once."""
    return [noted(one, names) for one in dict.fromkeys(findings)]
