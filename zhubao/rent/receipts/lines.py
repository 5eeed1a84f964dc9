"""The lines of a bank's or cashier's list, typed and located; what cannot be read is a finding."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.core.money import format_yuan
from zhubao.core.period import Month
from zhubao.excel.address import column_number
from zhubao.excel.amounts import read_money
from zhubao.excel.rows import Reason
from zhubao.excel.sheet import RawSheet
from zhubao.excel.table import TypedTable, read_table
from zhubao.ledger.statement_file import StatementFile
from zhubao.rent.receipts.columns import AMOUNTS, missing_headers, specs_with

SHEET_NOT_READ = declare(
    "RE-221",
    "这张表不是流水",
    Severity.WARNING,
    "“{sheet}”表里没有找到日期和金额两列，没有读取",
    "如果它也是流水，请用 --map 指明列，如 --map 金额=贷方金额,日期=交易日",
    bad="工作簿里另有一张没有日期列的“说明”",
    good="每张表都有日期和金额",
)
AMOUNT_UNCLEAR = declare(
    "RE-222",
    "流水的金额读不出",
    Severity.ERROR,
    "这一行{reason}，没有导入",
    "对照银行回单改正这一行，再导入一次（已入账的会自动跳过）",
    bad="贷方、借方两栏都填了数",
    good="每行只有一个金额",
)
DAY_UNCLEAR = declare(
    "RE-223",
    "流水没有日期",
    Severity.ERROR,
    "这一行没有日期，没有导入",
    "对照银行回单补上日期，再导入一次（已入账的会自动跳过）",
    bad="金额 480.50 的一行“交易日期”空着",
    good="每行都有交易日期",
)
TOTAL_DIFFERS = declare(
    "RE-224",
    "流水的合计与各行之和不符",
    Severity.WARNING,
    "合计行写的是 {stated} 元，各行相加是 {summed} 元，相差 {gap} 元",
    "核对是否漏行、有读不出的行，或合计行没有更新",
    bad="合计 1,000.00，各行相加 980.00",
    good="合计等于各行之和",
)

_IN = re.compile(r"贷|收|入|转入|来|存|C(?:R|REDIT)?$|\+")
_OUT = re.compile(r"借|支|付|出|转出|往|取|D(?:R|EBIT)?$|-")
_REVERSAL = re.compile(r"冲正|冲销|红冲|冲红|抹账|退款|退回|退还|退汇")
_TAKEN_BACK = re.compile(r"冲正|冲销|红冲|冲红|抹账")
_PAID_AGAIN = re.compile(r"重[新]?[缴交付转汇]|再[次]?[缴交付转汇]|补[缴交]|后缴")
_WORDS = ("memo", "postscript", "purpose", "remark")
_DECIDING = {
    "household": "家庭编号",
    "decided": "认定家庭编号",
    "lease": "合同编号",
    "month": "账单期",
}
_SHOWN_HEADERS = 20


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of the list. `amount` in fen: money in is positive, money out negative.

    `is_out`: from the debit side. `reverses`: it takes earlier money back (see `_reading`).
    `doubt`: what in the line could not be read or contradicts itself, so that nobody is sure of it.
    """

    place: Cell
    day: dt.date
    amount: int
    payer: str = ""
    account: str = ""
    memo: str = ""
    serial: str = ""
    household: str = ""
    decided: str = ""
    lease: str = ""
    address: str = ""
    month: Month | None = None
    method: str = ""
    is_out: bool = False
    reverses: bool = False
    doubt: str = ""


@dataclass(slots=True)
class Statement:
    """All lines of a list; `unreadable` are the places of lines that could not be read."""

    file: str
    lines: list[StatementLine] = field(default_factory=list)
    unreadable: list[Cell] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def total(self) -> int:
        """The sum of all readable lines, in fen."""
        return sum(line.amount for line in self.lines)


def read_statement(source: StatementFile, mapped: Mapping[str, str] | None = None) -> Statement:
    """The lines of every sheet that has a date and an amount; `mapped` is `parse_map`'s answer.

    Raises `UsageError`, with the headers seen, when there is no such sheet or a mapped header is
    not in the file. All faults of cells are findings, none is passed over in silence.
    """
    specs = specs_with(mapped or {})
    statement = Statement(source.name, findings=list(source.findings))
    read = 0
    headers = [text for sheet in source.sheets for text in _headers_of(sheet)]
    _refuse_unknown_headers(source, mapped or {}, headers)
    for sheet in source.sheets:
        table = read_table(sheet, specs)
        if table is None or "day" not in table.columns or not _amount_columns(table):
            statement.findings.append(
                SHEET_NOT_READ.at(Cell(sheet.file, sheet.name), sheet=sheet.name or sheet.file)
            )
            continue
        read += 1
        _Reading(sheet, table, statement).run()
    if not read:
        raise UsageError(
            "没有找到流水：哪张表里都没有日期和金额两列",
            where=source.name,
            advice="请用 --map 指明列，如 --map 金额=贷方金额,日期=交易日。"
            f"文件里的表头有：{'、'.join(headers[:_SHOWN_HEADERS]) or '（无）'}",
        )
    return statement


