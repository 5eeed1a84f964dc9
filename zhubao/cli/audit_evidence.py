"""`zhubao audit evidence`: a folder with everything an auditor asks for about one finding."""

from __future__ import annotations

import datetime as dt
import hashlib
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from zhubao.cli.options import AsOf, Json, chosen_bureau, cut_off
from zhubao.cli.output import save_report, say, show
from zhubao.core.errors import OutputError, UsageError

if TYPE_CHECKING:
    from zhubao.audit.evidence.gathering import Gathered
    from zhubao.audit.evidence.letters import Paper
    from zhubao.audit.evidence.report import Piece
    from zhubao.core.report import Report
    from zhubao.ledger.bureau import Bureau

SUMS = "SHA256SUMS"
_INDEX = "00_索引"
_PAPERS = "文书"
Number = Annotated[str, typer.Argument(metavar="问题编号", help="问题清单里的问题编号，如 WT0001")]
Folder = Annotated[
    Optional[Path],  # noqa: UP045  (typer reads this at run time)
    typer.Option("--out", metavar="文件夹", help="放到哪里；默认 reports 里的 证据_编号_日期"),
]


@dataclass(frozen=True, slots=True)
class _Job:
    """Where one run's files are made; the folder appears under its name when it is complete."""

    bureau: Bureau
    folder: Path
    day: dt.date


def evidence(
    context: typer.Context,
    number: Number,
    as_of: AsOf = None,
    out: Folder = None,
    as_json: Json = False,
) -> None:
    """一个审计问题的证据文件夹：台账原始行、对账单、文书、整改和回访、改动记录、哈希。

    索引（00_索引）写明每份材料来自哪些单元格；SHA256SUMS 可以核对文件有没有改过。
    文件夹里的姓名、证件号不遮盖，是内部资料；终端上照常遮盖。同样的台账做出的文件一模一样。
    只读台账，不改动台账。
    """
    from zhubao.audit.evidence.gathering import gather
    from zhubao.ledger.catalog import all_models

    bureau = chosen_bureau(context)
    day, _ = cut_off(as_of, bureau.config.as_of)
    if out is not None and out.suffix:
        raise UsageError(f"--out 应是文件夹，不是文件 {out.name}", advice="请写文件夹的名字。")
    if out is not None:
        _refuse_foreign(out)
    gathered = gather(bureau.load(*all_models()), number)
    name = _safe(gathered.row.finding_no)
    folder = out or bureau.root / "reports" / f"证据_{name}_{day}"
    _refuse_foreign(folder)
    job = _Job(bureau, folder.with_name(f".{folder.name}.part"), day)
    try:
        report = _write(gathered, job)
        _put_in_place(job.folder, folder)
    finally:
        shutil.rmtree(job.folder, ignore_errors=True)
    show(report, as_json=as_json, notices=False)
    say(f"证据文件夹：{folder}（内部资料，含未遮盖的个人信息，不要外传）", as_json=as_json)


def _write(gathered: Gathered, job: _Job) -> Report:
    """Every piece, then the index, then the sums; the index for the terminal comes back masked."""
    from zhubao.audit.evidence.letters import unfiled
    from zhubao.audit.evidence.report import index_report

    pieces = [*_pieces(gathered, job), *_papers(gathered, job)]
    hashed = [
        replace(one, sha256=_sha256(job.folder / one.path)) if one.path else one for one in pieces
    ]
    finding = gathered.row.finding_no
    command = f"zhubao audit evidence {shlex.quote(finding)} --as-of {job.day}"

    def index(*, unmasked: bool) -> Report:
        return index_report(
            gathered,
            hashed,
            gathered.loaded.sources,
            command,
            job.day,
            bureau=job.bureau.name,
            unmasked=unmasked,
            missing=unfiled(gathered),
        )

    for suffix in (".html", ".xlsx"):
        save_report(index(unmasked=True), job.folder / f"{_INDEX}{suffix}", job.bureau.root)
    _write_sums(job.folder)
    return index(unmasked=False)


def _pieces(gathered: Gathered, job: _Job) -> Iterator[Piece]:
    """The workbooks, in the order they are made."""
    from zhubao.audit.evidence.report import Piece
    from zhubao.audit.trace.places import by_row

    made = (*_workbooks(gathered, job), *_statements(gathered, job))
    for place, (title, content, report) in enumerate(made, 1):
        path = f"{place:02d}_{title}.xlsx"
        save_report(report, job.folder / path, job.bureau.root)
        rows = sum(len(table.rows) for table in report.tables)
        cells = dict.fromkeys(c for t in report.tables for row in t.rows for c in row.sources)
        yield Piece(title, path, content, rows, by_row(cells))


