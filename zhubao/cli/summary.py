"""`zhubao summary half-year|month|year`: the summary as Word document, workbook and page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, Optional

import typer

from zhubao.cli.options import AsOf, Json, ShowAll, chosen_bureau, cut_off
from zhubao.cli.output import finish, say, show
from zhubao.cli.summary_files import WORD, Saved, refuse_open, save_files
from zhubao.core.errors import EXIT_FINDINGS, UsageError
from zhubao.core.period import Month, Period

if TYPE_CHECKING:
    from zhubao.core.report import Report
    from zhubao.ledger.bureau import Bureau
    from zhubao.summary.narrative.notes import Notes
    from zhubao.summary.words.outline import Plan
    from zhubao.summary.words.report import Written

_MONTHS = {"half-year": 6, "month": 1, "year": 12}
_EXAMPLES = {"half-year": "2020-H1", "month": "2020-06", "year": "2020"}

PeriodOption = Annotated[
    Optional[str],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--period", metavar="期间", help="统计期间；默认是截止日期所在的那一期"),
]
OutFolder = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--out", metavar="文件夹", help="写到哪里；默认 reports 里的 总结_期间"),
]
Narrative = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--narrative",
        metavar="文件",
        help="补写的段落：.toml，或补写过的 .docx；没有写到的段落沿用要覆盖的那份",
    ),
]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one run was asked for; `day` is the cut-off and `origin` where it comes from."""

    bureau: Bureau
    kind: str
    period: Period
    day: dt.date
    origin: str
    folder: Path
    narrative: Path | None


