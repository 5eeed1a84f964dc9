"""An external list (property, vehicles, deaths …) row by row: who, what, when, and in which cell.

A list may have a million rows, so nothing is typed but what is needed: the identity number of each
row is compared as it lies there, and read with care only where it is not plainly one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Finding
from zhubao.excel.address import make_ref
from zhubao.excel.columns import ColumnSpec
from zhubao.excel.header import Header, best_header
from zhubao.excel.kinds import CellKind
from zhubao.excel.normalise import reader_for
from zhubao.excel.sheet import RawSheet
from zhubao.services.review.leads import ListKind
from zhubao.services.review.list_file import read_list_file


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PLAIN = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")
_IDENTITY = ColumnSpec(
    "identity",
    "身份证号",
    _words(
        "身份证号码 身份证 证件号码 证件号 公民身份号码 公民身份证号码 身份号码 身份证明号码 "
        "居民身份证号 权利人证件号 权利人证件号码 权利人身份证号 产权人身份证号 买受人证件号 "
        "买受人证件号码 买受人身份证号 车主身份证号 车主证件号码 机动车所有人身份证号 "
        "所有人身份证号 法定代表人身份证号 法人身份证号 投资人身份证号 经营者身份证号 "
        "负责人身份证号 死者身份证号 死亡人员身份证号 亡者身份证号 职工身份证号 "
        "参保人身份证号 低保对象身份证号"
    ),
    CellKind.IDENTITY,
    True,
)
_NAME = ColumnSpec(
    "name",
    "姓名",
    _words(
        "权利人 权利人姓名 权利人名称 产权人 产权人姓名 买受人 买受人姓名 车主 车主姓名 "
        "机动车所有人 所有人 所有人姓名 法定代表人 法人 法人姓名 投资人 经营者 经营者姓名 负责人 "
        "死者姓名 死亡人员姓名 亡者姓名 职工姓名 参保人姓名 低保对象姓名 户主姓名 人员姓名"
    ),
)
_DATES = _words(
    "登记日期 登记时间 登簿日期 登簿时间 备案日期 签约日期 合同签订日期 初次登记日期 初始登记日期 "
    "注册日期 注册登记日期 成立日期 核准日期 死亡日期 死亡时间 去世日期 注销日期 火化日期 参保日期 "
    "开户日期 批准日期"
)
# What is quoted of a hit: enough to verify it by, without addresses and plates.
_DETAILS: tuple[tuple[ListKind | None, str], ...] = (
    (ListKind.PROPERTY, "建筑面积"),
    (ListKind.PROPERTY, "房屋用途"),
    (ListKind.PROPERTY, "规划用途"),
    (ListKind.PROPERTY, "共有情况"),
    (ListKind.VEHICLE, "品牌型号"),
    (ListKind.VEHICLE, "车辆品牌"),
    (ListKind.VEHICLE, "车辆类型"),
    (ListKind.BUSINESS, "企业名称"),
    (ListKind.BUSINESS, "市场主体名称"),
    (ListKind.BUSINESS, "主体名称"),
    (ListKind.BUSINESS, "注册资本"),
    (ListKind.BUSINESS, "经营状态"),
    (ListKind.PROVIDENT_FUND, "缴存单位"),
    (ListKind.PROVIDENT_FUND, "缴存基数"),
    (ListKind.PENSION, "参保单位"),
    (ListKind.PENSION, "缴费基数"),
    (ListKind.PUBLIC_PAYROLL, "供养单位"),
    (ListKind.PUBLIC_PAYROLL, "编制性质"),
    (ListKind.LOW_SUBSISTENCE, "保障类别"),
    (None, "状态"),
)
_SIGNS: tuple[tuple[ListKind, tuple[str, ...]], ...] = (
    (ListKind.PROPERTY, ("不动产", "房产", "产权", "权利人", "买受人", "坐落", "预售", "房屋")),
    (ListKind.VEHICLE, ("车辆", "机动车", "车主", "号牌", "车牌", "购车")),
    (ListKind.BUSINESS, ("工商", "市场主体", "企业", "法定代表人", "营业执照", "个体")),
    (ListKind.DEATH, ("死亡", "火化", "死者", "亡者", "去世", "殡葬")),
    (ListKind.PROVIDENT_FUND, ("公积金", "缴存")),
    (ListKind.PENSION, ("养老", "参保", "社保")),
    (ListKind.PUBLIC_PAYROLL, ("财政供养", "编制", "供养")),
    (ListKind.LOW_SUBSISTENCE, ("低保", "最低生活保障", "特困")),
)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list. `identity` is None where it is blank, "" where it cannot be read."""

    identity: str | None
    name: str
    cell: Cell
    sheet: int
    row: int


