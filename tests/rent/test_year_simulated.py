"""A year of the sample bureau, month by month: charged, paid, closed; a closing opens the next."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zhubao.core.period import Month
from zhubao.ledger.arrears import Charge, Receipt
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.table import LedgerTable
from zhubao.rent.charge.charging import CHARGE_MODELS, ChargeRun, compute_charges
from zhubao.rent.monthly.month import MonthResult, compute_month
from zhubao.rent.needs import ARREARS_MODELS

ROOT = Path(__file__).resolve().parents[2]


def with_rows(loaded: Loaded, model: type[LedgerRow], rows: list[dict[str, Any]]) -> Loaded:
    """The ledgers with more records of one sheet."""
    table = LedgerTable.joined(model, [loaded[model], LedgerTable.from_rows(model, rows)])
    return Loaded({**loaded.tables, model: table})


def charged(loaded: Loaded, run: ChargeRun) -> Loaded:
    """The month's charges booked as `rent charge` books them."""
    rows = [
        {
            "charge_no": draft.charge_no,
            "household_no": draft.stay.household_no,
            "lease_no": draft.stay.lease_no,
            "unit_no": draft.stay.unit_no,
            "month": run.month,
            "standard": draft.standard,
            "reduction": draft.reduction,
            "amount": draft.amount,
            "charged_on": run.charged_on,
        }
        for draft in run.new
    ]
    return with_rows(loaded, Charge, rows)


def received(loaded: Loaded, run: ChargeRun, chance: random.Random) -> Loaded:
    """Most pay, some late or in part, some too much; now and then a receipt is taken back."""
    rows: list[dict[str, Any]] = []
    for draft in run.new:
        mood = chance.random()
        share = 100 if mood < 0.8 else 50 if mood < 0.85 else 130 if mood < 0.88 else 0
        amount = draft.amount * share // 100
        if amount:
            day = run.month.first_day + dt.timedelta(days=chance.randrange(27))
            number = f"SIM{run.month}-{len(rows)}"
            row = {"household_no": draft.stay.household_no, "received_on": day}
            rows.append({**row, "receipt_no": number, "amount": amount})
            if chance.random() < 0.01:
                rows.append({**row, "receipt_no": f"{number}R", "amount": -amount})
    return with_rows(loaded, Receipt, rows)


def by_account(result: MonthResult, name: str) -> Mapping[str, int]:
    values = getattr(result.flow, name).tolist()
    return dict(zip(result.arrears.books.numbers, values, strict=True))


def test_each_closing_is_the_next_opening_through_a_whole_year() -> None:
    models: set[type[LedgerRow]] = {*CHARGE_MODELS, *ARREARS_MODELS}
    loaded = open_bureau(ROOT).load(*models)
    chance = random.Random(2020)
    before = compute_month(loaded, Month.of(2020, 6))
    for number in range(12):
        month = Month.of(2020, 7).plus(number)
        run = compute_charges(loaded, month)
        assert not run.blocked
        loaded = received(charged(loaded, run), run, chance)
        assert not compute_charges(loaded, month).new  # charging twice adds nothing
        now = compute_month(loaded, month)
        assert by_account(now, "opening") == by_account(before, "closing")
        total = sum(draft.amount for draft in run.new)
        assert int(now.flow.charged.sum()) == total
        flow = now.flow
        moved = flow.charged - flow.received - flow.reduced - flow.written_off
        assert (flow.opening + moved == flow.closing).all()
        parts = flow.this_month + flow.earlier_months + flow.earlier_years + flow.advance
        assert (parts == flow.received).all()
        assert all(line.holds for line in now.proof)
        before = now
    assert before.month == Month.of(2021, 6)
