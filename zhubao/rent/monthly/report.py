"""The monthly rent report: assembled, filed, and compared with what was filed the month before."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from zhubao.core.finding import Finding, Severity, declare
from zhubao.core.money import format_yuan, parse_yuan, yuan
from zhubao.core.period import Month
from zhubao.core.report import Report
from zhubao.ledger.arrears import Charge, Receipt, Reduction
from zhubao.ledger.model import LedgerRow
from zhubao.rent.figures import collection_rates
from zhubao.rent.monthly.month import MonthResult
from zhubao.rent.monthly.tables import (
    Difference,
    LateEntry,
    collection_table,
    composition_table,
    filed_table,
    late_table,
    ownership_table,
    proof_table,
    statement_table,
)
from zhubao.rent.postings import NO_MONTH, IntArray, Postings

SCHEMA = "zhubao.rent.month/1"
_TOTALS = (
    "opening", "charged", "received", "this_month", "earlier_months", "earlier_years", "advance",
    "reduced", "written_off", "closing", "owed", "credit", "overdrawn", "year_charged",
    "year_received",
)  # fmt: skip
_KEYS: dict[type[LedgerRow], str] = {
    Charge: "charge_no",
    Receipt: "receipt_no",
    Reduction: "reduction_no",
}
_UNORDERED_ROWS, _UNORDERED_SHARE = 20, 50  # more late rows than this, or than 1/50: no order

CLOSING_DIFFERS = declare(
    "RE-240",
    "上期结转与上月存档的月报不一致",
    Severity.WARNING,
    "{month}月报存档的月末余额是 {filed} 元，按现在的台账是 {now} 元，相差 {difference} 元",
    "对照“与上月存档核对”和“补记和变动”两张表；属于补登的，在本月月报里说明；上月月报要改的，"
    "运行 zhubao rent month --month {month} --refile 重新存档",
    bad="5 月月报存档后，又补登了一笔 5 月的收款",
    good="上月结账后，没有再动以前月份的行",
)
ARCHIVE_UNREADABLE = declare(
    "RE-241",
    "月报的存档看不懂",
    Severity.NOTICE,
    "{reason}，没有比对",
    "存档由 zhubao rent month 生成，不要手工修改；可对那个月加 --refile 重新存档",
    bad="租金月报_2020-05.json 被手工改过",
    good="租金月报_2020-05.json 是 zhubao 生成的原样",
)
ARCHIVE_DIFFERS = declare(
    "RE-242",
    "本月月报与已有的存档不一致",
    Severity.WARNING,
    "{month}月报已有存档，其中{title}是 {filed} 元，现在算出 {now} 元；存档没有改动",
    "查明台账改了哪些行；确认以现在的为准时，加 --refile 重新存档",
    bad="6 月月报存档后改了 6 月的应收，又运行 zhubao rent month",
    good="存档后台账没有变动，重新运行结果相同",
)


@dataclass(frozen=True, slots=True)
class FiledSheet:
    """How many records the sheet had, and number and sum of rows by the month they are dated."""

    rows: int
    months: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class FiledMonth:
    """What is kept of a report that was made: totals in fen, and the state of the money sheets."""

    bureau: str
    month: Month
    totals: Mapping[str, int]
    sheets: Mapping[str, FiledSheet]

    def to_json(self) -> str:
        """The archive as text; money in yuan with two decimals."""
        sheets = {
            name: {
                "rows": sheet.rows,
                "months": {key: [n, str(yuan(fen))] for key, (n, fen) in sheet.months.items()},
            }
            for name, sheet in self.sheets.items()
        }
        totals = {name: str(yuan(fen)) for name, fen in self.totals.items()}
        content = {
            "schema": SCHEMA,
            "bureau": self.bureau,
            "month": str(self.month),
            "totals": totals,
            "sheets": sheets,
        }
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def parse_filed(text: str, month: Month) -> FiledMonth:
    """Read an archive; ValueError with a Chinese reason when it is none, or of another month."""
    try:
        content = json.loads(text)
        if content["schema"] != SCHEMA:
            raise ValueError(content["schema"])
        sheets = {
            str(name): FiledSheet(
                int(one["rows"]),
                {
                    key: (int(n), parse_yuan(Decimal(fen)))
                    for key, (n, fen) in one["months"].items()
                },
            )
            for name, one in content["sheets"].items()
        }
        totals = {name: parse_yuan(Decimal(content["totals"][name])) for name in _TOTALS}
        found = FiledMonth(str(content["bureau"]), Month.parse(content["month"]), totals, sheets)
    except (KeyError, TypeError, AttributeError, ArithmeticError, ValueError) as fault:
        raise ValueError("内容不完整或被改过") from fault
    if found.month != month:
        raise ValueError(f"里面是 {found.month} 的月报")
    return found


def filed_of(result: MonthResult, bureau: str) -> FiledMonth:
    """What to keep of this report."""
    flow, books = result.flow, result.arrears.books
    sheets = {
        table.model.SHEET.name: FiledSheet(len(table), _by_month(postings, part))
        for postings in (books.debts, books.money)
        for part, table in enumerate(postings.tables)
    }
    totals = {name: flow.total(name) for name in _TOTALS}
    return FiledMonth(bureau, result.month, totals, sheets)


def month_report(
    result: MonthResult,
    *,
    bureau: str = "",
    filed: FiledMonth | None = None,
    findings: tuple[Finding, ...] = (),
) -> Report:
    """The report of a computed month; `filed` is what was filed of the month before, if anything.

    The figures never depend on `filed`: it is compared, and what differs is a finding and a table.
    """
    entries, notes = late_entries(result, filed)
    differences = compare(result, filed) if filed else []
    tables = [
        statement_table(result),
        ownership_table(result),
        composition_table(result),
        collection_table(result),
    ]
    if entries or notes:
        tables.append(late_table(entries, tuple(notes)))
    if differences:
        tables.append(filed_table(differences))
    tables.append(proof_table(result))
    return Report(
        code="rent.month",
        title=f"租金月报（{result.month.title}）",
        bureau=bureau,
        as_of=result.arrears.as_of,
        period=result.month.title,
        tables=tuple(tables),
        notes=(_identity(result), *_filed_note(result, filed)),
        findings=(*findings, *_closing_findings(result, filed)),
        facts=_facts(result, entries, differences),
    )


def compare(result: MonthResult, filed: FiledMonth) -> list[Difference]:
    """The closing as filed and now, then every sheet and month whose rows are not the same."""
    flow = result.flow
    pairs = (("closing", "opening"), ("owed", "opening_owed"), ("credit", "opening_credit"))
    titles = ("月末余额", "结欠", "预缴")
    found = [
        Difference(title, filed.totals[then], flow.total(now))
        for title, (then, now) in zip(titles, pairs, strict=True)
    ]
    return found + [line for line in _sheet_differences(result, filed) if line.differs]


def archive_difference(now: FiledMonth, kept: FiledMonth) -> Finding | None:
    """A finding when the month's own archive says something else, at its first total that does."""
    titles = {"closing": "月末余额", "charged": "应收", "received": "实收", "opening": "上期结转"}
    order = sorted(now.totals, key=lambda name: (name not in titles, name))
    for name in order:
        if now.totals[name] != kept.totals[name]:
            return ARCHIVE_DIFFERS.at(
                None,
                month=now.month,
                title=titles.get(name, "分列数"),
                filed=format_yuan(kept.totals[name]),
                now=format_yuan(now.totals[name]),
            )
    return None


