"""Whether what a bill says stands apart from the law: named by a scenario that supposes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from evaluator.errors import Problem, did_you_mean
from evaluator.loading.changes import Placed
from evaluator.loading.documents.located import Node
from evaluator.model.study import Study

_BELOW = ("agencies", "institutions")
"""What of a study is law and criteria, and no setting."""


def in_bills(
    study: Study,
    roots: Iterable[Node | None],
    changes: Sequence[Placed],
    tree: Node,
    supposing: Mapping[str, frozenset[str]],
) -> Iterator[Problem]:
    """Check that every bill that is cited is supposed, and that what supposes one cites it.

    roots: all documents that hold citations. tree: agencies and institutions, changed.
    supposing: by scenario, the bills that it supposes.
    """
    known = [one.bill for one in study.scenario.if_enacted]
    for root in roots:
        for node, bill in _cited(root):
            if bill not in known:
                fact = f"the citation names the bill '{bill}', which the scenario does not suppose."
                remedy = "Name it in if_enacted of the scenario: a bill is no law."
                yield Problem(node.where, fact, did_you_mean(bill, known) if known else remedy)
    for change in changes:
        bills = supposing.get(change.scenario)
        if bills and change.path[0] in _BELOW and not bills & {*_of_change(change, tree)}:
            told = ", ".join(sorted(bills))
            yield Problem(
                change.where,
                f"the scenario supposes {told}, which no citation of this change has as its bill.",
                "State the whole entry, its citation with the bill, or move the change elsewhere.",
            )


def _cited(node: Node | None) -> Iterator[tuple[Node, str]]:
    """Yield each citation of a document that names a bill, and the bill."""
    if node is None:
        return
    if isinstance(node.value, dict):
        bill = node.child("bill")
        if bill is not None and "confidence" in node.value and isinstance(bill.value, str):
            yield bill, bill.value
        for below in node.value.values():
            yield from _cited(below)
    elif isinstance(node.value, tuple):
        for below in node.value:
            yield from _cited(below)


def _of_change(change: Placed, tree: Node) -> Iterator[str]:
    """Yield the bills that the new value names, or the entry of which it is a part."""
    yield from (bill for _, bill in _cited(change.to))
    for length in range(len(change.path) - 1, 0, -1):
        entry = tree.nearest(change.path[:length])
        for key in ("citation", "statute"):
            own = entry.child(key) if isinstance(entry.value, dict) else None
            if own is not None:
                yield from (bill for _, bill in _cited(own))
                return
