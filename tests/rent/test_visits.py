"""The month's visit list: who is on it, in which order; and reading it back. Cut-off 2020-06-30."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.ledger.bureaus import FORMATS
from zhubao.core.errors import UsageError
from zhubao.core.period import Month
from zhubao.excel.sheet import RawSheet
from zhubao.excel.table import TypedTable, read_table
from zhubao.ledger.arrears import CollectionVisit
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.units import Unit
from zhubao.rent.arrears import ArrearsResult, compute_arrears
from zhubao.rent.visit_report import visit_report
from zhubao.rent.visits import (
    ENTRY_SPECS,
    Entered,
    VisitList,
    VisitOrder,
    plan_visits,
    read_visits,
    visit_number,
    visits_change,
)

Make = Callable[..., Loaded]
AS_OF, LATEST = dt.date(2020, 6, 30), dt.date(2020, 7, 31)
JUNE = VisitOrder(Month.of(2020, 6))
HEADER = ["家庭编号", "走访日期", "走访人", "是否见到", "走访结果", "承诺缴款"]


def numbers(listed: VisitList) -> list[str]:
    return [listed.result.books.numbers[stop.account] for stop in listed.stops]


def replaced(loaded: Loaded, table: LedgerTable[Any]) -> Loaded:
    return replace(loaded, tables={**loaded.tables, table.model: table})


def on_paper(*rows: Sequence[Any]) -> TypedTable:
    cells = [HEADER, *[["" if value is None else value for value in row] for row in rows]]
    table = read_table(RawSheet("清单.xlsx", "甲小区", cells), ENTRY_SPECS)
    assert table is not None
    return table


def test_debt_plan_and_hardship_bring_a_household_on_the_list(
    make_loaded: Make, make_household: Callable[..., Any], make_lease: Callable[..., Any]
) -> None:
    """H1 owes; H2 is ill; H3 pays; H4 owes but has moved out; H5 has no lease and no posting."""
    households = ["H1", make_household("H2", "重病"), "H3", "H4", make_household("H5", "孤老")]
    leases = [make_lease(f"L{n}", f"H{n}", f"U{n}") for n in (1, 2, 3)]
    leases.append(make_lease("L4", "H4", "U4", terminated_on="2020-05-31"))
    loaded = make_loaded(
        households=households,
        leases=leases,
        charges=[("H1", "2020-06", 100), ("H4", "2020-05", 100)],
        visits=[("H1", "2020-06-08"), ("H1", "2020-05-08"), ("H2", "2020-05-09")],
    )
    result = compute_arrears(loaded, AS_OF)
    listed = plan_visits(result, JUNE)
    assert numbers(listed) == ["H1", "H2"]
    assert listed.moved_out == 1
    assert listed.stops[0].visited == dt.date(2020, 6, 8)
    assert listed.stops[0].last_visit == dt.date(2020, 5, 8)
    assert listed.stops[1].visited is None
    assert numbers(plan_visits(result, replace(JUNE, unvisited=True))) == ["H2"]
    assert numbers(plan_visits(result, replace(JUNE, everyone=True))) == ["H1", "H2", "H3"]
    with pytest.raises(UsageError, match="乌有"):
        plan_visits(result, replace(JUNE, estate="乌有小区"))


def test_the_list_is_walked_building_by_building_and_door_by_door(make_loaded: Make) -> None:
    doors: dict[str, tuple[str, str, int, str]] = {
        "H1": ("10栋", "1单元", 1, "0101"),
        "H2": ("2栋", "2单元", 3, "0302"),
        "H3": ("2栋", "1单元", 12, "1201"),
        "H4": ("2栋", "1单元", 3, "0302"),
        "H5": ("2栋", "1单元", 3, "0301"),
    }
    loaded = make_loaded(households=list(doors), charges=[(h, "2020-06", 100) for h in doors])
    units = [
        {
            "unit_no": f"U{h}",
            "estate": "甲小区",
            "building": b,
            "entrance": e,
            "floor": f,
            "room": r,
        }
        for h, (b, e, f, r) in doors.items()
    ]
    loaded = replaced(loaded, LedgerTable.from_rows(Unit, units))
    listed = plan_visits(compute_arrears(loaded, AS_OF), JUNE)
    assert numbers(listed) == ["H5", "H4", "H3", "H2", "H1"]
    report = visit_report(listed, by_building=True)
    assert [table.title for table in report.tables] == ["汇总", "甲小区2栋", "甲小区10栋"]


def test_the_printed_list_has_full_names_and_room_to_write_the_other_masks(
    make_loaded: Make,
) -> None:
    listed = plan_visits(
        compute_arrears(make_loaded(charges=[("H1", "2020-06", 100)]), AS_OF), JUNE
    )
    masked, paper = visit_report(listed), visit_report(listed, on_paper=True)
    assert "测试H1" not in str(masked)
    assert "测试H1" in str(paper.tables[1].rows)
    titles = [column.title.strip() for column in paper.tables[1].columns]
    assert {"走访日期", "是否见到", "走访结果", "承诺缴款", "签字"} <= set(titles)


def entered(make: Make, *rows: Sequence[Any], **sheets: Any) -> tuple[ArrearsResult, Entered]:
    result = compute_arrears(make(households=["H1", "H2"], **sheets), AS_OF)
    return result, read_visits([on_paper(*rows)], result, LATEST, "张三")


def test_filled_rows_become_visits_and_untouched_rows_do_not(make_loaded: Make) -> None:
    result, found = entered(
        make_loaded,
        ("H1", "2020.7.8", None, "√", "答应月底缴", "200元"),
        ("H2", None, None, None, None, None),
        ("H2", dt.date(2020, 7, 9), "李四", "否", None, None),
        visits=[("H1", "2020-06-08")],
    )
    assert found.rows[0] == {
        "visit_no": "ZF20200708-H1", "household_no": "H1", "visited_on": dt.date(2020, 7, 8),
        "visitor": "张三", "met": True, "result": "答应月底缴", "promised": 20000,
    }  # fmt: skip
    assert found.rows[1]["visitor"] == "李四"
    assert not found.findings
    change = visits_change(result, found, FORMATS)
    assert "新录入 2 次走访，见到 1 户" in change.notes[0]


def test_entering_the_same_list_again_adds_nothing(make_loaded: Make) -> None:
    row = ("H1", "2020-07-08", None, "是", "答应月底缴", 200)
    _, first = entered(make_loaded, row)
    result = compute_arrears(make_loaded(households=["H1", "H2"]), AS_OF)
    table = LedgerTable.from_rows(CollectionVisit, first.rows)
    loaded = replaced(result.loaded, table)
    again = read_visits([on_paper(row)], replace(result, loaded=loaded), LATEST)
    assert (again.rows, again.known, again.findings) == ((), 1, ())
    other = ("H1", "2020-07-08", None, "否", "答应月底缴", 200)
    differs = read_visits([on_paper(other)], replace(result, loaded=loaded), LATEST)
    assert differs.rows == ()
    assert [finding.code for finding in differs.findings] == ["RE-274"]


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        (("H9", "2020-07-08", None, "是", None, None), "RE-270", "A2"),
        (("H1", None, None, "是", None, None), "RE-271", "B2"),
        (("H1", "2020-08-01", None, "是", None, None), "RE-272", "B2"),
        (("H1", "1920-07-08", None, "是", None, None), "RE-272", "B2"),
        (("H1", "2020-07-08", None, None, None, None), "RE-275", "B2"),
        (("H1", "2020-07-08", None, "是", None, "下月再说"), "RE-276", "F2"),
        (("H1", "2020-07-08", None, "是", None, -5), "RE-276", "F2"),
        ((None, "2020-07-08", None, "是", "在家", 5), "RE-277", "A2"),
    ],
)
def test_a_row_at_fault_is_named_with_its_cell_and_not_entered(
    make_loaded: Make, row: Sequence[Any], code: str, cell: str
) -> None:
    good = ("h2", "2020-07-08", None, "是", None, None)
    _, found = entered(make_loaded, row, good, charges=[("H1", "2020-05", 100)])
    assert [values["household_no"] for values in found.rows] == ["H2"]
    ours = [finding for finding in found.findings if finding.code.startswith("RE-")]
    assert [(finding.code, str(finding.where)) for finding in ours] == [
        (code, f"清单.xlsx!甲小区!{cell}")
    ]


def test_two_rows_of_one_day_are_one_visit(make_loaded: Make) -> None:
    row = ("H1", "2020-07-08", None, "是", None, None)
    _, found = entered(make_loaded, row, row)
    assert len(found.rows) == 1
    assert [finding.code for finding in found.findings] == ["RE-273"]


def test_a_visit_always_has_the_same_number() -> None:
    assert visit_number("JT000123", dt.date(2020, 7, 8)) == "ZF20200708-JT000123"