def half_year(
    context: typer.Context,
    period: PeriodOption = None,
    as_of: AsOf = None,
    out: OutFolder = None,
    narrative: Narrative = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """半年工作总结：Word 总结、指标工作簿和网页，数字全部由台账算出。

    示例：zhubao summary half-year --period 2020-H1
    要人写的段落在文中标为（请补写：…）。在 Word 里补写后再次运行，写过的话会保留；
    也可以写在 --narrative 的 .toml 文件里，如 supply = "……"。
    问题和计划的句子可以删、可以改：数没有变的，再次运行照您的；数变了的重新写上，
    您改过的话在终端上列出。.toml 里也可以写 drop = ["编号"]（不写这个问题）。
    模板可以改：把 templates 里的 半年工作总结.docx 复制到本局的 templates 文件夹，用 Word 修改。
    标黄段落以外加写的话不保留，在终端上列出；被覆盖的那份另存为 工作总结_上一份.docx。
    找不到的台账在文中标黄写明，补齐后重新生成即可；不用的，删去那一行。
    写出以前把文件读回，逐个核对文中的数；有一个不一致就不写。只读台账，不改动台账。
    """
    asked = _asked(context, "half-year", period, as_of, out, narrative)
    _answer(asked, as_json=as_json, show_all=show_all)


def month(
    context: typer.Context,
    period: PeriodOption = None,
    as_of: AsOf = None,
    out: OutFolder = None,
    narrative: Narrative = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """月度工作小结：同半年总结，结构较短。

    示例：zhubao summary month --period 2020-06
    """
    asked = _asked(context, "month", period, as_of, out, narrative)
    _answer(asked, as_json=as_json, show_all=show_all)


def year(
    context: typer.Context,
    period: PeriodOption = None,
    as_of: AsOf = None,
    out: OutFolder = None,
    narrative: Narrative = None,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """年度工作总结：同半年总结，统计全年。

    示例：zhubao summary year --period 2020
    """
    asked = _asked(context, "year", period, as_of, out, narrative)
    _answer(asked, as_json=as_json, show_all=show_all)


def _asked(
    context: typer.Context,
    kind: str,
    text: str | None,
    as_of: str | None,
    out: Path | None,
    narrative: Path | None,
) -> _Asked:
    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    period = _period(kind, text, day)
    folder = out or bureau.root / "reports" / f"总结_{period.label}"
    if folder.suffix in (".docx", ".xlsx", ".html") or folder.is_file():
        raise UsageError(f"--out 应是文件夹，不是文件 {folder.name}", advice="请写文件夹的名字。")
    return _Asked(bureau, kind, period, day, origin, folder, narrative)


def _period(kind: str, text: str | None, day: dt.date) -> Period:
    """The whole period named, of the command's length; without a name the one `day` lies in."""
    months, advice = _MONTHS[kind], f"请写成 {_EXAMPLES[kind]} 这样。"
    if text is None:
        first = Month.of(day.year, (day.month - 1) // months * months + 1)
        return Period.spanning(first, months)
    try:
        period = Period.parse(text)
    except ValueError as fault:
        raise UsageError(f"期间“{text}”看不懂", advice=advice) from fault
    first = Month.containing(period.start)
    aligned = (period.start.month - 1) % months == 0
    if not aligned or period != Period.spanning(first, months):
        raise UsageError(f"期间 {period.title} 的长短与这个命令不符", advice=advice)
    if period.start > day:
        raise UsageError(
            f"期间 {period.title} 在截止日期 {day} 之后", advice="请改 --period 或 --as-of。"
        )
    return period


def _answer(asked: _Asked, *, as_json: bool, show_all: bool) -> None:
    refuse_open(asked.folder)
    written, page = _written(asked)
    if not any(one.measured is not None for one in written.telling.summary.values.values()):
        _refuse_empty(asked, written, as_json=as_json)
    saved = save_files(asked.folder, asked.bureau.root, _document(asked, written), page)
    report = _report(asked, written, saved)
    show(report, as_json=as_json, show_all=show_all, notices=False, hint=True)
    for path in saved.files:
        say(f"已写出：{path}", as_json=as_json)
    for line in _to_do(written, saved):
        say(line, as_json=as_json)
    finish(list(written.findings))


def _report(asked: _Asked, written: Written, saved: Saved) -> Report:
    """The answer, with what the clerk added to the earlier document, for scripts."""
    from zhubao.summary.words.edited import edited_facts
    from zhubao.summary.words.offering import without_open
    from zhubao.summary.words.report import written_report

    code, files = f"summary.{asked.kind.replace('-', '_')}", [str(path) for path in saved.files]
    told = replace(written, settled=without_open(written.settled))
    report = written_report(told, code=code, origin=asked.origin, files=files)
    added = {"added": list(saved.added), "kept_in": saved.kept_in}
    also = {"not_kept": added, "edited": edited_facts(written.settled)}
    return replace(report, facts=report.facts | also)


def _to_do(written: Written, saved: Saved) -> Iterator[str]:
    """What the clerk should know of her document: still to write, not written any more."""
    from zhubao.summary.narrative.additions import additions_line
    from zhubao.summary.reconcile.checks import open_questions
    from zhubao.summary.words.edited import lost_lines
    from zhubao.summary.words.offering import lost_open_lines, without_open

    if written.open_slots:
        yield (
            f"还有 {len(written.open_slots)} 段请补写：在 {WORD} 里标黄的地方写好保存，"
            "再次运行会保留"
        )
    absent = written.telling.absent.values()
    if absent:
        yield (
            f"警告：没有找到 {'、'.join(absent)}，有关的情况没有写入总结（文中标黄的行）；"
            "请补齐台账后重新生成"
        )
    differing = [one.title for one in open_questions(written.reconciled)]
    if differing:
        yield f"有 {len(differing)} 项待核对：{'；'.join(differing)}，请核对后再报"
    yield from lost_lines(without_open(written.settled))
    yield from lost_open_lines(written.settled)
    if saved.added:
        yield additions_line(saved.added, saved.kept_in)


def _refuse_empty(asked: _Asked, written: Written, *, as_json: bool) -> NoReturn:
    """Nothing is written of a period of which the ledgers say nothing."""
    from zhubao.core.report import Report

    report = Report(
        code=f"summary.{asked.kind.replace('-', '_')}",
        title="没有生成总结",
        bureau=asked.bureau.name,
        as_of=asked.day,
        period=asked.period.title,
        notes=("这一期台账里没有任何记录，没有生成总结",),
        findings=written.findings,
        facts={"period": asked.period.label, "files": []},
    )
    show(report, as_json=as_json, notices=False)
    raise typer.Exit(EXIT_FINDINGS)


def _written(asked: _Asked) -> tuple[Written, Report]:
    """The summary as told, and the report of its figures for workbook and page."""
    from zhubao.summary.summary import measuring_of
    from zhubao.summary.whole import make_whole, whole_models
    from zhubao.summary.words.facts import facts_of
    from zhubao.summary.words.outline import outline, settled_offers
    from zhubao.summary.words.report import Written
    from zhubao.summary.words.telling import Telling

    notes = _notes(asked)
    measuring = measuring_of(asked.bureau, whole_models())
    whole = make_whole(measuring, asked.period, asked.day, bureau=asked.bureau.name)
    summary, problems = whole.summary, whole.problems
    facts = facts_of(summary, problems, asked.bureau.config.policy, scope=whole.scope)
    telling = Telling(summary, facts, _absent(asked.bureau))
    compared = whole.reconciled
    paragraphs = outline(telling, problems, notes, _plan(asked.kind), compared)
    unused = notes.unused(one.slot for one in paragraphs if one.slot)
    findings = (*measuring.loaded.findings, *summary.findings)
    settled = settled_offers(telling, problems, notes, compared)
    written = Written(telling, paragraphs, problems, compared, unused, findings, settled)
    return written, whole.report


def _absent(bureau: Bureau) -> dict[str, str]:
    """The workbooks that are not there, with the names of the files they would be."""
    from zhubao.ledger.catalog import WORKBOOKS

    return {one: bureau.path_of(one).name for one in WORKBOOKS if not bureau.files_of(one)}


def _plan(kind: str) -> Plan:
    from zhubao.summary.words.outline import LONG, SHORT

    return SHORT if kind == "month" else LONG


def _notes(asked: _Asked) -> Notes:
    """From the document that this run replaces; what the file named says goes before it."""
    from zhubao.summary.narrative.notes import Notes, notes_from_toml

    earlier, path = asked.folder / WORD, asked.narrative
    kept = _notes_of(earlier) if earlier.is_file() else Notes()
    if path is None:
        return kept
    if path.suffix.lower() == ".docx":
        return kept.updated(_notes_of(path))
    try:
        named = notes_from_toml(path.read_text(encoding="utf-8-sig"), path.name)
        _refuse_unknown(named.edits.drop | named.edits.keep, path.name)
        return kept.updated(named)
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(
            f"补写文件 {path} 读不了", advice="请写 .toml（UTF-8 编码）或 .docx 文件。"
        ) from fault


def _notes_of(document: Path) -> Notes:
    """What the clerk wrote into an earlier document, and edited in the sentences it offered."""
    from zhubao.render.summary_docx import notes_in
    from zhubao.render.summary_offers import offers_in
    from zhubao.summary.narrative.notes import notes_from_paragraphs
    from zhubao.summary.narrative.offers import edits_from_document

    return notes_from_paragraphs(notes_in(document), edits_from_document(*offers_in(document)))


def _refuse_unknown(codes: Iterable[str], name: str) -> None:
    """UsageError when `drop` or `keep` name a code that no rule has."""
    from zhubao.summary.problems.rules import all_rules

    known = [rule.code for rule in all_rules()]
    unknown = sorted(set(codes) - set(known))
    if unknown:
        raise UsageError(
            f"补写文件 {name} 的 drop、keep 里没有这样的编号：{'、'.join(unknown)}",
            advice=f"可用的编号：{'、'.join(known)}。",
        )


def _document(asked: _Asked, written: Written) -> bytes:
    """The Word document, read back and compared number by number."""
    from zhubao.render.docx import find_template
    from zhubao.render.summary_docx import FigureRow, Heading, numbers_in, summary_document
    from zhubao.render.summary_offers import closing_kept, with_offers
    from zhubao.render.summary_template import NAME
    from zhubao.summary.narrative.offers import Offered
    from zhubao.summary.words.checking import mismatches, refuse_mismatches
    from zhubao.summary.words.report import figure_pieces
    from zhubao.summary.words.telling import PARTS

    telling = written.telling
    summary = telling.summary
    rows = [
        FigureRow(one.figure.title, (now,), (before,), one.figure.definition, (other,))
        for code, one in summary.values.items()
        if one.measured is not None
        for now, before, other in (figure_pieces(telling, code),)
    ]
    day = _words(asked.day)
    names, until = (summary.bureau, summary.period.title), summary.period.end
    heading = Heading(*names, asked.day, day, telling.against, stocks_on=until)
    template = find_template(NAME, asked.bureau.root / "templates")
    made = with_offers(
        closing_kept(summary_document(template, written.paragraphs, rows, heading)),
        {
            code: Offered.of(one.sentence).remembered()
            for code, one in written.settled.items()
            if one.sentence or one.lines
        },
    )
    printed = numbers_in(made, (*summary.values, *telling.facts), PARTS)
    refuse_mismatches(mismatches(telling, written.paragraphs, printed), WORD)
    return made


def _words(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
