"""规则复核: the one check that raised a finding, run again on today's ledgers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from zhubao.audit.facts import Facts
from zhubao.audit.leads.run import Spotted, run_checks
from zhubao.audit.rectify.book import Dossier
from zhubao.audit.registry import AuditCheck
from zhubao.core.finding import Cell
from zhubao.ledger.audit import Lead, LeadSource
from zhubao.ledger.loaded import Loaded


class Verdict(StrEnum):
    """What running the check again says."""

    CLEAN = "不再检出"
    FOUND = "仍检出"
    UNKNOWN = "没有结论"
    NO_RULE = "没有规则"


@dataclass(frozen=True, slots=True)
class Recheck:
    """The verdict; `cells` and `message` of what is still found, `why` where there is no verdict.

    `others` counts other leads of the check on the same household or unit.
    """

    verdict: Verdict
    code: str = ""
    message: str = ""
    cells: tuple[Cell, ...] = ()
    why: str = ""
    others: int = 0


def lead_of(file: Dossier, loaded: Loaded) -> Lead | None:
    """The lead a finding came from; None without one, or when its row is gone."""
    table, number = loaded.get(Lead), file.row.lead_no
    for index, one in enumerate(table.column("lead_no")):
        if number and one == number:
            return table.row(index)
    return None


def rule_of(file: Dossier, loaded: Loaded, checks: Iterable[AuditCheck]) -> tuple[str, bool]:
    """(code of the rule that raised a finding or "", whether it is one that can be run again)."""
    lead = lead_of(file, loaded)
    code = file.row.check_code or (lead.check_code if lead else None) or ""
    known = any(check.code == code.upper() for check in checks)
    matched = lead is not None and lead.source is LeadSource.LIST_MATCH
    return ("" if matched and not known else code.upper()), known


def recheck(file: Dossier, facts: Facts, checks: Iterable[AuditCheck]) -> Recheck:
    """Run the finding's check on these facts and look for its lead.

    The lead is known by its 疑点标识; a finding without one is still found while the check finds
    anything on its household or its unit, or, where it names neither, anything at all. No verdict
    when the check is not known, broke, or a sheet it needs is empty: that is never clean.
    """
    declared = tuple(checks)
    code, known = rule_of(file, facts.loaded, declared)
    if not code:
        return Recheck(Verdict.NO_RULE)
    if not known:
        return Recheck(Verdict.UNKNOWN, code, why="没有这条规则，请核对问题清单的“规则编号”")
    run = run_checks(facts, [check for check in declared if check.code == code])
    lead = lead_of(file, facts.loaded)
    mark = (lead.fingerprint if lead else None) or ""
    mine = [one for one in run.leads if _is_mine(one, file, mark)]
    if mine:
        first = mine[0]
        return Recheck(Verdict.FOUND, code, first.finding.message, first.lead.hit.cells)
    if run.silent:
        sheets = "、".join(model.SHEET.name for model in run.silent[0].missing)
        return Recheck(Verdict.UNKNOWN, code, why=f"要用的表没有数据（{sheets}）")
    if run.broken:
        return Recheck(Verdict.UNKNOWN, code, why="遇到没有料到的数据，没有运行完")
    others = sum(_is_near(one, file) for one in run.leads)
    return Recheck(Verdict.CLEAN, code, others=others)


def _is_mine(one: Spotted, file: Dossier, mark: str) -> bool:
    if mark:
        return one.fingerprint == mark
    named = file.row.household_no or file.row.unit_no
    return _is_near(one, file) if named else True


def _is_near(one: Spotted, file: Dossier) -> bool:
    hit, row = one.lead.hit, file.row
    same_household = bool(row.household_no) and hit.household == row.household_no
    return same_household or (bool(row.unit_no) and hit.unit == row.unit_no)
