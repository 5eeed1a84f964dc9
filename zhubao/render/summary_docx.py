"""The work summary as a Word document whose numbers and personal paragraphs can be read back.

A number stands in a bookmark named for its code, a person's paragraph in a style named for its
slot: word processors keep both when text is edited (LibreOffice loses content controls' tags).
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Protocol
from xml.etree import ElementTree

from zhubao.core.errors import UsageError
from zhubao.core.report import ended_before, in_words
from zhubao.render.docx import LetterTemplate
from zhubao.render.docx_columns import writable
from zhubao.render.summary_template import PLACEHOLDERS, SLOT_STYLE

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LONGEST = 40  # of a bookmark's name
_MARK = re.compile(r"z\d+([a-z])_(\w+)")
_MOST_BYTES = 50_000_000
_SLOT_KIND = "补写"
_LINE = '</w:t><w:br/><w:t xml:space="preserve">'  # a line break within a run's text
_MARKED = '<w:shd w:val="clear" w:color="auto" w:fill="FFF200"/>'  # yellow
OFFER_STYLE = "offer_"  # and the code of the sentence offered
Printed = tuple[str, str, str]  # code, part, text


class PieceLike(Protocol):
    """A stretch of text; a number has the code and the part it was made from."""

    @property
    def text(self) -> str:
        """The words."""

    @property
    def code(self) -> str:
        """Whose number it is; "" for plain words."""

    @property
    def part(self) -> str:
        """Which part of the figure."""


class ParagraphLike(Protocol):
    """A paragraph of the summary: see the template for the kinds."""

    @property
    def kind(self) -> str:
        """What the template goes by."""

    @property
    def pieces(self) -> Sequence[PieceLike]:
        """Its stretches of text."""

    @property
    def slot(self) -> str:
        """The code of a slot, else ""."""

    @property
    def is_open(self) -> bool:
        """True while a slot waits to be written, and where a ledger is wanting: marked yellow."""

    @property
    def offer(self) -> str:
        """The code of a sentence offered, which may be deleted or reworded, else ""."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A line of the attachment. `compared` is the number of the period that `Heading` names.

    A template of the bureau's own may still print `year_before`.
    """

    title: str
    now: Sequence[PieceLike]
    year_before: Sequence[PieceLike]
    definition: str
    compared: Sequence[PieceLike] | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands around the text; `compared` heads the column of the attachment.

    `stocks_on` is the day of the period's last figures; None where that is the cut-off day.
    """

    bureau: str
    period: str
    as_of: dt.date
    signed_on: str
    compared: str = "上年同期"
    stocks_on: dt.date | None = None

    @property
    def cut_off(self) -> str:
        """The line above the attachment."""
        if self.stocks_on is None or self.stocks_on >= self.as_of:
            return f"截止日期：{in_words(self.as_of)}"
        return ended_before(self.stocks_on, self.as_of)

    @property
    def cut_off_day(self) -> str:
        """Behind the 截止日期： of a template of the bureau's own."""
        if self.stocks_on is None or self.stocks_on >= self.as_of:
            return in_words(self.as_of)
        return f"{in_words(self.as_of)}（期末数截至{in_words(self.stocks_on)}）"


@dataclass(frozen=True, slots=True)
class _Runs:
    """Runs in WordprocessingML, which the template takes as they are."""

    xml: str

    def __html__(self) -> str:
        return self.xml


def summary_document(
    template: Path,
    paragraphs: Sequence[ParagraphLike],
    figures: Sequence[FigureRow],
    heading: Heading,
) -> bytes:
    """The document as the bytes of a .docx; the same input gives the same bytes.

    The first paragraph is the title, a line for each of its pieces. BureauError when the template
    cannot be used.
    """
    bookmarks = _Bookmarks()
    title, *content = paragraphs
    context = {
        "标题": _Runs(_LINE.join(_escaped(piece.text) for piece in title.pieces)),
        "正文": [_paragraph(one, bookmarks) for one in content],
        "局名": heading.bureau,
        "成文日期": heading.signed_on,
        "期间": heading.period,
        "截止": heading.cut_off,
        "截止日期": heading.cut_off_day,
        "对照期": heading.compared,
        "指标": [
            {
                "名称": row.title,
                "本期": bookmarks.runs(row.now),
                "上年同期": bookmarks.runs(row.year_before),
                "对照": bookmarks.runs(row.year_before if row.compared is None else row.compared),
                "口径": row.definition,
            }
            for row in figures
        ],
    }
    return LetterTemplate(template, PLACEHOLDERS).render(context)


def _paragraph(one: ParagraphLike, bookmarks: _Bookmarks) -> dict[str, Any]:
    if one.kind == _SLOT_KIND:
        return {"级": one.kind, "文": _slot(one)}
    if one.offer:
        runs = bookmarks.runs(one.pieces).xml
        mark = _MARKED if one.is_open else ""
        return {"级": _SLOT_KIND, "文": _Runs(_styled(f"{OFFER_STYLE}{one.offer}", runs, mark))}
    is_heading = one.kind.endswith("级")
    text = "".join(piece.text for piece in one.pieces)
    return {"级": one.kind, "文": text if is_heading else bookmarks.runs(one.pieces)}


