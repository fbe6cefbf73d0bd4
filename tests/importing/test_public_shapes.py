"""Files of the shapes that are published: how much is asked, and that the answer is right.

Each is small and made up; the right answer is worked out beside the engine.
"""

from __future__ import annotations

import json
import re
import statistics
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from evaluator import evaluate, load_study
from tests.importing.forms import book, done, rows, run, starter

HIGHER = re.compile(r"direction: null")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def open_(source: str, into: str = "new") -> list[list[Any]]:
    """Import; return the keys of what is asked."""
    result = run(source, "--into", into, "--json")
    assert result.exit_code == 5, result.output
    return [one["key"] for one in json.loads(result.stdout)["open"]]


def scores(into: str = "new") -> dict[str, float]:
    study = load_study(f"{into}/scenarios/imported.yaml")
    titles = {one.id: one.title for one in study.packages}
    return {titles[name]: score for name, score in evaluate(study, only="scores").scores.items()}


def test_a_feature_list_with_percent_and_a_score_that_follows(tmp_path: Path) -> None:
    made = xlsxwriter.Workbook("rice.xlsx")
    sheet, percent = made.add_worksheet("RICE"), made.add_format({"num_format": "0%"})
    sheet.write_row(0, 0, ["RICE prioritisation, Q3"])
    sheet.write_row(2, 0, ["Feature", "Reach", "Impact", "Confidence", "Effort", "RICE score"])
    table = [
        ("Search", 500, 2, 0.8, 2),
        ("Export", 300, 3, 0.5, 1),
        ("Dark mode", 900, 0.5, 1.0, 4),
    ]
    for at, row in enumerate(table, 3):
        sheet.write_row(at, 0, row[:3])
        sheet.write_number(at, 3, row[3], percent)
        sheet.write_number(at, 4, row[4])
        value = row[1] * row[2] * row[3] / row[4]
        sheet.write_formula(at, 5, f"=B{at + 1}*C{at + 1}*D{at + 1}/E{at + 1}", None, value)
    made.add_worksheet("How to").write_row(0, 0, ["Score each feature."])
    made.close()
    keys = open_("rice.xlsx")
    assert keys == [*(["criteria", n, "direction"] for n in range(4)), ["criteria", 0, "weight"]]
    text = Path("rice.map.yaml").read_text()
    text = text.replace(
        "unit: units, direction: null, low: 1, high: 4", "direction: lower, low: 1, high: 4"
    )
    Path("rice.map.yaml").write_text(HIGHER.sub("direction: higher", text))
    told = done("rice.xlsx", "--into", "new", "--map", "rice.map.yaml").output
    assert "column F 'RICE score' was left" in told
    by_hand = {
        name: 25 * ((a - 300) / 600 + (b - 0.5) / 2.5 + (c - 0.5) / 0.5 + (4 - d) / 3)
        for name, a, b, c, d in table
    }
    assert scores() == pytest.approx(by_hand)


def test_a_tender_with_a_row_of_weights_in_percent(tmp_path: Path) -> None:
    table = [
        ("Evaluation of offers",),
        ("Vendor", "Price (£)", "Quality", "Support", "Total"),
        ("Weighting", "50%", "30%", "20%", None),
        ("Direction", "min", "max", "max", None),
        ("Alpha Ltd", "£1,200.50", 8, 7, None),
        ("Beta plc", "£990", 6, 9, None),
        ("Gamma & Co", "£1,500", 9, "N/A", None),
        ("Average", "£1,230.17", 7.67, 8, None),
    ]
    book(tmp_path / "tender.xlsx", {"Scores": table, "Read me": [("Confidential",)]})
    told = done("tender.xlsx", "--into", "new").output
    assert "row 8: below the table, left" in told
    price = {"Alpha Ltd": 299.5 / 510, "Beta plc": 1, "Gamma & Co": 0}
    quality = {"Alpha Ltd": 2 / 3, "Beta plc": 0, "Gamma & Co": 1}
    support = {"Alpha Ltd": 0, "Beta plc": 1, "Gamma & Co": 0}  # what is missing scores 0
    assert scores() == pytest.approx(
        {n: 50 * price[n] + 30 * quality[n] + 20 * support[n] for n in price}
    )


