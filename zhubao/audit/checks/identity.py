"""Identity numbers that cannot be, that Excel destroyed, or that contradict the row (AU-00x)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhubao import policy
from zhubao.allocation.waiting.people import Person
from zhubao.audit.facts import Facts
from zhubao.audit.indexes.people import in_force, people
from zhubao.audit.match.soundness import not_sound
from zhubao.audit.registry import Family, Hit, audit_check
from zhubao.core.finding import Cell, Severity
from zhubao.core.identity import birth_date_of, check_identity, normalise_identity, to_18
from zhubao.core.masking import mask_identity, mask_name
from zhubao.ledger.audit import IssueKind
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.services import Approval
from zhubao.ledger.subsidies import StaffSubsidy
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Member

_STANDARD = "GB 11643—1999"
_PRACTICE = "审计惯例：身份证号是数据比对的依据"
# Sheet → (name, number, household) of each person in a row; "" where the sheet has no such column.
_PERSONS: tuple[tuple[type[LedgerRow], str, str, str], ...] = (
    (Member, "name", "identity_no", "household_no"),
    (Household, "applicant", "identity_no", "household_no"),
    (StaffSubsidy, "employee", "identity_no", ""),
    (StaffSubsidy, "spouse", "spouse_identity_no", ""),
    (Approval, "applicant", "identity_no", "household_no"),
    (Approval, "spouse", "spouse_identity_no", "household_no"),
)
_ROUNDED = re.compile(r"[0-9]{13,15}0{3,5}|[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{2}")
_LENGTH = 18
_EXACT = 15  # digits that a number cell keeps
_SEXES = ("女", "男")


@dataclass(frozen=True, slots=True)
class _Written:
    """A person's number as a row has it: the value read (None: unreadable) and the cell's text."""

    table: LedgerTable[Any]
    row: int
    field: str
    name: str
    household: str
    number: str | None
    text: str

    @property
    def cell(self) -> Cell:
        return self.table.cell(self.row, self.field)

    @property
    def key(self) -> tuple[str, ...]:
        """The same from run to run: the sheet, the person and what is written."""
        return self.table.model.SHEET.name, self.name, self.text

    @property
    def is_destroyed(self) -> bool:
        """A number of more than fifteen digits that went through a number cell.

        A number in the cell, its scientific notation, or eighteen digits that end in 000 and fail
        the check character.
        """
        if self.number is None:
            return bool(_ROUNDED.fullmatch(self.text))
        rounded = len(self.number) == _LENGTH and self.number.endswith("000")
        return rounded and check_identity(self.number) is not None


@audit_check(
    "AU-001",
    "身份证号不可能",
    Family.IDENTITY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "{who}的身份证号 {shown}：{fault}，查不到本人，也比对不了外部名单",
    "对照户口簿和身份证原件核实；原件也是这样的，按虚假材料核查",
    basis=_STANDARD,
    needs=(),
    bad="末位校验码不符，或出生日期在截止日期之后，或年龄超过 120 岁",
    good="18 位，出生日期存在，校验码相符",
)
def impossible_number(facts: Facts) -> Iterator[Hit]:
    """Wrong length, characters, birth date or check character; born after the day, or too old.

    Those that Excel destroyed are AU-002. A person who stands as applicant and as member with the
    same number is one lead. The number is no key for other checks, so it is not handed on as one.
    """
    faults = facts.once(_faults)
    seen: dict[tuple[str, str, str], list[Cell]] = defaultdict(list)
    first: dict[tuple[str, str, str], tuple[_Written, str]] = {}
    for one in _written(facts, faults.__contains__):
        if not one.is_destroyed:
            key = one.household, one.name, one.text
            seen[key].append(one.cell)
            first.setdefault(key, (one, faults[one.text]))
    for key, (one, fault) in first.items():
        words = {"who": _who(one), "shown": mask_identity(key[2]), "fault": fault}
        yield Hit(tuple(seen[key]), words, household=key[0], person=key[1], key=key[1:])


@audit_check(
    "AU-002",
    "身份证号被表格软件毁坏",
    Family.IDENTITY,
    IssueKind.RECORDS,
    Severity.WARNING,
    "{who}的身份证号存成了数字，第 15 位以后的数字已经丢失（现为 {shown}），恢复不了",
    "不能推算，请重新收集身份证号，单元格先设为文本再填",
    basis=_PRACTICE,
    needs=(),
    bad="身份证号显示成 4.30102E+17，或末三位变成 000",
    good="身份证号存为文本，18 位齐全",
)
def destroyed_number(facts: Facts) -> Iterator[Hit]:
    """A number that went through a number cell: fifteen digits are left, the rest is zeros."""
    faults = facts.once(_faults)
    for one in _written(facts, lambda number: number is None or number in faults):
        if one.is_destroyed:
            words = {"who": _who(one), "shown": mask_identity(one.text)}
            household = one.household
            yield Hit((one.cell,), words, household=household, person=one.name, key=one.key)


@audit_check(
    "AU-003",
    "出生日期或性别与身份证号不符",
    Family.IDENTITY,
    IssueKind.RECORDS,
    Severity.NOTICE,
    "{who}登记的{what}，与身份证号 {shown} 里的不同",
    "对照户口簿核实是登记有误，还是冒用了他人的号码",
    basis=_STANDARD,
    needs=(Member,),
    bad="第 17 位是单数，性别填“女”",
    good="出生日期、性别与身份证号一致",
)
def row_contradicts_number(facts: Facts) -> Iterator[Hit]:
    """The birth date or the sex of a member differs from a valid number's; one lead per person."""
    table, faults = facts.loaded.get(Member), facts.once(_faults)
    born, sexes = table.column("birth_date"), table.column("sex")
    sound = lambda number: number is not None and number not in faults  # noqa: E731
    for one in _written(facts, sound, Member):
        number = to_18(normalise_identity(one.text)) if len(one.text) != _LENGTH else one.text
        wrong = []
        if born[one.row] is not None and f"{born[one.row]:%Y%m%d}" != number[6:14]:
            wrong.append(("birth_date", f"出生日期 {born[one.row]}"))
        if sexes[one.row] is not None and sexes[one.row] != _SEXES[int(number[16]) % 2]:
            wrong.append(("sex", f"性别“{sexes[one.row]}”"))
        if wrong:
            what, shown = "、".join(text for _, text in wrong), mask_identity(number)
            cells = (*(table.cell(one.row, name) for name, _ in wrong), one.cell)
            words = {"who": _who(one), "what": what, "shown": shown}
            yield Hit(cells, words, household=one.household, person=one.name, identity_no=number)


