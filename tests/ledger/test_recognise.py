"""Sheets recognised by name, by decorated name, by header, or not at all."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from zhubao.excel.sheet import RawSheet
from zhubao.ledger.arrears import Charge, OpeningDebt, Receipt
from zhubao.ledger.catalog import all_models, specs_of
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.model import LedgerRow, column_info
from zhubao.ledger.recognise import Naming, best_by_header
from zhubao.ledger.services import HotlineTicket
from zhubao.ledger.tenants import Lease

NAMING = Naming.of(all_models(), LedgerConfig())


@pytest.mark.parametrize("model", all_models(), ids=lambda model: model.__name__)
def test_every_sheet_is_known_by_its_name_and_aliases(model: type[LedgerRow]) -> None:
    for name in (model.SHEET.name, *model.SHEET.aliases):
        assert NAMING.matches(name) == (model,), name


DECORATED = (
    "应收2|应收 (2)|应收（2019）|2019年应收|2019应收|应收2019年| 应 收 |应收表|应收_2|应收（续）"
    "|2020年上半年应收|6月应收|应收6月|应收2020年度台账"
)


@pytest.mark.parametrize("name", DECORATED.split("|"))
def test_years_numbers_and_blanks_in_a_name_do_not_matter(name: str) -> None:
    assert NAMING.matches(name) == (Charge,)


def test_a_name_that_begins_with_digits_of_its_own_stays_whole() -> None:
    assert NAMING.matches("12345工单") == (HotlineTicket,)
    assert NAMING.matches("2020年12345工单") == (HotlineTicket,)


@pytest.mark.parametrize("name", ["Sheet1", "汇总", "2020", "封面", ""])
def test_other_names_match_nothing(name: str) -> None:
    assert NAMING.matches(name) == ()


def test_the_bureau_may_have_its_own_names() -> None:
    own = {"应收": MappingProxyType({"表名": ("月租金流水",)})}
    naming = Naming.of(all_models(), LedgerConfig(aliases=own))
    assert naming.matches("月租金流水2020") == (Charge,)


def sheet(*rows: list[Any]) -> RawSheet:
    width = max(map(len, rows))
    return RawSheet("x.xlsx", "Sheet1", [[*row, *[""] * (width - len(row))] for row in rows])


@pytest.mark.parametrize("model", all_models(), ids=lambda model: model.__name__)
def test_every_model_is_recognised_by_its_full_header(model: type[LedgerRow]) -> None:
    header = [column_info(info).header for info in model.model_fields.values()]
    assert best_by_header(sheet(header), all_models(), specs_of) == (model,)


@pytest.mark.parametrize("model", [Charge, Receipt, Lease, OpeningDebt])
def test_a_ledger_is_recognised_below_a_title_and_without_its_optional_columns(
    model: type[LedgerRow],
) -> None:
    fields = model.model_fields.values()
    header = [column_info(info).header for info in fields if info.is_required()]
    found = best_by_header(sheet(["某某台账"], ["单位：元"], header), all_models(), specs_of)
    assert found == (model,)


def test_a_foreign_header_is_no_ledger() -> None:
    header = ["日期", "姓名", "备注", "天气", "早餐"]
    assert best_by_header(sheet(header), all_models(), specs_of) == ()


def test_models_that_cannot_be_told_apart_are_all_named() -> None:
    rows = sheet([column_info(info).header for info in Charge.model_fields.values()])
    found = best_by_header(rows, (Charge, Receipt), lambda _: specs_of(Charge))
    assert found == (Charge, Receipt)
