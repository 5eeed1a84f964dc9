"""`zhubao allocate schedule`: when and where the drawn households choose, sign and move in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from zhubao.cli.options import AsOf, Json, ShowAll, chosen_bureau, cut_off
from zhubao.cli.output import finish, save_report, say, show
from zhubao.cli.writing import Asked, DryRun, Yes, answer_script, carry_out, formats_of
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    from zhubao.allocation.event.frozen import Frozen
    from zhubao.allocation.event.record import EventRow
    from zhubao.allocation.schedule.households import Drawing
    from zhubao.allocation.schedule.timetable import Schedule
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded
    from zhubao.render.docx import LetterTemplate

EventNo = Annotated[str, typer.Argument(metavar="活动编号", help="摇号活动的编号，如 YH202007")]
PlanFile = Annotated[
    Optional[Path],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--plan", metavar="文件", help="方案写在 .toml 里；选项写了的以选项为准"),
]
Text = Optional[str]  # noqa: UP045
Texts = Optional[list[str]]  # noqa: UP045
From = Annotated[Text, typer.Option("--from", metavar="日期", help="从哪一天开始选房")]
Days = Annotated[Text, typer.Option("--days", metavar="天数", help="排几天；不写则排到够用为止")]
Slots = Annotated[
    Text, typer.Option("--slots", metavar="时段", help="每天的时段，如 09:00-11:30,14:00-17:00")
]
Rooms = Annotated[
    Text, typer.Option("--rooms", metavar="场地", help="场地和每时段户数，如 1号厅:20,2号厅:20")
]
Place = Annotated[Text, typer.Option("--place", metavar="地点", help="默认为活动的摇号地点")]
Stages = Annotated[
    Text,
    typer.Option(
        "--stages", metavar="节点", help="如 签到:30分,选房,签约:5天,交房:10天@小区物业处"
    ),
]
AccessRoom = Annotated[
    Texts, typer.Option("--accessible-room", metavar="场地", help="无障碍的场地，可写多次")
]
AccessSlot = Annotated[
    Texts, typer.Option("--accessible-slot", metavar="时段", help="各场地都无障碍的时段，可写多次")
]
Skip = Annotated[Texts, typer.Option("--skip", metavar="日期", help="不排的日期，可写多次")]
AnyDay = Annotated[bool, typer.Option("--any-day", help="休息日也排，天数按自然日")]
Workdays = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--workdays", metavar="文件", help="工作日文件，补节假日安排尚未公布的年份"),
]
Reserve = Annotated[
    Text, typer.Option("--reserve", metavar="户数", help="每个户型另排前几户递补，排在中签的之后")
]
Responsible = Annotated[Text, typer.Option("--responsible", metavar="姓名", help="批次负责人")]
OutFile = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--out", metavar="文件", help="安排和各批次名单，.xlsx、.docx 或 .html"),
]
Notices = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--notices", metavar="文件", help="每户一份选房通知书，合并成一个 .docx"),
]


@dataclass(frozen=True, slots=True)
class _Files:
    """What is to be made beside the change."""

    out: Path | None
    notices: Path | None


def schedule(
    context: typer.Context,
    event: EventNo,
    plan: PlanFile = None,
    first_day: From = None,
    days: Days = None,
    slots: Slots = None,
    rooms: Rooms = None,
    place: Place = None,
    stages: Stages = None,
    accessible_room: AccessRoom = None,
    accessible_slot: AccessSlot = None,
    skip: Skip = None,
    any_day: AnyDay = False,
    reserve: Reserve = None,
    responsible: Responsible = None,
    workdays: Workdays = None,
    out: OutFile = None,
    notices: Notices = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """选房安排：中签家庭分批次、时段、场地，排好签到、选房、签约、交房，打印名单和通知书。

    严格按选房顺序排：名次在前的，不会排在同户型名次在后的之后；同一时段各场地统一叫号。
    只排工作日，避开其他活动已占的场地，一户不同时排在两处；排不下时说明还差多少，一户也不排。
    高龄、残疾、孤老、重病家庭尽量排到无障碍的场地或时段，但不改变先后；排不到的逐户列出。
    天数写得宽裕些（--days），能照顾到的家庭就多些。
    写入 allocation.xlsx 的“批次”和“摇号结果”表；重排只替换截止日期之后才开始的批次。
    """
    options = {
        "from": first_day, "days": days, "slots": slots, "rooms": rooms, "place": place,
        "stages": stages, "accessible_rooms": accessible_room, "skip": skip,
        "accessible_slots": accessible_slot, "any_day": any_day or None, "reserve": reserve,
        "responsible": responsible,
    }  # fmt: skip
    _refuse_other_suffix(out, notices)
    bureau = chosen_bureau(context)
    cut = cut_off(as_of, bureau.config.as_of)
    made, loaded = _plan(bureau, event, _values(plan, options), cut[0], workdays)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    _answer(bureau, made, loaded, cut[1], asked, _Files(out, notices))


def _plan(
    bureau: Bureau, event_no: str, values: dict[str, Any], as_of: Any, workdays: Path | None
) -> tuple[Schedule, Loaded]:
    from zhubao.allocation.event.record import event_row
    from zhubao.allocation.schedule.needs import SCHEDULE_MODELS
    from zhubao.allocation.schedule.order_words import make_order, usual_order
    from zhubao.allocation.schedule.planning import plan_schedule
    from zhubao.core.workdays import WorkCalendar, load_overrides

    loaded = bureau.load(*SCHEDULE_MODELS)
    event = event_row(loaded, event_no)
    usual = usual_order(event.row, as_of, bureau.config.policy)
    order = make_order(values, usual)
    drawing = _drawing(bureau, loaded, event, order.first_day)
    calendar = WorkCalendar(load_overrides(workdays) if workdays else None)
    made = plan_schedule(loaded, event.row, order, drawing, as_of=as_of, calendar=calendar)
    return made, loaded


def _drawing(bureau: Bureau, loaded: Loaded, event: EventRow, day: Any) -> Drawing:
    """Who was drawn; with a freeze, its people, and the results compared with the archive."""
    from zhubao.allocation.event.record import frozen_of, names_freeze
    from zhubao.allocation.schedule.households import read_choosers
    from zhubao.allocation.schedule.people import NeedRule, frozen_people, ledger_people
    from zhubao.ledger.store.draw_archive import DrawArchive

    rule = NeedRule.load(day, bureau.config.policy)
    archive = DrawArchive(bureau.root, event.row.event_no)
    if not names_freeze(archive, event.row):
        people = ledger_people(loaded, event.row.event_no, rule)
        return read_choosers(loaded, event.row, people)
    frozen = frozen_of(archive, event)
    people = frozen_people(frozen, rule) or ledger_people(loaded, event.row.event_no, rule)
    drawing = read_choosers(loaded, event.row, people)
    return _compared(drawing, archive, frozen, event)


def _compared(drawing: Drawing, archive: Any, frozen: Frozen, event: EventRow) -> Drawing:
    """With a finding for every row that is not what the archive's draw gave."""
    from zhubao.allocation.event.frozen import read_draw
    from zhubao.allocation.schedule.households import differing_results
    from zhubao.ledger.store.draw_archive import DrawArchiveBroken

    number = event.row.draw_no
    try:
        drawn = read_draw(frozen, archive.draw(number))
    except (KeyError, ValueError) as fault:
        raise DrawArchiveBroken(
            f"第 {number} 次摇号的存档读不通（{fault}）",
            where=str(archive.folder),
            advice="请从备份或已公布的文件恢复存档，再重新运行。",
        ) from fault
    found = differing_results(drawing.choosers, drawn, number)
    return replace(drawing, findings=(*drawing.findings, *found))


