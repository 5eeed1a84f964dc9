"""`zhubao subsidy roll`: the quarter's payment roll, the bank's file, and what the bank answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from zhubao.cli.options import Json, ShowAll, chosen_bureau, cut_off, parse_date
from zhubao.cli.output import finish, save_report, say, show
from zhubao.cli.writing import (
    Asked,
    DryRun,
    Yes,
    answer_script,
    carry_out,
    carry_out_reported,
    formats_of,
)
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded
    from zhubao.subsidy.rental.bank_file import BankFile, BankMap
    from zhubao.subsidy.rental.roll import Roll
    from zhubao.subsidy.rental.roll_change import Returned, Settled

QuarterText = Annotated[
    Optional[str],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--quarter", metavar="季度", help="发放哪个季度，如 2020-Q2"),
]
RollNo = Annotated[
    str, typer.Option("--roll-no", metavar="批次", help="发放批次；不写则按日期编，如 FP202007")
]
DateText = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--date", metavar="日期", help="造表、到账或退回的日期；默认截止日期"),
]
MapName = Annotated[
    str, typer.Option("--bank-map", metavar="格式", help="银行文件的格式：通用、文本、表格或本局的")
]
Folder = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--out", metavar="文件夹", help="发放表和银行文件写到哪里；默认 reports 里"),
]
Late = Annotated[str, typer.Option("--late", metavar="原因", help="晚于年末期限仍发放的原因")]
PaidRoll = Annotated[str, typer.Option("--paid", metavar="批次", help="这一批到账了：标为已发放")]
Voucher = Annotated[str, typer.Option("--voucher", metavar="号码", help="到账的凭证号")]
Bounced = Annotated[
    str,
    typer.Option("--bounced", metavar="编号或文件", help="银行退回：发放编号，或银行退回清单"),
]
Reason = Annotated[str, typer.Option("--reason", metavar="原因", help="银行退回的原因")]
Again = Annotated[
    str, typer.Option("--files", metavar="批次", help="重出一批待发放的银行文件，不改台账")
]


def roll(
    context: typer.Context,
    quarter: QuarterText = None,
    roll_no: RollNo = "",
    date: DateText = None,
    bank_map: MapName = "通用",
    out: Folder = None,
    late: Late = "",
    paid: PaidRoll = "",
    voucher: Voucher = "",
    bounced: Bounced = "",
    reason: Reason = "",
    files: Again = "",
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """发放一个季度的租赁补贴：只发已签到、在发放期、没有住公租房、没有发过的。

    先列出发放表、合计（大写）、各类各社区合计、不发的每一条原因和单元格；预览、问一次，
    写入“发放”表（待发放），再生成发放表（.xlsx、.docx，供签字）和银行批量文件。
    同一季度可重复运行，发过的不再发；银行退回的可以重发。
    到账后用 --paid 批次 标为已发放；退回的用 --bounced 发放编号或清单 登记。
    """
    bureau = chosen_bureau(context)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    if sum(map(bool, (quarter, paid, bounced, files))) != 1:
        raise UsageError(
            "做什么没有说清", advice="请写 --quarter、--paid、--bounced、--files 中的一个。"
        )
    day, _ = cut_off(date and str(parse_date(date, "--date")), bureau.config.as_of)
    if paid or bounced:
        words = {"voucher": voucher, "reason": reason, "roll_no": roll_no}
        _settle(bureau, paid, bounced, day, words, asked)
    elif files:
        _again(bureau, files, bank_map, day, out, as_json=as_json)
    else:
        order = {"quarter": quarter, "roll_no": roll_no, "late": late, "bank_map": bank_map}
        _roll(bureau, order, day, out, asked)


def _roll(
    bureau: Bureau, wanted: dict[str, Any], day: dt.date, out: Path | None, asked: Asked
) -> None:
    from zhubao.ledger.checks.keys import with_repeats
    from zhubao.subsidy.rental.bank_file import bank_map, make_bank_file
    from zhubao.subsidy.rental.needs import SUBSIDY_MODELS
    from zhubao.subsidy.rental.quarters import parse_quarter
    from zhubao.subsidy.rental.roll import RollOrder, make_roll
    from zhubao.subsidy.rental.roll_change import roll_change
    from zhubao.subsidy.rental.roll_checks import roll_findings
    from zhubao.subsidy.rental.roll_report import roll_report, transfers_of

    rules = bureau.config.policy
    chosen = bank_map(wanted["bank_map"], day, rules)
    order = RollOrder(parse_quarter(wanted["quarter"]), day, wanted["roll_no"], wanted["late"])
    loaded = with_repeats(bureau.load(*SUBSIDY_MODELS))
    _refuse_unread(loaded)
    made = make_roll(loaded, order, overrides=rules)
    bank_file = make_bank_file(transfers_of(made), chosen)
    content = _content(bank_file)  # an account or name the file cannot take stops the run here
    found = (*loaded.findings, *roll_findings(made, overrides=rules))
    report = roll_report(made, bureau=bureau.name, findings=found)
    arguments = {"quarter": order.quarter.label, "roll": made.roll_no, "date": day.isoformat()}
    change = roll_change(made, formats_of(bureau))
    if asked.as_json:
        done = answer_script(report, change, bureau, "subsidy roll", asked, arguments)
    else:
        show(report, as_json=False, show_all=asked.show_all, notices=False)
        say("")
        done = carry_out(change, bureau, "subsidy roll", asked, arguments)
    if done:
        _save(bureau, made, bank_file, content, out, asked)
    finish(list(report.findings))


def _save(
    bureau: Bureau,
    made: Roll,
    bank_file: BankFile,
    content: bytes,
    out: Path | None,
    asked: Asked,
) -> None:
    """The roll to be signed, and the bank's file; only for payments that are in the ledger."""
    from zhubao.core.money import format_yuan
    from zhubao.subsidy.rental.roll_report import roll_report

    label = f"{made.order.quarter.label}_{made.roll_no}"
    folder = out or bureau.root / "reports" / f"补贴发放_{label}"
    paper = roll_report(made, on_paper=True, bureau=bureau.name)
    for suffix in (".xlsx", ".docx"):
        shown = paper if suffix == ".xlsx" else replace(paper, tables=paper.tables[:4])
        path = save_report(shown, folder / f"发放表_{label}{suffix}", bureau.root, landscape=True)
        say(f"发放表：{path}", as_json=asked.as_json)
    path = _write_bank(bank_file, content, folder / f"银行批量_{label}")
    total = format_yuan(bank_file.total)
    say(
        f"银行文件：{path}（{len(bank_file.rows):,} 笔，合计 {total} 元，与发放表一致）",
        as_json=asked.as_json,
    )


