"""From the choice to the lease: what is written, and what keeps a household from signing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from tests.allocation.selection.events import AT, DAY, basis_of, chosen, event_ledgers
from zhubao.allocation.selection.leases import signing_change, signing_report
from zhubao.allocation.selection.signing import Signing, sign
from zhubao.allocation.selection.terms import terms_of
from zhubao.core.errors import UsageError
from zhubao.core.period import Month
from zhubao.core.theme import load_theme
from zhubao.ledger.allocation import DrawPurpose, DrawStatus, SelectionAction
from zhubao.ledger.change import Change
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import SubsidyStatus
from zhubao.ledger.tenants import LeaseStatus, ProtectionStatus, Tier, WaitingStatus
from zhubao.ledger.units import UnitStatus

FORMATS = load_theme(None).formats
TERMS = terms_of(DAY, None, None)
ALL = (chosen(1, 1, 1), chosen(2, 3, 2), chosen(3, 2, 3))
LEASE = {
    "lease_no": "HT000007",
    "household_no": "H9",
    "unit_no": "U9",
    "starts_on": dt.date(2018, 1, 1),
    "ends_on": dt.date(2022, 12, 31),
    "monthly_rent": 100,
    "status": LeaseStatus.IN_FORCE,
}


def signing_of(loaded: Loaded, *entrants: str, pending: int = 0) -> Signing:
    return sign(basis_of(loaded), loaded, TERMS, entrants, pending=pending)


def codes(signing: Signing) -> list[str]:
    return [finding.code for finding in signing.findings]


def edits_of(change: Change) -> dict[str, Any]:
    return {f"{edit.cell.sheet} {edit.key} {edit.head.header}": edit.new for edit in change.edits}


def test_everybody_who_chose_gets_a_lease_in_one_change() -> None:
    """40 m² × 1.00 yuan (低收入, 二级, 无电梯) = 40.00 yuan; filed by the 30th day."""
    loaded = event_ledgers(selections=ALL, leases=[LEASE])
    signing = signing_of(loaded)
    assert signing.findings == ()
    change = signing_change(signing, loaded, FORMATS)
    (added,) = change.added
    heads = [head.header for head in added.heads]
    first = dict(zip(heads, added.rows[0], strict=True))
    assert (first["合同编号"], first["家庭编号"], first["房源编号"]) == ("HT000008", "H1", "U1")
    assert (first["月租金"], first["计租面积"]) == (Decimal("40.00"), Decimal(40))
    assert (first["起租日期"], first["到期日期"]) == (dt.date(2020, 7, 1), dt.date(2025, 6, 30))
    assert (first["签订日期"], first["合同状态"], first["保障类型"]) == (DAY, "履行中", "低收入")
    edits = edits_of(change)
    assert edits["房源 U1 状态"] == "在租"
    assert edits["房源 U1 空置起始日"] is None
    assert edits["轮候册 W1 轮候状态"] == "已配租"
    assert edits["轮候册 W1 出册日期"] == DAY
    assert edits["选房 XF20200400001 合同编号"] == "HT000008"
    assert signing.terms.filing_by == dt.date(2020, 7, 15)
    report = signing_report(signing, loaded)
    assert report.facts["monthly_rent"] == Decimal("120.00")
    assert str(report.table("leases").rows[0].sources[1]) == "units.xlsx!房源!L2"
    # E4, the reserve, has no unit left to choose: nobody is called any more
    assert edits["摇号活动 YH202004 1 活动状态"] == DrawStatus.FINISHED.value


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"leases": [{**LEASE, "household_no": "H1", "starts_on": dt.date(2020, 7, 1)}]}, "AL-512"),
        ({"leases": [{**LEASE, "unit_no": "U1"}]}, "AL-513"),
        ({"dispatches": [{"dispatch_no": "DP1", "unit_no": "U1"}]}, "AL-513"),
        ({"unit_changes": {1: {"status": UnitStatus.DISPOSED}}}, "AL-513"),
        ({"unit_changes": {1: {"location_grade": "四级"}}}, "AL-514"),
        ({"unit_changes": {1: {"billed_area_m2": None}}}, "AL-514"),
        ({"selections": (chosen(1, 7, 1), *ALL[1:])}, "AL-505"),
        ({"selections": (chosen(1, 1, 1, selected_at=AT + dt.timedelta(3)), *ALL[1:])}, "AL-518"),
    ],
)
def test_what_speaks_against_one_does_not_stop_the_others(
    changes: dict[str, Any], code: str
) -> None:
    loaded = event_ledgers(**{"selections": ALL, **changes})
    signing = signing_of(loaded)
    assert set(codes(signing)) == {code}
    assert [one.entrant_no for one, _ in signing.refused] == ["E1"]
    assert [one.candidate.entrant_no for one in signing.signed] == ["E2", "E3"]
    assert not signing.is_finished
    assert signing_report(signing, loaded).table("refused").rows[0].values[:2] == (1, "张*明")


def test_households_that_have_left_or_were_struck_off_are_refused() -> None:
    person = {"applicant": "张小明", "identity_no": "11010519491231002X", "size": 2}
    base = {**person, "tier": Tier.LOW_INCOME}
    households = [
        {**base, "household_no": "H1", "status": ProtectionStatus.EXITED},
        {**base, "household_no": "H2", "status": ProtectionStatus.IN_FORCE},
    ]
    waiting = [
        {
            "waiting_no": "W2",
            "household_no": "H2",
            "approved_on": DAY,
            "status": WaitingStatus.DISQUALIFIED,
        }
    ]
    signing = signing_of(event_ledgers(selections=ALL, households=households, waiting=waiting))
    assert codes(signing) == ["AL-511", "AL-515", "AL-511"]
    assert not signing.signed


def test_a_unit_chosen_twice_goes_to_the_first_and_a_household_signs_once() -> None:
    loaded = event_ledgers(selections=(chosen(1, 1, 1), chosen(3, 1, 2)))
    signing = signing_of(loaded)
    assert [one.candidate.entrant_no for one in signing.signed] == ["E1"]
    assert codes(signing) == ["AL-513"]


def test_a_subsidy_in_force_and_a_missing_registration_are_said_and_do_not_stop() -> None:
    grant = {"grant_no": "BT1", "household_no": "H1", "status": SubsidyStatus.IN_FORCE}
    loaded = event_ledgers(selections=ALL[:1], grants=[grant], waiting=[])
    signing = signing_of(loaded)
    assert sorted(codes(signing)) == ["AL-516", "AL-517"]
    assert len(signing.signed) == 1
    assert not signing.is_finished  # the others have not chosen yet


def test_resettled_households_only_get_the_day() -> None:
    event = {"purpose": DrawPurpose.RESETTLEMENT}
    loaded = event_ledgers(selections=ALL, event=event, households=[], waiting=[])
    signing = signing_of(loaded)
    change = signing_change(signing, loaded, FORMATS)
    assert not change.added
    assert {name.split()[-1] for name in edits_of(change)} == {"签约日期", "活动状态"}
    assert len(signing.signed) == 3


def test_only_those_named_sign_and_names_must_make_sense() -> None:
    done = chosen(3, 2, 3, lease_no="HT1", signed_on=DAY)
    left = {"selection_no": "XF20200400004", "entrant_no": "E2", "selected_at": AT}
    gave_up = {**left, "action": SelectionAction.ABANDONED, "abandon_reason": "远"}
    loaded = event_ledgers(selections=(chosen(1, 1, 1), done, gave_up))
    assert [one.candidate.rank for one in signing_of(loaded, "E1").signed] == [1]
    assert not signing_of(loaded, pending=1).is_finished
    for entrant, said in (("E3", "已经签约"), ("E2", "放弃"), ("E77", "没有参摇编号")):
        with pytest.raises(UsageError, match=said):
            signing_of(loaded, entrant)


@pytest.mark.parametrize(
    ("start", "years", "ends"),
    [
        (None, None, dt.date(2025, 6, 30)),
        (dt.date(2020, 6, 15), 1, dt.date(2021, 6, 14)),
        (dt.date(2024, 2, 29), 1, dt.date(2025, 2, 28)),
    ],
)
def test_the_term_ends_the_day_before(
    start: dt.date | None, years: int | None, ends: dt.date
) -> None:
    terms = terms_of(DAY, start, years)
    assert terms.ends_on == ends
    assert start is not None or terms.starts_on == Month.of(2020, 7).first_day


def test_terms_beyond_five_years_or_before_signing_are_refused() -> None:
    refused: Sequence[tuple[dt.date | None, int]] = ((None, 6), (None, 0), (dt.date(2020, 6, 1), 5))
    for start, years in refused:
        with pytest.raises(UsageError):
            terms_of(DAY, start, years)
