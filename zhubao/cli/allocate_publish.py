"""`zhubao allocate publish`, `statistics` and `report`: what is told of a draw afterwards."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.cli.options import (
    AsOf,
    Json,
    Out,
    PeriodText,
    ShowAll,
    chosen_bureau,
    cut_off,
    parse_period,
)
from zhubao.cli.output import finish, save_report, save_workbook, say, show
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    from zhubao.allocation.publication.listing import Listing
    from zhubao.core.report import Report
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded

EventNo = Annotated[str, typer.Argument(metavar="活动编号", help="摇号活动的编号，如 YH202001")]
Folder = Annotated[
    Optional[Path],  # noqa: UP045  (typer reads this at run time)
    typer.Option(
        "--out", metavar="文件夹", help="写到哪个文件夹；默认 reports/摇号/活动/公示_日期"
    ),
]
_PUBLIC, _INTERNAL = "公开", "内部资料_不得外传"


def publish(
    context: typer.Context,
    event: EventNo,
    out: Folder = None,
    as_of: AsOf = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """公示名单：一次生成公开版、内部版、审计版，三版出自同一份名单。

    已冻结的公示名册，已摇号的公示结果，已选房的公示选房结果；--as-of 可回放过去任何一天。
    公开版（工作簿、Word、网页）只有凭证号、遮去的姓名和证件号，写明校验值、公示期和投诉电话；
    内部版有全名和编号，审计版另有来源单元格、盐值和重摇经过，都在“内部资料”文件夹里，不得外传。
    公示期、投诉电话、核验办法可在 zhubao.toml 的 [policy.allocation_notice] 里改。
    """
    from zhubao.allocation.publication.notice import notice_terms
    from zhubao.allocation.publication.public import masked_words, public_edition
    from zhubao.ledger.allocation import DrawEvent

    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    terms = notice_terms(day, bureau.config.policy)
    loaded, listing, safe = _listing(bureau, event, day)
    public = public_edition(listing, terms, bureau=bureau.name)
    folder = out or bureau.root / "reports" / "摇号" / safe / f"公示_{day}"
    files = _save(public, listing, folder, safe, bureau)
    masked = masked_words(listing, loaded[DrawEvent])
    findings = (*loaded.findings, *listing.findings, *terms.findings, *masked)
    facts = {**public.facts, "files": [str(path) for path in files]}
    notes = (*public.notes, *terms.references)
    shown = replace(public, notes=notes, findings=findings, facts=facts)
    show(shown, as_json=as_json, show_all=show_all, notices=False)
    say(f"名单截至 {day}（{origin}）", as_json=as_json)
    say(f"公开版（.xlsx、.docx、.html）：{folder / _PUBLIC}", as_json=as_json)
    say(f"内部版、审计版，不得外传：{folder / _INTERNAL}", as_json=as_json)
    finish(list(findings))


def statistics(
    context: typer.Context,
    event: EventNo,
    out: Out = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """摇号统计：各组中签率、平均名次、名次与登记先后等有没有关系。供参考，不是结论。

    每个比例都有分子、分母；每项偏离都用几个标准差和一句话说明。
    p 值由随机重排算出，种子取自结果校验值，谁来算都一样。
    最后写明一共做了几项检验，其中几项少见，纯属偶然应有几项。只读台账，不改动台账。
    """
    from zhubao.allocation.publication.statistics import compute_statistics
    from zhubao.allocation.publication.statistics_report import statistics_report

    bureau = chosen_bureau(context)
    loaded, listing, safe = _listing(bureau, event, None)
    found = compute_statistics(listing)
    report = statistics_report(found, bureau=bureau.name, findings=loaded.findings)
    target = bureau.root / "reports" / "摇号" / safe / f"摇号统计_第{listing.row.draw_no}次.xlsx"
    _answer(report, out, target, bureau, show_all=show_all, as_json=as_json)


def report(
    context: typer.Context,
    period: PeriodText = None,
    as_of: AsOf = None,
    out: Out = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """一个期间的配租：按摇号活动、小区、家庭人口列出中签、选定、放弃、签约和入住人数。

    并列出轮候册的增减：期初 ＋ 批准 － 配租 － 放弃或取消 ＝ 期末；首次摇号前后批准的分开。
    配租以签约为准；被征收户选房另列，不计入配租。只读台账，不改动台账。
    """
    from zhubao.allocation.publication.allocations import REPORT_MODELS, compute_allocations
    from zhubao.allocation.publication.allocations_report import allocations_report
    from zhubao.allocation.publication.waiting_flow import compute_flow

    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    span = parse_period(period, day)
    loaded = bureau.load(*REPORT_MODELS)
    found = compute_allocations(loaded, span)
    flow = compute_flow(loaded, found)
    made = allocations_report(found, flow, bureau=bureau.name, findings=loaded.findings)
    target = bureau.root / "reports" / f"配租情况_{span.label}.xlsx"
    _answer(made, out, target, bureau, show_all=show_all, as_json=as_json)


def _listing(bureau: Bureau, event: str, day: dt.date | None) -> tuple[Loaded, Listing, str]:
    """The ledgers, the event's list on the day, and the event's number as a folder's name."""
    from zhubao.allocation.event.record import event_row
    from zhubao.allocation.publication.draws import known_draw
    from zhubao.allocation.publication.listing import LISTING_MODELS, compute_listing
    from zhubao.ledger.store.draw_archive import DrawArchive

    loaded = bureau.load(*LISTING_MODELS)
    number = event_row(loaded, event).row.event_no
    archive = DrawArchive(bureau.root, number)
    listing = compute_listing(loaded, known_draw(loaded, archive, number, day), day)
    return loaded, listing, archive.folder.name


def _save(public: Report, listing: Listing, folder: Path, event: str, bureau: Bureau) -> list[Path]:
    """The public files in one folder, the others in another, so that a folder can be handed out."""
    from zhubao.allocation.publication.editions import auditor_edition, internal_edition

    if folder.is_file():
        raise UsageError(f"{folder} 是一个文件", advice="请把 --out 写成文件夹。")
    day = public.as_of or dt.date.min
    name = f"{listing.stage.value}_{event}"
    files = [
        save_report(public, folder / _PUBLIC / f"{name}_公示{suffix}", bureau.root)
        for suffix in (".xlsx", ".docx", ".html")
    ]
    for edition, make in (("内部版", internal_edition), ("审计版", auditor_edition)):
        path = folder / _INTERNAL / f"{name}_{edition}_内部资料.xlsx"
        made = make(listing, bureau=bureau.name, day=day)
        files.append(save_report(made, path, bureau.root))
    return files


def _answer(
    made: Report, out: Path | None, target: Path, bureau: Bureau, *, show_all: bool, as_json: bool
) -> None:
    """Show a report, and save its workbook unless only a script asked."""
    show(made, as_json=as_json, show_all=show_all, notices=False)
    if out is not None or not as_json:
        say(f"工作簿：{save_workbook(made, out or target, bureau.root)}", as_json=as_json)
    finish(list(made.findings))
