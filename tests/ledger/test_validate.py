"""The columnar kernel against the pydantic field it stands in for, and the words of errors."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from zhubao.core.period import Month
from zhubao.ledger.catalog import all_models
from zhubao.ledger.fields import BillingMonth, Code, Day, Fen, Moment, Number, Text, Whole, YesNo
from zhubao.ledger.model import LedgerRow, Sheet, column
from zhubao.ledger.tenants import Household, Tier
from zhubao.ledger.validate import FieldRule, field_rules
from zhubao.ledger.wording import ERROR_WORDS

ALL_RULES = [rule for model in all_models() for rule in field_rules(model)]
WORDS = sorted({word for rule in ALL_RULES for word in rule.words})
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.integers(-3, 25),
    st.integers(1990, 2110),
    st.decimals(allow_nan=True, places=3),
    st.decimals(min_value=-2, max_value=150, places=1),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.integers(20000, 30000).map(Month),
    st.text(max_size=30),
    st.sampled_from(["", "是", "2020-06-30", "12", "1.5", *WORDS]),
)


class Mixed(LedgerRow):
    """One column of every kind, with every limit the kernel knows and one it does not."""

    SHEET: ClassVar[Sheet] = Sheet("units", "混合", "试验")

    text: Text = column("文字", min_length=2, max_length=4)
    code: Code | None = column("编号", default=None, pattern=r"^[A-Z]\d+$")
    fen: Fen = column("金额", ge=100, le=5000)
    day: Day = column("日期", ge=dt.date(2000, 1, 1), lt=dt.date(2030, 1, 1))
    moment: Moment | None = column("时刻", default=None)
    month: BillingMonth | None = column("月", default=None)
    yes: YesNo | None = column("是否", default=None)
    whole: Whole | None = column("整数", default=None, gt=0, lt=10)
    even: Whole | None = column("偶数", default=None, multiple_of=2)
    number: Number | None = column("数", default=None, ge=Decimal(0), lt=Decimal("99.5"))
    precise: Number | None = column("精确", default=None, max_digits=4, decimal_places=2)
    tier: Tier | None = column("类型", default=None)


def declared_alike(rule: FieldRule) -> str:
    """Columns of one type with the same limits need trying out once only."""
    return f"{rule.info.annotation} {rule.info.metadata}"


RULES = list({declared_alike(rule): rule for rule in [*ALL_RULES, *field_rules(Mixed)]}.values())
each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])


def adapter_of(rule: FieldRule) -> TypeAdapter[Any]:
    form: Any = rule.info.annotation
    if rule.info.metadata:
        form = Annotated[(form, *rule.info.metadata)]
    return TypeAdapter(form)


def test_every_column_has_a_cell_kind_or_choices() -> None:
    assert [rule.name for rule in ALL_RULES if rule.kind is None and not rule.words] == []


@each_rule
@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(values=st.lists(VALUES, max_size=10))
def test_the_kernel_agrees_with_the_pydantic_field(rule: FieldRule, values: list[Any]) -> None:
    adapter = adapter_of(rule)
    checked = rule.check(values)
    for index, value in enumerate(values):
        if value is None:
            assert checked.values[index] is None
            continue
        try:
            expected = adapter.validate_python(value)
        except ValidationError:
            assert checked.values[index] is None
            assert checked.reasons[index]
        else:
            assert index not in checked.reasons
            assert checked.values[index] == expected
            assert type(checked.values[index]) is type(expected)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(values=st.lists(VALUES, max_size=6))
def test_the_kernel_agrees_on_columns_with_limits(values: list[Any]) -> None:
    for rule in field_rules(Mixed):
        adapter = adapter_of(rule)
        for value in values:
            if value is None or not rule.passes((value,)):
                continue
            assert adapter.validate_python(value) == value


def test_the_standalone_field_agrees_with_the_model() -> None:
    row = {"text": "甲乙", "fen": 100, "day": dt.date(2020, 1, 1)}
    assert Mixed.model_validate({**row, "whole": 3}).whole == 3
    with pytest.raises(ValidationError):
        Mixed.model_validate({**row, "whole": 10})


def test_every_error_a_column_can_raise_has_words() -> None:
    probes = [*_odd_values(), "甲", "甲乙丙丁戊", 3, 99, 6000, 10, -1, Decimal("99.5")]
    raised: set[str] = set()
    for rule in RULES:
        adapter = adapter_of(rule)
        for probe in probes:
            try:
                adapter.validate_python(probe)
            except ValidationError as fault:
                raised.update(error["type"] for error in fault.errors())
    assert raised <= set(ERROR_WORDS), raised - set(ERROR_WORDS)
    assert {"enum", "int_type", "greater_than_equal", "string_too_short"} <= raised


def _odd_values() -> list[Any]:
    return [
        True,
        1.5,
        float("nan"),
        "x",
        b"x",
        "\ud800",
        [],
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("123456.789"),
        10**5000,
        dt.date(1900, 1, 1),
        dt.date(2050, 1, 1),
        dt.datetime(2020, 1, 1, 8, 30),
        dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        Month.of(2020, 1),
        None,
    ]


def test_no_model_has_validators_outside_its_fields() -> None:
    for model in all_models():
        found = model.__pydantic_decorators__
        assert not found.field_validators, model
        assert not found.model_validators, model
        assert not found.validators, model


def test_an_optional_column_has_no_other_default_than_empty() -> None:
    for model in all_models():
        for name, info in model.model_fields.items():
            assert info.is_required() or info.default is None, (model, name)


def test_a_good_column_is_returned_as_it_is_without_pydantic() -> None:
    rule = FieldRule("size", Household.model_fields["size"])
    values = [1, 2, None, 20]
    assert rule.check(values).values is values
    assert rule._adapter is None


def test_choices_become_members() -> None:
    rule = next(rule for rule in field_rules(Household) if rule.name == "tier")
    checked = rule.check(["低保", None, "特困"])
    assert checked.values == [Tier.LOW_SUBSISTENCE, None, Tier.DESTITUTE]
    assert type(checked.values[0]) is Tier
    assert rule.check(["不详"]).reasons[0].startswith("应从 低保、特困")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("fen", 50, "不能小于 1 元"),
        ("fen", 5001, "不能大于 50 元"),
        ("whole", 10, "应小于 10"),
        ("even", 3, "应为 2 的整数倍"),
        ("text", "甲", "至少要 2 个字"),
        ("precise", Decimal("1.234"), "小数不能超过 2 位"),
        ("code", "12", "格式不对"),
        ("month", "2020-06", "应为年月，例如 2020-06"),
        ("yes", 1, "应填“是”或“否”"),
    ],
)
def test_reasons_are_given_in_chinese(name: str, value: Any, words: str) -> None:
    rule = next(rule for rule in field_rules(Mixed) if rule.name == name)
    assert rule.check([value]).reasons == {0: words}


def test_numbers_that_are_none_are_refused_in_any_company() -> None:
    rule = next(rule for rule in field_rules(Mixed) if rule.name == "number")
    for odd in (Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")):
        checked = rule.check([Decimal(1), None, odd, odd])
        assert checked.values == [Decimal(1), None, None, None]
        assert checked.reasons == {2: "应为有限的数字", 3: "应为有限的数字"}


def test_equal_values_of_different_types_are_judged_apart() -> None:
    rule = next(rule for rule in field_rules(Mixed) if rule.name == "whole")
    assert rule.check([1, True, Decimal(1), 1]).values == [1, None, None, 1]
