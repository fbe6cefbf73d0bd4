"""The tables of a run, as they are written."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from evaluator.results.evaluation import Evaluation
from evaluator.sanitize import active, inert


def tables(evaluation: Evaluation) -> dict[str, pd.DataFrame]:
    """Return the tables of a run by file stem, without index."""
    agencies = list(evaluation.influence.index)
    ranked = evaluation.ranking.reset_index()
    return {
        "ranking": ranked,
        "agency_scores": ranked[["package", *agencies]],
        "values": _contributions(evaluation),
        "gates": evaluation.gates,
        "weights": _weights(evaluation),
        "allocation": evaluation.allocation.table,
        "limits": evaluation.allocation.limits,
        "elicitation": evaluation.elicitation,
        "sources": evaluation.provenance.sources,
        **_agreement(evaluation),
        **_uncertainty(evaluation),
        **{
            n: t.table
            for n, t in (evaluation.extended.tables if evaluation.extended else {}).items()
        },
    }


def _agreement(evaluation: Evaluation) -> dict[str, pd.DataFrame]:
    found = evaluation.agreement
    if found is None:
        return {}
    return {
        "agreement": found.packages.reset_index(),
        "agreement_pairs": found.pairs,
        "agreement_drivers": found.drivers,
    }


def _uncertainty(evaluation: Evaluation) -> dict[str, pd.DataFrame]:
    found = evaluation.uncertainty
    if found is None:
        return {}
    ranks = found.rank_acceptability.add_prefix("rank_")
    return {
        "acceptability": found.packages.join(ranks).reset_index(),
        "pairwise_winning": found.pairwise_winning.rename_axis("package").reset_index(),
        "central_weights": found.central_weights.reset_index(),
        "stability": found.stability,
        "improvements": found.improvements.reset_index(),
        "variance": found.variance.reset_index(),
        "tornado": found.tornado,
        "methods": found.methods.reset_index(),
        "reversals": found.reversals,
    }


def _contributions(evaluation: Evaluation) -> pd.DataFrame:
    """Return the performances with effective weight and contribution to the overall score."""
    effective = evaluation.weights.mul(evaluation.influence, axis=0).sum()
    table = evaluation.performances.copy()
    table["panel"] = [" ".join(f"{v:g}" for v in values) for values in table["panel"]]
    table["effective_weight"] = table["criterion"].map(effective)
    table["contribution"] = table["effective_weight"] * table["value"]
    return table


def _weights(evaluation: Evaluation) -> pd.DataFrame:
    table = evaluation.weights.rename_axis("agency").reset_index()
    table.insert(1, "influence", evaluation.influence.to_numpy())
    return table


def as_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV in UTF-8: numbers in full, text like a formula made inert."""
    texts = [c for c in table.columns if not pd.api.types.is_numeric_dtype(table[c])]
    safe = table.assign(**{c: table[c].map(_inert) for c in texts})
    return safe.to_csv(index=False, lineterminator="\n").encode()


def text_columns(table: pd.DataFrame) -> list[str]:
    """Return the columns that hold nothing but text: a package may be called `001`."""
    return [str(c) for c in table.columns if all(isinstance(value, str) for value in table[c])]


class Lazy(Mapping[str, pd.DataFrame]):
    """Tables by name, each read when it is first asked for."""

    def __init__(self, places: Mapping[str, Path | bytes], texts: Mapping[str, Sequence[str]]):
        self._places, self._texts = places, texts
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            self._read[name] = read_csv(self._places[name], self._texts[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


def read_csv(place: Path | bytes, texts: Sequence[str]) -> pd.DataFrame:
    """Return a table that `as_csv` wrote, of a file or bytes; `texts` are its text columns."""
    # An empty cell stays an empty text: nothing in a run is NaN. Since pandas 3.1 numbers are read
    # to the last bit.
    kinds = {"rank": str, **dict.fromkeys(texts, str)}
    table = pd.read_csv(
        place if isinstance(place, Path) else io.BytesIO(place), keep_default_na=False, dtype=kinds
    )
    return table.assign(**{c: table[c].map(active) for c in texts})


def _inert(value: object) -> object:
    return inert(value) if isinstance(value, str) else value