def test_a_workbook_with_a_sheet_for_each_reviewer(tmp_path: Path) -> None:
    head = (
        "Ref",
        "Project",
        "Whether the consortium can deliver",
        "Security of sites and models",
        "Sum",
    )
    one = [
        head,
        ("P1", "x", "Good", "fair", 3),
        ("P2", "y", "poor", "GOOD", 2),
        ("P3", "z", "fair", "-", 1),
    ]
    two = [
        head,
        ("P1", "x", "fair", "fair", 2),
        ("P2", "y", "fair", "good", 3),
        ("P3", "z", "good", "poor", 2),
    ]
    summary = [("Summary",), ("Seen by the chair",)]
    study = starter(tmp_path, "packages")
    book(tmp_path / "panel.xlsx", {"Ada L.": one, "Grace H.": two, "Summary": summary})
    done("panel.xlsx", "--into", study)
    found = {
        (x["evaluator"], x["package"], x["criterion"]): x["rating"] for x in rows(study, "ratings")
    }
    assert len(found) == 12
    assert found["Ada-L", "P2", "security.safeguards"] == "good"
    assert found["Grace-H", "P3", "trade.delivery"] == "good"
    assert found["Ada-L", "P3", "security.safeguards"] == ""
    loaded = load_study(study / "scenarios" / "baseline.yaml")
    values = evaluate(loaded, only="scores").values
    assert values.loc["P1", "trade.delivery"] == pytest.approx((100 + 50) / 2)
    assert values.loc["P2", "trade.delivery"] == pytest.approx((0 + 50) / 2)


def test_a_table_of_universities_with_gaps_ranked_over_what_is_known(tmp_path: Path) -> None:
    text = (
        "Rank;University;Country;Teaching;Research;Citations;International\n"
        "1;Università Uno;Italy;90,5;88,0;99,1;70,2\n"
        "=2;Łódź Dwa;Poland;80,0;—;95,0;60,0\n"
        "=2;École Trois;France;70,1;75,5;n/a;90,4\n"
        "601–800;Universität Vier;Germany;60,0;65,5;80,2;-\n"
    )
    Path("uni.csv").write_text(text)
    keys = open_("uni.csv")
    assert keys == [*(["criteria", n, "direction"] for n in range(4)), ["criteria", 0, "weight"]]
    mapped = Path("uni.map.yaml")
    mapped.write_text(re.sub(r"low: [\d.]+, high: [\d.]+", "low: 0, high: 100",
                             HIGHER.sub("direction: higher", mapped.read_text())))  # fmt: skip
    told = done("uni.csv", "--into", "new", "--map", mapped).output
    assert "column A 'Rank' was left" in told
    assert "column C 'Country' was left" in told
    scenario = Path("new/scenarios/imported.yaml")
    scenario.write_text(scenario.read_text() + "missing: reweight\n")
    assert scores() == pytest.approx(
        {
            "Università Uno": (90.5 + 88.0 + 99.1 + 70.2) / 4,
            "Łódź Dwa": (80.0 + 95.0 + 60.0) / 3,
            "École Trois": (70.1 + 75.5 + 90.4) / 3,
            "Universität Vier": (60.0 + 65.5 + 80.2) / 3,
        }
    )


