"""One visit entered at the desk: the row, what it leads to, and the change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from zhubao.core.errors import UsageError
from zhubao.core.masking import mask_numbers
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import Campaign, Occupancy, PatrolKind, PatrolVisit
from zhubao.patrol.visits.checks import exited_why, is_contradiction
from zhubao.patrol.visits.dwellings import Dwelling, Dwellings
from zhubao.patrol.visits.numbers import HouseholdNumbers, has_column, visit_numbers
from zhubao.patrol.visits.roll import KeyRoll, People
from zhubao.patrol.visits.writable import refuse_unread

EARLIEST = dt.date(1990, 1, 1)
CASE_COMMAND = "zhubao patrol case --new"
VACANCY_COMMAND = "zhubao patrol vacancy"
W = TypeVar("W", bound=StrEnum)
_TEXTS = ("visitor", "condition", "needs", "evidence", "remark")


@dataclass(frozen=True, slots=True)
class VisitOrder:
    """A visit as the clerk gives it; "" and None where nothing was said.

    Without `kind`: 重点走访 for a key household, 专项巡查 with a campaign, else 日常巡查. `again`
    says that a second visit of the same kind on the same day is meant.
    """

    household: str
    day: dt.date
    kind: str = ""
    met: bool | None = None
    occupancy: str = ""
    has_problem: bool | None = None
    visitor: str = ""
    condition: str = ""
    needs: str = ""
    campaign: str = ""
    evidence: str = ""
    remark: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class NewVisit:
    """The row as it will stand in 巡查, whose household it is, and what the clerk should know."""

    row: dict[str, Any]
    applicant: str  # masked
    dwelling: Dwelling | None
    notes: tuple[str, ...]


def record_visit(order: VisitOrder, loaded: Loaded, latest: dt.date) -> NewVisit:
    """The new row; its number follows the sheet's own.

    Nobody met without 居住情况 is 未见到人. The unit is that of the household's lease on the day.

    Raises `UsageError` for an unknown household, kind, 居住情况 or campaign, a day before 1990 or
    after `latest`, 是否见到 that contradicts 居住情况, and a visit of the same kind on the same day
    that is there already (unless `again`); LedgerNotWritable where 巡查 cannot be read.
    """
    refuse_unread(loaded)
    people, homes, roll = People.of(loaded), Dwellings(loaded), KeyRoll.of(loaded)
    number = HouseholdNumbers(people.rows).resolve(order.household)
    _check_day(order.day, latest)
    keys = roll.on(order.day).get(number, ())
    home, table = homes.of(number, order.day), loaded.get(PatrolVisit)
    row: dict[str, Any] = {
        "visit_no": next(visit_numbers(table.column("visit_no"))),
        "household_no": number,
        "unit_no": home.unit_no if home and has_column(table, "unit_no") else None,
        "kind": _kind(order, is_key=bool(keys)),
        "visited_on": order.day,
        "met": order.met,
        "occupancy": _occupancy(order),
        "has_problem": order.has_problem,
        "campaign_no": _campaign(order.campaign.strip(), loaded),
        **{name: getattr(order, name).strip() or None for name in _TEXTS},
    }
    kept = {name: value for name, value in row.items() if value is not None}
    _refuse_second(kept, order, loaded)
    notes = [*_advice(kept), *_odd(kept, home, exited_why(people, homes, number, order.day))]
    return NewVisit(kept, people.name(number), home, tuple(notes))


def visit_change(new: NewVisit, loaded: Loaded, formats: Formats) -> Change:
    """One row of 巡查."""
    row = new.row
    title = f"登记{row['kind'].value}：{row['household_no']} {row['visited_on'].isoformat()}"
    plan = Plan(title, loaded, formats)
    plan.add(loaded.get(PatrolVisit), [row])
    return plan.build()


def record_report(new: NewVisit, *, as_of: dt.date, bureau: str = "") -> Report:
    """What is entered."""
    row, home = new.row, new.dwelling
    values = (
        row["visit_no"],
        row["household_no"],
        new.applicant,
        home.address.text if home else None,
        row["kind"].value,
        row["visited_on"],
        _yes_no(row.get("met")),
        row["occupancy"].value if "occupancy" in row else None,
        _yes_no(row.get("has_problem")),
        row.get("visitor"),
        mask_numbers(row.get("needs", "")) or None,
    )
    return Report(
        code="patrol.record",
        title="登记巡查",
        bureau=bureau,
        as_of=as_of,
        tables=(Table("visit", "登记的巡查", _COLUMNS, [Row(values)]),),
        notes=new.notes,
        facts={"visit_no": row["visit_no"], "household_no": row["household_no"]},
    )


def _check_day(day: dt.date, latest: dt.date) -> None:
    if day > latest:
        raise UsageError(
            f"巡查日期 {day.isoformat()} 晚于 {latest.isoformat()}",
            advice="请核对 --date；回放过去的，用 --as-of 写明截止日期。",
        )
    if day < EARLIEST:
        raise UsageError(f"巡查日期 {day.isoformat()} 太早", advice="请核对 --date 的年份。")


def _kind(order: VisitOrder, *, is_key: bool) -> PatrolKind:
    if order.kind:
        return _of(PatrolKind, order.kind, "巡查类型")
    if order.campaign.strip():
        return PatrolKind.CAMPAIGN
    return PatrolKind.KEY_HOUSEHOLD if is_key else PatrolKind.ROUTINE


def _occupancy(order: VisitOrder) -> Occupancy | None:
    if not order.occupancy:
        return Occupancy.UNKNOWN if order.met is False else None
    found = _of(Occupancy, order.occupancy, "居住情况")
    if is_contradiction(order.met, found):
        said = "见到了人" if order.met else "没有见到人"
        raise UsageError(
            f"{said}，居住情况却是“{found.value}”",
            advice="请核对 --met、--not-met 和 --occupancy。",
        )
    return found


def _of(words: type[W], text: str, what: str) -> W:
    try:
        return words(text.strip())
    except ValueError as fault:
        known = "、".join(one.value for one in words)
        raise UsageError(f"没有{what}“{text}”", advice=f"可以写：{known}。") from fault


def _campaign(number: str, loaded: Loaded) -> str | None:
    known = [one for one in loaded.get(Campaign).column("campaign_no") if one]
    if number and number not in known:
        raise UsageError(
            f"专项整治表里没有编号“{number}”",
            advice=f"请核对 --campaign；台账里有：{'、'.join(known) or '（还没有）'}。",
        )
    return number or None


def _refuse_second(row: dict[str, Any], order: VisitOrder, loaded: Loaded) -> None:
    if order.again:
        return
    table = loaded.get(PatrolVisit)
    names = ("household_no", "visited_on", "kind")
    columns = zip(*(table.column(name) for name in names), strict=True)
    wanted = tuple(row[name] for name in names)
    place = next((index for index, one in enumerate(columns) if one == wanted), None)
    if place is not None:
        raise UsageError(
            f"{row['household_no']} 在 {order.day.isoformat()} 已有一次{row['kind'].value}，"
            f"编号 {table.column('visit_no')[place]}",
            where=str(table.row_cell(place)),
            advice="同一次不用再登记；确实又去了一次的，加 --again。",
        )


def _advice(row: dict[str, Any]) -> Iterator[str]:
    """What the finding leads to; nothing is written beside the visit."""
    found = row["visited_on"].isoformat()
    link = f"--household {row['household_no']} --kind 类型 --found {found} --facts 事实"
    if row.get("has_problem") or row.get("occupancy") is Occupancy.OTHERS:
        what = "他人居住" if row.get("occupancy") is Occupancy.OTHERS else "发现问题"
        yield f"{what}：核实后另行登记违规与变动，运行 {CASE_COMMAND} {link}"
    if row.get("occupancy") is Occupancy.EMPTY:
        yield f"无人居住：是否空置满六个月，运行 {VACANCY_COMMAND} 核查"


def _odd(row: dict[str, Any], home: Dwelling | None, why: str) -> Iterator[str]:
    if home is None:
        why = f"（{why}）" if why else ""
        yield f"{row['visited_on'].isoformat()} 这户没有在租合同{why}，房源编号空着，请核对"
    if "met" not in row:
        yield "没有写见到没见到：加 --met 或 --not-met，见面率才算得进去"


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "是" if value else "否"


_CODE = ValueKind.IDENTITY
_COLUMNS = (
    Column("visit_no", "巡查编号", _CODE),
    Column("household_no", "家庭编号", _CODE),
    Column("name", "承租人"),
    Column("address", "住址", level=2),
    Column("kind", "巡查类型"),
    Column("visited_on", "巡查日期", ValueKind.DATE),
    Column("met", "见到"),
    Column("occupancy", "居住情况"),
    Column("has_problem", "问题"),
    Column("visitor", "巡查人", level=2),
    Column("needs", "诉求", level=2),
)
