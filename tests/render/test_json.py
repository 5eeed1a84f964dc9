"""The JSON envelope: keys and forms are a contract with scripts."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from zhubao.core.report import Ratio, Report
from zhubao.render.json import _indented, to_json


def test_the_envelope_has_these_keys(report: Report) -> None:
    record = json.loads(to_json(report))
    assert list(record) == [
        "schema",
        "code",
        "title",
        "bureau",
        "as_of",
        "period",
        "tables",
        "notes",
        "references",
        "findings",
        "facts",
    ]
    assert record["schema"] == "zhubao.report/1"
    assert (record["as_of"], record["period"]) == ("2020-06-30", "2020-H1")


def test_a_row_carries_every_column_and_every_source(report: Report) -> None:
    table = json.loads(to_json(report))["tables"][0]
    assert list(table) == ["key", "title", "columns", "rows", "totals", "notes"]
    assert table["columns"][2] == {"key": "owed", "title": "结欠", "kind": "money"}
    assert table["rows"][2] == {
        "values": {
            "number": "430102199001010002",
            "estate": "=北辰中央公园",
            "owed": "1000.02",
            "months": 2,
            "rate": {"numerator": 2, "denominator": 4, "percent": 50.0},
            "oldest": "2020-03",
            "paid_on": "2020-06-01",
            "step": "电话提醒后再上门催收",
            "area": "45.5",
        },
        "sources": [
            {"file": "arrears.xlsx", "sheet": "应收", "ref": "F4"},
            {"file": "arrears.xlsx", "sheet": "实收", "ref": "D4"},
        ],
    }
    assert table["totals"]["owed"] == "30004.35"
    assert table["totals"]["estate"] is None


def test_a_finding_names_its_place_or_none(report: Report) -> None:
    findings = json.loads(to_json(report))["findings"]
    assert findings[0]["where"] == {"file": "tenants.xlsx", "sheet": "保障家庭", "ref": "G12"}
    assert findings[3]["where"] is None
    assert (findings[0]["severity"], findings[0]["code"]) == ("error", "TT-104")


def test_facts_take_the_same_forms(report: Report) -> None:
    facts = json.loads(to_json(report))["facts"]
    assert facts["day"] == "2020-06-30"
    assert facts["rate"]["percent"] == 50.0


def test_a_ratio_of_money_is_in_yuan_and_may_have_no_value() -> None:
    ratios = {"money": Ratio(12345, 0, money=True), "list": [Ratio(1, 3)]}
    report = Report("t", "表", "局", facts=ratios)
    facts = json.loads(to_json(report))["facts"]
    assert facts["money"] == {"numerator": "123.45", "denominator": "0.00", "percent": None}
    assert facts["list"] == [{"numerator": 1, "denominator": 3, "percent": 33.3333}]


def test_a_report_without_a_day_says_null() -> None:
    assert json.loads(to_json(Report("t", "表", "局")))["as_of"] is None


_PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)
)
_NESTED = st.recursive(
    _PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(_NESTED)
def test_the_indented_text_is_that_of_the_library(value: Any) -> None:
    assert _indented(value) == json.dumps(value, ensure_ascii=False, indent=2)
