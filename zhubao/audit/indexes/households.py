"""Who a household number is: its row, its masked label, and the subject of a hit."""

from __future__ import annotations

from typing import Any, TypedDict

from zhubao.audit.facts import Facts
from zhubao.core.finding import Cell
from zhubao.core.identity import check_identity, normalise_identity
from zhubao.core.masking import mask_name
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household


class Subject(TypedDict):
    """What a hit says of the household it is about; unmasked, for the ledger of leads."""

    household: str
    person: str
    identity_no: str


class Households:
    """The sheet 保障家庭 by number; the first of two rows with one number counts."""

    def __init__(self, table: LedgerTable[Household]) -> None:
        self.table = table
        self._rows: dict[str, int] = {}
        for row, number in enumerate(table.column("household_no")):
            if number:
                self._rows.setdefault(number, row)

    def row(self, number: str | None) -> int | None:
        """The row of a household; None for a number the sheet does not have."""
        return self._rows.get(number or "")

    def field(self, number: str | None, name: str) -> Any:
        """A field of its row; None where there is no such household."""
        row = self.row(number)
        return None if row is None else self.table.column(name)[row]

    def cells(self, number: str | None, *names: str) -> tuple[Cell, ...]:
        """The cells of these fields (the number's without names); none for an unknown number."""
        row = self.row(number)
        if row is None:
            return ()
        return tuple(self.table.cell(row, name) for name in names or ("household_no",))

    def label(self, number: str | None) -> str:
        """家庭 JT0001（王*明）: the number with the masked name of the applicant."""
        name = mask_name(self.field(number, "applicant") or "")
        return f"家庭 {number or '（编号空着）'}" + (f"（{name}）" if name else "")

    def subject(self, number: str | None) -> Subject:
        """Household, applicant and identity number of a hit; a faulty number is left out."""
        identity = normalise_identity(self.field(number, "identity_no") or "")
        valid = identity and check_identity(identity) is None
        return Subject(
            household=number or "",
            person=self.field(number, "applicant") or "",
            identity_no=identity if valid else "",
        )


def households(facts: Facts) -> Households:
    """The index of these facts."""
    return Households(facts.loaded.get(Household))
