"""What is read at most: told before the work, with what was found and the way on."""

from __future__ import annotations

import tracemalloc
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from evaluator import Bounds, InvalidStudyError, errors, load_study
from evaluator.cli import main
from evaluator.errors import Problem, Vocabulary
from evaluator.loading.round.entities import entities
from evaluator.loading.round.tables import TABLES
from evaluator.loading.tables.cells import choice
from evaluator.loading.tables.delimited import read_csv
from evaluator.loading.tables.rows import parse_rows
from evaluator.loading.tables.sheets import Sheet
from tests.conftest import ROOT
from tests.loading.breaking import BASE, ROUND, bullets, copy, edit, refuse

GUIDE = (ROOT / "evaluator" / "guides" / "scenarios.md").read_text()


def refused(root: Path, **bounds: int) -> list[str]:
    """Return the faults of a study that is read within other bounds."""
    with pytest.raises(InvalidStudyError) as told:
        load_study(root / BASE, bounds=Bounds(**bounds))
    return [str(problem) for problem in told.value.problems]


@pytest.mark.parametrize(
    ("bound", "most", "file", "fact", "way"),
    [
        ("bytes", 600, "ratings.csv", "is 601 bytes; at most 600 are read", "bytes=601"),
        ("yaml_bytes", 1000, "bank.yaml", "is 1,489 bytes; at most 1,000 ", "yaml_bytes=1489"),
        ("rows", 8, "ratings.csv", "has over 8 rows; at most 8 are read", "rows=16"),
        ("columns", 7, "measures.csv line 1", "has 8 columns; at most 7 ", "columns=8"),
        ("cells", 59, "ratings.csv", "has over 59 cells; at most 59 are read", "cells=118"),
        ("files", 4, "criteria", "holds over 4 files; at most 4 are read", "files=8"),
    ],
)
def test_each_bound_says_what_was_found_and_the_way_on(
    bound: str, most: int, file: str, fact: str, way: str, tmp_path: Path
) -> None:
    root = copy(tmp_path)
    told = [one for one in refused(root, **{bound: most}) if "are read." in one]
    assert len(told) == 1 + (bound == "files"), told
    assert any(f"{file}: {fact}" in one and f"--allow {way}." in one for one in told)
    load_study(root / BASE, bounds=Bounds(**{bound: 10 * most}))


