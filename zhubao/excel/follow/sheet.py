"""A worksheet's XML around its rows when rows are put in or taken out, here or on another sheet."""

from __future__ import annotations

from collections.abc import Callable

from zhubao.excel.address import MAX_ROW
from zhubao.excel.follow.anchors import Hold, follow_anchor
from zhubao.excel.follow.locations import shift_location
from zhubao.excel.follow.sheet_rules import (
    COUNTED,
    FORMULA_ATTRIBUTES,
    FORMULAS,
    PASSED_OVER,
    RELATIVE,
    RULES,
    Rule,
    goes_with,
)
from zhubao.excel.follow.sheet_views import follow_selection, follow_view
from zhubao.excel.follow.xml_elements import (
    Element,
    Splice,
    elements,
    replaced,
    set_count,
    spliced,
)
from zhubao.excel.formula.ranges import Grow, move_row, shift_sqref
from zhubao.excel.formula.relative import Base, FormulaFollower
from zhubao.excel.guard import Unusual
from zhubao.excel.shift import Shift


def follow_head(xml: bytes, shift: Shift) -> bytes:
    """The part of the shifted sheet's XML before `<sheetData`; the same object when unchanged.

    Unusual for CDATA, comments and references that cannot be read.
    """
    return _Follower(shift, shift.sheet).follow(xml)


def follow_tail(xml: bytes, shift: Shift, home: str) -> bytes:
    """The part of sheet `home`'s XML after its rows; the same object when unchanged.

    On another sheet than the shifted one only what names the shifted sheet changes: formulas,
    links, controls. Raises Unusual as above, and UnreadableFormula.
    """
    if home.lower() != shift.sheet.lower() and not _may_name(xml, shift.sheet):
        return xml
    return _Follower(shift, home).follow(xml)


def _may_name(xml: bytes, sheet: str) -> bool:
    """A cheap test: False only when the sheet is not named. Entities may hide a name."""
    if b"&#" in xml or not sheet.isalnum():
        return True
    return sheet.lower().encode() in xml.lower() or sheet.encode() in xml


