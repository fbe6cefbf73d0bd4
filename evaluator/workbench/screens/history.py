"""History: who changed what, when, why, and what did it do?"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from evaluator.workbench import pages
from evaluator.workbench.freezing import freeze as make
from evaluator.workbench.freezing import frozen_runs
from evaluator.workbench.screens.common import act_of, board_of, desk_of, fields, version_of, who_of
from evaluator.workbench.session import Session, undoing


async def page(request: Request) -> Response:
    """Every step, the newest first."""
    session = (await board_of(request)).session
    return pages.page(request, "history", "History", session, **await _told(request, session))


async def steps(request: Request) -> Response:
    """The live part of it."""
    session = (await board_of(request)).session
    told = await _told(request, session)
    return pages.fragment(request, "history_steps.html.j2", session=session, **told)


async def effect(request: Request) -> Response:
    """What a step did."""
    desk, version = desk_of(request), request.path_params["version"]
    session = (await board_of(request)).session
    after = session.at(version)
    before = session.at(after.steps[-2].version if len(after.steps) > 1 else 0)
    found = await desk.effect(before.values, after.values)
    return pages.fragment(
        request,
        "effect.html.j2",
        effect=found,
        kind="did",
    )


async def scenario(request: Request) -> Response:
    """The scenario file of a version, to take away."""
    session = (await board_of(request)).session.at(request.path_params["version"])
    headers = {"content-disposition": f'attachment; filename="{session.name}.yaml"'}
    return Response(session.scenario(), media_type="application/yaml", headers=headers)


async def undo(request: Request) -> Response:
    """Set the keys of a step to what stood before it, which is a step as well."""
    desk, told = desk_of(request), await fields(request)
    session = (await board_of(request)).session
    settings = undoing(session, request.path_params["id"])
    step = await desk.share(who_of(request), act_of(told, settings, who_of(request)))
    return pages.fragment(request, "done.html.j2", news=True, step=step)


async def freeze(request: Request) -> Response:
    """Make a run of a version, and enter it."""
    desk, told = desk_of(request), await fields(request)
    session = (await desk.session()).at(version_of(told.get("version", "")))
    run = await make(desk, who_of(request), session, told.get("act", ""), told.get("because", ""))
    return pages.fragment(request, "frozen.html.j2", news=True, run=run)


async def compare(request: Request) -> Response:
    """Two versions side by side."""
    desk, asked = desk_of(request), request.query_params
    session = (await board_of(request)).session
    old = session.at(version_of(asked.get("old", "0")))
    new = session.at(version_of(asked.get("new", str(session.version))))
    found = await desk.effect(old.values, new.values)
    return pages.fragment(
        request,
        "effect.html.j2",
        effect=found,
        kind="compared",
    )


async def _told(request: Request, session: Session) -> dict[str, Any]:
    desk = desk_of(request)
    every = [
        (
            step,
            [(one.content["set"], one.content["old"], one.content["to"]) for one in step.entries],
        )
        for step in session.steps
    ]
    lines = iter(desk.words([key for _, keys in every for key in keys]))
    found = [(step, [next(lines) for _ in keys]) for step, keys in every]
    return {"steps": found[::-1], "runs": await desk.apart(frozen_runs, desk.table)}
