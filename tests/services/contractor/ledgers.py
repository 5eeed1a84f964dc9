"""Small ledgers and schemes for the tests of the contractor's score."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.arrears import CollectionVisit
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.office import ContractorScore
from zhubao.ledger.patrol import PatrolKind, PatrolVisit
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Lease, LeaseStatus
from zhubao.ledger.units import Unit
from zhubao.services.contractor.scheme import Scheme, load_scheme
from zhubao.services.contractor.scope import Collection, Scope

DAY = dt.date(2020, 6, 30)
FIRST_QUARTER = Period.parse("2020-Q1")
OPERATOR = "星河物业"
ITEM = {
    "code": "TS", "title": "及时率", "figure": "tickets", "unit": "%", "full": 100,
    "formula": "按比例", "target": 95,
}  # fmt: skip


def day(text: str) -> dt.date:
    """A day of 2020, as 03-31."""
    return dt.date.fromisoformat(f"2020-{text}")


def scheme_with(*items: dict[str, Any], **others: Any) -> Scheme:
    """A scheme of the bureau's own: every item starts from ITEM."""
    values = {"scheme": [ITEM | item for item in items or ({},)], **others}
    entry = {"valid_from": dt.date(2020, 1, 1), "source": "示范合同"}
    tables = {name: {"values": [{**entry, "value": value}]} for name, value in values.items()}
    return load_scheme(DAY, {"contractor": tables})


def table(model: type[LedgerRow], *rows: dict[str, Any]) -> LedgerTable[Any]:
    """A sheet in memory."""
    return LedgerTable.from_rows(model, rows)


def town(homes: int = 4) -> list[LedgerTable[Any]]:
    """Households H1 … in units U1 …, the odd ones in 甲小区, the even ones in 乙小区."""
    units = [{"unit_no": f"U{n}", "estate": "乙甲"[n % 2] + "小区"} for n in range(1, homes + 1)]
    days = {"starts_on": dt.date(2019, 1, 1), "ends_on": dt.date(2023, 12, 31)}
    leases = [
        {"lease_no": f"L{n}", "household_no": f"H{n}", "unit_no": f"U{n}",
         "status": LeaseStatus.IN_FORCE, **days}
        for n in range(1, homes + 1)
    ]  # fmt: skip
    return [table(Unit, *units), table(Lease, *leases)]


def collection(in_debt: tuple[str, ...] = (), old: tuple[int, int] = (6_00, 10_00)) -> Collection:
    """Rent figures as the rent line would hand them over."""
    rate = Ratio(*old, money=True)
    return Collection.of(old=(rate, ()), current=(rate, ()), combined=(rate, ()), in_debt=in_debt)


def scope(
    *tables: LedgerTable[Any],
    estates: tuple[str, ...] = (),
    in_debt: tuple[str, ...] = (),
    period: Period = FIRST_QUARTER,
) -> Scope:
    """The town with these sheets."""
    return Scope(Loaded.of(*town(), *tables), period, collection(in_debt), estates)


def collected(household: str, on: str) -> dict[str, Any]:
    """A row of 收租走访."""
    return {"visit_no": f"{household}{on}", "household_no": household, "visited_on": day(on)}


def patrol(household: str, on: str, **values: Any) -> dict[str, Any]:
    """A row of 巡查."""
    return {"visit_no": f"{household}{on}", "household_no": household, "visited_on": day(on),
            "kind": PatrolKind.ROUTINE, **values}  # fmt: skip


def item(code: str, period: str = "2020-Q1", **values: Any) -> dict[str, Any]:
    """A row of 购买服务考核."""
    row = {"operator": OPERATOR, "period": period, "indicator_code": code, "indicator": code}
    goal = {"measure": "%", "target": Decimal(95), "full_score": Decimal(100)}
    return row | goal | values


def visits(*rows: dict[str, Any]) -> LedgerTable[Any]:
    """收租走访."""
    return table(CollectionVisit, *rows)


def patrols(*rows: dict[str, Any]) -> LedgerTable[Any]:
    """巡查."""
    return table(PatrolVisit, *rows)


def scores(*rows: dict[str, Any]) -> LedgerTable[Any]:
    """购买服务考核."""
    return table(ContractorScore, *rows)
