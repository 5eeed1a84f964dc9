"""Sheets that were not found, or are there but could not be read: said, or refused."""

from __future__ import annotations

from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.ledger.bureau import CONFIGURED_MISSING, SHEET_MISSING, WORKBOOK_MISSING
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.recognise import HEADER_UNKNOWN, SHEET_AMBIGUOUS

UNREAD = frozenset({HEADER_UNKNOWN.code, SHEET_AMBIGUOUS.code})  # findings that say so
_NOT_FOUND = frozenset({CONFIGURED_MISSING.code, SHEET_MISSING.code, WORKBOOK_MISSING.code})
_ADVICE = (
    "请核对台账；表名另有叫法的，在 zhubao.toml 的 [aliases] 里登记；"
    "本来没有记录的，也要有一张只有表头的“{sheet}”表（zhubao init 的空白台账里有）。"
)


def absent(loaded: Loaded) -> tuple[Finding, ...]:
    """What loading said of workbooks and sheets whose rows count as no data.

    Not found (LG-115, LG-116, LG-118), or there with a header that was not recognised. A report
    whose figures stand on those sheets carries them: a 0 there may be no 0.
    """
    return tuple(one for one in loaded.findings if one.code in _NOT_FOUND | UNREAD)


def unread(loaded: Loaded, model: type[LedgerRow]) -> Finding | None:
    """What was found wrong with a sheet that is there and of which no row was read, else None."""
    if len(loaded.get(model)):
        return None
    names = {model.SHEET.name, *model.SHEET.aliases}
    faults = (one for one in loaded.findings if one.code in UNREAD and one.where)
    return next((one for one in faults if one.where and one.where.sheet in names), None)


def refuse_unread(loaded: Loaded, *models: type[LedgerRow], why: str = "不能写入") -> None:
    """`UsageError` when a sheet is there, but its header was not recognised; `why` it matters.

    What it holds would be unknown: numbers given twice, money booked twice.
    """
    for model in models:
        found = unread(loaded, model)
        if found is not None:
            raise UsageError(
                f"“{model.SHEET.name}”表没有读出来，{why}：{found.message}",
                where=str(found.where),
                advice=found.advice,
            )


def refuse_missing(loaded: Loaded, why: str, *models: type[LedgerRow]) -> None:
    """`UsageError` when a sheet that decides was not found or not recognised; `why` it matters.

    A sheet without rows passes: that there is nothing in it is known.
    """
    refuse_unread(loaded, *models, why=why)
    for model in models:
        if not loaded.get(model).segments:
            sheet = model.SHEET
            raise UsageError(
                f"没有读到“{sheet.name}”表，{why}",
                where=f"{sheet.workbook}.xlsx",
                advice=_ADVICE.format(sheet=sheet.name),
            )


def refuse_none_found(loaded: Loaded, why: str, *models: type[LedgerRow]) -> None:
    """`UsageError` when not one of the sheets was found or recognised."""
    if not any(loaded.get(model).segments for model in models):
        refuse_missing(loaded, why, *models)
