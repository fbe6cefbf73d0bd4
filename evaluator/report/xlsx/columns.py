"""What the columns of a workbook are called, and what they mean: their fields in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from evaluator.report.formatting.names import method_name
from evaluator.report.formatting.records import short_names, tool_name
from evaluator.report.xlsx.sheets import (
    ENVELOPE,
    MONEY,
    POINTS,
    SHARE,
    number_format,
)
from evaluator.results.evaluation import Evaluation

Told = tuple[str, str]
"""A head, and what it means."""


@dataclass(frozen=True)
class Column:
    """One column of a sheet."""

    field: str
    """Its name in the run's CSV."""
    head: str
    unit: str
    meaning: str
    pattern: str | None
    """The format of its numbers; None for text."""


_STAYS = {
    "leader": "leader",
    "designated": "priority set",
}
_ENDS = {
    "low": ("from", "The least share at which it stays as it is"),
    "high": ("to", "The greatest share at which it stays as it is"),
    "below": ("changes below", "What changes just below"),
    "above": ("changes above", "What changes just above"),
}
_UNITS = {
    **dict.fromkeys(("expected_rank", "expected_rank_error"), "ranks"),
    **dict.fromkeys(
        ("objective", "objective_without", "gained", "foretold", "lost", "change"), "points"
    ),
    **dict.fromkeys(("contribution", "score", "score_needed"), "points"),
    "shadow_price": "points a million dollars",
    "per_million": "points a million dollars",
}
_BY_FORMAT = {MONEY: "USD", ENVELOPE: "USD", POINTS: "points", SHARE: "%"}
_FIELDS: Mapping[str, Told] = {
    "package": ("Package", "Id of the package"),
    "title": ("Title", "Title of the package"),
    "rank": ("Rank", "Place in the ranking; empty for a package that failed a requirement"),
    "method_score": ("Score of the method", "What the method of the scenario ranks by"),
    "overall": ("Overall score", "Influence times agency scores, summed"),
    "lowest_agency": ("Lowest agency", "The agency that scores the package lowest"),
    "spread": ("Spread", "Highest less lowest agency score"),
    "outcome": ("Requirements", "The worst outcome of its requirements"),
    "red_flags": ("Red flags", "Criteria under their floors"),
    "designated": ("Priority", "Whether it is designated a priority package"),
    "contested": ("Tied at the cut", "Whether it waits for a named include"),
    "reason": ("Reason", "Why it is not a priority package, or what is to be known of it"),
    "criterion": ("Criterion", "Name of the criterion; the CSV has its id"),
    "agency": ("Agency", "Name of the agency; the CSV has its id"),
    "kind": ("Kind", "What kind of row it is"),
    "raw": ("Found", "What was measured, or the ratings of the evaluators"),
    "unit": ("Unit", "Unit of what was measured"),
    "state": ("State", "known or missing"),
    "origin": ("Origin", "Who says so: applicant, verified, derived, panel"),
    "value": ("Value", "What was found, on the scale of the value function"),
    "value_low": ("Value, lower end", "Least plausible value"),
    "value_high": ("Value, upper end", "Greatest plausible value"),
    "panel": ("Values of the panel", "One value an evaluator"),
    "clamped": ("Clamped", "Whether it lay outside the value function's anchors"),
    "floor": ("Floor", "Below it a red flag is raised"),
    "red_flag": ("Red flag", "Whether the value is under its floor"),
    "note": ("Note", "What is to be known of it"),
    "effective_weight": ("Weight in the overall score", "Influence times weight"),
    "contribution": ("Contribution", "Points that it adds to the overall score"),
    "requirement": ("Requirement", "Id of the requirement"),
    "label": ("Label", "What it is called"),
    "citation": ("Source", "Where it comes from"),
    "confidence": ("Confidence", "How far it can be trusted: see the sheet Run"),
    "checked_on": ("Checked on", "Day on which the source was read"),
    "influence": ("Influence", "How much the agency counts in the overall score"),
    "tool": ("Tool", "Name of the financing tool; the CSV has its id"),
    "requested": ("Requested", "What the package asks for"),
    "eligible": ("Eligible", "What of it the law and the designation leave"),
    "allocated": ("Proposed", "What is proposed: a referral envelope, not an award"),
    "asked": ("Asked", "What the package asks for, all tools together"),
    "limit": ("Limit", "Id of the limit"),
    "measure": ("Measure", "face: amounts; subsidy: their credit-reform cost"),
    "sense": ("Sense", "at_most or at_least"),
    "group": ("For", "The package, entity, country or bloc; empty: the whole program"),
    "bound": ("Bound", "What the limit allows or demands"),
    "used": ("Used", "What the amounts use of it"),
    "slack": ("Slack", "Room left"),
    "binding": ("Binds", "Whether there is no room left"),
    "shadow_price": (
        "Points for a further $1 million",
        "What one more million dollars of the bound adds to the objective; the CSV has it a dollar",
    ),
    "price_low": ("Price holds from", "Least bound at which the price holds"),
    "price_high": ("Price holds to", "Greatest bound at which the price holds"),
    "missed": ("Missed", "By how much a goal is missed"),
    "method": ("Method", "Id of the method"),
    "variant": ("Variant", "Which variant of the method, with its parameters"),
    "inconsistency": ("Inconsistency", "Of the judgements, by the method's own index"),
    "warnings": ("Warnings", "What is odd about the judgements"),
    "sheet": ("Sheet", "Name of the sheet"),
    "head": ("Column", "Head of the column"),
    "field": ("Field", "Name of the column in the run's CSV file of that name"),
    "meaning": ("Meaning", "What the column holds"),
    "first_row": ("From row", "Row in which its values begin; its head is above"),
    "id": ("Id", "Id in the files of the study"),
    "borda": ("Borda rank", "Consensus by points for places"),
    "copeland": ("Copeland rank", "Consensus by pairs won"),
    "kemeny": ("Kemeny rank", "In the order that contradicts the agencies least"),
    "lowest": ("Lowest score", "Lowest agency score"),
    "highest": ("Highest score", "Highest agency score"),
    "rank_spread": ("Spread of ranks", "Worst less best rank among the agencies"),
    "below_floor": ("Under the floor of", "Agencies under whose floor it is"),
    "below_median": ("Lower half for", "Agencies that rank it in the lower half"),
    "decisive": ("Decided by", "The one agency without which it would be in or out otherwise"),
    "dominated_by": ("Dominated by", "Packages that every agency scores at least as high"),
    "other": ("Other agency", "Name of the second agency; the CSV has its id"),
    "tau_b": ("Kendall's tau-b", "1: alike; 0: unrelated; -1: reversed"),
    "spearman": ("Spearman's rho", "1: alike; 0: unrelated; -1: reversed"),
    "opposed_pairs": ("Opposed pairs", "Pairs of packages that the two agencies order oppositely"),
    "proportional_weights": ("Weights alike", "Whether their weights are in proportion"),
    "drivers": ("Driven apart by", "The criteria with the largest shares"),
    "share": ("Share", "Part of the whole"),
    "points": ("Points", "Mean difference of scores"),
    "tier": ("Tier", "clear, contested or out, by the draws"),
    "designated_share": ("Priority in", "Share of the draws in which it is designated"),
    "designated_error": ("Priority in, error", "Standard error of that share"),
    "first_share": ("First in", "Share of the draws in which it is first"),
    "first_error": ("First in, error", "Standard error of that share"),
    "expected_rank": ("Expected rank", "Mean rank in the draws"),
    "expected_rank_error": ("Expected rank, error", "Standard error of that mean"),
    "rank_low": ("Rank, 5 %", "Rank at the 5 % quantile of the draws"),
    "rank_high": ("Rank, 95 %", "Rank at the 95 % quantile of the draws"),
    "present": ("Now", "The share as stated"),
    "target": ("Score to reach", "Overall score at which it comes in"),
    "needed": ("Value needed", "Of that criterion alone"),
    "points_in_all": ("Points in all", "Fewest points of value over several criteria"),
    "standard_deviation": ("Standard deviation", "Of the overall score in the draws"),
    **{
        f"{what}_{order}": (f"{what.capitalize()}: {word}", f"Share of the variance: {told}")
        for what in ("influence", "weights", "values")
        for order, word, told in (
            ("first", "alone", "by itself"),
            ("total", "in all", "with all that it takes part in"),
        )
    },
    "interaction": ("Interaction", "Share of the variance that none explains by itself"),
    "low": ("From", "Lower end"),
    "high": ("To", "Upper end"),
    "score_at_low": ("Score at lower end", "Overall score there"),
    "score_at_high": ("Score at upper end", "Overall score there"),
    "swing": ("Swing", "Difference of the two"),
    "test": ("Test", "What is done to the packages: remove, copy, worse"),
    "checks": ("Checks", "How often it was tried"),
    "reversals": ("Reversals", "How often the order of the others changed"),
    "leader_changes": ("Changes of the leader", "How often another of the others led"),
    "refusals": ("Refused", "How often the method gave no answer"),
    "subject": ("What is changed", "Name of what is changed, all else as it is"),
    "amount_usd": ("By", "How much more of it"),
    "gained": ("Points gained", "Of the objective"),
    "price_holds_usd": ("Price holds for", "Up to how much more the shadow price holds"),
    "foretold": ("Foretold by price", "What the shadow price foretells"),
    "used_usd": ("More proposed of it", "How much more of the tool is proposed"),
    "total_usd": ("More proposed in all", "Of all tools together"),
    "subsidy_more_usd": ("More subsidy", "Credit-reform cost that it adds"),
    "capped_by": ("Capped by", "What keeps it from more"),
    "sentence": ("In words", "The row as a sentence"),
    "subsidy_usd": ("Subsidy cost", "Credit-reform cost of the amounts"),
    "supported": ("Packages supported", "How many get something"),
    "entered": ("Enter", "Ids of packages that get something only then"),
    "left": ("Leave", "Ids of packages that get nothing any more"),
    "status": ("Status", "How the solver ended"),
    "gap": ("Gap", "Relative distance to the bound"),
    "score": ("Score", "Overall score"),
    "score_needed": ("Score needed", "The least at which it is supported"),
    "requested_usd": ("Requested", "All tools together"),
    "request_share": ("Smaller request, part", "The largest part of its request that is supported"),
    "request_usd": ("Smaller request", "The same in dollars"),
    "more_usd": ("Limit larger by", "The least at which it is supported"),
    "bound_usd": ("Bound", "What the limit allows"),
    "because": ("Because", "The reason stated"),
    "by": ("By", "Who decided"),
    "date": ("Date", "When it was decided"),
    "objective": ("Objective", "What the program maximises"),
    "objective_without": ("Objective without", "The objective without the override"),
    "lost": ("Points lost", "Of the objective, against the best"),
    "lost_share": ("Lost, part", "Of the best objective"),
    "moved_usd": ("Moved", "Dollars that go elsewhere"),
    "given_more_usd": ("More proposed", "Dollars more than with the override"),
    "factor": ("Of its envelope", "The envelope tried, against the one stated"),
    "envelope_usd": ("Envelope", "The envelope tried"),
    "given_usd": ("Proposed", "What is proposed then"),
    "change": ("Change", "Of the objective"),
    "per_million": ("Change per million", "Of the objective, for each million dollars of envelope"),
    "cap": ("Cap", "The cap under which the point was found; empty: none"),
    "largest_share": ("Largest share", "Of one group in all dollars"),
    "largest_group": ("Largest group", "The group that has it"),
    "core_index": ("Funded in", "Share of the draws in which it is funded"),
    "error": ("Error", "Standard error of the draws"),
    "differs_below": ("Another set below, at", "Largest share tried with another funded set"),
    "differs_above": ("Another set above, at", "Least share tried with another funded set"),
    "solves": ("Solves", "How many programs were solved"),
}
_IN_TABLE: Mapping[str, Told] = {
    "allocation reason": ("What capped it", "Why it gets no more"),
    "allocation limit": ("Held by", "Id of the limit that stands in its way first"),
    "allocation group": ("Held for", "Whom that limit bounds; empty: the whole program"),
    "allocation rival": ("In its place", "The package that is supported instead"),
    "gates outcome": ("Outcome", "passed, failed or unknown"),
    "gates reason": ("Fact", "What decided it"),
    "improvements outcome": ("Would be", "What the improvement would make it"),
    "acceptability confidence": ("Confidence factor", "First in, at its central weights"),
    "budget_sweep given_usd": ("Proposed of it", "What of the tool is proposed then"),
    "budget_sweep total_usd": ("Proposed in all", "What of all tools is proposed then"),
    "frontier_subsidy share": ("Of the best", "The objective against the best"),
    "frontier_concentration share": ("Of the best", "The objective against the best"),
    "core_index tier": ("Tier", "core, borderline or out, by the draws"),
    "sources value": ("Number or rule", "As its file states it"),
    "limits kind": ("Kind", "law: hard; goal: may be missed at a cost"),
    "elicitation group": ("Group", "The group of criteria that the statement weighs"),
    "stability kind": ("Kind", "What moves: an influence, a weight, an effective weight"),
    "tornado kind": ("Kind", "What moves: an influence, a weight, a value"),
    "tornado low": ("From", "Lower end: a share, or a value of 0 to 100"),
    "tornado high": ("To", "Upper end: a share, or a value of 0 to 100"),
    "override_costs lost": ("Points lost", "What the override costs of the objective"),
    "best_portfolios rank": ("Place", "Best first"),
    "envelope allocated": ("Proposed", "All tools together"),
    "ranking asked": ("Asked", "All tools together; summed from allocation.csv"),
    "ranking allocated": ("Proposed", "All tools together; summed from allocation.csv"),
    "ranking tier": ("Tier", "clear, contested or out, by the draws; from acceptability.csv"),
    "ranking designated_share": ("Priority in", "Share of the draws; from acceptability.csv"),
    "ranking rank_low": ("Rank, 5 %", "5 % quantile of the draws; from acceptability.csv"),
    "ranking rank_high": ("Rank, 95 %", "95 % quantile of the draws; from acceptability.csv"),
    "what_it_takes reason": ("Reason", "Why nothing alone suffices, where nothing does"),
}


