"""The worksheet functions that are worked out, each as Excel does; all others are UNKNOWN.

Inside areas, texts, truth values and empty cells are no numbers and are passed over; written as
an argument, a truth value counts as 1 or 0 and a text is UNKNOWN.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Protocol

from zhubao.excel.formula.parser import Node
from zhubao.excel.formula.tokens import Area
from zhubao.excel.formula.values import (
    ERROR,
    UNKNOWN,
    Noise,
    Scalar,
    Uncertain,
    finite,
    number,
    rounded,
    settled,
    truth,
)

Value = Scalar | Area
_PLAIN_NUMBER = re.compile(r"[-+]?(?=[0-9.]{1,16}\Z)[0-9]{1,15}(?:\.[0-9]+)?")


class Bench(Protocol):
    """What a function may ask of the evaluator."""

    at: tuple[int, int] | None

    def value(self, node: Node) -> Value:
        """The node's value; cells stay an area. None for an argument left out."""

    def scalar(self, node: Node) -> Scalar:
        """The node's value, a single cell's included; UNKNOWN for several cells."""

    def cells(self, area: Area) -> Sequence[Scalar] | None:
        """The cells of an area by rows, up to the end of the sheet; None when too many."""

    def beside(self, areas: Sequence[Area]) -> list[Sequence[Scalar]] | None:
        """The cells of areas of one shape, all up to where the longest of them ends."""

    def is_plain(self, area: Area) -> bool:
        """Whether SUBTOTAL counts every cell there: no row hidden, no SUBTOTAL inside."""


Function = Callable[[Bench, Sequence[Node]], Value]


def numbers(bench: Bench, nodes: Sequence[Node]) -> list[float] | Uncertain:
    """The numbers of the arguments in order; ERROR where any is an error."""
    found: list[float] = []
    is_error = False
    for node in nodes:
        value = bench.value(node)
        if not isinstance(value, Area):
            value = float(value) if isinstance(value, float | bool) else _no_number(value)
        cells = bench.cells(value) if isinstance(value, Area) else (value,)
        if cells is None:
            return UNKNOWN
        kinds = set(map(type, cells))
        if Noise in kinds or (Uncertain in kinds and UNKNOWN in cells):
            return UNKNOWN
        is_error = is_error or Uncertain in kinds
        found += [cell for cell in cells if isinstance(cell, float)]
    return ERROR if is_error else found


def _no_number(value: Scalar) -> Uncertain:
    return ERROR if value is ERROR else UNKNOWN


def total(terms: Sequence[float]) -> Scalar:
    """The sum from the first to the last; Noise when it is nothing but rounding."""
    if not terms:
        return 0.0
    subtotals = list(accumulate(terms))
    greatest = max(max(map(abs, terms)), max(map(abs, subtotals)))
    return settled(subtotals[-1], greatest)


def _product(terms: Sequence[float]) -> Scalar:
    result = 1.0 if terms else 0.0
    for term in terms:
        result *= term
    return finite(result)


def _average(terms: Sequence[float]) -> Scalar:
    result = total(terms)
    return result / len(terms) if terms and isinstance(result, float) else _average_of_none(terms)


def _average_of_none(terms: Sequence[float]) -> Scalar:
    return UNKNOWN if terms else ERROR


def _of_numbers(work_out: Callable[[Sequence[float]], Scalar]) -> Function:
    def function(bench: Bench, nodes: Sequence[Node]) -> Value:
        terms = numbers(bench, nodes)
        return terms if isinstance(terms, Uncertain) else work_out(terms)

    return function


def _counting(counts: Callable[[Scalar], bool]) -> Function:
    def function(bench: Bench, nodes: Sequence[Node]) -> Value:
        found = 0
        for node in nodes:
            value = bench.value(node)
            if not isinstance(value, Area):
                if not isinstance(value, float | bool):
                    return UNKNOWN
                found += 1
                continue
            cells = bench.cells(value)
            if cells is None or UNKNOWN in cells:
                return UNKNOWN
            found += sum(map(counts, cells))
        return float(found)

    return function


def _subtotal(bench: Bench, nodes: Sequence[Node]) -> Value:
    code = bench.scalar(nodes[0]) if len(nodes) > 1 else UNKNOWN
    function = _SUBTOTALS.get(code % 100) if isinstance(code, float) else None
    if function is None or code not in _SUBTOTAL_CODES:
        return UNKNOWN
    for node in nodes[1:]:
        area = bench.value(node)
        if not isinstance(area, Area) or not bench.is_plain(area):
            return UNKNOWN
    return function(bench, nodes[1:])


def _rounding(name: str) -> Function:
    def function(bench: Bench, nodes: Sequence[Node]) -> Value:
        if len(nodes) != 2:
            return UNKNOWN
        amount, digits = bench.scalar(nodes[0]), number(bench.scalar(nodes[1]))
        if isinstance(digits, Uncertain):
            return UNKNOWN if amount is UNKNOWN else digits
        return rounded(name, amount, int(max(-100.0, min(digits, 100.0))))

    return function


def _of_one(work_out: Callable[[Scalar], Scalar]) -> Function:
    def function(bench: Bench, nodes: Sequence[Node]) -> Value:
        return work_out(bench.scalar(nodes[0])) if len(nodes) == 1 else UNKNOWN

    return function


