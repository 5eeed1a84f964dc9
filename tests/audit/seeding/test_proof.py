"""Faults put into a clean bureau at random places: each is found, and nothing else is raised."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.audit.seeding.clean import clean_sheets
from tests.audit.seeding.fault import Fault, Subjects
from tests.audit.seeding.proof import FACTS_OF_LIFE, NOT_SEEDED, Proof, prove
from tests.audit.seeding.town import Town
from zhubao.audit.registry import Family, all_checks
from zhubao.core.finding import Severity

PLACES = 6
FEWEST = 4  # a bureau has few remittances, and few households that declined


@pytest.fixture(scope="module")
def proof() -> Proof:
    return prove(*clean_sheets(2_000, 7), places=PLACES, seed=5)


def test_the_clean_bureau_has_no_errors_and_only_warnings_that_are_facts(proof: Proof) -> None:
    found = {(lead.code, lead.check.severity) for lead in proof.clean.leads}
    assert not [code for code, severity in found if severity is Severity.ERROR]
    assert {code for code, severity in found if severity is Severity.WARNING} <= set(FACTS_OF_LIFE)


def test_every_fault_of_every_kind_is_found(proof: Proof) -> None:
    assert not {score.fault.name: score.missed for score in proof.scores if score.missed}
    assert all(score.injected >= FEWEST for score in proof.scores)


def test_nothing_is_raised_beyond_the_faults_put_in_and_nothing_is_lost(proof: Proof) -> None:
    assert not [f"{lead.code} {lead.finding.message}" for lead in proof.extra]
    assert not [f"{lead.code} {lead.finding.message}" for lead in proof.gone]


def test_unusual_rows_that_are_in_order_raise_no_lead(proof: Proof) -> None:
    assert all(made == PLACES for made, _ in proof.harmless.values())
    assert not {name: leads for name, (_, leads) in proof.harmless.items() if leads}


def test_no_check_breaks_and_every_family_and_nearly_every_check_is_tried(proof: Proof) -> None:
    assert not [one.message for one in (*proof.clean.broken, *proof.spoilt.broken)]
    tried = {score.fault.code for score in proof.scores}
    assert {check.code for check in all_checks()} - tried <= NOT_SEEDED
    families = {check.family for check in all_checks() if check.code in tried}
    assert families == set(Family)


def _unfiled(town: Town) -> Iterator[Subjects]:
    for home in town.tenants():
        town.change(home.lease, filed_on=None)
        yield home.subjects


def test_the_proof_itself_tells_a_fault_that_is_missed_and_a_lead_nobody_asked_for() -> None:
    sheets = clean_sheets(300, 7)
    blind = prove(*sheets, places=2, seed=5, faults=[Fault("AU-306", _unfiled)])
    assert [score.found for score in blind.scores] == [0]
    assert [lead.code for lead in blind.extra] == ["AU-303", "AU-303"]
