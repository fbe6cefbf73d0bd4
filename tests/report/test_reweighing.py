"""The workbook's sheets that calculate: what LibreOffice works out is what the engine does."""

from __future__ import annotations

import datetime as dt
import io
import math
import subprocess
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from playwright.sync_api import Page

from evaluator import evaluate
from evaluator.loading.variation import vary
from evaluator.model.base import Known
from evaluator.model.package import Package
from evaluator.model.scenario import Designation, Override
from evaluator.model.study import Study
from evaluator.record.runs.tables import tables
from evaluator.report.xlsx.reweighing.plan import FIRST, INPUTS, POINTS, WRONG, Plan, plan_of
from evaluator.report.xlsx.workbook import workbook
from evaluator.results.evaluation import Evaluation
from tests.report.test_whatif import agree
from tests.studies import scenario, study

COLUMNS = {"Rank": 8, "Package": 11, "Score": 13, "Designated": 15}
"""Of the list, from 0."""


def listed(file: openpyxl.Workbook, plan: Plan) -> dict[str, tuple[int, float, str]]:
    """Return rank, score and standing by package, as the list on the sheet has them."""
    rows = file[INPUTS].iter_rows(
        min_row=FIRST + 1, max_row=FIRST + len(plan.packages), values_only=True
    )
    cells = [[row[at] for at in COLUMNS.values()] for row in rows]
    assert [row[0] for row in cells] == sorted(row[0] for row in cells)
    return {row[1]: (row[0], row[2], row[3]) for row in cells}


def expected(found: Evaluation) -> dict[str, tuple[int, float, str]]:
    """Return the same of an evaluation."""
    include = found.study.scenario.designation.include
    rows = found.ranking[found.ranking["outcome"] != "failed"].to_dict("index")
    return {
        str(package): (
            row["rank"],
            pytest.approx(row["overall"], abs=1e-9),
            "yes, by name"
            if package in include
            else "yes"
            if row["designated"]
            else "tied at the cut"
            if row["contested"]
            else "no",
        )
        for package, row in rows.items()
    }


