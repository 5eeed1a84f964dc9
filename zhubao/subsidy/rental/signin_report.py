"""The sign-in lists as a report: counts by community, one printable table per community."""

from __future__ import annotations

import datetime as dt

from zhubao.core.finding import Cell, Finding
from zhubao.core.masking import mask_identity, mask_name
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.ledger.subsidies import SubsidyGrant, SubsidySignIn
from zhubao.subsidy.rental.signin import Due, SignInList
from zhubao.subsidy.rental.signin_entry import SignInEntry

_SHOWN = 10
_ID, _COUNT, _DATE = ValueKind.IDENTITY, ValueKind.COUNT, ValueKind.DATE
_SIGNED, _LATE, _ABSENT = "已签", "补签", "未签"


def sign_in_report(
    listed: SignInList,
    *,
    on_paper: bool = False,
    bureau: str = "",
    origin: str = "",
    findings: tuple[Finding, ...] = (),
) -> Report:
    """Counts and lists.

    `on_paper`: full names, and empty columns to sign in; otherwise names are masked.
    """
    groups = listed.by_community()
    lists = [_list(listed, name, due, on_paper=on_paper) for name, due in groups.items()]
    source = f"（{origin}）" if origin else ""
    late = sum(one.late for one in listed.due)
    rate = listed.rate
    return Report(
        code="subsidy.signin",
        title=f"租赁补贴签到表（{listed.quarter.title}）",
        bureau=bureau,
        as_of=listed.as_of,
        period=listed.quarter.title,
        tables=(*(() if on_paper else (_summary(listed),)), *lists),
        notes=()
        if on_paper
        else (
            f"应签到 {rate.denominator:,} 户，已签到 {rate.numerator:,} 户，其中季度结束后补签 "
            f"{late:,} 户；截至 {listed.as_of}{source}",
            "应签到的：本季度至少有一个月在发放期的补贴",
        ),
        findings=findings,
        facts={
            "due": rate.denominator,
            "signed": rate.numerator,
            "late": late,
            "absent": rate.denominator - rate.numerator,
            "communities": len(groups),
        },
    )


def entry_report(
    entry: SignInEntry,
    *,
    as_of: dt.date,
    bureau: str = "",
    findings: tuple[Finding, ...] = (),
) -> Report:
    """What was read back from a filled-in list."""
    return Report(
        code="subsidy.signin.enter",
        title="录入租赁补贴签到",
        bureau=bureau,
        as_of=as_of,
        notes=(
            f"新录入 {entry.new:,} 户，更改 {entry.changed:,} 户，台账里已有 {entry.known:,} 户，"
            f"没有填写 {entry.empty:,} 户；其中季度结束后补签 {entry.late:,} 户",
        ),
        findings=(*findings, *entry.findings),
        facts={
            "new": entry.new,
            "changed": entry.changed,
            "known": entry.known,
            "late": entry.late,
            "empty": entry.empty,
        },
    )


def _summary(listed: SignInList) -> Table:
    rows = [
        Row(
            (
                name,
                len(due),
                sum(one.signed for one in due),
                sum(one.late for one in due),
                sum(not one.signed for one in due),
                _rate(due),
            ),
            _cells(listed, due),
        )
        for name, due in listed.by_community().items()
    ]
    everybody = list(listed.due)
    return Table(
        "summary",
        "各社区签到情况",
        (
            Column("community", "社区"),
            Column("due", "应签到", _COUNT),
            Column("signed", "已签到", _COUNT),
            Column("late", "其中补签", _COUNT),
            Column("absent", "未签到", _COUNT),
            Column("rate", "签到率", ValueKind.RATIO),
        ),
        rows,
        totals=(
            "合计",
            len(everybody),
            sum(one.signed for one in everybody),
            sum(one.late for one in everybody),
            sum(not one.signed for one in everybody),
            _rate(everybody),
        ),
        summable=frozenset({"due", "signed", "late", "absent"}),
    )


def _rate(due: list[Due]) -> Ratio:
    return Ratio(sum(one.signed for one in due), len(due))


def _cells(listed: SignInList, due: list[Due]) -> tuple[Cell, ...]:
    grants, signs = listed.loaded.get(SubsidyGrant), listed.loaded.get(SubsidySignIn)
    return tuple(
        grants.row_cell(one.index) if one.row is None else signs.cell(one.row, "signed")
        for one in due
    )


def _list(listed: SignInList, title: str, due: list[Due], *, on_paper: bool) -> Table:
    rows = [_row(listed, number, one, on_paper=on_paper) for number, one in enumerate(due, 1)]
    signed = sum(one.signed for one in due)
    return Table(
        key=f"list_{title}",
        title=title,
        columns=_ON_PAPER if on_paper else _ON_SCREEN,
        rows=rows,
        notes=(
            f"应签到 {len(due):,} 户，已签到 {signed:,} 户；“是否签到”填 是 或 否，由本人签字；"
            "委托代签的附委托书，家庭情况有变化的在备注写明",
        )
        if on_paper
        else (),
        shown=_SHOWN if len(listed.by_community()) <= 3 else 0,
        signatures=("社区经办人", "社区负责人", "日期") if on_paper else (),
    )


def _row(listed: SignInList, number: int, one: Due, *, on_paper: bool) -> Row:
    grants = listed.loaded.get(SubsidyGrant)
    grant, household, payee, tier, size = (
        grants.column(name)[one.index]
        for name in ("grant_no", "household_no", "payee", "tier", "size")
    )
    applicant = listed.standing.text(household, "applicant") or payee or ""
    if on_paper:
        identity = mask_identity(listed.standing.text(household, "identity_no") or "")
        day = one.signed_on
        marked = "是" if one.signed else None
        values = (number, grant, household, applicant, identity, size, listed.quarter.label)
        return Row((*values, marked, day, None, None))
    state = _LATE if one.late else _SIGNED if one.signed else _ABSENT
    tier_text = str(tier) if tier else None
    values_ = (grant, household, mask_name(applicant), tier_text, len(one.months), state)
    return Row((*values_, one.signed_on), _cells(listed, [one]), "" if one.signed else "warning")


def _for_hand(key: str, title: str, width: int) -> Column:
    """A column to write in by hand: the header's blanks make it wide enough for a pen."""
    blanks = "　" * max(0, (width - 2 * len(title)) // 4)
    return Column(key, f"{blanks}{title}{blanks}")


_ON_SCREEN = (
    Column("grant_no", "补贴编号", _ID),
    Column("household_no", "家庭编号", _ID),
    Column("name", "申请人"),
    Column("tier", "保障类型", level=2),
    Column("months", "发放期月数", _COUNT, 2),
    Column("state", "签到"),
    Column("signed_on", "签到日期", _DATE),
)
_ON_PAPER = (
    Column("number", "序号", _COUNT),
    Column("grant_no", "补贴编号", _ID),
    Column("household_no", "家庭编号", _ID),
    Column("name", "申请人"),
    Column("identity", "身份证号（遮盖）", _ID),
    Column("size", "人口", _COUNT),
    Column("quarter", "季度", _ID),
    Column("signed", "是否签到", note="填 是 或 否"),
    Column("signed_on", "签到日期", _DATE),
    _for_hand("signature", "签字", 20),
    _for_hand("remark", "备注", 20),
)
