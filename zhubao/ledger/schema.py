"""The field reference: every sheet's columns as a Report, and as Markdown for the documentation."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic.fields import FieldInfo

from zhubao.core.report import Column, Report, Row, Table
from zhubao.excel.kinds import CellKind
from zhubao.ledger.catalog import (
    WORKBOOKS,
    choices_of,
    key_fields,
    kind_of,
    models_of,
    references_of,
)
from zhubao.ledger.model import LedgerRow, column_info

KIND_WORDS = {
    CellKind.TEXT: "文字",
    CellKind.CODE: "编号",
    CellKind.IDENTITY: "身份证号",
    CellKind.MONEY: "金额",
    CellKind.DATE: "日期",
    CellKind.MOMENT: "日期时间",
    CellKind.MONTH: "月份",
    CellKind.YES_NO: "是/否",
    CellKind.INTEGER: "整数",
    CellKind.DECIMAL: "数字",
    CellKind.CHOICE: "选项",
}
_COLUMNS = (
    Column("header", "列名"),
    Column("kind", "类型"),
    Column("unit", "单位"),
    Column("required", "必填"),
    Column("key", "唯一"),
    Column("references", "对应", level=2),
    Column("choices", "可选内容", level=2),
    Column("note", "说明", level=2),
    Column("aliases", "也认这些列名", level=3),
    Column("field", "字段", level=3),
)


def schema_report(model: type[LedgerRow] | None, *, bureau: str = "") -> Report:
    """The columns of one sheet; without a model, of all sheets, workbook by workbook."""
    models = [model] if model else [one for name in WORKBOOKS for one in models_of(name)]
    title = f"“{model.SHEET.name}”表的字段" if model else "台账字段说明"
    return Report(
        code="schema",
        title=title,
        bureau=bureau,
        tables=tuple(_table(one) for one in models),
        facts={"sheets": len(models), "columns": sum(len(one.model_fields) for one in models)},
    )


def glossary_markdown() -> str:
    """Every sheet as a Markdown section: header ↔ field ↔ meaning."""
    return "\n".join(_glossary_lines()) + "\n"


def _glossary_lines() -> Iterator[str]:
    yield "# 台账字段说明"
    yield ""
    yield "本文由 `make docs` 从台账的声明生成，请勿手工修改。"
    yield "示例台账里的人员、证件号、电话都是虚构的。"
    yield ""
    yield "“唯一”列合起来不得重复；“对应”指须在另一表里已有。"
    for workbook in WORKBOOKS:
        yield ""
        yield f"## {workbook}.xlsx"
        for model in models_of(workbook):
            yield from _section(_table(model), model)


def _section(table: Table, model: type[LedgerRow]) -> Iterator[str]:
    yield ""
    yield f"### {model.SHEET.name}（{model.__name__}）"
    yield ""
    yield from (f"{note}。" for note in table.notes)
    yield ""
    yield _line(column.title for column in table.columns)
    yield _line("---" for _ in table.columns)
    for row in table.rows:
        yield _line(_escaped(str(value)) for value in row.values)


def _line(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """A bar would end the cell."""
    return text.replace("|", "\\|")


def _table(model: type[LedgerRow]) -> Table:
    sheet = model.SHEET
    notes = [f"{sheet.workbook}.xlsx 的“{sheet.name}”表：{sheet.title}"]
    if sheet.aliases:
        notes.append(f"表名也认：{'、'.join(sheet.aliases)}")
    targets = {
        one.field: f"{one.target.SHEET.name}·{_header(one.target, one.target_field)}"
        for one in references_of(model)
    }
    rows = [
        _row(model, name, field, targets.get(name, ""))
        for name, field in model.model_fields.items()
    ]
    return Table(
        key=model.__name__, title=sheet.name, columns=_COLUMNS, rows=rows, notes=tuple(notes)
    )


def _row(model: type[LedgerRow], name: str, field: FieldInfo, target: str) -> Row:
    info = column_info(field)
    return Row(
        (
            info.header,
            KIND_WORDS[kind_of(field)],
            info.unit,
            "是" if field.is_required() else "",
            "是" if name in key_fields(model) else "",
            target,
            "、".join(choices_of(field)),
            info.note,
            "、".join(info.aliases),
            name,
        )
    )


def _header(model: type[LedgerRow], name: str) -> str:
    return column_info(model.model_fields[name]).header
