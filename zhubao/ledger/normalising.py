"""Safe corrections of spelling: the cells then hold what the reader already takes them for.

Only what loses nothing: stray blanks and full-width characters, a date or an amount typed as
text, a number of a household or a person kept as a number. Cells with a finding, error or
warning, are a person's business; so are formulas, merged cells, marks like 无, and line breaks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping
from typing import Any

from zhubao.core.finding import Finding, Severity
from zhubao.core.theme import Formats
from zhubao.excel.address import parse_ref
from zhubao.excel.kinds import CellKind
from zhubao.ledger.catalog import kind_of
from zhubao.ledger.change import Change, Plan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable

Formulas = Mapping[tuple[str, str], Container[tuple[int, int]]]
"""(file, sheet) → (row, column) of its formula cells."""

_TYPED = frozenset(
    {CellKind.DATE, CellKind.MOMENT, CellKind.MONEY, CellKind.INTEGER, CellKind.DECIMAL}
)
_WORDS = {
    CellKind.DATE: "日期",
    CellKind.MOMENT: "日期时间",
    CellKind.MONEY: "金额",
    CellKind.INTEGER: "整数",
    CellKind.DECIMAL: "数字",
    CellKind.CODE: "编号",
    CellKind.IDENTITY: "证件号",
    CellKind.TEXT: "文字",
    CellKind.CHOICE: "选项",
}
_NUMBERS_AS_TEXT = frozenset({CellKind.CODE, CellKind.IDENTITY})


def normalising_change(
    loaded: Loaded, findings: Iterable[Finding], formulas: Formulas, formats: Formats
) -> Change:
    """Every safe correction in the tables loaded."""
    plan = Plan("规范写法", loaded, formats)
    flagged = {
        (found.where.file, found.where.sheet, found.where.ref)
        for found in findings
        if found.where and found.where.ref and found.severity is not Severity.NOTICE
    }
    done: Counter[CellKind] = Counter()
    for table in loaded.tables.values():
        for name, originals in table.originals.items():
            kind = kind_of(table.model.model_fields[name])
            for index, raw in originals.items():
                if _is_safe(kind, raw, table.column(name)[index]) and _is_free(
                    table, index, name, flagged, formulas
                ):
                    done[kind] += plan.respell(table, index, name)
    words = "，".join(f"{_WORDS[kind]} {done[kind]:,} 个" for kind in _WORDS if done[kind])
    if words:
        plan.note(f"改成规范写法：{words}；其余内容不变")
    return plan.build()


def _is_safe(kind: CellKind, raw: Any, value: Any) -> bool:
    """True when writing `value` over `raw` loses nothing."""
    if value is None or raw == "":
        return False
    if kind in _TYPED:
        return isinstance(raw, str) or kind in (CellKind.DATE, CellKind.MOMENT)
    if kind in _NUMBERS_AS_TEXT:
        return "\n" not in str(raw)
    if kind is CellKind.TEXT:
        return isinstance(raw, str) and "\n" not in raw
    return kind is CellKind.CHOICE and isinstance(raw, str) and raw.strip() == str(value)


def _is_free(
    table: LedgerTable[Any],
    index: int,
    name: str,
    flagged: Collection[tuple[str, str, str]],
    formulas: Formulas,
) -> bool:
    """True for a cell of its own that no finding and no formula claims, in yuan."""
    segment, _ = table.locate(index)
    cell = table.cell(index, name)
    if name not in segment.letters or name in segment.units:
        return False
    if (cell.file, cell.sheet, cell.ref) in flagged:
        return False
    return parse_ref(cell.ref) not in formulas.get((cell.file, cell.sheet), ())
