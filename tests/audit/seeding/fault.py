"""How a kind of fault is declared: the check that must find it, and the function that makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.audit.seeding.town import Town

Subjects = tuple[str, ...]  # what the lead names: household, unit, or a part of its key
Maker = Callable[[Town], Iterator[Subjects]]


@dataclass(frozen=True)
class Fault:
    """One kind. `make` makes the fault once per turn and yields what the lead must be about.

    `implies`: codes of further leads that the same wrong rows truly are. `leads`: how many leads
    of the check one fault makes. `last`: made after all others, of what they have left.
    """

    code: str
    make: Maker
    implies: tuple[str, ...] = ()
    leads: int = 1
    last: bool = False

    @property
    def name(self) -> str:
        """What the fault is called in reports."""
        return self.make.__name__


FAULTS: list[Fault] = []
HARMLESS: list[Maker] = []


def fault(
    code: str, *, implies: tuple[str, ...] = (), leads: int = 1, last: bool = False
) -> Callable[[Maker], Maker]:
    """Declare the decorated generator as a kind of fault that the check `code` finds."""

    def register(make: Maker) -> Maker:
        FAULTS.append(Fault(code, make, implies, leads, last))
        return make

    return register


def harmless(make: Maker) -> Maker:
    """Declare the decorated generator as a change that no check may find."""
    HARMLESS.append(make)
    return make


def all_faults() -> list[Fault]:
    """Every declared kind; those that come last at the end."""
    import importlib
    from pathlib import Path

    for path in sorted(Path(__file__).parent.glob("*_faults.py")):
        importlib.import_module(f"tests.audit.seeding.{path.stem}")
    importlib.import_module("tests.audit.seeding.harmless_changes")
    return sorted(FAULTS, key=lambda one: (one.last, one.code, one.name))
