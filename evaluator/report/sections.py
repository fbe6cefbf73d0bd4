"""The sections of the report in order. For a further one: a line here, a template there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluator.model.results import Evaluation
from evaluator.report.decision import decision
from evaluator.report.dossier import dossiers
from evaluator.report.envelope import matrix
from evaluator.report.limits import LimitLine, limit_lines
from evaluator.report.portfolio import ranked
from evaluator.report.tables import records, short_names
from evaluator.report.whatif import payload
from evaluator.scoring.ranking import competition_ranks

Context = Mapping[str, Any]


@dataclass(frozen=True)
class Section:
    """One section: `templates/sections/<id>.html.j2`, filled from an Evaluation."""

    id: str
    title: str
    context: Callable[[Evaluation], Context | None]
    """What the template needs; None where the evaluation has nothing for it."""


def _decision(evaluation: Evaluation) -> Context:
    return {"lines": decision(evaluation)}


def _ranking(evaluation: Evaluation) -> Context:
    return {"rows": ranked(evaluation)}


def _agencies(evaluation: Evaluation) -> Context:
    rows = [row for row in ranked(evaluation) if row.rank is not None]
    own = {
        agency: competition_ranks([row.scores[agency] for row in rows]).tolist() if rows else []
        for agency in short_names(evaluation)
    }
    return {
        "rows": rows,
        "influence": evaluation.influence.to_dict(),
        "floors": evaluation.study.scenario.designation.min_agency,
        "own_rank": {
            agency: dict(zip((r.package for r in rows), ranks, strict=True))
            for agency, ranks in own.items()
        },
    }


def _whatif(evaluation: Evaluation) -> Context:
    return {"data": payload(evaluation), "method": evaluation.study.scenario.method}


def _allocation(evaluation: Evaluation) -> Context:
    return {"matrix": matrix(evaluation), "allocation": evaluation.allocation}


def _limits(evaluation: Evaluation) -> Context | None:
    lines = limit_lines(evaluation)
    if not lines:
        return None
    main = [line for line in lines if line.binding or not line.group]
    others = [line for line in lines if not line.binding and line.group]
    return {"main": sorted(main, key=_urgency), "others": others}


def _urgency(line: LimitLine) -> tuple[bool, bool, float]:
    """Sort what binds first, the whole program before single groups, by use."""
    return not line.binding, bool(line.group), -(line.used_share or 0.0)


def _gates(evaluation: Evaluation) -> Context | None:
    if evaluation.gates.empty:
        return None
    titles = evaluation.ranking["title"]
    open_ = [
        {**row, "title": titles[row["package"]]}
        for row in records(evaluation.gates)
        if row["outcome"] != "passed"
    ]
    counted = evaluation.gates.groupby(["requirement", "label"], sort=False)["outcome"]
    return {
        "failed": [row for row in open_ if row["outcome"] == "failed"],
        "unknown": [row for row in open_ if row["outcome"] == "unknown"],
        "requirements": [
            (label, citation, *(int((group == o).sum()) for o in ("passed", "failed", "unknown")))
            for ((_, label), group), citation in zip(counted, _citations(evaluation), strict=True)
        ],
        "exclusions": evaluation.study.exclusions,
    }


def _citations(evaluation: Evaluation) -> Sequence[str]:
    return [requirement.citation.title for requirement in evaluation.study.requirements]


def _changes(evaluation: Evaluation) -> Context | None:
    applied = evaluation.study.applied
    return {"changes": applied} if applied else None


def _packages(evaluation: Evaluation) -> Context:
    return {"dossiers": dossiers(evaluation)}


def _method(evaluation: Evaluation) -> Context:
    return {
        "notes": (*evaluation.provenance.notes, *evaluation.allocation.notes),
        "weights": records(evaluation.weights.T.rename_axis("criterion").reset_index()),
        "method": evaluation.study.scenario.method,
        "settings": evaluation.study.scenario.allocation,
        "rule": evaluation.study.scenario.designation,
        "solver": evaluation.allocation.solver,
        "versions": evaluation.provenance.versions,
    }


def _sources(evaluation: Evaluation) -> Context:
    return {
        "sources": records(evaluation.provenance.sources),
        "counts": evaluation.provenance.confidence,
    }


SECTIONS: tuple[Section, ...] = (
    Section("decision", "The decision in five lines", _decision),
    Section("ranking", "Ranked portfolio", _ranking),
    Section("whatif", "What if the weights were others?", _whatif),
    Section("agencies", "Agencies side by side", _agencies),
    Section("allocation", "Who gets how much of which tool", _allocation),
    Section("limits", "What the tools are limited by", _limits),
    Section("gates", "Requirements: who is out, and why", _gates),
    Section("changes", "What this scenario changes", _changes),
    Section("method", "How it was computed", _method),
    Section("sources", "Sources and how far they can be trusted", _sources),
    Section("packages", "The packages, one by one", _packages),
)


def filled(evaluation: Evaluation) -> list[tuple[Section, Context]]:
    """Return the sections that have something to show, with what their templates need."""
    pairs = [(section, section.context(evaluation)) for section in SECTIONS]
    return [(section, context) for section, context in pairs if context is not None]
