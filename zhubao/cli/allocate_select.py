"""`zhubao allocate select` and `zhubao allocate sign`: the counter on the day, and the leases."""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from zhubao.cli.allocate_counter import Counter, run_script, serve, show_state
from zhubao.cli.options import AsOf, Json, ShowAll, chosen_bureau, cut_off, parse_date
from zhubao.cli.output import finish
from zhubao.cli.writing import (
    Asked,
    DryRun,
    Yes,
    carry_out_reported,
    formats_of,
    user_name,
)
from zhubao.core.errors import OutputError, UsageError

if TYPE_CHECKING:
    from zhubao.allocation.selection.judging import Wish
    from zhubao.allocation.selection.session import Desk
    from zhubao.ledger.bureau import Bureau

EventNo = Annotated[str, typer.Argument(metavar="活动编号", help="摇号活动的编号，如 YH202001")]
Entries = Annotated[
    Optional[Path],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--entries", metavar="文件", help="从文本文件读登记，一行一条，写法同选房台"),
]
Entrant = Annotated[str, typer.Option("--entrant", metavar="编号", help="只登记这一户：参摇编号")]
UnitNo = Annotated[str, typer.Option("--unit", metavar="房源", help="这一户选定的房源编号")]
Confirm = Annotated[bool, typer.Option("--confirm", help="这一户确认摇中的房源（户房对应）")]
Abandon = Annotated[str, typer.Option("--abandon", metavar="原因", help="这一户放弃选房")]
Absent = Annotated[bool, typer.Option("--absent", help="这一户没有到场")]
Withdraw = Annotated[str, typer.Option("--withdraw", metavar="原因", help="撤销这一户的登记")]
StratumNames = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--stratum", metavar="户型", help="本窗口只接待这个小区户型；可写多次"),
]
BatchNo = Annotated[str, typer.Option("--batch", metavar="批次", help="本窗口只接待这个批次")]
AnyStratum = Annotated[
    str, typer.Option("--any-stratum", metavar="理由", help="准许选别的户型，理由记入备注")
]
Clerk = Annotated[str, typer.Option("--clerk", metavar="姓名", help="经办人；默认当前用户")]
Witness = Annotated[str, typer.Option("--witness", metavar="姓名", help="见证人")]
CounterName = Annotated[str, typer.Option("--counter", metavar="窗口", help="窗口名称，记入存档")]
At = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--at", metavar="时间", help="登记时间，如 2020-05-20 09:30；默认现在"),
]
_MOMENT = re.compile(r"(.+?)[ T](\d{1,2}):(\d{2})(?::(\d{2}))?")


def select(
    context: typer.Context,
    event: EventNo,
    entries: Entries = None,
    entrant: Entrant = "",
    unit: UnitNo = "",
    confirm: Confirm = False,
    abandon: Abandon = "",
    absent: Absent = False,
    withdraw: Withdraw = "",
    stratum: StratumNames = None,
    batch: BatchNo = "",
    any_stratum: AnyStratum = "",
    clerk: Clerk = "",
    witness: Witness = "",
    counter: CounterName = "",
    only_show: Annotated[bool, typer.Option("--show", help="只看选房情况，不登记")] = False,
    reopen: Annotated[bool, typer.Option("--reopen", help="活动已结束，仍要递补选房")] = False,
    at: At = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """选房台：按名次逐户登记选房、放弃、未到，结束时写入“选房”表。

    每登记一条立即存盘，断电、关窗不丢；再次运行接着登记。几个窗口可同时开，一套房不会选两次。
    各户型按名次选；放弃的名额由递补接上；未到的可以回来，从剩下的选。输入“帮助”看写法。
    脚本用 --entries 文件（或标准输入），有一行不对就全部不登记；--dry-run 演练，不存盘也不写台账。
    """
    bureau = chosen_bureau(context)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    desk = _desk(clerk, witness, counter, (stratum or (), batch, any_stratum))
    opened = Counter(bureau, desk, event, _clock(at, bureau), asked, reopen)
    wish = _wish(entrant, unit, confirm, abandon, absent, withdraw)
    if only_show or (as_json and wish is None and entries is None):
        show_state(opened)
    elif wish is not None:
        run_script(opened, wish)
    elif entries is not None or not sys.stdin.isatty():
        run_script(opened, _lines(entries))
    else:
        serve(opened)


def sign(
    context: typer.Context,
    event: EventNo,
    entrant: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--entrant", metavar="编号", help="只签这些参摇编号；可写多次"),
    ] = None,
    date: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--date", metavar="日期", help="签约日期；默认截止日期"),
    ] = None,
    start: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--start", metavar="日期", help="起租日期；默认签约次月 1 日"),
    ] = None,
    years: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--years", metavar="年数", help="租期；默认最长年限（五年）"),
    ] = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """签约：为选定而没有合同的家庭一次建立租赁合同。

    月租金按计租面积和起租之日的租金标准算；同时改房源为“在租”、轮候册为“已配租”。
    已有合同的、房源已出租或已调配的、已退出的、没有租金标准的，逐户说明原因，不签，其余照签。
    还在领租赁补贴的列出来，应当停发。被征收户选房的活动只登记签约日期。
    """
    from zhubao.allocation.selection.terms import terms_of

    bureau = chosen_bureau(context)
    signed_on = parse_date(date, "--date") or cut_off(as_of, bureau.config.as_of)[0]
    terms = terms_of(signed_on, parse_date(start, "--start"), years, bureau.config.policy)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    _sign(bureau, event, terms, tuple(entrant or ()), asked)


