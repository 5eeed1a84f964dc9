"""The public edition: receipts, masked names and numbers, and how to object and to verify.

It carries no telephone, no household, waiting or entrant number, no place in a ledger and no
finding; free text is cleaned of them. Anything else would lead from the list to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from zhubao.allocation.publication.entrants import Entrant, Refusal
from zhubao.allocation.publication.findings import WORDS_MASKED
from zhubao.allocation.publication.lines import Line, Stage
from zhubao.allocation.publication.listing import Listing
from zhubao.allocation.publication.notice import AT_THE_COUNTER, NoticeTerms
from zhubao.allocation.publication.overview import counts_table, hashes_table, moment, title_of
from zhubao.allocation.publication.privacy import Scrubber, grouped
from zhubao.core.finding import Finding
from zhubao.core.masking import mask_identity, mask_name
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.allocation import DrawEvent, DrawOutcome, DrawStatus, SelectionAction
from zhubao.ledger.table import LedgerTable

_COUNT, _ID = ValueKind.COUNT, ValueKind.IDENTITY
_SHOWN = 15  # rows of the list on a terminal
_DASH = "—"
_FREE = {"redraw_reason": "重摇原因", "published_where": "公布处", "place": "摇号地点"}


def public_edition(listing: Listing, terms: NoticeTerms, *, bureau: str) -> Report:
    """The notice for the public. Nothing in it leads to a person without the household's receipt.

    Source: 公共租赁住房管理办法 art. 13 [process and result of allocation are made public].
    """
    scrub = _scrubber(listing)
    return Report(
        code="allocate.publish",
        title=f"{scrub.numbers(title_of(listing))}公示",
        bureau=bureau,
        as_of=terms.day,
        tables=(
            _scrubbed(counts_table(listing), scrub),
            _list(listing, scrub),
            *_redraws(listing, scrub),
            hashes_table(listing),
        ),
        notes=tuple(_notes(listing, terms, scrub)),
        facts=_facts(listing, terms),
    )


def masked_words(listing: Listing, table: LedgerTable[DrawEvent]) -> Iterator[Finding]:
    """Cells of the event whose words had to be starred out for the public."""
    scrub = _scrubber(listing)
    for link in listing.known.chain:
        for name, header in _FREE.items():
            text = getattr(link.row, name) or ""
            if scrub.remark(text) != text:
                yield WORDS_MASKED.at(table.cell(link.index, name), header=header)


def _scrubber(listing: Listing) -> Scrubber:
    people: list[Entrant | Refusal] = [
        *(line.entrant for line in listing.lines),
        *listing.refusals,
    ]
    codes = (code for one in people for code in (one.household_no, one.waiting_no, one.entrant_no))
    return Scrubber((one.name for one in people), codes)


def _list(listing: Listing, scrub: Scrubber) -> Table:
    words: dict[str, str] = {}

    def clean(text: str) -> str:
        if text not in words:
            words[text] = scrub.numbers(text)
        return words[text]

    rows = [_row(number, line, clean) for number, line in enumerate(listing.lines, 1)]
    empty = {"receipt": not any(line.entrant.receipt for line in listing.lines)}
    empty["unit_no"] = not any(line.unit_no for line in listing.lines)
    keep = [
        place
        for place, (column, stages) in enumerate(_COLUMNS)
        if listing.stage in stages and not empty.get(column.key, False)
    ]
    return Table(
        key="list",
        title="名单",
        columns=tuple(_numbered(_COLUMNS[place][0], listing.stage) for place in keep),
        rows=[Row(tuple(values[place] for place in keep)) for values in rows],
        shown=_SHOWN,
    )


def _numbered(column: Column, stage: Stage) -> Column:
    """Before the draw there is no rank: the lines are only numbered, by receipt."""
    if column.key != "rank" or stage is not Stage.ROSTER:
        return column
    return replace(column, title="序号", note="按凭证号排列，不是名次")


def _row(number: int, line: Line, clean: Callable[[str], str]) -> tuple[object, ...]:
    one = line.entrant
    return (
        line.rank or number,
        grouped(one.receipt) or _DASH,
        mask_name(one.name) or _DASH,
        mask_identity(one.identity_no) or _DASH,
        clean(one.group),
        clean(one.stratum),
        line.outcome or _DASH,
        line.reserve_rank or None,
        line.decision or None,
        line.unit_no or None,
    )


def _scrubbed(table: Table, scrub: Scrubber) -> Table:
    """The table with the words of its text columns cleaned, and without places in ledgers."""
    rows = [
        Row(tuple(scrub.numbers(one) if isinstance(one, str) else one for one in row.values))
        for row in table.rows
    ]
    return Table(
        table.key, table.title, table.columns, rows, totals=table.totals, summable=table.summable
    )


def _redraws(listing: Listing, scrub: Scrubber) -> Iterator[Table]:
    """The chain of draws, when there is more than one; reasons cleaned of personal data."""
    chain = listing.known.chain
    if len(chain) < 2:
        return
    rows = [
        Row(
            (
                one.row.draw_no,
                moment(one.row.drawn_at),
                scrub.remark(one.row.redraw_reason or "") or None,
                one.row.earlier_hash or None,
                one.row.result_hash or None,
            )
        )
        for one in chain
    ]
    yield Table("chain", "历次摇号", _CHAIN, rows)


def _notes(listing: Listing, terms: NoticeTerms, scrub: Scrubber) -> Iterator[str]:
    row = listing.row
    yield (
        f"公示期：自 {terms.day} 起至 {terms.ends_on} 止"
        f"（公示日的次日起 {terms.objection_days} 日）；有异议的，请在公示期内提出"
    )
    yield f"投诉电话：{terms.phone or AT_THE_COUNTER}"
    if listing.is_verifiable:
        where = scrub.remark(row.published_where or "") or AT_THE_COUNTER
        yield f"核验：公布处为{where}。{terms.advice}"
        yield "凭证号见发给本户的摇号凭证；凭证遗失的，凭身份证到窗口查询"
    else:
        yield "核验：这次摇号之前没有冻结和公布校验值，不能用校验值核验；有疑问的，请到窗口查阅记录"
        yield "这次摇号没有凭证号，家庭按姓名首尾字和证件号首尾查找自己"
    if listing.stage is not Stage.ROSTER:
        yield "递补名次在同一小区、户型内排列；中签家庭放弃的，按递补名次依次递补"
    undecided = sum(
        line.outcome == DrawOutcome.SELECTED.value and not line.decision for line in listing.lines
    )
    if listing.stage is Stage.SELECTION and undecided:
        yield f"到公示日，中签家庭中还有 {undecided} 户没有选房"
    if listing.row.status is DrawStatus.VOID:
        yield "这次摇号已作废，名次和结果无效"


def _facts(listing: Listing, terms: NoticeTerms) -> dict[str, object]:
    return {
        "event": listing.row.event_no,
        "draw": listing.row.draw_no,
        "stage": listing.stage.value,
        "verifiable": listing.is_verifiable,
        "entrants": len(listing.lines),
        "selected": listing.count(DrawOutcome.SELECTED),
        "reserve": listing.count(DrawOutcome.RESERVE),
        "chosen": listing.decided(SelectionAction.CHOSEN),
        "abandoned": listing.decided(SelectionAction.ABANDONED),
        "absent": listing.decided(SelectionAction.ABSENT),
        "objections_until": terms.ends_on.isoformat(),
        "list_hash": listing.digest,
        "result_hash": listing.known.result_hash,
    }


_ALL = frozenset(Stage)
_DRAWN = frozenset({Stage.RESULT, Stage.SELECTION})
_CHOSEN = frozenset({Stage.SELECTION})
_COLUMNS = (
    (Column("rank", "名次", _COUNT), _ALL),
    (Column("receipt", "凭证号", _ID, 2, note="四位一组，见发给本户的摇号凭证"), _ALL),
    (Column("name", "姓名"), _ALL),
    (Column("identity_no", "身份证号", _ID, 2), _ALL),
    (Column("group", "组别"), _ALL),
    (Column("stratum", "小区、户型"), _ALL),
    (Column("outcome", "结果"), _DRAWN),
    (Column("reserve_rank", "递补名次", _COUNT), _DRAWN),
    (Column("decision", "选房情况"), _CHOSEN),
    (Column("unit_no", "房源", _ID), _DRAWN),
)
_CHAIN = (
    Column("draw_no", "次序", _COUNT),
    Column("drawn_at", "摇号时间", _ID),
    Column("reason", "重摇原因"),
    Column("earlier_hash", "前次结果校验值", level=2),
    Column("result_hash", "结果校验值", level=2),
)
