"""What is said of a value that may have several forms: one fault, of the form that was meant."""

from __future__ import annotations

import pytest

from evaluator.errors import Problem
from evaluator.loading.documents.located import parse_yaml
from evaluator.loading.documents.validation import validate
from evaluator.model.base import Frozen
from evaluator.model.criterion import Scale, ValueFunction
from evaluator.model.financing import Limit, Subsidy
from evaluator.model.requirement import DateCheck
from evaluator.model.scenario import UncertaintySettings

CITED = "citation: {title: x, confidence: seen}"
LIMIT = f"{{id: a, label: b, kind: law, tools: [x], {CITED}, "


def limit(text: str) -> str:
    """Return a limit with further keys."""
    return f"{LIMIT}{text}}}"


MESSAGES: list[tuple[type[Frozen], str, list[str]]] = [
    (Limit, limit("at_most: -5"), [
        "at_most: 'at_most' is -5; it must be at least 0. Mend the number."]),
    (Limit, limit("at_most: 5, until: 9999-12-31"), [
        "until: 'until' is '9999-12-31'; it must be at most 2999-12-31. Mend the number."]),
    (Limit, limit("at_most: 5.5"), [
        "at_most: 'at_most' is 5.5. "
        "It must be a whole number, text or a mapping of keys (share, of, min, sum)."]),
    (Limit, limit("at_most: {share: 2, of: x}"), [
        "at_most.share: 'share' is 2; it must be at most 1. Mend the number."]),
    (Limit, limit("at_most: {share: 0.5}"), ["at_most: the key 'of' is missing. Add it."]),
    (Limit, limit("at_most: {share: 0.5, off: x}"), [
        "at_most: the key 'of' is missing. Add it.",
        "at_most: unknown key 'off'. Did you mean 'of'?"]),
    (Limit, limit("at_most: {min: [1], of: x}"), [
        "at_most: the key 'of' does not go with the others here. Remove it."]),
    (Limit, limit("at_most: {min: [1, -1]}"), [
        "at_most.min.2: entry 2 is -1; it must be at least 0. Mend the number."]),
    (Limit, limit("at_most: 1, packages: {a: {at_leest: 5}}"), [
        "packages.a: unknown key 'at_leest'. Did you mean 'at_least'?"]),
    (Limit, limit("at_most: 1, packages: {a: [[1]]}"), [
        "packages.a.1: entry 1 is a list. It must be text, true or false or a number."]),
    (Limit, limit("at_most: 1, packages: {a: }"), [
        "packages.a: 'a' is empty. Fill it, or take the key out."]),
    (Limit, limit("at_most: 1, tools: []").replace("tools: [x], ", ""), [
        "tools: 'tools' has 0 of at least 1 entries. Add to it."]),
    (UncertaintySettings, "{weights: maybe}", [
        "weights: 'weights' is 'maybe'. It must be 'stated', 'uniform', 'order' or a mapping of "
        "keys (relative_deviation, intervals)."]),
    (UncertaintySettings, "{weights: {relative_deviatio: 0.3}}", [
        "weights: unknown key 'relative_deviatio'. Did you mean 'relative_deviation'?"]),
    (UncertaintySettings, "{weights: {relative_deviation: 30}}", [
        "weights.relative_deviation: 'relative_deviation' is 30; it must be below 1. "
        "Mend the number."]),
    (UncertaintySettings, "{influence: {intervals: {a: [0, 2]}}}", [
        "influence.intervals.a.2: entry 2 is 2; it must be at most 1. Mend the number."]),
    (UncertaintySettings, "{influence: {intervals: {a: [0]}}}", [
        "influence.intervals.a: 'a' has 1 of at least 2 entries. Add to it."]),
    (Subsidy, f"{{rate: free, {CITED}}}", [
        "rate: 'rate' is 'free'. It must be a number or a mapping of keys (by, rates)."]),
    (Subsidy, f"{{rate: {{by: 5, rates: {{a: x}}}}, {CITED}}}", [
        "rate.by: 'by' must be text, not 5. Put it in quotes.",
        "rate.rates.a: 'a' must be a number, not 'x'. Write digits, without quotes."]),
    (DateCheck, "{attribute: a, not_after: soon}", [
        "not_after: 'not_after' is 'soon'. It must be 'call.closes' or a date such as "
        "2026-06-30."]),
    (ValueFunction, "{piecewise: [[0, 0], [2, 300]]}", [
        "piecewise.2.2: entry 2 is 300; it must be at most 100. Mend the number."]),
    (ValueFunction, "{linear: steep}", [
        "linear: 'linear' must be a mapping of keys, not 'steep'. Known here: worst, best."]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "messages"), MESSAGES)
def test_the_words(kind: type[Frozen], text: str, messages: list[str]) -> None:
    problems: list[Problem] = []
    assert validate(kind, parse_yaml(text, "file"), problems) is None
    assert sorted(map(str, problems)) == sorted(f"file line 1, {message}" for message in messages)


def test_entries_are_named_by_their_ids() -> None:
    problems: list[Problem] = []
    text = (
        "{id: a, label: b, kind: law, tools: [x], at_most: {share: 1, of: {tools: [x], plus: []}}}"
    )
    validate(Limit, parse_yaml(text, "file"), problems)
    assert "at_most.of.plus: 'plus' is a list." in " ".join(map(str, problems))


@pytest.mark.parametrize("name", ["[a]", "{a: b}", "", "'  '", "5"])
def test_an_entry_whose_id_is_no_text_is_named_by_its_place(name: str) -> None:
    problems: list[Problem] = []
    text = (
        f"{{label: x, citation: {{title: x, confidence: seen}}, id: s, levels: [{{id: {name}}}]}}"
    )
    assert validate(Scale, parse_yaml(text, "file"), problems) is None
    (told,) = [str(one) for one in problems if "'id'" in str(one)]
    assert told.startswith("file line 1, levels.1.id: 'id' ")
