"""Keys and references between sheets (LG-2xx)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from zhubao.core.finding import Severity
from zhubao.core.masking import mask_identity
from zhubao.ledger.arrears import Charge, Receipt
from zhubao.ledger.checks.check import CHECKS, Hit, check
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import ColumnInfo, LedgerRow, column_info
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.units import Dispatch


@check(
    "LG-201",
    "编号重复",
    Severity.ERROR,
    "{headers} {key} 与 {first} 重复",
    "核对两行：重复录入的删去一行，编号填错的改正",
    bad="应收表第 2、9 行的“应收编号”都是 YS0001",
    good="每个“应收编号”只出现一次",
)
def duplicate_key(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """A sheet's key (one column or several together) stands in more than one row."""
    for model, table in loaded.tables.items():
        names = [name for name, info in model.model_fields.items() if column_info(info).key]
        if names:
            headers = "+".join(_info(model, name).header for name in names)
            for index, first in repeated(table, *names):
                values = {"headers": headers, "key": _key_text(table, names, index)}
                yield table.cell(index, names[0]), {**values, "first": table.row_cell(first)}


def with_repeats(loaded: Loaded) -> Loaded:
    """The same tables, and LG-201 for every key that stands twice in them.

    For what counts rows: a row entered twice counts twice, and whoever reads the count must know.
    """
    repeats = next(each for each in CHECKS if each.code == "LG-201")
    found = [*loaded.findings, *repeats.run(loaded, dt.date.min)]
    return replace(loaded, findings=tuple(sorted(found, key=lambda finding: finding.sort_key)))


@check(
    "LG-202",
    "编号查不到",
    Severity.WARNING,
    "“{header}” {key} 在“{sheet}”表里查不到（共 {count} 行）",
    "核对编号有没有填错；确有此编号的，在“{sheet}”表里补上",
    bad="应收表的“家庭编号” JT9999 在保障家庭表里没有",
    good="应收表的每个“家庭编号”在保障家庭表里都有",
)
def unknown_reference(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """A number that should be in another sheet is not there; one finding per number and sheet."""
    by_name = {model.__name__: model for model in loaded.tables}
    for model, table in loaded.tables.items():
        for name in model.model_fields:
            declared = _info(model, name).references
            target = by_name.get(declared.partition(".")[0])
            if target is not None and loaded.has(target):
                yield from _unknown(table, name, loaded[target], declared.partition(".")[2])


@check(
    "LG-203",
    "同一月重复应收",
    Severity.ERROR,
    "家庭 {household} {month} 的应收与 {first} 重复",
    "核对两行：重复录入的删去一行；补差、调整请在备注写明并合并为一行",
    needs=(Charge,),
    bad="家庭 JT0001 同一合同 2020-03 有两行应收",
    good="每户每份合同每月一行应收",
)
def month_charged_twice(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """Two charges of one household and lease for the same billing month."""
    table = loaded[Charge]
    households, months = table.column("household_no"), table.column("month")
    for index, first in repeated(table, "household_no", "month", "lease_no", optional="lease_no"):
        values = {"household": households[index], "month": months[index]}
        yield table.cell(index, "month"), {**values, "first": table.row_cell(first)}


@check(
    "LG-204",
    "疑似重复收款",
    Severity.WARNING,
    "家庭 {household} 在 {day} 的这笔收款与 {first} 日期、金额、账单期都相同",
    "对照收据存根核对是两笔收款还是重复录入",
    needs=(Receipt,),
    bad="同一家庭同一天两笔 156.00 元，收据号不同，都指定 2020-03",
    good="同一天的两笔收款金额或账单期不同",
)
def receipt_entered_twice(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """Two receipts of one household agree in day, amount and named month."""
    table = loaded[Receipt]
    names = ("household_no", "received_on", "amount", "month")
    for index, first in repeated(table, *names, optional="month"):
        row = table.values(index)
        values = {"household": row["household_no"], "day": row["received_on"]}
        yield table.cell(index, "amount"), {**values, "first": table.row_cell(first)}


@check(
    "LG-205",
    "房源重复调配",
    Severity.WARNING,
    "房源 {unit} 已在 {first} 调配过",
    "核对调配文件：同一套房源只能调配一次，撤回的应在备注写明并删去房源编号",
    needs=(Dispatch,),
    bad="房源 FY0001 调配给了两个棚改项目",
    good="每套房源最多调配一次",
)
def unit_dispatched_twice(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """One unit stands in two dispatches."""
    table = loaded[Dispatch]
    units = table.column("unit_no")
    for index, first in repeated(table, "unit_no"):
        yield (
            table.cell(index, "unit_no"),
            {"unit": units[index], "first": table.row_cell(first)},
        )


def repeated(table: LedgerTable[Any], *names: str, optional: str = "") -> Iterator[tuple[int, int]]:
    """(index, index of the first row like it); rows with an empty cell in `names` do not count.

    The field `optional` may be empty: two empty ones are then alike.
    """
    columns = [table.column(name) for name in names]
    keys: list[Any] = columns[0] if len(names) == 1 else list(zip(*columns, strict=True))
    if len(set(keys)) == len(keys):
        return
    needed = [column for column, name in zip(columns, names, strict=True) if name != optional]
    seen: dict[Any, int] = {}
    for index, key in enumerate(keys):
        if any(column[index] is None for column in needed):
            continue
        first = seen.setdefault(key, index)
        if first != index:
            yield index, first


def _unknown(
    table: LedgerTable[Any], name: str, target: LedgerTable[Any], field: str
) -> Iterator[Hit]:
    values = table.column(name)
    missing = set(values) - set(target.column(field)) - {None}
    places = _places(values, missing)
    for key, (first, count) in places.items():
        yield (
            table.cell(first, name),
            {
                "header": _info(table.model, name).header,
                "key": key,
                "sheet": target.model.SHEET.name,
                "count": count,
            },
        )


def _places(values: list[Any], wanted: set[Any]) -> Mapping[Any, tuple[int, int]]:
    """Value → (first index, how often) for the wanted values."""
    places: dict[Any, tuple[int, int]] = {}
    if wanted:
        for index, value in enumerate(values):
            if value in wanted:
                first, count = places.get(value, (index, 0))
                places[value] = (first, count + 1)
    return places


def _key_text(table: LedgerTable[Any], names: list[str], index: int) -> str:
    parts = []
    for name in names:
        text = str(table.column(name)[index])
        parts.append(mask_identity(text) if _info(table.model, name).personal else text)
    return "+".join(parts)


def _info(model: type[LedgerRow], name: str) -> ColumnInfo:
    return column_info(model.model_fields[name])