def _answer(
    bureau: Bureau, made: Schedule, loaded: Loaded, origin: str, asked: Asked, files: _Files
) -> None:
    """Show the timetable; write it and make the files unless something keeps it from being made."""
    from zhubao.allocation.schedule.order_words import policy_basis
    from zhubao.allocation.schedule.report import schedule_report
    from zhubao.allocation.schedule.write import schedule_change

    report = schedule_report(
        made,
        bureau=bureau.name,
        findings=loaded.findings,
        references=policy_basis(made.as_of, bureau.config.policy),
        origin=origin,
    )
    letters = _Letters.ready(bureau, made) if files.notices is not None else None
    if not asked.as_json:
        show(report, as_json=False, show_all=asked.show_all, notices=False)
    if files.out is not None:
        save_report(report, files.out, bureau.root)
        say(f"安排和名单：{files.out}", as_json=asked.as_json)
    applied = False
    change = schedule_change(made, loaded, formats_of(bureau))
    arguments = {"event": made.event.event_no, "households": len(made.seats)}
    if asked.as_json:
        applied = answer_script(report, change, bureau, "allocate schedule", asked, arguments)
    elif made.batches:
        say("")
        applied = carry_out(change, bureau, "allocate schedule", asked, arguments)
    written = applied or change.is_empty
    if (
        letters is not None
        and files.notices is not None
        and made.batches
        and (written or asked.dry_run)
    ):
        letters.save(files.notices, draft=not written, asked=asked)
    finish(list(report.findings))


