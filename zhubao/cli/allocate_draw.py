"""`zhubao allocate draw` and `zhubao allocate verify`: the draw, and whether it holds."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from zhubao.cli.allocate_moment import done_at
from zhubao.cli.options import Json, ShowAll, chosen_bureau
from zhubao.cli.output import finish, say, show
from zhubao.cli.writing import Asked, DryRun, Yes, carry_out_reported, formats_of
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    from zhubao.allocation.draw.intent import Intent
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded
    from zhubao.ledger.store.draw_archive import DrawArchive

EventNo = Annotated[str, typer.Argument(metavar="活动编号", help="摇号活动的编号，如 YH202001")]
Entropy = Annotated[
    Optional[list[str]],  # noqa: UP045  (typer reads this at run time)
    typer.Option(
        "--entropy",
        metavar="随机数",
        help="随机源=各数，如 '现场摇球=03 17 22 28 31 05'；约定了几个随机源就写几次",
    ),
]
AtText = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--at", metavar="时间", help="摇号时间，如 2020-05-14 09:30；默认现在"),
]
Witnesses = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--witness", metavar="姓名", help="见证人，多人用顿号隔开，也可写多次"),
]
Reason = Annotated[str, typer.Option("--reason", metavar="原因", help="重摇的原因；首次不写")]
Approvers = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--approved-by", metavar="姓名", help="重摇的批准人，写两次，两个不同的人"),
]
OutFolder = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--out", metavar="文件夹", help="公布文件写到哪里；默认 reports/摇号/活动编号/第几次"
    ),
]


def draw(
    context: typer.Context,
    event: EventNo,
    entropy: Entropy = None,
    at: AtText = None,
    witness: Witnesses = None,
    reason: Reason = "",
    approved_by: Approvers = None,
    out: OutFolder = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """摇号：登记见证人当场给出的随机数，算出名次，生成公布文件，写入台账。

    冻结并公布之后才能摇；随机数的个数和位数须与约定一致，一经登记不能再改。
    先问一次是否登记，登记（存档，只写一次）之后才计算和显示结果，再预览、问一次、写入台账。
    没有写入台账的，再运行同一条命令即可补写；随机数不同的会被拒绝。--dry-run 只核对，不显示结果。
    重摇须写 --reason 和两个 --approved-by，前次结果保留并一并公布；已有人选定房源的不能重摇。
    """
    from zhubao.allocation.draw.facts import split_names
    from zhubao.allocation.draw.intent import DrawOrder, intend
    from zhubao.ledger.allocation import (
        DrawEvent,
        DrawResult,
        RosterEntry,
        UnitSelection,
    )
    from zhubao.ledger.store.draw_archive import DrawArchive

    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    names, approvers = split_names(witness or ()), split_names(approved_by or ())
    order = DrawOrder(event, tuple(entropy or ()), done_at(at), names, reason, approvers)
    bureau = chosen_bureau(context)
    loaded = bureau.load(DrawEvent, DrawResult, RosterEntry, UnitSelection)
    archive = DrawArchive(bureau.root, _event_no(loaded, event))
    intent = intend(order, loaded, archive)
    if _recorded(intent, loaded, bureau, archive, asked):
        _finish_draw(replace(intent, kept=True), loaded, bureau, archive, asked, out)


def verify(
    bundle: Annotated[
        Path, typer.Argument(metavar="公布文件夹", help="公布的文件夹，或由它压成的 .zip")
    ],
    published_hash: Annotated[
        str, typer.Option("--published-hash", metavar="总校验值", help="公告上的总校验值，64 位")
    ] = "",
    receipt: Annotated[
        str, typer.Option("--receipt", metavar="凭证号", help="查一户的名次；至少写前 4 位")
    ] = "",
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """核对一次摇号公布的文件：只看这些文件，不用台账。

    核对格式、校验值、随机数、前后次的衔接，并把整个摇号重新计算一遍。
    不对的地方一次列全，写明文件和行；有不对的，退出码为 1。
    写上公告里的总校验值，才能确认整套文件没有换过。
    """
    from zhubao.allocation.bundle.contents import read_templates
    from zhubao.allocation.bundle.files import read_bundle
    from zhubao.allocation.bundle.report import read_hash, read_receipt, verify_report
    from zhubao.allocation.bundle.verify import verify_bundle

    announced, wanted = read_hash(published_hash), read_receipt(receipt) if receipt else ""
    verified = verify_bundle(read_bundle(bundle), read_templates(), announced)
    show(verify_report(verified, wanted), as_json=as_json, show_all=show_all)
    finish(list(verified.findings))


def _recorded(
    intent: Intent, loaded: Loaded, bureau: Bureau, archive: DrawArchive, asked: Asked
) -> bool:
    """Keep the draw in the archive, once agreed; False when it is not to be made."""
    from zhubao.allocation.draw.intent import carry
    from zhubao.allocation.draw.report import intent_report

    report = intent_report(intent, loaded, bureau=bureau.name)
    if asked.dry_run:
        show(replace(report, facts={**report.facts, "applied": False}), as_json=asked.as_json)
        done = "这次摇号先前已经登记，没有写入台账" if intent.kept else "没有登记，没有摇号"
        say(f"只是核对，{done}。", as_json=asked.as_json)
        return False
    if intent.kept:
        return True
    if not asked.as_json:
        show(report, as_json=False, notices=False)
    if not (asked.yes or _agreed(asked)):
        say("没有登记，没有摇号。", as_json=asked.as_json)
        return False
    archive.keep_draw(intent.ticket.draw_no, carry(intent)[1])
    return True


def _agreed(asked: Asked) -> bool:
    """The question before the numbers are kept for good; no answer is no."""
    if asked.as_json or not sys.stdin.isatty():
        raise UsageError(
            "没有可以询问的终端，没有登记，没有摇号",
            advice="在脚本里请加 --yes（直接登记并写入）或 --dry-run（只核对）。",
        )
    sys.stderr.write("以上随机数和先后次序与现场一致吗？登记之后不能再改。登记并摇号？(y/N) ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是")


def _finish_draw(
    intent: Intent,
    loaded: Loaded,
    bureau: Bureau,
    archive: DrawArchive,
    asked: Asked,
    out: Path | None,
) -> None:
    """Publish the kept draw, show it, and write it into the ledger."""
    from zhubao.allocation.bundle.contents import (
        bundle_files,
        bundle_folder,
        read_templates,
        write_bundle,
    )
    from zhubao.allocation.draw.intent import carry
    from zhubao.allocation.draw.ledger import draw_change
    from zhubao.allocation.draw.report import draw_report

    event, draw_no = intent.latest.row.event_no, intent.ticket.draw_no
    drawn, _ = carry(intent)
    draws = [*intent.earlier, archive.draw(draw_no)]
    folder = out or bundle_folder(bureau.root, archive.folder.name, draw_no)
    write_bundle(bundle_files(intent.frozen.texts, draws, read_templates()), folder)
    report = draw_report(intent, drawn, loaded, bureau=bureau.name)
    facts: dict[str, Any] = {"bundle": str(folder)}
    report = replace(report, facts={**report.facts, **facts})
    say(f"公布文件已写到 {folder}", as_json=asked.as_json)
    change = draw_change(intent, drawn, loaded, formats_of(bureau))
    arguments = {"event": event, "draw_no": draw_no, "result_hash": report.facts["result_hash"]}
    carry_out_reported(report, change, bureau, "allocate draw", asked, arguments)


def _event_no(loaded: Loaded, event: str) -> str:
    """The event's number as the ledger spells it."""
    from zhubao.allocation.event.record import event_row

    return event_row(loaded, event).row.event_no
