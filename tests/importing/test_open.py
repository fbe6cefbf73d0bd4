"""What can be read in two ways is asked, all at once, in a map that is mended and read back."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from evaluator import evaluate, load_study
from evaluator.importing.material import Place
from evaluator.importing.tables.grids.grid import Cell, Grid, Merged
from evaluator.importing.tables.heads import merged_texts
from tests.importing.forms import asked, book, done, record, rows, run, starter


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def mended(tmp_path: Path, old: str, new: str, name: str = "in") -> Path:
    """Mend the map that was proposed."""
    path = tmp_path / f"{name}.map.yaml"
    text = path.read_text()
    assert old in text, text
    path.write_text(text.replace(old, new))
    return path


def test_a_matrix_asks_for_directions_alone_and_ranks_as_it_should(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(
        "Car;Price (EUR);Range;Seats\nAlder;20.000,50;300;4\nBirch;30.000,00;500;5\n"
        "Cedar;24.000,00;420;5\n"
    )
    told = asked("in.csv", "--into", "new")
    assert "column B (Price (EUR)) and" not in told
    assert told.count("which is better is not stated") >= 1
    assert "no row states weights" in told
    assert not (tmp_path / "new").exists()
    path = mended(tmp_path, "direction: null, low: 20000.5", "direction: lower, low: 20000.5")
    path.write_text(path.read_text().replace("direction: null", "direction: higher"))
    done("in.csv", "--into", "new", "--map", path)
    study = load_study("new/scenarios/imported.yaml")
    scores = evaluate(study, only="scores").scores
    # by hand: equal weights of (max - x) / range and (x - min) / range
    price = {"Alder": 1.0, "Birch": 0.0, "Cedar": (30000 - 24000) / 9999.5}
    reach = {"Alder": 0.0, "Birch": 1.0, "Cedar": 120 / 200}
    seats = {"Alder": 0.0, "Birch": 1.0, "Cedar": 1.0}
    for name in price:
        by_hand = 100 * (price[name] + reach[name] + seats[name]) / 3
        assert scores[name] == pytest.approx(by_hand)


def test_a_matrix_that_states_all_goes_ahead(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(
        "car,price,range\nweights,2,1\ndirections,min,max\nAlder,20000,300\nBirch,30000,500\n"
    )
    done("in.csv", "--into", "new", "--as-of", "2026-07-01")
    study = load_study("new/scenarios/imported.yaml")
    assert [c.direction for c in study.criteria.values()] == ["lower", "higher"]
    assert str(study.as_of) == "2026-07-01"
    assert evaluate(study, only="scores").scores == pytest.approx(
        {"Alder": 200 / 3, "Birch": 100 / 3}
    )


@pytest.mark.parametrize(
    ("head", "cells", "key", "answer", "taken"),
    [
        ("submitted_on", ("03/04/2026", "5/6/2026"), "order: null", "order: dmy", "2026-04-03"),
        ("submitted_on", ("03/04/2026", "5/6/2026"), "order: null", "order: mdy", "2026-03-04"),
    ],
)
def test_days_of_two_orders(
    tmp_path: Path, head: str, cells: tuple[str, str], key: str, answer: str, taken: str
) -> None:
    study = starter(tmp_path)
    (tmp_path / "in.csv").write_text(f"id;title;{head}\nP1;a;{cells[0]}\nP2;b;{cells[1]}\n")
    told = asked("in.csv", "--into", study)
    assert "may begin with the day or with the month" in told
    done("in.csv", "--into", study, "--map", mended(tmp_path, key, answer))
    assert rows(study, "packages")[0][head] == taken


@pytest.mark.parametrize(("answer", "taken"), [("','", "1.234"), ("'.'", "1234")])
def test_numbers_of_two_conventions(tmp_path: Path, answer: str, taken: str) -> None:
    study = starter(tmp_path, "packages")
    (tmp_path / "in.csv").write_text("package;recovery_hours\nP1;1,234\nP2;2,500\n")
    told = asked("in.csv", "--into", study)
    assert "'1,234' may be 1234 or 1.234" in told
    path = mended(tmp_path, "decimal: null", f"decimal: {answer}")
    done("in.csv", "--into", study, "--map", path)
    assert rows(study, "measures")[0]["value"] == taken


def test_an_open_key_of_a_map_is_asked_again_at_its_line(tmp_path: Path) -> None:
    study = starter(tmp_path, "packages")
    (tmp_path / "in.csv").write_text("package;recovery_hours\nP1;1,234\nP2;2,500\n")
    asked("in.csv", "--into", study)
    result = run("in.csv", "--into", study, "--map", "in.map.yaml")
    assert result.exit_code == 4
    assert "State decimal in the map: . or , (in.map.yaml line" in result.output


def test_an_encoding_that_can_be_read_in_several_ways(tmp_path: Path) -> None:
    study = starter(tmp_path)
    (tmp_path / "in.csv").write_bytes("id;title\nP1;Señor Peña\nP2;b\n".encode("cp1252"))
    told = asked("in.csv", "--into", study)
    assert "'Señor' in cp1252, 'Seńor' in cp1250" in told
    done("in.csv", "--into", study, "--map", mended(tmp_path, "encoding: null", "encoding: cp1252"))
    assert rows(study, "packages")[0]["title"] == "Señor Peña"


def test_a_delimiter_that_two_fit(tmp_path: Path) -> None:
    study = starter(tmp_path)
    (tmp_path / "in.csv").write_text("id,a;title,b\nP1,1;x,2\nP2,3;y,4\n")
    told = asked("in.csv", "--into", study)
    assert "parted by comma or semicolon" in told


def test_a_share_above_one_without_a_sign(tmp_path: Path) -> None:
    study = starter(tmp_path, "packages")
    (tmp_path / "in.csv").write_text("package,domestic_content\nP1,62.5\nP2,40\n")
    told = asked("in.csv", "--into", study)
    assert "percent, or wrong?" in told
    done("in.csv", "--into", study, "--map", mended(tmp_path, "times: null", "times: 0.01"))
    assert [x["value"] for x in rows(study, "measures")] == ["0.625", "0.4"]


def test_zeros_that_stand_apart(tmp_path: Path) -> None:
    cells = [0, 640, 800, 1024, 0, 1280]
    text = "name,size\ndirections,higher\nweights,1\n"
    text += "".join(f"N{n},{x}\n" for n, x in enumerate(cells))
    (tmp_path / "in.csv").write_text(text)
    told = asked("in.csv", "--into", "new")
    assert "2 of 6 are 0, the others 640 or more: is 0 a number here, or not known?" in told
    path = mended(
        tmp_path, "to: [measures.table.size]", "to: [measures.table.size], missing: ['0']"
    )
    done("in.csv", "--into", "new", "--map", path)
    assert next(x["value"] for x in rows(Path("new"), "measures")) == "n/a: 0"


def test_all_faults_of_all_sheets_at_once(tmp_path: Path) -> None:
    study = starter(tmp_path, "packages")
    one = [("package", "recovery_hours"), ("P1", "soon"), ("P9", 3)]
    two = [("package", "delivery", "judge"), ("P1", "superb", "J1"), (None, "good", "J1")]
    book(tmp_path / "in.xlsx", {"One": one, "Two": two})
    result = run("in.xlsx", "--into", study)
    assert result.exit_code == 4
    for told in (
        "sheet One cell B2: holds 'soon', which is no number.",
        "sheet One cell A3: 'P9' is not known here.",
        "sheet Two cell B2: 'superb' is not known here. Known here: good, fair, poor.",
        "sheet Two cell B3: the row has cells, and nothing says whose they are.",
    ):
        assert told in result.output
    assert {file.name for file in (study / "scenarios/round").iterdir()} == {"packages.csv"}


def test_what_the_study_refuses_is_told_at_the_cell_of_the_file(tmp_path: Path) -> None:
    study = starter(tmp_path, "packages")
    table = [("package", "delivery", "judge"), ("P1", "good", "J1"), ("P1", "fair", "j1"),
             ("P2", "good", "J1"), ("P2", "poor", "J1")]  # fmt: skip
    book(tmp_path / "in.xlsx", {"Two": table})
    result = run("in.xlsx", "--into", study)
    assert result.exit_code == 4
    assert "in.xlsx sheet Two cell" in result.output
    assert "stands here again" in result.output


def test_what_is_there_changes_with_leave_alone(tmp_path: Path) -> None:
    study = starter(tmp_path, "packages", "measures")
    (tmp_path / "in.csv").write_text("package,recovery_hours\nP1,30\nP2,6\n")
    before = (study / "scenarios/round/measures.csv").read_bytes()
    result = run("in.csv", "--into", study)
    assert result.exit_code == 2
    assert "measures.csv of this study would change" in result.output
    assert (study / "scenarios/round/measures.csv").read_bytes() == before
    done("in.csv", "--into", study, "--yes")
    found = {(x["package"], x["criterion"]): x["value"] for x in rows(study, "measures")}
    assert found["P1", "security.recovery_hours"] == "30"
    assert found["P1", "trade.domestic_content"] == "0.5"  # the row that no cell named stays


def test_a_map_is_for_the_file_that_it_was_made_for(tmp_path: Path) -> None:
    study = starter(tmp_path, "packages")
    (tmp_path / "in.csv").write_text("package,recovery_hours\nP1,1,5\n")
    (tmp_path / "in.csv").write_text("package;recovery_hours\nP1;1,234\n")
    asked("in.csv", "--into", study)
    path = mended(tmp_path, "decimal: null", "decimal: ','")
    (tmp_path / "in.csv").write_text("package;other\nP1;1,234\n")
    result = run("in.csv", "--into", study, "--map", path)
    assert result.exit_code == 4
    assert "the head of the column is 'other'; the map says 'recovery_hours'" in result.output
    (tmp_path / "in.map.yaml").write_text("source: in.csv\nsheets: [{head: [1], first: 2}]\n")
    result = run("in.csv", "--into", study, "--map", path)
    assert result.exit_code == 4
    assert "in.map.yaml line 2" in result.output


def test_a_map_that_was_mended_is_not_written_over(tmp_path: Path) -> None:
    study = starter(tmp_path, "packages")
    (tmp_path / "in.csv").write_text("package;recovery_hours\nP1;1,234\n")
    asked("in.csv", "--into", study)
    asked("in.csv", "--into", study)  # as it was proposed
    mended(tmp_path, "decimal: null", "decimal: ','")
    result = run("in.csv", "--into", study)
    assert result.exit_code == 2
    assert "is there already. Give it with --map in.map.yaml" in result.output
    asked("in.csv", "--into", study, "--yes")


def test_a_proposed_map_is_plain_yaml_that_says_what_it_leaves(tmp_path: Path) -> None:
    table = [("Name", "A: b, {c}", "#5", "Note"), ("x: y", 1, 2, "é"), ("z [1]", 3, 5, "- no")]
    book(tmp_path / "in.xlsx", {"It's, a sheet": table})
    asked("in.xlsx", "--into", "new")
    plain = yaml.safe_load((tmp_path / "in.map.yaml").read_text())
    assert plain["sheets"][0]["sheet"] == "It's, a sheet"
    assert [one["head"] for one in plain["sheets"][0]["columns"]] == list(table[0])
    assert "to" not in plain["sheets"][0]["columns"][3]
    path = mended(tmp_path, "direction: null", "direction: higher")
    done("in.xlsx", "--into", "new", "--map", path)
    assert {x["cell"] for x in record(Path("new"))} == {
        f"{c}{r}" for c in "ABCD" for r in (1, 2, 3)
    }


def test_no_file_makes_the_importer_wait_or_fail(tmp_path: Path) -> None:
    study = starter(tmp_path)
    long = "a b" * 20_000
    table = [(*("id", "title", "Capital cost"),), ("P1", "x", long), ("P2", "a\u202eb", 5)]
    made = book(tmp_path / "in.xlsx", {"Sheet": table})
    made["Sheet"].cell(1_048_576, 16_384, "far")
    made.save(tmp_path / "in.xlsx")
    result = run("in.xlsx", "--into", study)
    assert result.exit_code == 4
    assert "cell C2: holds 'a ba" in result.output
    assert "cell B3: holds the mark of direction U+202E" in result.output
    for text in ("a\n", "\n\n", "a;b\n", '"a\n', "\x00\x01\x02" * 50, "x" * 100_000):
        (tmp_path / "in.csv").write_text(text)
        assert run("in.csv", "--into", study).exit_code == 4
    for data in (
        b"",
        b"PK\x03\x04 no",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"\xff\xfe\0",
    ):
        (tmp_path / "in.xlsx").write_bytes(data)
        assert run("in.xlsx", "--into", study).exit_code == 4


def test_a_criterion_without_a_weight_in_the_row_of_weights_is_asked(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(
        "car,price,range\nweights,2,\ndirections,min,max\nAlder,20000,300\nBirch,30000,500\n"
    )
    assert "the row of weights has no number of 0 or more here" in asked("in.csv", "--into", "new")


def test_a_merged_range_of_a_whole_sheet_costs_what_the_sheet_holds() -> None:
    corners = [(1, 0), (2, 3), (1_048_576, 16_383)]
    cells = {at: Cell(Place("in.xlsx", "S", *at), "x") for at in corners}
    grid = Grid("in.xlsx", "S", cells, merged=(Merged(1, 0, 1_048_576, 16_383),) * 50)
    assert {place.place.cell for place in merged_texts(grid).values()} == {"A1"}
    assert len(merged_texts(grid)) == 9


def test_titles_that_suggest_no_id_are_numbered(tmp_path: Path) -> None:
    text = "name,score\nweights,1\ndirections,max\nДерево,2\nБереза,5\n"
    (tmp_path / "in.csv").write_text(text)
    done("in.csv", "--into", "new")
    found = [(row["id"], row["title"]) for row in rows(Path("new"), "packages")]
    assert found == [("P1", "Дерево"), ("P2", "Береза")]


def test_hidden_rows_are_left_where_the_map_says_so(tmp_path: Path) -> None:
    study = starter(tmp_path)
    table = [("id", "title", "submitted_on"), ("P1", "a", "3/4/2026"), ("P2", "b", "5/6/2026")]
    made = book(tmp_path / "in.xlsx", {"S": table})
    made["S"].row_dimensions[3].hidden = True
    made.save(tmp_path / "in.xlsx")
    asked("in.xlsx", "--into", study)
    mended(tmp_path, "order: null", "order: dmy")
    told = done(
        "in.xlsx",
        "--into",
        study,
        "--map",
        mended(tmp_path, "last: 3", "last: 3\n    hidden: leave"),
    )
    assert "row 3: hidden, and left" in told.output
    assert [row["id"] for row in rows(study, "packages")] == ["P1"]
    assert [x["how"] for x in record(study) if x["cell"] == "A3"] == ["left: hidden"]
