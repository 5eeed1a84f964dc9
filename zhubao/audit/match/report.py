"""What a list says as a report: leads by household, coincidences apart, rows that are no use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from zhubao.audit.match.kinds import RULES
from zhubao.audit.match.matching import Absent, Hit, MatchResult, NameOnly, Unusable
from zhubao.audit.match.spans import Timing
from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.core.masking import mask_identity, mask_name
from zhubao.core.report import Column, Report, Row, Table, ValueKind

ROWS_UNUSABLE = declare(
    "AU-291",
    "名单里有身份证号用不了的行",
    Severity.WARNING,
    "{file} 有 {count} 行的身份证号有误或被表格软件毁坏，没有比对（{first} 等）",
    "请提供名单的单位重新导出，身份证号一列按文本导出；毁坏的号码不能推算",
    bad="名单里的身份证号显示成 4.30102E+17",
    good="身份证号都是 18 位文本",
)
ROWS_BLANK = declare(
    "AU-292",
    "名单里有没有身份证号的行",
    Severity.NOTICE,
    "{file} 有 {count} 行没有身份证号，其中 {named} 行与台账成员同名，只能人工核对",
    "请提供名单的单位补齐身份证号；同名的逐一核对，不能当作命中",
    bad="名单只有姓名",
    good="每行都有身份证号",
)
MEMBERS_WITHOUT_NUMBER = declare(
    "AU-293",
    "台账里有比对不了的成员",
    Severity.WARNING,
    "{count} 名家庭成员没有可用的身份证号，没有比对",
    "用 zhubao audit check --family 身份 找出这些成员，补正后重新比对",
    bad="成员的身份证号空着或校验位不符",
    good="每名成员都有正确的身份证号",
)
NAME_DIFFERS = declare(
    "AU-294",
    "号码相同、姓名不同",
    Severity.WARNING,
    "家庭 {household} 的{own}与名单的{other}身份证号相同，姓名不同（{place}）",
    "核对户籍：是改名、录错，还是冒用他人号码",
    bad="名单写“李小华”，台账写“李晓华”",
    good="号码和姓名都相同",
)
LIST_EMPTY = declare(
    "AU-295",
    "名单没有可比对的行",
    Severity.ERROR,
    "{file} 找到了表头，下面没有一行有身份证号或姓名",
    "核对文件是不是导出完整；多张表的，看数据是不是在隐藏的表里",
    bad="名单只有表头",
    good="名单每人一行",
)
_SHOWN = 20


def match_report(
    result: MatchResult,
    *,
    bureau: str = "",
    origin: str = "",
    findings: tuple[Finding, ...] = (),
) -> Report:
    """Every hit with our cells and the list's; a hit is a 疑点 to be verified, never a verdict."""
    tables = (
        _summary(result),
        _hits("leads", "疑点：须核实", result.leads),
        _absent(result.absent),
        _others(result),
        _name_only(result),
        _unusable(result),
    )
    return Report(
        code="audit.match",
        title=f"{result.kind.value}名单比对（{result.list_name}）",
        bureau=bureau,
        as_of=result.as_of,
        tables=tuple(table for table in tables if table.rows),
        notes=tuple(_notes(result, origin)),
        references=(RULES[result.kind].basis,),
        findings=(*findings, *_findings(result)),
        facts=_facts(result),
    )


def _facts(result: MatchResult) -> dict[str, object]:
    timings = Counter(hit.timing for hit in result.hits)
    return {
        "kind": result.kind.value,
        "list": result.list_name,
        "members": result.members,
        "members_without_number": result.without_number,
        "rows": result.rows,
        "rows_without_number": result.blank,
        "rows_unusable": result.unusable_count,
        "rows_merged": result.duplicates,
        "hits": len(result.hits),
        "inside": timings[Timing.INSIDE],
        "before": timings[Timing.BEFORE],
        "gone_before": timings[Timing.GONE],
        "after": timings[Timing.AFTER],
        "later": timings[Timing.LATER],
        "undated": timings[Timing.UNDATED],
        "unprotected": timings[Timing.UNPROTECTED],
        "leads": len(result.leads) + len(result.absent),
        "households": result.households,
        "absent": len(result.absent),
        "name_only": result.name_only_count,
    }


def _notes(result: MatchResult, origin: str) -> Iterator[str]:
    if origin:
        yield f"截止日期{origin}"
    if result.leads or result.absent:
        yield f"命中只是疑点，不是结论。待核实：{RULES[result.kind].verify}"
    else:
        yield "没有须核实的命中"
    yield "按身份证号与每一名家庭成员比对，15 位与 18 位算同一人；空白不与空白相同"
    if result.name_only_count:
        yield "只有姓名相同的另列一表，须人工核对，不写入疑点"


def _summary(result: MatchResult) -> Table:
    people = {(hit.person.household_no, hit.person.key) for hit in result.hits}
    lines = [
        ("名单行数", result.rows, "有身份证号或姓名的行"),
        ("没有身份证号", result.blank, f"其中与成员同名 {result.name_only_count:,} 行"),
        ("身份证号用不了", result.unusable_count, "有误或被表格软件毁坏"),
        ("比对的成员", result.members, f"其中没有可用身份证号 {result.without_number:,} 人"),
        ("号码相同的成员", len(people), f"名单 {len(result.hits) + result.duplicates:,} 行"),
        ("重复行", result.duplicates, "同一人内容相同的合并为一条"),
        ("疑点", len(result.leads) + len(result.absent), f"涉及 {result.households:,} 户"),
    ]
    columns = (
        Column("what", "项目"),
        Column("count", "数量", ValueKind.COUNT),
        Column("note", "说明"),
    )
    return Table(
        "summary",
        "概况",
        columns,
        [Row(line) for line in lines if line[1] or line[0] in ("名单行数", "疑点")],
    )


