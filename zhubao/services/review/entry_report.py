"""What came in: declarations entered, hits of every list, and namesakes kept apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhubao.core.finding import Finding
from zhubao.core.masking import mask_identity, mask_name
from zhubao.core.report import Column, Report, Row, Table, ValueKind
from zhubao.core.theme import Formats
from zhubao.ledger.change import Change, Plan
from zhubao.services.review.declared_file import DeclaredFile
from zhubao.services.review.entering import Entered, enter_declared
from zhubao.services.review.foreign_list import ForeignList
from zhubao.services.review.matching import Matched, People, match_list, put_matches
from zhubao.services.review.population import ReviewYear

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class TakenIn:
    """One run of taking in: the change, and what is to be told of it."""

    view: ReviewYear
    entered: Entered | None
    matches: tuple[Matched, ...]
    matched_households: int
    nameless: int  # people of the bureau without an identity number: compared with nobody
    change: Change


def take_in(
    view: ReviewYear,
    declared: DeclaredFile | None,
    lists: Sequence[ForeignList],
    formats: Formats,
    *,
    overwrite: bool = False,
) -> TakenIn:
    """Declarations and list matches as one change of 年审; a second run changes nothing."""
    plan = Plan(f"{view.year} 年年审录入", view.loaded, formats)
    entered = None
    if declared is not None:
        entered = enter_declared(plan, view, declared, overwrite=overwrite)
    people = People(view) if lists else None
    matches = [match_list(people, one) for one in lists] if people else []
    changed = put_matches(plan, people, matches) if people else 0
    nameless = people.unread if people else 0
    return TakenIn(view, entered, tuple(matches), changed, nameless, plan.build())


def entry_report(taken: TakenIn, *, bureau: str = "") -> Report:
    """Counts, hits and coincidences; names and numbers masked."""
    view, entered = taken.view, taken.entered
    findings: list[Finding] = list(view.findings)
    findings += entered.findings if entered else ()
    findings += [finding for one in taken.matches for finding in one.listed.findings]
    tables = []
    if taken.matches:
        tables += [_lists(taken), _hits(taken), _coincidences(taken)]
    return Report(
        code="review.enter",
        title=f"{view.year} 年年审录入",
        bureau=bureau,
        as_of=view.as_of,
        period=f"{view.year}年",
        tables=tuple(table for table in tables if table.rows),
        notes=tuple(_notes(taken)),
        findings=tuple(sorted(findings, key=lambda one: one.sort_key)),
        facts={
            "entered": entered.changed if entered else 0,
            "same": entered.same if entered else 0,
            "refused": entered.refused if entered else 0,
            "hits": sum(len(one.hits) for one in taken.matches),
            "hit_households": len(
                {hit.person.due.number for one in taken.matches for hit in one.hits}
            ),
            "coincidences": sum(len(one.coincidences) for one in taken.matches),
            "matched_changed": taken.matched_households,
        },
    )


def _notes(taken: TakenIn) -> Iterator[str]:
    entered = taken.entered
    if entered is not None:
        yield (
            f"{entered.file}：录入 {entered.changed:,} 户，与台账相同 {entered.same:,} 户，"
            f"没有填 {entered.blank:,} 行，没有录入 {entered.refused:,} 行"
        )
    if taken.matches:
        yield "比对只认身份证号（15 位与 18 位算同一个），空着的不与空着的相比；命中是疑点，要核实"
        yield (
            "核实后在“比对情况”那一段末尾写“—属实”，或“—已排除：理由”，再运行 zhubao review propose"
        )
    if taken.nameless:
        yield f"有 {taken.nameless:,} 名成员没有身份证号，没有比对"


def _lists(taken: TakenIn) -> Table:
    rows = [
        Row(
            (
                one.listed.name,
                one.kind.value,
                one.rows,
                len(one.hits),
                one.households,
                len(one.coincidences),
                one.namesakes,
                one.blank,
                one.unread,
            )
        )
        for one in taken.matches
    ]
    return Table("lists", "名单", _LISTS, rows)


def _hits(taken: TakenIn) -> Table:
    ordered = sorted(
        (hit for one in taken.matches for hit in one.hits),
        key=lambda hit: (hit.person.due.number, hit.text),
    )
    rows = [
        Row(
            (hit.person.due.number, hit.person.relation, mask_name(hit.person.name), hit.text),
            (hit.person.cell, hit.row.cell),
            "warning",
        )
        for hit in ordered
    ]
    return Table("hits", "身份证号命中", _HITS, rows, shown=_SHOWN)


def _coincidences(taken: TakenIn) -> Table:
    rows = [
        Row(
            (
                one.person.due.number,
                one.person.relation,
                mask_name(one.person.name),
                _identity(one.row.identity),
                str(one.row.cell),
            ),
            (one.person.cell, one.row.cell),
        )
        for matched in taken.matches
        for one in sorted(
            matched.coincidences, key=lambda one: (one.person.due.number, str(one.row.cell))
        )
    ]
    notes = ("名单上没有号码或号码读不出，只是姓名相同：不是命中，没有写入台账，请向名单单位核对",)
    return Table("coincidences", "只有姓名相同", _COINCIDENCES, rows, notes=notes, shown=_SHOWN)


def _identity(number: str | None) -> str:
    if number is None:
        return "空着"
    return mask_identity(number) if number else "读不出"


_COUNT, _CODE = ValueKind.COUNT, ValueKind.IDENTITY
_LISTS = (
    Column("file", "文件"),
    Column("kind", "种类"),
    Column("rows", "行数", _COUNT),
    Column("hits", "命中", _COUNT, note="身份证号相同"),
    Column("households", "命中户数", _COUNT),
    Column("coincidences", "仅同名", _COUNT, note="名单上没有可用的号码，只是姓名相同"),
    Column("namesakes", "同名异号", _COUNT, 2, note="号码不同，是别人"),
    Column("blank", "号码空着", _COUNT, 2),
    Column("unread", "号码读不出", _COUNT, 2),
)
_HITS = (
    Column("household_no", "家庭编号", _CODE),
    Column("relation", "关系", level=2),
    Column("name", "姓名", level=2),
    Column("text", "疑点"),
)
_COINCIDENCES = (
    Column("household_no", "家庭编号", _CODE),
    Column("relation", "关系", level=2),
    Column("name", "姓名"),
    Column("identity", "名单上的号码", _CODE),
    Column("place", "名单位置"),
)
