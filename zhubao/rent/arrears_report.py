"""The arrears report: which households it lists, its tables, notes and headline facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.core.money import format_yuan, yuan
from zhubao.core.period import Period
from zhubao.core.report import Report
from zhubao.ledger.arrears import Charge, OpeningDebt
from zhubao.ledger.loaded import Loaded
from zhubao.rent.arrears import ArrearsResult, compute_arrears
from zhubao.rent.arrears_evidence import basis_table, exceptions_table, proof_table
from zhubao.rent.arrears_options import ArrearsOptions, Sort
from zhubao.rent.arrears_tables import (
    DebtSources,
    Selection,
    ageing_table,
    detail_table,
    estate_order,
    rates_table,
    summary_table,
)
from zhubao.rent.figures import AGE_TITLES, collection_rates
from zhubao.rent.postings import IntArray

if TYPE_CHECKING:
    from zhubao.ledger.bureau import Bureau


NOTHING_CHARGED = declare(
    "RE-101",
    "没有可以计算的应收",
    Severity.ERROR,
    "应收和期初欠租两张表都没有数据，算不出欠租",
    "检查台账文件夹、文件名和表名；用 zhubao check 看读到了哪些表",
    bad="ledgers 文件夹里没有 arrears.xlsx",
    good="应收表里有各户各月的应收",
)


def arrears_answer(
    loaded: Loaded,
    bureau: Bureau,
    as_of: dt.date,
    period: Period | None,
    options: ArrearsOptions,
    origin: str = "",
) -> Report:
    """Compute from the sheets of `rent.needs`, and report.

    The statement ends with the period where that ends before `as_of`. `origin` says in the notes
    where the cut-off date comes from.
    """
    return arrears_result(loaded, bureau, as_of, period, options, origin)[1]


def arrears_result(
    loaded: Loaded,
    bureau: Bureau,
    as_of: dt.date,
    period: Period | None,
    options: ArrearsOptions,
    origin: str = "",
) -> tuple[ArrearsResult, Report]:
    """The same, with the result the report was made from."""
    period = period or Period.year_to_date(as_of)
    end = min(period.end, as_of)
    findings = loaded.findings
    if not (loaded.has(Charge) or loaded.has(OpeningDebt)):
        findings = (*findings, NOTHING_CHARGED.at(Cell(bureau.path_of("arrears").name)))
    result = compute_arrears(loaded, end, start=period.start, overrides=bureau.config.policy)
    origin = origin if end == as_of else "取自统计期间"
    report = arrears_report(result, options, bureau=bureau.name, findings=findings, origin=origin)
    return result, report


def arrears_report(
    result: ArrearsResult,
    options: ArrearsOptions | None = None,
    *,
    bureau: str = "",
    findings: tuple[Finding, ...] = (),
    origin: str = "",
) -> Report:
    """The report of a computed result.

    Summary and ageing follow the estate asked for; detail and basis also the least number of
    unpaid months; exceptions and proof always cover the whole bureau. Raises `UsageError` for an
    unknown estate or sort key.
    """
    options = options or ArrearsOptions()
    selection = select(result, options)
    sources = DebtSources(result, selection.listed.tolist())
    return Report(
        code="rent.arrears",
        title=f"欠租情况（{result.as_of.year}年{result.as_of.month}月{result.as_of.day}日）",
        bureau=bureau,
        as_of=result.as_of,
        period=result.period.title,
        tables=(
            summary_table(result, selection),
            rates_table(result, selection),
            detail_table(result, selection, sources),
            ageing_table(result, selection),
            basis_table(result, selection, sources),
            exceptions_table(result),
            proof_table(result),
        ),
        notes=(_headline(result, selection), *_notes(result, options, origin)),
        references=tuple(f"建议的依据　{text}" for text in result.ladder.citations),
        findings=findings,
        facts=_facts(result, selection),
    )


def select(result: ArrearsResult, options: ArrearsOptions) -> Selection:
    """The accounts in scope and the households listed, in the order asked for."""
    scope = _scope(result, options.estate)
    owed, months = result.figures.owed, result.figures.unpaid_months
    listed = scope[(owed[scope] > 0) & (months[scope] >= options.min_months)]
    order = sorted(listed.tolist(), key=lambda account: _sort_key(result, account, options.sort))
    return Selection(scope, np.array(order, np.int64))


def _scope(result: ArrearsResult, estate: str) -> IntArray:
    tenants = result.with_rent_account()
    if not estate:
        return tenants
    names = np.array(result.homes.estate)[tenants]
    if estate not in names:
        known = "、".join(sorted(set(names.tolist())))
        raise UsageError(f"没有名为“{estate}”的小区", advice=f"台账里的小区有：{known or '（无）'}")
    chosen: IntArray = tenants[names == estate]
    return chosen


def _sort_key(result: ArrearsResult, account: int, sort: str) -> tuple[Any, ...]:
    figures, number = result.figures, result.books.numbers[account]
    owed, months = -int(figures.owed[account]), -int(figures.unpaid_months[account])
    keys: Mapping[str, tuple[Any, ...]] = {
        Sort.OWED: (owed,),
        Sort.MONTHS: (months, owed),
        Sort.OLDEST: (int(figures.oldest_month[account]), owed),
        Sort.ESTATE: (*estate_order(result.homes.estate[account]), owed),
        Sort.HOUSEHOLD: (),
    }
    if sort not in keys:
        raise UsageError(f"不能按“{sort}”排序", advice=f"可用：{'、'.join(keys)}")
    return (*keys[sort], number)


def _headline(result: ArrearsResult, selection: Selection) -> str:
    """The answer in one sentence, for the scope asked for."""
    figures = result.figures.select(selection.scope)
    limit = result.ladder.vacate
    at_limit = int(np.count_nonzero(figures.unpaid_months >= limit))
    return (
        f"{len(figures.owed):,} 户中 {int(np.count_nonzero(figures.owed)):,} 户欠租，"
        f"共欠 {format_yuan(int(figures.owed.sum()))} 元；累计欠满 {limit} 个月的 {at_limit:,} 户"
    )


def _notes(result: ArrearsResult, options: ArrearsOptions, origin: str) -> tuple[str, ...]:
    source = f"（{origin}）" if origin else ""
    notes = [
        f"截止日期 {result.as_of.isoformat()}{source}；期初为 {result.start.isoformat()} 前一天",
        "缴款指明账单期的先抵该月，其余和多出的先抵最早的欠租；期初欠租排在最前",
        *_identity_note(result),
    ]
    if options.estate:
        notes.append(f"只列小区：{options.estate}；例外和勾稽仍为全局")
    if options.min_months:
        notes.append(f"明细和依据只列欠租满 {options.min_months} 个月的家庭")
    return tuple(notes)


def _identity_note(result: ArrearsResult) -> tuple[str, ...]:
    figures = result.figures
    opening, charged, received, written_off, owed, overdrawn, credit = (
        format_yuan(int(values.sum()))
        for values in (
            figures.opening, figures.charged, figures.received, figures.written_off,
            figures.owed, figures.overdrawn, figures.credit,
        )
    )  # fmt: skip
    return (
        f"勾稽（全局）：期初 {opening} ＋ 应收 {charged} － 实收 {received} "
        f"－ 减免核销 {written_off} ＝ 结欠 {owed} ＋ 冲正超额 {overdrawn} － 预缴 {credit}，"
        "逐户验算 ✓",
    )


def _facts(result: ArrearsResult, selection: Selection) -> dict[str, Any]:
    """Headline values of the scope; money in yuan."""
    figures = result.figures.select(selection.scope)
    rates = collection_rates(figures)
    money = ("opening", "charged", "received", "written_off", "owed", "credit", "overdrawn")
    ages = figures.ages.sum(axis=0).tolist()
    return {
        "start": result.start,
        "households": len(figures.owed),
        "households_in_debt": int(np.count_nonzero(figures.owed)),
        "households_listed": len(selection.listed),
        "households_at_vacate_limit": int(
            np.count_nonzero(figures.unpaid_months >= result.ladder.vacate)
        ),
        **{name: yuan(int(getattr(figures, name).sum())) for name in money},
        "ageing": {title: yuan(fen) for title, fen in zip(AGE_TITLES, ages, strict=True)},
        "current_collection_rate": rates.current,
        "old_debt_recovery_rate": rates.old_debt,
        "combined_collection_rate": rates.combined,
        "exceptions": len(result.exceptions),
        "proved": all(line.holds for line in result.proof.lines),
    }
