"""What the certificate finds broken, in words."""

from __future__ import annotations

from evaluator.allocation.verify import findings as broken
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import general
from evaluator.report.messages import message
from evaluator.report.messages.allocation import limit_in_words


def _of(amount: float, bound: float, names: Names, word: str = "") -> str:
    """Return an amount against the one that it is held to, so that they do not look alike."""
    told, held = names.words.money.apart(amount, bound)
    return f"{told} of {word}{held}"


def _request(package: str, tool: str, names: Names) -> str:
    return f"{names.package(package)}, {names.tool(tool)}"


@message(broken.OtherTable)
def _other_table(finding: broken.OtherTable, names: Names) -> str:
    return f"the table's {finding.what} are not the study's: {', '.join(finding.differing)}"


@message(broken.NoWholeDollars)
def _no_whole(finding: broken.NoWholeDollars, names: Names) -> str:
    return f"{names.tool(finding.tool)}: amounts are not whole {names.words.money.units}"


@message(broken.AmountBelowZero)
def _below_zero(finding: broken.AmountBelowZero, names: Names) -> str:
    return f"{names.tool(finding.tool)}: amounts below 0"


@message(broken.GivenUndesignated)
def _undesignated(finding: broken.GivenUndesignated, names: Names) -> str:
    w = names.words
    request = _request(finding.package, finding.tool, names)
    return f"{request}: {names.amount(finding.amount)} to {w.a_package} that is not designated"


@message(broken.GivenUnasked)
def _unasked(finding: broken.GivenUnasked, names: Names) -> str:
    request = _request(finding.package, finding.tool, names)
    return f"{request}: {names.amount(finding.amount)}, but nothing is asked"


@message(broken.OverEligible)
def _over_eligible(finding: broken.OverEligible, names: Names) -> str:
    request = _request(finding.package, finding.tool, names)
    return f"{request}: {_of(finding.amount, finding.most, names)} eligible"


@message(broken.UnderMinimum)
def _under_minimum(finding: broken.UnderMinimum, names: Names) -> str:
    request = _request(finding.package, finding.tool, names)
    return f"{request}: {_of(finding.amount, finding.least, names)} at least"


@message(broken.WithoutRequired)
def _without(finding: broken.WithoutRequired, names: Names) -> str:
    other = names.package(finding.other)
    return f"{names.package(finding.package)} requires {other}, which is not supported"


@message(broken.ExclusiveTogether)
def _exclusive(finding: broken.ExclusiveTogether, names: Names) -> str:
    together = " and ".join(map(names.package, finding.packages))
    return f"{together} are supported together, of which {finding.group} allows one"


@message(broken.AlternativesTogether)
def _alternatives(finding: broken.AlternativesTogether, names: Names) -> str:
    together = " and ".join(map(names.tool, finding.tools))
    return f"{names.package(finding.package)}: the alternatives {together} are served together"


@message(broken.UnderMinimumSupport)
def _under_support(finding: broken.UnderMinimumSupport, names: Names) -> str:
    return (
        f"{names.package(finding.package)}: {_of(finding.amount, finding.least, names)} "
        "in all at least"
    )


@message(broken.MustUnmet)
def _must_unmet(finding: broken.MustUnmet, names: Names) -> str:
    name, told = names.package(finding.package), _of(finding.amount, finding.least, names)
    return f"{name} must be supported: {told} at least"


@message(broken.MustNotBroken)
def _must_not_broken(finding: broken.MustNotBroken, names: Names) -> str:
    return f"{names.package(finding.package)} must not be supported: {names.amount(finding.amount)}"


@message(broken.LimitBroken)
def _limit_broken(finding: broken.LimitBroken, names: Names) -> str:
    limit = limit_in_words(finding.limit, finding.group, names)
    if finding.bound is None:
        amount = names.amount(finding.amount)
        return f"{limit}: {amount}, but its bound is unknown: nothing may be given"
    word = "at most" if finding.sense == "at_most" else "at least"
    by = "over" if finding.sense == "at_most" else "short"
    told = _of(finding.amount, finding.bound, names, f"{word} ")
    amount = (
        names.amount(finding.by)
        if finding.by >= 1
        else f"{names.words.money.before}{general(finding.by, 2)}"
    )
    return f"{limit}: {told}, {by} by {amount}"
