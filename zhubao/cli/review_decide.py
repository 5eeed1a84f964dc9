"""`zhubao review decide` and `notices`: conclusions, and the letters that tell them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from zhubao.cli.options import AsOf, Json, ShowAll, parse_date
from zhubao.cli.output import finish, say, show
from zhubao.cli.review import Community, Street, Year, opened_year, place
from zhubao.cli.writing import Asked, DryRun, Yes, carry_out_reported, confirmed, formats_of
from zhubao.core.errors import UsageError

if TYPE_CHECKING:
    from zhubao.core.report import Report
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.change import Change
    from zhubao.services.review.deciding import Decided
    from zhubao.services.review.notices import Notices

_NAMED = 3  # files named one by one


class Conclusion(StrEnum):
    """年审结论 that can be decided, as `ledger.tenants.ReviewDecision`."""

    CONTINUE = "继续保障"
    CHANGE_TIER = "调整类型"
    EXIT = "退出"


Number = Annotated[str, typer.Argument(metavar="家庭编号", help="只给这一户作结论")]
Accept = Annotated[
    bool, typer.Option("--accept-proposals", help="按建议作结论（继续保障、调整类型）")
]
IncludeExits = Annotated[bool, typer.Option("--include-exits", help="连同建议退出的一并确认")]
DecisionText = Annotated[
    Optional[Conclusion],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--decision", metavar="结论", help="继续保障、调整类型或退出"),
]
TierText = Annotated[str, typer.Option("--tier", metavar="类型", help="调整成哪个保障类型")]
ExitText = Annotated[
    str,
    typer.Option("--exit-reason", metavar="原因", help="退出原因，如 收入超标、自购继承、死亡"),
]
ReasonText = Annotated[str, typer.Option("--reason", metavar="理由", help="理由，记入备注")]
DateText = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--date", metavar="日期", help="结论日期；默认截止日期"),
]
DecideAgain = Annotated[bool, typer.Option("--again", help="已有结论的重新作出")]
Apply = Annotated[
    bool,
    typer.Option(
        "--apply-to-households",
        help="同时改保障家庭的保障类型、保障状态；单独写，则补改以前作的结论",
    ),
]
Only = Annotated[
    Optional[Conclusion],  # noqa: UP045
    typer.Option("--only", metavar="结论", help="只出一种结论的：继续保障、调整类型、退出"),
]
TellAgain = Annotated[bool, typer.Option("--again", help="已经告知过的也再出")]
Documents = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--out",
        metavar="文件",
        help="合并成一个 .docx，或写一个文件夹；默认 reports 里的文件夹，每个社区一个文件",
    ),
]
Issue = Annotated[bool, typer.Option("--write", help="出告知书，并把是否告知记为“是”")]


def decide(
    context: typer.Context,
    year: Year,
    household: Number = "",
    accept_proposals: Accept = False,
    include_exits: IncludeExits = False,
    decision: DecisionText = None,
    tier: TierText = "",
    exit_reason: ExitText = "",
    reason: ReasonText = "",
    date: DateText = None,
    again: DecideAgain = False,
    apply_to_households: Apply = False,
    street: Street = "",
    community: Community = "",
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """作年审结论：按建议成批作出，或逐户写明；先预览，问一次，再写。

    --accept-proposals 只确认继续保障和调整类型；建议退出的要逐户作结论，或加 --include-exits。
    已有结论的不重复作出。作出后列出还要终止的合同、补贴、轮候，以及各用哪个命令。
    """
    _refuse_mixed(household, accept_proposals, apply_to_households, decision)
    bureau, day, _ = opened_year(context, as_of, year)
    on = parse_date(date, "--date") or day
    if household:
        words = {"tier": tier, "exit_reason": exit_reason, "reason": reason, "again": again}
        decided = _decide_one(bureau, (year, day), household.strip(), decision, on, words)
    else:
        where = place(street, community)
        exits = include_exits if accept_proposals else None
        decided = _decide_many(bureau, (year, day), where, on, exits)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    _carry_out(bureau, decided, asked, apply_to_households, on)


def notices(
    context: typer.Context,
    year: Year,
    only: Only = None,
    street: Street = "",
    community: Community = "",
    again: TellAgain = False,
    out: Documents = None,
    write: Issue = False,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """年审告知书：有结论、还没有告知的家庭每户一份 Word 文书，合并起来便于打印。

    写明结论、理由、后续事项和怎样申请复核。不加 --write 只列名单；写了 --out 的，出文书但不登记。
    模板可以改：把 templates 里的 年审告知书.docx 复制到本局的 templates 文件夹，用 Word 修改。
    """
    from zhubao.ledger.tenants import ReviewDecision
    from zhubao.services.review.needs import REVIEW_MODELS
    from zhubao.services.review.notices import choose_notices, notices_report
    from zhubao.services.review.population import review_year

    if (dry_run or yes) and not write:
        raise UsageError("--dry-run 和 --yes 只和 --write 一起用", advice="要登记，请加 --write。")
    bureau, day, _ = opened_year(context, as_of, year)
    loaded = bureau.load(*REVIEW_MODELS)
    view = review_year(loaded, year, day)
    chosen = place(street, community).chosen(view, view.due)
    wanted = ReviewDecision(only.value) if only is not None else None
    found = choose_notices(view, chosen, decision=wanted, again=again)
    groups = _files(bureau, found, out) if write or out is not None else {}
    names = [str(path) for path in groups]
    made = notices_report(found, bureau=bureau.name, findings=loaded.findings, files=names)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    if write:
        _issue(bureau, found, made, groups, asked)
    else:
        _draft(bureau, found, made, groups, asked)
    finish(list(made.findings))


def _refuse_mixed(household: str, accept: bool, applying: bool, decision: Any) -> None:
    if household and (accept or decision is None):
        raise UsageError(
            "逐户作结论要写 --decision，不写 --accept-proposals",
            advice="如 zhubao review decide JT000012 --year 2020 --decision 继续保障 --reason …。",
        )
    if not household and decision is not None:
        raise UsageError("--decision 要写明是哪一户", advice="请写家庭编号。")
    if not (household or accept or applying):
        raise UsageError(
            "没有写作什么结论",
            advice="成批的写 --accept-proposals，逐户的写家庭编号和 --decision。",
        )


def _decide_one(
    bureau: Bureau,
    when: tuple[int, dt.date],
    household: str,
    decision: Conclusion | None,
    on: dt.date,
    words: dict[str, Any],
) -> Decided:
    from zhubao.ledger.tenants import ExitReason, ReviewDecision, Tier
    from zhubao.services.review.deciding import Order, decide_one
    from zhubao.services.review.needs import REVIEW_MODELS
    from zhubao.services.review.population import review_year

    assert decision is not None
    view = review_year(bureau.load(*REVIEW_MODELS), *when)
    order = Order(
        household,
        ReviewDecision(decision.value),
        words["reason"],
        on,
        _member(Tier, words["tier"], "--tier"),
        _member(ExitReason, words["exit_reason"], "--exit-reason"),
        words["again"],
    )
    return decide_one(view, order)


def _decide_many(
    bureau: Bureau, when: tuple[int, dt.date], where: Any, on: dt.date, exits: bool | None
) -> Decided:
    """Proposals accepted; with `exits` None, decisions of earlier carried over to 保障家庭."""
    from zhubao.services.review.deciding import accept_proposals, decided_earlier
    from zhubao.services.review.needs import PROPOSAL_MODELS, REVIEW_MODELS
    from zhubao.services.review.population import review_year
    from zhubao.services.review.proposing import propose

    if exits is None:
        view = review_year(bureau.load(*REVIEW_MODELS), *when)
        return decided_earlier(view, where.chosen(view, view.due))
    made = propose(bureau.load(*PROPOSAL_MODELS), *when, bureau.config.policy)
    return accept_proposals(made, where.chosen(made.view, made.view.due), on, with_exits=exits)


def _member(words: Any, text: str, option: str) -> Any:
    """The choice a text names; None for an empty one, UsageError for another."""
    if not text.strip():
        return None
    known = {one.value: one for one in words}
    if text.strip() not in known:
        raise UsageError(f"{option} 的“{text}”不认识", advice=f"可写 {'、'.join(known)}。")
    return known[text.strip()]


def _carry_out(
    bureau: Bureau, decided: Decided, asked: Asked, to_households: bool, on: dt.date
) -> None:
    from zhubao.services.review.deciding import decisions_change
    from zhubao.services.review.decision_report import decision_report

    findings = decided.view.loaded.findings
    change = decisions_change(decided, formats_of(bureau), to_households=to_households)
    made = decision_report(
        decided, to_households=to_households, bureau=bureau.name, findings=findings
    )
    arguments = {
        "year": decided.view.year,
        "households": len(decided.verdicts),
        "date": on.isoformat(),
    }
    carry_out_reported(made, change, bureau, "review decide", asked, arguments)
    finish(list(made.findings))


def _files(bureau: Bureau, found: Notices, out: Path | None) -> dict[Path, tuple[Any, ...]]:
    """File → the households whose notices go into it."""
    from zhubao.render.docx import refuse_other_suffix

    if out is not None and out.suffix:
        refuse_other_suffix(out)
        return {out: found.items} if found.items else {}
    folder = out or bureau.root / "reports" / f"年审告知书_{found.view.year}"
    return {_unused(folder / f"{title}.docx"): items for title, items in found.groups().items()}


def _unused(path: Path) -> Path:
    """柳堤社区.docx, or 柳堤社区_2.docx where notices of an earlier run lie there."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}_{number}")
    return free


