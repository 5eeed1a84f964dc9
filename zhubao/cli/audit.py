"""`zhubao audit check|list`: the checks an auditor would run, and which ones there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.cli.options import AsOf, Json, ReportFile, ShowAll, chosen_bureau, cut_off, parse_date
from zhubao.cli.output import save_report, say, show
from zhubao.cli.writing import Asked, DryRun, Yes, answer_script, carry_out, formats_of
from zhubao.core.errors import EXIT_CLEAN, EXIT_FINDINGS, LedgerWriteError, UsageError

if TYPE_CHECKING:
    from zhubao.audit.facts import Facts
    from zhubao.audit.leads.answer import Answer
    from zhubao.audit.leads.run import CheckRun
    from zhubao.audit.registry import AuditCheck
    from zhubao.core.finding import Finding
    from zhubao.core.report import Report
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded

_WRITE = "audit check --write"
Words = Optional[list[str]]  # noqa: UP045  (typer reads this at run time)
Only = Annotated[
    Words,
    typer.Option("--only", metavar="规则", help="只运行这些规则，如 AU-101；可写开头，如 AU-1"),
]
FamilyWords = Annotated[
    Words, typer.Option("--family", metavar="类别", help="只运行这些类别，如 重复享受、欠租")
]
SeverityWords = Annotated[
    Words, typer.Option("--severity", metavar="级别", help="只运行这些级别：错误、警告或提示")
]
Since = Annotated[
    str,
    typer.Option(
        "--since", metavar="哪次", help="与哪次比较：last（上次），或某日及以前的最近一次"
    ),
]
Write = Annotated[
    bool, typer.Option("--write", help="把新疑点写入“疑点”表，已有的更新最近出现日期")
]


def check(
    context: typer.Context,
    only: Only = None,
    family: FamilyWords = None,
    severity: SeverityWords = None,
    since: Since = "last",
    write: Write = False,
    as_of: AsOf = None,
    out: ReportFile = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """把审计会做的跨台账检查先做一遍，一次列出全部疑点和所在单元格。

    疑点按类别和级别归类，注明比上次检查新增、持续还是不再检出；每次检查的结果记在 .zhubao/audit。
    不再检出不等于已整改，也可能是那一行被删了。要用的表没有数据的规则另列，它们没有结论。
    疑点须核实后才能认定。--write 写入“疑点”表：先预览，问一次，同一条疑点不会写两次。
    有未排除的“错误”级疑点时退出码为 1。
    """
    from zhubao.audit.leads.report import check_report
    from zhubao.audit.leads.selection import select_checks
    from zhubao.audit.registry import all_checks
    from zhubao.ledger.unread import absent

    if (dry_run or yes) and not write:
        raise UsageError("--dry-run 和 --yes 只用于写入疑点", advice="写入疑点请加 --write。")
    limit = _since(since)
    chosen = select_checks(all_checks(), only or (), family or (), severity or ())
    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    facts, notices = facts_of(bureau, day)
    made = _answer(bureau, facts, chosen, limit, [*absent(facts.loaded), *notices])
    report = check_report(made, bureau=bureau.name, origin=origin)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    _say_all(report, made.run, bureau, asked, write=write, out=out)
    raise typer.Exit(EXIT_FINDINGS if made.has_errors else EXIT_CLEAN)


def list_checks(
    context: typer.Context,
    only: Only = None,
    family: FamilyWords = None,
    severity: SeverityWords = None,
    out: ReportFile = None,
    as_json: Json = False,
) -> None:
    """列出检查规则：编号、名称、类别、级别、依据和要用的表。"""
    from zhubao.audit.leads.catalogue import catalogue_report
    from zhubao.audit.leads.selection import select_checks
    from zhubao.audit.registry import all_checks

    chosen = select_checks(all_checks(), only or (), family or (), severity or ())
    report = catalogue_report(chosen)
    show(report, as_json=as_json)
    if out is not None:
        bureau = chosen_bureau(context)
        say(f"报表：{save_report(report, out, bureau.root)}", as_json=as_json)


def facts_of(
    bureau: Bureau, day: dt.date, loaded: Loaded | None = None
) -> tuple[Facts, list[Finding]]:
    """Everything the checks may look at, as of the day; and notices of what could not be read.

    Reads every sheet unless it is given. WorkbookError for the first workbook that cannot be read:
    rows taken for missing would be false leads.
    """
    from zhubao.audit.facts import Facts
    from zhubao.ledger.work_calendar import calendar_of

    everything = bureau.load_all() if loaded is None else loaded
    for fault in everything.unreadable:
        raise fault
    drawn, notices = _drawn(bureau.root, everything)
    facts = Facts(
        everything,
        day,
        overrides=bureau.config.policy,
        calendar=calendar_of(bureau),
        drawn=drawn,
    )
    return facts, notices


def _drawn(root: Path, loaded: Loaded) -> tuple[dict[str, Mapping[str, str]], list[Finding]]:
    """Event → texts of its freeze; of an event drawn again, those of the last draw."""
    from zhubao.audit.leads.kinds import ARCHIVE_UNREAD
    from zhubao.ledger.allocation import DrawEvent
    from zhubao.ledger.store.draw_archive import DrawArchive, DrawArchiveBroken

    table = loaded.get(DrawEvent)
    rows = sorted(table.usable("event_no", "draw_no"), key=lambda i: table.column("draw_no")[i])
    last = {table.column("event_no")[index]: index for index in rows}
    texts: dict[str, Mapping[str, str]] = {}
    notices = []
    for event, index in last.items():
        digest = table.column("rules_hash")[index]
        if not digest:
            continue
        try:
            texts[event] = DrawArchive(root, event).frozen(digest)
        except DrawArchiveBroken as fault:
            where = table.cell(index, "rules_hash")
            notices.append(ARCHIVE_UNREAD.at(where, event=event, fault=fault.message))
    return texts, notices


def _since(word: str) -> dt.date | None:
    return None if word.strip().lower() in ("last", "上次") else parse_date(word, "--since")


def _answer(
    bureau: Bureau,
    facts: Facts,
    chosen: Sequence[AuditCheck],
    limit: dt.date | None,
    notices: list[Finding],
) -> Answer:
    """Run, compare with what is kept, and keep this run."""
    from zhubao import __version__
    from zhubao.audit.leads.answer import Answer
    from zhubao.audit.leads.history import compare, record_of, state_of
    from zhubao.audit.leads.known import found_again, known_leads
    from zhubao.audit.leads.run import run_checks
    from zhubao.audit.leads.run_files import keep_run, read_runs

    run = run_checks(facts, chosen)
    sources = ((source.name, source.sha256) for source in facts.loaded.sources)
    state = state_of(sources, bureau.config.policy, __version__)
    record = record_of(run, dt.datetime.now().astimezone().isoformat(), state)
    kept, faults = read_runs(bureau.root)
    compared = compare(run, record, kept, limit)
    known = known_leads(facts.loaded)
    said = [*notices, *faults, *found_again(run, known)]
    try:
        keep_run(bureau.root, record, kept)
    except LedgerWriteError as fault:
        say(f"注意：这次检查没有记下来，下次比较时没有它：{fault.message}", as_json=True)
    name = f"{limit} 及以前的检查" if limit else "上次检查"
    return Answer(run, compared, known, tuple(said), name)


def _say_all(
    report: Report, run: CheckRun, bureau: Bureau, asked: Asked, *, write: bool, out: Path | None
) -> None:
    """Show and save the report; with `write`, preview the leads, ask, and put them in."""
    if not (write and asked.as_json):
        show(report, as_json=asked.as_json, show_all=asked.show_all, notices=False)
    if out is not None:
        say(f"报表：{save_report(report, out, bureau.root)}", as_json=asked.as_json)
    if write:
        _write(report, run, bureau, asked)


def _write(report: Report, run: CheckRun, bureau: Bureau, asked: Asked) -> None:
    from zhubao.audit.leads.write import leads_change
    from zhubao.ledger.change_report import counts

    change = leads_change(run, formats_of(bureau))
    arguments = {"as_of": run.facts.as_of.isoformat(), "checks": len(run.checks)}
    if asked.as_json:
        counted = replace(report, facts={**report.facts, **counts(change)})
        answer_script(counted, change, bureau, _WRITE, asked, arguments)
    else:
        say("")
        carry_out(change, bureau, _WRITE, asked, arguments)
