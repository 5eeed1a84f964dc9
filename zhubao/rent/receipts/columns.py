"""Which column of a bank's or cashier's list is what: headers seen in practice, and `--map`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from zhubao.core.errors import UsageError
from zhubao.excel.columns import ColumnSpec
from zhubao.excel.header import header_key
from zhubao.excel.kinds import CellKind

SPECS: tuple[ColumnSpec, ...] = (
    ColumnSpec(
        "day",
        "日期",
        (
            "交易日期", "入账日期", "记账日期", "到账日期", "收款日期", "缴款日期", "交易时间",
            "入账时间", "记账时间", "交易日", "记账日", "入账日", "收款时间", "缴费日期",
        ),
        CellKind.DATE,
        required=True,
    ),
    ColumnSpec(
        "amount",
        "金额",
        (
            "交易金额", "发生额", "收款金额", "实收金额", "缴款金额", "缴费金额", "实缴金额",
            "到账金额", "入账金额",
        ),
        CellKind.MONEY,
    ),
    ColumnSpec(
        "credit",
        "贷方金额",
        (
            "收入金额", "贷方发生额", "贷方", "收入", "存入金额", "存入", "转入金额",
            "贷方金额收入", "收入贷方", "贷方收入",
        ),
        CellKind.MONEY,
    ),
    ColumnSpec(
        "debit",
        "借方金额",
        (
            "支出金额", "借方发生额", "借方", "支出", "支取金额", "支取", "转出金额",
            "借方金额支出", "支出借方", "借方支出",
        ),
        CellKind.MONEY,
    ),
    ColumnSpec(
        "direction",
        "借贷标志",
        ("借贷方向", "借贷", "收支标志", "收支", "收付标志", "收支方向", "借/贷", "收/支"),
    ),
    ColumnSpec(
        "payer",
        "户名",
        (
            "对方户名", "付款人", "缴款人", "付款人名称", "付款人户名", "付款户名", "对方名称",
            "对方账户名称", "对方单位", "交易对手", "对方", "付款方", "缴费人", "交款人", "姓名",
            "租户姓名", "承租人",
        ),
    ),
    ColumnSpec(
        "account",
        "对方账号",
        ("对方帐号", "对方账户", "付款账号", "付款人账号", "付款帐号", "缴款账号", "银行卡号"),
    ),
    ColumnSpec("memo", "摘要", ("交易摘要", "业务摘要")),
    ColumnSpec("postscript", "附言", ("交易附言", "留言", "客户附言")),
    ColumnSpec("purpose", "用途", ("交易用途", "款项用途")),
    ColumnSpec("remark", "备注", ("说明", "交易备注")),
    ColumnSpec(
        "serial",
        "流水号",
        (
            "交易流水", "交易流水号", "银行流水号", "业务流水号", "流水", "凭证号", "凭证号码",
            "收据号", "票据号", "回单编号", "回单号",
        ),
    ),
    ColumnSpec("household", "家庭编号", ("户编号", "租户编号", "户号", "保障编号")),
    ColumnSpec("decided", "认定家庭编号", ("认定户号", "认定编号", "核定家庭编号")),
    ColumnSpec("lease", "合同编号", ("合同号",)),
    ColumnSpec("estate", "小区", ("小区名称",)),
    ColumnSpec("building", "楼栋", ("栋号", "幢号", "楼号")),
    ColumnSpec("entrance", "单元", ("单元号",)),
    ColumnSpec(
        "address",
        "房源",
        ("地址", "房号", "房源编号", "房屋地址", "住址", "房屋坐落", "坐落", "室号"),
    ),
    ColumnSpec(
        "month",
        "账单期",
        ("所属月份", "所属期", "指定账单期", "费用月份", "缴费月份", "缴纳月份"),
        CellKind.MONTH,
    ),
    ColumnSpec("method", "收款方式", ("缴款方式", "支付方式", "缴费方式", "交易渠道")),
)  # fmt: skip

AMOUNTS = ("amount", "credit", "debit")


def parse_map(text: str) -> dict[str, str]:
    """`金额=贷方金额,日期=交易日` as field → header of the file; an empty header drops the field.

    The left word is any header known for the field. Raises `UsageError` for a word that is not,
    for a pair without “=”, and for a word given twice.
    """
    chosen: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.replace("，", ",").split(","))):
        word, sign, header = pair.replace("＝", "=").partition("=")
        key = _field_of(word)
        if not sign or key is None or key in chosen:
            raise UsageError(
                f"--map 里的“{pair}”看不懂",
                advice="请写成 字段=表头，如 金额=贷方金额,日期=交易日。字段可用："
                + "、".join(spec.header for spec in SPECS),
            )
        chosen[key] = header.strip()
    return chosen


def specs_with(mapped: Mapping[str, str]) -> tuple[ColumnSpec, ...]:
    """The columns to look for; a header given to one field is taken from every other."""
    given = {header_key(header) for header in mapped.values()}
    return tuple(made for spec in SPECS if (made := _mapped_spec(spec, mapped, given)) is not None)


def missing_headers(mapped: Mapping[str, str], found: Sequence[str]) -> list[str]:
    """The headers of `--map` that are not among those of the file."""
    known = {header_key(text) for text in found}
    return [header for header in mapped.values() if header and header_key(header) not in known]


def _mapped_spec(spec: ColumnSpec, mapped: Mapping[str, str], given: set[str]) -> ColumnSpec | None:
    if spec.key in mapped:
        header = mapped[spec.key]
        return replace(spec, header=header, aliases=()) if header else None
    names = [name for name in (spec.header, *spec.aliases) if header_key(name) not in given]
    return replace(spec, header=names[0], aliases=tuple(names[1:])) if names else None


def _field_of(word: str) -> str | None:
    wanted = header_key(word)
    names = ((spec.key, name) for spec in SPECS for name in (spec.header, *spec.aliases))
    return next((key for key, name in names if header_key(name) == wanted), None)
