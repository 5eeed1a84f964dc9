"""Households against their members: persons twice, the dead counted on, sizes (AU-01x)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.people import (
    applicant_of,
    household_cell,
    in_force,
    member_rows,
    people,
    persons_by_number,
    proper,
)
from zhubao.audit.indexes.protection import held
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Cell, Severity
from zhubao.core.masking import mask_name
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.checks.households import (
    applicant_not_a_member,
    household_of_the_dead,
    size_contradicts_members,
)
from zhubao.ledger.tenants import Household, Member

_RULES = "《公共租赁住房管理办法》"


@audit_check(
    "AU-011",
    "一人在两个在保家庭",
    Family.IDENTITY,
    IssueKind.DOUBLE_BENEFIT,
    Severity.WARNING,
    "{who}同时是{places}的成员",
    "核实此人属于哪一户；保障人口、补贴面积或户型因此多算的，从另一户删去并重新核定",
    basis="审计惯例：一人只在一户享受保障",
    needs=(Household,),
    bad="同一身份证号（15 位与 18 位算同一个）在两个在保家庭里",
    good="每人只在一个在保家庭里",
)
def person_in_two_households(facts: Facts) -> Iterator[Hit]:
    """A living person stands in more than one household in force; one lead per person."""
    force = facts.once(in_force)
    for key, persons in facts.once(persons_by_number).items():
        homes = [one for one in persons if one.household_no in force]
        if len(homes) < 2:
            continue
        homes.sort(key=lambda one: one.household_no)
        places = "、".join(f"家庭 {one.household_no}" for one in homes)
        yield Hit(
            tuple(one.cell for one in homes),
            {"who": homes[0].shown, "places": places},
            household=homes[0].household_no,
            person=homes[0].name,
            identity_no=proper(key),
            key=() if proper(key) else (key,),
        )


@audit_check(
    "AU-012",
    "全家已故仍在享受",
    Family.IDENTITY,
    IssueKind.NOT_EXITED,
    Severity.ERROR,
    "家庭 {household} 的成员都已登记死亡（最后一位 {died}），仍{held}",
    "上门核实后办理退出，收回住房或停发补贴；死亡之后发放的补贴追回",
    basis=f"{_RULES}第三十一条；审计惯例：死亡名单比对",
    needs=(Household, Member),
    bad="独居老人已填死亡日期，家庭仍“在保”",
    good="成员死亡后家庭已办理退出",
)
def dead_household_protected(facts: Facts) -> Iterator[Hit]:
    """Every member of a household in force has died (as LG-329 finds it)."""
    members = facts.loaded.get(Member)
    died = members.column("died_on")
    for cell, words in household_of_the_dead(facts.loaded, facts.as_of):
        household = str(words["household"])
        rows = facts.once(member_rows)[household]
        owned = tuple(held(facts, household))
        said = "、".join(one.words for one in owned)
        name, number = applicant_of(facts.loaded, facts.once(in_force)[household])
        last: dt.date = max(died[row] for row in rows)
        yield Hit(
            (cell, *(members.cell(row, "died_on") for row in rows), *(one.cell for one in owned)),
            {**words, "died": last, "held": f"有{said}" if said else "没有退出"},
            household=household,
            unit=next((one.unit for one in owned if one.unit), ""),
            person=name,
            key=(number,),
        )


@audit_check(
    "AU-013",
    "已故成员仍计入保障人口",
    Family.IDENTITY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "家庭 {household} 填 {size} 人，其中 {dead} 人已登记死亡（{who}），在世的 {living} 人",
    "变更保障人口，重新核定租金减免、补贴面积和应配户型；多发的补贴追回",
    basis="审计惯例：保障人口是核定租金、补贴和户型的依据",
    needs=(Household, Member),
    bad="家庭人口填 3，一名成员已死亡，人口没有改",
    good="成员死亡后家庭人口减为 2",
)
def dead_member_counted(facts: Facts) -> Iterator[Hit]:
    """The size is above the number of living members by no more than those who have died."""
    for size_cell, words, living, dead in _sizes(facts):
        size = int(words["size"])
        if dead and living and living < size <= living + len(dead):
            members = facts.loaded.get(Member)
            names = "、".join(mask_name(members.column("name")[row] or "") for row in dead)
            told = {"household": words["household"], "size": size, "living": living}
            yield Hit(
                (size_cell, *(members.cell(row, "died_on") for row in dead)),
                {**told, "dead": len(dead), "who": names},
                household=str(words["household"]),
            )


@audit_check(
    "AU-014",
    "家庭人口与成员数不符",
    Family.IDENTITY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "家庭 {household} 填了 {size} 人，家庭成员表里在世的有 {count} 人",
    "核对户口簿：漏登的补登，多填的改正，并重新核定补贴面积和应配户型",
    basis="审计惯例：保障人口是核定租金、补贴和户型的依据",
    needs=(Household, Member),
    bad="家庭人口填 4，成员表只有 2 行",
    good="家庭人口填 3，成员表有 3 行",
)
def size_differs(facts: Facts) -> Iterator[Hit]:
    """As LG-326 finds it, but for what AU-012 and AU-013 explain by deaths."""
    for cell, words, living, dead in _sizes(facts):
        explained = dead and int(words["size"]) <= living + len(dead)
        if not explained or (living and int(words["size"]) < living):
            household = str(words["household"])
            members = facts.loaded.get(Member)
            rows = facts.once(member_rows).get(household, ())
            cells = tuple(members.cell(row, "identity_no") for row in rows)
            yield Hit((cell, *cells), words, household=household)


@audit_check(
    "AU-015",
    "申请人不在家庭成员里",
    Family.IDENTITY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "家庭 {household} 的申请人{who}，在该户的家庭成员里查不到这个身份证号",
    "核实谁是申请人：漏登的补进家庭成员表，号码抄错的改正，冒名的按虚假材料核查",
    basis=f"{_RULES}第三十五条；审计惯例：申请人须是家庭成员",
    needs=(Household, Member),
    bad="家庭成员表里没有申请人本人",
    good="家庭成员表里有申请人本人",
)
def applicant_missing(facts: Facts) -> Iterator[Hit]:
    """As LG-327 finds it: there are members, none with the applicant's number."""
    members = facts.loaded.get(Member)
    for cell, words in applicant_not_a_member(facts.loaded, facts.as_of):
        household = str(words["household"])
        name, number = applicant_of(facts.loaded, facts.once(in_force)[household])
        rows = facts.once(member_rows).get(household, ())
        cells = (cell, *(members.cell(row, "identity_no") for row in rows))
        told = {**words, "who": mask_name(name)}
        yield Hit(cells, told, household=household, person=name, key=(number,))


