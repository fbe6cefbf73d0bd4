"""Who may ask, and how much: every request passes here before anything of it is read."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Literal

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from evaluator.workbench.access import People, Sessions, Who
from evaluator.workbench.access.openid import Provider
from evaluator.workbench.log import log

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
_ADDRESS = 45
"""Letters of an address, at most."""
_COUNTED = 5_000
"""Browsers whose requests are counted at once."""


@dataclass(frozen=True)
class Bounds:
    """How much is taken."""

    body: int = 64 * 1024
    """Bytes of a request."""
    seconds: float = 10
    """That a request may take to arrive."""
    requests: int = 120
    """Of one browser within `within` seconds; before it came in, of one address."""
    within: float = 10


@dataclass(frozen=True)
class Door:
    """How the workbench is reached, and by whom."""

    hosts: frozenset[str]
    """Names by which it is asked, with their ports."""
    people: People
    sessions: Sessions = field(default_factory=Sessions)
    provider: Provider | None = None
    """Who says who somebody is; None: who has the key is the one person there is."""
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    cookie: str = "workbench"
    """Browsers keep cookies by host, whatever the port: two workbenches need two names."""
    scheme: Literal["http", "https"] = "http"
    """By which browsers reach it."""
    proxy: str | None = None
    """The address that alone may connect, and whose word on the client holds."""
    bounds: Bounds = field(default_factory=Bounds)

    @property
    def starting(self) -> str:
        """The name of the cookie of a sign-in that was begun."""
        return f"{self.cookie.replace('__Host-', '__Secure-')}-start"

    def who(self, session: str, *, seen: bool = True) -> Who | None:
        """Return who a session is of, as their roles are now; None where nobody came in."""
        id_ = self.sessions.get(session, seen=seen)
        return None if id_ is None else self.people.who(id_)

    def give(self, answer: Response, session: str) -> None:
        """Give a browser the cookie of its session."""
        answer.set_cookie(
            self.cookie,
            session,
            path="/",
            httponly=True,
            secure=self.scheme == "https",
            samesite="lax"
            if self.provider
            else "strict",  # who comes from a provider is cross-site
        )


Strangers = Callable[[Scope], Response]
"""What is answered to who has not come in."""


class Guard:
    """Lets through what comes from a page of ours, in a browser that came in, at a fair rate."""

    def __init__(
        self, app: ASGIApp, door: Door, public: frozenset[str], strangers: Strangers
    ) -> None:
        """Stand before an application. public: paths for which nobody needs to have come in."""
        self._app, self._door, self._public = app, door, public
        self._strangers = strangers
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
        began, code = time.monotonic(), 0

        async def guarded(message: Message) -> None:
            nonlocal code
            if message["type"] == "http.response.start":
                code = message["status"]
                message = {**message, "headers": [*message["headers"], *self._added(message)]}
            await send(message)

        try:
            await self._answer(scope, receive, guarded)
        finally:
            if self._door.provider is not None:
                log(
                    "request",
                    level="error" if code >= 500 or not code else "info",
                    method=scope["method"],
                    path=scope["path"],
                    status=code,
                    ms=round(1000 * (time.monotonic() - began)),
                    client=self._client(scope),
                )

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        cookie = _cookie(headers.get("cookie", ""), self._door.cookie)
        who = self._door.who(cookie)
        refused = self._refused(scope, headers, cookie if who else "")
        body = b""
        if refused is None and scope["method"] not in _SAFE:
            try:
                body = await asyncio.wait_for(
                    _body(receive, self._door.bounds.body), self._door.bounds.seconds
                )
            except TimeoutError:
                refused = _plain(408, "The request took too long.")
            except ValueError:
                refused = _plain(413, "The request is too large.")
        if refused is not None:
            await refused(scope, receive, send)
            return
        came = {
            "who": who,
            "session": cookie if who else "",
            "start": _cookie(headers.get("cookie", ""), self._door.starting),
            "token": self._door.sessions.token(cookie),
        }
        scope["state"] = {**scope.get("state", {}), **came}
        await self._app(scope, _replayed(body, receive), send)

    def _refused(self, scope: Scope, headers: dict[str, str], cookie: str) -> Response | None:
        """Return the answer to a request that is not let through; None where it is."""
        host = headers.get("host", "")
        if self._door.proxy is not None and _peer(scope) != self._door.proxy:
            return _plain(403, "The workbench is reached by its proxy alone.")
        if host not in self._door.hosts:
            return _plain(421, "The workbench does not go by this name.")
        if self._often(cookie or self._client(scope)):
            return _plain(429, "Too many requests at once. Wait a little.", {"retry-after": "5"})
        if scope["path"] not in self._public and not cookie:
            return self._strangers(scope)
        if scope["method"] in _SAFE:
            return None
        if headers.get("origin") != f"{self._door.scheme}://{host}":
            return _plain(403, "The request does not come from a page of the workbench.")
        if not hmac.compare_digest(
            headers.get(TOKEN, "").encode(), self._door.sessions.token(cookie).encode()
        ):
            return _plain(403, "The page is of an earlier workbench. Load it again.")
        if int(headers.get("content-length", "0") or 0) > self._door.bounds.body:
            return _plain(413, "The request is too large.")
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

    def _client(self, scope: Scope) -> str:
        """Return the address of the client: what the proxy that is named says last of it."""
        if self._door.proxy is None:
            return _peer(scope)
        return _headers(scope).get("x-forwarded-for", "").rpartition(",")[2].strip()[:_ADDRESS]

    def _added(self, message: Message) -> list[tuple[bytes, bytes]]:
        told = {name.decode().lower() for name, _ in message["headers"]}
        added = {**HEADERS, "cache-control": "no-store"}
        if self._door.scheme == "https":
            added["strict-transport-security"] = "max-age=31536000"
        return [(n.encode(), v.encode()) for n, v in added.items() if n not in told]


def _plain(code: int, told: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{told}\n", code, headers=headers)


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


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
