"""Random indices: the mean consistency index of random reciprocal matrices, by author.

A consistency ratio depends on whose index divides it, so each is used by name.
"""

from __future__ import annotations

from dataclasses import dataclass

_TABLES: dict[str, tuple[str, tuple[float, ...]]] = {
    # The dip at size 12 stands in the published table.
    "saaty": (
        "Saaty 1980, The Analytic Hierarchy Process",
        (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
    ),
    "saaty-2005": (
        "Saaty 2005, Theory and Applications of the Analytic Network Process, p. 31",
        (0, 0, 0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59),
    ),
    "alonso-lamata": (
        "Alonso & Lamata 2006, IJUFKS 14(4), 445-459",
        (
            *(0, 0, 0.5245, 0.8815, 1.1086, 1.2479, 1.3417, 1.4056),
            *(1.4499, 1.4854, 1.5141, 1.5365, 1.5551, 1.5713, 1.5838),
        ),
    ),
}

RANDOM_INDICES = tuple(_TABLES)
"""Names that `ahp` knows."""


@dataclass(frozen=True)
class RandomIndex:
    """A random index for one size of matrix: its name, value and source."""

    name: str
    value: float
    source: str


def index_for(name: str, size: int) -> RandomIndex:
    """Return the named random index for a size x size matrix.

    Beyond its table (size 15) `alonso-lamata` follows its authors' regression of the mean
    principal eigenvalue, 2.7699 n - 4.3513, hence (1.7699 n - 4.3513) / (n - 1).

    Raises:
        ValueError: an unknown name, or a size beyond the table with no regression.
    """
    if name not in _TABLES:
        raise ValueError(f"Random index: unknown name {name!r}; use one of {RANDOM_INDICES}.")
    source, table = _TABLES[name]
    if size <= len(table):
        return RandomIndex(name, float(table[size - 1]), source)
    if name != "alonso-lamata":
        raise ValueError(
            f"Random index: {name!r} ends at {len(table)} criteria and {size} are compared; use "
            "random_index='alonso-lamata', which handles every size, or group the criteria."
        )
    return RandomIndex(name, (1.7699 * size - 4.3513) / (size - 1), f"{source}, regression")
