"""Signs of wear in a finished workbook: single cells overwritten with text, as hands leave them."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

_PLACE = re.compile(r"([A-Z]+)([0-9]+)")


def overwrite_cells(path: Path, sheets: Mapping[str, Mapping[str, str]]) -> None:
    """Put text into cells: sheet → reference → text; all other parts stay as they are.

    For workbooks of our own making only (the sheets' parts are numbered in order, each cell and
    row on its own). A cell beyond the last column is added at the end of its row.
    """
    part = path.with_name(f".{path.name}.worn")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(part, "w") as target:
        parts = _sheet_parts(source.read("xl/workbook.xml").decode())
        texts = {parts[name]: cells for name, cells in sheets.items()}
        for info in source.infolist():
            data = source.read(info)
            if info.filename in texts:
                data = _worn(data.decode(), texts[info.filename]).encode()
            target.writestr(info, data, zipfile.ZIP_DEFLATED)
    os.replace(part, path)


def read_number(path: Path, sheet: str, ref: str) -> str:
    """The number in a cell, as the file writes it."""
    with zipfile.ZipFile(path) as source:
        part = _sheet_parts(source.read("xl/workbook.xml").decode())[sheet]
        match = re.search(
            rf'<c r="{ref}"(?: s="[0-9]+")?><v>([^<]*)</v>', source.read(part).decode()
        )
    if match is None:
        raise ValueError(f"{path.name}!{sheet}!{ref}: no number there")
    return match[1]


def _sheet_parts(workbook: str) -> dict[str, str]:
    names = re.findall(r'<sheet name="([^"]+)"', workbook)
    return {name: f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(names, 1)}


def _worn(xml: str, cells: Mapping[str, str]) -> str:
    for ref, text in cells.items():
        value = f"<is><t>{escape(text)}</t></is>"
        found = re.search(rf'<c r="{ref}"( s="[0-9]+")?[^>]*?(?:/>|>.*?</c>)', xml)
        if found:
            cell = f'<c r="{ref}"{found[1] or ""} t="inlineStr">{value}</c>'
            xml = xml[: found.start()] + cell + xml[found.end() :]
        else:
            xml = _appended(xml, ref, f'<c r="{ref}" t="inlineStr">{value}</c>')
    return xml


def _appended(xml: str, ref: str, cell: str) -> str:
    place = _PLACE.fullmatch(ref)
    if place is None:
        raise ValueError(f"not a cell reference: {ref}")
    row = re.search(rf'<row r="{place[2]}"[^>]*>', xml)
    if row is None:
        raise ValueError(f"no row for {ref}")
    end = xml.index("</row>", row.end())
    opening = re.sub(r' spans="[^"]*"', "", row[0])
    xml = xml[: row.start()] + opening + xml[row.end() : end] + cell + xml[end:]
    return re.sub(r'(<dimension ref="A1:)[A-Z]+', rf"\g<1>{place[1]}", xml, count=1)