def with_points(data: bytes, plan: Plan, points: list[list[float]]) -> bytes:
    """Return a workbook with other points, as a hand would type them; nothing is calculated."""
    file = openpyxl.load_workbook(io.BytesIO(data))
    for group, mine in zip(plan.groups, points, strict=True):
        for row, value in enumerate(mine, start=group.row + 1):
            file[INPUTS].cell(row, POINTS + 1, value)
    for name in set(file.sheetnames) - {INPUTS, "What if values"}:
        del file[name]
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def calculated(soffice: str, files: Mapping[str, bytes], folder: Path) -> Mapping[str, Path]:
    """Return each workbook as LibreOffice saves it, with the values of its formulas."""
    (folder / "in").mkdir()
    for name, data in files.items():
        (folder / "in" / f"{name}.xlsx").write_bytes(data)
    command = [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    into = ["--convert-to", "xlsx", "--outdir", str(folder / "out")]
    paths = sorted(map(str, (folder / "in").iterdir()))
    subprocess.run([*command, *into, *paths], check=True, capture_output=True)
    return {name: folder / "out" / f"{name}.xlsx" for name in files}


_GO = """(fragment) => new Promise((done) => {
    addEventListener("hashchange",
        () => requestAnimationFrame(() => requestAnimationFrame(done)), { once: true });
    location.hash = fragment;
})"""
"""Takes a page to an address, until what hangs on it is drawn."""


def reweighed(study: Study, plan: Plan, points: list[list[float]]) -> Study:
    """Return a study with these points as its influence and weights."""
    shares = [[p / math.fsum(mine) for p in mine] for mine in points]
    changes: dict[str, object] = {
        "influence.shares": {a.agency: s for a, s in zip(study.agencies, shares[0], strict=True)}
    }
    for agency, group, mine in zip(study.agencies, plan.groups[1:], shares[1:], strict=True):
        stated = {plan.criteria[c]: w for c, w in zip(group.criteria, mine, strict=True)}
        weights = {"method": "points", "out_of": 1, "confidence": "illustrative"}
        changes[f"agencies.{agency.agency}.weights"] = {**weights, "judgements": stated}
    return vary(study, changes)


def drawn(plan: Plan, seed: int) -> list[list[float]]:
    """Return points as people move them: a few of them, some to nothing."""
    rng = np.random.default_rng(seed)
    found = []
    for group in plan.groups:
        points = 100 * np.array(group.shares)
        moved = rng.random(len(points)) < rng.choice([0.1, 0.5, 1.0])
        points = np.where(moved, rng.integers(0, 101, len(points)), points)
        found.append((points if points.sum() else np.ones(len(points))).tolist())
    return found


@pytest.fixture(scope="module")
def plan(baseline: Evaluation) -> Plan:
    return plan_of(baseline)


@pytest.fixture(scope="module")
def data(baseline: Evaluation) -> bytes:
    return workbook(baseline, tables(baseline))


def test_what_stands_before_anything_is_calculated_is_the_run(
    baseline: Evaluation, data: bytes, plan: Plan
) -> None:
    file = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    assert listed(file, plan) == expected(baseline)
    formulas = openpyxl.load_workbook(io.BytesIO(data))[INPUTS]
    assert str(formulas.cell(FIRST + 1, COLUMNS["Score"] + 1).value).startswith("=IF(")


@pytest.mark.slow
@pytest.mark.office
def test_libreoffice_calculates_what_the_engine_does(
    baseline: Evaluation, data: bytes, plan: Plan, soffice: str, tmp_path: Path
) -> None:
    """Fifty others: points moved by hand, some to nothing."""
    points = {f"{seed:02}": drawn(plan, seed) for seed in range(50)}
    files = {name: with_points(data, plan, each) for name, each in points.items()}
    for name, path in calculated(soffice, files, tmp_path).items():
        found = evaluate(reweighed(baseline.study, plan, points[name]), only="scores")
        file = openpyxl.load_workbook(path, data_only=True)
        assert listed(file, plan) == expected(found), name


@pytest.mark.slow
@pytest.mark.browser
def test_the_page_weighs_as_the_engine_does(
    page: Page, baseline: Evaluation, baseline_page: Path, plan: Plan
) -> None:
    """The same fifty, each given by the page's address: order, ranks, scores and who is in."""
    page.goto(baseline_page.as_uri())
    for seed in range(50):
        points = drawn(plan, seed)
        parts = [f"w{at}={','.join(map(repr, one))}" for at, one in enumerate(points)]
        fragment = ";".join(["whatif", baseline.study.run_name, *parts])
        page.evaluate(_GO, fragment)
        study = reweighed(baseline.study, plan, points)
        agree(page, evaluate(study, only="scores"))


@pytest.mark.slow
@pytest.mark.office
def test_ties_floors_and_the_cut_are_those_of_the_engine(soffice: str, tmp_path: Path) -> None:
    """Twins a hair apart at the cut, one under a floor, one named, one excluded."""
    shares = {"a": 0.8, "b": 0.5, "c": 0.5 + 5e-12, "d": 0.5 + 5e-10, "e": 0.2, "f": 0.9, "g": 0.1}
    packages = tuple(
        Package(id=name, title=name, attributes={}, measures={"a.x": Known(value=share)})
        for name, share in shares.items()
    )
    named = Override(because="case", by="a clerk", date=dt.date(2026, 6, 1))
    found = {
        str(places): evaluate(
            study(
                scenario=scenario(
                    designation=Designation(
                        min_overall=30,
                        min_agency={"a": 30},
                        max_packages=places,
                        include={"g": named},
                        exclude={"f": named},
                    )
                ),
                packages=packages,
            )
        )
        for places in (1, 3, 4, 5, None)
    }
    plans = {name: plan_of(each) for name, each in found.items()}
    files = {
        name: with_points(workbook(each, tables(each)), plans[name], [[1.0], [1.0]])
        for name, each in found.items()
    }
    told = {}
    for name, path in calculated(soffice, files, tmp_path).items():
        told[name] = listed(openpyxl.load_workbook(path, data_only=True), plans[name])
        assert told[name] == expected(found[name])
    assert [told["3"][name][0] for name in "abcdefg"] == [2, 4, 4, 3, 6, 1, 7]
    assert {told["4"][name][2] for name in "bc"} == {"tied at the cut"}
    assert {told["5"][name][2] for name in "bc"} == {"yes"}


@pytest.mark.slow
@pytest.mark.office
def test_points_that_are_none_are_told_and_nothing_is_ranked(
    data: bytes, plan: Plan, soffice: str, tmp_path: Path
) -> None:
    points = [100 * np.array(group.shares) for group in plan.groups]
    points[1][:] = 0
    files = {"none": with_points(data, plan, [each.tolist() for each in points])}
    sheet = openpyxl.load_workbook(calculated(soffice, files, tmp_path)["none"], data_only=True)
    row = plan.groups[1].row + 1
    assert sheet[INPUTS].cell(row, WRONG + 1).value.startswith("Points are numbers of 0 or more")
    assert not sheet[INPUTS].cell(FIRST + 1, COLUMNS["Score"] + 1).value
    assert not sheet[INPUTS].cell(plan.groups[2].row + 1, WRONG + 1).value


@pytest.mark.slow
def test_another_method_has_no_such_sheet_and_the_index_says_so(baseline: Evaluation) -> None:
    found = evaluate(vary(baseline.study, {"method.name": "topsis"}))
    file = openpyxl.load_workbook(io.BytesIO(workbook(found, tables(found))))
    assert INPUTS not in file.sheetnames
    told = [row[1].value for row in file["Index"].iter_rows() if row[0].value == INPUTS]
    assert told == ["only for the plain weighted sum: this scenario ranks by another method"]
