"""Whether the published files of a draw hold together: from these files alone, all faults at once.

What is checked: SHA256SUMS; the canonical form of every text; roster and units against the rules;
the rules against the hash that was announced; every draw against the rules and the draw before it;
the numbers against what was agreed; every result against a new calculation; the data within the
verification page against the files; the programs against those of this version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

from zhubao.allocation.bundle import findings as found
from zhubao.allocation.bundle.attachments import page_findings, program_findings, sum_findings
from zhubao.allocation.bundle.contents import DRAW_FILES, FROZEN_FILES, earlier_name
from zhubao.allocation.draw.algorithm import Drawn, draw, result_text
from zhubao.allocation.draw.entropy import entropy_faults
from zhubao.allocation.draw.texts import (
    NONE,
    DrawTicket,
    DrawUnit,
    Entrant,
    Rules,
    TextInvalid,
    parse_roster,
    parse_rules,
    parse_ticket,
    parse_units,
    sha256,
)
from zhubao.allocation.event.frozen import RESULT, ROSTER, RULES, TICKET, UNITS
from zhubao.core.finding import Finding

T = TypeVar("T")
_FIELDS = 9  # of a line of a result
_SHOWN = 20  # lines of a result named one by one


@dataclass(frozen=True, slots=True)
class Verification:
    """What a bundle says, as far as it can be read, and what is wrong with it.

    `drawn` is the last draw calculated anew from the published texts.
    """

    findings: tuple[Finding, ...]
    rules: Rules | None
    rules_hash: str
    entrants: tuple[Entrant, ...]
    units: tuple[DrawUnit, ...]
    tickets: tuple[DrawTicket, ...]
    drawn: Drawn | None
    result_hash: str
    announced: str = ""


def verify_bundle(
    files: Mapping[str, bytes], templates: Mapping[str, str], announced: str = ""
) -> Verification:
    """Check everything; `announced` is the 总校验值 from the announcement, "" when not at hand."""
    return _Check(files, templates, announced).run()


class _Check:
    """One run over the files; collects findings as it goes."""

    def __init__(
        self, files: Mapping[str, bytes], templates: Mapping[str, str], announced: str
    ) -> None:
        self._files, self._templates, self._announced = files, templates, announced
        self._findings: list[Finding] = []
        self._texts: dict[str, str] = {}

    def run(self) -> Verification:
        for name in (*FROZEN_FILES, *DRAW_FILES):
            self._text(name)
        self._findings += sum_findings(self._files)
        rules = self._parsed(RULES, parse_rules)
        roster = self._parsed(ROSTER, parse_roster)
        units = self._parsed(UNITS, parse_units)
        rules_hash = sha256(self._texts[RULES]) if RULES in self._texts else ""
        self._against_announcement(rules_hash)
        if rules is not None:
            self._frozen(rules, {ROSTER: roster, UNITS: units})
        entrants, listed = roster[1] if roster else (), units[1] if units else ()
        tickets = self._tickets(rules, rules_hash)
        last: Drawn | None = None
        if rules is not None and roster and units:
            for name, ticket in tickets:
                last = draw(ticket, entrants, listed, rules.mode)
                self._result(name, last)
        self._findings += program_findings(self._files, self._templates)
        self._findings += page_findings(self._files, self._texts)
        ordered = tuple(sorted(self._findings, key=lambda one: one.sort_key))
        result_hash = sha256(self._texts[RESULT]) if RESULT in self._texts else ""
        parsed = tuple(ticket for _, ticket in tickets)
        return Verification(
            ordered, rules, rules_hash, entrants, listed, parsed, last, result_hash, self._announced
        )

    def _text(self, name: str) -> str | None:
        """The text of a file; None, and a finding, when it is missing or no UTF-8."""
        if name in self._texts:
            return self._texts[name]
        data = self._files.get(name)
        if data is None:
            self._findings.append(found.FILE_MISSING.at(found.line_of(name), name=name))
            return None
        try:
            self._texts[name] = data.decode()
        except UnicodeDecodeError as fault:
            line = data.count(b"\n", 0, fault.start) + 1
            self._invalid(name, line, "不是 UTF-8 编码")
            return None
        return self._texts[name]

    def _parsed(self, name: str, parse: Callable[[str], T]) -> T | None:
        text = self._texts.get(name)
        if text is None:
            return None
        try:
            return parse(text)
        except TextInvalid as fault:
            self._invalid(name, fault.line, fault.fault)
            return None

    def _invalid(self, name: str, line: int, fault: str) -> None:
        place = found.line_of(name, line)
        self._findings.append(found.FORM_INVALID.at(place, line=line, fault=fault))

    def _against_announcement(self, rules_hash: str) -> None:
        if self._announced and rules_hash and self._announced != rules_hash:
            self._findings.append(
                found.ANNOUNCED_DIFFERS.at(
                    found.line_of(RULES), found=rules_hash[:16], wanted=self._announced[:16]
                )
            )

    def _frozen(
        self, rules: Rules, parts: Mapping[str, tuple[str, Sequence[object]] | None]
    ) -> None:
        """Roster and units against the hashes and the event that the rules name."""
        named = ((ROSTER, "名册", rules.roster_hash), (UNITS, "房源清单", rules.units_hash))
        for name, what, wanted in named:
            have = sha256(self._texts[name]) if name in self._texts else wanted
            if have != wanted:
                place = found.line_of(name)
                finding = found.HASH_DIFFERS.at(
                    place, what=what, found=have[:16], wanted=wanted[:16]
                )
                self._findings.append(finding)
            part = parts[name]
            if part is not None and part[0] != rules.event:
                place = found.line_of(name, 1)
                self._findings.append(
                    found.EVENT_DIFFERS.at(place, found=part[0], wanted=rules.event)
                )

    def _tickets(self, rules: Rules | None, rules_hash: str) -> list[tuple[str, DrawTicket]]:
        """(file, ticket) of every draw, the last one last; each checked against rules and chain."""
        last = self._parsed(TICKET, parse_ticket)
        if last is None:
            return []
        parsed: list[tuple[str, DrawTicket]] = []
        before = NONE
        for number in range(1, min(last.draw_no, len(self._files) + 2)):  # 999999999 is a number
            names = [earlier_name(number, name) for name in DRAW_FILES]
            if [self._text(name) for name in names].count(None):
                before = ""
                continue
            ticket = self._parsed(names[0], parse_ticket)
            if ticket is not None:
                self._ticket(names[0], ticket, number, rules_hash, before)
                parsed.append((names[0], ticket))
            before = sha256(self._texts[names[1]])
        self._ticket(TICKET, last, last.draw_no, rules_hash, before)
        parsed.append((TICKET, last))
        if rules is not None:
            self._entropy(rules, parsed)
        return parsed

    def _ticket(
        self, name: str, ticket: DrawTicket, number: int, rules_hash: str, before: str
    ) -> None:
        faults = []
        if rules_hash and ticket.rules_hash != rules_hash:
            faults.append(
                f"凭据写的规则校验值是 {ticket.rules_hash[:16]}…，rules.txt 的是 {rules_hash[:16]}…"
            )
        if ticket.draw_no != number:
            faults.append(f"这里应当是第 {number} 次摇号的凭据，写的是第 {ticket.draw_no} 次")
        if before and ticket.earlier != before:
            faults.append(
                f"凭据写的前次结果校验值是 {ticket.earlier[:16]}…，"
                f"前次 result.txt 的是 {before[:16]}…"
            )
        place = found.line_of(name, 1)
        self._findings += [found.CHAIN_BROKEN.at(place, fault=fault) for fault in faults]

    def _entropy(self, rules: Rules, tickets: Sequence[tuple[str, DrawTicket]]) -> None:
        seen: dict[object, int] = {}
        for name, ticket in tickets:
            faults = entropy_faults(rules.sources, ticket.entropy)
            if ticket.entropy in seen:
                faults.append((2, f"随机数与第 {seen[ticket.entropy]} 次摇号的完全相同"))
            seen.setdefault(ticket.entropy, ticket.draw_no)
            self._findings += [
                found.ENTROPY_INVALID.at(found.line_of(name, line), fault=fault)
                for line, fault in faults
            ]

    def _result(self, ticket_name: str, drawn: Drawn) -> None:
        """The published result against the new one, line by line."""
        name = ticket_name.removesuffix(TICKET) + RESULT
        text, wanted = self._texts.get(name), result_text(drawn)
        if text is None or text == wanted:
            return
        pairs = zip_longest(text.split("\n"), wanted.split("\n"), fillvalue="（没有这一行）")
        differing = [(n, *pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1]]
        for line, have, should in differing[:_SHOWN]:
            place, (said, due) = found.line_of(name, line), _told_apart(have, should)
            finding = found.RESULT_DIFFERS.at(place, found=said, wanted=due, count=len(differing))
            self._findings.append(finding)


def _told_apart(have: str, should: str) -> tuple[str, str]:
    """Two lines of a result in words; by their ends where the words are the same."""
    said, due = _spoken(have), _spoken(should)
    return (said, due) if said != due else (f"…{have[-24:]}", f"…{should[-24:]}")


def _spoken(line: str) -> str:
    """第 2 名 e0119f17… 中签 01-1-0301; a line that is none as it stands."""
    fields = line.split("\t")
    if len(fields) != _FIELDS:
        return line.replace("\t", " ")[:80]
    rank, receipt, _, _, stratum, outcome, reserve, unit, _ = fields
    place = {"selected": "中签", "reserve": "递补"}.get(outcome, outcome)
    parts = (f"第 {rank} 名", f"{receipt[:8]}…", stratum, f"{place}{reserve}".rstrip(NONE), unit)
    return " ".join(part for part in parts if part != NONE)
