"""Each agency's own view: its ranks against the others', what it decides, what was entered."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluator.loading.changes import parse_path
from evaluator.model.agency import Agency
from evaluator.model.study import Study
from evaluator.report.formatting.names import agency_names, names_of
from evaluator.report.formatting.records import Record, by_package, grouped, records
from evaluator.report.messages import say_all
from evaluator.report.viewmodel.agencies.objections import Objection, objections
from evaluator.report.viewmodel.packages.portfolio import Ranked, ranked
from evaluator.report.viewmodel.versions.changes import ChangeLine, change_lines
from evaluator.results.evaluation import Agreement, Evaluation

FAR = 10
"""Places between two ranks from which on they are told as far apart."""
SPLIT = 50
"""Points between two ratings of one panel from which on it is told as split."""
_FEW = 3
PARTS = 24
"""Agencies that have a part of their own: those of the most influence."""
BOUNDS: Mapping[str, int] = {"far": FAR, "split": SPLIT, "few": 8}
"""For the template; few: rows that are shown."""


@dataclass(frozen=True)
class Apart:
    """A package that an agency ranks otherwise than the others, and what makes it so."""

    row: Ranked
    own: int
    others: int
    criterion: str
    """Its name; empty where it is not known."""
    owner: str
    """The agency whose criterion it is, and who states or rates it."""
    rated: bool
    """Whether it is rated, and not measured."""
    points: float
    weight: float
    weight_others: float
    value: float
    mean: float

    @property
    def places(self) -> int:
        """How many places higher the agency ranks it than the others do; below 0 lower."""
        return self.others - self.own


@dataclass(frozen=True)
class Alone:
    """What would change if it had all the influence."""

    enter: tuple[Ranked, ...]
    leave: tuple[Ranked, ...]
    leaving_usd: int | None
    """What is proposed in this run to those that would leave; None where there is no allocation."""
    solved: Record | None
    """The row of `own_way`; None where the run has not solved it."""


@dataclass(frozen=True)
class Least:
    """With whom it agrees least, and on which packages."""

    other: str
    tau: float
    on: tuple[tuple[Ranked, int, int], ...]
    """Package, own rank, the other's rank."""


@dataclass(frozen=True)
class Reach:
    """The interval of its influence over which a set stays as it is."""

    low: float
    high: float


@dataclass(frozen=True)
class Panel:
    """A rating of its own that is missing, split, or from one person only."""

    row: Ranked
    criterion: str
    kind: str
    """missing, split, or one."""
    spread: float = 0.0


@dataclass(frozen=True)
class Stated:
    """Weights as they were entered."""

    method: str
    """In words, of the statement over all its criteria and groups."""
    confidence: str
    citation: str
    by: str
    date: dt.date | None
    weights: tuple[tuple[str, float], ...]
    """Criteria by name, the heaviest first."""


@dataclass(frozen=True)
class Raters:
    """Ratings on its criteria that one evaluator gave, and as whose and when they were entered."""

    evaluator: str
    ratings: int
    by: tuple[str, ...]
    first: dt.date | None
    last: dt.date | None
    undated: int


@dataclass(frozen=True)
class AgencyView:
    """All that a reviewer of one agency asks."""

    agency: str
    name: str
    influence: float
    floor: float
    far: tuple[Apart, ...]
    """The furthest first: those that are far apart, or the few furthest where none is."""
    is_far: int
    """How many are far apart."""
    alone: Alone
    keeps_in: tuple[Ranked, ...]
    keeps_out: tuple[Ranked, ...]
    least: Least | None
    funded: Reach | None
    """None where the run has not solved it."""
    priority: Reach | None
    objections: tuple[Objection, ...]
    panels: tuple[Panel, ...]
    """Missing, then split, the widest first, then from one person."""
    of_ratings: int
    """Values on its rated criteria."""
    idle: tuple[str, ...] | None
    """Its criteria without which the same packages are in; None where that was not sought."""
    stated: Stated
    raters: tuple[Raters, ...]
    changes: tuple[ChangeLine, ...]

    @property
    def overridden(self) -> tuple[Objection, ...]:
        """Objections to packages that are in, or get money, all the same."""
        return tuple(one for one in self.objections if one.overridden)

    @property
    def upheld(self) -> tuple[Objection, ...]:
        """Objections to packages that are out and get nothing."""
        return tuple(one for one in self.objections if not one.overridden)


