"""The sections of the report in order. For a further one: a line here, a template there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from evaluator.allocation.explain.findings import NotInTime
from evaluator.decision.ordering import ordering_of
from evaluator.model.parts import Part
from evaluator.model.study import Study
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.phrases import ABBREVIATIONS, days
from evaluator.report.formatting.records import (
    Record,
    by_package,
    records,
)
from evaluator.report.html.asked import asked
from evaluator.report.html.whatif import payload
from evaluator.report.messages import say, say_all
from evaluator.report.messages.allocation import conflict_in_words
from evaluator.report.messages.decision import scored
from evaluator.report.messages.judgement import missing_in_words, panel_in_words
from evaluator.report.viewmodel.agencies.pairs import pairs
from evaluator.report.viewmodel.agencies.views import BOUNDS, agency_views, viewed
from evaluator.report.viewmodel.cells import in_names
from evaluator.report.viewmodel.decision.glance import glance, value_for_money
from evaluator.report.viewmodel.decision.lines import decision, decision_title
from evaluator.report.viewmodel.decision.overrides import by_name
from evaluator.report.viewmodel.decision.warnings import warnings
from evaluator.report.viewmodel.dossier import dossiers
from evaluator.report.viewmodel.extended import engagement, extended
from evaluator.report.viewmodel.money.coordination import coordination
from evaluator.report.viewmodel.money.envelope import countries, matrix
from evaluator.report.viewmodel.money.limits import LimitLine, limit_lines, roomy
from evaluator.report.viewmodel.packages.certainty import (
    at_cut,
    distributions,
    heat,
    precision,
    stability,
    stability_heads,
    tornado,
)
from evaluator.report.viewmodel.packages.pictures import pictures
from evaluator.report.viewmodel.packages.portfolio import Ranked, ranked, states_of, tiers_of
from evaluator.report.viewmodel.versions.changes import change_lines
from evaluator.report.viewmodel.versions.since import since, since_section, since_title
from evaluator.results.evaluation import Evaluation
from evaluator.results.schema import TABLES, in_family
from evaluator.uncertainty.stability.findings import IntervalsSought

Context = Mapping[str, Any]
_LARGE = 200
"""Above so many packages, what stands in each of them goes by its id; a legend spells it out."""


@dataclass(frozen=True)
class Section:
    """One section: `templates/sections/<id>.html.j2`, filled from an Evaluation."""

    id: str
    short: str
    """In the list of contents."""
    title: str | Callable[[Evaluation], str]
    context: Callable[[Evaluation], Context | None]
    """What the template needs; None where the evaluation has nothing for it."""
    part: Part | None = None
    """The part of a study that it is about."""
    open: bool = False
    """Whether it stands open; the others are folded, with or without scripts."""


def _decision(evaluation: Evaluation) -> Context:
    return {
        "lines": decision(evaluation),
        "glance": glance(evaluation),
        "value": value_for_money(evaluation),
        "decided": by_name(evaluation),
        **asked(evaluation),
        "since": since(evaluation),
        "seen": viewed(evaluation),
    }


def _ranking(evaluation: Evaluation) -> Context:
    rows = ranked(evaluation)
    return {
        "rows": rows,
        "pictures": pictures(evaluation, rows),
        "influence": evaluation.influence.to_dict(),
        "last": max((row.rank for row in rows if row.rank is not None), default=1),
        "method": evaluation.study.scenario.method.name,
        "scored": partial(scored, unit=ordering_of(evaluation.study.scenario.method).unit),
        "drawn": evaluation.uncertainty and precision(evaluation.uncertainty),
        "tiers": tiers_of(rows),
        "states": states_of(evaluation),
        "status": "designation" in evaluation.study.parts or any(map(_told, rows)),
    }


def _told(row: Ranked) -> bool:
    """Return whether there is more to tell of how a package stands than its rank."""
    return bool(row.state != "ranked" or row.why or row.panels or row.red_flags)


def _agencies(evaluation: Evaluation) -> Context:
    rows = [row for row in ranked(evaluation) if row.rank is not None]
    return {
        "rows": rows,
        "seen": viewed(evaluation),
        "floors": evaluation.study.scenario.designation.min_agency,
        "own": by_package(agreed.packages) if (agreed := evaluation.agreement) else {},
    }


def _views(evaluation: Evaluation) -> Context | None:
    shown = {"titles": evaluation.ranking["title"].to_dict(), **BOUNDS}
    left = len(evaluation.study.agencies) - len(viewed(evaluation))
    return {"views": views, "left": left, **shown} if (views := agency_views(evaluation)) else None


def _agreement(evaluation: Evaluation) -> Context | None:
    found = evaluation.agreement
    if found is None:
        return None
    return {
        "rows": [row for row in ranked(evaluation) if row.rank is not None],
        "own": by_package(found.packages),
        "pairs": pairs(evaluation, found),
        "facts": found.facts,
        "told": [say(one, names_of(evaluation)) for one in (*found.notes, *found.rules)],
    }


def _certainty(evaluation: Evaluation) -> Context | None:
    found = evaluation.uncertainty
    if found is None or found.packages.empty:
        return None
    return {
        "uncertainty": found,
        "distributions": distributions(evaluation),
        "precision": precision(found),
        "tiers": found.clear is not None,
        "rules": [say(one, names_of(evaluation)) for one in (*found.rules, *found.notes)],
        "rows": records(found.packages.reset_index()),
        "titles": evaluation.ranking["title"],
        "heat": heat(evaluation, found),
        "methods": records(found.methods.reset_index()),
        "method_names": list(found.methods.columns),
    }


def _stability(evaluation: Evaluation) -> Context | None:
    found = evaluation.uncertainty
    if found is None or found.stability.empty:
        return None
    unit, names = ordering_of(evaluation.study.scenario.method).unit, names_of(evaluation)
    titles, bars = evaluation.ranking["title"], tornado(evaluation, found)
    cut = [titles[one] for one in at_cut(evaluation) if one is not None]
    return {
        "groups": stability(evaluation, found),
        "heads": list(stability_heads(evaluation, found).values()),
        "tornado": bars,
        "cut": cut,
        "moved": cut or [titles[bars[0][0]] for _ in bars[:1]],
        "unit": unit,
        "sought": [say(one, names) for one in found.rules if isinstance(one, IntervalsSought)],
        "scored": partial(scored, unit=unit),
        "titles": titles,
    }


def _whatif(evaluation: Evaluation) -> Context:
    return {
        "data": payload(evaluation),
        "titles": evaluation.ranking["title"],
        "partly": evaluation.values.isna().to_numpy().any(),
        "panel": evaluation.study.scenario.panel_rule,
        "method": evaluation.study.scenario.method,
    }


def _allocation(evaluation: Evaluation) -> Context | None:
    names = names_of(evaluation)
    labels = " ".join(tool.label for tool in evaluation.study.tools.values())
    return {
        "matrix": matrix(evaluation),
        "countries": countries(evaluation),
        "allocation": evaluation.allocation,
        "broken": [say(one, names) for one in evaluation.allocation.certificate],
        "late": [say(n, names) for n in evaluation.allocation.notes if isinstance(n, NotInTime)],
        "conflicts": [conflict_in_words(one, names) for one in evaluation.allocation.conflicts],
        "institutions": [
            (names.institution(one.institution), one.name)
            for one in evaluation.study.institutions
            if one.tools and names.institution(one.institution) != one.name
        ]
        + [(short, name) for short, name in ABBREVIATIONS.items() if short in labels],
        "kind": evaluation.study.scenario.allocation.objective,
    }


def _limits(evaluation: Evaluation) -> Context | None:
    lines = limit_lines(evaluation)
    if not lines:
        return None
    main = [line for line in lines if line.binding or not line.group]
    others = [line for line in lines if not line.binding and line.group]
    return {
        "main": sorted(main, key=_urgency),
        "others": roomy(others),
        "left_out": len(others),
        "full": evaluation.study.scenario.extent == "full",
        "kind": evaluation.study.scenario.allocation.objective,
    }


def _urgency(line: LimitLine) -> tuple[bool, bool, float]:
    """Sort what binds first, the whole program before single groups, by use."""
    return not line.binding, bool(line.group), -(line.used_share or 0.0)


def _coordination(evaluation: Evaluation) -> Context | None:
    found = coordination(evaluation)
    return {"found": found} if found is not None else None


def _gates(evaluation: Evaluation) -> Context | None:
    if evaluation.gates.empty:
        return None
    titles, names = evaluation.ranking["title"], names_of(evaluation)
    rows = records(evaluation.gates)
    open_ = [
        {
            **row,
            "title": titles[row["package"]],
            "tools": [names.tool(tool) for tool in row["tools"]],
            "reason": say_all(row["reason"], names),
        }
        for row in rows
        if row["outcome"] != "passed"
    ]
    counts = Counter((row["requirement"], row["outcome"]) for row in rows)
    study = evaluation.study
    bound = [
        dict.fromkeys(map(names.owner, study.tools_matching(r.binds))) for r in study.requirements
    ]
    return {
        "failed": [row for row in open_ if row["outcome"] == "failed" and not row["tools"]],
        "unknown": [row for row in open_ if row["outcome"] == "unknown" and not row["tools"]],
        "of_tools": [row for row in open_ if row["tools"]],
        "requirements": [
            (
                r.label,
                "" if r.holds_on(study.as_of) else days(r.from_, r.until),
                ", ".join(owners) or f"the {names.words.package}",
                r.citation.title,
                *(counts[r.id, o] for o in ("passed", "failed", "unknown")),
            )
            for r, owners in zip(study.requirements, bound, strict=True)
        ],
        "exclusions": evaluation.study.exclusions,
    }


def _changes(evaluation: Evaluation) -> Context | None:
    lines = change_lines(evaluation)
    return {"changes": lines} if lines else None


def _packages(evaluation: Evaluation) -> Context:
    by_id = is_large(evaluation.study)
    return {
        "dossiers": dossiers(evaluation, by_id=by_id),
        "full": evaluation.study.scenario.extent == "full",
        "legend": _legend(evaluation.study) if by_id else [],
        "draws": evaluation.uncertainty.draws if evaluation.uncertainty else 0,
        "called": str if by_id else names_of(evaluation).package,
    }


def _legend(study: Study) -> list[tuple[str, str, str, str]]:
    """Return kind, id, label and unit of what goes by its id."""
    return [
        *(("criterion", name, one.label, one.unit or "") for name, one in study.criteria.items()),
        *(("requirement", one.id, one.label, "") for one in study.requirements),
        *(("fact", one.id, one.label, one.unit or "") for one in study.package_attributes),
    ]


def _method(evaluation: Evaluation) -> Context:
    drawn = evaluation.uncertainty
    return {
        "notes": warnings(evaluation),
        "weights": records(
            in_family("weight", evaluation.weights.T).rename_axis("criterion").reset_index()
        ),
        "criteria": evaluation.study.criteria,
        "method": evaluation.study.scenario.method,
        "missing": missing_in_words(evaluation.study.scenario.missing),
        "panel": panel_in_words(evaluation.study.scenario.panel_rule),
        "settings": evaluation.study.scenario.allocation,
        "rule": evaluation.study.scenario.designation,
        "solver": evaluation.allocation.solver,
        "versions": evaluation.provenance.versions,
        "full": evaluation.study.scenario.extent == "full",
        "elicitation": [_in_words(evaluation, row) for row in records(evaluation.elicitation)],
        "reversals": [_in_words(evaluation, row) for row in records(drawn.reversals)]
        if drawn
        else [],
    }


def _in_words(evaluation: Evaluation, row: Record) -> Record:
    """Return a row with its findings in words."""
    said = partial(say_all, names=names_of(evaluation))
    return {k: said(v) if isinstance(v, tuple) else v for k, v in row.items()}


def _sources(evaluation: Evaluation) -> Context:
    kind, schema = in_names(evaluation, ()), TABLES["sources"].column("kind")
    return {
        "sources": [
            {**_in_words(evaluation, row), "kind": kind(schema, row["kind"])}
            for row in records(evaluation.provenance.sources)
        ],
        "counts": evaluation.provenance.confidence,
    }


def _engagement_title(evaluation: Evaluation) -> str:
    told = "Where the strategy is met, and what is asked beside money"
    return told if "countries" in evaluation.study.parts else "What is asked beside money"


SECTIONS: tuple[Section, ...] = (
    Section("decision", "Decision", decision_title, _decision, open=True),
    Section("ranking", "Ranking", "Ranked portfolio", _ranking, open=True),
    Section("certainty", "Certainty", "How sure is the ranking?", _certainty),
    Section("whatif", "What if", "What if the weights were others?", _whatif),
    Section("agencies", "{Agencies}", "{Agencies} side by side", _agencies, "agencies"),
    Section("views", "By {agency}", "What each {agency} sees", _views, "agencies", open=True),
    Section("agreement", "Agreement", "Who agrees, who objects", _agreement, "agencies"),
    Section("stability", "Stability", "What would change the answer", _stability),
    Section(
        "allocation", "Amounts", "Who gets how much of which {tool}", _allocation, "allocation"
    ),
    Section("limits", "Limits", "What the {tools} are limited by", _limits, "allocation"),
    Section(
        "coordination",
        "Who acts when",
        "Who acts when: notices and their clocks",
        _coordination,
        "allocation",
    ),
    Section(
        "extended",
        "What more buys",
        "What more would buy, and what it would take",
        extended,
        "allocation",
    ),
    Section("engagement", "Strategy", _engagement_title, engagement),
    Section("gates", "Requirements", "Requirements: who is out, and why", _gates),
    Section("since", "Since", since_title, since_section),
    Section("changes", "Changes", "What this scenario changes", _changes),
    Section("method", "Method", "How it was computed", _method),
    Section("sources", "Sources", "Sources and how far they can be trusted", _sources),
    Section("packages", "{Packages}", "The {packages}, one by one", _packages),
)


def is_large(study: Study) -> bool:
    """Return whether a report has to spare bytes and layout."""
    return len(study.packages) > _LARGE


def filled(
    evaluation: Evaluation, only: Collection[str] = ()
) -> list[tuple[Section, str, Context]]:
    """Return the sections that have something to show, their titles, what their templates need.

    only: the ids of some; nothing: all.
    """
    parts, found = evaluation.study.parts, []
    for section in SECTIONS:
        wanted = not only or section.id in only
        there = wanted and (section.part is None or section.part in parts)
        context = section.context(evaluation) if there else None
        if context is not None:
            title = section.title if isinstance(section.title, str) else section.title(evaluation)
            found.append((section, title, context))
    return found
