"""Files as people have them: each form of cells, sheets and texts, imported from a file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import load_workbook

from evaluator import load_study
from tests.importing.forms import at, book, done, record, rows, run, starter

PACKAGES = [("P1", "Clinic"), ("P2", "Port"), ("P3", "Farm")]
HEAD = ("id", "title")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Maps are written where one stands."""
    monkeypatch.chdir(tmp_path)


def packages(tmp_path: Path, head: str, cells: list[object], name: str = "in.xlsx") -> Path:
    """Import a column beside ids and titles into a study without packages."""
    study = starter(tmp_path)
    table = [(*HEAD, head), *((*pair, cell) for pair, cell in zip(PACKAGES, cells, strict=True))]
    book(tmp_path / name, {"Sheet": table})
    done(tmp_path / name, "--into", study)
    return study


def texts(tmp_path: Path, head: str, cells: list[str], delimiter: str = ";") -> Path:
    """Import a column of texts beside ids and titles."""
    study = starter(tmp_path)
    table = [(*HEAD, head), *((*pair, cell) for pair, cell in zip(PACKAGES, cells, strict=True))]
    lines = [delimiter.join(f'"{x}"' if delimiter in x else x for x in row) for row in table]
    (tmp_path / "in.csv").write_text("\n".join(lines) + "\n")
    done(tmp_path / "in.csv", "--into", study)
    return study


def cost(study: Path) -> list[str]:
    return [row["capital_cost_usd"] for row in rows(study, "packages")]


@pytest.mark.parametrize(
    ("cells", "taken", "how"),
    [
        (["$990,789", "$1,200,000", "$5"], ["990789", "1200000", "5"], "thousands separator"),
        (["1.234.567", "2.000,00", "3"], ["1234567", "2000", "3"], "thousands separator"),
        (["1 234 567", "12", "13"], ["1234567", "12", "13"], "thousands separator"),
        (["1’234’567", "12", "13"], ["1234567", "12", "13"], "thousands separator"),
        (["12,34,567", "1,000", "13"], ["1234567", "1000", "13"], "thousands separator"),
        (["990.75", "1.2m", "USD 5k"], ["991", "1200000", "5000"], "cents rounded"),
        (["1e6", "2E+3", "5"], ["1000000", "2000", "5"], "exponent"),
    ],
)
def test_amounts_as_people_write_them(
    tmp_path: Path, cells: list[str], taken: list[str], how: str
) -> None:
    study = texts(tmp_path, "Capital cost", cells)
    assert cost(study) == taken
    assert how in at(study, "C2")["how"]
    assert at(study, "C2")["found"] == cells[0]


def test_a_decimal_comma_is_known_by_one_cell_of_its_column(tmp_path: Path) -> None:
    study = starter(tmp_path, "packages")
    (tmp_path / "in.csv").write_text("package;recovery_hours\nP1;1,5\nP2;1.250,75\nP3;2,250\n")
    done(tmp_path / "in.csv", "--into", study)
    assert [row["value"] for row in rows(study, "measures")] == ["1.5", "1250.75", "2.25"]
    assert at(study, "B2")["how"] == "decimal comma"


@pytest.mark.parametrize(("sign", "cells"), [(".", "0.086"), (",", "0,086")])
def test_nobody_parts_the_thousands_of_what_begins_with_0(
    tmp_path: Path, sign: str, cells: str
) -> None:
    """No other cell of the column tells, and none has to."""
    study = starter(tmp_path, "packages")
    lines = ["package;recovery_hours", *(f"{name};{cells}" for name in ("P1", "P2", "P3"))]
    (tmp_path / "in.csv").write_text("\n".join(lines) + "\n")
    done(tmp_path / "in.csv", "--into", study)
    assert [row["value"] for row in rows(study, "measures")] == ["0.086"] * 3


def test_percent_in_any_form_is_a_share(tmp_path: Path) -> None:
    study = starter(tmp_path, "packages")
    table = [("package", "Share made at home"), ("P1", "62,5 %"), ("P2", 0.125), ("P3", "7%")]
    made = book(tmp_path / "in.xlsx", {"Scores": table})
    made["Scores"]["B3"].number_format = "0.0%"
    made.save(tmp_path / "in.xlsx")
    done(tmp_path / "in.xlsx", "--into", study)
    assert [row["value"] for row in rows(study, "measures")] == ["0.625", "0.125", "0.07"]
    assert at(study, "B3")["how"] == "percent format"


def test_a_head_of_percent_says_so_of_its_column(tmp_path: Path) -> None:
    study = starter(tmp_path, "packages")
    table = [("package", "Share made at home (%)"), ("P1", 62.5), ("P2", 0.5), ("P3", 100)]
    book(tmp_path / "in.xlsx", {"Scores": table})
    done(tmp_path / "in.xlsx", "--into", study)
    assert [row["value"] for row in rows(study, "measures")] == ["0.625", "0.005", "1"]


