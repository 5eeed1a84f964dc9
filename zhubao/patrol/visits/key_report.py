"""The key households as a report: counts by kind, the list, who is missing, who has left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zhubao.core.finding import Cell, Finding
from zhubao.core.masking import mask_name, mask_numbers
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.ledger.patrol import KeyHouseholdKind
from zhubao.patrol.visits.candidates import Candidate
from zhubao.patrol.visits.keys import KeyEntry, KeyList
from zhubao.patrol.visits.plan_report import NEVER
from zhubao.patrol.visits.rules import CODES, bases
from zhubao.patrol.visits.sources import cell_ranges

_COUNT, _CODE, _RATIO = ValueKind.COUNT, ValueKind.IDENTITY, ValueKind.RATIO
_SHOWN = 30


def key_report(
    listed: KeyList,
    *,
    on_paper: bool = False,
    bureau: str = "",
    findings: tuple[Finding, ...] = (),
    origin: str = "",
    overrides: Mapping[str, Any] | None = None,
) -> Report:
    """Counts by kind, a list per kind, candidates and those who left.

    `on_paper`: full names and telephone numbers, for the bureau's own use; else masked.
    """
    candidates = (*listed.missing, *listed.more_kinds)
    tables = [_summary(listed), *_lists(listed, on_paper=on_paper)]
    if candidates:
        tables.append(_candidates(listed, candidates, on_paper=on_paper))
    if listed.left:
        tables.append(_left(listed, on_paper=on_paper))
    return Report(
        code="patrol.key",
        title="重点对象",
        bureau=bureau,
        as_of=listed.as_of,
        period=listed.period.title,
        tables=tuple(tables),
        notes=_notes(listed, origin),
        references=bases(listed.as_of, overrides, *CODES[1:]),
        findings=(*findings, *listed.findings),
        facts=_facts(listed),
    )


def _facts(listed: KeyList) -> dict[str, Any]:
    entries = listed.entries
    return {
        "households": len(entries),
        "visits": sum(len(one.visits) for one in entries),
        "required_visits": sum(one.due.required for one in entries),
        "kept_visits": sum(one.due.kept for one in entries),
        "never_visited": sum(one.last_on is None for one in entries),
        "should_be_listed": len({one.household_no for one in listed.missing}),
        "other_kinds": len({one.household_no for one in listed.more_kinds}),
        "left": len(listed.left),
    }


def _notes(listed: KeyList, origin: str) -> tuple[str, ...]:
    source = f"（{origin}）" if origin else ""
    facts = _facts(listed)
    until = listed.as_of.isoformat()
    notes = [
        f"在列 {facts['households']:,} 户，截至 {until}{source}；次数统计 {listed.period.title}",
        "应访次数只算整月：整月都在列的月份，按每月走访次数；某月多访的不抵别的月；"
        "一户有几个类型的取最多的，各类型里都列一次",
        "应访次数没有填的，按政策参数里的类型；见到没见到、哪种巡查都计一次",
    ]
    if facts["should_be_listed"]:
        notes.append(
            f"有 {facts['should_be_listed']:,} 户应当考虑列入而没有列：有住房合同，"
            f"困难标识里有规定的词，或只有一人、满 {listed.rules.alone_age} 周岁"
        )
    if facts["other_kinds"]:
        notes.append(f"另有 {facts['other_kinds']:,} 户已列入别的类型，可以补列")
    return tuple(notes)


def _summary(listed: KeyList) -> Table:
    rows = []
    for kind in KeyHouseholdKind:
        own = [one for one in listed.entries if kind.value in one.kinds]
        missing = sum(one.kind is kind for one in listed.missing)
        if own or missing:
            rows.append(Row((kind.value, *_counts(own), missing), _cells(listed, own)))
    everybody = len({one.household_no for one in listed.missing})
    return Table(
        key="kinds",
        title="按重点类型",
        columns=_SUMMARY,
        rows=rows,
        totals=("合计（户不重复）", *_counts(listed.entries), everybody),
        notes=("完成 = 逐月应访次数中已完成的 ÷ 应访次数",),
    )


def _counts(entries: Sequence[KeyEntry]) -> tuple[Any, ...]:
    required = sum(one.due.required for one in entries)
    kept = sum(one.due.kept for one in entries)
    visits = sum(len(one.visits) for one in entries)
    never = sum(one.last_on is None for one in entries)
    return len(entries), visits, required, Ratio(kept, required), never


def _lists(listed: KeyList, *, on_paper: bool) -> list[Table]:
    tables = []
    for kind in KeyHouseholdKind:
        own = [one for one in listed.entries if kind.value in one.kinds]
        if own:
            rows = [
                Row(_values(listed, number, one, on_paper), _cells(listed, [one]), _mark(one))
                for number, one in enumerate(own, 1)
            ]
            title = f"{kind.value}（{len(own):,} 户）"
            tables.append(Table(f"kind_{kind.value}", title, _LIST, rows, shown=_SHOWN))
    return tables


def _mark(entry: KeyEntry) -> str:
    return "error" if entry.left else "warning" if entry.last_on is None else ""


def _values(listed: KeyList, number: int, entry: KeyEntry, on_paper: bool) -> tuple[Any, ...]:
    people, home = listed.people, entry.dwelling
    return (
        number,
        home.address.text if home else entry.left or "（没有在租合同）",
        entry.household_no,
        people.name(entry.household_no, full=on_paper),
        people.phone(entry.household_no, full=on_paper),
        entry.last_on.isoformat() if entry.last_on else NEVER,
        entry.days_since,
        entry.last_met_on.isoformat() if entry.last_met_on else None,
        len(entry.visits),
        entry.due.required,
        entry.due.required - entry.due.kept,
        (entry.needs if on_paper else _starred(listed, entry)) or None,
        entry.responsible or None,
    )


def _starred(listed: KeyList, entry: KeyEntry) -> str:
    """The needs without the applicant's name and without numbers, for the screen."""
    name = listed.people.name(entry.household_no, full=True)
    text = entry.needs.replace(name, mask_name(name)) if name else entry.needs
    return mask_numbers(text)


