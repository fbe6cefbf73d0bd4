"""Institutions with tools, and limits of every kind, measure, sense, group and bound."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.consistency.random_study.shape import Shape, citation, write_yaml

Institutions = dict[str, dict[str, Any]]
"""Each as it stands in its file, by its id."""
_NAMES = {"bank": "Public Development Bank", "exim": "Export Bank", "zz": "Guarantee Fund of Zed"}
_TOOLS = {"loan": "Direct loan", "equity": "Equity stake", "grant": "Study grant"}
_MILLION = 1_000_000


def write_financing(folder: Path, rng: random.Random, shape: Shape) -> Institutions:
    """Write institutions, 0 to 3 with tools and maybe one that only limits, and return them."""
    found: Institutions = {}
    for name in rng.sample(list(_NAMES), rng.choice([0, 1, 1, 2, 2, 2, 3])):
        found[name] = _institution(rng, name)
    if not found or rng.random() < 0.6:
        found["program"] = {"institution": "program", "name": "The whole program"}
    tools = [f"{name}.{tool['id']}" for name, one in found.items() for tool in one.get("tools", ())]
    for name, one in found.items():
        limits = _limits(rng, shape, name, one, tools)
        if limits:
            one["limits"] = limits
    for name, one in found.items():
        _appropriate(random.Random(f"money {name} {one.get('tools')}"), one)
        _clock(random.Random(f"clock {name} {one.get('tools')}"), name, one)
        write_yaml(folder / "financing" / f"{name}.yaml", one)
    write_yaml(folder / "sessions" / "assembly.yaml", _sessions(random.Random(f"{found}")))
    return found


def _clock(rng: random.Random, name: str, one: dict[str, Any]) -> None:
    """Give some institutions with tools notices with clocks, and an authority that soon ends."""
    if not one.get("tools") or rng.random() < 0.2:
        return
    if "authority" not in one and rng.random() < 0.7:
        day = rng.choice(["2026-07-20", "2026-08-03", "2026-08-20", "2026-09-10"])
        one["authority"] = {"lapses_on": day, "citation": citation(rng)}
    for number in range(rng.choice([1, 2])):
        clock: dict[str, Any] = {"start": "a letter", "act": "a vote", "days": rng.randint(1, 20)}
        if rng.random() < 0.3:
            clock["inclusive"] = True
        if rng.random() < 0.3:
            clock["started"] = "submitted_on"
        if rng.random() < 0.2:
            clock["sense"] = "within"
        elif rng.random() < 0.7:
            clock |= {"counted": "sitting", "calendar": "assembly"}
            if rng.random() < 0.6:
                further = rng.randint(1, 6)
                clock["or"] = {"days": rng.randint(5, 25), "inclusive": True, "further": further}
        notice = {
            "id": f"told{number}",
            "label": f"What is told, number {number}",
            "kind": "notice",
            "tools": [f"{name}.*"],
            "per": rng.choice(["package", "package", "program", "country"]),
            "at_most": rng.choice([0, 0, 1, 8]) * _MILLION,
            "clock": clock,
            "citation": citation(rng),
        }
        one.setdefault("limits", []).append(notice)


def _sessions(rng: random.Random) -> dict[str, Any]:
    """A calendar around the day of the study, with adjournments of one body or both."""
    found: dict[str, Any] = {
        "calendar": "assembly",
        "label": "Sessions of the assembly",
        "bodies": {"upper": "Upper house", "lower": "Lower house"},
        "from": rng.choice(["2026-06-01", "2026-07-15", "2026-07-16"]),
        "until": "2026-08-31",
        "citation": citation(rng),
    }
    if rng.random() < 0.5:
        found["ends"] = "2026-08-14"
    found["adjournments"] = [
        {"bodies": bodies, "from": first, "until": last, "basis": "drawn"}
        for bodies, first, last in (
            (["upper"], "2026-07-16", "2026-07-19"),
            (["lower", "upper"], "2026-07-18", "2026-07-26"),
            (["lower"], "2026-08-01", "2026-08-09"),
        )
        if rng.random() < 0.6
    ]
    return found


def _institution(rng: random.Random, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {"institution": name, "name": _NAMES[name]}
    if rng.random() < 0.5:
        found["short"] = name.upper()
    if rng.random() < 0.2:
        day = rng.choice(["2026-01-31", "2027-01-31"])
        found["authority"] = {"lapses_on": day, "citation": citation(rng)}
    found["parameters"] = [
        _parameter(rng, "cap", "USD", rng.choice([20, 60, 400]) * _MILLION),
        _parameter(rng, "largest_share", "share", rng.choice([0.25, 0.5, 0.8])),
        _parameter(rng, "default_rate", "share", rng.choice([0.01, 0.03])),
    ]
    found["parameters"] = [one for one in found["parameters"] if one]
    tools = rng.sample(list(_TOOLS), rng.randint(1, 3))
    found["tools"] = [_tool(rng, tool) for tool in tools]
    return found


def _appropriate(rng: random.Random, one: dict[str, Any]) -> None:
    """State, of some institutions, whether money is appropriated: before, on and after the day."""
    if not one.get("tools") or rng.random() < 0.7:
        return
    state = rng.choice(["none", "continuing", "continuing", "appropriated"])
    of_day: dict[str, Any] = {"from": "2026-07-15", "state": state, "citation": citation(rng)}
    if state == "continuing":
        of_day["rate"] = rng.choice([0.5, 1.0, 0.333])
    before = {"from": "2025-10-01", "state": "appropriated", "citation": citation(rng)}
    after = {"from": "2026-07-16", "state": "none", "citation": citation(rng)}
    one["appropriations"] = [before, of_day, after]
    for tool in one["tools"]:
        tool["last_year"] = rng.choice([2_000_001, 10 * _MILLION, 90 * _MILLION])


def _parameter(rng: random.Random, name: str, unit: str, value: float) -> dict[str, Any]:
    stated: dict[str, Any] = {"from": "2026-01-01", "citation": citation(rng)}
    if name == "default_rate" and rng.random() < 0.3:
        stated["missing"] = "Not published"
    else:
        stated["value"] = value
    values = [stated]
    if rng.random() < 0.3:
        later = {"from": "2026-06-01", "citation": citation(rng), "value": value}
        values.append(later)
    return {"id": name, "label": f"Number {name}", "unit": unit, "values": values}


def _tool(rng: random.Random, name: str) -> dict[str, Any]:
    rate: Any = rng.choice([0.0, 0.02, 0.1, 1.0, -0.01])
    if rng.random() < 0.3:
        rates = {"1": 0.01, "2": 0.02, "3": 0.05, "5": 0.2}
        rate = {"by": "risk_grade", "rates": rates}
    amount = rng.choice([4, 12, 25, 60, 100, 300]) * _MILLION + rng.choice([0, 0, 50_000, 3])
    found: dict[str, Any] = {
        "id": name,
        "label": _TOOLS[name],
        "statute": citation(rng),
        "envelope": {"amount": amount, "citation": citation(rng)},
        "subsidy": {"rate": rate, "citation": citation(rng)},
    }
    if rng.random() < 0.3:
        found["minimum_ticket"] = rng.choice([500_000, 2_000_000, 8_000_000])
    if rng.random() < 0.35:
        found["eligible"] = rng.choice(_FILTERS)
    if rng.random() < 0.2:
        found["tenor_at_most"] = rng.choice([15, {"by": "green", "years": {"yes": 22, "no": 12}}])
    return found


_FILTERS: list[dict[str, Any]] = [
    {"host.income_group": ["LMC", "UMC"]},
    {"sector": ["compute", "energy"]},
    {"green": True},
    {"us_share": {"at_least": 0.3}},
    {"host.bloc": "Africa", "risk_grade": {"at_most": 6}},
    {"sector": "health"},
    {"kept": False},
    {"held": {"below": 0.5}},
    {"a_made": {"at_least": 0.51}},
]


def _limits(
    rng: random.Random, shape: Shape, name: str, one: dict[str, Any], tools: list[str]
) -> list[dict[str, Any]]:
    mine = [f"{name}.*"] if one.get("tools") else ["*"]
    found = []
    for number in range(rng.choice([0, 1, 2, 3, 4, 5]) if tools else 0):
        body = rng.choice(_LIMITS)(rng, name if one.get("tools") else None)
        limit = {"id": f"x{number}", "label": f"Limit number {number} of {name}", **body}
        limit.setdefault("kind", "law")
        limit["tools"] = [rng.choice(tools)] if tools and rng.random() < 0.2 else mine
        limit["citation"] = citation(rng)
        if rng.random() < 0.15:
            limit["packages"] = rng.choice(_FILTERS)
        found.append(limit)
    return found


_Body = dict[str, Any]


def _program_cap(rng: random.Random, own: str | None) -> _Body:
    body: _Body = {"at_most": rng.choice([3, 10, 40, 90]) * _MILLION}
    if body["at_most"] == 3 * _MILLION:
        return {"measure": "packages", "at_most": 2}
    if own and rng.random() < 0.4:
        body = {
            "at_most": f"{own}.cap",
            "plus": rng.choice([0, 5 * _MILLION, 5 * _MILLION, 70 * _MILLION]),
        }
    return body


def _subsidy_budget(rng: random.Random, own: str | None) -> _Body:
    return {"measure": "subsidy", "at_most": rng.choice([200_000, 1 * _MILLION, 5 * _MILLION])}


def _of_cost(rng: random.Random, own: str | None) -> _Body:
    share = f"{own}.largest_share" if own and rng.random() < 0.4 else rng.choice([0.1, 0.35, 0.6])
    bound: Any = {"share": share, "of": "capital_cost_usd"}
    if rng.random() < 0.3:
        bound = {"min": [rng.choice([5, 25]) * _MILLION, bound]}
    if share == 0.35:
        bound = {"sum": [2 * _MILLION, bound]}
    return {"per": "package", "at_most": bound}


def _per_group(rng: random.Random, own: str | None) -> _Body:
    per = rng.choice(["entity", "country", "bloc", "anchor", "sector"])
    body: _Body = {"per": per}
    if own and rng.random() < 0.4:
        body["at_most"] = {"share": rng.choice([0.05, 0.3]), "of": f"{own}.cap"}
    elif rng.random() < 0.4:
        whole = [f"{own}.*"] if own else ["*"]
        body["at_most"] = {"share": rng.choice([0.4, 0.75]), "of": {"tools": whole}}
    else:
        body["at_most"] = rng.choice([2, 8, 30]) * _MILLION
    if per in ("entity", "anchor") and rng.random() < 0.5:
        body["outstanding"] = True
    return body


def _goal(rng: random.Random, own: str | None) -> _Body:
    whole = [f"{own}.*"] if own else ["*"]
    cost = rng.choice([0.005, 0.5, 5.0, 1000.0])
    if rng.random() < 0.6:
        bound = {"share": rng.choice([0.2, 0.5]), "of": {"tools": whole}}
        if cost in (0.5, 1000.0):
            return {
                **{"kind": "goal", "measure": "packages", "packages": {"green": True}},
                **{"at_least": bound, "cost_per_package": cost},
            }
        return {
            "kind": "goal",
            "weigh_by": "us_share",
            "at_least": bound,
            "cost_per_million": cost,
        }
    side = rng.choice(["at_least", "at_most"])
    return {
        "kind": "goal",
        side: rng.choice([1, 20, 500]) * _MILLION,
        "cost_per_million": cost,
    }


def _notice(rng: random.Random, own: str | None) -> _Body:
    per = rng.choice(["package", "country", "program"])
    return {"kind": "notice", "per": per, "at_most": rng.choice([1, 10, 40]) * _MILLION}


def _when(rng: random.Random, own: str | None) -> _Body:
    if own is None:
        return _program_cap(rng, own)
    when = {"parameter": f"{own}.default_rate", "at_least": 0.02}
    most = rng.choice([0, 2, 20]) * _MILLION
    days = {2 * _MILLION: {"from": "2026-07-16"}, 20 * _MILLION: {"until": "2026-07-15"}}
    return {"at_most": most, **days.get(most, {"when": when})}


def _at_least(rng: random.Random, own: str | None) -> _Body:
    least = rng.choice([0, 100_000, 100_000, 1 * _MILLION, 15 * _MILLION])
    return {"at_least": least, "packages": {"green": True}} if least else {"at_least": 0}


_LIMITS: list[Callable[[random.Random, str | None], _Body]] = [
    *(_program_cap, _program_cap, _subsidy_budget, _subsidy_budget, _of_cost, _of_cost),
    *(_program_cap, _of_cost, _per_group, _per_group, _per_group, _per_group, _goal, _goal),
    *(_goal, _notice, _when, _at_least),
]
