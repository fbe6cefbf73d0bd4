"""The server: of one person on this machine, or shared by people who sign in."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection
from pathlib import Path
from types import FrameType

import uvicorn

from evaluator.errors import UsageError
from evaluator.signals import left_alone
from evaluator.workbench.access import People, Sessions
from evaluator.workbench.access.openid import provider_of
from evaluator.workbench.access.roles import FromFile
from evaluator.workbench.access.settings import SharedSettings, is_loopback
from evaluator.workbench.app import application
from evaluator.workbench.desk import Setting
from evaluator.workbench.log import CONFIG as LOGGING
from evaluator.workbench.security import Door

_SESSIONS = 1_000
"""At once."""
_NAMES = ("127.0.0.1", "localhost", "[::1]")


class _Server(uvicorn.Server):
    """Ends the streams of its pages on a signal: it would wait for them else."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._ending()
        super().handle_exit(sig, frame)


def hold_reachable(host: str, settings: SharedSettings | None) -> None:
    """Raise UsageError for an address that others can reach, where they are not asked who they are.

    Beyond loopback everyone signs in, and nothing goes without TLS.
    """
    if is_loopback(host) or (settings is not None and settings.secure):
        return
    reached = f"--host {host} can be reached from other machines"
    if settings is not None:
        raise UsageError(f"{reached}, and the address in the settings is not https.")
    raise UsageError(
        f"{reached}, and without --settings nobody is asked who they are. Serve it on 127.0.0.1 "
        "and reach it from elsewhere by a tunnel of your own (ssh -L), or share it by --settings."
    )


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; UsageError where it cannot. port: 0 for one that is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise UsageError(f"{host}:{port} cannot be served on: {error.strerror}.") from None
    return listener


def door_of(listener: socket.socket, people: People) -> Door:
    """Return how a workbench of one person on a socket is reached."""
    port = listener.getsockname()[1]
    hosts = frozenset(f"{name}:{port}" for name in _NAMES)
    return Door(hosts, people, cookie=f"workbench-{port}")


def shared_door(settings: SharedSettings, beside: Path, agencies: Collection[str]) -> Door:
    """Return how a shared workbench is reached. beside: the folder of its settings.

    agencies: of the study. Raises InvalidInputError with every fault of the file of roles,
    UsageError where what is needed to sign in is not installed.
    """
    hours = 3600.0 * settings.session_hours
    return Door(
        hosts=frozenset({settings.host}),
        people=FromFile(beside / settings.roles, agencies),
        sessions=Sessions(_SESSIONS, 60.0 * settings.idle_minutes, hours),
        provider=provider_of(settings.sign_in, beside, settings.origin),
        cookie="__Host-workbench" if settings.secure else f"workbench-{settings.url.port or 80}",
        scheme="https" if settings.secure else "http",
        proxy=settings.proxy,
    )


def address(listener: socket.socket, door: Door) -> str:
    """Return the address by which a browser comes in."""
    if door.provider is not None:
        (host,) = door.hosts
        return f"{door.scheme}://{host}/"
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/enter?key={door.key}"


def serve(
    setting: Setting, listener: socket.socket, door: Door, tls: tuple[Path, Path] | None = None
) -> None:
    """Serve until a signal ends it; what was acknowledged is on record by then.

    tls: certificate and key, where the workbench ends TLS itself.
    """
    app = application(setting, door)
    config = uvicorn.Config(
        app.asgi,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        limit_concurrency=500,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=32 * 1024,
        ssl_certfile=tls[0] if tls else None,
        ssl_keyfile=tls[1] if tls else None,
        log_config=LOGGING if door.provider is not None else uvicorn.config.LOGGING_CONFIG,
    )
    with left_alone():
        _Server(config, app.events.end).run(sockets=[listener])
