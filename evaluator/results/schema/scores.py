"""Tables of the scores, and of what they rest on."""

from evaluator.results.schema.table import Column, Table, register

PACKAGE = Column("package", "id", "{Package}", "The {package}", of="package")
TITLE = Column("title", "text", "Title", "Title of the {package}")
AGENCY = Column("agency", "id", "{Agency}", "The {agency}", of="agency", part="agencies")
CRITERION = Column("criterion", "id", "Criterion", "The criterion", of="criterion")
LABEL = Column("label", "text", "Label", "What it is called")
CITATION = Column("citation", "text", "Source", "Where it comes from")
CONFIDENCE = Column(
    "confidence",
    "text",
    "Confidence",
    "How far it can be trusted: seen, seen-old, press, derived, unverified or illustrative",
)
BILL = Column("bill", "text", "If enacted", "The bill that would make it so; empty: it is no bill")
NOTE = Column("note", "text", "Note", "What is to be known of it")
FOUND = Column("note", "findings", "Note", "What is to be known of it")
SCORE = Column(
    "score",
    "number",
    "{member}",
    "Score that this {agency} gives",
    "points",
    of="agency",
    family=True,
    part="agencies",
)
WEIGHT = Column(
    "weight", "number", "{member}", "Weight of this criterion", "share", of="criterion", family=True
)

RANKING = register(
    Table(
        "ranking",
        "Ranking",
        "A row {a_package}, best first; {packages} that failed a requirement last, unranked",
        ("package",),
        (
            PACKAGE,
            TITLE,
            Column(
                "rank",
                "integer",
                "Rank",
                "Place in the ranking; empty for {a_package} that failed a requirement",
                "rank",
                optional=True,
            ),
            Column(
                "method_score",
                "number",
                "Score of the method",
                "What the method of the scenario ranks by, on the method's own scale",
                optional=True,
            ),
            Column(
                "overall",
                "number",
                "Overall score",
                "Weights times values, summed",
                "points",
            ),
            SCORE,
            Column(
                "lowest_agency",
                "id",
                "Lowest {agency}",
                "The {agency} that scores the {package} lowest",
                of="agency",
                part="agencies",
            ),
            Column(
                "spread",
                "number",
                "Spread",
                "Highest less lowest {agency} score",
                "points",
                part="agencies",
            ),
            Column(
                "outcome",
                "text",
                "Requirements",
                "The worst outcome of those that are asked of it as a whole",
            ),
            Column("red_flags", "ids", "Red flags", "Criteria under their floors", of="criterion"),
            Column(
                "designated",
                "flag",
                "{Priority}",
                "Whether it is a {priority} {package}",
                part="designation",
            ),
            Column(
                "contested",
                "flag",
                "Tied at the cut",
                "Whether it waits for a named include",
                part="designation",
            ),
            Column(
                "reason",
                "findings",
                "Reason",
                "What decided how it stands, and what is to be known of it",
            ),
        ),
        of_all=True,
    )
)

AGENCY_SCORES = register(
    Table(
        "agency_scores",
        "{Agency} scores",
        "Each {agency}'s score of each {package}",
        ("package",),
        (PACKAGE, SCORE),
        part="agencies",
        of_all=True,
    )
)

