"""Concur: what do the consulted agencies say of the frozen run, and what is determined?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response

from evaluator.model.proceedings import Position, Proceedings
from evaluator.record.history.runs import Standing, standings_of
from evaluator.record.history.shown import files_on_record
from evaluator.record.ledger import Ledger
from evaluator.record.ledger.entries import Entry
from evaluator.record.proceedings import comment as put_comment
from evaluator.record.proceedings import concur as put_position
from evaluator.record.proceedings import de_designate as put_de_designation
from evaluator.record.proceedings import determine as put_determination
from evaluator.record.proceedings.parties import Parties, parties_of
from evaluator.record.proceedings.reading import within
from evaluator.record.reproduce import kept_as
from evaluator.workbench import pages
from evaluator.workbench.freezing import Frozen, frozen_runs
from evaluator.workbench.screens.common import (
    board_of,
    desk_of,
    fields,
    hold_spoken_for,
    spoken_for,
    who_of,
)
from evaluator.workbench.session import Table
from evaluator.workbench.solving.memo import Ending, MemoOf

_KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class Hearing:
    """A frozen run, and all that was said of it."""

    run: Frozen
    said: Proceedings
    parties: Parties
    standings: dict[str, Standing]

    @property
    def put_forward(self) -> list[tuple[str, Standing]]:
        """The run's priority packages with how they stand, best first."""
        chosen = [one for one in self.standings.items() if one[1].priority == "yes"]
        return sorted(chosen, key=lambda one: (one[1].rank or 0, one[0]))


async def page(request: Request) -> Response:
    """Positions on a frozen run, and its determination."""
    session = (await board_of(request)).session
    return pages.page(request, "concur", "Concur", session, **await _heard(request))


async def screen(request: Request) -> Response:
    """The live part of it."""
    session = (await board_of(request)).session
    told = await _heard(request)
    return pages.fragment(request, "concur_screen.html.j2", session=session, **told)


async def position(request: Request) -> Response:
    """State the position of a consulted agency."""
    told = await fields(request)
    agency, stated = told.get("agency", ""), cast("Position", told.get("position", ""))
    hold_spoken_for(request, agency)

    def act(ledger: Ledger, run: str, **words: str) -> Entry:
        return put_position(ledger, run, agency, stated, told.get("text", ""), **words)

    return await _entered(request, told, act)


async def comment(request: Request) -> Response:
    """Say something of the run, or of a package in it."""
    told = await fields(request)

    def act(ledger: Ledger, run: str, **words: str) -> Entry:
        return put_comment(ledger, run, told.get("text", ""), on=told.get("on", ""), **words)

    return await _entered(request, told, act)


async def determine(request: Request) -> Response:
    """Designate the priority packages of the run."""
    told = await fields(request)

    def act(ledger: Ledger, run: str, **words: str) -> Entry:
        return put_determination(
            ledger, run, told.get("text", ""), agency=told.get("agency", ""), **words
        )

    return await _entered(request, told, act)


async def de_designate(request: Request) -> Response:
    """Take the designation of a package back."""
    told = await fields(request)
    packages = [one for one in (told.get("package", ""),) if one]

    def act(ledger: Ledger, run: str, **words: str) -> Entry:
        because, agency = told.get("because", ""), told.get("agency", "")
        return put_de_designation(ledger, run, packages, because, agency=agency, **words)

    return await _entered(request, told, act)


async def memo(request: Request) -> Response:
    """The memo, with all that was said until now."""
    desk, ending = desk_of(request), request.path_params["ending"]
    kind = _KINDS[ending]
    hearing = await desk.apart(_hearing, desk.table, request.path_params["run"])
    files = await desk.apart(files_on_record, desk.table.ledger, hearing.run.entry)
    kept = await desk.apart(kept_as, hearing.run.run, files)
    data = await desk.memo(MemoOf(kept, hearing.said, cast("Ending", ending)))
    named = f'attachment; filename="memo-{hearing.run.digest[:12]}.{ending}"'
    return Response(data, media_type=kind, headers={"content-disposition": named})


async def _entered(request: Request, told: dict[str, str], act: Callable[..., Entry]) -> Response:
    """Enter what is said of a run; the browser's id makes a repeat harmless."""
    desk = desk_of(request)
    hearing = await desk.apart(_hearing, desk.table, request.path_params["run"])
    id_ = told.get("act", "")
    words = {"by": who_of(request).name, "id_": f"{desk.table.name}.{id_}.spoken" if id_ else ""}
    entry = await desk.apart(lambda: act(desk.table.ledger, hearing.run.digest, **words))
    await desk.board()
    return pages.fragment(request, "spoken.html.j2", entry_number=entry.number, news=True)


async def _heard(request: Request) -> dict[str, Any]:
    desk = desk_of(request)
    runs = await desk.apart(frozen_runs, desk.table)
    asked = request.query_params.get("run") or (runs[-1].digest if runs else "")
    hearing = await desk.apart(_hearing, desk.table, asked) if asked else None
    mine = spoken_for(request)
    return {
        "runs": runs,
        "hearing": hearing,
        "names": desk.names,
        "speaks": [one for one in mine if hearing and one in hearing.parties.consulted],
    }


def _hearing(table: Table, digest: str) -> Hearing:
    """Return a frozen run of the session with what was said; KeyError where there is none."""
    run = {one.digest: one for one in frozen_runs(table)}[digest]
    with table.ledger.reading() as connection:
        return Hearing(
            run,
            within(connection, run.entry),
            parties_of(connection, run.entry),
            standings_of(connection, run.entry.number),
        )
