"""Studies of a few packages and tools, built in code for the allocation."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from evaluator.allocation import allocate
from evaluator.allocation.explain.findings import LimitHoldsAtZero
from evaluator.allocation.model.findings import (
    AlternativesRule,
    ExclusiveRule,
    LimitRule,
    MinimumRule,
    MustNotRule,
    MustRule,
    RequiresRule,
    SupportRule,
)
from evaluator.model.base import Datum, Known, Missing, Override
from evaluator.model.country import Attribute, Country
from evaluator.model.financing import (
    Authority,
    Dated,
    Envelope,
    Institution,
    Limit,
    Parameter,
    RateTable,
    Subsidy,
    Tool,
    Trigger,
)
from evaluator.model.package import Entity, Exposure, Member, Package, Request, Target
from evaluator.model.scenario import AllocationSettings, Must, MustNot
from evaluator.model.study import Study
from evaluator.results.evaluation import Allocation
from evaluator.results.findings import Finding, Findings
from tests.studies import CITED, agency, held_by, scenario

M = 1_000_000
DAY = dt.date(2026, 7, 1)
WHY = {"because": "For this case.", "by": "analyst", "date": DAY}
COLUMNS = (
    Attribute(id="cost_usd", label="Capital cost", type="money"),
    Attribute(id="content_share", label="US content", type="share"),
    Attribute(id="small_share", label="Small business", type="share"),
    Attribute(id="sector", label="Sector", type="text"),
    Attribute(id="grade", label="Risk grade", type="number"),
    Attribute(id="green", label="Green", type="flag"),
)
HOSTS = (
    Country(id="AAA", name="A", bloc="East", attributes={"class": Known(value="low")}),
    Country(id="BBB", name="B", bloc="East", attributes={"class": Known(value="high")}),
    Country(id="CCC", name="C", bloc="West", attributes={"class": Known(value="low")}),
    Country(id="DDD", name="D", bloc="West", attributes={"class": Missing(reason="not found")}),
)


def ask(tool: str, amount: int, **fields: Any) -> Request:
    return Request(tool=tool, amount_usd=amount, **fields)


def package(
    name: str,
    *requests: Request,
    hosts: Mapping[str, float] | None = None,
    members: Mapping[str, float] | None = None,
    facts: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Package:
    """Return a package; the first of its members is its anchor, None is a missing fact."""
    known: dict[str, Datum] = {
        key: Missing() if value is None else Known(value=value)
        for key, value in (facts or {}).items()
    }
    return Package(
        id=name,
        title=name,
        attributes=known,
        requests=requests,
        targets=tuple(Target(country=c, share=s) for c, s in (hosts or {}).items()),
        members=tuple(
            Member(entity=e, role="member" if n else "anchor", exposure_share=s)
            for n, (e, s) in enumerate((members or {}).items())
        ),
        **fields,
    )


def tool(name: str, envelope: int, rate: float | dict[str, float] = 0.0, **fields: Any) -> Tool:
    table = RateTable(by="grade", rates=rate) if isinstance(rate, dict) else rate
    return Tool(
        id=name,
        label=name,
        statute=CITED,
        envelope=Envelope(amount=envelope, citation=CITED),
        subsidy=Subsidy(rate=table, citation=CITED),
        **fields,
    )


def limit(name: str, *tools: str, kind: str = "law", **fields: Any) -> Limit:
    chosen = tools or ("bank.*",)
    return Limit(id=name, label=name, kind=kind, tools=chosen, citation=CITED, **fields)


def parameter(name: str, value: float | None, unit: str = "USD") -> Parameter:
    start = dt.date(2020, 1, 1)
    missing = "not found" if value is None else None
    dated = Dated(**{"from": start, "value": value, "missing": missing, "citation": CITED})
    return Parameter(id=name, label=name, unit=unit, values=(dated,))


def study(
    packages: Iterable[Package],
    tools: Iterable[Tool],
    limits: Iterable[Limit] = (),
    parameters: Iterable[Parameter] = (),
    *,
    entities: Mapping[str, str | None] | None = None,
    lapses: dt.date | None = None,
    must: Mapping[str, Mapping[str, Any]] | None = None,
    must_not: Mapping[str, Mapping[str, Any]] | None = None,
    ignore: Iterable[str] = (),
    **settings: Any,
) -> Study:
    """Return a study of one institution, `bank`."""
    chosen = AllocationSettings(
        must={p: Must(**WHY, **dict(f)) for p, f in (must or {}).items()},
        must_not={p: MustNot(**WHY, **dict(f)) for p, f in (must_not or {}).items()},
        ignore={name: Override(**WHY) for name in ignore},
        **settings,
    )
    bank = Institution(
        institution="bank",
        name="Bank",
        authority=Authority(lapses_on=lapses, citation=CITED) if lapses else None,
        parameters=tuple(parameters),
        tools=tuple(tools),
        limits=tuple(limits),
    )
    return Study(
        scenario=scenario(as_of=DAY, allocation=chosen),
        package_attributes=COLUMNS,
        agencies=(agency(),),
        institutions=(bank,),
        countries=HOSTS,
        entities=tuple(
            Entity(id=e, name=e, headquarters=Known(value="AAA"), stakes=held_by(parent))
            for e, parent in (entities or {}).items()
        ),
        packages=tuple(sorted(packages, key=lambda p: p.id)),
    )


def random_study(seed: int, *, size: int = 6, plain: bool = False, **settings: Any) -> Study:
    """Return a study with limits of every form; `plain`: no goals and no lower limits."""
    draw = random.Random(seed)
    tools = [
        tool("loan", draw.randint(50, 300) * 1_000_003, draw.choice([-0.01, 0.0125, 0.07])),
        tool("grant", draw.randint(5, 60) * 1_000_000, {"1": 0.013, "2": 0.5, "3": 1.0}),
        tool(
            "cover",
            draw.randint(20, 200) * 1_000_000,
            0.003,
            minimum_ticket=draw.choice([0, 0, 7_500_000]),
            eligible=draw.choice([{}, {"host.class": "low"}]),
        ),
    ]
    packages = [_random_package(draw, f"P{number:02d}", size) for number in range(size)]
    entities = {"E0": None, "E1": "E0", "E2": None, "E3": "E2", "E4": None}
    parameters = [
        parameter("cap", draw.randint(100, 500) * 1_000_000),
        parameter("used", draw.randint(0, 120) * 1_000_001),
        parameter("third", draw.choice([0.25, 0.3333, 0.4]), "share"),
    ]
    pool = [*_upper(draw), *([] if plain else _lower(draw))]
    chosen = draw.sample(pool, draw.randint(2, len(pool)))
    base: dict[str, Any] = {"minimum_support": draw.choice([0, 0, 0.2, 0.35])}
    base["objective"] = draw.choice(["coverage", "amount"])
    base["tool_weights"] = draw.choice([{}, {"bank.grant": 2.5}])
    return study(packages, tools, chosen, parameters, entities=entities, **{**base, **settings})


def varied(case: Study, seed: int) -> Study:
    """Return a random study with what scenarios add: overrides, reserves, days, exposures, terms.

    Each is drawn on its own, most studies have one or two of them.
    """
    draw = random.Random(f"varied {seed}")
    names = [p.id for p in case.packages]
    bank, entities = case.institutions[0], case.entities
    settings: dict[str, Any] = {}
    if draw.random() < 0.25:
        more = draw.choice([{}, {"at_least": 2_000_000}, {"tool": "bank.loan"}])
        settings["must"] = {draw.choice(names): Must(**WHY, **more)}
    if draw.random() < 0.25:
        settings["must_not"] = {draw.choice(names): MustNot(**WHY)}
    if draw.random() < 0.25:
        left_out = draw.choice([*case.limits, "bank.loan.envelope", "kind:goal"])
        settings["ignore"] = {left_out: Override(**WHY)}
    if draw.random() < 0.15:
        settings["reserve"] = draw.choice([0.2, {"bank.loan": 0.35}])
    settings["scores"] = draw.choice(["as_is", "as_is", "ranks"])
    if draw.random() < 0.25:
        when = {"parameter": "bank.used", "at_least": draw.choice([60_000_000, "bank.cap"])}
        limits = [
            x.model_copy(update={"when": Trigger(**when)}) if draw.random() < 0.5 else x
            for x in bank.limits
        ]
        bank = bank.model_copy(update={"limits": tuple(limits)})
    if draw.random() < 0.25:
        owed = Exposure(institution="bank", amount_usd=draw.randint(1, 120) * 1_000_001)
        entities = tuple(
            e.model_copy(update={"exposures": (owed,)}) if e.id in ("E1", "E2") else e
            for e in entities
        )
        limits = [
            x.model_copy(update={"outstanding": True}) if x.per in ("entity", "anchor") else x
            for x in bank.limits
        ]
        bank = bank.model_copy(update={"limits": tuple(limits)})
    if draw.random() < 0.1:
        authority = Authority(
            lapses_on=DAY - dt.timedelta(days=draw.choice([0, 1])), citation=CITED
        )
        bank = bank.model_copy(update={"authority": authority})
    case = changed(case, institutions=(bank,), entities=entities)
    return case.with_allocation(**settings)


def changed(case: Study, **fields: Any) -> Study:
    """Return a copy; a study keeps what it has worked out, so a mere update would be stale."""
    return Study(**{name: getattr(case, name) for name in Study.model_fields} | fields)


def scores_of(case: Study, seed: int = 0) -> dict[str, float]:
    draw = random.Random(seed)
    return {name: round(draw.uniform(20, 95), 3) for name in sorted(case.package_by_id)}


def _random_package(draw: random.Random, name: str, size: int) -> Package:
    requests = []
    for kind, most in (("loan", 120), ("grant", 20), ("cover", 60)):
        if draw.random() < 0.7 or (kind == "loan" and name == "P00"):
            amount = draw.randint(1, most) * draw.choice([1_000_000, 999_983])
            fields: dict[str, Any] = {}
            if draw.random() < 0.2:
                fields["all_or_nothing"] = True
            elif draw.random() < 0.2:
                fields["minimum_usd"] = amount // 3
            if draw.random() < 0.15:
                fields["alternative_group"] = "alt"
            requests.append(ask(f"bank.{kind}", amount, **fields))
    share = draw.choice([0.4, 0.333, 0.5])
    hosts = draw.choice(
        [{"AAA": 1.0}, {"AAA": share, "BBB": round(1 - share, 3)}, {"CCC": 0.6, "DDD": 0.4}, {}]
    )
    members = draw.choice([{}, {"E1": 0.7, "E3": 0.3}, {"E0": 0.55, "E4": 0.45}, {"E2": 1.0}])
    facts = {
        "cost_usd": draw.choice([None, draw.randint(20, 400) * 1_000_000]),
        "content_share": draw.choice([None, 0.51, 0.377]),
        "small_share": draw.choice([None, 0.1, 0.45]),
        "sector": draw.choice([None, "energy", "health"]),
        "grade": draw.choice([None, 1, 2, 3]),
        "green": draw.choice([None, 0, 1]),
    }
    requires = (f"P{draw.randrange(size):02d}",) if draw.random() < 0.1 else ()
    group = "G" if draw.random() < 0.15 else None
    return package(
        name,
        *requests,
        hosts=hosts,
        members=members,
        facts=facts,
        requires=requires,
        exclusive_group=group,
    )


def _upper(draw: random.Random) -> list[Limit]:
    of_all = {"tools": ("bank.*",), "plus": "bank.used"}
    return [
        limit("subsidy", measure="subsidy", at_most=draw.randint(1, 30) * 1_000_000),
        limit("exposure", at_most="bank.cap", plus="bank.used"),
        limit("entity", per="entity", at_most={"share": "bank.third", "of": "bank.cap"}),
        limit("anchor", "bank.loan", per="anchor", at_most=draw.randint(30, 150) * 1_000_000),
        limit("country", per="country", at_most={"share": 0.45, "of": of_all}),
        limit("bloc", per="bloc", at_most=draw.randint(60, 250) * 1_000_000),
        limit("sector", per="sector", at_most=draw.randint(40, 200) * 1_000_000),
        limit("cost", per="package", at_most={"share": 0.85, "of": "cost_usd"}),
        limit(
            "content",
            "bank.loan",
            per="package",
            at_most={"min": ({"share": "content_share", "of": "cost_usd"}, 90_000_000)},
        ),
        limit(
            "rich",
            per="package",
            packages={"host.class": "high"},
            at_most={"share": 0.25, "of": "cost_usd"},
        ),
        limit(
            "rich_all",
            packages={"host.class": "high"},
            at_most={"share": "bank.third", "of": of_all},
        ),
        limit("grant_share", "bank.grant", at_most={"share": 0.35, "of": {"tools": ("bank.*",)}}),
        limit("brown", packages={"green": False}, at_most=draw.randint(20, 90) * 1_000_000),
        limit("goal_cap", "bank.cover", kind="goal", at_most=25_000_000, cost_per_million=0.05),
    ][: 14 if draw.random() < 0.5 else 13]


def _lower(draw: random.Random) -> list[Limit]:
    return [
        limit(
            "small_floor",
            weigh_by="small_share",
            at_least={"share": 0.05, "of": {"tools": ("bank.loan",)}},
        ),
        limit(
            "goal_small",
            kind="goal",
            weigh_by="small_share",
            at_least=40_000_000,
            cost_per_million=0.2,
        ),
        limit("grant_floor", "bank.grant", at_least=draw.randint(0, 12) * 1_000_001),
    ]


def run(case: Study, **scores: float) -> Allocation:
    """Allocate with every package that has a score designated; the certificate must hold."""
    found = allocate(case, scores, list(scores))
    assert found.status in ("optimal", "nothing")
    assert found.certificate == ()
    return found


def given(found: Allocation) -> dict[str, int]:
    """Return the amounts above 0 in millions (whole ones), by `package tool`."""
    cells = found.amounts.stack()
    return {f"{p} {t.removeprefix('bank.')}": int(a) // M for (p, t), a in cells.items() if int(a)}


def row_of(found: Allocation, name: str, group: str = "") -> pd.Series:
    """Return the row of one limit and group."""
    table = found.limits.set_index(["limit", "group"])
    return table.loc[(f"bank.{name}", group)]


def reason(found: Allocation, name: str, kind: str) -> Findings:
    """Return what capped a request."""
    findings: Findings = found.table.set_index(["package", "tool"]).loc[
        (name, f"bank.{kind}"), "reason"
    ]
    return findings


def label_of(finding: Finding) -> str:
    """Return the label of the program's rows that a member of a conflict stands for."""
    match finding:
        case LimitRule(limit=name, group=group) | LimitHoldsAtZero(limit=name, group=group):
            return f"{name} ({group})" if group else name
        case MustRule(package=package):
            return f"must {package}"
        case MustNotRule(package=package):
            return f"must not {package}"
        case MinimumRule(package=package, tool=tool):
            return f"minimum of {tool} ({package})"
        case SupportRule(package=package):
            return f"minimum_support ({package})"
        case AlternativesRule(package=package, group=group):
            return f"alternatives {group} ({package})"
        case ExclusiveRule(group=group):
            return f"exclusive group {group}"
        case RequiresRule(package=package, other=other):
            return f"{package} requires {other}"
    raise AssertionError(finding)


def capped(found: Allocation, name: str, kind: str) -> tuple[str, str, str]:
    """Return limit, group and rival of what capped a request."""
    row = found.table.set_index(["package", "tool"]).loc[(name, f"bank.{kind}")]
    return row["limit"], row["group"], row["rival"]