def columns(evaluation: Evaluation, stem: str, table: pd.DataFrame) -> tuple[Column, ...]:
    """Return the columns of a run's table, in order; no two heads of one are alike."""
    named = _named(evaluation, stem)
    found = []
    for field, values in ((str(name), values) for name, values in table.items()):
        pattern = number_format(stem, field, values)
        truth = "yes or no" if pd.api.types.is_bool_dtype(values) else ""
        plain = truth or ("number" if pattern else "text")
        unit = _UNITS.get(field) or _BY_FORMAT.get(pattern or "", plain)
        head, meaning = _told(stem, field, named)
        head += ", USD" if unit == "USD" else ""
        found.append(Column(field, head, unit, meaning, pattern))
    count = Counter(column.head for column in found)
    return tuple(
        column
        if count[column.head] == 1
        else Column(column.field, f"{column.head} ({column.field})", *_rest(column))
        for column in found
    )


def _rest(column: Column) -> tuple[str, str, str | None]:
    return column.unit, column.meaning, column.pattern


def _told(stem: str, field: str, named: Mapping[str, Told]) -> Told:
    known = named.get(field) or _IN_TABLE.get(f"{stem} {field}") or _FIELDS.get(field)
    if known:
        return known
    ranked = re.fullmatch(r"rank_(\d+)", field)
    if ranked:
        return f"Rank {ranked[1]}", "Share of the draws in which it has this rank"
    stays = re.fullmatch(r"(leader|top_(\d+)|designated)_(low|high|below|above)", field)
    if stays:
        what = _STAYS.get(stays[1]) or f"order of the top {stays[2]}"
        word, meaning = _ENDS[stays[3]]
        return f"{what.capitalize()} {word}", meaning
    words = field.removesuffix("_usd").replace("_", " ").replace(".", " ")
    return f"{words[:1].upper()}{words[1:]}", ""


