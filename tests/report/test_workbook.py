"""The workbook: every table a sheet, numbers as numbers, text as text, the same bytes again."""

from __future__ import annotations

import csv
import io
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from evaluator import evaluate, load_study
from evaluator.model.package import Package
from evaluator.record.runs.tables import tables
from evaluator.report.formatting.names import agency_names, names_of
from evaluator.report.messages import say_all
from evaluator.report.viewmodel.decision.lines import decision
from evaluator.report.viewmodel.decision.warnings import warnings
from evaluator.report.xlsx.cells import TEXT_LIMIT, fitted
from evaluator.report.xlsx.columns import columns
from evaluator.report.xlsx.reweighing.plan import INPUTS, VALUES
from evaluator.report.xlsx.sheets import FILED
from evaluator.report.xlsx.sheets import sheet_name as name_of_sheet
from evaluator.report.xlsx.workbook import COLUMN_LIMIT, workbook
from evaluator.results.evaluation import Evaluation
from evaluator.results.schema import TABLES, Column, Table, Type
from tests.conftest import ROOT
from tests.programme import DISCLAIMER, STAMP, WORDS
from tests.studies import study

HOSTILE = {
    "formula": '=HYPERLINK("http://example.com","x")',
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(A1)",
    "tab": "\t=1+1",
    "script": "<script>alert(1)</script>",
    "link": "http://example.com/",
    "internal": "internal:'Run'!A1",
    "own markup": "<r><t>bold</t></r>",
    "escape": "_x0041_ is not A",
    "control": "bell \x07 here",
    "blanks": "  two before, two after  ",
    "number": "007",
    "array": "{=1+1}",
    "lines": "one\ntwo",
    "beyond": "𝄞 clef",
    "long": "r" * 10_000,
}
CALCULATING = (INPUTS, VALUES)

ALIKE: dict[str, Type] = {"two_usd": "integer", "note": "text", "again": "flag", "real": "number"}
TRIALS: dict[str, dict[str, Type]] = {
    "alike": ALIKE,
    "hostile": {"name": "text", "text": "text"},
    "gaps": {
        "whole": "integer",
        "real": "number",
        "share": "number",
        "text": "text",
        "truth": "flag",
    },
    "odd": {"list": "number"},
    "long": {"text": "text"},
}
HEADS = {"two_usd": "Two", "real": "Two", "again": "Note"}


@pytest.fixture(autouse=True)
def _trials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add tables that no run has to the registry."""
    for name, types in TRIALS.items():
        found = tuple(
            Column(
                field,
                kind,
                HEADS.get(field, field.capitalize()),
                "",
                unit="money" if field.endswith("_usd") else "",
                optional=kind in ("integer", "number"),
            )
            for field, kind in types.items()
        )
        monkeypatch.setitem(TABLES, name, Table(name, "", "", (), found))


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def cells_of(sheet: Worksheet) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def sheet_name(table: str) -> str:
    """Return the name of a table's sheet in the words of the programme."""
    return name_of_sheet(table, WORDS)


def rows_of(sheet: Worksheet) -> list[list[object]]:
    """Return the heads and the rows of a table; the stamp is above them."""
    stamp, *rows = cells_of(sheet)
    assert stamp == [STAMP, *[None] * (len(stamp) - 1)]
    return rows


def ids_of(evaluation: Evaluation) -> dict[object, object]:
    """Return names that stand for ids, which the CSV files have."""
    agencies = {name: agency for agency, name in agency_names(evaluation).items()}
    return {
        **agencies,
        **{one.label: name for name, one in evaluation.study.criteria.items()},
        **{names_of(evaluation).tool(name): name for name in evaluation.study.tools},
        "yes": True,
        "no": False,
    }


def worked_with(evaluation: Evaluation) -> dict[str, pd.DataFrame]:
    """Return the tables that have a sheet."""
    return {stem: table for stem, table in tables(evaluation).items() if stem not in FILED}


NAMED = {"criterion", "agency", "other", "lowest_agency", "decisive"}
IN_WORDS = {"tool", "group", "subject"}
IN_WORDS |= {"reason", "note", "sentence", "capped_by", "shadow_price", "cut_price"}
"""Columns whose cells are in words, or in another unit, than in the CSV."""


def test_a_cover_the_envelope_and_a_sheet_for_each_table(
    baseline: Evaluation, file: openpyxl.Workbook
) -> None:
    expected = ["Run", "Index", *CALCULATING, "Envelope", *map(sheet_name, worked_with(baseline))]
    assert file.sheetnames == [*expected, "Columns"]


