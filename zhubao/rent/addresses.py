"""Where a rent account's door is."""

from __future__ import annotations

from zhubao.ledger.addresses import Address, address_of
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Unit
from zhubao.rent.homes import NO_ESTATE, UNREGISTERED, Homes


def read_addresses(loaded: Loaded, homes: Homes) -> tuple[Address, ...]:
    """Per account: the unit of the lease that counts, else the estate alone."""
    leases, units = loaded.get(Lease), loaded.get(Unit)
    place_of = {number: row for row, number in enumerate(units.column("unit_no"))}
    unit_nos = leases.column("unit_no")
    found = []
    for estate, lease_row in zip(homes.estate, homes.lease_row, strict=True):
        row = place_of.get(unit_nos[lease_row]) if lease_row >= 0 else None
        if row is None:
            known = estate not in (NO_ESTATE, UNREGISTERED)
            found.append(Address(estate if known else ""))
            continue
        found.append(address_of(units, row))
    return tuple(found)
