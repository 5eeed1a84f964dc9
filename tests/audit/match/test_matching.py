"""A list against the members: numbers in every form, names apart, dates against the protection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.audit.checks.ledgers import facts
from tests.audit.checks.persons import LI, WANG, ZHAO, grant, household, lease, member, number
from zhubao.audit.match.external_list import read_list
from zhubao.audit.match.kinds import RULES, MatchKind, kind_named
from zhubao.audit.match.leads import match_leads_change, matches_as_leads
from zhubao.audit.match.matching import MatchResult, match
from zhubao.audit.match.members import Members
from zhubao.audit.match.report import match_report
from zhubao.audit.match.soundness import not_sound
from zhubao.audit.match.spans import Span, Timing, timing_of
from zhubao.core.errors import UsageError, WorkbookDamaged
from zhubao.core.finding import Cell
from zhubao.core.identity import check_identity
from zhubao.core.theme import load_theme
from zhubao.ledger.audit import Lead
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable

DAY = dt.date(2020, 6, 30)
CARS = ["车主", "身份证明号码", "号牌号码", "初次登记日期"]


def _members(**tables: Any) -> Members:
    """王小明 (JT0001, let since 2018, qualified since 2017) with 李四; 赵六 in JT0002, exited."""
    given: dict[str, Any] = {
        "household": [
            household(approved_on="2017-01-01", tier="低保"),
            household(
                "JT0002", ZHAO, approved_on="2015-01-01", status="已退出", exited_on="2019-06-30"
            ),
        ],
        "member": [
            member(),
            member(identity=LI, name="李四", relation="配偶"),
            member("JT0002", ZHAO, name="赵六"),
        ],
        "lease": [lease(starts_on="2018-01-01", ends_on="2022-12-31")],
        **tables,
    }
    return Members(facts(DAY, **given).loaded, DAY)


def _matched(
    rows: Sequence[Sequence[str]],
    tmp_path: Path,
    kind: MatchKind = MatchKind.VEHICLES,
    members: Members | None = None,
    encoding: str = "utf-8",
) -> MatchResult:
    """The rows as a comma-separated file, compared."""
    path = tmp_path / "名单.csv"
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding=encoding)
    return match(members or _members(), read_list(path, kind), kind, path.name)


@pytest.mark.parametrize(
    "written",
    [
        WANG,
        f" {WANG} ",
        WANG[:6] + WANG[8:17],
        "".join(chr(ord(sign) + 0xFEE0) for sign in WANG),
        f'"=""{WANG}"""',
        f"{WANG}\t",
    ],
)
def test_one_number_in_all_the_forms_lists_have_it(written: str, tmp_path: Path) -> None:
    found = _matched(
        [CARS, ["王小明", written, "湘A1", "2019-05-01"]], tmp_path, encoding="gb18030"
    )
    (hit,) = found.hits
    assert (hit.person.household_no, hit.timing) == ("JT0001", Timing.INSIDE)
    assert hit.begun == dt.date(2019, 5, 1)
    assert str(hit.cells[0]) == "名单.csv!B2"


def test_a_small_x_is_an_x(tmp_path: Path) -> None:
    ending = next(n for n in (number(sequence=s) for s in range(101, 300)) if n.endswith("X"))
    members = _members(member=[member(identity=ending)], household=[household(identity=ending)])
    rows = [CARS, ["王小明", ending.lower(), "湘A1", "2020-01-01"]]
    assert len(_matched(rows, tmp_path, members=members).hits) == 1


def test_every_member_counts_not_only_the_applicant(tmp_path: Path) -> None:
    found = _matched([CARS, ["李四", LI, "湘A1", "2019-05-01"]], tmp_path)
    assert [hit.person.name for hit in found.leads] == ["李四"]


def test_dates_tell_inside_before_and_after_apart(tmp_path: Path) -> None:
    rows = [
        CARS,
        ["王小明", WANG, "湘A1", "2016-12-31"],
        ["王小明", WANG, "湘A2", "2017.1.1"],
        ["王小明", WANG, "湘A3", ""],
        ["王小明", WANG, "湘A4", "2020-07-01"],
        ["赵六", ZHAO, "湘A5", "2019年6月30日"],
        ["赵六", ZHAO, "湘A6", "2019-07-01"],
    ]
    found = _matched(rows, tmp_path)
    timings = {dict(hit.details)["号牌号码"]: hit.timing for hit in found.hits}
    assert timings == {
        "湘A1": Timing.BEFORE,
        "湘A2": Timing.INSIDE,
        "湘A3": Timing.UNDATED,
        "湘A4": Timing.LATER,
        "湘A5": Timing.INSIDE,
        "湘A6": Timing.AFTER,
    }
    assert len(found.leads) == 4
    assert found.households == 2


