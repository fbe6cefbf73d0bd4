"""What somebody does who has the wheel and nothing else: install it, follow the tutorial, look up.

The environment and the folder lie outside the repository, first without the extra `pdf`, then with
it. Libraries are those of requirements.lock.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.guides.steps import follow

ROOT = Path(__file__).parents[2]
NO_BRIEF = "Not in this run: the brief could not be set: brief.pdf is set by Typst"


class Place:
    """A folder with an environment of its own, as a user has it."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "environment" / "bin"
        self.work = folder / "work"
        self.work.mkdir()
        self.path = f"{self.bin}:/usr/bin:/bin"
        self.call(sys.executable, "-m", "venv", folder / "environment")

    def call(self, *command: str | Path, fails: bool = False) -> str:
        """Run a command in the user's folder; return all that it printed."""
        clean = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        done = subprocess.run(
            [str(part) for part in command], cwd=self.work, env={**clean, "PATH": self.path},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        if (done.returncode != 0) != fails:
            sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout

    def evaluator(self, *arguments: str | Path, fails: bool = False) -> str:
        return self.call(self.bin / "evaluator", *arguments, fails=fails)

    def install(self, *what: str | Path) -> None:
        self.call(self.bin / "python", "-m", "pip", "install", "--quiet", *what)


def must(holds: object, told: str) -> None:
    """End where something does not hold."""
    if not holds:
        sys.exit(f"A newcomer's first hour: {told}")


def read(place: Place, version: str) -> None:
    """Look up: version, help, guides, schemas."""
    must(version in place.evaluator("--version"), "another version than that of the wheel")
    must("docs" in place.evaluator("--help"), "--help does not name the guides")
    names = [guide["name"] for guide in json.loads(place.evaluator("docs", "--json"))["guides"]]
    must(len(names) > 10, "the guides are not listed")
    for name in ("criteria", "scenarios", "commands", "run-files"):
        must(place.evaluator("docs", name).startswith("# "), f"the guide {name} is not printed")
    home = Path(place.evaluator("docs", "--print").strip())
    must(home.is_relative_to(place.bin.parent), "the guides are not those of the wheel")
    place.evaluator("docs", "--html", "guides.html")
    must("Your first study" in (place.work / "guides.html").read_text(), "no page of guides")
    place.evaluator("schema", "--out", "schemas")
    must((place.work / "schemas" / "scenario.json").is_file(), "no schemas")
    must("nowhere.yaml" in place.evaluator("run", "nowhere.yaml", fails=True), "no place told")


def first_study(place: Place, brief: bool) -> None:
    """Make and read a run; the brief is there, or is said not to be."""
    place.evaluator("new", "first")
    told = place.evaluator("run", "first/scenarios/baseline.yaml", "--out", "first/runs")
    (run,) = (place.work / "first" / "runs").iterdir()
    must((NO_BRIEF in told) != brief, "what run says of the brief is not so")
    must((run / "brief.pdf").is_file() == brief, "the brief is where it should not be, or not")
    must("Install the same wheel again" in told or brief, "how to get the brief is not told")
    place.evaluator("report", run)
    must((NO_BRIEF in place.evaluator("show", run)) != brief, "what show says is not so")
    must("<html" in (run / "report.html").read_text(), "no report")
    memo = place.evaluator("memo", run, "--into", "first/signed", fails=not brief)
    must(("its extra [memo]" in memo) != brief, "what memo says of its extra is not so")
    if not brief:
        place.call("rm", "-r", "first")


def main() -> None:
    """Go through it twice; end with 1 at the first thing that does not hold."""
    with tempfile.TemporaryDirectory(prefix="evaluator-newcomer-") as folder:
        began, home = time.monotonic(), Path(folder)
        subprocess.run(
            [sys.executable, "-m", "flit_core.wheel", "--outdir", home], cwd=ROOT, check=True
        )
        (wheel,) = home.glob("*.whl")
        place = Place(home)
        locked = (ROOT / "requirements.lock").read_text()
        extra = r"^(?:typst|python-docx|lxml)==(?:.*\\\n)*.*\n"
        without = re.sub(extra, "", locked, flags=re.MULTILINE)
        (home / "without.txt").write_text(without)
        place.install("--require-hashes", "-r", home / "without.txt")
        place.install("--no-deps", wheel)
        place.call(place.bin / "python", "-m", "pip", "check")
        read(place, wheel.name.split("-")[1])
        first_study(place, brief=False)
        print(f"without pdf: {time.monotonic() - began:.0f} s", flush=True)
        place.install("--require-hashes", "-r", ROOT / "requirements.lock")
        place.install("--no-deps", "--force-reinstall", f"{wheel}[pdf,memo]")
        first_study(place, brief=True)
        tutorial = place.work / "tutorial"
        tutorial.mkdir()
        steps = follow("tutorial", tutorial, place.path)
        print(f"with pdf: {time.monotonic() - began:.0f} s; {steps} steps of the tutorial followed")


if __name__ == "__main__":
    main()
