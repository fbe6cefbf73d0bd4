"""Elements of XMCDA -> alternatives, criteria, performances, weights.

Formats: XMCDA 2.2.1 and 3.1.0 and their schemas, decision-deck.org/xmcda. What 2 holds within a
criterion (scale, function, thresholds) 3 holds in elements of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from evaluator.errors import InvalidStudyError, Problem, did_you_mean
from evaluator.importing.material import Left, Source, Taken
from evaluator.importing.xmcda.elements import Element, is_xmcda, read_xml
from evaluator.loading.tables.cells import MOST_NUMBER
from evaluator.loading.tables.cells import number as figure
from evaluator.sanitize import shortened

_CARRIED = {
    *("alternatives", "criteria", "performanceTable", "criteriaValues"),
    *("criteriaScales", "criteriaFunctions"),
}
_SILENT = {"projectReference", "description"}
_NUMBERS = ("real", "integer", "rational", "label", "interval", "boolean", "NA")


@dataclass(frozen=True)
class Value:
    """A performance: a number, an interval, or why there is none."""

    element: Element
    found: str
    number: float | None = None
    low: float | None = None
    high: float | None = None
    label: str = ""


@dataclass
class Criterion:
    """A criterion, and what is said of it wherever it is said."""

    element: Element
    title: str
    direction: str | None = None
    """`higher` or `lower`."""
    at: Element | None = None
    """Where the direction stands."""
    low: float | None = None
    high: float | None = None
    """Ends of its scale, where they are stated."""
    unit: str = ""
    labels: dict[str, float] = field(default_factory=dict)
    """The rank or value of each label of a qualitative scale."""
    points: tuple[tuple[float, float], ...] = ()
    """Of its value function, by ascending abscissa."""
    function: Element | None = None
    weight: float | None = None
    weighed: Element | None = None
    thresholds: list[Element] = field(default_factory=list)


@dataclass
class Decision:
    """What the files of a problem say together."""

    alternatives: dict[str, Element]
    """By id, those that are active."""
    titles: dict[str, str]
    inactive: dict[str, Element]
    criteria: dict[str, Criterion]
    performances: dict[tuple[str, str], Value]
    """By alternative and criterion."""
    elements: tuple[str, ...]
    """Of the root, those that the study has no form for."""
    files: tuple[str, ...]
    """That are not XMCDA."""
    record: list[Taken | Left]


def read_decision(source: Source) -> Decision:
    """Return a decision problem. Raises InvalidStudyError with all faults, each at its line."""
    problems: list[Problem] = []
    parts = source.parts or (source,)
    roots: list[Element] = []
    for part in parts:
        if not is_xmcda(part):
            continue
        try:
            roots.append(read_xml(part))
        except InvalidStudyError as error:
            problems += error.problems
    if problems:
        raise InvalidStudyError(problems)
    others = tuple(part.file for part in parts if not is_xmcda(part))
    found = _collected([child for root in roots for child in root], others, problems)
    if not found.criteria:
        problems.append(Problem(source.name, "no criterion is there.", "Add criteria."))
    if not found.performances and not problems:
        fact = "no performance is there."
        problems.append(Problem(source.name, fact, "Add the file of the performanceTable."))
    if problems:
        raise InvalidStudyError(list(dict.fromkeys(problems)))
    return found


def _collected(
    top: Sequence[Element], others: tuple[str, ...], problems: list[Problem]
) -> Decision:
    found = Decision({}, {}, {}, {}, {}, (), others, [])
    for element in _each(top, "alternatives", "alternative"):
        active = _active(element)
        name = element.attributes.get("id", "")
        found.titles[name] = element.attributes.get("name") or name
        (found.alternatives if active else found.inactive)[name] = element
    for element in _each(top, "criteria", "criterion"):
        if _active(element):
            _criterion(element, found.criteria, problems)
    _of_criteria(top, found.criteria, problems)
    stated = bool(found.alternatives)
    for element in _each(top, "performanceTable", "alternativePerformances"):
        _performances(element, found, stated, problems)
    left = [one.name for one in top if one.name not in _CARRIED | _SILENT]
    found.elements = tuple(dict.fromkeys(left))
    return found


def _each(top: Sequence[Element], group: str, name: str) -> Iterator[Element]:
    for one in top:
        if one.name == group:
            yield from one.all(name)


def _active(element: Element) -> bool:
    told = element.first("active")
    return told is None or told.words.lower() not in ("false", "0")


def _criterion(element: Element, criteria: dict[str, Criterion], problems: list[Problem]) -> None:
    name = element.attributes.get("id", "")
    where = str(element.place("criteria"))
    if not name:
        problems.append(Problem(where, "a criterion has no id.", "State it."))
        return
    if name in criteria:
        fact = f"the criterion '{shortened(name)}' stands there twice."
        problems.append(Problem(where, fact, "Keep one of the two."))
        return
    own = Criterion(element, element.attributes.get("name") or name)
    criteria[name] = own
    _scale(own, element, problems)
    _function(own, element, problems)
    own.thresholds += element.below("threshold")


def _of_criteria(
    top: Sequence[Element], criteria: dict[str, Criterion], problems: list[Problem]
) -> None:
    """Take what stands beside criteria: scales, functions and thresholds of 3, weights of both."""
    for group, name in (
        ("criteriaScales", "criterionScale"),
        ("criteriaFunctions", "criterionFunction"),
        ("criteriaThresholds", "criterionThreshold"),
    ):
        for element in _each(top, group, name):
            own = _named(element, criteria, group, problems)
            if own is None:
                continue
            _scale(own, element, problems)
            _function(own, element, problems)
            own.thresholds += element.below("threshold")
    groups = [one for one in top if one.name == "criteriaValues"]
    weights = [one for one in groups if _weighs(one)] or (groups if len(groups) == 1 else [])
    for element in (value for one in weights for value in one.all("criterionValue")):
        own = _named(element, criteria, "criteriaValues", problems)
        number = _value(element, "criteriaValues", {}, problems)
        if own is None or number is None:
            continue
        if own.weight is not None:
            fact = "a second weight of this criterion."
            where = str(element.place("criteriaValues"))
            problems.append(Problem(where, fact, "Keep one of the two."))
        elif number.number is None or number.number < 0:
            fact = f"the weight is '{shortened(number.found)}'."
            where = str(number.element.place("criteriaValues"))
            problems.append(Problem(where, fact, "A weight is a number, 0 or more."))
        else:
            own.weight, own.weighed = number.number, number.element


def _weighs(element: Element) -> bool:
    told = (element.attributes.get(key, "") for key in ("mcdaConcept", "name", "id"))
    return any("weight" in one.lower() or one.lower() in ("weights", "importance") for one in told)


def _named(
    element: Element, criteria: dict[str, Criterion], group: str, problems: list[Problem]
) -> Criterion | None:
    told = element.first("criterionID")
    name = told.words if told is not None else ""
    if name in criteria:
        return criteria[name]
    fact = f"the criterion '{shortened(name)}' is not among the criteria."
    where = str((told or element).place(group))
    problems.append(Problem(where, fact, did_you_mean(name, criteria)))
    return None


def _scale(own: Criterion, element: Element, problems: list[Problem]) -> None:
    for scale in element.below("quantitative", "qualitative"):
        told = scale.first("preferenceDirection")
        if told is not None:
            word = told.words.lower()
            own.direction = {"max": "higher", "min": "lower"}.get(word, own.direction)
            own.at = told
            if word not in ("max", "min"):
                fact = f"the preferenceDirection is '{shortened(word)}'."
                where = str(told.place("criteria"))
                problems.append(Problem(where, fact, "Write min or max."))
        for key, name in (("minimum", "low"), ("maximum", "high")):
            end = scale.first(key)
            value = _value(end, "criteria", {}, problems) if end is not None else None
            if value is not None:
                setattr(own, name, value.number)
        unit = scale.first("unit")
        own.unit = unit.words if unit is not None else own.unit
        for one in scale.below("rankedLabel", "valuedLabel"):
            label = one.first("label")
            rank = one.first("rank") or one.first("value") or one
            value = _value(rank, "criteria", {}, problems)
            if label is not None and value is not None and value.number is not None:
                own.labels[label.words] = value.number


def _function(own: Criterion, element: Element, problems: list[Problem]) -> None:
    """Take a value function: points (2), or segments from head to tail (3)."""
    pieces = element.below("points", "piecewiseLinear")
    if not pieces:
        return
    found: dict[float, float] = {}
    for point in pieces[0].below("point", "head", "tail"):
        ends = [point.first("abscissa"), point.first("ordinate")]
        values = [
            _value(end, "criteria", {}, problems) if end is not None else None for end in ends
        ]
        told = [value.number for value in values if value is not None]
        raw, worth = told if len(told) == 2 else (None, None)
        where = str(point.place("criteria"))
        if raw is None or worth is None:
            problems.append(Problem(where, "is no point of two numbers.", "State both."))
        elif found.setdefault(raw, worth) != worth:
            fact = f"gives {raw:g} two values: the function jumps there."
            problems.append(Problem(where, fact, "Let the raw values of its points ascend."))
    own.points, own.function = tuple(sorted(found.items())), pieces[0]


def _performances(element: Element, found: Decision, stated: bool, problems: list[Problem]) -> None:
    told = element.first("alternativeID")
    name = told.words if told is not None else ""
    if name in found.inactive:
        return
    where = str((told or element).place("performanceTable"))
    if not name or (stated and name not in found.alternatives):
        fact = f"the alternative '{shortened(name)}' is not among the alternatives."
        problems.append(Problem(where, fact, did_you_mean(name, found.alternatives)))
        return
    found.alternatives.setdefault(name, told or element)
    found.titles.setdefault(name, name)
    for one in element.all("performance"):
        own = _named(one, found.criteria, "performanceTable", problems)
        criterion = one.first("criterionID")
        if own is None or criterion is None:
            continue
        value = _value(one, "performanceTable", own.labels, problems)
        if value is None:
            continue
        if (name, criterion.words) in found.performances:
            fact = f"a second performance of '{name}' on '{criterion.words}'."
            at = str(one.place("performanceTable"))
            problems.append(Problem(at, fact, "Keep one of the two."))
        found.performances[name, criterion.words] = value


def _value(
    element: Element, part: str, labels: dict[str, float], problems: list[Problem]
) -> Value | None:
    """Return the one value that stands in an element, whatever its type."""
    wrapped = element.first("values") or element
    values = wrapped.all("value")
    if len(values) > 1:
        fact = f"holds {len(values)} values."
        problems.append(Problem(str(element.place(part)), fact, "State one."))
        return None
    inside = values[0] if values else wrapped
    typed = inside.all(*_NUMBERS)
    if not typed:
        fact = "holds no number, label or interval that is known here."
        problems.append(Problem(str(inside.place(part)), fact, "Write <real>...</real>."))
        return None
    return _typed(typed[0], part, labels, problems)


def _typed(
    one: Element, part: str, labels: dict[str, float], problems: list[Problem]
) -> Value | None:
    if one.name == "NA":
        return Value(one, "NA")
    if one.name == "interval":
        ends = [one.first("lowerBound"), one.first("upperBound")]
        told = [_value(end, part, {}, problems) for end in ends if end is not None]
        numbers = [value.number for value in told if value is not None]
        if len(numbers) != 2 or None in numbers:
            problems.append(Problem(str(one.place(part)), "is no interval.", "State both bounds."))
            return None
        low, high = sorted(number for number in numbers if number is not None)
        return Value(one, f"{low:g} to {high:g}", (low + high) / 2, low, high)
    if one.name == "label":
        if one.words not in labels:
            fact = f"the label '{shortened(one.words)}' has no rank on the scale of its criterion."
            problems.append(Problem(str(one.place(part)), fact, did_you_mean(one.words, labels)))
            return None
        return Value(one, one.words, labels[one.words], label=one.words)
    number, text = _number(one)
    if number is None or abs(number) > MOST_NUMBER:
        fact = f"'{shortened(text)}' is no number."
        problems.append(Problem(str(one.place(part)), fact, "Write digits with a decimal point."))
        return None
    return Value(one, text, number)


def _number(one: Element) -> tuple[float | None, str]:
    try:
        if one.name == "rational":
            over, under = one.first("numerator"), one.first("denominator")
            if over is None or under is None:
                return None, "rational"
            text = f"{over.words}/{under.words}"
            return float(Fraction(int(over.words), int(under.words))), text
        if one.name == "boolean":
            return {"true": 1.0, "1": 1.0, "false": 0.0, "0": 0.0}[one.words.lower()], one.words
        return figure(one.words), one.words
    except (ValueError, ZeroDivisionError, KeyError):
        return None, one.words
