"""The three files of a summary take their places together; what the clerk added is not lost."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from zhubao.cli.output import save_report
from zhubao.core.errors import OutputError, UsageError
from zhubao.core.output_file import remedy

if TYPE_CHECKING:
    from zhubao.core.report import Report

WORD, BOOK, PAGE = "工作总结.docx", "指标.xlsx", "指标.html"
EARLIER = "工作总结_上一份.docx"  # the document a run has replaced


@dataclass(frozen=True, slots=True)
class Saved:
    """The files written; `added` the clerk's sentences that are only in the file `kept_in` now."""

    files: tuple[Path, ...]
    added: tuple[str, ...] = ()
    kept_in: str = ""


def refuse_open(folder: Path) -> None:
    """OutputError when a word processor has one of the files open, by the lock file beside it."""
    from zhubao.excel.owner import holder_of

    for name in (WORD, BOOK):
        holder = holder_of(folder / name) if (folder / name).exists() else None
        if holder is None:
            continue
        if name == WORD:
            holder = replace(holder, program=holder.program.replace("Excel", "Word"))
        raise OutputError(
            f"{name} {holder.message}，三个文件都没有换",
            where=str(folder / name),
            advice=f"{holder.advice}；也可以用 --out 换个文件夹。",
        )


def save_files(folder: Path, root: Path, document: bytes, page: Report) -> Saved:
    """All three files, or none: made beside the folder, then moved in together.

    `root` is the bureau's. OutputError when one is open, cannot be written, or reads back otherwise
    than it was worked out.
    """
    whole = folder.absolute()
    made = whole.with_name(f".{whole.name}.{os.getpid()}.part")
    try:
        made.mkdir(parents=True, exist_ok=True)
        document = _remembering(document)
        (made / WORD).write_bytes(document)
        for name in (BOOK, PAGE):
            save_report(page, made / name, root)
        _refuse_differences(page, made)
        whole.mkdir(exist_ok=True)
        refuse_open(whole)
        added, kept_in = _keep_earlier(whole, document)
        move_in(made, whole)
    except OSError as fault:
        raise OutputError(
            f"{whole.name} 写不进去，三个文件都没有换",
            where=str(whole),
            advice=f"{remedy(fault)}；也可以用 --out 换个文件夹。",
        ) from fault
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return Saved(tuple(folder / name for name in (WORD, BOOK, PAGE)), added, kept_in)


def _remembering(document: bytes) -> bytes:
    """The document with the marks of its sentences, by which the clerk's are known later."""
    from zhubao.render.summary_offers import with_written, written_in
    from zhubao.summary.narrative.additions import marks_of

    _, paragraphs = written_in(document, WORD)
    return with_written(document, marks_of(text for _, text in paragraphs))


def _refuse_differences(page: Report, made: Path) -> None:
    """OutputError when workbook or page, read back, prints another number than was worked out."""
    from zhubao.summary.workbook.printed import compare_printed
    from zhubao.summary.workbook.printed_page import compare_page

    for name, compare in ((BOOK, compare_printed), (PAGE, compare_page)):
        wrong = compare(page, made / name)
        if wrong:
            said = f"{len(wrong)} 处与算出的数不同，三个文件都没有换：{wrong[0].message}"
            raise OutputError(
                f"{name} 读回来有 {said}",
                where=str(wrong[0].where or name),
                advice="请再运行一次；仍然不同的，请与维护人员联系。",
            )


def _keep_earlier(folder: Path, document: bytes) -> tuple[tuple[str, ...], str]:
    """An earlier document that differs stays beside the new one: somebody may have edited it.

    The clerk's sentences in it that the new one has not, and the name under which it stays.
    """
    path = folder / WORD
    if not path.is_file() or path.read_bytes() == document:
        return (), ""
    added = _added(path.read_bytes(), document, everywhere=False) or ()
    target = next(one for one in _places(folder) if _may_go(one, document))
    shutil.copy2(path, target)
    return added, target.name


def _places(folder: Path) -> Iterator[Path]:
    """工作总结_上一份.docx, then numbered."""
    first = folder / EARLIER
    yield first
    for number in itertools.count(2):
        yield first.with_name(f"{first.stem}{number}{first.suffix}")


def _may_go(path: Path, document: bytes) -> bool:
    """True when no words of the clerk's would go with it that `document` has not."""
    if not path.exists():
        return True
    try:
        return _added(path.read_bytes(), document, everywhere=True) == ()
    except UsageError:  # no document at all: not ours to replace
        return False


def _added(earlier: bytes, document: bytes, *, everywhere: bool) -> tuple[str, ...] | None:
    """The clerk's sentences that `document` has not; None when they cannot be told.

    Unless `everywhere`, those in yellow paragraphs and in sentences offered are left out: what
    becomes of them is told apart.
    """
    from zhubao.render.summary_offers import written_in
    from zhubao.summary.narrative.additions import additions

    remembered, paragraphs = written_in(earlier, WORD)
    _, after = written_in(document, WORD)
    texts = (text for code, text in paragraphs if everywhere or not code)
    return additions(texts, remembered, (text for _, text in after))


def move_in(made: Path, folder: Path) -> None:
    """Put the new files in place; when one cannot be, the old ones are put back."""
    moved: list[str] = []
    try:
        for name in (WORD, BOOK, PAGE):
            if (folder / name).exists():
                os.replace(folder / name, made / f"old_{name}")
            moved.append(name)
            os.replace(made / name, folder / name)
    except OSError:
        for name in moved:
            (folder / name).unlink(missing_ok=True)
            if (made / f"old_{name}").exists():
                os.replace(made / f"old_{name}", folder / name)
        raise
