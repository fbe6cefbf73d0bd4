"""Mappings and lists that cannot be changed in place; pydantic reads and writes them as usual."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NoReturn, TypeVar, get_args

from pydantic import AfterValidator, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

K = TypeVar("K")
V = TypeVar("V")


class FrozenDict(dict[K, V]):
    """A dictionary that refuses every change in place with TypeError; `|` gives a new one.

    >>> FrozenDict(a=1)["b"] = 2
    Traceback (most recent call last):
    TypeError: this mapping cannot be changed; make a new one
    """

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this mapping cannot be changed; make a new one")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = setdefault = pop = popitem = clear = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        """Return a hash of the entries, whatever their order; TypeError where one has none."""
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[FrozenDict[K, V]], tuple[dict[K, V]]]:
        return FrozenDict, (dict(self),)


class _Frozen:
    """Validates a mapping as a dictionary, and freezes it."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        keys, values = get_args(source)
        inner = handler.generate_schema(dict[keys, values])  # type: ignore[valid-type]
        return core_schema.no_info_after_validator_function(FrozenDict, inner)


FrozenMapping = Annotated[Mapping[K, V], _Frozen]
"""The type of a field that holds a mapping."""


def frozen(value: Any) -> Any:
    """Return plain data with its lists as tuples and its mappings frozen, all the way down.

    >>> frozen({"a": [1, {"b": 2}]})
    {'a': (1, {'b': 2})}
    """
    if isinstance(value, Mapping):
        return FrozenDict({key: frozen(part) for key, part in value.items()})
    if isinstance(value, list | tuple):
        return tuple(map(frozen, value))
    return value


Plain = Annotated[Any, AfterValidator(frozen)]
"""The type of a field that holds plain data: numbers, texts, lists and mappings of them."""
