"""Valid identity numbers and small households for the tests of the audit checks."""

from __future__ import annotations

from typing import Any

from zhubao.core.identity import to_18

Row = dict[str, Any]


def number(born: str = "19750312", sequence: int = 101) -> str:
    """A valid number: born 19YYMMDD, odd sequence = male."""
    return to_18(f"430102{born[2:]}{sequence:03d}")


WANG, LI, ZHAO = number(sequence=101), number("19800101", 202), number("19501010", 303)


def household(no: str = "JT0001", identity: str | None = WANG, **more: Any) -> Row:
    """A household in force of one person, 王小明 unless said."""
    row = {"household_no": no, "applicant": "王小明", "identity_no": identity, "size": 1}
    return {**row, "status": "在保", "approved_on": "2019-09-01", **more}


def member(no: str = "JT0001", identity: str | None = WANG, **more: Any) -> Row:
    """A member, the applicant unless said."""
    row = {"household_no": no, "name": "王小明", "identity_no": identity, "relation": "本人"}
    return {**row, **more}


def lease(no: str = "JT0001", unit: str = "FY0001", **more: Any) -> Row:
    """A lease in force of a household."""
    row = {"lease_no": f"HT-{no}-{unit}", "household_no": no, "unit_no": unit, "status": "履行中"}
    return {**row, **more}


def grant(no: str = "JT0001", **more: Any) -> Row:
    """A rental subsidy in force, 300 yuan a month."""
    row: Row = {
        "grant_no": f"BT-{no}",
        "household_no": no,
        "tier": "低收入",
        "monthly_amount": 30_000,
    }
    return {**row, "approved_on": "2019-09-01", "first_month": "2019-10", "status": "生效", **more}


def payment(number: str, quarter: str, **more: Any) -> Row:
    """Three months of 300 yuan, paid."""
    row: Row = {"payment_no": number, "grant_no": "BT-JT0001", "household_no": "JT0001"}
    row |= {"quarter": quarter, "months": 3, "amount": 90_000, "status": "已发放"}
    return {**row, "paid_on": "2020-06-20", **more}
