"""What follows from the tables of a round: parts of layers, holdings, who is barred."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from evaluator import load_study
from evaluator.model.base import Known, Missing
from evaluator.model.country import Attribute, Country
from evaluator.model.package import Entity, Finding, Layer, Member, Package, Role, Stake
from evaluator.model.requirement import (
    AttributeCheck,
    Check,
    Derivation,
    Holding,
    MemberCheck,
    ModelCheck,
)
from evaluator.model.study import Study
from evaluator.scoring.derivation import agrees, derived, rederived
from evaluator.scoring.findings import (
    CountryBars,
    ModelBars,
    ModelsCleared,
    NobodyNamed,
    OwnedFromBarred,
    OwnersNotKnown,
    Presumed,
    RolesNamed,
    ToBeShown,
)
from tests.conftest import BASELINE
from tests.loading.breaking import BASE, ROUND, bullets, copy, edit, refuse
from tests.scoring.test_gates import package, verdict
from tests.studies import country, study

MADE = Derivation(us_made=("A",))
FLAGS = {"barred": True}


def layer(value: int | None, share: float | None, name: str = "A", **more: object) -> Layer:
    fields = {"layer": name, "value_usd": value, "us_made_share": share, **more}
    return Layer.model_validate(fields)


def test_a_part_is_weighed_by_value() -> None:
    """(700 x 0.57 + 300 x 0.37) / 1000 = (399 + 111) / 1000 = 0.51; layer B is not asked."""
    mine = package(layers=(layer(700, 0.57), layer(300, 0.37), layer(900, 0, "B")))
    assert derived(study(), mine, MADE) == Known(value=0.51, unit="share")


@pytest.mark.parametrize(
    "layers", [(), (layer(None, 0.5),), (layer(7, 0.5), layer(3, None)), (layer(0, 0.5),)]
)
def test_a_part_of_what_is_not_known_is_not_known(layers: tuple[Layer, ...]) -> None:
    assert isinstance(derived(study(), package(layers=layers), MADE), Missing)


@pytest.mark.parametrize(("stated", "kept"), [(0.505, True), (0.5049, False), (0.52, False)])
def test_a_stated_share_may_be_rounded(stated: float, kept: bool) -> None:
    assert agrees(Known(value=stated), Known(value=0.51)) is kept


@pytest.mark.parametrize(("second", "outcome"), [(0.37, "passed"), (0.3699, "unknown")])
def test_from_the_bound_on_it_is_presumed_and_below_it_is_to_be_shown(
    second: float, outcome: str
) -> None:
    """0.7 x 0.57 + 0.3 x 0.37 = 0.51; with 0.3699 it is 0.50997."""
    mine = package(layers=(layer(7_000, 0.57), layer(3_000, second)))
    share = derived(study(), mine, MADE)
    mine = mine.model_copy(update={"attributes": {"made": share}})
    check = Check(attribute=AttributeCheck(id="made", at_least=0.51, otherwise="Why."))
    found, (why,) = verdict(check, mine)
    assert found == outcome
    assert isinstance(why, Presumed if outcome == "passed" else ToBeShown)
    argued = mine.model_copy(
        update={"findings": (Finding(requirement="r", status="failed", note="No."),)}
    )
    assert verdict(check, argued)[0] == ("failed" if outcome == "unknown" else "passed")


def chained(state_share: float, fund_share: float = 0.9, *, government: bool = False) -> Study:
    """Return who a state abroad holds: of a fund a part, and of a firm the fund's part of that."""
    entities = (
        Entity(
            id="state",
            name="State",
            headquarters=Known(value="BBB"),
            stakes=(Stake(share=1),),
            government=government,
        ),
        Entity(
            id="fund",
            name="Fund",
            headquarters=Known(value="AAA"),
            stakes=(
                Stake(owner="state", share=state_share),
                Stake(owner=None, share=round(1 - state_share, 6)),
            ),
        ),
        Entity(
            id="firm",
            name="Firm",
            headquarters=Known(value="AAA"),
            stakes=(
                Stake(owner="fund", share=fund_share),
                Stake(owner=None, share=round(1 - fund_share, 6)),
            ),
        ),
        Entity(id="bare", name="Bare", headquarters=Known(value="AAA")),
    )
    countries = (country("AAA", barred=False), country("BBB", barred=True), country("CCC"))
    return study(countries=countries, entities=entities)


def member(*names: str, **more: object) -> Package:
    share = 1 / len(names)
    members = tuple(Member(entity=e, role="member", exposure_share=share) for e in names)
    return package(members=members, **more)


OWNED = Check(members=MemberCheck(headquarters_not=FLAGS, owned_below=0.5))


