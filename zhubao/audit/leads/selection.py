"""Which checks are meant by the words --only, --family and --severity."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from zhubao.audit.registry import AuditCheck, Family
from zhubao.core.errors import UsageError
from zhubao.core.finding import Severity


def select_checks(
    checks: Sequence[AuditCheck],
    codes: Iterable[str] = (),
    families: Iterable[str] = (),
    severities: Iterable[str] = (),
) -> tuple[AuditCheck, ...]:
    """The checks that every kind of word allows; no words of a kind allow all.

    Words of one kind add up; several may stand in one, with commas. A code may be the beginning of
    codes (AU-1). A family is its Chinese word or its English name, a severity likewise. UsageError
    for a word that means nothing, and when nothing is left.
    """
    wanted = _codes(checks, _split(codes))
    kinds = {_family(word) for word in _split(families)}
    levels = {_severity(word) for word in _split(severities)}
    chosen = tuple(
        check
        for check in checks
        if (wanted is None or check.code in wanted)
        and (not kinds or check.family in kinds)
        and (not levels or check.severity in levels)
    )
    if not chosen:
        raise UsageError(
            "没有同时符合这些条件的检查规则", advice="用 zhubao audit list 查看规则的类别和级别。"
        )
    return chosen


def _split(words: Iterable[str]) -> list[str]:
    parts = (
        part for word in words for part in word.replace("，", ",").replace("、", ",").split(",")
    )
    return [part.strip() for part in parts if part.strip()]


def _codes(checks: Sequence[AuditCheck], words: Sequence[str]) -> set[str] | None:
    if not words:
        return None
    known = [check.code for check in checks]
    wanted: set[str] = set()
    for word in words:
        found = {code for code in known if code.startswith(word.upper())}
        if not found:
            near = difflib.get_close_matches(word.upper(), known, n=3)
            hint = f"是不是 {'、'.join(near)}？" if near else ""
            raise UsageError(
                f"没有编号为“{word}”的检查规则", advice=f"{hint}用 zhubao audit list 查看全部规则。"
            )
        wanted |= found
    return wanted


def _family(word: str) -> Family:
    for family in Family:
        if word in (family.value, family.name.lower(), family.name.lower().replace("_", "-")):
            return family
    known = "、".join(family.value for family in Family)
    raise UsageError(f"没有“{word}”这个类别", advice=f"可以写：{known}。")


def _severity(word: str) -> Severity:
    for severity in Severity:
        if word.lower() in (severity.value, severity.title):
            return severity
    known = "、".join(severity.title for severity in Severity)
    raise UsageError(f"没有“{word}”这个级别", advice=f"可以写：{known}。")