def late_entries(
    result: MonthResult, filed: FiledMonth | None = None
) -> tuple[list[LateEntry], list[str]]:
    """Rows that touch closed months, and what has to be said of them.

    Charges entered this month for earlier months count in this month. Rows dated before the month
    change a closing balance already reported. With an archive those are the rows that the sheets
    have gained since; without one, the rows that stand below rows of the month (a sheet that is
    not kept by date says nothing, and a note says so).
    """
    books, first = result.arrears.books, result.month.first_day.toordinal()
    debts = books.debts
    added = np.flatnonzero(debts.of_part(1) & (debts.day >= first) & (debts.month < result.month))
    entries = [_entry(result, debts, int(index), "补记以前月份", False) for index in added]
    notes = []
    for postings in (debts, books.money):
        for part, table in enumerate(postings.tables):
            kept = filed.sheets.get(table.model.SHEET.name) if filed else None
            if kept is None and table.model not in _KEYS:
                continue  # opening debts have no order of entry
            rows = _backdated(postings, part, first, kept)
            if rows is None:
                notes.append(f"{table.model.SHEET.name}表不按日期排列，看不出哪些行是后来补登的")
                continue
            kind = "存档后补登" if kept else "补登以前日期"
            entries += [_entry(result, postings, int(index), kind, True) for index in rows]
    notes += _unexplained(result, filed, entries) if filed else []
    return entries, notes


