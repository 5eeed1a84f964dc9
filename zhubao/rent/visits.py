"""Monthly collection visits (一月一上户): whom to visit, in walking order; what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Finding, FindingKind, Severity, declare
from zhubao.core.money import format_yuan
from zhubao.core.period import Month
from zhubao.core.theme import Formats
from zhubao.excel.columns import ColumnSpec
from zhubao.excel.kinds import CellKind
from zhubao.ledger.addresses import Address
from zhubao.ledger.arrears import CollectionVisit
from zhubao.ledger.change import Change, Plan
from zhubao.rent.addresses import read_addresses
from zhubao.rent.arrears import ArrearsResult
from zhubao.rent.receipts.signs import NumberFinder
from zhubao.rent.steps import PlanState

if TYPE_CHECKING:
    from zhubao.excel.table import TypedTable

VISIT_UNKNOWN = declare(
    "RE-270",
    "走访清单里的家庭编号不认识",
    Severity.ERROR,
    "保障家庭台账里没有编号 {household}，这一行没有录入",
    "核对家庭编号；编号抄错的改正后重新录入",
    bad="家庭编号写成 JT00012（少一位）",
    good="家庭编号与保障家庭台账一致",
)
VISIT_UNDATED = declare(
    "RE-271",
    "走访没有日期",
    Severity.ERROR,
    "{household} 填了走访情况，没有填走访日期，这一行没有录入",
    "补填走访日期后重新录入；已录入的行不会重复",
    bad="“是否见到”填了“是”，走访日期空着",
    good="走访日期填 2020-07-08",
)
VISIT_OUTSIDE = declare(
    "RE-272",
    "走访日期不在允许的范围",
    Severity.ERROR,
    "{household} 的走访日期 {day} {why}，这一行没有录入",
    "核对走访日期的年份和月份；确实无误的，用 --as-of 写明截止日期",
    bad="2020 年 7 月的清单填了 2021-07-08，或 1920-07-08",
    good="走访日期不晚于录入那一天，不早于台账的第一个账单月",
)
VISIT_TWICE = declare(
    "RE-273",
    "同一户同一天有两行走访",
    Severity.WARNING,
    "{household} 在 {day} 有两行，只录入前一行",
    "两行说的是同一次走访的，删去一行；不是的，核对日期",
    bad="同一户写了两行，走访日期相同",
    good="每户每天一行",
)
VISIT_DIFFERS = declare(
    "RE-274",
    "台账里已有这次走访，内容不同",
    Severity.WARNING,
    "{household} 在 {day} 的走访台账里已有（{place}），清单上的{fields}与它不同，没有改动",
    "以清单为准的，请直接改台账里的那一行",
    bad="台账写“未见到人”，清单写“承诺缴清”",
    good="清单与台账一致",
)
VISIT_EMPTY = declare(
    "RE-275",
    "走访只有日期",
    Severity.WARNING,
    "{household} 只填了走访日期，没有填是否见到、走访结果或承诺缴款，这一行没有录入",
    "补填走访情况后重新录入",
    bad="走访日期填了，其余空着",
    good="“是否见到”填“否”，走访结果填“已留告知单”",
)
VISIT_CELL_BAD = declare(
    "RE-276",
    "走访清单里有读不懂的内容",
    Severity.ERROR,
    "{household} 的“{header}”读不懂或不合要求（填写：{shown}），这一行没有录入",
    "改正这个单元格后重新录入：日期写成 2020-07-08，是否见到写“是”或“否”，金额写成 500",
    bad="承诺缴款填“下月再说”",
    good="承诺缴款填 500",
)
VISIT_NO_HOUSEHOLD = declare(
    "RE-277",
    "走访清单里缺家庭编号",
    Severity.ERROR,
    "这一行填了走访情况，没有家庭编号，没有录入",
    "补上家庭编号后重新录入",
    bad="手工加了一行，只写了姓名",
    good="每行都有家庭编号",
)

ENTRY_SPECS = (
    ColumnSpec("household_no", "家庭编号", ("户编号", "户号", "租户编号"), CellKind.CODE, True),
    ColumnSpec("visited_on", "走访日期", ("上户日期", "日期"), CellKind.DATE, False),
    ColumnSpec("visitor", "走访人", ("上户人员",), CellKind.TEXT, False),
    ColumnSpec("met", "是否见到", ("是否在家",), CellKind.YES_NO, False),
    ColumnSpec("result", "走访结果", ("结果", "情况"), CellKind.TEXT, False),
    ColumnSpec("promised", "承诺缴款", (), CellKind.MONEY, False, (), "元"),
    ColumnSpec("remark", "备注", ("说明",), CellKind.TEXT, False),
)
_SAID = ("met", "result", "promised")  # at least one of them makes a visit
_COMPARED = ("met", "result", "promised")
_HEADERS = {spec.key: spec.header for spec in ENTRY_SPECS}


@dataclass(frozen=True, slots=True)
class Stop:
    """One door on the list. `visited`: the latest visit of the month, `last_visit` before that."""

    account: int
    address: Address
    hardship: tuple[str, ...]
    plan: PlanState
    owed: int
    unpaid_months: int
    visited: dt.date | None
    last_visit: dt.date | None


@dataclass(frozen=True, slots=True)
class VisitOrder:
    """What is asked for. An empty estate is all; `everyone` adds tenants without any reason."""

    month: Month
    estate: str = ""
    everyone: bool = False
    unvisited: bool = False


@dataclass(frozen=True, slots=True)
class VisitList:
    """The list in walking order; `moved_out` households owe but have no door to knock on."""

    result: ArrearsResult
    order: VisitOrder
    stops: tuple[Stop, ...]
    moved_out: int


def plan_visits(result: ArrearsResult, order: VisitOrder) -> VisitList:
    """Whom to visit in the month.

    Every household with a rent account that owes, has a plan not settled, or is in hardship; with
    `everyone` every tenant. Figures are those of the cut-off date, visits those of the month.
    Order: estate, building, entrance, floor, room, numbers inside text as numbers; unknown
    addresses last. Raises `UsageError` for an unknown estate.
    """
    if order.estate and order.estate not in result.homes.estate:
        raise UsageError(f"没有名为“{order.estate}”的小区", advice="请核对小区名称。")
    addresses = read_addresses(result.loaded, result.homes)
    visited, before = _visit_days(result, order.month)
    stops, moved_out = [], 0
    for account in result.with_rent_account().tolist():
        if order.estate and result.homes.estate[account] != order.estate:
            continue
        if result.homes.moved_out[account]:
            moved_out += bool(result.figures.owed[account] > 0)
            continue
        stop = _stop(result, account, addresses[account], visited[account], before[account])
        if _belongs(stop, order):
            stops.append(stop)
    numbers = result.books.numbers
    stops.sort(key=lambda stop: (stop.address.walk_key, numbers[stop.account]))
    return VisitList(result, order, tuple(stops), moved_out)


def visit_number(household_no: str, day: dt.date) -> str:
    """ZF20200708-JT000123: the same visit always has the same number."""
    return f"ZF{day:%Y%m%d}-{household_no}"


@dataclass(frozen=True, slots=True)
class Entered:
    """What a filled-in list amounts to: new visits, how many were known, what is wrong."""

    rows: tuple[dict[str, Any], ...]
    known: int
    findings: tuple[Finding, ...]


def read_visits(
    tables: Sequence[TypedTable], result: ArrearsResult, latest: dt.date, visitor: str = ""
) -> Entered:
    """Turn filled-in lists into visits; rows with nothing written on them are passed over.

    A visit already in the ledger (same household and day, whatever its number) is not entered
    again; where it says something else, that is a finding. `visitor` is put where the list names
    none; a visit after `latest`, or before the first month billed, is refused. The ledger is read
    from `result.loaded`.
    """
    return _Entry(result, latest, visitor).read(tables)


def visits_change(result: ArrearsResult, entered: Entered, formats: Formats) -> Change:
    """One row of 收租走访 for every new visit."""
    plan = Plan("录入收租走访", result.loaded, formats)
    plan.add(result.loaded.get(CollectionVisit), entered.rows)
    met = sum(row.get("met") is True for row in entered.rows)
    promised = sum(row.get("promised") or 0 for row in entered.rows)
    plan.note(
        f"新录入 {len(entered.rows)} 次走访，见到 {met} 户，承诺缴款 {format_yuan(promised)} 元；"
        f"已在台账里的 {entered.known} 次没有重复录入"
    )
    return plan.build()


def _stop(result: ArrearsResult, account: int, address: Address, visited: int, before: int) -> Stop:
    return Stop(
        account=account,
        address=address,
        hardship=result.hardship_tags(account),
        plan=result.plan_state(account),
        owed=int(result.figures.owed[account]),
        unpaid_months=int(result.figures.unpaid_months[account]),
        visited=dt.date.fromordinal(visited) if visited else None,
        last_visit=dt.date.fromordinal(before) if before else None,
    )


def _belongs(stop: Stop, order: VisitOrder) -> bool:
    if order.unvisited and stop.visited is not None:
        return False
    open_plan = stop.plan not in (PlanState.NONE, PlanState.SETTLED)
    return order.everyone or stop.owed > 0 or bool(stop.hardship) or open_plan


def _visit_days(result: ArrearsResult, month: Month) -> tuple[list[int], list[int]]:
    """Per account the ordinal of the latest visit in the month, and of the latest before it."""
    table = result.loaded.get(CollectionVisit)
    account_of = {number: account for account, number in enumerate(result.books.numbers)}
    first, last = month.first_day.toordinal(), month.last_day.toordinal()
    found = np.zeros((2, result.books.size), np.int64)
    numbers, days = table.column("household_no"), table.column("visited_on")
    for row in table.usable("household_no", "visited_on"):
        account, day = account_of.get(numbers[row]), days[row].toordinal()
        if account is not None and day <= last:
            line = 0 if day >= first else 1
            found[line, account] = max(found[line, account], day)
    return found[0].tolist(), found[1].tolist()


class _Entry:
    """One filled-in list being read."""

    def __init__(self, result: ArrearsResult, latest: dt.date, visitor: str) -> None:
        self._latest, self._visitor = latest, visitor
        known = result.books.numbers[: result.books.known]
        self._numbers = NumberFinder({number: number for number in known})
        self._earliest = _first_day(result)
        self._ledger = _visits_on_record(result)
        self._findings: list[Finding] = []
        self._rows: dict[tuple[str, dt.date], dict[str, Any]] = {}
        self._known = 0

    def read(self, tables: Sequence[TypedTable]) -> Entered:
        for table in tables:
            self._findings += self._of_sheet(table)
            for index in range(len(table.rows)):
                self._take(table, index)
        findings = sorted(self._findings, key=lambda finding: finding.sort_key)
        return Entered(tuple(self._rows.values()), self._known, tuple(findings))

    def _of_sheet(self, table: TypedTable) -> list[Finding]:
        """What the reader found, without the cells that `_take` judges itself."""
        bad = {
            table.address(index, key)
            for key, column in table.columns.items()
            if key in _HEADERS
            for index in column.bad
        }
        return [one for one in table.findings if one.where not in bad]

    def _take(self, table: TypedTable, index: int) -> None:
        values = {
            key: column.values[index] for key, column in table.columns.items() if key in _HEADERS
        }
        bad = [key for key in _HEADERS if key in table.columns and index in table.columns[key].bad]
        said = any(values.get(key) is not None for key in _SAID)
        if not (said or values.get("visited_on") or bad):
            return
        number = values.get("household_no")
        if number is not None:
            number = values["household_no"] = self._numbers.owner(number) or number
        kind, key, words = self._fault(values, bad, said=said)
        if kind is not None:
            where = table.address(index, key)
            written = table.columns[key].originals.get(index, values.get(key))
            shown = _shown(key, written)
            self._findings.append(kind.at(where, household=number, shown=shown, **words))
            return
        self._keep(table, index, values)

    def _fault(
        self, values: dict[str, Any], bad: Sequence[str], *, said: bool
    ) -> tuple[FindingKind | None, str, dict[str, Any]]:
        """What keeps a row out: the kind of finding, the column it is at, the words it needs."""
        number, day = values.get("household_no"), values.get("visited_on")
        promised = values.get("promised")
        if number is None:
            return VISIT_NO_HOUSEHOLD, "household_no", {}
        if self._numbers.owner(number) is None:
            return VISIT_UNKNOWN, "household_no", {}
        if bad or (promised is not None and promised < 0):
            key = bad[0] if bad else "promised"
            return VISIT_CELL_BAD, key, {"header": _HEADERS[key]}
        if day is None:
            return VISIT_UNDATED, "visited_on", {}
        if day > self._latest:
            return VISIT_OUTSIDE, "visited_on", {"day": day, "why": f"晚于 {self._latest}"}
        if day < self._earliest:
            why = f"早于台账的第一个账单月（{self._earliest}）"
            return VISIT_OUTSIDE, "visited_on", {"day": day, "why": why}
        return (None if said else VISIT_EMPTY), "visited_on", {}

    def _keep(self, table: TypedTable, index: int, values: dict[str, Any]) -> None:
        number, day = values["household_no"], values["visited_on"]
        where = table.address(index, "visited_on")
        if (number, day) in self._rows:
            self._findings.append(VISIT_TWICE.at(where, household=number, day=day))
            return
        if (number, day) in self._ledger:
            self._known += 1
            self._compare(where, number, day, values)
            return
        row = {key: value for key, value in values.items() if value is not None}
        if self._visitor:
            row.setdefault("visitor", self._visitor)
        self._rows[number, day] = {"visit_no": visit_number(number, day), **row}

    def _compare(self, where: Cell, number: str, day: dt.date, values: dict[str, Any]) -> None:
        place, known = self._ledger[number, day]
        differing = [
            _HEADERS[key]
            for key in _COMPARED
            if values.get(key) is not None and values[key] != known[key]
        ]
        if differing:
            words = {"place": place, "fields": "、".join(differing)}
            self._findings.append(VISIT_DIFFERS.at(where, household=number, day=day, **words))


def _shown(key: str, written: Any) -> str:
    """What stands in the cell, as the clerk knows it."""
    if written in (None, ""):
        return "没有值的公式或错误值"
    return format_yuan(written) if key == "promised" and isinstance(written, int) else str(written)


def _first_day(result: ArrearsResult) -> dt.date:
    """The first day of the first month billed or brought over; no bound without any."""
    months = result.books.debts.month
    return Month(int(months.min())).first_day if months.size else dt.date.min


def _visits_on_record(
    result: ArrearsResult,
) -> dict[tuple[str, dt.date], tuple[Cell, dict[str, Any]]]:
    table = result.loaded.get(CollectionVisit)
    numbers, days = table.column("household_no"), table.column("visited_on")
    return {
        (numbers[row], days[row]): (table.row_cell(row), table.values(row))
        for row in table.usable("household_no", "visited_on")
    }