def _draft(
    bureau: Bureau,
    found: Notices,
    made: Report,
    groups: dict[Path, tuple[Any, ...]],
    asked: Asked,
) -> None:
    """List who gets a notice; documents where somebody has said where to."""
    if groups:
        _make(bureau, found, groups)
    show(made, as_json=asked.as_json, show_all=asked.show_all, notices=False)
    if groups:
        say(f"告知书：{_places(list(groups))}（没有登记为已告知）", as_json=asked.as_json)
    elif found.items:
        say("只列名单；要出告知书并登记，请加 --write", as_json=asked.as_json)


def _issue(
    bureau: Bureau,
    found: Notices,
    made: Report,
    groups: dict[Path, tuple[Any, ...]],
    asked: Asked,
) -> None:
    """Preview, ask, make the documents, then mark 是否告知: never marked without a document."""
    from zhubao.ledger.change_report import change_report
    from zhubao.services.review.notices import notices_change

    change = notices_change(found, formats_of(bureau))
    if not asked.as_json:
        show(made, as_json=False, show_all=asked.show_all, notices=False)
        if groups:
            show(change_report(change, bureau=bureau.name), as_json=False)
            say(f"将出告知书 {len(found.items):,} 份：{_places(list(groups))}")
    facts: dict[str, Any] = {"applied": False}
    if groups and confirmed(change.files, asked):
        _refuse_open(change)
        _make(bureau, found, groups)
        facts = _mark(bureau, found, change, asked)
    if asked.as_json:
        show(replace(made, facts={**made.facts, **facts}), as_json=True)


