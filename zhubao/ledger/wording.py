"""pydantic's error types in Chinese: the one table from `error["type"]` to words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zhubao.excel.kinds import CellKind

# {bound} is the declared limit in the column's own unit; other names come from pydantic's context.
ERROR_WORDS: dict[str, str] = {
    "missing": "不能空着",
    "string_type": "应为文字",
    "string_unicode": "含有无法识别的字符",
    "string_sub_type": "应为文字",
    "string_too_short": "至少要 {min_length} 个字",
    "string_too_long": "不能超过 {max_length} 个字",
    "string_pattern_mismatch": "格式不对",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字太大",
    "int_from_float": "应为整数，不能带小数",
    "decimal_type": "应为数字",
    "decimal_parsing": "应为数字",
    "decimal_max_digits": "位数不能超过 {max_digits} 位",
    "decimal_max_places": "小数不能超过 {decimal_places} 位",
    "decimal_whole_digits": "整数部分不能超过 {whole_digits} 位",
    "finite_number": "应为有限的数字",
    "greater_than": "应大于 {bound}",
    "greater_than_equal": "不能小于 {bound}",
    "less_than": "应小于 {bound}",
    "less_than_equal": "不能大于 {bound}",
    "multiple_of": "应为 {bound} 的整数倍",
    "bool_type": "应填“是”或“否”",
    "bool_parsing": "应填“是”或“否”",
    "date_type": "应为日期",
    "date_parsing": "应为日期",
    "date_from_datetime_parsing": "应为日期",
    "date_from_datetime_inexact": "应为日期，不带时刻",
    "datetime_type": "应为日期和时刻",
    "datetime_parsing": "应为日期和时刻",
    "datetime_from_date_parsing": "应为日期和时刻",
    "datetime_object_invalid": "应为日期和时刻",
    "timezone_naive": "时刻缺少时区",
    "timezone_aware": "时刻不应带时区",
    "is_instance_of": "应为年月，例如 2020-06",
    "enum": "应从 {choices} 中选填",
    "literal_error": "应从 {choices} 中选填",
    "value_error": "填写的内容不合要求",
    "assertion_error": "填写的内容不合要求",
}
UNKNOWN_ERROR = "填写的内容不合要求"
_BOUNDS = ("gt", "ge", "lt", "le", "multiple_of")


def error_words(
    error_type: str, context: Mapping[str, Any], kind: CellKind | None, choices: tuple[str, ...]
) -> str:
    """One pydantic error as a Chinese clause; limits of money columns are given in yuan."""
    bound = next((context[key] for key in _BOUNDS if key in context), "")
    values = {**context, "bound": _shown(bound, kind), "choices": "、".join(choices)}
    return ERROR_WORDS.get(error_type, UNKNOWN_ERROR).format(**values)


def _shown(bound: Any, kind: CellKind | None) -> str:
    if kind is CellKind.MONEY and isinstance(bound, int):
        return f"{Decimal(bound) / 100:f} 元" if bound else "0"
    return f"{bound}"
