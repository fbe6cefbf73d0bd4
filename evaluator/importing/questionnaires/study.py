"""Pairwise answers -> a study whose weights are those of the group, and which ranks by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from evaluator.importing.documents import agency, identifiers, measure, noun, number, scenario
from evaluator.importing.material import SCENARIO, Imported, Left, Note, Reader, Row, Source, Taken
from evaluator.importing.questionnaires.pairs import (
    LEFT_SIDE,
    RIGHT_SIDE,
    Respondent,
    is_questionnaire,
    read_answers,
)

_GROUP = "group"
_VOCABULARY = {"agency": noun("group"), "package": noun("element")}


def read(source: Source, day: dt.date) -> Imported:
    """Read a pairwise questionnaire: a column a pair, a respondent a row.

    What is compared become criteria of one body, weighed by the answers of all (AHP; judgements
    are aggregated by their geometric means). Each stands as a package as well, which has it alone
    and in full: its overall score is its weight in percent. day: of the study. Raises
    InvalidStudyError with all faults, each at its cell.
    """
    record: list[Taken | Left] = []
    notes: list[Note] = []
    elements, respondents = read_answers(source, record, notes)
    names = identifiers(list(elements), dots=False)
    packages = [Row({"id": own, "title": name}) for name, own in names.items()]
    measures = [
        Row(
            {
                "package": own,
                "criterion": f"{_GROUP}.{other}",
                "value": "1" if own == other else "0",
                "unit": "share",
            }
        )
        for own in names.values()
        for other in names.values()
    ]
    notes.append(Note("elements_are_packages", source.name, {"count": len(elements)}))
    notes.append(Note("respondents", source.name, {"count": len(respondents)}))
    record.sort(key=lambda one: one.place)
    tables = {"packages": packages, "measures": measures}
    return Imported(tables, _documents(source, day, names, respondents), record, tuple(notes))


READER = Reader(
    "pairwise",
    "a questionnaire of pairs, a respondent a row",
    is_questionnaire,
    read,
    asks={"negative": (LEFT_SIDE, RIGHT_SIDE)},
)


def _documents(
    source: Source, day: dt.date, names: Mapping[str, str], respondents: Sequence[Respondent]
) -> dict[str, Any]:
    value = {"linear": {"worst": 0, "best": 1}}
    criteria = [measure(own, name, "share", value, source.file) for name, own in names.items()]
    ids = identifiers([one.name for one in respondents])
    weights = {
        "method": "ahp",
        "confidence": "seen",
        "aggregate": "judgements",
        "respondents": [
            {
                "respondent": ids[one.name],
                **({} if ids[one.name] == one.name else {"name": one.name}),
                "pairwise": _pairwise(one, names),
            }
            for one in respondents
        ],
    }
    return {
        SCENARIO: scenario(
            source.path.stem, day.isoformat(), {_GROUP: 1}, source.file, vocabulary=_VOCABULARY
        ),
        f"criteria/{_GROUP}.yaml": agency(_GROUP, "Respondents", criteria, weights),
    }


def _pairwise(one: Respondent, names: Mapping[str, str]) -> dict[str, dict[str, int | float]]:
    found: dict[str, dict[str, int | float]] = {}
    for (first, second), ratio in one.ratios.items():
        found.setdefault(names[first], {})[names[second]] = _written(ratio)
    return found


def _written(ratio: Fraction) -> int | float:
    return number(float(ratio))