@pytest.mark.parametrize(("state_share", "outcome"), [(0.4999, "passed"), (0.5, "failed")])
def test_half_through_a_chain_bars(state_share: float, outcome: str) -> None:
    """Of the fund 49.99 %: of the firm 0.9 x 0.4999 = 0.44991. From 50 % on the fund's 0.9."""
    found, facts = verdict(OWNED, member("firm"), chained(state_share))
    assert found == outcome
    if outcome == "failed":
        assert facts == (OwnedFromBarred("firm", 0.9, 0.5),)


def test_owners_who_are_not_stated_leave_it_open() -> None:
    assert verdict(OWNED, member("firm", "bare"), chained(0.4)) == (
        "unknown",
        (OwnersNotKnown("bare", 0.0, 1.0, 0.5),),
    )


def test_only_governments_bar_where_it_is_said() -> None:
    check = MemberCheck(headquarters_not=FLAGS, government=True, owned_below=0.5)
    private, public = chained(0.5), chained(0.5, government=True)
    assert verdict(Check(members=check), member("firm"), private)[0] == "passed"
    assert verdict(Check(members=check), member("firm"), public)[0] == "failed"
    barred = Derivation(barred=check)
    assert derived(private, member("firm"), barred) == Known(value=False)
    assert derived(public, member("firm"), barred) == Known(value=True)
    assert isinstance(derived(private, member("bare"), barred), Missing)


def test_who_operates_is_judged_without_being_a_member() -> None:
    check = Check(members=MemberCheck(headquarters_not=FLAGS, among=("members", "operates")))
    within = chained(0.4)
    run = member("firm", roles=(Role(role="operates", entity="state"),))
    assert verdict(check, run, within) == (
        "failed",
        (CountryBars("state", "state", "BBB", "barred", True),),
    )
    assert verdict(check, member("firm"), within) == ("unknown", (NobodyNamed(("operates",)),))


def test_the_greatest_holding_is_multiplied_along_the_chain() -> None:
    """0.6 x 0.9 = 0.54 of the firm, 0.6 of the fund; in full from half on, 0.9 of the firm."""
    within = chained(0.6)
    plain = Derivation(held=Holding(headquarters=FLAGS))
    full = Derivation(held=Holding(headquarters=FLAGS, in_full_from=0.5))
    assert derived(within, member("firm", "fund"), plain) == Known(value=0.6, unit="share")
    assert derived(within, member("firm"), plain) == Known(value=0.54, unit="share")
    assert derived(within, member("firm"), full) == Known(value=0.9, unit="share")
    assert isinstance(derived(within, member("firm", "bare"), plain), Missing)


def test_each_role_needs_somebody() -> None:
    check = Check(roles=("builds", "owns"))
    builds = Role(role="builds", entity="firm")
    assert verdict(check, package(roles=(builds,))) == ("unknown", (NobodyNamed(("owns",)),))
    both = (builds, Role(role="owns", entity="fund"))
    assert verdict(check, package(roles=both)) == (
        "passed",
        (RolesNamed((("builds", ("firm",)), ("owns", ("fund",)))),),
    )


MODELS = Check(models=ModelCheck(layers=("C",), origin_not=FLAGS, open_weights=True))


@pytest.mark.parametrize(
    ("origin", "is_open", "outcome"),
    [
        ("AAA", True, "passed"),
        ("BBB", False, "passed"),
        ("BBB", True, "failed"),
        ("BBB", None, "unknown"),
        ("CCC", True, "unknown"),
        (None, True, "unknown"),
        (None, False, "passed"),
    ],
)
def test_only_an_open_model_of_a_barred_country_fails(
    origin: str | None, is_open: bool | None, outcome: str
) -> None:
    code = Missing(reason="not stated") if origin is None else Known(value=origin)
    mine = layer(None, None, "C", model_origin=code, open_weights=is_open)
    found, facts = verdict(MODELS, package(layers=(mine,)), chained(0.4))
    assert found == outcome
    if outcome == "failed":
        assert facts == (ModelBars("C", "", "BBB", "barred", True),)
    if (origin, is_open) == ("AAA", True):
        assert facts == (ModelsCleared(("C",), ("AAA",)),)


def test_the_round_states_what_its_tables_give() -> None:
    """SP26-01: layer A is 82 % of 18.9 billion, of it 70 % at 0.68 and 30 % at 0.48: 0.62."""
    spring = load_study(BASELINE)
    content = {p.id: p.attribute("hardware_us_share") for p in spring.packages}
    assert content["SP26-01"] == Known(
        value=0.62, unit="share of the value of layer A", origin="derived"
    )
    assert [content[one].value for one in ("SP26-18", "SP26-07")] == [0.51, 0.5099]  # type: ignore[union-attr]
    run = spring.package_by_id["SP26-21"].attribute("soe_of_concern_control")
    assert run == Known(
        value=True, origin="derived"
    )  # mekong-relay, run by a group that a commission holds to 51 %


