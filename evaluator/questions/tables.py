"""What the tables of the questions hold; they register with the results."""

from dataclasses import replace

from evaluator.results.schema import Column, Table, register
from evaluator.results.schema.allocation import (
    ANSWER,
    GIVEN,
    LIMIT,
    OBJECTIVE,
    SENTENCE,
    SHADOW_PRICE,
    SUBSIDY_MORE,
    TOGETHER,
    TOOL,
)
from evaluator.results.schema.scores import AGENCY, FOUND, LABEL, PACKAGE
from evaluator.results.schema.uncertainty import DESIGNATED_SHARE, PRESENT

_CAP = Column(
    "cap",
    "number",
    "Cap",
    "The cap under which the point was found; empty: none",
    "USD",
    optional=True,
)
_OF_BEST = Column("share", "number", "Of the best", "The objective against the best", "share")
_MORE = Column(
    "more_usd",
    "integer",
    "Limit larger by",
    "The least at which it is supported; empty where no amount is enough",
    "USD",
    optional=True,
)
_GAINED = Column("gained", "number", "Points gained", "Of the objective", "points")
_LOST = Column("lost", "number", "Points lost", "Of the objective, against the best", "points")
_MOVED = Column("moved_usd", "integer", "Moved", "Dollars that go elsewhere", "USD")

NEXT_DOLLARS = register(
    Table(
        "next_dollars",
        "What more of each tool buys",
        "A row a tool or subsidy budget: what a further amount of it adds, all else as it is",
        ("subject",),
        (
            Column("subject", "id", "What is changed", "The tool or budget", of="subject"),
            LABEL,
            Column("amount_usd", "integer", "By", "How much more of it", "USD"),
            _GAINED,
            SHADOW_PRICE,
            TOGETHER,
            Column(
                "price_holds_usd",
                "number",
                "Price holds for",
                "Up to how much more the shadow price holds; empty where it has no end",
                "USD",
                optional=True,
            ),
            Column(
                "foretold",
                "number",
                "Foretold by price",
                "What the shadow price foretells",
                "points",
                optional=True,
            ),
            Column(
                "used_usd",
                "integer",
                "More proposed of it",
                "How much more of it is proposed",
                "USD",
            ),
            Column("total_usd", "integer", "More proposed in all", "Of all tools together", "USD"),
            SUBSIDY_MORE,
            Column("capped_by", "text", "Capped by", "What keeps it from more"),
            SENTENCE,
            *ANSWER,
        ),
    )
)

WHAT_IT_TAKES = register(
    Table(
        "what_it_takes",
        "What it would take",
        "A row a designated package without support: one change alone that would bring it support",
        ("package",),
        (
            PACKAGE,
            Column("score", "number", "Score", "Overall score", "points"),
            Column(
                "score_needed",
                "number",
                "Score needed",
                "The least at which it is supported; empty where none is enough",
                "points",
                optional=True,
            ),
            Column("requested_usd", "integer", "Requested", "All tools together", "USD"),
            Column(
                "request_share",
                "number",
                "Smaller request, part",
                "The largest part of its request that is supported; empty where none is",
                "share",
                optional=True,
            ),
            Column(
                "request_usd",
                "integer",
                "Smaller request",
                "The same in dollars",
                "USD",
                optional=True,
            ),
            LIMIT,
            _MORE,
            Column("reason", "findings", "Reason", "What caps its requests now"),
            SENTENCE,
        ),
    )
)

IN_THE_WAY = register(
    Table(
        "in_the_way",
        "The limits in the way",
        "A row a package without support and a limit in its way: how much more of it is enough",
        ("package", "limit"),
        (
            PACKAGE,
            LIMIT,
            Column("bound_usd", "number", "Bound", "What the limit allows", "USD"),
            _MORE,
            replace(_GAINED, optional=True),
            *(one for one in ANSWER if one.name in ("entered", "left")),
            FOUND,
        ),
    )
)

