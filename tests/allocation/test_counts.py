"""Limits and goals that count packages: against every allocation of small studies, and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.allocation import allocate, certify
from evaluator.allocation.explain.findings import LimitBinds
from evaluator.allocation.verify.findings import LimitBroken
from evaluator.model.financing import Limit
from evaluator.model.study import Study
from tests.allocation.enumeration import Floats, Lumps, lumps
from tests.allocation.small import M, ask, given, limit, package, reason, run, study, tool

HALF = {"share": 0.5, "of": {"tools": ("*",)}}
EAST = {"host.bloc": "East"}


def with_limit(case: Study, one: Limit) -> Study:
    (bank,) = case.institutions
    bank = bank.model_copy(update={"limits": (*bank.limits, one)})
    return case.model_copy(update={"institutions": (bank,)})


def counts(one: Lumps, tools: tuple[str, ...], *, east: bool = False) -> Floats:
    """Return how many packages get any of some tools, by allocation."""
    found = np.zeros(len(one.chosen))
    for p in one.case.packages:
        (target,) = p.targets
        if east and one.case.country_by_id[target.country].bloc != "East":
            continue
        mine = [n == p.id and t in tools for n, t, _ in one.requests]
        found += one.chosen[:, mine].any(axis=1)
    return found


ANY = ("bank.loan", "bank.grant")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("form", ["most", "of one tool", "share", "least share"])
def test_a_law_that_counts_is_kept_by_the_best_of_all_that_keep_it(form: str, seed: int) -> None:
    one = lumps(seed)
    forms: dict[str, tuple[Limit, np.ndarray]] = {
        # two packages at most
        "most": (limit("n", "*", measure="packages", at_most=2), counts(one, ANY) <= 2),
        # one package at most gets a grant
        "of one tool": (
            limit("n", "bank.grant", measure="packages", at_most=1),
            counts(one, ("bank.grant",)) <= 1,
        ),
        # at most half of those that get something are in the East
        "share": (
            limit("n", "*", measure="packages", packages=EAST, at_most=HALF),
            counts(one, ANY, east=True) <= 0.5 * counts(one, ANY),
        ),
        # at least half of them are
        "least share": (
            limit("n", "*", measure="packages", packages=EAST, at_least=HALF),
            counts(one, ANY, east=True) >= 0.5 * counts(one, ANY),
        ),
    }
    law, kept = forms[form]
    case = with_limit(one.case, law)
    found = allocate(case, one.scores, list(one.scores))
    assert found.status == "optimal"
    assert found.certificate == ()
    assert found.objective == pytest.approx(one.objective()[kept].max(), rel=1e-5)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("cost", [0.5, 20.0])
def test_a_goal_that_counts_is_missed_where_that_costs_less(seed: int, cost: float) -> None:
    one = lumps(seed)
    aim = limit(
        "n", "*", kind="goal", measure="packages", packages=EAST, at_least=HALF,
        cost_per_package=cost,
    )  # fmt: skip
    short = np.maximum(0.0, 0.5 * counts(one, ANY) - counts(one, ANY, east=True))
    found = allocate(with_limit(one.case, aim), one.scores, list(one.scores))
    assert found.objective == pytest.approx((one.objective() - cost * short).max(), rel=1e-5)
    (row,) = found.limits[found.limits["limit"] == "bank.n"].to_dict("records")
    assert row["missed"] == pytest.approx(max(0.0, row["bound"] - row["used"]))
    assert row["shadow_price"] is None or np.isnan(row["shadow_price"])


def test_counts_by_hand() -> None:
    # three ask alike, two may: the third by score is told which limit it is
    packages = [package(n, ask("bank.loan", 10 * M), hosts={"AAA": 1.0}) for n in "ABC"]
    loans, count = tool("loan", 100 * M), limit("n", "bank.*", measure="packages", at_most=2)
    case = study(packages, [loans], [count])
    found = run(case, A=90, B=80, C=70)
    assert given(found) == {"A loan": 10, "B loan": 10}
    assert reason(found, "C", "loan") == (LimitBinds("bank.n", "", False),)
    (row,) = found.limits[found.limits["limit"] == "bank.n"].to_dict("records")
    assert (row["bound"], row["used"], row["slack"], row["binding"]) == (2, 2, 0, True)
    # each country counts for itself; of two hosts a package counts by its shares
    split = package("D", ask("bank.loan", 10 * M), hosts={"AAA": 0.5, "CCC": 0.5})
    per = limit("n", "bank.*", measure="packages", per="country", at_most=2)
    found = run(study([*packages, split], [loans], [per]), A=90, B=80, C=70, D=85)
    # A and D take 1.5 of the two of AAA, for 175 points; B would make it 2.5
    assert given(found) == {"A loan": 10, "D loan": 10}
    # the certificate counts for itself
    free = run(study(packages, [loans]), A=90, B=80, C=70)
    (fault,) = certify(case, free.amounts, "ABC")
    assert isinstance(fault, LimitBroken)
    assert (fault.limit, fault.amount, fault.bound) == ("bank.n", 3, 2)
