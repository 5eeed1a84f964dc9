"""The browser of the draw's tests also opens what the half hour wrote."""

from tests.allocation.bundle.conftest import chromium as chromium
