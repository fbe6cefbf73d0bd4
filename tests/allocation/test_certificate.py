"""The certificate catches what is wrong, and names it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest

from evaluator.allocation import allocate, certify
from evaluator.allocation.model.build import compile_study
from evaluator.allocation.model.limits.families import LimitRow
from evaluator.allocation.model.variation import with_envelopes
from evaluator.allocation.verify.certificate import certifier
from evaluator.allocation.verify.findings import (
    AlternativesTogether,
    AmountBelowZero,
    ExclusiveTogether,
    GivenUnasked,
    GivenUndesignated,
    LimitBroken,
    MustNotBroken,
    MustUnmet,
    NoWholeDollars,
    OtherTable,
    OverEligible,
    UnderMinimum,
    UnderMinimumSupport,
    WithoutRequired,
)
from evaluator.loading import load_study
from evaluator.model.financing import Limit
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.results.findings import Finding, Findings
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
from tests.conftest import BASELINE


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
        (
            limit("flat", at_most=50 * M),
            {"A_loan": 50 * M + 1},
            LimitBroken("bank.flat", "", "at_most", 50_000_001, 50_000_000, 1),
        ),
        (
            limit("exposure", at_most="bank.cap", plus="bank.used"),
            {"A_loan": 40 * M + 1},
            LimitBroken("bank.exposure", "", "at_most", 40_000_001, 40_000_000, 1),
        ),
        (
            limit("cost", per="package", at_most={"share": 0.25, "of": "cost_usd"}),
            {"A_loan": 25 * M + 1},
            LimitBroken("bank.cost", "A", "at_most", 25_000_001, 25_000_000, 1),
        ),
        (
            limit("cost", per="package", at_most={"share": 0.25, "of": "cost_usd"}),
            {"B_loan": 1},
            LimitBroken("bank.cost", "B", "at_most", 1, None, 0),
        ),
        (
            limit(
                "content",
                "bank.grant",
                per="package",
                at_most={"min": ({"share": "content_share", "of": "cost_usd"}, 4 * M)},
            ),
            {"A_grant": 4 * M + 1},
            LimitBroken("bank.content", "A", "at_most", 4_000_001, 4_000_000, 1),
        ),
        (
            # 0.2 x (40 + 9 + 0) = 9.8 < 10
            limit("part", "bank.grant", at_most={"share": 0.2, "of": {"tools": ("bank.*",)}}),
            {"A_loan": 39 * M, "A_grant": 10 * M},
            LimitBroken("bank.part", "", "at_most", 10_000_000, 9_800_000, 200_000),
        ),
        (
            # X and its subsidiary: 0.8 x 50 + 11 = 51
            limit("entity", per="entity", at_most=50 * M),
            {"A_loan": 50 * M, "B_loan": 11 * M},
            LimitBroken("bank.entity", "X", "at_most", 51_000_000, 50_000_000, 1_000_000),
        ),
        (
            limit("anchor", per="anchor", at_most=60 * M),
            {"A_loan": 50 * M, "B_loan": 11 * M},
            LimitBroken("bank.anchor", "X", "at_most", 61_000_000, 60_000_000, 1_000_000),
        ),
        (
            limit("country", per="country", at_most=20 * M),
            {"A_loan": 39 * M, "B_loan": 21 * M},
            LimitBroken("bank.country", "CCC", "at_most", 21_000_000, 20_000_000, 1_000_000),
        ),
        (
            limit("bloc", per="bloc", at_most=40 * M),
            {"A_loan": 41 * M},
            LimitBroken("bank.bloc", "East", "at_most", 41_000_000, 40_000_000, 1_000_000),
        ),
        (
            limit("sector", per="sector", at_most=40 * M),
            {"B_loan": 41 * M},
            LimitBroken("bank.sector", "(unknown)", "at_most", 41_000_000, 40_000_000, 1_000_000),
        ),
        (
            # grade 3 costs 0.1, an unknown grade 0.2, a grant all: 1 + 4 + 2 = 7
            limit("budget", measure="subsidy", at_most=6 * M),
            {"A_loan": 10 * M, "B_loan": 20 * M, "A_grant": 2 * M},
            LimitBroken("bank.budget", "", "at_most", 7_000_000, 6_000_000, 1_000_000),
        ),
        (
            # half of A is in a high-income host, and the unknown class of none
            limit("rich", packages={"host.class": "high"}, at_most=10 * M),
            {"A_loan": 21 * M, "B_loan": 50 * M},
            LimitBroken("bank.rich", "", "at_most", 10_500_000, 10_000_000, 500_000),
        ),
        (
            # 0.2 x 40 = 8; B's share is unknown and does not help
            limit("small", weigh_by="small_share", at_least=9 * M),
            {"A_loan": 40 * M, "B_loan": 50 * M},
            LimitBroken("bank.small", "", "at_least", 8_000_000, 9_000_000, 1_000_000),
        ),
        (
            limit("zero", at_most=0),
            {"A_loan": 1},
            LimitBroken("bank.zero", "", "at_most", 1, 0, 1),
        ),
    ],
)
def test_each_form_of_limit(one: Limit, cells: dict[str, int], expected: LimitBroken) -> None:
    case = study([A, B], TOOLS, [one], PARAMETERS, entities=ENTITIES)
    assert certify(case, table(case, **cells), ["A", "B"]) == (expected,)


CASES: list[tuple[dict[str, Any], dict[str, int], Finding]] = [
    ({}, {"A_loan": 90 * M + 1}, OverEligible("A", "bank.loan", 90 * M + 1, 90 * M)),
    ({}, {"B_grant": 5}, GivenUnasked("B", "bank.grant", 5)),
    ({}, {"C_loan": 5}, GivenUndesignated("C", "bank.loan", 5)),
    ({"minimum_support": 0.5}, {"B_loan": 44 * M}, UnderMinimumSupport("B", 44 * M, 45 * M)),
    ({"must": {"A": {"at_least": 5 * M}}}, {"A_loan": 4 * M}, MustUnmet("A", 4 * M, 5 * M)),
    ({"must": {"B": {}}}, {"A_loan": 4 * M}, MustUnmet("B", 0, 1)),
    ({"must_not": {"B": {}}}, {"B_loan": 4 * M}, MustNotBroken("B", 4 * M)),
]


@pytest.mark.parametrize(("settings", "cells", "expected"), CASES)
def test_each_rule(settings: dict[str, Any], cells: dict[str, int], expected: Finding) -> None:
    c = package("C", ask("bank.loan", 90 * M))
    case = study([A, B, c], TOOLS, **settings)
    (fault,) = certify(case, table(case, **cells), ["A", "B"])
    assert fault == expected


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
        UnderMinimum("A", "bank.loan", 19 * M, 20 * M),
        UnderMinimum("A", "bank.grant", 8 * M, 9 * M),
        WithoutRequired("A", "C"),
        AlternativesTogether("A", "either", ("bank.loan", "bank.grant")),
        ExclusiveTogether("site", ("A", "B")),
        LimitBroken("bank.loan.envelope", "", "at_most", 69 * M, 55 * M, 14 * M),
    )


def test_the_table_itself_is_checked() -> None:
    case = study([A, B], TOOLS)
    good = table(case)
    assert certify(case, good, ["A"]) == ()
    assert certify(case, good.drop("B"), ["A"]) == (OtherTable("packages", ("B",)),)
    assert certify(case, good.astype(float), ["A"])[0] == NoWholeDollars("bank.loan")
    assert certify(case, table(case, A_loan=-1), ["A"])[0] == AmountBelowZero("bank.loan")


@pytest.mark.parametrize("seed", range(20))
def test_a_dollar_more_at_a_binding_limit_is_caught_and_named(seed: int) -> None:
    case = random_study(seed)
    names = [p.id for p in case.packages]
    found = allocate(case, scores_of(case, seed), names)
    if found.status != "optimal":
        return
    assert found.certificate == ()
    full = found.limits["binding"] & (found.limits["slack"] == 0)
    full &= found.limits["kind"] != "goal"
    for _, row in found.limits[full & found.limits["limit"].str.endswith("envelope")].iterrows():
        kind = row["limit"].removesuffix(".envelope")
        some = found.amounts[kind].idxmax()
        worse = found.amounts.copy()
        worse.loc[some, kind] += 1
        faults = certify(case, worse, names)
        assert (row["limit"], "") in broken(faults)


def broken(faults: Findings) -> set[tuple[str, str]]:
    """Return the limits that a certificate finds broken, with their groups."""
    return {(one.limit, one.group) for one in faults if isinstance(one, LimitBroken)}


def corrupted(row: LimitRow, amounts: list[int]) -> list[int] | None:
    """Return amounts that break a limit, by the least where one amount can; None if none can."""
    terms = dict(row.left)
    for column, added in row.sum.terms.items() if row.sum else ():
        terms[column] = terms.get(column, Fraction(0)) - row.share * added
    used = sum(use * amounts[column] for column, use in terms.items())
    sign = 1 if row.sense == "at_most" else -1
    worse = amounts.copy()
    for column, use in sorted(terms.items()):
        if sign * use > 0:
            worse[column] += math.floor(sign * (row.bound - used) / (sign * use)) + 1
            return worse
    if row.sense == "at_least" and row.bound > 0:  # nothing at all is too little
        return [0 if terms.get(column) else amount for column, amount in enumerate(worse)]
    return None


@pytest.mark.slow
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
            faults = certify(case, wrong, names)
            assert (row.limit, row.group) in broken(faults), (seed, row.limit, faults)
            caught.add(row.limit)
    forms = ("subsidy", "exposure", "entity", "anchor", "country", "bloc", "sector", "cost")
    more = ("content", "rich", "rich_all", "grant_share", "brown", "small_floor", "grant_floor")
    envelopes = ("loan.envelope", "grant.envelope", "cover.envelope")
    assert caught == {f"bank.{name}" for name in (*forms, *more, *envelopes)}


def test_one_certifier_serves_many_tables_and_other_envelopes() -> None:
    now = evaluate(load_study(BASELINE), only="allocation")
    study, table, names = now.study, now.allocation.amounts, now.designated
    of_study = certifier(study, names)
    assert of_study(table) == ()
    tool = str(table.sum().idxmax())
    more = table.copy()
    more.loc[table[tool].idxmax(), tool] += 10**10
    assert of_study(more) == certify(study, more, names) != ()
    tight = {tool: int(table[tool].sum()) - 1}
    again = of_study(table, tight)
    assert again == certify(with_envelopes(study, tight), table, names)
    assert [fault.limit for fault in again] == [f"{tool}.envelope"]
    assert of_study(table) == ()