def viewed(evaluation: Evaluation) -> dict[str, str]:
    """Return the names of the agencies that have a part of their own, in the order of the study."""
    by_influence = evaluation.influence.sort_values(ascending=False, kind="stable")
    most = set(by_influence.index[:PARTS])
    return {a: name for a, name in agency_names(evaluation).items() if a in most}


def agency_views(evaluation: Evaluation) -> tuple[AgencyView, ...]:
    """Return a view for each that has one; none where there are no two agencies or packages."""
    found = evaluation.agreement
    if found is None:
        return ()
    rows = {row.package: row for row in ranked(evaluation)}
    views, accord = grouped(found.views, "agency"), by_package(found.packages)
    names, parts = agency_names(evaluation), viewed(evaluation)
    sole = {
        agency: [rows[p] for p, one in accord.items() if one["decisive"] == agency]
        for agency in names
    }
    return tuple(
        AgencyView(
            agency=one.agency,
            name=names[one.agency],
            influence=float(evaluation.influence[one.agency]),
            floor=evaluation.study.scenario.designation.min_agency.get(one.agency, 0.0),
            far=(far := _far(evaluation, one.agency, views[one.agency], rows)),
            is_far=sum(abs(x.places) >= FAR for x in far),
            alone=_alone(evaluation, one.agency, views[one.agency], rows),
            keeps_in=tuple(row for row in sole[one.agency] if row.designated),
            keeps_out=tuple(row for row in sole[one.agency] if not row.designated),
            least=_least(found, one.agency, names, rows, accord),
            funded=_funded(evaluation, one.agency),
            priority=_priority(evaluation, one.agency),
            objections=tuple(x for x in objections(evaluation) if x.agency == one.agency),
            panels=tuple(_panels(evaluation, one.agency, rows)),
            of_ratings=len(_own(evaluation, one.agency)),
            idle=_idle(evaluation, one.agency),
            stated=_stated(evaluation, one),
            raters=tuple(_raters(evaluation, one.agency)),
            changes=tuple(_touching(evaluation, one.agency)),
        )
        for one in evaluation.study.agencies
        if one.agency in parts
    )


def _far(
    evaluation: Evaluation, agency: str, views: Iterable[Record], rows: Mapping[str, Ranked]
) -> tuple[Apart, ...]:
    criteria, names = evaluation.study.criteria, names_of(evaluation)
    weights = evaluation.weights.loc[agency].to_dict()
    values, owners = evaluation.values.to_dict("index"), _owners(evaluation.study)
    apart = []
    for view in views:
        if view["others"] is None or view["rank"] == view["others"]:
            continue
        criterion = view["criterion"]
        told = (
            {
                "criterion": names.criterion(criterion),
                "owner": names.agency(owners[criterion]),
                "rated": criteria[criterion].kind == "rating",
                "points": view["points"],
                "weight": weights[criterion],
                "weight_others": view["weight_others"],
                "value": values[view["package"]][criterion],
                "mean": view["mean"],
            }
            if criterion
            else _UNTOLD
        )
        apart.append(Apart(rows[view["package"]], int(view["rank"]), int(view["others"]), **told))
    apart.sort(key=lambda one: -abs(one.places))
    far = [one for one in apart if abs(one.places) >= FAR]
    return tuple(far or apart[:_FEW])


_UNTOLD = {
    **{"criterion": "", "owner": "", "rated": False},
    **dict.fromkeys(("points", "weight", "weight_others", "value", "mean"), 0.0),
}


def _alone(
    evaluation: Evaluation, agency: str, views: Iterable[Record], rows: Mapping[str, Ranked]
) -> Alone:
    now = {view["package"]: view["alone"] for view in views}
    enter = tuple(row for p, row in rows.items() if now.get(p) and not row.designated)
    leave = tuple(row for p, row in rows.items() if row.designated and not now.get(p))
    there = evaluation.allocation.exists
    asked = evaluation.extended.tables.get("own_way") if evaluation.extended else None
    solved = grouped(asked.table, "agency")[agency][0] if asked else None
    return Alone(enter, leave, sum(r.given or 0 for r in leave) if there else None, solved)


def _least(
    found: Agreement,
    agency: str,
    names: Mapping[str, str],
    rows: Mapping[str, Ranked],
    accord: Mapping[str, Record],
) -> Least | None:
    pairs = [
        one
        for one in records(found.pairs)
        if agency in (one["agency"], one["other"]) and one["tau_b"] is not None
    ]
    if not pairs:
        return None
    least = min(pairs, key=lambda one: one["tau_b"])
    other = least["other"] if least["agency"] == agency else least["agency"]
    on = tuple(
        (rows[p], int(accord[p][f"rank.{agency}"]), int(accord[p][f"rank.{other}"]))
        for p in least["apart_on"]
    )
    return Least(names[other], least["tau_b"], on)


