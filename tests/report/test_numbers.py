"""One rounding in every medium: Python, the page's script, and spreadsheets."""

from __future__ import annotations

import json
import math
import random
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from evaluator import Override, evaluate, load_study, read_run, write_run
from evaluator.report.formatting.numbers import MINUS, apart, fixed
from evaluator.report.html.notebook import as_html
from evaluator.report.html.page import asset
from evaluator.report.terminal.explanation import explanation
from evaluator.report.terminal.summary import summary
from evaluator.report.viewmodel.packages.portfolio import ranked
from evaluator.results.evaluation import Evaluation
from tests.programme import WORDS
from tests.report.conftest import HAND

# By hand: the decimal that is read back, halves away from zero.
HALVES = [
    (2.675, 2, "2.68"),
    (1.005, 2, "1.01"),
    (56.25, 1, "56.3"),
    (0.05, 1, "0.1"),
    (-0.05, 1, f"{MINUS}0.1"),
    (-0.04, 1, "0.0"),
    (0.5, 0, "1"),
    (1.5, 0, "2"),
    (2.5, 0, "3"),
    (999.95, 1, "1,000.0"),
    (1e-7, 1, "0.0"),
    (5e-2, 0, "0"),
    (1e21, 0, "1,000,000,000,000,000,000,000"),
    (1234567.891, 2, "1,234,567.89"),
    (0.0, 1, "0.0"),
    (-0.0, 1, "0.0"),
]


@pytest.mark.parametrize(("value", "decimals", "text"), HALVES)
def test_halves_go_away_from_zero(value: float, decimals: int, text: str) -> None:
    assert fixed(value, decimals) == text


@given(st.floats(-1e15, 1e15), st.integers(0, 6))
def test_the_shown_number_is_the_nearest_with_so_many_decimals(value: float, n: int) -> None:
    shown = Decimal(fixed(value, n).replace(",", "").replace(MINUS, "-"))
    assert abs(shown - Decimal(repr(value))) <= Decimal(5).scaleb(-n - 1)
    assert -shown.as_tuple().exponent == n
    assert fixed(-value, n).removeprefix(MINUS) == fixed(value, n).removeprefix(MINUS)


@pytest.mark.browser
def test_the_script_parts_a_number_from_its_bound_alike(page: Page) -> None:
    draw = random.Random(11)
    rows = [(50 + draw.choice([-1, 1]) * 10.0 ** -draw.randrange(9), 50.0) for _ in range(200)]
    found = page.evaluate(
        f"([rows]) => {{ {asset('numbers.js')}; return rows.map(([v, b]) => apart(v, b)); }}",
        [[list(row) for row in rows]],
    )
    assert found == [apart(*row) for row in rows]


def vectors() -> list[tuple[float, int, str]]:
    draw = random.Random(7)
    found = [(value, n) for value, n, _ in HALVES]
    found += [(draw.randrange(0, 20_001) / 200, 1) for _ in range(300)]  # every half of a tenth
    found += [(draw.uniform(-100, 100), draw.randrange(5)) for _ in range(300)]
    found += [(draw.uniform(-1, 1) * 10.0 ** draw.randrange(-12, 18), 2) for _ in range(300)]
    return [(value, n, fixed(value, n)) for value, n in found]


@pytest.mark.browser
def test_the_script_of_the_page_writes_the_same(page: Page) -> None:
    found = page.evaluate(
        f"([rows]) => {{ {asset('numbers.js')}; return rows.map(([v, n]) => fixed(v, n)); }}",
        [[[value, n] for value, n, _ in vectors()]],
    )
    assert found == [text for _, _, text in vectors()]


@pytest.mark.slow
@pytest.mark.office
def test_a_spreadsheet_shows_the_same(soffice: str, tmp_path: Path) -> None:
    rows = [row for row in vectors() if abs(row[0]) < 1e10]  # it has 15 digits
    book = xlsxwriter.Workbook(tmp_path / "numbers.xlsx")
    sheet = book.add_worksheet()
    for place, (value, decimals, _) in enumerate(rows):
        pattern = "0" + ("." + "0" * decimals if decimals else "")
        sheet.write_number(place, 0, value, book.add_format({"num_format": pattern}))
    book.close()
    command = [soffice, f"-env:UserInstallation=file://{tmp_path}/office", "--headless"]
    convert = ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"]
    subprocess.run(
        [*command, *convert, "--outdir", str(tmp_path), str(tmp_path / "numbers.xlsx")],
        check=True,
        capture_output=True,
    )
    shown = (tmp_path / "numbers.csv").read_text().splitlines()
    plain = [text.replace(",", "").replace(MINUS, "-") for _, _, text in rows]
    unlike = [
        (row[0], ours, theirs)
        for row, ours, theirs in zip(rows, plain, shown, strict=True)
        if ours != theirs.replace('"', "") and not (float(ours) == 0 and float(theirs) == 0)
    ]
    assert not unlike, json.dumps(unlike)


def test_what_decides_is_shown_apart_from_its_bound() -> None:
    assert apart(49.96, 50) == "49.96"
    assert apart(50 - 1e-7, 50) == "49.9999999"
    assert apart(50.0, 50) == "50.0"


def test_a_score_just_under_its_floor_is_never_shown_as_the_floor(
    hand: Evaluation, tmp_path: Path
) -> None:
    last = hand.ranking[hand.ranking["outcome"] != "failed"].iloc[-1]
    floor = round(float(last["overall"]), 1) + 0.04  # both read alike to one decimal
    package = str(last.name)
    change = Override("designation.min_overall", str(floor), "just above the last")
    found = evaluate(load_study(HAND, [change]))
    (row,) = [row for row in ranked(found) if row.package == package]
    told = apart(float(last["overall"]), floor)
    assert len(told.partition(".")[2]) > 1
    assert row.overall_shown == told
    assert f"{told}, under" in row.why
    page = as_html(found)
    assert told in page
    folder = write_run(found, tmp_path)
    run = read_run(folder)
    assert f"overall {told}, not priority" in explanation(
        run.manifest, run.tables, run.study, package
    )
    assert told in summary(run.manifest, run.tables, WORDS)


@given(st.floats(0, 100), st.sampled_from([0.0, 45.0, 50.0, 62.5]))
def test_a_number_is_never_shown_as_the_bound_that_it_misses(value: float, bound: float) -> None:
    if math.isclose(value, bound, rel_tol=0, abs_tol=1e-11):
        return
    assert float(apart(value, bound)) != bound


@given(st.lists(st.integers(0, 10**12), min_size=1))
def test_amounts_of_a_table_have_one_unit_in_which_none_is_far_off(amounts: list[int]) -> None:
    unit = WORDS.money.unit(amounts)
    for usd in amounts:
        shown = float(unit.amount(usd).replace(",", "")) * unit.size
        assert abs(shown - usd) <= usd / 10 + 1e-9 * usd
