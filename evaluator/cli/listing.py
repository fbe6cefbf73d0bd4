"""The command that lists the runs of a folder, and removes those that newer ones replaced."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evaluator.cli.common import guarded, json_option, print_json, say
from evaluator.cli.recording import record_option
from evaluator.errors import EvaluatorError, UsageError

if TYPE_CHECKING:
    from evaluator.record.runs.listing import Listing


@click.command()
@click.argument("folder", metavar="[DIR]", default="runs", type=click.Path(path_type=Path))
@click.option("--clean", is_flag=True, help="List the runs that a newer one took the place of.")
@click.option(
    "--keep",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="With --clean: so many of each scenario stay.",
)
@click.option("--yes", is_flag=True, help="With --clean: remove what it lists.")
@record_option
@json_option
@guarded
def runs(folder: Path, clean: bool, keep: int, yes: bool, place: str, as_json: bool) -> None:
    """List the runs of a folder and those on record, the newest first, and what changed.

    Wherever a run is named, 'latest' and the beginning of a run's name do as well. --clean never
    takes the last run of a scenario, one with a name of its own, one that was altered, or one whose
    folder holds files of others.
    """
    from evaluator.record.runs.listing import as_data, runs_in
    from evaluator.report.terminal.listing import as_text

    if yes and not clean:
        raise UsageError("--yes says to remove what --clean lists, which is not asked for.")
    listing = runs_in(folder)
    for why in listing.unreadable.values():
        say(f"Not listed: {why}", err=True)
    if clean:
        _clean(listing, keep, yes, as_json)
        return
    told, more = _with_record([as_data(one) for one in listing.runs], folder, place)
    if as_json:
        print_json({"ok": True, "runs": told})
    elif told:
        say(as_text(told))
        if more:
            say(f"and {more:,} more on record alone: 'evaluator record list' lists them")
    else:
        say(f"{folder} holds no run. 'evaluator run SCENARIO' makes one.")


def _with_record(
    told: list[dict[str, Any]], folder: Path, place: str
) -> tuple[list[dict[str, Any]], int]:
    """Return the runs of a folder with those on record, and how many of these are left out.

    The record is the one that is named, or the one beside the folder, if there is one. What is
    wrong with it costs itself alone, where nobody named it.
    """
    from evaluator.cli.recording import opened

    beside = folder.resolve().parent / "record.db"
    if not (place or beside.is_file()):
        return told, 0
    try:
        with closing(opened(place or str(beside))) as ledger:
            from evaluator.record.history.both import with_record

            return with_record(told, ledger)
    except EvaluatorError as error:
        if place:
            raise
        say(f"The record is not looked into: {error}", err=True)
        return told, 0


def _clean(listing: Listing, keep: int, yes: bool, as_json: bool) -> None:
    """List what may go, and remove it if that is said."""
    from evaluator.record.runs.listing import superseded
    from evaluator.record.runs.placing import remove

    found = superseded(listing, keep)
    stay = {
        "named": ("somebody gave it a name", found.named),
        "shared": ("files that are not of the run are in it", found.shared),
        "altered": ("it is not as it was written", found.altered),
    }
    go = [one.folder for one in found.go if not yes or remove(one.folder, one.manifest["files"])]
    if as_json:
        kept = {key: [str(one.folder) for one in runs] for key, (_, runs) in stay.items()}
        print_json({"ok": True, "removed" if yes else "may_go": [str(path) for path in go], **kept})
        return
    word = "Removed " if yes else "May go  "
    say("\n".join(f"{word} {path}" for path in go) or "No run may go.")
    for why, runs in stay.values():
        for one in runs:
            say(f"Stays    {one.folder}: {why}")
    if go and not yes:
        say("Nothing was removed. --yes removes them.")
