"""The declarations of all sheets: complete, unambiguous, and pointing at each other correctly."""

from __future__ import annotations

import re
import subprocess
import sys
from enum import StrEnum
from typing import Any

import pytest

from zhubao.core.errors import UsageError
from zhubao.excel.header import header_key
from zhubao.excel.kinds import CellKind
from zhubao.ledger import catalog
from zhubao.ledger.catalog import (
    WORKBOOKS,
    all_models,
    choices_of,
    is_required,
    key_fields,
    kind_of,
    model_named,
    models_of,
    references_of,
    specs_of,
)
from zhubao.ledger.model import LedgerRow, column_info

SHEETS = {
    "units": "房源 房源筹集 筹建项目 合作开发商 房源调配",
    "tenants": "保障家庭 家庭成员 轮候册 租赁合同 年审",
    "arrears": "期初欠租 应收 实收 减免 分期协议 分期计划 收租走访 租金汇缴 "
    "待认款 催缴文书 欠租明细",
    "subsidies": "租赁补贴 签到 发放 职工住房补贴",
    "allocation": "摇号活动 批次 摇号名册 摇号结果 选房 利害关系人",
    "patrol": "巡查 重点对象 违规与变动 专项整治 空置核查 安全检查 安全隐患",
    "audit": "疑点 问题清单 整改记录 回访",
    "services": "审批 个案 12345工单 报件 培训 宣传 慰问 考勤考核 购买服务考核 目标任务",
}
CHECKLIST = (
    "问题类型 对象 问题事项 依据 证据 责任部门 责任人 "
    "整改时限 整改措施 涉及金额 已追回 整改状态 回访日期 销号日期"
)

every_model = pytest.mark.parametrize("model", all_models(), ids=lambda model: model.__name__)


def cleaned(text: str) -> str:
    """A header as the reader compares it, without a unit or remark in brackets behind it."""
    return re.sub(r"\(.*?\)$", "", header_key(text))


@pytest.mark.parametrize("workbook", SHEETS)
def test_every_sheet_of_a_workbook_has_one_model_in_order(workbook: str) -> None:
    models = models_of(workbook)
    assert [model.SHEET.name for model in models] == SHEETS[workbook].split()
    assert {model.SHEET.workbook for model in models} == {workbook}


def test_the_catalog_holds_the_eight_workbooks_and_nothing_else() -> None:
    assert list(WORKBOOKS) == list(SHEETS)
    assert all_models() == catalog.ALL_MODELS
    assert len(set(all_models())) == sum(len(names.split()) for names in SHEETS.values())
    with pytest.raises(AttributeError):
        _ = catalog.NO_SUCH_NAME


def test_sheet_names_and_aliases_are_unambiguous_within_a_workbook() -> None:
    for workbook in WORKBOOKS:
        names = [n for m in models_of(workbook) for n in (m.SHEET.name, *m.SHEET.aliases)]
        assert len(names) == len(set(names)), workbook
    own = [model.SHEET.name for model in all_models()]
    assert len(own) == len(set(own))


@every_model
def test_a_model_says_what_it_is(model: type[LedgerRow]) -> None:
    assert (model.__doc__ or "").startswith(model.SHEET.name + ":")
    assert model.SHEET.title
    assert re.fullmatch(r"[A-Z][A-Za-z]+", model.__name__)


@every_model
def test_a_model_has_a_key_and_its_key_columns_are_required(model: type[LedgerRow]) -> None:
    keys = key_fields(model)
    assert keys
    assert all(is_required(model.model_fields[name]) for name in keys)


@every_model
def test_no_header_or_alias_names_two_columns(model: type[LedgerRow]) -> None:
    owner: dict[str, str] = {}
    clashes = []
    for name, field in model.model_fields.items():
        info = column_info(field)
        for word in (info.header, *info.aliases):
            other = owner.setdefault(cleaned(word), name)
            if other != name or (info.header, *info.aliases).count(word) > 1:
                clashes.append((word, other, name))
    assert not clashes


