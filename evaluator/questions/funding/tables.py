"""What the tables of the questions on money hold; they register with the results."""

from dataclasses import replace

from evaluator.results.schema import MONEY, Column, Table, register
from evaluator.results.schema.allocation import (
    GIVEN,
    LIMIT,
    OBJECTIVE,
    SENTENCE,
    SHADOW_PRICE,
    SUBSIDY_MORE,
    TOGETHER,
    TOOL,
    answer,
)
from evaluator.results.schema.scores import FOUND, LABEL, PACKAGE
from evaluator.results.schema.uncertainty import DESIGNATED_SHARE

_CAP = Column(
    "cap",
    "number",
    "Cap",
    "The cap under which the point was found; empty: none",
    MONEY,
    optional=True,
)
_OF_BEST = Column("share", "number", "Of the best", "The objective against the best", "share")
_MORE = Column(
    "more_usd",
    "integer",
    "Limit larger by",
    "The least at which it is supported; empty where no amount is enough",
    MONEY,
    optional=True,
)
_GAINED = Column(
    "gained", "number", "Objective points gained", "Of the objective", "objective points"
)
_LOST = Column(
    "lost",
    "number",
    "Objective points lost",
    "Of the objective, against the best",
    "objective points",
)
_MOVED = Column("moved_usd", "integer", "Moved", "What goes elsewhere", MONEY)

NEXT_AMOUNTS = register(
    Table(
        "next_amounts",
        "What more of each {tool} buys",
        "Each {envelope} and each subsidy budget is raised by the amount shown",
        ("subject",),
        (
            Column("subject", "id", "What is raised", "The {tool} or budget", of="subject"),
            LABEL,
            Column("amount_usd", "integer", "By", "How much more of it", MONEY),
            replace(_GAINED, optional=True),
            SHADOW_PRICE,
            TOGETHER,
            Column(
                "price_holds_usd",
                "number",
                "Price holds for",
                "Up to how much more the shadow price holds; empty where it has no end",
                MONEY,
                optional=True,
            ),
            Column(
                "foretold",
                "number",
                "Foretold by the shadow price",
                "What the shadow price foretells",
                "objective points",
                optional=True,
            ),
            Column(
                "used_usd",
                "integer",
                "More of it proposed",
                "How much more of it is proposed",
                MONEY,
                optional=True,
            ),
            Column(
                "total_usd",
                "integer",
                "More proposed in all",
                "Of all {tools} together",
                MONEY,
                optional=True,
            ),
            replace(SUBSIDY_MORE, optional=True),
            Column("capped_by", "findings", "What holds the rest back", "What keeps it from more"),
            SENTENCE,
            *answer("this run"),
        ),
        part="allocation",
    )
)

WHAT_IT_TAKES = register(
    Table(
        "what_it_takes",
        "What it would take",
        "{Chosen} that get nothing, and the least change that would get each of them "
        "support: a better score, a smaller request, or a larger limit",
        ("package",),
        (
            PACKAGE,
            Column("score", "number", "Score", "Overall score", "points"),
            Column(
                "score_needed",
                "number",
                "Score that suffices",
                "The least at which it is supported; empty where none is enough",
                "points",
                optional=True,
            ),
            Column("requested_usd", "integer", "Requested", "Of alternatives the largest", MONEY),
            Column(
                "request_share",
                "number",
                "Part of its request that fits",
                "The largest part of its request that is supported; empty where none is",
                "share",
                optional=True,
            ),
            Column(
                "request_usd",
                "integer",
                "Request that fits",
                "The same as a sum of money",
                MONEY,
                optional=True,
            ),
            LIMIT,
            _MORE,
            Column("reason", "findings", "Reason", "What caps its requests now"),
            SENTENCE,
        ),
        part="allocation",
    )
)

