"""One case on one page: its course with dates, the legal basis, and what a step will change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from zhubao.core.finding import Cell
from zhubao.core.masking import mask_numbers
from zhubao.core.money import format_yuan
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import RectificationStatus, TenancyCase
from zhubao.patrol.cases.back_rent import back_rents
from zhubao.patrol.cases.book import Places, read_cases
from zhubao.patrol.cases.law import Ruling, ban_until, basis_lines, fine_limit, ruling_of
from zhubao.patrol.cases.registering import NewCase
from zhubao.patrol.cases.report import shown_names
from zhubao.patrol.cases.steps import Stepped

Overrides = Mapping[str, Any] | None
_CODE = "patrol.case"


def card_report(
    loaded: Loaded, index: int, as_of: dt.date, *, bureau: str = "", overrides: Overrides = None
) -> Report:
    """The case as it stands in the ledger."""
    table = loaded.get(TenancyCase)
    case = table.row(index)
    ruling = ruling_of(case.kind, as_of, overrides, basis=case.basis)
    notes = [_next_step(case)]
    notes += _law_words(ruling, as_of, case.illegal_gain, overrides)
    if not case.banned_until:
        notes += _ban_words(ruling, as_of, overrides)
    notes += _rent_words(loaded, index, as_of, overrides)
    cells = {
        name: table.cell(index, name)
        for name in ("found_on", "notified_on", "deadline", "rectified_on", "checked_on")
    }
    return Report(
        code=_CODE,
        title=f"违规与变动 {case.case_no}",
        bureau=bureau,
        as_of=as_of,
        tables=(
            _facts_table(loaded, case, as_of, (table.row_cell(index),)),
            _course(case, cells),
        ),
        notes=tuple(notes),
        references=basis_lines(as_of, overrides),
        facts={"case_no": case.case_no, "status": case.status.value, "article": ruling.article},
    )


def new_report(
    new: NewCase, loaded: Loaded, as_of: dt.date, *, bureau: str = "", overrides: Overrides = None
) -> Report:
    """What is registered, and the basis proposed for it."""
    case = TenancyCase.model_construct(
        **{name: info.default for name, info in TenancyCase.model_fields.items()} | new.row
    )
    return Report(
        code=_CODE,
        title=f"登记{case.category.value} {case.case_no}",
        bureau=bureau,
        as_of=as_of,
        tables=(_facts_table(loaded, case, as_of),),
        notes=(
            *_law_words(new.ruling, case.found_on, None, overrides),
            *_ban_words(new.ruling, case.found_on, overrides),
            f"整改时限：{case.deadline}",
            *new.notes,
        ),
        references=basis_lines(case.found_on, overrides),
        facts={
            "case_no": case.case_no,
            "deadline": case.deadline,
            "article": new.ruling.article,
            "basis": new.ruling.basis,
        },
    )


def step_report(result: Stepped, *, bureau: str = "", overrides: Overrides = None) -> Report:
    """What a step does, before it is written."""
    case, order = result.case, result.order
    notes = [
        f"{case.case_no} {case.household_no} {case.kind.value}：{order.step.value} {order.day}"
    ]
    until = result.values.get("banned_until")
    if until is not None:
        notes.append(f"自 {order.day} 退回起算，限制申请至 {until}")
    if order.fine is not None:
        gain = order.illegal_gain if order.illegal_gain is not None else case.illegal_gain
        limit = fine_limit(result.ruling.article, gain, order.day, overrides)
        notes.append(
            f"罚款 {format_yuan(order.fine)} 元，上限 {format_yuan(limit.amount)} 元"
            f"（{limit.words}）"
        )
    status = result.values.get("status", case.status)
    return Report(
        code=_CODE,
        title=f"{case.case_no} {order.step.value}",
        bureau=bureau,
        as_of=order.day,
        notes=(*notes, *result.notes),
        references=basis_lines(order.day, overrides),
        facts={"case_no": case.case_no, "status": status.value, "banned_until": until},
    )


def _facts_table(
    loaded: Loaded, case: TenancyCase, as_of: dt.date, cells: tuple[Cell, ...] = ()
) -> Table:
    name = shown_names(loaded).get(case.household_no)
    estate = Places(loaded, as_of).estate_of(case.unit_no, case.household_no)
    lines = (
        ("家庭", f"{case.household_no} {name or ''}".strip()),
        ("房源", f"{case.unit_no or '—'} {estate}".strip()),
        ("类型", f"{case.category.value}·{case.kind.value}"),
        ("状态", case.status.value),
        ("发现途径", case.source.value if case.source else None),
        ("事实", mask_numbers(case.facts or "") or None),
        ("证据", mask_numbers(case.evidence or "") or None),
        ("处理措施", mask_numbers(case.action or "") or None),
        ("违法所得", _money(case.illegal_gain)),
        ("罚款", _money(case.fine)),
        ("补缴租金", _money(case.back_rent)),
        ("退出保障", "是" if case.household_exits else None),
        ("限制申请至", str(case.banned_until) if case.banned_until else None),
        ("备注", mask_numbers(case.remark or "") or None),
    )
    rows = [Row(line, cells) for line in lines if line[1]]
    return Table("case", "事项", (Column("item", "项目"), Column("value", "内容")), rows)


def _course(case: TenancyCase, cells: Mapping[str, Any]) -> Table:
    steps = (
        ("发现", case.found_on, None, "found_on"),
        ("通知", case.notified_on, case.notice_no, "notified_on"),
        ("时限", case.deadline, None, "deadline"),
        ("整改", case.rectified_on, None, "rectified_on"),
        ("复查", case.checked_on, None, "checked_on"),
    )
    rows = [
        Row((name, day, (day - case.found_on).days if day else None, note), (cells[field],))
        for name, day, note, field in steps
    ]
    columns = (
        Column("step", "步骤"),
        Column("day", "日期", ValueKind.DATE),
        Column("days", "自发现", ValueKind.COUNT, note="发现日起的天数"),
        Column("note", "文号"),
    )
    return Table("course", "经过", columns, rows)


def _law_words(
    ruling: Ruling, day: dt.date, gain: int | None, overrides: Overrides
) -> Iterator[str]:
    """Basis, condition, consequences, fine limit: as notes, for they are long."""
    yield f"依据：{ruling.basis or '没有对应的条款'}"
    if ruling.condition:
        yield f"前提：{ruling.condition}"
    for text in ruling.consequences:
        yield f"后果：{text}"
    if ruling.article:
        limit = fine_limit(ruling.article, gain, day, overrides)
        yield f"罚款上限：{format_yuan(limit.amount)} 元（{limit.words}）"


def _ban_words(ruling: Ruling, day: dt.date, overrides: Overrides) -> Iterator[str]:
    until = ban_until(ruling, day, overrides)
    if until is not None:
        yield f"限制申请：如在 {day} 退回，至 {until}；登记退出时按退回日期算"


def _rent_words(loaded: Loaded, index: int, as_of: dt.date, overrides: Overrides) -> Iterator[str]:
    cases = [case for case in read_cases(loaded, as_of) if case.index == index]
    for rent in back_rents(loaded, cases, as_of, overrides).values():
        if rent.known and rent.market is not None and rent.contract is not None:
            yield (
                f"应补缴租金 {format_yuan(rent.due or 0)} 元：{rent.first} 至 {rent.last} "
                f"市场租金 {format_yuan(rent.market)} 元减合同租金 {format_yuan(rent.contract)} 元"
            )
        else:
            yield f"应补缴租金算不出：{rent.missing}"


def _next_step(case: TenancyCase) -> str:
    status, number = case.status, case.case_no
    if status is RectificationStatus.RECTIFIED:
        return f"下一步：zhubao patrol case {number} --check 日期 --evidence 证据"
    if status in (RectificationStatus.CLOSED, RectificationStatus.UNFOUNDED):
        return f"已经结束；要改的用 zhubao patrol case {number} --reopen 原因"
    if case.notified_on is None:
        return f"下一步：zhubao patrol case {number} --notify 日期 --notice-no 通知书号"
    return f"下一步：zhubao patrol case {number} --rectify 日期 --action 措施 --evidence 证据"


def _money(amount: int | None) -> str | None:
    return f"{format_yuan(amount)} 元" if amount is not None else None
