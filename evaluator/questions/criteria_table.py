"""What the table of `criteria` holds; it registers with the results."""

from evaluator.questions.moved_columns import MOVED
from evaluator.results.schema import MONEY, Column, Table, register
from evaluator.results.schema.scores import LABEL

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
