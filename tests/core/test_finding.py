"""Findings, cells, the registry and errors: the shapes everything else hands around."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from zhubao.core.errors import WorkbookDamaged, ZhubaoError
from zhubao.core.finding import Cell, FindingKind, Severity, has_errors
from zhubao.core.registry import Registry
from zhubao.core.report import Column, Ratio, Report, Table

KIND = FindingKind("TT-101", "样例", Severity.ERROR, "填写：{value}", "改正{value}")


def test_a_cell_knows_its_position() -> None:
    assert Cell("a.xlsx", "表", "AB12").position == (12, 28)
    assert Cell("a.xlsx", "表").position == (0, 0)
    assert str(Cell("a.xlsx", "表", "G12")) == "a.xlsx!表!G12"
    assert str(Cell("a.xlsx")) == "a.xlsx"


def test_findings_sort_by_row_not_by_letter() -> None:
    places = ["G12", "B2", "AA2", "A10"]
    findings = [KIND.at(Cell("a.xlsx", "表", ref), value=1) for ref in places]
    ordered = sorted(findings, key=lambda finding: finding.sort_key)
    assert [finding.where.ref for finding in ordered if finding.where] == [
        "B2",
        "AA2",
        "A10",
        "G12",
    ]


def test_a_kind_words_its_finding() -> None:
    finding = KIND.at(None, value="x")
    assert (finding.message, finding.advice) == ("填写：x", "改正x")
    assert finding.severity.title == "错误"
    assert has_errors([finding])
    assert not has_errors([])


def test_a_code_is_declared_once() -> None:
    registry: Registry[FindingKind] = Registry("kinds")
    registry.add(KIND)
    assert registry.get("tt-101") is KIND
    with pytest.raises(ValueError):
        registry.add(KIND)


def test_errors_survive_the_way_from_a_child_process() -> None:
    error = pickle.loads(pickle.dumps(WorkbookDamaged("坏了", where="a.xlsx", advice="重发")))
    assert isinstance(error, WorkbookDamaged)
    assert (error.message, error.where, error.advice) == ("坏了", "a.xlsx", "重发")


def test_a_ratio_without_denominator_has_no_value() -> None:
    assert Ratio(0, 0).value is None
    assert Ratio(1, 4).value == 0.25


def test_tables_and_columns_are_found_by_key() -> None:
    table = Table("t", "表", (Column("a", "甲"), Column("b", "乙")), ())
    report = Report("x", "报表", "某局", tables=(table,))
    assert report.table("t").index_of("b") == 1
    with pytest.raises(KeyError):
        table.index_of("c")
    with pytest.raises(KeyError):
        report.table("u")


def test_the_ground_floor_imports_nothing_heavy() -> None:
    """Help and completion must answer at once."""
    script = (
        "import sys, pkgutil, importlib, zhubao.core as core\n"
        "for module in pkgutil.iter_modules(core.__path__):\n"
        "    importlib.import_module(f'zhubao.core.{module.name}')\n"
        "heavy = {'pandas', 'numpy', 'pydantic', 'openpyxl', 'xlsxwriter', 'rich', 'typer'}\n"
        "heavy.add('chinese_calendar')\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_error_has_its_own_code() -> None:
    def family(kind: type[ZhubaoError]) -> list[type[ZhubaoError]]:
        return [kind, *(one for child in kind.__subclasses__() for one in family(child))]

    own = [kind for kind in family(ZhubaoError) if "code" in vars(kind)]
    codes = [kind.code for kind in own]
    assert len(codes) == len(set(codes))