def _sign(bureau: Bureau, event: str, terms: Any, entrants: Sequence[str], asked: Asked) -> None:
    from zhubao.allocation.selection.basis import read_basis
    from zhubao.allocation.selection.kinds import NOT_WRITTEN_YET
    from zhubao.allocation.selection.leases import signing_change, signing_report
    from zhubao.allocation.selection.signing import SIGN_MODELS
    from zhubao.allocation.selection.signing import sign as work_out
    from zhubao.ledger.store.selection_log import SelectionLog
    from zhubao.ledger.unread import absent

    loaded = bureau.load(*SIGN_MODELS)
    basis = read_basis(loaded, bureau.root, event, terms.signed_on)
    number, policy = basis.event.row.event_no, bureau.config.policy
    pending = len(basis.unwritten(SelectionLog(bureau.root, number).read()))
    signing = work_out(basis, loaded, terms, entrants, policy, pending=pending)
    more = [*absent(loaded)]
    more += [NOT_WRITTEN_YET.at(None, count=pending, event=number)] if pending else []
    report = signing_report(signing, loaded, bureau=bureau.name, overrides=policy, more=more)
    change = signing_change(signing, loaded, formats_of(bureau))
    arguments = {"event": number, "date": terms.signed_on.isoformat()}
    carry_out_reported(report, change, bureau, "allocate sign", asked, arguments)
    finish(list(report.findings))


def _desk(clerk: str, witness: str, name: str, served: tuple[Sequence[str], str, str]) -> Desk:
    from zhubao.allocation.selection.session import Desk

    strata, batch, any_stratum = served
    where = name.strip() or f"窗口{os.getpid()}"
    chosen = frozenset(one.strip() for one in strata)
    return Desk(
        clerk.strip() or user_name(),
        witness.strip(),
        where,
        chosen,
        batch.strip(),
        any_stratum.strip(),
    )


def _clock(at: str | None, bureau: Bureau) -> Callable[[], dt.datetime]:
    """The moment of an entry: --at, else now, on the bureau's pinned day where it has one."""
    if at is not None:
        fixed = _moment(at)
        return lambda: fixed
    pinned = bureau.config.as_of
    if pinned is None:
        return dt.datetime.now
    return lambda: dt.datetime.combine(pinned, dt.datetime.now().time())


def _moment(text: str) -> dt.datetime:
    """A date, with a time of day or without."""
    match = _MOMENT.fullmatch(text.strip())
    day = parse_date(match[1] if match else text, "--at")
    assert day is not None
    hour, minute, second = (int(part or 0) for part in match.groups()[1:]) if match else (0, 0, 0)
    try:
        return dt.datetime.combine(day, dt.time(hour, minute, second))
    except ValueError as fault:
        raise UsageError(
            f"选项 --at 的时间“{text}”看不懂", advice="请写成 2020-05-20 09:30。"
        ) from fault


def _wish(
    entrant: str, unit: str, confirm: bool, abandon: str, absent: bool, withdraw: str
) -> Wish | None:
    """The one entry the options make; None without --entrant."""
    from zhubao.allocation.selection.judging import Wish
    from zhubao.ledger.allocation import SelectionAction as Action

    given = {
        Action.CHOSEN: unit or confirm,
        Action.ABANDONED: abandon,
        Action.ABSENT: absent,
        Action.WITHDRAWN: withdraw,
    }
    actions = [action for action, value in given.items() if value]
    if not entrant and not actions:
        return None
    if not entrant or len(actions) != 1:
        raise UsageError(
            "登记一户要写 --entrant 编号，并写一样且只写一样登记的内容",
            advice="内容是 --unit 房源、--confirm、--abandon 原因、--absent、--withdraw 原因之一。",
        )
    return Wish(entrant.strip(), actions[0], unit.strip(), (abandon or withdraw).strip())


def _lines(path: Path | None) -> list[str]:
    if path is None:
        return sys.stdin.read().splitlines()
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise OutputError(
            f"读不了 {path}", where=str(path), advice="请核对文件名；文件要存成 UTF-8 文本。"
        ) from fault