def _cells(listed: KeyList, entries: Iterable[KeyEntry]) -> tuple[Cell, ...]:
    """The rows of 重点对象, then the visits."""
    entries = list(entries)
    rows = cell_ranges(listed.roll.table, [row for one in entries for row in one.rows])
    visits = cell_ranges(listed.log.table, [row for one in entries for row in one.visits])
    return (*rows, *visits)


def _candidates(listed: KeyList, found: Sequence[Candidate], *, on_paper: bool) -> Table:
    rows = []
    for number, one in enumerate(found, 1):
        people, no = listed.people, one.household_no
        values = (
            number,
            one.dwelling.address.text or None,
            no,
            people.name(no, full=on_paper),
            one.kind.value,
            one.reason,
            "、".join(one.listed_as) or None,
        )
        rows.append(Row(values, one.cells))
    return Table("should_be_listed", "建议列入", _CANDIDATES, rows, shown=_SHOWN)


def _left(listed: KeyList, *, on_paper: bool) -> Table:
    rows = []
    for number, one in enumerate(listed.left, 1):
        name = listed.people.name(one.household_no, full=on_paper)
        values = (number, one.household_no, name, "、".join(one.kinds), one.left)
        rows.append(Row(values, _cells(listed, [one])))
    return Table("left", "已退出或退租、还没有移出", _LEFT, rows, shown=_SHOWN)


_SUMMARY = (
    Column("kind", "重点类型"),
    Column("households", "户数", _COUNT),
    Column("visits", "已访次", _COUNT, note="期间内的全部巡查，任何一种"),
    Column("required", "应访次", _COUNT),
    Column("kept", "完成", _RATIO),
    Column("never", "从未访过", _COUNT),
    Column("missing", "建议列入", _COUNT),
)
_LIST = (
    Column("number", "序号", _COUNT, 2),
    Column("address", "住址"),
    Column("household_no", "家庭编号", _CODE),
    Column("name", "承租人"),
    Column("phone", "联系电话", _CODE, 2),
    Column("last", "上次", _CODE, note="上一次巡查的日期"),
    Column("days", "天数", _COUNT, 2, note="距上次巡查的天数"),
    Column("last_met", "上次见到", _CODE, 2, note="上一次见到人的日期"),
    Column("visits", "已访", _COUNT, note="期间内的巡查次数"),
    Column("required", "应访", _COUNT, note="期间内整月应访的次数"),
    Column("lacking", "少访", _COUNT, 2, note="逐月应访而没有访的次数之和"),
    Column("needs", "诉求", level=2),
    Column("responsible", "责任人", level=2),
)
_CANDIDATES = (
    Column("number", "序号", _COUNT, 2),
    Column("address", "住址"),
    Column("household_no", "家庭编号", _CODE),
    Column("name", "承租人"),
    Column("kind", "建议类型"),
    Column("reason", "理由"),
    Column("listed_as", "已列类型", level=2),
)
_LEFT = (
    Column("number", "序号", _COUNT, 2),
    Column("household_no", "家庭编号", _CODE),
    Column("name", "承租人"),
    Column("kinds", "重点类型"),
    Column("why", "情况"),
)
