"""A Word document as a package of our own parts: paper and type of GB/T 9704-2012, fixed dates.

The document's body is given as WordprocessingML. The same body gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from html import escape

BODY, HEAVY, KAI, SONG, TITLE = "仿宋", "黑体", "楷体", "宋体", "方正小标宋简体"
_FIGURES = "Times New Roman"  # half an em for each digit on every machine: columns hold
TABLE_SIZES = (12.0, 11.0, 10.5, 10.0, 9.0)  # points, best first
TWIPS_PER_POINT = 20
_MM = 1440 / 25.4
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ZIP_DATE = (2020, 1, 1, 0, 0, 0)
_LEVEL = 4  # of compression: tables are long and repeat themselves
# Names to look for when the first is missing, and a family for when all are.
_FALLBACKS = {
    TITLE: ("方正小标宋_GBK,小标宋,华文中宋,STZhongsong,SimSun", "roman"),
    BODY: ("仿宋_GB2312,FangSong,FangSong_GB2312,华文仿宋,STFangsong", "modern"),
    KAI: ("楷体_GB2312,KaiTi,KaiTi_GB2312,华文楷体,STKaiti", "modern"),
    HEAVY: ("SimHei,华文黑体,STHeiti,Noto Sans CJK SC", "modern"),
    SONG: ("SimSun,华文宋体,STSong,Noto Serif CJK SC", "roman"),
}


def page_width(*, landscape: bool) -> int:
    """Twips between the margins: 156 mm upright, 225 mm across."""
    return int((225 if landscape else 156) * _MM)


def packaged(body: str, *, title: str, author: str, made: dt.date, landscape: bool) -> bytes:
    """The .docx around `body`, the content of w:body without its last w:sectPr."""
    document = _part("document", f"<w:body>{body}{_section(landscape=landscape)}</w:body>")
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            ("officeDocument", _RELATIONS, "word/document.xml"),
            ("metadata/core-properties", f"{_PACKAGE}/relationships", "docProps/core.xml"),
        ),
        "docProps/core.xml": _properties(title, author, made),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _relations(
            *((name, _RELATIONS, f"{name}.xml") for name in ("styles", "settings", "fontTable")),
            ("footer", _RELATIONS, "footer1.xml"),
            ("footer", _RELATIONS, "footer2.xml"),
        ),
        "word/styles.xml": _part("styles", _styles()),
        "word/settings.xml": _part("settings", _SETTINGS),
        "word/fontTable.xml": _part("fonts", "".join(map(_font, _FALLBACKS))),
        "word/footer1.xml": _part("ftr", _page_number("OddFooter")),
        "word/footer2.xml": _part("ftr", _page_number("EvenFooter")),
    }
    return zipped({name: (_DECLARATION + text).encode() for name, text in parts.items()})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """The package of these parts: the same parts give the same bytes, on every machine."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # the same on every machine
            package.writestr(entry, data, compresslevel=_LEVEL)
    return stream.getvalue()


def _part(root: str, content: str) -> str:
    return f'<w:{root} xmlns:w="{_NAMESPACE}" xmlns:r="{_RELATIONS}">{content}</w:{root}>'


def _content_types() -> str:
    parts = {"document": "document.main", "footer1": "footer", "footer2": "footer"}
    parts |= {name: name for name in ("styles", "settings", "fontTable")}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_KIND}.{kind}+xml"/>'
        for name, kind in parts.items()
    )
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{relations}"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'{overrides}<Override PartName="/docProps/core.xml" ContentType="{core}"/></Types>'
    )


