"""What the source cells of an amount add up to, where that is not the amount itself, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from zhubao.audit.trace.adding import total_of
from zhubao.audit.trace.places import Locator
from zhubao.core.finding import Cell
from zhubao.ledger.arrears import Charge, OpeningDebt, Receipt
from zhubao.ledger.model import LedgerRow
from zhubao.summary.trace.figure_report import Asked

_DEBTS = frozenset({Charge, OpeningDebt})


def sum_notes(asked: Iterable[Asked], locator: Locator, *, part: str = "") -> Iterator[str]:
    """A sentence for each amount in yuan whose cells, all amounts, add up to something else.

    A debt's cell holds the whole of it, however much is paid; a receipt's all that was received,
    whatever it paid for. With `part` (分子, 分母) only that number of a rate.
    """
    for one in asked:
        if not one.figure.money or one.measured is None:
            continue
        for name, number, cells in _parts(one):
            if not name.endswith(part):
                continue
            total = total_of(cells, locator)
            wanted = Decimal(number or 0).scaleb(-2)
            if total is not None and total != wanted:
                yield f"{one.figure.title}{name}：" + _words(total, wanted, _models(cells, locator))


def _parts(one: Asked) -> Iterator[tuple[str, int | None, tuple[Cell, ...]]]:
    measured = one.measured
    assert measured is not None
    yield "的分子" if one.figure.is_rate else "", measured.value, measured.cells
    if one.figure.is_rate:
        yield "的分母", measured.whole, measured.base


def _models(cells: Iterable[Cell], locator: Locator) -> frozenset[type[LedgerRow]]:
    firsts = {(cell.file, cell.sheet): cell for cell in cells}
    places = (locator.at(cell) for cell in firsts.values())
    return frozenset(place.model for place in places if place is not None)


def _words(total: Decimal, wanted: Decimal, models: frozenset[type[LedgerRow]]) -> str:
    rest = f"{total - wanted:,.2f} 元"
    if models and models <= _DEBTS and total > wanted:
        return f"单元格是应收全额，合计 {total:,.2f} 元；其中 {rest}已部分缴清或减免，不计在内"
    if models == {Receipt} and total > wanted:
        return (
            f"单元格是期间内的实收全额，合计 {total:,.2f} 元；"
            f"其中 {rest}抵了别的欠租或转为预缴，不计在内"
        )
    return f"来源单元格合计 {total:,.2f} 元，指标是 {wanted:,.2f} 元；指标由它们算出，不是逐格相加"