def test_spans_of_lease_subsidy_and_qualification() -> None:
    stopped = grant(status="终止", last_month="2020-01", status_changed_on="2020-02-10")
    members = _members(
        subsidy_grant=[stopped], lease=[lease(terminated_on="2019-03-31", status="已终止")]
    )
    ends = {span.what.split()[0]: span.end for span in members.spans("JT0001")}
    assert ends == {
        "租赁合同": dt.date(2019, 3, 31),
        "租赁补贴": dt.date(2020, 1, 31),
        "保障资格": None,
    }


def test_what_was_sold_before_the_protection_is_no_lead() -> None:
    span = Span(dt.date(2018, 1, 1), None, "租赁合同 HT1", Cell("tenants.xlsx"))
    begun = dt.date(2010, 1, 1)
    assert timing_of(begun, dt.date(2017, 12, 31), [span], DAY)[0] is Timing.GONE
    assert timing_of(begun, dt.date(2018, 1, 1), [span], DAY)[0] is Timing.BEFORE
    assert timing_of(None, dt.date(2017, 12, 31), [span], DAY)[0] is Timing.GONE
    assert timing_of(begun, None, [], DAY)[0] is Timing.UNPROTECTED


def test_a_name_alone_is_kept_apart_and_only_where_the_number_is_blank(tmp_path: Path) -> None:
    rows = [
        CARS,
        ["王小明", "", "湘A1", "2019-05-01"],
        ["王小明", number(sequence=999), "湘A2", ""],
    ]
    found = _matched(rows, tmp_path)
    assert found.hits == ()
    assert [str(one.cell) for one in found.name_only] == ["名单.csv!A2"]
    assert found.name_only_count == 1


def test_a_blank_never_equals_a_blank(tmp_path: Path) -> None:
    members = _members(member=[member(identity=None)], household=[household(identity=None)])
    found = _matched(
        [CARS, ["", "", "湘A1", ""], ["张三", " ", "湘A2", ""]], tmp_path, members=members
    )
    assert found.hits == ()
    assert found.name_only == []


def test_rows_with_a_faulty_number_are_listed_with_who_it_may_be(tmp_path: Path) -> None:
    wrong = WANG[:-1] + ("1" if WANG[-1] != "1" else "2")
    rows = [CARS, ["王小明", wrong, "湘A1", ""], ["路人", "4.30102E+17", "湘A2", ""]]
    found = _matched(rows, tmp_path)
    assert found.hits == ()
    assert [len(one.persons) for one in found.unusable] == [1, 0]
    codes = {finding.code for finding in match_report(found).findings}
    assert "AU-291" in codes


def test_equal_rows_are_merged_and_different_things_are_not(tmp_path: Path) -> None:
    rows = [
        CARS,
        *[["王小明", WANG, "湘A1", "2019-05-01"]] * 2,
        ["王小明", WANG, "湘A2", "2019-05-01"],
    ]
    found = _matched(rows, tmp_path)
    assert [len(hit.cells) for hit in found.hits] == [2, 1]
    assert found.duplicates == 1


def test_a_registered_death_is_no_new_lead(tmp_path: Path) -> None:
    rows = [["死者姓名", "死者身份证号", "死亡日期"], ["王小明", WANG, "2020-02-01"]]
    assert len(_matched(rows, tmp_path, MatchKind.DEATH).leads) == 1
    dead = _members(member=[member(died_on="2020-02-01"), member(identity=LI, name="李四")])
    assert _matched(rows, tmp_path, MatchKind.DEATH, dead).leads == ()


