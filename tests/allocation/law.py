"""Studies of a few packages around the institutions of the baseline, as the files have them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluator import load_study
from evaluator.allocation import allocate
from evaluator.allocation.model.limits.limits import all_limits
from evaluator.model.base import Citation, Missing, Override
from evaluator.model.financing import Dated, Institution
from evaluator.model.package import Entity, Finding, Package, Request
from evaluator.model.scenario import AllocationSettings
from evaluator.model.study import Study
from evaluator.results.evaluation import Allocation
from tests.allocation.small import WHY, changed, package
from tests.conftest import BASELINE
from tests.studies import CITED, held_by

M, BN = 1_000_000, 1_000_000_000
PLENTY = 1_000 * BN
LOAN, GUARANTEE, EXIM_INSURANCE = "exim.direct_loan", "exim.loan_guarantee", "exim.insurance"
EQUITY, DFC_LOAN = "dfc.equity", "dfc.direct_loan"
GUARANTY, INSURANCE, DFC_STUDY = "dfc.guarantee", "dfc.insurance", "dfc.feasibility_study"
TECHNICAL, STUDY = "ustda.technical_assistance", "ustda.feasibility_study"
LEVERAGE = "sba.sbic_leverage"
BASE = load_study(BASELINE)
LIMITS = all_limits(BASE)
MADE_UP = frozenset(
    name
    for name, limit in LIMITS.items()
    if limit.kind == "goal" or limit.citation.confidence == "illustrative"
)
"""Envelopes, budgets, the program's own rules and goals: ignored unless they are what is tested."""
FACTS: Mapping[str, Any] = {
    "sector": "ict_infrastructure",
    "capital_cost_usd": PLENTY,
    "contract_value_usd": PLENTY,
    "equity_usd": PLENTY,
    "guaranteed_loan_usd": PLENTY,
    "insured_investment_usd": PLENTY,
    "parties_at_risk_usd": PLENTY,
    "study_cost_usd": PLENTY,
    "sbic_licensee": "L",
    "sbic_group": "G",
    "sbic_private_capital_usd": PLENTY,
    "sbic_outstanding_usd": 0,
    "sbic_low_income_usd": 0,
    "sbic_energy_usd": 0,
    "sbic_low_income_licensee": False,
    "us_content_share": 0.6,
    "small_business_share": 0.3,
    "direct_small_business_share": 0.3,
    "risk_grade": 3,
    "exim_term": "long",
    "exim_year_before_usd": 0,
    "climate_eligible": False,
    "transformational_area": True,
    "renewable_efficiency_storage": False,
    "defense_items": False,
    "dual_use_finding": False,
    "government_entity": False,
    "insured_bank_loan": False,
    "dfc_approved_before": False,
    "nuclear_facility": False,
    "economic_impact_review": False,
    "impact_quotient_top": False,
    "soe_of_concern_control": False,
    "significant_impacts": False,
}
"""A package that no limit stands in the way of."""
SHOWN = tuple(
    Finding(requirement=one.id, status="passed") for one in BASE.requirements if one.binds
)
"""What reviewers found of it."""
FACTS_OF_A_CROWD = {f"F{n:02d}": 0.02 for n in range(50)}
"""Fifty members alike, so that the share of one entity is small."""


def ask(tool: str, amount: int, **fields: Any) -> Request:
    return Request(tool=tool, amount_usd=amount, **{"tenor_years": 10, **fields})


def deal(name: str, *requests: Request, host: str = "KEN", **facts: Any) -> Package:
    """Return a package in one country, without members."""
    return package(name, *requests, hosts={host: 1.0}, facts={**FACTS, **facts})


@dataclass(frozen=True)
class Case:
    """What of the law is at stake, and what it must give."""

    packages: tuple[Package, ...]
    expected: Mapping[str, int]
    """USD by `package tool`."""
    freed: Mapping[str, int]
    """The same once the limit is ignored."""
    scores: Mapping[str, float] = field(default_factory=dict)
    parameters: Mapping[str, float | None] = field(default_factory=dict)
    entities: Mapping[str, str | None] = field(default_factory=dict)
    """With their parents."""


def alone(tool: str, asked: int, expected: int, host: str = "KEN", **facts: object) -> Case:
    """One package that asks for one tool, and gets all once the limit is ignored."""
    one = deal("A", ask(tool, asked), host=host, **facts)
    return Case((one,), {f"A {tool}": expected} if expected else {}, {f"A {tool}": asked})


def study_of(
    packages: Iterable[Package],
    ignore: Iterable[str],
    *,
    parameters: Mapping[str, float | None] | None = None,
    entities: Mapping[str, str | None] | None = None,
    as_of: dt.date | None = None,
) -> Study:
    """Return the baseline with other packages, entities and values of parameters."""
    settings = AllocationSettings(ignore={name: Override(**WHY) for name in ignore})
    scenario = BASE.scenario.model_copy(
        update={"allocation": settings, "as_of": as_of or BASE.scenario.as_of}
    )
    packages = tuple(
        one if one.findings else one.model_copy(update={"findings": SHOWN}) for one in packages
    )
    members = {member.entity: None for one in packages for member in one.members}
    parents: dict[str, str | None] = {**members, **(entities or {})}
    return changed(
        BASE,
        scenario=scenario,
        applied=(),
        institutions=tuple(_with(one, parameters or {}) for one in BASE.institutions),
        entities=tuple(
            Entity(id=name, name=name, headquarters=Missing(), stakes=held_by(parent))
            for name, parent in sorted(parents.items())
        ),
        packages=packages,
    )


def _with(institution: Institution, values: Mapping[str, float | None]) -> Institution:
    found = []
    for one in institution.parameters:
        name = f"{institution.institution}.{one.id}"
        if name in values:
            value = values[name]
            missing = "not known" if value is None else None
            start = dt.date(2020, 1, 1)
            fields = {"from": start, "value": value, "missing": missing, "citation": CITED}
            found.append(one.model_copy(update={"values": (Dated(**fields),)}))
        else:
            found.append(one)
    return institution.model_copy(update={"parameters": tuple(found)})


def allocated(case: Study, scores: Mapping[str, float] | None = None) -> Allocation:
    """Allocate with every package designated; the certificate must hold."""
    names = [one.id for one in case.packages]
    found = allocate(case, dict.fromkeys(names, 50.0) | dict(scores or {}), names)
    assert found.status == "optimal"
    assert found.certificate == ()
    return found


def allocated_or_nothing(one: Package, as_of: dt.date | None = None) -> dict[str, int]:
    """Return the amounts of one package under the law alone; nothing where it is not eligible."""
    case = study_of([one], MADE_UP | {"ustda.grant_size"}, as_of=as_of)
    found = allocate(case, {"A": 50.0}, ["A"])
    assert found.status in ("optimal", "nothing")
    assert found.certificate == ()
    return given(found)


def given(found: Allocation) -> dict[str, int]:
    """Return the amounts above 0 in USD, by `package tool`."""
    return {f"{p} {t}": int(a) for (p, t), a in found.amounts.stack().items() if int(a)}


def binding(found: Allocation) -> set[str]:
    """Return the limits that bind."""
    return set(found.limits.loc[found.limits["binding"], "limit"])


def cited(citation: Citation) -> bool:
    """Whether a source is named and was looked at."""
    return citation.confidence == "illustrative" or citation.checked_on is not None
