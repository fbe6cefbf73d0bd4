"""Signals end a process at once, and wait for what must not be left half done."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest

from evaluator.signals import held

PROGRAM = """
import ctypes, os, sys, time
from pathlib import Path
from evaluator.disk.scratch import scratch
from evaluator.signals import held, stoppable

def say(word):
    os.write(1, f"{word}\\n".encode())

with stoppable():
    with scratch(Path(sys.argv[2])) as folder:
        if sys.argv[1] == "writing":
            with held():
                say("begun")
                sys.stdin.read(1)
                say("written")
        elif sys.argv[1] == "in C":
            say("begun")
            while True:  # a call in which no handler of Python ever runs
                ctypes.CDLL(None).sleep(30)
        time.sleep(30)
        say("never")
"""


def start(what: str, folder: object, **more: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, what, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,  # type: ignore[call-overload]
    )


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [
        (signal.SIGINT, 130, "Interrupted."),
        (signal.SIGTERM, 143, "Ended by SIGTERM."),
        (signal.SIGHUP, 129, "The terminal is gone."),
    ],
)
def test_it_ends_at_once_with_nothing_left(
    number: int, code: int, word: str, tmp_path: object
) -> None:
    process = start("in C", tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(number)
    output, errors = process.communicate(timeout=120)
    assert (process.returncode, output) == (code, "")
    assert errors == f"{word} What is written is written whole; nothing is there by half.\n"
    assert not list(tmp_path.iterdir())  # type: ignore[attr-defined]


def test_it_waits_for_what_is_written(tmp_path: object) -> None:
    process = start("writing", tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    for number in (signal.SIGTERM, signal.SIGINT):
        process.send_signal(number)
    output, _ = process.communicate("x", timeout=120)
    assert (process.returncode, output) == (143, "written\n")
    assert not list(tmp_path.iterdir())  # type: ignore[attr-defined]


def test_what_is_ignored_stays_ignored(tmp_path: object) -> None:
    process = start(
        "writing", tmp_path, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(signal.SIGHUP)
    assert process.stdin is not None
    process.stdin.write("x")
    process.stdin.flush()
    assert process.stdout.readline() == "written\n"
    process.terminate()
    process.communicate(timeout=120)
    assert process.returncode == 143


def test_nobody_who_reads_what_it_says_does_not_hold_it_up(tmp_path: object) -> None:
    process = start("in C", tmp_path)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == "begun\n"
    process.stderr.close()
    with process:
        process.terminate()
        assert process.wait(timeout=120) == 143


def test_without_a_process_of_its_own_an_interrupt_comes_when_the_work_is_done() -> None:
    done = []

    @held()
    def work() -> None:
        signal.raise_signal(signal.SIGINT)
        done.append("written")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["written"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_another_thread_has_nothing_to_hold() -> None:
    done = []

    @held()
    def work() -> None:
        done.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [signal.default_int_handler]
