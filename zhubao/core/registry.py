"""A registry: code → declaration, filled at import time, unique codes, in declaration order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Coded(Protocol):
    """Anything that carries a stable code."""

    @property
    def code(self) -> str:
        """The stable code, e.g. HH-104."""
        ...


T = TypeVar("T", bound=Coded)


class Registry(Generic[T]):
    """Declarations by code. A second declaration of the same code is a programming error."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._items: dict[str, T] = {}

    def add(self, item: T) -> T:
        """Register `item` under its code and return it."""
        if item.code in self._items:
            raise ValueError(f"{self._name}: code {item.code} declared twice")
        self._items[item.code] = item
        return item

    def get(self, code: str) -> T | None:
        """The declaration with this code (case-insensitive), or None."""
        return self._items.get(code.upper())

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, code: object) -> bool:
        return code in self._items