def test_each_sheet_holds_its_table(baseline: Evaluation, file: openpyxl.Workbook) -> None:
    """XlsxWriter writes 16 digits, one fewer than tell two floats apart; Excel keeps 15."""
    ids, names = ids_of(baseline), names_of(baseline)
    for stem, table in worked_with(baseline).items():
        head, *rows = rows_of(file[sheet_name(stem)])
        told = [column.head for column in columns(baseline, stem, table)]
        assert head[: len(told)] == told
        assert len(head) == len(told) or stem == "ranking"
        plain = table.astype(object)
        empty = plain.map(lambda value: isinstance(value, str | tuple) and not value)
        plain = plain.where(plain.notna() & ~empty, None)
        for found, expected in zip(rows[: len(table)], plain.to_numpy().tolist(), strict=True):
            for name, cell, value in zip(table, found[: len(told)], expected, strict=True):
                if TABLES[stem].column(name).type == "findings":
                    assert (cell or "") == fitted(say_all(value or (), names)), (stem, name)
                elif name in IN_WORDS:
                    assert (cell is None) == (value is None), (stem, name)
                elif isinstance(value, float):
                    assert cell == pytest.approx(value, rel=1e-14, abs=0), stem
                elif TABLES[stem].column(name).type == "ids":
                    cells = (cell or "").split("; ") if cell else []
                    assert [ids.get(one, one) for one in cells] == list(value or ()), (stem, name)
                elif isinstance(value, tuple):
                    parts = [ids.get(part, part) for part in filter(None, (cell or "").split("; "))]
                    assert parts == [f"{v:g}" if isinstance(v, float) else v for v in value], name
                elif name in NAMED or isinstance(value, bool):
                    assert ids.get(cell, cell) == value, (stem, name)
                else:
                    assert cell == value, (stem, name)


def test_names_stand_for_ids_and_yes_for_true(
    baseline: Evaluation, file: openpyxl.Workbook
) -> None:
    heads, *rows = rows_of(file["Values"])
    first = dict(zip(heads, rows[0], strict=True))
    assert first["Criterion"] == "Quality and integration of the layers A to E"
    assert (first["Agency"], first["Red flag"]) == ("Commerce", "no")
    heads, *rows = rows_of(file["Ranking"])
    assert dict(zip(heads, rows[0], strict=True))["Priority"] == "yes"
    heads, *rows = rows_of(file["Allocation"])
    reasons = [str(row[heads.index("What capped it")]) for row in rows]
    assert any("EXIM: Credit subsidy for this round" in reason for reason in reasons)
    assert not [reason for reason in reasons if "direct_loan" in reason]


def test_the_ranking_says_what_is_asked_and_proposed_and_how_sure_it_is(
    baseline: Evaluation, file: openpyxl.Workbook
) -> None:
    heads, *rows = rows_of(file["Ranking"])
    amounts, drawn = baseline.allocation.amounts.sum(axis=1), baseline.uncertainty
    assert drawn is not None
    for package, row in ((str(row[0]), dict(zip(heads, row, strict=True))) for row in rows):
        assert row["Proposed, USD"] == amounts[package]
        requests = baseline.study.package_by_id[package].requests
        groups = {one.alternative_group or one.tool for one in requests}
        assert row["Asked, USD"] == sum(
            max(one.amount_usd for one in requests if group in (one.alternative_group, one.tool))
            for group in groups
        )
        if package in drawn.packages.index:
            sure = drawn.packages.loc[package]
            assert (row["Tier"], row["Rank, 5 %"]) == (sure["tier"], sure["rank_low"])
            assert row["Rank, 95 %"] == sure["rank_high"]
        else:
            assert (row["Tier"], row["Rank, 5 %"]) == (None, None)


def test_a_price_is_of_a_million(baseline: Evaluation, file: openpyxl.Workbook) -> None:
    heads, *rows = rows_of(file["Limits"])
    place = heads.index("Points for a further $1 million")
    prices = baseline.allocation.limits["shadow_price"].tolist()
    known = [None if pd.isna(price) else pytest.approx(1e6 * price) for price in prices]
    assert [row[place] for row in rows] == known
    assert shown(file["Limits"], "Points for a further $1 million") == "0.0000"


