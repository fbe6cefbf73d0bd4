"""Amounts of other currencies: taken by dated rates that the map cites, or a fault."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.importing.forms import asked, book, done, record, rows, run, starter


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


FOREIGN = [
    *[("id", "title", "Capital cost"), ("P1", "a", "€5,000.00"), ("P2", "b", "$7,000")],
    *[("P3", "c", 12), ("P4", "d", 13)],
]


def rate(base: str, quote: str, number: float) -> dict[str, object]:
    citation = {"title": "Reference rates of a bank", "confidence": "illustrative"}
    day = {"date": "2026-06-30"}
    return {"base": base, "quote": quote, "rate": number, **day, "citation": citation}


def with_rates(path: Path, *rates: dict[str, object]) -> Path:
    """Answer what a map asks of rates."""
    text = path.read_text()
    assert text.count("\nrates: null  # ? ") == 1, text
    stated = "\n".join(f"  - {one}" for one in rates).replace("'2026-06-30'", "2026-06-30")
    path.write_text(
        "\n".join(
            f"rates:\n{stated}" if line.startswith("rates:") else line for line in text.split("\n")
        )
    )
    return path


def test_amounts_of_other_currencies_are_taken_by_dated_rates_or_are_faults(tmp_path: Path) -> None:
    study = starter(tmp_path)
    made = book(tmp_path / "in.xlsx", {"Sheet": FOREIGN})
    made["Sheet"]["C4"].number_format = "[$£-809]#,##0"
    made["Sheet"]["C5"].number_format = '"$"#,##0'
    made.save(tmp_path / "in.xlsx")
    told = " ".join(asked("in.xlsx", "--into", study).split())
    assert "cell C2: is in EUR, and amounts are in USD." in told
    assert "cell C4: is in GBP, and amounts are in USD." in told
    assert "cell C3" not in told
    assert "cell C5" not in told
    path = tmp_path / "in.map.yaml"
    again = run("in.xlsx", "--into", study, "--map", path)
    assert again.exit_code == 4
    assert "what is one EUR in USD, of which day" in " ".join(again.output.split())
    with_rates(path, rate("EUR", "USD", 1.0805), rate("GBP", "USD", 1.25))
    told = " ".join(done("in.xlsx", "--into", study, "--map", path).output.split())
    amounts = {one["id"]: one["capital_cost_usd"] for one in rows(study, "packages")}
    # 5,000 x 1.0805 = 5,402.5, half away from zero
    assert {name: amounts[name] for name in ("P1", "P2", "P3", "P4")} == {
        **{"P1": "5403", "P2": "7000"},
        **{"P3": "15", "P4": "13"},
    }
    taken = {one["cell"]: one["how"] for one in record(study)}
    assert "EUR at 1.0805 USD of 2026-06-30" in taken["C2"]
    assert "GBP at 1.25 USD of 2026-06-30" in taken["C4"]
    assert " at " not in taken["C3"] + taken["C5"]
    assert (
        "1 cell in EUR taken at 1.0805 USD of 2026-06-30, by Reference rates of a bank "
        "(illustrative)" in told
    )


def test_the_head_says_in_which_currency_bare_numbers_are(tmp_path: Path) -> None:
    study = starter(tmp_path)
    (tmp_path / "in.csv").write_text("id,title,Capital cost (EUR)\nP1,a,200\nP2,b,$30\n")
    asked("in.csv", "--into", study)
    path = with_rates(tmp_path / "in.map.yaml", rate("EUR", "USD", 1.5))
    column = yaml.safe_load(path.read_text())["sheets"][0]["columns"][2]
    assert column["currency"] == "EUR"
    done("in.csv", "--into", study, "--map", path)
    amounts = {one["id"]: one["capital_cost_usd"] for one in rows(study, "packages")}
    assert (amounts["P1"], amounts["P2"]) == ("300", "30")


def test_a_rate_stands_once_and_between_two_currencies(tmp_path: Path) -> None:
    study = starter(tmp_path)
    (tmp_path / "in.csv").write_text("id,title,Capital cost\nP1,a,€200\nP2,b,$30\n")
    asked("in.csv", "--into", study)
    twice = rate("EUR", "USD", 1.5)
    path = with_rates(tmp_path / "in.map.yaml", twice, twice, rate("USD", "USD", 1))
    told = " ".join(run("in.csv", "--into", study, "--map", path).output.split())
    assert "the rate of EUR in USD stands there more than once. Keep one." in told
    assert "base and quote are the same currency. Remove the rate." in told


def test_two_currencies_in_one_column_are_never_added_up(tmp_path: Path) -> None:
    """A new study states no currency: what its column counts in is asked."""
    (tmp_path / "in.csv").write_text("Car,Price,Range\nAlder,€20,300\nBirch,£30,500\n")
    told = " ".join(asked("in.csv", "--into", "new").split())
    assert "cells are in EUR and in GBP: what does the column count in?" in told
    text = (tmp_path / "in.map.yaml").read_text()
    (tmp_path / "in.map.yaml").write_text(
        text.replace("direction: null", "direction: higher").replace(
            "currency: null", "currency: EUR"
        )
    )
    told = " ".join(run("in.csv", "--into", "new", "--map", "in.map.yaml").output.split())
    assert "cell B3: is in GBP, and its column in EUR." in told