def test_a_column_that_says_otherwise_is_a_fault_and_one_that_is_empty_is_filled(
    tmp_path: Path,
) -> None:
    root = copy(tmp_path)
    made = "  - {id: made, label: Made, type: share, derived: {us_made: [A]}}\n"
    edit(root, "criteria/attributes.yaml", "attributes:\n", f"attributes:\n{made}")
    rows = "package,layer,value_usd,us_made_share\nP1,A,700,0.57\nP1,B,900,0\nP2,A,5,\n"
    edit(root, f"{ROUND}/layers.csv", "*", rows)
    given = load_study(root / BASE).package_by_id
    assert given["P1"].attribute("made") == Known(value=0.57, unit="share", origin="derived")
    assert isinstance(given["P2"].attribute("made"), Missing)
    path = root / ROUND / "packages.csv"
    head, first, second, *rest = path.read_text().splitlines()
    table = [f"{head},made", f"{first},0.6", f"{second},0.3", *(f"{one}," for one in rest)]
    path.write_text("\n".join(table) + "\n")
    (told,) = bullets(refuse(root))
    assert told.endswith(
        "packages.csv line 2: made is 0.6; the tables give 0.57. "
        "Mend the cell or the tables, or empty the cell."
    )
    table[1] = f"{first},"
    path.write_text("\n".join(table) + "\n")
    given = load_study(root / BASE).package_by_id
    assert given["P2"].attribute("made") == Known(value=0.3, unit="share")  # the column alone tells


def test_what_a_derivation_rests_on_is_checked(tmp_path: Path) -> None:
    root = copy(tmp_path)
    odd = (
        "  - {id: a, label: A, type: number, derived: {us_made: [A]}}\n"
        "  - {id: b, label: B, type: flag, derived: {barred: {headquarters_not: {nowhere: 1}}}}\n"
    )
    edit(root, "criteria/attributes.yaml", "attributes:\n", f"attributes:\n{odd}")
    told = bullets(refuse(root))
    assert [one.split("attributes.yaml ")[1] for one in told] == [
        "line 2, a: what is derived is a share, and the column is of type number. Make it a share.",
        "line 3, b: the country column 'nowhere' is unknown. Known here: income_group.",
    ]
    edit(root, "criteria/attributes.yaml", odd, "")
    edit(root, "scenarios/countries.yaml", "type: text", "type: text\n    derived: {us_made: [A]}")
    (one,) = bullets(refuse(root))
    assert one.endswith("a country's fact stands in its table. Remove derived.")


def test_who_holds_whom_is_checked_all_at_once(tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, f"{ROUND}/entities.csv", "*", "id,name,headquarters\na,A,KEN\nb,B,KEN\nc,C,POL\n")
    rows = (
        "entity,owner,share,votes,control\n"
        "a,b,0.7,,yes\n"
        "a,c,0.31,0.3,yes\n"
        "a,x,,,\n"
        "b,a,0.1,,\n"
        "c,,1,,yes\n"
    )
    edit(root, f"{ROUND}/ownership.csv", "*", rows)
    told = [one.split("ownership.csv ")[1] for one in bullets(refuse(root))]
    assert sorted(told) == [
        "line 2: the owners of 'a' lead back to it in a circle. Break the circle.",
        "line 4: more than one owner is said to control 'a'. Keep one, who stands for its group.",
        "line 4: the owner 'x' is not in entities. Known here: a, b, c.",
        "line 4: the share of the owners of 'a' sum to 1.01, over 1. "
        "Mend them; less than 1 is taken to be incomplete.",
        "line 5: the owners of 'b' lead back to it in a circle. Break the circle.",
        "line 6: control stands beside no owner. Name the owner, or empty control.",
    ]


def test_what_follows_from_facts_by_date_is_worked_out_anew_on_another_day() -> None:
    """AAA is barred in the second year, and in the third nobody knows."""
    cells = {"one": Known(value=False), "two": Known(value=True), "three": Missing()}
    days = {"one": "2025-01-01", "two": "2027-01-01", "three": "2028-01-01"}
    dated = [{"from": dt.date.fromisoformat(day), "column": name} for name, day in days.items()]
    check = MemberCheck(headquarters_not=FLAGS, control=False)
    within = study(
        countries=(Country(id="AAA", name="A", bloc="B", attributes=cells),),
        country_attributes=(
            Attribute(id="barred", label="Barred", type="flag", columns=tuple(dated)),
        ),
        package_attributes=(
            Attribute(id="bars", label="B", type="flag", derived=Derivation(barred=check)),
        ),
        entities=(Entity(id="firm", name="Firm", headquarters=Known(value="AAA")),),
        packages=(member("firm", attributes={"bars": Missing()}),),
    )

    def on(day: str) -> object:
        scenario = within.scenario.model_copy(update={"as_of": dt.date.fromisoformat(day)})
        found = rederived(rederived(within).model_copy(update={"scenario": scenario}))
        return getattr(found.packages[0].attribute("bars"), "value", "missing")

    assert [on(day) for day in ("2026-07-01", "2027-07-01", "2028-07-01")] == [
        False, True, "missing"
    ]  # fmt: skip
