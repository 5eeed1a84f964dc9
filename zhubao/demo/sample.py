"""`write_sample`: the sample ledgers, cell for cell the same every time.

The figures of the half-year follow from the counts of `sample_plan`; the two sums of money that
are given exactly are reached here: receipts by part payments of old debts, remittances by what
was still due for the half-year before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zhubao.core.money import format_yuan
from zhubao.core.theme import Theme, load_theme
from zhubao.demo.accounts import Payment
from zhubao.demo.bureau_rows import Bureau, WorkbookRows, live_through, workbooks
from zhubao.demo.mistakes import STRAY_COLUMN, with_mistakes
from zhubao.demo.rent_rows import remittance_row, remittance_rows
from zhubao.demo.sample_plan import CITY_RENT_REMITTED, EARLIER_PERIOD, RENT_RECEIVED, SAMPLE
from zhubao.demo.streams import stream
from zhubao.demo.synthetic import write_config
from zhubao.demo.wear import overwrite_cells, read_number
from zhubao.ledger import arrears, tenants
from zhubao.ledger.blank import write_ledger
from zhubao.ledger.dress import Dress

Row = dict[str, Any]
_STRAY_REF = "S"  # the first column after the last of 房源
_FIRST_ROW = 5  # of the records of a sheet with title, maker's line and a header of two rows


def write_sample(directory: Path) -> None:
    """Write the eight sample workbooks and zhubao.toml into the ledgers folder `directory`."""
    bureau = live_through(SAMPLE)
    reach_receipts(bureau, RENT_RECEIVED)
    books = workbooks(bureau)
    books["arrears"][arrears.Remittance] = sample_remittances(bureau)
    write_config(directory, SAMPLE)
    theme = load_theme(None)
    for name, rows in books.items():
        _write(directory / f"{name}.xlsx", name, rows, theme)
    _wear(directory, bureau)


def reach_receipts(bureau: Bureau, target: int) -> None:
    """Add part payments of old debts until the receipts add up to `target` fen.

    ValueError when they are already above it or the debts are too small: then the plan's share of
    higher rents has to be changed.
    """
    history = bureau.history
    missing = target - history.received
    if missing < 0:
        raise ValueError(f"receipts are {format_yuan(-missing)} above the target")
    rng = stream(SAMPLE.seed, "part payments")
    for account in history.debtors:
        part = min(missing, account.owed // 2 // 1000 * 1000)
        if part > 0:
            month = rng.choice(SAMPLE.months[3:])
            day = month.first_day + dt.timedelta(days=rng.randint(2, 25))
            note = "补缴历史欠租"
            home = account.home.no
            history.payments.append(Payment(day, home, part, None, account.method, note))
            missing -= part
    if missing:
        raise ValueError(f"receipts are {format_yuan(missing)} below the target")
    history.payments.sort(key=lambda payment: payment[:3])


def sample_remittances(bureau: Bureau) -> list[Row]:
    """Rows of 租金汇缴: the months' receipts, and before them the rest of the half-year before."""
    monthly = list(remittance_rows(bureau.town, bureau.history))
    city = sum(row["amount"] for row in monthly if row["ownership"] == "市级")
    earlier = remittance_row(
        0, "市级", EARLIER_PERIOD, dt.date(2020, 1, 15), CITY_RENT_REMITTED - city
    )
    rows = [earlier, *monthly]
    return [{**row, "remittance_no": f"HJ{number:04d}"} for number, row in enumerate(rows, 1)]


def _write(path: Path, name: str, rows: WorkbookRows, theme: Theme) -> None:
    wrong = {model: with_mistakes(model, part) for model, part in rows.items()}
    dress = _dress() if name in ("tenants", "arrears") else None
    write_ledger(path, name, wrong, theme, dress=dress)


def _dress() -> Dress:
    return Dress(
        bureau=SAMPLE.bureau,
        made_on=SAMPLE.as_of,
        groups={
            tenants.Household: {
                "申请人": ("applicant", "phone"),
                "家庭情况": ("size", "hardship"),
                "退出": ("exited_on", "exit_reason"),
            },
            tenants.Lease: {"租期": ("starts_on", "ends_on")},
            arrears.Charge: {"租金（元）": ("standard", "amount")},
            arrears.Receipt: {"收款": ("received_on", "amount")},
        },
        footnotes={
            tenants.WaitingEntry: (
                "注：2019年底轮候322户、首次摇号337户、上半年配租362户，三个数口径不同。"
            ),
            arrears.Charge: "注：应收金额为标准租金减去减免后的数。",
            arrears.Remittance: "注：市级产权汇缴含上年下半年部分，与本期收缴口径不同。",
        },
    )


def _wear(directory: Path, bureau: Bureau) -> None:
    """Some amounts typed as text, and a column of the clerk's own."""
    path = directory / "arrears.xlsx"
    amounts = dict(_as_text(path, "实收", _receipts_typed_as_text(bureau)))
    opening = dict(_as_text(path, "期初欠租", ("C9", "C31")))
    overwrite_cells(path, {"实收": amounts, "期初欠租": opening})
    keys = {f"{_STRAY_REF}{row}": f"YS-{row:03d}" for row in range(2, 12)}
    stray = {f"{_STRAY_REF}1": STRAY_COLUMN, **keys}
    overwrite_cells(directory / "units.xlsx", {"房源": stray})


def _receipts_typed_as_text(bureau: Bureau) -> tuple[str, ...]:
    """The amounts of the two largest receipts and of an ordinary one."""
    payments = bureau.history.payments
    by_size = sorted(range(len(payments)), key=lambda index: -payments[index].amount)
    return tuple(f"D{_FIRST_ROW + index}" for index in (*by_size[:2], 13))


def _as_text(path: Path, sheet: str, refs: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for ref in refs:
        yield ref, f"{float(read_number(path, sheet, ref)):,.2f}元"


if __name__ == "__main__":
    write_sample(Path("ledgers"))