@dataclass(frozen=True, slots=True)
class _Letters:
    """The notices, tried out before anything is written."""

    template: LetterTemplate
    contexts: Sequence[dict[str, Any]]

    @classmethod
    def ready(cls, bureau: Bureau, made: Schedule) -> _Letters:
        """The template compiled and its first letter made; BureauError when it is of no use."""
        from zhubao.allocation.schedule.notices import PLACEHOLDERS, TEMPLATE, notice_contexts
        from zhubao.render.docx import LetterTemplate, find_template

        path = find_template(TEMPLATE, bureau.root / "templates")
        template = LetterTemplate(path, PLACEHOLDERS)
        contexts = notice_contexts(made, bureau.config.bureau, bureau.config.policy)
        if contexts:
            template.merge(contexts[:1])
        return cls(template, contexts)

    def save(self, path: Path, *, draft: bool, asked: Asked) -> None:
        """All letters in one file."""
        from zhubao.core.output_file import replacing

        with replacing(path) as stream:
            stream.write(self.template.merge(self.contexts))
        kind = "选房通知书（草稿，安排还没有写入台账）" if draft else "选房通知书"
        say(f"{kind}：{path}，共 {len(self.contexts):,} 份", as_json=asked.as_json)


def _values(path: Path | None, options: dict[str, Any]) -> dict[str, Any]:
    """The plan file's values, with the options given in their place."""
    given = {key: value for key, value in options.items() if value is not None}
    return {**(_read_plan(path) if path is not None else {}), **given}


def _read_plan(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as fault:
        raise UsageError(
            f"方案文件 {path.name} 读不了：{fault}",
            where=str(path),
            advice='写法：from = 2020-07-06，rooms = "1号厅:20,2号厅:20"，每项一行，存成 UTF-8。',
        ) from fault


def _refuse_other_suffix(out: Path | None, notices: Path | None) -> None:
    """Before any work: files that could not be written at its end."""
    if out is not None and out.suffix.lower() not in (".xlsx", ".docx", ".html"):
        raise UsageError(
            f"--out 写的是 {out.name}", advice="请写成以 .xlsx、.docx 或 .html 结尾的文件名。"
        )
    if notices is not None and notices.suffix.lower() != ".docx":
        raise UsageError(f"--notices 写的是 {notices.name}", advice="请写成以 .docx 结尾的文件名。")