IN_THE_WAY = register(
    Table(
        "in_the_way",
        "The limits in the way",
        "The limits that keep those {packages} out, and how much more of each lets one in",
        ("package", "limit"),
        (
            PACKAGE,
            LIMIT,
            Column("bound_usd", "number", "Bound", "What the limit allows", MONEY),
            _MORE,
            replace(_GAINED, optional=True),
            *(one for one in answer("this run") if one.name in ("entered", "left")),
            FOUND,
        ),
        part="allocation",
    )
)

OVERRIDE_COSTS = register(
    Table(
        "override_costs",
        "What each override costs",
        "What each named decision costs against leaving it out",
        ("kind", "subject"),
        (
            Column(
                "kind",
                "id",
                "Decision",
                "must, must_not, ignore, include or exclude",
                of="override",
            ),
            Column(
                "subject",
                "id",
                "Override",
                "The {package}, or the limit that is ignored",
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
                "objective points",
                optional=True,
            ),
            Column(
                "lost",
                "number",
                "Objective points lost",
                "What the override costs of the objective",
                "objective points",
                optional=True,
            ),
            replace(_MOVED, optional=True),
            Column(
                "given_more_usd",
                "integer",
                "More proposed",
                "What more than with the override",
                MONEY,
                optional=True,
            ),
            replace(SUBSIDY_MORE, optional=True),
            *answer("this run"),
            SENTENCE,
        ),
        part="allocation",
    )
)

BUDGET_SWEEP = register(
    Table(
        "budget_sweep",
        "What other {envelopes} buy",
        "Each {tool}'s {envelope}, from half of it to half as much again",
        ("tool", "factor"),
        (
            TOOL,
            Column(
                "factor",
                "number",
                "Of its {envelope}",
                "The {envelope} tried, against the one stated",
                "share",
            ),
            Column("envelope_usd", "integer", "{Envelope}", "The {envelope} tried", MONEY),
            replace(
                GIVEN,
                head="Proposed of it",
                meaning="What of the {tool} is proposed then",
                optional=True,
            ),
            Column(
                "total_usd",
                "integer",
                "Proposed in all",
                "What of all {tools} is proposed then",
                MONEY,
                optional=True,
            ),
            replace(OBJECTIVE, optional=True),
            Column(
                "change",
                "number",
                "Change in objective points",
                "Of the objective, against the {envelope} stated",
                "objective points",
                optional=True,
            ),
            Column(
                "per_million",
                "number",
                "Change per million",
                "Of the objective, for each million of {envelope}",
                "objective points a million",
                optional=True,
            ),
            *answer("this run"),
        ),
        part="allocation",
    )
)

FRONTIER_SUBSIDY = register(
    Table(
        "frontier_subsidy",
        "Objective against subsidy cost",
        "The best that can be had with less and less subsidy",
        ("subsidy_usd",),
        (_CAP, OBJECTIVE, _OF_BEST, GIVEN, *answer("the row above")),
        part="allocation",
    )
)

FRONTIER_CONCENTRATION = register(
    Table(
        "frontier_concentration",
        "Objective against concentration",
        "The best that can be had when no group may get so much",
        ("largest_share",),
        (
            replace(_CAP, unit="share"),
            OBJECTIVE,
            _OF_BEST,
            Column(
                "largest_share", "number", "Largest share", "Of one group in all given", "share"
            ),
            Column("largest_group", "id", "Largest group", "The group that has it", of="group"),
            GIVEN,
            *answer("the row above"),
        ),
        part="allocation",
    )
)

BEST_PORTFOLIOS = register(
    Table(
        "best_portfolios",
        "The best different portfolios",
        "The best allocation, and the best of those that support other {packages}",
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
            *answer("the best"),
        ),
        part="allocation",
    )
)

CORE_INDEX = register(
    Table(
        "core_index",
        "How often each {package} is funded",
        "The {chosen} stay as they are; scores are drawn anew",
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
            Column(
                "error", "number", "Error of the draws, ±", "Standard error of that share", "share"
            ),
            DESIGNATED_SHARE,
        ),
        part="allocation",
    )
)
