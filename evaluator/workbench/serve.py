"""The server: one address of this machine, one person."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn

from evaluator.errors import UsageError
from evaluator.signals import left_alone
from evaluator.workbench.access import People
from evaluator.workbench.app import application
from evaluator.workbench.desk import Setting
from evaluator.workbench.security import Door

_NAMES = ("127.0.0.1", "localhost", "[::1]")


class _Server(uvicorn.Server):
    """Ends the streams of its pages on a signal: it would wait for them else."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._ending()
        super().handle_exit(sig, frame)


def hold_loopback(host: str) -> None:
    """Raise UsageError for an address that others can reach: nobody is asked who they are."""
    try:
        alone = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        alone = False
    if not alone:
        raise UsageError(
            f"--host {host} can be reached from other machines, and this workbench asks nobody who "
            "they are. Serve it on 127.0.0.1, and reach it from elsewhere by a tunnel of your own "
            "(ssh -L)."
        )


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; UsageError where it cannot. port: 0 for one that is free."""
    hold_loopback(host)
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
    """Return how a workbench on a socket is reached."""
    port = listener.getsockname()[1]
    hosts = frozenset(f"{name}:{port}" for name in _NAMES)
    return Door(hosts, people, cookie=f"workbench-{port}")


def address(listener: socket.socket, door: Door) -> str:
    """Return the address by which a browser comes in."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/enter?key={door.key}"


def serve(setting: Setting, listener: socket.socket, door: Door) -> None:
    """Serve until a signal ends it; what was acknowledged is on record by then."""
    app = application(setting, door)
    config = uvicorn.Config(
        app.asgi,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        limit_concurrency=200,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=32 * 1024,
    )
    with left_alone():
        _Server(config, app.events.end).run(sockets=[listener])
