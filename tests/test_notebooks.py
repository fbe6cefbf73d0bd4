"""The notebooks: stripped, importing only what `evaluator` exports, and running to their end."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

import evaluator
from tests.conftest import ROOT
from tests.programme import STAMP

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
by_name = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_is_one_for_each_reader() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["analyst", "leadership", "reviewer", "sweeps"]


@by_name
def test_stripped(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    for cell in code(notebook):
        assert cell.outputs == [], cell.id
        assert cell.execution_count is None, cell.id
    assert all(cell.metadata == {} for cell in notebook.cells)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.language_info == {"name": "python"}


@by_name
def test_cells_have_names_of_their_own(path: Path) -> None:
    """Random ids would change with every save."""
    names = [cell.id for cell in json.loads(path.read_text(), object_hook=NotebookNode).cells]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").isalpha() and name.islower() for name in names)


@by_name
def test_written_as_nbformat_writes(path: Path) -> None:
    assert path.read_text() == nbformat.writes(read(path)) + "\n"


@by_name
def test_imports_only_what_is_exported(path: Path) -> None:
    for cell in code(read(path)):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Import):
                [named] = [(alias.name, alias.asname) for alias in node.names]
                assert named in (("pandas", "pd"), ("matplotlib.pyplot", "plt"))
            elif isinstance(node, ast.ImportFrom):
                assert node.module == "evaluator"
                assert {alias.name for alias in node.names} <= set(evaluator.__all__)


@by_name
def test_says_what_it_is_not(path: Path) -> None:
    assert STAMP in read(path).cells[0].source


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of notebooks beside the data, where runs are written to no harm."""
    for name in ("scenarios", "criteria"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    return tmp_path / "notebooks"


def texts(cell: NotebookNode) -> str:
    """Return everything that a cell shows."""
    found = [
        text
        for output in cell.outputs
        for text in (output.get("text"), *output.get("data", {}).values())
        if isinstance(text, str)
    ]
    return "\n".join(found)


STUDIES = {
    "baseline": "../scenarios/baseline.yaml",
    "starter": str(
        Path(evaluator.__file__).parent / "record/starter_study/scenarios/baseline.yaml"
    ),
}


@by_name
def test_the_scenario_is_the_one_parameter(path: Path) -> None:
    first, *others = code(read(path))
    assert (first.id, first.source) == ("scenario", f'SCENARIO = "{STUDIES["baseline"]}"')
    named = [
        cell.id for cell in others if re.search(r"SP26|exim|dfc|defense|scenarios/", cell.source)
    ]
    assert named == []


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # of the kernel's client, not of ours
@pytest.mark.parametrize("study", STUDIES)
@by_name
def test_runs_to_its_end(path: Path, study: str, folder: Path) -> None:
    notebook = read(path)
    code(notebook)[0].source = f'SCENARIO = "{STUDIES[study]}"'
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    shown = {cell.id: cell for cell in code(notebook)}
    kinds = {output.output_type for cell in shown.values() for output in cell.outputs}
    assert kinds <= {"execute_result", "display_data", "stream"}
    complaints = [o.text for c in shown.values() for o in c.outputs if o.get("name") == "stderr"]
    assert complaints == []
    title = evaluator.load_study((folder / STUDIES[study]).resolve()).scenario.title
    told = shown["evaluation"].outputs[0].data["text/html"]
    assert study != "baseline" or STAMP in told, "the evaluation shows itself"
    assert title in told
    CHECKS[path.stem](shown, folder)


def is_figure(cell: NotebookNode) -> bool:
    """A notebook gets the figure both ways; the reader's program chooses."""
    return {"image/svg+xml", "image/png"} <= set(cell.outputs[0].data)


def raw(shown: dict[str, NotebookNode]) -> None:
    """Assert that heads and cells are in words: no field of a table, no truth value of Python."""
    for name, cell in shown.items():
        for output in cell.outputs:
            html = output.get("data", {}).get("text/html", "")
            cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", html)
            found = [
                text for text in cells if re.fullmatch(r"[a-z]+(_[a-z0-9]+)+|True|False", text)
            ]
            assert found == [], name


def check_analyst(shown: dict[str, NotebookNode], folder: Path) -> None:
    assert is_figure(shown["sweep-plot"])
    contributed, overall, _ = texts(shown["explain-sum"]).splitlines()
    assert float(contributed.split()[-1]) == pytest.approx(float(overall.split()[-1]), abs=1e-5)
    assert "first" in texts(shown["wins"])
    assert "moved: " in texts(shown["what-if"])
    (run,) = (folder.parent / "runs").iterdir()
    assert (run / "manifest.json").is_file()
    criteria = evaluator.read_study(run).criteria
    assert texts(shown["criteria"]).count("<tr>") == 1 + len(criteria)


def check_reviewer(shown: dict[str, NotebookNode], folder: Path) -> None:
    assert is_figure(shown["disagreement-figure"])
    assert is_figure(shown["stability-figure"])
    assert "prevailed?" in texts(shown["compare"])
    assert "kendall w" in texts(shown["facts"])
    raw(shown)


def check_leadership(shown: dict[str, NotebookNode], folder: Path) -> None:
    assert all(is_figure(shown[name]) for name in ("contributions-figure", "intervals-figure"))
    assert texts(shown["portfolio"]).count("<tr>") > 2
    assert "Dirichlet: shares that sum to 1" in texts(shown["distributions"])
    raw(shown)
    assert (folder.parent / "runs" / "brief.pdf").read_bytes().startswith(b"%PDF-")


def check_sweeps(shown: dict[str, NotebookNode], folder: Path) -> None:
    assert "funded in all " in texts(shown["funded"])
    assert "image/png" in shown["map"].outputs[0].data
    assert "image/png" in shown["tornado-figure"].outputs[0].data
    widths = re.findall(r"([0-9,.]+)</td>\s*</tr>", texts(shown["tornado"]))
    numbers = [float(width.replace(",", "")) for width in widths]
    assert numbers == sorted(numbers)
    assert re.search(r"[0-9],[0-9]{3} of 10,000 made", texts(shown["many"]))


CHECKS = {
    "analyst": check_analyst,
    "reviewer": check_reviewer,
    "leadership": check_leadership,
    "sweeps": check_sweeps,
}
