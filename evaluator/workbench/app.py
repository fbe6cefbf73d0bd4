"""The served application: which address leads where, as data."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from evaluator.errors import EvaluatorError, InvalidStudyError, UsageError
from evaluator.workbench.desk import Desk, Setting
from evaluator.workbench.events import Events
from evaluator.workbench.pages import fragment
from evaluator.workbench.screens import common, decide, history, weigh
from evaluator.workbench.security import Bounds, Guard, Keys
from evaluator.workbench.session import ConflictError
from evaluator.workbench.solving import LateError, SupersededError

Endpoint = Callable[[Request], Awaitable[Response]]
ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", "/enter", common.enter),
    ("GET", "/health", common.health),
    ("GET", "/favicon.ico", common.favicon),
    ("GET", "/", common.first),
    ("GET", "/static/{name}", common.static),
    ("GET", "/events", common.events),
    ("GET", "/decide", decide.page),
    ("GET", "/decide/screen", decide.screen),
    ("POST", "/decide/effect", decide.effect),
    ("POST", "/decide", decide.decide),
    ("GET", "/weigh", weigh.page),
    ("POST", "/weigh/effect", weigh.effect),
    ("POST", "/weigh", weigh.share_weights),
    ("GET", "/history", history.page),
    ("GET", "/history/steps", history.steps),
    ("GET", "/history/{version:int}/effect", history.effect),
    ("GET", "/history/{version:int}/scenario", history.scenario),
    ("POST", "/history/{id}/undo", history.undo),
    ("POST", "/history/freeze", history.freeze),
    ("GET", "/compare", history.compare),
)
"""Every address, with what is done there; whatever is not here is not there."""


@dataclass(frozen=True)
class Door:
    """How the workbench is reached."""

    hosts: frozenset[str]
    """Names by which it is asked, with their ports."""
    cookie: str = "workbench"
    """Browsers keep cookies by host, whatever the port: two workbenches need two names."""
    keys: Keys = field(default_factory=Keys)
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(frozen=True)
class Application:
    """What a server serves, and how it is told that it ends."""

    asgi: ASGIApp
    events: Events


def application(setting: Setting, door: Door) -> Application:
    """Return the application for one table."""
    events = Events()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.desk = desk = Desk(setting, events)
        try:
            yield
        finally:
            await desk.close()

    app = Starlette(
        routes=[Route(path, endpoint, methods=[method]) for method, path, endpoint in ROUTES],
        lifespan=lifespan,
        exception_handlers={EvaluatorError: _told, KeyError: _none},
    )
    app.state.door = door
    guard = Guard(app, door.keys, door.hosts, door.cookie, door.bounds)
    return Application(guard, events)


_CODES: tuple[tuple[type[EvaluatorError], int], ...] = (
    (ConflictError, 409),
    (InvalidStudyError, 422),
    (UsageError, 422),
    (LateError, 503),
)


async def _told(request: Request, error: Exception) -> Response:
    """Answer what this package refuses with its own words."""
    if isinstance(error, SupersededError):
        return Response(status_code=204)  # the page waits for something newer
    code = next((code for kind, code in _CODES if isinstance(error, kind)), 500)
    problems = error.problems if isinstance(error, InvalidStudyError) else ()
    meanwhile = error.entries if isinstance(error, ConflictError) else ()
    return fragment(
        request,
        "refused.html.j2",
        code=code,
        told=str(error),
        faults=[f"{one.fact} {one.remedy}" for one in problems],
        meanwhile=meanwhile,
        news=bool(meanwhile),
    )


async def _none(request: Request, error: Exception) -> Response:
    """Answer that there is no such version or step."""
    return fragment(request, "refused.html.j2", code=404, told="there is none.")