def _workbooks(gathered: Gathered, job: _Job) -> Iterator[tuple[str, str, Report]]:
    """(title, what is in it, report) of what every finding has."""
    from zhubao.audit.evidence.report import changes_report, course_report, rows_report
    from zhubao.audit.trace.journal_rows import rows_by_sheet, touches
    from zhubao.ledger.store.journal import read_journal

    bureau, day = job.bureau, job.day
    course = course_report(gathered, day, bureau.name)
    yield "整改经过", "问题、疑点、整改记录、回访，及互相矛盾的地方", course
    rows = rows_report(gathered, day, bureau.name)
    yield "台账原始行", "各表有关的行，照读出的值；另表列原文", rows
    touched = touches(read_journal(bureau.root).entries, rows_by_sheet(gathered.cells))
    changes = changes_report(touched, gathered.row.finding_no, day, bureau.name)
    yield "改动记录", "操作日志里这些行的改动", changes


def _statements(gathered: Gathered, job: _Job) -> Iterator[tuple[str, str, Report]]:
    """A rent account per household; none for a household without one."""
    from zhubao.rent.account.report import statement_report
    from zhubao.rent.account.statement import compute_statement

    for household in gathered.households:
        overrides = job.bureau.config.policy
        try:
            result = compute_statement(gathered.loaded, household, job.day, overrides=overrides)
        except UsageError:
            continue  # the finding names a household that is in no ledger of tenants
        if result.lines:
            report = statement_report(result, bureau=job.bureau.name, show_personal=True)
            title = f"租金对账单_{_safe(household)}"
            yield title, f"截至 {job.day} 每笔应收、缴款、减免和余额", report


def _papers(gathered: Gathered, job: _Job) -> Iterator[Piece]:
    """Copies of the files the rows name; one that is not there is listed without a path."""
    from zhubao.audit.evidence.letters import papers_of
    from zhubao.audit.evidence.report import Piece

    taken: set[str] = set()
    for paper in papers_of(gathered):
        source = _source(paper, job.bureau)
        if source is None:
            yield Piece(f"文书 {paper.number}", "", f"台账写的是 {paper.path}", None, (paper.cell,))
            continue
        name = source.name
        while name in taken:
            name = f"{_safe(paper.number)}_{name}"
        taken.add(name)
        target = job.folder / _PAPERS / name
        _copy(source, target)
        path = target.relative_to(job.folder).as_posix()
        yield Piece(f"文书 {paper.number}", path, f"原件 {paper.path}", None, (paper.cell,))


def _source(paper: Paper, bureau: Bureau) -> Path | None:
    """The file below the bureau's folder; None when it is not there, lies elsewhere or is a ledger.

    A ledger has everybody's rows: it is never copied.
    """
    from zhubao.ledger.store.places import Places

    root = bureau.root.resolve()
    path = (root / paper.path).resolve()
    kept = (bureau.ledgers.resolve(), Places(root).folder)  # not for copying out
    inside = path.is_relative_to(root) and not any(path.is_relative_to(one) for one in kept)
    return path if inside and path.is_file() else None


def _copy(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    except OSError as error:
        raise OutputError(
            f"{source.name} 复制不了（{error.strerror}）",
            where=str(target),
            advice="检查磁盘空间和写入权限，或用 --out 换个位置。",
        ) from error


def _refuse_foreign(folder: Path) -> None:
    """UsageError when the folder has files that no earlier run made, or that were changed since."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder} 是一个文件，不是文件夹", advice="请用 --out 另写一个文件夹。")
    present = {path for path in folder.rglob("*") if path.is_file()}
    made = {folder / name: digest for name, digest in _read_sums(folder)}
    strange = sorted(path for path in present if path not in made and path != folder / SUMS)
    changed = sorted(path for path in present & set(made) if _sha256(path) != made[path])
    if strange or changed:
        what = (strange or changed)[0].name
        raise UsageError(
            f"文件夹 {folder} 里{'另有文件' if strange else '有改过的文件'}：{what}",
            advice="请用 --out 另写一个文件夹，或先把它移走。",
        )


def _put_in_place(made: Path, folder: Path) -> None:
    """The finished folder takes the place of an earlier run's."""
    try:
        if folder.exists():
            shutil.rmtree(folder)
        made.replace(folder)
    except OSError as error:
        raise OutputError(
            f"证据文件夹放不到位（{error.strerror}）",
            where=str(folder),
            advice="关闭正开着的文件再试，或用 --out 换个位置。",
        ) from error


def _read_sums(folder: Path) -> Iterator[tuple[str, str]]:
    """(path, hash) of the lines of an earlier run."""
    path = folder / SUMS
    if path.is_file():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            digest, _, name = line.partition("  ")
            yield name, digest


def _write_sums(folder: Path) -> None:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    lines = [f"{_sha256(path)}  {_name(path, folder)}\n" for path in paths]
    from zhubao.core.output_file import replacing

    with replacing(folder / SUMS) as stream:
        stream.write("".join(lines).encode("utf-8"))


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _safe(text: str) -> str:
    """A number as part of a file's name."""
    return "".join("_" if sign in '\\/:*?"<>|' else sign for sign in text)
