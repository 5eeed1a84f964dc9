"""Findings: what is wrong with data, where exactly, and what to do about it.

A kind of finding is declared once (code, title, severity, message template, advice, basis);
the reference page, `zhubao explain` and the JSON codes all come from that declaration.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from zhubao.core.registry import Registry

_REF = re.compile(r"([A-Z]*)(\d*)")


class Severity(StrEnum):
    """How bad: an error keeps the row out of calculations; a warning should be looked at."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The word shown to the clerk."""
        return _SEVERITY_TITLES[self]


_SEVERITY_TITLES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTICE: "提示"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a workbook. `ref` is an A1 reference; "" means the sheet, no sheet the file."""

    file: str
    sheet: str = ""
    ref: str = ""

    def __str__(self) -> str:
        return "!".join(part for part in (self.file, self.sheet, self.ref) if part)

    @property
    def position(self) -> tuple[int, int]:
        """(row, column), 1-based, for sorting; (0, 0) when the place is a whole sheet."""
        match = _REF.match(self.ref)
        letters, digits = match.groups() if match else ("", "")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        return int(digits or 0), column


@dataclass(frozen=True, slots=True)
class FindingKind:
    """The declaration of one kind of finding.

    `template` is the Chinese message with `{placeholders}`; `advice` says what the clerk does next;
    `basis` is the regulation and article, or empty; `bad` and `good` are examples.
    """

    code: str
    title: str
    severity: Severity
    template: str
    advice: str
    basis: str = ""
    bad: str = ""
    good: str = ""

    def at(self, where: Cell | None, **values: object) -> Finding:
        """A finding of this kind at `where`; `values` fill the template and the advice."""
        return Finding(
            code=self.code,
            severity=self.severity,
            title=self.title,
            message=self.template.format(**values),
            advice=self.advice.format(**values),
            where=where,
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. Personal data in `message` is masked by whoever makes it."""

    code: str
    severity: Severity
    title: str
    message: str
    advice: str
    where: Cell | None = None

    @property
    def sort_key(self) -> tuple[str, str, int, int, str, str]:
        """By file, sheet, row, column, code."""
        where = self.where or Cell("")
        return (where.file, where.sheet, *where.position, self.code, self.message)


FINDING_KINDS: Registry[FindingKind] = Registry("finding kinds")


def declare(
    code: str,
    title: str,
    severity: Severity,
    template: str,
    advice: str,
    *,
    basis: str = "",
    bad: str = "",
    good: str = "",
) -> FindingKind:
    """Declare and register a kind of finding."""
    return FINDING_KINDS.add(FindingKind(code, title, severity, template, advice, basis, bad, good))


def has_errors(findings: list[Finding]) -> bool:
    """True when any finding is of error severity."""
    return any(finding.severity is Severity.ERROR for finding in findings)
