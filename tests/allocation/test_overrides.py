"""What each override costs, by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from evaluator.allocation import allocate
from evaluator.decision.designation import designate
from evaluator.model.base import Override
from evaluator.model.scenario import Designation
from evaluator.model.study import Study
from evaluator.questions.funding.overrides import OverrideCosts, override_costs
from evaluator.report.formatting.names import study_names
from evaluator.report.messages import say_all
from evaluator.results.findings import Findings
from tests.allocation.small import WHY, M, ask, changed, package, study, tool

TWO = [package("A", ask("bank.loan", 100 * M)), package("B", ask("bank.loan", 100 * M))]
SIGNED = "(analyst, 2026-07-01: For this case)"


def ranked(**scores: float) -> pd.DataFrame:
    best = sorted(scores, key=lambda name: -scores[name])
    overall = [scores[name] for name in best]
    return pd.DataFrame(
        {"overall": overall, "method_score": overall, "score.a": overall, "outcome": "passed"},
        index=pd.Index(best, name="package"),
    )


def designating(case: Study, **rule: Any) -> Study:
    designation = Designation(**rule)
    return changed(case, scenario=case.scenario.model_copy(update={"designation": designation}))


def costs(case: Study, **scores: float) -> OverrideCosts:
    ranking = ranked(**scores)
    chosen = designate(case, ranking)["designated"]
    standing = allocate(case, scores, [str(p) for p in chosen.index[chosen]])
    found = override_costs(case, ranking, standing)
    assert found.certificate == ()
    return found


def words(case: Study, findings: Findings) -> str:
    return say_all(findings, study_names(case))


def test_a_must() -> None:
    # 100 to share, A 0.9 and B 0.4 a million: B's 50 cost 50 x 0.5
    case = study(TWO, [tool("loan", 100 * M)], must={"B": {"at_least": 50 * M}})
    (row,) = costs(case, A=90, B=40).table.to_dict("records")
    assert row["lost"] == pytest.approx(25)
    assert row["objective_without"] == pytest.approx(90)
    assert (row["moved_usd"], row["entered"], row["left"]) == (50 * M, (), ("B",))
    assert words(case, row["sentence"]) == (
        f"That B must be supported with at least $50.0 million {SIGNED} costs 25.00 points of"
        " objective. Without it $50.0 million would change hands; B would not be"
    )


def test_a_must_not() -> None:
    case = study(TWO, [tool("loan", 100 * M)], must_not={"A": {"tool": "bank.loan"}})
    (row,) = costs(case, A=90, B=40).table.to_dict("records")
    assert row["lost"] == pytest.approx(50)
    assert (row["kind"], row["subject"], row["tool"]) == ("must_not", "A", "bank.loan")
    assert (row["entered"], row["left"]) == (("A",), ("B",))


def test_an_ignored_limit_gains() -> None:
    case = study(TWO, [tool("loan", 100 * M)], ignore=["bank.loan.envelope"])
    (row,) = costs(case, A=90, B=40).table.to_dict("records")
    assert row["lost"] == pytest.approx(-40)
    assert row["given_more_usd"] == -100 * M
    assert "gains 40.00 points" in words(case, row["sentence"])


def test_an_include_takes_the_place_of_another() -> None:
    why = {"B": Override(**WHY)}
    case = designating(study(TWO, [tool("loan", 100 * M)]), max_packages=1, include=why)
    (row,) = costs(case, A=90, B=40).table.to_dict("records")
    assert (row["kind"], row["lost"]) == ("include", pytest.approx(50))
    assert (row["entered"], row["left"]) == (("A",), ("B",))


def test_an_exclude_and_a_must_one_at_a_time() -> None:
    # as it is: B alone, 40. without the exclude: A first, but B must have 50: 45 + 20
    case = study(TWO, [tool("loan", 100 * M)], must={"B": {"at_least": 50 * M}})
    case = designating(case, exclude={"A": Override(because="?", by="x", date=dt.date(2026, 7, 2))})
    table = costs(case, A=90, B=40).table.set_index("kind")
    assert table.loc["exclude", "lost"] == pytest.approx(25)
    assert table.loc["must", "lost"] == pytest.approx(0)
    assert "costs nothing" in words(case, table.loc["must", "sentence"])


def test_an_override_that_leaves_no_allocation() -> None:
    case = study(TWO, [tool("loan", 40 * M)], must={"B": {"at_least": 50 * M}})
    (row,) = costs(case, A=90, B=40).table.to_dict("records")
    assert pd.isna(row["lost"])
    assert row["objective_without"] == pytest.approx(36)
    (found,) = row["sentence"]
    assert (found.stands, found.without) == (False, True)
    told = words(case, row["sentence"])
    assert told.endswith("leaves no allocation; without it there is one")


def test_an_override_without_which_there_is_none() -> None:
    case = study(
        TWO,
        [tool("loan", 40 * M)],
        must={"B": {"at_least": 50 * M}},
        ignore=["bank.loan.envelope"],
    )
    table = costs(case, A=90, B=40).table.set_index("kind")
    assert table.loc["ignore", "status"] == "infeasible"
    (found,) = table.loc["ignore", "sentence"]
    assert (found.stands, found.without) == (True, False)
    told = words(case, table.loc["ignore", "sentence"])
    assert told.endswith("without it there would be no allocation")
    assert table.loc["must", "lost"] == pytest.approx(0)


def test_no_overrides_no_rows() -> None:
    assert costs(study(TWO, [tool("loan", 40 * M)]), A=90, B=40).table.empty
