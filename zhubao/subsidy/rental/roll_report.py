"""The payment roll as a report: the roll, totals by tier and community, who is not paid and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zhubao.core.capitals import amount_in_capitals
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Finding
from zhubao.core.masking import mask_account, mask_name
from zhubao.core.money import format_yuan, yuan
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import PaymentStatus, SubsidyGrant, SubsidyPayment
from zhubao.subsidy.rental.bank_file import Transfer
from zhubao.subsidy.rental.exclusions import Exclusion
from zhubao.subsidy.rental.roll import Line, Roll, digits_of, reasons_of
from zhubao.subsidy.rental.roll_change import Settled
from zhubao.subsidy.rental.signin import NO_COMMUNITY

_SHOWN = 15
_ID, _COUNT, _MONEY = ValueKind.IDENTITY, ValueKind.COUNT, ValueKind.MONEY
_SIGNERS = ("制表", "复核", "分管领导", "日期")


def roll_report(
    roll: Roll,
    *,
    on_paper: bool = False,
    bureau: str = "",
    findings: tuple[Finding, ...] = (),
) -> Report:
    """`on_paper`: full names and accounts for the file that is signed; otherwise masked."""
    quarter = roll.order.quarter
    return Report(
        code="subsidy.roll",
        title=f"租赁补贴发放表（{quarter.title}）",
        bureau=bureau,
        as_of=roll.order.on,
        period=quarter.title,
        tables=(
            _roll(roll, on_paper=on_paper),
            _totals(roll, "tier", "按保障类型", "保障类型", lambda line: _tier(roll, line)),
            _totals(roll, "community", "按社区", "社区", lambda line: _community(roll, line)),
            _reasons(roll),
            _refused(roll),
            _cut(roll),
        ),
        notes=_notes(roll),
        references=roll.citations,
        findings=findings,
        facts={
            "roll_no": roll.roll_no,
            "quarter": quarter.label,
            "households": len(roll.lines),
            "amount": yuan(roll.total),
            "amount_in_capitals": amount_in_capitals(roll.total),
            "refused": len(roll.refused),
            "reasons": {str(reason): count for reason, count in reasons_of(roll.refused).items()},
        },
    )


def settle_report(settled: Settled, *, bureau: str = "") -> Report:
    """Payments that change their state."""
    table = settled.loaded.get(SubsidyPayment)
    names = ("payment_no", "household_no", "quarter", "amount")
    rows = [
        Row(
            (
                *(table.column(name)[row] for name in names),
                str(table.column("status")[row]),
                str(values["status"]),
            ),
            (table.cell(row, "status"),),
        )
        for row, values in zip(settled.rows, settled.values, strict=True)
    ]
    return Report(
        code="subsidy.roll.settle",
        title=settled.title,
        bureau=bureau,
        tables=(
            Table(
                "payments",
                f"发放（{len(rows):,} 笔）",
                (
                    Column("payment_no", "发放编号", _ID),
                    Column("household_no", "家庭编号", _ID),
                    Column("quarter", "季度", _ID),
                    Column("amount", "金额", _MONEY),
                    Column("old", "原来"),
                    Column("new", "改为"),
                ),
                rows,
                totals=("合计", None, None, settled.amount, None, None),
                summable=frozenset({"amount"}),
                shown=_SHOWN,
            ),
        ),
        findings=settled.findings,
        facts={"payments": len(rows), "amount": yuan(settled.amount)},
    )


def transfers_of(roll: Roll) -> list[Transfer]:
    """What the bank is to pay, in the order of the roll."""
    grants, label = roll.loaded.get(SubsidyGrant), roll.order.quarter.label
    found = []
    for line in roll.lines:
        account = roll.account_of(line)
        found.append(
            Transfer(
                payment_no=line.payment_no,
                payee=account.payee,
                bank_account=account.number,
                bank=account.bank,
                amount=line.amount,
                grant_no=grants.column("grant_no")[line.index],
                household_no=grants.column("household_no")[line.index],
                roll_no=roll.roll_no,
                quarter=label,
                months=len(line.months),
                purpose=f"{label}租赁补贴",
            )
        )
    return found


def transfers_on_record(loaded: Loaded, roll_no: str) -> list[Transfer]:
    """What is still 待发放 of a roll already in the ledger; `UsageError` where nothing is."""
    table, grants = loaded.get(SubsidyPayment), loaded.get(SubsidyGrant)
    banks = dict(zip(grants.column("grant_no"), grants.column("bank"), strict=True))
    rolls, states = table.column("roll_no"), table.column("status")
    found = []
    for row in table.usable("amount", "status"):
        if rolls[row] == roll_no and states[row] is PaymentStatus.PENDING:
            values = table.values(row)
            found.append(
                Transfer(
                    payment_no=values["payment_no"] or "",
                    payee=values["payee"] or "",
                    bank_account=digits_of(values["bank_account"] or ""),
                    bank=banks.get(values["grant_no"]) or "",
                    amount=values["amount"],
                    grant_no=values["grant_no"] or "",
                    household_no=values["household_no"] or "",
                    roll_no=roll_no,
                    quarter=values["quarter"] or "",
                    months=values["months"],
                    purpose=f"{values['quarter'] or ''}租赁补贴",
                )
            )
    if not found:
        raise UsageError(
            f"发放表里没有批次 {roll_no} 的待发放", advice="请核对批次号；已发放的不再出银行文件。"
        )
    return found


def _notes(roll: Roll) -> tuple[str, ...]:
    notes = [
        f"发放批次 {roll.roll_no}：{len(roll.lines):,} 户，合计 {format_yuan(roll.total)} 元",
        f"合计大写：{amount_in_capitals(roll.total)}",
        f"不发 {len(roll.refused):,} 份，原因逐条列在“不发的补贴”",
    ]
    if roll.order.on <= roll.order.quarter.end:
        notes.append(f"{roll.order.quarter.title}还没有结束，以后几个月的变化请在发放前再核对一次")
    if roll.is_late:
        notes.append(f"晚于期限 {roll.deadline}：{roll.order.late.strip()}")
    return tuple(notes)


def _tier(roll: Roll, line: Line) -> str:
    return str(roll.loaded.get(SubsidyGrant).column("tier")[line.index])


def _community(roll: Roll, line: Line) -> str:
    household = roll.loaded.get(SubsidyGrant).column("household_no")[line.index]
    return roll.standing.text(household, "community") or NO_COMMUNITY


def _roll(roll: Roll, *, on_paper: bool) -> Table:
    wide = 3 if on_paper else 2  # a Word page has no room for more
    return Table(
        "roll",
        f"发放表（{len(roll.lines):,} 户）",
        (
            Column("number", "序号", _COUNT, 2),
            Column("payment_no", "发放编号", _ID, wide),
            Column("grant_no", "补贴编号", _ID),
            Column("household_no", "家庭编号", _ID, wide),
            Column("payee", "领取人"),
            Column("tier", "保障类型"),
            Column("community", "社区", level=wide),
            Column("monthly", "月补贴额", _MONEY),
            Column("months", "月数", _COUNT),
            Column("amount", "发放金额", _MONEY),
            Column("bank", "开户银行", level=wide),
            Column("account", "银行账号", _ID),
            *((Column("signature", "　　签领　　"),) if on_paper else ()),
        ),
        [_line(roll, number, line, on_paper=on_paper) for number, line in enumerate(roll.lines, 1)],
        totals=("合计", *([None] * 6), None, None, roll.total, *([None] * (3 if on_paper else 2))),
        summable=frozenset({"amount"}),
        notes=(f"合计大写：{amount_in_capitals(roll.total)}",) if on_paper else (),
        shown=_SHOWN,
        signatures=_SIGNERS,
    )


def _line(roll: Roll, number: int, line: Line, *, on_paper: bool) -> Row:
    grants, account = roll.loaded.get(SubsidyGrant), roll.account_of(line)
    grant, household = (grants.column(name)[line.index] for name in ("grant_no", "household_no"))
    name = account.payee if on_paper else mask_name(account.payee)
    shown = account.number if on_paper else mask_account(account.number)
    values = (number, line.payment_no, grant, household, name, _tier(roll, line))
    values_ = (_community(roll, line), line.monthly, len(line.months), line.amount)
    tail = (account.bank or None, shown, *((None,) if on_paper else ()))
    cells = (grants.cell(line.index, "monthly_amount"), grants.cell(line.index, "bank_account"))
    return Row((*values, *values_, *tail), cells)


def _totals(roll: Roll, key: str, title: str, header: str, name: Callable[[Line], str]) -> Table:
    groups: dict[str, list[Line]] = {}
    for line in roll.lines:
        groups.setdefault(name(line), []).append(line)
    grants = roll.loaded.get(SubsidyGrant)
    rows = [
        Row(
            (one, len(lines), sum(len(line.months) for line in lines), _sum(lines)),
            tuple(grants.cell(line.index, "monthly_amount") for line in lines),
        )
        for one, lines in sorted(groups.items())
    ]
    return Table(
        key,
        title,
        (
            Column("name", header),
            Column("households", "户数", _COUNT),
            Column("months", "月数", _COUNT),
            Column("amount", "金额", _MONEY),
        ),
        rows,
        totals=(
            "合计",
            len(roll.lines),
            sum(len(line.months) for line in roll.lines),
            roll.total,
        ),
        summable=frozenset({"households", "months", "amount"}),
        shown=_SHOWN,
    )


def _sum(lines: Iterable[Line]) -> int:
    return sum(line.amount for line in lines)


def _reasons(roll: Roll) -> Table:
    columns = (Column("reason", "原因"), Column("grants", "份数", _COUNT))
    rows = [Row((str(reason), count)) for reason, count in reasons_of(roll.refused).items()]
    return Table(
        "reasons",
        f"不发的原因（{len(roll.refused):,} 份）",
        columns,
        rows,
        notes=("一份有几条原因的，各计一次",) if rows else (),
    )


def _refused(roll: Roll) -> Table:
    rows = [row for one in roll.refused for row in _reason_rows(roll, one.index, one.reasons)]
    return Table(
        "refused",
        f"不发的补贴（{len(roll.refused):,} 份，每条原因一行）",
        _WHO,
        rows,
        shown=_SHOWN,
    )


def _cut(roll: Roll) -> Table:
    lines = [line for line in roll.lines if line.cut]
    rows = [row for line in lines for row in _reason_rows(roll, line.index, line.cut)]
    return Table("cut", f"少发月份的（{len(lines):,} 户，每条原因一行）", _WHO, rows, shown=_SHOWN)


def _reason_rows(roll: Roll, index: int, reasons: Iterable[Exclusion]) -> list[Row]:
    """One row per reason: the first cell in words, all of them as sources."""
    grants = roll.loaded.get(SubsidyGrant)
    number, household = (grants.column(name)[index] for name in ("grant_no", "household_no"))
    return [
        Row(
            (
                number,
                household,
                str(one.reason),
                _place(one.cells),
                one.words,
                "、".join(map(str, one.months)) or "全季",
            ),
            one.cells,
        )
        for one in reasons
    ]


def _place(cells: Iterable[Cell]) -> str:
    """签到!D12, without the file's name: the sheet says which it is."""
    first = next(iter(cells))
    return f"{first.sheet}!{first.ref}"


_WHO = (
    Column("grant_no", "补贴编号", _ID),
    Column("household_no", "家庭编号", _ID, 2),
    Column("reason", "原因"),
    Column("cell", "单元格", _ID),
    Column("words", "说明", width=44),
    Column("months", "不发的月份", level=2, width=26),
)
