"""Commands by which people speak on a run on record: freeze, comment, concur, determine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, TypeVar

import click

from evaluator.cli.common import guarded, json_option, print_json, say
from evaluator.cli.recording import by_option, opened, record_option

if TYPE_CHECKING:
    from evaluator.record.ledger import Entry, Ledger

F = TypeVar("F", bound=Callable[..., Any])
_OPTIONS = (
    record_option,
    by_option,
    click.option(
        "--id",
        "id_",
        metavar="TEXT",
        default="",
        help="An id of your own: the same again gets the first answer.",
    ),
    json_option,
)
_decider = click.option(
    "--agency", metavar="ID", default="", help="Which decides, where several do."
)
_text = click.option(
    "--text", required=True, metavar="TEXT", help="In words, which stay on record."
)


def _act(command: F) -> F:
    """Give a command what every act on a run takes."""
    command = guarded(command)
    for option in (*reversed(_OPTIONS), click.argument("named", metavar="RUN")):
        command = option(command)
    return command


@click.command()
@click.option("--note", metavar="TEXT", default="", help="What it is frozen for.")
@_act
def freeze(named: str, place: str, note: str, by: str, id_: str, as_json: bool) -> None:
    """Freeze RUN: it is the one that is put to the agencies, and that they speak on."""
    from evaluator.record.proceedings import freeze as act

    _entered(place, as_json, lambda ledger: act(ledger, named, note=note, by=by, id_=id_))


@click.command()
@_text
@click.option("--on", metavar="ID", default="", help="A package, agency, criterion or tool.")
@_act
def comment(named: str, place: str, text: str, on: str, by: str, id_: str, as_json: bool) -> None:
    """Put a comment on record: on RUN, or on something in it."""
    from evaluator.record.proceedings import comment as act

    _entered(place, as_json, lambda ledger: act(ledger, named, text, on=on, by=by, id_=id_))


@click.command()
@click.option("--agency", required=True, metavar="ID", help="The consulted agency that speaks.")
@click.option(
    "--position",
    required=True,
    type=click.Choice(["concurs", "concerns", "objects"]),
    help="It concurs, has concerns, or objects.",
)
@_text
@_act
def concur(
    named: str,
    place: str,
    agency: str,
    position: Any,
    text: str,
    by: str,
    id_: str,
    as_json: bool,
) -> None:
    """Put the position of a consulted agency on a frozen RUN on record.

    A later one of the same agency supersedes it; both stay on record.
    """
    from evaluator.record.proceedings import concur as act

    _entered(
        place,
        as_json,
        lambda ledger: act(ledger, named, agency, position, text, by=by, id_=id_),
    )


@click.command()
@_text
@_decider
@_act
def determine(
    named: str, place: str, text: str, agency: str, by: str, id_: str, as_json: bool
) -> None:
    """Designate the priority packages of a frozen RUN, as the agency that decides.

    It tells which consulted agencies have not spoken; they do not hold it up.
    """
    from evaluator.record.proceedings import determine as act

    _entered(
        place,
        as_json,
        lambda ledger: act(ledger, named, text, agency=agency, by=by, id_=id_),
    )


@click.command("de-designate")
@click.option("--because", required=True, metavar="TEXT", help="The reason, which stays on record.")
@click.option("--text", default="", metavar="TEXT", help="What else is said of it.")
@_decider
@_act
@click.argument("packages", metavar="PACKAGE...", nargs=-1, required=True)
def de_designate(
    named: str,
    place: str,
    packages: Sequence[str],
    because: str,
    text: str,
    agency: str,
    by: str,
    id_: str,
    as_json: bool,
) -> None:
    """Take the designation of a PACKAGE of RUN back, with the reason."""
    from evaluator.record.proceedings import de_designate as act

    said = {"text": text, "agency": agency, "by": by, "id_": id_}
    _entered(place, as_json, lambda ledger: act(ledger, named, packages, because, **said))


COMMANDS = (freeze, comment, concur, determine, de_designate)


def _entered(place: str, as_json: bool, act: Callable[[Ledger], Entry]) -> None:
    """Enter an act, and tell it; of a frozen run also which consulted agencies have not spoken."""
    from evaluator.record.history.data import of_entry
    from evaluator.record.history.runs import find_run
    from evaluator.record.history.wording import wording
    from evaluator.record.proceedings import silent
    from evaluator.report.terminal.proceedings import entered_text

    with closing(opened(place)) as ledger:
        entry = act(ledger)
        with ledger.reading() as connection:
            run = find_run(connection, entry.about)
        unheard = silent(ledger, run) if entry.kind != "comment" else ()
        words, agencies = wording(ledger, [run])
    told = of_entry(entry)
    if as_json:
        print_json({"ok": True, "entry": told, "silent": unheard})
    else:
        say(entered_text(told, run.content["run"], unheard, words, agencies))
