"""External lists: joined by identity number alone, namesakes kept apart, nothing written twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.review.households import AS_OF, formats, household, ledgers, member, review
from zhubao.core.errors import UsageError
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Member, Relation, Tier
from zhubao.services.review.entry_report import TakenIn, entry_report, take_in
from zhubao.services.review.foreign_list import read_foreign_list
from zhubao.services.review.leads import LeadState, ListKind, Wording, joined, leads_of
from zhubao.services.review.population import review_year

WIFE, OLD_WIFE = "430103195503074528", "430103550307452"
WORDING = Wording(("已排除", "不属实"), ("属实",))


def kin() -> Loaded:
    wife = member(name="李红梅", identity_no=WIFE, relation=Relation.SPOUSE)
    nobody = member(name="张小宝", identity_no=None, relation=Relation.CHILD)
    return ledgers(members=(Member, [member(), wife, nobody]), reviews=[review(matched=None)])


def taken(path: Path, loaded: Loaded) -> TakenIn:
    view = review_year(loaded, 2020, AS_OF)
    return take_in(view, None, [read_foreign_list(path)], formats())


@pytest.fixture
def homes(tmp_path: Path) -> Path:
    path = tmp_path / "产权登记.csv"
    path.write_text(
        "不动产登记查询结果\n"
        "序号,权利人,权利人证件号,坐落,建筑面积(㎡),登记日期\n"
        f"1,李红梅,{OLD_WIFE},某路1号,89.5,2018年3月2日\n"
        "2,张小明,430103195503074003,某路2号,60,2019-01-01\n"
        "3,张小明,,某路3号,60,2019-01-01\n"
        "4,,,某路4号,60,2019-01-01\n"
        "5,张小宝,　,某路5号,60,2019-01-01\n"
        "6,张小明,11010519491231002x,某路6号,50,20190102\n",
        encoding="gb18030",
    )
    return path


def test_old_and_new_numbers_are_one_person_and_a_blank_is_nobodys(homes: Path) -> None:
    (matched,) = taken(homes, kin()).matches
    assert matched.kind is ListKind.PROPERTY
    assert [hit.text for hit in matched.hits] == [
        "不动产：配偶 李*梅，建筑面积 89.5，登记日期 2018-03-02〔产权登记.csv!C3〕",
        "不动产：本人 张*明，建筑面积 50，登记日期 2019-01-02〔产权登记.csv!C8〕",
    ]
    assert [str(one.row.cell) for one in matched.coincidences] == [
        "产权登记.csv!C5",
        "产权登记.csv!C7",
    ]
    assert matched.namesakes == 1  # another number: another person


def test_hits_are_leads_in_the_ledger_and_a_second_run_changes_nothing(homes: Path) -> None:
    first = taken(homes, kin())
    (edit,) = first.change.edits
    text = str(edit.new)
    leads = leads_of(text, WORDING)
    assert [lead.state for lead in leads] == [LeadState.OPEN] * 2
    verified = f"{text}—已排除：已售"
    for known in (text, verified):
        again = ledgers(
            members=(Member, [member(), member(identity_no=WIFE, name="李红梅",
                                               relation=Relation.SPOUSE)]),
            reviews=[review(matched=known)],
        )  # fmt: skip
        assert taken(homes, again).change.is_empty
    report = entry_report(first)
    shown = str([row.values for table in report.tables for row in table.rows])
    assert "张小明" not in shown
    assert "李红梅" not in shown
    assert report.facts["hits"] == 2


def test_a_household_no_list_knows_is_said_to_have_no_record(tmp_path: Path) -> None:
    path = tmp_path / "死亡名单.csv"
    path.write_text("姓名,身份证号,死亡日期\n王五,430103195503074003,2020-01-01\n", "utf-8")
    (edit,) = taken(path, kin()).change.edits
    assert edit.new == "死亡：无记录〔死亡名单.csv〕"
    assert leads_of(str(edit.new), WORDING) == ()


def test_who_is_on_low_subsistence_must_be_on_its_list(tmp_path: Path) -> None:
    path = tmp_path / "低保名单.csv"
    path.write_text("姓名,身份证号,保障金额\n王五,430103195503074003,500\n", "utf-8")
    rows = [household("H1", tier=Tier.LOW_SUBSISTENCE), household("H2")]
    loaded = ledgers(rows, [review("H1", matched=None), review("H2", matched=None)])
    (edit,) = taken(path, loaded).change.edits
    assert edit.new == "低保：名单上没有本户成员〔低保名单.csv〕"
    assert len(leads_of(str(edit.new), WORDING)) == 1


def test_a_number_that_lost_its_digits_joins_nobody(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["车主", "身份证明号码", "品牌型号", "初次登记日期"])
    book.active.append(["李红梅", 430103195503074500, "甲牌", "2019-01-01"])
    book.active.append(["李红梅", int(OLD_WIFE), "乙牌", "2019-01-01"])
    book.save(tmp_path / "名单.xlsx")
    (matched,) = taken(tmp_path / "名单.xlsx", kin()).matches
    assert (matched.kind, matched.unread, len(matched.coincidences)) == (ListKind.VEHICLE, 1, 1)
    assert [hit.row.row for hit in matched.hits] == [2]


def test_a_list_of_nobody_knows_what_must_be_named(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("姓名,身份证号\n王五,430103195503074003\n", "utf-8")
    with pytest.raises(UsageError, match="看不出"):
        read_foreign_list(path)
    assert read_foreign_list(path, ListKind.BUSINESS).kind is ListKind.BUSINESS


def test_a_hit_takes_the_place_of_no_record_of_the_same_list_only() -> None:
    old = "不动产：无记录〔a.csv〕；车辆：无记录〔v.csv〕"
    assert (
        joined(old, ["不动产：本人〔a.csv!B2〕"])
        == "车辆：无记录〔v.csv〕；不动产：本人〔a.csv!B2〕"
    )
    assert (
        joined("不动产：本人〔a.csv!B2〕", ["不动产：无记录〔a.csv〕"])
        == "不动产：本人〔a.csv!B2〕"
    )
    assert joined("无异常", ["车辆：无记录〔v.csv〕"]) == "车辆：无记录〔v.csv〕"
    assert joined("无异常", []) == "无异常"


def test_a_list_sorted_anew_does_not_bring_a_cleared_lead_back() -> None:
    old = "车辆：本人 甲牌〔v.csv!B2〕—已排除：过户"
    assert joined(old, ["车辆：本人 甲牌〔v.csv!B9〕"]) == old
    two = ["车辆：本人 甲牌〔v.csv!B8〕", "车辆：本人 甲牌〔v.csv!B9〕"]
    assert joined(old, two) == f"{old}；{two[1]}"  # two alike: the second is new
    assert joined(joined(old, two), two) == joined(old, two)


def test_only_words_behind_the_source_settle_a_lead() -> None:
    texts = "车辆：本人〔属实名单.csv!B2〕；车辆：本人〔v.csv!B2〕—属实（某查〔2020〕5号）"
    states = [lead.state for lead in leads_of(texts, WORDING)]
    assert states == [LeadState.OPEN, LeadState.CONFIRMED]
