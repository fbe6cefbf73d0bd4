"""The faults that can be planted in a module: one changed node of its syntax tree each."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any", "minimum": "maximum",
           "maximum": "minimum", "floor": "ceil", "ceil": "floor", "sorted": "list"}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One planted fault."""

    path: str
    """Of the module, from the root of the repository."""
    number: int
    """Its place among all faults of the module."""
    line: int
    end: int
    """Last line of the statement's part that is changed."""
    at: str
    """Its first line as it stands in the module."""
    what: str
    """The part before and after, as source."""


def mutants(path: Path, root: Path) -> list[Mutant]:
    """Return every fault that can be planted in a module."""
    source = path.read_text()
    name, lines = path.relative_to(root).as_posix(), source.splitlines()
    return [
        Mutant(
            name,
            number,
            node.lineno,
            node.end_lineno or node.lineno,
            lines[node.lineno - 1].strip(),
            f"{old} -> {new}",
        )
        for number, (node, old, new) in enumerate(_every(ast.parse(source)))
    ]


def mutated(source: str, number: int) -> ast.Module:
    """Return the tree of a module with the fault of that number planted."""
    tree = ast.parse(source)
    for place, _ in enumerate(_every(tree, keep=number)):
        if place == number:
            break
    return ast.fix_missing_locations(tree)


def _every(tree: ast.Module, keep: int = -1) -> Iterator[tuple[ast.expr | ast.stmt, str, str]]:
    """Yield each node with its source before and after; the fault `keep` stays planted."""
    number = 0
    for node in _runtime(tree):
        for attribute, fault in _faults(node):
            before = ast.unparse(node)
            kept = getattr(node, attribute)
            setattr(node, attribute, fault)
            after = ast.unparse(node)
            if number != keep:
                setattr(node, attribute, kept)
            yield node, before, after
            number += 1


def _runtime(tree: ast.Module) -> Iterator[ast.expr | ast.stmt]:
    """Yield the nodes whose change can be seen: no annotations, docstrings, imports for types."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "decorator_list"):
                continue
            found = value if isinstance(value, list) else [value]
            waiting += [one for one in found if isinstance(one, ast.AST)]
        if isinstance(node, ast.expr | ast.stmt):
            yield node


def _faults(node: ast.AST) -> Iterator[tuple[str, object]]:
    """Yield the name of a field of a node and what is planted there."""
    match node:
        case ast.Compare(ops=[op, *rest]) if type(op) in _COMPARED:
            yield "ops", [_COMPARED[type(op)](), *rest]
        case ast.BinOp(op=op) if type(op) in _COMPUTED and not _text(node):
            yield "op", _COMPUTED[type(op)]()
        case ast.AugAssign(op=op) if type(op) in _COMPUTED:
            yield "op", _COMPUTED[type(op)]()
        case ast.BoolOp(op=op):
            yield "op", ast.Or() if isinstance(op, ast.And) else ast.And()
        case ast.UnaryOp(op=ast.Not(), operand=inside):
            yield "operand", ast.UnaryOp(ast.Not(), copy.deepcopy(inside))
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield "test", ast.UnaryOp(ast.Not(), copy.deepcopy(test))
        case ast.Constant(value=bool() as value):
            yield "value", not value
        case ast.Constant(value=int() | float() as value):
            yield "value", value + 1
        case ast.Call(func=ast.Name(id=name)) if name in _CALLED:
            yield "func", ast.Name(_CALLED[name], ast.Load())
        case ast.Call(func=ast.Attribute(attr=name, value=value)) if name in _CALLED:
            yield "func", ast.Attribute(copy.deepcopy(value), _CALLED[name], ast.Load())
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield "value", ast.Constant(None)


def _text(node: ast.BinOp) -> bool:
    """Whether an operation is on text."""
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )
