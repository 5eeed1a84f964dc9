"""The look of every workbook made: fonts, colours, number formats, paper, column widths.

Read from templates/workbook.toml, which a clerk may copy into the bureau's own templates/ and edit.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from zhubao.core.errors import BureauError
from zhubao.core.resources import packaged_dir

_FILE = "workbook.toml"
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_PAPERS = ("A3", "A4")


@dataclass(frozen=True, slots=True)
class Fonts:
    """Font names, best first. A workbook cell carries the first; a web page carries them all."""

    body: tuple[str, ...]
    title: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes and heights in points."""

    body: float
    title: float
    header: float
    note: float
    row_height: float
    header_height: float


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours as #RRGGBB."""

    header_fill: str
    header_text: str
    total_fill: str
    border: str
    warning_fill: str
    error_fill: str
    muted_text: str
    link_text: str


@dataclass(frozen=True, slots=True)
class Formats:
    """Excel number formats by kind of value."""

    count: str
    number: str
    money: str
    date: str
    month: str
    ratio: str


@dataclass(frozen=True, slots=True)
class Widths:
    """Column widths in half-width characters."""

    minimum: float
    maximum: float
    padding: float
    source: float


@dataclass(frozen=True, slots=True)
class Print:
    """Print set-up; margins in centimetres; landscape when the columns together are wider."""

    paper: str
    landscape_over: float
    margin_top: float
    margin_bottom: float
    margin_left: float
    margin_right: float
    footer: str


@dataclass(frozen=True, slots=True)
class Theme:
    """One section of the file each."""

    fonts: Fonts
    sizes: Sizes
    colours: Colours
    formats: Formats
    widths: Widths
    print: Print


_SECTIONS: dict[str, type[Any]] = {
    "fonts": Fonts,
    "sizes": Sizes,
    "colours": Colours,
    "formats": Formats,
    "widths": Widths,
    "print": Print,
}


def load_theme(override_dir: Path | None = None) -> Theme:
    """The packaged look, with what the bureau's own workbook.toml says instead.

    `override_dir` is the bureau's templates folder; it need not exist. BureauError names the file
    and the item when one cannot be used.
    """
    packaged = packaged_dir("templates") / _FILE
    content = _read(packaged)
    theme = _theme(content, packaged)
    own = override_dir / _FILE if override_dir is not None else None
    if own is None or own == packaged or not own.is_file():
        return theme
    overrides = _read(own)
    merged = {name: {**content[name], **_section(overrides, name, own)} for name in _SECTIONS}
    _refuse_unknown(overrides, merged, content, own)
    return _theme(merged, own)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise _unusable(path, str(error)) from error


def _section(content: Mapping[str, Any], name: str, path: Path) -> dict[str, Any]:
    section = content.get(name, {})
    if not isinstance(section, dict):
        raise _unusable(path, f"[{name}] 应为一节")
    return section


def _refuse_unknown(
    overrides: Mapping[str, Any],
    merged: Mapping[str, Mapping[str, Any]],
    known: Mapping[str, Mapping[str, Any]],
    path: Path,
) -> None:
    """A misspelt item would silently have no effect: say so instead."""
    strange = [f"[{name}]" for name in overrides if name not in _SECTIONS]
    strange += [
        f"{name}.{key}" for name in merged for key in merged[name] if key not in known[name]
    ]
    if strange:
        raise _unusable(path, f"不认识的项目 {'、'.join(strange)}")


def _theme(content: Mapping[str, Any], path: Path) -> Theme:
    sections = {
        name: kind(**{item.name: _value(content, name, item, path) for item in fields(kind)})
        for name, kind in _SECTIONS.items()
    }
    return Theme(**sections)


def _value(content: Mapping[str, Any], section: str, item: Any, path: Path) -> Any:
    """One item, of the type its field declares."""
    value = content.get(section, {}).get(item.name)
    usable = _checked(section, item.name, str(item.type), value)
    if usable is None:
        raise _unusable(path, f"{section}.{item.name} 的值不能用：{value!r}")
    return usable


def _checked(section: str, name: str, kind: str, value: Any) -> Any:
    """The value to use, or None."""
    if kind == "float":
        number = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
        return float(value) if number else None
    if section == "fonts":
        named = isinstance(value, list) and value and all(isinstance(one, str) for one in value)
        return tuple(value) if named else None
    if not isinstance(value, str):
        return None
    colour_ok = section != "colours" or _COLOUR.fullmatch(value)
    paper_ok = name != "paper" or value in _PAPERS
    return value if colour_ok and paper_ok else None


def _unusable(path: Path, message: str) -> BureauError:
    return BureauError(
        f"样式文件不能用：{message}",
        where=str(path),
        advice="请对照自带的 templates/workbook.toml 改正，或删去本局的这份文件",
    )
