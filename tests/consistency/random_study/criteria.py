"""Agencies with criteria of each kind, value functions of each form, weights of each method."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

from tests.consistency.random_study.shape import SAID, Shape, citation, write_yaml
from tests.consistency.weights import ratio_of

Criteria = dict[str, dict[str, Any]]
"""Each criterion as it stands in its file, by its full id."""
LEVELS = ("excellent", "good", "fair", "poor")
STARS = {"from": 0, "to": 5, "step": 0.5}
_OF_STARS: list[dict[str, Any]] = [
    {"linear": {"worst": 0, "best": 5}},
    {"linear": {"worst": 6, "best": 0}},
    {"piecewise": [[0, 0], [3.5, 30], [5, 100]]},
]
ATTRIBUTES: list[dict[str, Any]] = [
    {"id": "capital_cost_usd", "label": "Capital cost", "type": "money"},
    {"id": "us_share", "label": "Part made at home", "type": "share"},
    {"id": "risk_grade", "label": "Risk grade", "type": "number", "at_least": 1, "at_most": 7},
    {"id": "submitted_on", "label": "Day of submission", "type": "date"},
    {
        "id": "sector",
        "label": "Sector",
        "type": "text",
        "one_of": ["compute", "energy", "health", "farming"],
    },
    {"id": "green", "label": "Green", "type": "flag"},
]
_BARRED = {"headquarters_not": {"barred": True}}
DERIVED: list[dict[str, Any]] = [
    {"id": "a_made", "label": "A", "type": "share", "derived": {"us_made": ["A"]}},
    {"id": "held", "label": "Held", "type": "share", "derived": {"held": {}}},
    {"id": "kept", "label": "Kept", "type": "flag", "derived": {"barred": {}}},
]
DERIVED[1]["derived"]["held"] = {"headquarters": {"barred": True}}
DERIVED[2]["derived"]["barred"] = {**_BARRED, "government": True, "among": ["members", "operates"]}
_ATTRIBUTE_RANGE = {"us_share": (0.0, 1.0), "risk_grade": (1.0, 7.0)}


def write_criteria(folder: Path, rng: random.Random, shape: Shape) -> Criteria:
    """Write the folder of criteria and return each criterion by its full id."""
    attributes = [dict(one) for one in ATTRIBUTES]
    if rng.random() < 0.5:
        attributes[0]["citation"] = citation(rng)
    write_yaml(folder / "attributes.yaml", {"attributes": [*attributes, *DERIVED]})
    levels = [{"id": one, "label": one.title(), "meaning": f"It is {one}."} for one in LEVELS]
    scale = {"id": "quality", "label": "Quality", "levels": levels, "citation": citation(rng)}
    stars = {"id": "stars", "label": "Stars", "numbers": dict(STARS), "citation": citation(rng)}
    write_yaml(folder / "scales.yaml", {"scales": [scale, stars]})
    found: Criteria = {}
    for agency, name in shape.agencies:
        own = [_criterion(rng, shape, agency, number) for number in range(rng.randint(1, 6))]
        foreign = rng.choice(list(found)) if found and rng.random() < 0.2 else None
        foreign = None if shape.own else foreign
        names = [one["id"] for one in own] + ([foreign] if foreign else [])
        data = {"agency": agency, "name": name}
        if rng.random() < 0.5:
            data["short"] = agency.upper()
        data["criteria"] = own
        data["weights"] = weights(rng, names, depth=0)
        write_yaml(folder / f"{agency}.yaml", data)
        found |= {f"{agency}.{one['id']}": one for one in own}
    return found


def draw_parting(rng: random.Random, shape: Shape, criteria: Criteria) -> str | None:
    """Draw the criterion that alone parts a package from its twins.

    Its agency is given no influence, so that they tie in all that ranks them.
    """
    entered = [name for name, one in criteria.items() if "attribute" not in one]
    if not shape.twins or len(shape.agencies) < 2 or not entered or rng.random() < 0.5:
        return None
    return rng.choice(entered)


def _criterion(rng: random.Random, shape: Shape, agency: str, number: int) -> dict[str, Any]:
    label = f"Merit {number} for {agency}" if rng.random() < 0.95 else "Merit"
    found: dict[str, Any] = {"id": f"c{number}", "label": label}
    kind = "measure" if shape.exact else rng.choice(["measure", "measure", "rating"])
    found["kind"] = kind
    if kind == "rating":
        values = sorted((rng.choice([100, 80, 62.5, 50, 35, 20, 0]) for _ in LEVELS), reverse=True)
        if len(set(values)) == 1:
            values = [100, 60, 30, 0]
        found |= {"scale": "quality", "value": {"levels": dict(zip(LEVELS, values, strict=True))}}
        if rng.random() < 0.3:
            found |= {"scale": "stars", "value": rng.choice(_OF_STARS)}
    elif shape.exact:
        found |= {"unit": "points", "direction": "higher"}
        found["value"] = {"linear": {"worst": 0, "best": 100}}
    else:
        found |= _measure(rng)
    if rng.random() < 0.4:
        found["floor"] = rng.choice([20, 40, 50, 62.5, 33.3])
    found["citation"] = citation(rng)
    if shape.partly and rng.random() < 0.25:
        found["applies_to"] = rng.choice(_APPLIES)
    return found


_APPLIES: list[dict[str, Any]] = [
    {"sector": "compute"},
    {"sector": ["energy", "health", "compute"]},
    {"us_share": {"at_least": 0.4}},
    {"risk_grade": {"at_most": 4}, "sector": ["energy", "farming", "compute"]},
]


def _measure(rng: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {"unit": rng.choice(["share", "months", "MW"])}
    low, high = 0.0, rng.choice([1.0, 40.0, 250.0])
    if rng.random() < 0.3:
        found["attribute"] = rng.choice(list(_ATTRIBUTE_RANGE))
        low, high = _ATTRIBUTE_RANGE[found["attribute"]]
    form = rng.choice(["linear", "piecewise", "exponential"])
    higher = rng.random() < 0.6
    worst, best = (low, high) if higher else (high, low)
    if form == "linear":
        found["value"] = {"linear": {"worst": worst, "best": best}}
    elif form == "exponential":
        middle = worst + rng.choice([0.15, 0.3, 0.5, 0.7, 0.9]) * (best - worst)
        curve = {"worst": worst, "midvalue": round(middle, 6), "best": best}
        found["value"] = {"exponential": curve}
    else:
        inner = round(low + rng.uniform(0.2, 0.8) * (high - low), 3)
        top = [0, rng.choice([30, 60, 85]), 100]
        if rng.random() < 0.2:
            found["value"] = {"piecewise": [[low, 0], [inner, 100], [high, 20]]}
            return found
        heights = top if higher else top[::-1]
        points = zip([low, inner, high], heights, strict=True)
        found["value"] = {"piecewise": [list(point) for point in points]}
    found["direction"] = "higher" if higher else "lower"
    return found


def weights(rng: random.Random, names: list[str], depth: int) -> dict[str, Any]:
    """Return a statement of weights over some criteria by any of the methods, maybe in groups."""
    if depth == 0 and len(names) > 2 and rng.random() < 0.25:
        cut = rng.randint(1, len(names) - 1)
        found = _statement(rng, ["benefit", *names[cut:]])
        return found | {"groups": {"benefit": weights(rng, names[:cut], depth + 1)}}
    return _statement(rng, names)


def _statement(rng: random.Random, names: list[str]) -> dict[str, Any]:
    method = rng.choice(["points", "points", "swing", "rank", "ahp", "best_worst"])
    found: dict[str, Any] = {"method": method, "confidence": rng.choice(["illustrative", "seen"])}
    if method in ("best_worst", "ahp") and len(names) < 2:
        found["method"] = method = "points"
    if method in ("best_worst", "ahp") and rng.random() < 0.35:
        return found | _group(rng, method, names)
    return found | _JUDGED[method](rng, names)


def _points(rng: random.Random, names: list[str]) -> dict[str, Any]:
    cuts = sorted(rng.randint(0, 20) * 5 for _ in names[1:])
    each = [b - a for a, b in itertools.pairwise([0, *cuts, 100])]
    if rng.random() < 0.15:
        shares = [round(one / 100, 2) for one in each]
        return {"out_of": 1, "judgements": dict(zip(names, shares, strict=True))}
    return {"judgements": dict(zip(names, each, strict=True))}


def _swing(rng: random.Random, names: list[str]) -> dict[str, Any]:
    swings = {one: rng.randint(0, 100) for one in names}
    swings[rng.choice(names)] = 100
    return {"judgements": swings}


def _rank(rng: random.Random, names: list[str]) -> dict[str, Any]:
    order, places, at = rng.sample(names, len(names)), {}, 1
    while order:
        tied = rng.choice([1, 1, 1, 2])
        places |= dict.fromkeys(order[:tied], at)
        at += len(order[:tied])
        order = order[tied:]
    kind = rng.choice(["centroid", "sum", "reciprocal"])
    return {"kind": kind, "judgements": {one: places[one] for one in names}}


def _ahp(rng: random.Random, names: list[str]) -> dict[str, Any]:
    scale = [0.11, 1 / 5, 1 / 3, 0.5, 1, 1, 2, 3, 4, 5, 7, 9]
    pairs = {
        one: {other: round(rng.choice(scale), 4) for other in names[place + 1 :]}
        for place, one in enumerate(names[:-1])
    }
    index = rng.choice(["saaty", "alonso-lamata"])
    return {"random_index": index, "pairwise": pairs}


def _best_worst(rng: random.Random, names: list[str]) -> dict[str, Any]:
    best, worst = rng.sample(names, 2)
    span = rng.randint(2, 9)
    over = {one: rng.randint(2, span) for one in names}
    under = {one: rng.randint(2, span) for one in names}
    over |= {best: 1, worst: span}
    under |= {worst: 1, best: span}
    found = {"best_to_others": over, "others_to_worst": under}
    return found | {"model": rng.choice(["linear", "nonlinear"])}


_JUDGED = {
    "points": _points,
    "swing": _swing,
    "rank": _rank,
    "ahp": _ahp,
    "best_worst": _best_worst,
}


def _group(rng: random.Random, method: str, names: list[str]) -> dict[str, Any]:
    """Return what many say, of whom the most inconsistent may be left out."""
    each = [_JUDGED[method](rng, names) for _ in range(rng.randint(1, 4))]
    shared = {k: each[0][k] for k in ("random_index", "model") if k in each[0]}
    found: dict[str, Any] = {**shared, "respondents": []}
    for number, one in enumerate(each):
        stated = {k: v for k, v in one.items() if k not in shared}
        found["respondents"].append({"respondent": f"r{number}", **stated})
    if method == "ahp":
        found["aggregate"] = rng.choice(["judgements", "priorities"])
    if found.get("aggregate") != "judgements" and rng.random() < 0.5:
        found["mean"] = rng.choice(["geometric", "arithmetic"])
    least = min(ratio_of(method, {**shared, **one}) for one in found["respondents"])
    if rng.random() < 0.6:
        found["leave_out_above"] = round(least + rng.choice([0.005, 0.05, 0.2]), 3)
    return found


def write_requirements(folder: Path, rng: random.Random, shape: Shape, tools: list[str]) -> None:
    """Write requirements of packages, and some of tools."""
    found = [
        {
            **{"id": name, "label": f"Requirement {name}", "check": _CHECKS[name]},
            **_DAYS.get(name, {}),
            "citation": SAID,
        }
        for name in shape.requirements
    ]
    for one in found:
        if tools and rng.random() < 0.4:
            tool = rng.choice(tools)
            one["binds"] = [rng.choice([tool, f"{tool.partition('.')[0]}.*"])]
    if found:
        write_yaml(folder / "requirements.yaml", {"requirements": found})


_DAYS = {
    "layered": {"from": "2026-07-15", "until": "2026-07-15"},
    "hosted": {"until": "2026-07-14"},  # the day before
}
_CHECKS: dict[str, dict[str, Any]] = {
    "on_time": {"date": {"attribute": "submitted_on", "not_after": "call.closes"}},
    "layered": {"layers": ["A", "B"]},
    "hosted": {"count": {"of": "targets", "at_least": 1}},
    "cleared": {"members": {"headquarters_not": {"barred": True}}},
    "held": {"members": {**_BARRED, "owned_below": 0.5}},
    "modelled": {"models": {"layers": ["A"], "origin_not": {"barred": True}, "open_weights": True}},
    "manned": {"roles": ["owns", "operates"]},
    "presumed": {"attribute": {"id": "a_made", "at_least": 0.51, "otherwise": "Why not."}},
    "homemade": {"attribute": {"id": "us_share", "at_least": 0.1}},
    "sectored": {"attribute": {"id": "sector", "one_of": ["compute", "energy", "health"]}},
    "sound": {"evidence": "A reviewer looked into it."},
}
