"""Households: their members, their standing, the waiting list (LG-325 to LG-330)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from zhubao.core.finding import Severity
from zhubao.core.identity import check_identity, normalise_identity, to_18
from zhubao.core.masking import mask_identity
from zhubao.ledger.checks.check import Hit, check
from zhubao.ledger.checks.standing import households_in_force
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Member, ProtectionStatus, WaitingEntry, WaitingStatus


@check(
    "LG-325",
    "一人在两个在保家庭",
    Severity.WARNING,
    "{shown} 既在家庭 {household}，又在家庭 {other}（{place}）",
    "核实此人属于哪一户，从另一户删去；涉及重复享受保障的列入核查",
    needs=(Household,),
    bad="同一身份证号（15 位与 18 位算同一个）在两个在保家庭",
    good="每人只在一个在保家庭",
)
def person_in_two_households(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """One identity number stands in more than one household that has not exited."""
    in_force = households_in_force(loaded[Household], as_of)
    seen: dict[str, tuple[LedgerTable[Any], int, str]] = {}
    for table in (loaded[Household], loaded.get(Member)):
        numbers, households = table.column("identity_no"), table.column("household_no")
        for index, number in enumerate(numbers):
            household = households[index]
            if number is None or household not in in_force:
                continue
            first = seen.setdefault(_one_form(number), (table, index, household))
            if first[2] != household:
                place = first[0].row_cell(first[1])
                values = {"shown": mask_identity(number), "household": household}
                yield (
                    table.cell(index, "identity_no"),
                    {**values, "other": first[2], "place": place},
                )


@check(
    "LG-326",
    "家庭人口与成员数不符",
    Severity.WARNING,
    "家庭 {household} 填了 {size} 人，家庭成员表里有 {count} 人",
    "核对户口簿，改正家庭人口或补全、删去成员",
    needs=(Household, Member),
    bad="家庭人口填 3，成员表只有 2 行",
    good="家庭人口填 3，成员表有 3 行",
)
def size_contradicts_members(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """A household in force whose size differs from its number of living members."""
    members, households = loaded[Member], loaded[Household]
    died = members.column("died_on")
    living = Counter(
        number
        for number, day in zip(members.column("household_no"), died, strict=True)
        if day is None or day > as_of
    )
    sizes = households.column("size")
    for number, index in households_in_force(households, as_of).items():
        if sizes[index] is not None and sizes[index] != living[number]:
            values = {"household": number, "size": sizes[index], "count": living[number]}
            yield households.cell(index, "size"), values


@check(
    "LG-327",
    "申请人不在家庭成员里",
    Severity.WARNING,
    "家庭 {household} 的申请人身份证号在该户的家庭成员里查不到",
    "把申请人补进家庭成员表（关系填“本人”），或改正身份证号",
    needs=(Household, Member),
    bad="家庭成员表里没有申请人本人",
    good="家庭成员表里有申请人本人",
)
def applicant_not_a_member(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """A household in force has members, but none with the applicant's identity number."""
    members, households = loaded[Member], loaded[Household]
    pairs = {
        (household, _one_form(number))
        for household, number in zip(
            members.column("household_no"), members.column("identity_no"), strict=True
        )
        if number is not None
    }
    with_members = {household for household, _ in pairs}
    numbers = households.column("identity_no")
    for household, index in households_in_force(households, as_of).items():
        if numbers[index] is None or household not in with_members:
            continue
        if (household, _one_form(numbers[index])) not in pairs:
            yield households.cell(index, "identity_no"), {"household": household}


@check(
    "LG-328",
    "退出日期与保障状态不符",
    Severity.WARNING,
    "家庭 {household} 的状态是“{status}”，{fault}",
    "已退出的：状态改为“已退出”并填退出日期；未退出的：清除退出日期",
    needs=(Household,),
    bad="状态“在保”，退出日期 2020-03-31",
    good="状态“已退出”，退出日期 2020-03-31",
)
def exit_contradicts_status(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """Exited without a date, or protected with an exit date that has passed."""
    table = loaded[Household]
    states, exits = table.column("status"), table.column("exited_on")
    for index in table.usable("status", "exited_on"):
        fault = ""
        if states[index] == ProtectionStatus.EXITED and exits[index] is None:
            fault = "却没有退出日期"
        if states[index] != ProtectionStatus.EXITED and exits[index] and exits[index] <= as_of:
            fault = f"却有退出日期 {exits[index]}"
        if fault:
            values = {"household": table.column("household_no")[index], "status": states[index]}
            yield table.cell(index, "exited_on"), {**values, "fault": fault}


@check(
    "LG-329",
    "全家已故仍在保",
    Severity.WARNING,
    "家庭 {household} 的成员都已登记死亡，保障状态仍未退出",
    "上门核实后办理退出，收回住房",
    needs=(Household, Member),
    bad="独居老人已填死亡日期，家庭仍“在保”",
    good="成员死亡后家庭已办理退出",
)
def household_of_the_dead(loaded: Loaded, as_of: dt.date) -> Iterator[Hit]:
    """Every member of a household in force has died."""
    members, households = loaded[Member], loaded[Household]
    living: dict[str, bool] = {}
    for number, day in zip(members.column("household_no"), members.column("died_on"), strict=True):
        living[number] = living.get(number, False) or day is None or day > as_of
    for number, index in households_in_force(households, as_of).items():
        if living.get(number) is False:
            yield households.cell(index, "status"), {"household": number}


@check(
    "LG-330",
    "同一家庭重复轮候",
    Severity.WARNING,
    "家庭 {household} 有两个“轮候中”的登记，另一个是 {first}",
    "保留一个登记，另一个改为“取消资格”或“已放弃”",
    needs=(WaitingEntry,),
    bad="家庭 JT0001 有两行“轮候中”",
    good="家庭 JT0001 只有一行“轮候中”",
)
def household_waits_twice(loaded: Loaded, _: dt.date) -> Iterator[Hit]:
    """A household has more than one registration waiting."""
    table = loaded[WaitingEntry]
    households, states = table.column("household_no"), table.column("status")
    seen: dict[str, int] = {}
    for index in table.usable("household_no", "status"):
        if states[index] == WaitingStatus.WAITING:
            first = seen.setdefault(households[index], index)
            if first != index:
                values = {"household": households[index], "first": table.row_cell(first)}
                yield table.cell(index, "household_no"), values


def _one_form(number: str) -> str:
    """Old and new form of one valid number alike."""
    text = normalise_identity(number)
    return to_18(text) if len(text) == 15 and check_identity(text) is None else text
