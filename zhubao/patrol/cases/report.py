"""Violations and changes as a report: rates, money, the movement of the period, and the list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from zhubao import policy
from zhubao.core.finding import Cell
from zhubao.core.masking import mask_name, mask_numbers
from zhubao.core.money import format_yuan, yuan
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import CaseCategory, CaseKind, TenancyCase
from zhubao.ledger.tenants import Household
from zhubao.patrol.cases.book import Case
from zhubao.patrol.cases.figures import count_figure, household_figure
from zhubao.patrol.cases.law import basis_lines
from zhubao.patrol.cases.listing import CaseList

_COUNT, _DATE, _MONEY, _CODE = (
    ValueKind.COUNT,
    ValueKind.DATE,
    ValueKind.MONEY,
    ValueKind.IDENTITY,
)


def case_report(
    result: CaseList,
    *,
    bureau: str = "",
    origin: str = "",
    overrides: Mapping[str, Any] | None = None,
) -> Report:
    """The report of `zhubao patrol cases`."""
    return Report(
        code="patrol.cases",
        title="违规与变动",
        bureau=bureau,
        as_of=result.as_of,
        period=result.period.title,
        tables=(_rates(result), _money(result), _flow(result), _list(result)),
        notes=tuple(_notes(result, origin)),
        references=(
            *basis_lines(result.as_of, overrides),
            policy.basis("patrol.market_rent", result.as_of, overrides),
        ),
        findings=(*result.loaded.findings, *result.findings),
        facts=_facts(result),
    )


def shown_names(loaded: Loaded) -> dict[str, str]:
    """Household number → the applicant's name, masked."""
    table = loaded.get(Household)
    numbers, names = table.column("household_no"), table.column("applicant")
    return {
        numbers[index]: mask_name(names[index])
        for index in table.usable("household_no", "applicant")
    }


def _notes(result: CaseList, origin: str) -> Iterator[str]:
    wanted, base = result.wanted, result.base
    source = f"（{origin}）" if origin else ""
    named = "、".join(one for one in (wanted.kind, wanted.estate) if one)
    scope = f"只统计：{named}。" if named else ""
    done = sum(case.settled for case in base)
    yield (
        f"{scope}{result.period.title}发现 {len(base)} 起，截至 {result.as_of} 已整改 {done} 起"
        f"{source}"
    )
    yield (
        "整改率＝期内发现并在截止日前整改的÷期内发现的；按户算时，一户的各起都整改才算；"
        "不属实的不计"
    )
    shown = [wanted.status, "逾期" if wanted.overdue else ""]
    if any(shown):
        yield f"明细只列：{'、'.join(one for one in shown if one)}"
    if result.unfounded:
        yield f"期内另有不属实 {result.unfounded} 起"
    if result.unread:
        yield f"有 {result.unread} 行必填项读不出，没有统计，请先运行 zhubao check"
    if result.money.unpriced:
        yield (
            f"有 {result.money.unpriced} 起应按市场租金补缴，算不出应补多少"
            "（明细写明缺什么）；市场租金在 zhubao.toml 的 [policy.patrol.market_rent] 里写"
        )


def _rates(result: CaseList) -> Table:
    rows = []
    for category in CaseCategory:
        group = result.of_category(category)
        rows.append(_rate_row(category.value, group, result, ""))
        for kind in CaseKind:
            of_kind = [case for case in group if case.kind is kind]
            if of_kind:
                rows.append(_rate_row(f"· {kind.value}", of_kind, result, ""))
    rows.append(_rate_row("合计", list(result.base), result, "total"))
    return Table(
        key="rates",
        title="整改率",
        columns=(
            Column("kind", "类别"),
            Column("found", "发现", _COUNT),
            Column("rectified", "已整改", _COUNT),
            Column("rate", "按起", ValueKind.RATIO, note="已整改÷发现"),
            Column("households", "户数", _COUNT, 2),
            Column("household_rate", "按户", ValueKind.RATIO, note="各起都已整改的户÷有发现的户"),
            Column("open", "未整改", _COUNT),
            Column("overdue", "逾期", _COUNT, note="过了时限未整改，或过了时限才整改"),
            Column("days", "平均天数", ValueKind.NUMBER, 2, note="发现至整改，只算已整改的"),
        ),
        rows=rows,
    )


def _rate_row(label: str, group: Sequence[Case], result: CaseList, emphasis: str) -> Row:
    count = count_figure(group, result.period, result.as_of)
    by_household = household_figure(group, result.period, result.as_of)
    taken = [case.days for case in group if case.settled]
    values = (
        label,
        count.denominator,
        count.numerator,
        count.ratio,
        by_household.denominator,
        by_household.ratio,
        count.denominator - count.numerator,
        sum(case.overdue for case in group),
        round(sum(taken) / len(taken), 1) if taken else None,
    )
    return Row(values, count.base, emphasis)


