"""What every command needs: how it prints, fails, and tells its progress."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, TypeVar, cast

import click
from click.shell_completion import CompletionItem

from evaluator.errors import EvaluatorError, InvalidInputError, UsageError, gathered
from evaluator.results.format import FORMAT
from evaluator.sanitize import fitted, visible
from evaluator.streams import reached

F = TypeVar("F", bound=Callable[..., Any])
_ENDS = {"infeasible": 3, "no_solution": 1}
"""Exit codes by status of the allocation; of all others 0."""
_NOT_FOUND = (
    "The solver was stopped before it found any allocation: raise allocation.time_limit_s. What is "
    "written says so."
)
_SHOWN = 100
"""Faults that a terminal shows."""


def say(text: str, *, err: bool = False) -> None:
    """Print text for people, broken between words where the terminal is narrow; see `_put`."""
    _put(fitted(text, shutil.get_terminal_size((0, 0)).columns), err=err)


def _put(text: str, *, err: bool = False) -> None:
    """Print text that may hold data: nothing that drives the terminal or that it cannot encode."""
    encoding = getattr(sys.stderr if err else sys.stdout, "encoding", None) or "utf-8"
    click.echo(visible(text).encode(encoding, "replace").decode(encoding), err=err)


def print_json(data: dict[str, Any]) -> None:
    """Print data with the number of their format."""
    _put(json.dumps({"format": FORMAT, **data}, indent=1, default=str))


def write_files(files: Mapping[Path, bytes], named: Path, folder: Path | None = None) -> None:
    """Write files of one folder; UsageError that names what was asked for where one cannot be.

    folder: is made if it is not there.
    """
    from evaluator.disk.whole import write_whole

    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        write_whole(files)
    except OSError as error:
        raise UsageError(f"{named} cannot be written: {error.strerror}.") from None


def say_where(text: str, as_json: bool) -> None:
    """Tell where something was written, on standard error where standard output is lost.

    With `--json` the data tell it, unless they are lost.
    """
    if not as_json:
        say(text)
    if not reached():
        say(text, err=True)


def end(status: str) -> None:
    """End with the exit code of an allocation that was not found; return where one was."""
    if status == "no_solution":
        say(_NOT_FOUND, err=True)
    if status in _ENDS:
        sys.exit(_ENDS[status])


def fail(error: EvaluatorError, as_json: bool) -> NoReturn:
    """Tell an error, all faults of an input at once, and end with its exit code."""
    if as_json:
        problems = error.problems if isinstance(error, InvalidInputError) else ()
        told = [{"where": p.where, "fact": p.fact, "remedy": p.remedy} for p in problems]
        print_json({"ok": False, "error": str(error), "problems": told})
    elif isinstance(error, InvalidInputError):
        count = len(error.problems)
        faults = "1 fault" if count == 1 else f"{count:,} faults"
        say(f"The input is invalid: {faults}. Nothing was written.", err=True)
        found = gathered(error.problems)
        say("\n".join(f"- {problem}" for problem in found[:_SHOWN]), err=True)
        if len(found) > _SHOWN:
            say(f"and {len(found) - _SHOWN:,} more; --json tells all.", err=True)
    else:
        say(f"Error: {error}", err=True)
    sys.exit(error.exit_code)


def guarded(command: F) -> F:
    """Turn every error into a message and an exit code; no traceback reaches the user."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        as_json = bool(kwargs.get("as_json"))
        try:
            return command(*args, **kwargs)
        except EvaluatorError as error:
            fail(error, as_json)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except OSError as error:
            if os.environ.get("EVALUATOR_DEBUG"):
                raise
            where = f"{error.filename}: " if error.filename else ""
            fail(EvaluatorError(f"{where}{error.strerror or error}."), as_json)
        except Exception as error:
            if os.environ.get("EVALUATOR_DEBUG"):
                raise
            say(
                f"Internal error ({type(error).__name__}: {error}). This is a fault of the "
                "program: please report it, with EVALUATOR_DEBUG=1 set.",
                err=True,
            )
            sys.exit(1)

    return run  # type: ignore[return-value]