@every_model
def test_headers_are_short_and_choices_distinct(model: type[LedgerRow]) -> None:
    for field in model.model_fields.values():
        info = column_info(field)
        assert 1 <= len(info.header) <= 20
        assert all(alias.strip() == alias and alias for alias in info.aliases)
        choices = choices_of(field)
        assert len(set(choices)) == len(choices)
        assert bool(choices) == (kind_of(field) is CellKind.CHOICE)


@every_model
def test_every_reference_points_at_a_key_of_another_sheet(model: type[LedgerRow]) -> None:
    for reference in references_of(model):
        assert reference.target_field in key_fields(reference.target)
        assert reference.target is not model
        ours, theirs = model.model_fields[reference.field], reference.target.model_fields
        assert kind_of(ours) is kind_of(theirs[reference.target_field])


@every_model
def test_personal_columns_are_marked(model: type[LedgerRow]) -> None:
    private = {"phone", "identity_no", "spouse_identity_no", "bank_account", "applicant", "payee"}
    for name, field in model.model_fields.items():
        if name in private or kind_of(field) is CellKind.IDENTITY:
            assert column_info(field).personal, name


@every_model
def test_money_is_in_yuan_and_optional_columns_come_with_a_default(
    model: type[LedgerRow],
) -> None:
    for name, field in model.model_fields.items():
        if kind_of(field) is CellKind.MONEY:
            assert column_info(field).unit.startswith("元"), name
        if not is_required(field):
            assert field.default is None, name


@every_model
def test_the_columns_handed_to_the_reader_say_the_same(model: type[LedgerRow]) -> None:
    specs = specs_of(model)
    assert [spec.key for spec in specs] == list(model.model_fields)
    for spec in specs:
        field = model.model_fields[spec.key]
        assert spec.header == column_info(field).header == field.alias
        assert spec.kind is kind_of(field)
        assert spec.required is field.is_required()
        assert spec.choices == choices_of(field)


def test_the_values_of_every_choice_are_distinct_words() -> None:
    enums = {
        value
        for module in WORKBOOKS.values()
        for name in module
        for value in vars(sys.modules[f"zhubao.ledger.{name}"]).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
    }
    for enum in enums:
        assert enum.__doc__, enum
        words = [member.value for member in enum.__members__.values()]
        assert len(words) == len(set(words)), enum
        assert all(re.fullmatch(r"[\w]+", word) for word in words), enum


@every_model
def test_the_words_of_a_drop_down_fit_in_one_validation(model: type[LedgerRow]) -> None:
    assert all(len(",".join(choices_of(field))) <= 255 for field in model.model_fields.values())


def test_a_sheet_is_found_by_model_name_sheet_name_or_alias() -> None:
    assert model_named("应收") is model_named("Charge") is model_named("应收台账")
    with pytest.raises(UsageError) as caught:
        model_named("应收租费")
    assert "应收" in caught.value.advice


def test_a_field_without_cell_kind_is_refused() -> None:
    from pydantic.fields import FieldInfo

    with pytest.raises(TypeError):
        kind_of(FieldInfo(annotation=dict))


def test_a_reference_to_nothing_is_refused() -> None:
    with pytest.raises(KeyError):
        catalog._resolve("household_no", "Household.no_such_field")
    with pytest.raises(KeyError):
        catalog._resolve("household_no", "NoSuchModel.household_no")


def test_the_checklist_of_rectification_can_be_filled_from_the_findings_sheet() -> None:
    headers = [column_info(f).header for f in model_named("问题清单").model_fields.values()]
    assert set(CHECKLIST.split()) <= set(headers)


def test_all_models_build_their_validators() -> None:
    for model in all_models():
        model.model_rebuild(force=True)


def test_importing_the_catalog_imports_no_row_model() -> None:
    script = (
        "import sys, zhubao.ledger.catalog as c;"
        "loaded = lambda: sorted(n for n in sys.modules if n.startswith('zhubao.ledger.'));"
        "first = loaded(); c.models_of('arrears'); print(first, loaded())"
    )
    out: Any = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    before, after = out.split("]")[:2]
    assert "arrears" not in before
    assert "arrears" in after
    assert "patrol" not in after