def test_a_sheet_without_rows_says_so(hand: Evaluation) -> None:
    empty = workbook(hand, {"gaps": pd.DataFrame({"whole": [], "real": []})})
    assert rows_of(opened(empty)["Gaps"])[1][0] == "No rows: this run has nothing of this kind."


def test_numbers_keep_clear_of_the_texts_beside(file: openpyxl.Workbook) -> None:
    for sheet in file.worksheets[1:]:
        for cell in sheet[3]:
            if isinstance(cell.value, int | float):
                assert (cell.alignment.horizontal, cell.alignment.indent) == ("right", 1)


def test_what_to_beware_of_is_wrapped(baseline: Evaluation, file: openpyxl.Workbook) -> None:
    sheet = file["Run"]
    (start,) = [cell.row for cell in sheet["A"] if cell.value == "Beware"]
    notes = [sheet.cell(row, 1) for row in range(start + 1, sheet.max_row + 1)]
    assert [note.value for note in notes] == list(warnings(baseline))
    assert all(note.alignment.wrap_text for note in notes)


def test_the_envelope_reconciles(baseline: Evaluation, file: openpyxl.Workbook) -> None:
    head, *rows = rows_of(file["Envelope"])
    packages = [row for row in rows if str(row[0]).startswith("SP26")]
    allocated = next(row for row in rows if row[0] == "Proposed")
    total = head.index("Proposed, USD")
    tools = range(2, total)
    assert len(tools) == len(baseline.study.tools)
    for column in tools:
        assert sum(int(str(row[column])) for row in packages) == allocated[column]
    amounts = baseline.allocation.amounts
    assert [allocated[column] for column in tools] == amounts.sum().tolist()
    assert allocated[total] == amounts.to_numpy().sum()


def test_the_cover_says_what_was_run(baseline: Evaluation, file: openpyxl.Workbook) -> None:
    told = {cell for row in cells_of(file["Run"]) for cell in row if cell is not None}
    scenario = baseline.study.scenario
    assert {STAMP, DISCLAIMER, scenario.title, scenario.scenario, "2026-07-15"} <= told
    assert baseline.study.fingerprint in told
    for line in decision(baseline):
        assert {line.head, line.figure, line.text} <= told
    assert set(baseline.provenance.confidence) <= told


def test_the_cover_lists_changes_old_and_new() -> None:
    found = evaluate(load_study(ROOT / "scenarios" / "commerce-led.yaml"))
    rows = cells_of(opened(workbook(found, {}))["Run"])
    (applied,) = found.study.applied
    (row,) = [row for row in rows if row[1] == applied.set]
    assert row[:5] == ["commerce-led", applied.set, 0.36, 0.6, applied.because]
    assert row[5:] == ["analyst", "2026-07-15"]


def test_heads_are_frozen_and_filtered(baseline: Evaluation, file: openpyxl.Workbook) -> None:
    for stem, table in worked_with(baseline).items():
        sheet = file[sheet_name(stem)]
        assert sheet.freeze_panes in ("B3", "C3")
        across = sheet.max_column if stem == "ranking" else len(table.columns)
        corner = sheet.cell(max(len(table), 1) + 2, across).coordinate
        assert sheet.auto_filter.ref == f"A2:{corner}"
    last = len(rows_of(file["Envelope"])) - 3 + 1
    across = get_column_letter(len(baseline.study.tools) + 4)  # rank, package, title, sum
    assert file["Envelope"].auto_filter.ref == f"A2:{across}{last}"


def test_the_stamp_prints_on_every_sheet(file: openpyxl.Workbook) -> None:
    assert {sheet.oddFooter.left.text for sheet in file.worksheets} == {STAMP}


def test_heads_are_words_and_their_fields_are_found(
    baseline: Evaluation, file: openpyxl.Workbook
) -> None:
    head, *rows = rows_of(file["Columns"])
    assert head == ["Sheet", "Column", "Field", "Unit", "Meaning", "From row"]
    assert {row[-1] for row in rows} == {"3"}
    told = {(str(row[0]), str(row[1])): row[2:] for row in rows}
    assert told["Ranking", "Lowest agency"][:2] == ["lowest_agency", "text"]
    assert told["Allocation", "Requested, USD"][:2] == ["requested", "USD"]
    assert told["Ranking", "Priority"][1] == "yes or no"
    assert "acceptability.csv" in str(told["Ranking", "Tier"][2])
    for stem, table in worked_with(baseline).items():
        heads = [str(cell.value) for cell in file[sheet_name(stem)][2]]
        assert len(set(heads)) == len(heads), stem
        assert not [one for one in heads if "_" in one], stem
        fields = [told[sheet_name(stem), one][0] for one in heads]
        assert fields[: len(table.columns)] == list(table.columns), stem


