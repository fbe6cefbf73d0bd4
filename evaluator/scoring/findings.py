"""What scoring finds: what decided a requirement, what is to be known of a performance, of weights.

Ids are those of the study; days are in ISO form. A reason that stands in the data is handed on as
it stands there.
"""

from __future__ import annotations

from evaluator.results.findings import Finding

Value = int | float | bool | str
Parameter = float | str | tuple[float, ...] | tuple[str, ...] | tuple[tuple[float, ...], ...]


# What decided a requirement.


class LayersDescribed(Finding):
    """All layers that are needed are there."""

    layers: tuple[str, ...]


class LayersAbsent(Finding):
    """Layers that are needed are not there."""

    layers: tuple[str, ...]


class NoLayer(Finding):
    """Nothing is known of the package's layers."""


class Count(Finding):
    """So many rows of some tables are there."""

    of: tuple[str, ...]
    count: int
    at_least: int


class FactMissing(Finding):
    """A column of the package is missing."""

    attribute: str
    because: str


class NoCall(Finding):
    """The last day is that of a call, and the scenario states none."""


class Dated(Finding):
    """A day, and the last that is early enough."""

    attribute: str
    day: str
    last: str


class NoMember(Finding):
    """Nothing is known of the package's members."""


class MembersCleared(Finding):
    """Nobody of so many parties, and nobody who controls one, is barred."""

    members: int
    among: tuple[str, ...] = ("members",)


class HeadquartersMissing(Finding):
    """Where a member, or who controls it, has its headquarters is not known."""

    entity: str
    member: str
    because: str


class CountryFactMissing(Finding):
    """Whether the country of the headquarters is barred is not known."""

    entity: str
    member: str
    country: str
    attribute: str


class CountryBars(Finding):
    """The headquarters of a member, or of who controls it, are in a barred country."""

    entity: str
    member: str
    country: str
    attribute: str
    value: Value


class OwnedFromBarred(Finding):
    """Owners of barred countries hold too much of a party, through chains."""

    entity: str
    share: float
    bound: float


class OwnersNotKnown(Finding):
    """Owners of barred countries may hold too much of a party: not all of its owners are known."""

    entity: str
    least: float
    most: float
    bound: float


class NobodyNamed(Finding):
    """Nobody is named who builds, owns or operates."""

    roles: tuple[str, ...]


class RolesNamed(Finding):
    """Who builds, owns and operates; the entities of each role."""

    roles: tuple[tuple[str, tuple[str, ...]], ...]


class NoModel(Finding):
    """Nothing is known of the models of a layer."""

    layers: tuple[str, ...]


class ModelBars(Finding):
    """A model is of a barred country."""

    layer: str
    provider: str
    country: str
    attribute: str
    open_weights: bool


class ModelNotKnown(Finding):
    """Of a model it is not known where it is from, whether that bars, or whether it is open."""

    layer: str
    provider: str
    because: str


class ModelsCleared(Finding):
    """No model of the layers is barred; the countries they are from."""

    layers: tuple[str, ...]
    countries: tuple[str, ...]


class Presumed(Finding):
    """A column keeps the bound from which it is presumed to be enough."""

    attribute: str
    value: Value


class ToBeShown(Finding):
    """A column does not keep that bound: what is to be shown, and nobody has found on it."""

    attribute: str
    value: Value
    evidence: str


class AttributeHolds(Finding):
    """A column of the package keeps its bound, or is one of the values asked for."""

    attribute: str
    value: Value


class AttributeNotAmong(Finding):
    """A column of the package is none of the values asked for."""

    attribute: str
    value: Value
    among: tuple[str, ...]


class AttributeBelow(Finding):
    """A column of the package is under its bound."""

    attribute: str
    value: Value
    bound: float


class AttributeAbove(Finding):
    """A column of the package is over its bound."""

    attribute: str
    value: Value
    bound: float


class Reviewed(Finding):
    """A reviewer decided, or left it open."""

    status: str
    note: str
    source: str


class NotReviewed(Finding):
    """Only a reviewer can decide, and none has; `evidence` says what a reviewer looks for."""

    evidence: str


# What is to be known of a performance.


class NotKnown(Finding):
    """It is missing, for a reason that stands in the data."""

    because: str


class NoRow(Finding):
    """It is missing: a table of the round has no row of it."""

    table: str


class NotRated(Finding):
    """It is missing: so many ratings are empty, and so many evaluators stood aside."""

    blank: int
    recused: int


class NotAsked(Finding):
    """The criterion is not asked of the package, by the criterion's own conditions.

    `stated`: whether something is stated all the same, which does not count.
    """

    stated: bool


class NotApplicable(Finding):
    """There is nothing to judge, as the data say, with their reason if they state one."""

    because: str


class BeyondAnchors(Finding):
    """What was measured lies beyond the end of the value function."""


class Panel(Finding):
    """So many evaluators have rated, are yet to rate, and stood aside."""

    rated: int
    blank: int
    recused: int


# Which form of a method was used.


class WeightingVariant(Finding):
    """A method of elicitation, its parameters and its source."""

    method: str
    parameters: tuple[tuple[str, str | float], ...]
    source: str


class MethodVariant(Finding):
    """What a score must be quoted with: methods of one name differ in all of these.

    `parameters` are pairs of a name and a value; `dict(variant.parameters)` gives a table.
    """

    method: str
    normalization: str
    parameters: tuple[tuple[str, Parameter], ...]
    source: str


# What is to be known of the statement of weights of an agency, and of a group of its criteria.


class Doubt(Finding, kw_only=True):
    """A statement of weights that is odd; its names are criteria by full id, or groups."""

    agency: str = ""
    group: str = ""


class Inconsistent(Doubt):
    """Pairwise judgements contradict each other.

    `ratio` of consistency, over `limit` by the random `index`. `first` was judged `judged` times
    as important as `second`; the other judgements imply `implied`. Of three criteria each judgement
    is equally to blame.
    """

    ratio: float
    limit: float
    index: str
    first: str
    second: str
    judged: float
    implied: float
    size: int


class BeyondScale(Doubt):
    """A judgement beyond the scale for which the consistency ratio is calibrated."""

    first: str
    second: str
    judged: float


class TiedForBest(Doubt):
    """Several criteria are best; one is taken."""

    tied: tuple[str, ...]
    taken: str


class TiedForWorst(Doubt):
    """Several criteria are worst; one is taken."""

    tied: tuple[str, ...]
    taken: str


class InconsistentRespondents(Doubt):
    """Respondents of a group whose judgements contradict each other, and the `ratios` of each.

    Over `limit` by the random `index`, which is empty for best-worst. `of` so many respondents.
    `left_out`: they do not count, as the statement asks; else they do.
    """

    respondents: tuple[str, ...]
    ratios: tuple[float, ...]
    limit: float
    index: str
    of: int
    left_out: bool
