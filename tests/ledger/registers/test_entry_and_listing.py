"""One row typed in, numbers continued, and rows chosen by what a clerk says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from zhubao.core.errors import UsageError
from zhubao.core.period import Period
from zhubao.core.theme import load_theme
from zhubao.ledger.allocation import DrawEvent, DrawResult
from zhubao.ledger.arrears import Reduction
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import CareVisit
from zhubao.ledger.registers import entry
from zhubao.ledger.registers.closed import CLOSED, PARTLY, closed_by, refuse_closed
from zhubao.ledger.registers.columns import column_named, read_words
from zhubao.ledger.registers.completion import columns, sheets, words
from zhubao.ledger.registers.conditions import parse_condition
from zhubao.ledger.registers.list_report import list_report
from zhubao.ledger.registers.listing import (
    Query,
    date_column,
    parse_group,
    parse_sort,
    parse_sum,
    select,
)
from zhubao.ledger.registers.numbers import next_number
from zhubao.ledger.services import HotlineTicket, TicketStatus
from zhubao.ledger.table import Columns, LedgerTable
from zhubao.ledger.tenants import Lease, LeaseStatus

_PLAIN = LedgerConfig()
_DAY = dt.date(2020, 6, 30)


def _visits() -> LedgerTable[CareVisit]:
    rows: list[dict[str, Any]] = [
        {"care_no": "WW9", "kind": "住院慰问", "person": "张三丰", "amount": 50_000},
        {"care_no": "WW10", "kind": "追悼会", "person": "李四", "amount": None},
        {"care_no": "WW11", "kind": "住院慰问", "person": "王小五", "amount": 30_000},
    ]
    days = (dt.date(2020, 5, 31), dt.date(2020, 6, 1), dt.date(2020, 7, 1))
    return LedgerTable.from_rows(
        CareVisit, [{**row, "visited_on": day} for row, day in zip(rows, days, strict=True)]
    )


def _chosen(*conditions: str, **more: Any) -> list[str]:
    parsed = tuple(parse_condition(CareVisit, one, _PLAIN) for one in conditions)
    table = _visits()
    found = select(table, Query(conditions=parsed, **more))
    return [table.column("care_no")[row] for row in found.rows]


@pytest.mark.parametrize(
    ("taken", "following"),
    [
        (["GD00022", "GD00023", None], "GD00024"),
        (["A99"], "A100"),
        (["CJ2019-0007", "CJ2019-0008", "CJ2020-0001", "临1"], "CJ2020-0002"),
        (["甲"], None),
        ([], None),
    ],
)
def test_the_next_number_continues_the_latest_series(
    taken: list[str | None], following: str | None
) -> None:
    assert next_number(taken) == following


def test_words_are_read_as_clerks_type_them_and_all_faults_come_at_once() -> None:
    told = ["日期=2020.6.1", "慰问金=５00元", "类型=住院", "对像=张三", "是否退休=√", "备注"]
    given = read_words(CareVisit, told, _PLAIN)
    assert given.values["visited_on"] == dt.date(2020, 6, 1)
    assert (given.values["amount"], given.values["is_retired"]) == (50_000, True)
    assert len(given.faults) == 3
    assert "住院慰问" in given.faults[0]
    assert "慰问对象" in given.faults[1]


def test_a_new_row_is_numbered_and_a_taken_key_is_refused() -> None:
    loaded = Loaded.of(_visits())
    values: dict[str, Any] = {"kind": "追悼会", "person": "赵六", "visited_on": _DAY}
    assert entry.missing_fields(loaded, CareVisit, {}) == ["kind", "person", "visited_on"]
    made = entry.make_new(loaded, CareVisit, values, _DAY, load_theme().formats)
    assert (made.numbered, made.values["care_no"]) == ("care_no", "WW12")
    assert made.change.added[0].at == 5
    taken = entry.new_faults(loaded, CareVisit, {**values, "care_no": "WW9"})
    assert "--update WW9" in taken[0]


def test_an_update_touches_only_what_is_said_and_never_the_key() -> None:
    loaded = Loaded.of(_visits())
    row = entry.find_row(loaded, CareVisit, "ww10".upper())
    made = entry.make_update(loaded, CareVisit, row, {"amount": 20_000}, _DAY, load_theme().formats)
    assert [str(edit.cell) for edit in made.change.edits] == ["services.xlsx!慰问!H3"]
    faults = entry.update_faults(loaded, CareVisit, row, {"care_no": "WW1", "person": None})
    assert len(faults) == 2
    with pytest.raises(UsageError, match="没有 慰问编号 为 WW0"):
        entry.find_row(loaded, CareVisit, "WW0")


def test_a_row_that_a_check_between_sheets_calls_an_error_comes_with_it() -> None:
    lease = {
        "lease_no": "HT1",
        "household_no": "JT1",
        "unit_no": "U1",
        "starts_on": dt.date(2020, 6, 1),
        "ends_on": dt.date(2019, 6, 1),
        "monthly_rent": 100,
        "status": LeaseStatus.IN_FORCE,
    }
    table = LedgerTable.from_rows(Lease, [{**lease, "ends_on": dt.date(2022, 5, 31)}])
    loaded = Loaded.of(table)
    made = entry.make_new(loaded, Lease, {**lease, "lease_no": "HT2"}, _DAY, load_theme().formats)
    assert {"LG-301", "LG-303"} <= {one.code for one in made.findings}


def test_closed_sheets_name_the_command_and_partly_closed_ones_the_kind() -> None:
    with pytest.raises(UsageError, match="摇号结果") as refused:
        refuse_closed(DrawResult)
    assert "zhubao allocate draw" in refused.value.advice
    faults = entry.new_faults(Loaded(), Reduction, {"kind": "核销"})
    assert "zhubao rent write-off" in faults[0]
    assert closed_by(CareVisit) is None


def test_every_closed_sheet_is_a_model() -> None:
    from zhubao.ledger.catalog import all_models

    assert {*CLOSED, *PARTLY} <= {model.__name__ for model in all_models()}


def test_columns_and_rows_that_the_tool_writes_are_not_typed_in() -> None:
    frozen = {"event_no": "YH1", "draw_no": 1, "frozen_at": dt.datetime(2020, 1, 1)}
    loaded = Loaded.of(LedgerTable.from_rows(DrawEvent, [frozen]))
    assert "冻结时间" in entry.new_faults(loaded, DrawEvent, {"frozen_at": frozen["frozen_at"]})[0]
    assert "不能改动" in entry.update_faults(loaded, DrawEvent, 0, {"place": "礼堂"})[0]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("类型=住院慰问", ["WW9", "WW11"]),
        ("类型!=住院慰问", ["WW10"]),
        ("日期>=2020-06", ["WW10", "WW11"]),
        ("日期=2020-H1", ["WW9", "WW10"]),
        ("日期＜2020-06-01", ["WW9"]),
        ("慰问金>300", ["WW9"]),
        ("慰问金>=300", ["WW9", "WW11"]),
        ("慰问金!=500", ["WW10", "WW11"]),
        ("慰问金 空", ["WW10"]),
        ("慰问金 非空", ["WW9", "WW11"]),
        ("慰问编号>=WW10", ["WW10", "WW11"]),
        ("慰问对象~三", ["WW9"]),
        ("类型=追悼会|节日慰问", ["WW10"]),
    ],
)
def test_conditions_compare_by_type(condition: str, found: list[str]) -> None:
    assert _chosen(condition) == found


@pytest.mark.parametrize(
    ("condition", "hint"),
    [
        ("慰问对像=张三", "慰问对象"),
        ("类型=住院", "列=值"),
        ("类型>追悼会", "~"),
        ("慰问金", "列=值"),
    ],
)
def test_a_condition_nobody_understands_says_how_to_write_it(condition: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_condition(CareVisit, condition, _PLAIN)
    assert hint in refused.value.advice


def test_rows_are_sorted_with_empty_cells_last_and_kept_to_a_period() -> None:
    sort = (parse_sort(CareVisit, "慰问金:降", _PLAIN),)
    assert _chosen(sort=sort) == ["WW9", "WW11", "WW10"]
    dated = date_column(CareVisit, "", _PLAIN)
    assert _chosen(period=Period.parse("2020-06"), dated=dated) == ["WW10"]


def test_counts_and_sums_add_up_and_unreadable_cells_are_named() -> None:
    whole = _visits()
    broken = Columns(
        {name: list(whole.column(name)) for name in CareVisit.model_fields},
        bad={"amount": {1}},
        originals={"amount": {1: "若干"}},
    )
    table = LedgerTable(CareVisit, broken, whole.segments)
    query = Query(
        groups=(parse_group(CareVisit, "日期:月", _PLAIN),),
        sums=(parse_sum(CareVisit, "慰问金", _PLAIN),),
    )
    found = select(table, query)
    assert [(one.words, len(one.rows), one.sums) for one in found.groups] == [
        (("2020-05",), 1, (50_000,)),
        (("2020-06",), 1, (0,)),
        (("2020-07",), 1, (30_000,)),
    ]
    assert found.sums == (80_000,)
    assert [str(cell) for _, cells in found.unread for cell in cells] == ["services.xlsx!慰问!H3"]


def test_personal_columns_are_masked_unless_asked_for_a_file() -> None:
    query = Query(columns=(column_named(CareVisit, "对象", _PLAIN),), limit=1)
    found = select(_visits(), query)
    masked, open_ = (list_report(found, _DAY, unmasked=one) for one in (False, True))
    assert masked.table("rows").rows[0].values == ("张*丰",)
    assert open_.table("rows").rows[0].values == ("张三丰",)


def test_people_with_one_masked_name_are_counted_apart() -> None:
    rows = [{"care_no": str(n), "person": name} for n, name in enumerate(("张一丰", "张二丰"))]
    table = LedgerTable.from_rows(CareVisit, rows)
    found = select(table, Query(groups=(parse_group(CareVisit, "对象", _PLAIN),)))
    assert [len(one.rows) for one in found.groups] == [1, 1]


def test_the_shell_completes_sheets_columns_and_choices() -> None:
    assert sheets("123")[0][0] == HotlineTicket.SHEET.name
    assert words("12345工单", "工单状") == ["工单状态="]
    assert words("12345工单", "状态=") == [f"状态={status}" for status in TicketStatus]
    assert columns("12345工单", "工单编号,工单状") == ["工单编号,工单状态"]
    assert words("没有的表", "工") == []
