"""Labels and headers match exactly; spaces around what is in a cell do not count."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evaluator import load_study
from evaluator.loading.round.tables import REQUIRED, TABLES
from evaluator.loading.tables.columns import misfit
from evaluator.model.base import Known
from evaluator.model.country import Attribute
from evaluator.model.financing import Span
from tests.conftest import GUIDES
from tests.loading.breaking import BASE, ROUND, bullets, copy, edit, refuse, workbook

GUIDE = (GUIDES / "scenarios.md").read_text()


@pytest.mark.parametrize(
    ("layer", "remedy"), [("d", "Did you mean 'D'?"), ("Z", "Known here: A, D.")]
)
def test_a_layer_that_no_requirement_names(layer: str, remedy: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, f"{ROUND}/layers.csv", "*", f"package,layer\nP1,A\nP1,{layer}\n")
    load_study(root / BASE)  # no requirement names layers, and any label will do
    edit(root, "criteria/requirements.yaml", "count: {of: targets, at_least: 1}", "layers: [A, D]")
    (told,) = bullets(refuse(root))
    assert told.endswith(f"layers.csv line 3: the layer '{layer}' is unknown. {remedy}")


def test_no_share_is_asked_in_percent() -> None:
    column = Attribute(id="content", label="Content", type="share")
    assert not [*misfit(Span(at_least=0.51, at_most=1), column, "content", "here")]
    (problem,) = misfit(Span(below=51), column, "content", "here")
    assert str(problem) == (
        "here: 51 is asked of 'content', which is a share from 0 to 1. Write 51 % as 0.51."
    )


def test_spaces_around_a_cell_do_not_count(tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, f"{ROUND}/packages.csv", "P1,Clinic", "P1 ,\tClinic")
    edit(root, f"{ROUND}/packages.csv", "90000000", " 90000000\u00a0")
    package = load_study(root / BASE).packages[0]
    assert (package.id, package.title) == ("P1", "Clinic imaging service")
    assert package.attributes["capital_cost_usd"] == Known(value=90_000_000, unit="money")


def test_a_header_below_blank_lines_is_told_where_it_stands(tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, f"{ROUND}/targets.csv", "package,country,share", "\n,,\npackage,country,part")
    unknown, missing = bullets(refuse(root))
    assert "targets.csv line 3: unknown column 'part'." in unknown
    assert "targets.csv line 3: the column 'share' is missing." in missing


def test_a_round_without_packages_is_told_at_its_table(tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, f"{ROUND}/packages.csv", "*", "id,title,capital_cost_usd,risk_grade,submitted_on\n")
    (told,) = bullets(refuse(root))
    assert f"{ROUND}/packages.csv: the round holds no package. Add a row." in told


def test_a_header_of_a_workbook_is_exact(tmp_path: Path) -> None:
    root = copy(tmp_path)
    workbook(root, lambda book: book["targets"].cell(1, 3, "share "))
    (told,) = bullets(refuse(root))
    assert "sheet targets row 1: the name of the column 'share ' has spaces around it." in told


@pytest.mark.parametrize("table", TABLES)
def test_the_guide_names_the_columns_of_each_table(table: str) -> None:
    columns, optional = TABLES[table]
    told = GUIDE.partition(f"\n### `{table}`\n")[2].partition("\n#")[0]
    if table == "exclusions":
        told = f"| {told}"
    first = [line.split(" | ")[0] for line in told.splitlines() if line.startswith("|")]
    named = [name for cell in first for name in re.findall(r"`(\w+)`", cell)]
    further = ["id"] if table == "packages" else []  # `each id of attributes.yaml`
    assert sorted(named) == sorted([*columns, *further])
    if "if the column is absent" in told:
        needed = " ".join(line for line in told.splitlines() if "needed" in line)
        assert [
            name for name in columns if name not in optional and f"`{name}`" not in needed
        ] == []


def test_the_guide_names_the_tables_that_are_needed() -> None:
    assert "Only `packages` is\nneeded." in GUIDE
    assert REQUIRED == ("packages",)
