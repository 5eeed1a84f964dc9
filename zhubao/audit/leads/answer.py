"""A run of the checks with all that is said about it: compared, and as the ledger knows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from zhubao.audit.leads.history import Compared
from zhubao.audit.leads.known import KnownLead, is_cleared
from zhubao.audit.leads.run import CheckRun, Spotted
from zhubao.core.finding import Finding, Severity


@dataclass(frozen=True)
class Answer:
    """A run with all that is said about it."""

    run: CheckRun
    compared: Compared
    known: Mapping[str, KnownLead] = field(default_factory=dict)
    notices: tuple[Finding, ...] = ()
    since: str = "上次检查"

    def cleared(self, lead: Spotted) -> bool:
        """Looked into and cleared: listed, and counted apart."""
        return is_cleared(lead, self.known)

    @cached_property
    def live(self) -> tuple[Spotted, ...]:
        """The leads that are not cleared."""
        return tuple(lead for lead in self.run.leads if not self.cleared(lead))

    @property
    def has_errors(self) -> bool:
        """True when a lead of error severity stands that was not cleared."""
        return any(lead.check.severity is Severity.ERROR for lead in self.live)


def amount_of(leads: Iterable[Spotted]) -> int:
    """The sum of the leads' amounts, fen; one sum of money may be in several leads."""
    return sum(lead.lead.hit.amount or 0 for lead in leads)
