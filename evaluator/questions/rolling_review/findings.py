"""What rolling review finds."""

from __future__ import annotations

from evaluator.results.findings import Finding


class LateVerdict(Finding):
    """What a late package is worth and gets, beside commitments and without them."""

    worth: float | None
    """Points that it would gain at the prices of its room; None where it would take nothing."""
    price: float
    """Points that its room is worth to the others."""
    worthwhile: bool
    given_usd: int
    """With commitments fixed."""
    gained: float
    free_usd: int
    """With commitments free."""
    displaced: tuple[str, ...]


class ReserveWasKept(Finding):
    """What was kept back for late packages: shares by tool; of all money where it is empty."""

    shares: tuple[tuple[str, float], ...]


class RoomPricedByDuals(Finding):
    """Bid prices are duals of the relaxation over the standing packages, on the whole money."""


class CommitmentsAreLeast(Finding):
    """With commitments fixed every standing amount is a lower bound; the rest is free to all."""


class JudgedAlone(Finding):
    """Each late package is judged without the others."""


class OrdersWithoutGain(Finding):
    """Orders in which nobody came who can be supported: each policy counts as reaching all."""

    orders: int
    of: int


class ArrivalsDrawn(Finding):
    """Each package arrives with one chance, at a uniform time."""

    packages: int
    chance: float


class SharesOfHindsight(Finding):
    """A share is the objective over that of the allocation of one who knew who would come."""


class JudgedAtTheEnd(Finding):
    """Goals, musts and lower limits over several packages are left out of a simulation."""


class CommittedOnce(Finding):
    """Those who arrived share what a reserve leaves, once; at the end all share the rest."""

    at: float
    """Share of the review."""
