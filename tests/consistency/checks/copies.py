"""What a medium carries along: the data of the page's script, and the workbook's first sheet."""

from __future__ import annotations

from typing import Any

from tests.consistency.case import Case
from tests.consistency.ledger import Ledger


def check(case: Case, held: Ledger) -> None:
    """Hold copies of what stands elsewhere."""
    _whatif(case, held)
    _cover(case, held)
    _extremes(case, held)


def _whatif(case: Case, held: Ledger) -> None:
    """The page weighs again only what the weighted sum ranks, from the study's own numbers."""
    method = case.study.scenario["method"]
    linear = method["name"] == "weighted_sum" and method.get("normalization", "none") == "none"
    linear = linear and not case.right.partly and not case.right.over_totals
    data: Any = case.run.page.data("whatif-data")
    if data is None:
        held.holds("data of the page's script", "page", "there", not linear, "none", "some")
        return
    held.same(
        "data of the page's script", "page", "criteria", data["criteria"], list(case.study.criteria)
    )
    for agency in data["agencies"]:
        name = agency["id"]
        held.near(
            "influence", "page's script", name, agency["influence"], case.right.influence[name]
        )
        for place, weight in zip(agency["criteria"], agency["weights"], strict=True):
            criterion = data["criteria"][place]
            right = case.right.weights[name][criterion]
            held.near("weight", "page's script", f"{name} {criterion}", weight, right, 1e-6)
    order = [package for package in case.right.order if package in case.right.rank]
    held.same("order", "page's script", "packages", [one["id"] for one in data["packages"]], order)
    for one in data["packages"]:
        package = one["id"]
        held.same("rank", "page's script", package, one["rank"], case.right.rank[package])
        held.same(
            "designated",
            "page's script",
            package,
            one["priority"],
            package in case.right.designated,
        )
        held.near("overall", "page's script", package, one["overall"], case.right.overall[package])
        for name, place in zip(data["criteria"], one["values"], strict=True):
            told = data["levels"][place] if isinstance(place, int) else place
            right = case.right.performances[package, name].value
            held.near("value", "page's script", f"{package} {name}", told, right)


def _cover(case: Case, held: Ledger) -> None:
    """The workbook's first sheet tells the decision as the page does."""
    cells = [str(cell) for row in case.run.sheets["Run"].cells for cell in row if cell is not None]
    whole = "\n".join(" ".join(cell.split()) for cell in cells)
    for head, figure, text in case.run.page.decision:
        there = all(part in whole for part in (head, figure, text) if part)
        held.holds("five lines", "workbook", head, there, "not there", f"{figure} {text}")


def _extremes(case: Case, held: Ledger) -> None:
    """No number of a table is a negative zero, not a number, or Python's own spelling."""
    odd = {"-0.0", "-0", "nan", "inf", "-inf", "None", "<NA>"}
    for name, rows in case.run.tables.items():
        found = [(k, v) for row in rows for k, v in row.items() if v in odd]
        held.same("no odd number", f"{name}.csv", "cells", found, [])