def _again(
    bureau: Bureau, roll_no: str, name: str, day: dt.date, out: Path | None, *, as_json: bool
) -> None:
    """The bank's file of a roll in the ledger once more."""
    from zhubao.core.money import format_yuan
    from zhubao.subsidy.rental.bank_file import bank_map, make_bank_file
    from zhubao.subsidy.rental.needs import SUBSIDY_MODELS
    from zhubao.subsidy.rental.roll_report import transfers_on_record

    chosen = bank_map(name, day, bureau.config.policy)
    transfers = transfers_on_record(bureau.load(*SUBSIDY_MODELS), roll_no)
    made = make_bank_file(transfers, chosen)
    folder = out or bureau.root / "reports" / f"补贴发放_{roll_no}"
    path = _write_bank(made, _content(made), folder / f"银行批量_{roll_no}")
    total = f"{len(made.rows):,} 笔，合计 {format_yuan(made.total)} 元"
    say(f"银行文件：{path}（{total}）", as_json=as_json)


def _settle(
    bureau: Bureau,
    paid: str,
    bounced: str,
    day: dt.date,
    words: dict[str, str],
    asked: Asked,
) -> None:
    from zhubao.subsidy.rental.needs import SUBSIDY_MODELS
    from zhubao.subsidy.rental.roll_change import mark_bounced, mark_paid, settle_change
    from zhubao.subsidy.rental.roll_report import settle_report

    loaded = bureau.load(*SUBSIDY_MODELS)
    settled: Settled
    if paid:
        settled = mark_paid(loaded, paid, day, words["voucher"], overrides=bureau.config.policy)
    else:
        returned = _returned(bureau, bounced)
        settled = mark_bounced(loaded, returned, day, words["reason"], words["roll_no"])
    report = settle_report(settled, bureau=bureau.name)
    change = settle_change(settled, formats_of(bureau))
    command = f"subsidy roll {'--paid' if paid else '--bounced'}"
    arguments = {"what": paid or Path(bounced).name, "date": day.isoformat()}
    carry_out_reported(report, change, bureau, command, asked, arguments)
    finish(list(settled.findings))


def _returned(bureau: Bureau, text: str) -> list[Returned]:
    """The payments named: one number, or every row of the bank's list."""
    from zhubao.ledger.subsidies import SubsidyPayment
    from zhubao.subsidy.rental.roll_change import Returned, returned_of

    path = Path(text)
    if not (path.suffix or path.exists()):
        return [Returned(payment_no=text)]
    from zhubao.ledger.registers.incoming import read_incoming

    every = tuple(SubsidyPayment.model_fields)
    incoming = read_incoming(path, SubsidyPayment, bureau.config, may_lack=every)
    found = returned_of(incoming.table)
    if not found:
        raise UsageError(
            f"{path.name} 里没有读出退回的发放（要有“发放编号”，或“银行账号”和“发放金额”）",
            advice="请核对文件的表头；表头另有叫法的，在 zhubao.toml 的 [aliases] 里登记。",
        )
    return found


def _content(made: BankFile) -> bytes:
    """The bytes of a text file; nothing for a workbook, which is written cell by cell."""
    from zhubao.subsidy.rental.bank_file import bank_bytes

    return b"" if made.map.type == "xlsx" else bank_bytes(made)


def _write_bank(made: BankFile, content: bytes, stem: Path) -> Path:
    from zhubao.core.output_file import replacing

    path = stem.with_name(stem.name + made.map.suffix)
    with replacing(path) as stream:
        if made.map.type == "xlsx":
            _workbook(made, made.map, stream)
        else:
            stream.write(content)
    return path


def _workbook(made: BankFile, chosen: BankMap, stream: Any) -> None:
    """Accounts and everything else as text, amounts as numbers; the sum proved beforehand."""
    import xlsxwriter

    from zhubao.subsidy.rental.bank_file import prove_sum

    prove_sum(made, [row[made.amount_column] for row in made.rows])
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    text, money = book.add_format({"num_format": "@"}), book.add_format({"num_format": "0.00"})
    start = 1 if chosen.header else 0
    for column, header in enumerate(made.headers if chosen.header else ()):
        sheet.write_string(0, column, header)
    for number, row in enumerate(made.rows, start):
        for column, cell in enumerate(row):
            if column == made.amount_column:
                sheet.write_number(number, column, float(cell), money)
            else:
                sheet.write_string(number, column, cell, text)
    sheet.set_column(0, len(made.headers) - 1, 22)
    book.close()


def _refuse_unread(loaded: Loaded) -> None:
    """Without the sheets that say who was paid and who is housed, nobody can be paid."""
    from zhubao.subsidy.rental.roll import refuse_missing

    refuse_missing(loaded)
