"""What notices tell, in words."""

from __future__ import annotations

from evaluator.questions import findings as kinds
from evaluator.report.formatting.bounds import value_in_words
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import counted
from evaluator.report.messages import message


@message(kinds.ClocksFrom)
def _from(found: kinds.ClocksFrom, names: Names) -> str:
    w = names.words
    return (
        f"notices, statements and reports are taken to be submitted on {found.day}, unless a "
        f"{w.package} states a day of its own"
    )


@message(kinds.ToldAmounts)
def _amounts(found: kinds.ToldAmounts, names: Names) -> str:
    return ", ".join(f"{names.tool(tool)} {names.amount(usd)}" for tool, usd in found.amounts)


@message(kinds.ToldTitle)
def _title(found: kinds.ToldTitle, names: Names) -> str:
    return names.package(found.package)


@message(kinds.ToldEntities)
def _entities(found: kinds.ToldEntities, names: Names) -> str:
    return ", ".join(map(names.entity, found.entities))


@message(kinds.ToldCountries)
def _countries(found: kinds.ToldCountries, names: Names) -> str:
    return ", ".join(map(names.country, found.countries))


@message(kinds.ToldFact)
def _fact(found: kinds.ToldFact, names: Names) -> str:
    return value_in_words(found.value)


@message(kinds.ToldNothing)
def _nothing(found: kinds.ToldNothing, names: Names) -> str:
    return f"missing ({found.because})"


@message(kinds.StrategyMet)
def _strategy(found: kinds.StrategyMet, names: Names) -> str:
    w = names.words
    every = counted(found.targets, "target") + " of the strategy"
    if not found.uncovered:
        return f"{every}: {w.chosen} reach all of them"
    none = "has" if len(found.uncovered) == 1 else "have"
    return (
        f"of {every} {len(found.uncovered):,} {none} no {w.chosen_one}: "
        f"{', '.join(found.uncovered)}"
    )
