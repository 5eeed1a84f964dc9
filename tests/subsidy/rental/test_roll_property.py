"""For random ledgers: nobody on a roll whom an exclusion bars, and nobody off it without one.

The oracle goes day by day over plain rows and shares no code with the roll.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.subsidy.rental.small_ledgers import (
    CARD,
    ON,
    Q2,
    Row,
    grant,
    household,
    lease,
    ledgers,
    member,
    payment,
    sign,
)
from zhubao.core.period import Month
from zhubao.ledger.subsidies import PaymentStatus, SubsidyStatus
from zhubao.ledger.tenants import LeaseStatus, ProtectionStatus, Tier
from zhubao.subsidy.rental.roll import RollOrder, make_roll

HOUSES, PEOPLE = ("H0", "H1", "H2"), ("P0", "P1")
MONTHS = [Month.of(2020, number) for number in (4, 5, 6)]
DAYS = st.sampled_from(
    [dt.date(2020, 3, 31), dt.date(2020, 4, 1), dt.date(2020, 5, 15), dt.date(2020, 6, 1),
     dt.date(2020, 6, 30), dt.date(2020, 7, 1), dt.date(2020, 7, 20), dt.date(2020, 8, 1)]
)  # fmt: skip
NEAR = st.sampled_from([Month.of(2020, number) for number in (3, 4, 5, 6, 7)])


def seldom(strategy: st.SearchStrategy[object], usual: object = None) -> st.SearchStrategy[object]:
    """Mostly the usual value: otherwise nobody would ever be paid."""
    return st.integers(0, 9).flatmap(lambda at: strategy if at == 9 else st.just(usual))


@st.composite
def random_grant(draw: st.DrawFn, number: int) -> Row:
    tier = draw(st.sampled_from([Tier.LOWER_MIDDLE, Tier.NEW_EMPLOYEE]))
    return grant(
        f"B{number}",
        draw(st.sampled_from(HOUSES)),
        tier=tier,
        months_before=draw(st.sampled_from([0, 19, 21, 22, 24])),
        first_month=draw(seldom(NEAR, Month.of(2019, 6))),
        last_month=draw(seldom(NEAR)),
        status=draw(seldom(st.sampled_from(list(SubsidyStatus)), SubsidyStatus.IN_FORCE)),
        status_changed_on=draw(seldom(DAYS)),
        rental_ends_on=draw(seldom(DAYS)),
        bank_account=draw(seldom(st.none(), CARD)),
        monthly_amount=draw(seldom(st.just(0), 30000)),
    )


@st.composite
def random_rows(draw: st.DrawFn) -> dict[str, list[Row]]:
    def several(most: int, row: st.SearchStrategy[Row]) -> list[Row]:
        return draw(st.lists(row, max_size=most))

    house, person = st.sampled_from(HOUSES), st.sampled_from(PEOPLE)
    grants = [draw(random_grant(number)) for number in range(draw(st.integers(1, 5)))]
    numbers = st.sampled_from([one["grant_no"] for one in grants])
    signs = [
        sign(one["grant_no"], signed=draw(seldom(st.just(False), True)),
             signed_on=draw(seldom(DAYS, dt.date(2020, 6, 9))))
        for one in grants
        if draw(seldom(st.just(False), True))
    ]  # fmt: skip
    homes = [
        household(
            name, f"A{name}",
            status=draw(seldom(st.sampled_from(list(ProtectionStatus)), ProtectionStatus.IN_FORCE)),
            exited_on=draw(seldom(DAYS)),
        )
        for name in HOUSES[: 3 if draw(st.integers(0, 9)) < 9 else 2]
    ]  # fmt: skip
    members = several(
        5, st.builds(lambda h, p, d: member(h, p, name=p, died_on=d), house, person, seldom(DAYS))
    )
    members += [
        member(name, f"A{name}", died_on=draw(seldom(DAYS)))
        for name in HOUSES if draw(st.booleans())
    ]  # fmt: skip
    leases = several(
        2,
        st.builds(
            lambda h, s, e, t, state: lease(h, s.isoformat(), ends_on=e, terminated_on=t,
                                            status=state),
            house, DAYS, DAYS, seldom(DAYS), st.sampled_from(list(LeaseStatus)),
        ),
    )  # fmt: skip
    payments = several(
        3,
        st.builds(
            lambda g, h, q, state, m: payment("F", g, household_no=h, quarter=q, status=state,
                                              months=m),
            numbers, house, st.sampled_from(["2020-Q1", "2020-Q2", "2020年2季度", "2020-H1", "?"]),
            st.sampled_from(list(PaymentStatus)), st.sampled_from([1, 3, None]),
        ),
    )  # fmt: skip
    return {
        "grants": grants, "signs": signs, "households": homes, "members": members,
        "leases": leases, "payments": payments,
    }  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_rows())
def test_no_household_on_a_roll_violates_an_exclusion(rows: dict[str, list[Row]]) -> None:
    roll = make_roll(ledgers(**rows), RollOrder(Q2, ON))
    oracle = Oracle(rows)
    lines = {line.index: line for line in roll.lines}
    served: set[str] = set()
    for index, one in enumerate(rows["grants"]):
        expected = oracle.payable(one)
        home = one["household_no"]
        if any(other in served for other in {home} | oracle.kin(home)):
            expected = []
        line = lines.get(index)
        assert (list(line.months) if line else []) == expected
        if line:
            assert line.amount == one["monthly_amount"] * len(expected) > 0
            served.add(home)
        else:
            reasons = next(refused.reasons for refused in roll.refused if refused.index == index)
            assert reasons
            assert all(reason.cells for reason in reasons)
    assert roll.total == sum(line.amount for line in roll.lines)


class Oracle:
    """Slow and plain."""

    def __init__(self, rows: dict[str, list[Row]]) -> None:
        self.rows = rows
        self.homes = {one["household_no"]: one for one in rows["households"]}

    def payable(self, one: Row) -> list[Month]:
        """The months a grant may be paid, by itself."""
        if any(self.faults(one)):
            return []
        left = [month for month in MONTHS if not any(self.month_faults(one, month))]
        if one["tier"] is Tier.NEW_EMPLOYEE:
            left = left[: max(0, 24 - self.drawn(one["household_no"]))]
        return left

    def faults(self, one: Row) -> Iterator[bool]:
        number, home = one["grant_no"], one["household_no"]
        signs = [row for row in self.rows["signs"] if row["grant_no"] == number]
        yield not signs or not signs[0]["signed"] or signs[0]["signed_on"] > ON
        yield home not in self.homes
        yield home in self.homes and self.homes[home]["status"] is ProtectionStatus.SUSPENDED
        yield one["bank_account"] is None or one["monthly_amount"] == 0
        yield self.dead(home, one["payee"])
        homes = {home} | self.kin(home)
        granted = {row["grant_no"] for row in self.rows["grants"] if row["household_no"] in homes}
        for row in self.rows["payments"]:
            hit = row["household_no"] in homes or row["grant_no"] in granted
            elsewhere = row["quarter"] == "2020-Q1" or row["status"] is PaymentStatus.BOUNCED
            yield hit and not elsewhere

    def month_faults(self, one: Row, month: Month) -> Iterator[bool]:
        yield month < one["first_month"]
        yield one["last_month"] is not None and month > one["last_month"]
        yield self.halted(one, month)
        home = self.homes[one["household_no"]]
        gone = home["status"] is ProtectionStatus.EXITED and home["exited_on"] is None
        yield gone
        first = dt.date(month.year, month.month, 1)
        days = [first + dt.timedelta(days=at) for at in range(31)]
        for date in (date for date in days if date.month == month.month):
            yield home["exited_on"] is not None and date >= home["exited_on"]
            yield one["rental_ends_on"] is not None and date > one["rental_ends_on"]
            for row in self.rows["leases"]:
                whose = row["household_no"] in {one["household_no"]} | self.kin(
                    home["household_no"]
                )
                yield whose and self.lives(row, date)

    def halted(self, one: Row, month: Month) -> bool:
        state, changed = one["status"], one["status_changed_on"]
        if state is SubsidyStatus.IN_FORCE:
            return changed is not None and (month.year, month.month) < (changed.year, changed.month)
        if changed is None:
            return not (state is SubsidyStatus.EXPIRED and one["last_month"] is not None)
        if (month.year, month.month) < (changed.year, changed.month):
            return False
        said = one["last_month"] is not None and state is not SubsidyStatus.SUSPENDED
        return not (said and one["last_month"] <= Month.of(changed.year, changed.month))

    def lives(self, row: Row, date: dt.date) -> bool:
        if date < row["starts_on"]:
            return False
        if row["terminated_on"] is not None:
            return bool(date < row["terminated_on"])
        return row["status"] is LeaseStatus.IN_FORCE or bool(date <= row["ends_on"])

    def dead(self, home: str, payee: str) -> bool:
        mine = [row for row in self.rows["members"] if row["household_no"] == home]
        gone = [row for row in mine if row["died_on"] is not None and row["died_on"] <= ON]
        applicant = self.homes[home]["identity_no"] if home in self.homes else None
        return bool(gone) and (
            len(gone) == len(mine)
            or any(row["identity_no"] == applicant or row["name"] == payee for row in gone)
        )

    def kin(self, home: str) -> set[str]:
        """Households that share a person who is not known to have died."""
        people = [
            (row["household_no"], row["identity_no"])
            for row in (*self.rows["members"], *self.rows["households"])
        ]
        gone = {row["identity_no"] for row in self.rows["members"] if row["died_on"] is not None}
        mine = {person for house, person in people if house == home} - gone
        return {house for house, person in people if person in mine} - {home}

    def drawn(self, home: str) -> int:
        mine = [
            one
            for one in self.rows["grants"]
            if one["household_no"] == home and one["tier"] is Tier.NEW_EMPLOYEE
        ]
        numbers = {one["grant_no"] for one in mine}
        recorded = sum(
            3 if row["months"] is None else row["months"]
            for row in self.rows["payments"]
            if row["grant_no"] in numbers
            and row["status"] in (PaymentStatus.PAID, PaymentStatus.PENDING)
        )
        return int(sum(one["months_before"] for one in mine) + recorded)
