"""The amount by the dated standard: worked examples, their boundaries, and the ledger beside it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.subsidy.rental.small_ledgers import FORMATS, grant, ledgers
from zhubao.core.errors import UsageError
from zhubao.ledger.tenants import Tier
from zhubao.subsidy.rental.entitle import assess, entitle_change
from zhubao.subsidy.rental.standard import Standard, entitlement

KNOWN = dt.date(2020, 9, 17)
STANDARD = Standard.load(KNOWN)


@pytest.mark.parametrize(
    ("tier", "size", "held", "rent", "yuan"),
    [
        ("低保", 4, None, 300000, "1500.00"),  # the published examples
        ("中等偏下收入", 1, "0", 55000, "300.00"),
        ("中等偏下收入", 1, "0", 30000, "210.00"),  # rent exactly at the floor: no floor
        ("中等偏下收入", 1, "0", 30001, "300.00"),
        ("中等偏下收入", 1, "0", 18000, "180.00"),  # never above the rent
        ("低保", 5, "0", 300000, "1500.00"),  # 75 m² → 60
        ("低保", 4, "60", 300000, "0.00"),  # area held at the cap: nothing, and no floor
        ("低保", 1, "20", 300000, "0.00"),  # above it: not negative
        ("低保", 2, "17.35", 300000, "316.25"),
        ("低收入", 1, "14.99", 300000, "300.00"),  # 0.22 yuan is above zero: the floor
        ("低保", 2, "18", 300000, "300.00"),  # exactly 300
    ],
)
def test_the_worked_examples_and_their_boundaries(
    tier: str, size: int, held: str | None, rent: int, yuan: str
) -> None:
    assert STANDARD is not None
    area = Decimal(held) if held is not None else None
    found = entitlement(STANDARD, tier, size, area, rent)
    assert found is not None
    assert found.amount is not None
    assert f"{found.amount / 100:.2f}" == yuan


def test_the_arithmetic_is_told_step_by_step() -> None:
    assert STANDARD is not None
    found = entitlement(STANDARD, "低保", 5, Decimal(10), 90000)
    assert found is not None
    assert found.steps == (
        "5 人 × 15 = 75 m²，以 60 m² 为限，减现有 10 m²，补 50 m²",
        "25 元 × 50 m² = 1,250.00 元",
        "不超过实际租金，为 900.00 元",
    )


def test_what_cannot_be_computed_is_a_finding_at_its_cell_and_never_a_guess() -> None:
    rows = [
        grant("B1", "H1", actual_rent=None),
        grant("B2", "H2", tier=Tier.DESTITUTE),
        grant("B3", "H3", size=None),
        grant("B4", "H4", monthly_amount=42000),
        grant("B5", "H5"),
    ]
    found = assess(ledgers(rows), KNOWN)
    assert [(one.code, str(one.where)) for one in found.findings] == [
        ("SB-102", "subsidies.xlsx!租赁补贴!F2"),
        ("SB-103", "subsidies.xlsx!租赁补贴!C3"),
        ("SB-105", "subsidies.xlsx!租赁补贴!C3"),
        ("SB-104", "subsidies.xlsx!租赁补贴!D4"),
        ("SB-101", "subsidies.xlsx!租赁补贴!J5"),
    ]
    assert "420.00" in found.findings[-1].message
    assert "300.00" in found.findings[-1].message
    change = entitle_change(found, FORMATS)
    assert {(edit.cell.ref, str(edit.new)) for edit in change.edits} == {
        ("J5", "300.00"),
        ("I5", "14.00"),
    }


def test_before_the_standard_is_known_nothing_is_compared_unless_the_bureau_gives_one() -> None:
    rows = ledgers([grant(monthly_amount=99900)])
    day = dt.date(2020, 6, 30)
    found = assess(rows, day)
    assert (found.standard, found.findings, found.differing) == (None, (), ())
    own = {
        "subsidy": {
            name: {"values": [{"valid_from": dt.date(2019, 1, 1), "value": value, "source": "局"}]}
            for name, value in (
                ("price", {"中等偏下收入": "10"}),
                ("area_per_person", 15),
                ("max_area", 60),
                ("floor", "0"),
            )
        }
    }
    assert assess(rows, day, overrides=own).differing[0].difference == 99900 - 15000


def test_an_unknown_number_is_refused() -> None:
    with pytest.raises(UsageError, match="B9"):
        assess(ledgers([grant()]), KNOWN, ["B1", "B9"])
