"""`zhubao rent notices`: demands, draft agreements and notices to vacate as Word documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from zhubao.cli.options import AsOf, Json, ShowAll, chosen_bureau, cut_off
from zhubao.cli.output import finish, say, show
from zhubao.cli.writing import Asked, DryRun, Yes
from zhubao.core.errors import UsageError, ZhubaoError

if TYPE_CHECKING:
    from zhubao.core.report import Report
    from zhubao.ledger.bureau import Bureau
    from zhubao.ledger.loaded import Loaded
    from zhubao.render.docx import LetterTemplate
    from zhubao.rent.letters.rounds import Letter, LetterRound

_NAMED = 5  # files named one by one when the ledger could not be written


class Kind(StrEnum):
    """文书种类, as `ledger.arrears.LetterKind`: here so that help imports no model."""

    DEMAND = "催缴通知书"
    INSTALMENT = "分期协议"
    VACATE = "腾退告知书"


KindOption = Annotated[
    Optional[Kind],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--kind", metavar="种类", help="只出一种：催缴通知书、分期协议、腾退告知书"),
]
Estate = Annotated[str, typer.Option("--estate", metavar="小区", help="只出一个小区的")]
Households = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option(
        "--household",
        metavar="编号",
        help="只出这几户，可写多次；同时写了 --kind，就按指定的种类出，不看催缴阶梯",
    ),
]
Merged = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--merged", metavar="文件", help="合并成一个 .docx，便于打印；有几种文书时每种一个文件"
    ),
]
OutFolder = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--out", metavar="文件夹", help="文书放到哪里；默认 reports 里的 文书_日期"),
]
Write = Annotated[bool, typer.Option("--write", help="出具文书，并登记到催缴文书表")]


@dataclass(frozen=True, slots=True)
class _Job:
    """Where the letters of one run go."""

    bureau: Bureau
    folder: Path
    merged: Path | None

    def paths(self, letters: Sequence[Letter]) -> list[Path]:
        """The file of each letter, in their order."""
        if self.merged is None:
            return [self.folder / letter.file_name for letter in letters]
        several = len({letter.kind for letter in letters}) > 1
        return [self._merged_path(letter, several=several) for letter in letters]

    def _merged_path(self, letter: Letter, *, several: bool) -> Path:
        assert self.merged is not None
        merged = self.merged
        return merged.with_stem(f"{merged.stem}_{letter.kind.value}") if several else merged

    def shown(self, path: Path) -> str:
        """As the ledger notes it: from the bureau's folder on where it is in there."""
        absolute = path.absolute()
        root = self.bureau.root.absolute()
        inside = absolute.is_relative_to(root)
        return (absolute.relative_to(root) if inside else absolute).as_posix()


def notices(
    context: typer.Context,
    as_of: AsOf = None,
    kind: KindOption = None,
    estate: Estate = "",
    household: Households = None,
    merged: Merged = None,
    out: OutFolder = None,
    write: Write = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    show_all: ShowAll = False,
    as_json: Json = False,
) -> None:
    """催缴通知书、分期协议、腾退告知书：该给谁，出 Word 文书。

    给谁出哪一种由催缴阶梯决定（见 zhubao rent arrears 的建议）；困难家庭不自动出，先走访。
    同一种文书在规定日数之内不重复出。不加 --write 只列名单，不编号、不登记；
    这时写了 --out 或 --merged，就出没有编号的草稿。
    加 --write 时先预览，问一次，再出文书，并登记到 arrears.xlsx 的“催缴文书”表。
    模板可以改：把 templates 里的 催缴通知书.docx 等复制到本局的 templates 文件夹，用 Word 修改。
    """
    from zhubao.ledger.arrears import LetterKind
    from zhubao.rent.letters.rounds import LetterOrder

    _refuse_wrong_places(merged, out)
    if yes and not write:
        raise UsageError("--yes 只和 --write 一起用", advice="要出具文书并登记，请加 --write。")
    bureau = chosen_bureau(context)
    day, origin = cut_off(as_of, bureau.config.as_of)
    chosen = LetterKind(kind.value) if kind is not None else None
    order = LetterOrder(chosen, estate, tuple(household or ()), bureau.config.bureau)
    job = _Job(bureau, out or bureau.root / "reports" / f"文书_{day}", merged)
    asked = Asked(dry_run=dry_run, yes=yes, as_json=as_json, show_all=show_all)
    issuing = write or dry_run
    made, loaded = _round(bureau, day, order, numbered=issuing)
    if issuing:
        report = _issue(made, loaded, job, asked, origin)
    else:
        report = _draft(made, loaded, job, asked, origin, wanted=bool(out or merged))
    finish(list(report.findings))


