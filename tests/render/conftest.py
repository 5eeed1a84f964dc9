"""A report that has every kind of column, to be shown on every surface."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from rich.console import Console

from zhubao.core.finding import Cell, Finding, FindingKind, Severity
from zhubao.core.period import Month
from zhubao.core.report import Chart, Column, Ratio, Report, Row, Table, ValueKind

BAD_NUMBER = FindingKind(
    "TT-104", "号码有误", Severity.ERROR, "校验位不符（填写：{value}）", "对照户口簿改正后重跑"
)
ODD_AREA = FindingKind("TT-301", "面积偏大", Severity.WARNING, "面积 {value} 平方米", "核对房产证")

COLUMNS = (
    Column("number", "家庭编号", ValueKind.IDENTITY),
    Column("estate", "小区", note="房屋所在的小区"),
    Column("owed", "结欠", ValueKind.MONEY),
    Column("months", "欠租月数", ValueKind.COUNT),
    Column("rate", "收缴率", ValueKind.RATIO),
    Column("oldest", "最早欠租月", ValueKind.MONTH, level=2),
    Column("paid_on", "最近缴款", ValueKind.DATE, level=2),
    Column("step", "建议", level=2, width=16),
    Column("area", "面积", ValueKind.NUMBER, level=3),
)


def make_row(number: int) -> Row:
    """The values of row `number`, with one source, and a second one on even rows."""
    sources = [Cell("arrears.xlsx", "应收", f"F{number + 2}")]
    if number % 2 == 0:
        sources.append(Cell("arrears.xlsx", "实收", f"D{number + 2}"))
    values = (
        f"43010219900101{number:04d}",
        "=北辰中央公园",
        100_000 + number,
        number % 12,
        Ratio(number, 2 * number),
        Month.of(2020, 1 + number % 6),
        dt.date(2020, 6, 1),
        "电话提醒后再上门催收",
        Decimal("45.5"),
    )
    return Row(values, tuple(sources), "error" if number % 12 >= 6 else "")


def make_report(size: int, *, shown: int | None = None) -> Report:
    """A report of one table of `size` rows with totals, a chart, notes and findings."""
    rows = tuple(make_row(number) for number in range(size))
    owed = sum(row.values[2] for row in rows)
    months = sum(row.values[3] for row in rows)
    pairs = [row.values[4] for row in rows]
    rate = Ratio(sum(one.numerator for one in pairs), sum(one.denominator for one in pairs))
    table = Table(
        key="households",
        title="欠租户",
        columns=COLUMNS,
        rows=rows,
        totals=("合计", None, owed, months, rate, None, None, None, None),
        summable=frozenset({"owed", "months"}),
        notes=("满6个月的以红色标出。",),
        charts=(Chart("column", "各户结欠", "number", ("owed",)),),
        shown=shown,
    )
    return Report(
        code="test.arrears",
        title="欠租情况表",
        bureau="某区住保局",
        as_of=dt.date(2020, 6, 30),
        period="2020-H1",
        tables=(table,),
        notes=("由台账计算。",),
        findings=tuple(make_findings()),
        facts={"owed": owed, "rate": rate, "day": dt.date(2020, 6, 30)},
    )


def make_findings() -> list[Finding]:
    """Two errors on one sheet, a warning on another file, an error of no place."""
    return [
        BAD_NUMBER.at(Cell("tenants.xlsx", "保障家庭", "G12"), value="4301…1234"),
        BAD_NUMBER.at(Cell("tenants.xlsx", "保障家庭", "G3"), value="4301…9999"),
        ODD_AREA.at(Cell("units.xlsx", "房源", "J3"), value=450),
        BAD_NUMBER.at(None, value="?"),
    ]


@pytest.fixture
def report() -> Report:
    """Thirty rows."""
    return make_report(30)


@pytest.fixture
def report_of() -> Callable[..., Report]:
    """A maker of reports of any size."""
    return make_report


@pytest.fixture
def printed() -> Callable[..., list[str]]:
    """Print with a function of the terminal surface; the lines that came out."""

    def lines(
        show: Callable[..., None], *args: object, width: int = 80, **options: object
    ) -> list[str]:
        stream = io.StringIO()
        console = Console(file=stream, width=width, highlight=False)
        show(*args, console=console, **options)
        return stream.getvalue().splitlines()

    return lines
