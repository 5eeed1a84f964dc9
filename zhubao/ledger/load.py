"""From the typed columns of a sheet to a validated ledger table and its findings (LG-1xx)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic

from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.core.masking import mask_account, mask_identity, mask_name
from zhubao.core.money import yuan
from zhubao.excel.kinds import CellKind
from zhubao.excel.outcome import shown
from zhubao.ledger.table import Columns, LedgerTable, R, Segment, compact_rows
from zhubao.ledger.validate import FieldRule, field_rules

if TYPE_CHECKING:
    from zhubao.excel.table import TypedTable

REQUIRED_EMPTY = declare(
    "LG-101",
    "必填内容空着",
    Severity.ERROR,
    "“{header}”没有填写",
    "补填后重新检查；确实没有这项内容的，请核对这一行是否应当删除",
    bad="应收表某行的“家庭编号”是空格",
    good="每行都填了“家庭编号”",
)
VALUE_REFUSED = declare(
    "LG-102",
    "内容不符合要求",
    Severity.ERROR,
    "“{header}”{reason}（填写：{shown}）",
    "按要求改正这个单元格后重新检查",
    bad="“家庭人口”填 0",
    good="“家庭人口”填 3",
)
COLUMN_MISSING = declare(
    "LG-103",
    "缺少必需的列",
    Severity.ERROR,
    "“{sheet}”表里没有找到：{headers}",
    "检查表头文字；单位另有叫法的，可在 zhubao.toml 的 [aliases] 里登记",
    bad="应收表没有“账单期”一列，也没有它的别名",
    good="应收表有“账单期”或“所属月份”一列",
)
COLUMNS_UNKNOWN = declare(
    "LG-104",
    "有不认识的列",
    Severity.NOTICE,
    "这些列照原样保留，但不参与计算：{headers}",
    "如果其中有应当参与计算的列，请在 zhubao.toml 的 [aliases] 里登记它的叫法",
    bad="应收表多了一列“网格员”",
    good="应收表的列都在字段说明之内",
)
SHEET_EMPTY = declare(
    "LG-105",
    "表里没有数据",
    Severity.NOTICE,
    "“{title}”没有数据行",
    "如果本来就没有数据，不用处理；否则请检查数据是否在别的表或别的文件里",
    bad="减免表只有表头",
    good="减免表至少有一行",
)


@dataclass(frozen=True, slots=True)
class SheetLoad(Generic[R]):
    """A sheet as a table, and what is wrong with its cells."""

    table: LedgerTable[R]
    findings: list[Finding]


@dataclass(slots=True)
class _Sheet:
    """What the steps of one load share."""

    typed: TypedTable
    columns: Columns = field(default_factory=lambda: Columns({}))
    findings: list[Finding] = field(default_factory=list)


def load_sheet(model: type[R], typed: TypedTable) -> SheetLoad[R]:
    """Validate every column of `typed` against `model`; the reader's findings come along."""
    sheet = _Sheet(typed)
    sheet.findings += typed.findings
    missing = [rule for rule in field_rules(model) if not _fill(rule, sheet)]
    place = Cell(typed.file, typed.sheet)
    if missing:
        headers = "；".join(_header_and_aliases(rule) for rule in missing)
        sheet.findings.append(COLUMN_MISSING.at(place, sheet=typed.sheet, headers=headers))
    _keep_unknown(sheet, place)
    if not typed.rows and not model.SHEET.computed:
        sheet.findings.append(SHEET_EMPTY.at(place, title=typed.sheet))
    letters = {name: column.letter for name, column in typed.columns.items()}
    units = {name: column.unit for name, column in typed.columns.items() if column.unit}
    rows, header_row = compact_rows(typed.rows), typed.header_rows[1]
    segment = Segment(typed.file, typed.sheet, rows, letters, header_row, units)
    return SheetLoad(LedgerTable(model, sheet.columns, (segment,)), sheet.findings)


def shown_value(rule: FieldRule, value: Any) -> str:
    """A cell's content for a message: short, and masked when it is personal."""
    is_fen = rule.kind is CellKind.MONEY and isinstance(value, int)
    text = f"{yuan(value):f}" if is_fen else str(value)
    if not rule.column.personal:
        return shown(text)
    if rule.kind is CellKind.IDENTITY:
        return mask_identity(text)
    return mask_account(text) if rule.kind is CellKind.CODE else mask_name(text)


def _fill(rule: FieldRule, sheet: _Sheet) -> bool:
    """Validate one column into the sheet; False when it is required and not there."""
    typed = sheet.typed.columns.get(rule.name)
    count = len(sheet.typed.rows)
    if typed is None:
        sheet.columns.values[rule.name] = [None] * count
        if rule.required:
            sheet.columns.bad[rule.name] = set(range(count))
        return not rule.required
    checked = rule.check(typed.values)
    bad = set(typed.bad)
    for index, reason in checked.reasons.items():
        shown = shown_value(rule, typed.originals.get(index, typed.values[index]))
        where = sheet.typed.address(index, rule.name)
        found = VALUE_REFUSED.at(where, header=rule.column.header, reason=reason, shown=shown)
        sheet.findings.append(found)
        bad.add(index)
    if rule.required and None in typed.values:
        _mark_empty(rule, sheet, bad)
    sheet.columns.values[rule.name] = checked.values
    if bad:
        sheet.columns.bad[rule.name] = bad
    if typed.originals:
        sheet.columns.originals[rule.name] = typed.originals
    return True


def _mark_empty(rule: FieldRule, sheet: _Sheet, bad: set[int]) -> None:
    """A finding for every empty required cell that the reader has not complained about."""
    for index, value in enumerate(sheet.typed.columns[rule.name].values):
        if value is None and index not in bad:
            where = sheet.typed.address(index, rule.name)
            sheet.findings.append(REQUIRED_EMPTY.at(where, header=rule.column.header))
            bad.add(index)


def _keep_unknown(sheet: _Sheet, place: Cell) -> None:
    unknown = sheet.typed.unknown
    for header, (_, values) in unknown.items():
        sheet.columns.extras[header] = list(values)
    if unknown:
        headers = "、".join(f"{header}（{letter} 列）" for header, (letter, _) in unknown.items())
        sheet.findings.append(COLUMNS_UNKNOWN.at(place, headers=headers))


def _header_and_aliases(rule: FieldRule) -> str:
    names = rule.column.aliases
    return f"{rule.column.header}（或 {'、'.join(names)}）" if names else rule.column.header
