"""Sentences made from a summary in memory: numbers, gaps, numbering, the check after writing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from zhubao.core.errors import OutputError
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.summary.indicators.figures import Measured, all_figures
from zhubao.summary.narrative.notes import Notes
from zhubao.summary.problems.rules import Problem, Weight
from zhubao.summary.summary import Summary, Value
from zhubao.summary.targets.progress import Progress
from zhubao.summary.words import service, supply, tenancy
from zhubao.summary.words.checking import mismatches, refuse_mismatches
from zhubao.summary.words.facts import HOUSED_LATER, facts_of
from zhubao.summary.words.outline import CHAPTER, ITEM, LONG, PART, SHORT, next_title, outline
from zhubao.summary.words.spans import cut_note
from zhubao.summary.words.targets import progress
from zhubao.summary.words.telling import Sentence, Telling, pieces, plain, rate_text

_HALF = Period.parse("2020-H1")
_DAY = dt.date(2020, 6, 30)
_FIGURES = {one.code: one for one in all_figures()}
Given = Mapping[str, Measured]


def _summary(
    given: Given,
    before: Given | None = None,
    period: Period = _HALF,
    last: Given | None = None,
) -> Summary:
    values = {
        code: Value(figure, given.get(code), (before or {}).get(code), (last or {}).get(code))
        for code, figure in _FIGURES.items()
    }
    return Summary("星河区住房保障局", period, _DAY, values)


def _count(value: int, note: str = "") -> Measured:
    return Measured(value, (), note=note)


def _share(value: int, whole: int) -> Measured:
    return Measured(value, (), whole)


def _problem(title: str, sentence: str, plan: str) -> Problem:
    return Problem("P", title, Weight.HIGH, sentence, plan, 1, "户", ())


@pytest.mark.parametrize(
    ("sentence", "given", "text"),
    [
        (
            supply.raised,
            {"supply.raised": _count(825), "supply.raised.public_rental": _count(825)},
            "共筹集房源825套，其中公租房825套。",
        ),
        (
            supply.dispatched,
            {"dispatch.units": _count(12), "dispatch.units.affordable": _count(0)},
            "向各棚改项目调配房源12套。",
        ),
        (
            tenancy.hazards,
            {"safety.hazards": _share(2, 3)},
            "发现安全隐患3起，已整改2起，其余1起正在督促整改。",
        ),
        (tenancy.hazards, {"safety.hazards": _share(3, 3)}, "发现安全隐患3起，已整改3起。"),
        (
            tenancy.key_households,
            {"patrol.key_households_revisited": _share(658, 797)},
            "列为重点对象的家庭797户中658户做到了多次走访（82.56%）。",
        ),
        (
            tenancy.rent_remitted,
            {
                "rent.remitted_city": _count(124_343_000),
                "rent.remittance_rate_city": _share(71_460_369, 85_798_317),
            },
            "汇缴市级产权公租房租金约124.34万元（按汇缴日期统计，"
            "其中约52.88万元是其他期间的租金，与本期收缴数口径不同）。",
        ),
        (
            tenancy.staff_subsidy,
            {
                "staff.employers": _count(22),
                "staff.households": _count(960),
                "staff.half_year_progress": _share(960, 900),
            },
            "审批职工住房补贴22家单位960户，完成半年目标（900户）的106.67%。",
        ),
        (service.occupancy, {"units.occupancy": _share(0, 0)}, None),
        (service.approvals, {}, None),
        (
            service.reviewed,
            {"review.decided": _share(0, 2983)},
            "年审应审家庭2983户，本期还没有审结。",
        ),
    ],
)
def test_a_sentence_says_what_was_measured_and_nothing_else(
    sentence: Sentence, given: Given, text: str | None
) -> None:
    summary = _summary(given)
    said = sentence(Telling(summary, facts_of(summary, ())))

    assert (plain(said) if said else said) == text


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (119_710_000, "119.71万元"),
        (124_343_000, "约124.34万元"),
        (81_172_500, "约81.17万元"),
        (500_000_000, "500万元"),
        (481_500, "4815元"),
        (999_999, "9999.99元"),
        (1_000_000, "1万元"),
    ],
)
def test_money_is_rounded_only_with_a_word_that_says_so(fen: int, text: str) -> None:
    telling = Telling(_summary({"rent.received": _count(fen)}))

    assert telling.text("rent.received", "count") == text


def test_less_than_all_is_never_a_hundred_percent() -> None:
    assert rate_text(99_999, 100_000) == "99.99%"
    assert rate_text(100_000, 100_000) == "100%"
    assert rate_text(0, 0) is None


def test_a_year_before_stands_beside_the_number_where_it_is_known() -> None:
    now, before = {"rent.received": _count(3_000_000)}, {"rent.received": _count(2_500_000)}

    said = tenancy.rent_received(Telling(_summary(now, before)))

    assert said is not None
    assert plain(said) == "收缴租金3万元（上年同期2.50万元，增长20.00%）。"


def test_a_month_is_compared_with_the_month_before() -> None:
    now = {
        "rent.received": _count(20_910_000),
        "rent.collection_current": _share(8635, 10000),
        "dispatch.units": _count(40),
        "tickets.handled": _count(2),
    }
    before = {
        "rent.received": _count(19_909_000),
        "rent.collection_current": _share(8517, 10000),
        "dispatch.units": _count(83),
        "tickets.handled": _count(4),
    }
    summary = _summary(now, {"dispatch.units": _count(1)}, Period.parse("2020-06"), before)
    telling = Telling(summary)

    said = [one(telling) for one in (tenancy.rent_received, supply.dispatched, service.tickets)]

    assert [plain(one or "") for one in said] == [
        "收缴租金20.91万元，比上月增加约1.00万元、增长5.03%；"
        "当期租金收缴率86.35%，比上月提高1.18个百分点。",
        "向各棚改项目调配房源40套，比上月减少43套、下降51.81%。",
        "办结“12345”热线工单2份，比上月减少2份。",  # of so few no percentage is told
    ]
    assert Telling(_summary(now, None, _HALF, before)).against == "上期"
    assert Telling(_summary(now, before, _HALF, before)).against == "上年同期"
    cut = replace(summary, as_of=dt.date(2020, 6, 29))
    assert Telling(cut).against == "上年同期"


def _targeted(period: str, day: dt.date, done: int) -> Summary:
    """A summary in which 户 of 职工住房补贴 are measured against 900 and 1,800."""
    gone = (day - dt.date(2020, 1, 1)).days + 1
    made = Progress(
        Decimal(900), Decimal(1800), Decimal(done), "户", Ratio(gone, 366), (), day, Decimal(done)
    )
    given = {"staff.households": _count(146), "staff.half_year_progress": _share(done, 900)}
    summary = replace(_summary(given, period=Period.parse(period)), as_of=day)
    value = replace(summary.value("staff.households"), progress=made)
    return replace(summary, values={**summary.values, "staff.households": value})


@pytest.mark.parametrize(
    ("period", "day", "done", "staff", "targets"),
    [
        (
            "2020-06",
            dt.date(2020, 6, 30),
            960,
            "本月审批职工住房补贴146户，1—6月累计960户，完成半年目标（900户）的106.67%。",
            "半年目标1项全部完成。",
        ),
        (
            "2020-05",
            dt.date(2020, 5, 31),
            300,
            "本月审批职工住房补贴146户，1—5月累计300户，完成半年目标（900户）的33.33%。",
            "1项目标任务落后于时间进度：职工住房补贴。",
        ),
        (
            "2020",
            dt.date(2020, 12, 31),
            960,
            "审批职工住房补贴146户，完成全年目标（1800户）的53.33%。",
            "全年目标1项未完成（全年已结束）：职工住房补贴。",
        ),
        (
            "2020-H2",
            dt.date(2020, 9, 15),
            1500,
            "审批职工住房补贴146户，1月1日至9月15日累计1500户，完成全年目标（1800户）的83.33%。",
            "1项目标任务没有一项落后于时间进度。",
        ),
    ],
)
def test_a_period_is_held_to_its_own_target_and_says_when_the_time_is_over(
    period: str, day: dt.date, done: int, staff: str, targets: str
) -> None:
    summary = _targeted(period, day, done)
    telling = Telling(summary, facts_of(summary, ()))

    assert plain(tenancy.staff_subsidy(telling) or "") == staff
    assert plain(progress(telling) or "") == targets


@pytest.mark.parametrize(
    ("period", "raised", "done", "text"),
    [
        (
            "2020-05",
            0,
            1366,
            "本月没有新筹集房源，1—5月累计1366套，完成半年目标（1800套）的75.89%。",
        ),
        ("2020-05", 5, 1366, "共筹集房源5套，1—5月累计1366套，完成半年目标（1800套）的75.89%。"),
        ("2020-05", 5, 1800, "共筹集房源5套。"),
        ("2020-05", 0, 0, "本月没有新筹集房源（半年目标1800套）。"),
    ],
)
def test_a_target_of_supply_behind_its_time_is_told_in_its_own_section(
    period: str, raised: int, done: int, text: str
) -> None:
    day = dt.date(2020, 5, 31)
    made = Progress(
        Decimal(1800), Decimal(3500), Decimal(done), "套", Ratio(152, 366), (), day, Decimal(done)
    )
    summary = replace(_summary({"supply.raised": _count(raised)}, period=Period.parse(period)))
    value = replace(summary.value("supply.raised"), progress=made)
    summary = replace(summary, values={**summary.values, "supply.raised": value})

    assert plain(supply.raised(Telling(summary, facts_of(summary, ()))) or "") == text


def test_households_whose_lease_begins_later_are_told_beside_the_rate() -> None:
    given = {"allocation.households": _count(83), "units.occupancy": _share(1919, 2071)}
    told = [
        plain(service.allocated(Telling(_summary(given), {HOUSED_LATER: later})) or "")
        for later in ("80户", "83户")
    ]
    assert told == [
        "实物配租83户（其中80户合同在期末以后起租，尚未计入入住率）。",
        "实物配租83户（83户合同均在期末以后起租，尚未计入入住率）。",
    ]


@pytest.mark.parametrize(
    ("period", "day", "heading", "note"),
    [
        (
            "2020",
            (6, 30),
            "一、2020年1—6月工作情况",
            "全年还没有结束，只统计到6月30日；上半年的总结",
        ),
        (
            "2020-H1",
            (5, 15),
            "一、2020年1月1日至5月15日工作情况",
            "半年还没有结束，只统计到5月15日",
        ),
        ("2020-06", (6, 15), "一、6月1日至15日工作情况", "这个月还没有结束，只统计到6月15日"),
        ("2020-06", (6, 30), "一、本月工作情况", ""),
    ],
)
def test_a_period_cut_short_says_which_days_were_counted(
    period: str, day: tuple[int, int], heading: str, note: str
) -> None:
    asked = Period.parse(period)
    summary = _summary({"publicity.news": _count(3)}, period=asked)
    summary = replace(summary, as_of=dt.date(2020, *day))
    plan = SHORT if len(asked.months()) == 1 else LONG

    made = outline(Telling(summary), (), Notes(), plan)

    assert next(one.text for one in made if one.kind == CHAPTER) == heading
    assert cut_note(summary).startswith(note)
    assert bool(cut_note(summary)) == bool(note)


def test_every_digit_of_a_sentence_belongs_to_a_code() -> None:
    given = {
        code: _share(3, 7) if figure.is_rate else _count(7, "甲苑 7 套")
        for code, figure in _FIGURES.items()
    }
    problems = (_problem("空置", "空置的 2,071 套中 3 套", "逐套查明"),)
    summary = _summary(given)
    telling = Telling(summary, facts_of(summary, problems))

    loose = [
        piece.text
        for one in outline(telling, problems, Notes(), LONG)
        if one.kind in ("导语", "正文")
        for piece in one.pieces
        if not piece.code
    ]

    left = re.findall(r"\d+", "".join(loose).replace("2020年上半年", "").replace("12345", ""))
    assert left == ["1"]  # the number of the proposal: "1. 逐套查明"
    assert telling.text("problem.1", "fact") == "空置的2071套中3套"


def test_a_missing_business_line_leaves_neither_heading_nor_gap_in_the_numbers() -> None:
    given = {
        "dispatch.units": _count(5),
        "rent.received": _count(3_000_000),
        "publicity.news": _count(38),
    }

    month = Period.parse("2020-06")
    made = outline(Telling(_summary(given, period=month)), (), Notes(), SHORT)

    assert [one.text for one in made if one.kind in (CHAPTER, PART, ITEM)] == [
        "一、本月工作情况",
        "（一）多渠道保障房源供应",
        "1. 房源调配",
        "（二）抓实住房保障日常管理",
        "1. 租金收缴",
        "（三）做好政策宣传",
        "二、下月工作安排",
    ]


def test_an_empty_bureau_still_gives_a_document_to_be_written() -> None:
    made = outline(Telling(_summary({})), (), Notes(), LONG)

    assert [one.slot for one in made if one.slot] == ["lead", "problems", "plan"]


def test_a_proposal_that_two_problems_share_stands_once() -> None:
    problems = (_problem("甲", "甲1户", "逐户走访"), _problem("乙", "乙2户", "逐户走访"))
    summary = _summary({})

    made = outline(Telling(summary, facts_of(summary, problems)), problems, Notes(), LONG)

    assert [one.text for one in made if "逐户" in one.text] == ["1. 逐户走访"]


@pytest.mark.parametrize(
    ("period", "title"),
    [
        ("2020-H1", "下半年"),
        ("2020-H2", "2021年上半年"),
        ("2020", "2021年"),
        ("2020-12", "2021年1月"),
    ],
)
def test_the_plan_is_for_the_period_that_follows(period: str, title: str) -> None:
    assert next_title(Period.parse(period)) == title


def test_a_number_printed_otherwise_or_not_at_all_is_refused() -> None:
    telling = Telling(_summary({"dispatch.units": _count(500), "publicity.news": _count(38)}))
    made = outline(telling, (), Notes(), SHORT)
    right = [(p.code, p.part, p.text) for one in made for p in one.pieces if p.code]

    assert mismatches(telling, made, right) == ()
    tampered = [(code, part, text.replace("500", "501")) for code, part, text in right[:-1]]
    found = mismatches(telling, made, tampered)
    assert [(one.code, one.printed, one.value) for one in found] == [
        ("dispatch.units", "501套", "500套"),
        ("dispatch.units", "501套", "500套"),
        ("publicity.news", "", "38篇"),
    ]
    with pytest.raises(OutputError, match=r"dispatch\.units"):
        refuse_mismatches(found, "工作总结.docx")


def test_marks_come_apart_without_loss() -> None:
    said = supply.raised(Telling(_summary({"supply.raised": _count(7)})))

    assert said is not None
    assert "".join(piece.text for piece in pieces(said)) == plain(said)
    assert [piece.code for piece in pieces(said)] == ["", "supply.raised", ""]
