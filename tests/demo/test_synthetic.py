from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from zhubao.core.errors import UsageError
from zhubao.core.finding import Severity
from zhubao.core.identity import birth_date_of, check_identity, sex_of
from zhubao.core.period import Month
from zhubao.demo.synthetic import write_demo
from zhubao.ledger.arrears import Charge, InstalmentPlan, OpeningDebt, Receipt, Reduction
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.catalog import ALL_MODELS
from zhubao.ledger.charge_formula import monthly_rent_fen
from zhubao.ledger.checks import check_integrity
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household, Lease, Member
from zhubao.ledger.units import Unit

AS_OF = dt.date(2020, 6, 30)


def all_cells(folder: Path) -> dict[str, list[list[Any]]]:
    found: dict[str, list[list[Any]]] = {}
    for path in sorted((folder / "ledgers").glob("*.xlsx")):
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            found[f"{path.name}!{name}"] = book.get_sheet_by_name(name).to_python()
    return found


def test_same_seed_gives_the_same_cells(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_demo(tmp_path / name, households=40, months=3, seed=11)
    assert all_cells(tmp_path / "one") == all_cells(tmp_path / "two")


def test_another_seed_gives_other_cells(tmp_path: Path) -> None:
    write_demo(tmp_path / "one", households=40, months=3, seed=11)
    write_demo(tmp_path / "two", households=40, months=3, seed=12)
    one, two = all_cells(tmp_path / "one"), all_cells(tmp_path / "two")
    for sheet in ("tenants.xlsx!家庭成员", "arrears.xlsx!实收", "patrol.xlsx!巡查"):
        assert one[sheet] != two[sheet]


def test_a_demo_bureau_is_without_fault(demo: Loaded) -> None:
    found = [*demo.findings, *check_integrity(demo, AS_OF)]
    assert not [f for f in found if f.severity is not Severity.NOTICE], found[:5]


@pytest.mark.parametrize(("households", "months"), [(1, 1), (2, 2), (7, 1), (30, 70)])
def test_odd_sizes_are_without_fault_too(tmp_path: Path, households: int, months: int) -> None:
    write_demo(tmp_path, households=households, months=months, seed=3)
    loaded = open_bureau(tmp_path).load(*ALL_MODELS)
    found = [*loaded.findings, *check_integrity(loaded, AS_OF)]
    assert not [f for f in found if f.severity is not Severity.NOTICE], found[:5]


def test_another_last_month_can_be_chosen(tmp_path: Path) -> None:
    write_demo(tmp_path, households=20, months=4, seed=1, end=Month.of(2023, 2))
    bureau = open_bureau(tmp_path)
    assert bureau.config.as_of == dt.date(2023, 2, 28)
    months = set(bureau.load(Charge)[Charge].column("month"))
    assert months == {Month.of(2022, 11), Month.of(2022, 12), Month.of(2023, 1), Month.of(2023, 2)}


def test_people_have_valid_numbers_that_nobody_real_can_have(demo: Loaded) -> None:
    members = demo[Member]
    numbers = members.column("identity_no")
    assert len(set(numbers)) == len(numbers) > 600
    for number, born, sex in zip(
        numbers, members.column("birth_date"), members.column("sex"), strict=True
    ):
        assert check_identity(number, as_of=AS_OF) is None
        assert (birth_date_of(number), sex_of(number)) == (born, sex)
        assert number.startswith("430199")
    assert all(phone.startswith("154") for phone in demo[Household].column("phone"))


def test_as_many_tenants_as_asked_for(demo: Loaded) -> None:
    assert len(set(demo[Lease].column("household_no"))) == 300


def test_charges_follow_the_rent_formula(demo: Loaded) -> None:
    units, leases, charges = demo[Unit], demo[Lease], demo[Charge]
    unit_rows = {units.column("unit_no")[i]: units.values(i) for i in range(len(units))}
    tiers = dict(zip(leases.column("lease_no"), leases.column("tier"), strict=True))
    for index in range(0, len(charges), 7):
        row = charges.values(index)
        unit = unit_rows[row["unit_no"]]
        assert row["standard"] == monthly_rent_fen(
            unit["billed_area_m2"],
            tiers[row["lease_no"]],
            unit["location_grade"],
            unit["has_lift"],
            row["month"].first_day,
        )


def test_debt_sits_with_few_households(demo: Loaded) -> None:
    owed: Counter[str] = Counter()
    for model, sign in ((OpeningDebt, 1), (Charge, 1), (Receipt, -1), (Reduction, -1)):
        table = demo[model]
        for home, amount in zip(table.column("household_no"), table.column("amount"), strict=True):
            owed[home] += sign * amount
    debts = sorted((amount for amount in owed.values() if amount > 0), reverse=True)
    assert 0.1 < len(debts) / 300 < 0.3
    assert sum(debts[:24]) > 0.6 * sum(debts)


def test_there_are_plans_named_receipts_vacancies_exits_and_prepayments(demo: Loaded) -> None:
    named = [month is not None for month in demo[Receipt].column("month")]
    assert 0.05 < sum(named) / len(named) < 0.4
    assert len(demo[InstalmentPlan]) > 2
    assert {"在租", "空置"} <= set(demo[Unit].column("status"))
    assert any(demo[Household].column("exited_on"))
    assert {"履行中", "已终止"} <= set(demo[Lease].column("status"))


def test_progress_goes_up_to_the_whole(tmp_path: Path) -> None:
    shares: list[float] = []
    write_demo(tmp_path, households=10, months=2, seed=1, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize(("households", "months"), [(0, 6), (200_001, 6), (10, 0), (10, 121)])
def test_impossible_sizes_are_refused(tmp_path: Path, households: int, months: int) -> None:
    with pytest.raises(UsageError):
        write_demo(tmp_path, households=households, months=months, seed=1)