def _refuse_unknown_headers(
    source: StatementFile, mapped: Mapping[str, str], headers: Sequence[str]
) -> None:
    missing = missing_headers(mapped, headers)
    if missing:
        raise UsageError(
            f"文件里没有 --map 写的表头：{'、'.join(missing)}",
            where=source.name,
            advice=f"文件里的表头有：{'、'.join(headers[:_SHOWN_HEADERS]) or '（无）'}",
        )


def _headers_of(sheet: RawSheet) -> list[str]:
    """The texts of the row most likely to be the header: the most different texts, no digits."""
    rows = [_texts(row) for row in sheet.rows[:20]]
    return max(rows, key=len, default=[])


def _texts(row: Sequence[Any]) -> list[str]:
    texts = (" ".join(value.split()) for value in row if isinstance(value, str))
    return list(dict.fromkeys(text for text in texts if text and not re.search(r"\d", text)))


def _sign_of(values: Sequence[Any]) -> int:
    """-1 where a debit column has only amounts below zero, as some banks write it; else 1."""
    amounts = [value for value in values if value]
    return -1 if amounts and all(value < 0 for value in amounts) else 1


def _amount_columns(table: TypedTable) -> list[str]:
    return [key for key in AMOUNTS if key in table.columns]


class _Reading:
    """One sheet turned into lines."""

    def __init__(self, sheet: RawSheet, table: TypedTable, statement: Statement) -> None:
        self._sheet, self._table, self._statement = sheet, table, statement
        self._values = {key: column.values for key, column in table.columns.items()}
        self._amounts = _amount_columns(table)
        self._stated = dict.fromkeys(self._amounts, 0)  # sums of the columns as they are written
        self._debit_sign = _sign_of(self._values.get("debit", ()))

    def run(self) -> None:
        """Every record becomes a line or a finding."""
        self._keep_findings()
        for index in range(len(self._table.rows)):
            line = self._line(index)
            if line is None:
                self._statement.unreadable.append(self._place(index))
            else:
                self._statement.lines.append(line)
        self._compare_total()

    def _keep_findings(self) -> None:
        """A fault outside date and amounts leaves the line readable: no more than a warning."""
        letters = {self._table.columns[key].letter for key in ("day", *self._amounts)}
        for one in self._table.findings:
            ref = one.where.ref if one.where else ""
            helping = ref.rstrip("0123456789") not in letters
            if helping and one.severity is Severity.ERROR:
                one = replace(one, severity=Severity.WARNING)
            self._statement.findings.append(one)

    def _line(self, index: int) -> StatementLine | None:
        columns = self._table.columns
        if any(index in columns[key].bad for key in ("day", *self._amounts)):
            return None
        day = self._values["day"][index]
        amount = self._amount(index)
        if day is None:
            self._statement.findings.append(DAY_UNCLEAR.at(self._table.address(index, "day")))
        if isinstance(amount, str):
            where = self._table.address(index, self._amounts[0])
            self._statement.findings.append(AMOUNT_UNCLEAR.at(where, reason=amount))
        if day is None or isinstance(amount, str):
            return None
        return self._made(index, day, amount)

    def _made(self, index: int, day: dt.date, amount: int) -> StatementLine:
        memo = self._memo(index)
        is_out = amount < 0 and not self._signed(index)
        amount, reverses, doubt = self._reading(index, amount, memo)
        return StatementLine(
            place=self._place(index),
            day=day,
            amount=amount,
            payer=self._text(index, "payer"),
            account=self._text(index, "account").replace(" ", ""),
            memo=memo,
            serial=self._serial(index),
            household=self._text(index, "household"),
            decided=self._text(index, "decided"),
            lease=self._text(index, "lease"),
            address=self._address(index),
            month=self._value(index, "month"),
            method=self._text(index, "method"),
            is_out=is_out,
            reverses=reverses,
            doubt=doubt or self._doubt(index),
        )

    def _amount(self, index: int) -> int | str:
        """The line's amount, or in words why there is none."""
        stated = {key: self._value(index, key) for key in self._amounts}
        filled = {key: value for key, value in stated.items() if value}
        if "credit" in filled and "debit" in filled:
            return "贷方、借方两栏都有金额"
        if not filled:
            return "金额为 0" if 0 in stated.values() else "没有金额"
        if "debit" in filled:
            self._stated["debit"] += filled["debit"]
            return self._paid_out(index, int(filled["debit"]))
        column = "credit" if "credit" in filled else "amount"
        value = int(filled[column])
        self._stated[column] += value
        word = self._text(index, "direction").upper()
        if not word or "credit" in filled:
            return value
        if _OUT.match(word):
            taken_back = value < 0 and _TAKEN_BACK.search(self._memo(index))
            return "借方金额是负数，看不出是收是支" if taken_back else -abs(value)
        return value if _IN.match(word) else f"的借贷标志“{word[:10]}”看不懂"

    def _paid_out(self, index: int, value: int) -> int | str:
        """Money out, below zero; in words why the debit is none.

        A debit below zero is money out only where the bank writes all of them so. One taken back
        (红冲) is neither rent nor a refund of it.
        """
        if value < 0 and (self._debit_sign > 0 or _TAKEN_BACK.search(self._memo(index))):
            return "借方金额是负数，看不出是收是支"
        return -abs(value)

    def _signed(self, index: int) -> bool:
        """The minus stands in the amount column itself: a correction, not a payment out.

        Where the direction says out as well, it is a payment out written with a minus.
        """
        if _OUT.match(self._text(index, "direction").upper()):
            return False
        value = self._value(index, "amount") or self._value(index, "credit")
        return bool(value and value < 0)

    def _reading(self, index: int, amount: int, memo: str) -> tuple[int, bool, str]:
        """(amount, is it a reversal, doubt).

        Money below zero is a reversal when the amount itself is written so, or the words say so.
        A positive amount with such words is one too where the list has a single amount column
        without direction; it then counts below zero. In a credit column, or beside words of
        paying again, it is doubtful.
        """
        words = _REVERSAL.search(memo)
        if amount < 0:
            return amount, bool(words) or self._signed(index), ""
        if not words:
            return amount, False, ""
        one_column = self._value(index, "credit") is None and not self._text(index, "direction")
        if one_column and not _PAID_AGAIN.search(memo):
            return -amount, True, ""
        return amount, False, f"摘要有“{words[0]}”，金额却是收入"

    def _doubt(self, index: int) -> str:
        columns = self._table.columns
        bad = [
            title
            for key, title in _DECIDING.items()
            if key in columns and index in columns[key].bad
        ]
        return f"{'、'.join(bad)}看不懂" if bad else ""

    def _serial(self, index: int) -> str:
        """Blanks gone; a number that lost its last digits in Excel is no serial number."""
        text = self._text(index, "serial").replace(" ", "")
        return "" if re.search(r"[0-9][eE]\+?[0-9]", text) else text

    def _address(self, index: int) -> str:
        parts = [self._text(index, "estate")]
        for key, unit, marks in (("building", "栋", "栋幢楼座#"), ("entrance", "单元", "元门")):
            text = self._text(index, key)
            parts.append(text if not text or text[-1] in marks else text + unit)
        return " ".join(filter(None, [*parts, self._text(index, "address")]))

    def _compare_total(self) -> None:
        """Where the sheet has one total row, it must say what each column's lines sum to."""
        totals = [one for one in self._table.left_out if one.reason is Reason.SUBTOTAL]
        rows = [one.row for one in totals if "小计" not in one.text]
        if len(rows) != 1:
            return
        for key, summed in self._stated.items():
            column = self._table.columns[key]
            stated = read_money(self._sheet.rows[rows[0] - 1][column_number(column.letter) - 1])
            if stated.value in (None, summed) or column.unit:
                continue
            values = {"stated": stated.value, "summed": summed, "gap": stated.value - summed}
            where = Cell(self._sheet.file, self._sheet.name, f"{column.letter}{rows[0]}")
            shown = {name: format_yuan(value) for name, value in values.items()}
            self._statement.findings.append(TOTAL_DIFFERS.at(where, **shown))

    def _memo(self, index: int) -> str:
        """All columns of words in one text, each text once."""
        return " ".join(dict.fromkeys(filter(None, (self._text(index, key) for key in _WORDS))))

    def _value(self, index: int, key: str) -> Any:
        values = self._values.get(key)
        return values[index] if values is not None else None

    def _text(self, index: int, key: str) -> str:
        return str(self._value(index, key) or "")

    def _place(self, index: int) -> Cell:
        return self._table.address(index, self._amounts[0] if self._amounts else "day")
