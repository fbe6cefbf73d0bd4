"""Interrupts wait for what must not be left half done."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from evaluator.record import interrupts_held

CLICK = """
import os, signal, sys
from pathlib import Path
from evaluator.cli import main

rename = Path.rename
def interrupted(self, to):
    os.kill(os.getpid(), signal.SIGINT)
    return rename(self, to)
Path.rename = interrupted
main(sys.argv[1:])
"""


def test_an_interrupt_comes_when_the_work_is_done() -> None:
    done = []

    @interrupts_held()
    def work() -> None:
        signal.raise_signal(signal.SIGINT)
        done.append("written")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["written"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_another_thread_has_nothing_to_hold() -> None:
    done = []

    @interrupts_held()
    def work() -> None:
        done.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [signal.default_int_handler]


@pytest.mark.slow
def test_a_run_interrupted_while_it_is_put_in_place_is_whole(tmp_path: Path) -> None:
    scenario = Path(__file__).parents[1] / "cases" / "hand" / "scenarios" / "baseline.yaml"
    command = [sys.executable, "-c", CLICK, "run", str(scenario), "--out", str(tmp_path)]
    ended = subprocess.run([*command, "--draws", "0"], capture_output=True, text=True)
    assert ended.returncode == 130, ended.stderr
    assert ended.stderr.endswith("nothing is there by half.\n")
    (run,) = tmp_path.iterdir()
    shown = subprocess.run(
        [sys.executable, "-m", "evaluator", "show", str(run)], capture_output=True, text=True
    )
    assert shown.returncode == 0, shown.stderr
