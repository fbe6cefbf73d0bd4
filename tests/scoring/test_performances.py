"""What is missing, and who has not rated it: nobody is counted as silent who was not asked."""

from __future__ import annotations

from evaluator.model.base import Missing
from evaluator.model.package import Package
from evaluator.scoring.findings import NoRow, NotKnown
from evaluator.scoring.performances import performances
from tests.studies import study


def test_a_missing_measure_has_no_evaluator_who_is_silent() -> None:
    silent = Package(id="P", title="P", attributes={})
    stated = Package(
        id="Q", title="Q", attributes={}, measures={"a.x": Missing(reason="asked for")}
    )
    rows = performances(study(packages=(silent, stated))).to_dict("records")
    assert [(r["state"], r["rated"], r["blank"], r["recused"]) for r in rows] == [
        ("missing", 0, 0, 0)
    ] * 2
    assert [r["note"] for r in rows] == [(NoRow("measures"),), (NotKnown("asked for"),)]
