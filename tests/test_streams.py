"""Output that is closed, full, or read by nobody costs no run and claims no success."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from evaluator.record import read_run

HAND = Path(__file__).parent / "cases" / "hand" / "scenarios" / "baseline.yaml"
NOT_SHOWN = 5


def shell(line: str, at: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of bash; `evaluator` in it is this one."""
    command = f'evaluator() {{ {sys.executable} -m evaluator "$@"; }}; {line}'
    environment = {**os.environ, "HAND": str(HAND)}
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=at, env=environment
    )


def the_run(at: Path) -> Path:
    """Return the run that is there, whole, and nothing beside it."""
    (folder,) = (at / "runs").iterdir()
    assert read_run(folder).strangers == ()
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("evaluator run $HAND --draws 0 --quiet | true; exit ${PIPESTATUS[0]}", 0),
        ("evaluator run $HAND --draws 0 2>&1 | true; exit ${PIPESTATUS[0]}", 0),
        ("evaluator run $HAND --draws 0 >&-", NOT_SHOWN),
        ("evaluator run $HAND --draws 0 --quiet >/dev/full", NOT_SHOWN),
        ("evaluator run $HAND --draws 0 --json >/dev/full", NOT_SHOWN),
        ("evaluator run $HAND --draws 0 >&- 2>&- <&-", NOT_SHOWN),
        ("evaluator run $HAND --draws 0 >/dev/full 2>/dev/full", NOT_SHOWN),
        ("evaluator run $HAND --draws 0 --quiet 2>/dev/full", 0),
        ("evaluator run $HAND --draws 0 2>&-", 0),
    ],
)
def test_a_run_is_written_and_the_code_says_whether_it_was_shown(
    line: str, code: int, tmp_path: Path
) -> None:
    told = shell(line, tmp_path)
    assert told.returncode == code, told.stderr
    folder = the_run(tmp_path)
    assert "rror" not in told.stderr.replace("Standard error", "")
    if "2>" not in line and code:
        assert f"Report  runs/{folder.name}/report.html" in told.stderr
        why = "it is closed" if ">&-" in line else "No space left on device"
        last = f"Standard output cannot be written ({why}): not all is shown.\n"
        assert told.stderr.endswith(last)
    if code == 0 and "2>&1" not in line and "|" not in line:
        assert "Ranked portfolio" in told.stdout


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    at = tmp_path_factory.mktemp("done")
    told = shell("evaluator run $HAND --draws 0", at)
    assert told.returncode == 0, told.stderr
    return the_run(at)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "code", "shown"),
    [
        ("evaluator show {run} | head -1; exit ${{PIPESTATUS[0]}}", 0, "Computed by hand"),
        ("evaluator show {run} | true; exit ${{PIPESTATUS[0]}}", 0, ""),
        ("evaluator show {run} >/dev/full", NOT_SHOWN, ""),
        ("evaluator explain {run} P1 --json >&-", NOT_SHOWN, ""),
        ("evaluator validate $HAND >/dev/full", NOT_SHOWN, ""),
        ("evaluator schema >/dev/full", NOT_SHOWN, ""),
        ("evaluator --help >/dev/full", NOT_SHOWN, ""),
        ("evaluator run --help >&-", NOT_SHOWN, ""),
        ("evaluator --help | true; exit ${{PIPESTATUS[0]}}", 0, ""),
        ("evaluator show nowhere >/dev/full", 4, ""),
        ("evaluator show nowhere --json >/dev/full", 4, ""),
        ("evaluator show nowhere 2>/dev/full", 4, ""),
        ("evaluator validate nowhere.yaml 2>&-", 4, ""),
        ("evaluator nonsense >&- 2>&-", 2, ""),
        ("evaluator compare {run} 2>/dev/full", 2, ""),
    ],
)
def test_every_command_ends_with_a_code_that_is_true(
    line: str, code: int, shown: str, done: Path, tmp_path: Path
) -> None:
    told = shell(line.format(run=done), tmp_path)
    assert told.returncode == code, told.stderr
    assert told.stdout.startswith(shown)
    assert "Traceback" not in told.stderr
    assert "Internal error" not in told.stderr
    lost = code == NOT_SHOWN or "--json >/dev/full" in line  # other faults go to standard error
    assert ("not all is shown" in told.stderr) == lost, told.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_files_that_are_written_are_told_where_the_output_is_lost(
    done: Path, tmp_path: Path
) -> None:
    lines = {
        f"evaluator export {done} p.lp --json": "Program p.lp",
        f"evaluator compare {done} {done} --html page.html --quiet": "Page    page.html",
        "evaluator new mine": "mine holds a study",
        "evaluator schema --out schemas": "schemas written to schemas",
    }
    for line, said in lines.items():
        told = shell(f"{line} >/dev/full", tmp_path)
        assert told.returncode == NOT_SHOWN, told.stderr
        assert said in told.stderr, line
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"p.lp", "p.names.csv", "page.html", "mine", "schemas"}


@pytest.mark.slow
def test_numbers_that_are_closed_are_given_to_no_file(tmp_path: Path) -> None:
    """HiGHS prints to number 1; a file that was opened under it would hold that."""
    told = shell("exec <&- >&-; evaluator run $HAND --draws 0 --quiet", tmp_path)
    assert told.returncode == NOT_SHOWN
    manifest = json.loads((the_run(tmp_path) / "manifest.json").read_text())
    assert manifest["failed"] == []


@pytest.mark.slow
def test_a_program_that_calls_the_command_line_itself(done: Path, tmp_path: Path) -> None:
    script = f"from evaluator.cli import main; main(['schema', '--out', '{tmp_path}/schemas'])"
    told = shell(f'{sys.executable} -c "{script}" >&-', tmp_path)
    assert (told.returncode, told.stderr) == (0, f"9 schemas written to {tmp_path}/schemas.\n")


FULL = """
import resource, sys
from evaluator import Override, evaluate, load_study
from evaluator.errors import RunError
from evaluator.record import place_run

evaluation = evaluate(load_study(sys.argv[1], [Override("uncertainty.draws", "0", "a trial")]))
for size in map(int, sys.argv[3:]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, -1))
    try:
        place_run(evaluation, "runs", sys.argv[2])
    except RunError as error:
        print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
"""


@pytest.mark.slow
def test_a_disk_that_is_full_keeps_the_run_that_is_there(done: Path, tmp_path: Path) -> None:
    """No file of the process grows beyond a size: where it falls short, nothing is written."""
    largest = max(path.stat().st_size for path in done.rglob("*") if path.is_file())
    sizes = [0, 1, 900, 5_000, 20_000, largest // 2, int(0.95 * largest)]
    before = Path(shutil.copytree(done, tmp_path / "runs" / done.name))
    (before / "note.txt").write_text("mine")
    kept = {path: path.read_bytes() for path in before.rglob("*") if path.is_file()}
    command = [sys.executable, "-c", FULL, str(HAND), done.name, *map(str, sizes)]
    told = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=True)
    fact = "cannot be written: File too large. Nothing was written. Choose another place."
    assert told.stdout.splitlines() == [f"runs/{done.name} {fact}"] * len(sizes)
    assert {path: path.read_bytes() for path in before.rglob("*") if path.is_file()} == kept
    assert list(before.parent.iterdir()) == [before]
