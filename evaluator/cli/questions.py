"""Commands that ask more of scenarios and runs than what a run holds."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from evaluator.cli.common import (
    allow_option,
    bounds,
    change_options,
    guarded,
    html_option,
    json_option,
    print_json,
    progress_to,
    run_argument,
    say,
    say_where,
    write_files,
)
from evaluator.errors import UsageError


@click.command()
@run_argument
@click.argument("packages", metavar="PACKAGE...", nargs=-1)
@html_option
@json_option
@guarded
def admit(run_folder: Path, packages: Sequence[str], html: Path | None, as_json: bool) -> None:
    """Judge late packages of a run's round against its standing allocation."""
    if not packages:
        raise UsageError("admit needs one or more packages.")
    from evaluator.pipeline import evaluate
    from evaluator.questions.rolling_review.admission import InfeasibleError
    from evaluator.questions.rolling_review.admission import admit as admitted
    from evaluator.record import read_study
    from evaluator.report.formatting.names import study_names
    from evaluator.report.terminal.admission import as_data, as_text, infeasible
    from evaluator.report.viewmodel.admission import answer

    standing = evaluate(read_study(run_folder), only="allocation")
    try:
        found = admitted(standing, packages)
    except InfeasibleError as error:
        raise UsageError(infeasible(error, standing.study)) from None
    names = study_names(standing.study)
    if as_json:
        print_json({"ok": True, **bills_of([standing.study]), **as_data(found, names)})
    else:
        tell_bills([standing.study])
        say(as_text(found, names))
    write_page(html, lambda: answer(found, names), [standing.study], as_json)


_DAY = click.DateTime(["%Y-%m-%d"])
_DAYS = click.IntRange(0, 36_500)


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option(
    "--as-of", type=_DAY, metavar="DATE", help="The day; the scenario's own if not given."
)
@click.option(
    "--against",
    type=_DAY,
    metavar="DATE",
    help="The day that it is set against; the scenario's own if --as-of is given.",
)
@click.option("--horizon", type=_DAYS, default=400, show_default=True, help="Days ahead.")
@click.option("--look-back", type=_DAYS, default=400, show_default=True, help="Days back.")
@html_option
@click.option("--tables", type=click.Path(path_type=Path), help="Write the tables to this folder.")
@change_options
@allow_option
@click.option("--quiet", is_flag=True, help="No progress.")
@json_option
@guarded
def law(
    scenario: Path,
    as_of: dt.datetime | None,
    against: dt.datetime | None,
    horizon: int,
    look_back: int,
    html: Path | None,
    tables: Path | None,
    changes: Sequence[Any],
    allowed: Sequence[str],
    quiet: bool,
    as_json: bool,
) -> None:
    """Tell the law by date: what lapses or begins, what changed, and what money goes with it."""
    from evaluator.loading import load_study
    from evaluator.questions.dated.law import law as by_date
    from evaluator.record import csv_files
    from evaluator.record.inputs import spare_inputs
    from evaluator.report.html.law import law_page
    from evaluator.report.terminal.law import as_data, as_text

    progress = progress_to(quiet)
    study = load_study(scenario, changes, bounds(allowed))
    other = against.date() if against else None
    if as_of is not None:
        other = other or (study.as_of if study.as_of != as_of.date() else None)
        study = load_study(scenario, [*changes, _day_asked(as_of)], bounds(allowed))
    spare_inputs([html] if html is not None else [], [study])
    found = by_date(study, other, horizon=horizon, look_back=look_back, progress=progress)
    if tables is not None:
        named = {tables / name: data for name, data in csv_files(found.tables, study).items()}
        spare_inputs(named, [study])
        write_files(named, tables, tables)
    if html is not None:
        write_files({html: law_page(found)}, html)
    if as_json:
        print_json({"ok": True, **as_data(found)})
    else:
        say(as_text(found))
    if html is not None:
        say_where(f"Page    {html}", as_json)
    if tables is not None:
        say_where(f"Tables  {tables}", as_json)


def _day_asked(day: dt.datetime) -> Any:
    """Return the day as a change, recorded like any other."""
    from evaluator.loading import Override

    return Override("as_of", day.date().isoformat(), "Asked for on the command line.", "--as-of")