@audit_check(
    "AU-016",
    "申请人已故，没有变更承租人或领取人",
    Family.IDENTITY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "家庭 {household} 的申请人{who}已于 {died} 死亡，仍以其名义有{held}",
    "其余成员仍符合条件的，变更申请人、合同和领取人；不符合的办理退出",
    basis="审计惯例：死亡名单比对",
    needs=(Household, Member),
    bad="申请人死亡半年，补贴仍发到其账户",
    good="已变更为配偶",
)
def applicant_dead(facts: Facts) -> Iterator[Hit]:
    """The applicant has died, others of the household live, and a benefit runs on."""
    force = facts.once(in_force)
    for household, persons in facts.once(people).of_household.items():
        dead = next((one for one in persons if one.is_applicant and one.is_dead(facts.as_of)), None)
        owned = tuple(held(facts, household)) if dead and household in force else ()
        if dead is None or not owned or all(one.is_dead(facts.as_of) for one in persons):
            continue
        died = facts.loaded.get(Member).cell(dead.index, "died_on")
        said = "、".join(one.words for one in owned)
        told = {"household": household, "who": mask_name(dead.name)}
        yield Hit(
            (died, *household_cell(facts, household, "applicant"), *(one.cell for one in owned)),
            {**told, "died": dead.died_on, "held": said},
            household=household,
            unit=next((one.unit for one in owned if one.unit), ""),
            person=dead.name,
            identity_no=proper(dead.key),
        )


def _sizes(facts: Facts) -> Iterator[tuple[Cell, dict[str, Any], int, list[int]]]:
    """What LG-326 finds, with the number of living members and the rows of the dead."""
    died = facts.loaded.get(Member).column("died_on")
    for cell, words in size_contradicts_members(facts.loaded, facts.as_of):
        rows = facts.once(member_rows).get(str(words["household"]), ())
        dead = [row for row in rows if died[row] is not None and died[row] <= facts.as_of]
        yield cell, words, len(rows) - len(dead), dead
