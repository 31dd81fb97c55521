"""A mapping that nobody can change, but everybody can copy and pickle."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Frozen(Mapping[K, V], Generic[K, V]):
    """A read-only copy of a mapping.

    Python's own `MappingProxyType` can be neither copied nor pickled, and so `dataclasses.asdict`
    fails on what holds one.
    """

    __slots__ = ("_table",)

    def __init__(self, table: Mapping[K, V]) -> None:
        self._table = dict(table)

    def __getitem__(self, key: K) -> V:
        return self._table[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    # The table's own views are quick, and as read-only as it.
    def keys(self) -> KeysView[K]:
        """Return a view of the keys."""
        return self._table.keys()

    def values(self) -> ValuesView[V]:
        """Return a view of the values."""
        return self._table.values()

    def items(self) -> ItemsView[K, V]:
        """Return a view of the pairs."""
        return self._table.items()

    def __or__(self, other: Any) -> dict[Any, Any]:
        return {**self._table, **other} if isinstance(other, Mapping) else NotImplemented

    def __ror__(self, other: Any) -> dict[Any, Any]:
        return {**other, **self._table} if isinstance(other, Mapping) else NotImplemented

    def __repr__(self) -> str:
        return repr(self._table)

    def __reduce__(self) -> tuple[Any, ...]:
        return Frozen, (self._table,)
