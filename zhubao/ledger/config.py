"""ledgers/zhubao.toml: the bureau's name, file names, header aliases, policy overrides, targets."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from zhubao.core.errors import BureauError
from zhubao.core.finding import Cell, Finding, Severity, declare

CONFIG_NAME = "zhubao.toml"
SHEET_NAMES_KEY = "表名"  # in [aliases."应收"]: other names of the sheet itself
_KEYS = ("bureau", "district_code", "as_of", "files", "aliases", "policy", "targets")
_LINE = re.compile(r"at line (\d+)")

CONFIG_UNKNOWN = declare(
    "LG-121",
    "配置里有不认识的项",
    Severity.NOTICE,
    "第 {line} 行的“{key}”没有用处，已忽略",
    "检查有没有写错字；可用的项见配置文件里的说明",
    bad='zhubao.toml 写了 bureu = "某某局"',
    good='zhubao.toml 写了 bureau = "某某局"',
)


@dataclass(frozen=True, slots=True)
class LedgerConfig:
    """The configuration of one bureau; every part has a default."""

    bureau: str = ""
    district_code: str = ""
    as_of: dt.date | None = None  # a pinned cut-off date; None = given on the command line
    # workbook stem → file name
    files: Mapping[str, str] = field(default_factory=dict)
    # sheet → header → more names
    aliases: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    policy: Mapping[str, Any] = field(default_factory=dict)
    targets: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = field(default=(), compare=False)

    def sheet_aliases(self, sheet: str) -> tuple[str, ...]:
        """The bureau's own names of a sheet."""
        return self.aliases.get(sheet, {}).get(SHEET_NAMES_KEY, ())

    def header_aliases(self, sheet: str, header: str) -> tuple[str, ...]:
        """The bureau's own names of a column."""
        return self.aliases.get(sheet, {}).get(header, ())


def load_config(path: Path) -> LedgerConfig:
    """Read the configuration; defaults when there is no file, BureauError when it is unusable."""
    if not path.exists():
        return LedgerConfig()
    text = _text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        found = _LINE.search(str(fault))
        line = int(found.group(1)) if found else text.count("\n") + 1
        raise _unusable(path, line, f"写法有误（{fault}）") from fault
    return _Reader(path, text, data).config()


def check_names(
    config: LedgerConfig, workbooks: Sequence[str], headers: Mapping[str, Sequence[str]]
) -> list[Finding]:
    """Notices for files, sheets and headers named in the configuration that do not exist.

    `headers` maps each sheet of the declaration to its headers.
    """
    unknown = [("files", name) for name in config.files if name not in workbooks]
    for sheet, columns in config.aliases.items():
        if sheet not in headers:
            unknown.append(("aliases", sheet))
            continue
        allowed = {*headers[sheet], SHEET_NAMES_KEY}
        unknown += [(f"aliases.{sheet}", name) for name in columns if name not in allowed]
    where = Cell(CONFIG_NAME)
    return [UNKNOWN_NAME.at(where, table=table, key=key) for table, key in unknown]


UNKNOWN_NAME = declare(
    "LG-122",
    "配置里提到的名称不存在",
    Severity.NOTICE,
    "[{table}] 里的“{key}”不是台账里的名称，已忽略",
    "用 zhubao schema 查看工作簿、表和表头的名称",
    bad='[aliases."应收表"]（表名应为“应收”）',
    good='[aliases."应收"]',
)


def default_config_text(bureau: str, district_code: str, as_of: dt.date | None = None) -> str:
    """The commented configuration that a new bureau starts with."""
    pinned = f"as_of = {as_of.isoformat()}" if as_of else "# as_of = 2020-06-30"
    return _TEMPLATE.format(bureau=_quoted(bureau), code=_quoted(district_code), pinned=pinned)


