"""What may still be done with an event: freeze it, freeze it again, announce it."""

from __future__ import annotations

import datetime as dt

from zhubao.allocation.event.record import EventRow
from zhubao.core.errors import UsageError
from zhubao.ledger.allocation import DrawEvent, DrawStatus

_ADVICE = "冻结的名册和房源不能改。公布以后发现错误的，按规定重摇或作废后另办一次活动。"
_MINUTE = "%Y-%m-%d %H:%M"


def refuse_freeze(
    event: EventRow,
    at: dt.datetime,
    *,
    again: bool = False,
    reason: str = "",
    by: str = "",
    drawn: bool = False,
    announced: str = "",
) -> None:
    """UsageError unless the event may be frozen at `at`.

    `drawn` says that archive or journal know of a draw of the event, `announced` when the journal
    has its announcement, though the ledger may know nothing of it any more.

    A first freeze needs an event under preparation whose registration has ended (the last day
    counts as ended). Before it is announced a frozen event may be frozen `again`, for a reason;
    afterwards never. `by` says who froze it, where that is known.
    """
    row = event.row
    if drawn:
        raise UsageError(
            f"活动 {row.event_no} 已经摇过号（摇号存档或操作日志里有），不能再冻结", advice=_ADVICE
        )
    if row.draw_no > 1:
        raise UsageError(
            f"活动 {row.event_no} 已经是第 {row.draw_no} 次摇号，不能再冻结",
            advice="重摇用原来冻结的名册和房源；名册或房源要改的，请另立一次活动。",
        )
    _refuse_past(row)
    if announced:
        when = announced[:16].replace("T", " ")
        raise UsageError(
            f"活动 {row.event_no} 的校验值已于 {when} 登记过公布"
            "（操作日志里有，后来撤销了），不能再冻结",
            advice=f"公布出去的校验值收不回来，撤销登记也不例外。{_ADVICE}",
        )
    if is_frozen(row):
        _refuse_second(row, again=again, reason=reason, by=by)
    elif again:
        raise UsageError(f"活动 {row.event_no} 还没有冻结过", advice="第一次冻结不用写 --again。")
    _refuse_early(row, at)


def refuse_announcement(event: EventRow, at: dt.datetime, where: str) -> None:
    """UsageError unless the hashes of a frozen event may be recorded as published at `at`."""
    row = event.row
    if not is_frozen(row):
        raise UsageError(
            f"活动 {row.event_no} 还没有冻结，没有可以公布的校验值",
            advice=f"请先冻结：zhubao allocate freeze {row.event_no}",
        )
    if row.published_at is not None or row.status is not DrawStatus.FROZEN:
        raise UsageError(
            f"活动 {row.event_no} 的校验值已经登记过公布{_published(row)}",
            advice="登记错了的，用 zhubao undo 撤销后重新登记。",
        )
    if not where.strip():
        raise UsageError(
            "公布在哪里没有写", advice="请写 --where，如 区政府门户网站、各社区公示栏。"
        )
    if row.frozen_at is not None and at < row.frozen_at:
        raise UsageError(
            f"公布时间 {at:{_MINUTE}} 早于冻结时间 {row.frozen_at:{_MINUTE}}",
            advice="请核对 --at；校验值在冻结以后才有，不可能更早公布。",
        )


def is_frozen(row: DrawEvent) -> bool:
    """True when the ledger names a freeze; UsageError where it is only marked so by hand."""
    if row.rules_hash is not None:
        return True
    if row.status is not DrawStatus.PREPARING:
        raise UsageError(
            f"活动 {row.event_no} 的状态是“{row.status.value}”，台账里却没有校验值",
            advice="不是用 zhubao 冻结的活动不能接着办；还没有摇号的，把活动状态改回“筹备”再冻结。",
        )
    return False


def _refuse_past(row: DrawEvent) -> None:
    announced = row.published_at is not None or row.status is DrawStatus.PUBLISHED
    if announced and row.rules_hash is not None:
        raise UsageError(
            f"活动 {row.event_no} 的校验值已经公布{_published(row)}，不能再冻结", advice=_ADVICE
        )
    if row.status not in (DrawStatus.PREPARING, DrawStatus.FROZEN):
        raise UsageError(
            f"活动 {row.event_no} 的状态是“{row.status.value}”，不能再冻结", advice=_ADVICE
        )


def _refuse_second(row: DrawEvent, *, again: bool, reason: str, by: str) -> None:
    when = f"{row.frozen_at:{_MINUTE}}" if row.frozen_at is not None else "以前"
    if not again:
        raise UsageError(
            f"活动 {row.event_no} 已于 {when} 冻结{f'（{by}）' if by else ''}，不能再冻结",
            advice="公布以前确有错误要重新冻结的，请加 --again 和 --reason 原因；"
            "只是要重新生成公布文件和凭证的，请加 --reprint。",
        )
    if not reason.strip():
        raise UsageError("重新冻结要写明原因", advice="请加 --reason 原因。")


def _refuse_early(row: DrawEvent, at: dt.datetime) -> None:
    ends = row.registration_ends_on
    if ends is not None and at.date() < ends:
        raise UsageError(
            f"活动 {row.event_no} 的登记到 {ends} 才截止，还不能冻结",
            advice="请等登记截止以后再冻结；截止日期写错的，在“摇号活动”表里改正。",
        )


def _published(row: DrawEvent) -> str:
    parts = [f"{row.published_at:{_MINUTE}}"] if row.published_at is not None else []
    parts += [row.published_where] if row.published_where else []
    return f"（{'，'.join(parts)}）" if parts else ""
