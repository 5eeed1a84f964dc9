"""Open a workbook safely: recognise it, guard it, parse it, and say what the parser would hide."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from zhubao.core.errors import WorkbookDamaged, WorkbookEncrypted, WorkbookTimeout
from zhubao.core.finding import Cell, Finding
from zhubao.excel.container import RESTORE, UNLOCK, Kind, recognise
from zhubao.excel.faults import ROWS_HIDDEN, SHEET_HIDDEN
from zhubao.excel.guard import (
    MAX_AREA,
    Extent,
    SheetScan,
    Unusual,
    filled_extent,
    refuse_extent,
    scan,
    survey,
)
from zhubao.excel.parse import Parsed, ParsedSheet, ParserFailed, ParserTimeout, merges_of, parse
from zhubao.excel.sheet import Merge, RawSheet
from zhubao.excel.structure import SheetPart, Structure, damaged, encoding_of, read_structure
from zhubao.excel.xmlscan import xml_scan
from zhubao.excel.zipcheck import Package

# The first pass needs the interpreter, the parser does not: the sooner one pass ends, the sooner
# its parser runs beside the next.
_ONE_AT_A_TIME = threading.Lock()
_MOST_KEPT = 64 << 20  # bytes of inflated sheets held between the two passes

__all__ = ["Book", "Merge", "RawSheet", "open_book"]


@dataclass(slots=True)
class Book:
    """A workbook that was read. `sheet_names` has every sheet, `sheets` those that were loaded."""

    path: Path
    name: str
    date1904: bool
    sheet_names: tuple[str, ...]
    sheets: tuple[RawSheet, ...]
    findings: list[Finding] = field(default_factory=list)

    def sheet(self, name: str) -> RawSheet | None:
        """The loaded sheet of this name, or None."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def open_book(path: Path, *, sheets: Collection[str] | None = None) -> Book:
    """Read a workbook of any kind known, whole or only `sheets`.

    Raises WorkbookMissing, -Empty, -Encrypted, -Damaged, -Unsupported, -Hostile or -Timeout, each
    naming the file, the place where it is known, and what to do.
    """
    file = path.name
    kind, package = recognise(path, file)
    if kind is Kind.XLSX and package is not None:
        book = _open_xlsx(path, package, sheets)
    else:
        book = _open_in_child(path, kind, package, sheets)
    for sheet in book.sheets:
        if sheet.hidden:
            book.findings.append(SHEET_HIDDEN.at(Cell(file, sheet.name), name=sheet.name))
        if sheet.hidden_rows:
            place = Cell(file, sheet.name)
            book.findings.append(ROWS_HIDDEN.at(place, count=sheet.hidden_rows))
    return book


def _open_xlsx(path: Path, package: Package, wanted: Collection[str] | None) -> Book:
    with _ONE_AT_A_TIME:
        structure = read_structure(package)
        parts = [part for part in structure.sheets if wanted is None or part.name in wanted]
        guard = _Guard(package, parts)
        guard.refuse()
    parsed = guard.parse(path)
    by_name = {sheet.name: sheet for sheet in parsed.sheets}
    loaded: list[RawSheet] = []
    for part in parts:
        sheet = by_name.get(part.name)
        if sheet is None:
            raise damaged(package.file, f"工作表“{part.name}”（部件 {part.part}）没有读出来")
        raw = _raw(package.file, sheet, guard.scans[part.name], date1904=structure.date1904)
        raw.hidden = part.hidden
        loaded.append(raw)
    return _book(path, structure, tuple(loaded))


def _book(path: Path, structure: Structure, sheets: tuple[RawSheet, ...]) -> Book:
    return Book(path, path.name, structure.date1904, structure.names, sheets)


