"""Find a parameter by code and date: the bureau's own values first, then the packaged ones.

The part of a code before the first dot names the data file ("rent.price" is in `data/rent.toml`);
a file is parsed when one of its parameters is first asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from zhubao.policy.parameter import DatedValue, Parameter, PolicyUnknown, parse_parameter

DATA = Path(__file__).parent / "data"
Overrides = Mapping[str, Any]  # the [policy] table of zhubao.toml, as parsed


def at(code: str, on: dt.date, overrides: Overrides | None = None) -> Any:
    """The value of parameter `code` in force on the day; raises `PolicyUnknown` when there is none.

    A bureau's own value wins from its `valid_from` on; before that the packaged values hold.
    """
    return in_force(code, on, overrides).value


def in_force(code: str, on: dt.date, overrides: Overrides | None = None) -> DatedValue:
    """The value in force with its source; raises `PolicyUnknown` when there is none."""
    packaged = parameter(code)
    own = _overridden(code, overrides, packaged) if overrides else None
    found = (own.in_force(on) if own else None) or packaged.in_force(on)
    if found is None:
        raise _too_early(packaged, on)
    return found


def basis(code: str, on: dt.date, overrides: Overrides | None = None) -> str:
    """One line for a report: title, source, article and since when; unverified sources say so."""
    value = in_force(code, on, overrides)
    return f"{parameter(code).title}：{value.citation}，{value.valid_from.isoformat()} 起"


def parameter(code: str) -> Parameter:
    """The packaged parameter with this code; raises `PolicyUnknown` when there is none."""
    found = _file_parameters(code.partition(".")[0]).get(code)
    if found is None:
        raise PolicyUnknown(
            f"没有名为 {code} 的政策参数",
            advice="核对 zhubao.toml 的 [policy] 里写的参数名",
        )
    return found


def parameters() -> tuple[Parameter, ...]:
    """Every packaged parameter, by file and in file order."""
    files = sorted(path.stem for path in DATA.glob("*.toml"))
    return tuple(found for stem in files for found in _file_parameters(stem).values())


@cache
def _file_parameters(stem: str) -> Mapping[str, Parameter]:
    import tomllib  # only when a parameter is asked for

    path = DATA / f"{stem}.toml"
    if not stem.isidentifier() or not path.is_file():
        return MappingProxyType({})
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    found = {f"{stem}.{name}": table for name, table in tables.items()}
    return MappingProxyType(
        {code: parse_parameter(code, table, None) for code, table in found.items()}
    )


def _overridden(code: str, overrides: Overrides, packaged: Parameter) -> Parameter | None:
    """The bureau's version: `[policy.rent.price]` and `[policy."rent.price"]` both name it."""
    table: Any = overrides.get(code)
    if table is None:
        group, _, name = code.partition(".")
        table = overrides.get(group, {})
        table = table.get(name) if isinstance(table, Mapping) else None
    return None if table is None else parse_parameter(code, table, packaged)


def _too_early(packaged: Parameter, on: dt.date) -> PolicyUnknown:
    first = packaged.values[0].valid_from.isoformat()
    return PolicyUnknown(
        f"{on.isoformat()} 没有可用的“{packaged.title}”（{packaged.code}）："
        f"已知最早的值自 {first} 起",
        where=f"[policy.{packaged.code}]",
        advice=(
            f"核对日期；确需更早的标准时，在 zhubao.toml 的 [policy.{packaged.code}] "
            "里补一个更早的 valid_from 和文件名称"
        ),
    )
