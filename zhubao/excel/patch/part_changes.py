"""The parts beside the worksheets that change with a patch, each changed as often as need be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zhubao.excel.follow.calc_chain import follow_calc_chain
from zhubao.excel.follow.part import follow_part
from zhubao.excel.patch.workbook_parts import WorkbookParts
from zhubao.excel.patch.workbook_xml import without_part
from zhubao.excel.shift import Shift

_CONTENT_TYPES = "[Content_Types].xml"


class PartChanges:
    """Parts by the name the package gives them, as they will be written."""

    def __init__(self, parts: WorkbookParts) -> None:
        self._parts = parts
        self.changed: dict[str, bytes] = {}
        self._dropped: set[str] = set()

    @property
    def dropped(self) -> frozenset[str]:
        """Parts that are left out."""
        return frozenset(self._dropped)

    def now(self, part: str) -> bytes:
        """The part as it stands so far."""
        name = self._name(part)
        return self.changed[name] if name in self.changed else self._parts.read(part)

    def put(self, part: str, xml: bytes) -> None:
        """Replace a part, or add it."""
        self.changed[self._name(part)] = xml

    def edit(self, part: str, change: Callable[[bytes], bytes]) -> None:
        """Change a part, if anything comes of it."""
        before = self.now(part)
        after = change(before)
        if after != before:
            self.put(part, after)

    def follow(self, shift: Shift) -> None:
        """Whatever names rows of the shifted sheet, in every part but the worksheets."""
        self.edit(self._parts.workbook, lambda xml: follow_part("workbook", xml, shift, None))
        for kind, part, home in self._parts.followers():
            self.edit(part, lambda xml, k=kind, h=home: follow_part(k, xml, shift, h))  # type: ignore[misc]

    def follow_calculation(
        self,
        shifts: Sequence[Shift],
        added: Mapping[str, Sequence[str]],
        removed: Mapping[str, set[str]],
    ) -> None:
        """The calculation chain: formulas that moved, came, went. It goes when none is left."""
        part = self._parts.part_named("calcChain")
        if part is None:
            return
        for name in dict.fromkeys([*(s.sheet for s in shifts), *added, *removed]):
            xml = self.now(part)
            shift = next((one for one in shifts if one.sheet == name), Shift(name, 1, 0))
            number = self._parts.sheet_ids.get(name, 0)
            after = follow_calc_chain(
                xml, number, shift, list(added.get(name, ())), removed.get(name, set())
            )
            if after is None:
                self._drop(part)
                return
            if after != xml:
                self.put(part, after)

    def _drop(self, part: str) -> None:
        folder, _, stem = self._parts.workbook.rpartition("/")
        relations = f"{folder}/_rels/{stem}.rels" if folder else f"_rels/{stem}.rels"
        self._dropped.add(self._name(part))
        self.changed.pop(self._name(part), None)
        for listing in (relations, _CONTENT_TYPES):
            self.edit(listing, lambda xml: without_part(xml, part))

    def _name(self, part: str) -> str:
        return self._parts.written_name(part) if part in self._parts.package else part
