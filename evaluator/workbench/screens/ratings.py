"""Ratings: what is missing or split, and does it decide who is designated and funded?"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from evaluator.report.viewmodel.agencies.views import SPLIT
from evaluator.workbench import pages
from evaluator.workbench.screens.common import board_of, desk_of
from evaluator.workbench.solving.parting import OpenOf


async def page(request: Request) -> Response:
    """The question; its answer takes a second or two, and comes by itself."""
    return pages.page(request, "ratings", "Ratings", (await board_of(request)).session)


async def screen(request: Request) -> Response:
    """What is open, what decides most first."""
    desk, session = desk_of(request), (await board_of(request)).session
    rows = await desk.open_ratings(OpenOf(session.values))
    return pages.fragment(
        request,
        "ratings_screen.html.j2",
        session=session,
        rows=rows,
        split=SPLIT,
        names=desk.names,
    )
