"""What the tables of the questions on weights hold; they register with the results."""

from evaluator.questions.moved_columns import MOVED
from evaluator.results.schema import MONEY, Column, Table, register
from evaluator.results.schema.scores import AGENCY, LABEL
from evaluator.results.schema.uncertainty import PRESENT

DECIDING_CRITERIA = register(
    Table(
        "deciding_criteria",
        "Which criteria decide",
        "Each criterion, and what would change without it: its weight is 0, the others of its "
        "{agency} grow in proportion, and the study is ranked, designated and allocated again",
        ("criterion",),
        (
            Column("criterion", "id", "Criterion", "Full id", of="criterion"),
            LABEL,
            Column("agencies", "ids", "Weighed by", "Who gives it weight", of="agency"),
            Column("weight", "number", "Weight", "In the overall score", "share", digits=4),
            Column(
                "decides",
                "text",
                "Decides",
                "The weightiest that changes without it: `priority`, `money`, `ranks`, `nothing`; "
                "`all`: nothing else is weighed, and it cannot be left out",
            ),
            Column("ranks", "integer", "Ranks that move", "{Packages} whose rank is another"),
            Column("furthest", "integer", "Furthest", "The largest move of one rank", "rank"),
            *MOVED,
            Column(
                "moved_usd",
                "integer",
                "Moved",
                "What changes hands; empty where nothing was allocated, or would be",
                MONEY,
                optional=True,
            ),
            Column(
                "status",
                "id",
                "Ended",
                "How the solver ended; empty where nothing was allocated",
                of="status",
            ),
        ),
    )
)

OWN_WAY = register(
    Table(
        "own_way",
        "If one {agency} had its way",
        "A row {an_agency}: what would change if it had all the influence; the study is ranked, "
        "designated and allocated again, floors, named decisions and limits stay",
        ("agency",),
        (
            AGENCY,
            *MOVED,
            Column(
                "moved_usd",
                "integer",
                "Moved",
                "What changes hands; empty where nothing could be allocated",
                MONEY,
                optional=True,
            ),
            Column("status", "id", "Ended", "How the solver ended", of="status"),
        ),
        part="agencies",
    )
)

FUNDED_STABILITY = register(
    Table(
        "funded_stability",
        "Influence over which the funded set stands",
        "How far each {agency}'s influence can move before another set of {packages} is funded",
        ("agency",),
        (
            AGENCY,
            PRESENT,
            Column("low", "number", "Stands from", "Least share at which the set stands", "share"),
            Column("high", "number", "To", "Greatest share at which the set stands", "share"),
            Column(
                "differs_below",
                "number",
                "Another set below, at",
                "Largest share tried with another funded set; empty where there is none",
                "share",
                optional=True,
            ),
            Column(
                "differs_above",
                "number",
                "Another set above, at",
                "Least share tried with another funded set; empty where there is none",
                "share",
                optional=True,
            ),
            Column("solves", "integer", "Tried", "At how many shares it was looked at", "shares"),
        ),
        part="agencies",
    )
)
