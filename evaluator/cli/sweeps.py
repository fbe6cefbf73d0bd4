"""The command that makes many scenarios of one study."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import click

from evaluator.cli.common import (
    allow_option,
    bounds,
    guarded,
    html_option,
    json_option,
    print_json,
    progress_to,
    say,
    say_where,
    scheduler_option,
)
from evaluator.cli.questions import write_page


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option(
    "--vary",
    "texts",
    multiple=True,
    metavar="KEY=VALUES",
    help="A key and its values: 10,15,20, or low:high:step, or, with --sample, low:high. Several "
    "keys: every combination, the last one turning fastest.",
)
@click.option("--sample", type=click.IntRange(1), help="Draw so many scenarios instead of all.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the sample.")
@click.option(
    "--only",
    type=click.Choice(["scores", "allocation", "all"]),
    default="allocation",
    show_default=True,
    help="How far each is taken: to the priority packages, the money, or the draws as well.",
)
@click.option(
    "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes that work."
)
@click.option(
    "--engine",
    type=click.Choice(["joblib", "dask"]),
    default="joblib",
    show_default=True,
    help="Whose processes: of this machine, or of a cluster.",
)
@scheduler_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The table, .csv or .parquet; sweeps/<scenario>-<digest>.csv if not given.",
)
@html_option
@allow_option
@click.option("--quiet", is_flag=True, help="No progress.")
@json_option
@guarded
def sweep(
    scenario: Path,
    texts: Sequence[str],
    sample: int | None,
    seed: int,
    only: Literal["scores", "allocation", "all"],
    jobs: int,
    engine: Literal["joblib", "dask"],
    scheduler: str | None,
    out: Path | None,
    html: Path | None,
    allowed: Sequence[str],
    quiet: bool,
    as_json: bool,
) -> None:
    """Make many scenarios: keys of the scenario take many values, one row of a table each.

    Blocks are written as they are made; the same command goes on where one was interrupted. An
    influence that varies takes from the others in proportion, as points of weights do.
    """
    from evaluator.loading import load_study
    from evaluator.questions.sweep import Grid, Plan, Workers, parse_vary
    from evaluator.record.sweeps import digest, make_sweep
    from evaluator.report.formatting.names import study_names
    from evaluator.report.terminal.sweep import as_data, as_text
    from evaluator.report.viewmodel.versions.sweep import answer

    grid, workers = Grid(parse_vary(texts), sample, seed), Workers(jobs, engine, scheduler)
    study = load_study(scenario, bounds=bounds(allowed))
    plan = Plan(study, grid, only)
    told = digest(plan)
    file = out or Path("sweeps") / f"{study.scenario.scenario}-{told[:12]}.csv"
    table = make_sweep(plan, workers, file, progress_to(quiet))
    names = study_names(study)
    if as_json:
        print_json({"ok": True, "file": str(file), "digest": told, **as_data(table)})
    else:
        say(as_text(table, plan, names))
    write_page(html, lambda: answer(table, plan, names), [study], as_json)
    say_where(f"Table   {file}", as_json)
