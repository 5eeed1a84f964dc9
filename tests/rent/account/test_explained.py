"""Why this rent, why this debt, why this step, which letter: each with its basis and cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.report import Report, Row
from zhubao.ledger.bureau import SHEET_MISSING, open_bureau
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.units import Unit
from zhubao.rent.account.explained import EXPLAIN_MODELS, explain

Make = Callable[..., Loaded]
AS_OF = dt.date(2020, 6, 30)
SAMPLE = Path(__file__).resolve().parents[3]


def line(report: Report, table: str, item: str) -> Row:
    return next(row for row in report.table(table).rows if row.values[0] == item)


@pytest.fixture(scope="module")
def sample() -> Loaded:
    return open_bureau(SAMPLE).load(*EXPLAIN_MODELS)


def of_sample(sample: Loaded, number: str) -> Report:
    return explain(sample, LedgerConfig(bureau="示范局"), number, AS_OF)


def test_the_rent_is_area_times_price_with_every_factor_from_its_cell(make_loaded: Make) -> None:
    """40.5 m² × 1.30 yuan (低收入, 二级, lift) = 52.65; the lease says 100.00: 47.35 more."""
    base = make_loaded(charges=[("H1", "2020-06", 90)])
    unit = {
        "unit_no": "UH1",
        "estate": "甲小区",
        "location_grade": "二级",
        "has_lift": True,
        "billed_area_m2": Decimal("40.5"),
    }
    loaded = Loaded.of(*base.tables.values(), LedgerTable.from_rows(Unit, [unit]))
    report = explain(loaded, LedgerConfig(), "H1", AS_OF)
    standard = line(report, "rent", "标准租金").values
    assert standard[1] == "40.5 平方米 × 1.30 元，四舍五入到分"
    assert standard[2] == "52.65 元"
    assert "未核实" in standard[3]
    lease = line(report, "rent", "合同月租金")
    assert lease.values[2:] == ("100.00 元", "比标准租金多 47.35 元")
    assert str(lease.sources[0]) == "tenants.xlsx!租赁合同!F2"
    assert line(report, "rent", "最近一期应收").values[3] == "比合同月租金少 10.00 元"


def test_the_last_charge_is_every_row_of_its_month(make_loaded: Make) -> None:
    """A move in mid-month has two rows: 40.00 + 60.00 is the rent of 100.00."""
    loaded = make_loaded(charges=[("H1", "2020-06", 40), ("H1", "2020-06", 60)])
    last = line(explain(loaded, LedgerConfig(), "H1", AS_OF), "rent", "最近一期应收")
    assert last.values[1:4] == ("2020-06：2 笔合计", "100.00 元", "与合同月租金一致")
    assert len(last.sources) == 2


def test_missing_data_is_said_and_not_guessed(make_loaded: Make) -> None:
    """The unit has neither area nor grade; H2 has no lease; the policy has no price for 四级."""
    report = explain(make_loaded(charges=[]), LedgerConfig(), "H1", AS_OF)
    assert line(report, "rent", "标准租金").values[2] == "缺数据"
    bare = explain(make_loaded(leases=[], charges=[]), LedgerConfig(), "H1", AS_OF)
    assert line(bare, "rent", "合同").values[2] == "缺数据"


def test_a_sheet_not_found_is_said_and_without_all_three_nothing_is_explained(
    make_loaded: Make,
) -> None:
    """One sheet of the account gone is LG-116; without any of them the debt is unknown, not 0."""
    gone = SHEET_MISSING.at(Cell("arrears.xlsx"), sheet="实收")
    some = replace(make_loaded(charges=[("H1", "2020-06", 90)]), findings=(gone,))
    assert explain(some, LedgerConfig(), "H1", AS_OF).findings == (gone,)
    with pytest.raises(UsageError, match="没有读到“应收”表"):
        explain(make_loaded(), LedgerConfig(), "H1", AS_OF)


def test_the_step_names_limits_and_articles(sample: Loaded) -> None:
    """JT000008: nine months, the plan in arrears, no hardship: notice to vacate by art. 29."""
    report = of_sample(sample, "JT000008")
    vacate = line(report, "step", "腾退告知").values
    assert vacate[1] == "欠租 9 个月，界限 6 个月（以上含本数）"
    assert vacate[2] == "达到"
    assert "公共租赁住房管理办法" in vacate[3]
    assert "第二十九条" in vacate[3]
    assert line(report, "step", "分期协议").values[2] == "逾期"
    assert line(report, "letter", "文书").values[2] == "腾退告知书"
    unpaid = [row for row in report.table("debt").rows if row.values[0].startswith("未缴 ")]
    assert len(unpaid) == 9
    assert all(row.sources for row in unpaid)


def test_a_household_in_hardship_gets_a_visit_and_no_letter(sample: Loaded) -> None:
    """JT000111 (三无) owes seven months: visit and plan; no letter by itself."""
    report = of_sample(sample, "JT000111")
    assert line(report, "step", "困难家庭").values[2] == "三无"
    assert line(report, "step", "结论").values[2] == "走访订计划"
    assert line(report, "letter", "文书").values[2] == "不出文书"
    assert line(report, "letter", "困难家庭").values[2] == "由人工决定"


def test_a_plan_that_is_kept_and_a_reminder_need_no_letter(sample: Loaded) -> None:
    kept = of_sample(sample, "JT000122")
    assert "按期履行的不往下催" in line(kept, "step", "分期协议").values[2]
    assert line(kept, "letter", "文书").values[2] == "不出文书"
    assert line(of_sample(sample, "JT000007"), "letter", "文书").values[2] == "不出文书"


def test_without_debt_there_is_nothing_to_do(sample: Loaded) -> None:
    report = of_sample(sample, "JT000123")
    assert line(report, "letter", "文书").values[1:3] == ("没有欠租", "不出文书")
    assert report.facts["step"] == "无需催缴"
    name = line(report, "profile", "姓名").values[1]
    assert "*" in name


def test_an_unknown_number_is_a_usage_error(sample: Loaded) -> None:
    with pytest.raises(UsageError):
        of_sample(sample, "没有这个")
