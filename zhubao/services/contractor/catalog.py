"""The figures a scheme may name, each with its title, its unit and what it divides by what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from zhubao.services.contractor import figures
from zhubao.services.contractor.scope import Scope


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure a scheme may name: its title, how it is computed, and what a count of it is."""

    key: str
    title: str
    measure: Callable[[Scope], figures.Measured]
    counted: str  # the unit of the numerator
    definition: str

    @property
    def is_money(self) -> bool:
        """True when it counts money."""
        return self.counted == "元"

    def units(self) -> tuple[str, ...]:
        """The units its value can be given in."""
        return ("%", "万元", "元") if self.is_money else ("%", self.counted, *_ALSO[self.counted])


_ALSO: Mapping[str, tuple[str, ...]] = {
    "户": ("家", "次"),
    "户次": ("次", "户"),
    "套": ("户", "件", "起"),
    "件": ("份", "起"),
    "起": ("件", "处"),
}
FIGURES: Mapping[str, Figure] = {
    figure.key: figure
    for figure in (
        Figure("old_debt", "历史欠租收回", figures.old_debt, "元", "收回期初欠租 ÷ 期初欠租"),
        Figure("current", "当期租金收缴", figures.current, "元", "收到的本期租金 ÷ 本期应收"),
        Figure("combined", "综合收缴", figures.combined, "元", "实收 ÷（期初欠租＋本期应收）"),
        Figure(
            "monthly_visits",
            "一月一上户",
            figures.monthly_visits,
            "户次",
            "当月走访过的户次 ÷ 期初欠租在租家庭的户月",
        ),
        Figure("patrol", "巡查", figures.patrolled, "户", "巡查过的家庭 ÷ 期末在租及巡查过的家庭"),
        Figure(
            "violations", "违规整改", figures.violations, "套", "已整改的违规住房 ÷ 有违规的住房"
        ),
        Figure("vacated", "违规腾退", figures.vacated, "套", "已退出的违规住房 ÷ 有违规的住房"),
        Figure(
            "tickets", "工单按时办结", figures.tickets, "件", "按期办结 ÷ 本期办结及逾期未办的工单"
        ),
        Figure(
            "vacancies_found",
            "查实空置",
            figures.vacancies_found,
            "套",
            "确认空置或死亡 ÷ 本期核查的房源",
        ),
        Figure(
            "vacancies_recovered",
            "空置收回",
            figures.vacancies_recovered,
            "套",
            "已收回 ÷ 确认空置或死亡的房源",
        ),
        Figure(
            "hazards",
            "隐患整改",
            figures.hazards,
            "起",
            "已整改的隐患 ÷ 期初未整改及本期发现的隐患",
        ),
    )
}
