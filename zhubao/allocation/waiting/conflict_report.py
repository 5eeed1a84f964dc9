"""The comparison with 利害关系人 as a report: hits to be declared, and coincidences kept apart."""

from __future__ import annotations

from collections.abc import Iterable

from zhubao.allocation.waiting.conflicts import Conflict, Conflicts, Match
from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.core.masking import mask_identity, mask_name
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.ledger.allocation import RelatedPerson, RosterEntry
from zhubao.ledger.tenants import WaitingEntry

RELATED = declare(
    "AL-130",
    "参加家庭里有利害关系人",
    Severity.WARNING,
    "{number}（家庭 {household}）的{person}，在利害关系人表里登记为{staff}的{relation}（{place}）",
    "由该工作人员书面申报，回避这次活动的受理、审核、摇号和选房；家庭照常参加，不因此加减机会",
    bad="工作人员的父母在摇号名册里，没有申报",
    good="已申报并回避",
)
RELATED_UNCLEAR = declare(
    "AL-131",
    "与利害关系人同名，号码缺",
    Severity.WARNING,
    "{number}（家庭 {household}）的{person}，与利害关系人{related}同名，"
    "有一方的身份证号空着或读不出（{place}）",
    "补齐身份证号后重新比对；补不齐的，当面核对是不是同一人",
    bad="成员的身份证号读不出，姓名与工作人员的配偶相同",
    good="双方的身份证号都齐全",
)
NO_REGISTER = declare(
    "AL-132",
    "没有利害关系人可比对",
    Severity.ERROR,
    "“利害关系人”表里没有数据，回避核对没有做成",
    "请工作人员申报本人和近亲属，登记在 allocation.xlsx 的“利害关系人”表，再核对一次",
    bad="“利害关系人”表空着",
    good="每名工作人员的本人和近亲属各一行",
)
NOBODY_TO_COMPARE = declare(
    "AL-133",
    "没有参加家庭可比对",
    Severity.ERROR,
    "{what}，回避核对没有做成",
    "核对活动编号或截止日期；名册还没有登记的，登记之后再核对",
    bad="名册一户也没有",
    good="名册已登记",
)
RELATED_NUMBER_MISSING = declare(
    "AL-134",
    "利害关系人的身份证号缺",
    Severity.WARNING,
    "{staff}的{relation}{name}没有可用的身份证号，只能按姓名比对",
    "补填身份证号后重新核对",
    bad="利害关系人只填了姓名",
    good="每人都有身份证号",
)
STAFF_NOT_REGISTERED = declare(
    "AL-135",
    "工作人员本人没有登记",
    Severity.NOTICE,
    "工作人员{staff}有亲属登记，没有“本人”一行，本人没有比对",
    "为本人补一行，关系填“本人”",
    bad="只登记了配偶和子女",
    good="本人和亲属各一行",
)
_SHOWN = 10


def conflict_report(found: Conflicts, *, bureau: str = "", origin: str = "") -> Report:
    """Hits by number first, then same names with a number missing, then mere coincidences."""
    subject = f"{found.event_name or found.event_no}名册" if found.event_no else "轮候名单"
    return Report(
        code="allocate.conflicts",
        title=f"回避核对（{subject}）",
        bureau=bureau,
        as_of=found.as_of,
        tables=(
            _table("related", "号码相同：须申报、回避", found.of(Match.NUMBER), found),
            _table("unclear", "同名，号码缺：须当面核对", found.of(Match.UNREADABLE), found),
            _table("namesakes", "只是同名，号码不同：巧合", found.of(Match.NAME_ONLY), found),
        ),
        notes=_notes(found, origin),
        findings=(*found.loaded.findings, *_findings(found)),
        facts={
            "event_no": found.event_no,
            "households": len(found.entrants),
            "people": found.people,
            "register": len(found.register),
            "related": len(found.of(Match.NUMBER)),
            "unclear": len(found.of(Match.UNREADABLE)),
            "namesakes": len(found.of(Match.NAME_ONLY)),
            "without_number": len(found.unreadable),
        },
    )


