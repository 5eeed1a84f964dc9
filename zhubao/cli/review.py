"""`zhubao review …`: 年审 from the year's list to the notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.cli.options import (
    AsOf,
    Json,
    ReportFile,
    ShowAll,
    chosen_bureau,
    cut_off,
    parse_period,
)
from zhubao.cli.output import finish, save_report, say, show
from zhubao.cli.writing import Asked, DryRun, Yes, carry_out_reported, formats_of
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    from zhubao.ledger.bureau import Bureau
    from zhubao.services.review.foreign_list import ForeignList
    from zhubao.services.review.places import Where


Year = Annotated[int, typer.Option("--year", metavar="年度", help="年审年度，如 2020")]
Street = Annotated[str, typer.Option("--street", metavar="街道", help="只看一个街道")]
Community = Annotated[str, typer.Option("--community", metavar="社区", help="只看一个社区")]
Paper = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--out", metavar="文件", help="打印填写的清单（.xlsx 或 .docx），每个社区一张"),
]
Register = Annotated[bool, typer.Option("--write", help="把年审表里还没有的家庭登记进去，结论待定")]
Filled = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Argument(metavar="清单", help="填好的年审清单（review list --out 生成的）"),
]
Matches = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option(
        "--matches",
        metavar="[种类=]文件",
        help="外部名单（xlsx 或 csv），如 不动产=房产.xlsx；可写多次，看得出种类的不用写",
    ),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="与台账不同的以清单为准")]
ReportYear = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--year", metavar="年度", help="年审年度；默认期间或截止日期所在的年"),
]
PeriodText = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--period", metavar="期间", help="只计这个期间作出的结论，如 2020-H1"),
]


def list_households(
    context: typer.Context,
    year: Year,
    street: Street = "",
    community: Community = "",
    as_of: AsOf = None,
    out: Paper = None,
    write: Register = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """年审名单：截止日期在保的家庭，写明是实物配租、租赁补贴还是轮候。

    --out 生成打印用的清单，每个社区一张，右边留空填申报月收入、人口、住房面积和签名；姓名是全的。
    填好的 .xlsx 用 zhubao review enter 录入。--write 登记年审表里还没有的家庭，再运行不会重复。
    """
    from zhubao.services.review.listing import list_change, list_report, list_year, paper_report
    from zhubao.services.review.needs import REVIEW_MODELS

    if (dry_run or yes) and not write:
        raise UsageError("--dry-run 和 --yes 只和 --write 一起用", advice="要登记，请加 --write。")
    bureau, day, origin = opened_year(context, as_of, year)
    loaded = bureau.load(*REVIEW_MODELS)
    listed = list_year(loaded, year, day, place(street, community))
    made = list_report(listed, bureau=bureau.name, origin=origin, findings=loaded.findings)
    if out is not None:
        paper = paper_report(listed, bureau=bureau.name)
        say(f"打印用的清单：{save_report(paper, out, bureau.root)}", as_json=as_json)
    if write:
        change = list_change(listed, formats_of(bureau))
        asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
        arguments = {"year": year, "as_of": day.isoformat()}
        carry_out_reported(made, change, bureau, "review list --write", asked, arguments)
    else:
        show(made, as_json=as_json, show_all=show_all, notices=False)
    finish(list(made.findings))


def enter(
    context: typer.Context,
    year: Year,
    file: Filled = None,
    matches: Matches = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    out: ReportFile = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """录入年审申报和名单比对结果，写入“年审”表。

    清单：每张表都读，填了的行录入，空着的不动；与台账不同的列出来，不改。重复录入不会重复。
    名单：按身份证号与每一位家庭成员比对，15 位与 18 位算同一个，空着的不比；只有姓名相同的另列。
    种类：不动产、车辆、工商登记、死亡、公积金、养老保险、财政供养、低保、其他。
    命中写入“比对情况”，是疑点；核实后在那一段末尾写“—属实”或“—已排除：理由”。
    """
    from zhubao.services.review.declared_file import read_declared
    from zhubao.services.review.entry_report import entry_report, take_in
    from zhubao.services.review.needs import REVIEW_MODELS
    from zhubao.services.review.population import review_year

    if file is None and not matches:
        raise UsageError("没有要录入的", advice="请写填好的清单，或 --matches 名单文件。")
    bureau, day, _ = opened_year(context, as_of, year)
    lists = _foreign_lists(matches or [])
    declared = read_declared(file, bureau.config) if file is not None else None
    view = review_year(bureau.load(*REVIEW_MODELS), year, day)
    taken = take_in(view, declared, lists, formats_of(bureau), overwrite=overwrite)
    made = entry_report(taken, bureau=bureau.name)
    if out is not None:
        say(f"报表：{save_report(made, out, bureau.root)}", as_json=as_json)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    names = [*([file.name] if file else []), *(one.name for one in lists)]
    arguments = {"year": year, "files": names}
    carry_out_reported(made, taken.change, bureau, "review enter", asked, arguments)
    finish(list(made.findings))


def propose(
    context: typer.Context,
    year: Year,
    street: Street = "",
    community: Community = "",
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """年审建议：逐户列出继续保障、调整类型、退出还是待定，写明规则和数字。

    看收入、人均住房面积、疑点、另有住房、未了结的违规与变动、补贴期限、成员死亡和申报是否齐全；
    欠租、违规、人口变化写在备注里。没有申报或疑点没有核实的待定，并列出催报名单。
    只是建议，台账不改；收入标准写在 zhubao.toml 的 [policy.review.income_limits]。
    """
    from zhubao.services.review.needs import PROPOSAL_MODELS
    from zhubao.services.review.proposal_report import proposals_report
    from zhubao.services.review.proposing import propose as compute

    bureau, day, origin = opened_year(context, as_of, year)
    loaded = bureau.load(*PROPOSAL_MODELS)
    made = proposals_report(
        compute(loaded, year, day, bureau.config.policy),
        where=place(street, community),
        bureau=bureau.name,
        findings=loaded.findings,
        origin=origin,
    )
    show(made, as_json=as_json, show_all=show_all, notices=False)
    if out is not None:
        say(f"报表：{save_report(made, out, bureau.root)}", as_json=as_json)
    finish(list(made.findings))


def report(
    context: typer.Context,
    year: ReportYear = None,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """年审情况：应审、已审结、继续、调整、退出、未申报、有疑点、已告知，各有分子分母。

    按街道、社区、保障类型、保障方式分列；--period 只计期间内作出的结论。
    """
    from zhubao.services.review.needs import REVIEW_MODELS
    from zhubao.services.review.review_report import review_report

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    span = parse_period(period, day) if period is not None else None
    chosen = year if year is not None else (span.start if span else day).year
    _refuse_year(chosen, day)
    loaded = bureau.load(*REVIEW_MODELS)
    made = review_report(
        loaded,
        chosen,
        day,
        period=span,
        overrides=bureau.config.policy,
        bureau=bureau.name,
        origin=origin,
        findings=loaded.findings,
    )
    show(made, as_json=as_json, show_all=show_all, notices=False)
    if out is not None:
        say(f"报表：{save_report(made, out, bureau.root)}", as_json=as_json)
    finish(list(made.findings))


def opened_year(
    context: typer.Context, as_of: str | None, year: int
) -> tuple[Bureau, dt.date, str]:
    """The bureau, the cut-off day and its origin; a year that cannot be is refused."""
    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    _refuse_year(year, day)
    return bureau, day, origin


def _refuse_year(year: int, day: dt.date) -> None:
    from zhubao.services.review.listing import refuse_wrong_year

    refuse_wrong_year(year, day)


def place(street: str, community: str) -> Where:
    """The part of the district named by --street and --community."""
    from zhubao.services.review.places import Where

    return Where(street.strip(), community.strip())


def _foreign_lists(words: Sequence[str]) -> list[ForeignList]:
    """不动产=房产.xlsx, or a file whose kind its headers show."""
    from zhubao.services.review.foreign_list import read_foreign_list
    from zhubao.services.review.leads import ListKind

    found = []
    for word in words:
        name, mark, rest = word.partition("=")
        kind = next((one for one in ListKind if mark and one.value == name.strip()), None)
        found.append(read_foreign_list(Path(rest if kind else word), kind))
    return found
