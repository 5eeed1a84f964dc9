"""Small sheets in memory and on disk, and workbooks taken apart for the hostile tests."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from zhubao.excel.kinds import CellKind
from zhubao.excel.sheet import RawSheet
from zhubao.excel.table import ColumnSpec, TypedTable, read_table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

Rows = Sequence[Sequence[Any]]


@pytest.fixture
def raw() -> Callable[..., RawSheet]:
    """A sheet from rows of any length; None and missing cells are empty."""

    def build(rows: Rows, **found: Any) -> RawSheet:
        width = max(len(row) for row in rows)
        filled = [
            [*("" if v is None else v for v in row), *[""] * (width - len(row))] for row in rows
        ]
        return RawSheet("欠租.xlsx", "应收", filled, **found)

    return build


@pytest.fixture
def specs() -> tuple[ColumnSpec, ...]:
    """The columns of a small charges ledger."""
    return (
        ColumnSpec("household", "家庭编号", ("租户编号", "户号"), CellKind.CODE, required=True),
        ColumnSpec("name", "姓名", (), CellKind.TEXT, required=True),
        ColumnSpec("month", "账单期", ("所属月份",), CellKind.MONTH, required=True),
        ColumnSpec("amount", "应收金额", ("应缴租金",), CellKind.MONEY, required=True, unit="元"),
        ColumnSpec("estate", "小区", (), CellKind.TEXT),
        ColumnSpec("remark", "备注", (), CellKind.TEXT),
    )


@pytest.fixture
def read(raw: Callable[..., RawSheet], specs: tuple[ColumnSpec, ...]) -> Callable[..., TypedTable]:
    """Read rows as a charges ledger; the header must be there."""

    def build(rows: Rows, **found: Any) -> TypedTable:
        table = read_table(raw(rows, **found), specs)
        assert table is not None
        return table

    return build


@pytest.fixture
def package(tmp_path: Path) -> Callable[..., Path]:
    """A minimal .xlsx with the given sheet XML; `replace` changes or (None) drops parts."""

    def build(
        sheet_data: str = '<row r="1"><c r="A1"><v>1</v></c></row>',
        *,
        sheet: str | bytes | None = None,
        replace: dict[str, str | bytes | None] | None = None,
        workbook: str = "",
        name: str = "台账.xlsx",
    ) -> Path:
        parts: dict[str, str | bytes | None] = {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_RELATIONS}">{workbook}'
            '<sheets><sheet name="应收" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" '
            'Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{_RELATIONS}/sharedStrings" '
            'Target="sharedStrings.xml"/>'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": sheet
            or f'<worksheet xmlns="{MAIN}"><sheetData>{sheet_data}</sheetData></worksheet>',
            **(replace or {}),
        }
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in parts.items():
                if content is not None:
                    archive.writestr(part, content)
        return path

    return build