def test_every_column_of_a_full_run_has_a_meaning(full: Evaluation, hand: Evaluation) -> None:
    for found in (full, hand):
        for stem, table in tables(found).items():
            bare = [c.field for c in columns(found, stem, table) if not c.meaning]
            assert bare == [], stem


def test_heads_have_their_unit_and_differ(hand: Evaluation) -> None:
    heads = [(c.head, c.unit) for c in columns(hand, "alike", pd.DataFrame(columns=ALIKE))]
    assert heads == [
        ("Two, USD", "USD"),
        ("Note (note)", "text"),
        ("Note (again)", "yes or no"),
        ("Two", "number"),
    ]


def shown(sheet: Worksheet, head: str) -> str:
    heads = [cell.value for cell in sheet[2]]
    return str(sheet.cell(3, heads.index(head) + 1).number_format)


def test_number_formats(file: openpyxl.Workbook) -> None:
    assert shown(file["Allocation"], "Proposed, USD") == "#,##0"
    assert shown(file["Limits"], "Bound, USD") == "#,##0"
    assert shown(file["Ranking"], "Overall score") == "0.0"
    assert shown(file["Ranking"], "Commerce") == "0.0"
    assert shown(file["Ranking"], "Rank") == "0"
    assert shown(file["Weights"], "Influence") == "0.0%"
    assert shown(file["Weights"], "Work in the United States that the export supports") == "0.0%"
    assert shown(file["Ranking"], "Priority in") == "0.0%"


def test_missing_is_empty(hand: Evaluation) -> None:
    table = pd.DataFrame(
        {
            "whole": pd.array([1, None], dtype="Int64"),
            "real": [0.5, float("nan")],
            "share": pd.array([None, 0.25], dtype="Float64"),
            "text": ["", "x"],
            "truth": [True, False],
        }
    )
    _, *rows = rows_of(opened(workbook(hand, {"gaps": table}))["Gaps"])
    assert rows == [[1, 0.5, None, None, "yes"], [None, None, 0.25, "x", "no"]]


def test_what_no_cell_can_hold_is_refused(hand: Evaluation) -> None:
    table = pd.DataFrame({"list": [[1, 2]]}, dtype=object)
    with pytest.raises((TypeError, ValueError)):
        workbook(hand, {"odd": table})


def hostile_table() -> pd.DataFrame:
    return pd.DataFrame({"name": list(HOSTILE), "text": list(HOSTILE.values())})


