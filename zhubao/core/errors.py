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


class LedgerWriteError(ZhubaoError):
    """A ledger cannot be changed; nothing was. Subclasses say why."""

    code = "ENV-300"


class LedgerOpen(LedgerWriteError):
    """The workbook is open in Excel, WPS or LibreOffice."""

    code = "ENV-301"


class LedgerChanged(LedgerWriteError):
    """The workbook is no longer as it was when it was read."""

    code = "ENV-302"


class BureauBusy(LedgerWriteError):
    """Another zhubao is changing the ledgers of this bureau."""

    code = "ENV-303"


class LedgerReadOnly(LedgerWriteError):
    """The file or its folder may not be written."""

    code = "ENV-304"


class DiskFull(LedgerWriteError):
    """There is no room for the new version."""

    code = "ENV-305"


class LedgerSigned(LedgerWriteError):
    """The workbook carries a digital signature, which any change would break."""

    code = "ENV-306"


class LedgerNotWritable(LedgerWriteError):
    """The format can be read but not written, or the place to write is not in the sheet."""

    code = "ENV-307"


class FormulaInTheWay(LedgerWriteError):
    """A planned cell holds a formula."""

    code = "ENV-308"


class SheetProtected(LedgerWriteError):
    """The sheet or the workbook's structure is protected."""

    code = "ENV-309"


class RecoveryConflict(LedgerWriteError):
    """An interrupted change cannot be completed or taken back without losing somebody's edit."""

    code = "ENV-310"


class JournalBroken(LedgerWriteError):
    """The journal has been tampered with, or cannot be read."""

    code = "ENV-311"


class PatchUnsound(LedgerWriteError):
    """The new version failed its own check; the ledger was left as it was."""

    code = "ENV-312"
