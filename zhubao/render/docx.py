"""Word documents from templates a clerk can edit: placeholders filled, one letter or many in one.

A template is a .docx with `{{ 名称 }}` and `{%tr for 行 in 列表 %}` in it, as docxtpl reads them.
It is compiled once; each letter only fills the compiled text in. Values are plain dictionaries.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import (
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
    meta,
)
from jinja2.sandbox import SandboxedEnvironment

from zhubao.core.errors import BureauError, OutputError
from zhubao.core.resources import packaged_dir

Context = Mapping[str, Any]

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MADE = (2020, 1, 1, 0, 0, 0)  # same letter, same bytes
_LEVEL = 3  # of compression: letters are many and small
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]+")
_TAG = re.compile(r"<[^>]+>")
_PARAGRAPH = re.compile(r"<w:p(?=[ >])")
_MARK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_LOOSE = re.compile(r"\{\{|\{%|\}\}|%\}")
_EXPRESSION = re.compile(r"\{\{-?\s*(?:tr|tc|p|r)?\s*(.*?)\s*-?\}\}")
_DOCUMENT = re.compile(
    r"(?P<head>.*?<w:body[^>]*>)(?P<body>.*)"
    r"(?P<section><w:sectPr\b(?:[^>]*/>|(?:(?!<w:sectPr\b).)*?</w:sectPr>))(?P<tail>\s*</w:body>.*)",
    re.DOTALL,
)
_BREAK = (
    '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    "{section}</w:pPr></w:p>"
)
_UNNUMBERED = re.compile(r"(<w:pgMar\b[^>]*/>)(?=<w:(?:cols|docGrid)\b)")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the package with placeholders in it."""

    name: str
    template: Template
    tidy: Callable[[str], str]


class LetterTemplate:
    """One template, compiled. `known` are the names a placeholder may use.

    BureauError naming the template, and the placeholder where there is one, when the file is no
    Word document or a placeholder is unknown or written wrongly.
    """

    def __init__(self, path: Path, known: Iterable[str]) -> None:
        self.path = path
        self._known = frozenset(known)
        self._environment = SandboxedEnvironment(
            autoescape=True, undefined=StrictUndefined, finalize=_writable
        )
        self._files = _package(path)
        word = _open(path)
        self._main = str(word.docx.part.partname).lstrip("/")
        body = word.xml_to_string(word.docx.element)
        self._body = self._compiled(self._main, body, word)
        margins = [
            (str(part.partname).lstrip("/"), word.get_part_xml(part))
            for uri in (word.HEADER_URI, word.FOOTER_URI)
            for _, part in word.get_headers_footers(uri)
        ]
        self._margins = [
            self._compiled(name, text, word) for name, text in margins if _LOOSE.search(_bare(text))
        ]
        self._base = self._unchanging()

    def render(self, context: Context) -> bytes:
        """One letter as the bytes of a .docx."""
        parts = {part.name: self._filled(part, context) for part in (self._body, *self._margins)}
        return self._zipped(parts)

    def merge(self, contexts: Sequence[Context]) -> bytes:
        """Many letters in one document, each a section of its own with pages counted from 1.

        ValueError for none; BureauError when header or footer have placeholders, which many
        letters in one document cannot fill in differently.
        """
        if not contexts:
            raise ValueError("no letters to merge")
        if self._margins:
            raise self._broken(
                "页眉或页脚里有占位符，不能合并成一个文件",
                "请把占位符移到正文里，或不用 --merged，每户出一个文件",
            )
        pieces = [_DOCUMENT.fullmatch(self._filled(self._body, one)) for one in contexts]
        if None in pieces:
            raise self._broken("正文末尾没有页面设置，不能合并", "请用 Word 重新保存这份模板")
        found = [piece for piece in pieces if piece is not None]
        text = [found[0]["head"]]
        for piece in found[:-1]:
            text += [piece["body"], _BREAK.format(section=_renumbered(piece["section"]))]
        last = found[-1]
        text += [last["body"], _renumbered(last["section"]), last["tail"]]
        return self._zipped({self._main: "".join(text)})

    def _compiled(self, name: str, xml: str, word: Any) -> _Part:
        """The part with its placeholders compiled and their names checked."""
        columns_vary = "{%tc" in _bare(xml)
        source = _PARAGRAPH.sub("\n<w:p", word.patch_xml(xml))
        self._refuse_loose(source)
        try:
            used = meta.find_undeclared_variables(self._environment.parse(source))
            template = self._environment.from_string(source)
        except TemplateSyntaxError as fault:
            raise self._misspelt(source, fault) from fault
        unknown = sorted(used - self._known)
        if unknown:
            raise self._broken(
                f"不认识占位符 {'、'.join(f'{{{{ {one} }}}}' for one in unknown)}",
                f"可用的占位符：{'、'.join(sorted(self._known))}",
            )
        return _Part(name, template, _column_fixer(word) if columns_vary else str)

    def _filled(self, part: _Part, context: Context) -> str:
        try:
            text = part.template.render(context)
        except UndefinedError as fault:
            named = re.findall(r"'([^']+)'", str(fault))
            raise self._broken(
                f"不认识占位符里的“{named[-1] if named else fault}”",
                "请对照自带的模板改正这个名称",
            ) from fault
        except (TemplateError, ArithmeticError, TypeError, ValueError) as fault:
            raise self._broken(
                f"有一处占位符算不出来（{fault}）", "请对照自带的模板改正，占位符里不要写计算"
            ) from fault
        return part.tidy(text.replace("\n<w:p", "<w:p"))

    def _refuse_loose(self, source: str) -> None:
        """Brackets without their partner would be printed, or swallow text up to the next pair."""
        for paragraph in source.split("\n"):
            text = _bare(paragraph)
            inner = [_bare(found).count("{{") > 1 for found in _MARK.findall(text)]
            loose = _LOOSE.search(_MARK.sub("", text))
            if loose or any(inner):
                raise self._broken(f"“{_snippet(text)}”一处的括号没有成对", _PAIRS)

    def _misspelt(self, source: str, fault: TemplateSyntaxError) -> BureauError:
        """Name the first placeholder that cannot be read on its own, else the paragraph."""
        for match in _EXPRESSION.finditer(source):
            try:
                self._environment.compile_expression(match[1])
            except TemplateSyntaxError:
                return self._broken(f"占位符 {_bare(match[0])} 写法有误", _PAIRS)
        lines = source.split("\n")
        text = _bare(lines[min(fault.lineno, len(lines)) - 1])
        return self._broken(f"“{_snippet(text)}”一处写法有误（{fault.message}）", _PAIRS)

    def _broken(self, message: str, advice: str) -> BureauError:
        return BureauError(
            f"模板 {self.path.name} 不能用：{message}", where=str(self.path), advice=advice
        )

    def _unchanging(self) -> bytes:
        """The package without the parts that differ from letter to letter, compressed once."""
        varying = {self._main, *(part.name for part in self._margins)}
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as package:
            for name, data in self._files:
                if name not in varying:
                    package.writestr(_entry(name), data)
        return stream.getvalue()

    def _zipped(self, parts: Mapping[str, str]) -> bytes:
        stream = io.BytesIO(self._base)
        with zipfile.ZipFile(stream, "a") as package:
            for name, text in parts.items():
                data = (_DECLARATION + text).encode("utf-8")
                package.writestr(_entry(name), data, compresslevel=_LEVEL)
        return stream.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MADE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