class _Guard:
    """The guard pass over the wanted sheets of one package."""

    def __init__(self, package: Package, parts: Sequence[SheetPart]) -> None:
        self._package = package
        self._parts = parts
        self.scans: dict[str, SheetScan] = {}
        self._foreign = False
        self._kept: dict[str, list[bytes]] = {}
        self._room = _MOST_KEPT

    def refuse(self) -> None:
        """Everything that must be decided before the parser sees the file."""
        for part in self._parts:
            if part.part not in self._package:
                raise damaged(
                    self._package.file,
                    f"工作表“{part.name}”的内容不在文件里（缺少部件 {part.part}）",
                )
            self._survey(part)

    def parse(self, path: Path) -> Parsed:
        """Parse while the detailed scan runs beside it (the parser releases the lock)."""
        names = [part.name for part in self._parts]
        if self._foreign:
            return self._parse_repaired(names)
        answer: list[Parsed | ParserFailed] = []
        thread = threading.Thread(target=_parse_into, args=(answer, path, names))
        thread.start()
        try:
            self._scan_all()
        finally:
            thread.join()
        if not answer:
            raise damaged(self._package.file, "解析没有完成")
        if isinstance(answer[0], Parsed):
            return answer[0]
        return self._parse_repaired(names)

    def _survey(self, part: SheetPart) -> None:
        file = self._package.file
        try:
            extent = survey(self._keeping(part.part), file, part.part)
            if extent.rows * extent.columns > MAX_AREA:
                extent = filled_extent(self._package.stream(part.part, counted=False))
        except Unusual:
            extent = self._scan_xml(part)
        refuse_extent(extent, file, part.name)

    def _keeping(self, part: str) -> Iterator[bytes]:
        """The inflated part; what is small is kept, so that it need not be inflated again."""
        pieces: list[bytes] = []
        for piece in self._package.stream(part):
            self._room -= len(piece)
            pieces.append(piece)
            if self._room < 0:
                pieces.clear()
            yield piece
        if self._room >= 0:
            self._kept[part] = pieces

    def _scan_xml(self, part: SheetPart) -> Extent:
        file = self._package.file
        head = next(self._package.stream(part.part, counted=False))
        self._foreign |= encoding_of(head[:512]) not in ("utf-8", "utf8", "us-ascii", "ascii")
        stream = self._package.stream(part.part, counted=False)
        self.scans[part.name], extent = xml_scan(stream, file, part.part)
        return extent

    def _scan_all(self) -> None:
        for part in self._parts:
            if part.name in self.scans:
                continue
            kept = self._kept.pop(part.part, None)
            stream = kept or self._package.stream(part.part, counted=False)
            try:
                self.scans[part.name] = scan(stream, self._package.file, part.part)
            except Unusual:
                self._scan_xml(part)

    def _parse_repaired(self, names: list[str]) -> Parsed:
        from zhubao.excel.repair import repaired

        try:
            return parse(repaired(self._package), names)
        except ParserFailed as error:
            raise _failed(self._package.file, error) from error


def _parse_into(answer: list[Parsed | ParserFailed], path: Path, names: list[str]) -> None:
    try:
        answer.append(parse(path, names))
    except ParserFailed as error:
        answer.append(error)


def _open_in_child(
    path: Path, kind: Kind, package: Package | None, wanted: Collection[str] | None
) -> Book:
    from zhubao.excel.sandbox import parse_in_child

    file = path.name
    scans, date1904 = _scan_other(path, kind, package)
    try:
        parsed = parse_in_child(path, list(wanted) if wanted is not None else None)
    except ParserFailed as error:
        raise _failed(file, error) from error
    sheets = tuple(
        _raw(file, sheet, scans.get(sheet.name, SheetScan()), date1904=date1904)
        for sheet in parsed.sheets
    )
    return Book(path, file, date1904, tuple(parsed.names), sheets)


def _scan_other(
    path: Path, kind: Kind, package: Package | None
) -> tuple[dict[str, SheetScan], bool]:
    if kind is Kind.XLS:
        from zhubao.excel.biff import scan_xls

        return scan_xls(path, path.name)
    assert package is not None  # the other kinds are zip packages
    if kind is Kind.ODS:
        from zhubao.excel.odsscan import scan_ods

        return scan_ods(package), False
    from zhubao.excel.xlsbscan import scan_xlsb

    return scan_xlsb(package)


def _raw(file: str, sheet: ParsedSheet, found: SheetScan, *, date1904: bool) -> RawSheet:
    return RawSheet(
        file,
        sheet.name,
        sheet.rows,
        hidden=sheet.hidden,
        merged=merges_of(sheet) or found.merged,
        hidden_rows=found.hidden_rows,
        errors=found.errors,
        uncached=found.uncached,
        formulas=found.formulas,
        date1904=date1904,
    )


def _failed(
    file: str, error: ParserFailed
) -> WorkbookDamaged | WorkbookTimeout | WorkbookEncrypted:
    if isinstance(error, ParserTimeout):
        return WorkbookTimeout(
            f"{file} 读了 30 秒仍未读完，已停止",
            where=file,
            advice="请用 Excel 或 WPS 另存一份新的 .xlsx 再试；数据确实很多的，请分成几个文件",
        )
    if "Password" in str(error):
        return WorkbookEncrypted(f"{file} 有密码保护", where=file, advice=UNLOCK)
    return WorkbookDamaged(
        f"{file} 已损坏或写法不合规范，解析失败（{str(error)[:120]}）", where=file, advice=RESTORE
    )