def _named(evaluation: Evaluation, stem: str) -> dict[str, Told]:
    """Return the columns that agencies, criteria, tools, packages and methods give a name."""
    agencies = short_names(evaluation)
    found: dict[str, Told] = {}
    if stem in ("ranking", "agency_scores"):
        found |= {a: (name, "Score that this agency gives") for a, name in agencies.items()}
    if stem == "agreement":
        told = "Rank that this agency's scores give"
        found |= {f"rank_{a}": (f"Rank by {name}", told) for a, name in agencies.items()}
    if stem in ("weights", "central_weights"):
        told = "Weight of this criterion"
        found |= {name: (one.label, told) for name, one in evaluation.study.criteria.items()}
    if stem == "envelope":
        told = "Amount of this tool"
        tools = {tool: " ".join(tool_name(evaluation, tool)) for tool in evaluation.study.tools}
        found |= {tool: (name, told) for tool, name in tools.items()}
    if stem == "pairwise_winning":
        told = "Share of the draws in which the row's package is ahead of this one"
        found |= {package: (package, told) for package in map(str, evaluation.ranking.index)}
    if stem == "methods" and evaluation.uncertainty:
        told = "Rank under this method"
        names = {str(m): method_name(str(m)) for m in evaluation.uncertainty.methods.columns}
        found |= {m: (f"{name[:1].upper()}{name[1:]}", told) for m, name in names.items()}
    return found
