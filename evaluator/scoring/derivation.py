"""Facts of packages that follow from the other tables of a round."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from evaluator.model.base import Datum, Known, Missing
from evaluator.model.country import Attribute
from evaluator.model.ownership import fraction
from evaluator.model.package import Package
from evaluator.model.requirement import Derivation
from evaluator.model.study import Study
from evaluator.scoring.parties import greatest_holding, judged

ORIGIN = "derived"
NEAR = Fraction(1, 200)
"""How far a share that is stated may be from what the tables give: it may be in whole per cent."""


def derived(study: Study, package: Package, how: Derivation) -> Datum:
    """Return what the tables give for a fact of a package; Missing, with why, where they do not."""
    if how.us_made is not None:
        return _us_made(package, how.us_made)
    if how.held is not None:
        return greatest_holding(study, package, how.held)
    assert how.barred is not None  # noqa: S101  exactly one is set
    outcome, _ = judged(study, package, how.barred)
    if outcome == "unknown":
        return Missing(reason="what the tables tell of the parties leaves it open")
    return Known(value=outcome == "failed")


def rederived(study: Study) -> Study:
    """Return the study with its derived facts worked out anew, as after a change of its day.

    What the tables no longer tell is missing: what a column stated beside them is not kept.
    """
    columns = [one for one in study.package_attributes if one.derived is not None]
    if not columns:
        return study
    packages = []
    for package in study.packages:
        facts = dict(package.attributes)
        for column in columns:
            assert column.derived is not None  # noqa: S101  chosen above
            given, known = derived(study, package, column.derived), facts[column.id]
            if isinstance(given, Known):
                facts[column.id] = as_fact(given, column)
            elif isinstance(known, Known) and known.origin == ORIGIN:
                facts[column.id] = given
        packages.append(package.model_copy(update={"attributes": facts}))
    return study.model_copy(update={"packages": tuple(packages)})


def as_fact(given: Known, column: Attribute) -> Known:
    """Return what the tables give as a fact of a column, marked as derived."""
    return given.model_copy(update={"unit": column.unit or given.unit, "origin": ORIGIN})


def agrees(stated: Datum, given: Datum) -> bool:
    """Return whether what a column states is what the tables give, where both tell."""
    if isinstance(stated, Missing) or isinstance(given, Missing):
        return True
    if isinstance(given.value, bool):
        return stated.value == given.value
    return abs(fraction(float(stated.value)) - fraction(float(given.value))) <= NEAR


def _us_made(package: Package, layers: Sequence[str]) -> Datum:
    """Return sum(value x share made in the United States) / sum(value) over some layers."""
    mine = [layer for layer in package.layers if layer.layer in layers]
    if not mine:
        return Missing(reason=f"no layer {', '.join(layers)} is described")
    if any(layer.value_usd is None or layer.us_made_share is None for layer in mine):
        return Missing(reason=f"the value or the share of a part of layer {', '.join(layers)}")
    value = sum(layer.value_usd or 0 for layer in mine)
    if not value:
        return Missing(reason=f"layer {', '.join(layers)} is worth nothing")
    made = sum((layer.value_usd or 0) * fraction(layer.us_made_share or 0) for layer in mine)
    return Known(value=float(Fraction(made, value)), unit="share")
