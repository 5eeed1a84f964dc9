"""The cell formats of a workbook: which kind each is, and new ones cloned from old ones."""

from __future__ import annotations

import re
from enum import StrEnum
from xml.sax.saxutils import escape, unescape

from zhubao.core.errors import LedgerNotWritable

_TAG = rb"""(?:[^>"']|"[^"]*"|'[^']*')*?"""  # the rest of a tag; values may hold ">"
_XF = re.compile(rb"<(?:\w+:)?xf\b" + _TAG + rb"(?:/>|>.*?</(?:\w+:)?xf\s*>)", re.DOTALL)
_NUM_FMT = re.compile(rb"<(?:\w+:)?numFmt\b" + _TAG + rb">")
_FONT = re.compile(rb"<((?:\w+:)?)font\b" + _TAG + rb"(/>|>.*?</(?:\w+:)?font\s*>)", re.DOTALL)
_ROOT = re.compile(rb"<((?:\w+:)?)styleSheet\b" + _TAG + rb">")
_COUNT = re.compile(rb"""\bcount\s*=\s*(["'])\d+\1""")
_FIRST_CUSTOM = 164
_QUOTES = {'"': "&quot;"}
_BUILT_IN = {"General": 0, "0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4, "@": 49}
_DATES_BUILT_IN = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[ymdhs年月日]", re.IGNORECASE)


def _list_of(name: bytes) -> re.Pattern[bytes]:
    """A list in the part: its opening tag without the end, its prefix, its content or None."""
    opened = rb"(<((?:\w+:)?)" + name + rb"\b" + _TAG + rb")"
    return re.compile(opened + rb"\s*(?:/>|>(.*?)</(?:\w+:)?" + name + rb"\s*>)", re.DOTALL)


_CELL_XFS, _NUM_FMTS, _FONTS = _list_of(b"cellXfs"), _list_of(b"numFmts"), _list_of(b"fonts")


class FormatClass(StrEnum):
    """What a number format is made for."""

    GENERAL = "general"
    TEXT = "text"
    DATE = "date"
    NUMBER = "number"


class Styles:
    """The formats in `xl/styles.xml`; `changed_xml` is the part with whatever was added."""

    def __init__(self, xml: bytes, file: str) -> None:
        """`xml` is without comments and CDATA."""
        self._xml, self._file = xml, file
        found = _CELL_XFS.search(xml)
        self._xfs = _XF.findall(found[3] or b"") if found else []
        self._known = len(self._xfs)
        self._formats = _custom_formats(xml)
        self._new_formats: dict[str, int] = {}
        self._bold_font = b""
        self._bold_style = 0
        self._made: dict[tuple[int, str, bool], int] = {}

    @property
    def changed(self) -> bool:
        """True when formats were added."""
        return len(self._xfs) > self._known

    def suited(self, style: str, number_format: str, *, quoted: bool = False) -> str:
        """The style itself, or its clone with this number format where its own will not do.

        A format of the same class stays as the clerk chose it, and "General" does for numbers.
        `quoted`: the text begins like a formula, and must stay text when the cell is edited.
        """
        index = int(style or 0)
        if index >= len(self._xfs) > 0:
            return style
        own = self._class_of(index) if self._xfs else FormatClass.GENERAL
        wanted = class_of_format(number_format) if number_format else own
        fits = own is wanted or (own is FormatClass.GENERAL and wanted is FormatClass.NUMBER)
        quoted = quoted and (own if fits else wanted) is not FormatClass.TEXT
        if fits and not quoted:
            return style
        return str(self._clone(index, "" if fits else number_format, quoted))

    def made(self, number_format: str, *, quoted: bool = False) -> str:
        """A plain style with this number format, for a cell that was not there before."""
        wanted = number_format or "General"
        if class_of_format(wanted) is FormatClass.GENERAL and not quoted:
            return ""
        return str(self._clone(0, number_format, quoted))

    def bold(self) -> str:
        """A plain style in bold, for the header of a new sheet; plain when there are no fonts."""
        fonts = _FONTS.search(self._xml)
        first = _FONT.search(fonts[3] or b"") if fonts else None
        if fonts is None or first is None or not self._xfs or first[2] == b"/>":
            return ""
        if re.search(rb"<(?:\w+:)?b[\s/>]", first[0]):
            return ""
        if not self._bold_font:
            opened = first.start(2) - first.start() + 1
            self._bold_font = first[0][:opened] + b"<%sb/>" % first[1] + first[0][opened:]
            count = len(_FONT.findall(fonts[3]))
            xf = _with(self._xfs[0], b"fontId", str(count).encode())
            self._xfs.append(_with(xf, b"applyFont", b"1"))
            self._bold_style = len(self._xfs) - 1
        return str(self._bold_style)

    def changed_xml(self) -> bytes | None:
        """The part with the new formats at the end of theirs; None when there are no new ones."""
        if not self.changed:
            return None
        xml = _longer(self._xml, _CELL_XFS, self._xfs[self._known :], len(self._xfs))
        fonts = _FONTS.search(xml)
        if self._bold_font and fonts:
            count = len(_FONT.findall(fonts[3])) + 1
            xml = _longer(xml, _FONTS, [self._bold_font], count)
        return self._with_new_formats(xml)

    def _class_of(self, index: int) -> FormatClass:
        number = int(_attribute(self._xfs[index], b"numFmtId") or 0)
        if number == 0:
            return FormatClass.GENERAL
        if number == 49:
            return FormatClass.TEXT
        if number in _DATES_BUILT_IN:
            return FormatClass.DATE
        return class_of_format(self._formats.get(number, "0"))

    def _clone(self, index: int, number_format: str, quoted: bool) -> int:
        if not self._xfs:
            raise LedgerNotWritable(
                f"{self._file} 没有单元格样式，写不了日期或以“=”开头的文字",
                where=self._file,
                advice="请用 Excel 或 WPS 打开，保存一次，再重试",
            )
        key = index, number_format, quoted
        if key not in self._made:
            xf = self._xfs[index]
            if number_format:
                xf = _with(xf, b"numFmtId", str(self._format_id(number_format)).encode())
                xf = _with(xf, b"applyNumberFormat", b"1")
            if quoted:
                xf = _with(xf, b"quotePrefix", b"1")
            self._xfs.append(xf)
            self._made[key] = len(self._xfs) - 1
        return self._made[key]

    def _format_id(self, number_format: str) -> int:
        if number_format in _BUILT_IN:
            return _BUILT_IN[number_format]
        for number, text in self._formats.items():
            if text == number_format:
                return number
        number = max([_FIRST_CUSTOM - 1, *self._formats]) + 1
        self._formats[number] = number_format
        self._new_formats[number_format] = number
        return number

    def _with_new_formats(self, xml: bytes) -> bytes:
        if not self._new_formats:
            return xml
        root = _ROOT.search(xml)
        assert root is not None  # cellXfs was found inside it
        prefix = root[1].decode()
        made = [
            f'<{prefix}numFmt numFmtId="{number}" formatCode="{escape(text, _QUOTES)}"/>'.encode()
            for text, number in self._new_formats.items()
        ]
        if _NUM_FMTS.search(xml) is None:
            empty = f'<{prefix}numFmts count="0"/>'.encode()
            xml = xml[: root.end()] + empty + xml[root.end() :]
        found = _NUM_FMTS.search(xml)
        known = len(_NUM_FMT.findall(found[3] or b"")) if found else 0
        return _longer(xml, _NUM_FMTS, made, known + len(made))


def class_of_format(code: str) -> FormatClass:
    """The class of a format code: dates have letters of dates outside quotes and brackets."""
    if code in ("", "General"):
        return FormatClass.GENERAL
    if code == "@":
        return FormatClass.TEXT
    bare = _LITERAL.sub("", code)
    return FormatClass.DATE if _DATE_LETTERS.search(bare) else FormatClass.NUMBER


def _custom_formats(xml: bytes) -> dict[int, str]:
    found = _NUM_FMTS.search(xml)
    formats: dict[int, str] = {}
    for element in _NUM_FMT.findall(found[3] or b"") if found else ():
        code = unescape(_attribute(element, b"formatCode"), {"&quot;": '"', "&apos;": "'"})
        formats[int(_attribute(element, b"numFmtId") or 0)] = code
    return formats


def _attribute(element: bytes, name: bytes) -> str:
    opened = element[: _end_of_tag(element)]
    match = re.search(rb"\s" + name + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", opened)
    return (match[1] if match[1] is not None else match[2]).decode() if match else ""


def _with(element: bytes, name: bytes, value: bytes) -> bytes:
    """The element with the attribute set."""
    end = _end_of_tag(element)
    head, tail = element[:end].rstrip(), element[end:]
    pattern = re.compile(rb"(\s" + name + rb"""\s*=\s*)(?:"[^"]*"|'[^']*')""")
    if pattern.search(head):
        return pattern.sub(rb'\g<1>"' + value + b'"', head, count=1) + tail
    return head + b" " + name + b'="' + value + b'"' + tail


def _end_of_tag(element: bytes) -> int:
    """Where the first tag ends with ">" or "/>"."""
    opened = re.match(_TAG + rb"/?>", element)
    assert opened is not None  # it was found as an element
    return opened.end() - (2 if opened[0].endswith(b"/>") else 1)


def _longer(xml: bytes, pattern: re.Pattern[bytes], added: list[bytes], count: int) -> bytes:
    """The part with these elements at the end of a list that is there, and its count."""
    found = pattern.search(xml)
    assert found is not None  # whoever adds has found the list, or made it
    name = re.match(rb"<([\w:]+)", found[1])
    assert name is not None  # the list's pattern begins so
    opened = _COUNT.sub(f'count="{count}"'.encode(), found[1].rstrip())
    body = (found[3] or b"") + b"".join(added)
    closing = b"</" + name[1] + b">"
    return xml[: found.start()] + opened + b">" + body + closing + xml[found.end() :]
