"""Every packaged parameter is declared whole."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from zhubao import policy
from zhubao.ledger.tenants import Tier
from zhubao.policy import Parameter

_ALL = policy.parameters()


def test_the_parameters_are_found_and_their_codes_are_unique() -> None:
    codes = [one.code for one in _ALL]
    assert len(codes) == len(set(codes))
    assert {"rent.price", "arrears.vacate_months", "lease.idle_months"} <= set(codes)


@pytest.mark.parametrize("parameter", _ALL, ids=lambda one: one.code)
def test_every_parameter_has_title_unit_source_and_ascending_dates(parameter: Parameter) -> None:
    assert parameter.title
    assert parameter.title != parameter.code
    assert parameter.unit
    assert all(value.source for value in parameter.values)
    assert all(a.valid_from < b.valid_from for a, b in pairwise(parameter.values))


@pytest.mark.parametrize("parameter", _ALL, ids=lambda one: one.code)
def test_a_source_is_either_a_numbered_regulation_with_article_or_marked_unverified(
    parameter: Parameter,
) -> None:
    for value in parameter.values:
        numbered = "令第11号" in value.source and value.article.startswith("第")
        assert numbered != value.unsure
        assert ("【出处未核实】" in value.citation) == value.unsure


def test_the_rent_table_has_a_price_for_every_tier_grade_and_lift() -> None:
    """Low incomes about 1, lower-middle 4 to 8 yuan per m² and month; a lift never lowers it."""
    for value in policy.parameter("rent.price").values:
        assert set(value.value) == {tier.value for tier in Tier}
        for tier, grades in value.value.items():
            assert set(grades) == {"一级", "二级", "三级"}
            low, high = (0, 2) if tier in ("低保", "特困", "低收入") else (4, 8)
            for prices in grades.values():
                without, with_lift = Decimal(prices["无电梯"]), Decimal(prices["有电梯"])
                assert low <= without < with_lift <= high


def test_the_steps_of_the_ladder_rise() -> None:
    day = policy.parameter("arrears.vacate_months").values[0].valid_from
    steps = [
        policy.at(f"arrears.{name}_months", day)
        for name in ("remind", "notice", "instalment", "vacate")
    ]
    assert steps == [1, 2, 3, 6]
