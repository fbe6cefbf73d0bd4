"""Weigh: who moves, and which amounts? Ranks at once in the browser, amounts by a worker."""

from __future__ import annotations

import datetime as dt

from starlette.requests import Request
from starlette.responses import Response

from evaluator.workbench import pages
from evaluator.workbench.screens.common import (
    act_of,
    board_of,
    desk_of,
    fields,
    settings_of,
    who_of,
)


async def page(request: Request) -> Response:
    """The weights as shared, to try others: a draft is nobody's business until it is shared."""
    desk = desk_of(request)
    session = (await board_of(request)).session
    shown = await desk.screen(session)
    return pages.page(request, "weigh", "Weigh", session, body=shown.parts["whatif"])


async def effect(request: Request) -> Response:
    """What a draft would do to amounts."""
    desk, told = desk_of(request), await fields(request)
    session = (await board_of(request)).session
    settings = settings_of(told.get("settings", ""))
    act = act_of({"because": "Tried.", "act": "tried-out"}, settings, who_of(request))
    changes = session.with_act(act, dt.datetime.now(dt.UTC).date())
    after = {key: one.value for key, one in changes.items()}
    found = await desk.draft(who_of(request), session.values, after)
    return pages.fragment(
        request,
        "effect.html.j2",
        effect=found,
        kind="weighed",
    )


async def share_weights(request: Request) -> Response:
    """Share a draft: it becomes part of the session."""
    desk, told = desk_of(request), await fields(request)
    settings = settings_of(told.get("settings", ""))
    step = await desk.share(who_of(request), act_of(told, settings, who_of(request)))
    return pages.fragment(request, "done.html.j2", news=True, step=step)
