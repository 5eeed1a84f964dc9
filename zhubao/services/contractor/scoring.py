"""From a result and its target to a score, with the arithmetic in words.

Everything is computed exactly from whole numbers; only the score is rounded, half up.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhubao.core.money import yuan
from zhubao.services.contractor.figures import Measured
from zhubao.services.contractor.scheme import Formula, Indicator


@dataclass(frozen=True, slots=True)
class Goal:
    """What is asked of an operator: target in `unit` and full score; `origin` says where from."""

    target: Decimal | None
    unit: str
    full: Decimal
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """A score and how it came about. `actual` is exact, in the goal's unit, None for x/0; `score`
    is None where there is no target to score against."""

    actual: Fraction | None
    score: Decimal | None
    arithmetic: str


def score(indicator: Indicator, measured: Measured, goal: Goal, places: int = 1) -> Scored:
    """Score one result.

    按比例: full × min(1, actual ÷ target); 0 below `floor` per cent of the target.
    按件扣分: full less points × max(0, cases left less allowed), at least 0; cases left are
    denominator less numerator. 按差额扣分: full less points × max(0, target less actual), at
    least 0. 达标得分: full when actual >= target (以上含本数), else 0. Rounded half up.

    Nothing to do (denominator 0): the full score, nothing is deducted. No target: no score. A
    target of zero is reached by anything. The arithmetic names the numbers the score is computed
    from. Cases are households, units or tickets; 按件扣分 does not suit money.
    """
    actual = measured.value(goal.unit)
    if actual is None:
        said = f"分母为 0，没有可考核的事项，不扣分，得 {_plain(goal.full)}"
        return Scored(None, rounded(Fraction(goal.full), places), said)
    if indicator.formula is Formula.DEDUCTION:
        return _deduction(indicator, measured, goal, actual, places)
    if goal.target is None:
        return Scored(actual, None, "没有目标值，没有评分")
    if indicator.formula is Formula.PROPORTIONAL:
        return _proportional(indicator, measured, goal, actual, places)
    if indicator.formula is Formula.SHORTFALL:
        return _shortfall(indicator, measured, goal, actual, places)
    reached = actual >= goal.target
    earned = rounded(Fraction(goal.full if reached else 0), places)
    said = f"{_reading(measured, goal.unit)}{_verdict(goal, reached=reached)}"
    return Scored(actual, earned, f"{said}，得 {_plain(earned)}")


def rounded(value: Fraction, places: int) -> Decimal:
    """Half up (away from zero), with exactly so many decimals."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-whole if value < 0 else whole).scaleb(-places)


def shown_value(actual: Fraction | None, unit: str) -> Decimal | None:
    """The result as it is written down: two decimals for rates and 万元, else whole or as it is."""
    return None if actual is None else rounded(actual, 2 if unit in ("%", "万元", "元") else 0)


def _proportional(
    indicator: Indicator, measured: Measured, goal: Goal, actual: Fraction, places: int
) -> Scored:
    assert goal.target is not None
    target = Fraction(goal.target)
    result, full = _reading(measured, goal.unit), _plain(goal.full)
    if actual >= target:
        said = f"{result}{_verdict(goal, reached=True)}，得满分 {full}"
        return Scored(actual, rounded(Fraction(goal.full), places), said)
    if actual * 100 < target * Fraction(indicator.floor):
        said = f"{result}，不到目标 {_goal(goal)} 的 {_plain(indicator.floor)}%，不得分"
        return Scored(actual, rounded(Fraction(0), places), said)
    earned = rounded(Fraction(goal.full) * actual / target, places)
    said = f"{full} × {_result(measured, goal.unit)} ÷ {_goal(goal)} ＝ {earned}"
    return Scored(actual, earned, said)


def _deduction(
    indicator: Indicator, measured: Measured, goal: Goal, actual: Fraction, places: int
) -> Scored:
    cases = max(0, measured.left - indicator.allowed)
    earned = max(Fraction(0), Fraction(goal.full) - Fraction(indicator.points) * cases)
    free = f"，允许 {indicator.allowed}" if indicator.allowed else ""
    result = rounded(earned, places)
    said = (
        f"{measured.numerator:,}/{measured.denominator:,}，未完成 {measured.left:,}{free}："
        f"{_plain(goal.full)} － {_plain(indicator.points)} × {cases:,} ＝ {result}"
    )
    return Scored(actual, result, said + ("（扣完为止）" if not earned and cases else ""))


def _shortfall(
    indicator: Indicator, measured: Measured, goal: Goal, actual: Fraction, places: int
) -> Scored:
    assert goal.target is not None
    short = max(Fraction(0), Fraction(goal.target) - actual)
    full = _plain(goal.full)
    if not short:
        said = f"{_reading(measured, goal.unit)}{_verdict(goal, reached=True)}，得满分 {full}"
        return Scored(actual, rounded(Fraction(goal.full), places), said)
    earned = max(Fraction(0), Fraction(goal.full) - Fraction(indicator.points) * short)
    score_ = rounded(earned, places)
    times = "100 × " if goal.unit == "%" else ""
    gap = f"{_plain(goal.target)} － {times}{_result(measured, goal.unit)}"
    said = f"{full} － {_plain(indicator.points)} ×（{gap}）＝ {score_}"
    return Scored(actual, score_, said + ("" if earned else "（扣完为止）"))


def _verdict(goal: Goal, *, reached: bool) -> str:
    return f"，{'达到' if reached else '没有达到'}目标 {_goal(goal)}"


def _goal(goal: Goal) -> str:
    assert goal.target is not None
    return f"{_plain(goal.target)}{'%' if goal.unit == '%' else f' {goal.unit}'}"


def _reading(measured: Measured, unit: str) -> str:
    """The result for reading: 38 ÷ 40 ＝ 95.00%, 1,983 户, 8.805531 万元."""
    if unit != "%":
        return _result(measured, unit)
    return f"{_result(measured, unit)} ＝ {shown_value(measured.value(unit), unit)}%"


def _result(measured: Measured, unit: str) -> str:
    """The exact result, for arithmetic: a rate as its two numbers."""
    if unit == "%":
        return f"{_shown(measured.numerator, measured)} ÷ {_shown(measured.denominator, measured)}"
    value = measured.value(unit)
    assert value is not None
    if not measured.money:
        return f"{measured.numerator:,} {unit}"
    return f"{_plain(rounded(value, 6 if unit == '万元' else 2))} {unit}"


def _shown(number: int, measured: Measured) -> str:
    return f"{yuan(number):,}" if measured.money else f"{number:,}"


def _plain(number: Decimal) -> str:
    """Without zeros at the end: 20, 0.5, 1,960."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
