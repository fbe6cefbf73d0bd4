"""Disagree: where do we part, on which criterion, does it move money?"""

from __future__ import annotations

from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from evaluator.errors import UsageError
from evaluator.workbench import pages
from evaluator.workbench.screens.common import (
    agencies_of,
    board_of,
    desk_of,
    fields,
    hold_spoken_for,
    spoken_for,
    who_of,
)
from evaluator.workbench.session import Board, Subject, comment
from evaluator.workbench.session.phases import begin
from evaluator.workbench.solving.parting import MetOf, PartingOf, SidesOf

_FEW = 3
"""Criteria of which it is solved what comes of it if both sides meet."""


async def page(request: Request) -> Response:
    """Two agencies to choose, where they part, and what is said of it."""
    board, agencies = await board_of(request), agencies_of(request)
    one, other = _sides(request) if len(agencies) > 1 else ("", "")
    told = {"agencies": agencies, "one": one, "other": other, **_comments(request, board)}
    return pages.page(request, "disagree", "Disagree", board.session, **told)


async def screen(request: Request) -> Response:
    """Where two sides part."""
    board = await board_of(request)
    context = {**await _parting(request, board), **_comments(request, board)}
    return pages.fragment(request, "parting.html.j2", session=board.session, **context)


async def sides(request: Request) -> Response:
    """What the one alone and the other alone would fund."""
    one, other = _sides(request)
    board, names = await board_of(request), desk_of(request).names
    found = await desk_of(request).between(SidesOf(board.session.values, one, other))
    heads = (
        f"{names.agency(one)} alone",
        f"{names.agency(other)} alone" if other else "Without it",
    )
    return pages.fragment(request, "effect.html.j2", effect=found, kind="sides", heads=heads)


async def met(request: Request) -> Response:
    """What comes of it if both meet half-way on a criterion."""
    one, other = _sides(request)
    values = (await board_of(request)).session.values
    wish = MetOf(values, one, other, request.query_params.get("criterion", ""))
    found = await desk_of(request).between(wish)
    return pages.fragment(request, "effect.html.j2", effect=found, kind="met")


async def comments(request: Request) -> Response:
    """What was said, as who asks may see it."""
    board = await board_of(request)
    return pages.fragment(request, "comments.html.j2", **_comments(request, board))


async def say(request: Request) -> Response:
    """Say something of the whole, a package, a criterion or a cell."""
    desk, told = desk_of(request), await fields(request)
    agency = told.get("agency", "")
    if agency:
        hold_spoken_for(request, agency)
    on = Subject(told.get("package", ""), told.get("criterion", ""))
    who, text = who_of(request), told.get("text", "")
    await desk.apart(comment, desk.table, told.get("act", ""), text, on, who.name, agency)
    board = await board_of(request)
    return pages.fragment(request, "comments.html.j2", said=True, **_comments(request, board))


async def phase(request: Request) -> Response:
    """Begin a phase, blind or open."""
    desk, told = desk_of(request), await fields(request)
    kind, name = told.get("kind", ""), told.get("name", "")
    if kind not in ("blind", "open"):
        raise UsageError("a phase is blind or open. Choose one.")
    act, by = told.get("act", ""), who_of(request).name
    await desk.apart(lambda: begin(desk.table, act, name, by, blind=kind == "blind"))
    board = await desk.board()
    return pages.fragment(request, "phase.html.j2", phase=board.phase, news=True)


def _sides(request: Request) -> tuple[str, str]:
    """Return the two agencies that are asked for; of the second none for all others together."""
    agencies, asked = agencies_of(request), request.query_params
    if len(agencies) < 2:
        raise UsageError("there is one agency alone, which parts from nobody.")
    mine = next(iter(spoken_for(request)), agencies[0])
    one, other = asked.get("one") or mine, asked.get("other", "")
    if one not in agencies or (other and other not in agencies):
        raise UsageError("there is no such agency.")
    return one, "" if other == one else other


async def _parting(request: Request, board: Board) -> dict[str, Any]:
    one, other = _sides(request)
    found = await desk_of(request).parting(PartingOf(board.session.values, one, other))
    return {"parting": found, "one": one, "other": other, "few": _FEW, "hidden": board.hidden}


def _comments(request: Request, board: Board) -> dict[str, Any]:
    study = desk_of(request).table.study
    of = Counter(one.on.package for one in board.comments if one.on.package)
    return {
        "names": desk_of(request).names,
        "board": board,
        "counts": of,
        "mine": spoken_for(request),
        "packages": study.packages,
        "criteria": study.criteria,
    }
