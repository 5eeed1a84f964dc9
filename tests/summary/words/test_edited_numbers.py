"""Numbers the clerk wrote in place of those of a sentence."""

from __future__ import annotations

import pytest

from zhubao.summary.words.edited_numbers import changed_numbers

VACANT = "空置的68套房源中，25套已连续空置满6个月，占可出租房源2071套的1.21%，最长的空置63个月。"
OWED = "截至2020年6月30日，306户合计欠租12.07万元，其中欠得最多的一成（31户）欠7.02万元。"


@pytest.mark.parametrize(
    ("own", "sentence", "changed"),
    [
        (VACANT.replace("25套", "30套"), VACANT, [("30套", "25套")]),
        ("可出租 2,071 套，空置６８套、２５套满6个月，约占1.2%。", VACANT, []),
        ("满六个月的二十五套，其中十套在修。", VACANT, [("十套", "68套、2071套")]),
        (OWED.replace("12.07万元", "12.5万元"), OWED, [("12.5万元", "12.07万元")]),
        ("306户欠120700元，7月底前上门，一户一策，分3批办理。", OWED, [("3批", "")]),
        ("欠租约12.1万元，占全部的90%。", OWED, [("90%", "")]),
    ],
)
def test_a_number_that_is_not_the_sentences_is_told_with_what_it_has_instead(
    own: str, sentence: str, changed: list[tuple[str, str]]
) -> None:
    assert list(changed_numbers([own], sentence)) == changed
