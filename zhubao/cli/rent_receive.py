"""`zhubao rent receive` and `zhubao rent write-off`: one entry at the counter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.cli.options import AsOf, Json, chosen_bureau, cut_off, parse_date
from zhubao.cli.output import finish
from zhubao.cli.writing import Asked, DryRun, Yes, carry_out_reported, formats_of
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

    from zhubao.ledger.bureau import Bureau
    from zhubao.rent.receipts.write_off import WriteOffOrder

HouseholdNo = Annotated[str, typer.Option("--household", metavar="编号", help="家庭编号")]
MonthText = Annotated[
    Optional[str],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--month", metavar="月份", help="指定账单期，如 2020-06；不写则先抵最早的欠租"),
]
DateText = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--date", metavar="日期", help="日期，如 2020-06-30；默认截止日期"),
]


def receive(
    context: typer.Context,
    household: HouseholdNo,
    amount: Annotated[
        str, typer.Option("--amount", metavar="金额", help="收到的元数，如 480.50；冲正写负数")
    ],
    date: DateText = None,
    month: MonthText = None,
    method: Annotated[str, typer.Option("--method", metavar="方式", help="收款方式")] = "现金",
    payer: Annotated[str, typer.Option("--payer", metavar="姓名", help="缴款人")] = "",
    receipt_no: Annotated[
        str, typer.Option("--receipt-no", metavar="号码", help="收据号；不写则接着台账的号码编")
    ] = "",
    remark: Annotated[str, typer.Option("--remark", metavar="说明", help="备注")] = "",
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """登记一笔收款。

    先列出这笔款抵哪些月、还欠多少或预缴多少，再预览、问一次、写入 arrears.xlsx 的“实收”表。
    指定账单期的先抵该月，其余先抵最早的欠租；多出的记作预缴。冲正写负数，并用 --remark 写明原因。
    """
    from zhubao.ledger.unread import refuse_unread
    from zhubao.rent.receipts.needs import RECEIPT_MODELS
    from zhubao.rent.receipts.receiving import (
        ReceiptOrder,
        parse_amount,
        parse_month,
        receive_change,
        receive_report,
    )
    from zhubao.rent.receipts.receiving import receive as work_out

    fen, named = parse_amount(amount), parse_month(month)
    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    loaded = bureau.load(*RECEIPT_MODELS)
    refuse_unread(loaded, *RECEIPT_MODELS)
    on = parse_date(date, "--date") or day
    order = ReceiptOrder(household, fen, on, named, method, payer, receipt_no, remark)
    received = work_out(order, loaded, day)
    report = receive_report(received, bureau=bureau.name)
    change = receive_change(received, loaded, formats_of(bureau))
    arguments = {"household": received.order.household, "amount": amount, "date": on.isoformat()}
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    carry_out_reported(report, change, bureau, "rent receive", asked, arguments)
    finish(list(report.findings))


def write_off(
    context: typer.Context,
    household: HouseholdNo,
    authority: Annotated[
        str, typer.Option("--authority", metavar="依据", help="批准文号或会议纪要")
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="原因", help="核销原因")],
    amount: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--amount", metavar="金额", help="核销的元数，如 480.50"),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="全部核销（有 --month 时为该月全部）")
    ] = False,
    month: MonthText = None,
    date: DateText = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """核销一户的欠租。

    先列出核销哪些月、还欠多少，再预览、问一次、写入 arrears.xlsx 的“减免”表（类型“核销”）。
    批准依据和原因必填，写入台账；核销不能多于欠租。日期是批准日期。
    """
    from zhubao.rent.receipts.receiving import parse_amount, parse_month
    from zhubao.rent.receipts.write_off import WriteOffOrder

    if everything == (amount is not None):
        raise UsageError("核销多少没有说清", advice="请写 --amount 金额，或写 --all 全部核销。")
    fen, named = parse_amount(amount) if amount is not None else None, parse_month(month)
    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    on = parse_date(date, "--date") or day
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json)
    _write_off(bureau, WriteOffOrder(household, fen, on, authority, reason, named), day, asked)


def _write_off(bureau: Bureau, order: WriteOffOrder, day: dt.date, asked: Asked) -> None:
    from zhubao.core.money import format_yuan
    from zhubao.ledger.unread import refuse_unread
    from zhubao.rent.receipts.needs import RECEIPT_MODELS
    from zhubao.rent.receipts.write_off import write_off, write_off_change, write_off_report

    loaded = bureau.load(*RECEIPT_MODELS)
    refuse_unread(loaded, *RECEIPT_MODELS)
    result = write_off(order, loaded, day)
    report = write_off_report(result, bureau=bureau.name)
    change = write_off_change(result, loaded, formats_of(bureau))
    arguments = {
        "household": result.order.household,
        "amount": format_yuan(result.amount),
        "authority": result.order.authority,
    }
    carry_out_reported(report, change, bureau, "rent write-off", asked, arguments)
