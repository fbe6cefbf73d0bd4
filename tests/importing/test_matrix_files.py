"""Decision matrices in files as people have them: the same ranking from each form."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import fastparquet
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from evaluator.cli import main
from evaluator.importing.matrix_files import read_table

ROWS = [
    ["car", "price", "range", "seats"],
    ["weights", "0.5", "0.25", "0.25"],
    ["directions", "lower", "higher", "higher"],
    ["Alder", "20000.5", "300", "4"],
    ["Birch", "30000", "500", "5"],
    ["Cedar", "24000.25", "420", "5"],
]


def rank(path: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["rank", str(path), "--json", *options])


def text(sign: str, decimal: str = ".") -> str:
    return "".join(sign.join(cell.replace(".", decimal) for cell in row) + "\n" for row in ROWS)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> object:
    path = tmp_path_factory.mktemp("plain") / "cars.csv"
    path.write_text(text(","))
    return json.loads(rank(path).stdout)["ranking"]


@pytest.mark.parametrize(
    "written",
    [
        text(";").encode(),
        text(";", ",").encode(),
        text("\t", ",").encode(),
        text("|").encode(),
        f"sep=;\n{text(';')}".encode(),
        ("\ufeff" + text(";", ",")).encode(),
        text("\t").encode("utf-16"),
    ],
    ids=["semicolon", "decimal comma", "tab", "bar", "sep", "mark", "utf-16"],
)
def test_a_text_table_of_any_delimiter(tmp_path: Path, written: bytes, expected: object) -> None:
    path = tmp_path / "cars.csv"
    path.write_bytes(written)
    told = rank(path)
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["ranking"] == expected


def test_parquet_by_its_index_or_its_first_column(tmp_path: Path, expected: object) -> None:
    frame = pd.DataFrame(
        [[float(cell) for cell in row[1:]] for row in ROWS[3:]],
        columns=ROWS[0][1:],
        index=pd.Index([row[0] for row in ROWS[3:]], name="car"),
    )
    options = ("--weights", "price=2,range=1,seats=1")
    options += ("--directions", "price=lower,range=higher,seats=higher")
    for name, one in (("index", frame), ("column", frame.reset_index())):
        path = tmp_path / f"{name}.parquet"
        fastparquet.write(str(path), one, write_index=name == "index")
        told = rank(path, *options)
        assert told.exit_code == 0, told.output
        assert json.loads(told.stdout)["ranking"] == expected
    broken = tmp_path / "broken.parquet"
    broken.write_text("a,b\n")
    assert "is no Parquet file that can be read" in rank(broken).output


def test_what_can_be_read_in_two_ways_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "cars.csv"
    path.write_text("a;b,c\nx;1,2\n")
    told = rank(path, "--weights", "equal", "--directions", "higher")
    assert told.exit_code == 4
    assert "--delimiter comma or semicolon" in told.output
    path.write_text("car;price\nA;1,500\nB;2,000\n")
    told = rank(path, "--weights", "equal", "--directions", "lower")
    assert told.exit_code == 4
    assert "'1,500' can be read in two ways" in told.output


def test_ods(tmp_path: Path, expected: object) -> None:
    path = tmp_path / "cars.ods"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", content(ROWS))
    told = rank(path)
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["ranking"] == expected
    assert read_table(path).weights == {"price": 0.5, "range": 0.25, "seats": 0.25}
    told = rank(path, "--sheet", "Cras")
    assert told.exit_code == 4
    assert "has no sheet 'Cras'" in told.output


def content(rows: list[list[str]]) -> str:
    """Return the sheet of a workbook of OpenDocument."""
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = " ".join(f'xmlns:{one}="{names}{one}:1.0"' for one in ("office", "table", "text"))
    told = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    table = f'<table:table table:name="Cars">{told}</table:table>'
    sheets = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    return f"<office:document-content {spaces}>{sheets}</office:document-content>"


def cell(text: str) -> str:
    number = text[:1].isdigit()
    kind = f'office:value-type="float" office:value="{text}"' if number else ""
    return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"
