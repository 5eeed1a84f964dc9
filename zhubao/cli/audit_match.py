"""`zhubao audit match`: an external list against every member of every household."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhubao.cli.options import AsOf, Json, ReportFile, ShowAll, chosen_bureau, cut_off
from zhubao.cli.output import finish, save_report, say, show
from zhubao.cli.writing import Asked, DryRun, Yes, carry_out_reported, formats_of
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

    from zhubao.audit.match.kinds import MatchKind
    from zhubao.audit.match.matching import MatchResult
    from zhubao.audit.match.members import Members
    from zhubao.core.finding import Finding
    from zhubao.core.report import Report
    from zhubao.ledger.bureau import Bureau

Kind = Annotated[
    str,
    typer.Argument(
        metavar="种类",
        help="车辆、不动产、预售、工商、死亡、公积金、养老、财政供养、低保（或 vehicles 等）",
    ),
]
ListFile = Annotated[Path, typer.Argument(metavar="名单", help="外部名单（.xlsx、.xls 或 .csv）")]
Write = Annotated[bool, typer.Option("--write", help="把须核实的命中写入“疑点”表，已有的不重复")]
_COMMAND = "audit match"


def match(
    context: typer.Context,
    kind: Kind,
    listed: ListFile,
    as_of: AsOf = None,
    out: ReportFile = None,
    write: Write = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """外部名单比对：按身份证号与每一名家庭成员比对，写明在保障期之前、之内还是之后。

    命中只是疑点，须核实，不是结论。只有姓名相同的另列，身份证号有误的行也列出。
    名单可以有一百万行；表头的叫法常见的都认得，日期、号牌、坐落、单位等一并列出。
    --write 把须核实的写入 audit.xlsx 的“疑点”表（先预览、问一次），同一条不写两次。

    例：zhubao audit match 车辆 车辆登记.xlsx --out 车辆疑点.xlsx
    """
    from zhubao.audit.match.kinds import kind_named
    from zhubao.audit.match.report import match_report

    if (dry_run or yes) and not write:
        raise UsageError(
            "--dry-run、--yes 与 --write 一起用", advice="要写入疑点的，请加 --write。"
        )
    wanted = kind_named(kind)
    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    passed_over: list[Finding] = []
    members, result = _compared(bureau, wanted, listed, day, passed_over)
    findings = (*members.loaded.findings, *passed_over)
    report = match_report(result, bureau=bureau.name, origin=origin, findings=findings)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    if write:
        _write(report, members, result, bureau, asked)
    else:
        show(report, as_json=as_json, show_all=show_all)
    if out is not None:
        say(f"报表：{save_report(report, out, bureau.root)}", as_json=as_json)
    finish(list(report.findings))


def _compared(
    bureau: Bureau, kind: MatchKind, listed: Path, day: dt.date, passed_over: list[Finding]
) -> tuple[Members, MatchResult]:
    from zhubao.audit.match.external_list import read_list
    from zhubao.audit.match.matching import match as compare
    from zhubao.audit.match.members import MATCH_MODELS, Members
    from zhubao.ledger.audit import Lead

    loaded = bureau.load(*MATCH_MODELS, Lead)
    members = Members(loaded, day, bureau.config.policy)
    return members, compare(members, read_list(listed, kind, passed_over), kind, listed.name)


def _write(
    report: Report, members: Members, result: MatchResult, bureau: Bureau, asked: Asked
) -> None:
    from zhubao.audit.match.leads import match_leads_change, matches_as_leads

    change = match_leads_change(
        matches_as_leads(result, members), result, members, formats_of(bureau)
    )
    arguments = {
        "kind": result.kind.value,
        "list": result.list_name,
        "as_of": members.as_of.isoformat(),
    }
    carry_out_reported(report, change, bureau, _COMMAND, asked, arguments)
