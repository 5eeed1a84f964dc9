"""Tests of 问题清单 against 整改记录 and 回访, as the sheets stand on the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from zhubao.audit.checklist import kinds
from zhubao.audit.checklist.standing import STAGES, Standing
from zhubao.core.finding import Finding
from zhubao.core.money import format_yuan
from zhubao.ledger.audit import FindingStatus, FollowUp, FollowUpResult, RectificationStep

_ORDER = (
    ("found_on", "发现日期"),
    ("rectified_on", "整改日期"),
    ("followed_up_on", "回访日期"),
    ("closed_on", "销号日期"),
)
_DATE_OF = dict(zip(STAGES[-3:], _ORDER[1:], strict=True))


def contradictions(standings: Iterable[Standing]) -> tuple[Finding, ...]:
    """Where the three sheets do not agree about these findings, in order of place.

    What is dated after the day is not looked at: on that day it was not there.
    """
    found: list[Finding] = []
    for one in standings:
        for test in (_sums, _amounts, _status, _dates, _closing):
            found += test(one)
    return tuple(sorted(found, key=lambda finding: finding.sort_key))


def _sums(one: Standing) -> Iterator[Finding]:
    """Σ steps against the finding's totals; households only where some step says a number."""
    if one.later_steps:
        return
    table = one.loaded.get(RectificationStep)
    for name, field, title, unit in (
        ("recovered", "recovered", "已追回", "元"),
        ("households", "rectified_households", "已整改户数", "户"),
    ):
        values = [table.column(name)[row] for row in one.steps]
        said, total = getattr(one.row, field), sum(value or 0 for value in values)
        told = any(value is not None for value in values)
        if (told or (said and unit == "元")) and (said or 0) != total:
            yield kinds.STEPS_DIFFER.at(
                one.cell(field),
                finding=one.row.finding_no,
                field=title,
                said=_worded(said, unit),
                steps=_worded(total, unit),
            )


def _amounts(one: Standing) -> Iterator[Finding]:
    row = one.row
    if row.recovered is not None and row.recovered > (row.amount or 0):
        amount = "没有填" if row.amount is None else f" {format_yuan(row.amount)} 元"
        yield kinds.RECOVERED_ABOVE.at(
            one.cell("recovered"),
            finding=row.finding_no,
            recovered=format_yuan(row.recovered),
            amount=amount,
        )
    done, households = row.rectified_households, row.household_count
    if done is not None and households is not None and done > households:
        yield kinds.HOUSEHOLDS_ABOVE.at(
            one.cell("rectified_households"),
            finding=row.finding_no,
            done=done,
            households=households,
        )


def _status(one: Standing) -> Iterator[Finding]:
    """The word in 整改状态 against the dates: further dates, or the stage's own date missing."""
    row, written = one.row, STAGES.index(one.row.status)
    further = [
        f"却填了{title} {day}"
        for stage, (name, title) in _DATE_OF.items()
        if STAGES.index(stage) > written
        and (day := getattr(row, name)) is not None
        and day <= one.as_of
    ]
    further += _rows_ahead(one, written)
    own = _DATE_OF.get(row.status)
    missing = [f"{own[1]}空着"] if own and getattr(row, own[0]) is None else []
    if further or missing:
        yield kinds.STATUS_AND_DATES.at(
            one.cell("status"),
            finding=row.finding_no,
            status=row.status.value,
            fault="，".join((*further, *missing)),
        )


def _rows_ahead(one: Standing, written: int) -> Iterator[str]:
    """What 整改记录 and 回访 say beyond the word, or against it.

    All households done is no fault while money is owing, or after a visit that found it undone.
    """
    results = one.loaded.get(FollowUp).column("result")
    done, households = one.row.rectified_households, one.households
    all_back = one.settled_amount >= (one.row.amount or 0)
    is_ready = all_back and not one.failed and written < STAGES.index(FindingStatus.RECTIFIED)
    if done and done >= households and is_ready:
        yield f"已整改户数却写着 {done} 户，涉及的都整改了"
    if one.steps and not written:
        yield f"整改记录里却有 {len(one.steps)} 步"
    if one.visits and written < STAGES.index(FindingStatus.FOLLOWED_UP):
        if results[one.visits[-1]] is FollowUpResult.DONE:
            yield "回访表里却有整改到位的回访"
    elif one.failed and one.row.status is not FindingStatus.CLOSED:
        yield f"最后一次回访的结果却是“{results[one.visits[-1]].value}”"


def _dates(one: Standing) -> Iterator[Finding]:
    """Each date filled in against the one before it."""
    filled = [
        (name, title, day)
        for name, title in _ORDER
        if (day := getattr(one.row, name)) is not None and day <= one.as_of
    ]
    for (_, earlier, first), (name, later, second) in pairwise(filled):
        if second < first:
            yield kinds.DATES_BACKWARDS.at(
                one.cell(name),
                finding=one.row.finding_no,
                later=later,
                later_day=second,
                earlier=earlier,
                earlier_day=first,
            )


def _closing(one: Standing) -> Iterator[Finding]:
    if not one.is_closed:
        return
    day = one.row.closed_on
    words = {"finding": one.row.finding_no, "day": day or "日期空着"}
    yield from _visits_before_closing(one, day, words)
    fault = _short(one)
    if fault and not (one.row.override_by and one.row.override_reason):
        yield kinds.CLOSED_SHORT.at(one.cell("closed_on"), fault=fault, **words)


def _visits_before_closing(
    one: Standing, day: dt.date | None, words: Mapping[str, object]
) -> Iterator[Finding]:
    table = one.loaded.get(FollowUp)
    days, results = table.column("visited_on"), table.column("result")
    before = [row for row in one.visits if day is None or days[row] <= day]
    if not before:
        fault = "回访都在销号之后" if one.visits else "回访表里没有它的回访"
        yield kinds.CLOSED_UNVISITED.at(one.cell("closed_on"), fault=fault, **words)
        return
    last = before[-1]
    if results[last] not in (None, FollowUpResult.DONE):
        where = table.cell(last, "result")
        yield kinds.VISIT_NOT_DONE.at(where, result=results[last].value, **words)


def _short(one: Standing) -> str:
    """What is left undone of a closed finding, in words."""
    row, left = one.row, []
    if (row.amount or 0) > one.recovered:
        left.append(
            f"涉及金额 {format_yuan(row.amount or 0)} 元，已追回 {format_yuan(one.recovered)} 元"
        )
    if one.rectified_households < one.households:
        left.append(f"涉及 {one.households} 户，已整改 {one.rectified_households} 户")
    return "；".join(left)


def _worded(value: int | None, unit: str) -> str:
    if value is None:
        return "空着"
    return f"{format_yuan(value)} 元" if unit == "元" else f"{value} {unit}"
