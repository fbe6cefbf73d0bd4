"""Tables of what is asked beside money, of host countries, and of the strategy."""

from evaluator.model.base import MONEY
from evaluator.results.schema.scores import CITATION, CONFIDENCE, PACKAGE
from evaluator.results.schema.table import Column, Table, register

ASSISTANCE = register(
    Table(
        "assistance",
        "Requests that are not money",
        "A row a request of {a_package} to somebody, such as advocacy or the priority of a licence",
        ("package", "kind", "addressee"),
        (
            PACKAGE,
            Column("kind", "text", "Kind", "What sort of support it is"),
            Column("addressee", "text", "Of whom", "The {institution} or {agency} that is asked"),
            Column("asked", "text", "What is asked", "In the words of the proposal"),
            Column("source", "text", "Source", "Where it is written"),
        ),
    )
)

COVERAGE = register(
    Table(
        "coverage",
        "Where the strategy is met",
        "A row a country or bloc that the strategy wants to reach",
        ("target",),
        (
            Column("target", "text", "Target", "The country's code, or the bloc's column"),
            Column("label", "text", "Name", "What it is called"),
            Column(
                "state",
                "text",
                "Reached by",
                "funded: money is proposed there; priority: a {priority} {package} without it; "
                "proposed: only {packages} that are none; none: nobody",
                of="kind",
            ),
            Column("packages", "ids", "{Chosen}", "Those that go there", of="package"),
            Column("others", "ids", "Other {packages}", "Those that would", of="package"),
            Column(
                "proposed_usd",
                "number",
                "Proposed",
                "Of what is proposed, the part by the shares of targets there; of a bloc's share "
                "alike over its members; empty without an allocation",
                MONEY,
                optional=True,
                part="allocation",
            ),
            Column("note", "text", "Why", "What the strategy says of it"),
            CITATION,
            CONFIDENCE,
        ),
        part="countries",
    )
)

COUNTRY_FACTS = register(
    Table(
        "country_facts",
        "Facts of host countries behind ratings",
        "A row a dated fact, such as a barrier to the market, and the criterion whose ratings it "
        "stands behind",
        ("country", "criterion", "kind", "date"),
        (
            Column("country", "id", "Country", "The country", of="country"),
            Column("criterion", "id", "Criterion", "Whose ratings it is behind", of="criterion"),
            Column("kind", "text", "Kind", "What sort of fact it is"),
            Column("fact", "text", "Fact", "What is known"),
            Column("date", "day", "As of", "The day of the fact"),
            Column("packages", "ids", "{Packages}", "Those that go there", of="package"),
            CITATION,
            CONFIDENCE,
        ),
        part="countries",
    )
)
