"""Weigh: who moves, and which amounts? Ranks at once in the browser, amounts by a worker."""

from __future__ import annotations

import datetime as dt

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from evaluator.workbench import pages
from evaluator.workbench.screens.common import (
    act_of,
    board_of,
    desk_of,
    fields,
    settings_of,
    who_of,
)
from evaluator.workbench.session.acts import check
from evaluator.workbench.solving.keeping import Values


async def page(request: Request) -> Response:
    """The weights as shared, to try others: a draft is nobody's business until it is shared.

    Whoever has just shared waits for what they shared.
    """
    shown = await desk_of(request).shown(await board_of(request), now="now" in request.query_params)
    body = shown.screen.parts["whatif"]
    return pages.page(request, "weigh", "Weigh", shown.session, body=body)


async def effect(request: Request) -> Response:
    """What a draft would do to amounts."""
    before, after = await _tried(request)
    found = await desk_of(request).draft(who_of(request), before, after)
    return pages.fragment(request, "effect.html.j2", effect=found, kind="weighed")


async def draws(request: Request) -> Response:
    """How sure it is who is designated under a draft: asked last, as it takes the longest."""
    before, after = await _tried(request)
    found = await desk_of(request).drawn(who_of(request), before, after)
    return pages.fragment(request, "draws.html.j2", drawn=found)


async def _tried(request: Request) -> tuple[Values, Values]:
    """Return what the session sets, and what it would with a draft."""
    told = await fields(request)
    session = (await board_of(request)).session
    settings = settings_of(told.get("settings", ""))
    act = act_of({"because": "Tried.", "act": "tried-out"}, settings, who_of(request))
    check(act)
    changes = session.with_act(act, dt.datetime.now(dt.UTC).date())
    return session.values, {key: one.value for key, one in changes.items()}


async def place(request: Request) -> Response:
    """How many solves are ahead of one's own draft, and the seconds until it is answered."""
    found = desk_of(request).solver.place(f"draft {who_of(request).id}")
    return JSONResponse({} if found is None else {"ahead": found[0], "seconds": round(found[1], 1)})


async def share_weights(request: Request) -> Response:
    """Share a draft: it becomes part of the session."""
    desk, told = desk_of(request), await fields(request)
    settings = settings_of(told.get("settings", ""))
    step = await desk.share(who_of(request), act_of(told, settings, who_of(request)))
    return pages.fragment(request, "done.html.j2", news=True, step=step)