def test_hostile_texts_stay_texts(hand: Evaluation) -> None:
    found = workbook(hand, {"hostile": hostile_table()})
    head, *rows = rows_of(opened(found)["Hostile"])
    assert head == ["Name", "Text"]
    # openpyxl leaves the format's escape of a control character as it is.
    escaped = {"control": "bell _x0007_ here"}
    assert {str(name): text for name, text in rows} == HOSTILE | escaped
    with zipfile.ZipFile(io.BytesIO(found)) as parts:
        sheets = [n for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
        formulas = [name for name in sheets if b"<f>" in parts.read(name)]
        assert formulas == [f"xl/worksheets/sheet{place}.xml" for place in (3, 4)], CALCULATING
        relations = [n for n in parts.namelist() if n.startswith("xl/worksheets/_rels")]
        assert relations == [], "a link to outside the file"


def test_a_hostile_study_has_a_cover(hand: Evaluation) -> None:
    scenario = hand.study.scenario.model_copy(update={"title": '=HYPERLINK("x")'})
    poisoned = replace(hand, study=hand.study.model_copy(update={"scenario": scenario}))
    sheet = opened(workbook(poisoned, {}))["Run"]
    assert sheet["A4"].value == '=HYPERLINK("x")'
    assert sheet["A4"].data_type == "s"


@pytest.mark.parametrize("character", ["r", "𝄞"])
def test_too_long_for_a_cell_is_cut_with_a_mark(hand: Evaluation, character: str) -> None:
    """Excel counts UTF-16 units: a clef is two."""
    text = character * 40_000
    table = pd.DataFrame({"text": [text]})
    _, (found,) = rows_of(opened(workbook(hand, {"long": table}))["Long"])
    assert isinstance(found, str)
    assert TEXT_LIMIT - 1 <= len(found.encode("utf-16-le")) / 2 <= TEXT_LIMIT
    kept, mark = found.split(" … ")
    assert set(kept) == {character}
    assert "CSV" in mark


def test_a_text_that_fits_is_whole() -> None:
    assert fitted("r" * TEXT_LIMIT) == "r" * TEXT_LIMIT
    assert fitted("r" * (TEXT_LIMIT + 1)) != "r" * (TEXT_LIMIT + 1)


def test_too_wide_a_table_is_named_and_left_out(hand: Evaluation) -> None:
    wide = pd.DataFrame([range(COLUMN_LIMIT + 1)], columns=[f"c{i}" for i in range(251)])
    found = opened(workbook(hand, {"methods": wide}))
    assert found.sheetnames == ["Run", "Index", *CALCULATING, "Envelope", "Columns"]
    (told,) = [row for row in cells_of(found["Index"]) if row[0] == "Methods"]
    assert str(told[1]).endswith("; too large for a sheet")
    assert told[2:] == [1, "methods.csv"]


def test_the_same_evaluation_gives_the_same_bytes(baseline: Evaluation, data: bytes) -> None:
    assert workbook(baseline, tables(baseline)) == data


def test_no_day_of_making_in_the_file(file: openpyxl.Workbook) -> None:
    assert file.properties.created.isoformat() == "2026-07-15T00:00:00"
    assert file.properties.modified.isoformat() == "2026-07-15T00:00:00"


def test_a_bare_study_has_a_workbook() -> None:
    """One package of which nothing is known, no tool, no limit, no requirement."""
    found = evaluate(study(packages=(Package(id="P", title="Bare", attributes={}),)))
    file = opened(workbook(found, tables(found)))
    assert rows_of(file["Ranking"])[1][:2] == ["P", "Bare"]
    assert str(rows_of(file["Gates"])[1][0]).startswith("No rows")


def as_csv(soffice: str, data: bytes, folder: Path) -> dict[str, list[list[str]]]:
    """Return the rows of each sheet as LibreOffice reads them."""
    path = folder / "results.xlsx"
    path.write_bytes(data)
    # comma, quote, UTF-8, values as they are stored, and all sheets
    options = "44,34,76,1,,0,false,false,false,false,false,-1"
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            f"csv:Text - txt - csv (StarCalc):{options}",
            "--outdir",
            str(folder),
            str(path),
        ],
        check=True,
        capture_output=True,
    )
    found = {}
    for file in folder.glob("results-*.csv"):
        with file.open(newline="", encoding="utf-8") as lines:
            found[file.stem.removeprefix("results-")] = list(csv.reader(lines))
    return found


@pytest.mark.slow
@pytest.mark.office
def test_libreoffice_reads_every_sheet(
    baseline: Evaluation, data: bytes, soffice: str, tmp_path: Path
) -> None:
    found = as_csv(soffice, data, tmp_path)
    every = worked_with(baseline)
    assert set(found) == {
        "Run",
        "Index",
        *CALCULATING,
        "Envelope",
        *map(sheet_name, every),
        "Columns",
    }
    for stem, table in every.items():
        stamp, head, *rows = found[sheet_name(stem)]
        assert stamp[0] == STAMP
        heads = [c.head for c in columns(baseline, stem, table)]
        assert head[: len(heads)] == heads, stem
        assert len(rows) == max(len(table), 1), stem
    ranking = baseline.ranking.reset_index()
    for row, (_, expected) in zip(found["Ranking"][2:], ranking.iterrows(), strict=True):
        told = dict(zip(found["Ranking"][1], row, strict=True))
        assert told["Package"] == expected["package"]
        assert told["Title"] == expected["title"]
        assert float(told["Overall score"]) == pytest.approx(expected["overall"], rel=1e-12)
    allocated = [int(row[4]) for row in found["Allocation"][2:]]
    assert allocated == baseline.allocation.table["allocated"].tolist()


@pytest.mark.slow
@pytest.mark.office
def test_libreoffice_evaluates_nothing(hand: Evaluation, soffice: str, tmp_path: Path) -> None:
    found = as_csv(soffice, workbook(hand, {"hostile": hostile_table()}), tmp_path)["Hostile"]
    told = {row[0]: row[1] for row in found[2:]}
    # A control character other than a tab is dropped by LibreOffice, or kept.
    assert told.pop("control").replace("\x07", "") == "bell  here"
    assert told == {name: text for name, text in HOSTILE.items() if name != "control"}