def test_on_the_list_of_the_poor_it_is_the_missing_who_are_leads(tmp_path: Path) -> None:
    head = ["低保对象", "低保对象身份证号", "终止日期"]
    present = _matched([head, ["李四", LI, ""]], tmp_path, MatchKind.SUBSISTENCE)
    assert (present.absent, present.leads) == ((), ())
    ended = _matched([head, ["李四", LI, "2020-01-31"]], tmp_path, MatchKind.SUBSISTENCE)
    assert [one.household for one in ended.absent] == ["JT0001"]
    (lead,) = matches_as_leads(ended, _members())
    assert lead.identity_no == WANG


def test_titles_short_rows_blank_lines_and_a_header_once_more(tmp_path: Path) -> None:
    rows = [
        ["车辆登记信息", "", "", ""],
        ["", "", "", ""],
        CARS,
        ["王小明", WANG],
        [""],
        CARS,
        ["合计"],
    ]
    found = _matched(rows, tmp_path)
    assert [str(hit.cells[0]) for hit in found.hits] == ["名单.csv!B4"]
    assert found.unusable == []


def test_a_list_without_numbers_and_an_open_quote_are_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        _matched([["车主", "号牌号码"], ["王小明", "湘A1"]], tmp_path)
    torn = [CARS, ["王小明", f'"{WANG}', "湘A1", "2019"], *[["甲", WANG, "湘A2", "2019"]] * 3]
    with pytest.raises(WorkbookDamaged):
        _matched(torn, tmp_path)


def test_every_kind_is_known_in_both_languages_and_says_what_to_verify() -> None:
    for kind, rules in RULES.items():
        assert kind_named(kind.value) is kind_named(rules.word.upper()) is kind
        assert rules.verify
        assert rules.basis
    with pytest.raises(UsageError):
        kind_named("飞机")


def test_the_check_of_whole_columns_agrees_with_the_check_of_one() -> None:
    samples = [number(f"19{year:02d}0228", year * 7 % 999) for year in range(20, 99)]
    samples += [one[:17] + "X" for one in samples] + [
        "43010219750231101X",
        "",
        "4" * 18,
        WANG.lower(),
    ]
    samples += [WANG[:6] + "20000229" + WANG[14:], WANG[:6] + "19000229" + WANG[14:]]
    odd = set(not_sound(samples))
    assert odd == {place for place, one in enumerate(samples) if check_identity(one) is not None}


def test_leads_are_masked_unique_and_written_once(tmp_path: Path) -> None:
    found = _matched([CARS, ["王小明", WANG, "湘A1", "2019-05-01"]], tmp_path)
    members = _members()
    (lead,) = matches_as_leads(found, members)
    assert "王小明" not in lead.matter
    assert WANG not in lead.matter
    assert (lead.unit, lead.person) == ("FY0001", "王小明")

    def changed(rows: list[dict[str, Any]]) -> Any:
        table = LedgerTable.from_rows(Lead, rows)
        members.loaded = Loaded({**members.loaded.tables, Lead: table})
        return match_leads_change((lead,), found, members, load_theme(tmp_path).formats)

    row = {"lead_no": "YD0007", "fingerprint": "x"}
    assert [len(block.rows) for block in changed([row]).added] == [1]
    again = changed([{**row, "fingerprint": lead.fingerprint, "last_seen_on": dt.date(2020, 1, 1)}])
    assert again.added == ()
    assert [edit.head.header for edit in again.edits] == ["最近出现日期"]
    renamed = _matched([CARS, ["王小明", WANG, "湘A1", "2019-05-01"]], tmp_path)
    renamed.list_name = "下季度.csv"
    assert matches_as_leads(renamed, members)[0].fingerprint == lead.fingerprint


def test_a_cell_with_the_numbers_of_joint_owners_is_a_row_of_each_of_them(tmp_path: Path) -> None:
    stranger = number("19660606", 404)
    shared = f'"{WANG},{stranger}"'
    found = _matched(
        [
            CARS,
            ["王小明、外人", shared, "湘A1", "2019-05-01"],
            ["王小明 李四", f"{WANG}；{LI}", "湘A2", "2019-05-01"],
            ["王小明、坏号", f"{WANG}、123", "湘A3", "2019-05-01"],
        ],
        tmp_path,
    )
    told = sorted((hit.person.name, dict(hit.details)["号牌号码"]) for hit in found.leads)
    assert told == [("李四", "湘A2"), ("王小明", "湘A1"), ("王小明", "湘A2")]
    assert all(hit.same_name for hit in found.hits)
    assert (found.rows, found.unusable_count) == (3, 1)
