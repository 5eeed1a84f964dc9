"""`zhubao patrol vacancy --write` and `--close`: leads put under check, outcomes recorded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.report import Report
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import VacancyCheck, VacancyResult, VacancyStatus
from zhubao.ledger.registers.numbers import next_numbers
from zhubao.ledger.unread import refuse_unread
from zhubao.patrol.cases.words import choice, dated, joined
from zhubao.patrol.vacancy.leads import LeadList

_FIRST, _WIDTH = "KZ", 4


def check_change(result: LeadList, loaded: Loaded, formats: Formats, checker: str = "") -> Change:
    """One row of 空置核查 for every lead that is not under check.

    核查日期 is the day of the list, 核查结果 暂未查清; the evidence goes into 证据 with its cells,
    the last day somebody was seen or paid into 空置起始日 where the unit looks idle.
    Raises `UsageError` when the list was made for fewer months than the law counts: the sheet's
    reason is 空置六个月以上.
    """
    if result.months < result.legal_months:
        raise UsageError(
            f"清单按 {result.months} 个月查，少于规定的 {result.legal_months} 个月，不能写入",
            advice="请去掉 --months 再写入。",
        )
    refuse_unread(loaded, VacancyCheck)
    table = loaded.get(VacancyCheck)
    taken = table.column("check_no")
    numbers = next_numbers(taken) if any(taken) else next_numbers([f"{_FIRST}{0:0{_WIDTH}d}"])
    rows = []
    for lead, number in zip(result.new, numbers, strict=False):
        row: dict[str, Any] = {
            "check_no": number,
            "unit_no": lead.unit,
            "household_no": lead.household,
            "reason": lead.reason,
            "checked_on": result.as_of,
            "evidence": f"{lead.explanation}（{'、'.join(str(c) for c in lead.cells[:6])}）",
            "result": VacancyResult.UNCERTAIN,
            "status": VacancyStatus.CONTACTING,
        }
        row |= {"idle_since": lead.sign.day} if lead.months >= result.months else {}
        rows.append(row | ({"checker": checker} if checker else {}))
    plan = Plan(f"列入空置核查 {len(rows)} 套", loaded, formats)
    plan.add(table, rows)
    under_way = len(result.leads) - len(result.new)
    if under_way:
        plan.note(f"已在核查的 {under_way} 套没有重复列入")
    return plan.build()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a check, as the clerk gives it. `recovered`: the unit has been taken back."""

    number: str
    result: str
    day: dt.date
    evidence: str = ""
    action: str = ""
    recovered: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """The cells an outcome changes (field → new value), and what the clerk should know."""

    index: int
    check: VacancyCheck
    outcome: Outcome
    values: dict[str, Any]
    notes: tuple[str, ...]


def settle_check(outcome: Outcome, loaded: Loaded, latest: dt.date) -> Settled:
    """正常居住 → 已排除; 确认空置 or 确认死亡 → 收回中, with `recovered` → 已收回.

    已排除 and 已收回 get a 办结日期. Raises `UsageError` for an unknown or settled check, for
    暂未查清 (no outcome), without evidence, and for a day before the check or after `latest`.
    """
    index = _check_index(outcome.number, loaded)
    check = loaded.get(VacancyCheck).row(index)
    result = choice(VacancyResult, outcome.result, "--result")
    if check.status in (VacancyStatus.CLEARED, VacancyStatus.RECOVERED):
        raise UsageError(
            f"{check.check_no} 已办结（{check.status.value}）", advice="再查的请另列一次核查。"
        )
    day = dated(outcome.day, "日期", latest, after=check.checked_on)
    if result is VacancyResult.UNCERTAIN:
        raise UsageError("“暂未查清”不是办理结果", advice="查清以后再写 --close。")
    if outcome.recovered and result is VacancyResult.LIVED_IN:
        raise UsageError("正常居住的房源不收回", advice="请去掉 --recovered，或改 --result。")
    evidence = joined(check.evidence, outcome.evidence.strip()) if outcome.evidence.strip() else ""
    if not (evidence or check.evidence):
        raise UsageError(f"{check.check_no} 没有证据", advice="请用 --evidence 写明怎么查清的。")
    status = _status(result, recovered=outcome.recovered)
    values: dict[str, Any] = {"result": result, "status": status}
    if status is not VacancyStatus.RECOVERING:
        values["closed_on"] = day
    values |= {"evidence": evidence} if evidence else {}
    if outcome.action.strip():
        values["action"] = joined(check.action, outcome.action.strip())
    notes = _notes(status, day)
    return Settled(index, check, outcome, values, notes)


def settle_change(settled: Settled, loaded: Loaded, formats: Formats) -> Change:
    """The cells of the one row."""
    check = settled.check
    plan = Plan(f"{check.check_no} {settled.values['result'].value}", loaded, formats)
    for name, value in settled.values.items():
        plan.put(loaded.get(VacancyCheck), settled.index, name, value)
    return plan.build()


def settle_report(settled: Settled, *, bureau: str = "") -> Report:
    """What is recorded."""
    check, values = settled.check, settled.values
    status = values["status"].value
    note = f"{check.check_no} {check.unit_no}：{values['result'].value}，{status}"
    return Report(
        code="patrol.vacancy.close",
        title=f"核查办理 {check.check_no}",
        bureau=bureau,
        as_of=settled.outcome.day,
        notes=(note, *settled.notes),
        facts={"check_no": check.check_no, "status": status},
    )


def _status(result: VacancyResult, *, recovered: bool) -> VacancyStatus:
    if result is VacancyResult.LIVED_IN:
        return VacancyStatus.CLEARED
    return VacancyStatus.RECOVERED if recovered else VacancyStatus.RECOVERING


def _notes(status: VacancyStatus, day: dt.date) -> tuple[str, ...]:
    if status is VacancyStatus.RECOVERING:
        return ("还没有收回：收回以后再写 --close … --recovered",)
    if status is VacancyStatus.RECOVERED:
        return ("租赁合同和房源的状态不在这里改：请另行办理退租",)
    return (f"空置从 {day} 重新起算",)


def _check_index(number: str, loaded: Loaded) -> int:
    table = loaded.get(VacancyCheck)
    key = number.strip().upper()
    found = [i for i, one in enumerate(table.column("check_no")) if one and one.upper() == key]
    usable = set(table.usable())
    if len(found) == 1 and found[0] in usable:
        return found[0]
    fault = "里没有" if not found else "里不止一行或读不出"
    raise UsageError(
        f"空置核查表{fault}核查编号“{number}”",
        where="、".join(str(table.row_cell(index)) for index in found),
        advice="用 zhubao patrol vacancy --all 查编号。",
    )
