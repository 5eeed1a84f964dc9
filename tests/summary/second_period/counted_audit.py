"""Audit findings and how far they are put right, counted by their definitions."""

from __future__ import annotations

import datetime as dt

from tests.summary.second_period.counting import Asked, Counted
from tests.summary.second_period.ledgers import Ledgers, Row, day, fen

_RIGHT = ("已整改", "已回访", "已销号")


def audit(books: Ledgers, asked: Asked) -> Counted:
    """Findings of the period and those from before that were not closed when it began."""
    rows = [row for row in books.rows("问题清单") if _belongs(row, asked)]
    right = [row for row in rows if _is_at(row, _RIGHT, "整改日期", asked.day)]
    closed = [row for row in rows if _is_closed(row, asked.day)]
    amount = sum(fen(row["涉及金额"]) for row in rows)
    back = sum(min(_recovered(books, row, asked.day), fen(row["涉及金额"])) for row in rows)
    return {
        "audit.units_sublet": _outcome(rows, asked, "违规转租转借", None),
        "audit.money_repaid": _outcome(rows, asked, None, "退回资金"),
        "audit.exited": _outcome(rows, asked, "未按规定退出", "退出保障"),
        "audit.rectified": (len(right), len(rows)),
        "audit.rectified_households": (
            sum(_righted(books, row, asked.day) for row in rows),
            sum(_concerned(row) for row in rows),
        ),
        "audit.recovered": (back, amount),
        "audit.closed": (len(closed), len(rows)),
    }


def _outcome(
    rows: list[Row], asked: Asked, kind: str | None, remedy: str | None
) -> tuple[int, int]:
    own = [
        row for row in rows if kind in (None, row["问题类型"]) and remedy in (None, row["整改方式"])
    ]
    closed = [row for row in own if _is_closed(row, asked.day)]
    return sum(map(_concerned, closed)), sum(map(_concerned, own))


def _belongs(row: Row, asked: Asked) -> bool:
    found = day(row["发现日期"])
    assert found is not None
    eve = asked.first - dt.timedelta(days=1)
    return found <= asked.day and (found >= asked.first or not _is_closed(row, eve))


def _is_closed(row: Row, on: dt.date) -> bool:
    return _is_at(row, ("已销号",), "销号日期", on)


def _is_at(row: Row, words: tuple[str, ...], header: str, on: dt.date) -> bool:
    """The word says so, and its date does not lie after the day."""
    when = day(row[header])
    return row["整改状态"] in words and (when is None or when <= on)


def _concerned(row: Row) -> int:
    """涉及户数; not filled in: the one household named, or none."""
    if row["涉及户数"] is not None:
        return int(row["涉及户数"])
    return 1 if row["家庭编号"] else 0


def _is_past(books: Ledgers, row: Row, on: dt.date) -> bool:
    """Nothing on the finding is dated after the day: what is registered holds."""
    dates = [day(row[name]) for name in ("整改日期", "回访日期", "销号日期")]
    for sheet, header in (("整改记录", "办理日期"), ("回访", "回访日期")):
        dates += [
            day(one[header]) for one in books.rows(sheet) if one["问题编号"] == row["问题编号"]
        ]
    return all(one is None or one <= on for one in dates)


def _steps(books: Ledgers, row: Row, on: dt.date) -> list[Row]:
    found = []
    for one in books.rows("整改记录"):
        done = day(one["办理日期"])
        assert done is not None
        if one["问题编号"] == row["问题编号"] and done <= on:
            found.append(one)
    return found


def _righted(books: Ledgers, row: Row, on: dt.date) -> int:
    """已整改户数, before the last entry what the steps say; all of a finding without numbers."""
    if _is_past(books, row, on):
        number = row["已整改户数"]
    else:
        told = [one["本次整改户数"] for one in _steps(books, row, on)]
        numbers = [one for one in told if one is not None]
        number = sum(numbers) if numbers else None
    if number is None:
        number = _concerned(row) if _is_at(row, _RIGHT, "整改日期", on) else 0
    return min(int(number), _concerned(row))


def _recovered(books: Ledgers, row: Row, on: dt.date) -> int:
    """已追回 in fen, before the last entry by the steps."""
    if _is_past(books, row, on):
        return fen(row["已追回"])
    return sum(fen(one["本次追回金额"]) for one in _steps(books, row, on))
