"""The program that a run solved, worked out again from the run's own files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evaluator.allocation import Program, build_program, export_program
from evaluator.allocation.model.reserve import committed_now
from evaluator.allocation.solve.model_file import written_rows
from evaluator.errors import UsageError
from evaluator.record.runs.folder import read_run
from evaluator.results.evaluation import Status, designated_of, scores_of


@dataclass(frozen=True)
class Exported:
    """A program on disk, and what its run made of it."""

    file: Path
    names: Path
    program: Program
    status: Status
    objective: float | None
    """Of the run's whole-dollar amounts: minus the least cost, within gap and rounding. None where
    the run has no allocation, like the gap."""
    gap: float | None

    @property
    def rows(self) -> int:
        """Rows in the file: those with terms."""
        return len(written_rows(self.program))

    @property
    def whole(self) -> int:
        """Columns that have to be whole."""
        return int(np.sum(self.program.integer))


def export_run(folder: str | Path, file: str | Path, *, force: bool = False) -> Exported:
    """Write the program that a run solved as `.lp` or `.mps`; see `export_program`.

    Scores and designated packages are the run's own, from its tables: nothing is solved again.
    force: whether files that are there may be replaced. Raises RunError where the folder is no
    run, UsageError where the run solved no program, for another suffix, where a file is there and
    where one cannot be written.
    """
    run = read_run(folder)
    told = run.manifest.get("allocation")
    if told is None:
        raise UsageError(f"{run.folder} has nothing to allocate, so it solved no program.")
    if not told["termination"]:
        why = (
            " ".join(one["words"] for one in told["conflicts"])
            or "No designated package has an eligible request."
        )
        raise UsageError(f"{run.folder} solved no program, so there is none to write. {why}")
    ranking = run.tables["ranking"].set_index("package")
    program = build_program(committed_now(run.study), scores_of(ranking), designated_of(ranking))
    about = [f"What {told['solver']['name']} got of run {run.folder.name}."]
    target = Path(file)
    there = [one for one in (target, target.parent / f"{target.stem}.names.csv") if one.is_file()]
    if there and not force:
        names = " and ".join(str(one) for one in there)
        raise UsageError(f"{names} would be replaced. Name another file, or say --force.")
    try:
        path = export_program(program, target, about)
    except OSError as error:
        raise UsageError(
            f"{target} cannot be written: {error.strerror}. Choose another place."
        ) from None
    names_file = path.with_suffix(".names.csv")
    return Exported(path, names_file, program, told["status"], told["objective"], told["gap"])
