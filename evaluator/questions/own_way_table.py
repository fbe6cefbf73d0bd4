"""What the table `own_way` holds; it registers with the results."""

from evaluator.questions.moved_columns import MOVED
from evaluator.results.schema import MONEY, Column, Table, register
from evaluator.results.schema.scores import AGENCY

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
