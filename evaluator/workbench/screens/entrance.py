"""The way in and out of a shared workbench, and whether it is ready to be asked."""

from __future__ import annotations

import uuid

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Scope

from evaluator.errors import RecordError
from evaluator.record.ledger import Draft, append
from evaluator.record.proof.exporting import lines
from evaluator.workbench import pages
from evaluator.workbench.access import Who
from evaluator.workbench.access.openid import SECONDS, Provider, ProviderError, SignInError
from evaluator.workbench.log import log
from evaluator.workbench.screens.common import desk_of, door_of
from evaluator.workbench.security import Door


def stranger(door: Door, scope: Scope) -> Response:
    """Answer who has not come in: by the link with which to sign in, where there is one."""
    if door.provider is None:
        return pages.entrance(403, "key")
    part = "hx-request" in Headers(scope=scope)
    to = scope["path"] if scope["method"] == "GET" and not part else "/"
    return pages.entrance(401, "stranger", part=part, to=to)


async def sign_in(request: Request) -> Response:
    """Lead to the provider."""
    door, provider = _way(request)
    to, known = request.query_params.get("to", "/"), (one.path for one in request.app.routes)
    try:
        number, there = await provider.start(request, to if to in known else "/")
    except ProviderError as error:
        return _refused(503, "provider", error)
    answer = RedirectResponse(there, 303)
    answer.set_cookie(
        door.starting, number, path="/sign-in", httponly=True, samesite="lax",
        secure=door.scheme == "https", max_age=int(SECONDS),
    )  # fmt: skip
    return answer


async def signed_in(request: Request) -> Response:
    """Let in who comes back from the provider, in a session that is new, and enter that."""
    door, provider = _way(request)
    try:
        id_, to = await provider.finish(request, request.state.start)
    except SignInError as error:
        return _closed(door, _refused(401, "again", error))
    except ProviderError as error:
        return _closed(door, _refused(503, "provider", error))
    who = door.people.who(id_)
    if who is None:
        log("sign-in refused", level="warning", id=id_, told="no role")
        return _closed(door, pages.entrance(403, "no-role", id=id_))
    try:
        await desk_of(request).apart(_enter, request, who)
    except RecordError as error:
        return _closed(door, _refused(503, "record", error))
    door.sessions.end(request.state.session)
    answer = RedirectResponse(to, 303)
    door.give(answer, door.sessions.begin(id_))
    log("sign-in", id=id_)
    return _closed(door, answer)


async def sign_out(request: Request) -> Response:
    """End the session of this browser."""
    door, _ = _way(request)
    door.sessions.end(request.state.session)
    log("sign-out", id=request.state.who.id)
    answer = Response(status_code=200, headers={"hx-redirect": "/signed-out"})
    answer.delete_cookie(door.cookie, path="/", secure=door.scheme == "https", httponly=True)
    return answer


async def signed_out(request: Request) -> Response:
    """Say that the session has ended."""
    return pages.entrance(200, "signed-out")


async def style(request: Request) -> Response:
    """Return the style of what strangers see: nothing in it is of the study."""
    headers = {"cache-control": "max-age=60"}
    return Response(pages.entrance_style(), media_type="text/css", headers=headers)


async def ready(request: Request) -> Response:
    """Say whether the workbench can be worked at: the record answers, the workers live."""
    desk, door = desk_of(request), door_of(request)
    lacking = []
    try:
        await desk.session()
    except RecordError as error:
        log("not ready", level="error", told=str(error))
        lacking.append("record")
    if not desk.solver.alive:
        lacking.append("workers")
    if not door.people.readable:
        lacking.append("roles")
    return JSONResponse({"ready": not lacking, "lacking": lacking}, 503 if lacking else 200)


async def record(request: Request) -> Response:
    """Return the entries of the record as lines of JSON, which anyone can verify."""
    ledger = desk_of(request).table.ledger
    entries = await desk_of(request).apart(lambda: list(lines(ledger, contents=False)))
    text = "".join(f"{one}\n" for one in entries)
    headers = {"content-disposition": 'attachment; filename="record.jsonl"'}
    return Response(text, media_type="application/jsonl", headers=headers)


def _way(request: Request) -> tuple[Door, Provider]:
    """Return the door and who guards it; KeyError where nobody signs in here."""
    door = door_of(request)
    if door.provider is None:
        raise KeyError
    return door, door.provider


def _enter(request: Request, who: Who) -> None:
    table = desk_of(request).table
    content = {
        "session": table.name,
        "roles": sorted(who.roles),
        "agencies": dict(who.agencies),
        "influence": who.influence,
    }
    draft = Draft(f"sign-in.{uuid.uuid4().hex}", "sign-in", content, personal={"by": who.name})
    append(table.ledger, [draft])


def _refused(code: int, why: str, error: Exception) -> Response:
    log("sign-in refused", level="warning", told=str(error))
    return pages.entrance(code, why)


def _closed(door: Door, answer: Response) -> Response:
    """Take away the cookie of a sign-in that has ended."""
    answer.delete_cookie(
        door.starting, path="/sign-in", secure=door.scheme == "https", httponly=True
    )
    return answer
