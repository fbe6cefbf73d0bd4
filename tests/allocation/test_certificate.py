"""The certificate catches what is wrong, and names it."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from evaluator.allocation import allocate, certify
from evaluator.allocation.model.build import compile_study
from evaluator.allocation.model.families import LimitRow
from evaluator.model.financing import Limit
from evaluator.model.study import Study
from tests.allocation.small import (
    M,
    ask,
    limit,
    package,
    parameter,
    random_study,
    scores_of,
    study,
    tool,
)


def table(case: Study, **cells: int) -> pd.DataFrame:
    """Amounts in USD, by `A_loan`."""
    found = pd.DataFrame(
        0, index=[p.id for p in case.packages], columns=list(case.tools), dtype="int64"
    )
    for cell, amount in cells.items():
        name, kind = cell.split("_")
        found.loc[name, f"bank.{kind}"] = amount
    return found


FACTS = {"cost_usd": 100 * M, "content_share": 0.5, "small_share": 0.2, "grade": 3, "sector": "x"}
A = package(
    "A",
    ask("bank.loan", 90 * M),
    ask("bank.grant", 20 * M),
    hosts={"AAA": 0.5, "BBB": 0.5},
    members={"X": 0.8, "Z": 0.2},
    facts=FACTS,
)
B = package("B", ask("bank.loan", 90 * M), hosts={"CCC": 1.0}, members={"Y": 1.0}, facts={})
TOOLS = [tool("loan", 200 * M, {"3": 0.1, "5": 0.2}), tool("grant", 200 * M, 1.0)]
ENTITIES = {"X": None, "Y": "X", "Z": None}
PARAMETERS = [parameter("cap", 100 * M), parameter("used", 60 * M)]


@pytest.mark.parametrize(
    ("one", "cells", "expected"),
    [
        # each by a dollar or so over; used and bound worked out in the line
        (limit("flat", at_most=50 * M), {"A_loan": 50 * M + 1}, "bank.flat: 50,000,001 USD"),
        (
            limit("exposure", at_most="bank.cap", plus="bank.used"),
            {"A_loan": 40 * M + 1},
            "bank.exposure: 40,000,001 USD of at most 40,000,000 USD, over by 1 USD",
        ),
        (
            limit("cost", per="package", at_most={"share": 0.25, "of": "cost_usd"}),
            {"A_loan": 25 * M + 1},
            "bank.cost (A): 25,000,001 USD of at most 25,000,000 USD, over by 1 USD",
        ),
        (
            limit("cost", per="package", at_most={"share": 0.25, "of": "cost_usd"}),
            {"B_loan": 1},
            "bank.cost (B): 1 USD, but its bound is unknown",
        ),
        (
            limit(
                "content",
                "bank.grant",
                per="package",
                at_most={"min": ({"share": "content_share", "of": "cost_usd"}, 4 * M)},
            ),
            {"A_grant": 4 * M + 1},
            "bank.content (A): 4,000,001 USD of at most 4,000,000 USD",
        ),
        (
            # 0.2 x (40 + 9 + 0) = 9.8 < 10
            limit("part", "bank.grant", at_most={"share": 0.2, "of": {"tools": ("bank.*",)}}),
            {"A_loan": 39 * M, "A_grant": 10 * M},
            "bank.part: 10,000,000 USD of at most 9,800,000 USD, over by 200,000 USD",
        ),
        (
            # X and its subsidiary: 0.8 x 50 + 11 = 51
            limit("entity", per="entity", at_most=50 * M),
            {"A_loan": 50 * M, "B_loan": 11 * M},
            "bank.entity (X): 51,000,000 USD of at most 50,000,000 USD",
        ),
        (
            limit("anchor", per="anchor", at_most=60 * M),
            {"A_loan": 50 * M, "B_loan": 11 * M},
            "bank.anchor (X): 61,000,000 USD of at most 60,000,000 USD",
        ),
        (
            limit("country", per="country", at_most=20 * M),
            {"A_loan": 39 * M, "B_loan": 21 * M},
            "bank.country (CCC): 21,000,000 USD of at most 20,000,000 USD",
        ),
        (
            limit("bloc", per="bloc", at_most=40 * M),
            {"A_loan": 41 * M},
            "bank.bloc (East): 41,000,000 USD of at most 40,000,000 USD",
        ),
        (
            limit("sector", per="sector", at_most=40 * M),
            {"B_loan": 41 * M},
            "bank.sector ((unknown)): 41,000,000 USD of at most 40,000,000 USD",
        ),
        (
            # grade 3 costs 0.1, an unknown grade 0.2, a grant all: 1 + 4 + 2 = 7
            limit("budget", measure="subsidy", at_most=6 * M),
            {"A_loan": 10 * M, "B_loan": 20 * M, "A_grant": 2 * M},
            "bank.budget: 7,000,000 USD of at most 6,000,000 USD",
        ),
        (
            # half of A is in a high-income host, and the unknown class of none
            limit("rich", packages={"host.class": "high"}, at_most=10 * M),
            {"A_loan": 21 * M, "B_loan": 50 * M},
            "bank.rich: 10,500,000 USD of at most 10,000,000 USD",
        ),
        (
            # 0.2 x 40 = 8; B's share is unknown and does not help
            limit("small", weigh_by="small_share", at_least=9 * M),
            {"A_loan": 40 * M, "B_loan": 50 * M},
            "bank.small: 8,000,000 USD of at least 9,000,000 USD, short by 1,000,000 USD",
        ),
        (
            limit("zero", at_most=0),
            {"A_loan": 1},
            "bank.zero: 1 USD of at most 0 USD, over by 1 USD",
        ),
    ],
)
def test_each_form_of_limit(one: Limit, cells: dict[str, int], expected: str) -> None:
    case = study([A, B], TOOLS, [one], PARAMETERS, entities=ENTITIES)
    (fault,) = certify(case, table(case, **cells), ["A", "B"])
    assert fault.startswith(expected)


CASES: list[tuple[dict[str, Any], dict[str, int], str]] = [
    ({}, {"A_loan": 90 * M + 1}, "A bank.loan: 90,000,001 USD of 90,000,000 USD eligible"),
    ({}, {"B_grant": 5}, "B bank.grant: 5 USD, but nothing is asked"),
    ({}, {"C_loan": 5}, "C bank.loan: 5 USD to a package that is not designated"),
    ({"minimum_support": 0.5}, {"B_loan": 44 * M}, "minimum_support (B): 44,000,000 USD of"),
    ({"must": {"A": {"at_least": 5 * M}}}, {"A_loan": 4 * M}, "must A: 4,000,000 USD of"),
    ({"must": {"B": {}}}, {"A_loan": 4 * M}, "must B: 0 USD of 1 USD"),
    ({"must_not": {"B": {}}}, {"B_loan": 4 * M}, "must not B: 4,000,000 USD"),
]


@pytest.mark.parametrize(("settings", "cells", "expected"), CASES)
def test_each_rule(settings: dict[str, Any], cells: dict[str, int], expected: str) -> None:
    c = package("C", ask("bank.loan", 90 * M))
    case = study([A, B, c], TOOLS, **settings)
    (fault,) = certify(case, table(case, **cells), ["A", "B"])
    assert fault.startswith(expected)


def test_rules_of_requests_and_groups() -> None:
    alternative = {"alternative_group": "either"}
    a = package(
        "A",
        ask("bank.loan", 50 * M, minimum_usd=20 * M, **alternative),
        ask("bank.grant", 9 * M, all_or_nothing=True, **alternative),
        exclusive_group="site",
        requires=("C",),
    )
    b = package("B", ask("bank.loan", 50 * M), exclusive_group="site")
    case = study([a, b, package("C")], [tool("loan", 55 * M), tool("grant", 90 * M)])
    cells = {"A_loan": 19 * M, "A_grant": 8 * M, "B_loan": 50 * M}
    assert certify(case, table(case, **cells), ["A", "B", "C"]) == (
        "A bank.loan: 19,000,000 USD is below the minimum of 20,000,000 USD by 1,000,000 USD",
        "A bank.grant: 8,000,000 USD is below the minimum of 9,000,000 USD by 1,000,000 USD",
        "A requires C: C is not supported",
        "alternatives either (A): bank.loan and bank.grant are both served",
        "exclusive group site: A and B are both supported",
        "bank.loan.envelope: 69,000,000 USD of at most 55,000,000 USD, over by 14,000,000 USD",
    )


def test_the_table_itself_is_checked() -> None:
    case = study([A, B], TOOLS)
    good = table(case)
    assert certify(case, good, ["A"]) == ()
    assert "packages are not those of the study: B" in certify(case, good.drop("B"), ["A"])[0]
    assert "not whole dollars" in certify(case, good.astype(float), ["A"])[0]
    assert "below 0" in certify(case, table(case, A_loan=-1), ["A"])[0]


@pytest.mark.parametrize("seed", range(20))
def test_a_dollar_more_at_a_binding_limit_is_caught_and_named(seed: int) -> None:
    case = random_study(seed)
    names = [p.id for p in case.packages]
    found = allocate(case, scores_of(case, seed), names)
    if found.status != "optimal":
        return
    assert found.certificate == ()
    full = found.limits["binding"] & (found.limits["slack"] == 0) & (found.limits["kind"] == "law")
    for _, row in found.limits[full & found.limits["limit"].str.endswith("envelope")].iterrows():
        kind = row["limit"].removesuffix(".envelope")
        some = found.amounts[kind].idxmax()
        worse = found.amounts.copy()
        worse.loc[some, kind] += 1
        faults = certify(case, worse, names)
        assert any(fault.startswith(f"{row['limit']}: ") for fault in faults)


def corrupted(row: LimitRow, amounts: list[int]) -> list[int] | None:
    """Return amounts that break a limit, by the least where one amount can; None if none can."""
    used = sum(use * amounts[column] for column, use in row.terms.items())
    sign = 1 if row.sense == "at_most" else -1
    worse = amounts.copy()
    for column, use in sorted(row.terms.items()):
        if sign * use > 0:
            worse[column] += math.floor(sign * (row.bound - used) / (sign * use)) + 1
            return worse
    if row.sense == "at_least" and row.bound > 0:  # nothing at all is too little
        return [0 if column in row.terms else amount for column, amount in enumerate(worse)]
    return None


def test_every_form_of_limit_that_is_broken_is_caught_and_named() -> None:
    caught: set[str] = set()
    for seed in range(60):
        case = random_study(seed)
        names = [p.id for p in case.packages]
        scores = scores_of(case, seed)
        found = allocate(case, scores, names)
        if found.status != "optimal":
            continue
        assert found.certificate == ()
        compiled = compile_study(case, scores, names)
        pairs = compiled.layout.pairs
        amounts = [int(found.amounts.to_dict("index")[p.package][p.tool]) for p in pairs]
        for row in compiled.limits:
            worse = corrupted(row, amounts) if row.active and row.spec.kind == "law" else None
            if worse is None:
                continue
            wrong = found.amounts.copy()
            for pair, amount in zip(pairs, worse, strict=True):
                wrong.loc[pair.package, pair.tool] = amount
            label = f"{row.limit} ({row.group}): " if row.group else f"{row.limit}: "
            faults = certify(case, wrong, names)
            assert any(fault.startswith(label) for fault in faults), (seed, label, faults)
            caught.add(row.limit)
    forms = ("subsidy", "exposure", "entity", "anchor", "country", "bloc", "sector", "cost")
    more = ("content", "rich", "rich_all", "grant_share", "brown", "small_floor", "grant_floor")
    envelopes = ("loan.envelope", "grant.envelope", "cover.envelope")
    assert caught == {f"bank.{name}" for name in (*forms, *more, *envelopes)}