@dataclass(frozen=True, slots=True)
class _Sheet:
    raw: RawSheet
    header: Header


@dataclass(frozen=True, slots=True)
class ForeignList:
    """A list ready to be gone through."""

    name: str
    kind: ListKind
    sheets: tuple[_Sheet, ...]
    findings: tuple[Finding, ...] = ()

    def rows(self) -> Iterator[ListRow]:
        """Every row below the headers that has an identity number or a name."""
        read = reader_for(CellKind.IDENTITY)
        for number, sheet in enumerate(self.sheets):
            matched, raw = sheet.header.matched, sheet.raw
            place = matched["identity"].column
            named = matched["name"].column if "name" in matched else -1
            for row in range(sheet.header.last, len(raw.rows)):
                values = raw.rows[row]
                written = values[place]
                name = "".join(str(values[named]).split()) if named >= 0 else ""
                if written == "" and not name:
                    continue
                identity = _identity(written, read)
                where = Cell(raw.file, raw.name, make_ref(row + 1, place + 1))
                yield ListRow(identity, name, where, number, row)

    def details(self, one: ListRow) -> str:
        """What the list says of a row, for verifying it: 建筑面积 89.5，2018-03-02."""
        sheet = self.sheets[one.sheet]
        values, matched = sheet.raw.rows[one.row], sheet.header.matched
        parts = [
            f"{name} {_worded(values[matched[name].column])}"
            for kind, name in _DETAILS
            if kind in (None, self.kind) and name in matched
        ]
        read = reader_for(CellKind.DATE, date1904=sheet.raw.date1904)
        for name in _DATES:
            if name in matched:
                day = read(values[matched[name].column]).value
                parts += [f"{name} {day.isoformat()}"] if day is not None else []
        kept = [part for part in parts if not part.endswith(" ")]
        return "，".join(kept)


def read_foreign_list(path: Path, kind: ListKind | None = None) -> ForeignList:
    """Find the header of every sheet that has identity numbers; the kind by its words if not named.

    Raises the Workbook* error that says why the file cannot be read, and UsageError where there is
    no such sheet or nothing tells what the list is of.
    """
    file = read_list_file(path)
    sheets = []
    for raw in file.sheets:
        header = best_header(raw, _SPECS)
        if header is not None and "identity" in header.matched:
            sheets.append(_Sheet(raw, header))
    if not sheets:
        raise UsageError(
            f"{path.name} 里没有身份证号一列，不能比对",
            where=str(path),
            advice="名单要有“身份证号”（或“证件号码”等）和“姓名”两列，表头各占一格。",
        )
    found = kind or _kind_of(path, sheets)
    return ForeignList(path.name, found, tuple(sheets), file.findings)


def _kind_of(path: Path, sheets: list[_Sheet]) -> ListKind:
    """By the headers' words and the file's name; the kind with the most of its words in them."""
    texts = [cell.text for sheet in sheets for cell in sheet.header.cells]
    words = "".join([path.stem, *(sheet.raw.name for sheet in sheets), *texts])
    counted = {kind: sum(sign in words for sign in signs) for kind, signs in _SIGNS}
    best = max(counted, key=lambda kind: counted[kind])
    if not counted[best]:
        known = "、".join(kind.value for kind in ListKind)
        raise UsageError(
            f"看不出 {path.name} 是什么名单",
            where=str(path),
            advice=f"请写明种类，如 --matches 不动产={path.name}；可写 {known}。",
        )
    return best


def _identity(written: Any, read: Any) -> str | None:
    if isinstance(written, str):
        if _PLAIN.fullmatch(written):
            return written
        if not written.strip():
            return None
    outcome = read(written)
    if outcome.fault is not None:
        return ""
    return outcome.value if outcome.value is None else str(outcome.value)


def _worded(value: Any) -> str:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return " ".join(text.replace("；", "，").replace(";", "，").split())


_SPECS = (
    _IDENTITY,
    _NAME,
    *(ColumnSpec(name, name) for name in dict.fromkeys(name for _, name in _DETAILS)),
    *(ColumnSpec(name, name) for name in _DATES),
)
