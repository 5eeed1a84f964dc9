"""Figures, problems, 勾稽 and tables of one summary read the rent ledgers as rarely as they can."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhubao.core.period import Period
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.work_calendar import calendar_of
from zhubao.summary.indicators import benefit_figures, rent_figures
from zhubao.summary.problems.rules import find_problems, problem_models
from zhubao.summary.reconcile.checks import reconcile, reconcile_models
from zhubao.summary.summary import SUMMARY_MODELS, Measuring, compute_summary
from zhubao.summary.workbook.report import summary_report

ROOT = Path(__file__).resolve().parents[2]
HALF_YEAR, LAST_DAY = Period.parse("2020-H1"), dt.date(2020, 6, 30)


def test_each_period_is_settled_once_and_the_books_are_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: Counter[str] = Counter()

    def count(module: Any, name: str) -> None:
        real: Callable[..., Any] = getattr(module, name)

        def counted(*words: Any, **more: Any) -> Any:
            calls[name] += 1
            return real(*words, **more)

        monkeypatch.setattr(module, name, counted)

    for name in ("compute_arrears", "read_books", "Owners", "compute_remit"):
        count(rent_figures, name)
    count(benefit_figures, "read_files")
    bureau = open_bureau(ROOT)
    models = dict.fromkeys((*SUMMARY_MODELS, *problem_models(), *reconcile_models()))
    measuring = Measuring(bureau.load(*models), calendar=calendar_of(bureau))
    loaded, scope = measuring.loaded, measuring.scope(HALF_YEAR, LAST_DAY)
    summary = compute_summary(loaded, HALF_YEAR, LAST_DAY, bureau="某区", measuring=measuring)
    first = dict(calls)
    problems = find_problems(loaded, summary, LAST_DAY, scope=scope)
    summary_report(summary, scope, problems, reconcile(summary, scope))
    assert calls["read_books"] == calls["Owners"] == 1
    assert calls["compute_arrears"] <= 3  # the period, the same a year before, the one before it
    assert dict(calls) == first  # whatever came after the figures found it made
