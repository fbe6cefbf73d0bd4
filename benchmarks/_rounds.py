"""Studies of any size: packages x 10 tools, 40 % of pairs asked for, 40 countries, 6 regions."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from evaluator.model.agency import Agency, Weights
from evaluator.model.base import Citation, Known
from evaluator.model.country import Country
from evaluator.model.criterion import Anchors, Criterion, ValueFunction
from evaluator.model.financing import Envelope, Institution, Limit, ShareOf, Subsidy, Tool
from evaluator.model.package import Package, Request, Target
from evaluator.model.scenario import AllocationSettings, Influence, Scenario
from evaluator.model.study import Study

CITED = Citation(title="Made for a benchmark", confidence="illustrative")
MILLION = 1_000_000
TOOLS, COUNTRIES, REGIONS = 10, 40, 6
ENVELOPE = 0.3
"""Of what is asked."""


@dataclass(frozen=True)
class Round:
    """A study and the scores of its packages."""

    study: Study
    scores: dict[str, float]


def synthetic(packages: int, *, seed: int = 0, order: int = 0, gap: float = 1e-4) -> Round:
    """Return a study; `order` shuffles the ids, and so the rows and columns of its program.

    Every tool has a minimum ticket, half of the requests a minimum of their own, every package a
    minimum support; envelopes, countries, regions, subsidy and the share of a package's cost bind.
    """
    draw = random.Random(seed)
    tickets = [draw.choice([5, 10, 15, 20, 25]) * MILLION for _ in range(TOOLS)]
    rates = [draw.choice([0.01, 0.03, 0.07, -0.01, 0.12]) for _ in range(TOOLS)]
    names = [f"P{number:05d}" for number in range(packages)]
    random.Random(order).shuffle(names)
    found = [_package(draw, name, tickets) for name in names]
    scores = {package.id: round(draw.uniform(20, 95), 3) for package in found}
    asked = [
        sum(r.amount_usd for p in found for r in p.requests if r.tool == f"bank.t{t}")
        for t in range(TOOLS)
    ]
    tools = tuple(
        Tool(
            id=f"t{t}",
            label=f"Tool {t}",
            statute=CITED,
            envelope=Envelope(
                amount=int(asked[t] * ENVELOPE * draw.uniform(0.6, 1.4)), citation=CITED
            ),
            subsidy=Subsidy(rate=rates[t], citation=CITED),
            minimum_ticket=tickets[t],
        )
        for t in range(TOOLS)
    )
    spent = sum(asked) * ENVELOPE
    rate = sum(max(0.0, one) for one in rates) / TOOLS
    bank = Institution(
        institution="bank", name="Bank", tools=tools, limits=_limits(spent, spent * rate)
    )
    study = Study(
        scenario=_scenario(gap),
        agencies=(_agency(),),
        institutions=(bank,),
        countries=tuple(
            Country(id=f"C{i:02d}", name=f"C{i:02d}", bloc=f"R{i % REGIONS}", attributes={})
            for i in range(COUNTRIES)
        ),
        packages=tuple(sorted(found, key=lambda package: package.id)),
    )
    return Round(study, scores)


def _package(draw: random.Random, name: str, tickets: list[int]) -> Package:
    country = f"C{draw.randrange(COUNTRIES):02d}"
    requests = []
    for tool, ticket in enumerate(tickets):
        if draw.random() < 0.4:
            amount = int(draw.uniform(ticket / MILLION, 120) * MILLION)
            least = int(amount * draw.uniform(0, 0.5))
            requests.append(
                Request(tool=f"bank.t{tool}", amount_usd=max(amount, ticket), minimum_usd=least)
            )
    return Package(
        id=name,
        title=name,
        attributes={"cost_usd": Known(value=draw.randint(60, 400) * MILLION)},
        targets=(Target(country=country, share=1.0),),
        requests=tuple(requests),
    )


def _limits(spent: float, subsidy: float) -> tuple[Limit, ...]:
    def limit(name: str, **fields: object) -> Limit:
        return Limit.model_validate(
            {
                "id": name,
                "label": name,
                "kind": "law",
                "tools": ("bank.*",),
                "citation": CITED,
                **fields,
            }
        )

    return (
        limit("country", per="country", at_most=int(spent / COUNTRIES * 0.8)),
        limit("region", per="bloc", at_most=int(spent / REGIONS * 0.9)),
        limit("subsidy", measure="subsidy", at_most=int(subsidy * 0.8)),
        limit("cost", per="package", at_most=ShareOf(share=0.6, of="cost_usd")),
    )


def _agency() -> Agency:
    criterion = Criterion(
        id="x",
        label="x",
        kind="measure",
        unit="share",
        direction="higher",
        value=ValueFunction(linear=Anchors(worst=0, best=1)),
        citation=CITED,
    )
    weights = Weights(method="swing", confidence="illustrative", judgements={"x": 100.0})
    return Agency(agency="a", name="a", criteria=(criterion,), weights=weights)


def _scenario(gap: float) -> Scenario:
    return Scenario(
        scenario="benchmark",
        title="Benchmark",
        as_of=dt.date(2026, 7, 1),
        criteria="criteria",
        financing="financing",
        countries="countries.csv",
        round="round",
        influence=Influence(shares={"a": 1.0}, citation=CITED),
        allocation=AllocationSettings(minimum_support=0.25, gap=gap),
    )
