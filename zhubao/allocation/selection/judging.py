"""Whether an entry at the counter may stand: whose turn it is, and which unit can be had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhubao.allocation.selection.queue import Candidate, Home, Queue, shown_place
from zhubao.allocation.selection.standing import (
    ABANDONED,
    ABSENT,
    CHOSEN,
    WITHDRAWN,
    Standing,
    State,
)
from zhubao.ledger.allocation import SelectionAction

_MOST = 6  # ranks named in a message


class Refused(Exception):
    """An entry that does not stand; the message is for the clerk."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is entered of one household. `unit` as typed; "" confirms the unit the draw gave."""

    entrant_no: str
    action: SelectionAction
    unit: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be recorded: the unit meant, and a remark."""

    unit_no: str = ""
    remark: str = ""


def judge(wish: Wish, standing: Standing, any_stratum: str = "") -> Verdict:
    """What stands of a wish; Refused with the reason when nothing does.

    A household chooses in the order of rank of its stratum: before those ahead have chosen, given
    up or been marked absent, it cannot. One marked absent may come back at any time and chooses
    from what is left. `any_stratum` is the reason for which units of other strata may be chosen.
    """
    candidate = standing.queue.by_entrant.get(wish.entrant_no)
    if candidate is None:
        raise Refused(f"名单里没有参摇编号 {wish.entrant_no}")
    if wish.action is CHOSEN:
        return _choice(candidate, wish, standing, any_stratum)
    if wish.action is ABANDONED:
        return _abandonment(candidate, wish, standing)
    if wish.action is ABSENT:
        return _absence(candidate, standing)
    return _withdrawal(candidate, wish, standing)


def named(candidate: Candidate) -> str:
    """第 73 号 张*明."""
    return f"第 {candidate.rank} 号 {candidate.masked}"


def refuse_out_of_turn(candidate: Candidate, standing: Standing) -> None:
    """Refused unless the household may choose now: its turn in the stratum, or come back.

    A household that the draw gave its unit need not wait for anybody.
    """
    state, stratum = standing.state_of(candidate), candidate.stratum
    if state in (State.CHOSEN, State.ABANDONED):
        unit = standing.unit_of.get(candidate.entrant_no, "")
        raise Refused(
            f"{named(candidate)} 已登记{state.value}{f' {unit}' if unit else ''}，要改请先撤销"
        )
    if standing.queue.direct and candidate.unit_no:
        return
    if not standing.is_called(candidate):
        raise Refused(f"还没有轮到{named(candidate)}：{_why_not_called(candidate, standing)}")
    first = standing.turn(stratum)
    if state is State.WAITING and first is not None and first.rank < candidate.rank:
        before = _ahead(candidate, standing)
        ahead = [one for one in before if standing.state_of(one) is State.WAITING]
        raise Refused(
            f"还没有轮到{named(candidate)}：{stratum}前面还有第 {_ranks(ahead)} 号没有选；"
            "没来的请逐户记“未到”"
        )


def _choice(candidate: Candidate, wish: Wish, standing: Standing, any_stratum: str) -> Verdict:
    refuse_out_of_turn(candidate, standing)
    lease = standing.queue.housed.get(candidate.household_no)
    if lease is not None:
        raise Refused(f"{named(candidate)} 已有在租合同 {lease}，不能再选；不再配租的请记“放弃”")
    if standing.queue.direct:
        return _confirmation(candidate, wish, standing)
    if not wish.unit:
        raise Refused("请输入所选的房源编号")
    home = _found(wish.unit, standing.queue)
    _refuse_taken(home, standing)
    if home.stratum == candidate.stratum:
        return Verdict(home.unit_no)
    if not any_stratum:
        kind = home.stratum or "没有写户型的房源"
        raise Refused(f"{home.unit_no} 是{kind}，{named(candidate)} 应选{candidate.stratum}")
    if len(standing.called(home.stratum)) >= len(standing.left(home.stratum)):
        raise Refused(f"{home.stratum}剩下的房源都已有家庭在等，不能给别的户型选")
    return Verdict(home.unit_no, f"跨户型选房：{any_stratum}")


def _confirmation(candidate: Candidate, wish: Wish, standing: Standing) -> Verdict:
    offered = standing.offered(candidate)
    if not offered:
        raise Refused(f"没有可以给{named(candidate)}的房源")
    if wish.unit and _found(wish.unit, standing.queue).unit_no != offered:
        raise Refused(
            f"{named(candidate)} 摇中的是 {offered}，不能选别的；不要的请记“放弃”并写原因"
        )
    _refuse_taken(standing.queue.homes[offered], standing)
    return Verdict(offered, "" if candidate.unit_no else "递补")


def _abandonment(candidate: Candidate, wish: Wish, standing: Standing) -> Verdict:
    if not wish.reason:
        raise Refused("放弃要写原因，如：放弃 面积太小")
    _refuse_signed(candidate, standing)
    if standing.state_of(candidate) is State.ABANDONED:
        raise Refused(f"{named(candidate)} 已登记放弃")
    unit = standing.unit_of.get(candidate.entrant_no)
    return Verdict(remark=f"原选定 {unit}" if unit else "")


def _absence(candidate: Candidate, standing: Standing) -> Verdict:
    if standing.state_of(candidate) is State.ABSENT:
        raise Refused(f"{named(candidate)} 已登记未到")
    refuse_out_of_turn(candidate, standing)
    return Verdict()


def _withdrawal(candidate: Candidate, wish: Wish, standing: Standing) -> Verdict:
    if not wish.reason:
        raise Refused("撤销要写原因，如：撤销 输错房号")
    _refuse_signed(candidate, standing)
    last = standing.last.get(candidate.entrant_no)
    if last is None or last.action is WITHDRAWN:
        raise Refused(f"{named(candidate)} 没有可以撤销的登记")
    if last.action is ABANDONED:
        _refuse_place_gone(candidate, standing)
    done = f"{last.action.value}{f' {last.unit_no}' if last.unit_no else ''}"
    return Verdict(last.unit_no, f"撤销 {last.selection_no}（{done}）：{wish.reason}")


def _refuse_place_gone(candidate: Candidate, standing: Standing) -> None:
    """An abandonment can be taken back while no reserve has chosen in its place."""
    ahead = _ahead(candidate, standing)
    taken = standing.queue.direct and candidate.unit_no in standing.holder
    if taken or len(ahead) >= len(standing.left(candidate.stratum)):
        raise Refused(f"{named(candidate)} 放弃的名额已由别的家庭选房，不能撤销")


def _refuse_signed(candidate: Candidate, standing: Standing) -> None:
    if candidate.entrant_no in standing.signed:
        raise Refused(f"{named(candidate)} 已经签约，不能在选房台改；请按退租或换房办理")


def _found(text: str, queue: Queue) -> Home:
    homes = queue.find(text)
    if not homes:
        raise Refused(f"这次活动的房源清单里没有“{text}”")
    if len(homes) > 1:
        raise Refused(f"“{text}”对得上 {len(homes)} 套（{shown_place(homes)}），请写全")
    return homes[0]


def _refuse_taken(home: Home, standing: Standing) -> None:
    holder = standing.holder.get(home.unit_no)
    if holder is not None:
        by = standing.queue.by_entrant.get(holder)
        raise Refused(f"{home.unit_no} 已由{named(by) if by else f' {holder} '}选定")
    if home.gone:
        raise Refused(f"{home.unit_no} 不能选：{home.gone}")


def _why_not_called(candidate: Candidate, standing: Standing) -> str:
    left = len(standing.left(candidate.stratum))
    if not left:
        return f"{candidate.stratum}的房源已经选完"
    ahead = _ahead(candidate, standing)
    first = f"前面还有 {len(ahead)} 户没有定（第 {_ranks(ahead)} 号）"
    return f"{candidate.stratum}还剩 {left} 套，{first}"


def _ahead(candidate: Candidate, standing: Standing) -> list[Candidate]:
    """The undecided of the stratum who stand before the household."""
    return [one for one in standing.undecided(candidate.stratum) if one.rank < candidate.rank]


def _ranks(candidates: Sequence[Candidate]) -> str:
    shown = "、".join(str(one.rank) for one in candidates[:_MOST])
    return f"{shown} 等 {len(candidates)} 户" if len(candidates) > _MOST else shown
