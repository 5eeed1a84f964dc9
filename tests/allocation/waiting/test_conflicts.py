"""Staff and their kin among the people of a draw: by number, with namesakes kept apart."""

from __future__ import annotations

import pytest

from tests.allocation.waiting.waiting_ledgers import AS_OF, D, Town, number, old_number
from zhubao.allocation.waiting.conflict_report import conflict_report
from zhubao.allocation.waiting.conflicts import Match, find_conflicts
from zhubao.core.errors import UsageError
from zhubao.core.finding import Severity
from zhubao.ledger.tenants import Member


@pytest.fixture
def town() -> Town:
    """H1 and H2 wait; H1 and a household outside protection are on the roster of E1."""
    town = Town()
    town.home("H1", number(1), number(2))
    town.waits("W1", "H1")
    town.home("H2", None, number(4))
    town.waits("W2", "H2")
    town.entrant("E1", "E1-1", "H1", old_number(1))
    town.entrant("E1", "E1-2", None, number(8))
    town.entrant("E2", "E2-1", "H2", number(50))
    return town


def hits(town: Town, event: str = "") -> list[tuple[Match, str, str]]:
    found = find_conflicts(town.loaded(), AS_OF, event)
    return [(hit.match, hit.entrant.number, str(hit.person.cell)) for hit in found.hits]


def test_any_member_is_found_by_number_in_either_form(town: Town) -> None:
    town.related(old_number(2), "别名", "王五六", "配偶")
    assert hits(town) == [(Match.NUMBER, "W1", "tenants.xlsx!家庭成员!C3")]
    assert hits(town, "E1") == [(Match.NUMBER, "E1-1", "tenants.xlsx!家庭成员!C3")]
    report = conflict_report(find_conflicts(town.loaded(), AS_OF))
    finding = next(one for one in report.findings if one.code == "AL-130")
    assert finding.severity is Severity.WARNING
    assert "回避" in finding.advice
    assert number(2) not in finding.message
    assert "王五六" not in finding.message


def test_a_household_that_is_not_protected_is_compared_by_its_applicant(town: Town) -> None:
    town.related(number(8), "别名", "王五六", "父母")
    assert hits(town) == []
    assert hits(town, "E1") == [(Match.NUMBER, "E1-2", "allocation.xlsx!摇号名册!F3")]


def test_a_name_alone_is_a_coincidence_and_no_finding(town: Town) -> None:
    town.related(number(70), "成员 H11", "王五六", "本人")
    assert [hit[:2] for hit in hits(town)] == [(Match.NAME_ONLY, "W1")]
    report = conflict_report(find_conflicts(town.loaded(), AS_OF))
    assert len(report.table("namesakes").rows) == 1
    assert "AL-130" not in {one.code for one in report.findings}


def test_a_name_with_a_number_missing_is_to_be_looked_at_and_blanks_never_agree(
    town: Town,
) -> None:
    town.related(None, "别名", "王五六", "本人")  # H2's applicant has no number either
    assert hits(town) == []
    town.related(number(71), "申请H2", "赵七八", "本人")
    assert [hit[:2] for hit in hits(town)] == [(Match.UNREADABLE, "W2")]
    report = conflict_report(find_conflicts(town.loaded(), AS_OF))
    assert {"AL-131", "AL-134"} == {one.code for one in report.findings}


def test_the_dead_and_those_who_no_longer_wait_are_not_compared(town: Town) -> None:
    town.related(number(2), "别名", "王五六", "子女")
    town.rows[Member][1]["died_on"] = D(2020, 1, 1)
    assert hits(town) == []
    assert find_conflicts(town.loaded(), D(2018, 1, 1)).entrants == ()


def test_staff_without_a_row_of_their_own_are_named(town: Town) -> None:
    town.related(number(60), "甲", "王五六", "配偶")
    town.related(number(61), "乙", "王五六", "子女")
    town.related(number(62), "赵七八", "赵七八", "本人")
    report = conflict_report(find_conflicts(town.loaded(), AS_OF))
    assert [one.code for one in report.findings] == ["AL-135"]


def test_nothing_to_compare_is_an_error_not_a_clean_result(town: Town) -> None:
    report = conflict_report(find_conflicts(Town().loaded(), AS_OF))
    assert [one.code for one in report.findings] == ["AL-132", "AL-133"]
    with pytest.raises(UsageError):
        find_conflicts(town.loaded(), AS_OF, "E9")
