"""A formula's text as a tree. Precedence is Excel's: sign, %, ^, * /, + -, &, comparison.

A sign binds tighter than ^ (-2^2 is 4) and ^ groups from the left. What is well formed but not
covered (names of other workbooks, table columns, array constants, unions) makes no tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zhubao.excel.formula.tokens import (
    Area,
    Elsewhere,
    area_of,
    function_name,
    is_fixed,
    sheet_named,
    tokens,
)

LONGEST_FORMULA = 8192
"""The most characters a formula has in Excel; anything longer is not read."""

_POWERS = {"=": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "<>": 1, "&": 2, "+": 3, "-": 3}
_POWERS |= {"*": 4, "/": 4, "^": 5}
_SIGN = 6
_DEEPEST = 64
_BOOLEANS = {"TRUE": True, "FALSE": False}


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text or truth value written in the formula."""

    value: float | str | bool


@dataclass(frozen=True, slots=True)
class Reference:
    """Cells, on whichever sheet; `fixed` when the same from wherever it is written."""

    area: Area
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name, as seen from `sheet` (casefolded)."""

    name: str
    sheet: str


@dataclass(frozen=True, slots=True)
class Lost:
    """An error written in the formula, such as #REF!."""


@dataclass(frozen=True, slots=True)
class Omitted:
    """An argument left out, as in IF(A1,,2)."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Cells that are not in this workbook, or on several sheets at once."""


@dataclass(frozen=True, slots=True)
class Group:
    """What stands in parentheses."""

    inner: Node


@dataclass(frozen=True, slots=True)
class Unary:
    """A sign before, or "%" after, its operand."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands with an operator between them."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; the name in capitals."""

    name: str
    arguments: tuple[Node, ...]


Node = Literal | Reference | Name | Lost | Omitted | Outside | Group | Unary | Binary | Call


class _NoTree(Exception):
    """The text is no formula this module covers."""


def parse(text: str, sheet: str) -> Node | None:
    """The tree of a formula (without "=") in a cell of `sheet`; None when it is not covered."""
    if len(text) > LONGEST_FORMULA:
        return None
    try:
        parser = _Parser(text, sheet)
        root = parser.expression(0)
        return root if parser.is_at_end() else None
    except _NoTree:
        return None


def walk(root: Node) -> Iterator[Node]:
    """The node and all below it."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += _children(node)


def _children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Binary):
        return node.left, node.right
    if isinstance(node, Unary):
        return (node.operand,)
    if isinstance(node, Group):
        return (node.inner,)
    return node.arguments if isinstance(node, Call) else ()


class _Parser:
    """Precedence climbing over the tokens without their spaces."""

    def __init__(self, text: str, sheet: str) -> None:
        self._tokens = [token for token in tokens(text) if token.lastgroup != "space"]
        self._sheet = sheet
        self._at = 0
        self._depth = 0

    def is_at_end(self) -> bool:
        """Whether every token was used."""
        return self._at == len(self._tokens)

    def expression(self, power: int) -> Node:
        """An expression of operators that bind tighter than `power`. Raises _NoTree."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _NoTree
        left = self._operand()
        while True:
            operator = self._peek()
            binds = _POWERS.get(operator, 0)
            if operator == "%":
                self._at += 1
                left = Unary("%", left)
            elif binds > power:
                self._at += 1
                left = Binary(operator, left, self.expression(binds))
            else:
                self._depth -= 1
                return left

    def _peek(self) -> str:
        """The operator that comes next; "" for anything else."""
        if self._at == len(self._tokens) or self._tokens[self._at].lastgroup != "operator":
            return ""
        return self._tokens[self._at][0]

    def _operand(self) -> Node:
        if self.is_at_end():
            raise _NoTree
        token = self._tokens[self._at]
        self._at += 1
        if token.lastgroup == "operator":
            return self._prefixed(token[0])
        if token.lastgroup == "function":
            return Call(function_name(token["function"]), tuple(self._arguments()))
        return _leaf(token, self._sheet)

    def _prefixed(self, operator: str) -> Node:
        if operator in ("+", "-"):
            return Unary(operator, self.expression(_SIGN))
        if operator != "(":
            raise _NoTree
        inner = self.expression(0)
        self._expect(")")
        return Group(inner)

    def _arguments(self) -> Iterator[Node]:
        if self._peek() == ")":
            self._at += 1
            return
        while True:
            yield Omitted() if self._peek() in (",", ")") else self.expression(0)
            if self._peek() == ")":
                self._at += 1
                return
            self._expect(",")

    def _expect(self, operator: str) -> None:
        if self._peek() != operator:
            raise _NoTree
        self._at += 1


def _leaf(token: re.Match[str], sheet: str) -> Node:
    kind = token.lastgroup
    if kind == "number":
        return Literal(float(token[0]))
    if kind == "text":
        return Literal(token[0][1:-1].replace('""', '"'))
    if kind == "reference":
        area = area_of(token, sheet)
        return Reference(area, is_fixed(token)) if isinstance(area, Area) else Outside()
    if kind == "name":
        return _name(token, sheet)
    if kind == "error":
        return Lost()
    raise _NoTree


def _name(token: re.Match[str], home: str) -> Node:
    scope, written = token["scope"], token["name"]
    if not scope and written.upper() in _BOOLEANS:
        return Literal(_BOOLEANS[written.upper()])
    sheet = sheet_named(scope, home)
    if sheet is None or isinstance(sheet, Elsewhere):
        return Outside()
    return Name(written[len(scope) :] if scope else written, sheet)
