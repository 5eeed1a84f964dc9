"""The bank's batch file by a named column map: its bytes, and the proof that its sum is right."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhubao import policy
from zhubao.core.errors import OutputError, UsageError
from zhubao.core.money import format_yuan, parse_yuan, yuan
from zhubao.policy import PolicyInvalid
from zhubao.subsidy.rental.rules import Overrides

_CODE = "subsidy.bank_maps"
_TYPES = ("csv", "txt", "xlsx")
_ENCODINGS = {"GBK": "gbk", "GB18030": "gb18030", "UTF-8": "utf-8", "UTF-8-SIG": "utf-8-sig"}
_CONSTANT = "constant:"
_FIELDS = (
    "number", "payee", "bank_account", "bank", "amount", "purpose", "payment_no", "grant_no",
    "household_no", "roll_no", "quarter", "months",
)  # fmt: skip
DEFAULT_MAP = "通用"


@dataclass(frozen=True, slots=True)
class BankMap:
    """How one bank wants its file: (header, field) per column, in order."""

    name: str
    type: str
    columns: tuple[tuple[str, str], ...]
    encoding: str = "gbk"
    separator: str = ","
    header: bool = True
    in_fen: bool = False

    @property
    def suffix(self) -> str:
        """The file's ending, with the dot."""
        return f".{self.type}"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment for the bank; `amount` in fen."""

    payment_no: str
    payee: str
    bank_account: str
    bank: str
    amount: int
    grant_no: str = ""
    household_no: str = ""
    roll_no: str = ""
    quarter: str = ""
    months: int | None = None
    purpose: str = "租赁补贴"


@dataclass(frozen=True, slots=True)
class BankFile:
    """The cells of the file as text, amounts as the map wants them; `total` in fen."""

    map: BankMap
    rows: tuple[tuple[str, ...], ...]
    total: int

    @property
    def headers(self) -> tuple[str, ...]:
        """The header row."""
        return tuple(header for header, _ in self.map.columns)

    @property
    def amount_column(self) -> int:
        """The place of the amount among the columns."""
        return next(at for at, (_, field) in enumerate(self.map.columns) if field == "amount")


def bank_map(name: str, on: dt.date, overrides: Overrides = None) -> BankMap:
    """The map with this name: the bureau's own (policy `subsidy.bank_maps`), else the packaged one.

    Raises `UsageError` for an unknown name, `PolicyInvalid` for a map that cannot be used.
    """
    packaged, own = policy.at(_CODE, on), policy.at(_CODE, on, overrides)
    maps = {**packaged, **own} if isinstance(own, Mapping) else {}
    if name not in maps:
        raise UsageError(
            f"没有名为“{name}”的银行文件格式",
            advice=f"可用的格式：{'、'.join(maps)}；本局的写在 [policy.subsidy.bank_maps]。",
        )
    return _parsed(name, maps[name])


def make_bank_file(transfers: Sequence[Transfer], chosen: BankMap) -> BankFile:
    """The rows in the order of the roll."""
    rows = tuple(
        tuple(_text(field, number, one, chosen) for _, field in chosen.columns)
        for number, one in enumerate(transfers, 1)
    )
    return BankFile(chosen, rows, sum(one.amount for one in transfers))


def bank_bytes(file: BankFile) -> bytes:
    """A text file as bytes, lines ending in CR LF; its sum is proved from these bytes.

    Raises `OutputError` for a character the encoding lacks, or a cell that would break its line.
    """
    out = io.StringIO()
    rows = [file.headers, *file.rows] if file.map.header else list(file.rows)
    if file.map.type == "csv":
        csv.writer(out, delimiter=file.map.separator, lineterminator="\r\n").writerows(rows)
    else:
        for row in rows:
            _refuse_breaking(row, file.map.separator)
            out.write(file.map.separator.join(row) + "\r\n")
    try:
        made = out.getvalue().encode(file.map.encoding)
    except UnicodeEncodeError as fault:
        sign = fault.object[fault.start]
        raise OutputError(
            f"户名里的“{sign}”在 {file.map.encoding.upper()} 编码里没有，银行文件没有写",
            advice="问明银行能收的编码，在银行文件格式里把 encoding 改成 GB18030 或 UTF-8",
        ) from fault
    prove_sum(file, _read_back(made, file))
    return made


def prove_sum(file: BankFile, amounts: Sequence[str]) -> None:
    """The amounts written must add up to the roll; `OutputError` when they do not."""
    written = sum(int(text) if file.map.in_fen else parse_yuan(text) for text in amounts)
    if written != file.total or len(amounts) != len(file.rows):
        raise OutputError(
            f"银行文件合计 {format_yuan(written)} 元，发放表合计 {format_yuan(file.total)} 元，"
            "不一致，没有写",
            advice="请核对银行文件格式，或换一个 --bank-map",
        )


def _read_back(made: bytes, file: BankFile) -> list[str]:
    text = made.decode(file.map.encoding)
    if file.map.type == "csv":
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=file.map.separator))
    else:
        rows = [line.split(file.map.separator) for line in text.splitlines()]
    return [row[file.amount_column] for row in rows[1 if file.map.header else 0 :]]


def _refuse_breaking(row: Sequence[str], separator: str) -> None:
    for cell in row:
        if separator in cell or "\n" in cell or "\r" in cell:
            raise OutputError(
                f"有一格含有分隔符“{separator}”或换行，银行文件没有写",
                advice="请改台账里的户名、开户银行，或在银行文件格式里换一个 separator",
            )


def _text(field: str, number: int, one: Transfer, chosen: BankMap) -> str:
    if field.startswith(_CONSTANT):
        return field.removeprefix(_CONSTANT)
    if field == "number":
        return str(number)
    if field == "amount":
        return str(one.amount) if chosen.in_fen else f"{yuan(one.amount):.2f}"
    value = getattr(one, field)
    return "" if value is None else str(value)


def _parsed(name: str, table: Any) -> BankMap:
    if not isinstance(table, Mapping):
        raise _invalid(name, "应是一节")
    columns = tuple(_column(name, text) for text in table.get("columns", ()))
    fields = [field for _, field in columns]
    if fields.count("amount") != 1 or "bank_account" not in fields:
        raise _invalid(name, "columns 里要有账号（bank_account）和一列金额（amount）")
    encoding = _ENCODINGS.get(str(table.get("encoding", "GBK")).upper())
    kind = str(table.get("type", "csv"))
    if encoding is None or kind not in _TYPES:
        known = f"type 写 {'、'.join(_TYPES)}，encoding 写 {'、'.join(_ENCODINGS)}"
        raise _invalid(name, known)
    separator = str(table.get("separator", ","))
    if not separator or (kind == "csv" and len(separator) != 1):
        raise _invalid(name, "separator 应是一个字符")
    made = BankMap(name, kind, columns, encoding, separator)
    in_fen = table.get("amount_unit") == "fen"
    return replace(made, header=bool(table.get("header", True)), in_fen=in_fen)


def _column(name: str, text: Any) -> tuple[str, str]:
    header, sign, field = str(text).partition("=")
    if not sign or not (field in _FIELDS or field.startswith(_CONSTANT)):
        raise _invalid(name, f"“{text}”应写成“表头=字段”，字段有 {'、'.join(_FIELDS)}")
    return header, field


def _invalid(name: str, fault: str) -> PolicyInvalid:
    return PolicyInvalid(
        f"银行文件格式“{name}”写法有误：{fault}",
        where=f"[policy.{_CODE}]",
        advice="照 subsidy.bank_maps 自带的“通用”格式改写",
    )