class _Reader:
    """Picks typed values out of the parsed file; a wrong type is a BureauError with its line."""

    def __init__(self, path: Path, text: str, data: dict[str, Any]) -> None:
        self._path, self._lines, self._data = path, text.splitlines(), data

    def config(self) -> LedgerConfig:
        return LedgerConfig(
            bureau=self._string("bureau"),
            district_code=self._district_code(),
            as_of=self._date("as_of"),
            files=self._files(),
            aliases=self._aliases(),
            policy=self._table("policy"),
            targets=self._table("targets"),
            findings=tuple(self._unknown()),
        )

    def _string(self, key: str) -> str:
        value = self._data.get(key, "")
        if not isinstance(value, str):
            raise self._wrong(key, "应是带引号的文字")
        return value.strip()

    def _district_code(self) -> str:
        code = self._string("district_code")
        if code and not re.fullmatch(r"[0-9]{6}", code):
            raise self._wrong("district_code", "应是六位行政区划代码，例如 430105")
        return code

    def _date(self, key: str) -> dt.date | None:
        value = self._data.get(key)
        if isinstance(value, str):
            value = _date_or_text(value)
        if value is None or type(value) is dt.date:
            return value
        raise self._wrong(key, "应是日期，例如 2020-06-30")

    def _table(self, key: str) -> Mapping[str, Any]:
        value = self._data.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, f"应写成 [{key}] 一节")
        return MappingProxyType(value)

    def _files(self) -> Mapping[str, str]:
        files = self._table("files")
        for key, value in files.items():
            if not isinstance(value, str) or not value.strip():
                raise self._wrong(key, "应是带引号的文件名")
            if Path(value).name != value.strip():
                raise self._wrong(key, "只写文件名，文件放在配置文件旁边")
        return MappingProxyType({key: value.strip() for key, value in files.items()})

    def _aliases(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        result: dict[str, Mapping[str, tuple[str, ...]]] = {}
        for sheet, columns in self._table("aliases").items():
            if not isinstance(columns, dict):
                raise self._wrong(sheet, f'应写成 [aliases."{sheet}"] 一节')
            names = {header: self._names(header, value) for header, value in columns.items()}
            result[sheet] = MappingProxyType(names)
        return MappingProxyType(result)

    def _names(self, header: str, value: object) -> tuple[str, ...]:
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self._wrong(header, '应是文字或文字的列表，例如 ["本月应收"]')
        return tuple(name.strip() for name in names)

    def _unknown(self) -> list[Finding]:
        where = Cell(CONFIG_NAME)
        keys = [key for key in self._data if key not in _KEYS]
        return [CONFIG_UNKNOWN.at(where, key=key, line=self._line_of(key)) for key in keys]

    def _line_of(self, key: str) -> int:
        sought = re.compile(rf"""^\s*\[*(?:\w+\.)?["']?{re.escape(key)}["']?\s*[\]=.]""")
        lines = enumerate(self._lines, 1)
        return next((number for number, line in lines if sought.match(line)), 1)

    def _wrong(self, key: str, demand: str) -> BureauError:
        return _unusable(self._path, self._line_of(key), f"“{key}”{demand}")


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BureauError(
            "配置文件不是 UTF-8 编码",
            where=str(path),
            advice="用记事本打开，另存为，编码选“UTF-8”",
        ) from fault
    except OSError as fault:
        raise BureauError(
            "配置文件读不了", where=str(path), advice="检查文件权限，或是否被别的程序占用"
        ) from fault


def _unusable(path: Path, line: int, message: str) -> BureauError:
    advice = "改正这一行后重试；不确定写法时，可对照 zhubao init 新建的配置文件"
    return BureauError(message, where=f"{path} 第 {line} 行", advice=advice)


def _date_or_text(text: str) -> dt.date | str:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return text


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(ch if ch >= " " else " " for ch in escaped)}"'


_TEMPLATE = """\
# 本局的台账配置。用记事本即可修改，保存时编码选 UTF-8；“#” 后面是说明。

bureau = {bureau}
# 六位行政区划代码
district_code = {code}
# 固定的截止日期：不填时，截止日期由命令给出
{pinned}

# 台账文件名与默认不同时，在这里写明（文件与本配置放在同一文件夹）
[files]
# arrears = "欠租台账.xlsx"
# tenants = "住户台账.xlsx"

# 表名、表头另有叫法时，在这里登记。“表名”登记工作表的叫法，其余登记列的叫法
# [aliases."应收"]
# "表名" = ["租金应收明细"]
# "应收金额" = ["本月应收", "当月租金"]

# 本局的标准与默认不同时，在这里写明
[policy]

# 年度目标，供进度统计
[targets]
"""
