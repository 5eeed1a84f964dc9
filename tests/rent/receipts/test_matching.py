"""Whose money a line is, rule by rule, on a town of six households.

H1 张三 (with 李小明) and H2 王芳 live in 粟塘小区 3栋2单元 501 and 502; H3 王芳 in
凤凰苑 3栋2单元 501; H4 赵六 has moved out of 粟塘小区 5栋 101;
H5 钱七 waits, without lease; H6 付强 lives in 粟塘小区 A座 1203.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from zhubao.core.finding import Cell
from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge, OpeningDebt, Receipt, Reduction, SuspenseReceipt
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import Columns, LedgerTable
from zhubao.ledger.tenants import Household, Lease, LeaseStatus, Member
from zhubao.ledger.units import Unit
from zhubao.rent.receipts.accounts import RentAccounts
from zhubao.rent.receipts.directory import Directory, Rule
from zhubao.rent.receipts.lines import StatementLine
from zhubao.rent.receipts.matching import Confidence, match_line
from zhubao.rent.receipts.signs import AddressReader, names_in

AS_OF = dt.date(2020, 6, 30)
PEOPLE = {"1": "张三", "2": "王芳", "3": "王芳", "4": "赵六", "5": "钱七", "6": "付强"}
HOMES = {
    "1": ("粟塘小区", "3栋", "2单元", "0501"),
    "2": ("粟塘小区", "3栋", "2单元", "0502"),
    "3": ("凤凰苑", "3栋", "2单元", "0501"),
    "4": ("粟塘小区", "5栋", None, "101"),
    "6": ("粟塘小区", "A座", "1单元", "1203"),
}
RENTS = {"1": 100_00, "2": 200_00, "3": 300_00, "4": 100_00, "6": 150_00}


def number(one: str) -> str:
    return f"JT00012{one}"


def lease(one: str) -> dict[str, Any]:
    gone = one == "4"
    return {
        "lease_no": f"HT00099{one}",
        "household_no": number(one),
        "unit_no": f"0{one}-03-2-0501",
        "starts_on": dt.date(2018, 1, 1),
        "ends_on": dt.date(2022, 12, 31),
        "monthly_rent": RENTS[one],
        "status": LeaseStatus.TERMINATED if gone else LeaseStatus.IN_FORCE,
        "terminated_on": dt.date(2020, 2, 1) if gone else None,
    }


def unit(one: str) -> dict[str, Any]:
    names = ("estate", "building", "entrance", "room")
    return {"unit_no": f"0{one}-03-2-0501", **dict(zip(names, HOMES[one], strict=True))}


def charge(one: str, month: int) -> dict[str, Any]:
    return {
        "charge_no": f"YS{one}{month}",
        "household_no": number(one),
        "month": Month.of(2020, month),
        "amount": RENTS[one],
    }


def town(
    receipts: list[dict[str, Any]] | None = None, suspense: list[dict[str, Any]] | None = None
) -> Loaded:
    """Everybody owes May and June; H4 owes January."""
    charges = [charge(one, month) for one in RENTS if one != "4" for month in (5, 6)]
    members = [{"household_no": number("1"), "name": "李小明"}]
    return Loaded.of(
        LedgerTable.from_rows(
            Household,
            [{"household_no": number(one), "applicant": name} for one, name in PEOPLE.items()],
        ),
        LedgerTable.from_rows(Member, members),
        LedgerTable.from_rows(Lease, [lease(one) for one in RENTS]),
        LedgerTable.from_rows(Unit, [unit(one) for one in RENTS]),
        LedgerTable.from_rows(OpeningDebt, []),
        LedgerTable.from_rows(Charge, [*charges, charge("4", 1)]),
        LedgerTable.from_rows(Receipt, receipts or []),
        LedgerTable.from_rows(Reduction, []),
        LedgerTable.from_rows(SuspenseReceipt, suspense or []),
    )


def with_bad_amount(loaded: Loaded, model: Any, row: int) -> Loaded:
    """The amount of one row cannot be read."""
    table = loaded.get(model)
    values = {name: list(table.column(name)) for name in model.model_fields}
    bad = LedgerTable(model, Columns(values, {"amount": {row}}), table.segments)
    return replace(loaded, tables={**loaded.tables, model: bad})


def line(yuan: float = 100, **parts: Any) -> StatementLine:
    day = parts.pop("day", dt.date(2020, 6, 20))
    return StatementLine(Cell("流水.csv", "", "B2"), day, round(yuan * 100), **parts)


@pytest.fixture(scope="module")
def directory() -> Directory:
    loaded = town()
    return Directory(loaded, RentAccounts(loaded, AS_OF))


@pytest.mark.parametrize(
    ("parts", "rule", "household"),
    [
        ({"household": "JT000121"}, Rule.NUMBER, "1"),
        ({"household": "jt000121 "}, Rule.NUMBER, "1"),
        ({"memo": "JT000122六月租金"}, Rule.NUMBER, "2"),
        ({"memo": "租金 JT121"}, Rule.NUMBER, "1"),
        ({"memo": "JT０００１２１"}, Rule.NUMBER, "1"),
        ({"lease": "HT000993"}, Rule.LEASE, "3"),
        ({"memo": "合同HT000993房租"}, Rule.LEASE, "3"),
        ({"memo": "粟塘小区3栋2单元501房租"}, Rule.ADDRESS, "1"),
        ({"memo": "粟塘3-2-0501"}, Rule.ADDRESS, "1"),
        ({"memo": "凤凰苑三栋二单元5楼501室"}, Rule.ADDRESS, "3"),
        ({"memo": "3-2-502"}, Rule.ADDRESS, "2"),
        ({"address": "粟塘小区 3栋 502"}, Rule.ADDRESS, "2"),
        ({"address": "03-03-2-0501"}, Rule.ADDRESS, "3"),
        ({"memo": "粟塘小区A座1203"}, Rule.ADDRESS, "6"),
        ({"payer": "张 三"}, Rule.NAME, "1"),
        ({"payer": "李小明"}, Rule.NAME, "1"),
        ({"payer": "支付宝", "memo": "代付强交房租", "yuan": 150}, Rule.NAME, "6"),
        ({"payer": "王芳", "yuan": 300}, Rule.NAME, "3"),
        ({"payer": "王芳", "yuan": 400}, Rule.NAME, "2"),
        ({"memo": "3-2-501", "payer": "王芳", "yuan": 1}, Rule.ADDRESS, "3"),
        ({"household": "JT000121", "decided": "JT000122"}, Rule.DECIDED, "2"),
    ],
)
def test_one_sign_is_enough(
    directory: Directory, parts: dict[str, Any], rule: Rule, household: str
) -> None:
    found = match_line(line(**parts), directory)
    assert (found.confidence, found.rule, found.household) == (
        Confidence.CERTAIN,
        rule,
        number(household),
    ), found.reason


@pytest.mark.parametrize(
    ("parts", "candidates"),
    [
        ({"household": "JT000121", "memo": "JT000122"}, ("1", "2")),
        ({"memo": "JT000121 JT000122"}, ("1", "2")),
        ({"memo": "JT000121", "payer": "赵六"}, ("1", "4")),
        ({"memo": "HT000992 粟塘小区3栋2单元501"}, ("2", "1")),
        ({"memo": "3-2-501"}, ("1", "3")),
        ({"payer": "王芳", "yuan": 600}, ("2", "3")),
        ({"payer": "张三", "yuan": 123.45}, ("1",)),
        ({"memo": "粟塘小区5栋101"}, ("4",)),
        ({"household": "JT000125"}, ("5",)),
        ({"household": "JT000129", "payer": "张三"}, ("1",)),
        ({"payer": "张三", "doubt": "账单期看不懂"}, ("1",)),
        ({"decided": "JT000129"}, ()),
    ],
)
def test_contradictions_and_ambiguity_are_left_to_a_person(
    directory: Directory, parts: dict[str, Any], candidates: tuple[str, ...]
) -> None:
    found = match_line(line(**parts), directory)
    assert (found.confidence, found.household) == (Confidence.DOUBTFUL, ""), found.reason
    assert found.candidates == tuple(map(number, candidates))
    assert found.reason


@pytest.mark.parametrize(
    "parts",
    [
        {"payer": "无名氏"},
        {"memo": "2020-06-20 房租"},
        {"memo": "JT00012六月"},
        {"memo": "20200620 100000"},
        {"payer": "钱七"},
        {"memo": "粟塘小区9栋9单元999"},
    ],
)
def test_nobody_is_guessed(directory: Directory, parts: dict[str, Any]) -> None:
    assert match_line(line(**parts), directory).confidence is Confidence.UNKNOWN


@pytest.mark.parametrize("months", [1, 2, 3, 6, 12])
def test_a_natural_amount_is_what_is_owed_or_some_rents_at_once(months: int) -> None:
    accounts = RentAccounts(town(), AS_OF)
    assert accounts.fits(number("1"), 100_00 * months)  # two months owed; 1, 3, 6, 12 rents
    assert not accounts.fits(number("1"), 100_00 * months + 1)


def test_a_later_tenant_pays_before_the_lease_starts_and_the_earlier_one_is_not_meant() -> None:
    loaded = town()
    later = {**lease("4"), "lease_no": "HT1", "household_no": number("5"), "terminated_on": None}
    later |= {"starts_on": dt.date(2020, 7, 1), "status": LeaseStatus.IN_FORCE}
    leases = LedgerTable.from_rows(Lease, [lease("4"), later])
    loaded = Loaded({**loaded.tables, Lease: leases})
    directory = Directory(loaded, RentAccounts(loaded, AS_OF))
    assert match_line(line(memo="粟塘5栋101"), directory).household == number("5")


def test_addresses_are_read_with_floors_and_without_swallowing_dates() -> None:
    reader = AddressReader(["粟塘小区", "粟塘花园"])
    (found,) = reader.find("粟塘小区12号楼1单元5-501")
    assert (found.building, found.entrance, found.room) == ("12", "1", "501")
    assert reader.find("粟塘 2020年6月") == []
    assert reader.find("张三6月房租") == []


def test_a_surname_that_is_a_word_of_paying_stays_a_name() -> None:
    assert names_in("付强6月房租", {"付强": 1}) == {"付强"}
    assert names_in("付房租", {"付强": 1}) == set()
