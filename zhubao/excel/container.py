"""What a file is, told by its bytes and never by its extension."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

from zhubao.core.errors import (
    WorkbookDamaged,
    WorkbookEmpty,
    WorkbookEncrypted,
    WorkbookMissing,
    WorkbookUnsupported,
)
from zhubao.excel.cfb import SIGNATURE, CompoundError, CompoundFile
from zhubao.excel.zipcheck import Package

SAVE_AS = "请用 Excel 或 WPS 打开，“另存为”Excel 工作簿（.xlsx），再读取新文件"
RESTORE = "请用 Excel 或 WPS 打开并另存一份新的 .xlsx；打不开时请用备份，或向报送人重新索取"
UNLOCK = "请用 Excel 或 WPS 输入密码打开，取消“用密码进行加密”后另存，再读取"

_HEAD = 4096
_OLD_BIFF = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
_OTHER_KINDS = (
    (b"%PDF", "PDF 文件"),
    (b"{\\rtf", "RTF 文档"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"Rar!", "RAR 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"SQLite format 3", "数据库文件"),
)
_HTML = re.compile(rb"<(?:html|table|!doctype\s+html|head|body|meta)\b", re.IGNORECASE)
_XML_SHEET = b"urn:schemas-microsoft-com:office:spreadsheet"


class Kind(StrEnum):
    """Kinds of workbook that are read."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    XLS = "xls"


def recognise(path: Path, file: str) -> tuple[Kind, Package | None]:
    """The kind of workbook, and its checked package when it is a zip; else a Workbook* error."""
    head = _head(path, file)
    if head[:4] == b"PK\x03\x04":
        package = Package(path, file)
        return _zip_kind(package), package
    if head[:8] == SIGNATURE:
        return _compound_kind(path, file), None
    raise _not_a_workbook(head, file)


def _head(path: Path, file: str) -> bytes:
    if path.is_dir():
        raise WorkbookMissing(
            f"{file} 是文件夹，不是工作簿", where=file, advice="请指明文件夹里的工作簿文件"
        )
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except FileNotFoundError as error:
        raise WorkbookMissing(
            f"找不到文件 {file}", where=file, advice="请核对文件名和所在文件夹"
        ) from error
    except OSError as error:
        reason = "没有读取权限" if isinstance(error, PermissionError) else "系统不让读取"
        raise WorkbookMissing(
            f"打不开 {file}：{reason}",
            where=file,
            advice="请检查文件权限，或关闭正在占用它的程序后再试",
        ) from error
    if not head:
        raise WorkbookEmpty(
            f"{file} 是空文件（0 字节）",
            where=file,
            advice="多半是下载或拷贝没有完成；请重新取得这个文件",
        )
    return head


def _zip_kind(package: Package) -> Kind:
    if "mimetype" in package:
        return _open_document(package)
    names = {name.casefold() for name in package.names()}
    if "[content_types].xml" not in names:
        raise _unsupported(
            package.file, "普通压缩包，里面不是工作簿", "请先解压，再读取里面的工作簿"
        )
    for folder, what in (("word/", "Word 文档"), ("ppt/", "PPT 演示文稿")):
        if any(name.startswith(folder) for name in names) and not _has_sheets(names):
            raise _unsupported(package.file, what, "请选择 Excel 工作簿")
    return Kind.XLSB if any(name.endswith("workbook.bin") for name in names) else Kind.XLSX


def _has_sheets(names: set[str]) -> bool:
    return any(name.startswith("xl/worksheets/") or name == "xl/workbook.xml" for name in names)


def _open_document(package: Package) -> Kind:
    mime = package.read("mimetype", 200).decode("ascii", "replace").strip()
    if not mime.startswith("application/vnd.oasis.opendocument.spreadsheet"):
        raise _unsupported(package.file, "OpenDocument 文档，但不是表格", "请选择表格文件")
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read(
        "META-INF/manifest.xml"
    ):
        raise WorkbookEncrypted(f"{package.file} 有密码保护", where=package.file, advice=UNLOCK)
    return Kind.ODS


def _compound_kind(path: Path, file: str) -> Kind:
    try:
        streams = {name.casefold() for name in CompoundFile(path.read_bytes()).streams}
    except CompoundError as error:
        raise WorkbookDamaged(
            f"{file} 不完整或已损坏（旧版 .xls 结构）", where=file, advice=RESTORE
        ) from error
    if streams & {"encryptedpackage", "encryptioninfo"}:
        raise WorkbookEncrypted(f"{file} 有密码保护", where=file, advice=UNLOCK)
    if streams & {"workbook", "book"}:
        return Kind.XLS
    for stream, what in (("worddocument", "Word 文档"), ("powerpoint document", "PPT 演示文稿")):
        if stream in streams:
            raise _unsupported(file, what, "请选择 Excel 工作簿")
    raise _unsupported(file, "不是工作簿的 OLE 文件", SAVE_AS)


def _not_a_workbook(head: bytes, file: str) -> WorkbookUnsupported | WorkbookDamaged:
    if not head.strip(b"\0"):
        return WorkbookDamaged(f"{file} 的内容全是零，文件已损坏", where=file, advice=RESTORE)
    for signature, what in _OTHER_KINDS:
        if head.startswith(signature):
            return _unsupported(file, what, "请选择 Excel 工作簿")
    if head.startswith(_OLD_BIFF):
        return _unsupported(file, "Excel 4.0 及更早的工作簿", SAVE_AS)
    return _unsupported(file, _text_kind(head), SAVE_AS)


def _text_kind(head: bytes) -> str:
    if _XML_SHEET in head:
        return "“XML 表格 2003”，不是真正的 .xls/.xlsx"
    if _HTML.search(head):
        return "网页（HTML）改了扩展名，不是真正的工作簿"
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return "XML 文件，不是工作簿"
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "无法识别的文件，不是工作簿"
    return "文本文件（如 CSV）改了扩展名，不是真正的工作簿"


def _unsupported(file: str, what: str, advice: str) -> WorkbookUnsupported:
    return WorkbookUnsupported(f"{file} 读不了：它是{what}", where=file, advice=advice)
