"""The household a clerk names on the command line; a wrong number is answered with near ones."""

from __future__ import annotations

import difflib
import re

from zhubao.core.errors import UsageError
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household, Lease
from zhubao.rent.receipts.signs import NumberFinder, name_key

_NEAR = 3


def resolve_household(text: str, loaded: Loaded) -> str:
    """The household number meant: as in the ledger, in any width and case, JT123 for JT000123.

    Raises `UsageError` for anything else; its advice names the numbers nearest to it, or the
    household of a lease number or of an applicant's name. Nothing is taken on a guess.
    """
    numbers = [one for one in loaded.get(Household).column("household_no") if one]
    owner = NumberFinder({number: number for number in numbers}).owner(text)
    if owner is not None:
        return owner
    advice = _of_lease(text, loaded) or _of_name(text, loaded) or _near(text, numbers)
    raise UsageError(f"保障家庭台账里没有编号“{text}”", advice=advice)


def _of_lease(text: str, loaded: Loaded) -> str:
    table = loaded.get(Lease)
    pairs = zip(table.column("lease_no"), table.column("household_no"), strict=True)
    owner = NumberFinder({code: number for code, number in pairs if code and number}).owner(text)
    return f"这是 {owner} 的合同编号，请写家庭编号 {owner}" if owner else ""


def _of_name(text: str, loaded: Loaded) -> str:
    table = loaded.get(Household)
    pairs = zip(table.column("applicant"), table.column("household_no"), strict=True)
    key = name_key(text)
    found = [number for name, number in pairs if name and number and name_key(name) == key]
    return f"这个名字的家庭：{'、'.join(found[:_NEAR])}。请写家庭编号" if found else ""


def _near(text: str, numbers: list[str]) -> str:
    key = text.strip().upper()
    same = [number for number in numbers if _without_zeros(number) == _without_zeros(key)]
    near = same[:_NEAR] or difflib.get_close_matches(key, numbers, n=_NEAR, cutoff=0.75)
    if near:
        return f"是不是 {'、'.join(near)}？请核对后再写"
    return "请在 tenants.xlsx 的保障家庭表里查到编号再写"


def _without_zeros(number: str) -> str:
    """JT00012 and JT000012 differ in zeros only: the likeliest slip."""
    return re.sub(r"(?<![0-9])0+", "", number.upper())
