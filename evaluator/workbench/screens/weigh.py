"""Weigh: who moves, and which amounts? Ranks at once in the browser, amounts by a worker."""

from __future__ import annotations

import datetime as dt
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from evaluator.errors import UsageError
from evaluator.loading.changes import parse_path
from evaluator.loading.variation import vary
from evaluator.workbench import pages
from evaluator.workbench.screens.common import (
    act_of,
    agencies_of,
    board_of,
    desk_of,
    fields,
    settings_of,
    spoken_for,
    who_of,
)
from evaluator.workbench.session import Setting
from evaluator.workbench.session.acts import check
from evaluator.workbench.session.stating import begun, follows
from evaluator.workbench.solving.keeping import Values


async def page(request: Request) -> Response:
    """The weights as shared, to try others: a draft is nobody's business until it is shared.

    Whoever has just shared waits for what they shared.
    """
    shown = await desk_of(request).shown(await board_of(request), now="now" in request.query_params)
    body = shown.screen.parts["whatif"]
    mine = next(iter(spoken_for(request)), "")
    told = {"agencies": agencies_of(request), "mine": mine, "names": desk_of(request).names}
    return pages.page(request, "weigh", "Weigh", shown.session, body=body, **told)


async def statement(request: Request) -> Response:
    """A form to state an agency's weights by: it begins with what stands."""
    desk, asked = desk_of(request), request.query_params
    values = (await board_of(request)).session.values

    def form() -> Any:
        study = vary(desk.table.study, values)
        return begun(study, asked.get("agency", ""), asked.get("form", ""))

    found = await desk.apart(form)
    return pages.fragment(request, "statement_form.html.j2", begun=found, names=desk.names)


async def stated(request: Request) -> Response:
    """What follows from a statement, and how consistent it is: told while it is written."""
    desk = desk_of(request)
    settings, _, after = await _tried(request)
    path = parse_path(settings[0].set) or ()
    if len(settings) != 1 or path[0] != "agencies":
        raise UsageError("one agency's weights are stated at a time.")
    found = await desk.apart(lambda: follows(vary(desk.table.study, after), path[1]))
    return pages.fragment(
        request, "statement.html.j2", agency=path[1], follows=found, names=desk.names
    )


async def effect(request: Request) -> Response:
    """What a draft would do to amounts."""
    _, before, after = await _tried(request)
    found = await desk_of(request).draft(who_of(request), before, after)
    return pages.fragment(request, "effect.html.j2", effect=found, kind="weighed")


async def draws(request: Request) -> Response:
    """How sure it is who is designated under a draft: asked last, as it takes the longest."""
    _, before, after = await _tried(request)
    found = await desk_of(request).drawn(who_of(request), before, after)
    return pages.fragment(request, "draws.html.j2", drawn=found)


async def _tried(request: Request) -> tuple[tuple[Setting, ...], Values, Values]:
    """Return what a draft sets, what the session sets, and what it would with the draft."""
    told = await fields(request)
    session = (await board_of(request)).session
    settings = settings_of(told.get("settings", ""))
    act = act_of({"because": "Tried.", "act": "tried-out"}, settings, who_of(request))
    check(act)
    changes = session.with_act(act, dt.datetime.now(dt.UTC).date())
    return settings, session.values, {key: one.value for key, one in changes.items()}


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