def _number(_: click.Context, option: click.Parameter, value: float | None) -> float | None:
    """Refuse nan, which click's ranges let through."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is not a number.", param=option)
    return value


@click.command()
@run_argument
@click.option(
    "--orders",
    type=click.IntRange(1, 100_000),
    default=100,
    show_default=True,
    help="Random orders of arrival.",
)
@click.option(
    "--chance",
    type=click.FloatRange(0, 1, min_open=True),
    default=1.0,
    show_default=True,
    callback=_number,
    help="That a package arrives at all.",
)
@click.option(
    "--seed", type=click.IntRange(0), help="Seed of the orders; the run's own if not given."
)
@click.option(
    "--commit-at",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    callback=_number,
    help="Also try reserves, with commitments made once, at this share of the review.",
)
@html_option
@click.option("--quiet", is_flag=True, help="No progress.")
@json_option
@guarded
def arrivals(
    run_folder: Path,
    orders: int,
    chance: float,
    seed: int | None,
    commit_at: float | None,
    html: Path | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Compare policies of committing money as packages arrive, by simulation."""
    from evaluator.pipeline import evaluate
    from evaluator.questions.rolling_review.arrivals import arrivals as simulated
    from evaluator.record import read_study
    from evaluator.report.formatting.names import study_names
    from evaluator.report.terminal.arrivals import as_data, as_text
    from evaluator.report.viewmodel.arrivals import answer

    progress = progress_to(quiet)
    progress("evaluating")
    scored = evaluate(read_study(run_folder), only="scores")
    found = simulated(scored, orders, chance, seed, commit_at, progress)
    names = study_names(scored.study)
    if as_json:
        print_json({"ok": True, **bills_of([scored.study]), **as_data(found, names)})
    else:
        tell_bills([scored.study])
        say(as_text(found, names))
    write_page(html, lambda: answer(found, names), [scored.study], as_json)


@click.command()
@run_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace files that are there.")
@json_option
@guarded
def export(run_folder: Path, file: Path, force: bool, as_json: bool) -> None:
    """Write the program that a run solved, as FILE.lp or FILE.mps, for another solver.

    Numbers are in full; beside it, FILE.names.csv says what each column and row stands for. Files
    that are there are replaced with --force alone.
    """
    from evaluator.record.runs.program import export_run

    found = export_run(run_folder, file, force=force)
    program = found.program
    counts = {
        "columns": len(program.columns),
        "whole": found.whole,
        "rows": found.rows,
        "unit_usd": program.unit,
    }
    if as_json:
        told = {"file": str(found.file), "names": str(found.names), **counts}
        solved = {"status": found.status, "objective": found.objective, "gap": found.gap}
        print_json({"ok": True, **told, **solved})
    found_so = f"The run found no allocation: {found.status.replace('_', ' ')}."
    if found.objective is not None and found.gap is not None:
        least = f"Least cost is minus the run's objective of {found.objective:.6f}, within the gap"
        found_so = f"{least} of {found.gap:.2g}, ties and whole amounts."
    if not as_json:
        say(
            f"{counts['columns']:,} columns ({found.whole:,} of whole numbers), {found.rows:,} "
            f"rows, amounts in units of {program.unit:,}.\n{found_so}"
        )
    say_where(f"Program {found.file}\nNames   {found.names}", as_json)


def write_page(
    html: Path | None, answer: Callable[[], Any], studies: Sequence[Any], as_json: bool
) -> None:
    """Write the page of an answer about studies, where one is asked for."""
    if html is None:
        return
    from evaluator.record.inputs import spare_inputs
    from evaluator.report.html.question import question_page

    spare_inputs([html], studies)
    write_files({html: question_page(answer(), studies)}, html)
    say_where(f"Page    {html}", as_json)


def bills_of(studies: Sequence[Any]) -> dict[str, list[str]]:
    """Return the bills that studies suppose to be law, for JSON."""
    bills = [one.bill for study in studies for one in study.scenario.if_enacted]
    return {"if_enacted": list(dict.fromkeys(bills))}


def tell_bills(studies: Sequence[Any]) -> None:
    """Print that studies suppose bills to be law, if they do."""
    from evaluator.report.formatting.phrases import supposed

    if told := supposed(bills_of(studies)["if_enacted"]):
        say(f"{told}.")
