"""Facts of countries that change by date."""

from __future__ import annotations

import datetime as dt

import pytest

from evaluator.model.base import Known, Missing
from evaluator.model.country import Attribute, DatedColumn
from tests.studies import country, scenario, study

COLUMNS = tuple(
    DatedColumn(**{"from": day, "column": name})
    for day, name in ((dt.date(2025, 10, 1), "class_2026"), (dt.date(2026, 10, 1), "class_2027"))
)
CLASS = Attribute(id="class", label="Class", type="text", columns=COLUMNS)


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (dt.date(2025, 9, 30), Missing(reason="no column holds it on 2025-09-30")),
        (dt.date(2025, 10, 1), Known(value="low")),
        (dt.date(2026, 9, 30), Known(value="low")),
        (dt.date(2026, 10, 1), Known(value="high")),
    ],
)
def test_a_dated_fact_is_read_from_the_column_of_the_day(
    day: dt.date, held: Known | Missing
) -> None:
    case = study(
        scenario=scenario(as_of=day),
        countries=(country("AAA", class_2026="low", class_2027="high"),),
        country_attributes=(CLASS,),
    )
    assert case.country_by_id["AAA"].attributes["class"] == held
    assert "class" not in case.countries[0].attributes
