"""One failing and one passing example per integrity check: the cell found, and silence."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import pytest

from zhubao.core.finding import FINDING_KINDS, Cell, Severity
from zhubao.core.period import Month
from zhubao.ledger.arrears import (
    Charge,
    Instalment,
    InstalmentPlan,
    PlanRhythm,
    PlanStatus,
    Receipt,
    Remittance,
)
from zhubao.ledger.catalog import all_models
from zhubao.ledger.checks import CHECKS, Check, check_integrity
from zhubao.ledger.checks.dates import ORDERS, PAST
from zhubao.ledger.checks.subsidies import PERIODS
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow, column_info
from zhubao.ledger.subsidies import PaymentStatus, SubsidyPayment
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import (
    Household,
    Lease,
    LeaseStatus,
    Member,
    ProtectionStatus,
    Relation,
    Sex,
    Tier,
    WaitingEntry,
    WaitingStatus,
)
from zhubao.ledger.units import Dispatch, DispatchType, Ownership, Unit, UnitStatus

AS_OF = dt.date(2020, 6, 30)
WOMAN, WOMAN_OLD = "11010519491231002X", "110105491231002"  # the example of GB 11643, both forms
MAN = "110105194912310011"
JUNE = Month.of(2020, 6)
Row = dict[str, Any]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


BASE: dict[type[LedgerRow], Row] = {
    Household: {
        "household_no": "H1",
        "applicant": "某人",
        "identity_no": WOMAN,
        "size": 1,
        "tier": Tier.LOW_INCOME,
        "status": ProtectionStatus.IN_FORCE,
    },
    Member: {
        "household_no": "H1",
        "name": "某人",
        "identity_no": WOMAN,
        "relation": Relation.SELF,
    },
    WaitingEntry: {
        "waiting_no": "W1",
        "household_no": "H1",
        "approved_on": day("2019-03-01"),
        "status": WaitingStatus.WAITING,
    },
    Unit: {
        "unit_no": "U1",
        "status": UnitStatus.OCCUPIED,
    },
    Lease: {
        "lease_no": "L1",
        "household_no": "H1",
        "unit_no": "U1",
        "starts_on": day("2019-06-01"),
        "ends_on": day("2022-05-31"),
        "monthly_rent": 15600,
        "status": LeaseStatus.IN_FORCE,
    },
    Charge: {
        "charge_no": "C1",
        "household_no": "H1",
        "lease_no": "L1",
        "month": JUNE,
        "amount": 15600,
    },
    Receipt: {
        "receipt_no": "R1",
        "household_no": "H1",
        "received_on": day("2020-06-12"),
        "amount": 15600,
    },
    Dispatch: {
        "dispatch_no": "D1",
        "housing_type": DispatchType.PUBLIC_RENTAL,
        "unit_no": "U1",
        "unit_count": 1,
        "dispatched_on": day("2020-03-01"),
    },
    InstalmentPlan: {
        "plan_no": "P1",
        "household_no": "H1",
        "signed_on": day("2020-01-10"),
        "rhythm": PlanRhythm.MONTHLY,
        "total": 80000,
        "parts": 2,
        "status": PlanStatus.IN_FORCE,
    },
    Instalment: {"plan_no": "P1", "part": 1, "due_on": day("2020-02-10"), "amount": 40000},
    Remittance: {
        "remittance_no": "T1",
        "ownership": Ownership.CITY,
        "period": "2020-Q1",
        "remitted_on": day("2020-04-10"),
        "amount": 1,
    },
    SubsidyPayment: {
        "payment_no": "S1",
        "grant_no": "G1",
        "household_no": "H1",
        "quarter": "2020-Q2",
        "amount": 90000,
        "status": PaymentStatus.PAID,
    },
}
PLAN_PARTS = [{}, {"part": 2, "due_on": day("2020-03-10")}]
GONE: Row = {"status": ProtectionStatus.EXITED, "exited_on": day("2019-12-31")}
LEFT: Row = {"status": LeaseStatus.TERMINATED, "terminated_on": day("2020-03-31")}
Tables = dict[type[LedgerRow], list[Row]]


@dataclass(frozen=True)
class Example:
    bad: Tables
    good: Tables
    cells: tuple[str, ...]  # where the bad example is found: sheet, row, field


EXAMPLES: dict[str, Example] = {
    "LG-201": Example(
        {Charge: [{}, {}]}, {Charge: [{}, {"charge_no": "C2"}]}, ("应收 3 charge_no",)
    ),
    "LG-202": Example(
        {Household: [{}], Charge: [{}, {"household_no": "H9"}, {"household_no": "H9"}]},
        {Household: [{}], Charge: [{}, {"household_no": None}]},
        ("应收 3 household_no",),
    ),
    "LG-203": Example(
        {Charge: [{}, {"charge_no": "C2"}]},
        {Charge: [{}, {"charge_no": "C2", "lease_no": "L2"}, {"charge_no": "C3", "month": None}]},
        ("应收 3 month",),
    ),
    "LG-204": Example(
        {Receipt: [{"month": JUNE}, {"receipt_no": "R2", "month": JUNE}]},
        {Receipt: [{"month": JUNE}, {"receipt_no": "R2"}, {"receipt_no": "R3", "amount": 1}]},
        ("实收 3 amount",),
    ),
    "LG-205": Example(
        {Dispatch: [{}, {"dispatch_no": "D2"}]},
        {Dispatch: [{"unit_no": None}, {"dispatch_no": "D2", "unit_no": None}]},
        ("房源调配 3 unit_no",),
    ),
    "LG-301": Example(
        {Lease: [{}, {"lease_no": "L2", "household_no": "H2"}]},
        {Lease: [LEFT, {"lease_no": "L2", "household_no": "H2"}]},
        ("租赁合同 3 unit_no",),
    ),
    "LG-302": Example(
        {Lease: [{}, {"lease_no": "L2", "unit_no": "U2"}]},
        {Lease: [LEFT, {"lease_no": "L2", "unit_no": "U2"}]},
        ("租赁合同 3 household_no",),
    ),
    "LG-303": Example(
        {Lease: [{"ends_on": day("2018-01-01")}]},
        {Lease: [{"ends_on": day("2019-06-01")}]},
        ("租赁合同 2 ends_on",),
    ),
    "LG-304": Example(
        {Lease: [{"ends_on": day("2024-06-01")}]},
        {Lease: [{"ends_on": day("2024-05-31")}]},
        ("租赁合同 2 ends_on",),
    ),
    "LG-305": Example(
        {Lease: [{"ends_on": day("2020-06-29")}]},
        {Lease: [{"ends_on": day("2020-06-30")}]},
        ("租赁合同 2 ends_on",),
    ),
    "LG-306": Example(
        {Lease: [{**LEFT, "terminated_on": None}, {**LEFT, "status": LeaseStatus.IN_FORCE}]},
        {Lease: [LEFT, {"terminated_on": day("2020-12-31")}]},
        ("租赁合同 2 terminated_on", "租赁合同 3 terminated_on"),
    ),
    "LG-307": Example(
        {Unit: [{}], Lease: [LEFT]},
        {Unit: [{}, {"unit_no": "U2", "status": UnitStatus.VACANT}], Lease: [{}]},
        ("房源 2 status",),
    ),
    "LG-308": Example(
        {Unit: [{"status": UnitStatus.VACANT}], Lease: [{}]},
        {Unit: [{"status": UnitStatus.VACANT}], Lease: [LEFT]},
        ("租赁合同 2 unit_no",),
    ),
    "LG-309": Example(
        {Household: [GONE], Lease: [{}]},
        {Household: [GONE], Lease: [{**LEFT}]},
        ("租赁合同 2 household_no",),
    ),
    "LG-310": Example(
        {
            Lease: [
                {"signed_on": day("2020-01-01"), "filed_on": day("2020-02-01")},
                {"signed_on": day("2020-01-01")},
            ]
        },
        {
            Lease: [
                {"signed_on": day("2020-01-01"), "filed_on": day("2020-01-31")},
                {"signed_on": day("2020-06-01")},
                {"signed_on": day("2019-06-01"), **LEFT},
            ]
        },
        ("租赁合同 2 filed_on", "租赁合同 3 filed_on"),
    ),
    "LG-321": Example(
        {
            Member: [
                {"identity_no": "110105194912310021"},
                {"identity_no": "110105194902300029"},
                {"identity_no": "1101051949"},
            ]
        },
        {Member: [{}, {"identity_no": MAN}, {"identity_no": WOMAN_OLD}]},
        ("家庭成员 2 identity_no", "家庭成员 3 identity_no", "家庭成员 4 identity_no"),
    ),
    "LG-322": Example(
        {Member: [{"identity_no": WOMAN_OLD}]}, {Member: [{}]}, ("家庭成员 2 identity_no",)
    ),
    "LG-323": Example(
        {Member: [{"birth_date": day("1949-12-30")}]},
        {Member: [{"birth_date": day("1949-12-31")}, {"identity_no": WOMAN_OLD}]},
        ("家庭成员 2 birth_date",),
    ),
    "LG-324": Example(
        {Member: [{"sex": Sex.MALE}]},
        {Member: [{"sex": Sex.FEMALE}, {"identity_no": MAN, "sex": Sex.MALE}]},
        ("家庭成员 2 sex",),
    ),
    "LG-325": Example(
        {
            Household: [{}, {"household_no": "H2", "identity_no": MAN}],
            Member: [{}, {"household_no": "H2", "identity_no": WOMAN_OLD}],
        },
        {
            Household: [{}, {"household_no": "H2", **GONE}],
            Member: [{}, {"household_no": "H2"}],
        },
        ("家庭成员 3 identity_no",),
    ),
    "LG-326": Example(
        {Household: [{"size": 2}], Member: [{}]},
        {
            Household: [{}, {**GONE, "household_no": "H2", "size": 4}],
            Member: [{}, {"died_on": day("2020-01-01"), "identity_no": MAN}],
        },
        ("保障家庭 2 size",),
    ),
    "LG-327": Example(
        {Household: [{}], Member: [{"identity_no": MAN}]},
        {Household: [{"identity_no": WOMAN_OLD}, {"household_no": "H2"}], Member: [{}]},
        ("保障家庭 2 identity_no",),
    ),
    "LG-328": Example(
        {Household: [{**GONE, "exited_on": None}, {"exited_on": day("2020-06-30")}]},
        {Household: [GONE, {"exited_on": day("2020-07-01")}]},
        ("保障家庭 2 exited_on", "保障家庭 3 exited_on"),
    ),
    "LG-329": Example(
        {Household: [{}], Member: [{"died_on": day("2020-05-01")}]},
        {
            Household: [{}],
            Member: [{"died_on": day("2020-05-01")}, {"identity_no": MAN}],
        },
        ("保障家庭 2 status",),
    ),
    "LG-330": Example(
        {WaitingEntry: [{}, {"waiting_no": "W2"}]},
        {WaitingEntry: [{}, {"waiting_no": "W2", "status": WaitingStatus.ABANDONED}]},
        ("轮候册 3 household_no",),
    ),
    "LG-341": Example(
        {Charge: [{"standard": 18000, "reduction": 2000}, {"standard": 15601}]},
        {Charge: [{"standard": 18000, "reduction": 2400}, {"standard": 15600}, {}]},
        ("应收 2 amount", "应收 3 amount"),
    ),
    "LG-342": Example(
        {Lease: [LEFT], Charge: [{}, {"month": Month.of(2019, 5)}]},
        {
            Lease: [LEFT, {"lease_no": "L2", "ends_on": day("2020-01-31")}],
            Charge: [{"month": Month.of(2020, 3)}, {"lease_no": "L2"}, {"lease_no": "L9"}],
        },
        ("应收 2 month", "应收 3 month"),
    ),
    "LG-343": Example(
        {Lease: [{}], Charge: [{"household_no": "H2"}, {"unit_no": "U2"}]},
        {Lease: [{}], Charge: [{}, {"unit_no": "U1"}, {"lease_no": None, "household_no": "H2"}]},
        ("应收 2 household_no", "应收 3 unit_no"),
    ),
    "LG-344": Example(
        {InstalmentPlan: [{"total": 80001}], Instalment: PLAN_PARTS},
        {InstalmentPlan: [{}, {"plan_no": "P2", "total": 1}], Instalment: PLAN_PARTS},
        ("分期协议 2 total",),
    ),
    "LG-345": Example(
        {InstalmentPlan: [{"parts": 3}], Instalment: PLAN_PARTS},
        {InstalmentPlan: [{}], Instalment: PLAN_PARTS},
        ("分期协议 2 parts",),
    ),
    "LG-346": Example(
        {
            InstalmentPlan: [{}],
            Instalment: [
                {"due_on": day("2020-01-01")},
                {**PLAN_PARTS[1], "due_on": day("2019-12-01")},
            ],
        },
        {InstalmentPlan: [{}], Instalment: list(reversed(PLAN_PARTS))},
        ("分期计划 2 due_on", "分期计划 3 due_on"),
    ),
    "LG-347": Example(
        {Charge: [{}], Receipt: [{"month": Month.of(2020, 5)}]},
        {Charge: [{}], Receipt: [{"month": JUNE}, {}, {"household_no": "H9", "month": JUNE}]},
        ("实收 2 month",),
    ),
    "LG-351": Example(
        {Household: [{"approved_on": day("2020-01-01"), **GONE}]},
        {Household: [{"approved_on": day("2019-12-31"), **GONE}, {"approved_on": AS_OF}]},
        ("保障家庭 2 exited_on",),
    ),
    "LG-352": Example(
        {Receipt: [{"received_on": day("2020-07-01")}, {"received_on": day("2026-06-12")}]},
        {Receipt: [{"received_on": AS_OF}]},
        ("实收 3 received_on",),
    ),
    "LG-353": Example(
        {Lease: [{"signed_on": day("1920-03-05")}]},
        {Lease: [{"signed_on": day("2020-03-05")}], Member: [{"birth_date": day("1949-12-31")}]},
        ("租赁合同 2 signed_on",),
    ),
    "LG-361": Example(
        {Household: [GONE], SubsidyPayment: [{}]},
        {
            Household: [GONE],
            SubsidyPayment: [
                {"quarter": "2019-Q4"},
                {"status": PaymentStatus.RECOVERED},
                {"quarter": "二季"},
            ],
        },
        ("发放 2 quarter",),
    ),
    "LG-362": Example(
        {Remittance: [{"period": "二季"}], SubsidyPayment: [{"quarter": "2020-Q5"}]},
        {Remittance: [{}, {"period": "2020年上半年"}], SubsidyPayment: [{}]},
        ("发放 2 quarter", "租金汇缴 2 period"),
    ),
}


def loaded(tables: Tables) -> Loaded:
    return Loaded.of(
        *(
            LedgerTable.from_rows(model, [{**BASE[model], **row} for row in rows])
            for model, rows in tables.items()
        )
    )


def found(tables: Tables, code: str) -> list[str]:
    findings = check_integrity(loaded(tables), AS_OF)
    return [_named(finding.where) for finding in findings if finding.code == code]


def _named(where: Cell | None) -> str:
    """The place by field, so that a new column does not change the examples."""
    assert where is not None
    row, column = where.position
    fields = next(list(m.model_fields) for m in BASE if m.SHEET.name == where.sheet)
    return f"{where.sheet} {row} {fields[column - 1]}"


def test_every_check_has_an_example() -> None:
    assert list(EXAMPLES) == sorted(check.code for check in CHECKS)


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_failing_example_is_found_at_its_cells(code: str) -> None:
    assert sorted(found(EXAMPLES[code].bad, code)) == sorted(EXAMPLES[code].cells)


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_passing_example_is_passed(code: str) -> None:
    assert found(EXAMPLES[code].good, code) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_a_check_is_fully_declared(check: Check) -> None:
    kind = check.kind
    assert kind.code in FINDING_KINDS
    assert re.fullmatch(r"LG-[23]\d\d", kind.code)
    assert all((kind.title, kind.template, kind.advice, kind.bad, kind.good, check.find.__doc__))


def test_only_unusable_data_is_an_error() -> None:
    errors = [check.code for check in CHECKS if check.kind.severity is Severity.ERROR]
    assert errors == ["LG-201", "LG-203", "LG-303"]


def test_the_sheets_and_fields_named_by_date_checks_exist() -> None:
    models = {model.__name__: model for model in all_models()}
    for name, chains in ORDERS.items():
        for chain in chains:
            assert set(chain) <= set(models[name].model_fields), (name, chain)
    for name, fields in PAST.items():
        assert set(fields) <= set(models[name].model_fields), name
    for name, field in PERIODS.items():
        assert field in models[name].model_fields


def test_every_reference_names_a_key_that_exists() -> None:
    models = {model.__name__: model for model in all_models()}
    for model in all_models():
        for name, info in model.model_fields.items():
            target, _, field = column_info(info).references.partition(".")
            assert not target or field in models[target].model_fields, (model, name)


def test_checks_pass_over_tables_that_are_absent_or_empty() -> None:
    assert check_integrity(Loaded(), AS_OF) == []
    empty = Loaded.of(*(LedgerTable.empty(model) for model in all_models()))
    assert check_integrity(empty, AS_OF) == []


def test_checks_survive_rows_with_nothing_in_them() -> None:
    blank = Loaded.of(*(LedgerTable.from_rows(model, [{}, {}]) for model in all_models()))
    assert check_integrity(blank, AS_OF) == []


def test_a_reference_unknown_in_many_rows_is_one_finding_with_the_count() -> None:
    findings = check_integrity(loaded(EXAMPLES["LG-202"].bad), AS_OF)
    message = next(finding.message for finding in findings if finding.code == "LG-202")
    assert message == "“家庭编号” H9 在“保障家庭”表里查不到（共 2 行）"


def test_findings_never_show_a_whole_identity_number() -> None:
    for example in EXAMPLES.values():
        for finding in check_integrity(loaded(example.bad), AS_OF):
            assert not re.search(r"\d{11}", finding.message), finding


def test_findings_are_in_sheet_order_whatever_the_order_of_tables() -> None:
    tables = {**EXAMPLES["LG-343"].bad, **EXAMPLES["LG-326"].bad}
    forward = check_integrity(loaded(tables), AS_OF)
    backward = check_integrity(loaded(dict(reversed(tables.items()))), AS_OF)
    assert [f.sort_key for f in forward] == [f.sort_key for f in backward]
    assert [f.sort_key for f in forward] == sorted(f.sort_key for f in forward)
