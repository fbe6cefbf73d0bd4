"""Tables of whose rankings agree, and who objects."""

from evaluator.results.schema.scores import AGENCY, CRITERION, PACKAGE
from evaluator.results.schema.table import Column, Table, register

OTHER = Column("other", "id", "Other {agency}", "The second {agency}", of="agency")

AGREEMENT = register(
    Table(
        "agreement",
        "Agreement",
        "A row {a_package}: ranks by {agency}, consensus ranks, who objects, who decides",
        ("package",),
        (
            PACKAGE,
            Column(
                "rank",
                "integer",
                "Rank by {member}",
                "Rank that this {agency}'s scores give",
                "rank",
                of="agency",
                family=True,
            ),
            Column("borda", "integer", "Borda rank", "Consensus by points for places", "rank"),
            Column("copeland", "integer", "Copeland rank", "Consensus by pairs won", "rank"),
            Column(
                "kemeny",
                "integer",
                "Kemeny rank",
                "In the order that contradicts the {agencies} least; empty where it is not sought",
                "rank",
                optional=True,
            ),
            Column("lowest", "number", "Lowest score", "Lowest {agency} score", "points"),
            Column("highest", "number", "Highest score", "Highest {agency} score", "points"),
            Column("spread", "number", "Spread", "Highest less lowest {agency} score", "points"),
            Column(
                "rank_spread",
                "integer",
                "Spread of ranks",
                "Worst less best rank among the {agencies}",
                "ranks",
            ),
            Column(
                "below_floor",
                "ids",
                "Under the floor of",
                "{Agencies} under whose floor it is",
                of="agency",
                part="designation",
            ),
            Column(
                "below_median",
                "ids",
                "Lower half for",
                "{Agencies} that rank it in the lower half",
                of="agency",
            ),
            Column(
                "decisive",
                "id",
                "Decided by",
                "The one {agency} without which it would be in or out otherwise",
                of="agency",
                part="designation",
            ),
            Column(
                "dominated_by",
                "ids",
                "Dominated by",
                "{Packages} that every {agency} scores higher",
                of="package",
            ),
        ),
        part="agencies",
    )
)

PAIRS = register(
    Table(
        "agreement_pairs",
        "Agreement of pairs",
        "A row a pair of {agencies}: how much their rankings agree, and what divides",
        ("agency", "other"),
        (
            AGENCY,
            OTHER,
            Column(
                "tau_b",
                "number",
                "Kendall's tau-b",
                "1: alike; 0: unrelated; -1: reversed; empty where one ranks all alike",
                optional=True,
            ),
            Column(
                "spearman",
                "number",
                "Spearman's rho",
                "1: alike; 0: unrelated; -1: reversed; empty where one ranks all alike",
                optional=True,
            ),
            Column(
                "opposed_pairs",
                "integer",
                "Opposed pairs",
                "Pairs of {packages} that the two {agencies} order oppositely",
                "pairs",
            ),
            Column(
                "proportional_weights",
                "flag",
                "Weights alike",
                "Whether their weights are in proportion",
            ),
            Column(
                "drivers",
                "ids",
                "Driven apart by",
                "The criteria with the largest shares of the disagreement, the largest first",
                of="criterion",
            ),
            Column(
                "apart_on",
                "ids",
                "Furthest apart on",
                "The {packages} whose ranks by the two differ most, the furthest first",
                of="package",
            ),
        ),
        part="agencies",
    )
)

DRIVERS = register(
    Table(
        "agreement_drivers",
        "What divides",
        "A row a pair of {agencies} and criterion: its share of the disagreement",
        ("agency", "other", "criterion"),
        (
            AGENCY,
            OTHER,
            CRITERION,
            Column(
                "share",
                "number",
                "Share",
                "Part of the disagreement of the pair, all criteria together",
                "share",
            ),
            Column(
                "points",
                "number",
                "Points",
                "Mean absolute deviation, over {packages}, of what it adds to the difference of "
                "the two scores",
                "points",
            ),
        ),
        part="agencies",
    )
)

AGENCY_VIEWS = register(
    Table(
        "agency_views",
        "Each {agency} against the others",
        "A row {an_agency} and {package}: its rank, that of the others together, and what makes "
        "the difference",
        ("agency", "package"),
        (
            AGENCY,
            PACKAGE,
            Column("rank", "integer", "Own rank", "Rank that its scores give", "rank"),
            Column(
                "others",
                "integer",
                "Rank by the others",
                "Rank that the scores of the other {agencies} give, weighed by their influence; "
                "empty where they have none",
                "rank",
                optional=True,
            ),
            Column(
                "alone",
                "flag",
                "In by it alone",
                "Whether it would be {priority} if this {agency} had all the influence; floors and "
                "named decisions stay",
                part="designation",
            ),
            Column(
                "criterion",
                "id",
                "Made so by",
                "Criterion with the largest part in the difference of the scores, in the direction "
                "of the ranks; empty where the ranks are the same, or values do not count",
                of="criterion",
            ),
            Column(
                "points",
                "number",
                "Points",
                "That part: (its weight less that of the others) x (value less its mean over the "
                "{packages})",
                "points",
                optional=True,
            ),
            Column(
                "weight_others",
                "number",
                "Weight of the others",
                "Of that criterion with the other {agencies} together",
                "share",
                optional=True,
            ),
            Column(
                "mean",
                "number",
                "Mean value",
                "Of that criterion over the {packages} ranked",
                "points",
                optional=True,
            ),
        ),
        part="agencies",
    )
)
