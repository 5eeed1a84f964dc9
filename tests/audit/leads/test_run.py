"""A run of the checks: all leads, broken and silent checks, what is new since an earlier run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audit.rectify.memory import household, made_check, sheets
from zhubao.audit.facts import Facts
from zhubao.audit.leads.answer import Answer
from zhubao.audit.leads.history import RunRecord, compare, from_text, record_of, state_of, to_text
from zhubao.audit.leads.known import found_again, known_leads
from zhubao.audit.leads.report import check_report
from zhubao.audit.leads.run import CheckRun, run_checks
from zhubao.audit.leads.run_files import keep_run, read_runs, runs_folder
from zhubao.audit.leads.selection import select_checks
from zhubao.audit.leads.write import leads_change
from zhubao.audit.registry import AuditCheck, Family, Hit
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Severity
from zhubao.core.theme import load_theme
from zhubao.ledger.audit import FindingStatus, IssueKind, LeadStatus
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Lease, ProtectionStatus

DAY = dt.date(2020, 6, 30)
_LEAD = {"kind": IssueKind.NOT_EXITED, "source": "系统检查", "matter": "无", "raised_on": DAY}


def _breaks(facts: Facts) -> Iterator[Hit]:
    yield Hit((Cell("tenants.xlsx", "保障家庭", "A2"),), {"home": "JT9"}, household="JT9")
    raise KeyError(f"王小明 {facts.as_of}")


def _twice(facts: Facts) -> Iterator[Hit]:
    assert facts.as_of == DAY
    for ref in ("A2", "A3"):
        yield Hit((Cell("t.xlsx", "表", ref),), {"home": "JT1"}, household="JT1", amount=100)


def _run(loaded: Loaded, *checks: AuditCheck, day: dt.date = DAY) -> CheckRun:
    return run_checks(Facts(loaded, day), checks or (made_check(),))


def _homes(*numbers: str) -> Loaded:
    return sheets(household=[household(number) for number in numbers])


def _record(run: CheckRun, at: str, state: str) -> RunRecord:
    return from_text(to_text(record_of(run, at, state)))  # kept and read again


def test_a_check_that_breaks_becomes_a_finding_that_names_it_and_the_others_go_on() -> None:
    broken = made_check("ZZ-002", _breaks)
    run = _run(_homes("JT1", "JT2"), broken, made_check())
    assert [lead.code for lead in run.leads] == ["ZZ-002", "ZZ-001", "ZZ-001"]
    assert run.complete == {"ZZ-001"}
    fault = run.broken[0]
    assert (fault.code, str(fault.where)) == ("AU-990", "tenants.xlsx!保障家庭")
    assert "ZZ-002" in fault.message
    assert "KeyError" in fault.message
    assert "王小明" not in fault.message  # what the data was stays out of it


def test_words_that_do_not_fit_the_message_are_a_fault_of_the_check_too() -> None:
    wordless = made_check(find=lambda facts: [Hit((), {"wrong": facts.as_of})])
    assert _run(_homes("JT1"), wordless).broken[0].code == "AU-990"


def test_a_check_whose_sheet_is_empty_is_listed_and_is_not_clean() -> None:
    run = _run(_homes("JT1"), made_check(needs=(Lease,)))
    assert [one.missing for one in run.silent] == [(Lease,)]
    assert not run.complete
    assert "租赁合同" in str(check_report(_answer(run)).table("silent").rows[0].values)


def test_hits_alike_are_two_leads() -> None:
    assert (
        len({lead.fingerprint for lead in _run(_homes("JT1"), made_check(find=_twice)).leads}) == 2
    )


def _answer(run: CheckRun, *kept: RunRecord, since: dt.date | None = None) -> Answer:
    record = record_of(run, "2020-07-01T09:00:00", "now")
    compared = compare(run, record, kept, since)
    return Answer(run, compared, known_leads(run.facts.loaded))


def test_new_continuing_and_gone_are_told_by_check() -> None:
    before = _record(_run(_homes("JT1", "JT2")), "2020-06-01T09:00:00", "a")
    answer = _answer(_run(_homes("JT2", "JT3")), before)
    report = check_report(answer)
    facts = report.facts
    assert (facts["new"], facts["continuing"], facts["gone"]) == (1, 1, 1)
    gone = report.table("gone").rows[0].values
    assert ("JT1" in gone, "台账里已没有这一户" in gone) == (True, True)
    other = made_check("ZZ-009", severity=Severity.NOTICE)  # ran never before: all its leads new
    assert check_report(_answer(_run(_homes("JT2"), other), before)).facts["new"] == 1


def test_a_lead_of_a_check_that_did_not_run_to_its_end_is_not_gone() -> None:
    before = _record(_run(_homes("JT1")), "2020-06-01T09:00:00", "a")
    nothing = made_check(needs=(Lease,))
    assert not compare(_run(_homes("JT1"), nothing), before, [before]).gone


def test_asked_again_the_answer_is_the_same_and_a_date_chooses_the_earlier_run() -> None:
    march = _run(_homes("JT1"), day=dt.date(2020, 3, 31))
    first = _record(march, "2020-04-01T09:00:00", "a")
    june = _run(_homes("JT1", "JT2"))
    second = _record(june, "2020-07-01T08:00:00", "now")
    third = _record(_run(_homes("JT1", "JT2", "JT3")), "2020-07-01T08:30:00", "later")
    assert check_report(_answer(june, first, second, third)).facts["new"] == 1  # against the first
    last = _run(_homes("JT1", "JT2", "JT3"))
    kept = [first, second]
    assert len(compare(last, third, kept, None).gone) == 0
    assert [_new(last, third, kept, since) for since in (None, dt.date(2020, 4, 30))] == [1, 2]


def _new(run: CheckRun, record: RunRecord, kept: list[RunRecord], since: dt.date | None) -> int:
    compared = compare(run, record, kept, since)
    return sum(compared.new(lead) for lead in run.leads)


def test_runs_are_kept_once_each_and_a_damaged_file_is_said(tmp_path: Path) -> None:
    record = record_of(_run(_homes("JT1")), "2020-07-01T09:00:00", state_of([("a", "b")], {}, "1"))
    path = keep_run(tmp_path, record, [])
    assert path is not None
    assert read_runs(tmp_path) == ([record], [])
    assert keep_run(tmp_path, record, [record]) is None
    (runs_folder(tmp_path) / "run-x.json").write_text('{"version":1,"as_of":', encoding="utf-8")
    kept, faults = read_runs(tmp_path)
    assert (kept, [one.code for one in faults]) == ([record], ["AU-993"])
    assert "王小明" not in path.read_text(encoding="utf-8")


def test_new_leads_are_written_once_and_known_ones_get_the_day() -> None:
    run = _run(_homes("JT1", "JT2"))
    mark = run.leads[0].fingerprint
    earlier = {**_LEAD, "lead_no": "YD0007", "status": "待核实", "fingerprint": mark}
    earlier |= {"last_seen_on": dt.date(2020, 5, 31)}
    loaded = sheets(household=[household("JT1"), household("JT2")], lead=[earlier])
    change = leads_change(_run(loaded), load_theme().formats)
    assert [(str(edit.cell), str(edit.new)[:10]) for edit in change.edits] == [
        ("audit.xlsx!疑点!P2", "2020-06-30")
    ]
    (block,) = change.added
    row = dict(zip([head.header for head in block.heads], block.rows[0], strict=True))
    assert len(block.rows) == 1
    assert (row["疑点编号"], row["规则编号"], row["家庭编号"]) == ("YD0008", "ZZ-001", "JT2")
    assert (row["疑点来源"], row["疑点类型"]) == ("系统检查", "未按规定退出")
    assert row["证据"] == str(run.leads[1].lead.hit.cells[0])
    seen = {**earlier, "last_seen_on": DAY}
    both = {**_LEAD, "lead_no": "YD0008", "status": "待核实", "last_seen_on": DAY}
    both |= {"fingerprint": run.leads[1].fingerprint}
    again = sheets(household=[household("JT1"), household("JT2")], lead=[seen, both])
    assert leads_change(_run(again), load_theme().formats).is_empty


def test_cleared_leads_are_listed_and_do_not_count() -> None:
    mark = _run(_homes("JT1")).leads[0].fingerprint
    row = {**_LEAD, "lead_no": "YD1", "status": LeadStatus.CLEARED, "fingerprint": mark}
    answer = _answer(_run(sheets(household=[household("JT1")], lead=[row])))
    assert not answer.has_errors
    facts = check_report(answer).facts
    assert (facts["leads"], facts["cleared"]) == (0, 1)
    assert _answer(_run(_homes("JT1"))).has_errors


def test_a_closed_finding_whose_lead_is_found_again_is_said() -> None:
    mark = _run(_homes("JT1")).leads[0].fingerprint
    lead = {**_LEAD, "lead_no": "YD1", "status": LeadStatus.CONFIRMED, "fingerprint": mark}
    closed = {"finding_no": "WT1", "lead_no": "YD1", "status": FindingStatus.CLOSED}
    loaded = sheets(household=[household("JT1")], lead=[lead], auditfinding=[closed])
    run = _run(loaded)
    assert [one.code for one in found_again(run, known_leads(loaded))] == ["AU-992"]
    exited = household("JT1", ProtectionStatus.EXITED)
    quiet = sheets(household=[exited], lead=[lead], auditfinding=[closed])
    assert not found_again(_run(quiet), known_leads(quiet))


def test_checks_are_chosen_by_code_family_and_severity() -> None:
    checks = [
        made_check("ZZ-001"),
        made_check("ZZ-002", family=Family.VACANCY),
        made_check("ZZ-101", severity=Severity.NOTICE),
    ]

    def codes(**words: list[str]) -> list[str]:
        return [check.code for check in select_checks(checks, **words)]

    assert codes(codes=["zz-0"]) == ["ZZ-001", "ZZ-002"]
    assert codes(codes=["ZZ-101，ZZ-002"]) == ["ZZ-002", "ZZ-101"]
    assert codes(families=["空置"]) == codes(families=["vacancy"]) == ["ZZ-002"]
    assert codes(severities=["提示"]) == ["ZZ-101"]
    for wrong in ({"codes": ["YY-1"]}, {"families": ["别的"]}, {"severities": ["很重"]}):
        with pytest.raises(UsageError):
            codes(**wrong)
    with pytest.raises(UsageError):
        codes(families=["空置"], severities=["提示"])
