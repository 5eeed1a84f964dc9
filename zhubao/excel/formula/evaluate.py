"""A small exact evaluator of formulas: Excel's result, or UNKNOWN where it is not certain.

Arithmetic is in IEEE doubles like Excel's; SUM adds from the first cell to the last, by rows.
So 0.1+0.2 is 0.30000000000000004, as Excel stores it (and shows it with 15 digits). A difference
of nearly equal numbers that is the formula's last step becomes 0, as in Excel; anywhere else such
noise is UNKNOWN, except under ROUND. See `formula_values` for conversions and comparisons,
`formula_functions` and `formula_conditional` for the functions there are. ERROR is the result
where Excel certainly shows an error; which one is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from zhubao.excel.formula.conditional import CONDITIONAL
from zhubao.excel.formula.functions import AGGREGATES, FUNCTIONS, Function, Value
from zhubao.excel.formula.grid import Grid, Values
from zhubao.excel.formula.needs import DEEPEST_NAME, NeedsReader
from zhubao.excel.formula.parser import (
    Binary,
    Call,
    Group,
    Literal,
    Lost,
    Name,
    Node,
    Omitted,
    Reference,
    Unary,
    parse,
    walk,
)
from zhubao.excel.formula.tokens import Area
from zhubao.excel.formula.values import (
    ERROR,
    UNKNOWN,
    Noise,
    Scalar,
    Uncertain,
    added,
    compared,
    differ,
    finite,
    number,
    powered,
    text,
    worse,
)

Result = float | str | bool | Uncertain
"""What a formula gives; an empty cell gives 0."""

_LONGEST_TEXT = 32_767
_VISITS = 20_000_000
_FUNCTIONS: dict[str, Function] = {**FUNCTIONS, **CONDITIONAL}
_ORDERS: dict[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}


def evaluate(
    formula: str,
    sheet: str,
    values: Values,
    *,
    sheets: Iterable[str] = (),
    names: Mapping[str, str] | None = None,
    extent: Callable[[str], tuple[int, int]] | None = None,
    is_plain: Callable[[Area], bool] | None = None,
    at: tuple[int, int] | None = None,
) -> Result:
    """The result of a formula (without "=") in a cell of `sheet`; parameters as in Evaluator."""
    evaluator = Evaluator(
        values,
        sheets=(*sheets, sheet),
        names=NeedsReader(names or {}),
        extent=extent,
        is_plain=is_plain,
    )
    return evaluator.evaluate(formula, sheet, at)


class Evaluator:
    """Works formulas out, one after another, over the same values.

    `sheets` are the sheets' names as `values` and `extent` know them (others are asked for
    casefolded); `extent` gives a sheet's last row and column, without which whole columns are
    UNKNOWN; `is_plain` tells whether SUBTOTAL counts every cell of an area (no hidden row, no
    SUBTOTAL among them), without which SUBTOTAL is UNKNOWN. An area must not change once it was
    read. After `visits` cells were gone through, formulas over areas are UNKNOWN.
    """

    def __init__(
        self,
        values: Values,
        *,
        sheets: Iterable[str] = (),
        names: NeedsReader | None = None,
        extent: Callable[[str], tuple[int, int]] | None = None,
        is_plain: Callable[[Area], bool] | None = None,
        visits: int = _VISITS,
    ) -> None:
        self.at: tuple[int, int] | None = None
        self._grid = Grid(values, sheets)
        self._names = names or NeedsReader({})
        self._extent = extent
        self._is_plain = is_plain
        self._left = visits
        self._results: dict[Node, Value] = {}
        self._open_names: set[Name] = set()

    def evaluate(self, formula: str, sheet: str, at: tuple[int, int] | None = None) -> Result:
        """The result of a formula (without "=") in the cell `at` (row, column) of `sheet`."""
        root = parse(formula, sheet)
        if root is None:
            return UNKNOWN
        self.at = at
        result = self.scalar(root)
        if isinstance(result, Noise):
            is_last_step = isinstance(root, Binary) and result.snaps
            return 0.0 if is_last_step else UNKNOWN
        if isinstance(result, str) and len(result) > _LONGEST_TEXT:
            return UNKNOWN
        return 0.0 if result is None else result

    def value(self, node: Node) -> Value:
        """The node's value; cells stay an area. None for an argument left out."""
        if isinstance(node, Literal):
            return node.value
        if isinstance(node, Reference):
            return node.area
        if isinstance(node, Binary):
            return self._chain(node)
        if isinstance(node, Call):
            return self._call(node)
        return self._other(node)

    def scalar(self, node: Node) -> Scalar:
        """The node's value, a single cell's included; UNKNOWN for several cells."""
        value = self.value(node)
        if not isinstance(value, Area):
            return value
        return self._grid.cell(*value[:3]) if value.size == 1 else UNKNOWN

    def cells(self, area: Area) -> Sequence[Scalar] | None:
        """The cells of an area by rows, up to the end of the sheet; None when too many."""
        return self._read(self._clipped(area, self._used(area)))

    def beside(self, areas: Sequence[Area]) -> list[Sequence[Scalar]] | None:
        """The cells of areas of one shape, all up to where the longest of them ends."""
        used = [self._used(area) for area in areas]
        rows, columns = max(rows for rows, _ in used), max(columns for _, columns in used)
        found: list[Sequence[Scalar]] = []
        for area in areas:
            cells = self._read(self._clipped(area, (rows, columns)))
            if cells is None:
                return None
            found.append(cells)
        return found

    def is_plain(self, area: Area) -> bool:
        """Whether SUBTOTAL certainly counts every cell there."""
        return self._is_plain is not None and self._is_plain(area)

    def _used(self, area: Area) -> tuple[int, int]:
        """How many of the area's rows and columns lie within the sheet's extent."""
        if self._extent is None:
            return area.shape
        last_row, last_column = self._extent(self._grid.spelled(area.sheet))
        rows = min(area.bottom, last_row) - area.top + 1
        columns = min(area.right, last_column) - area.left + 1
        return (rows, columns) if rows > 0 and columns > 0 else (0, 0)

    @staticmethod
    def _clipped(area: Area, shape: tuple[int, int]) -> Area:
        rows, columns = shape
        return area._replace(bottom=area.top + rows - 1, right=area.left + columns - 1)

    def _read(self, area: Area) -> list[Scalar] | None:
        self._left -= area.size
        if self._left < 0:
            return None
        return self._grid.area(area)

    def _chain(self, node: Binary) -> Scalar:
        """A+B+C+… from the left, however long."""
        steps: list[Binary] = []
        first: Node = node
        while isinstance(first, Binary):
            steps.append(first)
            first = first.left
        result = self.scalar(first)
        for step in reversed(steps):
            result = _joined(step.operator, result, self.scalar(step.right))
        return result

    def _call(self, node: Call) -> Value:
        function = _FUNCTIONS.get(node.name)
        if function is None:
            return UNKNOWN
        is_lasting = node.name in AGGREGATES and all(
            isinstance(argument, Reference) for argument in node.arguments
        )
        if not is_lasting:
            return function(self, node.arguments)
        if node not in self._results:
            self._results[node] = function(self, node.arguments)
        return self._results[node]

    def _other(self, node: Node) -> Value:
        if isinstance(node, Group):
            return self.value(node.inner)
        if isinstance(node, Unary):
            return _signed(node.operator, self, node.operand)
        if isinstance(node, Name):
            return self._named(node)
        if isinstance(node, Omitted):
            return None
        return ERROR if isinstance(node, Lost) else UNKNOWN

    def _named(self, node: Name) -> Value:
        meaning = self._names.text_of(node.name, node.sheet)
        root = parse(meaning, node.sheet) if meaning is not None else None
        if root is None or node in self._open_names or len(self._open_names) == DEEPEST_NAME:
            return UNKNOWN
        if not all(part.fixed for part in walk(root) if isinstance(part, Reference)):
            return UNKNOWN
        self._open_names.add(node)
        value = self.value(root)
        self._open_names.discard(node)
        return UNKNOWN if isinstance(value, Noise) else value


