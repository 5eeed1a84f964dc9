"""Whatever commands are given in whatever order: what a closed finding can be relied on for."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audit.rectify.memory import (
    FOUND,
    VERIFIED,
    applied,
    household,
    made_check,
    sheets,
    with_status,
)
from zhubao.audit.facts import Facts
from zhubao.audit.rectify.book import Taken, dossier_of
from zhubao.audit.rectify.closing import CloseOrder, close_finding
from zhubao.audit.rectify.follow_up import FollowUpOrder, record_follow_up
from zhubao.audit.rectify.progress import ProgressOrder, record_progress
from zhubao.audit.rectify.recheck import Verdict, recheck
from zhubao.ledger.audit import FindingStatus, FollowUpResult, IssueKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import ProtectionStatus

_CHECK = made_check()
_STATES = {"fix": ProtectionStatus.EXITED, "relapse": ProtectionStatus.IN_FORCE}
_DUE_HOUSEHOLDS, _DUE_MONEY = 2, 300

_days = st.integers(0, 9)
_small = st.none() | st.integers(0, 2)
_commands = st.one_of(
    st.sampled_from([("fix",), ("fix",), ("relapse",)]),
    st.tuples(st.just("step"), _days, _small, _small, st.booleans()),
    st.tuples(st.just("visit"), _days, st.sampled_from([*FollowUpResult, FollowUpResult.DONE])),
    st.tuples(st.just("close"), _days, st.sampled_from(["", "", "周局长"])),
)
_WAY: tuple[tuple[object, ...], ...] = (
    ("fix",),
    ("step", 4, 1, 2, False),
    ("step", 4, 1, 1, False),
    ("visit", 4, FollowUpResult.DONE),
    ("close", 4, ""),
    ("visit", 4, FollowUpResult.RELAPSED),
    ("step", 4, None, None, True),
    ("visit", 4, FollowUpResult.DONE),
    ("close", 4, ""),
)


@st.composite
def _ways(draw: st.DrawFn) -> list[tuple[object, ...]]:
    """The right way from discovery to a second closure, with steps left out and others put in."""
    way = list(_WAY)
    for _ in range(draw(st.integers(0, 2))):
        way.pop(draw(st.integers(0, len(way) - 1)))
    for _ in range(draw(st.integers(0, 3))):
        way.insert(draw(st.integers(0, len(way))), draw(_commands))
    return way


def _start() -> Loaded:
    finding = {
        "finding_no": "WT0001",
        "check_code": "ZZ-001",
        "kind": IssueKind.NOT_EXITED,
        "subject": "王小明",
        "household_no": "JT1",
        "matter": "没有退出",
        "found_on": VERIFIED,
        "household_count": _DUE_HOUSEHOLDS,
        "amount": _DUE_MONEY,
        "department": "保障科",
        "responsible": "李四",
        "deadline": dt.date(2020, 5, 31),
        "status": FindingStatus.OPEN,
    }
    return sheets(auditfinding=[finding], household=[household("JT1"), household("JT2")])


def _taken(loaded: Loaded, command: tuple[object, ...], today: dt.date) -> Taken:
    word, ahead, *rest = command
    day = today - dt.timedelta(days=int(str(ahead)) - 4)  # some of them out of order or to come
    if word == "step":
        households, hundreds, done = rest
        money = None if hundreds is None else int(str(hundreds)) * 100
        number = None if households is None else int(str(households))
        order = ProgressOrder("WT0001", day, "整改", number, money, done=bool(done))
        return record_progress(order, loaded, today)
    if word == "visit":
        visit = FollowUpOrder("WT0001", day, str(rest[0]), "赵六", "照片")
        return record_follow_up(visit, loaded, today)
    by = str(rest[0])
    verdict = recheck(dossier_of("WT0001", loaded), Facts(loaded, today), [_CHECK])
    closing = CloseOrder("WT0001", day, by, "另案处理" if by else "")
    return close_finding(closing, verdict, loaded, today)


@given(_ways())
@settings(max_examples=80, deadline=None)
def test_no_sequence_of_commands_closes_what_is_not_put_right(
    commands: list[tuple[object, ...]],
) -> None:
    loaded, today = _start(), FOUND
    for command in commands:
        today += dt.timedelta(days=5)
        if command[0] in _STATES:
            loaded = with_status(loaded, _STATES[str(command[0])])
            continue
        before = dossier_of("WT0001", loaded).row
        taken = _taken(loaded, command, today)
        if taken.refusals:
            continue
        loaded = applied(loaded, taken)
        _sums_hold(loaded)
        if command[0] == "close":
            assert before.status is not FindingStatus.CLOSED
            _closed_rightly(loaded, today)


def _sums_hold(loaded: Loaded) -> None:
    file = dossier_of("WT0001", loaded)
    assert (file.row.recovered or 0) == file.money_back <= _DUE_MONEY
    assert (file.row.rectified_households or 0) == file.households_done <= _DUE_HOUSEHOLDS
    days = [step.done_on for step in file.steps]
    assert days == sorted(days)
    assert all(day >= VERIFIED for day in days)


def _closed_rightly(loaded: Loaded, today: dt.date) -> None:
    file = dossier_of("WT0001", loaded)
    row, verdict = file.row, recheck(file, Facts(loaded, today), [_CHECK])
    assert row.status is FindingStatus.CLOSED
    assert row.closed_on is not None
    assert row.closed_on <= today
    if row.override_by:
        assert row.override_reason
        return
    assert verdict.verdict is Verdict.CLEAN
    assert file.is_complete
    assert file.last_visit is not None
    visit = file.last_visit[1]
    assert (visit.result, visit.check_is_clean) == (FollowUpResult.DONE, True)
    assert file.last_step is not None
    assert file.last_step <= visit.visited_on <= row.closed_on