_PAIRS = "占位符写成 {{ 名称 }}，两边各两个大括号；可对照自带的模板改正"


def find_template(name: str, override_dir: Path | None = None) -> Path:
    """The bureau's own template of this name, else the packaged one; BureauError without either.

    `override_dir` is the bureau's templates folder; it need not exist.
    """
    if override_dir is not None and (override_dir / name).is_file():
        return override_dir / name
    packaged = packaged_dir("templates") / name
    if packaged.is_file():
        return packaged
    raise BureauError(
        f"没有模板 {name}", where=str(packaged), advice="请重新安装 zhubao，或在 templates 里补上"
    )


def refuse_other_suffix(path: Path) -> None:
    """OutputError when the file asked for would not be a Word document by its name."""
    if path.suffix.lower() != ".docx":
        raise OutputError(
            f"输出文件 {path.name} 不是 .docx", advice="请写成以 .docx 结尾的文件名。"
        )


def _package(path: Path) -> list[tuple[str, bytes]]:
    """The files of the template, as they are."""
    try:
        with zipfile.ZipFile(path) as package:
            return [(info.filename, package.read(info)) for info in package.infolist()]
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as fault:
        raise _unreadable(path) from fault


def _open(path: Path) -> Any:
    from docxtpl import DocxTemplate  # type: ignore[import-untyped, unused-ignore]

    try:
        word = DocxTemplate(path)
        word.init_docx()
    except Exception as fault:  # the library lets many kinds of error through
        raise _unreadable(path) from fault
    return word


def _unreadable(path: Path) -> BureauError:
    return BureauError(
        f"模板 {path.name} 打不开",
        where=str(path),
        advice="请确认它是 Word 另存的 .docx 且没有加密，或删去本局的这份模板",
    )


def _column_fixer(word: Any) -> Callable[[str], str]:
    """A loop over columns changes their number: the grid is made to fit."""

    def fix(text: str) -> str:
        return str(word.xml_to_string(word.fix_tables(text)))

    return fix


def _renumbered(section: str) -> str:
    """Pages of every letter count from 1, where the template does not say otherwise."""
    if "<w:pgNumType" in section:
        return section
    return _UNNUMBERED.sub(r'\1<w:pgNumType w:start="1"/>', section, count=1)


def _writable(value: Any) -> Any:
    """Text without the characters no XML may hold; line breaks become blanks."""
    return _UNWRITABLE.sub(" ", value) if isinstance(value, str) else value


def _bare(xml: str) -> str:
    return _TAG.sub("", xml)


def _snippet(text: str) -> str:
    """A few characters around the first bracket."""
    place = text.find("{") if "{" in text else text.find("}")
    start = max(0, place - 6)
    return text[start : start + 24].strip()