def _others(result: MatchResult) -> Table:
    """The hits that are no leads; those who rightly stand on a list only in files."""
    leads = set(map(id, result.leads))
    hits = tuple(hit for hit in result.hits if id(hit) not in leads)
    if RULES[result.kind].expects_listing:
        return replace(_hits("others", "名单上有的成员（在册）", hits), shown=0)
    return _hits("others", "不列为疑点：不在保障期内，或台账已登记", hits)


def _hits(key: str, title: str, hits: tuple[Hit, ...]) -> Table:
    return Table(key, title, _HITS, [_hit(one) for one in hits], shown=_SHOWN)


def _hit(one: Hit) -> Row:
    person = one.person
    values = (
        person.household_no,
        mask_name(person.name),
        mask_identity(person.key),
        _when(one),
        one.begun,
        one.words or None,
        one.span.words if one.span else None,
        _places(one.cells),
    )
    emphasis = "warning" if one.is_lead and one.timing is Timing.INSIDE else ""
    cells = (person.cell, *((one.span.cell,) if one.span else ()), *one.cells)
    return Row(values, cells, emphasis)


def _when(one: Hit) -> str:
    """保障期内; with 台账已登记 for a death that our ledger has."""
    return f"{one.timing.value}，台账已登记" if one.is_known else one.timing.value


def _absent(absent: tuple[Absent, ...]) -> Table:
    rows = [Row((one.household, "名单上没有这一户的成员"), (one.cell,)) for one in absent]
    return Table("absent", "疑点：台账是低保、特困，名单上没有", _ABSENT, rows, shown=_SHOWN)


def _name_only(result: MatchResult) -> Table:
    rows = [_coincidence(one) for one in result.name_only]
    notes = _more(result.name_only_count, len(rows))
    title = "只是同名（名单没有身份证号）：须人工核对"
    return Table("name_only", title, _NAME_ONLY, rows, notes=notes, shown=_SHOWN)


def _coincidence(one: NameOnly) -> Row:
    homes = list(dict.fromkeys(person.household_no for person in one.persons))
    said = "、".join(homes[:5]) + (f" 等 {len(homes)} 户" if len(homes) > 5 else "")
    cells = (one.cell, *(person.cell for person in one.persons[:5]))
    return Row((mask_name(one.name), said, _places((one.cell,))), cells)


def _unusable(result: MatchResult) -> Table:
    rows = [_bad(one) for one in result.unusable]
    notes = _more(result.unusable_count, len(rows))
    title = "名单里身份证号用不了的行"
    return Table("unusable", title, _UNUSABLE, rows, notes=notes, shown=_SHOWN)


def _bad(one: Unusable) -> Row:
    homes = "、".join(dict.fromkeys(person.household_no for person in one.persons[:5]))
    values = (mask_name(one.name), mask_identity(one.shown), one.fault, homes or None)
    cells = (one.cell, *(person.cell for person in one.persons[:5]))
    return Row((*values, _places((one.cell,))), cells)


def _more(count: int, listed: int) -> tuple[str, ...]:
    return (f"共 {count:,} 行，只列出前 {listed:,} 行",) if count > listed else ()


def _places(cells: tuple[Cell, ...]) -> str:
    """车辆!C12, without the file's name; several rows with their number."""
    first = "!".join(part for part in (cells[0].sheet, cells[0].ref) if part)
    return f"{first} 等 {len(cells)} 行" if len(cells) > 1 else first


def _findings(result: MatchResult) -> Iterator[Finding]:
    place = Cell(result.list_name)
    if not result.rows:
        yield LIST_EMPTY.at(place, file=result.list_name)
    if result.unusable_count:
        words = {"file": result.list_name, "count": f"{result.unusable_count:,}"}
        yield ROWS_UNUSABLE.at(place, **words, first=result.unusable[0].cell)
    if result.blank:
        words = {"file": result.list_name, "count": f"{result.blank:,}"}
        yield ROWS_BLANK.at(place, **words, named=f"{result.name_only_count:,}")
    if result.without_number:
        count = f"{result.without_number:,}"
        yield MEMBERS_WITHOUT_NUMBER.at(Cell("tenants.xlsx", "家庭成员"), count=count)
    for hit in result.hits:
        if not hit.same_name:
            words = {"own": mask_name(hit.person.name), "other": mask_name(hit.list_name)}
            household, cell = hit.person.household_no, hit.cells[0]
            yield NAME_DIFFERS.at(hit.person.cell, **words, household=household, place=cell)


_CODE = ValueKind.IDENTITY
_HITS = (
    Column("household_no", "家庭编号", _CODE),
    Column("person", "成员"),
    Column("identity_no", "身份证号", _CODE, 2),
    Column("timing", "时间"),
    Column("begun", "名单日期", ValueKind.DATE),
    Column("details", "名单内容", level=2),
    Column("span", "保障期", level=2),
    Column("place", "名单行", level=1),
)
_ABSENT = (Column("household_no", "家庭编号", _CODE), Column("what", "情况"))
_NAME_ONLY = (
    Column("name", "姓名"),
    Column("households", "同名成员的家庭", _CODE),
    Column("place", "名单行"),
)
_UNUSABLE = (
    Column("name", "姓名"),
    Column("number", "身份证号", _CODE),
    Column("fault", "问题"),
    Column("households", "可能是", _CODE, note="同名，或台账里写着同一个有误的号码"),
    Column("place", "名单行"),
)