def _abs(value: Scalar) -> Scalar:
    amount = number(value)
    return amount if isinstance(amount, Uncertain) else abs(amount)


def _not(value: Scalar) -> Scalar:
    condition = truth(value)
    return condition if isinstance(condition, Uncertain) else not condition


def _n(value: Scalar) -> Scalar:
    return 0.0 if isinstance(value, str) else number(value)


def _value(value: Scalar) -> Scalar:
    if isinstance(value, str):
        if not value:
            return ERROR
        return float(value) if _PLAIN_NUMBER.fullmatch(value) is not None else UNKNOWN
    return value if isinstance(value, float | Uncertain) else UNKNOWN


def _is_blank(value: Scalar) -> Scalar:
    return UNKNOWN if value is UNKNOWN else value is None


def _if(bench: Bench, nodes: Sequence[Node]) -> Value:
    if not 2 <= len(nodes) <= 3:
        return UNKNOWN
    condition = truth(bench.scalar(nodes[0]))
    if isinstance(condition, Uncertain):
        return condition
    if condition:
        return bench.value(nodes[1])
    return bench.value(nodes[2]) if len(nodes) == 3 else False


def _if_error(bench: Bench, nodes: Sequence[Node]) -> Value:
    if len(nodes) != 2:
        return UNKNOWN
    value = bench.scalar(nodes[0])
    if value is None:
        return UNKNOWN
    return bench.value(nodes[1]) if value is ERROR else value


def _logical(join: Callable[[list[bool]], bool]) -> Function:
    def function(bench: Bench, nodes: Sequence[Node]) -> Value:
        conditions: list[bool] = []
        result: Uncertain | None = None
        for node in nodes:
            for condition in _conditions(bench, bench.value(node)):
                if condition is UNKNOWN:
                    return UNKNOWN
                if isinstance(condition, Uncertain):
                    result = condition
                else:
                    conditions.append(condition)
        if result is not None:
            return result
        return join(conditions) if conditions else ERROR

    return function


def _conditions(bench: Bench, value: Value) -> Sequence[bool | Uncertain]:
    if not isinstance(value, Area):
        return (truth(value) if value is not None else UNKNOWN,)
    cells = bench.cells(value)
    if cells is None:
        return (UNKNOWN,)
    return [truth(cell) for cell in cells if cell is not None and not isinstance(cell, str)]


def _place(of_row: bool) -> Function:
    """ROW and COLUMN: of the cell itself, or of one cell."""

    def function(bench: Bench, nodes: Sequence[Node]) -> Value:
        if not nodes:
            return float(bench.at[0 if of_row else 1]) if bench.at else UNKNOWN
        area = bench.value(nodes[0])
        if len(nodes) > 1 or not isinstance(area, Area) or area.size > 1:
            return UNKNOWN
        return float(area.top if of_row else area.left)

    return function


def _extent(of_rows: bool) -> Function:
    """ROWS and COLUMNS."""

    def function(bench: Bench, nodes: Sequence[Node]) -> Value:
        area = bench.value(nodes[0]) if len(nodes) == 1 else UNKNOWN
        return float(area.shape[0 if of_rows else 1]) if isinstance(area, Area) else UNKNOWN

    return function


def _constant(value: bool) -> Function:
    def function(_: Bench, nodes: Sequence[Node]) -> Value:
        return UNKNOWN if nodes else value

    return function


AGGREGATES: dict[str, Function] = {
    "SUM": _of_numbers(total),
    "PRODUCT": _of_numbers(_product),
    "AVERAGE": _of_numbers(_average),
    "MIN": _of_numbers(lambda terms: min(terms, default=0.0)),
    "MAX": _of_numbers(lambda terms: max(terms, default=0.0)),
    "COUNT": _counting(lambda cell: isinstance(cell, float)),
    "COUNTA": _counting(lambda cell: cell is not None),
}
_SUBTOTALS: dict[float, Function] = {
    code: AGGREGATES[name]
    for code, name in (
        (1, "AVERAGE"),
        (2, "COUNT"),
        (3, "COUNTA"),
        (4, "MAX"),
        (5, "MIN"),
        (6, "PRODUCT"),
        (9, "SUM"),
    )
}
_SUBTOTAL_CODES = {base + code for code in _SUBTOTALS for base in (0, 100)}

FUNCTIONS: dict[str, Function] = {
    **AGGREGATES,
    "SUBTOTAL": _subtotal,
    "ROUND": _rounding("ROUND"),
    "ROUNDUP": _rounding("ROUNDUP"),
    "ROUNDDOWN": _rounding("ROUNDDOWN"),
    "INT": _of_one(lambda value: rounded("INT", value, 0)),
    "ABS": _of_one(_abs),
    "NOT": _of_one(_not),
    "N": _of_one(_n),
    "VALUE": _of_one(_value),
    "ISBLANK": _of_one(_is_blank),
    "IF": _if,
    "IFERROR": _if_error,
    "AND": _logical(all),
    "OR": _logical(any),
    "ROW": _place(True),
    "COLUMN": _place(False),
    "ROWS": _extent(True),
    "COLUMNS": _extent(False),
    "TRUE": _constant(True),
    "FALSE": _constant(False),
}
