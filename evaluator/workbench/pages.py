"""Pages and parts of pages, on the skeleton of every page of a study."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from evaluator.report.formatting.palette import tokens
from evaluator.report.html.page import SCRIPTS, asset, environment, styled
from evaluator.workbench.desk import Desk
from evaluator.workbench.session import Session

VENDORED: Mapping[str, str] = {
    "htmx-2.0.11.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    "idiomorph-ext-0.8.0.min.js": (
        "5811b9a7eda14878b7dab4378bf60432e1bb6f11fcfb970cc26540642650181e"
    ),
}
"""Files of others with their SHA-256, as their makers published them, licences beside."""


@cache
def _templates() -> Environment:
    found = environment()
    rooms = ("evaluator.workbench", "evaluator.report.html")
    found.loader = ChoiceLoader([PackageLoader(room) for room in rooms])
    return found


def page(
    request: Request, screen: str, title: str, session: Session, **context: Any
) -> HTMLResponse:
    """Return a screen as a page. screen: its template, `<screen>.html.j2`."""
    return _rendered(
        request,
        f"{screen}.html.j2",
        200,
        {},
        screen=screen,
        title=title,
        session=session,
        seen=request.app.state.desk.number,
        token=request.state.token,
        **context,
    )


def fragment(
    request: Request, template: str, *, code: int = 200, news: bool = False, **context: Any
) -> HTMLResponse:
    """Return a part of a page. news: the page is told that the session has changed."""
    told = {"faults": (), "meanwhile": (), "entry": False, **context}
    return _rendered(request, template, code, {"hx-trigger": "changed"} if news else {}, **told)


def _rendered(
    request: Request, template: str, code: int, headers: Mapping[str, str], **context: Any
) -> HTMLResponse:
    desk: Desk = request.app.state.desk
    html = (
        _templates()
        .get_template(template)
        .render(
            **{"study": desk.table.study, "large": False, "script": "", **desk.said, **context},
            who=request.state.who,
            may_leave=request.app.state.door.provider is not None,
            may=partial(request.app.state.may, request.state.who),
            code=code,
        )
    )
    return HTMLResponse(desk.isolated(html), code, headers=dict(headers))


def entrance(code: int, why: str, *, part: bool = False, to: str = "/", id: str = "") -> Response:  # noqa: A002
    """Return what who has not come in is told; nothing of the study stands in it.

    why: which of the texts of its template. part: it is shown within a page. to: the path that is
    shown after the sign-in. id: as the provider knows who asks.
    """
    html = _templates().get_template("entrance.html.j2")
    return HTMLResponse(html.render(code=code, why=why, part=part, to=to, id=id), code)


def entrance_style() -> str:
    """Return the style of such pages."""
    return f"{tokens()}{asset('report.css')}{asset('pages.css')}{_own('workbench.css')}"


def static_files(desk: Desk) -> Mapping[str, tuple[str, str]]:
    """Return every file that pages ask for by name: its kind and its text."""
    style = f"{styled(desk.table.study)}{_own('workbench.css')}"
    script = "".join(map(asset, SCRIPTS))
    return {
        "style.css": ("text/css", style),
        "report.js": ("text/javascript", script),
        **{name: ("text/javascript", _own(name)) for name in ("stating.js", "workbench.js")},
        **{name: ("text/javascript", _own(name)) for name in VENDORED},
    }


def _own(name: str) -> str:
    return (files("evaluator.workbench") / "static" / name).read_text(encoding="utf-8")
