"""摇号凭证: a slip for every household, with what it needs to find and to check itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zhubao.allocation.event.entrants import ORDINARY
from zhubao.allocation.event.frozen import Frozen
from zhubao.allocation.event.record import EventRow
from zhubao.core.masking import mask_identity

PLACEHOLDERS = frozenset(
    {"局名", "活动编号", "活动名称", "冻结时间", "摇号安排", "总校验值", "凭证"}
)
_GROUP = 4


def slip_context(
    event: EventRow, frozen: Frozen, receipts: Sequence[str], *, bureau: str = ""
) -> dict[str, Any]:
    """The values of the template 摇号凭证.docx for these households, in the order given.

    Names are whole, identity numbers masked: a slip is handed to the household it names.
    """
    row, rules = event.row, frozen.rules
    planned = f"{row.planned_at:%Y年%m月%d日 %H:%M}" if row.planned_at is not None else "另行公告"
    place = f"，{row.place}" if row.place and row.planned_at is not None else ""
    frozen_at = f"{row.frozen_at:%Y年%m月%d日 %H:%M}" if row.frozen_at is not None else ""
    return {
        "局名": bureau,
        "活动编号": rules.event,
        "活动名称": rules.name,
        "冻结时间": frozen_at,
        "摇号安排": planned + place,
        "总校验值": in_fours(frozen.rules_hash),
        "凭证": [_slip(frozen, receipt) for receipt in receipts],
    }


def handing_out_order(frozen: Frozen) -> list[str]:
    """The receipts by entrant number: as the households are called up."""
    people = sorted(frozen.people.values(), key=lambda person: person.entrant_no)
    return [person.receipt for person in people]


def in_fours(digits: str) -> str:
    """1a2b 3c4d …: long numbers are read out and compared in groups of four."""
    return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def _slip(frozen: Frozen, receipt: str) -> dict[str, Any]:
    person, entrant = frozen.people[receipt], frozen.by_receipt[receipt]
    return {
        "姓名": person.applicant,
        "身份证号": mask_identity(person.identity_no),
        "参摇编号": person.entrant_no,
        "凭证号": in_fours(receipt),
        "盐值": in_fours(person.salt),
        "优先类别": entrant.group or ORDINARY,
        "人口": entrant.size,
        "分层": entrant.stratum,
    }
