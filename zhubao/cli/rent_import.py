"""`zhubao rent import` and `zhubao rent suspense`: lists from the bank, money nobody claimed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhubao.cli.background import being_read
from zhubao.cli.options import AsOf, Json, Out, ShowAll, chosen_bureau, cut_off, parse_date
from zhubao.cli.output import finish, save_workbook, say, show
from zhubao.cli.rent_receive import DateText, MonthText
from zhubao.cli.writing import Asked, DryRun, Yes, carry_out_reported, formats_of
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded
    from zhubao.rent.receipts.statement_import import ImportResult


def import_statement(
    context: typer.Context,
    statement: Annotated[
        Path, typer.Argument(metavar="流水", help="银行流水或收款清单：.xlsx、.xls、.csv、.txt")
    ],
    columns: Annotated[
        str,
        typer.Option("--map", metavar="列", help="指明列，如 金额=贷方金额,日期=交易日"),
    ] = "",
    method: Annotated[
        str, typer.Option("--method", metavar="方式", help="流水里没有收款方式时写什么")
    ] = "银行转账",
    as_of: AsOf = None,
    out: Out = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """导入银行流水或收款清单。

    逐行认出是哪一户的款，依次看：家庭编号、合同编号、房源地址、户名和金额。
    确定的写入“实收”，不明的写入“待认款”，存疑的只列出、不写入。已导入过的行自动跳过。
    先生成一份核对工作簿（reports 文件夹），再预览、问一次、写入。
    有读不出的行时退出码为 1，其余的照常。
    """
    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    result, loaded = _read_and_sort(context, bureau, statement, columns, day)
    from zhubao.rent.receipts.report import import_report
    from zhubao.rent.receipts.rows import import_change

    findings = loaded.findings
    report = import_report(result, bureau=bureau.name, ledger_findings=findings, origin=origin)
    change = import_change(result, loaded, formats_of(bureau), method)
    if out is not None or not as_json:
        target = out or bureau.root / "reports" / f"导入核对_{statement.stem}_{day}.xlsx"
        say(f"核对工作簿：{save_workbook(report, target, bureau.root)}", as_json=as_json)
    arguments = {"statement": statement.name, "map": columns, "as_of": day.isoformat()}
    carry_out_reported(report, change, bureau, "rent import", asked, arguments)
    finish(list(report.findings))


def _read_and_sort(
    context: typer.Context, bureau: Bureau, statement: Path, columns: str, day: dt.date
) -> tuple[ImportResult, Loaded]:
    """The list is read while the ledgers are."""
    from zhubao.rent.receipts.needs import IMPORT_MODELS

    loading = being_read(context.obj, bureau, IMPORT_MODELS)
    from zhubao.ledger.statement_file import read_statement_file
    from zhubao.ledger.unread import refuse_unread
    from zhubao.rent.receipts.columns import parse_map
    from zhubao.rent.receipts.lines import read_statement
    from zhubao.rent.receipts.statement_import import sort_lines

    lines = read_statement(read_statement_file(statement), parse_map(columns))
    loaded = loading.result()
    refuse_unread(loaded, *IMPORT_MODELS)
    return sort_lines(lines, loaded, day), loaded


def suspense(
    context: typer.Context,
    claim: Annotated[
        str, typer.Option("--claim", metavar="挂账编号", help="认领这一笔，如 GZ0001")
    ] = "",
    household: Annotated[
        str, typer.Option("--household", metavar="编号", help="记到哪一户，和 --claim 一起用")
    ] = "",
    month: MonthText = None,
    date: DateText = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """列出待认款；加 --claim 和 --household 认领一笔。

    列表里的“可能是”按现在的台账重新认一遍，供人判断。
    认领时，这笔款按原来的收款日期写入“实收”，“待认款”里改为已认领。
    """
    from zhubao.rent.receipts.needs import IMPORT_MODELS

    if bool(claim) != bool(household):
        raise UsageError(
            "认领要同时写挂账编号和家庭编号",
            advice="如 zhubao rent suspense --claim GZ0001 --household JT000123",
        )
    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    if claim:
        on = parse_date(date, "--date")
        asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
        _claim(bureau, (claim, household, month), day, on, asked)
        return
    from zhubao.ledger.unread import absent
    from zhubao.rent.receipts.suspense import suspense_report

    loaded = bureau.load(*IMPORT_MODELS)
    report = suspense_report(loaded, day, bureau=bureau.name, findings=absent(loaded))
    show(report, as_json=as_json, show_all=show_all)
    finish(list(report.findings))


def _claim(
    bureau: Bureau,
    words: tuple[str, str, str | None],
    day: dt.date,
    on: dt.date | None,
    asked: Asked,
) -> None:
    from zhubao.ledger.unread import refuse_unread
    from zhubao.rent.receipts.needs import IMPORT_MODELS
    from zhubao.rent.receipts.receiving import parse_month
    from zhubao.rent.receipts.suspense import claim, claim_change, claim_report

    number, household, month = words
    loaded = bureau.load(*IMPORT_MODELS)
    refuse_unread(loaded, *IMPORT_MODELS)
    claimed = claim(number, household, loaded, day, day=on, month=parse_month(month))
    report = claim_report(claimed, bureau=bureau.name)
    change = claim_change(claimed, loaded, formats_of(bureau))
    arguments = {"claim": claimed.suspense_no, "household": claimed.household}
    carry_out_reported(report, change, bureau, "rent suspense", asked, arguments)
