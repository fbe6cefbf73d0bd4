"""Rules that do nothing."""

from __future__ import annotations

from evaluator.report.formatting.names import Names
from evaluator.report.messages import message
from evaluator.results import idle as kinds


@message(kinds.ValueNowhere)
def _nowhere(found: kinds.ValueNowhere, names: Names) -> str:
    called = {"limit": names.limit, "tool": names.tool, "requirement": names.requirement}
    rule = called[found.owner](found.rule)
    host = found.attribute.startswith("host.")
    what = "country" if host else "package"
    attribute = names.attribute(found.attribute.removeprefix("host."))
    return f"{rule}: asks for {attribute} '{found.value}', which no {what} of the study has"


@message(kinds.GroupOfOne)
def _group(found: kinds.GroupOfOne, names: Names) -> str:
    return f"exclusive group {found.group}: {names.package(found.package)} alone is in it"


@message(kinds.AlternativeToNothing)
def _alternative(found: kinds.AlternativeToNothing, names: Names) -> str:
    asks = f"{names.package(found.package)}, {names.tool(found.tool)}"
    return f"{asks}: alone in the group of alternatives {found.group}"


@message(kinds.LimitWithoutTools)
def _without_tools(found: kinds.LimitWithoutTools, names: Names) -> str:
    w = names.words
    return (
        f"{names.limit(found.limit)}: bounds nothing, the study has none of the {w.tools} it names"
    )


@message(kinds.NothingIgnored)
def _ignored(found: kinds.NothingIgnored, names: Names) -> str:
    return f"ignore {found.pattern}: the study has no such limit"


@message(kinds.NothingChanged)
def _changed(found: kinds.NothingChanged, names: Names) -> str:
    return f"{found.scenario}: the change of {found.key} sets what stood there already"


@message(kinds.NothingForbidden)
def _forbidden(found: kinds.NothingForbidden, names: Names) -> str:
    package, tool = names.package(found.package), names.tool(found.tool)
    return f"must not: {package} does not ask for {tool}"
