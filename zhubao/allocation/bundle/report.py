"""What verifying a published folder found, and where one household stands."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from zhubao.allocation.bundle.verify import Verification
from zhubao.allocation.draw.algorithm import SELECTED, Place
from zhubao.allocation.draw.entropy import entropy_words
from zhubao.allocation.draw.texts import UNIT
from zhubao.core.errors import UsageError
from zhubao.core.finding import has_errors
from zhubao.core.report import Column, Report, Row, Table, ValueKind

FEWEST_DIGITS = 4
_PART = re.compile(r"[0-9a-f]{4,32}")
_HASH = re.compile(r"[0-9a-f]{64}")
_PARTING = re.compile(r"[\s\-‐-―−:]+")  # noqa: RUF001  (dashes as they are printed)
_COLUMNS = (
    Column("what", "项目"),
    Column("value", "内容"),
)


def read_receipt(text: str) -> str:
    """The first digits of a receipt as typed: spaces, dashes, width and case do not matter.

    UsageError for fewer than four digits, more than 32, and other characters.
    """
    digits = _PARTING.sub("", unicodedata.normalize("NFKC", text)).lower()
    if not _PART.fullmatch(digits):
        raise UsageError(
            f"凭证号“{text}”看不懂",
            where="--receipt",
            advice="凭证号是 32 位的数字 0–9 和字母 a–f，至少写前 4 位。",
        )
    return digits


def read_hash(text: str) -> str:
    """A hash as typed or pasted, in lower case; "" for an empty text. UsageError otherwise."""
    digits = _PARTING.sub("", unicodedata.normalize("NFKC", text)).lower()
    if digits and not _HASH.fullmatch(digits):
        raise UsageError(
            f"总校验值有 {len(digits)} 位，看不懂",
            where="--published-hash",
            advice="总校验值是 64 位的数字 0–9 和字母 a–f，请照公告抄全。",
        )
    return digits


def verify_report(verified: Verification, receipt: str = "", *, bureau: str = "") -> Report:
    """Passed or not and why; with a receipt also the household's place as calculated anew.

    UsageError when the receipt is on the roster not at all or more than once.
    """
    passed = not has_errors(list(verified.findings))
    tables = [_overview(verified)]
    facts: dict[str, Any] = {
        "passed": passed,
        "rules_hash": verified.rules_hash,
        "result_hash": verified.result_hash,
        "announced": bool(verified.announced),
        "draws": len(verified.tickets),
        "entrants": len(verified.entrants),
    }
    if receipt:
        place = _found(verified, receipt)
        facts["place"] = place._asdict()
        tables.append(_place_table(verified, place))
    notes = (_verdict(verified, passed), *_missing_hash(verified))
    title = verified.rules.name if verified.rules else "公布的文件"
    return Report(
        code="allocate.verify",
        title=f"摇号核对：{title}",
        bureau=bureau,
        tables=tuple(tables),
        notes=notes,
        findings=verified.findings,
        facts=facts,
    )


def _verdict(verified: Verification, passed: bool) -> str:
    if not passed:
        return "核对不通过：原因逐条列在下面"
    times = len(verified.tickets)
    anew = "重新计算的结果与公布的完全相同" if times == 1 else f"{times} 次摇号重新计算都完全相同"
    return f"核对通过：文件齐全，名册、房源、规则、随机数相互一致，{anew}"


def _missing_hash(verified: Verification) -> tuple[str, ...]:
    if verified.announced:
        return ()
    return ("还没有与公告核对：请用 --published-hash 写上公告里的总校验值，才知道整套文件没有换过",)


def _overview(verified: Verification) -> Table:
    rules = verified.rules
    lines: list[tuple[str, str]] = []
    if rules is not None:
        mode = "户房对应" if rules.mode == UNIT else "选房顺序"
        lines += [("活动编号", rules.event), ("摇号方式", mode)]
    lines += [("参加户数", str(len(verified.entrants))), ("房源套数", str(len(verified.units)))]
    for ticket in verified.tickets:
        lines.append((f"第 {ticket.draw_no} 次随机数", entropy_words(ticket.entropy)))
    lines += [("总校验值", verified.rules_hash), ("结果校验值", verified.result_hash)]
    return Table("overview", "公布的内容", _COLUMNS, [Row(line) for line in lines])


def _place_table(verified: Verification, place: Place) -> Table:
    entrant = next(one for one in verified.entrants if one.receipt == place.receipt)
    unit = next((one for one in verified.units if one.unit_no == place.unit_no), None)
    chosen = place.outcome == SELECTED
    lines = [
        ("凭证号", place.receipt),
        ("结果", "中签" if chosen else f"递补第 {place.reserve_rank} 名"),
        ("总名次", str(place.rank)),
        ("组内名次", f"{entrant.group or '普通组'} 第 {place.group_rank} 名"),
        ("小区与户型", place.stratum),
    ]
    if unit is not None:
        lines.append(("房源", " ".join(part for part in (unit.unit_no, unit.place) if part)))
    columns = (_COLUMNS[0], Column("value", "内容", ValueKind.TEXT))
    return Table("place", "本户（重新计算）", columns, [Row(line) for line in lines])


def _found(verified: Verification, receipt: str) -> Place:
    if verified.drawn is None:
        raise UsageError("文件读不通，查不了凭证号", advice="请先不带 --receipt 核对，看哪里不对。")
    found = [place for place in verified.drawn.places if place.receipt.startswith(receipt)]
    if len(found) != 1:
        fault = f"有 {len(found)} 户以 {receipt} 开头" if found else f"名册里没有 {receipt} 开头的"
        raise UsageError(
            fault,
            where="--receipt",
            advice="请对照凭证通知单，多写几位；仍没有的请到公布单位查询。",
        )
    return found[0]
