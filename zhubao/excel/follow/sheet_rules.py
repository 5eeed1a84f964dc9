"""Which elements of a worksheet hold references, and what becomes of them when rows move."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from zhubao.excel.formula.ranges import Grow


class Rule(NamedTuple):
    """An attribute that holds references; its element goes when none is left, unless `kept`."""

    attribute: str
    grow: Grow = "never"
    kept: bool = False


RULES = {
    "protectedRange": Rule("sqref", "contains"),
    "autoFilter": Rule("ref", "contains"),
    "sortState": Rule("ref", "contains"),
    "sortCondition": Rule("ref", "contains"),
    "conditionalFormatting": Rule("sqref", "contains"),
    "dataValidation": Rule("sqref", "contains"),
    "ignoredError": Rule("sqref", "contains"),
    "mergeCell": Rule("ref"),
    "hyperlink": Rule("ref"),
    "inputCells": Rule("r"),
    "cellWatch": Rule("r"),
    "cellSmartTags": Rule("r"),
    "scenarios": Rule("sqref", kept=True),
    "webPublishItem": Rule("sourceRef"),
}
RELATIVE = frozenset({"conditionalFormatting", "dataValidation"})
FORMULAS = frozenset({"f", "formula", "formula1", "formula2"})
FORMULA_ATTRIBUTES = {"cfvo": ("val",), "controlPr": ("linkedCell", "listFillRange")}
CONTAINERS = {  # an element that goes with the last of these inside it; "" for any
    "protectedRanges": "",
    "mergeCells": "",
    "conditionalFormattings": "",
    "dataValidations": "",
    "hyperlinks": "",
    "ignoredErrors": "ignoredError",
    "cellWatches": "",
    "smartTags": "",
    "scenario": "inputCells",
    "scenarios": "scenario",
    "webPublishItems": "",
    "sparklines": "",
    "sparklineGroup": "sparklines",
    "sparklineGroups": "sparklineGroup",
    "ext": "",
    "extLst": "",
}
COUNTED = frozenset({"mergeCells", "dataValidations", "scenario", "webPublishItems"})
PASSED_OVER = frozenset({"cols", "colBreaks", "sheetPr", "slicerList", "tableParts", "pivotArea"})


def goes_with(name: str, left: Iterable[str]) -> bool:
    """Whether an element goes, of whose children only those named in `left` stay."""
    wanted = CONTAINERS.get(name)
    return wanted is not None and not any(wanted in {"", child} for child in left)
