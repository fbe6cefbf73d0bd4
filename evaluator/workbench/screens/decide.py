"""Decide: what do we fund, what is contested, what was overruled?"""

from __future__ import annotations

import datetime as dt
from typing import cast, get_args

from starlette.requests import Request
from starlette.responses import Response

from evaluator.errors import UsageError
from evaluator.workbench import pages
from evaluator.workbench.screens.common import act_of, board_of, desk_of, fields, who_of
from evaluator.workbench.session import Session
from evaluator.workbench.session.acts import Choice, check, choosing


async def page(request: Request) -> Response:
    """The first screen of the report, live, and what is decided by name."""
    shown = await desk_of(request).shown(await board_of(request))
    return pages.page(
        request,
        "decide",
        "Decide",
        shown.session,
        body=shown.screen.parts["decision"],
        packages=shown.screen.packages,
    )


async def screen(request: Request) -> Response:
    """The live part of it."""
    shown = await desk_of(request).shown(await board_of(request), now=True)
    body = shown.screen.parts["decision"]
    return pages.fragment(request, "decide_screen.html.j2", session=shown.session, body=body)


async def effect(request: Request) -> Response:
    """What a choice would do, before anything is decided."""
    desk, told = desk_of(request), await fields(request)
    session = (await board_of(request)).session
    package, choice = _choice(told, session)
    settings = choosing(package, choice, session.changes)
    day = dt.datetime.now(dt.UTC).date()
    act = act_of(
        {"because": "Tried.", **_reason(told), "act": "tried-out"}, settings, who_of(request)
    )
    if settings:
        check(act)
    after = {key: one.value for key, one in session.with_act(act, day).items()}
    found = await desk.draft(who_of(request), session.values, after)
    return pages.fragment(
        request,
        "effect.html.j2",
        effect=found,
        kind="tried" if settings else "same",
    )


async def decide(request: Request) -> Response:
    """Decide on one package by name."""
    desk, told = desk_of(request), await fields(request)
    session = (await board_of(request)).session
    package, choice = _choice(told, session)
    there = next((step for step in session.steps if step.id == told.get("act")), None)
    settings = there.settings if there else choosing(package, choice, session.changes)
    if not settings:
        raise UsageError("it is decided so already.")
    step = await desk.share(who_of(request), act_of(told, settings, who_of(request)))
    return pages.fragment(request, "done.html.j2", news=True, step=step)


def _choice(told: dict[str, str], session: Session) -> tuple[str, Choice]:
    package, choice = told.get("package", ""), told.get("choice", "")
    if not package:
        raise UsageError("nothing is chosen to decide on. Choose one.")
    if choice not in get_args(Choice):
        raise UsageError("this is no decision. Choose one.")
    return package, cast("Choice", choice)


def _reason(told: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in told.items() if key == "because" and text.strip()}
