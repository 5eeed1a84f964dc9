"""Layout by household size, and the order of the priority groups."""

from __future__ import annotations

import datetime as dt

import pytest

from zhubao.allocation.entitlement import group_order, layout_for, rooms_in, same_layout
from zhubao.policy import PolicyUnknown

DAY = dt.date(2020, 6, 30)


def _own(name: str, value: object) -> dict[str, object]:
    entry = {"valid_from": dt.date(2020, 1, 1), "value": value, "source": "示范局办法"}
    return {"allocation": {name: {"values": [entry]}}}


def test_one_room_up_to_two_people_two_rooms_from_three() -> None:
    """The published rule of Shenyang, the default here."""
    sizes = {size: layout_for(size, DAY) for size in (1, 2, 3, 7, 25)}
    assert set(list(sizes.values())[:2]) == {"一室一厅"}
    assert set(list(sizes.values())[2:]) == {"两室一厅"}


def test_the_bureau_may_have_a_table_of_its_own_in_any_order() -> None:
    own = _own(
        "layout_by_size",
        [{"max_people": 9, "layout": "三室"}, {"max_people": 1, "layout": "单间"}],
    )
    assert [layout_for(size, DAY, own) for size in (1, 2, 12)] == ["单间", "三室", "三室"]
    with pytest.raises(PolicyUnknown, match="对照表"):
        layout_for(1, DAY, _own("layout_by_size", [{"people": 1}]))


def test_listed_groups_come_first_then_unlisted_ones_then_everybody_else() -> None:
    groups = ("优抚对象", "孤老病残", "见义勇为", None)
    assert [group_order(group, DAY) for group in groups] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("一室一厅", "1房1厅", True),
        ("两室一厅", "二居室", True),
        ("两室一厅", "２室２厅", True),
        ("一室一厅", "两室一厅", False),
        ("单间", "单间 ", True),
        ("单间", "一室一厅", False),
    ],
)
def test_layouts_are_compared_by_rooms(first: str, second: str, same: bool) -> None:
    assert same_layout(first, second) is same


def test_a_text_without_rooms_says_nothing() -> None:
    assert rooms_in("跃层") is None
