"""What is missing, and who has not rated it: nobody is counted as silent who was not asked."""

from __future__ import annotations

from evaluator.model.base import Missing
from evaluator.model.criterion import Criterion, Level, Scale, ValueFunction
from evaluator.model.package import Package, Rating
from evaluator.scoring.findings import NoRow, NotKnown
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
    (row,) = performances(
        study(
            packages=(Package(id="P", title="P", attributes={}, ratings=panel),),
            agencies=(agency().model_copy(update={"criteria": (rated,)}),),
            scales=(Scale(id="s", label="s", levels=levels, citation=CITED),),
        )
    ).to_dict("records")
    assert (row["rated"], row["blank"], row["value"]) == (2, 1, 60)
    assert (row["value_low"], row["value_high"]) == (80 / 3, 260 / 3)
