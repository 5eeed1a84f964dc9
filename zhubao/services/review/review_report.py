"""The year's review in numbers: by street, community and tier, with every numerator's cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from zhubao.core.finding import Finding
from zhubao.core.period import Period
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import ReviewDecision
from zhubao.policy.lookup import Overrides
from zhubao.services.review.figures import (
    Figure,
    count,
    is_decided,
    is_decided_as,
    is_hit,
    is_told,
    is_undeclared,
)
from zhubao.services.review.places import BLANK
from zhubao.services.review.population import Due, ReviewYear, review_year
from zhubao.services.review.rules import ReviewRules

_DECISIONS = (ReviewDecision.CONTINUE, ReviewDecision.CHANGE_TIER, ReviewDecision.EXIT)


def review_report(
    loaded: Loaded,
    year: int,
    as_of: dt.date,
    *,
    period: Period | None = None,
    overrides: Overrides | None = None,
    bureau: str = "",
    origin: str = "",
    findings: tuple[Finding, ...] = (),
) -> Report:
    """Reviewed of due, each decision, undeclared, leads, told; with a period, decisions in it."""
    view = review_year(loaded, year, as_of)
    rules = ReviewRules.load(as_of, overrides)
    figures = tuple(year_figures(view, view.due, rules, period))
    source = f"（{origin}）" if origin else ""
    notes = [f"截至 {as_of}{source}，{year} 年应审 {len(view.due):,} 户：在保的和已列入名单的"]
    if period is not None:
        notes.append(f"已审结和各种结论只计 {period.title}（{period.start} 至 {period.end}）作出的")
    if view.suspended:
        notes.append(f"暂停保障 {view.suspended:,} 户不在应审范围")
    return Report(
        code="review.report",
        title=f"{year} 年年审情况",
        bureau=bureau,
        as_of=as_of,
        period=period.title if period else f"{year}年",
        tables=(_overview(figures), *_splits(view, rules, period)),
        notes=tuple(notes),
        findings=(*findings, *view.findings),
        facts={
            "due": len(view.due),
            **{one.code: one.numerator for one in figures},
        },
    )


def year_figures(
    view: ReviewYear, population: Sequence[Due], rules: ReviewRules, period: Period | None
) -> Iterator[Figure]:
    """Every figure over one part of the population."""
    done = is_decided(period)
    decided = [due for due in population if done(view, due)]
    yield count(view, population, "reviewed", "已审结", done, period)
    for decision in _DECISIONS:
        code = f"decided_{decision.name.lower()}"
        yield count(view, decided, code, decision.value, is_decided_as(decision), period)
    yield count(view, population, "not_declared", "未申报", is_undeclared)
    yield count(view, population, "with_leads", "有疑点", is_hit(rules.wording))
    yield count(view, decided, "notified", "已告知", is_told, period)


def _overview(figures: Sequence[Figure]) -> Table:
    rows = [
        Row((one.title, one.numerator, one.denominator, one.ratio), one.sources) for one in figures
    ]
    notes = ("已审结、未申报、有疑点的分母是应审户数；各种结论和已告知的分母是已审结户数",)
    return Table("overview", "总体", _OVERVIEW, rows, notes=notes)


def _splits(view: ReviewYear, rules: ReviewRules, period: Period | None) -> Iterator[Table]:
    def field(name: str) -> Callable[[Due], str]:
        return lambda due: str(view.field(due, name) or BLANK)

    def community(due: Due) -> str:
        return f"{field('street')(due)} {field('community')(due)}"

    for key, title, named, shown in (
        ("street", "按街道", field("street"), None),
        ("tier", "按保障类型", field("tier"), None),
        ("kind", "按保障方式", lambda due: due.kind_words, None),
        ("community", "按社区", community, 0),
    ):
        groups: dict[str, list[Due]] = {}
        for due in view.due:
            groups.setdefault(named(due), []).append(due)
        rows = [_split_row(view, name, groups[name], rules, period) for name in sorted(groups)]
        columns = (Column("name", title.removeprefix("按")), *_SPLIT)
        totals = _split_row(view, "合计", view.due, rules, period).values
        summable = frozenset(one.key for one in _SPLIT if one.kind is ValueKind.COUNT)
        yield Table(key, title, columns, rows, totals=totals, summable=summable, shown=shown)


def _split_row(
    view: ReviewYear,
    name: str,
    population: Sequence[Due],
    rules: ReviewRules,
    period: Period | None,
) -> Row:
    done, *others = year_figures(view, population, rules, period)
    numbers = (one.numerator for one in others)
    rate = Ratio(done.numerator, done.denominator)
    return Row((name, done.denominator, done.numerator, rate, *numbers), done.sources)


_COUNT = ValueKind.COUNT
_OVERVIEW = (
    Column("title", "指标"),
    Column("numerator", "户数", _COUNT),
    Column("denominator", "分母", _COUNT),
    Column("rate", "比率", ValueKind.RATIO),
)
_SPLIT = (
    Column("due", "应审", _COUNT),
    Column("reviewed", "已审结", _COUNT),
    Column("rate", "审结率", ValueKind.RATIO),
    Column("continue", "继续", _COUNT),
    Column("change", "调整", _COUNT),
    Column("exit", "退出", _COUNT),
    Column("not_declared", "未申报", _COUNT),
    Column("with_leads", "有疑点", _COUNT),
    Column("notified", "已告知", _COUNT, 2),
)
