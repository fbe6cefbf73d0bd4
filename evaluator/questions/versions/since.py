"""What changed since the last version: the run that was named, else the scenario extended."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any

from evaluator.allocation.variations import answered, prepare
from evaluator.errors import UsageError
from evaluator.loading.changes import parse_path
from evaluator.loading.keys import fact_path, of_facts
from evaluator.loading.variation import vary
from evaluator.model.scenario import READING, Applied
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.progress import Progress
from evaluator.questions.question import Question, is_large
from evaluator.questions.versions.outcome import Standing, former_standing, outcome, standing
from evaluator.questions.versions.tables import SINCE, SINCE_CHANGES, SINCE_TOOLS
from evaluator.results.evaluation import Evaluation, ExtendedTable

_COMMAND_LINE = "command line"
_BESIDE = ("title", "extent", "uncertainty", "vocabulary", "marking", "programme")
"""Settings that move no rank and no money."""
_IDS = ("id", "agency", "institution", "calendar", "tool", "criterion")


def own_changes(study: Study) -> tuple[Applied, ...]:
    """Return the changes that a scenario makes to the one that it extends, in their order.

    Those of the command line are among them; those that move no rank and no money are not.
    """
    own = (study.scenario.scenario, _COMMAND_LINE)
    last = list(takewhile(lambda change: change.scenario in own, reversed(study.applied)))
    return tuple(one for one in reversed(last) if _path(one)[0] not in _BESIDE)


def extended(study: Study) -> Study:
    """Return the study of the scenario that one extends: each of its own changes taken back.

    Where a share was set and its siblings followed in proportion, they do so back. Raises
    UsageError where a change says which files are read: what the others held is not known.
    """
    changes = own_changes(study)
    if moved := [one.set for one in changes if one.set in READING]:
        raise UsageError(
            f"it reads other files than the scenario that it extends ({', '.join(moved)}). Name "
            "the run that it is to be compared with by --since."
        )
    settings = [one for one in changes if not of_facts(_path(one))]
    facts = {one.set: one.old for one in reversed(changes) if of_facts(_path(one))}
    data = study.model_dump(mode="json", by_alias=True)
    for change in reversed(settings):
        path = _path(change)
        below = path[0] in ("agencies", "institutions", "calendars")
        _put(data if below else data["scenario"], path, change.old)
    for above in dict.fromkeys(_path(one)[:-1] for one in settings):
        _share_out(
            study, data, above, {_path(one)[-1] for one in settings if _path(one)[:-1] == above}
        )
    before = Study.model_validate_json(json.dumps(data))
    return vary(before, facts) if facts else before


def _path(change: Applied) -> tuple[str, ...]:
    return fact_path(parse_path(change.set) or (change.set,))


def _put(node: Any, path: Sequence[str], value: Any) -> None:
    """Set what stands at a path of keys and ids; None: it was not stated."""
    node, last = _at(node, path[:-1]), path[-1]
    if isinstance(node, list):
        place = _place(node, last)
        node[place : place + 1] = [] if value is None else [value]
    elif value is None:
        node.pop(last, None)
    else:
        node[last] = value


def _at(node: Any, path: Sequence[str]) -> Any:
    for step in path:
        node = node[step] if isinstance(node, dict) else node[_place(node, step)]
    return node


def _place(rows: Sequence[Mapping[str, Any]], name: str) -> int:
    return next(i for i, row in enumerate(rows) if name in (row.get(key) for key in _IDS))


def _share_out(study: Study, data: Any, above: Sequence[str], stated: set[str]) -> None:
    """Let shares that no change states follow in proportion, so that their sum stays."""
    if above == ("influence", "shares"):
        shares, total = data["scenario"]["influence"]["shares"], 1.0
    elif above[:1] == ("agencies",) and above[-1] == "judgements":
        if _at(data, above[:-1])["method"] != "points":
            return
        shares = _at(data, above)
        total = sum(_at(study.model_dump(mode="json", by_alias=True), above).values())
    else:
        return
    rest = sum(share for name, share in shares.items() if name not in stated)
    left = total - sum(share for name, share in shares.items() if name in stated)
    for name in shares.keys() - stated if rest > 0 else ():
        shares[name] *= left / rest


def _standing(study: Study) -> Standing:
    """Return how packages stand in a study, without the reasons."""
    scored = evaluate(study, only="scores")
    titles = {package.id: package.title for package in study.packages}
    answer = answered(prepare(study, scored.scores, scored.designated))
    ranking = scored.ranking[["rank", "overall"]]
    return Standing(titles, ranking, tuple(scored.designated), answer.table, answer.status)


def _is_asked(evaluation: Evaluation) -> bool:
    study = evaluation.study
    if study.since is not None:
        return True
    return bool(study.extends and own_changes(study)) and not is_large(evaluation)


def last_standing(study: Study) -> tuple[Standing, tuple[Applied, ...]]:
    """Return how packages stood in the last version, and what the study has otherwise."""
    former = study.since
    if former is None:
        return _standing(extended(study)), own_changes(study)
    return former_standing(former), former.changed


def since_tables(
    before: Standing, changes: Iterable[Applied], now: Standing
) -> dict[str, ExtendedTable]:
    """Return what changed, by package, by tool, and which keys were changed."""
    found = outcome(before, now)
    return {
        "since": ExtendedTable((), SINCE.held(found.packages.reset_index())),
        "since_tools": ExtendedTable((), SINCE_TOOLS.held(found.tools.reset_index())),
        "since_changes": ExtendedTable((), SINCE_CHANGES.frame(_by_key(changes))),
    }


def _answer(evaluation: Evaluation, _: Progress) -> Mapping[str, ExtendedTable]:
    return since_tables(*last_standing(evaluation.study), standing(evaluation))


def _by_key(changes: Iterable[Applied]) -> list[dict[str, str]]:
    """Return a row a key: what stood there first, and what the last change of it says."""
    rows: dict[str, dict[str, str]] = {}
    for change in changes:
        old, new = ("" if v is None else json.dumps(v) for v in (change.old, change.new))
        old = rows.get(change.set, {"old": old})["old"]
        said = {"because": change.because, "by": change.by_whom}
        rows[change.set] = {"key": change.set, "old": old, "new": new, **said}
    return list(rows.values())


QUESTION = Question("since", _answer, asked=_is_asked, without_allocation=True)
