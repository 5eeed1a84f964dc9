"""The rental subsidy of a period as a report: money, households, stops, sign-in, leads."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

from zhubao.core.finding import Finding
from zhubao.core.money import format_wan, yuan
from zhubao.core.period import Period
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyPayment
from zhubao.subsidy.rental import figures
from zhubao.subsidy.rental.figures import Figure, SignInRate
from zhubao.subsidy.rental.leads import Lead, wrongly_paid
from zhubao.subsidy.rental.rules import Overrides
from zhubao.subsidy.rental.standard import Standard

_SHOWN = 15
_COUNT, _MONEY, _ID = ValueKind.COUNT, ValueKind.MONEY, ValueKind.IDENTITY
_RATIO, _DATE = ValueKind.RATIO, ValueKind.DATE


def subsidy_report(
    loaded: Loaded,
    period: Period,
    as_of: dt.date,
    *,
    bureau: str = "",
    origin: str = "",
    overrides: Overrides = None,
    findings: tuple[Finding, ...] = (),
) -> Report:
    """Every figure of the period with its cells; leads are listed, never judged."""
    paid, fresh = figures.paid(loaded, period), figures.new_grants(loaded, period)
    stops, back = figures.stopped(loaded, period), figures.recovered(loaded, period)
    returned = figures.bounced(loaded)
    rates = figures.sign_in_rates(loaded, period, as_of, overrides=overrides)
    leads = wrongly_paid(loaded, period, as_of, overrides=overrides)
    named = (
        ("发放租赁补贴（按发放日期）", paid),
        ("新增补贴资格（按批准日期）", fresh),
        ("暂停、终止、到期（按状态变更日期）", stops),
        ("追回（按追回日期）", back),
        ("银行退回、还没有重发", returned),
    )
    return Report(
        code="subsidy.report",
        title=f"租赁补贴统计（{period.title}）",
        bureau=bureau,
        as_of=as_of,
        period=period.title,
        tables=(
            _headline(named),
            _groups("quarter", "按所属季度", "季度", figures.paid_by_quarter(loaded, period)),
            _groups("tier", "按保障类型", "保障类型", figures.paid_by_tier(loaded, period)),
            _groups("community", "按社区", "社区", figures.paid_by_community(loaded, period)),
            _sign_in(rates),
            _stops(loaded, stops),
            _leads(loaded, leads),
        ),
        notes=_notes(paid, period, f"{as_of}（{origin}）" if origin else f"{as_of}", overrides),
        findings=findings,
        facts=_facts(paid, fresh, stops, back, rates, leads),
    )


def _facts(
    paid: Figure,
    fresh: Figure,
    stops: Figure,
    back: Figure,
    rates: Iterable[SignInRate],
    leads: tuple[Lead, ...],
) -> dict[str, object]:
    return {
        "households_paid": paid.households,
        "payments": len(paid.rows),
        "amount_paid": yuan(paid.amount),
        "new_grants": len(fresh.rows),
        "stopped": len(stops.rows),
        "recovered_households": back.households,
        "recovered": yuan(back.amount),
        "sign_in": {
            one.quarter.label: {"signed": one.rate.numerator, "due": one.rate.denominator}
            for one in rates
        },
        "leads": len(leads),
    }


def _notes(paid: Figure, period: Period, until: str, overrides: Overrides) -> tuple[str, ...]:
    notes = [
        f"截至 {until}共发放 {paid.households:,} 户、{format_wan(paid.amount)} 万元；"
        "户数按家庭去重，含后来追回的，不含待发放和银行退回"
    ]
    if Standard.load(period.end, overrides) is None:
        notes.append(f"{period.end} 的补贴标准不清楚，没有与标准比较，只与台账的月补贴额比较")
    return tuple(notes)


def _headline(named: Iterable[tuple[str, Figure]]) -> Table:
    rows = [
        Row((title, one.households, len(one.rows), one.amount), one.cells) for title, one in named
    ]
    return Table(
        "headline",
        "概况",
        (
            Column("item", "项目"),
            Column("households", "户数", _COUNT, note="不同的家庭"),
            Column("rows", "笔数、份数", _COUNT),
            Column("amount", "金额", _MONEY, note="新增、停发的是月补贴额合计"),
        ),
        rows,
    )


def _groups(key: str, title: str, header: str, groups: Mapping[str, Figure]) -> Table:
    rows = [
        Row((name or "（查不到）", one.households, len(one.rows), one.amount), one.cells)
        for name, one in groups.items()
    ]
    return Table(
        key,
        title,
        (
            Column("name", header),
            Column("households", "户数", _COUNT),
            Column("payments", "笔数", _COUNT),
            Column("amount", "金额", _MONEY),
        ),
        rows,
        totals=(
            "合计",
            None,
            sum(len(one.rows) for one in groups.values()),
            sum(one.amount for one in groups.values()),
        ),
        summable=frozenset({"payments", "amount"}),
        shown=_SHOWN,
    )


def _sign_in(rates: Iterable[SignInRate]) -> Table:
    rows = [
        Row(
            (
                one.quarter.label,
                one.rate.denominator,
                one.rate.numerator,
                one.rate.denominator - one.rate.numerator,
                one.late,
                one.rate,
            ),
            one.cells,
        )
        for one in rates
    ]
    return Table(
        "sign_in",
        "签到",
        (
            Column("quarter", "季度", _ID),
            Column("due", "应签到", _COUNT, note="本季度至少一个月在发放期的补贴"),
            Column("signed", "已签到", _COUNT),
            Column("absent", "未签到", _COUNT),
            Column("late", "补签", _COUNT, note="季度结束以后签的"),
            Column("rate", "签到率", _RATIO),
        ),
        rows,
    )


def _stops(loaded: Loaded, stops: Figure) -> Table:
    grants = loaded.get(SubsidyGrant)
    names = ("grant_no", "household_no", "status", "status_changed_on", "status_reason")
    rows = [
        Row(
            tuple(
                str(value) if name == "status" else value
                for name, value in ((name, grants.column(name)[row]) for name in names)
            ),
            (grants.cell(row, "status"),),
        )
        for row in stops.rows
    ]
    return Table(
        "stops",
        "停发的补贴",
        (
            Column("grant_no", "补贴编号", _ID),
            Column("household_no", "家庭编号", _ID),
            Column("status", "状态"),
            Column("changed_on", "变更日期", _DATE),
            Column("reason", "原因", width=24),
        ),
        rows,
        shown=_SHOWN,
    )


def _leads(loaded: Loaded, leads: tuple[Lead, ...]) -> Table:
    table = loaded.get(SubsidyPayment)
    rows = [
        Row(
            (
                table.column("payment_no")[one.row],
                table.column("household_no")[one.row],
                one.finding.title,
                one.amount,
                one.finding.message,
            ),
            one.cells,
            "warning",
        )
        for one in leads
    ]
    counts = Counter(one.finding.title for one in leads)
    notes = [f"{title} {count:,} 笔" for title, count in counts.items()]
    return Table(
        "leads",
        f"可能发错的（疑点 {len(leads):,} 条，要核实）",
        (
            Column("payment_no", "发放编号", _ID),
            Column("household_no", "家庭编号", _ID, 2),
            Column("kind", "疑点"),
            Column("amount", "涉及金额", _MONEY),
            Column("words", "说明", width=44, level=2),
        ),
        rows,
        notes=("；".join(notes),) if notes else (),
        shown=_SHOWN,
    )
