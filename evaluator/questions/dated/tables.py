"""What the tables of `law` hold; they register with the results."""

from dataclasses import replace

from evaluator.results.schema import MONEY, Column, Table, register
from evaluator.results.schema.scores import BILL, CITATION, CONFIDENCE, FOUND, LABEL

_KIND = Column("kind", "text", "Kind", "What kind of number or rule it is", of="kind")
_ID = Column("id", "id", "Id", "Id in the files of the study")

LAW = register(
    Table(
        "law",
        "Law and facts by date",
        "Every value of law and fact: its place, the days on which it stands, what comes next",
        ("kind", "id", "from"),
        (
            _KIND,
            _ID,
            LABEL,
            Column("where", "text", "Where", "Its place in the files, as keys", of="key"),
            Column("value", "findings", "Value", "As its file states it"),
            Column("from", "day", "From", "First day; empty: it has stood all along"),
            Column("until", "day", "Until", "Last day; empty: no end is known"),
            Column("standing", "text", "Standing", "On the study's day: in force, past or ahead"),
            Column(
                "days_left",
                "integer",
                "Days left",
                "From the study's day to its last; empty where it is not in force or has no end",
                "days",
                optional=True,
            ),
            Column(
                "next_day", "day", "Next change", "Day of the next change; empty: none is stated"
            ),
            Column("next", "findings", "Then", "What stands from that day on"),
            CITATION,
            CONFIDENCE,
            BILL,
            Column("checked_on", "day", "Checked on", "Day on which the source was read"),
        ),
    )
)

_CHANGE = Table(
    "law_changes",
    "What changes, and what moves with it",
    "Each value that changed or is about to, alone and with all of its day: solved again with the "
    "old value and with the new one, all else as on the study's day",
    ("day", "kind", "id"),
    (
        Column("day", "day", "Day", "First day of the new value"),
        Column(
            "days",
            "integer",
            "In days",
            "From the study's day to that day; below 0: so many days ago",
            "days",
        ),
        replace(_KIND, meaning="What kind of value it is; `together`: all that change"),
        replace(_ID, type="text", meaning="Id in the files; of several together, how many"),
        LABEL,
        Column("old", "findings", "Old", "What stood before"),
        Column("new", "findings", "New", "What stands from that day on"),
        Column("status_old", "id", "Ended, old", "How the solver ended with the old", of="status"),
        Column("status_new", "id", "Ended, new", "How the solver ended with the new", of="status"),
        Column(
            "old_usd",
            "integer",
            "Proposed, old",
            "Of all {tools}, with the old value; empty where that is not known",
            MONEY,
            optional=True,
        ),
        Column(
            "new_usd",
            "integer",
            "Proposed, new",
            "Of all {tools}, with the new value; empty where that is not known",
            MONEY,
            optional=True,
        ),
        Column(
            "moved_usd",
            "integer",
            "Moved",
            "What changes hands: by {tool} the greater of given and taken; empty where not known",
            MONEY,
            optional=True,
        ),
        Column("entered", "ids", "Enter", "{Packages} that get something only then", of="package"),
        Column("left", "ids", "Leave", "{Packages} that get nothing any more", of="package"),
        Column("gained", "ids", "Gain", "Others that get more", of="package"),
        Column("lost", "ids", "Lose", "Others that get less", of="package"),
        Column(
            "net",
            "integer",
            "{member}",
            "Proposed of this {tool} with the new value less that with the old; empty where not "
            "known",
            MONEY,
            optional=True,
            of="tool",
            family=True,
        ),
        FOUND,
    ),
)
LAW_CHANGES = register(_CHANGE)
LAW_DIFFERENCE = register(
    replace(
        _CHANGE,
        name="law_difference",
        title="Between two days",
        meaning="Each value that is not the same on the two days, alone and all together: solved "
        "again with the one and with the other, all else as on the earlier day",
    )
)

LAW_CONFIDENCE = register(
    Table(
        "law_confidence",
        "What rests on values that were not read in their source",
        "A row a value in force and what rests on it: whether that binds, and with what amounts",
        ("kind", "id", "rests", "subject"),
        (
            CONFIDENCE,
            BILL,
            _KIND,
            _ID,
            LABEL,
            CITATION,
            Column(
                "rests",
                "text",
                "Rests",
                "limit, {tool} or requirement; empty where none does",
                of="kind",
            ),
            Column(
                "subject",
                "text",
                "On it",
                "The limit, {tool} or requirement that rests on it",
                of="subject",
            ),
            Column(
                "binds",
                "flag",
                "Binds",
                "Whether the limit binds, or some did not pass the requirement; empty for {a_tool}",
                optional=True,
            ),
            Column(
                "groups",
                "integer",
                "Cases",
                "Groups in which the limit binds; {packages} that the {tool} serves, or that "
                "did not "
                "pass the requirement",
                optional=True,
            ),
            Column(
                "usd",
                "integer",
                "Under it",
                "What uses the limit where it binds, what is outstanding included; what is "
                "proposed of the {tool}",
                MONEY,
                optional=True,
            ),
        ),
    )
)
