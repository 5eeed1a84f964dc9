"""From the choice to the lease: which of those who have chosen can sign, and on what terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zhubao.allocation.selection.basis import SELECT_MODELS, Basis
from zhubao.allocation.selection.queue import Candidate
from zhubao.allocation.selection.signing_desk import Signed, SigningDesk
from zhubao.allocation.selection.standing import Entry, Standing, State
from zhubao.allocation.selection.terms import Terms
from zhubao.core.errors import UsageError
from zhubao.core.finding import Finding
from zhubao.ledger.allocation import DrawPurpose
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.subsidies import SubsidyGrant
from zhubao.ledger.tenants import Household, WaitingEntry
from zhubao.ledger.unread import refuse_missing

SIGN_MODELS: tuple[type[LedgerRow], ...] = (*SELECT_MODELS, Household, WaitingEntry, SubsidyGrant)


@dataclass(frozen=True, slots=True)
class Signing:
    """Who signs and who is refused (`refused` entrants have an error among the findings)."""

    basis: Basis
    terms: Terms
    resettled: bool
    signed: tuple[Signed, ...]
    refused: tuple[tuple[Candidate, Entry], ...]
    findings: tuple[Finding, ...]
    is_finished: bool  # everybody called has decided, and everybody who chose has signed


def sign(
    basis: Basis,
    loaded: Loaded,
    terms: Terms,
    entrants: Iterable[str] = (),
    overrides: Mapping[str, Any] | None = None,
    *,
    pending: int = 0,
) -> Signing:
    """Work out the leases of those who have chosen and not signed; all of them, or `entrants`.

    `pending`: entries at the counter that the ledger does not have yet; the event is not finished
    then. What keeps one household from signing is a finding of that household; the others go on.
    UsageError for an entrant who is not in line or has nothing to sign, and for leases without
    保障家庭 or 轮候册.
    """
    resettled = basis.event.row.purpose is DrawPurpose.RESETTLEMENT
    if not resettled:
        refuse_missing(loaded, "能不能签约不能确定", Household, WaitingEntry)
    standing = basis.standing()
    chosen = _to_sign(basis, standing)
    wanted = [one.strip() for one in entrants]
    can_sign = {candidate.entrant_no for candidate, _ in chosen}
    for entrant in wanted:
        if entrant not in can_sign:
            raise _nothing_to_sign(entrant, basis, standing)
    picked = [pair for pair in chosen if not wanted or pair[0].entrant_no in wanted]
    desk = SigningDesk(basis, standing, loaded, terms, overrides or {})
    results = [(one, *desk.judge(one, entry, resettled=resettled)) for one, entry in picked]
    signed = [found for _, found, _ in results if found is not None]
    findings = [finding for *_, found in results for finding in found]
    unsigned = len(chosen) - len(signed)
    finished = not (unsigned or pending) and standing.is_done()
    return Signing(
        basis,
        terms,
        resettled,
        tuple(signed),
        tuple(pair for pair, (_, found, _) in zip(picked, results, strict=True) if not found),
        tuple(sorted(findings, key=lambda finding: finding.sort_key)),
        finished,
    )


def _to_sign(basis: Basis, standing: Standing) -> list[tuple[Candidate, Entry]]:
    """Those who have chosen and not signed, by rank, with the row of their choice."""
    return [
        (one, standing.last[one.entrant_no])
        for one in basis.queue.candidates
        if standing.state_of(one) is State.CHOSEN and one.entrant_no not in basis.signed
    ]


def _nothing_to_sign(entrant: str, basis: Basis, standing: Standing) -> UsageError:
    one = basis.queue.by_entrant.get(entrant)
    if one is None:
        return UsageError(f"名单里没有参摇编号 {entrant}", advice="请核对 --entrant。")
    if entrant in basis.signed:
        return UsageError(f"{entrant} 已经签约", advice="请从 --entrant 里去掉它。")
    state = standing.state_of(one).value
    return UsageError(f"{entrant} 没有选定房源（{state}）", advice="先在选房台登记并写入台账。")
