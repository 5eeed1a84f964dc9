"""A Report as a Word document for filing and sending up: paper and type of GB/T 9704-2012.

On paper stand the columns of levels 1 and 2, all rows, totals, notes, findings and legal basis.
Columns of level 3, charts and the source of each single row are for workbook and page; the paper
names the columns it leaves out and the sheets its rows come from.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape

from zhubao.core.finding import Cell, Finding, Severity
from zhubao.core.report import Column, Report, Table, ValueKind
from zhubao.core.width import display_width
from zhubao.render.docx_columns import PRINTED_LEVEL, bands_of, fits, lanes_of, writable
from zhubao.render.docx_package import packaged, page_width
from zhubao.render.docx_table import table_xml
from zhubao.render.finding_tables import findings_by_code, findings_by_place
from zhubao.render.wording import plain

FINDINGS_ON_PAPER = 200
_MADE_AT = dt.date(2020, 1, 1)  # for reports without a cut-off date: same input, same file
_CIRCUMSTANCES_UNIT = 150  # twips of a half-width character of 14 points, with slack
_DIGITS = "〇一二三四五六七八九"
_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
_GAP = '<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p>'


def report_document(report: Report, *, landscape: bool = False) -> bytes:
    """The document as the bytes of a .docx; the same report gives the same bytes.

    A table too wide for the page is continued below with its first column repeated. Findings
    beyond `FINDINGS_ON_PAPER` are counted, the worst are listed.
    """
    paper = _Paper(report, landscape=landscape)
    return packaged(
        paper.body(),
        title=writable(plain(report.title)),
        author=writable(plain(report.bureau)),
        made=report.as_of or _MADE_AT,
        landscape=landscape,
    )


def is_wide(report: Report) -> bool:
    """True when some table of the report stands better on paper turned across."""
    return any(not fits(lanes_of(table), landscape=False) for table in report.tables)


class _Paper:
    """The document's body, from title to legal basis."""

    def __init__(self, report: Report, *, landscape: bool) -> None:
        self._report, self._landscape = report, landscape
        self._chapters = 0

    def body(self) -> str:
        report = self._report
        parts = [_paragraph("Title", report.title)]
        parts += [_paragraph("Circumstances", line) for line in self._circumstances()]
        for number, table in enumerate(report.tables):
            titled = len(report.tables) > 1 or table.title != report.title
            own_page = bool(number and table.signatures)  # a list to sign is handed out alone
            parts += self._chapter(table.title, own_page=own_page) if titled else ()
            parts += self._table(table)
        parts += self._remarks()
        parts += self._findings()
        parts += self._references()
        return "".join(parts)

    def _chapter(self, title: str, *, own_page: bool = False) -> Iterator[str]:
        self._chapters += 1
        before = "<w:pageBreakBefore/>" if own_page else ""
        yield _paragraph("Heading1", f"{_numeral(self._chapters)}、{title}", before=before)

    def _circumstances(self) -> list[str]:
        """Bureau, period, date and unit, on as many lines as they need."""
        report = self._report
        columns = (column for table in report.tables for column in table.columns)
        parts = (
            report.bureau,
            f"期间：{report.period}" if report.period else "",
            report.cut_off("截止日期："),
            "金额单位：元" if any(column.kind is ValueKind.MONEY for column in columns) else "",
        )
        room = page_width(landscape=self._landscape) / _CIRCUMSTANCES_UNIT
        lines: list[str] = []
        for part in filter(None, parts):
            longer = f"{lines[-1]}　{part}" if lines else part
            lines[-1:] = [longer] if display_width(longer) <= room else [*lines[-1:], part]
        return lines

    def _table(self, table: Table) -> Iterator[str]:
        lanes = lanes_of(table)
        emphases = [row.emphasis for row in table.rows]
        bands = bands_of(lanes, landscape=self._landscape) if lanes else []
        for number, band in enumerate(bands):
            if number:
                yield _paragraph("Note", f"（续表：{table.title}）", before="<w:keepNext/>")
            title = writable(plain(table.title))
            yield table_xml(band, title, emphases, with_totals=table.totals is not None)
            yield _GAP
        yield from self._signatures(table.signatures)
        for note in table.notes:
            yield _paragraph("Note", f"注：{note}")
        left_out = [one.title for one in table.columns if one.level > PRINTED_LEVEL]
        if left_out:
            yield _paragraph("Note", f"注：{'、'.join(left_out)}未列，见本报告的表格或网页文件。")

    def _signatures(self, who: Sequence[str]) -> Iterator[str]:
        """One line to sign on, evenly spaced."""
        if not who:
            return
        step = page_width(landscape=self._landscape) // len(who)
        stops = "".join(f'<w:tab w:val="left" w:pos="{step * at}"/>' for at in range(1, len(who)))
        tab = "</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t>"
        text = tab.join(f"{_text(one)}：" for one in who)
        yield (
            f'<w:p><w:pPr><w:pStyle w:val="Signature"/><w:tabs>{stops}</w:tabs></w:pPr>'
            f"<w:r><w:t>{text}</w:t></w:r></w:p>"
        )

    def _remarks(self) -> Iterator[str]:
        origin = _origin(self._report.tables)
        remarks = [*self._report.notes, *([origin] if origin else [])]
        if remarks:
            yield from self._chapter("说明")
        yield from _numbered(remarks)

    def _findings(self) -> Iterator[str]:
        findings = self._report.findings
        if not findings:
            return
        yield from self._chapter("数据问题")
        yield _paragraph("BodyText", f"{_counts(findings)}。")
        worst = sorted(findings, key=lambda one: (_RANKS[one.severity], one.sort_key))
        if len(worst) > FINDINGS_ON_PAPER:
            yield from self._table(findings_by_code(findings))
            left = len(worst) - FINDINGS_ON_PAPER
            shown = f"以下列出 {FINDINGS_ON_PAPER} 条，其余 {left:,} 条见本报告的表格或网页文件。"
            yield _paragraph("BodyText", shown)
        yield from self._table(_with_places(worst[:FINDINGS_ON_PAPER]))

    def _references(self) -> Iterator[str]:
        if self._report.references:
            yield from self._chapter("依据")
        yield from _numbered(self._report.references)