def test_the_command_line_allows_more(tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, f"{ROUND}/ratings.csv", "rationale", f"rationale,{',' * 1000}")
    (told,) = bullets(refuse(root))
    assert "ratings.csv line 1: has 1,007 columns; at most 1,000 are read." in told
    command = ["validate", str(root / BASE), "--allow", "columns=1007"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 4
    assert "ratings.csv line 1: a column has no name." in result.stderr


@pytest.mark.parametrize(
    ("option", "fact"),
    [
        ("row=5", "--allow: there is no bound 'row'. Did you mean 'rows'?"),
        ("rows=many", "--allow rows: 'many' is no whole number above 0."),
        ("rows=0", "--allow rows: '0' is no whole number above 0."),
        ("rows", "--allow rows: '' is no whole number above 0."),
        ("rows=-1", "--allow rows: '-1' is no whole number above 0."),
    ],
)
def test_what_is_no_bound(option: str, fact: str) -> None:
    result = CliRunner().invoke(main, ["validate", "x.yaml", "--allow", option])
    assert result.exit_code == 2
    assert fact in result.stderr


def test_the_guide_names_every_bound() -> None:
    told = GUIDE.partition("## How much is read\n")[2].partition("\n## ")[0]
    for field in fields(Bounds):
        assert f"| `{field.name}` |" in told
        assert f"| {field.default:,} |" in told


def test_a_million_rows_are_refused_as_soon_as_there_are_too_many(tmp_path: Path) -> None:
    path = tmp_path / "packages.csv"
    path.write_text("id,title\n" + "P1,A\n" * 1_000_000)
    tracemalloc.start()
    with pytest.raises(InvalidStudyError, match="has over 20,000 rows; at most 20,000 are read"):
        read_csv(path, "packages.csv", Bounds(rows=20_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # twice the file, as it lies there and decoded, and 20,000 rows of about 250 bytes
    assert peak < 2 * path.stat().st_size + 20_000 * 400


def test_a_table_of_no_round_is_not_read(tmp_path: Path) -> None:
    root = copy(tmp_path)
    (root / ROUND / "notes.csv").write_bytes(b"\xff\n" * 99)
    (told,) = refused(root)
    assert "notes: is no table of a round." in told


def sheet(header: list[str], *rows: list[str]) -> Sheet:
    return Sheet("t.csv", tuple(header), tuple((i, tuple(r)) for i, r in enumerate(rows, start=2)))


def faults(*given: Any) -> list[str]:
    problems: list[Problem] = []
    parse_rows(*given, problems)
    return [str(problem) for problem in problems]


def test_a_header_of_a_hundred_thousand_columns_is_checked_once() -> None:
    """Each name was counted in the whole header: ten thousand million comparisons."""
    names = [f"c{i}" for i in range(100_000)]
    (told,) = faults(sheet(["id", *names]), {"id": TABLES["packages"][0]["id"]}, {})
    assert told.endswith("100,000 columns are unknown, 'c0' among them. Known here: id.")
    twice = faults(sheet(["id"] * 100_000), {"id": TABLES["packages"][0]["id"]}, {})
    assert twice == ["t.csv line 1: the column 'id' stands twice. Remove one."]


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Return each search by likeness: the word, and among how many."""
    made: list[tuple[str, int]] = []
    search = errors.get_close_matches

    def counted(word: str, known: Any, **given: Any) -> list[str]:
        made.append((word, len(known)))
        return search(word, known, **given)

    monkeypatch.setattr(errors, "get_close_matches", counted)
    return made


def test_a_word_is_searched_for_once(searches: list[tuple[str, int]]) -> None:
    rows = [["ancor"], ["anchor"]] * 500
    told = faults(sheet(["role"], *rows), {"role": choice("anchor", "member")}, {})
    assert len(told) == 500
    assert set(told[1:2]) == {
        "t.csv line 4, column role: 'ancor' is not known here. Did you mean 'anchor'?"
    }
    assert searches == [("ancor", 2)]


def test_searches_are_bounded_by_number_and_length(searches: list[tuple[str, int]]) -> None:
    known = Vocabulary(f"P{i:05d}" for i in range(4_000))
    told = [known.near(f"Q{i:05d}") for i in range(1_000)]
    assert sum(among for _, among in searches) == 20_000
    assert told[0] == "Did you mean 'P00000'?"
    assert told[-1].startswith("Known here: P00000, P00001, ")
    assert told[-1].endswith(" and 3,988 more.")
    assert known.near("p03999") == "Did you mean 'P03999'?"  # found by its letters alone
    del searches[:]
    few = Vocabulary(["safeguards", "x" * 5_000])
    assert few.near("y" * 101) == f"Known here: safeguards, {'x' * 57}...."
    assert searches == []


@pytest.mark.slow
def test_owners_are_followed_once() -> None:
    """A chain of owners was followed from each of its members: 450 million steps."""
    count = 30_000
    table = [[f"e{i}", f"e{i + 1}", "1"] for i in range(count)]
    table[-1][1] = f"e{count - 3}"
    problems: list[Problem] = []
    firms = sheet(["id", "name", "headquarters"], *([f"e{i}", "x", "USA"] for i in range(count)))
    given = sheet(["entity", "owner", "share"], *table)
    rows = {
        "entities": parse_rows(firms, *TABLES["entities"], problems),
        "ownership": parse_rows(given, *TABLES["ownership"], problems),
        "exposures": [],
    }
    entities(rows, {"entities": firms}, problems)
    assert [str(problem) for problem in problems] == [
        f"t.csv line {i + 2}: the owners of 'e{i}' lead back to it in a circle. Break the circle."
        for i in (count - 3, count - 2, count - 1)
    ]
