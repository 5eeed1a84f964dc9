"""`write_demo`: the ledgers of an invented bureau of any size, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zhubao.core.errors import UsageError
from zhubao.core.period import Month
from zhubao.core.theme import load_theme
from zhubao.demo.blueprint import DEFAULT_END, Blueprint, scaled
from zhubao.demo.bureau_rows import live_through, workbooks
from zhubao.demo.names import BUREAU
from zhubao.demo.people import UNASSIGNED_DISTRICT
from zhubao.ledger.blank import write_ledger
from zhubao.ledger.config import CONFIG_NAME, default_config_text

Progress = Callable[[float], None]  # the share of the work that is done, 0 to 1
MOST_HOUSEHOLDS = 200_000
MOST_MONTHS = 120
_SMALL = 5_000  # households up to which memory does not matter
_LIVING = 0.1  # share of the work that is inventing; the rest is writing


class _Meter:
    """Turns households lived through and rows written into a share of the whole."""

    def __init__(self, plan: Blueprint, progress: Progress | None) -> None:
        households = plan.occupied + plan.exited
        self._progress = progress or (lambda _: None)
        self._living = _LIVING / max(1, households)
        rows = households * (2 * len(plan.months) + 12)  # about: charges, receipts, all the rest
        self._writing = (1 - _LIVING) / rows
        self._share = 0.0

    def lived(self) -> None:
        """One more household."""
        self._add(self._living)

    def wrote(self, rows: int) -> None:
        """So many more rows."""
        self._add(self._writing * rows)

    def finish(self) -> None:
        """All done, whatever the estimate was."""
        self._progress(1.0)

    def _add(self, part: float) -> None:
        self._share = min(0.99, self._share + part)
        self._progress(self._share)


def write_demo(
    directory: Path,
    *,
    households: int,
    months: int,
    seed: int,
    end: Month = DEFAULT_END,
    progress: Progress | None = None,
) -> list[Path]:
    """Write a bureau folder: `ledgers/` with eight workbooks and zhubao.toml; returns their paths.

    `households` are the tenants of the last `months` months up to `end`; applicants on the waiting
    list and recipients of a subsidy come on top. The ledgers are without fault: no check finds
    anything. UsageError when a size is out of range.
    """
    _require("家庭数", households, MOST_HOUSEHOLDS)
    _require("月数", months, MOST_MONTHS)
    plan = scaled(households, months, seed, end)
    meter = _Meter(plan, progress)
    books = workbooks(live_through(plan, meter.lived))
    folder = directory / "ledgers"
    paths = [write_config(folder, plan)]
    theme = load_theme(None)
    for name in list(books):
        path = folder / f"{name}.xlsx"
        large = households > _SMALL
        write_ledger(
            path, name, books.pop(name), theme, constant_memory=large, progress=meter.wrote
        )
        paths.append(path)
    meter.finish()
    return paths


def write_config(folder: Path, plan: Blueprint) -> Path:
    """zhubao.toml beside the workbooks, with the cut-off date pinned to the period's end."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / CONFIG_NAME
    text = default_config_text(BUREAU, UNASSIGNED_DISTRICT, plan.as_of)
    path.write_text(text, encoding="utf-8")
    return path


def _require(what: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise UsageError(f"{what}应在 1 到 {most} 之间，给的是 {value}")
