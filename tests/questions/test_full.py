"""What a full run adds, on the case that was computed by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluator import Override, ask, evaluate, load_study
from evaluator.errors import UsageError
from evaluator.questions import full as extended
from evaluator.questions.admission import admit
from evaluator.results.evaluation import Evaluation
from tests.conftest import BASELINE

HAND = Path(__file__).parents[1] / "cases" / "hand" / "scenarios" / "baseline.yaml"


@pytest.fixture(scope="module")
def full() -> Evaluation:
    changes = [Override("extent", "full", "a trial"), Override("uncertainty.draws", "200", "quick")]
    return ask(evaluate(load_study(HAND, changes)))


def test_a_plain_run_has_none_of_it() -> None:
    quick = load_study(HAND, [Override("uncertainty.draws", "0", "q")])
    assert ask(evaluate(quick)).extended is None


def test_a_plain_run_says_what_its_overrides_cost() -> None:
    quick = Override("uncertainty.draws", "0", "q")
    plain = ask(evaluate(load_study(HAND, [quick])))
    first = plain.allocation.supported[0]
    ban = f"{{{first}: {{because: A trial, by: analyst, date: 2026-07-01}}}}"
    found = ask(evaluate(load_study(HAND, [quick, Override("allocation.must_not", ban, "q")])))
    assert found.extended is not None
    assert set(found.extended.tables) == {"override_costs"}
    (row,) = found.extended.tables["override_costs"].table.to_dict("records")
    assert (row["kind"], row["subject"]) == ("must_not", first)
    lost = plain.allocation.objective - found.allocation.objective
    assert row["lost"] == pytest.approx(lost)
    assert lost > 0


def test_every_table_is_there_with_its_rule(full: Evaluation) -> None:
    assert full.extended is not None
    assert set(full.extended.tables) == {
        "next_dollars",
        "what_it_takes",
        "in_the_way",
        "override_costs",
        "budget_sweep",
        "frontier_subsidy",
        "frontier_concentration",
        "best_portfolios",
        "core_index",
        "funded_stability",
    }


def test_a_large_program_looks_at_fewer_and_says_so_and_progress_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # 4 million of loans are under the ticket of 5; without equity nobody gets anything else
    changes = {
        "extent": "full",
        "uncertainty.draws": "20",
        "institutions.bank.tools.loan.envelope.amount": "4000000",
        "institutions.bank.limits.group_equity.at_most": "12000000",
    }
    study = load_study(HAND, [Override(key, to, "a trial") for key, to in changes.items()])
    told: list[str] = []
    every = ask(evaluate(study, told.append), told.append)
    without = [p for p in every.designated if p not in every.allocation.supported]
    assert len(without) == 3
    assert [step for step in told if step.startswith("what it would take: ")] == [
        f"what it would take: {n} of 3, {p}" for n, p in enumerate(sorted(without), start=1)
    ]
    assert every.extended is not None
    assert "rank best" not in every.extended.tables["what_it_takes"].rule
    monkeypatch.setattr(extended, "_LARGE", 0)
    monkeypatch.setattr(extended, "_MOST", 1)
    monkeypatch.setattr(extended, "_FEW_DRAWS", 10)
    assert "since the program" not in every.extended.tables["core_index"].rule
    few = ask(evaluate(study)).extended
    assert few is not None
    table = few.tables["what_it_takes"]
    assert table.table["package"].tolist() == without[:1]
    assert "of 3 designated packages without support the 1 that rank best" in table.rule
    assert few.tables["core_index"].rule.endswith(
        "; 10 draws, since the program has more than 0 binaries"
    )


def test_the_next_dollars_of_loans_go_to_the_second_package(full: Evaluation) -> None:
    # P2 asks 60 and has 10: of 100 million more it takes 50, worth 86.47214 / 80 a million.
    assert full.extended is not None
    table = full.extended.tables["next_dollars"].table.set_index("subject")
    overall = float(full.ranking.loc["P2", "overall"])  # type: ignore[arg-type]
    assert table.loc["bank.loan", "used_usd"] == 50_000_000
    assert table.loc["bank.loan", "gained"] == pytest.approx(50 * overall / 80, rel=1e-6)


def test_the_funded_set_stands_around_the_present_influence(full: Evaluation) -> None:
    assert full.extended is not None
    table = full.extended.tables["funded_stability"].table
    assert (table["low"] <= table["present"]).all()
    assert (table["present"] <= table["high"]).all()
    # All three are funded; P1 scores 62 and 50 with the two agencies, so at 0.6 trade it is over
    # the floor of 50, and with energy alone exactly on it: no influence puts anybody out.
    assert table["low"].tolist() == [0, 0]
    assert table["high"].tolist() == [1, 1]


def test_all_are_core_where_all_are_always_funded(full: Evaluation) -> None:
    assert full.extended is not None
    table = full.extended.tables["core_index"].table.set_index("package")
    assert table.loc["P1", "core_index"] == 1
    assert table["core_index"].between(0, 1).all()


def test_a_late_package_that_failed_or_has_money_is_refused() -> None:
    standing = evaluate(load_study(BASELINE), only="allocation")
    with pytest.raises(UsageError, match="failed a requirement"):
        admit(standing, ["SP26-07"])
    with pytest.raises(UsageError, match="no package 'SP26-99'"):
        admit(standing, ["SP26-99"])
    with pytest.raises(UsageError, match="SP26-03"):
        admit(standing, ["SP26-03"])


def test_a_late_package_takes_only_what_is_left() -> None:
    before = evaluate(load_study(BASELINE), only="allocation")
    found = admit(before, ["SP26-25"])
    assert found.certificate == ()
    after = found.fixed["SP26-25"]
    standing = before.allocation.amounts
    assert (after.loc[standing.index, standing.columns] >= standing).all().all()
