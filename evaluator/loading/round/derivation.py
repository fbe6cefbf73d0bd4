"""Facts of packages that follow from other tables, held to what their columns state."""

from __future__ import annotations

from evaluator.errors import Problem
from evaluator.loading.round.packages import Rows
from evaluator.model.base import Datum, Known
from evaluator.model.package import Package
from evaluator.model.study import Study
from evaluator.scoring.derivation import agrees, as_fact, derived


def with_derived(study: Study, rows: Rows, problems: list[Problem]) -> Study:
    """Return the study with the derived facts of its packages.

    What the tables give counts; what a column states must agree with it, and counts where they give
    nothing. A contradiction is a problem at the package's row.
    """
    columns = [one for one in study.package_attributes if one.derived is not None]
    if not columns:
        return study
    at = {row["id"]: row.where for row in rows["packages"]}
    found: list[Package] = []
    for package in study.packages:
        facts: dict[str, Datum] = dict(package.attributes)
        for column in columns:
            assert column.derived is not None  # noqa: S101  chosen above
            given, stated = derived(study, package, column.derived), facts[column.id]
            if not agrees(stated, given):
                fact = f"{column.id} is {_told(stated)}; the tables give {_told(given)}."
                remedy = "Mend the cell or the tables, or empty the cell."
                problems.append(Problem(at[package.id], fact, remedy))
            if isinstance(given, Known):
                facts[column.id] = as_fact(given, column)
        found.append(package.model_copy(update={"attributes": facts}))
    return study.model_copy(update={"packages": tuple(found)})


def _told(datum: Datum) -> str:
    if not isinstance(datum, Known):
        return "not known"
    if isinstance(datum.value, bool):
        return "yes" if datum.value else "no"
    return f"{float(datum.value):.6g}"