def _slot(one: ParagraphLike) -> _Runs:
    """Paragraphs in the style of their slot, marked yellow while they wait to be written."""
    mark = _MARKED if one.is_open else ""
    style = f"{SLOT_STYLE}{one.slot}"
    return _Runs("".join(_styled(style, _run(piece.text), mark) for piece in one.pieces))


def _styled(style: str, runs: str, mark: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{mark}</w:pPr>{runs}</w:p>'


class _Bookmarks:
    """Numbers the bookmarks of one document."""

    def __init__(self) -> None:
        self._made = 0

    def runs(self, pieces: Iterable[PieceLike]) -> _Runs:
        """The pieces as runs, those with a code within a bookmark."""
        return _Runs("".join(map(self._run, pieces)))

    def _run(self, piece: PieceLike) -> str:
        run = _run(piece.text)
        if not piece.code:
            return run
        self._made += 1
        name = f"z{self._made}{piece.part[0]}_{_flat(piece.code)}"[:_LONGEST]
        return (
            f'<w:bookmarkStart w:id="{self._made}" w:name="{name}"/>{run}'
            f'<w:bookmarkEnd w:id="{self._made}"/>'
        )


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{_escaped(text)}</w:t></w:r>'


def _escaped(text: str) -> str:
    return escape(writable(text), quote=False)


def _flat(code: str) -> str:
    return code.replace(".", "__")


def numbers_in(document: bytes, codes: Iterable[str], parts: Iterable[str]) -> list[Printed]:
    """Every marked number of a document in order: its code, its part, the text as printed.

    `codes` are those that can occur: a long one is cut off in a bookmark's name. A mark of none of
    them keeps its name as code.
    """
    known, letters = tuple(codes), {part[0]: part for part in parts}
    opened: dict[str, tuple[str, list[str]]] = {}
    found: list[Printed] = []
    for element in part_of(document).iter():
        key = element.get(f"{_W}id", "")
        if element.tag == f"{_W}bookmarkStart":
            opened[key] = (element.get(f"{_W}name", ""), [])
        elif element.tag == f"{_W}bookmarkEnd" and key in opened:
            name, texts = opened.pop(key)
            match = _MARK.fullmatch(name)
            if match:
                code = _code_of(match, known, len(name) >= _LONGEST)
                found.append((code, letters.get(match[1], match[1]), "".join(texts)))
        elif element.tag == f"{_W}t":
            for _, texts in opened.values():
                texts.append(element.text or "")
    return found


def _code_of(match: re.Match[str], known: Sequence[str], is_cut: bool) -> str:
    name = match[2]
    for code in known:
        flat = _flat(code)
        if flat == name or (is_cut and flat.startswith(name)):
            return code
    return name


def notes_in(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Every paragraph of an earlier summary, with its slot's code or "".

    UsageError when the file is no Word document that can be read.
    """
    return marked_paragraphs(read_summary(path), SLOT_STYLE, path.name)


def marked_paragraphs(document: bytes, prefix: str, name: str) -> Iterator[tuple[str, list[str]]]:
    """Every paragraph, with what its style's name says behind `prefix`, or ""."""
    try:
        root, styles = part_of(document), part_of(document, "word/styles.xml")
    except (KeyError, ValueError, zipfile.BadZipFile, ElementTree.ParseError) as fault:
        raise unreadable(name) from fault
    codes = _codes_of_styles(styles, prefix)
    return _paragraphs(root, codes)


def _paragraphs(
    root: ElementTree.Element, codes: Mapping[str, str]
) -> Iterator[tuple[str, list[str]]]:
    for paragraph in root.iter(f"{_W}p"):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        key = style.get(f"{_W}val", "") if style is not None else ""
        yield codes.get(key, ""), [_text(paragraph)]


def read_summary(path: Path) -> bytes:
    """The bytes of an earlier summary; UsageError when it cannot be opened."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise unreadable(path.name) from fault


def unreadable(name: str) -> UsageError:
    """What is said of a file that is no summary."""
    return UsageError(
        f"补写文件 {name} 打不开",
        advice="请指定先前生成的 工作总结.docx（没有加密），或 .toml 文件。",
    )


def _codes_of_styles(styles: ElementTree.Element, prefix: str) -> dict[str, str]:
    """Style id → code. Other programs rename the id but keep the name."""
    found = {}
    for style in styles.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        text = name.get(f"{_W}val", "") if name is not None else ""
        if text.startswith(prefix):
            found[style.get(f"{_W}styleId", "")] = text.removeprefix(prefix)
    return found


def _text(paragraph: ElementTree.Element) -> str:
    return "".join(one.text or "" for one in paragraph.iter(f"{_W}t"))


def part_of(document: bytes, part: str = "word/document.xml") -> ElementTree.Element:
    """The parsed part; ValueError for one that is too large or declares entities."""
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        if package.getinfo(part).file_size > _MOST_BYTES:
            raise ValueError("document too large")
        data = package.read(part)
    if b"<!DOCTYPE" in data:
        raise ValueError("document type declared")
    return ElementTree.fromstring(data)