def test_a_matrix_with_a_row_of_types_and_zeros_for_what_is_not_known(tmp_path: Path) -> None:
    head = "Model;Year;Zoom wide (W);Weight (inc. batteries);Price\n"
    head += "STRING;DOUBLE;DOUBLE;DOUBLE;DOUBLE\n"
    table = [("Ax 1!", 1997, 38, 420, 179), ("Ax 2", 1998, 0, 300, 199), ("Bo 3", 2001, 51, 0, 149),
             ("Bo 4", 2003, 35, 250, 549), ("Cy-5", 2004, 28, 375, 0)]  # fmt: skip
    lines = [";".join((name, *(f"{x}.0" for x in numbers))) for name, *numbers in table]
    Path("camera.csv").write_text(head + "\n".join(lines))
    keys = open_("camera.csv")
    zeros = [["sheets", 0, "columns", n, "missing"] for n in (2, 3, 4)]
    directions = [["criteria", n, "direction"] for n in range(4)]
    assert sorted(map(str, keys)) == sorted(
        map(str, [*zeros, *directions, ["criteria", 0, "weight"]])
    )
    path = Path("camera.map.yaml")
    text = HIGHER.sub("direction: higher", path.read_text())
    text = re.sub(r"(measures\.table\.(?:zoom\w*|weight\w*|price))\]", r"\1], missing: ['0']", text)
    path.write_text(text)
    told = done("camera.csv", "--into", "new", "--map", path).output
    assert "row 2: below the head, no data of the table" in told
    measures = {(x["package"], x["criterion"]): x["value"] for x in rows(Path("new"), "measures")}
    assert measures["Ax-2", "table.zoom_wide_w"] == "n/a: 0.0"
    assert measures["Ax-1", "table.year"] == "1997"


def test_words_in_a_usual_order_are_proposed_as_levels(tmp_path: Path) -> None:
    """By hand: high 100, medium 50, low 0, and cost from 10 to 30, half of the weight each."""
    Path("bids.csv").write_text(
        "Bid;Quality;Cost;Owner\n"
        "Ash;High;10;Ann\nBirch;low;20;Bob\nCedar;Medium;30;Cem\nDeal;high;20;Ann\n"
    )
    keys = open_("bids.csv")
    assert keys == [
        ["criteria", 0, "levels"],
        ["criteria", 1, "direction"],
        ["criteria", 0, "weight"],
        ["sheets", 0, "constants"],
    ]
    mapped = Path("bids.map.yaml")
    assert "levels: {High: 100, Medium: 50, low: 0}" in mapped.read_text()
    mapped.write_text(mapped.read_text().replace("direction: null", "direction: lower"))
    done("bids.csv", "--into", "new", "--map", mapped)
    assert scores() == pytest.approx({"Ash": 100.0, "Birch": 25.0, "Cedar": 25.0, "Deal": 75.0})


HACKATHON = """Hack Day scores;;;;;;;
Team;Judge;Idea (0-10);Build (0-10);Demo (0-10);Comments;Total;Median
Alpha;Ann;9;1;9;bold;19;20
Alpha;Bea;2;9;9;;20;20
Alpha;Cem;9;9;9;all there;27;20
Beta;Ann;7;7;7;;21;21
Beta;Bea;7;7;7;;21;21
Beta;Cem;7;7;7;;21;21
Gamma;Ann;10;3;4;;17;18
Gamma;Bea;5;6;7;;18;18
Gamma;Cem;6;8;8;;22;18
Delta;Ann;4;4;4;;12;13
Delta;Bea;8;3;2;;13;13
Delta;Cem;9;9;10;;28;13
"""


def test_a_hackathon_ranks_by_the_median_of_what_judges_give_in_all(tmp_path: Path) -> None:
    """Alpha has the best median on each criterion, and would be first by them: 27 against 21."""
    Path("hack.csv").write_text(HACKATHON, encoding="utf-8")
    done("hack.csv", "--into", "new")
    totals = {"Alpha": (19, 20, 27), "Beta": (21, 21, 21), "Gamma": (17, 18, 22)}
    totals["Delta"] = (12, 13, 28)
    by_hand = {team: statistics.median(given) / 30 * 100 for team, given in totals.items()}
    assert scores() == pytest.approx(by_hand)
    study = load_study("new/scenarios/imported.yaml")
    found = evaluate(study, only="scores").ranking
    assert found["title"].to_list() == ["Beta", "Alpha", "Gamma", "Delta"]
    assert found["rank"].to_list() == [1, 2, 3, 4]
