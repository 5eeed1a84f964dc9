"""What can go wrong with the environment: one hierarchy, turned into message and exit code in cli.

Bad *data* is never an exception; it is a `Finding`.
"""

from __future__ import annotations

EXIT_CLEAN = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_INPUT = 3
EXIT_INTERRUPTED = 130


class ZhubaoError(Exception):
    """A located message for the clerk: what is wrong, where, and what to do about it (Chinese)."""

    exit_code = EXIT_INPUT
    code = "ENV-000"

    def __init__(self, message: str, *, where: str = "", advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.advice = advice

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.where, self.advice))


def _rebuild(kind: type[ZhubaoError], message: str, where: str, advice: str) -> ZhubaoError:
    return kind(message, where=where, advice=advice)


class UsageError(ZhubaoError):
    """The command's words are off: an unknown estate, a date that cannot be, a missing option."""

    exit_code = EXIT_USAGE
    code = "ENV-001"


class BureauError(ZhubaoError):
    """The bureau folder or its configuration is missing or unusable."""

    code = "ENV-010"


class WorkbookError(ZhubaoError):
    """A workbook that cannot be read; subclasses say why."""

    code = "ENV-100"


class WorkbookMissing(WorkbookError):
    """No such file, or no permission to read it."""

    code = "ENV-101"


class WorkbookEmpty(WorkbookError):
    """The file has no bytes."""

    code = "ENV-102"


class WorkbookEncrypted(WorkbookError):
    """The file is protected by a password."""

    code = "ENV-103"


class WorkbookDamaged(WorkbookError):
    """The file is cut off, corrupted, or its parts contradict each other."""

    code = "ENV-104"


class WorkbookUnsupported(WorkbookError):
    """The file is of a kind that is not read: no workbook, or a variant (strict OOXML)."""

    code = "ENV-105"


class WorkbookHostile(WorkbookError):
    """The file would exhaust memory or time, or plays tricks: refused before it is parsed."""

    code = "ENV-106"


class WorkbookTimeout(WorkbookError):
    """Reading took longer than the limit and was given up."""

    code = "ENV-107"


class OutputError(ZhubaoError):
    """A result cannot be written where it was asked for."""

    code = "ENV-200"
