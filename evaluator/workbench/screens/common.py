"""What all screens need: the way in, their files, their stream, what a person sends."""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse

from evaluator.errors import UsageError
from evaluator.workbench.access import NotAllowedError, Who
from evaluator.workbench.access.people import ALONE
from evaluator.workbench.desk import Desk
from evaluator.workbench.pages import static_files
from evaluator.workbench.security import Door
from evaluator.workbench.session import Act, Board, Setting

_FIELDS = 20
_DEPTH = 6
"""Of what is sent as JSON: a statement of weights with groups has five."""


def desk_of(request: Request) -> Desk:
    """Return the desk that a request is put to."""
    desk: Desk = request.app.state.desk
    return desk


def door_of(request: Request) -> Door:
    """Return the door by which a request came."""
    door: Door = request.app.state.door
    return door


def who_of(request: Request) -> Who:
    """Return who asks."""
    who: Who = request.state.who
    return who


async def board_of(request: Request) -> Board:
    """Return what stands at the table, as who asks sees it."""
    board = await desk_of(request).board()
    return board.seen_by(spoken_for(request), agencies_of(request))


def spoken_for(request: Request) -> tuple[str, ...]:
    """Return the agencies for which who asks speaks."""
    who = who_of(request)
    return tuple(agency for agency in agencies_of(request) if who.edits(agency))


def hold_spoken_for(request: Request, agency: str) -> None:
    """Raise NotAllowedError where who asks does not speak for an agency."""
    if agency not in spoken_for(request):
        raise NotAllowedError("you do not speak for this agency.")


def agencies_of(request: Request) -> tuple[str, ...]:
    """Return the agencies of the study."""
    return tuple(one.agency for one in desk_of(request).table.study.agencies)


async def enter(request: Request) -> Response:
    """Let a browser in that has the key."""
    door = door_of(request)
    if door.provider is not None:
        raise KeyError
    if not hmac.compare_digest(request.query_params.get("key", "").encode(), door.key.encode()):
        return PlainTextResponse("This key is of another workbench, or none.\n", 403)
    answer = RedirectResponse("/decide", 303)
    door.give(answer, door.sessions.begin(ALONE))
    return answer


async def health(request: Request) -> Response:
    """Say that the server answers."""
    return PlainTextResponse("ok\n")


async def favicon(request: Request) -> Response:
    """Have no picture."""
    return Response(status_code=204)


async def first(request: Request) -> Response:
    """Lead to the first screen that is for who asks."""
    may, who = request.app.state.may, who_of(request)
    return RedirectResponse("/decide" if may(who, "GET", "/decide") else "/history", 303)


async def static(request: Request) -> Response:
    """Return a file that pages ask for; the names are those of a table, not of a folder."""
    kind, text = static_files(desk_of(request))[request.path_params["name"]]
    return Response(text, media_type=kind, headers={"cache-control": "private, max-age=60"})


async def events(request: Request) -> Response:
    """Tell a tab that the session has changed, from what it has seen on."""
    told, door, session = desk_of(request).events, door_of(request), request.state.session
    who = who_of(request).id
    if told.full(who):
        return PlainTextResponse("Too many tabs are open.\n", 503)
    seen = request.headers.get("last-event-id") or request.query_params.get("seen", "0")
    version, _, number = seen.partition(".")
    stream: AsyncIterator[str] = told.stream(
        (version_of(version), version_of(number or "0")),
        who,
        lambda: door.who(session, seen=False) is not None,
    )
    return StreamingResponse(stream, media_type="text/event-stream")


async def fields(request: Request) -> dict[str, str]:
    """Return the fields of a form. Raises UsageError where there are none that can be read."""
    try:
        text = (await request.body()).decode()
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS))
    except ValueError:
        raise UsageError("the form cannot be read. Load the page again.") from None


def settings_of(text: str) -> tuple[Setting, ...]:
    """Return what is sent as JSON: a list of `{"set": key, "to": value}`.

    Raises UsageError where it is none.
    """
    try:
        told = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise UsageError("what was sent is no JSON. Load the page again.") from None
    if not isinstance(told, list) or not all(map(_is_setting, told)):
        raise UsageError("what was sent is no list of settings. Load the page again.")
    return tuple(Setting(one["set"], one["to"]) for one in told)


def act_of(told: dict[str, str], settings: tuple[Setting, ...], who: Who) -> Act:
    """Return what a person does, from the fields of a form and what it sets."""
    because = " ".join(told.get("because", "").split())
    return Act(told.get("act", ""), settings, because, who.name, version_of(told.get("seen", "0")))


def version_of(text: str) -> int:
    """Return a version as a browser sends it; UsageError where it is none."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise UsageError("a version is a number. Load the page again.")
    return int(text)


def _is_setting(one: Any) -> bool:
    keys = isinstance(one, dict) and one.keys() == {"set", "to"} and isinstance(one["set"], str)
    return keys and _depth(one["to"]) <= _DEPTH


def _depth(value: Any) -> int:
    if not isinstance(value, dict | list):
        return 0
    return 1 + max(map(_depth, value.values() if isinstance(value, dict) else value), default=0)


def _no_number(text: str) -> Any:
    raise ValueError(text)
