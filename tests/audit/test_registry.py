"""What a lead is known by: the same whatever row it stands in and however its number is written."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.audit.rectify.memory import made_check
from zhubao.audit.registry import AUDIT_CHECKS, Hit, LeadFound, all_checks
from zhubao.core.finding import FINDING_KINDS, Cell

_HERE, _THERE = Cell("a.xlsx", "表", "A2"), Cell("a.xlsx", "表", "A9")
_OLD, _NEW = "110105491231002", "11010519491231002X"


def _mark(hit: Hit, occurrence: int = 0) -> str:
    return LeadFound(made_check(), hit, occurrence).fingerprint


def test_a_lead_is_known_again_in_another_row_and_with_the_old_number() -> None:
    hit = Hit((_HERE,), household="JT1", identity_no=_OLD)
    assert _mark(hit) == _mark(replace(hit, cells=(_THERE,), identity_no=_NEW, amount=5))
    assert len(_mark(hit)) == 16


@pytest.mark.parametrize(
    "other",
    [
        {"household": "JT2"},
        {"unit": "U1"},
        {"identity_no": ""},
        {"key": ("2020-06",)},
        {"identity_no": "1101054912310021"},  # not a number at all: taken as it stands
    ],
)
def test_another_household_unit_person_or_key_is_another_lead(other: dict[str, str]) -> None:
    hit = Hit((_HERE,), household="JT1", identity_no=_NEW)
    assert _mark(hit) != _mark(replace(hit, **other))  # type: ignore[arg-type]


def test_hits_alike_in_everything_are_told_apart_by_their_occurrence() -> None:
    hit = Hit((_HERE,), household="JT1")
    assert len({_mark(hit, number) for number in range(3)}) == 3


def test_every_declared_check_is_explained_and_has_what_it_needs() -> None:
    checks = all_checks()
    assert [check.code for check in checks] == sorted(check.code for check in checks)
    assert len(checks) == len(AUDIT_CHECKS) >= 40
    lacking = [
        check.code
        for check in checks
        if FINDING_KINDS.get(check.code) is not check.kind
        or not (check.kind.basis and check.kind.bad and check.kind.good and check.find.__doc__)
    ]
    assert not lacking


_ARTICLE = re.compile(r"第[一二三四五六七八九十]+条")
_ARTICLES = {
    *("第九条", "第十条", "第十一条", "第十四条", "第十五条", "第十七条", "第十八条"),
    *("第二十条", "第二十一条", "第二十二条", "第二十七条", "第二十九条"),
    *("第三十条", "第三十一条", "第三十五条", "第三十六条"),
}


def test_no_check_cites_a_regulation_or_an_article_that_does_not_say_it() -> None:
    bases = {check.code: check.kind.basis for check in all_checks()}
    cited = {code: set(_ARTICLE.findall(basis)) for code, basis in bases.items()}
    assert {code: found - _ARTICLES for code, found in cited.items() if found - _ARTICLES} == {}
    named = {name for basis in bases.values() for name in re.findall(r"《(.+?)》", basis)}
    assert named == {"公共租赁住房管理办法"}
    assert {no for basis in bases.values() for no in re.findall(r"\w+〔\d+〕\d+号", basis)} == {
        "建保〔2016〕281号"
    }
