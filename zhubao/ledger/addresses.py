"""Where a unit's door is: the address as a letter writes it, and the order of walking."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from zhubao.ledger.table import LedgerTable
from zhubao.ledger.units import Unit

_NUMBER = re.compile(r"([0-9]+)")
_NUMERALS = str.maketrans("一二三四五六七八九", "123456789")
_TEN = re.compile(r"(?<![〇零百])([1-9]?)十([1-9]?)")
_FULL_ROOM = 3  # digits: 101 says its floor, 01 does not
_PARTS = ("estate", "building", "entrance", "floor", "room", "location_district")

WalkKey = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address; "" where the ledger has nothing."""

    estate: str = ""
    building: str = ""
    entrance: str = ""
    floor: str = ""
    room: str = ""
    district: str = ""

    @property
    def is_complete(self) -> bool:
        """True when a letter can be delivered: estate, building and room are known."""
        return bool(self.estate and self.building and self.room)

    @property
    def door(self) -> str:
        """Entrance, floor where the room does not say it, and room: 1单元0101室."""
        says_floor = sum(letter.isdigit() for letter in self.room) >= _FULL_ROOM
        floor = "" if says_floor else _with_unit(self.floor, "层")
        return f"{_with_unit(self.entrance, '单元')}{floor}{_with_unit(self.room, '室')}"

    @property
    def block(self) -> str:
        """The building: 1栋."""
        return _with_unit(self.building, "栋")

    @property
    def text(self) -> str:
        """星河区粟塘小区1栋1单元0101室."""
        district = "" if self.estate.startswith(self.district) else self.district
        return f"{district}{self.estate}{self.block}{self.door}"

    @property
    def walk_key(self) -> WalkKey:
        """Sort key of walking: estate, building, entrance, floor, room; unknown estates last."""
        parts = (self.building, self.entrance, self.floor, self.room)
        return (not self.estate, natural_key(self.estate), *(natural_key(part) for part in parts))


def address_of(units: LedgerTable[Unit], row: int) -> Address:
    """The address of one unit of the sheet 房源."""
    texts = (units.column(name)[row] for name in _PARTS)
    return Address(*("" if text is None else str(text) for text in texts))


@lru_cache(maxsize=8192)
def natural_key(text: str) -> WalkKey:
    """Numbers inside text sort as numbers: 2栋 before 10栋, 二栋 before 十栋, １栋 as 1栋."""
    plain = unicodedata.normalize("NFKC", text).translate(_NUMERALS)
    plain = _TEN.sub(lambda found: f"{found[1] or '1'}{found[2] or '0'}", plain)
    parts = _NUMBER.split(plain.strip().upper())
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part)


def _with_unit(text: str, unit: str) -> str:
    """The unit behind a bare number: 1 → 1栋; 1号楼 and A座 stay."""
    return f"{text}{unit}" if text and text[-1].isalnum() and text[-1].isascii() else text
