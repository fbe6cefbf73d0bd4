"""The lowest and the newest versions that the stated ranges allow, side by side.

Each set is resolved from pyproject.toml, installed into an environment of its own with a wheel of
the project, and makes the same runs in an empty folder. Fingerprints, ranks, scores and amounts
must agree; what else differs is named.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")
SETS = {"lowest": "lowest-direct", "newest": "highest"}
EXACT = {
    "ranking": ("package", "rank", "outcome", "designated", "contested", "reason_code"),
    "allocation": ("package", "tool", "requested", "eligible", "allocated"),
    "gates": ("package", "requirement", "outcome", "reason_code"),
}
"""Columns that agree to the letter."""
WITHIN = {"ranking": 1e-9, "values": 1e-9, "weights": 1e-12}
"""How far the numbers of a table may lie apart: points of 0 to 100, shares of 1."""


def call(*command: str | Path, cwd: Path = ROOT) -> str:
    """Run a command; return what it printed, or end with all that it said."""
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=clean, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def build(home: Path) -> Path:
    """Build the wheel from the files as they are; return its path."""
    call(sys.executable, "-m", "flit_core.wheel", "--outdir", home)
    (wheel,) = home.glob("*.whl")
    return wheel


def install(name: str, home: Path, wheel: Path, python: str) -> Path:
    """Make an environment with one set of versions and the wheel; return its folder."""
    place, pins = home / name, home / f"{name}.txt"
    call(UV, "venv", "--quiet", "--no-project", "--python", python, place)
    interpreter = place / "bin" / "python"
    chosen = ("--resolution", SETS[name], "--only-binary", ":all:", "--python", interpreter)
    extras = ("--extra", "pdf", "--extra", "memo", "--extra", "record")
    call(UV, "pip", "compile", "-q", *chosen, *extras, "pyproject.toml", "-o", pins)
    call(UV, "pip", "install", "-q", "--python", interpreter, "-r", pins)
    call(UV, "pip", "install", "-q", "--python", interpreter, "--no-deps", wheel)
    return place


def runs(place: Path) -> list[Path]:
    """Run the starter study and the spring round; return the folders of the runs."""
    command, work = place / "bin" / "evaluator", place / "work"
    work.mkdir()
    call(command, "new", "study", cwd=work)
    scenarios = (work / "study" / "scenarios" / "baseline.yaml", ROOT / "scenarios/baseline.yaml")
    found, asked = [], ("--draws", "200", "--quiet", "--json")
    for scenario in scenarios:
        told = call(command, "run", scenario, *asked, "--record", "record.db", cwd=work)
        found.append(work / json.loads(told)["run"])
    call(command, "memo", found[-1], cwd=work)
    call(command, "record", "checkpoint", cwd=work)
    call(command, "record", "verify", cwd=work)  # ends where anything is wrong
    return found


def disagreements(low: Path, new: Path) -> list[str]:
    """Return what must agree in two runs and does not."""
    manifests = [json.loads((run / "manifest.json").read_text()) for run in (low, new)]
    found = ["fingerprint"] if manifests[0]["fingerprint"] != manifests[1]["fingerprint"] else []
    if not all((run / "brief.pdf").is_file() for run in (low, new)):
        found.append("brief.pdf was not made")
    for table, columns in EXACT.items():
        one, other = (pd.read_csv(run / f"{table}.csv", dtype=str) for run in (low, new))
        found += [f"{table}.csv: {c}" for c in columns if not one[c].equals(other[c])]
    for table, bar in WITHIN.items():
        one, other = (
            pd.read_csv(run / f"{table}.csv").select_dtypes("number") for run in (low, new)
        )
        apart = (one - other).abs().to_numpy()
        if one.shape != other.shape or (apart > bar).any():
            found.append(f"{table}.csv: numbers")
    return found


def differing(low: Path, new: Path) -> list[str]:
    """Return the files that are not the same bytes."""
    names = sorted(path.relative_to(low) for path in low.rglob("*") if path.is_file())
    return [str(n) for n in names if (low / n).read_bytes() != (new / n).read_bytes()]


def main() -> None:
    """Install both sets, run, compare; end with 1 where they disagree."""
    parser = argparse.ArgumentParser(prog="python -m tests.versions", description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="which Python, by path or version")
    python, faults = parser.parse_args().python, []
    with tempfile.TemporaryDirectory(prefix="evaluator-versions-") as folder:
        home, began, made = Path(folder), time.monotonic(), {}
        wheel = build(home)
        for name in SETS:
            place = install(name, home, wheel, python)
            made[name] = runs(place)
            pinned = json.loads((made[name][0] / "manifest.json").read_text())["versions"]
            print(f"{name}: {', '.join(f'{k} {v}' for k, v in pinned.items())}", flush=True)
        for low, new in zip(made["lowest"], made["newest"], strict=True):
            faults += [f"{low.name}: {fault}" for fault in disagreements(low, new)]
            print(f"{low.name}: other bytes in {', '.join(differing(low, new))}")
        print(f"{time.monotonic() - began:.0f} s")
    if faults:
        sys.exit("The lowest and the newest versions disagree:\n" + "\n".join(faults))
    print("Fingerprints, ranks, scores, requirements and amounts agree.")


if __name__ == "__main__":
    main()
