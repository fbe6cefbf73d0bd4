"""The rule that turns scores into the designated set, as a kernel over batches of scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

TIE = 1e-9
"""Points. Scores no further apart are tied, and a floor missed by no more is met: rounding in a
weighted sum of 0..100 values is below 1e-12, a difference that means something far above it."""


@dataclass(frozen=True)
class DesignationRule:
    """Packages that meet every floor, then the best `max_packages` of them.

    Packages tied at the cut are contested: none of them enters.
    """

    min_overall: float = 0.0
    """Points; the overall score must be at least this."""
    min_agency: Floats | None = None
    """Points, (agencies,); each agency's score must be at least its entry. None: no such floor."""
    max_packages: int | None = None
    """How many the rule may take. None: all that meet the floors."""
    eligible: Bools | None = None
    """(n,); who may compete at all. None: everyone."""
    included: Bools | None = None
    """(n,); in the set whatever the scores, by a named include. An included package takes one of
    the places only if it is also eligible: the caller states which by `eligible`."""


def check_rule(rule: DesignationRule, packages: int, agencies: int) -> None:
    """Raise ValueError where the rule does not fit n packages and k agencies."""
    if rule.max_packages is not None and rule.max_packages < 0:
        raise ValueError(f"max_packages is {rule.max_packages}; it must be 0 or more, or None")
    if not np.isfinite(rule.min_overall):
        raise ValueError(f"min_overall is {rule.min_overall}; state it in points, 0 for no floor")
    if rule.min_agency is not None:
        if rule.min_agency.shape != (agencies,):
            raise ValueError(
                f"min_agency has shape {rule.min_agency.shape}, expected ({agencies},): "
                "one floor an agency, 0 for none"
            )
        if not np.isfinite(rule.min_agency).all():
            raise ValueError("min_agency has a floor that is not finite; use 0 for none")
    for name, mask in (("eligible", rule.eligible), ("included", rule.included)):
        if mask is not None and (mask.shape != (packages,) or mask.dtype != np.bool_):
            raise ValueError(
                f"{name} has shape {mask.shape} and type {mask.dtype}, "
                f"expected ({packages},) of bool: one entry a package"
            )


def meets_floors(
    rule: DesignationRule, overall: Floats, agencies: Floats, *, tolerance: float = TIE
) -> Bools:
    """Who competes: eligible and at or above every floor.

    overall (..., n), agencies (..., k, n) -> (..., n).
    """
    meets: Bools = overall >= rule.min_overall - tolerance
    if rule.min_agency is not None:
        meets = meets & (agencies >= rule.min_agency[:, None] - tolerance).all(axis=-2)
    if rule.eligible is not None:
        meets = meets & rule.eligible
    return meets


def chosen(
    rule: DesignationRule, overall: Floats, agencies: Floats, *, tolerance: float = TIE
) -> Bools:
    """Who the rule takes, named includes apart: overall (..., n), agencies (..., k, n) -> (..., n).

    A package is in exactly when those that compete and score at least as much, itself counted,
    fit into the places; so it must beat the best score that is one place too far down.
    """
    competing = meets_floors(rule, overall, agencies, tolerance=tolerance)
    places = rule.max_packages
    if places is None or places >= overall.shape[-1]:
        return competing
    ranked = np.where(competing, overall, -np.inf)
    position = overall.shape[-1] - 1 - places
    cut = np.partition(ranked, position, axis=-1)[..., position : position + 1]
    taken: Bools = competing & (overall > cut + tolerance)
    return taken


def designated(
    rule: DesignationRule, overall: Floats, agencies: Floats, *, tolerance: float = TIE
) -> Bools:
    """The designated set: overall (..., n) and agencies (..., k, n) in points -> bool (..., n)."""
    taken = chosen(rule, overall, agencies, tolerance=tolerance)
    return taken if rule.included is None else taken | rule.included
