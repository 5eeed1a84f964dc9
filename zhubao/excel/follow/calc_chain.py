"""The calculation chain (`xl/calcChain.xml`): the list of cells that hold formulas."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

from zhubao.excel.address import make_ref, parse_ref
from zhubao.excel.formula.ranges import move_row
from zhubao.excel.guard import Unusual
from zhubao.excel.shift import Shift

_ENTRY = re.compile(rb"""<((?:[\w.-]+:)?)c((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*+)\s*/>\s*""")
_OTHER_FORM = re.compile(rb"<(?:[\w.-]+:)?c(?=[\s/>])[^>]*[^/]>|<!")
_REF = re.compile(rb"""(?<=\s)r\s*=\s*["']([A-Z]{1,3}[0-9]{1,7})["']""")
_SHEET = re.compile(rb"""(?<=\s)i\s*=\s*["']([0-9]+)["']""")


def follow_calc_chain(
    xml: bytes, sheet_id: int, shift: Shift, added: Collection[str], removed: Collection[str]
) -> bytes | None:
    """The chain after the shift on the sheet of that id; None when no entry is left.

    `added` and `removed` are references of formulas that came and went, in final coordinates. An
    entry without `i` is of the sheet of the entry before it; where that one goes, `i` is written
    out. Unusual for a chain that is written in another way.
    """
    entries = list(_ENTRY.finditer(xml))
    apart = any(one.end() != other.start() for one, other in pairwise(entries))
    if apart or _OTHER_FORM.search(xml):
        raise Unusual
    if not entries:
        return None
    chain = _Chain(sheet_id, shift, frozenset(removed))
    kept = list(chain.followed(entries))
    prefix = entries[0][1]
    kept += [
        b'<%bc r="%b" i="%d"/>' % (prefix, ref.encode(), sheet_id)
        for ref in dict.fromkeys(added)
        if ref not in chain.present
    ]
    if not kept:
        return None
    return b"".join((xml[: entries[0].start()], *kept, xml[entries[-1].end() :]))


class _Chain:
    """One pass over the entries."""

    def __init__(self, sheet_id: int, shift: Shift, removed: frozenset[str]) -> None:
        self._sheet_id = sheet_id
        self._shift = shift
        self._removed = removed
        self.present: set[str] = set()

    def followed(self, entries: list[re.Match[bytes]]) -> Iterator[bytes]:
        """The entries that stay, as they will be written."""
        meant = written = 0
        for entry in entries:
            named = _SHEET.search(entry[2])
            meant = int(named[1]) if named else meant
            text: bytes | None = entry[0]
            if meant == self._sheet_id:
                text = self._moved(entry)
            if text is None:
                continue
            if not named and meant != written:
                text = self._with_sheet(text, meant)
            written = meant
            yield text

    def _moved(self, entry: re.Match[bytes]) -> bytes | None:
        ref = _REF.search(entry[2])
        if ref is None:
            raise Unusual
        row, column = parse_ref(ref[1].decode())
        moved = move_row(row, self._shift)
        place = "" if moved is None else make_ref(moved, column)
        if not place or place in self._removed:
            return None
        self.present.add(place)
        start = entry.start(2) - entry.start()
        text = entry[0]
        return text[: start + ref.start(1)] + place.encode() + text[start + ref.end(1) :]

    @staticmethod
    def _with_sheet(text: bytes, sheet_id: int) -> bytes:
        end = text.rindex(b"/>")
        return text[:end].rstrip() + b' i="%d"' % sheet_id + text[end:]
