"""What the tests of batches share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fleet.batch.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    (tmp_path / ".zhubao").mkdir()
    return Shop(tmp_path.resolve())
