"""Which rows of which sheets an evidence folder has, and which it must not have."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.audit.checks.ledgers import facts
from zhubao.audit.evidence.gathering import Gathered, gather
from zhubao.audit.evidence.letters import papers_of, unfiled
from zhubao.audit.evidence.report import course_report, index_report, rows_report
from zhubao.core.errors import UsageError
from zhubao.ledger.arrears import Charge

OWN, OTHER = "11010519491231002X", "110105194912310038"
DAY = dt.date(2020, 6, 30)


def case(**more: Any) -> Gathered:
    """JT0001 lives in FY0001, where JT0002 lived before; the member's old number has 15 digits."""
    finding = {
        "finding_no": "WT0001",
        "lead_no": "YD0001",
        "subject": "王小明",
        "household_no": "JT0001",
        "unit_no": "FY0001",
        "evidence": "arrears.xlsx!减免!A2、arrears.xlsx!应收!A9",
        **more,
    }
    both = [{"household_no": "JT0001"}, {"household_no": "JT0002"}]
    given = facts(
        audit_finding=[finding, {"finding_no": "WT0002", "household_no": "JT0002"}],
        lead=[{"lead_no": "YD0001", "household_no": "JT0001", "identity_no": OWN}],
        rectification_step=[
            {"finding_no": "WT0001", "evidence": "照片/1.jpg、见 arrears.xlsx!应收!A2"},
            {"finding_no": "WT0002"},
        ],
        household=[
            {"household_no": "JT0001", "identity_no": OWN},
            {"household_no": "JT0002", "identity_no": OTHER},
        ],
        member=[{"household_no": "JT0001", "identity_no": "110105491231002"}],
        unit=[{"unit_no": "FY0001"}, {"unit_no": "FY0002"}],
        lease=[
            {"lease_no": "HT0001", "household_no": "JT0001", "unit_no": "FY0001"},
            {"lease_no": "HT0002", "household_no": "JT0002", "unit_no": "FY0001"},
        ],
        charge=[{**one, "unit_no": "FY0001", "month": "2020-06"} for one in both],
        reduction=[{"household_no": "JT0002"}],
        special_case=[
            {"case_no": "GA1", "identity_no": OWN},
            {"case_no": "GA2", "identity_no": "43019919770721987?"},  # no number at all
        ],
        instalment_plan=[
            {"plan_no": "FQ1", "household_no": "JT0001"},
            {"plan_no": "FQ2", "household_no": "JT0002"},
        ],
        instalment=[{"plan_no": "FQ2", "part": 1}, {"plan_no": "FQ1", "part": 1}],
        rent_letter=[
            {"letter_no": "CJ1", "household_no": "JT0001", "file": "reports/催缴.docx"},
            {"letter_no": "CJ2", "household_no": "JT0001"},
        ],
    )
    return gather(given.loaded, "wt0001")


def test_the_rows_of_household_unit_and_persons_are_gathered_and_nobody_elses_account() -> None:
    found = {model.__name__: rows for model, rows in case().rows.items()}
    assert found == {
        "Unit": (0,),
        "Household": (0,),
        "Member": (0,),
        "Lease": (0, 1),  # who lived there before is evidence
        "Charge": (0,),
        "Reduction": (0,),  # of another household, but named by the finding's 证据
        "InstalmentPlan": (0,),
        "Instalment": (1,),  # hangs on the household's plan
        "RentLetter": (0, 1),
        "Lead": (0,),
        "AuditFinding": (0,),
        "RectificationStep": (0,),
        "SpecialCase": (0,),  # names no household, has the number of one of its members
    }
    assert case().left_out == 1


def test_a_finding_about_a_unit_alone_takes_the_rows_of_everybody_in_it() -> None:
    found = case(household_no=None, lead_no=None, evidence=None).rows
    assert found[Charge] == (0, 1)


def test_files_that_rows_name_are_papers_and_letters_without_a_file_are_listed() -> None:
    gathered = case()
    assert [one.path for one in papers_of(gathered)] == ["reports/催缴.docx", "照片/1.jpg"]
    assert [one.number for one in unfiled(gathered)] == ["CJ2"]


def test_the_folder_shows_persons_in_full_and_the_terminal_does_not() -> None:
    gathered = case()
    rows = rows_report(gathered, DAY, "局")
    assert OWN in rows.table("Household").rows[0].values
    assert rows.table("Lease").rows[0].values[0] == "tenants.xlsx!租赁合同!第2行"
    course = course_report(gathered, DAY, "局")
    assert ["对象", "王小明"] in [list(row.values[:2]) for row in course.table("finding").rows]
    told = index_report(gathered, [], [], "zhubao audit evidence WT0001", DAY)
    assert any("王*明" in note for note in told.notes)
    assert not any("王小明" in note for note in told.notes)


def test_an_unknown_finding_is_refused_with_the_nearest_numbers() -> None:
    loaded = facts(audit_finding=[{"finding_no": "WT0001"}]).loaded
    with pytest.raises(UsageError) as fault:
        gather(loaded, "WT001")
    assert "WT0001" in fault.value.advice
