"""Work in a second process gives what it gives here, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluator.cli import main

# A process of its own: the test runner has threads, from which nothing is forked.
FORKED = """
import os, signal
from evaluator.cli.forked import beside

def nothing(): pass
def told(number): return number * number, os.getpid()
def refused(number): raise ValueError(f"{number} is refused")
def dead(number):
    if os.getpid() != HERE: os.kill(os.getpid(), signal.SIGKILL)
    return "here"

HERE = os.getpid()
with beside(nothing) as begin:
    answer, process = begin(told, 7)()
    assert begin(told, number=8)() == (64, process)
    assert begin(len, bytes(5_000_000))() == 5_000_000
assert answer == 49 and process != HERE
assert not os.path.exists(f"/proc/{process}")
with beside(nothing) as begin:
    waits = begin(refused, 7)
    try: waits()
    except ValueError as error: assert str(error) == "7 is refused"
    else: raise AssertionError("it was not refused")
    assert begin(told, 7)() == (49, HERE)
with beside(nothing) as begin:
    assert begin(dead, 7)() == "here"
with beside(lambda: 1 / 0) as begin:
    assert begin(told, 7)() == (49, HERE)
try:
    with beside(nothing) as begin: raise KeyboardInterrupt
except KeyboardInterrupt: print("done")
"""
LINUX = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2,
    reason="work is shared between processes on Linux with two processors or more",
)


@LINUX
def test_a_fork_answers_fails_or_dies_as_a_call_would() -> None:
    done = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


@LINUX
def test_a_run_is_the_same_on_one_processor_and_on_two(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["new", str(tmp_path / "study")]).exit_code == 0
    scenario = tmp_path / "study" / "scenarios" / "baseline.yaml"
    one = next(iter(os.sched_getaffinity(0)))
    files = []
    for setting, out in (("pass", "two"), (f"os.sched_setaffinity(0, {{{one}}})", "one")):
        code = f"import os; {setting}; from evaluator.cli import main; main()"
        arguments = ["run", str(scenario), "--out", str(tmp_path / out), "--quiet"]
        subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True)
        (folder,) = (tmp_path / out).iterdir()
        exempt = ("manifest.json", "solver.log")
        found = {path.relative_to(folder): path for path in folder.rglob("*.*")}
        files.append({n: p.read_bytes() for n, p in found.items() if n.name not in exempt})
    assert Path("report.html") in files[0]
    assert files[0] == files[1]


ELSEWHERE = """
import os, sys
import evaluator.report
HERE, drawn = os.getpid(), evaluator.report.render

def render(evaluation):
    assert os.getpid() != HERE, "it was rendered here"
    return drawn(evaluation)

render.__module__ = "evaluator.report"
evaluator.report.render = render
from evaluator.cli import main
main()
"""


@LINUX
def test_what_the_second_process_made_ready_is_enough_to_render(tmp_path: Path) -> None:
    # A call that fails there is made here: the run would be the same, and slow.
    assert CliRunner().invoke(main, ["new", str(tmp_path / "study")]).exit_code == 0
    scenario = tmp_path / "study" / "scenarios" / "baseline.yaml"
    arguments = ["run", str(scenario), "--out", str(tmp_path / "out"), "--quiet"]
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, *arguments], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
