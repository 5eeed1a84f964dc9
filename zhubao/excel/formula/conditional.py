"""SUMIF, COUNTIF and SUMPRODUCT: functions that go through several areas side by side."""

from __future__ import annotations

from collections.abc import Sequence

from zhubao.excel.formula.criteria import Criterion, criterion
from zhubao.excel.formula.functions import Bench, Function, Value, total
from zhubao.excel.formula.needs import stretched
from zhubao.excel.formula.parser import Node, Reference
from zhubao.excel.formula.tokens import Area
from zhubao.excel.formula.values import ERROR, UNKNOWN, Noise, Scalar, Uncertain


def _sum_if(bench: Bench, nodes: Sequence[Node]) -> Value:
    areas = _areas_of_sum_if(bench, nodes)
    wanted = criterion(bench.scalar(nodes[1])) if areas else None
    columns = bench.beside(areas) if areas and wanted else None
    if wanted is None or columns is None:
        return UNKNOWN
    return _sum_of_matches(wanted, columns[0], columns[-1])


def _areas_of_sum_if(bench: Bench, nodes: Sequence[Node]) -> list[Area]:
    """The area tested and the area added; empty when the arguments are not of that kind."""
    if not 2 <= len(nodes) <= 3:
        return []
    tested, added = bench.value(nodes[0]), bench.value(nodes[-1] if len(nodes) == 3 else nodes[0])
    if not (isinstance(tested, Area) and isinstance(added, Area)):
        return []
    full = stretched(added, tested)
    is_named = full == added or isinstance(nodes[-1], Reference)
    return [tested, full] if is_named and full.shape == tested.shape else []


def _sum_of_matches(wanted: Criterion, tested: Sequence[Scalar], added: Sequence[Scalar]) -> Value:
    terms: list[float] = []
    is_error = False
    for cell, amount in zip(tested, added, strict=True):
        matches = wanted.matches(cell)
        if matches is UNKNOWN or (matches and (amount is UNKNOWN or isinstance(amount, Noise))):
            return UNKNOWN
        if matches:
            is_error = is_error or amount is ERROR
            terms += [amount] if isinstance(amount, float) else []
    return ERROR if is_error else total(terms)


def _count_if(bench: Bench, nodes: Sequence[Node]) -> Value:
    area = bench.value(nodes[0]) if len(nodes) == 2 else UNKNOWN
    wanted = criterion(bench.scalar(nodes[1])) if isinstance(area, Area) else None
    cells = bench.cells(area) if isinstance(area, Area) and wanted else None
    if wanted is None or cells is None or not isinstance(area, Area):
        return UNKNOWN
    matches = [wanted.matches(cell) for cell in cells]
    if UNKNOWN in matches:
        return UNKNOWN
    beyond = area.size - len(cells) if wanted.matches(None) is True else 0
    return float(matches.count(True) + beyond)


def _sum_product(bench: Bench, nodes: Sequence[Node]) -> Value:
    values = [bench.value(node) for node in nodes]
    areas = [value for value in values if isinstance(value, Area)]
    if not areas or len(areas) < len(values):
        return UNKNOWN
    if len({area.shape for area in areas}) > 1:
        return ERROR
    columns = bench.beside(areas)
    if columns is None:
        return UNKNOWN
    worst = _worst(columns)
    return (
        worst
        if worst is not None
        else total([_row_product(row) for row in zip(*columns, strict=True)])
    )


def _worst(columns: Sequence[Sequence[Scalar]]) -> Uncertain | None:
    is_error = False
    for cells in columns:
        if any(cell is UNKNOWN or isinstance(cell, Noise) for cell in cells):
            return UNKNOWN
        is_error = is_error or ERROR in cells
    return ERROR if is_error else None


def _row_product(factors: Sequence[Scalar]) -> float:
    """What is no number counts as 0."""
    result = 1.0
    for factor in factors:
        result *= factor if isinstance(factor, float) else 0.0
    return result


CONDITIONAL: dict[str, Function] = {
    "SUMIF": _sum_if,
    "COUNTIF": _count_if,
    "SUMPRODUCT": _sum_product,
}