def _relations(*targets: tuple[str, str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{base}/{kind}" Target="{target}"/>'
        for number, (kind, base, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _properties(title: str, author: str, made: dt.date) -> str:
    day = f'xsi:type="dcterms:W3CDTF">{made.isoformat()}T00:00:00Z<'
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
        f"<dcterms:created {day}/dcterms:created><dcterms:modified {day}/dcterms:modified>"
        "<dc:language>zh-CN</dc:language></cp:coreProperties>"
    )


def _section(*, landscape: bool) -> str:
    """The last section. Across, the page is the upright one turned: its left margin is on top."""
    size, margins = (210, 297), (37, 26, 35, 28)
    if landscape:
        size, margins = (297, 210), (28, 37, 26, 35)
    width, height = (round(side * _MM) for side in size)
    sides = zip(("top", "right", "bottom", "left"), margins, strict=True)
    edges = " ".join(f'w:{side}="{round(margin * _MM)}"' for side, margin in sides)
    foot = round((margins[2] - 12) * _MM)  # the number stands 7 mm below the text
    turned = ' w:orient="landscape"' if landscape else ""
    return (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/>'
        '<w:footerReference w:type="even" r:id="rId5"/>'
        f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar {edges} w:header="851" w:footer="{foot}" w:gutter="0"/>'
        '<w:pgNumType w:start="1"/></w:sectPr>'
    )


def _page_number(style: str) -> str:
    """— 1 — as a field."""
    field = "".join(
        f"<w:r>{content}</w:r>"
        for content in (
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    dash = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        f"{dash.format('— ')}{field}{dash.format(' —')}</w:p>"
    )


def _font(name: str) -> str:
    others, family = _FALLBACKS[name]
    return (
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="auto"/></w:font>'
    )


def _styles() -> str:
    tables = [_table_style(size, align) for size in TABLE_SIZES for align in "LCRH"]
    return "".join((_DEFAULTS, *_paragraph_styles(), *tables, _GRID))


def _paragraph_styles() -> list[str]:
    """Sizes and pitches in points, as the standard names them."""
    indent = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
    heading = f'<w:keepNext/>{_pitch(28, before=6)}{indent}<w:outlineLvl w:val="0"/>'
    hanging = '<w:ind w:leftChars="200" w:left="420" w:hangingChars="200" w:hanging="420"/>'
    odd = '<w:ind w:rightChars="100" w:right="280"/><w:jc w:val="right"/>'
    even = '<w:ind w:leftChars="100" w:left="280"/><w:jc w:val="left"/>'
    centre = '<w:jc w:val="center"/>'
    return [
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>",
        _style("Title", "Title", f"<w:keepNext/>{_pitch(36)}{centre}", TITLE, 22),
        _style("Circumstances", "报告情况", f"{_pitch(28, after=6)}{centre}", KAI, 14),
        _style("Heading1", "heading 1", heading, HEAVY, 16),
        _style("Heading2", "heading 2", heading.replace('"0"/>', '"1"/>'), KAI, 16),
        _style("BodyText", "Body Text", indent, BODY, 16),
        _style("Note", "表注", f"{_pitch(16, before=2)}{hanging}", BODY, 10.5),
        _style("Signature", "签署", _pitch(28, before=6), BODY, 12),
        _style("Gap", "间隔", _pitch(6), BODY, 1),
        _style("OddFooter", "单页页码", f"{_pitch(18)}{odd}", SONG, 14),
        _style("EvenFooter", "双页页码", f"{_pitch(18)}{even}", SONG, 14),
    ]


def _pitch(points: float, *, before: float = 0, after: float = 0) -> str:
    sides = "".join(
        f' w:{side}="{round(space * TWIPS_PER_POINT)}"'
        for side, space in (("before", before), ("after", after))
        if space
    )
    return f'<w:spacing{sides} w:line="{round(points * TWIPS_PER_POINT)}" w:lineRule="exact"/>'


def _style(key: str, name: str, paragraph: str, font: str, size: float, figures: str = "") -> str:
    """A paragraph style; the font for every script, or Word takes another one for Chinese."""
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr>'
        f"<w:rPr>{_type(font, size, figures)}</w:rPr></w:style>"
    )


def _type(font: str, size: float, figures: str = "") -> str:
    names = {"eastAsia": font} | dict.fromkeys(("ascii", "hAnsi", "cs"), figures or font)
    scripts = " ".join(f'w:{script}="{name}"' for script, name in names.items())
    half = round(size * 2)
    return f'<w:rFonts {scripts}/><w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def table_style(size: float, align: str) -> str:
    """The style of a table's text: `align` is L, C, R, or H for a header."""
    return f"T{round(size * 2)}{align}"


def _table_style(size: float, align: str) -> str:
    side = {"L": "left", "C": "center", "R": "right", "H": "center"}[align]
    kept = "<w:keepNext/>" if align == "H" else ""
    paragraph = f'{kept}{_pitch(size * 1.4)}<w:jc w:val="{side}"/>'
    name = f"表{'头' if align == 'H' else '文'} {size:g} {align}"
    font = HEAVY if align == "H" else BODY
    return _style(table_style(size, align), name, paragraph, font, size, _FIGURES)


_DEFAULTS = (
    f"<w:docDefaults><w:rPrDefault><w:rPr>{_type(BODY, 16)}"
    '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
    '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'
    f"{_pitch(28)}</w:pPr></w:pPrDefault></w:docDefaults>"
)
_EDGES = "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_GRID = (
    '<w:style w:type="table" w:styleId="ReportTable"><w:name w:val="报告表格"/><w:tblPr>'
    f"<w:tblBorders>{_EDGES}</w:tblBorders><w:tblCellMar>"
    '<w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    '<w:tcPr><w:vAlign w:val="center"/></w:tcPr></w:style>'
)
_SETTINGS = (
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting'
    ' w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
    ' w:val="15"/></w:compat>'
)