VALUES = register(
    Table(
        "values",
        "Values",
        "A row {a_package} and criterion: what is known, its value, weight, contribution",
        ("package", "criterion"),
        (
            PACKAGE,
            CRITERION,
            Column(
                "agency",
                "id",
                "{Agency}",
                "The {agency} that owns the criterion",
                of="agency",
                part="agencies",
            ),
            Column("kind", "text", "Kind", "measure or rating"),
            Column("raw", "text", "Found", "What was measured, or the ratings of the evaluators"),
            Column("unit", "text", "Unit", "Unit of what was measured"),
            Column("state", "text", "State", "known, missing or not applicable"),
            Column(
                "origin",
                "text",
                "Origin",
                "Who says so: applicant, verified, derived, panel and its rule",
            ),
            Column(
                "value",
                "number",
                "Value",
                "What was found, on the scale of the value function; 0 where it is missing, empty "
                "where it does not count",
                "points",
                optional=True,
            ),
            Column(
                "value_low",
                "number",
                "Value, lower end",
                "Least plausible value",
                "points",
                optional=True,
            ),
            Column(
                "value_high",
                "number",
                "Value, upper end",
                "Greatest plausible value",
                "points",
                optional=True,
            ),
            Column("panel", "numbers", "Values of the panel", "One value an evaluator", "points"),
            Column("rated", "integer", "Rated", "How many evaluators rated"),
            Column("blank", "integer", "Not rated", "How many evaluators have not rated"),
            Column("recused", "integer", "Recused", "How many evaluators stood aside"),
            Column(
                "clamped", "flag", "Clamped", "Whether it lay outside the value function's anchors"
            ),
            Column(
                "floor",
                "number",
                "Floor",
                "Below it a red flag is raised; empty where the criterion has none",
                "points",
                optional=True,
            ),
            Column("red_flag", "flag", "Red flag", "Whether the value is under its floor"),
            Column("note", "findings", "Note", "What is to be known of it"),
            Column(
                "effective_weight",
                "number",
                "Weight in the overall score",
                "How much of the overall score hangs on it",
                "share",
            ),
            Column(
                "contribution",
                "number",
                "Contribution",
                "Points that it adds to the overall score; empty where that is not known",
                "points",
                optional=True,
                digits=3,
            ),
        ),
    )
)

GATES = register(
    Table(
        "gates",
        "Requirements",
        "A row {a_package} and requirement that is asked of it: passed, failed or unknown, and why",
        ("package", "requirement"),
        (
            PACKAGE,
            Column("requirement", "id", "Requirement", "The requirement", of="requirement"),
            LABEL,
            Column(
                "tools",
                "ids",
                "Of {tools}",
                "{Tools} that it is a condition of; empty: it is one of the whole {package}",
                of="tool",
                part="financing",
            ),
            Column("outcome", "text", "Outcome", "passed, failed or unknown"),
            Column("reason", "findings", "Fact", "What decided it"),
            CITATION,
            CONFIDENCE,
        ),
    )
)

WEIGHTS = register(
    Table(
        "weights",
        "Weights",
        "How much each criterion counts; weights of a row sum to 1",
        ("agency",),
        (
            AGENCY,
            Column(
                "influence",
                "number",
                "Influence",
                "How much the {agency} counts in the overall score",
                "share",
                part="agencies",
            ),
            WEIGHT,
        ),
    )
)

ELICITATION = register(
    Table(
        "elicitation",
        "Elicitation",
        "How weights were stated, and their inconsistency",
        ("agency", "group"),
        (
            AGENCY,
            Column("group", "text", "Group", "The group of criteria that the statement weighs"),
            Column("method", "id", "Method", "The method of elicitation"),
            Column("variant", "findings", "Variant", "Which variant of it, with its parameters"),
            Column(
                "inconsistency",
                "number",
                "Inconsistency",
                "Of the judgements, by the method's own index; empty where it has none",
                optional=True,
            ),
            Column("warnings", "findings", "Warnings", "What is odd about the judgements"),
        ),
    )
)

SOURCES = register(
    Table(
        "sources",
        "Sources",
        "Every number and rule with its citation and how far it can be trusted",
        ("kind", "id"),
        (
            Column("kind", "text", "Kind", "What kind of number or rule it is", of="kind"),
            Column("id", "id", "Id", "Id in the files of the study"),
            LABEL,
            Column("value", "findings", "Number or rule", "As its file states it"),
            CITATION,
            CONFIDENCE,
            BILL,
            Column("checked_on", "day", "Checked on", "Day on which the source was read"),
            NOTE,
        ),
    )
)
