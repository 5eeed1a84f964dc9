"""`check --fix`: what is certain is respelled, everything else is left to a person."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.ledger.bureaus import FORMATS
from zhubao.excel.sheet import RawSheet
from zhubao.excel.table import read_table
from zhubao.ledger.arrears import Receipt
from zhubao.ledger.catalog import specs_of
from zhubao.ledger.change import Change
from zhubao.ledger.load import load_sheet
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.normalising import normalising_change
from zhubao.ledger.tenants import Household

RECEIPT = ["收据号", "家庭编号", "收款日期", "实收金额", "账单期", "缴款人", "备注"]
GOOD: list[Any] = ["R1", "H1", dt.date(2020, 1, 1), 100.0, "2020-01", "某甲", "现金"]


def fix(
    model: type[LedgerRow],
    header: list[str],
    *rows: list[Any],
    formulas: set[tuple[int, int]] | None = None,
) -> Change:
    typed = read_table(RawSheet("a.xlsx", "表", [header, *rows]), specs_of(model))
    assert typed is not None
    sheet = load_sheet(model, typed)
    places = {("a.xlsx", "表"): formulas or set()}
    return normalising_change(Loaded.of(sheet.table), sheet.findings, places, FORMATS)


def fixed(column: int, raw: Any, **more: Any) -> Any:
    """What becomes of one raw value in a receipt; None when it is left alone."""
    row = [*GOOD]
    row[column] = raw
    edits = fix(Receipt, RECEIPT, GOOD, row, **more).edits
    return edits[0].new if edits else None


@pytest.mark.parametrize(
    ("column", "raw", "written"),
    [
        (2, "2020.6.30", dt.date(2020, 6, 30)),
        (2, "2020年6月30日", dt.date(2020, 6, 30)),
        (2, "20200630", dt.date(2020, 6, 30)),
        (2, 20200630.0, dt.date(2020, 6, 30)),
        (3, "1,234.50元", Decimal("1234.50")),
        (3, "１２３４", Decimal("1234.00")),
        (3, "0.12万元", Decimal("1200.00")),
        (1, 1001.0, "1001"),
        (1, " Ｈ１ ", "H1"),
        (6, "　现金\u200b ", "现金"),
        (6, "２０２０年", "2020年"),
    ],
)
def test_certain_spellings_are_put_right(column: int, raw: Any, written: Any) -> None:
    assert fixed(column, raw) == written


@pytest.mark.parametrize(
    ("column", "raw", "why"),
    [
        (2, "2020-06", "the day would be a guess"),
        (3, "33.335", "half a fen is somebody's decision"),
        (3, "约500", "no amount"),
        (2, "2020.2.30", "no such day"),
        (4, "2020年1月", "a month as the column spells it"),
        (6, "第一行\n第二行", "a line break may be meant"),
        (6, "无", "a mark is an answer"),
        (6, 5.0, "a number in a remark"),
        (1, 123456789012345678.0, "digits are lost"),
    ],
)
def test_what_is_not_certain_is_left_alone(column: int, raw: Any, why: str) -> None:
    assert fixed(column, raw) is None, why


def test_a_formula_is_left_alone() -> None:
    assert fixed(3, "12.50元", formulas={(3, 4)}) is None
    assert fixed(3, "12.50元", formulas={(4, 4)}) == Decimal("12.50")


def test_amounts_in_wan_yuan_are_left_alone() -> None:
    header = [*RECEIPT]
    header[3] = "实收金额（万元）"
    assert not fix(Receipt, header, [*GOOD[:3], "0.05", *GOOD[4:]]).edits


def test_identity_numbers_become_clean_text_and_lost_ones_stay() -> None:
    header = ["家庭编号", "申请人", "身份证号", "家庭人口", "保障类型", "保障状态"]
    good = ["H1", "某甲", "11010519491231002X", 2.0, "低保", "在保"]
    odd = ["H2", "某乙", " 11010519491231002x", 2.0, "低保", "在保"]
    lost = ["H3", "某丙", 1.10105194912310e17, 2.0, "低保", "在保"]
    (edit,) = fix(Household, header, good, odd, lost).edits
    assert (edit.cell.ref, edit.new, edit.head.number_format) == ("C3", "11010519491231002X", "@")


def test_the_kinds_of_correction_are_counted() -> None:
    odd = ["R2", "H1", "2020.1.1", "5元", "2020-01", "某甲", "现金"]
    assert fix(Receipt, RECEIPT, GOOD, odd).notes == (
        "改成规范写法：日期 1 个，金额 1 个；其余内容不变",
    )
