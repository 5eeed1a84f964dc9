"""The ledgers as records: numbers, future dates, orphans, status against date (AU-954 to 959)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from zhubao.audit.facts import Facts
from zhubao.audit.indexes.happened import as_day, columns, horizon
from zhubao.audit.indexes.households import Subject, households
from zhubao.audit.indexes.status_dates import contradictions
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Cell, Severity
from zhubao.core.masking import (
    IDENTITY_NUMBER,
    PHONE_NUMBER,
    mask_identity,
    mask_numbers,
    mask_phone,
)
from zhubao.excel.kinds import CellKind
from zhubao.ledger.arrears import Receipt
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.checks.keys import duplicate_key, unknown_reference
from zhubao.ledger.model import LedgerRow, column_info
from zhubao.ledger.table import LedgerTable, key_fields
from zhubao.ledger.validate import FieldRule, field_rules

_PRACTICE = "审计惯例：台账真实、完整、可核对"
_LINKS = ("link",)  # digits in an address on the web are nobody's number


@audit_check(
    "AU-954",
    "编号重复",
    Family.HYGIENE,
    IssueKind.RECORDS,
    Severity.ERROR,
    "“{sheet}”的{headers} {key} 有 {count} 行：{places}",
    "核对各行：重复录入的删去，编号填错的改正；涉及钱的查有没有因此多发、少收",
    basis=_PRACTICE,
    needs=(),
    bad="两户的家庭编号都是 JT0001",
    good="每个编号只有一行",
)
def number_twice(facts: Facts) -> Iterator[Hit]:
    """A sheet's key stands in several rows (LG-201); one lead per number. 收据号 are AU-812's."""
    grouped: dict[tuple[str, str, str], list[tuple[Cell, Any]]] = {}
    for cell, words in duplicate_key(facts.loaded, facts.as_of):
        if cell.sheet not in _elsewhere(facts):
            place = cell.sheet, str(words["headers"]), str(words["key"])
            grouped.setdefault(place, [(words["first"], words)]).append((cell, words))
    for (sheet, headers, key), rows in grouped.items():
        cells = tuple(dict.fromkeys(cell for cell, _ in rows))
        places = "、".join(cell.ref for cell in cells[:4]) + ("等" if len(cells) > 4 else "")
        words = {"sheet": sheet, "headers": headers, "key": key}
        yield Hit(
            cells,
            {**words, "count": len(cells), "places": places},
            household=key if headers == "家庭编号" else "",
            unit=key if headers == "房源编号" else "",
            key=(sheet, headers, key),
        )


def _elsewhere(facts: Facts) -> set[str]:
    """The sheets as they are called in which other checks look after the numbers."""
    return {part.sheet for part in facts.loaded.get(Receipt).segments}


@audit_check(
    "AU-955",
    "日期在将来",
    Family.HYGIENE,
    IssueKind.RECORDS,
    Severity.WARNING,
    "“{sheet}”{row}的“{header}”是 {day}，晚于 {until}",
    "对照原始材料改正；常见的是年份、月份填错",
    basis=_PRACTICE,
    needs=(),
    bad="截止 2020-06-30，收款日期 2026-06-12",
    good="已经发生的事，日期都不晚于截止日期",
)
def dated_in_the_future(facts: Facts) -> Iterator[Hit]:
    """Something that has happened is dated after the day up to which the records go (`horizon`).

    收款日期 is AU-813's.
    """
    until = horizon(facts)
    for table, name in columns(facts):
        values = table.column(name)
        later = {one for one in set(values) if one is not None and as_day(one) > until}
        if not later:
            continue
        header = column_info(table.model.model_fields[name]).header
        for row, value in enumerate(values):
            if value in later:
                words = {"sheet": table.model.SHEET.name, "row": _row_words(table, row)}
                yield Hit(
                    (table.cell(row, name), table.row_cell(row)),
                    {**words, "header": header, "day": as_day(value), "until": until},
                    **_subject(facts, table, row),
                    unit=_field(table, row, "unit_no"),
                    key=(table.model.__name__, name, *_key_of(table, row)),
                )


@audit_check(
    "AU-956",
    "编号空着",
    Family.HYGIENE,
    IssueKind.RECORDS,
    Severity.ERROR,
    "“{sheet}”有一行的“{header}”空着或读不出（{what}），别的表认不到它",
    "对照原始材料补填编号",
    basis=_PRACTICE,
    needs=(),
    bad="保障家庭有一行没有家庭编号",
    good="每行都有编号",
)
def key_is_empty(facts: Facts) -> Iterator[Hit]:
    """A row whose key columns are not all filled. Known again by what else stands in it.

    An identity number that is there and cannot be read is AU-002's.
    """
    for model, table in facts.loaded.tables.items():
        if model.SHEET.computed:
            continue
        alike: Counter[tuple[str, ...]] = Counter()
        for name in key_fields(model):
            unread = table.bad.get(name, set()) if name == "identity_no" else set()
            for row, value in enumerate(table.column(name)):
                if value is not None or (row in unread and table.original(row, name)):
                    continue
                rest = tuple(str(one) for one in table.values(row).values() if one is not None)
                alike[name, *rest] += 1
                header = column_info(model.model_fields[name]).header
                words = {"sheet": model.SHEET.name, "header": header}
                yield Hit(
                    (table.cell(row, name), table.row_cell(row)),
                    {**words, "what": _plain_words(table, row) or "其余各列也空着"},
                    **_subject(facts, table, row),
                    unit=_field(table, row, "unit_no"),
                    key=(model.__name__, name, *rest, str(alike[name, *rest])),
                )


@audit_check(
    "AU-957",
    "编号在主表里查不到",
    Family.HYGIENE,
    IssueKind.RECORDS,
    Severity.WARNING,
    "“{here}”的“{header}” {key} 在“{sheet}”表里查不到（共 {count} 行）",
    "核对编号有没有抄错；确有此编号的，在“{sheet}”表里补上；都不是的，查这些行是怎么来的",
    basis=_PRACTICE,
    needs=(),
    bad="应收表的家庭编号 JT9999，保障家庭表里没有",
    good="每个编号在主表里都有",
)
def row_without_its_master(facts: Facts) -> Iterator[Hit]:
    """A number that should be in another sheet is not (LG-202); one lead per number and sheet."""
    for cell, words in unknown_reference(facts.loaded, facts.as_of):
        yield Hit(
            (cell,),
            {**words, "here": cell.sheet, "key": mask_numbers(str(words["key"]))},
            household=str(words["key"]) if words["header"] == "家庭编号" else "",
            unit=str(words["key"]) if words["header"] == "房源编号" else "",
            key=(cell.file, cell.sheet, str(words["header"]), str(words["key"])),
        )


@audit_check(
    "AU-958",
    "状态与日期互相矛盾",
    Family.HYGIENE,
    IssueKind.RECORDS,
    Severity.WARNING,
    "“{sheet}”{row}的“{status_header}”是“{status}”，{what}",
    "对照原始材料，改正状态或日期",
    basis=_PRACTICE,
    needs=(),
    bad="合同状态“已终止”，退租日期空着",
    good="合同状态“已终止”，退租日期 2020-03-31",
)
def status_against_date(facts: Facts) -> Iterator[Hit]:
    """A status that says done without its day, or one that says open with a day that has come."""
    for one in contradictions(facts):
        table = one.table
        words = {"sheet": table.model.SHEET.name, "row": _row_words(table, one.row)}
        words |= {"status_header": one.status_header, "status": one.status, "what": one.what}
        yield Hit(
            (table.cell(one.row, one.date_field), table.cell(one.row, one.status_field)),
            words,
            **_subject(facts, table, one.row),
            unit=_field(table, one.row, "unit_no"),
            key=(table.model.__name__, one.date_field, *_key_of(table, one.row)),
        )


@audit_check(
    "AU-959",
    "文字栏里写了身份证号或手机号",
    Family.HYGIENE,
    IssueKind.OTHER,
    Severity.NOTICE,
    "“{sheet}”{row}的“{header}”里写了{what}",
    "挪到身份证号、联系电话的专栏，文字栏里删去；导出、公示时这一栏不遮盖",
    basis="审计惯例：公开前查个人信息",
    needs=(),
    bad="备注写“其子 13800000000”",
    good="备注里没有身份证号和手机号",
)
def personal_numbers_in_free_text(facts: Facts) -> Iterator[Hit]:
    """Identity or mobile numbers in a text column that is not marked as personal; shown masked."""
    for model, table in facts.loaded.tables.items():
        rules: tuple[FieldRule, ...] = field_rules(model)
        for rule in rules:
            if rule.kind is not CellKind.TEXT or rule.column.personal or rule.name in _LINKS:
                continue
            texts = table.column(rule.name)
            told = {text: what for text in set(texts) if text and (what := _numbers_in(text))}
            for row, text in enumerate(texts) if told else ():
                if text in told:
                    words = {"sheet": model.SHEET.name, "row": _row_words(table, row)}
                    yield Hit(
                        (table.cell(row, rule.name), table.row_cell(row)),
                        {**words, "header": rule.column.header, "what": told[text]},
                        **_subject(facts, table, row),
                        unit=_field(table, row, "unit_no"),
                        key=(model.__name__, rule.name, *_key_of(table, row)),
                    )


def _numbers_in(text: str) -> str:
    """身份证号 4301…, 手机号 138…: masked; "" where there are none."""
    if mask_numbers(text) == text:
        return ""
    found = [f"身份证号 {mask_identity(one[0])}" for one in IDENTITY_NUMBER.finditer(text)]
    found += [f"手机号 {mask_phone(one[0])}" for one in PHONE_NUMBER.finditer(text)]
    return "、".join(found)


def _key_of(table: LedgerTable[Any], row: int) -> tuple[str, ...]:
    return tuple(str(table.column(name)[row] or "") for name in key_fields(table.model))


def _row_words(table: LedgerTable[Any], row: int) -> str:
    """The key of the row, personal parts of it masked: “JT0001 ”."""
    shown = []
    for name in key_fields(table.model):
        value = table.column(name)[row]
        if value is not None:
            personal = column_info(table.model.model_fields[name]).personal
            shown.append(mask_identity(str(value)) if personal else str(value))
    return f" {'+'.join(shown)} " if shown else "有一行"


def _plain_words(table: LedgerTable[Any], row: int) -> str:
    """A few values of the row that are nobody's: the first three, free text left out."""
    shown = []
    hidden = (CellKind.IDENTITY, CellKind.TEXT)
    model: type[LedgerRow] = table.model
    for rule in field_rules(model):
        value = table.column(rule.name)[row]
        if value is not None and not rule.column.personal and rule.kind not in hidden:
            text = value.isoformat() if isinstance(value, dt.date) else str(value)
            shown.append(f"{rule.column.header} {mask_numbers(text)[:20]}")
    return "、".join(shown[:3])


def _field(table: LedgerTable[Any], row: int, name: str) -> str:
    return str(table.column(name)[row] or "") if name in table.model.model_fields else ""


def _subject(facts: Facts, table: LedgerTable[Any], row: int) -> Subject:
    return facts.once(households).subject(_field(table, row, "household_no"))
