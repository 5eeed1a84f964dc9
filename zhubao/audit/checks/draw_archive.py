"""Draws against the frozen texts, and who among the winners is staff or kin (AU-707 to AU-710)."""

from __future__ import annotations

from collections.abc import Iterator

from zhubao.allocation.draw.algorithm import Place
from zhubao.allocation.draw.texts import UNIT, clean
from zhubao.allocation.waiting.people import identity_key
from zhubao.audit.facts import Facts
from zhubao.audit.indexes.draws import Draw, draws, entrant_subject, entrants, households_of
from zhubao.audit.indexes.frozen_draws import FrozenDraw, frozen_draws
from zhubao.audit.indexes.people import people
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Cell, Severity
from zhubao.core.masking import mask_name
from zhubao.ledger.allocation import (
    DrawEvent,
    DrawOutcome,
    DrawResult,
    RelatedPerson,
    SelectionAction,
    UnitSelection,
)
from zhubao.ledger.audit import IssueKind

_RULES = "《公共租赁住房管理办法》"
_OPEN = f"{_RULES}第十一条至第十四条：配租的方法、过程和结果公开"
_REPEATED = "摇号惯例：结果可由公布的名册、房源和随机数重新计算"
_OUTCOMES = {DrawOutcome.SELECTED: "selected", DrawOutcome.RESERVE: "reserve"}
_SPOKEN = {"selected": "中签", "reserve": "递补"}
_HASHES = (
    ("roster_hash", "名册校验值"),
    ("unit_list_hash", "房源校验值"),
    ("rules_hash", "总校验值"),
    ("result_hash", "结果校验值"),
)


@audit_check(
    "AU-707",
    "台账的校验值与冻结存档不符",
    Family.ALLOCATION,
    IssueKind.FALSE_PAPERS,
    Severity.ERROR,
    "活动 {event} 第 {draw} 次摇号：{what}",
    "用已公布的校验值和文件核对是台账还是存档被改过；查清以前不要按这个结果继续配租",
    basis=f"{_OPEN}；{_REPEATED}",
    needs=(DrawEvent,),
    bad="台账的名册校验值与冻结的名册文件算出来的不同",
    good="四个校验值都与存档的文件一致",
)
def archive_unlike_the_ledger(facts: Facts) -> Iterator[Hit]:
    """One of the four hashes differs from the texts, or the texts do not hold together.

    The result is compared only where the texts are those of the ledger's latest draw.
    """
    table, held = facts.loaded.get(DrawEvent), facts.once(draws)
    for number, kept in facts.once(frozen_draws).items():
        draw = held[number]
        told = list(_hash_faults(draw, kept))
        if kept.fault or kept.result_fault:
            told.append(("rules_hash" if kept.fault else "result_hash", _fault(kept)))
        if told:
            names = dict.fromkeys(name for name, _ in told)
            yield Hit(
                tuple(table.cell(draw.event.index, name) for name in (*names, "drawn_at")),
                {
                    "event": number,
                    "draw": draw.event.row.draw_no,
                    "what": "；".join(said for _, said in told),
                },
                key=(number, str(draw.event.row.draw_no)),
            )


def _fault(kept: FrozenDraw) -> str:
    return kept.fault or kept.result_fault


def _hash_faults(draw: Draw, kept: FrozenDraw) -> Iterator[tuple[str, str]]:
    if kept.frozen is None:
        return
    rules = kept.frozen.rules
    right = {
        "roster_hash": rules.roster_hash,
        "unit_list_hash": rules.units_hash,
        "rules_hash": kept.frozen.rules_hash,
        "result_hash": kept.result_hash if _same_draw(draw, kept) else "",
    }
    for name, header in _HASHES:
        written = getattr(draw.event.row, name)
        if right[name] and written != right[name]:
            shown = f"{written[:16]}…" if written else "空着"
            yield name, f"{header}台账是{shown}，存档的文件是 {right[name][:16]}…"


def _same_draw(draw: Draw, kept: FrozenDraw) -> bool:
    return kept.drawn is not None and kept.drawn.ticket.draw_no == draw.event.row.draw_no