class _RunFolder(click.Path):
    """A run by its folder, by how its name begins, or the newest one as `latest`."""

    name = "run"

    def convert(self, value: Any, param: Any, context: Any) -> Any:
        from evaluator.record.runs.listing import find_run

        named = Path(os.fsdecode(super().convert(value, param, context)))
        try:
            return find_run(named)
        except UsageError as error:
            self.fail(str(error), param, context)

    def shell_complete(
        self, context: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the runs that the shell may mean, before the files that it knows itself."""
        from evaluator.record.runs.listing import LATEST, RUNS, candidates

        if os.sep in incomplete:
            return super().shell_complete(context, param, incomplete)
        names = [LATEST, *(path.name for path in candidates(RUNS))]
        begun = [CompletionItem(name) for name in names if name.startswith(incomplete)]
        return begun + super().shell_complete(context, param, incomplete)


run_argument = click.argument("run_folder", metavar="RUN", type=_RunFolder(path_type=Path))
since_option = click.option(
    "--since",
    metavar="RUN",
    type=_RunFolder(path_type=Path),
    help="Tell what changed since this run; else since the scenario that is extended.",
)
items_argument = click.argument(
    "items", metavar="A B [C...]", nargs=-1, type=_RunFolder(path_type=Path)
)

html_option = click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page here."
)

scheduler_option = click.option(
    "--scheduler", metavar="ADDRESS", help="Of a Dask cluster that runs, such as tcp://host:8786."
)

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON with the number of its format."
)


allow_option = click.option(
    "--allow",
    "allowed",
    multiple=True,
    metavar="BOUND=NUMBER",
    help="Read more than is usual, such as rows=500000: rows, columns or cells of a table, bytes, "
    "yaml_bytes or unpacked_bytes of a file, files of a folder.",
)


_CHANGE = (
    click.option(
        "--set",
        "sets",
        multiple=True,
        metavar="KEY=VALUE",
        help="Change one key, or one fact: packages.P1.COLUMN, ratings.P1.CRITERION.EVALUATOR, "
        "measures.P1.CRITERION, requests.P1.TOOL.",
    ),
    click.option(
        "--because",
        "reasons",
        multiple=True,
        metavar="TEXT",
        help="Why it is changed: one for all, or one for each --set; so --by, --date, --rebalance.",
    ),
    click.option("--by", "names", multiple=True, metavar="TEXT", help="Who changes it."),
    click.option("--date", "days", multiple=True, metavar="DATE", help="When, such as 2026-07-15."),
    click.option(
        "--rebalance",
        "balances",
        multiple=True,
        type=click.Choice(["proportional", "none"]),
        help="Scale the shares or weights beside it, so that the sum stays.",
    ),
)


def overrides(sets: Sequence[str], stated: Mapping[str, Sequence[str]]) -> list[Any]:
    """Return `--set` options as changes, each with its reason, and with who, when and how."""
    from evaluator.loading import Override

    each = {key: _for_each(key, texts, len(sets)) for key, texts in stated.items()}
    found = []
    for place, text in enumerate(sets):
        key, equals, value = text.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise UsageError(
                f"--set '{text}' is not KEY=VALUE, such as designation.min_overall=60."
            )
        said = {name: texts[place].strip() for name, texts in each.items() if texts}
        if empty := [name for name, told in said.items() if not told]:
            raise UsageError(f"--{empty[0]} is empty. {_EMPTY[empty[0]]}")
        if said.get("rebalance") == "none":
            del said["rebalance"]
        found.append(Override(key.strip(), value.strip(), **said))
    return found


_EMPTY = {
    "because": "Say why the key is changed.",
    "by": "Say who changes it.",
    "date": "Say when it is changed.",
}


def _for_each(key: str, texts: Sequence[str], sets: int) -> list[str]:
    """Return what an option says of each `--set`: one for all of them, or one for each."""
    if texts and not sets:
        raise UsageError(f"--{key} is said of a change, but no --set says what is changed.")
    needed = sets > 0 and key == "because"
    if len(texts) not in ((1, sets) if needed else (0, 1, sets)):
        raise UsageError(
            f"{sets} --set and {len(texts)} --{key}: give one for all changes, or one for each."
        )
    return list(texts) * sets if len(texts) == 1 else list(texts)


def change_options(command: F) -> F:
    """Give a command `--set` and what is said of it; it gets `changes`, as overrides of a study."""

    @wraps(command)
    def run(
        sets: Sequence[str],
        reasons: Sequence[str],
        names: Sequence[str],
        days: Sequence[str],
        balances: Sequence[str],
        **others: Any,
    ) -> Any:
        stated = {"because": reasons, "by": names, "date": days, "rebalance": balances}
        return command(changes=overrides(sets, stated), **others)

    guarded_run: Any = guarded(run)
    for option in reversed(_CHANGE):
        guarded_run = option(guarded_run)
    return cast("F", guarded_run)


def bounds(allowed: Sequence[str]) -> Any:
    """Return how much is read at most, from `--allow` options."""
    from evaluator.loading import Bounds

    return Bounds().allowing(allowed)


def progress_to(quiet: bool) -> Callable[[str], None]:
    """Return what tells the name of each step on standard error, or nothing if quiet."""

    def tell(step: str) -> None:
        if not quiet:
            say(f"... {step}", err=True)

    return tell
