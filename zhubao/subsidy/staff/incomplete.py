"""The working list of incomplete files: what each employer still has to bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.core.errors import UsageError
from zhubao.core.masking import mask_name, mask_numbers
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.loaded import Loaded
from zhubao.subsidy.staff import figures
from zhubao.subsidy.staff.applications import (
    Application,
    Applications,
    Stage,
    by_employer,
    employer_spelling,
    read_applications,
)

_UNSAID = "（没有写缺什么）"
_SHOWN = 15
_SIGNATURES = ("单位经办人签收", "日期")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One incomplete file; `days` are calendar days since 申报日期."""

    row: Application
    missing: str
    days: int
    clerk: str
    remark: str


@dataclass(frozen=True, slots=True)
class IncompleteList:
    """Incomplete files by employer, the longest waiting first; `limit` days are too long."""

    book: Applications
    limit: int
    groups: tuple[tuple[str, tuple[Waiting, ...]], ...]

    @property
    def files(self) -> tuple[Waiting, ...]:
        """All of them."""
        return tuple(one for _, files in self.groups for one in files)

    @property
    def overdue(self) -> int:
        """Files that have waited `limit` days or more."""
        return sum(one.days >= self.limit for one in self.files)


def incomplete_files(
    loaded: Loaded,
    as_of: dt.date,
    *,
    employer: str = "",
    overrides: Mapping[str, Any] | None = None,
) -> IncompleteList:
    """The files 资料不全 at the end of the day. UsageError for an employer without applications."""
    book = read_applications(loaded, as_of)
    limit = int(policy.at("staff_subsidy.waiting_days", as_of, overrides))
    wanted = employer_spelling(employer)
    if wanted and wanted not in {employer_spelling(row.employer) for row in book.rows}:
        raise UsageError(
            f"没有单位“{employer}”的申报", advice="请按台账里的写法写单位名称，或不写 --employer。"
        )
    keys = {row.employer_key for row in book.rows if employer_spelling(row.employer) == wanted}
    rows = [row for row in figures.at_stage(book, Stage.INCOMPLETE)]
    rows = [row for row in rows if not wanted or row.employer_key in keys]
    groups = tuple(
        (name, tuple(sorted((_waiting(book, row) for row in group), key=_longest_first)))
        for name, group in by_employer(rows)
    )
    return IncompleteList(book, limit, groups)


def incomplete_report(
    listed: IncompleteList, *, on_paper: bool = False, bureau: str = "", origin: str = ""
) -> Report:
    """A summary, and one table per employer.

    `on_paper`: full names, and columns to write in; otherwise names are masked and numbers inside
    the texts starred.
    """
    tables = [_list(listed, name, files, on_paper=on_paper) for name, files in listed.groups]
    source = f"（{origin}）" if origin and not on_paper else ""
    notes = (
        f"等待天数自申报日期起按日历日计，看 {listed.book.as_of.isoformat()}{source}；"
        f"满 {listed.limit} 天的标出",
    )
    return Report(
        code="subsidy.staff.incomplete",
        title="职工住房补贴资料补正清单",
        bureau=bureau,
        as_of=listed.book.as_of,
        tables=(_summary(listed), *tables),
        notes=notes,
        facts={
            "files": len(listed.files),
            "employers": len(listed.groups),
            "overdue": listed.overdue,
            "limit_days": listed.limit,
        },
    )


def _waiting(book: Applications, row: Application) -> Waiting:
    values = book.table.values(row.index)
    return Waiting(
        row=row,
        missing=values["missing_papers"] or "",
        days=(book.as_of - row.submitted).days,
        clerk=values["clerk"] or "",
        remark=values["remark"] or "",
    )


def _longest_first(one: Waiting) -> tuple[int, str]:
    return -one.days, one.row.number


def _summary(listed: IncompleteList) -> Table:
    rows = [
        Row(
            (
                name,
                len(files),
                max(one.days for one in files),
                _late(listed, files),
                _clerks(files),
            ),
            listed.book.cells((one.row for one in files), "status"),
            "warning" if _late(listed, files) else "",
        )
        for name, files in listed.groups
    ]
    return Table(
        key="summary",
        title="汇总",
        columns=(
            Column("employer", "单位"),
            Column("files", "份数", ValueKind.COUNT),
            Column("longest", "最长等待天数", ValueKind.COUNT),
            Column("overdue", f"满{listed.limit}天", ValueKind.COUNT),
            Column("clerks", "经办人"),
        ),
        rows=rows,
        totals=("合计", len(listed.files), None, listed.overdue, None),
        summable=frozenset({"files", "overdue"}),
    )


def _late(listed: IncompleteList, files: tuple[Waiting, ...]) -> int:
    return sum(one.days >= listed.limit for one in files)


def _clerks(files: tuple[Waiting, ...]) -> str | None:
    return "、".join(sorted({one.clerk for one in files if one.clerk})) or None


def _list(
    listed: IncompleteList, name: str, files: tuple[Waiting, ...], *, on_paper: bool
) -> Table:
    rows = []
    for one in files:
        row = one.row
        shown = row.name if on_paper else mask_name(row.name)
        missing = (one.missing if on_paper else mask_numbers(one.missing)) or _UNSAID
        values = (row.number, shown, row.round, row.submitted, one.days, missing, one.clerk or None)
        late = "warning" if one.days >= listed.limit else ""
        if on_paper:
            rows.append(Row((*values, None, None)))
            continue
        cells = listed.book.cells((row,), "missing_papers")
        rows.append(Row((*values, mask_numbers(one.remark) or None), cells, late))
    return Table(
        key=f"employer_{name}",
        title=name,
        columns=(*_FILE, *(_BY_HAND if on_paper else _KNOWN)),
        rows=rows,
        shown=_SHOWN,
        notes=("补齐后请连同本表交回经办人",) if on_paper else (),
        signatures=_SIGNATURES if on_paper else (),
    )


_FILE = (
    Column("application_no", "申报编号", ValueKind.IDENTITY),
    Column("name", "职工"),
    Column("round", "轮次", level=2),
    Column("submitted_on", "申报日期", ValueKind.DATE, 2),
    Column("days", "等待天数", ValueKind.COUNT),
    Column("missing", "缺少资料"),
    Column("clerk", "经办人"),
)
_KNOWN = (Column("remark", "备注", level=3),)
_BY_HAND = (Column("brought", "补齐日期"), Column("received", "收件人"))
