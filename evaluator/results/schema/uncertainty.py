"""Tables of how sure the ranking is."""

from dataclasses import replace

from evaluator.results.schema.scores import AGENCY, CRITERION, PACKAGE, WEIGHT
from evaluator.results.schema.table import Column, Table, register

DESIGNATED_SHARE = Column(
    "designated_share",
    "number",
    "{Priority} in",
    "Share of the draws in which it is designated",
    "share",
    part="designation",
)

TIED_SHARE = Column(
    "tied_share",
    "number",
    "Tied at the cut in",
    "Share of the draws in which it is tied with others for fewer places than they are: neither in "
    "nor out",
    "share",
    part="designation",
)

ACCEPTABILITY = register(
    Table(
        "acceptability",
        "Acceptability",
        "What the draws say of each {package}, best first",
        ("package",),
        (
            PACKAGE,
            Column(
                "tier",
                "text",
                "Tier",
                "clear, contested or out, by the draws; included or excluded, by name; unsettled, "
                "for a requirement; empty where nothing is cut",
                part="designation",
            ),
            DESIGNATED_SHARE,
            Column(
                "designated_error",
                "number",
                "{Priority} in, error",
                "Standard error of that share",
                "share",
                part="designation",
            ),
            TIED_SHARE,
            Column(
                "first_share",
                "number",
                "First in",
                "Share of the draws in which it is first",
                "share",
            ),
            Column(
                "first_error",
                "number",
                "First in, error",
                "Standard error of that share",
                "share",
            ),
            Column(
                "expected_rank",
                "number",
                "Expected rank",
                "Mean rank in the draws",
                "rank",
                digits=1,
            ),
            Column(
                "expected_rank_error",
                "number",
                "Expected rank, error",
                "Standard error of that mean",
                "ranks",
            ),
            Column(
                "rank_low", "integer", "Rank, 5 %", "Rank at the 5 % quantile of the draws", "rank"
            ),
            Column(
                "rank_high",
                "integer",
                "Rank, 95 %",
                "Rank at the 95 % quantile of the draws",
                "rank",
            ),
            Column(
                "confidence",
                "number",
                "Confidence factor",
                "Share of the draws in which it is first at its central weights; empty where it "
                "is never first",
                "share",
                optional=True,
            ),
        ),
    )
)

RANKS = register(
    Table(
        "rank_acceptability",
        "Rank acceptability",
        "In which share of the draws each {package} holds each rank, or a rank of each band where "
        "there are more than 200; a rank that it never holds has no row",
        ("package", "rank_from"),
        (
            PACKAGE,
            Column("rank_from", "integer", "Rank from", "First rank of the band", "rank"),
            Column(
                "rank_to",
                "integer",
                "Rank to",
                "Last rank of the band; the same where there are 200 ranks or fewer",
                "rank",
            ),
            Column(
                "share",
                "number",
                "Share of draws",
                "Share of the draws in which it has a rank of the band; tied ones share their "
                "ranks equally",
                "share",
            ),
        ),
    )
)

PAIRWISE = register(
    Table(
        "pairwise_winning",
        "Pairwise winning",
        "In which share of the draws one of two {packages} is ahead of the other. A pair that has "
        "no row: the one that comes first in acceptability.csv is ahead in every draw, or, of more "
        "than 200 {packages}, in more of them than in any row",
        ("package", "other"),
        (
            replace(PACKAGE, meaning="The one of the two that comes first in acceptability.csv"),
            Column("other", "id", "Other", "The other", of="package"),
            Column(
                "ahead",
                "number",
                "Ahead in",
                "Share of the draws in which the first is ahead; half of those in which they tie",
                "share",
            ),
        ),
    )
)

CENTRAL_WEIGHTS = register(
    Table(
        "central_weights",
        "Central weights",
        "The typical weights under which {a_package} is first",
        ("package",),
        (PACKAGE, WEIGHT),
    )
)

_STAYS = {
    "leader": ("Leader", "the leader"),
    "order": ("Order of the first", "the order of the ten best, or of all where they are fewer,"),
    "designated": ("{Chosen}", "the {chosen}"),
}


def _standing(name: str) -> tuple[Column, ...]:
    """Return the columns that tell over which shares a matter stands."""
    head, what = _STAYS[name]
    return (
        Column(
            f"{name}_low", "number", f"{head} from", f"Least share at which {what} stays", "share"
        ),
        Column(
            f"{name}_high", "number", f"{head} to", f"Greatest share at which {what} stays", "share"
        ),
        Column(
            f"{name}_below",
            "findings",
            f"{head} changes below",
            f"What changes of {what} just below",
        ),
        Column(
            f"{name}_above",
            "findings",
            f"{head} changes above",
            f"What changes of {what} just above",
        ),
    )


