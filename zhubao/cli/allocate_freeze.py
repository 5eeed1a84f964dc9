"""`zhubao allocate freeze` and `zhubao allocate announce`: what binds a draw before it happens."""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from zhubao.cli.allocate_moment import done_at
from zhubao.cli.options import AsOf, Json, ShowAll, chosen_bureau, cut_off
from zhubao.cli.output import finish, say, show
from zhubao.cli.writing import (
    Asked,
    DryRun,
    Yes,
    answer_script,
    carry_out,
    carry_out_reported,
    formats_of,
)
from zhubao.core.errors import EXIT_FINDINGS, UsageError, ZhubaoError

if TYPE_CHECKING:
    from zhubao.allocation.event.freeze import Freeze
    from zhubao.allocation.event.frozen import Frozen
    from zhubao.allocation.event.record import EventRow
    from zhubao.core.finding import Finding
    from zhubao.core.report import Report
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.change import Change
    from zhubao.ledger.loaded import Loaded
    from zhubao.ledger.store.draw_archive import DrawArchive

_COMMAND = "allocate freeze"


class StrataChoice(StrEnum):
    """分层方式, as `event.strata.Strata`: here so that help imports no model."""

    ESTATE_LAYOUT = "小区户型"
    LAYOUT = "户型"
    WHOLE = "全部"


EventNo = Annotated[str, typer.Argument(metavar="活动编号", help="摇号活动的编号，如 YH202001")]
Sources = Annotated[
    Optional[list[str]],  # noqa: UP045  (typer reads this at run time)
    typer.Option(
        "--source",
        metavar="随机源",
        help="约定的随机源：名称=个数x位数，如 现场摇球=6x2；可写多次；台账已约定的不用写",
    ),
]
StrataOption = Annotated[
    StrataChoice,
    typer.Option("--strata", metavar="分层", help="怎样分层：小区户型、户型、全部"),
]
UnitsFile = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--units",
        metavar="文件",
        help="房源清单工作簿，用于房源不在房源台账里的活动；要有 房源编号 和 户型 两列",
    ),
]
AtText = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--at", metavar="时间", help="冻结时间，如 2020-05-12 09:30；默认现在"),
]
OutFolder = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--out", metavar="文件夹", help="文件写到哪里；默认 reports/摇号/活动编号"),
]
Again = Annotated[bool, typer.Option("--again", help="公布以前重新冻结，须写 --reason")]
Reason = Annotated[str, typer.Option("--reason", metavar="原因", help="重新冻结的原因")]
Reprint = Annotated[
    bool, typer.Option("--reprint", help="已冻结的活动，按存档重新生成公布文件和凭证")
]


@dataclass(frozen=True, slots=True)
class _Words:
    """What the words of the command say, beside the event."""

    at: str | None
    as_of: str | None
    sources: tuple[str, ...]
    strata: StrataChoice
    units: Path | None
    again: bool
    reason: str
    out: Path | None


@dataclass(frozen=True, slots=True)
class _Job:
    """One event being frozen."""

    bureau: Bureau
    loaded: Loaded
    event: EventRow
    archive: DrawArchive
    words: _Words

    @property
    def folder(self) -> Path:
        """Where the files go."""
        return self.words.out or self.bureau.root / "reports" / "摇号" / self.archive.folder.name


