"""Which value is in force when, and what happens when none is or one is written wrongly."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from zhubao import policy

JUNE = dt.date(2020, 6, 1)


def own(*values: dict[str, Any]) -> dict[str, Any]:
    return {"lease": {"max_years": {"values": list(values)}}}


def value(on: str, years: int) -> dict[str, Any]:
    return {"valid_from": dt.date.fromisoformat(on), "value": years, "source": "本局通知"}


def test_the_packaged_value_is_in_force_from_its_first_day() -> None:
    assert policy.at("lease.max_years", dt.date(2012, 7, 15)) == 5
    with pytest.raises(policy.PolicyUnknown) as caught:
        policy.at("lease.max_years", dt.date(2012, 7, 14))
    assert "2012-07-15" in caught.value.message
    assert "[policy.lease.max_years]" in caught.value.advice


def test_a_bureau_value_wins_from_its_own_day_on() -> None:
    overrides = own(value("2020-01-01", 3), value("2021-01-01", 4))
    found = [
        policy.at("lease.max_years", dt.date(year, 6, 1), overrides) for year in (2019, 2020, 2021)
    ]
    assert found == [5, 3, 4]


def test_a_bureau_value_may_reach_further_back_than_the_packaged_one() -> None:
    assert policy.at("lease.max_years", dt.date(2011, 1, 1), own(value("2010-01-01", 2))) == 2


def test_a_quoted_code_names_the_same_parameter() -> None:
    table = own(value("2020-01-01", 3))["lease"]["max_years"]
    assert policy.at("lease.max_years", JUNE, {"lease.max_years": table}) == 3


def test_the_citation_of_a_bureau_value_is_its_own() -> None:
    line = policy.basis("lease.max_years", JUNE, own(value("2020-01-01", 3)))
    assert line == "租赁合同最长年限：本局通知，2020-01-01 起"


@pytest.mark.parametrize("code", ["lease.nothing", "nothing.at_all", "", "../rent.price"])
def test_an_unknown_code_is_refused(code: str) -> None:
    with pytest.raises(policy.PolicyUnknown):
        policy.at(code, JUNE)


@pytest.mark.parametrize(
    "values",
    [
        [],
        ["5"],
        [{"value": 3, "source": "甲"}],
        [{"valid_from": "2020-01-01", "value": 3, "source": "甲"}],
        [{"valid_from": dt.date(2020, 1, 1), "value": 3}],
        [value("2020-01-01", 3), value("2020-01-01", 4)],
        [value("2021-01-01", 3), value("2020-01-01", 4)],
    ],
)
def test_a_bureau_value_written_wrongly_is_refused_with_an_example(values: list[Any]) -> None:
    with pytest.raises(policy.PolicyInvalid) as caught:
        policy.at("lease.max_years", JUNE, {"lease": {"max_years": {"values": values}}})
    assert "valid_from = 2020-01-01" in caught.value.advice
    assert caught.value.where == "[policy.lease.max_years]"


def test_a_parameter_that_is_no_table_is_refused() -> None:
    with pytest.raises(policy.PolicyInvalid):
        policy.at("lease.max_years", JUNE, {"lease": {"max_years": 3}})
