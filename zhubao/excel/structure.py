"""The skeleton of an OOXML workbook: its sheets, where their parts are, its date system."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from xml.etree import ElementTree

from zhubao.core.errors import WorkbookDamaged, WorkbookHostile, WorkbookUnsupported
from zhubao.excel.container import RESTORE, SAVE_AS
from zhubao.excel.zipcheck import Package

_STRICT = "purl.oclc.org/ooxml"
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(
    rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']"""
)
_DECLARATION = re.compile(r"^\ufeff?<\?xml[^>]*\?>")
_COUNT = re.compile(rb"""\b(?:uniqueCount|count)\s*=\s*["']\s*(\d+)""")
_MODEST_COUNT = 1_000_000


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet's name, its part in the package, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Structure:
    """Worksheets in workbook order; `names` has charts and other sheets too."""

    names: tuple[str, ...]
    sheets: tuple[SheetPart, ...]
    date1904: bool


def read_structure(package: Package) -> Structure:
    """Follow the relationships from the package to its worksheets; Workbook* errors otherwise."""
    workbook, relations = workbook_relations(package)
    root = parse_part(package, workbook)
    _refuse_strict(package, root.tag)
    elements = [element for element in root.iter() if _local(element.tag) == "sheet"]
    if not elements:
        raise damaged(package.file, f"部件 {workbook} 里没有任何工作表")
    strings = next((part for kind, part in relations.values() if kind == "sharedStrings"), "")
    if strings in package:
        check_shared_strings(package, strings)
    _check_counts(package, relations)
    names = tuple(element.get("name", "") for element in elements)
    return Structure(names, _sheet_parts(elements, relations), _is_date1904(root))


def _sheet_parts(
    elements: list[ElementTree.Element], relations: dict[str, tuple[str, str]]
) -> tuple[SheetPart, ...]:
    """Worksheets only: charts, dialogs and macro sheets hold no rows."""
    parts: list[SheetPart] = []
    for element in elements:
        kind, part = relations.get(_relation_id(element), ("", ""))
        if kind == "worksheet":
            hidden = element.get("state", "visible") in ("hidden", "veryHidden")
            parts.append(SheetPart(element.get("name", ""), part, hidden))
    return tuple(parts)


def workbook_relations(package: Package) -> tuple[str, dict[str, tuple[str, str]]]:
    """The workbook part, and its relationships: id → (kind, part)."""
    workbook = _workbook_part(package)
    return workbook, _relations(package, workbook)


