"""Which ledger table a sheet holds: by its name, else by its header row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from zhubao.core.finding import Severity, declare
from zhubao.excel.columns import ColumnSpec
from zhubao.excel.sheet import RawSheet
from zhubao.ledger.config import LedgerConfig
from zhubao.ledger.model import LedgerRow

Model = type[LedgerRow]

SHEET_UNKNOWN = declare(
    "LG-111",
    "表没有认出来",
    Severity.NOTICE,
    "“{sheet}”的表名和表头都不像任何台账表，没有读取",
    "如果它是台账，请改用规定的表名，或在 zhubao.toml 的 [aliases] 里登记它的叫法",
    bad="工作簿里有一张“Sheet3”，表头是“甲、乙、丙”",
    good="每张表的名称或表头都能对上一张台账表",
)
SHEET_AMBIGUOUS = declare(
    "LG-112",
    "表认不准",
    Severity.ERROR,
    "“{sheet}”可能是：{candidates}，没有读取",
    "把表名改成其中正确的一个后重新检查",
    bad="一张“Sheet1”的表头同时符合两张台账表",
    good="表名就是台账表的名称",
)
HEADER_UNKNOWN = declare(
    "LG-113",
    "表头没有认出来",
    Severity.ERROR,
    "“{sheet}”按名称是台账表，但前几行里找不到它的表头",
    "检查表头行是否被删去或改名；应有的表头见 zhubao schema {schema}",
    bad="“应收”表的第一行就是数据",
    good="“应收”表有一行表头",
)
NOTHING_KNOWN = declare(
    "LG-114",
    "没有认出任何台账表",
    Severity.ERROR,
    "没有认出任何台账表，这个文件没有检查",
    "确认选对了文件；表名、表头的规定写法见 zhubao schema",
    bad="检查一个与台账无关的工作簿",
    good="工作簿里至少有一张台账表",
)

_LOWEST_SCORE = 0.5
_NEAR = 0.95  # two models whose scores are this close cannot be told apart

_YEAR_BEFORE = re.compile(r"^(?:19|20)\d{2}(?:年度|年|[-_.]|(?=\D))")
_MONTH_BEFORE = re.compile(r"^(?:上半年|下半年|第?[一二三四1-4]季度|1?\d月份?)")
_AFTER = re.compile(
    r"(?:\(.*\)|[-_.]?(?:19|20)\d{2}(?:年度|年)?(?:上半年|下半年)?|[-_.]?1?\d月份?|第?[一二三四1-4]季度"
    r"|[-_.]?\d{1,2}|续)$"
)
_KIND_WORDS = ("登记表", "明细表", "台账", "台帐", "表")


@dataclass(frozen=True, slots=True)
class Naming:
    """The sheet names, in one form, that lead to each model."""

    models: dict[str, tuple[Model, ...]]

    @classmethod
    def of(cls, models: Iterable[Model], config: LedgerConfig) -> Naming:
        """The names of these models: declared, aliases, and the bureau's own."""
        found: dict[str, tuple[Model, ...]] = {}
        for model in models:
            sheet = model.SHEET
            names = (sheet.name, *sheet.aliases, *config.sheet_aliases(sheet.name))
            for key in dict.fromkeys(map(_plain, names)):
                found[key] = (*found.get(key, ()), model)
        return cls(found)

    def matches(self, sheet: str) -> tuple[Model, ...]:
        """The models a sheet's name stands for; the name as written before its shortened forms."""
        for name in _forms(sheet):
            if name in self.models:
                return self.models[name]
        return ()


def best_by_header(
    sheet: RawSheet, models: Iterable[Model], specs_of: Callable[[Model], Sequence[ColumnSpec]]
) -> tuple[Model, ...]:
    """The model whose columns the header shows; several when they cannot be told apart."""
    scores = {model: _score(sheet, specs_of(model)) for model in models}
    best = max(scores.values(), default=(0.0, 0))
    if best[0] < _LOWEST_SCORE:
        return ()
    near = [model for model, score in scores.items() if score[0] >= best[0] * _NEAR]
    most = max(scores[model][1] for model in near)
    return tuple(model for model in near if scores[model][1] == most)


def _score(sheet: RawSheet, specs: Sequence[ColumnSpec]) -> tuple[float, int]:
    """Required columns found (share) × the sheet's columns explained (share); columns found."""
    from zhubao.excel.header import best_header  # seldom: most sheets are known by their name

    header = best_header(sheet, specs)
    if header is None or not header.cells:
        return 0.0, 0
    required = [spec.key for spec in specs if spec.required]
    found = sum(key in header.matched for key in required)
    share = found / len(required) if required else 1.0
    matched = len(header.matched)
    return share * matched / len(header.cells), matched


def _forms(sheet: str) -> Sequence[str]:
    """The name in one form, then without years, numbers and brackets, then without 台账, 表."""
    plain = _plain(sheet)
    forms = [plain, _without_decoration(plain)]
    for word in _KIND_WORDS:
        shortened = [form.removesuffix(word) for form in forms[:2] if form.endswith(word)]
        forms += [*shortened, *map(_without_decoration, shortened)]
    return [form for form in forms if form]


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).lower()


def _without_decoration(name: str) -> str:
    """应收2, 应收(2019), 2019年应收, 2019年上半年应收 → 应收."""
    previous = ""
    while name != previous:
        previous = name
        name = _AFTER.sub("", _MONTH_BEFORE.sub("", _YEAR_BEFORE.sub("", name))) or name
    return name
