"""Masking leaves no more than it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.masking import mask_account, mask_identity, mask_name, mask_numbers, mask_phone

TEXT = st.text(st.characters(categories=["L", "N"]), max_size=40)


@pytest.mark.parametrize(
    ("mask", "plain", "masked"),
    [
        (mask_name, "张小明", "张*明"),
        (mask_name, "张明", "张*"),
        (mask_name, "张", "*"),
        (mask_name, "欧阳小明", "欧**明"),
        (mask_identity, "11010519491231002X", "110105********002X"),
        (mask_identity, "110105491231002", "110105******002"),
        (mask_identity, "11010519", "11****19"),
        (mask_phone, "13800001234", "138****1234"),
        (mask_phone, "84120000", "84****00"),
        (mask_account, "6222 0000 0000 0001 234", "****1234"),
        (mask_account, "123", "****"),
    ],
)
def test_the_usual_forms(mask: Callable[[str], str], plain: str, masked: str) -> None:
    """Names and identity numbers as public notices carry them."""
    assert mask(plain) == masked


@pytest.mark.parametrize("mask", [mask_name, mask_identity, mask_phone, mask_account])
def test_nothing_stays_nothing(mask: Callable[[str], str]) -> None:
    assert mask("  ") == ""


@given(TEXT)
def test_no_mask_shows_more_than_its_due(text: str) -> None:
    for mask, most in ((mask_name, 2), (mask_identity, 10), (mask_phone, 7), (mask_account, 4)):
        shown = mask(text).replace("*", "")
        assert len(shown) <= most
        assert len(shown) < max(1, len(text))


@given(TEXT)
def test_a_mask_keeps_the_length_but_for_accounts(text: str) -> None:
    for mask in (mask_name, mask_identity, mask_phone):
        assert len(mask(text)) == len(text.strip())


def test_a_receipt_or_a_checksum_is_not_taken_for_somebodys_number() -> None:
    receipt = "934684111122223073a03f756dc66abc"
    assert mask_numbers(f"凭证号{receipt}，{receipt}") == f"凭证号{receipt}，{receipt}"
    assert mask_numbers(receipt * 2) == receipt * 2
    assert mask_numbers("a11010519491231002Xb") == "a110105********002Xb"
