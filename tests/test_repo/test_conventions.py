"""What the repository promises of itself."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import yaml

import evaluator
from evaluator import load_study
from evaluator.pipeline import provenance
from evaluator.scoring.performances import performances
from evaluator.scoring.weights import elicitation_table
from tests.conftest import BASELINE, GUIDES, ROOT

CODE = sorted((ROOT / "evaluator").rglob("*.py"))


def functions(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text())
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("path", CODE, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_files_and_functions_stay_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400
    for function in functions(path):
        length = (function.end_lineno or 0) - function.lineno + 1
        documented = len((ast.get_docstring(function) or "").splitlines())
        assert length - documented <= 55, f"{function.name} has {length} lines"


def test_imports_are_seen_by_who_checks_them() -> None:
    """Rooms are imported by name at the top of a file, so that `lint-imports` sees all of it.

    The front doors, which load on first use, and the command line and the process around it, which
    are above all, may be late; so is the path by CBC, within its room: it alone loads PuLP.
    """
    late = {
        path.relative_to(ROOT).as_posix()
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", ""))
        in ("import_module", "__import__")
    }
    assert late == {"evaluator/__init__.py", "evaluator/report/__init__.py", "evaluator/linear.py"}
    below = [
        (path.relative_to(ROOT).as_posix(), node.lineno)
        for path in CODE
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and (getattr(node, "module", None) or node.names[0].name).startswith("evaluator")
        and path.parent.name != "cli"
    ]
    assert {name for name, _ in below} <= {
        "evaluator/loading/tables/workbooks/__init__.py",
        "evaluator/report/__init__.py",
        "evaluator/__main__.py",
        "evaluator/allocation/solve/solve.py",
    }, below


def importers(module: str) -> list[str]:
    pattern = re.compile(rf"^\s*(import|from) {module}\b|import_module\(.{module}", re.MULTILINE)
    return [p.relative_to(ROOT).as_posix() for p in CODE if pattern.search(p.read_text())]


def test_one_file_imports_each_solver() -> None:
    assert importers("pulp") == ["evaluator/allocation/solve/pulp_model.py"]
    assert importers("highspy") == ["evaluator/linear.py"]


@pytest.mark.parametrize("name", ["evaluator", "evaluator.allocation", "evaluator.questions"])
def test_a_front_door_opens_on_all_that_it_names(name: str) -> None:
    door = import_module(name)
    assert door.__all__ == sorted(door.__all__)
    for one in door.__all__:
        assert (getattr(door, one).__doc__ or "").strip(), one
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        door.nothing  # noqa: B018


def test_a_front_door_loads_nothing_by_itself() -> None:
    script = "import sys, evaluator; print('numpy' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"


def test_both_locks_pin_the_same_versions() -> None:
    def pins(name: str) -> dict[str, str]:
        lines = (ROOT / name).read_text().splitlines()
        # for which Pythons each is, more of them ask than of the other
        pinned = [line.partition(" ")[0] for line in lines if re.match(r"^\w.*==", line)]
        return dict(line.split("==", 1) for line in pinned)

    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in run} == run


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = (ROOT / "requirements.lock").read_text().lower()
    for requirement in project["dependencies"]:
        name = re.split(r"[<>=]", requirement)[0].lower().replace("_", "-").replace(".", "-")
        assert re.search(rf"^{name}==", locked, re.MULTILINE), name


def test_the_mathematics_names_files_that_are_there() -> None:
    text = (GUIDES / "mathematics.md").read_text()
    named = set(re.findall(r"`([\w/]+\.py)`", text))
    assert len(named) > 20
    assert not [name for name in named if not any(path.match(name) for path in CODE)]


def test_law_is_data_and_numbers_without_a_source_are_illustrative() -> None:
    study = load_study(BASELINE)
    sources = provenance(study, performances(study), elicitation_table(study)).sources
    assert (sources["citation"] != "").all()
    checked = sources[sources["confidence"].isin(["seen", "seen-old", "press", "derived"])]
    laws = checked[checked["kind"].isin(["parameter", "limit (law)", "limit (goal)", "authority"])]
    assert (laws["checked_on"] != "").all(), laws[laws["checked_on"] == ""]["id"].tolist()
    made_up = sources[sources["kind"].isin(["weights", "envelope", "subsidy rate", "influence"])]
    assert set(made_up["confidence"]) <= {"illustrative", "unverified"}


def test_the_project_speaks_of_itself_alone() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.splitlines()
    words = ["/wo" + "rk/", "/ro" + "ot/", "py" + "pi.org", "pythonho" + "sted", "npm" + "js.org"]
    for name in listed:
        path = ROOT / name
        text = path.read_text(errors="replace") if path.is_file() else ""
        assert not [word for word in words if word in text], name


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert evaluator.__version__ == project["version"]
    elsewhere = [path.name for path in CODE if project["version"] in path.read_text()]
    assert elsewhere == []


def test_the_list_of_rooms_is_that_of_the_layers() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (layers,) = (c["layers"] for c in contracts["contracts"] if c["containers"] == ["evaluator"])
    rooms = {room for layer in layers for room in layer.split(" | ")}
    told = (ROOT / "docs" / "design.md").read_text().partition("## The rooms")[2].partition("##")[0]
    cells = [line.split("|")[1] for line in told.splitlines() if line.startswith("| `")]
    named = {
        name.rstrip("/").removesuffix(".py") for cell in cells for name in cell.split("`")[1::2]
    }
    assert named == rooms


def test_what_a_host_runs_is_what_ci_runs() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    commands = [step.get("run") for step in workflow["jobs"]["all"]["steps"]]
    assert "bash .ci/run" in commands
    for form in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"):
        assert yaml.safe_load(form.read_text()), form.name


def test_nobody_is_told_to_install_the_name_from_an_index() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.splitlines()
    asked = re.compile(
        r"(?:pip|uv|pipx|conda)3? (?:tool )?install [^\n]{0,30}['\" ]evaluator(?:\[|['\"\s]|$)"
    )
    assert asked.search("pip install 'evaluator[pdf]'")
    assert asked.search("pip install -U evaluator\n")
    for name in listed:
        path = ROOT / name
        if (
            path.suffix in (".md", ".py", ".ipynb", ".toml", ".yml")
            and path.name != "test_conventions.py"
        ):
            assert not asked.search(path.read_text()), name


def test_each_decision_has_a_number_of_its_own() -> None:
    numbers = sorted(path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [n for n in numbers if numbers.count(n) > 1] == []
    assert all(number.isdigit() for number in numbers)
