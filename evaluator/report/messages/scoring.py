"""What decided a requirement, which method was used, what is odd about weights."""

from __future__ import annotations

import math
from collections.abc import Iterable

from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import fixed, general
from evaluator.report.messages import message
from evaluator.report.messages.provenance import not_rated
from evaluator.scoring import findings as kinds
from evaluator.scoring.findings import Parameter


def value_in_words(value: kinds.Value) -> str:
    """Return a fact as people say it.

    >>> value_in_words(True), value_in_words(0.0), value_in_words(15200), value_in_words("LIC")
    ('yes', '0', '15,200', 'LIC')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else general(value, 10)


@message(kinds.LayersDescribed)
def _layers(found: kinds.LayersDescribed, names: Names) -> str:
    return f"layer {', '.join(found.layers)} described"


@message(kinds.LayersAbsent)
def _absent(found: kinds.LayersAbsent, names: Names) -> str:
    return f"layer {', '.join(found.layers)} is missing"


@message(kinds.NoLayer)
def _no_layer(found: kinds.NoLayer, names: Names) -> str:
    return "no layer is described"


@message(kinds.Count)
def _count(found: kinds.Count, names: Names) -> str:
    return f"{' and '.join(found.of)}: {found.count}, at least {found.at_least} needed"


@message(kinds.FactMissing)
def _fact_missing(found: kinds.FactMissing, names: Names) -> str:
    return f"{names.attribute(found.attribute)} is missing: {found.because}"


@message(kinds.NoCall)
def _no_call(found: kinds.NoCall, names: Names) -> str:
    return "the scenario states no call"


@message(kinds.Dated)
def _dated(found: kinds.Dated, names: Names) -> str:
    return f"{names.attribute(found.attribute)} {found.day}, last day {found.last}"


@message(kinds.NoMember)
def _no_member(found: kinds.NoMember, names: Names) -> str:
    return "no member is listed"


def _percent(part: float) -> str:
    return f"{general(100 * part, 8)} %"


def _either(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


@message(kinds.MembersCleared)
def _cleared(found: kinds.MembersCleared, names: Names) -> str:
    one = found.members == 1
    if found.among == ("members",):
        what = "member" if one else "members"
    else:
        what = "party" if one else "parties"
    if one:
        return f"the one {what} and whoever controls it are cleared"
    return f"{found.members} {what} and whoever controls them are cleared"


@message(kinds.OwnedFromBarred)
def _owned(found: kinds.OwnedFromBarred, names: Names) -> str:
    return (
        f"{names.entity(found.entity)}: {_percent(found.share)} is held from barred countries, "
        f"through chains of owners; less than {_percent(found.bound)} is allowed"
    )


@message(kinds.OwnersNotKnown)
def _owners(found: kinds.OwnersNotKnown, names: Names) -> str:
    return (
        f"{names.entity(found.entity)}: of its owners {_percent(found.least)} to "
        f"{_percent(found.most)} may be of barred countries, since not all are known; less than "
        f"{_percent(found.bound)} is allowed"
    )


@message(kinds.NobodyNamed)
def _nobody(found: kinds.NobodyNamed, names: Names) -> str:
    return f"nobody is named who {_either(found.roles)}"


@message(kinds.RolesNamed)
def _roles(found: kinds.RolesNamed, names: Names) -> str:
    return "; ".join(f"{role}: {', '.join(map(names.entity, who))}" for role, who in found.roles)


@message(kinds.NoModel)
def _no_model(found: kinds.NoModel, names: Names) -> str:
    return f"no model of layer {', '.join(found.layers)} is described"


def _model(layer: str, provider: str, names: Names) -> str:
    return f"layer {layer}" + (f", {names.entity(provider)}" if provider else "")


@message(kinds.ModelBars)
def _model_bars(found: kinds.ModelBars, names: Names) -> str:
    kind = "an open-weight model" if found.open_weights else "a model"
    return (
        f"{_model(found.layer, found.provider, names)}: {kind} from "
        f"{names.country(found.country)}, {names.attribute(found.attribute)}"
    )


@message(kinds.ModelNotKnown)
def _model_not_known(found: kinds.ModelNotKnown, names: Names) -> str:
    told = _model(found.layer, found.provider, names)
    return f"{told}: the origin of its model leaves it open: {found.because}"


@message(kinds.ModelsCleared)
def _models(found: kinds.ModelsCleared, names: Names) -> str:
    of = ", ".join(map(names.country, found.countries))
    return (
        f"models of layer {', '.join(found.layers)}: from {of}"
        if of
        else (f"models of layer {', '.join(found.layers)}: none with open weights")
    )


@message(kinds.Presumed)
def _presumed(found: kinds.Presumed, names: Names) -> str:
    return f"{names.attribute(found.attribute)} is {value_in_words(found.value)}: presumed"


@message(kinds.ToBeShown)
def _to_be_shown(found: kinds.ToBeShown, names: Names) -> str:
    value = value_in_words(found.value)
    told = f"{names.attribute(found.attribute)} is {value}: not presumed, to be shown"
    return f"{told}: {found.evidence}"


def _who(entity: str, member: str, names: Names) -> str:
    via = "" if entity == member else f" (controls {names.entity(member)})"
    return f"{names.entity(entity)}{via}"


@message(kinds.HeadquartersMissing)
def _headquarters(found: kinds.HeadquartersMissing, names: Names) -> str:
    who = _who(found.entity, found.member, names)
    return f"{who}: where it has its headquarters is missing: {found.because}"


@message(kinds.CountryFactMissing)
def _country_missing(found: kinds.CountryFactMissing, names: Names) -> str:
    who, country = _who(found.entity, found.member, names), names.country(found.country)
    return f"{who}: {names.attribute(found.attribute)} is not known of {country}"


@message(kinds.CountryBars)
def _barred(found: kinds.CountryBars, names: Names) -> str:
    who, country = _who(found.entity, found.member, names), names.country(found.country)
    fact = f"{names.attribute(found.attribute)}: {value_in_words(found.value)}"
    return f"{who}: headquarters in {country}, {fact}"


@message(kinds.AttributeHolds)
def _holds(found: kinds.AttributeHolds, names: Names) -> str:
    return f"{names.attribute(found.attribute)} is {value_in_words(found.value)}"


@message(kinds.AttributeNotAmong)
def _not_among(found: kinds.AttributeNotAmong, names: Names) -> str:
    among = ", ".join(found.among)
    return (
        f"{names.attribute(found.attribute)} is {value_in_words(found.value)}, not one of {among}"
    )


@message(kinds.AttributeBelow)
def _below(found: kinds.AttributeBelow, names: Names) -> str:
    value, bound = value_in_words(found.value), general(found.bound, 10)
    return f"{names.attribute(found.attribute)} is {value}, below {bound}"


@message(kinds.AttributeAbove)
def _above(found: kinds.AttributeAbove, names: Names) -> str:
    value, bound = value_in_words(found.value), general(found.bound, 10)
    return f"{names.attribute(found.attribute)} is {value}, above {bound}"


@message(kinds.Reviewed)
def _reviewed(found: kinds.Reviewed, names: Names) -> str:
    told = " ".join(filter(None, (found.note, f"({found.source})" if found.source else "")))
    left = "left it open" if found.status == "unknown" else f"found: {found.status}"
    return told or f"a reviewer {left}"


@message(kinds.NotReviewed)
def _not_reviewed(found: kinds.NotReviewed, names: Names) -> str:
    return f"no finding in evidence on: {found.evidence}"


@message(kinds.NotKnown)
def _not_known(found: kinds.NotKnown, names: Names) -> str:
    return found.because


@message(kinds.NoRow)
def _no_row(found: kinds.NoRow, names: Names) -> str:
    return f"no row in {found.table}"


@message(kinds.NotRated)
def _not_rated(found: kinds.NotRated, names: Names) -> str:
    if not found.blank:
        return "all recused"
    return "the rating is empty" + (f", {found.recused} recused" if found.recused else "")


@message(kinds.NotAsked)
def _not_asked(found: kinds.NotAsked, names: Names) -> str:
    return "the criterion does not apply" + (", what is stated does not count" * found.stated)


@message(kinds.NotApplicable)
def _not_applicable(found: kinds.NotApplicable, names: Names) -> str:
    return found.because


@message(kinds.BeyondAnchors)
def _beyond_anchors(found: kinds.BeyondAnchors, names: Names) -> str:
    return "outside the anchors of the value function"


@message(kinds.Panel)
def _panel(found: kinds.Panel, names: Names) -> str:
    told = (
        "1 rating" if found.rated == 1 else "",
        not_rated(found.blank, found.rated + found.blank) if found.blank else "",
        f"{found.recused} recused" if found.recused else "",
    )
    return "; ".join(filter(None, told))


_SAID = {
    "out_of": "points out of",
    "random_index": "random index",
    "largest": "the largest swing counts",
    "priorities": "weights by the",
    "kind": "weights by",
    "ties": "ties get the",
    "model": "the model is",
    "optimum": "the optimum is",
    "respondents": "respondents:",
    "aggregated": "aggregated:",
    "mean": "by the mean:",
    "left_out_above": "those left out whose inconsistency is over",
    "q": "indifferent up to",
    "p": "fully preferred from",
    "v": "weight of the majority",
}
"""Parameters of methods; of others their own name is said."""
_SETTINGS = {
    "saaty": "Saaty's",
    "centroid": "the centroid of the order",
    "sum": "the sum of ranks",
    "minmax": "by the least and the greatest value",
    "max": "by the greatest value",
    "vector": "by the length of the vector",
    "mean_of_tied_places": "mean weight of the tied places",
    "least_own_deviations": "that in which each criterion's own largest deviation is least",
    "multiplied_down": "local weights multiplied down",
    "share_of_column": "by the sum of the column",
}


def _settings(parameters: Iterable[tuple[str, Parameter]]) -> str:
    return ", ".join(_setting(name, value) for name, value in parameters)


def _setting(name: str, value: Parameter) -> str:
    if value == "none":
        return f"no {name}"
    if value == math.inf:
        return f"no {'veto' if name == 'v' else name}"
    return f"{_SAID.get(name, name.replace('_', ' '))} {_value(value)}"


def _value(value: Parameter) -> str:
    """Return a parameter's value; of a table each row in brackets.

    >>> _value("weighted_sum"), _value((25.0, 50.0)), _value(((1.0,), (2.5,)))
    ('weighted sum', '25, 50', '(1), (2.5)')
    """
    if isinstance(value, str):
        return _SETTINGS.get(value, value.replace("_", " "))
    if isinstance(value, tuple):
        parts = [f"({_value(one)})" if isinstance(one, tuple) else _value(one) for one in value]
        return ", ".join(parts)
    return general(value, 10)


@message(kinds.WeightingVariant)
def _weighting(found: kinds.WeightingVariant, names: Names) -> str:
    return f"{_settings(found.parameters)}; {found.source}"


@message(kinds.MethodVariant)
def _method(found: kinds.MethodVariant, names: Names) -> str:
    parameters = (("normalization", found.normalization), *found.parameters)
    return f"{_settings(parameters)}; {found.source}"


def _statement(found: kinds.Doubt, names: Names) -> str:
    return f"weights of {names.agency(found.agency)}" + (f", {found.group}" if found.group else "")


@message(kinds.Inconsistent)
def _inconsistent(found: kinds.Inconsistent, names: Names) -> str:
    pair = f"{names.criterion(found.first)} against {names.criterion(found.second)}"
    ratio, limit = fixed(found.ratio, 3), general(found.limit, 4)
    judged, implied = general(found.judged, 3), general(found.implied, 3)
    blame = "; of three judgements each is equally to blame" if found.size == 3 else ""
    return (
        f"{_statement(found, names)}: the consistency ratio {ratio} is over {limit} (random index "
        f"{found.index}); look first at {pair}: judged {judged}, the other judgements imply "
        f"{implied}{blame}"
    )


@message(kinds.InconsistentRespondents)
def _respondents(found: kinds.InconsistentRespondents, names: Names) -> str:
    who = ", ".join(
        f"{name} ({fixed(ratio, 3)})"
        for name, ratio in zip(found.respondents, found.ratios, strict=True)
    )
    by = f" (random index {found.index})" if found.index else ""
    limit, count = general(found.limit, 4), len(found.respondents)
    part = f"{count} of {found.of} respondents"
    if found.left_out:
        told = f"{part} left out, their inconsistency is over {limit}{by}"
    else:
        told = f"{part} over the consistency ratio {limit}{by}, and counted"
    return f"{_statement(found, names)}: {told}: {who}"


@message(kinds.BeyondScale)
def _beyond(found: kinds.BeyondScale, names: Names) -> str:
    pair = f"{names.criterion(found.first)} against {names.criterion(found.second)}"
    return (
        f"{_statement(found, names)}: {pair} is {general(found.judged, 4)}, beyond the scale 1/9 "
        "to 9 for which the consistency ratio is calibrated"
    )


def _tied(found: kinds.TiedForBest | kinds.TiedForWorst, what: str, names: Names) -> str:
    tied = ", ".join(map(names.criterion, found.tied))
    taken = names.criterion(found.taken)
    return f"{_statement(found, names)}: tied for {what}: {tied}; {taken} is taken as the {what}"


@message(kinds.TiedForBest)
def _best(found: kinds.TiedForBest, names: Names) -> str:
    return _tied(found, "best", names)


@message(kinds.TiedForWorst)
def _worst(found: kinds.TiedForWorst, names: Names) -> str:
    return _tied(found, "worst", names)