OVERRIDE_COSTS = register(
    Table(
        "override_costs",
        "What each override costs",
        "A row an override: what would be without it, all else as it is",
        ("kind", "subject"),
        (
            Column("kind", "text", "Kind", "must, must_not, ignore, include or exclude"),
            Column(
                "subject",
                "id",
                "What is decided",
                "The package, or the limit that is ignored",
                of="subject",
            ),
            TOOL,
            Column("because", "text", "Because", "The reason stated"),
            Column("by", "text", "By", "Who decided"),
            Column("date", "day", "Date", "When it was decided"),
            Column(
                "objective_without",
                "number",
                "Objective without",
                "The objective without the override",
                "points",
                optional=True,
            ),
            Column(
                "lost",
                "number",
                "Points lost",
                "What the override costs of the objective",
                "points",
                optional=True,
            ),
            replace(_MOVED, optional=True),
            Column(
                "given_more_usd",
                "integer",
                "More proposed",
                "Dollars more than with the override",
                "USD",
                optional=True,
            ),
            replace(SUBSIDY_MORE, optional=True),
            *ANSWER,
            replace(SENTENCE, type="findings"),
        ),
    )
)

BUDGET_SWEEP = register(
    Table(
        "budget_sweep",
        "What other envelopes buy",
        "A row a tool and envelope tried, all else as it is",
        ("tool", "factor"),
        (
            TOOL,
            Column(
                "factor",
                "number",
                "Of its envelope",
                "The envelope tried, against the one stated",
                "share",
            ),
            Column("envelope_usd", "integer", "Envelope", "The envelope tried", "USD"),
            replace(
                GIVEN,
                head="Proposed of it",
                meaning="What of the tool is proposed then",
                optional=True,
            ),
            Column(
                "total_usd",
                "integer",
                "Proposed in all",
                "What of all tools is proposed then",
                "USD",
                optional=True,
            ),
            replace(OBJECTIVE, optional=True),
            Column("change", "number", "Change", "Of the objective", "points", optional=True),
            Column(
                "per_million",
                "number",
                "Change per million",
                "Of the objective, for each million dollars of envelope",
                "points a million USD",
                optional=True,
            ),
            *ANSWER,
        ),
    )
)

FRONTIER_SUBSIDY = register(
    Table(
        "frontier_subsidy",
        "Objective against subsidy cost",
        "A row a point: the best objective under a cap on the subsidy cost",
        ("subsidy_usd",),
        (_CAP, OBJECTIVE, _OF_BEST, GIVEN, *ANSWER),
    )
)

FRONTIER_CONCENTRATION = register(
    Table(
        "frontier_concentration",
        "Objective against concentration",
        "A row a point: the best objective under a cap on the largest share of one group",
        ("largest_share",),
        (
            replace(_CAP, unit="share"),
            OBJECTIVE,
            _OF_BEST,
            Column(
                "largest_share", "number", "Largest share", "Of one group in all dollars", "share"
            ),
            Column("largest_group", "id", "Largest group", "The group that has it", of="group"),
            GIVEN,
            *ANSWER,
        ),
    )
)

BEST_PORTFOLIOS = register(
    Table(
        "best_portfolios",
        "The best different portfolios",
        "A row a portfolio, best first; they differ in the set of packages supported",
        ("rank",),
        (
            Column("rank", "integer", "Place", "Best first", "rank"),
            replace(OBJECTIVE, optional=True),
            replace(_LOST, optional=True),
            Column(
                "lost_share",
                "number",
                "Lost, part",
                "Of the best objective",
                "share",
                optional=True,
            ),
            replace(_MOVED, optional=True),
            replace(GIVEN, optional=True),
            *ANSWER,
        ),
    )
)

CORE_INDEX = register(
    Table(
        "core_index",
        "How often each package is funded",
        "A row a package: in which part of the draws the best allocation funds it",
        ("package",),
        (
            PACKAGE,
            Column("tier", "text", "Tier", "core, borderline or out, by the draws"),
            Column(
                "core_index",
                "number",
                "Funded in",
                "Share of the draws in which it is funded",
                "share",
            ),
            Column("error", "number", "Error", "Standard error of that share", "share"),
            DESIGNATED_SHARE,
        ),
    )
)

FUNDED_STABILITY = register(
    Table(
        "funded_stability",
        "Influence over which the funded set stands",
        "A row an agency: how far its influence can move before another set is funded",
        ("agency",),
        (
            AGENCY,
            PRESENT,
            Column("low", "number", "From", "Least share at which the set stands", "share"),
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
            Column("solves", "integer", "Solves", "How many programs were solved", "programs"),
        ),
    )
)
