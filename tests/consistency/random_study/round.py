"""The tables of a round: packages with facts known and not, panels with blanks, requests."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.consistency.random_study.criteria import ATTRIBUTES, LEVELS, Criteria
from tests.consistency.random_study.financing import Institutions
from tests.consistency.random_study.shape import (
    COUNTRIES,
    PACT,
    SECTORS,
    Shape,
    write_csv,
    write_yaml,
)

Row = list[Any]
_ENTITIES = ("acme", "borealis", "cobalt", "dynamo", "everest")
_MISSING = ("", "n/a: not yet measured")


def write_round(
    folder: Path,
    rng: random.Random,
    shape: Shape,
    criteria: Criteria,
    institutions: Institutions,
    parting: str | None,
) -> None:
    """Write the countries and all tables of the round."""
    _countries(folder.parent, rng)
    tables: dict[str, list[Row]] = defaultdict(list)
    for package in shape.packages:
        if package not in shape.twins:
            _package(tables, rng, shape, package)
            _judged(tables, rng, shape, package, criteria)
            _asked(tables, rng, shape, package, institutions)
    for package, model in shape.twins.items():
        for rows in tables.values():
            rows += [[package, *row[1:]] for row in rows if row[0] == model]
        if parting is not None:
            apart = random.Random(f"{parting} {package} {shape.titles}")
            _judged_apart(tables, apart, shape, package, {parting: criteria[parting]})
    packages = _retitled(shape, tables.pop("packages"))
    attributes = [one["id"] for one in ATTRIBUTES]
    head = ["id", "title", "exclusive_group", "requires", *attributes, "standing"]
    write_csv(folder / "packages.csv", head, packages)
    for name, columns in _HEADS.items():
        write_csv(folder / f"{name}.csv", columns, tables[name], needed=name == "requests")
    _entities(folder, rng, institutions)
    _engagement(folder, rng, criteria)
    if rng.random() < 0.1:
        write_csv(folder / "exclusions.csv", ["row", "reason"], [["Q99", "withdrawn"]])


_HEADS = {
    "assistance": ["package", "kind", "addressee", "asked", "source"],
    "requests": [
        *("package", "tool", "amount_usd", "minimum_usd", "all_or_nothing"),
        *("alternative_group", "tenor_years"),
    ],
    "members": ["package", "entity", "role", "exposure_share"],
    "targets": ["package", "country", "share"],
    "layers": [
        *("package", "layer", "provider", "value_usd", "us_made_share"),
        *("model_origin", "open_weights"),
    ],
    "roles": ["package", "role", "entity"],
    "measures": ["package", "criterion", "value", "low", "high", "unit", "origin"],
    "ratings": ["package", "criterion", "evaluator", "rating", "rationale", "recused"],
    "evidence": ["package", "requirement", "status", "source", "note"],
}


def _engagement(folder: Path, rng: random.Random, criteria: Criteria) -> None:
    """Write the countries and the bloc that a strategy is after, and facts of countries."""
    codes = [one[0] for one in COUNTRIES]
    if rng.random() < 0.5:
        wanted = rng.sample([*codes, "pact"], rng.randint(1, 3))
        rows: list[Row] = [[one, "", "Plan", "illustrative"] for one in wanted]
        write_csv(folder / "strategy.csv", ["target", "note", "citation", "confidence"], rows)
    if criteria and rng.random() < 0.5:
        named = rng.choice(list(criteria))
        fact = [rng.choice(codes), named, "barrier", "A toll", "2026-05-01", "Plan", "press"]
        head = ["country", "criterion", "kind", "fact", "date", "citation", "confidence"]
        write_csv(folder / "country_facts.csv", head, [fact])


def _retitled(shape: Shape, rows: list[Row]) -> list[Row]:
    return [[row[0], shape.titles[row[0]], *row[2:]] for row in rows]


def _countries(folder: Path, rng: random.Random) -> None:
    before = {"yes": "no", "no": "yes", "": "no"}
    rows = [[*one, before[one[-1]], "yes" if one[0] in PACT else "no"] for one in COUNTRIES]
    head = ["iso3", "name", "bloc", "income_group", "barred_2026", "barred_2025", "pact"]
    write_csv(folder / "countries.csv", head, rows)
    groups = {"id": "income_group", "label": "Income group", "type": "text"}
    groups["one_of"] = ["LIC", "LMC", "UMC", "HIC"]
    days = [("2025-01-01", "barred_2025"), ("2026-01-01", "barred_2026")]
    columns = [{"from": day, "column": name} for day, name in days]
    pact = {"id": "pact", "label": "Member of the pact", "type": "flag"}
    barred = {"id": "barred", "label": "Barred", "type": "flag", "columns": columns}
    write_yaml(folder / "countries.yaml", {"attributes": [groups, barred, pact]})


def _maybe(rng: random.Random, value: object, missing: float = 0.08) -> object:
    return rng.choice(_MISSING) if rng.random() < missing else value


def _package(tables: dict[str, list[Row]], rng: random.Random, shape: Shape, package: str) -> None:
    group = rng.choice(["g1", "g2", "", ""]) if shape.coupled else ""
    others = [one for one in shape.packages if one != package and one not in shape.twins]
    needs = rng.choice(others) if shape.coupled and others and rng.random() < 0.12 else ""
    day = f"2026-0{rng.choice([5, 6, 6, 6, 7])}-{rng.randint(10, 28)}"
    facts = [
        _maybe(rng, rng.choice([8, 30, 75, 240]) * 1_000_000),
        _maybe(rng, round(rng.random(), 2)),
        _maybe(rng, rng.randint(1, 7)),
        _maybe(rng, day),
        _maybe(rng, rng.choice(SECTORS)),
        _maybe(rng, rng.choice(["yes", "no"])),
    ]
    standing = "yes" if rng.random() < 0.1 else ""
    tables["packages"].append([package, "", group, needs, *facts, standing])
    if standing or rng.random() < 0.2:
        asked = [package, "advocacy", "Trade office", f"A letter on {package}", ""]
        tables["assistance"].append(asked)
    hosts = rng.sample([one[0] for one in COUNTRIES], rng.choice([0, 1, 1, 1, 2, 3]))
    if hosts and rng.random() < 0.15:
        hosts[-1] = "pact"
    tables["targets"] += [
        [package, host, share] for host, share in zip(hosts, _shares(rng, len(hosts)), strict=True)
    ]
    members = rng.sample(_ENTITIES, rng.choice([0, 1, 2, 2, 3]))
    for place, entity in enumerate(members):
        share = _shares_of(len(members))[place]
        tables["members"].append([package, entity, "member" if place else "anchor", share])
    for layer in rng.sample("AB", rng.choice([0, 1, 2, 2])):
        tables["layers"].append([package, layer, "", *_worth(rng), *_model(rng)])
        if rng.random() < 0.5:
            tables["layers"].append([package, layer, "acme", *_worth(rng), *_model(rng)])
    for role in rng.sample(["builds", "owns", "operates"], rng.choice([0, 1, 3, 3])):
        tables["roles"].append([package, role, rng.choice(_ENTITIES)])
    reviewed = ("sound", "cleared", "layered", "held", "modelled", "manned", "presumed")
    open_ones = [one for one in shape.requirements if one in reviewed]
    if open_ones and rng.random() < 0.7:
        status = rng.choice(["passed", "passed", "failed", "unknown"])
        requirement = rng.choice(open_ones)
        tables["evidence"].append([package, requirement, status, "file 7", "looked at"])


def _shares(rng: random.Random, count: int) -> list[float]:
    if count == 2:
        first = rng.choice([0.5, 0.25, 0.7])
        return [first, round(1 - first, 2)]
    return _shares_of(count)


def _shares_of(count: int) -> list[float]:
    return {0: [], 1: [1], 2: [0.6, 0.4], 3: [0.5, 0.3, 0.2]}[count]


def _judged(
    tables: dict[str, list[Row]], rng: random.Random, shape: Shape, package: str, criteria: Criteria
) -> None:
    for name, criterion in criteria.items():
        if criterion["kind"] == "rating":
            tables["ratings"] += _panel(rng, shape, package, name, criterion["scale"])
        elif "attribute" not in criterion:
            tables["measures"].append(_measure(rng, shape, package, name, criterion))


def _judged_apart(
    tables: dict[str, list[Row]], rng: random.Random, shape: Shape, package: str, criteria: Criteria
) -> None:
    """Enter other performances of a package on some criteria than it has."""
    for table in ("measures", "ratings"):
        tables[table] = [r for r in tables[table] if r[0] != package or r[1] not in criteria]
    _judged(tables, rng, shape, package, criteria)


def _panel(rng: random.Random, shape: Shape, package: str, criterion: str, scale: str) -> list[Row]:
    rows = []
    for number in range(rng.choice([0, 1, 2, 2, 3, 3, 4, 5])):
        drawn = rng.random()
        recused, blank = drawn < 0.08, 0.08 <= drawn < 0.16
        levels: Sequence[str] = LEVELS[:2] if shape.coarse else LEVELS
        if scale == "stars":
            levels = ("1", "4.5") if shape.coarse else tuple(str(n / 2) for n in range(11))
        rating = "" if recused or blank else rng.choice(levels)
        if shape.partly and not recused and rng.random() < 0.12:
            rating = "not applicable"
        rows.append(
            [package, criterion, f"e{number}", rating, "as seen", "yes" if recused else "no"]
        )
    return rows


def _measure(
    rng: random.Random, shape: Shape, package: str, name: str, criterion: dict[str, Any]
) -> Row:
    low, high = _reach(criterion)
    if shape.exact:
        value: float = rng.choice(
            [50, 56.25, 56.35, 49.95, 49.96, 62.5, 2.675, 70.05, 0, 100, 33.3]
        )
    elif shape.coarse:
        value = low + rng.choice([0, 0.5, 1]) * (high - low)
    else:
        value = round(low + rng.uniform(-0.1, 1.1) * (high - low), 3)
    if shape.partly and rng.random() < 0.08:
        return [package, name, "not applicable: nothing of it", "", "", criterion["unit"], ""]
    if rng.random() < 0.08:
        return [package, name, rng.choice(_MISSING), "", "", criterion["unit"], ""]
    ends: Row = ["", ""]
    if rng.random() < 0.3 and not shape.exact:
        spread = 0.05 * (high - low)
        ends = [round(value - spread, 4), round(value + spread, 4)]
    return [package, name, value, *ends, criterion["unit"], rng.choice(["applicant", ""])]


def _reach(criterion: dict[str, Any]) -> tuple[float, float]:
    function = criterion["value"]
    if "piecewise" in function:
        return function["piecewise"][0][0], function["piecewise"][-1][0]
    anchors = function.get("linear") or function["exponential"]
    low, high = sorted((anchors["worst"], anchors["best"]))
    return low, high


def _asked(
    tables: dict[str, list[Row]],
    rng: random.Random,
    shape: Shape,
    package: str,
    institutions: Institutions,
) -> None:
    every = [f"{n}.{t['id']}" for n, one in institutions.items() for t in one.get("tools", ())]
    asked = rng.sample(every, rng.randint(min(1, len(every)), min(3, len(every))))
    if rng.random() < 0.06 or tables["packages"][-1][-1] == "yes":
        asked = []
    group = "either" if shape.coupled and len(asked) > 1 and rng.random() < 0.3 else ""
    for tool in asked:
        amount = rng.choice([1, 3, 7.5, 20, 45, 110]) * 1_000_000 + rng.choice([0, 0, 1, 49_999])
        least = int(amount * rng.choice([0.2, 0.6])) if rng.random() < 0.15 else ""
        whole = "yes" if rng.random() < 0.12 else ""
        tenor = rng.choice([8, 14, 20, ""])
        tables["requests"].append([package, tool, int(amount), least, whole, group, tenor])


def _worth(rng: random.Random) -> Row:
    value = rng.choice([0, 1, 7, 30]) * 1_000_000 + rng.choice([0, 1])
    return ["" if rng.random() < 0.08 else value, rng.choice([0, 0.35, 0.51, 1, ""])]


def _model(rng: random.Random) -> Row:
    return [_maybe(rng, rng.choice(COUNTRIES)[0]), rng.choice(["yes", "no", ""])]


def _stakes(rng: random.Random, entity: str, earlier: Sequence[str]) -> list[Row]:
    """Return who holds an entity, of those before it: up to all of it, in tenths that may tie."""
    owners = rng.sample(earlier, rng.randint(0, min(3, len(earlier))))
    left, rows = 10, []
    for number, owner in enumerate(["", *owners]):
        part = rng.choice([0, 1, 2, 5, 6, left]) if number else rng.choice([0, 0, 2, 4])
        part = min(part, left)
        left -= part
        control = "yes" if number == 1 and rng.random() < 0.15 else ""
        votes = part / 10 if rng.random() < 0.2 else ""
        rows.append([entity, owner, part / 10, votes, control])
    return rows


def _entities(folder: Path, rng: random.Random, institutions: Institutions) -> None:
    homes = [one[0] for one in COUNTRIES]
    rows: list[Row] = []
    stakes: list[Row] = []
    for place, entity in enumerate(_ENTITIES):
        home, public = _maybe(rng, rng.choice(homes)), rng.choice(["no", "no", "yes"])
        rows.append([entity, f"{entity.title()} Ltd", home, public])
        stakes += _stakes(rng, entity, _ENTITIES[:place])
    write_csv(folder / "entities.csv", ["id", "name", "headquarters", "government"], rows)
    write_csv(folder / "ownership.csv", ["entity", "owner", "share", "votes", "control"], stakes)
    owed = [
        [entity, name, rng.choice([1, 6]) * 1_000_000, "books"]
        for entity in _ENTITIES
        for name, one in institutions.items()
        if one.get("tools") and rng.random() < 0.3
    ]
    write_csv(folder / "exposures.csv", ["entity", "institution", "amount_usd", "source"], owed)
