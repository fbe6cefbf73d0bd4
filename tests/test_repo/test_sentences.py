"""Nothing reads a sentence: text is taken apart only where it is no sentence."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

from tests.conftest import ROOT

HOME = ROOT / "evaluator"
READS = {
    *("split", "rsplit", "partition", "rpartition", "splitlines"),
    *("startswith", "endswith", "removeprefix", "removesuffix"),
}
READERS = {"loading", "importing"}
"""Rooms whose work is to take the texts of files apart."""
ALLOWED = {
    "allocation/model/requests/matching.py": (3, "`host.` before the name of a column"),
    "model/criterion.py": (1, "the agency in the id of a criterion"),
    "model/applying.py": (2, "names of columns of packages and of host countries"),
    "allocation/solve/model_file.py": (1, "the solver's LP file"),
    "allocation/solve/pulp_model.py": (2, "the log of another program"),
    "allocation/verify/filters.py": (2, "`host.` before the name of a column"),
    "cli/several.py": (1, "the path that an error names is told once"),
    "guides/__init__.py": (1, "the heading of a guide"),
    "guides/commands.py": (3, "white space, lines of examples, the path of a command"),
    "guides/page.py": (4, "headings and links of a guide"),
    "guides/study_files.py": (2, "the name in a reference of a schema, white space"),
    "cli/common.py": (2, "the name of a run and `KEY=VALUE` as typed"),
    "cli/importing.py": (1, "`WHAT=ANSWER` as typed"),
    "cli/rank.py": (3, "`NAME=VALUE,...` as typed"),
    "cli/runs.py": (1, "the name of a folder as typed"),
    "record/form/workbook.py": (2, "numbers and days in the cells of a table"),
    "record/runs/listing.py": (2, "names of folders"),
    "disk/scratch.py": (4, "names of folders, a file of the system"),
    "model/study.py": (1, "the institution in the id of a tool"),
    "questions/versions/comparison.py": (2, "paths of a scenario's keys"),
    "questions/sweep/grid.py": (2, "`KEY=VALUES` as typed, numbers of a range"),
    "record/ledger/failures.py": (1, "white space of what a server says"),
    "record/history/runs.py": (2, "the beginning of a name or digest as typed"),
    "record/ledger/backups.py": (1, "white space of another program"),
    "record/reproduce.py": (1, "the name of a file"),
    "record/ledger/contents.py": (1, "lines of a file"),
    "record/ledger/database.py": (1, "the scheme of a URL"),
    "record/ledger/entries.py": (2, "ids, and names of fields"),
    "record/ledger/seals.py": (1, "the line of a seal"),
    "record/proof/checkpoints.py": (2, "the line of a checkpoint"),
    "record/sweeps.py": (1, "lines of the file of blocks"),
    "questions/dated/values.py": (2, "the institution in the id of a parameter or limit"),
    "questions/dated/weak_sources.py": (3, "`host.` before the name of a column"),
    "record/runs/placing.py": (2, "names of folders"),
    "record/runs/tables.py": (5, "names of columns, cells of lists"),
    "report/figures/__init__.py": (1, "the name of a function"),
    "report/figures/frontiers.py": (2, "units in the names of columns"),
    "report/figures/labels.py": (1, "lines of a label"),
    "report/figures/lettering.py": (2, "words of a label, to break it"),
    "report/formatting/words.py": (1, "the parts of a key"),
    "report/formatting/numbers.py": (1, "the sign of a number"),
    "report/formatting/phrases.py": (1, "a full stop"),
    "report/docx/document.py": (2, "isolates around a name"),
    "report/documents/blocks.py": (1, "lines of a text"),
    "report/formatting/text.py": (8, "lines and words of cells, to lay out a table"),
    "report/html/embedding.py": (7, "markup of a figure"),
    "report/html/page.py": (3, "places at which a line may not break"),
    "report/html/terse.py": (4, "markup"),
    "report/html/whatif.py": (2, "paths of a scenario's keys"),
    "report/messages/allocation.py": (1, "`host.` before the name of a column"),
    "report/messages/eligibility.py": (2, "`host.` before the name of a column"),
    "report/terminal/notes.py": (1, "white space"),
    "report/terminal/tables.py": (1, "white space"),
    "report/viewmodel/versions/changes.py": (2, "paths of a scenario's keys"),
    "report/xlsx/cells.py": (2, "markup of a cell"),
    "report/xlsx/columns.py": (1, "names of columns"),
    "report/xlsx/sheets.py": (1, "letters that a sheet's name may not have"),
    "report/xlsx/workbook.py": (2, "number formats, words of heads"),
    "results/findings.py": (2, "codes of findings"),
    "results/schema/table.py": (3, "names of columns"),
    "report/messages/idle.py": (2, "the id of a column of countries"),
    "results/idle.py": (1, "a kind of limit"),
    "report/formatting/direction.py": (3, "texts of a study from right to left"),
    "report/formatting/fonts.py": (1, "names of fonts"),
    "report/html/isolating.py": (3, "tags of a page"),
    "letters.py": (8, "letters that no text may hold, and forms of one word"),
    "sanitize.py": (7, "letters that are no text; lines of a narrow terminal"),
    "scoring/aggregation.py": (1, "the full stop of an error"),
    "workbench/session/acts.py": (3, "ids, and paths of a scenario's keys"),
    "workbench/security.py": (1, "addresses that a proxy tells"),
    "workbench/session/table.py": (1, "the name of a session as typed"),
    "workbench/session/phases.py": (1, "white space of a name as typed"),
    "workbench/freezing.py": (2, "ids"),
    "workbench/screens/metrics.py": (1, "what the system says of a process"),
    "workbench/screens/common.py": (2, "white space of a reason as typed; two numbers"),
}
"""How often text is taken apart in a file, at most, and what it is: no sentence of ours."""


def readings(tree: ast.AST) -> int:
    """Return how often text is taken apart."""
    calls = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )
    return sum(
        getattr(call.func.value, "id", "") == "re"
        or (call.func.attr in READS and getattr(call.func.value, "id", "") != "np")
        for call in calls
        if isinstance(call.func, ast.Attribute)
    )


def compared(tree: ast.AST) -> list[str]:
    """Return texts of three words or more with which something is compared."""
    return [
        part.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        for part in ast.walk(side)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
        if len(part.value.split()) > 2
    ]


def code() -> dict[str, ast.AST]:
    paths = sorted(path for path in HOME.rglob("*.py") if not READERS.intersection(path.parts))
    return {path.relative_to(HOME).as_posix(): ast.parse(path.read_text()) for path in paths}


def test_text_is_taken_apart_only_where_it_is_no_sentence() -> None:
    found = Counter({name: readings(tree) for name, tree in code().items()})
    over = {name: n for name, n in found.items() if n > ALLOWED.get(name, (0, ""))[0]}
    assert not over, "say what the text is, or hand on the fact"
    idle = {name for name in ALLOWED if not found[name]}
    assert not idle, "no longer needed"


def test_nothing_is_compared_with_a_sentence() -> None:
    found = {name: compared(tree) for name, tree in code().items()}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_templates_read_no_sentence() -> None:
    reading = re.compile(r"\.split\(|\.partition\(|startswith|endswith|==\s*\"[^\"]* [^\"]*\"")
    folder = HOME / "report" / "html" / "templates"
    found = [path.name for path in folder.rglob("*.j2") if reading.search(path.read_text())]
    assert found == []
    assert len(list(folder.rglob("*.j2"))) > 10


def test_a_reading_is_found() -> None:
    tree = ast.parse("a.split(', '); re.sub('x', '', a); np.partition(a, 1); a == 'below the cut'")
    assert readings(tree) == 2
    assert compared(tree) == ["below the cut"]


def test_the_list_is_of_files_that_are_there() -> None:
    assert all(Path(HOME / name).is_file() for name in ALLOWED)
