"""A unit is never in two places, a lot never above its batch; states follow one another."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.supply.sheets import Rows, batch, carried_out, chosen, day, lease, loaded, slip, unit
from zhubao.core.errors import UsageError
from zhubao.ledger.allocation import SelectionAction, UnitSelection
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Dispatch, DispatchStatus, SupplyBatch, Unit, UnitStatus
from zhubao.supply.dispatch_moves import DispatchOrder, Moves
from zhubao.supply.dispatching import dispatch_frozen, give_back, place
from zhubao.supply.slips import read_slips
from zhubao.supply.stock import batch_stocks
from zhubao.supply.tenancies import tenancies

JUNE = day("2020-06-01")


def order(
    *units: str, batch: str = "", count: int | None = None, project: str = "外滩项目"
) -> DispatchOrder:
    return DispatchOrder(project, "商品房", JUNE, units, batch, count)


def test_a_unit_is_frozen_dispatched_and_returned() -> None:
    rows: Rows = {
        Unit: [unit("U1", vacant_since=day("2020-03-01"), remark="朝南")],
        Dispatch: [slip("DP0007", dispatched_on=day("2020-01-01"), headquarters="外滩指挥部")],
    }
    frozen = place(order("u1"), loaded(rows), {}, frozen=True)
    rows = carried_out(rows, frozen)
    home, row = rows[Unit][0], rows[Dispatch][1]
    assert (row["dispatch_no"], row["status"]) == ("DP0008", DispatchStatus.FROZEN)
    assert (row["frozen_on"], row["headquarters"]) == (JUNE, "外滩指挥部")
    assert (home["status"], home["vacant_since"]) == (UnitStatus.RESERVED, None)
    assert home["remark"] == "朝南；已冻结给外滩项目"
    rows = carried_out(rows, dispatch_frozen(["DP0008"], day("2020-06-05"), loaded(rows), {}))
    assert rows[Unit][0]["remark"] == "朝南；已调配给外滩项目"
    assert rows[Dispatch][1]["dispatched_on"] == day("2020-06-05")
    rows = carried_out(rows, give_back(["DP0008"], day("2020-06-09"), "项目取消", loaded(rows)))
    home, row = rows[Unit][0], rows[Dispatch][1]
    assert (home["status"], home["vacant_since"]) == (UnitStatus.VACANT, day("2020-06-09"))
    assert home["remark"] == "朝南"
    assert (row["status"], row["remark"]) == (DispatchStatus.RETURNED, "退回原因：项目取消")


@pytest.mark.parametrize(
    ("rows", "drawn", "held_by"),
    [
        ({Lease: [lease("L1", "U1", "2020-01-01", "2022-01-01")]}, {}, "合同 L1 还在租"),
        ({Lease: [lease("L1", "U1", "2020-07-01", "2022-01-01")]}, {}, "合同 L1"),
        ({Dispatch: [slip("D1", unit_no="U1")]}, {}, "调配单 D1（外滩项目）已调配"),
        (
            {Dispatch: [slip("D1", unit_no="U1", returned_on=day("2020-05-01"),
                             status=DispatchStatus.DISPATCHED)]},
            {},
            "状态却是“已调配”",
        ),
        (
            {Dispatch: [slip("D1", unit_no="U1", returned_on=day("2020-06-10"),
                             status=DispatchStatus.RETURNED)]},
            {},
            "到 2020-06-10 才退回",
        ),
        ({}, {"U1": "YH1"}, "摇号活动 YH1"),
        ({UnitSelection: [chosen("X1", "U1")]}, {}, "选房记录 X1 已选定"),
        ({Unit: [unit("U1", UnitStatus.DISPOSED)]}, {}, "已处置"),
        ({Unit: [unit("U1", UnitStatus.OCCUPIED)]}, {}, "在租"),
        ({Unit: [unit("U1", UnitStatus.RESERVED, remark="周转房")]}, {}, "备注“周转房”"),
    ],
)  # fmt: skip
def test_what_holds_a_unit_is_named(rows: Rows, drawn: dict[str, str], held_by: str) -> None:
    with pytest.raises(UsageError) as refusal:
        place(order("U1"), loaded({Unit: [unit("U1")], **rows}), drawn, frozen=False)
    assert held_by in refusal.value.message


@pytest.mark.parametrize(
    "rows",
    [
        {Lease: [lease("L1", "U1", "2019-01-01", "2022-01-01", "2020-06-01")]},
        {Dispatch: [slip("D1", unit_no="U1", dispatched_on=day("2020-01-01"),
                         returned_on=day("2020-06-01"))]},
        {UnitSelection: [chosen("X1", "U1"),
                         chosen("X2", "U1", action=SelectionAction.WITHDRAWN)]},
        {UnitSelection: [chosen("X1", "U1", household_no="JL1")],
         Lease: [lease("L1", "U1", "2020-05-02", "2022-01-01", "2020-05-20")]},
        {Unit: [unit("U1", UnitStatus.RESERVED)]},
    ],
)  # fmt: skip
def test_what_is_over_holds_nothing(rows: Rows) -> None:
    moves = place(order("U1"), loaded({Unit: [unit("U1")], **rows}), {}, frozen=False)
    assert moves.count == 1


def test_a_lot_is_never_more_than_is_left_of_its_batch() -> None:
    rows: Rows = {
        SupplyBatch: [batch("B1", 10), batch("B2", 5, "2020-07-01")],
        Dispatch: [slip("D1", batch_no="B1", unit_count=8, dispatched_on=day("2020-02-01"))],
    }
    place(order(batch="B1", count=2), loaded(rows), {}, frozen=True)
    with pytest.raises(UsageError, match="只剩 2 套，不够 3 套：筹集 10 套，调配单 D1 占用 8 套"):
        place(order(batch="B1", count=3), loaded(rows), {}, frozen=True)
    with pytest.raises(UsageError, match="2020-07-01 才筹集"):
        place(order(batch="B2", count=1), loaded(rows), {}, frozen=True)


def test_a_part_of_a_lot_comes_back_in_a_row_of_its_own() -> None:
    given = slip("D1", batch_no="B1", unit_count=8, dispatched_on=day("2020-02-01"))
    rows: Rows = {SupplyBatch: [batch("B1", 10)], Dispatch: [given]}
    rows = carried_out(rows, give_back(["D1"], JUNE, "用不完", loaded(rows), count=3))
    old, new = rows[Dispatch]
    assert (old["unit_count"], new["unit_count"], new["returned_on"]) == (5, 3, JUNE)
    (stock,) = batch_stocks(loaded(rows), read_slips(loaded(rows)), JUNE)
    assert (stock.dispatched, stock.returned, stock.left) == (8, 3, 5)


def test_only_the_next_step_is_allowed_and_never_before_the_last_one() -> None:
    rows: Rows = {
        Dispatch: [
            slip("D1", dispatched_on=day("2020-02-01")),
            slip("D2", frozen_on=day("2020-02-01"), status=DispatchStatus.FROZEN),
            slip("D3", dispatched_on=day("2020-02-01"), returned_on=day("2020-03-01"),
                 status=DispatchStatus.RETURNED),
        ]
    }  # fmt: skip
    sheets = loaded(rows)
    for number, on in (("D1", JUNE), ("D2", day("2020-01-31")), ("D9", JUNE)):
        with pytest.raises(UsageError):
            dispatch_frozen([number], on, sheets, {})
    for number, reason in (("D3", "重复"), ("D1", " "), ("D9", "没有")):
        with pytest.raises(UsageError):
            give_back([number], JUNE, reason, sheets)
    lifted = carried_out(rows, give_back(["D2"], JUNE, "解冻", sheets))
    assert not read_slips(loaded(lifted))[1].was_dispatched()


def test_two_dispatches_of_one_unit_given_back_together_free_it() -> None:
    home = unit("U1", UnitStatus.RESERVED, remark="已调配给外滩项目；已调配给北桥")
    given = [
        slip("D1", unit_no="U1", dispatched_on=day("2020-02-01")),
        slip("D2", unit_no="U1", dispatched_on=day("2020-02-01"), project="北桥"),
    ]
    rows: Rows = {Unit: [home], Dispatch: given}
    one = give_back(["D1"], JUNE, "重复", loaded(rows))
    assert carried_out(rows, one)[Unit][0]["status"] is UnitStatus.RESERVED
    assert "D2" in one.notes[0]
    both = carried_out(rows, give_back(["D1", "D2"], JUNE, "重复", loaded(rows)))[Unit][0]
    assert (both["status"], both["remark"]) == (UnitStatus.VACANT, None)


_STEP = st.tuples(
    st.sampled_from(["freeze", "make", "lot", "dispatch", "return", "part"]),
    st.lists(st.sampled_from(["U1", "U2", "U3", "U4"]), min_size=1, max_size=2),
    st.integers(1, 6),
    st.integers(0, 40),
)


def _moved(step: tuple[str, list[str], int, int], rows: Rows) -> Moves:
    kind, units, number, later = step
    sheets, on = loaded(rows), day("2020-06-01")
    on = on.fromordinal(on.toordinal() + later)
    target = [f"DP{number:04d}"]
    if kind in ("freeze", "make"):
        wanted = DispatchOrder("北桥", "公租房", on, tuple(units))
        return place(wanted, sheets, {"U4": "YH1"}, frozen=kind == "freeze")
    if kind == "lot":
        wanted = DispatchOrder("北桥", "商品房", on, (), "B1", number)
        return place(wanted, sheets, {}, frozen=later % 2 == 0)
    if kind == "dispatch":
        return dispatch_frozen(target, on, sheets, {})
    return give_back(target, on, "退", sheets, count=1 if kind == "part" else None)


@settings(max_examples=80, deadline=None)
@given(st.lists(_STEP, max_size=10))
def test_no_sequence_of_steps_puts_a_unit_in_two_places(steps: list[Any]) -> None:
    rows: Rows = {
        Unit: [unit(f"U{n}") for n in (1, 2, 3, 4)],
        SupplyBatch: [batch("B1", 9)],
        Lease: [lease("L1", "U3", "2020-06-20", "2022-01-01", "2020-06-30")],
        Dispatch: [],
    }
    for step in steps:
        try:
            rows = carried_out(rows, _moved(step, rows))
        except UsageError:
            continue
        _nothing_is_in_two_places(rows)


def _nothing_is_in_two_places(rows: Rows) -> None:
    sheets = loaded(rows)
    slips, let = read_slips(sheets), tenancies(sheets)
    for ordinal in range(day("2020-06-01").toordinal(), day("2020-07-20").toordinal()):
        on = day("2020-06-01").fromordinal(ordinal)
        live = [
            one.unit_no
            for one in slips
            if one.unit_no and one.state(on) in (DispatchStatus.FROZEN, DispatchStatus.DISPATCHED)
        ]
        assert len(live) == len(set(live))
        assert not any(lease.covers(on) for number in live for lease in let.get(number, []))
        for stock in batch_stocks(sheets, slips, on):
            assert stock.raised == stock.left + stock.frozen + stock.dispatched - stock.returned
            assert 0 <= stock.left <= stock.raised
    held = {s.unit_no for s in slips if s.unit_no and s.returned_on is None}
    for home in rows[Unit]:
        assert (home["status"] is UnitStatus.RESERVED) == (home["unit_no"] in held)
    assert "U4" not in held
