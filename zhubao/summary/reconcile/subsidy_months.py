"""勾稽 of the rental subsidy: what was paid against the monthly amount times the months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.core.money import format_yuan
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyPayment
from zhubao.subsidy.rental.figures import paid_rows
from zhubao.summary.reconcile.checks import Asked, Pair, Side, check

_SHOWN = 5


@check(
    "subsidy.monthly",
    "发放金额 = 月补贴额 × 发放月数",
    needs=(SubsidyGrant, SubsidyPayment),
)
def paid_by_the_month(asked: Asked) -> Pair | None:
    """Σ of what was paid = Σ 月补贴额 of the grant × 发放月数, payment by payment.

    A payment without 发放月数 or without a grant cannot be compared: it counts as paid, and is
    told. Any other that differs is named and an open question by its own difference, so that two
    cannot cancel out. 月补贴额 has no history: it may have been set anew since.
    """
    paid = asked.side("subsidy.amount_paid")
    if paid is None:
        return None
    every = list(_payments(asked.loaded, paid_rows(asked.loaded, asked.scope.span)))
    unlike = [one for one in every if one.off]
    total = sum(one.amount if one.due is None else one.due for one in every)
    right = Side("月补贴额 × 发放月数之和", total, tuple(one.cell for one in unlike))
    words = "；".join((*_alone(every), *_unlike(unlike)))
    return Pair(paid, right, "元", words, unexplained=sum(one.off for one in unlike))


@dataclass(frozen=True, slots=True)
class _Payment:
    """One payment; `due` is None where it cannot be worked out."""

    number: str
    amount: int
    due: int | None
    cell: Cell

    @property
    def off(self) -> int:
        """By how much it differs from what was due."""
        return 0 if self.due is None else abs(self.amount - self.due)


def _payments(loaded: Loaded, rows: Iterable[int]) -> Iterator[_Payment]:
    grants, table = loaded.get(SubsidyGrant), loaded.get(SubsidyPayment)
    rates = dict(zip(grants.column("grant_no"), grants.column("monthly_amount"), strict=True))
    names = ("grant_no", "months", "amount", "payment_no")
    numbers, months, amounts, payments = (table.column(name) for name in names)
    for row in rows:
        rate, count = rates.get(numbers[row]), months[row]
        due = None if rate is None or count is None else rate * count
        yield _Payment(payments[row] or "", amounts[row], due, table.cell(row, "months"))


def _alone(payments: Iterable[_Payment]) -> Iterator[str]:
    amounts = [one.amount for one in payments if one.due is None]
    if amounts:
        shown = format_yuan(sum(amounts))
        yield f"{len(amounts)} 笔 {shown} 元没有发放月数或月补贴额，无从核对，按发放金额计"


def _unlike(unlike: Sequence[_Payment]) -> Iterator[str]:
    if unlike:
        named = "、".join(
            f"{one.number} 发 {format_yuan(one.amount)} 元、算得 {format_yuan(one.due or 0)} 元"
            for one in unlike[:_SHOWN]
        )
        more = "等" if len(unlike) > _SHOWN else ""
        yield f"{len(unlike)} 笔不等（{named}{more}）；月补贴额后来重新核定过的，请核对发放时的批准"