def _signed(operator: str, evaluator: Evaluator, operand: Node) -> Value:
    """+x is x, whatever it is; -x and x% are numbers."""
    if operator == "+":
        return evaluator.value(operand)
    amount = number(evaluator.scalar(operand))
    if isinstance(amount, Uncertain):
        return amount
    return finite(-amount) if operator == "-" else finite(amount / 100)


def _joined(operator: str, left: Scalar, right: Scalar) -> Scalar:
    if operator == "&":
        first, second = text(left), text(right)
        if isinstance(first, Uncertain) or isinstance(second, Uncertain):
            return worse(first, second) or UNKNOWN
        return first + second
    if operator == "<>":
        return differ(left, right)
    if operator in _ORDERS:
        order = compared(left, right)
        return order if isinstance(order, Uncertain) else _ORDERS[operator](order)
    return _calculated(operator, number(left), number(right))


def _calculated(operator: str, left: float | Uncertain, right: float | Uncertain) -> Scalar:
    if isinstance(left, Uncertain) or isinstance(right, Uncertain):
        return worse(left, right) or UNKNOWN
    if operator in ("+", "-"):
        return added(left, right if operator == "+" else -right)
    if operator == "*":
        return finite(left * right)
    if operator == "^":
        return powered(left, right)
    return finite(left / right) if right else ERROR
