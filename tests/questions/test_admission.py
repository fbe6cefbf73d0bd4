"""Late packages judged by hand, reserves, and arrivals by simulation."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from evaluator.allocation import allocate, certify
from evaluator.allocation.model.reserve import keep_reserve
from evaluator.errors import SolverError, UsageError
from evaluator.model.study import Study
from evaluator.questions.rolling_review.admission import Admission, admission
from evaluator.report.formatting.names import study_names
from evaluator.report.messages import say_all
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

LOAN = tool("loan", 100 * M)
A = package("A", ask("bank.loan", 60 * M))
"""Score 90: 1.5 points a million."""


def test_a_solve_that_was_stopped_is_no_verdict() -> None:
    case = study([A, package("B", ask("bank.loan", 80 * M))], [LOAN], time_limit_s=1e-9)
    nothing = pd.DataFrame({"bank.loan": [0]}, index=["A"])
    with pytest.raises(SolverError, match=r"Raise allocation\.time_limit_s"):
        admission(case, {"A": 90.0, "B": 50.0}, ["A"], nothing, ["B"])


def judged(
    case: Study, scores: Mapping[str, float], late: str, now: Study | None = None
) -> Admission:
    """Allocate without the late package, then judge it."""
    standing = [name for name in scores if name != late]
    amounts = allocate(now or case, scores, standing).amounts
    return admission(case, scores, standing, amounts, [late])


def test_worth_its_room_but_there_is_none() -> None:
    # B gets 40 of 80 at 50 / 80 = 0.625 a million: the price. C asks 50 and gains 80, 1.6 a
    # million: 80 against 50 x 0.625 = 31.25. Were all free, C takes 50 and A 50 of its 60: 80 + 75
    # = 155 against 90 + 25 = 115.
    case = study(
        [A, package("B", ask("bank.loan", 80 * M)), package("C", ask("bank.loan", 50 * M))], [LOAN]
    )
    found = judged(case, {"A": 90.0, "B": 50.0, "C": 80.0}, "C")
    row = found.verdicts.loc["C"]
    assert row["decision"] == "no room"
    assert (row["worth"], row["price"]) == pytest.approx((80, 31.25))
    assert (row["wanted_usd"], row["given_usd"], row["gain"]) == (50 * M, 0, pytest.approx(0))
    assert (row["free_usd"], row["free_gain"]) == (50 * M, pytest.approx(40))
    lost = found.displaced.set_index("package")["lost_usd"]
    assert lost.to_dict() == {"A": 10 * M, "B": 40 * M}
    assert row["displaced_usd"] == 50 * M
    paid = found.prices.iloc[0]
    assert (paid["limit"], paid["per"]) == ("bank.loan.envelope", "million")
    assert (paid["price"], paid["points"]) == pytest.approx((0.625, 31.25))
    assert say_all(row["sentence"], study_names(case)) == (
        "it would gain 80.00 points, more than the 31.25 that its room is worth to others; with "
        "commitments fixed nothing is left for it; were they free, it would get $50.0 million and "
        "displace A, B"
    )
    assert found.certificate == ()


def lumpy(score: float) -> Admission:
    # A gets its 60 and leaves 40. E asks 70, all or nothing, and does not fit; the relaxation would
    # give it the 40 at 63 / 70 = 0.9 a million.
    case = study(
        [
            package("A", ask("bank.loan", 60 * M, all_or_nothing=True)),
            package("D", ask("bank.loan", 40 * M)),
            package("E", ask("bank.loan", 70 * M, all_or_nothing=True)),
        ],
        [LOAN],
    )
    return judged(case, {"A": 90.0, "E": 63.0, "D": score}, "D")


def test_admitted_where_both_agree() -> None:
    row = lumpy(40.0).verdicts.loc["D"]
    assert row["decision"] == "admit"
    assert (row["worth"], row["price"]) == pytest.approx((40, 36))
    assert (row["given_usd"], row["gain"], row["displaced_usd"]) == (40 * M, pytest.approx(40), 0)


def test_it_fits_but_its_room_has_a_better_use() -> None:
    row = lumpy(20.0).verdicts.loc["D"]
    assert row["decision"] == "below price"
    assert (row["worth"], row["wanted_usd"], row["given_usd"]) == (pytest.approx(0), 0, 40 * M)


def test_declined_where_both_refuse() -> None:
    # A has 60 and B 40 of 80 at 0.625 a million; D brings 0.25
    case = study(
        [A, package("B", ask("bank.loan", 80 * M)), package("D", ask("bank.loan", 20 * M))], [LOAN]
    )
    row = judged(case, {"A": 90.0, "B": 50.0, "D": 5.0}, "D").verdicts.loc["D"]
    assert (row["decision"], row["given_usd"], row["free_usd"]) == ("decline", 0, 0)
    (verdict,) = row["sentence"]
    assert (verdict.worthwhile, verdict.free_usd, verdict.displaced) == (False, 0, ())


def test_a_reserve_is_there_for_a_late_package() -> None:
    # 30 % kept: 70 now, A 60 and B 10. Then C takes the 30 left, at 1.6 against B's 0.625.
    case = study(
        [A, package("B", ask("bank.loan", 80 * M)), package("C", ask("bank.loan", 50 * M))], [LOAN]
    )
    found = judged(case, {"A": 90.0, "B": 50.0, "C": 80.0}, "C", keep_reserve(case, 0.3))
    assert found.verdicts.loc["C", "decision"] == "admit"
    assert found.fixed["C"]["bank.loan"].tolist() == [60 * M, 10 * M, 30 * M]
    # without C the 30 would go to B: 30 x 1.6 less 30 x 0.625
    assert found.verdicts.loc["C", "gain"] == pytest.approx(29.25)


def test_a_reserve_cuts_envelopes_and_appropriations() -> None:
    limits = [
        limit("budget", measure="subsidy", at_most=10 * M),
        limit("law", measure="subsidy", at_most="bank.cap"),
        limit("each", measure="subsidy", per="package", at_most=10 * M),
        limit("face", at_most=10 * M),
    ]
    case = study([A], [LOAN, tool("grant", 3)], limits, [parameter("cap", 500 * M)])
    cut = keep_reserve(case, 0.2)
    assert [t.envelope.amount for t in cut.tools.values()] == [80 * M, 2]
    bounds = {name: one.at_most for name, one in cut.limits.items()}
    assert bounds["bank.budget"] == 8 * M
    assert (bounds["bank.law"].share, bounds["bank.law"].of) == (0.8, "bank.cap")
    assert (bounds["bank.each"], bounds["bank.face"]) == (10 * M, 10 * M)
    single = keep_reserve(case, {"bank.loan": 0.5})
    assert single.tools["bank.loan"].envelope.amount == 50 * M
    assert single.limits["bank.budget"].at_most == 10 * M
    with pytest.raises(ValueError, match="a share of 0"):
        keep_reserve(case, 1.2)
    with pytest.raises(UsageError, match="Did you mean"):
        keep_reserve(case, {"bank.lone": 0.5})


@pytest.mark.parametrize("seed", range(8))
def test_no_commitment_is_ever_cut(seed: int) -> None:
    case = random_study(seed, size=7, plain=True)
    scores = scores_of(case, seed)
    late = list(scores)[-2:]
    standing = [name for name in scores if name not in late]
    amounts = allocate(keep_reserve(case, 0.2), scores, standing).amounts
    found = admission(case, scores, standing, amounts.drop(index=late), late)
    assert found.certificate == ()
    for name in late:
        assert (found.fixed[name] >= amounts).all(axis=None)
        row = found.verdicts.loc[name]
        assert row["gain"] >= -1e-6
        assert row["free_gain"] >= row["gain"] - 1e-3 or row["free_gain"] >= -1e-6
        assert row["given_usd"] == found.fixed[name].loc[name].sum()
        assert certify(case, found.free[name], [*standing, name]) == ()
        shrunk = found.displaced[found.displaced["late"] == name]
        assert row["displaced_usd"] == shrunk["lost_usd"].sum()
    assert list(found.verdicts.index) == late


def test_a_package_without_a_request_that_can_be_served_is_declined() -> None:
    case = study(
        [A, package("D", ask("bank.grant", 20 * M))],
        [LOAN, tool("grant", 9 * M, minimum_ticket=30 * M)],
    )
    row = judged(case, {"A": 90.0, "D": 50.0}, "D").verdicts.loc["D"]
    assert (row["decision"], row["worth"], row["price"]) == ("decline", 0, 0)


def test_what_does_not_fit_the_study_is_refused() -> None:
    case = study([A, package("B", ask("bank.loan", 80 * M))], [LOAN])
    scores = {"A": 90.0, "B": 50.0}
    amounts = allocate(case, scores, ["A"]).amounts
    with pytest.raises(UsageError, match="'X' is unknown"):
        admission(case, scores, ["A"], amounts, ["X"])
    with pytest.raises(UsageError, match="'A' has an amount already"):
        admission(case, scores, ["A"], amounts, ["A"])
    with pytest.raises(ValueError, match="differ on A"):
        admission(case, scores, ["A"], amounts.drop(index="A"), ["B"])
    with pytest.raises(ValueError, match="differ on bank"):
        admission(case, scores, ["A"], amounts.rename(columns={"bank.loan": "x"}), ["B"])
    over = pd.DataFrame({"bank.loan": [61 * M, 0]}, index=["A", "B"])
    with pytest.raises(UsageError, match="the standing allocation breaks a limit"):
        admission(case, scores, ["A"], over, ["B"])
    halves = amounts + pd.DataFrame({"bank.loan": [-0.5, 0]}, index=["A", "B"])
    with pytest.raises(UsageError, match="no_whole_dollars"):
        admission(case, scores, ["A"], halves, ["B"])


def test_a_shared_limit_that_support_would_ease_earns_a_credit() -> None:
    # Loans at most the size of grants. A asks 100 of loans, B 30 of grants; C brings 20 of grants
    # and so room for 20 more loans, at 0.9 a million: a price of -18.
    case = study(
        [
            package("A", ask("bank.loan", 100 * M)),
            package("B", ask("bank.grant", 30 * M)),
            package("C", ask("bank.grant", 20 * M)),
        ],
        [tool("loan", 100 * M), tool("grant", 100 * M)],
        [limit("pair", "bank.loan", at_most={"share": 1, "of": {"tools": ("bank.grant",)}})],
    )
    row = judged(case, {"A": 90.0, "B": 50.0, "C": 10.0}, "C").verdicts.loc["C"]
    assert row["decision"] == "admit"
    assert (row["worth"], row["price"], row["gain"]) == pytest.approx((10, -18, 28))
    assert np.isfinite(row["free_gain"])
