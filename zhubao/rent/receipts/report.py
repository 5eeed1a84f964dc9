"""The import for a person to check: every line with what becomes of it and why, and the proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from zhubao.core.finding import Finding
from zhubao.core.masking import mask_name
from zhubao.core.money import format_yuan, yuan
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.rent.receipts.rows import scrubbed
from zhubao.rent.receipts.statement_import import ImportResult, Outcome, Sorted

_SHOWN = 12
_WHAT_NEXT = {
    Outcome.BOOKED: "写入实收",
    Outcome.DOUBTFUL: "不写入，请人工核对",
    Outcome.SUSPENSE: "写入待认款",
    Outcome.SKIPPED: "不再写入",
    Outcome.CONFLICT: "不写入，请核对流水号",
    Outcome.OUTGOING: "不写入",
}


def import_report(
    result: ImportResult,
    *,
    bureau: str = "",
    ledger_findings: Sequence[Finding] = (),
    origin: str = "",
) -> Report:
    """The review: summary and proof, then one table per outcome; people are masked."""
    tables = [_summary(result)]
    tables += [_lines(result, outcome) for outcome in Outcome if result.of(outcome)]
    tables.append(_proof(result))
    source = f"（{origin}）" if origin else ""
    errors = sum(one.severity == "error" for one in ledger_findings)
    notes = [
        _headline(result),
        f"欠租和预缴算到 {result.as_of.isoformat()}{source}",
        _proof_note(result),
        *_advice(result),
    ]
    if errors:
        notes.append(f"台账里有“错误”级问题 {errors} 条，可能影响认领，请运行 zhubao check 查看")
    return Report(
        code="rent.import",
        title=f"导入核对（{result.statement.file}）",
        bureau=bureau,
        as_of=result.as_of,
        tables=tuple(tables),
        notes=tuple(notes),
        findings=result.findings,
        facts=_facts(result),
    )


def _headline(result: ImportResult) -> str:
    parts = [
        f"{outcome.value} {len(result.of(outcome))} 笔 {format_yuan(result.total(outcome))} 元"
        for outcome in Outcome
        if result.of(outcome)
    ]
    unreadable = len(result.statement.unreadable)
    parts += [f"读不出 {unreadable} 行"] if unreadable else []
    return "，".join(parts) or "没有可以导入的行"


def _advice(result: ImportResult) -> list[str]:
    notes: list[str] = []
    if result.of(Outcome.DOUBTFUL):
        notes.append(
            "存疑的核对后，在流水里加一列“认定家庭编号”填上再导入（已入账的会跳过），"
            "或用 zhubao rent receive --household 编号 --amount 金额 --date 日期 "
            "--receipt-no 收据号 逐笔入账，日期和收据号照流水写"
        )
    if result.of(Outcome.SUSPENSE):
        notes.append("待认款用 zhubao rent suspense 查看和认领")
    over = [one for one in result.lines if one.overpaid]
    if over:
        total = format_yuan(sum(one.overpaid for one in over))
        notes.append(f"有 {len(over)} 笔超过欠租，超出的 {total} 元记作预缴")
    return notes


def _summary(result: ImportResult) -> Table:
    rows = [
        Row(
            (
                outcome.value,
                len(result.of(outcome)),
                result.total(outcome),
                _WHAT_NEXT[outcome],
            )
        )
        for outcome in Outcome
    ]
    unreadable = len(result.statement.unreadable)
    rows.append(Row(("读不出的行", unreadable, None, "不写入，见问题清单")))
    columns = (
        Column("outcome", "处理结果"),
        Column("count", "笔数", ValueKind.COUNT),
        Column("amount", "金额", ValueKind.MONEY),
        Column("next", "怎么处理"),
    )
    lines = len(result.lines)
    totals = ("合计", lines + unreadable, result.statement.total, None)
    return Table("summary", "汇总", columns, rows, totals, frozenset({"count", "amount"}))


def _lines(result: ImportResult, outcome: Outcome) -> Table:
    columns = [(column, value) for column, value in _COLUMNS if _shown(column.key, outcome)]
    rows = [
        Row(tuple(value(one) for _, value in columns), (one.cell,) if one.cell else ())
        for one in result.of(outcome)
    ]
    totals = {"amount": result.total(outcome)}
    if outcome is Outcome.BOOKED:
        totals["overpaid"] = sum(one.overpaid for one in result.of(outcome))
    names = tuple(column for column, _ in columns)
    return Table(
        key=outcome.name.lower(),
        title=outcome.value,
        columns=names,
        rows=rows,
        totals=("合计", *(totals.get(column.key) for column in names[1:])),
        summable=frozenset(totals),
        shown=_SHOWN if outcome is not Outcome.SKIPPED else 0,
    )


def _shown(key: str, outcome: Outcome) -> bool:
    if key in ("household", "rule", "overpaid"):
        return outcome is Outcome.BOOKED
    return key != "candidates" or outcome is Outcome.DOUBTFUL


def _candidates(one: Sorted) -> str:
    return "、".join(one.match.candidates)


_COLUMNS: tuple[tuple[Column, Callable[[Sorted], Any]], ...] = (
    (Column("place", "流水位置"), lambda one: one.line.place.ref),
    (Column("day", "日期", ValueKind.DATE), lambda one: one.line.day),
    (Column("amount", "金额", ValueKind.MONEY), lambda one: one.line.amount),
    (Column("household", "家庭编号"), lambda one: one.match.household),
    (Column("candidates", "可能是"), _candidates),
    (Column("payer", "付款人", level=2), lambda one: mask_name(one.line.payer)),
    (Column("rule", "认领依据", level=2), lambda one: one.match.rule.value),
    (Column("overpaid", "其中预缴", ValueKind.MONEY), lambda one: one.overpaid or None),
    (Column("reason", "说明", width=44), lambda one: one.match.reason),
    (
        Column("memo", "摘要", level=2, width=30),
        lambda one: scrubbed(one.line.memo, one.names),
    ),
    (Column("month", "账单期", ValueKind.MONTH, level=3), lambda one: one.line.month),
    (Column("number", "收据号", ValueKind.IDENTITY, level=2), lambda one: one.number),
    (Column("sheet", "流水表", level=3), lambda one: one.line.place.sheet or None),
)


def _proof(result: ImportResult) -> Table:
    """流水合计 on one side, the outcomes on the other."""
    rows = [Row((f"　{one.value}", result.total(one), len(result.of(one)))) for one in Outcome]
    parts = sum(result.total(outcome) for outcome in Outcome)
    rows.insert(0, Row(("流水合计", result.statement.total, len(result.lines))))
    rows.append(Row(("各项之和", parts, len(result.lines)), emphasis="total"))
    rows.append(Row(("差", result.statement.total - parts, 0), emphasis="total"))
    columns = (
        Column("what", "项目"),
        Column("amount", "金额", ValueKind.MONEY),
        Column("count", "笔数", ValueKind.COUNT),
    )
    unreadable = len(result.statement.unreadable)
    note = f"读不出的 {unreadable} 行没有金额，不在合计内" if unreadable else "各行都读出来了"
    return Table("proof", "勾稽", columns, rows, notes=(note,), shown=0)


def _proof_note(result: ImportResult) -> str:
    parts = " ＋ ".join(
        f"{outcome.value} {format_yuan(result.total(outcome))}"
        for outcome in Outcome
        if result.of(outcome)
    )
    unreadable = len(result.statement.unreadable)
    more = f"；另有 {unreadable} 行读不出，不在合计内" if unreadable else ""
    return f"勾稽：流水 {format_yuan(result.statement.total)} ＝ {parts or '0.00'} ✓{more}"


def _facts(result: ImportResult) -> dict[str, Any]:
    facts: dict[str, Any] = {"file": result.statement.file, "total": yuan(result.statement.total)}
    for outcome in Outcome:
        name = outcome.name.lower()
        facts[name] = len(result.of(outcome))
        facts[f"{name}_amount"] = yuan(result.total(outcome))
    facts["unreadable"] = len(result.statement.unreadable)
    facts["overpaid_amount"] = yuan(sum(one.overpaid for one in result.lines))
    facts["proved"] = True
    return facts
