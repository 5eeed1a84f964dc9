"""What a freeze comes to, before it is carried out: for the clerk, nothing for publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from zhubao.allocation.event.entrants import ORDINARY
from zhubao.allocation.event.freeze import Freeze
from zhubao.allocation.event.frozen import Frozen
from zhubao.allocation.event.sources import sources_in_words
from zhubao.core.finding import Finding
from zhubao.core.masking import mask_name
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.allocation import RosterEntry
from zhubao.ledger.loaded import Loaded

_LISTED = 10


def freeze_report(freeze: Freeze, loaded: Loaded, *, bureau: str = "") -> Report:
    """Households and units by stratum and group, who is refused, which units are left out."""
    row, order = freeze.event.row, freeze.order
    tables = [_strata_table(freeze), groups_table(freeze.lines.by_group)]
    refused = [*freeze.admission.refused, *freeze.admission.already_out]
    tables += [_refused_table(freeze, loaded)] if refused else []
    tables += [_left_out_table(freeze)] if freeze.units.left_out else []
    tables += [changes_table(order.changes)] if order.changes else []
    findings = [*loaded.findings, *freeze.stopping, *freeze.findings, *order.changes]
    return Report(
        code="allocation.freeze",
        title=f"{row.name}：冻结名册和房源",
        bureau=bureau,
        as_of=order.as_of,
        tables=tuple(tables),
        notes=tuple(_notes(freeze)),
        findings=tuple(sorted(findings, key=_by_place)),
        facts={
            "event": row.event_no,
            "possible": freeze.is_possible,
            "entrants": len(freeze.lines.entrants),
            "units": len(freeze.units.units),
            "refused": len(freeze.admission.refused),
            "stopping": len(freeze.stopping),
        },
    )


def hash_table(frozen: Frozen) -> Table:
    """The three hashes and what each stands for; at 80 columns no digit is cut off."""
    rules = frozen.rules
    return Table(
        "hashes",
        "校验值（SHA-256）",
        (
            Column("what", "校验值"),
            Column("of", "哪个文件", level=2),
            Column("hash", "64 位十六进制数", width=76),
        ),
        (
            Row(("总校验值", "rules.txt", frozen.rules_hash)),
            Row(("名册校验值", "roster.txt", rules.roster_hash)),
            Row(("房源校验值", "units.txt", rules.units_hash)),
        ),
    )


def changes_table(findings: Sequence[Finding]) -> Table:
    """What became of the roster since a freeze, as `drift` found it."""
    rows = [
        Row(
            (str(one.where or ""), one.title, one.message),
            (one.where,) if one.where is not None else (),
        )
        for one in findings
    ]
    columns = (Column("where", "位置"), Column("what", "变化"), Column("message", "说明"))
    return Table("changes", "冻结以后名册的变化", columns, rows, shown=_LISTED)


def _by_place(finding: Finding) -> tuple[str, str, int, int, str, str]:
    return finding.sort_key


def _notes(freeze: Freeze) -> Iterator[str]:
    row, order, admission = freeze.event.row, freeze.order, freeze.admission
    yield f"活动 {row.event_no}，{row.mode.value}；冻结时间 {order.at:%Y-%m-%d %H:%M}"
    yield f"约定随机源：{sources_in_words(order.sources)}"
    yield (
        f"参加 {len(admission.admitted)} 户，房源 {len(freeze.units.units)} 套；"
        f"这次不参加 {len(admission.refused)} 户，名册上原已不参加 {len(admission.already_out)} 户"
    )
    for (written, used), count in sorted(freeze.lines.respelt.items()):
        yield f"名册的户型“{written}”按房源的写法作“{used}”：{count} 户"
    if order.earlier:
        names = "、".join(order.earlier)
        yield f"存档里另有 {len(order.earlier)} 份以前的冻结（{names}），不再有效"
    if freeze.stopping:
        yield f"没有冻结：有 {len(freeze.stopping)} 处要先改正，见下面的错误，改正后重新运行"
    elif not admission.admitted:
        yield "没有冻结：没有一户可以参加，请核对摇号名册的活动编号和名册状态"
    elif not freeze.units.units:
        yield "没有冻结：没有可以摇的房源，请核对小区名称和房源状态（要是“空置”）"


def _strata_table(freeze: Freeze) -> Table:
    offered, wanted = freeze.units.by_stratum, freeze.lines.by_stratum
    rows = [
        Row(
            (stratum, wanted[stratum], offered[stratum], _gap(wanted[stratum], offered[stratum])),
            emphasis="" if offered[stratum] else "warning",
        )
        for stratum in sorted({*offered, *wanted})
    ]
    return Table(
        "strata",
        "每一层的户数和套数",
        (
            Column("stratum", "分层"),
            Column("households", "参加户数", ValueKind.COUNT),
            Column("units", "房源套数", ValueKind.COUNT),
            Column("note", "提示"),
        ),
        rows,
        totals=("合计", sum(wanted.values()), sum(offered.values()), None),
        summable=frozenset({"households", "units"}),
    )


def _gap(households: int, units: int) -> str:
    return "没有房源" if not units else "没有人登记" if not households else ""


def groups_table(counts: Counter[tuple[int, str]]) -> Table:
    """(order, group) → households, the first group first."""
    rows = [
        Row((order, group or ORDINARY, counts[order, group])) for order, group in sorted(counts)
    ]
    return Table(
        "groups",
        "各优先组的户数",
        (
            Column("order", "组序", ValueKind.COUNT),
            Column("group", "优先类别"),
            Column("households", "户数", ValueKind.COUNT),
        ),
        rows,
        totals=(None, "合计", sum(counts.values())),
        summable=frozenset({"households"}),
    )


def _refused_table(freeze: Freeze, loaded: Loaded) -> Table:
    table = loaded.get(RosterEntry)
    out = [(one.candidate, one.status, one.reason) for one in freeze.admission.refused]
    out += [
        (one, one.row.status, one.row.refusal_reason or "没有写原因")
        for one in freeze.admission.already_out
    ]
    rows = [
        Row(
            (one.row.entrant_no, mask_name(one.row.applicant or ""), status.value, reason),
            (table.row_cell(one.index),),
        )
        for one, status, reason in sorted(out, key=lambda item: item[0].index)
    ]
    return Table(
        "refused",
        "不参加的家庭",
        (
            Column("entrant", "参摇编号", ValueKind.IDENTITY),
            Column("applicant", "申请人"),
            Column("status", "名册状态"),
            Column("reason", "原因"),
        ),
        rows,
        shown=_LISTED,
    )


def _left_out_table(freeze: Freeze) -> Table:
    rows = [Row((one.unit_no, one.reason), (one.where,)) for one in freeze.units.left_out]
    return Table(
        "left_out",
        "没有列入的空置房源",
        (Column("unit", "房源编号", ValueKind.IDENTITY), Column("reason", "原因")),
        rows,
        shown=_LISTED,
    )