@audit_check(
    "AU-708",
    "摇号结果与重新计算的不同",
    Family.ALLOCATION,
    IssueKind.FRAUD,
    Severity.ERROR,
    "活动 {event}：{who} 台账上是{written}，按冻结的名册和随机数重新计算是{right}",
    "以重新计算的结果为准核对公布的结果；台账被改过的，查清谁在什么时候改的",
    basis=f"{_OPEN}；{_REPEATED}",
    needs=(DrawEvent, DrawResult),
    bad="台账写第 3 名中签，重新计算是第 97 名递补",
    good="每一户的名次和结果都与重新计算的一致",
)
def result_unlike_the_draw(facts: Facts) -> Iterator[Hit]:
    """Rank, outcome, rank in reserve or unit of a row differ from the draw done again.

    A household of the draw without a row is a hit too, at the event's row. Those in the ledger
    that the freeze does not know are AU-703.
    """
    held = facts.once(draws)
    for number, kept in facts.once(frozen_draws).items():
        draw = held[number]
        if _same_draw(draw, kept):
            missing = set(kept.places)
            yield from _differing(facts, draw, kept, missing)
            yield from _missing(facts, draw, kept, missing)


def _differing(facts: Facts, draw: Draw, kept: FrozenDraw, missing: set[str]) -> Iterator[Hit]:
    table, known = facts.loaded.get(DrawResult), facts.once(entrants)
    is_direct = kept.frozen is not None and kept.frozen.rules.mode == UNIT
    numbers, receipts = table.column("entrant_no"), table.column("receipt_no")
    for row in draw.results:
        receipt = kept.receipt_of(numbers[row], receipts[row])
        place = kept.places.get(receipt)
        missing.discard(receipt)
        if place is None:
            continue
        name, written = _written(facts, row, place, is_direct=is_direct)
        if name:
            yield Hit(
                tuple(table.cell(row, one) for one in dict.fromkeys((name, "rank", "outcome"))),
                {
                    "event": draw.number,
                    "who": known.label(draw.number, numbers[row]),
                    "written": written,
                    "right": _place_words(place),
                },
                **entrant_subject(facts, draw.number, numbers[row]),
                key=(draw.number, str(draw.event.row.draw_no), numbers[row]),
            )


def _missing(facts: Facts, draw: Draw, kept: FrozenDraw, missing: set[str]) -> Iterator[Hit]:
    table = facts.loaded.get(DrawEvent)
    persons = kept.frozen.people if kept.frozen else {}
    for receipt in sorted(missing):
        person, place = persons.get(receipt), kept.places[receipt]
        entrant = person.entrant_no if person else f"凭证 {receipt[:8]}…"
        masked = f"（{mask_name(person.applicant)}）" if person else ""
        yield Hit(
            (table.cell(draw.event.index, "result_hash"),),
            {
                "event": draw.number,
                "who": entrant + masked,
                "written": "没有这一户",
                "right": _place_words(place),
            },
            household=person.household_no if person else "",
            person=person.applicant if person else "",
            identity_no=person.identity_no if person else "",
            key=(draw.number, str(draw.event.row.draw_no), receipt),
        )


def _written(facts: Facts, row: int, place: Place, *, is_direct: bool) -> tuple[str, str]:
    """(the field that differs, what the ledger says); ("", "") where they agree."""
    values = facts.loaded.get(DrawResult).values(row)
    outcome, unit = _OUTCOMES.get(values["outcome"], ""), values["unit_no"] or ""
    pairs = {
        "rank": (values["rank"], place.rank),
        "outcome": (outcome, place.outcome),
        "reserve_rank": (values["reserve_rank"] or 0, place.reserve_rank),
        "unit_no": (clean(unit), place.unit_no) if is_direct else ("", ""),
    }
    name = next((name for name, (have, right) in pairs.items() if have != right), "")
    if not name:
        return "", ""
    said = f"第 {values['rank']} 名{values['outcome'].value}{values['reserve_rank'] or ''}"
    return name, f"{said} {unit}".rstrip()


