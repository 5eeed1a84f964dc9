"""Persons: identity numbers, and what contradicts them (LG-321 to LG-324)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhubao.core.finding import Severity
from zhubao.core.identity import birth_date_of, check_identity, sex_of, to_18
from zhubao.core.masking import mask_identity
from zhubao.excel.kinds import CellKind
from zhubao.ledger.checks.check import Hit, check
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Member
from zhubao.ledger.validate import field_rules


@check(
    "LG-321",
    "身份证号有误",
    Severity.WARNING,
    "{fault}（填写：{shown}）",
    "对照户口簿或身份证改正",
    basis="GB 11643—1999",
    bad="末位校验码与前 17 位不符",
    good="18 位，出生日期存在，末位校验码相符",
)
def identity_fault(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """Wrong length or characters, an impossible birth date, or a wrong check character."""
    for table, name in _identities(loaded):
        for index, number in enumerate(table.column(name)):
            if number is None:
                continue
            fault = check_identity(number, as_of=as_of)
            if fault is not None:
                values = {"fault": fault.title, "shown": mask_identity(number)}
                yield table.cell(index, name), values


@check(
    "LG-322",
    "仍是15位旧身份证号",
    Severity.NOTICE,
    "{shown} 是15位旧号，换算成18位是 {new}",
    "请当事人出示新证核对后改为18位",
    basis="GB 11643—1999",
    bad="身份证号只有 15 位",
    good="身份证号有 18 位",
)
def identity_of_old_form(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """A valid number in the fifteen-digit form that is no longer issued."""
    for table, name in _identities(loaded):
        for index, number in enumerate(table.column(name)):
            if number is not None and len(number) == 15 and _valid(number, as_of):
                values = {"shown": mask_identity(number), "new": mask_identity(to_18(number))}
                yield table.cell(index, name), values


@check(
    "LG-323",
    "出生日期与身份证号不符",
    Severity.WARNING,
    "出生日期填 {written}，与身份证号里的出生日期不同",
    "对照户口簿，改正出生日期或身份证号",
    needs=(Member,),
    bad="出生日期与身份证号第 7–14 位不同",
    good="出生日期与身份证号第 7–14 位相同",
)
def birth_date_contradicts_identity(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """The birth date column differs from the date in a valid identity number."""
    table = loaded[Member]
    numbers, born = table.column("identity_no"), table.column("birth_date")
    for index, number in enumerate(numbers):
        if number is None or born[index] is None or not _valid(number, as_of):
            continue
        if born[index] != birth_date_of(number):
            yield table.cell(index, "birth_date"), {"written": born[index]}


@check(
    "LG-324",
    "性别与身份证号不符",
    Severity.WARNING,
    "性别填“{written}”，与身份证号第 17 位不符",
    "对照户口簿，改正性别或身份证号",
    needs=(Member,),
    bad="第 17 位是单数，性别填“女”",
    good="第 17 位是单数，性别填“男”",
)
def sex_contradicts_identity(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """The sex column differs from the sex in a valid identity number."""
    table = loaded[Member]
    numbers, sexes = table.column("identity_no"), table.column("sex")
    for index, number in enumerate(numbers):
        if number is None or sexes[index] is None or not _valid(number, as_of):
            continue
        if sexes[index] != sex_of(number):
            yield table.cell(index, "sex"), {"written": sexes[index]}


def _identities(loaded: Loaded) -> Iterator[tuple[LedgerTable[Any], str]]:
    """Every loaded table and column that holds identity numbers, whatever the sheet."""
    for model, table in loaded.tables.items():
        for rule in field_rules(model):
            if rule.kind is CellKind.IDENTITY:
                yield table, rule.name


def _valid(number: str, as_of: dt.date) -> bool:
    return check_identity(number, as_of=as_of) is None
