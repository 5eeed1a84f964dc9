"""Random histories: the identity holds, nothing depends on order, and a slow reading agrees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import fields
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.core.period import Month
from zhubao.ledger.loaded import Loaded
from zhubao.rent.arrears import ArrearsResult, compute_arrears
from zhubao.rent.figures import Figures

AS_OF = dt.date(2020, 6, 30)
START = dt.date(2020, 1, 1)
Make = Callable[..., Loaded]
History = dict[str, list[tuple[Any, ...]]]

_HOUSEHOLD = st.sampled_from(["H1", "H1", "H2", "未登记"])
# Few months and households, so that named months, opening debts and charges often meet.
_MONTH = st.sampled_from(["2019-11", "2019-12", "2020-01", "2020-03", "2020-08"])
_DAY = st.dates(dt.date(2019, 9, 1), dt.date(2020, 9, 30)).map(str)
_NAMED = st.one_of(st.just(""), _MONTH)


def _rows(*columns: st.SearchStrategy[Any]) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    return st.lists(st.tuples(*columns), max_size=12)


_HISTORIES: st.SearchStrategy[History] = st.fixed_dictionaries(
    {
        "opening": _rows(_HOUSEHOLD, _MONTH, st.integers(0, 300)),
        "charges": _rows(_HOUSEHOLD, _MONTH, st.integers(-60, 300), st.one_of(st.just(""), _DAY)),
        "receipts": _rows(_HOUSEHOLD, _DAY, st.integers(-250, 400), _NAMED),
        "reductions": _rows(_HOUSEHOLD, _DAY, st.integers(0, 150), _NAMED),
    }
)
_quick = settings(max_examples=150, deadline=None)


def compute(make: Make, history: History, as_of: dt.date = AS_OF, **more: Any) -> ArrearsResult:
    return compute_arrears(make(households=("H1", "H2"), **history), as_of, **more)


def accounts(result: ArrearsResult) -> dict[str, dict[str, Any]]:
    """Household number → all its figures; accounts without any money are left out."""
    found = {}
    for index, number in enumerate(result.books.numbers):
        one = {
            field.name: getattr(result.figures, field.name)[index].tolist()
            for field in fields(Figures)
        }
        if any(value for key, value in one.items() if key not in ("oldest_month", "ages")):
            found[number] = one
    return found


def entered(billed: str, charged_on: str = "") -> dt.date:
    return dt.date.fromisoformat(charged_on) if charged_on else Month.parse(billed).first_day


@_quick
@given(history=_HISTORIES)
def test_every_account_agrees_with_the_rule_read_step_by_step(
    make_loaded: Make, by_hand: Callable[..., dict[str, Any]], history: History
) -> None:
    result = compute(make_loaded, history)
    for index, number in enumerate(result.books.numbers):
        expected = by_hand(*_by_hand_input(history, number, AS_OF))
        figures, slots = result.figures, result.slots
        for name in ("owed", "credit", "overdrawn"):
            assert getattr(figures, name)[index] == expected[name]
        own = range(int(slots.bounds[index]), int(slots.bounds[index + 1]))
        unpaid = {
            (int(not slots.opening[slot]), int(slots.month[slot])): fen
            for slot in own
            if (fen := int(result.settled.now.unpaid[slot]))
        }
        assert unpaid == expected["unpaid"]
        months = {billed for _, billed in expected["unpaid"]}
        assert figures.unpaid_months[index] == len(months)
        assert figures.oldest_month[index] == min(months, default=-1)


@_quick
@given(history=_HISTORIES)
def test_the_identity_holds_and_the_ages_sum_to_the_debt(
    make_loaded: Make, history: History
) -> None:
    result = compute(make_loaded, history, start=START)
    figures = result.figures
    assert not figures.gap.any()
    assert (figures.ages.sum(axis=1) == figures.owed).all()
    assert all(line.holds for line in result.proof.lines)
    assert not ((figures.credit > 0) & (figures.owed + figures.overdrawn > 0)).any()
    settled = figures.old_received + figures.current_received
    opening_credit = figures.opening_debt - figures.opening
    moved = figures.received + opening_credit - figures.credit + figures.overdrawn
    plain = all(row[2] >= 0 for rows in (history["charges"], history["receipts"]) for row in rows)
    if plain and not history["reductions"]:
        assert (settled == moved).all()


@_quick
@given(history=_HISTORIES, seed=st.integers(0, 999))
def test_the_order_of_rows_never_matters(make_loaded: Make, history: History, seed: int) -> None:
    shuffled = {name: list(rows) for name, rows in history.items()}
    for rows in shuffled.values():
        Random(seed).shuffle(rows)
    assert accounts(compute(make_loaded, shuffled)) == accounts(compute(make_loaded, history))


@_quick
@given(history=_HISTORIES, share=st.integers(0, 100))
def test_one_receipt_written_as_two_changes_nothing(
    make_loaded: Make, history: History, share: int
) -> None:
    halves = [
        (number, on, part, named)
        for number, on, amount, named in history["receipts"]
        for part in (amount * share // 100, amount - amount * share // 100)
    ]
    split = compute(make_loaded, {**history, "receipts": halves})
    assert accounts(split) == accounts(compute(make_loaded, history))


@_quick
@given(history=_HISTORIES, as_of=st.dates(dt.date(2020, 1, 1), dt.date(2020, 9, 30)))
def test_rows_of_later_days_do_not_change_an_earlier_result(
    make_loaded: Make, history: History, as_of: dt.date
) -> None:
    earlier: History = {
        "opening": [row for row in history["opening"] if entered(row[1]) <= as_of],
        "charges": [row for row in history["charges"] if entered(row[1], row[3]) <= as_of],
        "receipts": [row for row in history["receipts"] if row[1] <= str(as_of)],
        "reductions": [row for row in history["reductions"] if row[1] <= str(as_of)],
    }
    replayed = compute(make_loaded, history, as_of)
    assert accounts(replayed) == accounts(compute(make_loaded, earlier, as_of))


@_quick
@given(history=_HISTORIES, cut=st.dates(dt.date(2019, 12, 1), dt.date(2020, 6, 29)))
def test_the_closing_of_one_period_is_the_opening_of_the_next(
    make_loaded: Make, history: History, cut: dt.date
) -> None:
    first = compute(make_loaded, history, cut)
    second = compute(make_loaded, history, AS_OF, start=cut + dt.timedelta(days=1))
    closing = first.figures.owed + first.figures.overdrawn - first.figures.credit
    assert (closing == second.figures.opening).all()
    assert (first.figures.owed == second.figures.opening_debt).all()


def _by_hand_input(
    history: History, number: str, as_of: dt.date
) -> tuple[list[tuple[int, int, int]], list[tuple[int | None, int]]]:
    debts = [
        (0, int(Month.parse(billed)), amount * 100)
        for owner, billed, amount in history["opening"]
        if owner == number and entered(billed) <= as_of
    ]
    debts += [
        (1, int(Month.parse(billed)), amount * 100)
        for owner, billed, amount, on in history["charges"]
        if owner == number and entered(billed, on) <= as_of
    ]
    money = [
        (int(Month.parse(named)) if named else None, amount * 100)
        for owner, on, amount, named in history["receipts"] + history["reductions"]
        if owner == number and on <= str(as_of)
    ]
    return debts, money
