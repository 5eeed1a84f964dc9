"""The field reference says of every column what its declaration says."""

from __future__ import annotations

from zhubao.core.report import Row
from zhubao.excel.kinds import CellKind
from zhubao.ledger.arrears import Charge
from zhubao.ledger.catalog import all_models
from zhubao.ledger.model import column_info
from zhubao.ledger.schema import KIND_WORDS, glossary_markdown, schema_report


def values(row: Row) -> dict[str, str]:
    keys = [column.key for column in schema_report(Charge).tables[0].columns]
    return dict(zip(keys, row.values, strict=True))


def test_the_reference_of_one_sheet_lists_its_columns_in_order() -> None:
    report = schema_report(Charge, bureau="某局")
    assert (report.code, report.bureau, len(report.tables)) == ("schema", "某局", 1)
    rows = [values(row) for row in report.tables[0].rows]
    assert [row["field"] for row in rows] == list(Charge.model_fields)
    household = rows[1]
    assert household["header"] == "家庭编号"
    assert household["references"] == "保障家庭·家庭编号"
    assert (household["required"], household["key"]) == ("是", "")
    assert "租户编号" in household["aliases"]
    amount = next(row for row in rows if row["field"] == "amount")
    assert (amount["kind"], amount["unit"], amount["note"]) == ("金额", "元", "标准租金减去减免")
    assert rows[0]["key"] == "是"


def test_choices_are_spelt_out() -> None:
    unit = next(model for model in all_models() if model.__name__ == "Unit")
    rows = [values(row) for row in schema_report(unit).tables[0].rows]
    ownership = next(row for row in rows if row["field"] == "ownership")
    assert (ownership["kind"], ownership["choices"]) == ("选项", "市级、区级")


def test_the_reference_of_everything_has_a_table_per_sheet() -> None:
    report = schema_report(None)
    assert [table.title for table in report.tables] == [m.SHEET.name for m in all_models()]
    assert report.facts["sheets"] == len(all_models())
    assert len({table.key for table in report.tables}) == len(report.tables)


def test_every_kind_of_cell_has_a_chinese_word() -> None:
    assert set(KIND_WORDS) == set(CellKind)


def test_the_glossary_names_every_sheet_and_column() -> None:
    text = glossary_markdown()
    assert text.endswith("|\n")
    for model in all_models():
        assert f"### {model.SHEET.name}（{model.__name__}）" in text
        for name, field in model.model_fields.items():
            assert f"| {column_info(field).header} |" in text
            assert f"| {name} |" in text


def test_every_line_of_a_glossary_table_has_as_many_cells() -> None:
    lines = [line for line in glossary_markdown().splitlines() if line.startswith("|")]
    assert len({line.replace("\\|", "").count("|") for line in lines}) == 1
