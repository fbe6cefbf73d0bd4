"""Shares through chains of owners, and control, by hand and against every path one by one."""

from __future__ import annotations

from fractions import Fraction
from graphlib import CycleError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.allocation.verify.holders import groups_of_entities
from evaluator.model.base import Known
from evaluator.model.ownership import Held, control, held
from evaluator.model.package import Entity, Stake


def entity(name: str, *stakes: Stake, home: str = "AAA") -> Entity:
    return Entity(id=name, name=name, headquarters=Known(value=home), stakes=stakes)


def stake(owner: str | None, share: float | None, **more: object) -> Stake:
    return Stake.model_validate({"owner": owner, "share": share, **more})


def of_concern(one: Entity) -> bool | None:
    home = one.headquarters
    return home.value == "BBB" if isinstance(home, Known) else None


@pytest.mark.parametrize(("second", "full"), [(0.4999, False), (0.5, True)])
def test_an_owner_counts_in_full_from_half_on(second: float, full: bool) -> None:
    """state 49.99 or 50 % of fund, fund 90 % of firm: 0.9 x 0.4999 = 0.44991, or 0.9 x 1."""
    entities = (
        entity("state", home="BBB"),
        entity("fund", stake("state", second), stake(None, round(1 - second, 4))),
        entity("firm", stake("fund", 0.9), stake(None, 0.1)),
    )
    found = held(entities, of_concern, 0.5)
    exact = Fraction(9, 10) if full else Fraction(44_991, 100_000)
    assert found["firm"] == Held(exact, exact)
    multiplied = Fraction(9, 10) * Fraction(str(second))
    assert held(entities, of_concern)["firm"] == Held(multiplied, multiplied)


def test_two_owners_of_concern_are_added() -> None:
    """0.3001 directly and 0.4 x 0.4999 = 0.19996 through a fund: 0.50006."""
    entities = (
        entity("group", home="BBB"),
        entity("fund", stake("group", 0.4999), stake(None, 0.5001)),
        entity("firm", stake("group", 0.3001), stake("fund", 0.4), stake(None, 0.2999)),
    )
    assert held(entities, of_concern, 0.5)["firm"].least == Fraction(50_006, 100_000)


def test_who_is_not_stated_may_be_anybody() -> None:
    entities = (
        entity("state", home="BBB"),
        entity("firm", stake("state", 0.2), stake(None, 0.5)),
        entity("bare"),
    )
    found = held(entities, of_concern)
    assert found["firm"] == Held(Fraction(1, 5), Fraction(1, 2))
    assert found["bare"] == Held(Fraction(0), Fraction(1))


def test_of_capital_and_votes_the_greater_counts() -> None:
    entities = (
        entity("state", home="BBB"),
        entity("firm", stake("state", 0.1, votes=0.6), stake(None, 0.9, votes=0.4)),
    )
    assert held(entities, of_concern)["firm"] == Held(Fraction(3, 5), Fraction(3, 5))


def test_what_one_controls_counts_in_full() -> None:
    """A tenth, and the board: the fund is one of concern with the 0.6 that it holds."""
    entities = (
        entity("state", home="BBB"),
        entity("fund", stake("state", 0.1, control=True), stake(None, 0.9)),
        entity("firm", stake("fund", 0.6), stake(None, 0.4)),
    )
    found = held(entities, of_concern, 0.5)
    assert found["fund"].least == Fraction(1, 10)
    assert found["firm"].least == Fraction(3, 5)


@pytest.mark.parametrize(("east", "tops"), [(0.2, "firm"), (0.2001, "top")])
def test_stakes_under_one_control_are_added(east: float, tops: str) -> None:
    """top holds 51 % of west, all of east; of firm they vote 0.3 and 0.2: no majority."""
    entities = (
        entity("top"),
        entity("west", stake("top", 0.51)),
        entity("east", stake("top", 1)),
        entity("firm", stake("west", 0.3), stake("east", east)),
    )
    found = control(entities)
    assert found.top["firm"] == tops
    assert groups_of_entities(entities) == found.top
    if tops == "top":
        assert list(found.chain("firm")) == ["firm", "west", "east", "top"]


def test_who_is_said_to_control_does_against_a_majority() -> None:
    entities = (
        entity("board"),
        entity("money"),
        entity("firm", stake("board", 0.01, control=True), stake("money", 0.99)),
    )
    assert control(entities).top["firm"] == "board"


def test_a_long_chain_is_followed_once() -> None:
    links = (entity(f"e{i}", stake(f"e{i + 1}", 0.51)) for i in range(3_000))
    chain = (*links, entity("e3000"))
    assert set(control(chain).top.values()) == {"e3000"}
    assert set(groups_of_entities(chain).values()) == {"e3000"}


def test_a_circle_is_never_followed() -> None:
    with pytest.raises(CycleError):
        control((entity("a", stake("b", 1)), entity("b", stake("a", 1))))


@st.composite
def ownership(draw: st.DrawFn) -> tuple[Entity, ...]:
    """Entities that hold shares of later ones, in hundredths, some of concern, some not known."""
    found: list[Entity] = []
    for number in range(draw(st.integers(1, 6))):
        left, stakes = 100, []
        for owner in [None, *(f"e{i}" for i in range(number))]:
            part = draw(st.integers(0, left))
            if part:
                said = owner is not None and not any(s.control for s in stakes)
                ruled = said and draw(st.booleans()) and draw(st.booleans())
                stakes.append(stake(owner, part / 100, control=ruled))
            left -= part
        home = draw(st.sampled_from(["AAA", "AAA", "BBB"]))
        found.append(entity(f"e{number}", *stakes, home=home))
    return tuple(found)


def paths(entities: tuple[Entity, ...], name: str) -> Fraction:
    """Multiply the shares along each chain that ends at the first owner of concern; add up."""
    by_id = {one.id: one for one in entities}
    if of_concern(by_id[name]):
        return Fraction(1)
    return sum(
        (
            Fraction(str(one.share)) * paths(entities, one.owner)
            for one in by_id[name].stakes
            if one.owner is not None
        ),
        Fraction(0),
    )


@given(ownership())
def test_the_least_is_the_sum_over_all_paths(entities: tuple[Entity, ...]) -> None:
    found = held(entities, of_concern)
    full = held(entities, of_concern, 0.5)
    for one in entities:
        assert found[one.id].least == paths(entities, one.id)
        assert found[one.id].least <= found[one.id].most
        assert full[one.id].least >= found[one.id].least  # counting in full never lowers
        assert full[one.id].most >= found[one.id].most


@given(ownership())
def test_groups_grown_from_the_top_are_those_from_the_owners(entities: tuple[Entity, ...]) -> None:
    assert groups_of_entities(entities) == control(entities).top