def test_negatives_in_brackets_and_with_a_typographic_minus(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(
        "name,growth,x\nweights,1,1\ndirections,higher,higher\n"
        "Alder,(12.5),1\nBirch,\u22123,2\nCedar,4-,9\nDate,$(7),3\n"
    )
    study = tmp_path / "new"
    done(tmp_path / "in.csv", "--into", study)
    values = [r["value"] for r in rows(study, "measures") if r["criterion"].endswith("growth")]
    assert values == ["-12.5", "-3", "-4", "-7"]
    assert at(study, "B4")["how"] == "parentheses"


@pytest.mark.parametrize(
    ("cells", "taken"),
    [
        (["13/04/2026", "03/04/2026", "1/5/2026"], ["2026-04-13", "2026-04-03", "2026-05-01"]),
        (["04/13/2026", "03/04/2026", "1/5/2026"], ["2026-04-13", "2026-03-04", "2026-01-05"]),
        (["4.3.2026", "04.12.2026", "2026-05-06"], ["2026-03-04", "2026-12-04", "2026-05-06"]),
        (["4 March 2026", "Mar 5, 2026", "6-Mar-26"], ["2026-03-04", "2026-03-05", "2026-03-06"]),
        (
            ["2026-03-04T10:15:00Z", "2026/3/5 9:00", "Fri, 6 Mar 2026 5:00 PM"],
            ["2026-03-04", "2026-03-05", "2026-03-06"],
        ),
    ],
)
def test_days_as_people_write_them(tmp_path: Path, cells: list[str], taken: list[str]) -> None:
    study = texts(tmp_path, "Day of submission", cells)
    assert [row["submitted_on"] for row in rows(study, "packages")] == taken


def test_days_and_times_of_a_workbook(tmp_path: Path) -> None:
    cells = [dt.date(2026, 3, 4), dt.datetime(2026, 3, 5, 10, 15), "6.3.2026"]
    study = packages(tmp_path, "submitted_on", [*cells])
    assert [x["submitted_on"] for x in rows(study, "packages")] == [
        "2026-03-04",
        "2026-03-05",
        "2026-03-06",
    ]
    assert at(study, "C3")["how"] == "time of day left out"


def test_what_is_missing_keeps_the_word_as_its_reason(tmp_path: Path) -> None:
    study = packages(tmp_path, "Risk grade of the host", ["TBD", "-", "N/A"])
    found = [row["risk_grade"] for row in rows(study, "packages")]
    assert found == ["n/a: TBD", "n/a: -", "n/a: N/A"]
    loaded = load_study(study / "scenarios" / "baseline.yaml")
    assert loaded.packages[0].attributes["risk_grade"].reason == "TBD"  # type: ignore[union-attr]


def test_labels_and_codes_in_other_case_are_matched(tmp_path: Path) -> None:
    study = starter(tmp_path, "packages")
    table = [
        ("Project", "Judge", "DELIVERY", "Comments"),
        ("p1", "J1", "GOOD", "tried"),
        ("PORT LOGISTICS platform", "J1", "Fair", None),
        ("P3", "J1", "TBD", None),
    ]
    book(tmp_path / "in.xlsx", {"Panel": table})
    done(tmp_path / "in.xlsx", "--into", study)
    found = [
        (x["package"], x["evaluator"], x["rating"], x["rationale"]) for x in rows(study, "ratings")
    ]
    assert found == [
        ("P1", "J1", "good", "tried"),
        ("P2", "J1", "fair", ""),
        ("P3", "J1", "", "TBD"),
    ]
    assert at(study, "A3")["taken"] == "P2"


@pytest.mark.parametrize(
    ("written", "encoding"),
    [
        ("utf-8-sig", None),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings(tmp_path: Path, written: str, encoding: str | None) -> None:
    study = starter(tmp_path)
    text = "id;title\nP1;Café der Mühle\nP2;Port\n"
    (tmp_path / "in.csv").write_bytes(text.encode(written))
    told = done(tmp_path / "in.csv", "--into", study).output
    assert rows(study, "packages")[0]["title"] == "Café der Mühle"
    assert (f"read as {encoding}" in told) == bool(encoding)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_delimiters_are_known_by_the_steadiest_width(tmp_path: Path, sign: str) -> None:
    study = starter(tmp_path)
    lines = [["A list, of what came; by post"], [*HEAD], *PACKAGES]
    (tmp_path / "in.csv").write_text("\n".join(sign.join(x) for x in lines))
    done(tmp_path / "in.csv", "--into", study)
    assert [row["id"] for row in rows(study, "packages")] == ["P1", "P2", "P3"]


def test_the_line_of_a_spreadsheet_program_names_the_delimiter(tmp_path: Path) -> None:
    study = starter(tmp_path)
    (tmp_path / "in.csv").write_text("sep=;\nid;title\nP1;Clinic\nP2;Port\n")
    done(tmp_path / "in.csv", "--into", study)
    assert len(rows(study, "packages")) == 2
    assert at(study, "A1")["how"].startswith("left")


def test_title_rows_merged_heads_notes_and_further_columns(tmp_path: Path) -> None:
    study = starter(tmp_path, "packages")
    table = [
        ("Scores of the panel", None, None, None, None),
        (),
        ("Package", "Trade agency", None, "Security agency", "Phone"),
        (None, "Share made at home", "Unused", "Hours until service is back after an outage", None),
        ("P1", 0.5, "x", 24, 555),
        ("P2", 0.75, "y", 12, 556),
        ("P3", 1, "z", 36, 557),
        (),
        ("Seen and signed by the chair",),
    ]
    made = book(
        tmp_path / "in.xlsx", {"Panel": table, "Notes": [("How to fill it in",), ("Thanks",)]}
    )
    made["Panel"].merge_cells("A3:A4")
    made["Panel"].merge_cells("B3:C3")
    made["Panel"].merge_cells("E3:E4")
    made.save(tmp_path / "in.xlsx")
    told = done(tmp_path / "in.xlsx", "--into", study).output
    found = {(x["package"], x["criterion"]): x["value"] for x in rows(study, "measures")}
    assert found[("P2", "trade.domestic_content")] == "0.75"
    assert found[("P3", "security.recovery_hours")] == "36"
    assert "column C 'Trade agency / Unused' was left" in told
    assert "column E 'Phone' was left" in told
    assert "sheet Notes: the sheet was left" in told
    assert "row 1: above the head" in told
    assert "row 9: below the table" in told


def test_hidden_and_blank_rows_are_told(tmp_path: Path) -> None:
    study = starter(tmp_path)
    made = book(tmp_path / "in.xlsx", {"Sheet": [HEAD, PACKAGES[0], (), PACKAGES[1], PACKAGES[2]]})
    made["Sheet"].row_dimensions[4].hidden = True
    made["Sheet"].column_dimensions["B"].hidden = True
    other = made.create_sheet("Lists")
    other.append(["a", "b"])
    other.sheet_state = "hidden"
    made.save(tmp_path / "in.xlsx")
    told = done(tmp_path / "in.xlsx", "--into", study).output
    assert "row 4: hidden, and taken" in told
    assert "row 3: blank" in told
    assert "column B 'title' is hidden, and was taken" in told
    assert "sheet Lists: the sheet is hidden, and was left (2 cells)" in told
    assert len(rows(study, "packages")) == 3


def test_stored_values_of_formulas_are_taken(tmp_path: Path) -> None:
    from xlsxwriter import Workbook as Written

    study = starter(tmp_path)
    made = Written(str(tmp_path / "in.xlsx"))
    sheet = made.add_worksheet()
    for row, cells in enumerate([(*HEAD, "capital_cost_usd"), ("P1", "Clinic", None)]):
        sheet.write_row(row, 0, cells)
    sheet.write_formula("C2", "=2*45", None, 90)
    made.close()
    done(tmp_path / "in.xlsx", "--into", study)
    assert cost(study) == ["90"]
    assert at(study, "C2")["how"] == "stored value of a formula"


def test_a_formula_without_a_value_and_an_error_are_faults(tmp_path: Path) -> None:
    study = starter(tmp_path)
    table = [(*HEAD, "capital_cost_usd"), ("P1", "a", "=1+1"), ("P2", "b", "#N/A")]
    made = book(tmp_path / "in.xlsx", {"Sheet": table})
    made["Sheet"]["C3"].data_type = "e"
    made.save(tmp_path / "in.xlsx")
    result = run(tmp_path / "in.xlsx", "--into", study)
    assert result.exit_code == 4
    assert (
        "in.xlsx sheet Sheet cell C2: holds a formula whose value is not stored." in result.output
    )
    assert "in.xlsx sheet Sheet cell C3: holds an error." in result.output
    assert not (study / "import.csv").exists()


def test_ids_shown_with_leading_zeros_keep_them(tmp_path: Path) -> None:
    study = starter(tmp_path)
    made = book(tmp_path / "in.xlsx", {"Sheet": [HEAD, (7, "Clinic"), (12, "Port")]})
    for row in (2, 3):
        made["Sheet"][f"A{row}"].number_format = "00000"
    made.save(tmp_path / "in.xlsx")
    done(tmp_path / "in.xlsx", "--into", study)
    assert [row["id"] for row in rows(study, "packages")] == ["00007", "00012"]


def test_every_cell_is_on_record_and_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    study = packages(tmp_path, "capital_cost_usd", ["$5", 6, "TBD"])
    cells = [c for row in load_workbook(tmp_path / "in.xlsx")["Sheet"] for c in row if c.value]
    assert len({row["cell"] for row in record(study)}) == len(cells)
    before = {file: file.read_bytes() for file in study.rglob("*") if file.is_file()}
    done(tmp_path / "in.xlsx", "--into", study)
    assert {file: file.read_bytes() for file in study.rglob("*") if file.is_file()} == before


def test_long_sheets_take_labels_and_units_of_the_criterion_of_each_row(tmp_path: Path) -> None:
    study = starter(tmp_path, "packages")
    scores = [
        ("Score", "Project", "Criterion", "Reviewer", "Comment"),
        ("GOOD", "P1", "delivery", "Dr. O'Neil", "tried"),
        ("Poor", "P1", "SECURITY of sites and models", "J2", None),
        ("tbd", "P2", "trade.delivery", "J2", None),
    ]
    facts = [("package", "indicator", "value"), ("P1", "domestic_content", "62,5 %"),
             ("P2", "recovery_hours", "12,5")]  # fmt: skip
    book(tmp_path / "in.xlsx", {"Scores": scores, "Facts": facts})
    done(tmp_path / "in.xlsx", "--into", study)
    assert [tuple(x.values())[:5] for x in rows(study, "ratings")] == [
        ("P1", "trade.delivery", "Dr.-O-Neil", "good", "tried"),
        ("P1", "security.safeguards", "J2", "poor", ""),
        ("P2", "trade.delivery", "J2", "", "tbd"),
    ]
    assert [(x["value"], x["unit"]) for x in rows(study, "measures")] == [
        ("0.625", "share"),
        ("12.5", "hours"),
    ]


def test_numbers_on_a_scale_of_numbers(tmp_path: Path) -> None:
    study = starter(tmp_path, "packages")
    scales = study / "criteria" / "scales.yaml"
    cited = "citation: {title: A scale, confidence: illustrative}"
    text = f"  - {{id: marks, label: Marks, numbers: {{from: 0, to: 5, step: 0.5}}, {cited}}}\n"
    scales.write_text(scales.read_text() + text)
    trade = study / "criteria" / "trade.yaml"
    trade.write_text(
        trade.read_text()
        .replace("scale: quality", "scale: marks")
        .replace(
            "value: {levels: {good: 100, fair: 50, poor: 0}}",
            "value: {linear: {worst: 0, best: 5}}",
        )
    )
    table = [
        ("package", "judge", "delivery"),
        ("P1", "J1", 3.5),
        ("P2", "J1", "4,5"),
        ("P3", "J1", "-"),
    ]
    book(tmp_path / "in.xlsx", {"Marks": table})
    done(tmp_path / "in.xlsx", "--into", study)
    assert [x["rating"] for x in rows(study, "ratings")] == ["3.5", "4.5", ""]
    book(tmp_path / "in.xlsx", {"Marks": [*table, ("P3", "J2", 3.6)]})
    result = run(tmp_path / "in.xlsx", "--into", study, "--yes")
    assert result.exit_code == 4
    assert "in.xlsx sheet Marks cell C5" in result.output


def test_money_asked_of_tools_in_columns_and_shares_of_countries(tmp_path: Path) -> None:
    study = starter(tmp_path, "packages")
    loan, equity = "bank.loan", "bank.equity"
    table = [
        ("Ref", loan, equity, "Kenya", "POL"),
        ("P1", "$40m", "USD 1.5 million", "100%", None),
        ("P2", 60_000_000, 0, 0.25, "75 %"),
    ]
    book(tmp_path / "in.xlsx", {"Asks": table})
    done(tmp_path / "in.xlsx", "--into", study)
    assert [tuple(x.values())[:3] for x in rows(study, "requests")] == [
        ("P1", loan, "40000000"),
        ("P1", equity, "1500000"),
        ("P2", loan, "60000000"),
    ]
    assert [tuple(x.values()) for x in rows(study, "targets")] == [
        ("P1", "KEN", "1"),
        ("P2", "KEN", "0.25"),
        ("P2", "POL", "0.75"),
    ]


def test_a_package_judged_in_several_rows_is_one_package(tmp_path: Path) -> None:
    study = starter(tmp_path)
    table = [("id", "title", "judge", "delivery"), ("P1", "Clinic", "J1", "good"),
             ("P1", "Clinic", "J2", "fair"), ("P2", "Port", "J1", "poor")]  # fmt: skip
    book(tmp_path / "in.xlsx", {"All": table})
    done(tmp_path / "in.xlsx", "--into", study)
    assert [x["id"] for x in rows(study, "packages")] == ["P1", "P2"]
    assert len(rows(study, "ratings")) == 3
    before = (study / "import.csv").read_bytes()
    done(tmp_path / "in.xlsx", "--into", study)
    assert (study / "import.csv").read_bytes() == before