def freeze(
    context: typer.Context,
    event: EventNo,
    source: Sources = None,
    strata: StrataOption = StrataChoice.ESTATE_LAYOUT,
    units: UnitsFile = None,
    at: AtText = None,
    as_of: AsOf = None,
    again: Again = False,
    reason: Reason = "",
    reprint: Reprint = False,
    out: OutFolder = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """冻结一次摇号活动的名册和房源，算出校验值，生成公告和每户的摇号凭证。

    先列出每一层的户数和套数、不参加的家庭和原因、要核对的地方，再预览、问一次、写入台账。
    约定的随机数一共至少 10 位：位数太少，冻结以前就能把结果逐一试算。
    冻结以后台账再改，不影响冻结的名册。公布以前确有错误的，可用 --again 重新冻结，原来的仍存档。
    生成的“公布”文件夹向社会公布，“凭证”文件夹有姓名和盐值，只发给本人。
    """
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    chosen = tuple(source or ())
    words = _Words(at, as_of, chosen, strata, units, again, reason, out)
    job = _job(chosen_bureau(context), event, words)
    if reprint:
        _reprint(job, asked)
        return
    finish(_freeze(job, asked))


def announce(
    context: typer.Context,
    event: EventNo,
    where: Annotated[
        str,
        typer.Option("--where", metavar="地方", help="公布在哪里，如 区政府门户网站、社区公示栏"),
    ],
    at: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--at", metavar="时间", help="公布时间，如 2020-05-13 09:30；默认现在"),
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """登记校验值已经公布：什么时候、在哪里。

    先核对冻结存档与台账的三个校验值一致，再预览、问一次、写入 allocation.xlsx 的“摇号活动”表。
    登记公布以后才能摇号，名册和房源不能再冻结第二次，撤销登记也不行。冻结以后名册有改动的，列出来供核对。
    """
    from zhubao.allocation.event.announce import announce as work_out
    from zhubao.allocation.event.announce import announce_change, announce_report
    from zhubao.allocation.event.record import event_row, frozen_of
    from zhubao.allocation.event.standing import refuse_announcement
    from zhubao.ledger.allocation import DrawEvent, RosterEntry
    from zhubao.ledger.store.draw_archive import DrawArchive

    moment = done_at(at)
    bureau = chosen_bureau(context)
    loaded = bureau.load(DrawEvent, RosterEntry)
    row = event_row(loaded, event)
    refuse_announcement(row, moment, where)
    frozen = frozen_of(DrawArchive(bureau.root, row.row.event_no), row)
    announcement = work_out(row, frozen, moment, where)
    report = announce_report(announcement, loaded, bureau=bureau.name)
    change = announce_change(announcement, loaded, formats_of(bureau))
    arguments = {"event": row.row.event_no, "at": moment.isoformat(), "where": where}
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    carry_out_reported(report, change, bureau, "allocate announce", asked, arguments)
    finish(list(report.findings))


def _job(bureau: Bureau, event: str, words: _Words) -> _Job:
    from zhubao.allocation.event.freeze import FREEZE_MODELS
    from zhubao.allocation.event.record import event_row
    from zhubao.ledger.store.draw_archive import DrawArchive

    loaded = bureau.load(*FREEZE_MODELS)
    row = event_row(loaded, event)
    return _Job(bureau, loaded, row, DrawArchive(bureau.root, row.row.event_no), words)


def _freeze(job: _Job, asked: Asked) -> list[Finding]:
    """Work it out, show it, carry it out where that is possible and wanted."""
    from zhubao.allocation.event.freeze_change import freeze_change
    from zhubao.allocation.event.freeze_report import freeze_report
    from zhubao.allocation.event.frozen import read_frozen

    freeze = _work_out(job)
    report = freeze_report(freeze, job.loaded, bureau=job.bureau.name)
    change = freeze_change(freeze, job.loaded, formats_of(job.bureau))
    if not asked.as_json:
        show(report, as_json=False, show_all=asked.show_all, notices=False)
        say("")
    if not freeze.is_possible:
        if asked.as_json:
            show(report, as_json=True)
        raise typer.Exit(EXIT_FINDINGS)
    if _apply(job, freeze, report, change, asked):
        _print_files(job, freeze.frozen_event, read_frozen(freeze.texts), asked)
    return list(report.findings)


def _work_out(job: _Job) -> Freeze:
    """The freeze, refused (UsageError) where the event or the words do not allow one."""
    from zhubao.allocation.event.freeze import FreezeOrder, compute_freeze
    from zhubao.allocation.event.sources import agreed_sources
    from zhubao.allocation.event.standing import refuse_freeze
    from zhubao.allocation.event.strata import Strata
    from zhubao.allocation.event.trace import trace_of
    from zhubao.cli.allocate_freeze_units import units_of
    from zhubao.ledger.allocation import DrawEvent

    words, row, config = job.words, job.event.row, job.bureau.config
    at, as_of = _moments(words, config.as_of)
    trace = trace_of(job.bureau.root, row.event_no)
    refuse_freeze(
        job.event,
        at,
        again=words.again,
        reason=words.reason,
        by=_frozen_by(job),
        drawn=bool(job.archive.draws() or trace.drawn),
        announced=trace.announced,
    )
    place = str(job.loaded[DrawEvent].cell(job.event.index, "entropy_sources"))
    order = FreezeOrder(
        at=at,
        as_of=as_of,
        sources=agreed_sources(words.sources, row.entropy_sources, place),
        strata=Strata(words.strata.value),
        reason=words.reason,
        earlier=tuple(one for one in job.archive.freezes() if one != (row.rules_hash or "")[:16]),
    )
    if words.again:
        known, changes = _before(job)
        order = replace(order, known=known, changes=changes)
    units = units_of(job.bureau, job.loaded, job.event, words.units, order.strata)
    return compute_freeze(job.loaded, job.event, order, units, _fresh_salt, config.policy)


def _fresh_salt() -> str:
    """32 hexadecimal digits nobody can guess; the one random thing in a freeze."""
    return secrets.token_hex(16)


def _before(job: _Job) -> tuple[frozenset[str], tuple[Finding, ...]]:
    """Of the freeze that is replaced: who stood on the roster, and what changed since then.

    Where the archive lost it, the marks in the ledger must do.
    """
    from zhubao.allocation.event.drift import drift
    from zhubao.allocation.event.freeze import known_entrants, marked_entrants
    from zhubao.allocation.event.record import frozen_of
    from zhubao.ledger.store.draw_archive import DrawArchiveBroken

    try:
        frozen = frozen_of(job.archive, job.event)
    except DrawArchiveBroken:
        return marked_entrants(job.loaded, job.event.row.event_no), ()
    return known_entrants(frozen.texts), drift(job.loaded, frozen)


def _frozen_by(job: _Job) -> str:
    """Who froze the event last, as the journal has it; "" when it does not say."""
    from zhubao.ledger.store.journal import read_journal

    if job.event.row.rules_hash is None:
        return ""
    with contextlib.suppress(ZhubaoError):
        number = job.event.row.event_no
        for entry in reversed(read_journal(job.bureau.root).entries):
            if entry.command == _COMMAND and entry.arguments.get("event") == number:
                return f"经办 {entry.user}，改动编号 {entry.id}"
    return ""


def _apply(job: _Job, freeze: Freeze, report: Report, change: Change, asked: Asked) -> bool:
    """Archive first, then the ledger; without the ledger the archive's copy is dropped again."""
    roster_hash, units_hash, rules_hash = freeze.hashes
    arguments = {"event": job.event.row.event_no, "at": freeze.order.at.isoformat()}
    arguments |= {"reason": freeze.order.reason} if freeze.order.reason else {}
    if asked.dry_run:
        return _carry_out(job, report, change, asked, arguments)
    hashes = {"roster_hash": roster_hash, "units_hash": units_hash, "rules_hash": rules_hash}
    told = replace(report, facts={**report.facts, **hashes})
    applied = False
    job.archive.keep_frozen(rules_hash, freeze.texts)
    try:
        applied = _carry_out(job, told, change, asked, arguments)
    finally:
        if not applied and not _is_named(job, rules_hash):
            job.archive.drop_frozen(rules_hash)
    say(f"总校验值：{rules_hash}", as_json=asked.as_json)
    return applied


def _carry_out(
    job: _Job, report: Report, change: Change, asked: Asked, arguments: dict[str, Any]
) -> bool:
    if asked.as_json:
        return answer_script(report, change, job.bureau, _COMMAND, asked, arguments)
    return carry_out(change, job.bureau, _COMMAND, asked, arguments)


def _is_named(job: _Job, rules_hash: str) -> bool:
    """True when the ledger names the freeze, or may come to: a write not finished, or unreadable.

    Something may go wrong after the ledger was written; then its freeze must not be lost.
    """
    from zhubao.ledger.allocation import DrawEvent
    from zhubao.ledger.store.places import Places

    try:
        pending = Places(job.bureau.root).pending.exists()
        return pending or rules_hash in job.bureau.load(DrawEvent)[DrawEvent].column("rules_hash")
    except ZhubaoError:
        return True


def _reprint(job: _Job, asked: Asked) -> None:
    """The files of a freeze once more, from the archive."""
    from zhubao.allocation.event.drift import drift
    from zhubao.allocation.event.record import frozen_of

    frozen = frozen_of(job.archive, job.event)
    _print_files(job, job.event, frozen, asked)
    changed = len(drift(job.loaded, frozen))
    if changed:
        say(f"冻结以后台账里的名册有 {changed} 处改动，文件仍按冻结的名册。", as_json=asked.as_json)


def _print_files(job: _Job, event: EventRow, frozen: Frozen, asked: Asked) -> None:
    """The folder to publish and the folder to hand out; says where they are."""
    from zhubao.cli.allocate_freeze_files import write_public, write_slips

    try:
        public = write_public(job.bureau, event, frozen, job.folder)
        slips = write_slips(job.bureau, event, frozen, job.folder)
    except ZhubaoError:
        say(
            "已经冻结，但文件没有全部生成；排除问题后加 --reprint 重新生成。", as_json=asked.as_json
        )
        raise
    say(f"向社会公布：{public}（公告、附件和三个文本文件）", as_json=asked.as_json)
    where = slips[0] if len(slips) == 1 else f"{slips[0].parent}（{len(slips)} 个文件）"
    say(f"发给本人，不公布：{where}", as_json=asked.as_json)
    number = event.row.event_no
    say(f"公布以后请登记：zhubao allocate announce {number} --where 公布处", as_json=asked.as_json)


def _moments(words: _Words, pinned: dt.date | None) -> tuple[dt.datetime, dt.date]:
    """When the freeze is made, and the cut-off date: that day unless another is given."""
    at = done_at(words.at)
    day, _ = cut_off(words.as_of, at.date() if words.at is not None else pinned)
    if day > at.date():
        raise UsageError(
            f"截止日期 {day} 在冻结时间 {at:%Y-%m-%d %H:%M} 之后", advice="请改 --as-of 或 --at。"
        )
    return at, day
