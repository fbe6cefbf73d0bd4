"""Small studies built in code."""

from __future__ import annotations

import datetime as dt
from typing import Any

from evaluator.model.agency import Agency, Weights
from evaluator.model.base import Citation, Known
from evaluator.model.country import Attribute, Country
from evaluator.model.criterion import Anchors, Criterion, ValueFunction
from evaluator.model.package import Stake
from evaluator.model.scenario import Influence, Scenario
from evaluator.model.study import Study
from tests.programme import CURRENCY, VOCABULARY

CITED = Citation(title="Made for this case", confidence="illustrative")


def country(code: str, **attributes: Any) -> Country:
    """Return a country of one bloc with known attributes."""
    known = {name: Known(value=value) for name, value in attributes.items()}
    return Country(id=code, name=code, bloc="Bloc", attributes=known)


def held_by(owner: str | None) -> tuple[Stake, ...]:
    """Return the stakes of an entity that one owner controls; none without one."""
    return () if owner is None else (Stake(owner=owner, control=True),)


def scenario(**fields: Any) -> Scenario:
    """Return a scenario of one agency, `a`."""
    settings: dict[str, Any] = {
        "scenario": "case",
        "title": "A case",
        "vocabulary": VOCABULARY,
        "currency": CURRENCY,
        "as_of": dt.date(2026, 7, 1),
        "criteria": "criteria",
        "financing": "financing",
        "countries": "countries.csv",
        "round": "round",
        "influence": Influence(shares={"a": 1.0}, citation=CITED),
    }
    return Scenario(**{**settings, **fields})


def agency(name: str = "a", *criteria: str) -> Agency:
    """Return an agency that weighs its criteria alike; each is a share, best at 1."""
    names = criteria or ("x",)
    return Agency(
        agency=name,
        name=name,
        criteria=tuple(
            Criterion(
                id=c,
                label=c,
                kind="measure",
                unit="share",
                direction="higher",
                value=ValueFunction(linear=Anchors(worst=0, best=1)),
                citation=CITED,
            )
            for c in names
        ),
        weights=Weights(
            method="swing", confidence="illustrative", judgements=dict.fromkeys(names, 100.0)
        ),
    )


def study(**fields: Any) -> Study:
    """Return a study with what is given, and as little else as is allowed."""
    parts: dict[str, Any] = {
        "scenario": scenario(),
        "agencies": (agency(),),
        "institutions": (),
        "countries": (country("AAA"),),
        "packages": (),
        "country_attributes": (Attribute(id="barred", label="Barred", type="flag"),),
    }
    return Study(**{**parts, **fields})