def _funded(evaluation: Evaluation, agency: str) -> Reach | None:
    asked = evaluation.extended.tables.get("funded_stability") if evaluation.extended else None
    rows = grouped(asked.table, "agency").get(agency, []) if asked else []
    return Reach(rows[0]["low"], rows[0]["high"]) if rows else None


def _of_stability(evaluation: Evaluation, kind: str, agency: str) -> Sequence[Record]:
    drawn = evaluation.uncertainty
    if drawn is None or "designation" not in evaluation.study.parts:
        return []
    table = drawn.stability
    return records(table[(table["kind"] == kind) & (table["agency"] == agency)])


def _priority(evaluation: Evaluation, agency: str) -> Reach | None:
    rows = _of_stability(evaluation, "influence", agency)
    return Reach(rows[0]["designated_low"], rows[0]["designated_high"]) if rows else None


def _idle(evaluation: Evaluation, agency: str) -> tuple[str, ...] | None:
    rows, names = _of_stability(evaluation, "weight", agency), names_of(evaluation)
    if not rows:
        return None
    return tuple(names.criterion(r["criterion"]) for r in rows if r["designated_low"] <= 0)


def _owners(study: Study) -> dict[str, str]:
    """Return whose each criterion is."""
    return {f"{a.agency}.{c.id}": a.agency for a in study.agencies for c in a.criteria}


def _own(evaluation: Evaluation, agency: str) -> Sequence[Record]:
    table = evaluation.performances
    return records(table[(table["agency"] == agency) & (table["kind"] == "rating")])


def _panels(evaluation: Evaluation, agency: str, rows: Mapping[str, Ranked]) -> Iterator[Panel]:
    names, own = names_of(evaluation), _own(evaluation, agency)

    def of(kind: str, one: Record, spread: float = 0.0) -> Panel:
        return Panel(rows[one["package"]], names.criterion(one["criterion"]), kind, spread)

    yield from (of("missing", one) for one in own if one["state"] == "missing")
    split = [(max(one["panel"]) - min(one["panel"]), one) for one in own if one["panel"]]
    for spread, one in sorted(split, key=lambda pair: -pair[0]):
        if spread >= SPLIT:
            yield of("split", one, spread)
    yield from (of("one", one) for one in own if one["rated"] == 1)


def _stated(evaluation: Evaluation, agency: Agency) -> Stated:
    names, stated = names_of(evaluation), agency.weights
    rows = grouped(evaluation.elicitation, "agency")[agency.agency]
    elicited = next(row for row in rows if not row["group"])
    shares = evaluation.weights.loc[agency.agency].to_dict()
    weighed = [(names.criterion(str(c)), float(w)) for c, w in shares.items() if w > 0]
    return Stated(
        method=say_all(elicited["variant"], names),
        confidence=stated.confidence,
        citation=stated.citation.title if stated.citation else "",
        by=stated.by or "",
        date=stated.date,
        weights=tuple(sorted(weighed, key=lambda pair: -pair[1])),
    )


def _raters(evaluation: Evaluation, agency: str) -> Iterator[Raters]:
    study = evaluation.study
    called = {one.id: one.name for one in study.evaluators}
    own = {name for name, owner in _owners(study).items() if owner == agency}
    found: defaultdict[str, list[tuple[str, dt.date | None]]] = defaultdict(list)
    for package in study.packages:
        for rating in package.ratings:
            if rating.criterion in own:
                found[rating.evaluator].append((rating.by, rating.date))
    for evaluator, entered in sorted(found.items()):
        days = sorted(day for _, day in entered if day)
        yield Raters(
            evaluator=called.get(evaluator, evaluator),
            ratings=len(entered),
            by=tuple(sorted({by for by, _ in entered if by})),
            first=days[0] if days else None,
            last=days[-1] if days else None,
            undated=len(entered) - len(days),
        )


def _touching(evaluation: Evaluation, agency: str) -> Iterator[ChangeLine]:
    """Yield the changes that name the agency, one of its criteria, or all influence."""
    for line in change_lines(evaluation):
        steps = parse_path(line.key) or ()
        if agency in steps or steps in (("influence",), ("influence", "shares")):
            yield line
