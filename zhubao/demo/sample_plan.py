"""The plan of the sample: the first half of 2020 of one invented bureau, figure by figure."""

from __future__ import annotations

import datetime as dt

from zhubao.core.period import Month
from zhubao.demo.blueprint import Blueprint, Counts, EstatePlan, Waiting

SEED = 20200630

# 2003 of 2071 lettable units are let at the end: 96.72 %.
ESTATES = (
    EstatePlan("粟塘小区", "01", 340, 300, True, "二级", 11, 2014, dt.date(2020, 1, 10)),
    EstatePlan("鄱阳小区", "02", 380, 0, True, "三级", 6, 2010, outside=True),
    EstatePlan("凤凰佳园", "03", 260, 0, False, "二级", 11, 2012),
    EstatePlan("凤凰苑", "04", 181, 0, True, "三级", 6, 2009),
    EstatePlan("北辰中央公园", "05", 0, 72, False, "一级", 18, 2019, dt.date(2020, 4, 28)),
    EstatePlan("天凯南苑", "06", 250, 0, True, "二级", 18, 2013),
    EstatePlan("天悦鑫苑", "07", 200, 0, False, "一级", 18, 2015),
    EstatePlan("星河新苑", "08", 88, 0, True, "三级", 6, 2011),
)

COUNTS = Counts(
    unlettable={"装修中": 24, "预留": 27, "已处置": 10},
    supply={"社会合作房": 573, "团购商品房": 305, "限价商品房": 520, "公租房": 715},
    pipeline_units=1200,
    dispatched={"经适房": 112, "商品房": 376, "公租房": 12},
    approvals={"经济适用房购房资格": 115, "棚改安置补贴": 333, "购房奖励": 551, "半边户": 116},
    subsidy_households=909,
    subsidy_new=3,
    staff_employers=22,
    staff_households=960,
    patrolled=1983,
    key_households=658,
    violations=20,
    changes=66,
    vacancy_checks=50,
    special_cases=11,
    tickets=21,
    articles=38,
    trainings=6,
)

SAMPLE = Blueprint(
    seed=SEED,
    start=Month.of(2020, 1),
    end=Month.of(2020, 6),
    standing=1635,
    moved=6,
    exited=27,
    allocated=362,
    allocated_people=850,
    # 322 waited at the end of 2019. The first draw had 337 entrants: 322, less 5 who dropped out
    # in January, and 20 approved in January. Of the 418 ever registered 362 were housed, 14
    # dropped out and 42 still wait. Three different populations; none is made to equal another.
    waiting=Waiting(opening=322, early=20, later=76, dropped_early=5, dropped_later=9),
    estates=ESTATES,
    counts=COUNTS,
    lower_middle=0.35,
)

RENT_RECEIVED = 119_710_000  # fen received in the half-year: 119.71万元
CITY_RENT_REMITTED = 124_343_000  # fen remitted on city-owned units: 124.343万元
EARLIER_PERIOD = "2019-H2"  # the first remittance is for the half-year before