PRESENT = Column("present", "number", "Now", "The share as stated", "share")
STABILITY = register(
    Table(
        "stability",
        "Stability",
        "How far each share can move before the answer changes",
        ("kind", "agency", "criterion"),
        (
            Column("kind", "text", "Kind", "What moves"),
            AGENCY,
            CRITERION,
            PRESENT,
            *(one for name in ("leader", "order") for one in _standing(name)),
            *(replace(one, part="designation") for one in _standing("designated")),
        ),
    )
)

IMPROVEMENTS = register(
    Table(
        "improvements",
        "Improvements",
        "What would bring {a_package} outside in with the fewest points",
        ("package",),
        (
            PACKAGE,
            Column("outcome", "text", "Would be", "What the improvement would make it"),
            Column(
                "target",
                "number",
                "Score to reach",
                "Overall score at which it comes in",
                "points",
                optional=True,
            ),
            CRITERION,
            Column(
                "value", "number", "Value", "Of that criterion, as it is", "points", optional=True
            ),
            Column(
                "needed",
                "number",
                "Value needed",
                "Of that criterion alone",
                "points",
                optional=True,
            ),
            Column(
                "points_in_all",
                "number",
                "Points in all",
                "Fewest points of value over several criteria",
                "points",
                optional=True,
            ),
        ),
        part="designation",
    )
)


def _parts(group: str) -> tuple[Column, ...]:
    head = group.capitalize()
    return (
        Column(
            f"{group}_first",
            "number",
            f"{head}: alone",
            f"Share of the variance that {group} explain by themselves",
            "share",
        ),
        Column(
            f"{group}_total",
            "number",
            f"{head}: in all",
            f"Share of the variance in which {group} take part",
            "share",
        ),
    )


VARIANCE = register(
    Table(
        "variance",
        "Variance",
        "What drives the variance of each overall score",
        ("package",),
        (
            PACKAGE,
            Column(
                "standard_deviation",
                "number",
                "Standard deviation",
                "Of the overall score in the draws",
                "points",
            ),
            *(replace(one, part="agencies") for one in _parts("influence")),
            *(one for group in ("weights", "values") for one in _parts(group)),
            Column(
                "interaction",
                "number",
                "Interaction",
                "Share of the variance that none explains by itself",
                "share",
            ),
        ),
    )
)

TORNADO = register(
    Table(
        "tornado",
        "Tornado",
        "How far one share alone moves the score of ten {packages}, the largest swings first",
        ("package", "kind", "agency", "criterion"),
        (
            PACKAGE,
            Column("kind", "text", "Kind", "What moves"),
            AGENCY,
            CRITERION,
            Column("low", "number", "From", "5 % quantile: a share, or a value of 0 to 100"),
            Column("high", "number", "To", "95 % quantile: a share, or a value of 0 to 100"),
            Column("score_at_low", "number", "Score at lower end", "Overall score there", "points"),
            Column(
                "score_at_high", "number", "Score at upper end", "Overall score there", "points"
            ),
            Column("swing", "number", "Swing", "Difference of the two", "points"),
        ),
    )
)

METHODS = register(
    Table(
        "methods",
        "Methods",
        "Ranks of the {packages} by other methods of aggregation",
        ("package",),
        (
            PACKAGE,
            Column(
                "rank",
                "integer",
                "{member}",
                "Rank under this method",
                "rank",
                optional=True,
                of="method",
                family=True,
            ),
        ),
    )
)

REVERSALS = register(
    Table(
        "reversals",
        "Reversals",
        "Whether removing or copying {a_package} turns ranks round, by method",
        ("method", "test"),
        (
            Column("method", "id", "Method", "The method", of="method"),
            Column("test", "text", "Test", "What is done to the {packages}: remove, copy, worse"),
            Column(
                "variant", "findings", "Variant", "Which variant of the method, with its parameters"
            ),
            Column("checks", "integer", "Checks", "How often it was tried", "times"),
            Column(
                "reversals",
                "integer",
                "Reversals",
                "How often the order of the others changed",
                "times",
            ),
            Column(
                "leader_changes",
                "integer",
                "Changes of the leader",
                "How often another of the others led",
                "times",
            ),
            Column(
                "refusals", "integer", "Refused", "How often the method gave no answer", "times"
            ),
        ),
    )
)
