"""Tables of the allocation, and columns that its questions share."""

from dataclasses import replace

from evaluator.model.base import MONEY
from evaluator.results.schema.scores import CITATION, CONFIDENCE, FOUND, LABEL, PACKAGE
from evaluator.results.schema.table import Column, Table, register

TOOL = Column("tool", "id", "{Tool}", "The {tool}", of="tool")
LIMIT = Column("limit", "id", "Limit", "The limit", of="limit")
GROUP = Column(
    "group",
    "id",
    "For",
    "What it counts by, such as the {package}; empty: the whole program",
    of="group",
)
OBJECTIVE = Column(
    "objective",
    "number",
    "Objective points",
    "What the program maximises",
    "objective points",
)
SHADOW_PRICE = Column(
    "shadow_price",
    "number",
    "Objective points for one more",
    "What one more of the bound adds to the objective",
    "objective points a unit",
    optional=True,
)
TOGETHER = Column(
    "together",
    "findings",
    "Only together",
    "Limits that have to be raised as well before anything is gained",
)
GIVEN = Column(
    "given_usd", "integer", "Proposed in all", "What of all {tools} is proposed then", MONEY
)
SUBSIDY_MORE = Column(
    "subsidy_more_usd", "integer", "More subsidy", "Credit-reform cost that it adds", MONEY
)
SENTENCE = Column("sentence", "findings", "In words", "The row as a sentence")


def answer(against: str) -> tuple[Column, ...]:
    """Return what describes the answer of a program that is solved again."""
    return (
        Column(
            "subsidy_usd",
            "integer",
            "Subsidy cost",
            "Credit-reform cost of the amounts; empty where there is no allocation",
            MONEY,
            optional=True,
        ),
        Column(
            "supported",
            "integer",
            "{Packages}",
            "How many get something; empty where there is no allocation",
            "packages",
            optional=True,
        ),
        Column(
            "entered",
            "ids",
            f"Enter, against {against}",
            "{Packages} that get something only then",
            of="package",
        ),
        Column(
            "left",
            "ids",
            f"Leave, against {against}",
            "{Packages} that get nothing any more",
            of="package",
        ),
        Column("status", "id", "How it ended", "How the solver ended", of="status"),
        Column(
            "gap",
            "number",
            "Gap",
            "Relative distance to the bound; empty where there is no allocation",
            optional=True,
        ),
    )


ALLOCATION = register(
    Table(
        "allocation",
        "Allocation",
        "A row a request: requested, eligible, proposed, and what capped it",
        ("package", "tool"),
        (
            PACKAGE,
            TOOL,
            Column("requested", "integer", "Requested", "What the {package} asks for", MONEY),
            Column(
                "eligible",
                "integer",
                "Eligible",
                "What of it could be given",
                MONEY,
            ),
            Column(
                "allocated",
                "integer",
                "Proposed",
                "What is proposed; empty without an allocation",
                MONEY,
                optional=True,
            ),
            Column("reason", "findings", "What capped it", "Why it gets no more"),
        ),
        part="allocation",
    )
)

LIMITS = register(
    Table(
        "limits",
        "Limits",
        "A row a limit and group: bound, used, slack, what one more of it is worth",
        ("limit", "group"),
        (
            LIMIT,
            LABEL,
            Column(
                "kind",
                "text",
                "Kind",
                "law, {envelope}, rule (of this study): hard; goal: may be missed at a cost",
                of="kind",
            ),
            Column(
                "measure",
                "text",
                "Measure",
                "face: amounts; subsidy: their credit cost; {packages}: how many get "
                "something, and "
                "bound, use, slack and miss are such counts",
                of="kind",
            ),
            Column("sense", "text", "Sense", "at_most or at_least"),
            GROUP,
            Column(
                "bound",
                "number",
                "Bound",
                "What the limit allows or demands; empty where it is not known",
                MONEY,
                optional=True,
            ),
            Column(
                "used",
                "number",
                "Used",
                "What the amounts use of it; empty without an allocation",
                MONEY,
                optional=True,
            ),
            Column(
                "slack",
                "number",
                "Slack",
                "Room left; empty where the limit is not in force, and without an allocation",
                MONEY,
                optional=True,
            ),
            Column("binding", "flag", "Binds", "Whether it leaves no room, or too little"),
            SHADOW_PRICE,
            Column(
                "price_low",
                "number",
                "Price holds from",
                "Least bound at which the price holds",
                MONEY,
                optional=True,
            ),
            Column(
                "price_high",
                "number",
                "Price holds to",
                "Greatest bound at which the price holds",
                MONEY,
                optional=True,
            ),
            Column(
                "cut_price",
                "number",
                "Objective points for one less",
                "What the objective loses by one less of the bound; empty where it is not "
                "known, or no allocation is left",
                "objective points a unit",
                optional=True,
            ),
            TOGETHER,
            Column(
                "missed",
                "number",
                "Missed",
                "By how much a goal is missed; empty without an allocation",
                MONEY,
                optional=True,
            ),
            CITATION,
            CONFIDENCE,
            FOUND,
        ),
        part="allocation",
    )
)

