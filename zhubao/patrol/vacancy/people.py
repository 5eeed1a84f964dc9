"""What is written of the people of a household: deaths, and the tenant's age."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.core.identity import birth_date_of
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household, Member, Relation
from zhubao.patrol.vacancy.spans import age_on


@dataclass(frozen=True, slots=True)
class People:
    """A household on a day. `died_on`: the tenant's death as written; `alive` members."""

    members: int
    alive: int
    died_on: dt.date | None
    died_cells: tuple[Cell, ...]
    age: int | None
    age_cell: Cell | None


def people_of(loaded: Loaded, as_of: dt.date) -> dict[str, People]:
    """Household → its people by 家庭成员.

    The tenant is the member 本人, or the one with the applicant's identity number. His death
    counts from 死亡日期 on; that of all members counts as his. The age comes from 出生日期, else
    from the identity number.
    """
    table = loaded.get(Member)
    numbers = table.column("household_no")
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for index in table.usable("household_no"):
        groups[numbers[index]].append(index)
    applicants = _applicants(loaded)
    return {
        household: _people(loaded, rows, applicants.get(household), as_of)
        for household, rows in groups.items()
    }


def _people(loaded: Loaded, rows: list[int], applicant: str | None, as_of: dt.date) -> People:
    table = loaded.get(Member)
    deaths = table.column("died_on")
    dead = [index for index in rows if deaths[index] is not None and deaths[index] <= as_of]
    tenant = _tenant(loaded, rows, applicant)
    died = deaths[tenant] if tenant in dead and tenant is not None else None
    if died is None and len(dead) == len(rows):
        died = max(deaths[index] for index in dead)
    shown = dead if len(dead) == len(rows) else [index for index in dead if index == tenant]
    born, cell = _birth(loaded, tenant)
    return People(
        members=len(rows),
        alive=len(rows) - len(dead),
        died_on=died,
        died_cells=tuple(table.cell(index, "died_on") for index in shown),
        age=age_on(born, as_of) if born is not None and died is None else None,
        age_cell=cell,
    )


def _tenant(loaded: Loaded, rows: list[int], applicant: str | None) -> int | None:
    table = loaded.get(Member)
    relations, identities = table.column("relation"), table.column("identity_no")
    own = [index for index in rows if relations[index] is Relation.SELF]
    if len(own) != 1 and applicant:
        own = [index for index in rows if identities[index] == applicant]
    return own[0] if len(own) == 1 else None


def _birth(loaded: Loaded, tenant: int | None) -> tuple[dt.date | None, Cell | None]:
    if tenant is None:
        return None, None
    table = loaded.get(Member)
    written, identity = (table.column(name)[tenant] for name in ("birth_date", "identity_no"))
    if written is not None:
        return written, table.cell(tenant, "birth_date")
    try:
        return birth_date_of(identity or ""), table.cell(tenant, "identity_no")
    except ValueError:
        return None, None


def _applicants(loaded: Loaded) -> dict[str, str]:
    table = loaded.get(Household)
    numbers, identities = table.column("household_no"), table.column("identity_no")
    return {
        numbers[index]: identities[index] for index in table.usable("household_no", "identity_no")
    }