def _money(result: CaseList) -> Table:
    sums = result.money
    due = None if sums.unpriced and not sums.due else sums.due  # nothing known is not nothing due
    rows = [
        Row(("违法所得", None, sums.illegal_gain, None), sums.cells["illegal_gain"]),
        Row(("罚款", None, sums.fines, None), sums.cells["fine"]),
        Row(
            ("补缴租金", due, sums.back_rent, sums.ratio),
            (*sums.cells["back_rent"], *sums.cells["due"]),
        ),
    ]
    return Table(
        key="money",
        title="金额",
        columns=(
            Column("item", "项目"),
            Column("due", "应缴", _MONEY, note="算得出的各起：市场租金减合同租金"),
            Column("recorded", "已登记", _MONEY),
            Column("rate", "登记率", ValueKind.RATIO, note="算得出应缴的各起：已登记÷应缴"),
        ),
        rows=rows,
    )


def _flow(result: CaseList) -> Table:
    flow = result.flow
    parts = (
        ("期初未整改", flow.opening),
        ("加：期内发现", flow.found),
        ("减：期内整改", flow.rectified),
        ("期末未整改", flow.closing),
    )
    rows = [Row((name, len(cases)), _cells(cases)) for name, cases in parts]
    gap = flow.gap
    note = f"相差 {gap} 起：有的整改日期早于发现日期" if gap else "期初＋发现－整改＝期末，相符"
    return Table(
        key="flow",
        title="期内变动（起）",
        columns=(Column("item", "项目"), Column("count", "起数", _COUNT)),
        rows=rows,
        notes=(note,),
    )


def _cells(cases: Sequence[Case]) -> tuple[Cell, ...]:
    return tuple(case.cell for case in cases)


def _list(result: CaseList) -> Table:
    names = shown_names(result.loaded)
    rows = [_case_row(result, case, names.get(case.household)) for case in result.listed]
    return Table(
        key="cases",
        title="明细（含以前发现、还没有整改的）",
        columns=(
            Column("case_no", "事项编号", _CODE),
            Column("category", "类别", level=2),
            Column("kind", "类型"),
            Column("household_no", "家庭编号", _CODE),
            Column("name", "申请人", level=3),
            Column("unit_no", "房源编号", _CODE, 3),
            Column("estate", "小区", level=2),
            Column("found_on", "发现", _DATE),
            Column("notified_on", "通知", _DATE, 2),
            Column("deadline", "时限", _DATE),
            Column("rectified_on", "整改", _DATE),
            Column("checked_on", "复查", _DATE, 2),
            Column("days", "天数", _COUNT, note="发现至整改；没有整改的至截止日"),
            Column("status", "状态"),
            Column("overdue", "逾期", level=2),
            Column("basis", "依据", level=3),
            Column("action", "处理措施", level=3),
            Column("evidence", "证据", level=3),
            Column("gain", "违法所得", _MONEY, 3),
            Column("fine", "罚款", _MONEY, 3),
            Column("due", "应补租金", _MONEY, 3),
            Column("due_note", "应补租金怎么算", level=3),
            Column("back_rent", "已登记补缴", _MONEY, 3),
            Column("exits", "退出保障", level=3),
            Column("banned_until", "限制申请至", _DATE, 3),
        ),
        rows=rows,
        shown=30,
    )


def _case_row(result: CaseList, case: Case, name: str | None) -> Row:
    row = result.loaded.get(TenancyCase).row(case.index)
    day, rent = result.as_of, result.rents.get(case.index)
    notified = row.notified_on if row.notified_on and row.notified_on <= day else None
    checked = row.checked_on if row.checked_on and row.checked_on <= day else None
    values = (
        case.number,
        case.category.value,
        case.kind.value,
        case.household,
        name,
        case.unit or None,
        case.estate or None,
        case.found,
        notified,
        case.deadline,
        case.rectified,
        checked if case.settled else None,
        case.days,
        case.stage.value,
        "逾期" if case.overdue else None,
        row.basis,
        mask_numbers(row.action or "") or None,
        mask_numbers(row.evidence or "") or None,
        row.illegal_gain,
        row.fine,
        rent.due if rent else None,
        _due_words(rent),
        row.back_rent,
        "是" if row.household_exits else None,
        row.banned_until,
    )
    return Row(values, (case.cell,), "warning" if case.overdue and case.is_open else "")


def _due_words(rent: Any) -> str | None:
    if rent is None:
        return None
    if not rent.known:
        return f"算不出：{rent.missing}"
    return (
        f"{rent.first} 至 {rent.last} 市场租金 {format_yuan(rent.market)} 元"
        f"减合同租金 {format_yuan(rent.contract)} 元"
    )


def _facts(result: CaseList) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    groups = {
        "violations": result.of_category(CaseCategory.VIOLATION),
        "changes": result.of_category(CaseCategory.CHANGE),
        "all": list(result.base),
    }
    for name, group in groups.items():
        count = count_figure(group, result.period, result.as_of)
        homes = household_figure(group, result.period, result.as_of)
        facts[name] = {
            "found": count.denominator,
            "rectified": count.numerator,
            "households": homes.denominator,
            "households_rectified": homes.numerator,
            "overdue": sum(case.overdue for case in group),
        }
    sums = result.money
    return facts | {
        "open": len(result.flow.closing),
        "unfounded": result.unfounded,
        "illegal_gain": yuan(sums.illegal_gain),
        "fines": yuan(sums.fines),
        "back_rent": yuan(sums.back_rent),
        "back_rent_due": yuan(sums.due),
        "back_rent_unpriced": sums.unpriced,
    }