NOTICES = register(
    Table(
        "notices",
        "Notices due",
        "What is reported and not bounded: a row a notice and group above its threshold",
        ("limit", "group"),
        (
            replace(LIMIT, head="Notice", meaning="The notice"),
            LABEL,
            GROUP,
            Column("packages", "ids", "{Packages}", "Whose amounts are in it", of="package"),
            Column("amount_usd", "number", "Amount", "What is proposed under it", MONEY),
            Column(
                "threshold_usd",
                "number",
                "Threshold",
                "Above which, or from which on, it is due; empty where it is not known",
                MONEY,
                optional=True,
            ),
            CITATION,
            CONFIDENCE,
            FOUND,
        ),
        part="allocation",
    )
)

INSTITUTION = Column("institution", "id", "{Institution}", "Who acts", of="institution")
_READING = Column(
    "reading",
    "text",
    "Count of days",
    "calendar: all days; of days on which bodies sit: every_day (all, as they meet for form), "
    "ended (the same, to the last planned day), planned (without planned adjournments), adjourned "
    "(the calendar days that are enough in a long adjournment)",
)
_EARLIEST = Column(
    "earliest", "day", "Earliest act", "First day of the act; empty where it is not known, not open"
)
_STATE = Column(
    "state",
    "text",
    "Count",
    "known; not_known: it leaves the calendar of sessions; not_open: it starts in no long "
    "adjournment",
)
_NOT_BEFORE = Column("not_before", "day", "Not before", "What is sure where the day is not known")
_LAPSES_ON = Column(
    "lapses_on", "day", "Authority ends", "Last day of the {institution}'s authority; empty: no end"
)
_LAST_START = Column(
    "last_start",
    "day",
    "Last day to start",
    "Last start after which the act is in time; empty: none, not known, or the authority has no "
    "end",
)

CLOCKS = register(
    Table(
        "clocks",
        "Clocks of notices",
        "A row {a_package}, {institution} that gives to it, notice that has a clock, and "
        "count of days",
        ("package", "institution", "limit", "reading"),
        (
            PACKAGE,
            INSTITUTION,
            replace(LIMIT, head="Notice", meaning="The notice"),
            _READING,
            Column("start", "day", "Starts", "The day from which it runs"),
            _EARLIEST,
            _STATE,
            _NOT_BEFORE,
            _LAPSES_ON,
            _LAST_START,
            Column(
                "due_by",
                "day",
                "Due by",
                "Where the clock delays nothing: the last day for what has to be done",
            ),
            CITATION,
        ),
        part="allocation",
    )
)

ACTS = register(
    Table(
        "acts",
        "When {institutions} may act",
        "A row {a_package}, {institution} that gives to it, count of days: the latest of its "
        "clocks",
        ("package", "institution", "reading"),
        (
            PACKAGE,
            INSTITUTION,
            Column("amount_usd", "integer", "Proposed", "Of all its {tools} together", MONEY),
            Column("limits", "ids", "Clocks of", "The notices whose clocks run", of="limit"),
            _READING,
            _EARLIEST,
            _STATE,
            _NOT_BEFORE,
            _LAPSES_ON,
            Column(
                "late",
                "flag",
                "Too late",
                "Whether the act comes after the authority ended; empty where not known, not open",
                optional=True,
            ),
            _LAST_START,
        ),
        part="allocation",
    )
)

NOTICE_CONTENTS = register(
    Table(
        "notice_contents",
        "What notices have to tell",
        "A row a notice that is due, {package} of it, and thing that it has to tell",
        ("limit", "package", "content"),
        (
            replace(LIMIT, head="Notice", meaning="The notice"),
            PACKAGE,
            Column("content", "text", "What", "What has to be told"),
            Column("of", "text", "From", "A column of {packages}.csv, or amounts, title, ..."),
            Column("missing", "flag", "Missing", "Whether the study does not have it"),
            Column("told", "findings", "Told", "What the study has, or why it has not"),
        ),
        part="allocation",
    )
)