class _Follower:
    """One fragment of sheet `home`; methods give the splices of an element, None to drop it."""

    def __init__(self, shift: Shift, home: str) -> None:
        self._shift = shift
        self._own = home.lower() == shift.sheet.lower()
        self._home = home
        self._formulas = FormulaFollower(shift, home)
        self._special: dict[str, Callable[[Element], list[Splice] | None]] = {
            "dimension": self._dimension,
            "sheetView": self._view,
            "customSheetView": self._view,
            "selection": self._selection,
            "mergeCell": self._merge,
            "rowBreaks": self._row_breaks,
            "anchor": self._anchor,
        }

    def follow(self, xml: bytes) -> bytes:
        """The fragment after the shift."""
        splices: list[Splice] = []
        try:
            for element in elements(xml):
                splices += self._or_gap(element, self._element(element, Base()))
        except ValueError as error:  # a reference or number that is none
            raise Unusual from error
        return spliced(xml, splices)

    @staticmethod
    def _or_gap(element: Element, splices: list[Splice] | None) -> list[Splice]:
        return [(element.start, element.end, b"")] if splices is None else splices

    def _element(self, element: Element, base: Base) -> list[Splice] | None:
        """An element with all inside; None when it goes."""
        name = element.name
        if name in PASSED_OVER:
            return []
        if name in FORMULAS and not element.children:
            return self._formulas.text(element, base)
        splices = self._formulas.attributes(element, FORMULA_ATTRIBUTES.get(name, ()), base)
        if name == "hyperlink":
            splices += self._location(element)
        if self._own:
            own = self._on_shifted_sheet(element)
            if own is None:
                return None
            splices += own
        inside = [] if name == "rowBreaks" else self._inside(element, self._base(element, base))
        return None if inside is None else splices + inside

    def _inside(self, element: Element, base: Base) -> list[Splice] | None:
        found = [(child, self._element(child, base)) for child in element.children]
        gone = sum(splices is None for _, splices in found)
        if gone and goes_with(
            element.name, (child.name for child, kept in found if kept is not None)
        ):
            return None
        result: list[Splice] = []
        for child, splices in found:
            result += self._or_gap(child, splices)
        return result + (self._recounted(element, len(found) - gone) if gone else [])

    def _recounted(self, element: Element, left: int) -> list[Splice]:
        """What counts the children, or points at one of them, when some are gone."""
        if element.name == "scenarios":
            return set_count(element, 0, "current") + set_count(element, 0, "show")
        return set_count(element, left) if element.name in COUNTED else []

    def _base(self, element: Element, base: Base) -> Base:
        """What relative references inside the element count from."""
        if element.name == "sparklineGroup":
            return Base(series=True)
        place = _sqref_of(element)
        if not self._own or place is None or element.name not in RELATIVE:
            return base
        return self._formulas.base_of(place, many=element.get("type") != "list")

    def _on_shifted_sheet(self, element: Element) -> list[Splice] | None:
        special = self._special.get(element.name)
        if special is not None:
            return special(element)
        rule = RULES.get(element.name)
        if rule is not None and element.span(rule.attribute) is not None:
            return self._ruled(element, rule)
        for attribute in ("ref", "sqref"):
            if element.span(attribute) is not None:
                return self._unknown(element, Rule(attribute))
        return self._places(element)

    def _unknown(self, element: Element, rule: Rule) -> list[Splice]:
        """An element that is not in `RULES` moves; what it means without its cells nobody knows."""
        try:
            splices = self._ruled(element, rule)
        except ValueError:  # a `ref` that is no reference to cells
            return []
        if splices is None:
            raise Unusual
        return splices

    def _ruled(self, element: Element, rule: Rule) -> list[Splice] | None:
        span = element.span(rule.attribute)
        if span is None:
            return []
        moved = self._moved(element.get(rule.attribute) or "", rule.grow)
        if moved is None:
            return element.without(rule.attribute) if rule.kept else None
        return replaced(element.xml, span, moved)

    def _places(self, element: Element) -> list[Splice] | None:
        """An `sqref` that is a child (extension lists) instead of an attribute."""
        place = element.child("sqref")
        if place is None:
            return []
        moved = self._moved(place.text(), "never" if element.name == "sparkline" else "contains")
        if moved is None:
            return None
        return replaced(place.xml, (place.inner, place.inner_end), moved)

    def _moved(self, refs: str, grow: Grow) -> str | None:
        return shift_sqref(refs, self._shift, grow=grow)

    def _location(self, link: Element) -> list[Splice]:
        span, location = link.span("location"), link.get("location")
        if span is None or not location:
            return []
        return replaced(link.xml, span, shift_location(location, self._home, self._shift))

    def _dimension(self, element: Element) -> list[Splice]:
        """The used range holds the new rows, and is A1 when no cell is left."""
        span, shift = element.span("ref"), self._shift
        moved = self._moved(element.get("ref") or "", "never") or "A1"
        if span is None:
            return []
        if shift.count > 0:
            moved = _down_to(moved, min(shift.at + shift.count - 1, MAX_ROW))
        return replaced(element.xml, span, moved)

    def _view(self, element: Element) -> list[Splice]:
        return follow_view(element, self._shift)

    def _selection(self, element: Element) -> list[Splice]:
        return follow_selection(element, self._shift)

    def _merge(self, element: Element) -> list[Splice] | None:
        """Merged cells only move and stretch; one cell is not merged any more."""
        splices = self._ruled(element, RULES["mergeCell"])
        moved = self._moved(element.get("ref") or "", "never")
        return splices if moved is not None and ":" in moved else None

    def _anchor(self, element: Element) -> list[Splice]:
        """A control's or object's place; the attributes are both false by default."""
        moves, sizes = (
            element.get(name) in {"1", "true"} for name in ("moveWithCells", "sizeWithCells")
        )
        hold: Hold = "twoCell" if sizes else "oneCell" if moves else "absolute"
        return follow_anchor(element, hold, self._shift)

    def _row_breaks(self, breaks: Element) -> list[Splice] | None:
        """A break stands above a row and goes with it; `id` is that row, counted from 0."""
        splices: list[Splice] = []
        left: dict[int, Element] = {}
        for one in breaks.under("brk"):
            moved = move_row(int(one.get("id") or 0) + 1, self._shift)
            if moved is None or moved in left:
                splices.append((one.start, one.end, b""))
                continue
            left[moved] = one
            span = one.span("id")
            splices += [] if span is None else replaced(one.xml, span, str(moved - 1))
        if not left:
            return None if breaks.children else []
        manual = sum(one.get("man") in {"1", "true"} for one in left.values())
        counts = set_count(breaks, len(left)) + set_count(breaks, manual, "manualBreakCount")
        return splices + (counts if len(left) < len(list(breaks.under("brk"))) else [])


def _sqref_of(element: Element) -> str | None:
    place = element.child("sqref")
    return element.get("sqref") if place is None else place.text()


def _down_to(ref: str, row: int) -> str:
    """The range made to reach down to `row`, keeping its columns."""
    first, _, last = ref.partition(":")
    last = last or first
    if int(last.lstrip("$ABCDEFGHIJKLMNOPQRSTUVWXYZ")) >= row:
        return ref
    return f"{first}:{last.rstrip('0123456789')}{row}"
