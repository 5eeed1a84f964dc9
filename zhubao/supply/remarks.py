"""Remarks that say whom a unit is for, beside whatever a clerk has written."""

from __future__ import annotations

_SEPARATOR = "；"
_SAID = ("已调配给", "已冻结给")


def joined(remark: str | None, words: str) -> str:
    """The remark with these words behind it; as it is where it has them already."""
    if remark and words in remark.split(_SEPARATOR):
        return remark
    return f"{remark}{_SEPARATOR}{words}" if remark else words


def without_project(remark: str | None, project: str) -> str | None:
    """The remark without the words that reserve the unit for the project; None when empty."""
    own = {f"{said}{project}" for said in _SAID}
    parts = (remark or "").split(_SEPARATOR)
    return _SEPARATOR.join(part for part in parts if part.strip() not in own) or None
