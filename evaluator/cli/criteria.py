"""The command that tells which criteria of a run decide."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from evaluator.cli.common import (
    guarded,
    json_option,
    print_json,
    progress_to,
    run_argument,
    say,
    say_where,
    write_files,
)
from evaluator.cli.questions import bills_of, tell_bills


@click.command()
@run_argument
@click.option(
    "--only",
    type=click.Choice(["scores", "allocation"]),
    default="allocation",
    show_default=True,
    help="How far each is taken: to the priority packages, or to the money.",
)
@click.option("--tables", type=click.Path(path_type=Path), help="Write the table to this folder.")
@click.option("--quiet", is_flag=True, help="No progress.")
@json_option
@guarded
def criteria(
    run_folder: Path,
    only: Literal["scores", "allocation"],
    tables: Path | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Tell which criteria decide: what would change without each, and which decide nothing."""
    from evaluator.pipeline import evaluate
    from evaluator.questions.weighing.deciding_criteria import deciding_criteria
    from evaluator.record import csv_files, read_study
    from evaluator.report.formatting.names import study_names
    from evaluator.report.terminal.deciding_criteria import as_data, as_text

    progress = progress_to(quiet)
    study = read_study(run_folder)
    found = deciding_criteria(evaluate(study, progress, only=only), progress)
    if tables is not None:
        files = csv_files({"deciding_criteria": found}, study)
        write_files({tables / name: data for name, data in files.items()}, tables, tables)
    if as_json:
        print_json({"ok": True, **bills_of([study]), **as_data(found)})
    else:
        tell_bills([study])
        say(as_text(found, study_names(study)))
    if tables is not None:
        say_where(f"Tables  {tables}", as_json)
