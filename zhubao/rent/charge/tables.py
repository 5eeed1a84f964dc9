"""The tables of the charge report: totals, bridge, differences, exceptions, detail."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import overload

from zhubao.core.masking import mask_name
from zhubao.core.report import Column, Row, Table, ValueKind
from zhubao.ledger.arrears import Charge
from zhubao.ledger.tenants import Household, Lease
from zhubao.ledger.units import Unit
from zhubao.rent.charge.charging import ChargeRun
from zhubao.rent.charge.compare import Comparison, Difference, Movement
from zhubao.rent.charge.drafts import Draft

_SHOWN = 15  # differences and exceptions on a terminal
_NO_ESTATE = "（小区不明）"
_MONEY, _COUNT, _IDENTITY = ValueKind.MONEY, ValueKind.COUNT, ValueKind.IDENTITY


def totals_table(run: ChargeRun) -> Table:
    """By estate and ownership: what is added, what is already there."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 6)
    for draft in run.new:
        line = sums[_place(run, draft.stay.unit_no)]
        for place, value in enumerate((1, draft.standard, draft.reduction, draft.amount)):
            line[place] += value
    table = run.loaded.get(Charge)
    amounts, units = table.column("amount"), table.column("unit_no")
    unit_of = dict(zip(*(run.loaded.get(Lease).column(n) for n in ("lease_no", "unit_no")),
                       strict=True))  # fmt: skip
    leased = run.loaded.get(Lease).column("unit_no")
    matched = {row: leased[lease] for lease, rows in run.booked.of_lease.items() for row in rows}
    for row in _booked_rows(run):
        unit = units[row] or unit_of.get(table.column("lease_no")[row]) or matched.get(row)
        line = sums[_place(run, unit)]
        line[4] += 1
        line[5] += amounts[row] or 0
    rows = [Row((*place, *line, line[3] + line[5])) for place, line in sorted(sums.items())]
    totals = tuple(sum(row.values[place] for row in rows) for place in range(2, 9))
    columns = (
        Column("estate", "小区"),
        Column("ownership", "产权"),
        Column("count", "新增笔数", _COUNT),
        Column("standard", "租金", _MONEY, 2, note="减免前，按所计天数"),
        Column("reduction", "减免", _MONEY, 2),
        Column("amount", "新增应收", _MONEY),
        Column("booked_count", "已有笔数", _COUNT, 2),
        Column("booked", "已有应收", _MONEY),
        Column("now", "本月应收", _MONEY, note="已有应收 ＋ 新增应收"),
    )
    summable = frozenset(column.key for column in columns[2:])
    title = f"{run.month.title}应收（按小区和产权）"
    return Table("totals", title, columns, rows, ("合计", "", *totals), summable)


def bridge_table(run: ChargeRun, comparison: Comparison) -> Table:
    """Last month + new - gone + raised - lowered = this month."""
    last = comparison.last_month
    title = f"{last} 应收" if last is not None else "以前没有应收"
    lines: list[tuple[str, int | None, int]] = [
        (title, comparison.households_before, comparison.before)
    ]
    for sign, movement in (("＋", Movement.NEW), ("－", Movement.GONE),
                           ("＋", Movement.RAISED), ("－", Movement.LOWERED)):  # fmt: skip
        households, fen = comparison.totals[movement]
        lines.append((f"{sign} {movement.value}", households, fen))
    gone = comparison.totals[Movement.GONE][0]
    here = comparison.households_before + comparison.totals[Movement.NEW][0] - gone
    lines.append((f"＝ {run.month} 应收", here, comparison.now))
    lines.append(("其中：已在表里", None, comparison.booked))
    lines.append(("其中：这次新增", None, comparison.added))
    columns = (
        Column("line", "项目"), Column("households", "户数", _COUNT), Column("fen", "金额", _MONEY),
    )  # fmt: skip
    note = "逐户归类，合计与两个月的应收行分别相符 ✓"
    return Table("bridge", "与上月的勾稽", columns, [Row(line) for line in lines], notes=(note,))


def differences_table(run: ChargeRun, comparison: Comparison) -> Table:
    """Every household that differs from last month, grouped by movement, largest change first."""
    order = {movement: place for place, movement in enumerate(Movement)}
    listed = sorted(
        comparison.differences if comparison.last_month is not None else (),
        key=lambda one: (order[one.movement], -abs(one.change), one.household_no),
    )
    names = _names(run)
    rows = [_difference_row(one, names) for one in listed]
    counts = Counter(reason for one in listed for reason in one.reasons)
    columns = (
        Column("household_no", "家庭编号", _IDENTITY),
        Column("name", "姓名", level=2),
        Column("movement", "变动"),
        Column("before", "上月", _MONEY),
        Column("now", "本月", _MONEY),
        Column("change", "增减", _MONEY),
        Column("reason", "原因"),
        Column("unit_no", "房源编号", _IDENTITY, 2),
        Column("lease_no", "合同编号", _IDENTITY, 3),
    )
    total = tuple(sum(getattr(one, name) for one in listed) for name in ("before", "now", "change"))
    notes = tuple(f"{reason} {count:,} 户" for reason, count in counts.most_common())
    return Table(
        "differences",
        f"与上月不同（{len(rows):,} 户）",
        columns,
        rows,
        ("合计", None, None, *total, None, None, None) if rows else None,
        frozenset({"before", "now", "change"}),
        ("原因：" + "、".join(notes),) if notes else (),
        shown=_SHOWN,
    )


