"""A run as the version that another is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from evaluator.model.former import Former, FormerPackage
from evaluator.model.scenario import Applied
from evaluator.model.study import Study
from evaluator.questions.versions.comparison import Difference, differences
from evaluator.questions.versions.outcome import former_standing
from evaluator.questions.versions.since import last_standing, since_tables
from evaluator.record.runs.folder import Run, read_run
from evaluator.report.formatting.records import records


def compared_with(study: Study, folder: str | Path) -> Study:
    """Return a study that is compared with a run: how packages stood there, and what is otherwise.

    The run's tables are taken as they stand, whatever this version of the program would make of its
    study. Raises RunError where the folder is no run, or was altered.
    """
    return study.model_copy(update={"since": _former(read_run(folder), study)})


def changed_since(run: Run, folder: str | Path) -> tuple[Study, Mapping[str, pd.DataFrame]]:
    """Return the study of a run as compared with another run, and the tables of what changed.

    Nothing is evaluated: both are taken as their tables stand. Raises RunError as `compared_with`.
    """
    study = compared_with(run.study, folder)
    now = former_standing(_former(run, run.study))
    found = since_tables(*last_standing(study), now)
    return study, {name: one.table for name, one in found.items()}


def _former(run: Run, study: Study) -> Former:
    told = run.manifest
    given: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in records(run.tables["allocation"]) if "allocation" in run.tables else ():
        if row["allocated"]:
            given[row["package"]][row["tool"]] = row["allocated"]
    return Former(
        name=run.folder.resolve().name,
        title=told["title"],
        as_of=run.study.as_of,
        fingerprint=told["fingerprint"],
        status=told["allocation"]["status"] if "allocation" in told else "nothing",
        packages=tuple(
            FormerPackage(
                package=row["package"],
                title=row["title"],
                rank=row["rank"],
                overall=row["overall"],
                designated=row.get("designated", row["outcome"] == "passed"),
                amounts=given[row["package"]],
            )
            for row in records(run.tables["ranking"])
        ),
        changed=tuple(_change(study, one) for one in differences(run.study, study)),
    )


def _change(study: Study, one: Difference) -> Applied:
    return Applied(
        scenario=study.scenario.scenario,
        set=one.name,
        old=one.old,
        new=one.new,
        because=one.because or "No reason is stated.",
        by=one.by or None,
    )
