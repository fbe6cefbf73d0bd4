"""What the table of a sweep holds; it is no table of a run, and does not register with them."""

from evaluator.results.schema import MONEY, Column, Table

SWEEP = Table(
    "sweep",
    "Scenarios of a sweep",
    "`evaluator sweep` writes it, with a column for each key that varies behind the first",
    ("scenario",),
    (
        Column("scenario", "integer", "Scenario", "Its number in the sweep, from 1"),
        Column(
            "status",
            "text",
            "Status",
            "As of an allocation; `designated` where none was asked for; `refused` where the "
            "values do not go together",
        ),
        Column("leader", "ids", "First", "Who is first in the ranking", of="package"),
        Column("designated", "ids", "{Priority}", "The {chosen}", of="package", part="designation"),
        Column(
            "contested",
            "ids",
            "Tied at the cut",
            "Who is tied for the last place",
            of="package",
            part="designation",
        ),
        Column(
            "supported", "ids", "Funded", "Who is given something", of="package", part="allocation"
        ),
        Column(
            "amount_usd",
            "integer",
            "Given",
            "To all, of all {tools}",
            MONEY,
            optional=True,
            part="allocation",
        ),
        Column(
            "subsidy_usd",
            "integer",
            "Subsidy cost",
            "Of what is given",
            MONEY,
            optional=True,
            part="allocation",
        ),
        Column(
            "objective",
            "number",
            "Objective",
            "Points gained less the cost of missed goals",
            "objective points",
            optional=True,
            part="allocation",
        ),
        Column(
            "gap",
            "number",
            "Gap",
            "By how much of what is gained a better allocation is not excluded",
            "share",
            optional=True,
            part="allocation",
        ),
        Column(
            "certified",
            "flag",
            "Certified",
            "Whether a second computation found that the amounts keep every limit",
            optional=True,
            part="allocation",
        ),
        Column(
            "cut_by_time",
            "flag",
            "Cut by time",
            "Whether the solver was stopped by its time limit: another run may find more",
            part="allocation",
        ),
        Column(
            "clear",
            "ids",
            "In by the draws",
            "{Priority} in 95 % or more",
            of="package",
            part="designation",
        ),
        Column(
            "out",
            "ids",
            "Out by the draws",
            "{Priority} in 5 % or less",
            of="package",
            part="designation",
        ),
        Column("refused", "text", "Refused", "Why the values do not go together"),
    ),
)