def _difference_row(one: Difference, names: dict[str, str]) -> Row:
    units = "、".join(dict.fromkeys(part.unit_no for part in one.parts if part.unit_no))
    leases = "、".join(dict.fromkeys(part.lease_no for part in one.parts if part.lease_no))
    values = (
        one.household_no, names.get(one.household_no), one.movement.value, one.before, one.now,
        one.change, "、".join(one.reasons), units or None, leases or None,
    )  # fmt: skip
    odd = {"请核对", "上月未计", "笔数不同", "没有在租的合同"} & set(one.reasons)
    return Row(values, one.cells, "warning" if odd else "")


def not_charged_table(run: ChargeRun) -> Table:
    """Live leases that get no charge, each with the reason and its cell."""
    table = run.loaded.get(Lease)
    lease, household, unit = (
        table.column(name) for name in ("lease_no", "household_no", "unit_no")
    )
    rows = [
        Row(
            (
                lease[one.row], household[one.row], unit[one.row], one.reason,
                one.finding.code if one.finding else None,
            ),
            (one.finding.where if one.finding and one.finding.where else table.row_cell(one.row),),
            "error" if one.finding else "",
        )
        for one in run.blocked
    ]  # fmt: skip
    columns = (
        Column("lease_no", "合同编号", _IDENTITY),
        Column("household_no", "家庭编号", _IDENTITY),
        Column("unit_no", "房源编号", _IDENTITY, 2),
        Column("reason", "原因"),
        Column("code", "代码"),
    )
    return Table(
        "not_charged",
        f"在租而本月没有计的合同（{len(rows):,} 份）",
        columns,
        rows,
        shown=_SHOWN if rows else 0,
    )


def detail_table(run: ChargeRun) -> Table:
    """Every new charge with each intermediate amount and the cells it comes from."""
    columns = (
        Column("charge_no", "应收编号", _IDENTITY),
        Column("household_no", "家庭编号", _IDENTITY),
        Column("name", "姓名"),
        Column("lease_no", "合同编号", _IDENTITY),
        Column("unit_no", "房源编号", _IDENTITY),
        Column("estate", "小区"),
        Column("tier", "保障类型"),
        Column("area", "计租面积", ValueKind.NUMBER),
        Column("table_rent", "标准月租金", _MONEY, note="计租面积 × 租金标准"),
        Column("contract", "合同月租金", _MONEY),
        Column("rent", "采用月租金", _MONEY),
        Column("days", "计租天数", _COUNT),
        Column("standard", "租金", _MONEY, note="减免前，按所计天数"),
        Column("reduction", "减免", _MONEY),
        Column("amount", "应收金额", _MONEY),
        Column("remark", "备注"),
    )
    money = ("standard", "reduction", "amount")
    totals = {name: sum(getattr(draft, name) for draft in run.new) for name in money}
    line = tuple(totals.get(column.key) for column in columns)
    return Table(
        "detail",
        "新增应收明细",
        columns,
        _DetailRows(run),
        ("合计", *line[1:]),
        frozenset(money),
        shown=0,
    )


class _DetailRows(Sequence[Row]):
    """The rows of the detail, each made when it is asked for: a terminal never does."""

    def __init__(self, run: ChargeRun) -> None:
        self._run, self._names = run, _names(run)

    def __len__(self) -> int:
        return len(self._run.new)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        new = self._run.new
        if isinstance(index, slice):
            return [_detail_row(self._run, draft, self._names) for draft in new[index]]
        return _detail_row(self._run, new[index], self._names)


def _detail_row(run: ChargeRun, draft: Draft, names: dict[str, str]) -> Row:
    home, stay = draft.home, draft.stay
    leases = run.loaded.get(Lease)
    cells = (
        leases.cell(stay.row, "monthly_rent"),
        run.loaded.get(Unit).cell(home.unit_row, "billed_area_m2"),
        run.loaded.get(Household).cell(home.household_row, "tier"),
    )
    values = (
        draft.charge_no, stay.household_no, names.get(stay.household_no), stay.lease_no,
        stay.unit_no, _place(run, stay.unit_no)[0], home.tier, home.area, draft.tariff.standard,
        home.contract, draft.rent, stay.days, draft.standard, draft.reduction, draft.amount,
        draft.remark or None,
    )  # fmt: skip
    return Row(values, cells)


def _booked_rows(run: ChargeRun) -> list[int]:
    placed = [row for rows in run.booked.of_lease.values() for row in rows]
    return [*placed, *run.booked.strays]


def _place(run: ChargeRun, unit_no: str | None) -> tuple[str, str]:
    """Estate and ownership of a unit."""
    row = run.rents.unit_row(unit_no)
    if row < 0:
        return _NO_ESTATE, ""
    units = run.loaded.get(Unit)
    return units.column("estate")[row] or _NO_ESTATE, str(units.column("ownership")[row] or "")


def _names(run: ChargeRun) -> dict[str, str]:
    """Household number → masked name."""
    table = run.loaded.get(Household)
    pairs = zip(table.column("household_no"), table.column("applicant"), strict=True)
    return {number: mask_name(name or "") for number, name in pairs if number}
