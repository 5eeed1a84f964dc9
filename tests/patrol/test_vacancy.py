"""The vacancy check list: what breaks an idle run, evidence put together, outcomes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from zhubao.core.errors import UsageError
from zhubao.core.period import Month, Period
from zhubao.core.spans import whole_months
from zhubao.core.theme import Formats
from zhubao.ledger.arrears import Charge, CollectionVisit, OpeningDebt, Receipt, Reduction
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import (
    Occupancy,
    PatrolKind,
    PatrolVisit,
    VacancyCheck,
    VacancyReason,
    VacancyResult,
    VacancyStatus,
)
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import (
    Household,
    Lease,
    LeaseStatus,
    Member,
    ProtectionStatus,
    Relation,
    Tier,
)
from zhubao.ledger.units import Ownership, Unit, UnitStatus
from zhubao.patrol.vacancy.checks import check_figures, units_checked
from zhubao.patrol.vacancy.leads import EvidenceKind, Lead, LeadList, find_leads
from zhubao.patrol.vacancy.report import vacancy_report
from zhubao.patrol.vacancy.settling import Outcome, check_change, settle_check
from zhubao.patrol.vacancy.signs import signs_after
from zhubao.patrol.vacancy.spans import age_on

AS_OF = dt.date(2020, 6, 30)
H1 = Period.parse("2020-H1")
Rows = dict[type[Any], list[dict[str, Any]]]
RENT, VISITS = EvidenceKind.RENT, EvidenceKind.VISITS
FORMATS = Formats("#,##0", "#,##0.00", "#,##0.00", "yyyy-mm-dd", "yyyy-mm", "0.00%")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def loaded(rows: Rows, lease: dict[str, Any] | None = None) -> Loaded:
    """One unit U1 let to J1 since 2018, with these rows besides."""
    unit = {
        "unit_no": "U1",
        "estate": "甲小区",
        "building": "1栋",
        "room": "101",
        "ownership": Ownership.CITY,
        "billed_area_m2": Decimal(50),
        "location_grade": "二级",
        "has_lift": False,
        "status": UnitStatus.OCCUPIED,
    }
    household = {
        "household_no": "J1",
        "applicant": "张小明",
        "identity_no": "11010519491231002X",
        "size": 1,
        "tier": Tier.LOW_INCOME,
        "status": ProtectionStatus.IN_FORCE,
    }
    let = {
        "lease_no": "L1",
        "household_no": "J1",
        "unit_no": "U1",
        "starts_on": day("2018-01-01"),
        "ends_on": day("2022-12-31"),
        "monthly_rent": 10000,
        "status": LeaseStatus.IN_FORCE,
    } | (lease or {})
    base: Rows = {Unit: [unit], Household: [household], Lease: [let]}
    models = (
        Unit, Household, Lease, Member, OpeningDebt, Charge, Receipt, Reduction, CollectionVisit,
        PatrolVisit, VacancyCheck,
    )  # fmt: skip
    given = base | rows
    return Loaded.of(*(LedgerTable.from_rows(m, given.get(m, [])) for m in models))


def charges(first: str, count: int) -> list[dict[str, Any]]:
    months = [Month.parse(first).plus(n) for n in range(count)]
    return [
        {"charge_no": f"C{m}", "household_no": "J1", "month": m, "amount": 10000} for m in months
    ]


def paid(on: str, amount: int = 10000) -> dict[str, Any]:
    number = f"R{on}{amount}"
    return {
        "receipt_no": number,
        "household_no": "J1",
        "received_on": day(on),
        "amount": amount,
    }


def call(on: str, met: bool | None = False, **fields: Any) -> dict[str, Any]:
    return {
        "visit_no": f"V{on}",
        "household_no": "J1",
        "kind": PatrolKind.ROUTINE,
        "visited_on": day(on),
        "met": met,
        **fields,
    }


def check(number: str, on: str, **fields: Any) -> dict[str, Any]:
    return {
        "check_no": number,
        "unit_no": "U1",
        "household_no": "J1",
        "reason": VacancyReason.IDLE,
        "checked_on": day(on),
        "result": VacancyResult.UNCERTAIN,
        "status": VacancyStatus.CONTACTING,
        **fields,
    }


def member(**fields: Any) -> dict[str, Any]:
    person = {"name": "张小明", "identity_no": "11010519491231002X", "relation": Relation.SELF}
    return {"household_no": "J1", **person, **fields}


def leads(rows: Rows, as_of: dt.date = AS_OF, **asked: Any) -> LeadList:
    return find_leads(loaded(rows), as_of, **asked)


def kinds(rows: Rows, as_of: dt.date = AS_OF) -> list[EvidenceKind]:
    return [one.kind for lead in leads(rows, as_of).leads for one in lead.evidence]


def only(rows: Rows) -> Lead:
    (lead,) = leads(rows).leads
    return lead


def test_six_whole_months_without_a_receipt_count_and_five_do_not() -> None:
    """Art. 27: 连续 6 个月以上, 6 included."""
    rows: Rows = {Charge: charges("2019-07", 12), Receipt: [paid("2019-12-30", 60000)]}
    lead = only(rows)
    assert (lead.months, lead.reason, lead.check) == (6, VacancyReason.IDLE, None)
    assert lead.evidence[0].words.startswith("2020-01 至 2020-06 连续 6 个月")
    assert str(lead.evidence[0].cells[0]) == "arrears.xlsx!应收!H8"
    assert str(lead.cells[-1]) == "arrears.xlsx!实收!C2"  # the last sign of life
    assert not leads(rows, day("2020-06-29")).leads
    assert leads(rows, day("2020-06-29"), months=5).leads


@pytest.mark.parametrize(
    ("receipts", "opening", "expected"),
    [
        ([paid("2020-03-10")], 0, []),  # a receipt breaks the run
        ([paid("2020-03-10"), paid("2020-04-01", -10000)], 0, [RENT]),  # but not one reversed
        ([paid("2019-07-05", 120000)], 0, []),  # paid a year ahead: nothing is owed
        ([paid("2019-07-05", 120000)], 60000, [RENT]),  # it went to the old debt
    ],
)
def test_receipts_are_read_as_the_account_has_them(
    receipts: list[dict[str, Any]], opening: int, expected: list[EvidenceKind]
) -> None:
    debt = {"household_no": "J1", "month": Month.parse("2018-01"), "amount": opening}
    rows: Rows = {Charge: charges("2019-07", 12), Receipt: receipts, OpeningDebt: [debt]}
    assert kinds(rows) == expected


def test_a_month_without_a_charge_ends_the_run() -> None:
    gap = [row for row in charges("2019-07", 12) if str(row["month"]) != "2020-03"]
    assert kinds({Charge: gap}) == []


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([call("2020-02-01"), call("2020-04-01", occupancy=Occupancy.EMPTY)], [VISITS]),
        ([call("2020-02-01"), call("2020-02-01")], []),  # one day is not repeatedly
        ([call("2020-02-01"), call("2020-04-01"), call("2020-05-01", True)], []),
        ([call("2020-02-01"), call("2020-04-01", occupancy=Occupancy.FAMILY)], []),
        ([call("2020-02-01", None), call("2020-04-01", None)], []),
        ([call("2020-02-01", unit_no="U9"), call("2020-04-01")], []),
    ],
)
def test_visits_count_from_the_last_one_that_met_somebody(
    calls: list[dict[str, Any]], expected: list[EvidenceKind]
) -> None:
    assert kinds({PatrolVisit: calls}) == expected


def test_two_kinds_of_evidence_stand_together_and_collection_visits_count() -> None:
    rent_visit = {
        "visit_no": "Z1",
        "household_no": "J1",
        "visited_on": day("2020-03-01"),
        "met": False,
    }
    rows: Rows = {
        Charge: charges("2019-12", 7),
        PatrolVisit: [call("2020-02-01")],
        CollectionVisit: [rent_visit],
        VacancyCheck: [check("KZ1", "2020-05-01")],
    }
    lead = only(rows)
    assert [one.kind for one in lead.evidence] == [RENT, VISITS, EvidenceKind.CHECK]
    assert lead.check is not None
    assert lead.check.number == "KZ1"
    assert "上户 2 次没有见到人（2020-02-01、2020-03-01）" in lead.explanation
    report = vacancy_report(leads(rows), H1)
    assert report.facts["new_leads"] == 0
    assert report.table("leads").rows[0].emphasis == "warning"


def test_a_check_that_found_the_unit_lived_in_starts_the_run_again() -> None:
    cleared = {"result": VacancyResult.LIVED_IN, "status": VacancyStatus.CLEARED}
    row = check("KZ1", "2020-01-05", closed_on=day("2020-02-01"), **cleared)
    assert kinds({Charge: charges("2019-07", 12), VacancyCheck: [row]}) == []


def test_a_dead_tenant_is_a_lead_even_where_rent_is_paid() -> None:
    rows: Rows = {
        Charge: charges("2019-07", 12),
        Receipt: [paid("2020-04-10", 120000)],
        Member: [
            member(died_on=day("2020-05-01")),
            member(name="李四", identity_no="x", relation=Relation.SPOUSE),
        ],
    }
    lead = only(rows)
    assert (lead.reason, lead.months) == (VacancyReason.SUSPECTED_DEATH, 2)
    assert lead.evidence[0].words == "承租人登记死亡日期 2020-05-01，同户另有 1 人"
    assert not leads(rows, day("2020-04-30")).leads
    spouse = [member(), member(identity_no="x", relation=Relation.SPOUSE, died_on=AS_OF)]
    assert not leads(rows | {Member: spouse}).leads


def test_age_is_a_lead_only_where_nobody_met_the_tenant_himself() -> None:
    old: Rows = {Member: [member(birth_date=day("1935-06-30"))]}
    assert kinds(old) == [EvidenceKind.AGE]
    assert not kinds(old, day("2020-06-29"))  # 85 on the birthday
    assert not kinds(old | {PatrolVisit: [call("2020-03-01", True)]})
    family = call("2020-03-01", True, occupancy=Occupancy.FAMILY)
    assert kinds(old | {PatrolVisit: [family]}) == [EvidenceKind.AGE]


def test_only_units_let_on_the_day_are_examined() -> None:
    rows: Rows = {Charge: charges("2019-07", 12)}
    ended = {"terminated_on": day("2020-06-01"), "status": LeaseStatus.TERMINATED}
    assert find_leads(loaded(rows, ended), AS_OF).let == 0
    moved = find_leads(loaded(rows, {"moved_in_on": day("2020-02-01")}), AS_OF)
    assert (moved.let, len(moved.leads)) == (1, 0)
    with pytest.raises(UsageError):
        leads(rows, estate="乙小区")


def test_a_unit_found_empty_again_and_again_while_rent_comes_in_is_named_apart() -> None:
    empty = [call(f"2019-{m}-01", occupancy=Occupancy.EMPTY) for m in ("10", "11")]
    rows: Rows = {PatrolVisit: empty, Receipt: [paid("2020-06-01")]}
    result = leads(rows)
    assert (len(result.leads), len(result.paying)) == (0, 1)
    assert len(vacancy_report(result, H1).table("paying").rows) == 1


def test_writing_adds_what_is_not_under_check_and_never_for_fewer_months() -> None:
    rows: Rows = {Charge: charges("2019-07", 12)}
    books = loaded(rows)
    change = check_change(find_leads(books, AS_OF), books, FORMATS)
    assert len(change.added) + len(change.new_sheets) == 1
    under: Rows = rows | {VacancyCheck: [check("KZ0009", "2020-05-01")]}
    assert check_change(leads(under), loaded(under), FORMATS).is_empty
    with pytest.raises(UsageError, match="少于规定"):
        check_change(leads(rows, months=3), books, FORMATS)


def test_outcomes_need_evidence_and_set_status_and_day() -> None:
    books = loaded({VacancyCheck: [check("KZ1", "2020-05-01")]})
    done = settle_check(Outcome("kz1", "正常居住", AS_OF, "上户照片"), books, AS_OF)
    assert (done.values["status"], done.values["closed_on"]) == (VacancyStatus.CLEARED, AS_OF)
    begun = settle_check(Outcome("KZ1", "确认空置", AS_OF, "公告"), books, AS_OF)
    assert begun.values["status"] is VacancyStatus.RECOVERING
    assert "closed_on" not in begun.values
    for outcome, said in (
        (Outcome("KZ1", "正常居住", AS_OF), "证据"),
        (Outcome("KZ1", "暂未查清", AS_OF, "x"), "不是办理结果"),
        (Outcome("KZ1", "正常居住", AS_OF, "x", recovered=True), "不收回"),
        (Outcome("KZ1", "空着", AS_OF, "x"), "不认识"),
        (Outcome("KZ1", "正常居住", day("2020-04-30"), "x"), "早于"),
        (Outcome("KZ2", "正常居住", AS_OF, "x"), "没有"),
    ):
        with pytest.raises(UsageError, match=said):
            settle_check(outcome, books, AS_OF)


def test_checks_are_counted_by_unit_and_later_signs_of_life_are_named() -> None:
    rows: Rows = {
        VacancyCheck: [
            check("KZ1", "2020-01-05"),
            check("KZ2", "2020-03-05", reason=VacancyReason.SUSPECTED_DEATH),
            check("KZ3", "2019-12-31", unit_no="U2"),
        ],
        Receipt: [paid("2020-02-01")],
    }
    books = loaded(rows)
    figures = check_figures(books, H1, AS_OF)
    assert (figures.checked.numerator, figures.checked.denominator) == (1, 2)
    assert figures.by_reason == {VacancyReason.SUSPECTED_DEATH: 1}
    assert [str(c) for c in units_checked(books, H1, AS_OF).cells] == ["patrol.xlsx!空置核查!A3"]
    assert list(signs_after(books, figures.rows, AS_OF)) == [0]


def test_whole_months_and_ages() -> None:
    assert [whole_months(day("2019-12-30"), day(d)) for d in ("2020-06-29", "2020-06-30")] == [5, 6]
    assert whole_months(day("2019-08-31"), day("2020-02-29")) == 6
    assert [age_on(day("1936-02-29"), day(d)) for d in ("2021-02-28", "2021-03-01")] == [84, 85]