def _findings(found: Conflicts) -> tuple[Finding, ...]:
    findings = [*_of_register(found)]
    if not found.entrants:
        what = f"活动 {found.event_no} 的名册" if found.event_no else f"{found.as_of} 的轮候名单"
        model = RosterEntry if found.event_no else WaitingEntry
        where = Cell(f"{model.SHEET.workbook}.xlsx", model.SHEET.name)
        findings.append(NOBODY_TO_COMPARE.at(where, what=f"{what}里一户也没有"))
    hits = (*found.of(Match.NUMBER), *found.of(Match.UNREADABLE))
    findings += [_of_hit(hit) for hit in hits]
    return tuple(sorted(dict.fromkeys(findings), key=lambda one: one.sort_key))


def _of_register(found: Conflicts) -> Iterable[Finding]:
    if not found.register:
        sheet = RelatedPerson.SHEET
        yield NO_REGISTER.at(Cell(f"{sheet.workbook}.xlsx", sheet.name))
    for one in found.register:
        if not one.key:
            words = {"staff": mask_name(one.staff), "relation": one.relation}
            yield RELATED_NUMBER_MISSING.at(one.cell, name=mask_name(one.name), **words)
    for one in found.staff_without_row:
        yield STAFF_NOT_REGISTERED.at(one.cell, staff=mask_name(one.staff))


def _of_hit(hit: Conflict) -> Finding:
    words = {
        "number": hit.entrant.number,
        "household": hit.entrant.household_no or "未登记",
        "person": hit.person.shown,
        "place": hit.related.cell,
    }
    if hit.match is Match.NUMBER:
        related = hit.related
        told = {"staff": mask_name(related.staff), "relation": related.relation}
        return RELATED.at(hit.person.cell, **told, **words)
    return RELATED_UNCLEAR.at(hit.person.cell, related=hit.related.shown, **words)


def _table(key: str, title: str, hits: tuple[Conflict, ...], found: Conflicts) -> Table:
    first = Column("number", "参摇编号" if found.event_no else "轮候号", ValueKind.IDENTITY)
    return Table(
        key=key,
        title=f"{title}（{len(hits):,} 人次）",
        columns=(first, *_COLUMNS),
        rows=[_row(hit) for hit in hits],
        shown=None if key == "related" else _SHOWN,
    )


def _row(hit: Conflict) -> Row:
    person, related = hit.person, hit.related
    return Row(
        (
            hit.entrant.number,
            hit.entrant.household_no or None,
            mask_name(person.name) or None,
            mask_identity(person.key) or None,
            "申请人" if person.is_applicant else "成员",
            mask_name(related.staff),
            related.relation,
            mask_identity(related.key) or None,
            related.department or None,
            related.declared_on,
        ),
        tuple(dict.fromkeys((person.cell, related.cell, hit.entrant.cell))),
        "warning" if hit.match is not Match.NAME_ONLY else "",
    )


def _notes(found: Conflicts, origin: str) -> tuple[str, ...]:
    source = f"（{origin}）" if origin else ""
    notes = [
        f"比对了 {len(found.entrants):,} 户 {found.people:,} 人（截至 {found.as_of}{source}，"
        f"不含已死亡的成员）和 {len(found.register):,} 名利害关系人",
        "号码相同是提醒申报和回避，不是结论：是否违规由组织核实，家庭照常参加",
        "只是同名、号码不同的是巧合，不须处理；空着的号码不与任何号码相比",
    ]
    if found.unreadable:
        notes.append(f"有 {len(found.unreadable):,} 人的身份证号空着或读不出，只按姓名比对")
    return tuple(notes)


_COLUMNS = (
    Column("household_no", "家庭编号", ValueKind.IDENTITY, 2),
    Column("name", "姓名"),
    Column("identity", "身份证号", ValueKind.IDENTITY),
    Column("role", "身份", level=2, note="在参加家庭里是申请人还是成员"),
    Column("staff", "工作人员"),
    Column("relation", "关系"),
    Column("related_identity", "登记的号码", ValueKind.IDENTITY, 2),
    Column("department", "部门", level=2),
    Column("declared_on", "申报日期", ValueKind.DATE, 2),
)
