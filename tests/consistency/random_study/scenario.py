"""The scenario: method, designation, allocation and uncertainty, and maybe a variation of it."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

from tests.consistency.random_study.criteria import Criteria
from tests.consistency.random_study.financing import Institutions
from tests.consistency.random_study.shape import Shape, citation, write_yaml
from tests.programme import IN_YAML

BILL = "S. 12"


def write_scenario(
    folder: Path,
    rng: random.Random,
    shape: Shape,
    criteria: Criteria,
    institutions: Institutions,
    parting: str | None,
) -> Path:
    """Write the scenario, and a variation where one is drawn; return the file to run."""
    base: dict[str, Any] = {
        "scenario": "base",
        "title": "Round as drawn",
        **IN_YAML,
        "as_of": "2026-07-15",
        "call": {"opens": "2026-04-01", "closes": "2026-06-30", "citation": citation(rng)},
        "criteria": "../criteria",
        "financing": "financing",
        "sessions": "sessions",
        "countries": "countries.csv",
        "round": "round",
        "influence": {"shares": _influence(rng, shape), "citation": citation(rng)},
        "method": _method(rng, shape),
        "missing": rng.choice(["interval"] * 13 + ["worst"] * 6 + ["refuse"]),
        "designation": _designation(rng, shape),
        "allocation": _allocation(rng, shape, institutions),
        "uncertainty": _uncertainty(rng, shape),
    }
    if rng.random() < 0.05:
        base["programme"] = "A Programme"
    if rng.random() < 0.06:
        base["extent"] = "full"
    sent = random.Random(f"sent {base['influence']} {base['method']}")
    if sent.random() < 0.4:
        base["submitted_on"] = sent.choice(["2026-07-10", "2026-07-16", "2026-07-20"])
    judged = random.Random(f"judged {base['influence']} {base['method']}")
    if judged.random() < 0.4:
        base["panel"] = judged.choice(["median", {"rule": "trimmed", "share": 0.25}, "mean"])
    if judged.random() < 0.5 and base["method"] == {"name": "weighted_sum"} and shape.own:
        rule = base.get("panel", "mean")
        base["panel"] = {**(rule if isinstance(rule, dict) else {"rule": rule}), "over": "totals"}
    if criteria and "max_packages" in base["designation"] and judged.random() < 0.5:
        base["designation"]["tie_break"] = judged.choice(list(criteria))
    if parting is not None:
        base["designation"] |= {"tie_break": parting}
        base["designation"].setdefault("max_packages", judged.randint(1, len(shape.packages)))
        base["influence"]["shares"] = _without(base["influence"]["shares"], parting)
    if shape.partly and judged.random() < 0.6:
        base["missing"] = "reweight"
    bills = random.Random(f"bill {base['influence']} {base['method']}")
    if bills.random() < 0.15:
        base["if_enacted"] = [{"bill": BILL, "title": "Other shares", "citation": citation(bills)}]
        base["influence"]["citation"] |= {"bill": BILL}
    write_yaml(folder / "base.yaml", base)
    if rng.random() < 0.25:
        return _variation(folder, rng, shape, institutions)
    return folder / "base.yaml"


def _influence(rng: random.Random, shape: Shape) -> dict[str, float]:
    agencies = [agency for agency, _ in shape.agencies]
    cuts = sorted(rng.randint(0, 20) * 5 for _ in agencies[1:])
    parts = [b - a for a, b in itertools.pairwise([0, *cuts, 100])]
    return {agency: part / 100 for agency, part in zip(agencies, parts, strict=True)}


def _without(shares: dict[str, float], criterion: str) -> dict[str, float]:
    """Return the shares with that of a criterion's agency at another's."""
    agency = criterion.partition(".")[0]
    heir = next(one for one in shares if one != agency)
    return {**shares, heir: round(shares[heir] + shares[agency], 2), agency: 0.0}


def _method(rng: random.Random, shape: Shape) -> dict[str, Any]:
    found: dict[str, Any] = {"name": shape.method}
    if shape.method in ("weighted_sum", "weighted_product", "waspas", "topsis", "vikor"):
        if shape.method == "weighted_sum":
            if rng.random() < 0.25 and not shape.partly:
                found["normalization"] = rng.choice(["max", "minmax", "sum", "vector"])
        elif rng.random() < 0.6:
            found["normalization"] = rng.choice(["none", "max", "minmax", "sum", "vector"])
    if shape.method == "waspas" and rng.random() < 0.6:
        found["balance"] = rng.choice([0, 0.3, 1])
    if shape.method == "vikor" and rng.random() < 0.5:
        found["v"] = rng.choice([0, 0.25, 1])
    if shape.method == "promethee":
        kind = rng.choice(["usual", "u_shape", "v_shape", "level", "linear", "gaussian"])
        needs = {
            "usual": {},
            "u_shape": {"q": 10},
            "v_shape": {"p": 30},
            "level": {"q": 5, "p": 25},
            "linear": {"q": 5, "p": 40},
            "gaussian": {"s": 20},
        }
        found |= {"preference": kind, **needs[kind]}
    if shape.method == "electre_tri":
        found["profiles"] = rng.choice([[50], [40, 60, 80], [30, 70]])
        if rng.random() < 0.6:
            found |= {"q": 2, "p": 8}
        if rng.random() < 0.4:
            found |= {"p": 8, "v": 60}
        if rng.random() < 0.4:
            found["cut"] = rng.choice([0.5, 0.6, 0.9, 1])
    return found


def _named(what: str) -> dict[str, Any]:
    return {"because": f"Board minute on {what}.", "by": "Mx Chair", "date": "2026-07-10"}


def _designation(rng: random.Random, shape: Shape) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if rng.random() < 0.5:
        found["min_overall"] = rng.choice([30, 45, 50, 55])
    if rng.random() < 0.35:
        agencies = rng.sample(shape.agencies, rng.randint(1, min(2, len(shape.agencies))))
        found["min_agency"] = {agency: rng.choice([20, 35, 50]) for agency, _ in agencies}
    if rng.random() < 0.6:
        found["max_packages"] = rng.randint(1, max(1, len(shape.packages)))
    chosen = list(shape.packages)
    rng.shuffle(chosen)
    if rng.random() < 0.25:
        found["include"] = {one: _named("entry") for one in chosen[:1]}
    if rng.random() < 0.2 and len(chosen) > 1:
        found["exclude"] = {one: _named("absence") for one in chosen[1:2]}
    if rng.random() < 0.4:
        found["citation"] = citation(rng)
    return found if found.keys() - {"citation"} else {**found, "min_overall": 30}


def _allocation(rng: random.Random, shape: Shape, institutions: Institutions) -> dict[str, Any]:
    tools = [f"{n}.{t['id']}" for n, one in institutions.items() for t in one.get("tools", ())]
    limits = [f"{n}.{x['id']}" for n, one in institutions.items() for x in one.get("limits", ())]
    found: dict[str, Any] = {}
    if rng.random() < 0.35:
        found["objective"] = "amount"
    if rng.random() < 0.35:
        found["scores"] = rng.choice(["ranks", "above_floor"])
    if tools and rng.random() < 0.25:
        found["tool_weights"] = {rng.choice(tools): rng.choice([0.5, 2])}
    if rng.random() < 0.3:
        found["minimum_support"] = rng.choice([0.1, 0.25, 0.5])
    if tools and rng.random() < 0.2:
        found["reserve"] = rng.choice([0.1, 0.3, {rng.choice(tools): 0.25}])
    chosen = list(shape.packages)
    rng.shuffle(chosen)
    if tools and rng.random() < 0.12:
        found["must"] = {chosen[0]: _named("duty")}
    if tools and len(chosen) > 1 and rng.random() < 0.2:
        ban = _named("ban") | ({"tool": rng.choice(tools)} if rng.random() < 0.4 else {})
        found["must_not"] = {chosen[1]: ban}
    if limits and rng.random() < 0.2:
        ignored = rng.choice([rng.choice(limits), "kind:goal", f"{rng.choice(tools)}.envelope"])
        found["ignore"] = {ignored: _named("relief")}
    if rng.random() < 0.06:
        found["solver"] = "cbc"
    return found


def _uncertainty(rng: random.Random, shape: Shape) -> dict[str, Any]:
    found: dict[str, Any] = {"draws": rng.choice([0, 50, 200, 200]), "seed": rng.randint(1, 999)}
    known = ["stated", "uniform", "stated", "uniform", "order", {"relative_deviation": 0.3}]
    if rng.random() < 0.5:
        found["weights"] = rng.choice(known)
    if rng.random() < 0.5:
        found["influence"] = rng.choice(known)
    if rng.random() < 0.3:
        found["ratings"] = "stated"
    if rng.random() < 0.2:
        found["weights_of"] = {rng.choice(shape.agencies)[0]: rng.choice(known)}
    return found


def _variation(folder: Path, rng: random.Random, shape: Shape, institutions: Institutions) -> Path:
    changes = [{"set": "designation.max_packages", "to": rng.randint(1, 6)}]
    if rng.random() < 0.5:
        changes.append({"set": "influence.shares", "to": _influence(rng, shape)})
    tools = [(n, t["id"]) for n, one in institutions.items() for t in one.get("tools", ())]
    if tools and rng.random() < 0.6:
        name, tool = rng.choice(tools)
        path = f"institutions.{name}.tools.{tool}.envelope.amount"
        changes.append({"set": path, "to": rng.choice([2_000_000, 9_050_000, 150_000_000])})
    if rng.random() < 0.4:
        path = f"agencies.{shape.agencies[0][0]}.criteria.c0.floor"
        changes.append({"set": path, "to": rng.choice([10, 55, 90])})
    for change in changes:
        change |= {"because": "To see what follows.", "by": "analyst", "date": "2026-07-15"}
    data = {"scenario": "varied", "title": "Varied round", "extends": "base", "changes": changes}
    write_yaml(folder / "varied.yaml", data)
    return folder / "varied.yaml"
