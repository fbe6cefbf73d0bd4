"""The k best portfolios against the enumeration of all allocations, and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.allocation import allocate, certify
from evaluator.questions.funding.portfolios import Portfolios, best_portfolios
from tests.allocation.enumeration import lumps
from tests.allocation.small import M, ask, package, random_study, scores_of, study, tool


def sets(found: Portfolios) -> list[tuple[str, ...]]:
    table = found.membership
    return [tuple(table.index[table[rank]]) for rank in table.columns]


@pytest.mark.parametrize("seed", range(8))
def test_the_best_sets_of_all(seed: int) -> None:
    every = lumps(seed)
    best: dict[tuple[str, ...], float] = {}
    for row, value in enumerate(every.objective()):
        name = every.supported(row)
        best[name] = max(value, best.get(name, -1.0))
    expected = sorted(best.items(), key=lambda item: -item[1])[:7]
    found = best_portfolios(every.case, every.scores, list(every.scores), 7)
    assert found.certificate == ()
    assert sets(found) == [names for names, _ in expected]
    np.testing.assert_allclose(found.table["objective"], [v for _, v in expected], rtol=1e-9)


def test_all_portfolios_there_are() -> None:
    # A and B exclude each other: A, B, nobody
    case = study(
        [
            package("A", ask("bank.loan", 60 * M), exclusive_group="G"),
            package("B", ask("bank.loan", 50 * M), exclusive_group="G"),
        ],
        [tool("loan", 100 * M, 0.1)],
    )
    found = best_portfolios(case, {"A": 90.0, "B": 80.0}, ["A", "B"], 9)
    assert found.complete
    assert sets(found) == [("A",), ("B",), ()]
    assert found.table["lost"].tolist() == pytest.approx([0, 10, 90])
    assert found.table["entered"].tolist() == [(), ("B",), ()]
    assert found.table["left"].tolist() == [(), ("A",), ("A",)]
    # 60 leave A and 50 reach B: 60 change hands; then 60 are not given at all
    assert found.table["moved_usd"].tolist() == [0, 60 * M, 60 * M]
    assert not best_portfolios(case, {"A": 90.0, "B": 80.0}, ["A", "B"], 2).complete


@pytest.mark.parametrize("seed", range(5))
def test_the_first_is_the_allocation_and_the_rest_differ(seed: int) -> None:
    case = random_study(seed)
    scores = scores_of(case, seed)
    chosen = list(scores)
    found = best_portfolios(case, scores, chosen, 4)
    single = allocate(case, scores, chosen)
    if single.status == "infeasible":
        assert found.status == "infeasible"
        return
    assert found.certificate == ()
    assert all(certify(case, one, chosen) == () for one in found.allocations)
    assert found.table["objective"].iloc[0] == pytest.approx(single.objective, rel=1e-5)
    assert (found.table["lost"] >= 0).all()
    assert len(set(sets(found))) == len(found.table)
    for names, table in zip(sets(found), found.allocations, strict=True):
        assert names == tuple(table.index[table.sum(axis=1) > 0])


def test_wrong_counts_and_infeasible_programs() -> None:
    case = study(
        [package("A", ask("bank.loan", 60 * M))],
        [tool("loan", 5 * M)],
        must={"A": {"at_least": 10 * M}},
    )
    with pytest.raises(ValueError, match="at least 1 portfolio"):
        best_portfolios(case, {"A": 1.0}, ["A"], 0)
    found = best_portfolios(case, {"A": 1.0}, ["A"], 3)
    assert (found.status, found.complete, len(found.table)) == ("infeasible", True, 1)
    nothing = best_portfolios(case, {}, [], 3)
    assert nothing.status == "infeasible"
