"""The right-hand side of a limit: constants, and shares of sums, each exact."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from evaluator.allocation.model.exact.rows import ZERO, Rational, exact
from evaluator.allocation.model.findings import Stated, stated
from evaluator.errors import InvalidStudyError, Problem
from evaluator.model.base import Known
from evaluator.model.financing import Bound, LeastOf, Limit, ShareOf, SumOf, TotalOf
from evaluator.model.package import Package
from evaluator.model.study import Study


class Part(NamedTuple):
    """One bound of a limit: a constant, and a share of a sum if `base` is given."""

    constant: Rational
    share: Rational = ZERO
    base: SumOf | None = None
    own: bool = False
    """Whether the constant is a share of the package's own attribute."""


class Unknown(NamedTuple):
    """A bound that cannot be worked out, and the fact that it lacks."""

    fact: Stated


class _Number(NamedTuple):
    value: Rational
    own: bool


def parts(bound: Bound, study: Study, package: Package | None) -> tuple[Part | Unknown, ...]:
    """Return the bounds of which the least counts; `package` is whose attributes are meant."""
    if isinstance(bound, ShareOf):
        return (_share_of(bound, study, package),)
    if isinstance(bound, LeastOf):
        return tuple(part for one in bound.min for part in parts(one, study, package))
    if isinstance(bound, TotalOf):
        return (_total(bound, study, package),)
    number = scalar(bound, study, package)
    return (number if isinstance(number, Unknown) else Part(number.value, own=number.own),)


def _total(bound: TotalOf, study: Study, package: Package | None) -> Part | Unknown:
    """Return the sum of bounds, of each of which the least counts; what is unknown, if any is."""
    constant, own = ZERO, False
    for one in bound.sum:
        least: Part | None = None
        for part in parts(one, study, package):
            if isinstance(part, Unknown):
                return part
            if least is None or part.constant < least.constant:
                least = part
        assert least is not None  # noqa: S101  no bound is empty
        constant, own = constant + least.constant, own or least.own
    return Part(constant, own=own)


def _share_of(bound: ShareOf, study: Study, package: Package | None) -> Part | Unknown:
    share = scalar(bound.share, study, package)
    if isinstance(share, Unknown):
        return share
    if isinstance(bound.of, str):
        of = scalar(bound.of, study, package)
        return of if isinstance(of, Unknown) else Part(share.value * of.value, own=of.own)
    plus = scalar(bound.of.plus, study, package)
    if isinstance(plus, Unknown):
        return plus
    return Part(share.value * plus.value, share.value, bound.of)


def scalar(number: str | float, study: Study, package: Package | None) -> _Number | Unknown:
    """Return a number, a parameter's value, or a package's attribute.

    Raises InvalidStudyError for an attribute where no package is meant, or one that is no number.
    """
    if not isinstance(number, str):
        return _Number(exact(number), own=False)
    if number in study.parameters:
        dated = study.parameter(number)
        if dated.value is None:
            return Unknown(Stated(number, missing=dated.missing or ""))
        return _Number(exact(dated.value), own=False)
    if package is None:
        fact = "is no parameter; attributes bound limits per package only."
        raise InvalidStudyError([Problem(number, fact)])
    datum = package.attribute(number)
    if not isinstance(datum, Known):
        return Unknown(stated(number, package.id, datum))
    if isinstance(datum.value, str):
        fact = f"is the text '{datum.value}', not a number."
        raise InvalidStudyError([Problem(f"{package.id}, {number}", fact)])
    return _Number(exact(datum.value), own=True)


def attributes(limit: Limit, study: Study) -> list[str]:
    """Return the attributes of a package on which its room under a limit depends."""
    names = {one for one in (limit.plus, *_numbers(limit.bound)) if isinstance(one, str)}
    return sorted(names - study.parameters.keys())


def _numbers(bound: Bound) -> Iterator[str | float]:
    if isinstance(bound, LeastOf | TotalOf):
        for one in bound.min if isinstance(bound, LeastOf) else bound.sum:
            yield from _numbers(one)
    elif isinstance(bound, ShareOf):
        yield bound.share
        yield bound.of.plus if isinstance(bound.of, SumOf) else bound.of
    else:
        yield bound
