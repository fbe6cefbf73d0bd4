"""The served application: which address leads where, as data."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from evaluator.errors import EvaluatorError, InvalidEntryError, InvalidInputError, UsageError
from evaluator.workbench.access import ROLES, NotAllowedError, Role, Who
from evaluator.workbench.desk import Desk, Setting
from evaluator.workbench.events import Events
from evaluator.workbench.log import log
from evaluator.workbench.pages import fragment
from evaluator.workbench.screens import (
    common,
    concur,
    decide,
    disagree,
    entrance,
    history,
    metrics,
    ratings,
    weigh,
)
from evaluator.workbench.security import Door, Guard
from evaluator.workbench.session import ConflictError
from evaluator.workbench.solving import LateError, SupersededError

Endpoint = Callable[[Request], Awaitable[Response]]
Roles = frozenset[Role]
EVERYONE: Roles = ROLES
READERS: Roles = ROLES - {"inspector"}
SPEAKERS: Roles = frozenset({"editor", "analyst", "decider"})


@dataclass(frozen=True)
class Address:
    """A method and a path, what is done there, and who may ask for it."""

    method: str
    path: str
    endpoint: Endpoint
    roles: Roles | None
    """None: whoever comes to the door."""


def _roles(*roles: Role) -> Roles:
    return frozenset(roles)


ROUTES: tuple[Address, ...] = (
    Address("GET", "/enter", common.enter, None),
    Address("GET", "/health", common.health, None),
    Address("GET", "/ready", entrance.ready, None),
    Address("GET", "/metrics", metrics.metrics, None),
    Address("GET", "/favicon.ico", common.favicon, None),
    Address("GET", "/entrance.css", entrance.style, None),
    Address("GET", "/sign-in", entrance.sign_in, None),
    Address("GET", "/sign-in/return", entrance.signed_in, None),
    Address("GET", "/signed-out", entrance.signed_out, None),
    Address("POST", "/sign-out", entrance.sign_out, EVERYONE),
    Address("GET", "/", common.first, EVERYONE),
    Address("GET", "/static/{name}", common.static, EVERYONE),
    Address("GET", "/events", common.events, EVERYONE),
    Address("GET", "/decide", decide.page, READERS),
    Address("GET", "/decide/screen", decide.screen, READERS),
    Address("POST", "/decide/effect", decide.effect, READERS),
    Address("POST", "/decide", decide.decide, _roles("decider")),
    Address("GET", "/weigh", weigh.page, READERS),
    Address("GET", "/weigh/place", weigh.place, READERS),
    Address("GET", "/weigh/statement", weigh.statement, READERS),
    Address("POST", "/weigh/statement", weigh.stated, READERS),
    Address("POST", "/weigh/effect", weigh.effect, READERS),
    Address("POST", "/weigh/draws", weigh.draws, READERS),
    Address("POST", "/weigh", weigh.share_weights, _roles("editor", "decider")),
    Address("GET", "/disagree", disagree.page, READERS),
    Address("GET", "/disagree/screen", disagree.screen, READERS),
    Address("GET", "/disagree/sides", disagree.sides, READERS),
    Address("GET", "/disagree/met", disagree.met, READERS),
    Address("GET", "/disagree/comments", disagree.comments, READERS),
    Address("POST", "/disagree/comments", disagree.say, SPEAKERS),
    Address("POST", "/phase", disagree.phase, _roles("analyst", "decider")),
    Address("GET", "/ratings", ratings.page, READERS),
    Address("GET", "/ratings/screen", ratings.screen, READERS),
    Address("GET", "/concur", concur.page, EVERYONE),
    Address("GET", "/concur/screen", concur.screen, EVERYONE),
    Address("GET", "/concur/{run}/memo.{ending}", concur.memo, EVERYONE),
    Address("POST", "/concur/{run}/position", concur.position, _roles("editor")),
    Address("POST", "/concur/{run}/comment", concur.comment, SPEAKERS),
    Address("POST", "/concur/{run}/determine", concur.determine, _roles("decider")),
    Address("POST", "/concur/{run}/de-designate", concur.de_designate, _roles("decider")),
    Address("GET", "/history", history.page, EVERYONE),
    Address("GET", "/history/steps", history.steps, EVERYONE),
    Address("GET", "/history/{version:int}/effect", history.effect, EVERYONE),
    Address("GET", "/history/{version:int}/scenario", history.scenario, EVERYONE),
    Address("POST", "/history/{id}/undo", history.undo, _roles("editor", "decider")),
    Address("POST", "/history/freeze", history.freeze, _roles("analyst", "decider")),
    Address("GET", "/compare", history.compare, EVERYONE),
    Address("GET", "/record", entrance.record, _roles("inspector")),
)
"""Every address, with what is done there and by whom; whatever is not here is not there.

Which keys of the scenario a person sets beyond that is said by `Who.may_set`.
"""
PUBLIC = frozenset(one.path for one in ROUTES if one.roles is None)


def may(who: Who | None, method: str, path: str) -> bool:
    """Return whether a person may ask for an address of the table.

    >>> may(Who("b", "Bo", frozenset({"leadership"})), "POST", "/decide")
    False
    """
    address = next(one for one in ROUTES if (one.method, one.path) == (method, path))
    return _admits(address, who)


def _admits(address: Address, who: Who | None) -> bool:
    return address.roles is None or (who is not None and not address.roles.isdisjoint(who.roles))


def _held(address: Address) -> Endpoint:
    """Return what is done at an address, for those who may ask for it."""

    async def answered(request: Request) -> Response:
        if not _admits(address, request.state.who):
            raise NotAllowedError("your role does not allow this. Ask who keeps the roles.")
        return await address.endpoint(request)

    return answered


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
        routes=[Route(one.path, _held(one), methods=[one.method]) for one in ROUTES],
        lifespan=lifespan,
        exception_handlers={EvaluatorError: _told, KeyError: _none},
    )
    app.state.door, app.state.may = door, may
    return Application(Guard(app, door, PUBLIC, partial(entrance.stranger, door)), events)


_CODES: tuple[tuple[type[EvaluatorError], int], ...] = (
    (NotAllowedError, 403),
    (ConflictError, 409),
    (InvalidInputError, 422),
    (UsageError, 422),
    (LateError, 503),
)


async def _told(request: Request, error: Exception) -> Response:
    """Answer what this package refuses with its own words."""
    if isinstance(error, SupersededError):
        return Response(status_code=204)  # the page waits for something newer
    code = next((code for kind, code in _CODES if isinstance(error, kind)), 500)
    if code == 500:  # a fault of the program, or of what it stands on
        log(str(error), level="error")
    problems = error.problems if isinstance(error, InvalidInputError) else ()
    where = isinstance(error, InvalidEntryError)
    meanwhile = error.entries if isinstance(error, ConflictError) else ()
    return fragment(
        request,
        "refused.html.j2",
        code=code,
        told=str(error),
        faults=[str(one) if where else f"{one.fact} {one.remedy}" for one in problems],
        entry=where,
        meanwhile=meanwhile,
        news=bool(meanwhile),
    )


async def _none(request: Request, error: Exception) -> Response:
    """Answer that there is no such version or step."""
    return fragment(request, "refused.html.j2", code=404, told="there is none.", entry=False)
