"""What it would take: thresholds by hand, and each checked by an allocation of its own."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import combinations

import pandas as pd
import pytest

from evaluator.allocation.explain.findings import AllowsNothing, EnoughWithout, NotEnough
from evaluator.allocation.model.findings import HeldAtZero, Ineligible, Stated
from evaluator.errors import UsageError
from evaluator.model.study import Study
from evaluator.questions.funding.findings import NoSingleChange, SupportedWith
from evaluator.questions.funding.what_it_takes import Reaches, what_it_takes
from evaluator.report.formatting.names import study_names
from evaluator.report.messages import say
from tests.allocation.small import (
    M,
    ask,
    limit,
    package,
    run,
    study,
    tool,
)


def takes(case: Study, **scores: float) -> Reaches:
    found = what_it_takes(case, scores, list(scores), run(case, **scores))
    assert found.certificate == ()
    return found


def test_a_score_a_smaller_request_or_a_larger_envelope() -> None:
    # A has all of 100, at 0.8995 a million. B needs over 89.95 points for 100 m; at 40 points a
    # request under 44.47 m; or any more of the envelope
    case = study(
        [package("A", ask("bank.loan", 100 * M)), package("B", ask("bank.loan", 100 * M))],
        [tool("loan", 100 * M)],
    )
    found = takes(case, A=89.95, B=40)
    row = found.packages.loc["B"]
    assert (row["score"], row["score_needed"]) == (40, pytest.approx(90.0))
    assert (row["request_share"], row["request_usd"]) == (0.44, 44 * M)
    assert (row["limit"], row["more_usd"]) == ("bank.loan.envelope", 100_000)
    (ways,) = row["sentence"]
    assert ways == SupportedWith(
        "B", 40, ways.score_needed, 0.44, 44 * M, "bank.loan.envelope", "", 100_000
    )
    assert say(ways, study_names(case)) == (
        "B would be supported with a score of 90 in place of 40, or if it asked for 44 % of its"
        " request ($44.0 million in all), or if Bank: Envelope: loan were $100,000 larger"
    )
    (line,) = found.limits.to_dict("records")
    assert (line["package"], line["entered"], line["left"]) == ("B", ("B",), ())


def test_a_whole_package_pushes_others_aside() -> None:
    # B is 60 or nothing. It costs A 0.9005 a million: 54.03 points for 60 m; at 40 points at most
    # 44.42 m of A's, so 74 % of its request, or 15.58 m more of the envelope
    case = study(
        [
            package("A", ask("bank.loan", 100 * M)),
            package("B", ask("bank.loan", 60 * M, all_or_nothing=True)),
        ],
        [tool("loan", 100 * M)],
    )
    row = takes(case, A=90.05, B=40).packages.loc["B"]
    assert row["score_needed"] == pytest.approx(54.1)
    assert (row["request_share"], row["request_usd"]) == (0.74, 44_400_000)
    assert (row["limit"], row["more_usd"]) == ("bank.loan.envelope", 15_600_000)


def test_the_limit_that_needs_the_least_is_named() -> None:
    # each alone: the budget of 3 at a rate of 0.05 is 60, the envelope 60: both bind, so neither
    # alone is enough
    both = study(
        [package("A", ask("bank.loan", 60 * M)), package("B", ask("bank.loan", 60 * M))],
        [tool("loan", 60 * M, 0.05)],
        [limit("budget", measure="subsidy", at_most=3 * M)],
    )
    found = takes(both, A=90, B=40)
    assert found.packages.loc["B", "limit"] == ""
    assert set(found.limits["note"]) == {
        (NotEnough("bank.loan.envelope"),),
        (NotEnough("bank.budget"),),
    }
    # under a wider budget the envelope alone is
    wide = study(
        both.packages,
        both.institutions[0].tools,
        [limit("budget", measure="subsidy", at_most=9 * M)],
    )
    assert takes(wide, A=90, B=40).packages.loc["B", "limit"] == "bank.loan.envelope"


def test_what_allows_nothing_at_all_is_not_bought() -> None:
    case = study(
        [package("A", ask("bank.loan", 60 * M), facts={"green": 0})],
        [tool("loan", 90 * M)],
        [limit("brown", packages={"green": False}, per="package", at_most=0)],
    )
    found = takes(case, A=90)
    row = found.packages.loc["A"]
    assert row[["score_needed", "request_share", "more_usd"]].isna().all()
    assert row["sentence"] == (NoSingleChange("A"),)
    assert found.limits["note"].tolist() == [
        (AllowsNothing("bank.brown"), EnoughWithout("bank.brown"))
    ]


def test_a_missing_fact_is_named() -> None:
    case = study(
        [package("A", ask("bank.loan", 60 * M), facts={"cost_usd": None})],
        [tool("loan", 90 * M)],
        [limit("cost", per="package", at_most="cost_usd")],
    )
    (line,) = takes(case, A=90).limits.to_dict("records")
    assert line["note"] == (
        HeldAtZero("bank.cost", Stated("cost_usd", "A", None, "empty cell")),
        EnoughWithout("bank.cost"),
    )


def test_a_package_that_is_not_eligible_says_why() -> None:
    case = study(
        [package("A", ask("bank.loan", 60 * M), hosts={"BBB": 1.0})],
        [tool("loan", 90 * M, eligible={"host.class": "low"})],
    )
    found = takes(case, A=90)
    assert found.limits.empty
    assert found.packages.loc["A", "sentence"] == (NoSingleChange("A"),)
    assert found.packages.loc["A", "reason"] == (
        Ineligible((Stated("host.class", "BBB", "high"),)),
    )


def test_only_designated_packages_without_support_are_looked_at() -> None:
    case = study([package("A", ask("bank.loan", M))], [tool("loan", 90 * M)])
    standing = run(case, A=90)
    assert what_it_takes(case, {"A": 90.0}, ["A"], standing).packages.empty
    with pytest.raises(UsageError, match="'A' is not a designated package without support"):
        what_it_takes(case, {"A": 90.0}, ["A"], standing, ["A"])
    with pytest.raises(ValueError, match="above 0"):
        what_it_takes(case, {"A": 90.0}, ["A"], standing, score_tolerance=0)


def best(asks: Mapping[str, int], scores: Mapping[str, float], envelope: float) -> set[str]:
    """The best set of whole packages under one envelope, by trying all sets."""
    sets = [
        chosen
        for size in range(len(asks) + 1)
        for chosen in combinations(asks, size)
        if sum(asks[name] for name in chosen) <= envelope
    ]
    return set(max(sets, key=lambda chosen: sum(scores[name] for name in chosen)))


@pytest.mark.parametrize("seed", range(8))
def test_thresholds_of_whole_packages_by_trying_all_sets(seed: int) -> None:
    draw = random.Random(seed)
    asks = {name: draw.randint(10, 60) for name in "ABCDE"}
    scores = {name: round(draw.uniform(20, 90), 3) for name in asks}
    whole = [
        package(name, ask("bank.loan", amount * M, all_or_nothing=True))
        for name, amount in asks.items()
    ]
    case = study(whole, [tool("loan", 100 * M)])
    standing = run(case, **scores)
    assert set(standing.supported) == best(asks, scores, 100)
    found = what_it_takes(case, scores, list(scores), standing)
    assert found.certificate == ()
    assert set(found.packages.index) == set(asks) - set(standing.supported)
    for row in found.packages.reset_index().to_dict("records"):
        name, needed = row["package"], row["score_needed"]
        top = {**scores, name: 100.0}
        assert pd.isna(needed) == (name not in best(asks, top, 100))
        if not pd.isna(needed):
            assert name in best(asks, {**scores, name: needed}, 100)
            assert name not in best(asks, {**scores, name: needed - 0.1}, 100)
        if not pd.isna(row["request_share"]):
            smaller = {**asks, name: asks[name] * row["request_share"]}
            assert name in best(smaller, scores, 100)
            a_step_more = {**asks, name: asks[name] * (row["request_share"] + 0.01)}
            assert name not in best(a_step_more, scores, 100)
        # the envelope alone is always enough, in the end
        assert name in best(asks, scores, 100 + row["more_usd"] / M)
        assert name not in best(asks, scores, 100 + (row["more_usd"] - 100_000) / M)
