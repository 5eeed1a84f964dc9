"""`zhubao record` and `zhubao list`: rows of any sheet, by its declaration."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from zhubao.cli.options import AsOf, Json, ShowAll, chosen_bureau, cut_off, parse_period
from zhubao.cli.output import finish, save_report, say, show
from zhubao.cli.register_options import (
    CountBy,
    DateColumn,
    FillOnly,
    FromFile,
    Limit,
    ListFile,
    OnlyPeriod,
    OptionalSheet,
    Overwrite,
    Set,
    Sheet,
    ShownColumns,
    Sort,
    SumOf,
    Unmasked,
    Update,
    Where,
    Words,
)
from zhubao.cli.writing import Asked, DryRun, Yes, carry_out_reported, formats_of
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded
    from zhubao.ledger.model import LedgerRow
    from zhubao.ledger.registers.listing import Query
    from zhubao.ledger.validate import FieldRule


_CORRECT = "请改正后重新运行；各列的写法见 zhubao schema {sheet}。"


def record(
    context: typer.Context,
    sheet: Sheet,
    words: Words = None,
    from_file: FromFile = None,
    set_words: Set = None,
    update: Update = None,
    overwrite: Overwrite = False,
    fill_only: FillOnly = False,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """往一张表里录入：写 列=值 录一行，--update 改一行，--from 从文件导入多行。

    列名写表头、别名都可以；日期、金额、是否、选项照平常的写法。编号不写的，接着表里的编。
    缺的必填内容在终端上逐项问，在脚本里一次列出。先预览，问一次，再写。
    导入按编号认行：新的新增，已有的补空格；与台账不同的列出两处、不改，写明 --overwrite 才改。
    重复导入不会重复录入。收租、发放、摇号等表由各自的命令登记，这里会提示用哪一个。
    """
    from zhubao.ledger.registers.closed import refuse_closed
    from zhubao.ledger.registers.columns import sheet_named

    bureau = chosen_bureau(context)
    model = sheet_named(sheet, bureau.config)
    refuse_closed(model)
    _refuse_mixed(words, from_file, set_words, update, overwrite or fill_only)
    if overwrite and fill_only:
        raise UsageError("--overwrite 和 --fill-only 只能写一个", advice="请去掉一个。")
    day, _ = cut_off(as_of, bureau.config.as_of)
    loaded = _loaded_for(bureau, model)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    if from_file is not None:
        how = {"overwrite": overwrite, "fill_only": fill_only}
        _import(bureau, loaded, model, from_file, set_words or [], how, day, asked)
    elif update is not None:
        _update(bureau, loaded, model, update, words or [], day, asked)
    else:
        _enter(bureau, loaded, model, words or [], day, asked)


def list_rows(
    context: typer.Context,
    sheet: OptionalSheet = None,
    where: Where = None,
    columns: ShownColumns = None,
    sort: Sort = None,
    count_by: CountBy = None,
    sum_of: SumOf = None,
    limit: Limit = None,
    period: OnlyPeriod = None,
    date_column: DateColumn = "",
    unmasked: Unmasked = False,
    out: ListFile = None,
    as_of: AsOf = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """列出任何一张表的行，可以按条件选、排序、计数、合计。

    条件按类型比较：日期 收单日期>=2020-06 从 6 月 1 日起，收单日期=2020-H1 是上半年；
    金额以元计，如 慰问金>300；几个值用 | 隔开，如 工单状态=待办|办理中。
    没写表名时列出有哪些表。终端和 JSON 里的姓名、证件号、电话总是遮盖的。
    """
    from zhubao.ledger.registers.list_report import sheets_report

    bureau = chosen_bureau(context)
    if unmasked and out is None:
        raise UsageError("--unmasked 只用于写文件", advice="请加 --out 文件名。")
    if sheet is None:
        show(sheets_report(bureau=bureau.name), as_json=as_json, show_all=show_all)
        return
    day, _ = cut_off(as_of, bureau.config.as_of)
    asked: dict[str, Any] = {"where": where, "columns": columns, "sort": sort, "count_by": count_by}
    asked |= {"sum": sum_of, "limit": limit, "date_column": date_column}
    asked["period"] = parse_period(period, day) if period is not None else None
    _list(bureau, sheet, asked, day, {"out": out, "unmasked": unmasked, "all": show_all}, as_json)


def _list(
    bureau: Bureau,
    sheet: str,
    asked: dict[str, Any],
    day: dt.date,
    shown: dict[str, Any],
    as_json: bool,
) -> None:
    from zhubao.ledger.registers.columns import sheet_named
    from zhubao.ledger.registers.list_report import list_report
    from zhubao.ledger.registers.listing import select

    model = sheet_named(sheet, bureau.config)
    query = _query(model, bureau, asked)
    loaded = bureau.load(model)
    listing = select(loaded.get(model), query)
    common: dict[str, Any] = {"bureau": bureau.name, "findings": loaded.findings}
    report = list_report(listing, day, **common)
    show(report, as_json=as_json, show_all=shown["all"], notices=False)
    if shown["out"] is not None:
        kept = list_report(listing, day, bureau=bureau.name, unmasked=shown["unmasked"])
        say(f"文件：{save_report(kept, shown['out'], bureau.root)}", as_json=as_json)
    finish(list(report.findings))


def _query(model: type[LedgerRow], bureau: Bureau, asked: dict[str, Any]) -> Query:
    from zhubao.ledger.registers import listing
    from zhubao.ledger.registers.columns import column_named
    from zhubao.ledger.registers.conditions import parse_condition

    config, period = bureau.config, asked["period"]
    return listing.Query(
        conditions=tuple(parse_condition(model, one, config) for one in asked["where"] or ()),
        period=period,
        dated=listing.date_column(model, asked["date_column"], config) if period else None,
        columns=tuple(column_named(model, one, config) for one in _split(asked["columns"])),
        sort=tuple(listing.parse_sort(model, one, config) for one in _split(asked["sort"])),
        groups=tuple(listing.parse_group(model, one, config) for one in _split(asked["count_by"])),
        sums=tuple(listing.parse_sum(model, one, config) for one in _split(asked["sum"])),
        limit=asked["limit"],
    )


def _split(words: Sequence[str] | None) -> list[str]:
    """Words given one by one or joined by commas, in order."""
    joined = [part for word in words or () for part in word.replace("，", ",").split(",")]
    return [part.strip() for part in joined if part.strip()]


def _refuse_mixed(
    words: Sequence[str] | None,
    from_file: Path | None,
    set_words: Sequence[str] | None,
    update: str | None,
    how: bool,
) -> None:
    """Words that belong to another way of recording."""
    if from_file is not None and (words or update is not None):
        raise UsageError(
            "--from 不和 列=值、--update 一起用",
            advice="要给导入的每一行补同一个值，请写 --set 列=值。",
        )
    if from_file is None and (set_words or how):
        raise UsageError(
            "--set、--overwrite、--fill-only 只用于 --from 导入", advice="请加 --from 文件。"
        )
    if update is not None and not words:
        raise UsageError("没有写要改什么", advice="请写 列=新值；写 列= 清空这一格。")


def _loaded_for(bureau: Bureau, model: type[LedgerRow]) -> Loaded:
    """The sheets a row is judged by; all of the workbook where the sheet has to be made in it."""
    from zhubao.ledger.catalog import models_of
    from zhubao.ledger.change import no_workbook
    from zhubao.ledger.registers.entry import models_needed, refuse_unrecognised

    needed = models_needed(model)
    loaded = bureau.load(*needed)
    if loaded.get(model).segments:
        return loaded
    if not bureau.files_of(model.SHEET.workbook):
        raise no_workbook(model)
    refuse_unrecognised(loaded, model)
    return bureau.load(*dict.fromkeys((*needed, *models_of(model.SHEET.workbook))))


def _enter(
    bureau: Bureau,
    loaded: Loaded,
    model: type[LedgerRow],
    words: Sequence[str],
    day: dt.date,
    asked: Asked,
) -> None:
    """One new row."""
    from zhubao.ledger.registers import entry as rows
    from zhubao.ledger.registers.columns import raise_faults, read_words
    from zhubao.ledger.registers.values import rules_of

    given = read_words(model, words, bureau.config)
    faults = [*given.faults, *rows.new_faults(loaded, model, given.values)]
    missing = rows.missing_fields(loaded, model, given.values, given.unread)
    rules = rules_of(model)
    if missing and not faults and _can_ask(asked):
        for name in missing:
            given.values[name] = _answer(rules[name])
        faults = rows.new_faults(loaded, model, given.values)
    elif missing:
        faults.append(f"缺少必填内容：{'、'.join(rows.demanded(rules[name]) for name in missing)}")
    raise_faults(faults, _CORRECT.format(sheet=model.SHEET.name))
    made = rows.make_new(loaded, model, given.values, day, formats_of(bureau))
    _carry_out_entry(bureau, loaded, made, "record", day, asked)


def _update(
    bureau: Bureau,
    loaded: Loaded,
    model: type[LedgerRow],
    key: str,
    words: Sequence[str],
    day: dt.date,
    asked: Asked,
) -> None:
    """One known row changed."""
    from zhubao.ledger.registers import entry as rows
    from zhubao.ledger.registers.columns import raise_faults, read_words

    row = rows.find_row(loaded, model, key)
    given = read_words(model, words, bureau.config)
    readable = {name: value for name, value in given.values.items() if name not in given.unread}
    faults = [*given.faults, *rows.update_faults(loaded, model, row, readable)]
    raise_faults(faults, _CORRECT.format(sheet=model.SHEET.name), what="没有改")
    made = rows.make_update(loaded, model, row, given.values, day, formats_of(bureau))
    _carry_out_entry(bureau, loaded, made, "record --update", day, asked)


def _carry_out_entry(
    bureau: Bureau, loaded: Loaded, made: Any, command: str, day: dt.date, asked: Asked
) -> None:
    """Show the row; write it unless a check calls it an error."""
    from zhubao.core.finding import has_errors
    from zhubao.ledger.registers.record_report import entry_report

    report = entry_report(made, loaded, day, bureau=bureau.name)
    if has_errors(list(made.findings)):
        show(report, as_json=asked.as_json, show_all=asked.show_all)
        say("有错误，没有写入。", as_json=asked.as_json)
        finish(list(made.findings))
    arguments = {"sheet": report.facts["sheet"], "key": report.facts["key"]}
    carry_out_reported(report, made.change, bureau, command, asked, arguments)
    finish(list(made.findings))


def _import(
    bureau: Bureau,
    loaded: Loaded,
    model: type[LedgerRow],
    path: Path,
    set_words: Sequence[str],
    how: dict[str, bool],
    day: dt.date,
    asked: Asked,
) -> None:
    """Many rows from a file."""
    from dataclasses import replace

    from zhubao.ledger.registers.columns import raise_faults, read_words
    from zhubao.ledger.registers.importing import import_rows, may_lack, with_values
    from zhubao.ledger.registers.incoming import read_incoming
    from zhubao.ledger.registers.record_report import import_report

    given = read_words(model, set_words, bureau.config)
    raise_faults(given.faults, _CORRECT.format(sheet=model.SHEET.name), what="没有导入")
    lack = may_lack(model, loaded, given.values)
    incoming = read_incoming(path, model, bureau.config, may_lack=lack)
    told = incoming.given | set(given.values)
    incoming = replace(incoming, table=with_values(incoming.table, given.values), given=told)
    made = import_rows(loaded, incoming, day, formats_of(bureau), **how)
    report = import_report(made, model.SHEET.name, path.name, day, bureau=bureau.name)
    arguments = {"sheet": model.SHEET.name, "file": path.name}
    carry_out_reported(report, made.change, bureau, "record --from", asked, arguments)
    finish(list(report.findings))


def _can_ask(asked: Asked) -> bool:
    return not asked.as_json and sys.stdin.isatty()


def _answer(rule: FieldRule) -> Any:
    """Ask for one required value until it can be read; UsageError when the line is left empty."""
    from zhubao.ledger.registers.columns import choices_for, read_value

    choices = choices_for(rule)
    for number, word in enumerate(choices, 1):
        sys.stderr.write(f"  {number}. {word}\n")
    note = f"（{rule.column.note}）" if rule.column.note else ""
    while True:
        sys.stderr.write(f"{rule.column.header}{note}{'，写序号或内容' if choices else ''}：")
        sys.stderr.flush()
        text = sys.stdin.readline().strip()
        if not text:
            raise UsageError(f"“{rule.column.header}”必填，没有录入", advice="请重新运行。")
        if choices and text.isdigit() and 0 < int(text) <= len(choices):
            text = choices[int(text) - 1]
        value, reason = read_value(rule, text)
        if value is not None:
            return value
        sys.stderr.write(f"{reason or '不能空着'}，请重写。\n")
