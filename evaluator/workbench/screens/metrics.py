"""Numbers for whoever watches over the server, in the text format of Prometheus."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from evaluator.workbench.access.settings import is_loopback
from evaluator.workbench.desk import Desk
from evaluator.workbench.screens.common import desk_of

_KIND = "text/plain; version=0.0.4"
Metric = tuple[str, str, str, dict[str, float]]
"""Name, type, help, and values by their labels."""


async def metrics(request: Request) -> Response:
    """Tell the numbers, to this machine alone, and to nobody who comes by a proxy."""
    here = request.client is not None and is_loopback(request.client.host)
    if not here or "x-forwarded-for" in request.headers:
        raise KeyError
    lines = [
        line
        for name, kind, told, values in _metrics(desk_of(request))
        for line in (
            f"# HELP {name} {told}",
            f"# TYPE {name} {kind}",
            *(f"{name}{labels} {value:.17g}" for labels, value in values.items()),
        )
    ]
    return PlainTextResponse("\n".join([*lines, ""]), media_type=_KIND)


def _metrics(desk: Desk) -> Iterator[Metric]:
    solver = desk.solver
    yield "workbench_streams", "gauge", "Pages that listen.", {"": desk.events.open}
    yield "workbench_record_entries", "gauge", "Entries of the record.", {"": desk.number}
    yield "workbench_workers", "gauge", "Processes that solve.", {"": solver.workers}
    yield "workbench_solves_waiting", "gauge", "Wishes without a worker.", {"": solver.waiting}
    yield "workbench_solves_total", "counter", "Wishes that were answered.", {"": solver.solved}
    yield (
        "workbench_solve_seconds_total",
        "counter",
        "Seconds that workers took for those.",
        {"": solver.busy},
    )
    processes = {"server": os.getpid()} | {
        str(place): one for place, one in enumerate(solver.processes, 1)
    }
    sizes = {f'{{process="{name}"}}': _resident(one) for name, one in processes.items()}
    yield "workbench_resident_bytes", "gauge", "Memory of server and workers.", sizes


def _resident(process: int) -> float:
    """Return the bytes of memory that a process holds; 0 where it has ended."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    except OSError:
        return 0.0
    return float(pages) * resource.getpagesize()
