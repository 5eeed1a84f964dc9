"""What a summary remembers of the sentences it wrote and offered, inside its own document.

Each sentence stands in a paragraph style named for its code, which stays when the text is written
over; what was offered is kept in the document's custom properties, one for each sentence. Word
processors keep both, also in a copy under another name.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from xml.etree import ElementTree

from zhubao.render.docx_package import zipped
from zhubao.render.summary_docx import (
    OFFER_STYLE,
    marked_paragraphs,
    part_of,
    read_summary,
    unreadable,
)
from zhubao.render.summary_template import SLOT_STYLE

_BODY_PART = "word/document.xml"
_KEPT = "<w:keepNext/>"  # follows the style of a paragraph
_LAST = re.compile(rf'<w:pStyle w:val="(?:{SLOT_STYLE}|{OFFER_STYLE})[^"]*"/>(?!<w:keepNext)')
_YELLOW = "<w:shd "
_PARAGRAPH = re.compile(r'(\s*<w:p\b[^>]*><w:pPr><w:pStyle w:val="[^"]*"/>).*?</w:p>', re.DOTALL)
_CUSTOM, _STYLES = "docProps/custom.xml", "word/styles.xml"
_TYPES, _RELATIONS = "[Content_Types].xml", "_rels/.rels"
_PREFIX = "zhubao."  # of a property's name; the code follows
_WRITTEN = "zhubao_written."  # a number follows
_SPACE = "http://schemas.openxmlformats.org/officeDocument/2006"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # of every custom property
_KIND = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_NOTHING = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<Properties xmlns="{_SPACE}/custom-properties" xmlns:vt="{_SPACE}/docPropsVTypes">'
    "</Properties>"
)
_PROPERTY = re.compile(r"<property\b[^>]*?/>|<property\b.*?</property>", re.DOTALL)
_NUMBERED = re.compile(r'\bpid="(\d+)"')
_STYLE = re.compile(r"<w:style\b.*?</w:style>", re.DOTALL)
_BODY = re.compile(r'<w:name w:val="body text"\s*/>', re.IGNORECASE)
_STYLE_ID = re.compile(r'w:styleId="([^"]*)"')


def with_offers(document: bytes, remembered: Mapping[str, str]) -> bytes:
    """The document with a style for every code and what is remembered under it.

    What a template made from an earlier summary still remembers is left out.
    """
    parts = _parts(document)
    parts[_STYLES] = _with_styles(parts[_STYLES].decode("utf-8"), remembered).encode()
    return zipped(_remembering(parts, _PREFIX, remembered))


def closing_kept(document: bytes) -> bytes:
    """The document whose last paragraph stays on the page of the signature, with the blank below.

    So that no page has the signature alone; nor with a slot that is still to be written, above
    which the last item of the plan is kept, too. Unchanged without a slot or an offer.
    """
    parts = _parts(document)
    body = parts[_BODY_PART].decode("utf-8")
    *_, above, last = (None, None, *_LAST.finditer(body))
    if last is None:
        return document
    places = [last.end()]
    if above is not None and body.startswith(_YELLOW, last.end()):
        places.append(above.end())
    end = body.find("</w:p>", last.end()) + len("</w:p>")
    blank = _PARAGRAPH.match(body, end)
    if blank is not None and "<w:t" not in blank[0] and _KEPT not in blank[0]:
        places.append(blank.end(1))
    for place in sorted(places, reverse=True):
        body = body[:place] + _KEPT + body[place:]
    return zipped({**parts, _BODY_PART: body.encode()})


def with_written(document: bytes, lines: Iterable[str]) -> bytes:
    """The document with a property for each of these lines, which tell what was written into it."""
    numbered = {str(number): line for number, line in enumerate(lines, 1)}
    return zipped(_remembering(_parts(document), _WRITTEN, numbered))


def written_in(document: bytes, name: str) -> tuple[list[str], list[tuple[str, str]]]:
    """What `with_written` left in a document, and its paragraphs: whose slot or offer, the text.

    Nothing remembered in a document made before, or by something else. UsageError when the bytes
    are no Word document that can be read.
    """
    slots = marked_paragraphs(document, SLOT_STYLE, name)
    offers = marked_paragraphs(document, OFFER_STYLE, name)
    paragraphs = [
        (slot or offer, "".join(texts))
        for (slot, texts), (offer, _) in zip(slots, offers, strict=True)
    ]
    return list(_remembered(document, _WRITTEN, name).values()), paragraphs


def _remembering(
    parts: dict[str, bytes], prefix: str, remembered: Mapping[str, str]
) -> dict[str, bytes]:
    old = parts.get(_CUSTOM, _NOTHING.encode()).decode("utf-8")
    parts[_CUSTOM] = _with_properties(old, prefix, remembered).encode()
    parts[_TYPES] = _added(parts[_TYPES], "</Types>", _CUSTOM, _content_type())
    parts[_RELATIONS] = _added(parts[_RELATIONS], "</Relationships>", _CUSTOM, _relation())
    return parts


def offers_in(path: Path) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """What an earlier summary remembers, by code, and its paragraphs that stand for offers.

    Nothing and no paragraphs for a document made before, or by something else. UsageError when the
    file is no Word document that can be read.
    """
    document = read_summary(path)
    found = [
        (code, text)
        for code, texts in marked_paragraphs(document, OFFER_STYLE, path.name)
        for text in texts
        if code
    ]
    return _remembered(document, _PREFIX, path.name), found


def _remembered(document: bytes, prefix: str, name: str) -> dict[str, str]:
    """The properties whose names begin so, by what follows."""
    try:
        properties = part_of(document, _CUSTOM)
    except KeyError:
        return {}
    except (ValueError, ElementTree.ParseError) as fault:
        raise unreadable(name) from fault
    return {
        one.get("name", "").removeprefix(prefix): "".join(one.itertext()).strip()
        for one in properties
        if one.get("name", "").startswith(prefix)
    }


def _parts(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _with_styles(styles: str, codes: Iterable[str]) -> str:
    """Hidden from the gallery: nobody is to choose one."""
    kept = _STYLE.sub(lambda found: "" if _is_ours(found[0]) else found[0], styles)
    body = next((one[0] for one in _STYLE.finditer(kept) if _BODY.search(one[0])), "")
    named = _STYLE_ID.search(body)
    based = f'<w:basedOn w:val="{named[1]}"/>' if named else ""
    made = "".join(
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{OFFER_STYLE}{code}">'
        f'<w:name w:val="{OFFER_STYLE}{code}"/>{based}<w:uiPriority w:val="99"/><w:semiHidden/>'
        "</w:style>"
        for code in codes
    )
    return kept.replace("</w:styles>", f"{made}</w:styles>")


def _is_ours(style: str) -> bool:
    return f'<w:name w:val="{OFFER_STYLE}' in style


def _with_properties(custom: str, prefix: str, remembered: Mapping[str, str]) -> str:
    others = _PROPERTY.sub(lambda found: "" if f'name="{prefix}' in found[0] else found[0], custom)
    first = max(map(int, _NUMBERED.findall(others)), default=1) + 1
    made = "".join(
        f'<property fmtid="{_FORMAT}" pid="{number}" name="{prefix}{code}">'
        f'<vt:lpwstr xmlns:vt="{_SPACE}/docPropsVTypes">{escape(text, quote=False)}</vt:lpwstr>'
        "</property>"
        for number, (code, text) in enumerate(remembered.items(), first)
    )
    opened = re.sub(r"<Properties\b([^>]*)/>", r"<Properties\1></Properties>", others)
    return opened.replace("</Properties>", f"{made}</Properties>")


def _added(part: bytes, end: str, named: str, entry: str) -> bytes:
    text = part.decode("utf-8")
    return part if named in text else text.replace(end, entry + end).encode()


def _content_type() -> str:
    return f'<Override PartName="/{_CUSTOM}" ContentType="{_KIND}"/>'


def _relation() -> str:
    kind = f"{_SPACE}/relationships/custom-properties"
    return f'<Relationship Id="rIdZhubaoOffers" Type="{kind}" Target="{_CUSTOM}"/>'