def _mark(bureau: Bureau, found: Notices, change: Change, asked: Asked) -> dict[str, Any]:
    from zhubao.cli.writing import notes_of, user_name
    from zhubao.ledger.change_apply import Order, apply_change

    if change.is_empty:  # told again: marked already
        return {"applied": False}
    arguments = {"year": found.view.year, "notices": len(found.items)}
    now = dt.datetime.now().astimezone()
    order = Order("review notices --write", user_name(), now, arguments)
    outcome = apply_change(bureau.root, change, bureau.config, order)
    if not asked.as_json:
        say(f"已登记到 {'、'.join(change.files)}，改动编号 {outcome.applied.id}。")
        say(f"要撤销登记，运行 zhubao undo {outcome.applied.id}（文书文件请自行删除）")
        for note in notes_of(outcome):
            say(f"注意：{note}")
    return {"applied": True, "change": outcome.applied.id, "notes": notes_of(outcome)}


def _refuse_open(change: Change) -> None:
    """No notice is made while the ledger it is marked in is open elsewhere."""
    from zhubao.ledger.store.refusals import refuse_open, target_of

    for file in change.files:
        source = change.sources[file]
        refuse_open(target_of(source.path, source.sha256))


def _make(bureau: Bureau, found: Notices, groups: dict[Path, tuple[Any, ...]]) -> None:
    """Write the documents, each complete or not at all."""
    from zhubao.core.output_file import replacing
    from zhubao.render.docx import LetterTemplate, find_template
    from zhubao.services.review.notices import (
        PLACEHOLDERS,
        TEMPLATE,
        NoticeRules,
        notice_context,
    )

    view, day = found.view, found.view.as_of
    rules = NoticeRules.load(day, bureau.config.bureau, bureau.config.policy)
    path = find_template(TEMPLATE, bureau.root / "templates")
    template = LetterTemplate(path, PLACEHOLDERS)
    for target, items in groups.items():
        contexts = [notice_context(view, one, rules, day) for one in items]
        with replacing(target) as stream:
            stream.write(template.merge(contexts))


def _places(paths: Sequence[Path]) -> str:
    """The files, or their folder where they are many."""
    if len(paths) <= _NAMED:
        return "、".join(map(str, paths))
    return f"{paths[0].parent}（{len(paths)} 个文件）"