def _backdated(
    postings: Postings, part: int, first: int, kept: FiledSheet | None
) -> IntArray | None:
    """The postings dated before the month that were entered late; None when order says nothing."""
    own = np.flatnonzero(postings.of_part(part))
    old = postings.day[own] < first
    if kept is not None:
        return own[old & (postings.row[own] >= kept.rows)]
    late = own[old & (np.cumsum(~old) > 0)]
    unordered = len(late) > max(_UNORDERED_ROWS, len(own) // _UNORDERED_SHARE)
    return None if unordered else late


def _entry(
    result: MonthResult, postings: Postings, index: int, kind: str, changes_closed: bool
) -> LateEntry:
    table = postings.tables[int(postings.part[index])]
    row, month = int(postings.row[index]), int(postings.month[index])
    key = _KEYS.get(table.model)
    return LateEntry(
        kind=kind,
        sheet=table.model.SHEET.name,
        number=table.column(key)[row] if key else None,
        household_no=result.arrears.books.numbers[int(postings.account[index])],
        month=Month(month) if month != NO_MONTH else None,
        day=dt.date.fromordinal(int(postings.day[index])),
        amount=int(postings.amount[index]),
        cell=postings.cell(index),
        changes_closed=changes_closed,
    )


def _unexplained(result: MonthResult, filed: FiledMonth, entries: list[LateEntry]) -> Iterator[str]:
    """What changed in a sheet beyond the rows it gained at its end."""
    for name in filed.sheets:
        lines = [one for one in _sheet_differences(result, filed) if one.title.startswith(name)]
        moved = sum(line.now - line.filed for line in lines)
        added = sum(one.amount for one in entries if one.changes_closed and one.sheet == name)
        if moved != added:
            yield (
                f"{name}表以前月份的行共变动 {format_yuan(moved)} 元，其中表末新增 "
                f"{format_yuan(added)} 元；其余是改动、删除或插入的行，可用 zhubao history 查看"
            )


def _sheet_differences(result: MonthResult, filed: FiledMonth) -> Iterator[Difference]:
    """Every sheet and month before this one: number and sum of rows, as filed and now."""
    books = result.arrears.books
    for postings in (books.debts, books.money):
        for part, table in enumerate(postings.tables):
            name = table.model.SHEET.name
            kept = filed.sheets.get(name)
            if kept is None:
                continue
            now = _by_month(postings, part)
            for key in sorted({*kept.months, *now}):
                if key < str(result.month):
                    rows_then, then = kept.months.get(key, (0, 0))
                    rows_now, amount = now.get(key, (0, 0))
                    yield Difference(f"{name} {key}", then, amount, rows_then, rows_now)


def _by_month(postings: Postings, part: int) -> dict[str, tuple[int, int]]:
    """Month of the row's date → number of rows, sum in fen; by month."""
    own = postings.where(postings.of_part(part))
    days = (own.day - dt.date(1970, 1, 1).toordinal()).astype("datetime64[D]")
    months = days.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    found, place = np.unique(months, return_inverse=True)
    counts, sums = np.bincount(place, minlength=len(found)), np.zeros(len(found), np.int64)
    np.add.at(sums, place, own.amount)
    return {
        str(Month(int(month))): (int(count), int(fen))
        for month, count, fen in zip(found, counts, sums, strict=True)
    }


def _closing_findings(result: MonthResult, filed: FiledMonth | None) -> Iterator[Finding]:
    if filed is None or filed.totals["closing"] == result.flow.total("opening"):
        return
    then, now = filed.totals["closing"], result.flow.total("opening")
    yield CLOSING_DIFFERS.at(
        None,
        month=filed.month,
        filed=format_yuan(then),
        now=format_yuan(now),
        difference=format_yuan(now - then),
    )


def _identity(result: MonthResult) -> str:
    flow = {name: format_yuan(result.flow.total(name)) for name in _TOTALS}
    overdrawn = f" ＋ 冲正超额 {flow['overdrawn']}" if result.flow.total("overdrawn") else ""
    return (
        f"勾稽：上期结转 {flow['opening']} ＋ 应收 {flow['charged']} － 实收 {flow['received']} "
        f"－ 减免 {flow['reduced']} － 核销 {flow['written_off']} ＝ {flow['closing']} "
        f"＝ 结欠 {flow['owed']} － 预缴 {flow['credit']}{overdrawn}，逐户验算 ✓"
    )


def _filed_note(result: MonthResult, filed: FiledMonth | None) -> tuple[str, ...]:
    before = result.month.plus(-1)
    again = f"上期结转与按 {before.last_day} 重新计算的余额一致 ✓"
    if filed is None:
        return (f"{again}；没有 {before} 月报的存档，未与存档比对",)
    agrees = filed.totals["closing"] == result.flow.total("opening")
    return (f"{again}；与 {before} 月报的存档{'一致 ✓' if agrees else '不一致，见核对表'}",)


def _facts(
    result: MonthResult, entries: list[LateEntry], differences: list[Difference]
) -> dict[str, Any]:
    """Headline values; money in yuan."""
    flow = result.flow
    rates, year = collection_rates(result.arrears.figures), collection_rates(result.year)
    return {
        "month": str(result.month),
        "whole_month": result.is_whole,
        "households": len(result.arrears.with_rent_account()),
        "households_in_debt": flow.total("in_debt"),
        **{name: yuan(flow.total(name)) for name in _TOTALS},
        "current_collection_rate": rates.current,
        "old_debt_recovery_rate": rates.old_debt,
        "year_collection_rate": year.current,
        "late_entries": len(entries),
        "rows_that_change_closed_months": sum(one.changes_closed for one in entries),
        "filed_month_agrees": not any(one.differs for one in differences) if differences else None,
        "proved": all(line.holds for line in result.proof),
    }