def _refuse_wrong_places(merged: Path | None, out: Path | None) -> None:
    from zhubao.render.docx import refuse_other_suffix

    if merged is not None:
        refuse_other_suffix(merged)
    if merged is not None and out is not None:
        raise UsageError("--merged 和 --out 只能写一个", advice="合并的文件写在 --merged 里。")
    if out is not None and out.suffix:
        raise UsageError(
            f"--out 应是文件夹，不是文件 {out.name}", advice="要合并成一个文件，请用 --merged。"
        )


def _round(bureau: Bureau, day: dt.date, order: Any, *, numbered: bool) -> tuple[LetterRound, Any]:
    from zhubao.ledger.arrears import RentLetter
    from zhubao.rent.arrears import compute_arrears
    from zhubao.rent.letters.rounds import write_round
    from zhubao.rent.letters.rules import LetterRules
    from zhubao.rent.needs import ARREARS_MODELS

    loaded = bureau.load(*ARREARS_MODELS, RentLetter)
    result = compute_arrears(loaded, day, overrides=bureau.config.policy)
    rules = LetterRules.load(day, bureau.config.policy)
    return write_round(result, rules, order, numbered=numbered), loaded


def _report(made: LetterRound, job: _Job, loaded: Loaded, files: Sequence[str], origin: str) -> Any:
    from zhubao.rent.letters.report import letters_report

    return letters_report(
        made, bureau=job.bureau.name, findings=loaded.findings, files=files, origin=origin
    )


def _draft(
    made: LetterRound, loaded: Loaded, job: _Job, asked: Asked, origin: str, *, wanted: bool
) -> Report:
    """List who gets which letter; make drafts where somebody has said where to."""
    paths = job.paths(made.letters) if wanted else []
    if paths:
        _refuse_half_read(loaded)
        _make(made, job, paths)
    shown = [job.shown(path) for path in paths]
    report: Report = _report(made, job, loaded, shown, origin)
    show(report, as_json=asked.as_json, show_all=asked.show_all, notices=False)
    if paths:
        say(f"草稿：{_places(job, paths)}（没有编号，没有登记）", as_json=asked.as_json)
    elif not made.letters:
        say("没有要出的文书。", as_json=asked.as_json)
    else:
        say("只列名单，没有出文书；要出具并登记，请加 --write", as_json=asked.as_json)
    return report


def _issue(made: LetterRound, loaded: Loaded, job: _Job, asked: Asked, origin: str) -> Report:
    """Preview, ask, make the files, enter them in the ledger."""
    from zhubao.cli.writing import confirmed, formats_of
    from zhubao.ledger.change_report import change_report
    from zhubao.rent.letters.write import letters_change

    if made.letters:
        _refuse_half_read(loaded)
    paths = job.paths(made.letters)
    shown = [job.shown(path) for path in paths]
    report: Report = _report(made, job, loaded, shown, origin)
    change = letters_change(made, formats_of(job.bureau), shown)
    if not asked.as_json:
        show(report, as_json=False, show_all=asked.show_all, notices=False)
        if made.letters:
            show(change_report(change, bureau=job.bureau.name), as_json=False)
            say(f"将出文书 {len(paths):,} 份：{_places(job, paths)}")
        else:
            say("没有要出的文书。")
    facts: dict[str, Any] = {"applied": False}
    if made.letters and confirmed(change.files, asked):
        _refuse_open_ledgers(change)
        _make(made, job, paths)
        facts = _enter(change, job, made, paths, asked)
    if asked.as_json:
        report = replace(report, facts={**report.facts, **facts})
        show(report, as_json=True)
    return report