@audit_check(
    "AU-004",
    "同名同生日、号码不同",
    Family.IDENTITY,
    IssueKind.FALSE_PAPERS,
    Severity.NOTICE,
    "{name}（{born} 出生）在{places}的身份证号不同：{shown}；也可能只是巧合",
    "核对照片和户籍：确是同一人的，查清哪个号码有效，两处的保障按重复享受核查",
    basis=_PRACTICE,
    needs=(Member,),
    bad="张小明、1975-03-12，两户里号码末四位不同",
    good="同名的人出生日期不同",
)
def two_numbers_of_one_name(facts: Facts) -> Iterator[Hit]:
    """Same name, same birth date and sex, two valid numbers, in households in force; a weak sign.

    A name of two characters is too common to say anything and is passed over, unless both stand in
    one household.
    """
    groups: dict[tuple[str, str, int], dict[str, Person]] = defaultdict(dict)
    force, faults = facts.once(in_force), facts.once(_faults)
    for household, persons in facts.once(people).of_household.items():
        for person in persons if household in force else ():
            name = "".join(person.name.split())
            number = person.key
            if name and len(number) == _LENGTH and number not in faults:
                groups[name, number[6:14], int(number[16]) % 2].setdefault(number, person)
    for (name, _, _), found in groups.items():
        if len(found) < 2:
            continue
        homes = sorted({one.household_no for one in found.values()})
        if len(name) < 3 and len(homes) > 1:
            continue
        words = {
            "name": mask_name(name),
            "born": birth_date_of(next(iter(found))),
            "places": "、".join(f"家庭 {home}" for home in homes),
            "shown": "、".join(mask_identity(number) for number in sorted(found)),
        }
        cells = tuple(found[number].cell for number in sorted(found))
        yield Hit(cells, words, household=homes[0], person=name, key=tuple(sorted(found)))


def _written(
    facts: Facts, wanted: Callable[[str | None], bool], *models: type[LedgerRow]
) -> Iterator[_Written]:
    """The persons whose number (None: unreadable) is wanted; blanks are passed over."""
    for model, named, field, home in _PERSONS:
        if models and model not in models:
            continue
        table: LedgerTable[Any] = facts.loaded.get(model)
        names = table.column(named)
        homes = table.column(home) if home else None
        for row, number in enumerate(table.column(field)):
            if not wanted(number):
                continue
            text = number if number is not None else _raw(table.original(row, field))
            if text:
                household = (homes[row] if homes else None) or ""
                yield _Written(table, row, field, names[row] or "", household, number, text)


def _faults(facts: Facts) -> Mapping[str, str]:
    """Number as written → what is wrong with it; the sound ones are absent. Each looked at once."""
    oldest = int(policy.at("audit.oldest_age", facts.as_of, facts.overrides))
    written: set[str] = set()
    for model, _, field, _ in _PERSONS:
        table: LedgerTable[Any] = facts.loaded.get(model)
        written.update(number for number in table.column(field) if number is not None)
    texts = list(written)
    odd = {texts[place] for place in not_sound(texts)}
    found = {text: _fault(normalise_identity(text), facts, oldest) for text in odd}
    today = f"{facts.as_of:%Y%m%d}"
    first = f"{int(today) - (oldest + 1) * 10_000:08d}"  # born then or before: too old
    for text in texts:
        if text not in odd and not first < text[6:14] <= today:
            found[text] = _fault(text, facts, oldest)
    return {text: fault for text, fault in found.items() if fault}


def _raw(value: Any) -> str:
    """What an unreadable cell holds; of a long number the fifteen digits Excel keeps, then zeros.

    By the shortest spelling of a float: the binary value of 430199197707219000 ends in 008.
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).strip()
    text = f"{Decimal(repr(value)):.0f}"
    return text[:_EXACT].ljust(len(text), "0")


def _fault(number: str, facts: Facts, oldest: int) -> str:
    fault = check_identity(number)
    if fault is not None:
        return fault.title
    digits = number[6:14] if len(number) == _LENGTH else f"19{number[6:12]}"
    today = f"{facts.as_of:%Y%m%d}"
    if digits > today:
        return f"出生日期 {birth_date_of(number)} 在 {facts.as_of} 之后"
    age = (int(today) - int(digits)) // 10_000
    return f"按号码已 {age} 岁，超过 {oldest} 岁" if age > oldest else ""


def _who(one: _Written) -> str:
    """家庭 JT0001 的张*明; 职工住房补贴的张*明."""
    place = f"家庭 {one.household} " if one.household else f"“{one.table.model.SHEET.name}”"
    return f"{place}的{mask_name(one.name) or '成员'}"
