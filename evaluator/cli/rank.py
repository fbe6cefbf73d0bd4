"""The command that ranks a table."""

from __future__ import annotations

import datetime as dt
import math
import tempfile
from collections.abc import Sequence
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evaluator.cli.common import (
    allow_option,
    bounds,
    guarded,
    json_option,
    print_json,
    say,
    write_files,
)
from evaluator.errors import InvalidStudyError, Problem, UsageError

if TYPE_CHECKING:
    from evaluator.importing.material import Imported
    from evaluator.loading import Bounds
    from evaluator.loading.matrix import Matrix


@click.command()
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--weights", metavar="NAME=NUMBER,...", help="Or 'equal'; else those of the table.")
@click.option(
    "--directions",
    metavar="NAME=higher|lower,...",
    help="Or one of them for all; else those of the table.",
)
@click.option("--method", default="weighted_sum", show_default=True, help="Of aggregation.")
@click.option(
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Of the method, such as normalization=vector or p=2.",
)
@click.option("--sheet", help="Of a workbook.")
@click.option(
    "--delimiter",
    type=click.Choice(["comma", "semicolon", "tab", "bar"]),
    help="Of a text table; as its rows show it if not stated.",
)
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a page: the ranking, how sure it is, what other weights make of it.",
)
@click.option(
    "--save",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write the table as a study to grow, in a new folder.",
)
@allow_option
@json_option
@guarded
def rank(
    table: Path,
    weights: str | None,
    directions: str | None,
    method: str,
    parameters: Sequence[str],
    sheet: str | None,
    delimiter: str | None,
    page: Path | None,
    folder: Path | None,
    allowed: Sequence[str],
    as_json: bool,
) -> None:
    """Rank the rows of a decision matrix: a text table, a workbook or Parquet, without a study.

    The first column names the alternatives, the head the criteria. Rows named 'weights' and
    'directions' may stand right below the head. A decision problem in XMCDA is ranked as well: a
    file, or a folder of files.
    """
    from evaluator.decision.rank import DIRECTIONS
    from evaluator.decision.rank import rank as ranked_by
    from evaluator.importing.matrix_study import as_study
    from evaluator.report.terminal.rank import as_data, as_text

    read = _read(table, sheet, delimiter, bounds(allowed))
    names = [str(name) for name in read.frame.columns]
    counted = _weights(weights) if weights is not None else read.weights
    better = _pairs(directions, "--directions") if directions is not None else read.directions
    lacking = [
        Problem(str(table), f"{what} are not stated.", f"Add a row '{what}', or --{what} {example}")
        for what, given, example in (
            ("weights", counted, "equal."),
            ("directions", better, f"'{names[0]}=lower,...', or --directions higher."),
        )
        if given is None
    ]
    if lacking or counted is None or better is None:
        raise InvalidStudyError(lacking)
    stated = _stated(parameters)
    try:
        found = ranked_by(read.frame, weights=counted, directions=better, method=method, **stated)
    except (ValueError, TypeError) as error:
        raise UsageError(f"{method}: {error}") from None
    each = dict.fromkeys(names, 1.0) if isinstance(counted, str) else counted
    every = dict.fromkeys(names, better) if isinstance(better, str) else better
    signs = {name: DIRECTIONS[every[name]] for name in names}
    written: dict[str, Path] = {}
    if page is not None or folder is not None:
        study = as_study(read.frame, each, signs, method, stated, table.stem, dt.date.today())
        written = _written(study, page, folder, table)
    if as_json:
        told = {what: str(path) for what, path in written.items()}
        print_json({"ok": True, **as_data(found), **told})
        return
    total = math.fsum(each.values())
    lower = {name: sign < 0 for name, sign in signs.items()}
    say(as_text(found, {name: each[name] / total for name in names}, lower))
    for what, path in written.items():
        say(f"{what.capitalize():<7} {path}")


def _read(table: Path, sheet: str | None, delimiter: str | None, limits: Bounds) -> Matrix:
    """Return the matrix of a table, or of a decision problem in XMCDA."""
    from evaluator.importing.matrix_files import read_table
    from evaluator.importing.readers import source
    from evaluator.importing.xmcda import is_xmcda, matrix

    if sheet is None and (table.is_dir() or table.suffix.lower() in (".xml", ".xmcda")):
        file = source(table, limits)
        if is_xmcda(file):
            return matrix(file)
    return read_table(table, sheet, delimiter, limits)


def _written(
    imported: Imported, page: Path | None, folder: Path | None, table: Path
) -> dict[str, Path]:
    """Write a study, a page of its evaluation, or both; return where they are."""
    from evaluator.importing.writing import write_study
    from evaluator.loading import load_study
    from evaluator.pipeline import evaluate
    from evaluator.report.html.page import page as page_of

    if page is not None and page.is_file() and page.samefile(table):
        raise UsageError(f"{page} is the table that is ranked. Name another file.")
    written: dict[str, Path] = {}
    with tempfile.TemporaryDirectory() as temporary:
        scenario = write_study(imported, folder or Path(temporary) / "study")
        if folder is not None:
            written["study"] = scenario
        if page is not None:
            evaluation = evaluate(load_study(scenario))
            # its tables have their pictures; to draw figures as well takes a third of the time
            write_files({page: page_of(evaluation, ())}, page)
            written["page"] = page
    return written


def _weights(text: str) -> Any:
    """Return `equal`, or the numbers by name."""
    stated = _pairs(text, "--weights")
    if isinstance(stated, str):
        return stated
    found = {}
    for name, value in stated.items():
        try:
            found[name] = float(value)
        except ValueError:
            raise UsageError(f"--weights: '{value}' of '{name}' is no number.") from None
    return found


def _pairs(text: str, option: str) -> Any:
    """Return values by name, or the one word that holds for all."""
    if "=" not in text:
        return text.strip()
    found: dict[str, str] = {}
    for part in text.split(","):
        name, equals, value = part.rpartition("=")
        if not equals or not name.strip():
            raise UsageError(f"{option}: '{part}' is not NAME=VALUE.")
        if name.strip() in found:
            raise UsageError(f"{option}: '{name.strip()}' is stated twice.")
        found[name.strip()] = value.strip()
    return found


def _stated(parameters: Sequence[str]) -> dict[str, Any]:
    """Return the parameters of a method; their values are YAML."""
    from evaluator.decision.rank import rank as ranked_by
    from evaluator.loading.documents.located import parse_yaml

    found = {}
    for text in parameters:
        name, equals, value = text.partition("=")
        if not equals or not name.strip().isidentifier():
            raise UsageError(f"--parameter '{text}' is not NAME=VALUE, such as p=2.")
        if name.strip() in signature(ranked_by).parameters or name.strip() in found:
            raise UsageError(f"--parameter '{text}': '{name.strip()}' is stated elsewhere, once.")
        found[name.strip()] = parse_yaml(value, f"--parameter {name.strip()}").plain()
    return found
