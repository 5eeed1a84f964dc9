"""Which target an operator has to reach: the sheet first, then the bureau's targets, the scheme."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import Target
from zhubao.services.contractor.recorded import Recorded, Register
from zhubao.services.contractor.scheme import Indicator
from zhubao.services.contractor.scoring import Goal, rounded

_RATE = "%"


def find_goal(
    indicator: Indicator, operator: str, period: Period, register: Register, loaded: Loaded
) -> tuple[Goal, tuple[Cell, ...]]:
    """The goal of one item, and the cells of its target.

    In this order: the operator's row of this period; its rows of shorter periods that make up this
    one (counts and amounts added, a rate only when all say the same); 目标任务 under
    `target_code` (半年目标 for January to June, 年度目标 for a year); the scheme's own target,
    scaled by months where `target_months` is set. The unit is that of the row the target comes
    from. A rate written as a fraction (0.95) is taken as 95%.
    """
    row = next((r for r in register.of(operator, period) if _same(r.code, indicator.code)), None)
    full = indicator.full if row is None or row.full is None else row.full
    unit = (row.measure if row else "") or indicator.unit
    if row is not None and row.target is not None:
        cell = register.table.cell(row.index, "target")
        return Goal(_rate(row.target, unit), unit, full, "考核表"), (cell,)
    parts = [] if row is not None else register.parts(operator, indicator.code, period)
    added = _from_parts(parts, indicator.unit)
    if added is not None:
        target, part_unit = added
        cells = tuple(register.table.cell(part.index, "target") for part in parts)
        origin = "考核表 " + "、".join(part.period.label for part in parts)
        return Goal(target, part_unit, full, origin), cells
    bureau = _from_targets(indicator, period, loaded)
    if bureau is not None:
        target, measure, cell = bureau
        return Goal(target, measure, full, "目标任务"), (cell,)
    return _from_scheme(indicator, unit, full, period), ()


def _from_parts(parts: list[Recorded], default: str) -> tuple[Decimal, str] | None:
    units = {part.measure or default for part in parts}
    targets = [part.target for part in parts if part.target is not None]
    if not parts or len(units) > 1 or len(targets) < len(parts):
        return None
    unit = units.pop()
    if unit != _RATE:
        return sum(targets, Decimal(0)), unit
    rates = {_rate(target, unit) for target in targets}
    return (rates.pop() or Decimal(0), unit) if len(rates) == 1 else None


def _from_targets(
    indicator: Indicator, period: Period, loaded: Loaded
) -> tuple[Decimal, str, Cell] | None:
    name = {"H1": "half_year_target", "": "annual_target"}.get(period.label[5:])
    if not indicator.target_code or name is None:
        return None
    table = loaded.get(Target)
    years, codes = table.column("year"), table.column("indicator_code")
    for index in table.usable():
        if years[index] == period.start.year and _same(codes[index], indicator.target_code):
            value = table.column(name)[index]
            unit = str(table.column("measure")[index]).strip()
            if value is not None:
                return _rate(value, unit) or Decimal(0), unit, table.cell(index, name)
    return None


def _from_scheme(indicator: Indicator, unit: str, full: Decimal, period: Period) -> Goal:
    """The scheme's target means the scheme's unit; a row in another unit has none."""
    if indicator.target is None or unit != indicator.unit:
        return Goal(None, unit, full)
    target, origin = indicator.target, "方案"
    if indicator.target_months and unit != _RATE:
        months = len(period.months())
        target = rounded(Fraction(target) * months / indicator.target_months, 2)
        origin = f"方案 {indicator.target} × {months} ÷ {indicator.target_months} 个月"
    return Goal(target, unit, full, origin)


def _rate(target: Decimal | None, unit: str) -> Decimal | None:
    if target is not None and unit == _RATE and 0 < target <= 1:
        return target * 100
    return target


def _same(one: str, other: str) -> bool:
    return one.strip().upper() == other.strip().upper()
