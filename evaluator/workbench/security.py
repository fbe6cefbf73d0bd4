"""Who may ask, and how much: every request passes here before anything of it is read."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from evaluator.workbench.access import People, Sessions, Who

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
TOKEN = "x-workbench-token"  # noqa: S105  the name of a header
_SAFE = frozenset({"GET", "HEAD"})
_COUNTED = 1_000
"""Browsers whose requests are counted at once."""


@dataclass(frozen=True)
class Bounds:
    """How much is taken."""

    body: int = 64 * 1024
    """Bytes of a request."""
    seconds: float = 10
    """That a request may take to arrive."""
    requests: int = 120
    """Of one browser within `within` seconds; of those who did not come in, all together."""
    within: float = 10


@dataclass(frozen=True)
class Door:
    """How the workbench is reached, and by whom."""

    hosts: frozenset[str]
    """Names by which it is asked, with their ports."""
    people: People
    sessions: Sessions = field(default_factory=Sessions)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """What lets in the one person of a workbench that is not shared."""
    cookie: str = "workbench"
    """Browsers keep cookies by host, whatever the port: two workbenches need two names."""
    bounds: Bounds = field(default_factory=Bounds)

    def who(self, session: str, *, seen: bool = True) -> Who | None:
        """Return who a session is of, as their roles are now; None where nobody came in."""
        id_ = self.sessions.who(session, seen=seen)
        return None if id_ is None else self.people.who(id_)


class Guard:
    """Lets through what comes from a page of ours, in a browser that came in, at a fair rate."""

    def __init__(self, app: ASGIApp, door: Door, public: frozenset[str]) -> None:
        """Stand before an application. public: paths for which nobody needs to have come in."""
        self._app, self._door, self._public = app, door, public
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = {name.decode().lower() for name, _ in message["headers"]}
                added = {**HEADERS, "cache-control": "no-store"}
                more = [(n.encode(), v.encode()) for n, v in added.items() if n not in told]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        cookie = _cookie(headers.get("cookie", ""), self._door.cookie)
        who = self._door.who(cookie)
        refused = self._refused(scope, headers, cookie if who else "")
        if refused is not None:
            code, told = refused
            more = {"retry-after": "5"} if code == 429 else {}
            answer = PlainTextResponse(f"{told}\n", code, headers=more)
            await answer(scope, receive, guarded)
            return
        body = b""
        if scope["method"] not in _SAFE:
            try:
                body = await asyncio.wait_for(
                    _body(receive, self._door.bounds.body), self._door.bounds.seconds
                )
            except TimeoutError:
                await PlainTextResponse("The request took too long.\n", 408)(
                    scope, receive, guarded
                )
                return
            except ValueError:
                await PlainTextResponse("The request is too large.\n", 413)(scope, receive, guarded)
                return
        token = self._door.sessions.token(cookie)
        came = {"who": who, "session": cookie if who else "", "token": token}
        scope["state"] = {**scope.get("state", {}), **came}
        await self._app(scope, _replayed(body, receive), guarded)

    def _refused(
        self, scope: Scope, headers: dict[str, str], cookie: str
    ) -> tuple[int, str] | None:
        """Return why a request is not let through, with its code; None where it is."""
        host = headers.get("host", "")
        if host not in self._door.hosts:
            return 421, "The workbench does not go by this name."
        if self._often(cookie):
            return 429, "Too many requests at once. Wait a little."
        if scope["path"] not in self._public and not cookie:
            return 403, "Open the address that the command 'evaluator serve' has printed."
        if scope["method"] in _SAFE:
            return None
        if headers.get("origin") != f"http://{host}":
            return 403, "The request does not come from a page of the workbench."
        if not hmac.compare_digest(
            headers.get(TOKEN, "").encode(), self._door.sessions.token(cookie).encode()
        ):
            return 403, "The page is of an earlier workbench. Load it again."
        if int(headers.get("content-length", "0") or 0) > self._door.bounds.body:
            return 413, "The request is too large."
        return None

    def _often(self, who: str) -> bool:
        now, asked = time.monotonic(), self._asked.setdefault(who, deque())
        self._asked.move_to_end(who)
        while len(self._asked) > _COUNTED:
            self._asked.popitem(last=False)
        while asked and asked[0] < now - self._door.bounds.within:
            asked.popleft()
        if len(asked) >= self._door.bounds.requests:
            return True
        asked.append(now)
        return False


def _cookie(header: str, name: str) -> str:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return found.value if found is not None else ""


async def _body(receive: Receive, most: int) -> bytes:
    """Return the body of a request; ValueError where it is too large or breaks off."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ValueError
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise ValueError
        if not message.get("more_body"):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return what hands on a body that was read, then what comes after it."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
