from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from zhubao.core.masking import mask_identity
from zhubao.excel.outcome import shown
from zhubao.excel.words import choice_reader, read_code, read_identity, read_text, read_yes_no

INVENTED = "11010119900307000X"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (" 张三 ", "张三"),
        ("张\u3000三", "张 三"),
        ("粟塘\n小区", "粟塘小区"),
        ("A\r\nB", "A B"),
        ("\u200b凤凰苑\ufeff", "凤凰苑"),
        ("凤凰\u00a0苑", "凤凰 苑"),
        ("３栋２单元", "3栋2单元"),
        ("'前有撇号", "前有撇号"),
        ("（说明）：甲，乙", "（说明）：甲，乙"),
        (3.0, "3"),
        (3.5, "3.5"),
        ("", None),
        ("无", None),
        ("/", None),
    ],
)
def test_text_is_cleaned_but_not_rewritten(raw: Any, text: str | None) -> None:
    outcome = read_text(raw)
    assert (outcome.value, outcome.fault) == (text, None)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("JT000123", "JT000123"),
        ("\uff2a\uff34\uff10\uff10\uff10\uff11\uff12\uff13", "JT000123"),
        (" JT 000123", "JT000123"),
        ("000123", "000123"),
        ("'000123", "000123"),
        (1001.0, "1001"),
        (1001, "1001"),
        ("—", None),
    ],
)
def test_codes_keep_leading_zeros_and_never_become_floats(raw: Any, code: str | None) -> None:
    outcome = read_code(raw)
    assert (outcome.value, outcome.fault) == (code, None)


@pytest.mark.parametrize("raw", [6.228480402564e18, "6.22848E+18", "6.2E+15", 1e15])
def test_an_account_number_that_became_a_number_is_lost(raw: Any) -> None:
    outcome = read_code(raw)
    assert outcome.value is None
    assert outcome.fault is not None
    assert outcome.fault.kind.code == "XL-117"
    assert "6228" not in str(outcome.fault.values)


def test_a_building_that_excel_made_a_date_is_a_warning() -> None:
    outcome = read_text(dt.date(2020, 3, 2))
    assert outcome.value == "2020-03-02"
    assert outcome.fault is not None
    assert outcome.fault.kind.code == "XL-118"


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (INVENTED, INVENTED),
        (INVENTED.lower(), INVENTED),
        (f"'{INVENTED}", INVENTED),
        (f" {INVENTED[:6]} {INVENTED[6:14]} {INVENTED[14:]}", INVENTED),
        (
            "\uff11\uff11\uff10\uff11\uff10\uff11\uff11\uff19\uff19\uff10\uff10\uff13\uff10\uff17\uff10\uff10\uff10\uff38",
            INVENTED,
        ),
        ("110101900307000", "110101900307000"),
        (110101900307000.0, "110101900307000"),
        (110101900307000, "110101900307000"),
        ("", None),
        ("/", None),
    ],
)
def test_identity_numbers_as_clerks_write_them(raw: Any, number: str | None) -> None:
    outcome = read_identity(raw)
    assert (outcome.value, outcome.fault) == (number, None)


@pytest.mark.parametrize("raw", [1.1010119900307e17, 110101199003070018, "1.10101E+17"])
def test_eighteen_digits_stored_as_a_number_cannot_be_recovered(raw: Any) -> None:
    outcome = read_identity(raw)
    assert outcome.value is None
    assert outcome.fault is not None
    assert outcome.fault.kind.code == "XL-116"


YES = ["是", "有", "√", "✓", "Y", "y", "yes", "1", 1.0, 1, True, "已", " 是 "]
NO = ["否", "无", "没有", "×", "N", "n", "no", "0", 0.0, 0, False, "未", "X"]


@pytest.mark.parametrize("raw", YES)
def test_words_for_yes(raw: Any) -> None:
    assert read_yes_no(raw).value is True


@pytest.mark.parametrize("raw", NO)
def test_words_for_no_and_wu_is_one_of_them(raw: Any) -> None:
    assert read_yes_no(raw).value is False


@pytest.mark.parametrize("raw", ["大概", 2.0, "是否", dt.date(2020, 6, 30)])
def test_what_is_neither_yes_nor_no_is_a_finding(raw: Any) -> None:
    outcome = read_yes_no(raw)
    assert outcome.value is None
    assert outcome.fault is not None
    assert outcome.fault.kind.code == "XL-112"


@pytest.mark.parametrize("raw", ["/", "-", "", "—"])
def test_marks_are_an_empty_answer(raw: str) -> None:
    outcome = read_yes_no(raw)
    assert (outcome.value, outcome.fault) == (None, None)


def test_a_choice_is_taken_exactly_and_near_ones_only_suggested() -> None:
    reader = choice_reader(("在租", "空置", "装修中", "无"))
    assert reader(" 在 租 ").value == "在租"
    assert reader("无").value == "无"
    outcome = reader("装修")
    assert outcome.value is None
    assert outcome.fault is not None
    assert outcome.fault.kind.code == "XL-115"
    assert "装修中" in outcome.fault.values["near"]
    assert "空置" in outcome.fault.values["choices"]


def test_a_choice_may_be_written_as_a_number() -> None:
    assert choice_reader(("1", "2"))(2.0).value == "2"


@pytest.mark.parametrize("text", ["430102198001011234", "43010219800101123x", "430102800101123"])
def test_an_identity_number_in_the_wrong_column_is_masked_in_messages(text: str) -> None:
    assert shown(text) == mask_identity(text)
    assert text not in shown(f"张三{text}")


def test_a_mobile_number_in_the_wrong_column_is_masked_in_messages() -> None:
    assert shown("张三13912345678") == "张三139****5678"
    assert shown(13912345678.0) == "139****5678"
    assert shown("2020123456789") == "2020123456789"
