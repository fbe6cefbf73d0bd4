"""How a command opens a record, and how a run is entered in one."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from evaluator.cli.common import say
from evaluator.errors import EvaluatorError, UsageError
from evaluator.sanitize import shortened

if TYPE_CHECKING:
    from evaluator.record.ledger import Ledger
    from evaluator.record.reproduce import Kept

F = TypeVar("F", bound=Callable[..., Any])
OF_STUDY = "study:"
"""What `--record` means where no place follows it."""
PLACE = "EVALUATOR_RECORD"
"""The variable that says where the record is."""
record_option = click.option(
    "--record",
    "place",
    metavar="PLACE",
    envvar=PLACE,
    show_envvar=True,
    default="",
    help="A file, a folder that has record.db, or postgresql://user@host/database; record.db here "
    "if not given.",
)


def _who(option: str) -> Callable[[F], F]:
    return click.option(
        option,
        "by",
        metavar="NAME",
        envvar="EVALUATOR_BY",
        show_envvar=True,
        default="",
        help="Who the record says does it; the user of the system if not given.",
    )


by_option = _who("--by")


def _no_scenario(_: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Refuse a scenario that stands where the place of a record is looked for."""
    if value is not None and Path(value).suffix in (".yaml", ".yml"):
        fact = f"'{shortened(value)}' is a scenario, and follows --record as if it were its place."
        raise click.BadParameter(f"{fact} Put --record behind it.", param=option)
    return value


def run_options(command: F) -> F:
    """Give a command the options with which its run is entered."""
    options = (
        click.option(
            "--record",
            "record",
            metavar="[PLACE]",
            envvar=PLACE,
            show_envvar=True,
            is_flag=False,
            flag_value=OF_STUDY,
            callback=_no_scenario,
            help="Enter the run in the record: record.db of the study's folder, or a file or a "
            "postgresql:// URL that follows. SCENARIO stands before it.",
        ),
        click.option("--note", metavar="TEXT", default="", help="What the record says of it."),
        _who("--entered-by"),
    )
    for option in reversed(options):
        command = option(command)
    return command


def opened(place: str) -> Ledger:
    """Return the record that is meant; RecordError where there is none."""
    from evaluator.record.ledger import open_ledger
    from evaluator.record.ledger.database import place_of

    return open_ledger(place_of(place))


def kept_run(named: str, place: str) -> Kept:
    """Return a run that is to be evaluated again, from its folder or from the record.

    place: a record, which alone is looked in; empty for the folder, if there is one.
    """
    from evaluator.record.reproduce import kept_as, kept_in
    from evaluator.record.runs.listing import find_run

    folder = find_run(Path(named))
    told = place or os.environ.get(PLACE, "")
    if not place and (folder.is_dir() or not near_record(told)):
        return kept_in(folder)
    from evaluator.record.history.runs import find_run as on_record
    from evaluator.record.history.shown import files_on_record

    with closing(opened(told)) as ledger:
        with ledger.reading() as connection:
            run = on_record(connection, named)
        return kept_as(run.content["run"], files_on_record(ledger, run))


def near_record(told: str) -> bool:
    """Return whether a record is meant: by what was told, or since there is one here."""
    return bool(told or Path("record.db").is_file())


def opened_for(scenario: Path, record: str | None, note: str) -> Ledger | None:
    """Return the record in which a run of a scenario is to be entered, or None.

    It is opened, or made, before anything is computed. Raises UsageError for a note without one.
    """
    if not record:
        if note:
            raise UsageError("--note says something of the record, but no --record is given.")
        return None
    from evaluator.record.ledger import open_ledger
    from evaluator.record.ledger.database import place_of

    if not scenario.is_file():  # told by who loads it
        return None
    beside = scenario.resolve().parent.parent
    near = Path(os.path.relpath(beside))
    beside = beside if ".." in near.parts else near
    place = place_of("" if record == OF_STUDY else record, beside)
    return open_ledger(place, make=True)


def entered(ledger: Ledger | None, folder: Path, by: str, note: str) -> dict[str, Any]:
    """Enter a run, and return what is told of that; nothing without a record.

    Raises RecordError where it cannot be entered: the run itself is there.
    """
    if ledger is None:
        return {}
    from evaluator.record.ledger import enter_run

    try:
        entries = enter_run(ledger, folder, by=by, note=note)
    except EvaluatorError as error:
        say(f"Run     {folder}\nThe run is written, and is not on record.", err=True)
        raise error from None
    finally:
        ledger.close()
    run = next(entry for entry in entries if entry.kind == "run")
    changes = sum(entry.kind == "change" for entry in entries)
    told = {"place": ledger.place, "number": run.number, "hash": run.hash, "changes": changes}
    return {"record": told}


def entered_text(told: dict[str, Any]) -> str:
    """Return a line on a run that was entered; nothing where none was."""
    if not told:
        return ""
    one = told["record"]
    return f"\nRecord  {one['place']}, entry {one['number']:,}"
