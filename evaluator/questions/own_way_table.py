"""What the table `own_way` holds; it registers with the results."""

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
            Column("entered", "ids", "Enter", "Would be {priority} {packages}", of="package"),
            Column("left", "ids", "Leave", "Would be none any more", of="package"),
            Column("funded_in", "ids", "Now funded", "Would get something", of="package"),
            Column("funded_out", "ids", "No longer funded", "Would get nothing", of="package"),
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
