"""The kinds of findings that the house declares, and what is printed of one."""

from __future__ import annotations

import importlib
import pkgutil
import re

from zhubao.core.finding import FINDING_KINDS, FindingKind
from zhubao.core.registry import Registry

_DECLARING = (
    "zhubao.excel",
    "zhubao.ledger",
    "zhubao.rent",
    "zhubao.allocation",
    "zhubao.supply",
    "zhubao.subsidy",
    "zhubao.patrol",
    "zhubao.services",
    "zhubao.audit",
    "zhubao.summary",
)


def load_declarations() -> Registry[FindingKind]:
    """Import every module that declares kinds of findings, and return the registry."""
    for name in _DECLARING:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not module.ispkg and not module.name.endswith("sandbox"):
                importlib.import_module(module.name)
    return FINDING_KINDS


def explanation(kind: FindingKind) -> list[str]:
    """What `zhubao explain` prints of one kind."""
    lines = [f"{kind.code}  {kind.title}（{kind.severity.title}）"]
    message = without_values(kind.template)
    advice = without_values(kind.advice)
    lines += [f"  提示语：{message}", f"  怎么办：{advice}"]
    lines += [f"  依据：{kind.basis}"] if kind.basis else []
    lines += [f"  有问题的例子：{kind.bad}"] if kind.bad else []
    lines += [f"  没问题的例子：{kind.good}"] if kind.good else []
    return lines


def without_values(template: str) -> str:
    """A message template with … where values go."""
    return re.sub(r"\{[^}]*\}", "…", template)
