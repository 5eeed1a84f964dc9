"""Findings: one fault per row, and the cell it is at."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.approval.register import field_of, read, row
from zhubao.services.approval.checks import check_files

REFUSED: dict[str, Any] = {
    "result": "不通过",
    "amount": None,
    "refused_in_writing_on": "2020-06-10",
    "refusal_reason": "不符合条件",
}
HALF_COUPLE: dict[str, Any] = {"kind": "半边户", "amount": None}
SPOUSE = {
    "spouse": "李某",
    "spouse_identity_no": "430199197607059922",
    "spouse_hukou": "外省",
    "spouse_employer": "无",
    "benefits_drawn": "无",
}


def found(*rows: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.code, field_of(one)) for one in check_files(read(*rows))]


def test_complete_files_have_no_finding() -> None:
    told = {"identity_no": "430199198712061682"}
    assert not found(
        row("A", **told),
        row("B", **REFUSED),
        row("C", **HALF_COUPLE, **SPOUSE, **told),
        row("D", notice_from="2020-06-01", notice_to="2020-06-07", kind="公租房资格"),
        row("E", result="撤回", district_decided_at=None),
        row("F", result="办理中", decided_on=None, district_decided_at=None),
    )


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"district_decided_at": "2020-06-08 09:00"}, "AP-110", "district_decided_at"),
        ({"district_received_at": "2020-06-05 09:59"}, "AP-111", "district_received_at"),
        ({"street_decided_at": None}, "AP-112", "street_decided_at"),
        ({"district_decided_at": None}, "AP-112", "district_decided_at"),
        ({"district_received_at": None}, "AP-113", "district_received_at"),
        ({"result": "办理中", "decided_on": None}, "AP-114", "result"),
        ({"result": "补正"}, "AP-114", "result"),
        ({"decided_on": None}, "AP-115", "decided_on"),
        ({"decided_on": "2020-06-08"}, "AP-116", "decided_on"),
        ({**REFUSED, "refused_in_writing_on": None}, "AP-117", "refused_in_writing_on"),
        ({**REFUSED, "refusal_reason": None}, "AP-117", "refusal_reason"),
        ({**REFUSED, "refused_in_writing_on": "2020-06-01"}, "AP-118", "refused_in_writing_on"),
        ({"kind": "公租房资格", "notice_from": "2020-06-01", "notice_to": "2020-06-06"},
         "AP-119", "notice_to"),
        ({"notice_from": "2020-06-01"}, "AP-120", "notice_to"),
        ({"notice_from": "2020-06-02", "notice_to": "2020-06-01"}, "AP-120", "notice_to"),
        ({"kind": "公租房资格"}, "AP-121", "notice_from"),
        (HALF_COUPLE, "AP-123", "spouse"),
        ({**HALF_COUPLE, **SPOUSE, "spouse": None}, "AP-124", "spouse"),
        ({"amount": None}, "AP-125", "amount"),
        ({"amount": 0}, "AP-125", "amount"),
        ({"street_received_at": "2020-06-04 12:30"}, "AP-126", "street_received_at"),
        ({"district_received_at": "2020-06-07 10:00"}, "AP-126", "district_received_at"),
    ],
)  # fmt: skip
def test_a_fault_is_found_at_its_cell(changes: dict[str, Any], code: str, field: str) -> None:
    assert found(row("A", **changes)) == [(code, f"{field} 2")]


def test_the_same_person_approved_twice_in_a_kind() -> None:
    """The old number of fifteen digits is the same person; a blank is nobody.

    A row entered twice (A) is a repeated key, which is told elsewhere.
    """
    twice = check_files(
        read(
            row("A", identity_no="430199600705992"),
            row("B", identity_no="430199196007059924"),
            row("C", identity_no="430199600705992", **HALF_COUPLE, **SPOUSE),
            row("D", identity_no="430199600705992", **REFUSED),
            row("E"),
            row("F"),
            row("A", identity_no="430199600705992"),
        )
    )
    assert [(one.code, field_of(one)) for one in twice] == [("AP-122", "identity_no 3")]
    assert "430199********9924" in twice[0].message
    assert "王*明" in twice[0].message


def test_a_moment_on_a_make_up_sunday_is_working_time() -> None:
    assert not found(
        row("A", district_received_at="2020-06-28 16:00", district_decided_at="2020-06-29 10:00",
            decided_on="2020-06-29"),
        row("B", community_received_at="2020-06-01"),
    )  # fmt: skip


def test_a_stage_that_goes_on_to_the_city_is_not_at_its_end() -> None:
    sent = row("A", result="办理中", decided_on=None, city_received_at="2020-06-10 10:00")
    assert not found(sent)
    done = row("A", result="办理中", decided_on=None, city_received_at="2020-06-10 10:00",
               city_decided_at="2020-06-12 10:00")  # fmt: skip
    assert found(done) == [("AP-114", "result 2")]
