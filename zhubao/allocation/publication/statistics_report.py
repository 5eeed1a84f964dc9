"""The statistics of a draw in plain words: what each number is, what it can and cannot say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from zhubao.allocation.publication.lines import Line
from zhubao.allocation.publication.rank_tests import two_sided
from zhubao.allocation.publication.statistics import (
    LEVEL,
    DrawStatistics,
    GroupMean,
    Mean,
    Trend,
)
from zhubao.core.finding import Finding
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.ledger.allocation import DrawOutcome

_COUNT, _NUMBER, _RATIO = ValueKind.COUNT, ValueKind.NUMBER, ValueKind.RATIO
_WORDS = ((1.0, "在偶然的波动之内"), (2.0, "平常的波动"))
_RARE, _ONE_IN = 0.0027, 0.0001  # three standard deviations; smaller is not told apart
_FIXED = "一家一样，无从波动"


def statistics_report(
    found: DrawStatistics, *, bureau: str, findings: tuple[Finding, ...] = ()
) -> Report:
    """Selected shares, mean ranks, tests of the order, and how much of it chance alone gives."""
    listing, count = found.listing, len(found.p_values)
    drawn_at = listing.row.drawn_at
    return Report(
        code="allocate.statistics",
        title=f"{listing.row.name}　摇号统计",
        bureau=bureau,
        as_of=drawn_at.date() if drawn_at else None,
        tables=(_shares(found), _group_table(found), _mean_table(found), _trend_table(found)),
        notes=(*_reading(found), *_origin(found)),
        findings=(*findings, *listing.findings),
        facts={
            "event": listing.row.event_no,
            "draw": listing.row.draw_no,
            "entrants": sum(bool(line.rank) for line in listing.lines),
            "selected": listing.count(DrawOutcome.SELECTED),
            "tests": count,
            "below_level": found.below,
            "expected_below": round(count * LEVEL, 2),
            "seed": found.seed,
            "trends": {
                one.title: {"effect": round(one.effect, 4), "p": round(one.p, 4)}
                for one in found.trends
            },
        },
    )


def words_for(deviation: float | None) -> str:
    """So many standard deviations in plain words."""
    if deviation is None:
        return _FIXED
    found = next((text for limit, text in _WORDS if abs(deviation) < limit), None)
    return found or _frequency(two_sided(deviation))


def _shares(found: DrawStatistics) -> Table:
    parts: dict[tuple[int, str, str], list[Line]] = defaultdict(list)
    for line in found.listing.lines:
        if line.rank:
            one = line.entrant
            parts[one.group_order, one.group, one.stratum].append(line)
    rows = []
    for (_, group, stratum), lines in sorted(parts.items()):
        cells = tuple(cell for line in lines for cell in line.sources[:2])
        rows.append(Row((group, stratum, *_counted(lines)), cells))
    everybody = [line for lines in parts.values() for line in lines]
    return Table(
        "shares",
        "各组、各户型中签情况",
        _SHARES,
        rows,
        totals=("合计", None, *_counted(everybody)),
        summable=frozenset({"entrants", "selected"}),
        notes=("优先组先摇、各户型房源有多有少，各行的中签率本来就不一样",),
    )


def _counted(lines: list[Line]) -> tuple[int, int, Ratio]:
    selected = sum(line.outcome == DrawOutcome.SELECTED.value for line in lines)
    return len(lines), selected, Ratio(selected, len(lines))


def _group_table(found: DrawStatistics) -> Table:
    rows = [Row(_group(one)) for one in found.groups]
    note = "各组先后由办法定死，与运气无关；实际与按办法应有的不同，就是没有按组序排"
    return Table("groups", "各组的平均总名次", _GROUPS, rows, notes=(note,))


def _group(one: GroupMean) -> tuple[object, ...]:
    same = abs(one.observed - one.by_rule) < 1e-9
    words = "与组序一致" if same else "与组序不一致"
    return one.group, one.entrants, round(one.observed, 2), round(one.by_rule, 2), words


def _mean_table(found: DrawStatistics) -> Table:
    rows = [Row(_mean(one), one.sources) for one in found.means]
    notes = (
        "只比同组之内的名次；应有 = 完全凭运气时的平均名次",
        "偏离 =（实际 － 应有）÷ 标准差；负的是名次靠前，正的是靠后",
    )
    return Table("means", "平均组内名次：实际与应有", _MEANS, rows, notes=notes)


def _mean(one: Mean) -> tuple[object, ...]:
    deviation = None if one.deviation is None else round(one.deviation, 2)
    return (
        one.trait,
        one.value,
        one.entrants,
        round(one.observed, 2),
        round(one.expected, 2),
        deviation,
        words_for(one.deviation),
    )


def _trend_table(found: DrawStatistics) -> Table:
    rows = [Row(_trend(one)) for one in found.trends]
    notes = (
        "相关在 －1 到 1 之间：0 是没有关系，正的是登记早（号小、人少）的名次靠前",
        "p 是纯凭运气得到这么大、或更大偏离的机会；越小越少见",
    )
    return Table("trends", "名次与登记先后等有没有关系", _TRENDS, rows, notes=notes)


def _trend(one: Trend) -> tuple[object, ...]:
    left = f"，{one.left_out} 户没有填，未计" if one.left_out else ""
    return (
        one.title,
        one.entrants,
        f"{one.effect:+.3f}" if one.is_correlation else f"最大差 {one.effect:.3f}",
        f"{one.p:.4f}",
        f"{_frequency(one.p)}{left}",
        one.method,
    )


def _frequency(p: float) -> str:
    """How often chance alone does as much, in words."""
    if p >= LEVEL:
        return f"平常：每 100 次约有 {p * 100:.0f} 次" if p < 0.995 else "平常"
    if p < _ONE_IN:
        return "很少见，不到万次一遇"
    return f"{'很少见' if p < _RARE else '少见'}，约{1 / p:,.0f}次一遇"


def _reading(found: DrawStatistics) -> Iterator[str]:
    count = len(found.p_values)
    yield (
        f"本表共做 {count} 项检验。就算摇号完全公平，每项也有 5% 的机会落在 5% 的线下，"
        f"{count} 项里平均有 {count * LEVEL:.1f} 项；这次有 {found.below} 项"
        "（各项之间有牵连，不能当作互不相干）"
    )
    yield (
        "这些数能说明的：名次与登记先后、性别、人口等看不看得出关系。不能说明的：摇号有没有问题；"
        "公平的摇号会出现少见的数，被动过手脚的也可以看上去很平常"
    )
    if found.listing.is_verifiable:
        yield "摇号是否如实，要靠公布包里的校验值重新计算：zhubao allocate verify"
    else:
        yield "这次摇号没有校验值，无法重新计算；有疑问的，查阅当时的摇号记录和公证材料"


def _origin(found: DrawStatistics) -> Iterator[str]:
    origin = "结果校验值" if found.listing.known.result_hash else "按名次排列的参摇编号的校验值"
    yield f"随机重排的种子是{origin} {found.seed}，谁来算都得同样的数"


_SHARES = (
    Column("group", "组别"),
    Column("stratum", "小区、户型"),
    Column("entrants", "参加", _COUNT),
    Column("selected", "中签", _COUNT),
    Column("share", "中签率", _RATIO, note="中签 ÷ 参加"),
)
_GROUPS = (
    Column("group", "组别"),
    Column("entrants", "参加", _COUNT),
    Column("observed", "实际", _NUMBER, note="平均总名次"),
    Column("by_rule", "按组序应有", _NUMBER),
    Column("words", "说明"),
)
_MEANS = (
    Column("trait", "按什么分"),
    Column("value", "类别"),
    Column("entrants", "户数", _COUNT),
    Column("observed", "实际", _NUMBER, note="平均组内名次"),
    Column("expected", "应有", _NUMBER),
    Column("deviation", "偏离", _NUMBER, note="几个标准差"),
    Column("words", "说明"),
)
_TRENDS = (
    Column("title", "检验"),
    Column("entrants", "户数", _COUNT),
    Column("effect", "相关", ValueKind.IDENTITY),
    Column("p", "p", ValueKind.IDENTITY),
    Column("words", "说明"),
    Column("method", "算法", ValueKind.TEXT, 2),
)
