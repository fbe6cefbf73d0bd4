"""A plain run, with all that it writes, against importing the libraries that it stands on.

Prints processor seconds, user and system, of whole processes that take turns, and their ratio.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

SCENARIO = Path(__file__).parent.parent / "scenarios" / "baseline.yaml"
LIBRARIES = (
    "numpy",
    "pandas",
    "matplotlib.figure",
    "matplotlib.backends.backend_svg",
    "highspy",
    "jinja2",
    "pydantic",
    "yaml",
    "click",
    "rich.table",
    "xlsxwriter",
)
ROUNDS = 7


def _seconds(arguments: Sequence[str], cache: str) -> float:
    """Return the processor seconds of a Python process and its children.

    cache: where byte code is kept, so that nothing is compiled that an installed program has.
    """
    kept = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**kept, "OPENBLAS_NUM_THREADS": "1", "PYTHONPYCACHEPREFIX": cache},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    imports = ["-c", f"import {', '.join(LIBRARIES)}"]
    with tempfile.TemporaryDirectory() as folder:
        run = ["-m", "evaluator", "run", str(SCENARIO), "--quiet", "--out", folder]
        for arguments in (run, imports):
            _seconds(arguments, f"{folder}/cache")  # it is filled, and the fonts are found
        pairs = [
            (_seconds(run, f"{folder}/cache"), _seconds(imports, f"{folder}/cache"))
            for _ in range(ROUNDS)
        ]
    ran, imported = (median(side) for side in zip(*pairs, strict=True))
    print(f"plain run      {ran:6.3f} s of processor time, median of {ROUNDS}")
    print(f"its libraries  {imported:6.3f} s")
    print(f"ratio          {ran / imported:6.2f}")


if __name__ == "__main__":
    main()