def _paragraph(style: str, text: str, *, before: str = "") -> str:
    if not text:
        return ""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{before}</w:pPr>'
        f'<w:r><w:t xml:space="preserve">{_text(text)}</w:t></w:r></w:p>'
    )


def _text(text: str) -> str:
    return escape(writable(plain(text)), quote=False)


def _numbered(texts: Sequence[str]) -> Iterator[str]:
    for number, text in enumerate(texts, 1):
        yield _paragraph("BodyText", f"{number}. {text}" if len(texts) > 1 else text)


def _numeral(number: int) -> str:
    """一, 十, 十二, 二十三; 1 to 99."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")


def _counts(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    return "，".join(f"{one.title} {counts[one]:,} 条" for one in Severity if counts[one])


def _origin(tables: Iterable[Table]) -> str:
    """How many cells of which sheets the rows come from."""
    cells = {cell for table in tables for row in table.rows for cell in row.sources}
    counts = Counter(str(Cell(cell.file, cell.sheet)) for cell in cells)
    if not counts:
        return ""
    named = "、".join(f"{sheet}（{count:,} 处）" for sheet, count in sorted(counts.items()))
    return f"数据来源：{named}。每行的来源单元格见本报告的表格或网页文件。"


def _with_places(findings: Iterable[Finding]) -> Table:
    """The table of findings with the place of each in a column, by place."""
    table = findings_by_place(findings)
    places = [str(row.sources[0]) if row.sources else "" for row in table.rows]
    number, severity, *others = table.columns
    rows = tuple(
        replace(row, values=(*row.values[:2], place, *row.values[2:]))
        for row, place in zip(table.rows, places, strict=True)
    )
    columns = (number, severity, Column("where", "位置", width=24), *others)
    return replace(table, columns=columns, rows=rows)
