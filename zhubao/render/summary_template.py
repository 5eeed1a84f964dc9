"""Makes the template of the work summary: `python -m zhubao.render.summary_template`.

Paper, fonts and line pitch follow GB/T 9704-2012. A clerk edits a copy in Word: the styles, the
fixed words and the attachment; the loop over 正文 must stay.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from html import escape
from pathlib import Path

from zhubao.core.output_file import replacing
from zhubao.core.resources import packaged_dir
from zhubao.render.docx_package import packaged, table_style

NAME = "半年工作总结.docx"
PLACEHOLDERS = (
    "标题",
    "正文",
    "局名",
    "成文日期",
    "期间",
    "截止",
    "截止日期",  # the day alone: in templates of a bureau's own
    "指标",
    "对照期",
)
# What a person writes stands in a style named for its slot, by which it is read back.
SLOT_STYLE = "note_"
SLOT_CODES = (
    "lead",
    "supply",
    "dispatch",
    "management",
    "safety",
    "office",
    "allocation",
    "reform",
    "publicity",
    "problems",
    "plan",
)
_MADE = dt.date(2020, 1, 1)
_SIZE = 10.5
_TWIPS_PER_MM = 1440 / 25.4
_COLUMNS = (
    ("序号", "{{ loop.index }}", 10, "C"),
    ("指标", "{{ 行.名称 }}", 32, "L"),
    ("本期", "{{r 行.本期 }}", 36, "R"),
    ("{{ 对照期 }}", "{{r 行.对照 }}", 30, "R"),
    ("口径", "{{ 行.口径 }}", 48, "L"),
)
# A heading of the third level: 仿宋 三号 bold, as text, in the outline below 标题二.
_THIRD = (
    '<w:style w:type="paragraph" w:styleId="Heading3"><w:name w:val="heading 3"/>'
    '<w:basedOn w:val="BodyText"/><w:next w:val="BodyText"/><w:qFormat/>'
    '<w:pPr><w:keepNext/><w:outlineLvl w:val="2"/></w:pPr><w:rPr><w:b/><w:bCs/></w:rPr></w:style>'
)


def make_template(folder: Path) -> Path:
    """Write the template into `folder`, complete or not at all; returns its path."""
    body = "".join((_title(), *_content(), *_closing(), *_attachment()))
    data = packaged(body, title="工作总结", author="", made=_MADE, landscape=False)
    with replacing(folder / NAME) as stream:
        stream.write(_with_own_styles(data))
    return folder / NAME


def _title() -> str:
    return _paragraph("Title", "{{ 标题 }}") + _paragraph("BodyText", "")


def _content() -> list[str]:
    """The loop over all paragraphs: what each kind looks like."""
    kinds = (
        ("一级", "Heading1"),
        ("二级", "Heading2"),
        ("三级", "Heading3"),
    )
    made = [_tag("for 段 in 正文")]
    for number, (kind, style) in enumerate(kinds):
        made += [_tag(f"{'elif' if number else 'if'} 段.级 == '{kind}'")]
        made += [_paragraph(style, "{{ 段.文 }}", kept=True)]
    made += [_tag("elif 段.级 == '补写'"), _paragraph("BodyText", "{{p 段.文 }}")]
    made += [_tag("else")]
    made += [_paragraph("BodyText", "{{r 段.文 }}"), _tag("endif"), _tag("endfor")]
    return made


def _with_own_styles(package: bytes) -> bytes:
    """The package with the third heading, and a paragraph style per slot.

    A slot's style stays when the text is written over.
    """
    styles = _THIRD + "".join(
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{SLOT_STYLE}{code}">'
        f'<w:name w:val="{SLOT_STYLE}{code}"/><w:basedOn w:val="BodyText"/><w:qFormat/></w:style>'
        for code in SLOT_CODES
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(stream, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "word/styles.xml":
                data = data.replace(b"</w:styles>", styles.encode() + b"</w:styles>")
            new.writestr(info, data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _closing() -> list[str]:
    side = '<w:ind w:rightChars="400" w:right="1280"/><w:jc w:val="right"/>'
    return [
        _paragraph("BodyText", ""),
        _paragraph("BodyText", "附件：{{ 期间 }}指标表", kept=True),
        _paragraph("BodyText", "", kept=True),
        _paragraph("BodyText", "{{ 局名 }}", extra=side, kept=True),
        _paragraph("BodyText", "{{ 成文日期 }}", extra=side),
    ]


def _attachment() -> list[str]:
    flush = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
    return [
        _paragraph("Heading1", "附件", extra=flush, before="<w:pageBreakBefore/>"),
        _paragraph("Title", "{{ 期间 }}指标表"),
        _paragraph("Circumstances", "{{ 截止 }}　金额精确到分"),
        _table(),
        _paragraph("Note", "注：比率写明分子、分母；“—”表示台账没有可比的记录。"),
        _paragraph("Note", "每个数的来源单元格见同时生成的 指标.xlsx。"),
    ]


def _table() -> str:
    widths = [round(width * _TWIPS_PER_MM) for _, _, width, _ in _COLUMNS]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    header = _row([title for title, *_ in _COLUMNS], widths, "H" * len(_COLUMNS), is_header=True)
    loop = (
        _row(["{%tr for 行 in 指标 %}"], [sum(widths)], "L", span=len(widths)),
        _row([mark for _, mark, *_ in _COLUMNS], widths, "".join(c[3] for c in _COLUMNS)),
        _row(["{%tr endfor %}"], [sum(widths)], "L", span=len(widths)),
    )
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{header}{''.join(loop)}</w:tbl>"
    )


def _row(
    texts: Sequence[str],
    widths: Sequence[int],
    aligns: str,
    *,
    span: int = 1,
    is_header: bool = False,
) -> str:
    repeat = "<w:tblHeader/>" if is_header else ""
    merged = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{merged}</w:tcPr>'
        f"{_paragraph(table_style(_SIZE, align), text)}</w:tc>"
        for text, width, align in zip(texts, widths, aligns, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{cells}</w:tr>"


def _tag(text: str) -> str:
    return _paragraph("BodyText", f"{{%p {text} %}}")


def _paragraph(
    style: str, text: str, *, extra: str = "", before: str = "", kept: bool = False
) -> str:
    together = "<w:keepNext/>" if kept else ""
    words = f'<w:r><w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{together}{before}{extra}</w:pPr>'
        f"{words if text else ''}</w:p>"
    )


if __name__ == "__main__":
    make_template(packaged_dir("templates"))