def _refuse_open_ledgers(change: Any) -> None:
    """No letter is made while the ledger it is entered in is open elsewhere."""
    from zhubao.ledger.store.refusals import refuse_open, target_of

    for file in change.files:
        source = change.sources[file]
        refuse_open(target_of(source.path, source.sha256))


def _enter(
    change: Any, job: _Job, made: LetterRound, paths: Sequence[Path], asked: Asked
) -> dict[str, Any]:
    """Write the ledger; when that fails, say which letters exist without being entered."""
    from zhubao.cli.writing import notes_of, user_name
    from zhubao.ledger.change_apply import Order, apply_change

    arguments = {"as_of": made.result.as_of.isoformat(), "letters": len(made.letters)}
    now = dt.datetime.now().astimezone()
    order = Order("rent notices --write", user_name(), now, arguments)
    try:
        outcome = apply_change(job.bureau.root, change, job.bureau.config, order)
    except ZhubaoError:
        names = list(dict.fromkeys(path.name for path in paths))
        more = f" 等 {len(names)} 个文件" if len(names) > _NAMED else ""
        say(
            f"注意：文书已经生成，但没有登记：{'、'.join(names[:_NAMED])}{more}"
            f"（在 {paths[0].parent}）。登记成功之前请不要发出；重新运行会用同样的编号覆盖它们。",
            as_json=True,
        )
        raise
    if not asked.as_json:
        say(f"文书：{_places(job, paths)}，共 {len(paths):,} 份")
        say(f"已登记到 {'、'.join(change.files)}，改动编号 {outcome.applied.id}。")
        say(f"要撤销登记，运行 zhubao undo {outcome.applied.id}（文书文件请自行删除）")
        for note in notes_of(outcome):
            say(f"注意：{note}")
    return {"applied": True, "change": outcome.applied.id, "notes": notes_of(outcome)}


def _make(made: LetterRound, job: _Job, paths: Sequence[Path]) -> None:
    """Write the documents; every template is tried on its first letter before any file is made."""
    from zhubao.core.output_file import replacing
    from zhubao.rent.letters.context import letter_context

    months = made.result.ladder.vacate
    contexts = [letter_context(letter, made.rules, months) for letter in made.letters]
    templates = _templates(made.letters, contexts, job)
    groups: dict[Path, list[int]] = {}
    for place, path in enumerate(paths):
        groups.setdefault(path, []).append(place)
    for path, places in groups.items():
        template = templates[made.letters[places[0]].kind.value]
        chosen = [contexts[place] for place in places]
        data = template.merge(chosen) if job.merged else template.render(chosen[0])
        with replacing(path) as stream:
            stream.write(data)


def _templates(
    letters: Sequence[Letter], contexts: Sequence[Any], job: _Job
) -> dict[str, LetterTemplate]:
    from zhubao.render.docx import LetterTemplate, find_template
    from zhubao.rent.letters.context import PLACEHOLDERS

    found: dict[str, LetterTemplate] = {}
    for letter, context in zip(letters, contexts, strict=True):
        if letter.kind.value not in found:
            path = find_template(f"{letter.kind.value}.docx", job.bureau.root / "templates")
            template = found[letter.kind.value] = LetterTemplate(path, PLACEHOLDERS)
            _ = template.merge([context]) if job.merged else template.render(context)
    return found


def _places(job: _Job, paths: Sequence[Path]) -> str:
    """The folder, or the merged files."""
    if job.merged is None:
        return str(job.folder)
    return "、".join(str(path) for path in dict.fromkeys(paths))


def _refuse_half_read(loaded: Loaded) -> None:
    """Letters demand money: not while a whole money sheet could not be read."""
    from zhubao.core.finding import Severity
    from zhubao.ledger.arrears import Receipt

    whole = [
        one
        for one in loaded.findings
        if one.severity is Severity.ERROR and one.where is not None and not one.where.ref
    ]
    if whole:
        raise UsageError(
            f"{whole[0].where} 有错误（{whole[0].message}），欠租算不准，没有出文书",
            advice="先运行 zhubao check，改正后再出。",
        )
    if not loaded.has(Receipt):
        raise UsageError(
            "没有读到任何实收，所有家庭都会显得欠租，没有出文书",
            advice="检查 arrears.xlsx 的实收表；用 zhubao check 看读到了哪些表。",
        )
