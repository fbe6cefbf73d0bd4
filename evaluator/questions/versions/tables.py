"""What the tables of what changed since the last version hold; they register with the results."""

from evaluator.results.schema import MONEY, Column, Table, register
from evaluator.results.schema.scores import TITLE

SINCE_TABLES = ("since", "since_tools", "since_changes")


def _sides(
    name: str, kind: str, head: str, meaning: str, unit: str = "", part: str | None = None
) -> tuple[Column, Column]:
    """Return a column of each version; it is empty where that one does not have it."""
    before, after = (
        Column(
            f"{name}_{when}",
            kind,  # type: ignore[arg-type]
            f"{head} {when}",
            f"{meaning}, {where}",
            unit,
            optional=True,
            part=part,  # type: ignore[arg-type]
        )
        for when, where in (("before", "in the last version"), ("after", "in this one"))
    )
    return before, after


_PACKAGE = Column("package", "id", "{Package}", "The {package}, of either version")

SINCE = register(
    Table(
        "since",
        "What changed since the last version, by {package}",
        "Every {package} of either version as it stands in both; the last version is the run that "
        "was named, else the scenario that this one extends",
        ("package",),
        (
            _PACKAGE,
            TITLE,
            *_sides("rank", "integer", "Rank", "Place in the ranking", "rank"),
            *_sides("overall", "number", "Overall score", "Overall score", "points"),
            *_sides(
                "priority", "flag", "{Priority}", "Whether it is {priority}", "", "designation"
            ),
            *_sides("usd", "integer", "Allocated", "Of all {tools}", MONEY, "allocation"),
        ),
    )
)

SINCE_TOOLS = register(
    Table(
        "since_tools",
        "What changed since the last version, by {tool}",
        "What each {tool} gives, then and now",
        ("tool",),
        (
            Column("tool", "id", "{Tool}", "The {tool}, of either version"),
            Column("before", "integer", "Before", "Given in the last version", MONEY),
            Column("after", "integer", "After", "Given in this one", MONEY),
            Column("net", "integer", "Net", "By how much more or less", MONEY),
            Column("moved", "integer", "Moved", "What changes hands", MONEY),
        ),
        part="allocation",
    )
)

SINCE_CHANGES = register(
    Table(
        "since_changes",
        "What was changed since the last version",
        "Every key that this version has otherwise",
        ("key",),
        (
            Column("key", "id", "Changed key", "As a scenario's `set` would write it"),
            Column("old", "text", "From", "As JSON; empty: it was not stated"),
            Column("new", "text", "To", "As JSON; empty: it is not stated"),
            Column("because", "text", "Because", "The reason that is stated"),
            Column("by", "text", "By", "Who changed it, and when"),
        ),
    )
)
