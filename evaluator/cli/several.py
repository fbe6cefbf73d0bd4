"""Commands that set several scenarios or runs side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import click

from evaluator.cli.common import (
    allow_option,
    bounds,
    end,
    guarded,
    html_option,
    items_argument,
    json_option,
    print_json,
    progress_to,
    say,
    say_where,
    write_files,
)
from evaluator.cli.questions import bills_of, tell_bills, write_page
from evaluator.errors import EvaluatorError, InvalidStudyError, Problem, UsageError


@click.command()
@items_argument
@html_option
@allow_option
@click.option("--quiet", is_flag=True, help="No progress.")
@json_option
@guarded
def compare(
    items: Sequence[Path], html: Path | None, allowed: Sequence[str], quiet: bool, as_json: bool
) -> None:
    """Compare scenarios or runs with the first: who moves, enters, leaves, and which key did it."""
    if len(items) < 2:
        raise UsageError("compare needs two or more scenarios or runs.")
    progress = progress_to(quiet)
    studies = _studies_of(items, bounds(allowed))

    from evaluator.questions.versions.comparison import compare as compared
    from evaluator.record.inputs import spare_inputs
    from evaluator.report.html.comparison import comparison_page
    from evaluator.report.terminal.comparison import as_data, as_text

    spare_inputs([html] if html is not None else [], studies)
    evaluations = _evaluated(items, studies, progress)
    comparisons = compared(evaluations, progress, runs=runs_of(items))
    if html is not None:
        write_files({html: comparison_page(comparisons, pages_of(items, html))}, html)
    if as_json:
        print_json({"ok": True, "comparisons": as_data(comparisons)})
    else:
        say(as_text(comparisons))
    if html is not None:
        say_where(f"Page    {html}", as_json)


@click.command()
@items_argument
@click.option(
    "--designated",
    type=click.Choice(["first", "all"]),
    default="first",
    show_default=True,
    help="Whose designation stands: of the first scenario, or what all designate.",
)
@html_option
@allow_option
@click.option("--quiet", is_flag=True, help="No progress.")
@json_option
@guarded
def regret(
    items: Sequence[Path],
    designated: Literal["first", "all"],
    html: Path | None,
    allowed: Sequence[str],
    quiet: bool,
    as_json: bool,
) -> None:
    """Find the portfolio that loses least in the worst of several scenarios or runs."""
    if len(items) < 2:
        raise UsageError("regret needs two or more scenarios or runs.")
    progress = progress_to(quiet)
    studies = _studies_of(items, bounds(allowed))

    from evaluator.questions.versions.regret import regret as least
    from evaluator.report.formatting.names import study_names
    from evaluator.report.terminal.regret import as_data, as_text
    from evaluator.report.viewmodel.versions.regret import answer

    evaluations = _evaluated(items, studies, progress)
    found = least(evaluations, designated, progress, runs=runs_of(items))
    names = study_names(studies[0])
    if as_json:
        print_json({"ok": True, **bills_of(studies), **as_data(found, names)})
    else:
        tell_bills(studies)
        say(as_text(found, names))
    write_page(html, lambda: answer(found, names), studies, as_json)
    end(found.least.status)


def runs_of(items: Sequence[Path]) -> list[str]:
    """Return what the run of each item is called; nothing of a scenario's file."""
    return [item.resolve().name if os.path.isdir(item) else "" for item in items]  # noqa: PTH112


def pages_of(items: Sequence[Path], html: Path) -> list[str]:
    """Return where the page of each run is, as a page beside it links to it; nothing where none is.

    >>> pages_of([Path("none.yaml")], Path("compare.html"))
    ['']
    """
    pages = [item / "report.html" if os.path.isdir(item) else None for item in items]  # noqa: PTH112
    return [
        quote(os.path.relpath(page.resolve(), html.resolve().parent))
        if page is not None and page.is_file()
        else ""
        for page in pages
    ]


def _evaluated(
    items: Sequence[Path], studies: Sequence[Any], progress: Callable[[str], None]
) -> list[Any]:
    """Return the studies scored and allocated."""
    from evaluator.pipeline import evaluate

    found = []
    for item, study in zip(items, studies, strict=True):
        progress(f"evaluating {item}")
        found.append(evaluate(study, only="allocation"))
    return found


def _studies_of(items: Sequence[Path], most: Any) -> list[Any]:
    """Return the studies of scenario files and run folders; the faults of all are told at once."""
    studies: list[Any] = []
    problems: list[Problem] = []
    errors: list[EvaluatorError] = []
    for item in items:
        try:
            studies.append(_study_of(item, most))
        except InvalidStudyError as error:
            errors.append(error)
            problems += error.problems
        except EvaluatorError as error:
            errors.append(error)
            problems.append(Problem(str(item), str(error).removeprefix(f"{item} ")))
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise InvalidStudyError(dict.fromkeys(problems))
    return studies


def _study_of(item: Path, most: Any) -> Any:
    """Return the study of a scenario file, or of a run's folder."""
    if os.path.isdir(item):  # noqa: PTH112  Path.is_dir raises for a name that is too long
        from evaluator.record import read_study

        return read_study(item)
    from evaluator.loading import load_study

    return load_study(item, bounds=most)
