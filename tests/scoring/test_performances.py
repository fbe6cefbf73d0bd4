"""What is missing, and who has not rated it: nobody is counted as silent who was not asked."""

from __future__ import annotations

from evaluator.model.base import Missing
from evaluator.model.criterion import Criterion, Level, Scale, ValueFunction
from evaluator.model.package import Package, Rating
from evaluator.scoring.findings import NoRow, NotKnown, Panel
from evaluator.scoring.performances import performances
from tests.studies import CITED, agency, study


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


def test_who_has_not_rated_may_say_anything() -> None:
    # two of three rated, 80 and 40; the third may say 0 or 100:
    # from (2 x 40 + 0) / 3 to (2 x 80 + 100) / 3, around (80 + 40) / 2
    worth = {"great": 100.0, "good": 80.0, "fair": 40.0, "poor": 0.0}
    levels = tuple(Level(id=name, label=name, meaning=name) for name in worth)
    rated = Criterion(
        id="x",
        label="x",
        kind="rating",
        scale="s",
        value=ValueFunction(levels=worth),
        citation=CITED,
    )
    given = zip("abc", ("good", "fair", None), strict=True)
    panel = tuple(Rating(criterion="a.x", evaluator=name, rating=one) for name, one in given)
    both, one = panel[:2], panel[:1]
    three, two, single = performances(
        study(
            packages=tuple(
                Package(id=name, title=name, attributes={}, ratings=given)
                for name, given in zip("PQR", (panel, both, one), strict=True)
            ),
            agencies=(agency().model_copy(update={"criteria": (rated,)}),),
            scales=(Scale(id="s", label="s", levels=levels, citation=CITED),),
        )
    ).to_dict("records")
    row = three
    assert (row["rated"], row["blank"], row["value"]) == (2, 1, 60)
    assert (row["value_low"], row["value_high"]) == (80 / 3, 260 / 3)
    assert row["note"] == (Panel(2, 1, 0),)
    # all have rated: between their own; one alone does not show how far opinions spread
    assert (two["value_low"], two["value_high"], two["note"]) == (40, 80, ())
    assert (single["value_low"], single["value_high"]) == (0, 100)
    assert single["note"] == (Panel(1, 0, 0),)
