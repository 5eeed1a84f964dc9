"""`zhubao contractor …`: 购买服务考核."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from zhubao.cli.options import AsOf, Json, ShowAll, chosen_bureau, cut_off, parse_date
from zhubao.cli.output import finish, save_report, say, show
from zhubao.cli.writing import Asked, DryRun, Yes, carry_out_reported, formats_of
from zhubao.core.errors import UsageError
from zhubao.core.period import Period

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded
    from zhubao.ledger.model import LedgerRow
    from zhubao.services.contractor.scheme import Operator, Scheme
    from zhubao.services.contractor.scope import Collection
    from zhubao.services.contractor.sheet import ScoreSheet
    from zhubao.services.contractor.write import Signing

PeriodName = Annotated[
    str, typer.Option("--period", metavar="期间", help="考核期间，如 2020-Q1、2020-H1")
]
ReportFile = Annotated[
    Optional[Path],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--out", metavar="文件", help="另存一份（.xlsx、.docx 或 .html）"),
]
DateText = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--date", metavar="日期", help="考核日期；默认截止日期"),
]


def score(
    context: typer.Context,
    period: PeriodName,
    operator: Annotated[
        str, typer.Option("--operator", metavar="单位", help="运营单位；只有一家时可以不写")
    ] = "",
    write: Annotated[bool, typer.Option("--write", help="把完成值和得分写入考核表")] = False,
    again: Annotated[bool, typer.Option("--again", help="已有考核日期或考核人的也重新写")] = False,
    scorer: Annotated[str, typer.Option("--scorer", metavar="姓名", help="考核人")] = "",
    date: DateText = None,
    as_of: AsOf = None,
    out: ReportFile = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """一家运营单位一期的评分表：完成值直接从台账计算，按考核方案打分，逐项写明怎么算的。

    收租、走访、违规、巡查、工单、空置、隐患各有分子和分母；与考核表已有的数不一致的列出来。
    考核表列了本期指标的，按列的指标、满分和目标值；没有列的，按考核方案的全部指标。
    --write 把结果写入“购买服务考核”表，没有的行补上；已评过分的不改，除非加 --again。
    考核方案、合同范围可在 zhubao.toml 的 [policy] 里改。
    """
    from zhubao.services.contractor.report import score_report
    from zhubao.services.contractor.write import Signing

    span = _period(period)
    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    sheet = _sheet(bureau, operator, span, day)
    made = score_report(sheet, bureau=bureau.name, origin=origin if day < span.end else "")
    if out is not None:
        say(f"评分表：{save_report(made, out, bureau.root)}", as_json=as_json)
    if write:
        signing = Signing(parse_date(date, "--date") or day, scorer, again)
        asked = Asked(dry_run, yes, as_json, show_all)
        _write(bureau, sheet, signing, asked, origin)
    else:
        show(made, as_json=as_json, show_all=show_all, notices=False)
    finish(list(made.findings))


def report(
    context: typer.Context,
    period: PeriodName,
    as_of: AsOf = None,
    out: ReportFile = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """各运营单位的考核汇总：得分合计、折百分制、名次，登记了档次的还算付费比例。

    得分照“购买服务考核”表所记；没有整期的考核时，合计期间以内的各期。
    """
    from zhubao.ledger.checks.keys import with_repeats
    from zhubao.services.contractor.needs import RANKING_MODELS
    from zhubao.services.contractor.ranking import rank_operators, ranking_report
    from zhubao.services.contractor.scheme import load_scheme

    span = _period(period)
    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    scheme = load_scheme(min(day, span.end), bureau.config.policy)
    ranking = rank_operators(with_repeats(bureau.load(*RANKING_MODELS)), span, scheme)
    made = ranking_report(ranking, as_of=day, bureau=bureau.name)
    show(made, as_json=as_json, show_all=show_all, notices=False)
    if out is not None:
        say(f"报表：{save_report(made, out, bureau.root)}", as_json=as_json)
    finish(list(made.findings))


def _write(bureau: Bureau, sheet: ScoreSheet, signing: Signing, asked: Asked, origin: str) -> None:
    from zhubao.services.contractor.report import score_report
    from zhubao.services.contractor.write import score_change

    change, kept = score_change(sheet, sheet.scope.loaded, signing, formats_of(bureau))
    made = score_report(sheet, bureau=bureau.name, origin=origin if not sheet.is_over else "")
    made = replace(
        made,
        findings=(*made.findings, *kept),
        notes=(*made.notes, *_kept_note(len(kept))),
        facts={**made.facts, "already_scored": len(kept)},
    )
    arguments = {"operator": sheet.operator.name, "period": sheet.period.label}
    carry_out_reported(made, change, bureau, "contractor score", asked, arguments)


def _kept_note(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (f"已有考核日期或考核人的 {count} 项没有改写；确实要重新评分的，加 --again",)


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as fault:
        raise UsageError(
            f"期间“{text}”看不懂", advice="请写成 2020-Q1、2020-H1、2020-06 或 2020。"
        ) from fault


def _sheet(bureau: Bureau, operator: str, span: Period, day: dt.date) -> ScoreSheet:
    """Load, settle the rent accounts, and score up to the cut-off."""
    from zhubao.ledger.checks.keys import with_repeats
    from zhubao.rent.needs import ARREARS_MODELS
    from zhubao.services.contractor.needs import SCORE_MODELS
    from zhubao.services.contractor.scheme import load_scheme
    from zhubao.services.contractor.scope import Scope
    from zhubao.services.contractor.sheet import score_sheet

    if span.start > day:
        raise UsageError(
            f"期间 {span.title} 在截止日期 {day} 之后", advice="请改 --period 或 --as-of。"
        )
    counted = Period(span.start, min(span.end, day))
    rules = bureau.config.policy
    scheme = load_scheme(counted.end, rules)
    models: set[type[LedgerRow]] = {*SCORE_MODELS, *ARREARS_MODELS}
    loaded = with_repeats(bureau.load(*sorted(models, key=lambda model: model.__name__)))
    chosen = _operator(operator, loaded, scheme)
    collection = rent_collection(loaded, counted, chosen.estates, rules)
    return score_sheet(chosen, span, Scope(loaded, counted, collection, chosen.estates), scheme)


def _operator(name: str, loaded: Loaded, scheme: Scheme) -> Operator:
    """The operator named in the sheet or the scheme; the only one without a name."""
    from zhubao.services.contractor.recorded import read_register

    known = sorted({*read_register(loaded).operators, *scheme.operators})
    wanted = name.strip()
    found = [one for one in known if wanted == one] or [one for one in known if wanted in one]
    if len(found) == 1:
        return scheme.operator(found[0])
    said = f"没有运营单位“{wanted}”" if wanted else "没有说是哪一家运营单位"
    listed = "、".join(known) or "（还没有；先在考核表或 [policy.contractor.operators] 里登记）"
    raise UsageError(
        f"“{wanted}”不止一家" if found and wanted else said,
        advice=f"请用 --operator 写全名；已知的有：{listed}。",
    )


def rent_collection(
    loaded: Loaded, period: Period, estates: tuple[str, ...], rules: Mapping[str, Any]
) -> Collection:
    """The rent figures of the operator's accounts, as `zhubao rent arrears` settles them.

    An account belongs to the estate of the home it has on the last day.
    """
    import numpy as np

    from zhubao.ledger.arrears import Charge, OpeningDebt, Receipt
    from zhubao.rent.arrears import compute_arrears
    from zhubao.rent.figures import collection_rates
    from zhubao.services.contractor.scope import Collection, column_cells

    result = compute_arrears(loaded, period.end, start=period.start, overrides=rules)
    inside = np.array([not estates or one in estates for one in result.homes.estate], dtype=bool)
    accounts = np.flatnonzero(inside)
    rates = collection_rates(result.figures.select(accounts))
    in_debt = accounts[result.figures.opening_debt[accounts] > 0]
    debts, charges, receipts = (
        column_cells(loaded.get(model), "amount") for model in (OpeningDebt, Charge, Receipt)
    )
    return Collection.of(
        old=(rates.old_debt, (*receipts, *debts, *charges)),
        current=(rates.current, (*receipts, *charges)),
        combined=(rates.combined, (*receipts, *debts, *charges)),
        in_debt=(result.books.numbers[int(account)] for account in in_debt),
    )