def _place_words(place: Place) -> str:
    said = f"第 {place.rank} 名{_SPOKEN[place.outcome]}{place.reserve_rank or ''}"
    return f"{said} {place.unit_no}".rstrip()


@audit_check(
    "AU-709",
    "选了冻结清单以外的房源",
    Family.ALLOCATION,
    IssueKind.PROCEDURE,
    Severity.ERROR,
    "活动 {event}：{who} 选的房源 {unit} 不在冻结公布的房源清单里",
    "核对房源编号；清单以外的房源没有公开过，取消选定，重新公开配租",
    basis=f"{_RULES}第十一条至第十四条：公布配租方案；审计惯例：选房与公布的清单核对",
    needs=(DrawEvent, UnitSelection),
    bad="选定的 FY0999 不在房源清单里",
    good="选定的房源都在清单里",
)
def unit_not_on_the_frozen_list(facts: Facts) -> Iterator[Hit]:
    """A unit chosen that the frozen list of the event does not have."""
    table, known = facts.loaded.get(UnitSelection), facts.once(entrants)
    held = facts.once(draws)
    for number, kept in facts.once(frozen_draws).items():
        for one in held[number].choices:
            if one.action is not SelectionAction.CHOSEN or not one.unit or kept.lists(one.unit):
                continue
            who = known.label(number, one.entrant)
            yield Hit(
                (
                    table.cell(one.row, "unit_no"),
                    table.cell(one.row, "entrant_no"),
                    facts.loaded.get(DrawEvent).cell(held[number].event.index, "unit_list_hash"),
                ),
                {"event": number, "who": who, "unit": one.unit},
                unit=one.unit,
                **entrant_subject(facts, number, one.entrant),
                key=(number, one.entrant),
            )


@audit_check(
    "AU-710",
    "工作人员或近亲属中签",
    Family.ALLOCATION,
    IssueKind.OTHER,
    Severity.NOTICE,
    "活动 {event}：{who} 中签，{person}是登记的利害关系人（{staff}的{relation}）",
    "核对资格档案和回避记录：申报过并按规定回避的，写明理由排除",
    basis="审计惯例：工作人员及近亲属配租须申报和回避",
    needs=(DrawEvent, DrawResult, RelatedPerson),
    bad="中签家庭的成员是科室工作人员的配偶",
    good="利害关系人没有参加，或没有中签",
)
def related_person_selected(facts: Facts) -> Iterator[Hit]:
    """A selected household with an applicant or living member who is in 利害关系人."""
    related, table = facts.loaded.get(RelatedPerson), facts.loaded.get(DrawResult)
    rows = {identity_key(n): i for i, n in enumerate(related.column("identity_no")) if n}
    outcomes, numbers = table.column("outcome"), table.column("entrant_no")
    for event, draw in facts.once(draws).items():
        for row in draw.results:
            if outcomes[row] is not DrawOutcome.SELECTED:
                continue
            for key, name, cell in _persons(facts, event, numbers[row]):
                index = rows.get(key)
                if index is None:
                    continue
                staff = mask_name(related.column("staff")[index] or "")
                relation = related.column("relation")[index] or "关系没有写"
                words = {"event": event, "who": facts.once(entrants).label(event, numbers[row])}
                words |= {"person": mask_name(name), "staff": staff, "relation": relation}
                yield Hit(
                    (table.cell(row, "outcome"), related.cell(index, "identity_no"), cell),
                    words,
                    **entrant_subject(facts, event, numbers[row]),
                    key=(event, key),
                )


def _persons(facts: Facts, event: str, entrant: str) -> Iterator[tuple[str, str, Cell]]:
    """(identity key, name, cell) of the entrant and of the living members of its household."""
    known, seen = facts.once(entrants), set()
    number = identity_key(known.field(event, entrant, "identity_no"))
    if number:
        seen.add(number)
        name = known.field(event, entrant, "applicant") or ""
        yield number, name, known.cells(event, entrant, "identity_no")[0]
    household = facts.once(households_of).get((event, entrant), "")
    for person in facts.once(people).of_household.get(household, ()):
        if person.key and person.key not in seen and not person.is_dead(facts.as_of):
            yield person.key, person.name, person.cell