def relations_of(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to inside the package: id → (kind, part); empty when to nothing."""
    folder, name = posixpath.split(part)
    if posixpath.join(folder, "_rels", f"{name}.rels") not in package:
        return {}
    return _relations(package, part)


def parse_part(package: Package, part: str) -> ElementTree.Element:
    """A small XML part as a tree; document types are refused, bad XML is damage."""
    data = to_utf8(package.read(part), package.file, part)
    refuse_doctype(data, package.file, part)
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        line, column = error.position
        raise damaged(
            package.file, f"部件 {part} 不是完整的 XML（第 {line} 行第 {column} 列）"
        ) from error


def refuse_doctype(data: bytes, file: str, part: str) -> None:
    """No workbook program writes a DOCTYPE; attackers do."""
    if b"<!" in data and _DOCTYPE.search(data):
        raise WorkbookHostile(
            f"{file} 被拒绝读取：部件 {part} 含有 DOCTYPE/ENTITY 声明",
            where=file,
            advice="正常的台账不会这样；请核对文件来源，用 Excel 或 WPS 另存一份新的 .xlsx 再试",
        )


def encoding_of(head: bytes) -> str:
    """The encoding an XML part claims; "utf-8" when it claims none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    match = _ENCODING.match(head)
    return match[1].decode("ascii").lower() if match else "utf-8"


def to_utf8(data: bytes, file: str, part: str) -> bytes:
    """The same XML in UTF-8, without a declaration that says otherwise."""
    encoding = encoding_of(data[:512])
    if encoding in ("utf-8", "utf8", "us-ascii", "ascii"):
        return data
    try:
        text = data.decode(encoding)
    except (LookupError, UnicodeDecodeError) as error:
        raise damaged(file, f"部件 {part} 的编码（{encoding}）读不出来") from error
    return _DECLARATION.sub("", text).lstrip("\ufeff").encode()


def damaged(file: str, what: str) -> WorkbookDamaged:
    """The error for parts that are missing or contradict each other."""
    return WorkbookDamaged(f"{file} 已损坏：{what}", where=file, advice=RESTORE)


def check_shared_strings(package: Package, part: str) -> None:
    """The claimed number of strings is believed by the parser, so it must be possible."""
    size = 0
    claimed = 0
    for piece in package.stream(part):
        if not size:
            refuse_doctype(piece, package.file, part)
            claimed = max((int(text) for text in _COUNT.findall(piece[:4096])), default=0)
        size += len(piece)
    _refuse_claim(package, part, claimed, size)


def _check_counts(package: Package, relations: dict[str, tuple[str, str]]) -> None:
    for kind, part in relations.values():
        if kind == "styles" and part in package:
            data = package.read(part)
            refuse_doctype(data, package.file, part)
            claimed = max((int(text) for text in _COUNT.findall(data)), default=0)
            _refuse_claim(package, part, claimed, len(data))


def _refuse_claim(package: Package, part: str, claimed: int, size: int) -> None:
    if claimed > max(_MODEST_COUNT, size):
        raise WorkbookHostile(
            f"{package.file} 被拒绝读取：部件 {part} 自称有 {claimed:,} 项，实际只有 {size:,} 字节",
            where=package.file,
            advice="请用 Excel 或 WPS 另存一份新的 .xlsx 再试",
        )


def _workbook_part(package: Package) -> str:
    if "_rels/.rels" not in package:
        raise damaged(package.file, "缺少部件 _rels/.rels")
    for kind, part in _relations(package, "").values():
        if kind == "officeDocument":
            if part not in package:
                raise damaged(package.file, f"缺少工作簿部件 {part}")
            return part
    raise WorkbookUnsupported(
        f"{package.file} 读不了：它是 Office 文件，但里面没有工作簿",
        where=package.file,
        advice=SAVE_AS,
    )


def _relations(package: Package, source: str) -> dict[str, tuple[str, str]]:
    """Relationship id → (last word of its type, part name)."""
    folder, name = posixpath.split(source)
    part = posixpath.join(folder, "_rels", f"{name}.rels")
    if part not in package:
        raise damaged(package.file, f"缺少部件 {part}")
    found: dict[str, tuple[str, str]] = {}
    for element in parse_part(package, part):
        if element.get("TargetMode") == "External":
            continue
        kind = element.get("Type", "")
        if _STRICT in kind:
            _refuse_strict(package, kind)
        target = element.get("Target", "").replace("\\", "/")
        joined = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        found[element.get("Id", "")] = (kind.rpartition("/")[2], posixpath.normpath(joined))
    return found


def _relation_id(element: ElementTree.Element) -> str:
    for key, value in element.attrib.items():
        if key.endswith("}id") or key == "r:id":
            return value
    return ""


def _refuse_strict(package: Package, name: str) -> None:
    if _STRICT in name:
        raise WorkbookUnsupported(
            f"{package.file} 读不了：它是“Strict Open XML”格式",
            where=package.file,
            advice="请用 Excel 打开，“另存为”时选“Excel 工作簿（*.xlsx）”，不要选 Strict",
        )


def _is_date1904(root: ElementTree.Element) -> bool:
    for element in root.iter():
        if _local(element.tag) == "workbookPr":
            return element.get("date1904", "0").lower() in ("1", "true", "on")
    return False


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
